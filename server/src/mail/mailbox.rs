//! `/dev/mailbox`: the letters of an installation without a mail server, for those who work on it.
//!
//! Whoever reads it can take any account, so it is there only where nobody else can ask: see [`offered`].

use super::letters::{Shown, escaped};
use crate::{
    clock,
    secrets::Secrets,
    settings::Settings,
    store::{Store, StoreError, outbox::Kept},
};
use axum::{
    Json, Router,
    extract::{Path, Request, State},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, StatusCode, Uri, header};
use serde::Serialize;
use std::{
    fmt::Write as _,
    net::{IpAddr, SocketAddr},
};

/// How many letters are shown, the newest first.
const SHOWN: i64 = 100;
/// The page's own style, and the letters': what stands in a `srcdoc` lives under the policy of its page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
const STYLE: &str = "body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}\
                     td{padding:.25rem 1rem .25rem 0}iframe{width:100%;height:40rem;border:1px solid #999}\
                     pre{white-space:pre-wrap}:root{color-scheme:light dark}";

/// Whether letters are shown: when there is no mail server to send them, and the site is this machine's own affair. One
/// that listens on loopback behind a proxy says so by its `PUBLIC_URL`.
pub fn offered(settings: &Settings, addr: SocketAddr) -> bool {
    let public = settings
        .public_url
        .as_ref()
        .is_some_and(|url| !url.as_str().split_once("://").is_some_and(|(_, host)| is_this_machine(host)));
    settings.smtp_url.is_none() && addr.ip().is_loopback() && !public && settings.trusted_proxies.0.is_empty()
}

/// Says in the log where letters go.
pub fn announce(settings: &Settings, addr: SocketAddr, address: &str) {
    match &settings.smtp_url {
        Some(server) => tracing::info!(?server, "letters are sent"),
        None if offered(settings, addr) => {
            tracing::warn!("no SMTP_URL: letters are not sent but kept, see {address}/dev/mailbox");
        }
        None => tracing::warn!("no SMTP_URL: letters are kept and nobody gets them; set SMTP_URL"),
    }
}

/// The pages, where they are [`offered`].
pub fn routes(store: Store, secrets: Secrets) -> Router {
    Router::new()
        .route("/dev/mailbox", get(list))
        .route("/dev/mailbox.json", get(json))
        .route("/dev/mailbox/{id}", get(letter))
        .layer(middleware::from_fn(guarded))
        .with_state(Mailbox { store, secrets })
}

#[derive(Clone)]
struct Mailbox {
    store: Store,
    secrets: Secrets,
}

/// A kept letter, opened.
#[derive(Serialize)]
struct Opened {
    id: String,
    to: String,
    at: String,
    #[serde(flatten)]
    shown: Shown,
}

impl Mailbox {
    async fn opened(&self) -> Result<Vec<Opened>, Unreadable> {
        let open = |Kept { id, to, created_at, sealed }| {
            let shown = serde_json::from_slice(&self.secrets.unseal(&id, &sealed)?).ok()?;
            Some(Opened { id, to, at: clock::to_the_minute(created_at), shown })
        };
        Ok(self.store.kept_letters(SHOWN).await.map_err(Unreadable)?.into_iter().filter_map(open).collect())
    }
}

struct Unreadable(StoreError);

impl IntoResponse for Unreadable {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "the mailbox cannot be read");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

async fn json(State(mailbox): State<Mailbox>) -> Result<Json<Vec<Opened>>, Unreadable> {
    mailbox.opened().await.map(Json)
}

async fn list(State(mailbox): State<Mailbox>) -> Result<Html<String>, Unreadable> {
    let letters = mailbox.opened().await?;
    let mut rows = String::new();
    for Opened { id, to, at, shown } in &letters {
        let (to, subject) = (escaped(to), escaped(&shown.subject));
        let code = shown.code.as_deref().unwrap_or_default();
        let _ = write!(
            rows,
            "<tr><td>{at}<td>{to}<td><a href=\"/dev/mailbox/{id}\">{subject}</a><td><code>{code}</code></tr>"
        );
    }
    let empty = if letters.is_empty() { "<p>Aucune lettre pour l’instant.</p>" } else { "" };
    Ok(page("Lettres gardées", &format!("{empty}<table>{rows}</table>")))
}

async fn letter(State(mailbox): State<Mailbox>, Path(id): Path<String>) -> Result<Response, Unreadable> {
    let letters = mailbox.opened().await?;
    let Some(Opened { to, at, shown, .. }) = letters.into_iter().find(|letter| letter.id == id) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let body = format!(
        "<p>{at}, à {}</p><iframe sandbox title=\"HTML\" srcdoc=\"{}\"></iframe><h2>Texte</h2><pre>{}</pre>\
         <h2>Source</h2><pre>{}</pre><p><a href=\"/dev/mailbox\">Toutes les lettres</a></p>",
        escaped(&to),
        escaped(&shown.html),
        escaped(&shown.text),
        escaped(&shown.message)
    );
    Ok(page(&shown.subject, &body).into_response())
}

fn page(title: &str, body: &str) -> Html<String> {
    let title = escaped(title);
    Html(format!(
        "<!DOCTYPE html><html lang=\"fr\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style>\
         <h1>{title}</h1>{body}</html>"
    ))
}

/// Nothing is stored, and nobody answered who comes by a proxy, or by a name of its own that was made to point here (DNS
/// rebinding).
async fn guarded(request: Request, next: Next) -> Response {
    if !is_direct(request.headers(), request.uri()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")];
    (headers, next.run(request).await).into_response()
}

fn is_direct(headers: &HeaderMap, uri: &Uri) -> bool {
    // HTTP/2 names the host in the address (RFC 9113 §8.3.1).
    let host = uri.authority().map(|authority| authority.as_str());
    let host = host.or_else(|| headers.get(header::HOST)?.to_str().ok());
    let forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];
    host.is_some_and(is_this_machine) && !forwarded.iter().any(|name| headers.contains_key(*name))
}

/// Whether a host, perhaps with a port, is this machine as it calls itself.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_names_alone() {
        for host in ["localhost", "LOCALHOST:3000", "127.0.0.1:3000", "127.1.2.3", "[::1]:3000"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["", "example.org", "localhost.example.org", "10.0.0.1", "[::]:3000", "127.0.0.1.nip.io"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn what_comes_by_a_proxy_is_not_answered() {
        let uri = Uri::from_static("/dev/mailbox");
        let mut headers = HeaderMap::new();
        assert!(!is_direct(&headers, &uri));
        headers.insert("host", "localhost:3000".parse().expect("a value"));
        assert!(is_direct(&headers, &uri));
        headers.insert("x-forwarded-for", "198.51.100.7".parse().expect("a value"));
        assert!(!is_direct(&headers, &uri));
    }
}
