//! Headers that tell a browser what a page of ours never does. On every answer.

use axum::body::Bytes;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use sha2::{Digest, Sha256};

/// Two years, as browsers' preload lists ask.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// For every answer that does not say otherwise.
const FIXED: [(HeaderName, HeaderValue); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Our own pages see where one came from; others learn that it was us only from https to https.
    (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    // For browsers that do not know `frame-ancestors`.
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    // Names that Chromium knows: it complains in the console of others.
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
             microphone=(), midi=(), payment=(), usb=()",
        ),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), HeaderValue::from_static("none")),
];

/// A content security policy, in its form for http and its form for https.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    plain: HeaderValue,
    secure: HeaderValue,
}

impl Policy {
    /// For what is no document: nothing may be loaded, wherever it is shown.
    pub(crate) fn nothing() -> Self {
        Self::of("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'".to_owned())
    }

    /// For a document without scripts: the error pages.
    pub(crate) fn without_scripts() -> Self {
        Self::document("")
    }

    /// For a document rendered for this request alone, whose scripts carry `nonce`.
    pub(crate) fn with_nonce(nonce: &str) -> Self {
        Self::document(&format!(" script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval';"))
    }

    /// For a document given to many, whose inline scripts are known by their SHA-256. See decision 0003.
    pub(crate) fn with_hashes_of(html: &str) -> Self {
        let mut sources = String::new();
        for script in inline_scripts(html) {
            let source = format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script)));
            if !sources.contains(&source) {
                sources.push_str(&source);
            }
        }
        Self::document(&format!(" script-src 'self'{sources} 'wasm-unsafe-eval';"))
    }

    fn document(scripts: &str) -> Self {
        // `cargo leptos watch` speaks to the page over a web socket on a port of its own.
        let watch = if std::env::var_os("LEPTOS_WATCH").is_some() { " ws:" } else { "" };
        Self::of(format!(
            "default-src 'none';{scripts} style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; \
             connect-src 'self'{watch}; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
             frame-ancestors 'none'"
        ))
    }

    fn of(text: String) -> Self {
        // All of it is ASCII of our own writing, so the fallback is never seen; it would be the strictest policy.
        let value = |text: String| {
            HeaderValue::from_maybe_shared(Bytes::from(text))
                .unwrap_or(const { HeaderValue::from_static("default-src 'none'") })
        };
        Self { secure: value(format!("{text}; upgrade-insecure-requests")), plain: value(text) }
    }

    /// The header for an answer over https or not: only there may links be upgraded.
    pub(crate) fn value(&self, https: bool) -> HeaderValue {
        if https { self.secure.clone() } else { self.plain.clone() }
    }
}

/// The contents of the scripts in our own HTML that a browser would run: those without `src` that are no data.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (content, _) = rest.split_once("</script")?;
        let runs = !attributes.contains(" src=") && !attributes.contains("ld+json");
        runs.then_some(content)
    })
}

/// Gives an answer what it still lacks. `policy` is for documents that bring none of their own.
pub(crate) fn secure(headers: &mut HeaderMap, hsts: bool, https: bool, policy: impl FnOnce(bool) -> Policy) {
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let document = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        headers.insert(header::CONTENT_SECURITY_POLICY, policy(document).value(https));
    }
    for (name, value) in FIXED {
        // What is for everyone's pages (the API) says so itself.
        headers.entry(name).or_insert(value);
    }
    if hsts {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_that_run_are_found() {
        let html = "<script>a()</script><script src=\"/x.js\"></script><script type=\"application/ld+json\">{}</script>\
                    <p>1 > 0</p><script type=\"module\">b(1 > 0)</script>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["a()", "b(1 > 0)"]);
    }

    #[test]
    fn a_hash_is_the_one_browsers_make() {
        // The example of the CSP specification, level 3, §2.3.1 and MDN.
        let policy = Policy::with_hashes_of("<script>alert('Hello, world.');</script>");
        let text = policy.value(false);
        assert!(text.to_str().expect("ASCII").contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"));
    }

    #[test]
    fn links_are_upgraded_on_https_alone() {
        let policy = Policy::without_scripts();
        assert!(policy.value(true).to_str().expect("ASCII").ends_with("upgrade-insecure-requests"));
        assert!(!policy.value(false).to_str().expect("ASCII").contains("upgrade"));
    }
}
