//! The front door: every request comes in here and every answer leaves here, with its request id, its security
//! headers, its log line and its place in the figures.

use super::{
    api::{self, Api},
    caller, citations, crossing,
    dress::dress,
    errors::{Errors, Reader},
    exports, feeds,
    files::Files,
    guard::{Guard, Stopped},
    headers::{self, Policy},
    language,
    metrics::{Metrics, Underway},
    pages::Pages,
    visitor::Visitor,
};
use crate::settings::Proxies;
use app::{
    Who,
    account::contract::{Accounts, Caller},
};
use axum::{
    BoxError, Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use leptos::nonce::Nonce;
use std::{
    convert::Infallible,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    pin::Pin,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Instant,
};
use tower::{Service, ServiceExt};
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Everything it takes to answer.
pub(crate) struct Site {
    pub(crate) router: Router,
    pub(crate) api: Arc<Api>,
    pub(crate) pages: Arc<Pages>,
    pub(crate) files: Arc<Files>,
    pub(crate) errors: Errors,
    pub(crate) guard: Guard,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) public_url: String,
    pub(crate) proxies: Proxies,
    /// Whether our own connections are encrypted.
    pub(crate) tls: bool,
    /// Whether visitors know us by an https address.
    pub(crate) public_https: bool,
}

/// The site as one connection sees it.
#[derive(Clone)]
pub(crate) struct Front {
    pub(crate) site: Arc<Site>,
    pub(crate) peer: IpAddr,
}

impl<B> Service<Request<B>> for Front
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Self { site, peer } = self.clone();
        Box::pin(async move { Ok(site.answer(peer, request.map(Body::new)).await) })
    }
}

impl Site {
    async fn answer(&self, peer: IpAddr, mut request: Request) -> Response {
        let started = Instant::now();
        let _underway = Underway::new(&self.metrics.in_flight);
        let id = request_id(request.headers());
        let visitor = Visitor::of(request.headers(), peer, self.tls, &self.proxies);
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let newly_chosen = language::newly_chosen(&request);

        let (mut response, nonce) = match self.ready(&request, visitor.https) {
            Some(response) => (response, None),
            None => {
                let nonce = Nonce::new();
                request.extensions_mut().insert(nonce.clone());
                let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
                (self.work(request, &id, &visitor).instrument(span).await, Some(nonce))
            }
        };

        if api::serves(uri.path()) {
            api::share(&method, response.headers_mut());
        }
        let hsts = visitor.https || self.public_https;
        headers::secure(response.headers_mut(), hsts, visitor.https, |document| match &nonce {
            Some(nonce) if document => Policy::with_nonce(nonce),
            _ => Policy::nothing(),
        });
        if let Some(lang) =
            newly_chosen.filter(|_| response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED)
        {
            language::keep(lang, hsts, response.headers_mut());
        }
        let took = started.elapsed();
        self.metrics.answered(&method, response.status(), took);
        // The path without its query, which may hold what someone typed; the visitor's network and not the address.
        tracing::info!(
            id = id.to_str().unwrap_or_default(),
            method = method.as_str(),
            path = uri.path(),
            status = response.status().as_u16(),
            ms = took.as_micros() as f64 / 1000.0,
            from = %visitor.network(),
            "answered"
        );
        response.headers_mut().insert(REQUEST_ID, id);
        response
    }

    /// What lies in memory is given away before any limit is looked at: nothing costs less.
    fn ready(&self, request: &Request, https: bool) -> Option<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        // Who is signed in sees it on every page.
        let page = if caller::has_session(request.headers(), https || self.public_https) {
            None
        } else {
            self.pages.ready(request)
        };
        let ready = page.or_else(|| self.files.find(request.uri().path()))?;
        Some(ready.answer(request.method(), request.headers(), https))
    }

    async fn work(&self, mut request: Request, id: &HeaderValue, visitor: &Visitor) -> Response {
        let reader = Reader::of(&request);
        let host = request.uri().authority().map(|authority| authority.as_str());
        let host = host.or_else(|| request.headers().get(http::header::HOST)?.to_str().ok());
        if !crossing::allowed(request.method(), request.headers(), visitor.https, host, &self.public_url) {
            return self.errors.answer(reader, StatusCode::FORBIDDEN, None);
        }
        let https = visitor.https;
        let caller = caller::of(request.headers(), visitor, https || self.public_https);
        request.extensions_mut().insert(caller);
        let path = request.uri().path().to_owned();
        let important = matches!(path.as_str(), "/healthz" | "/readyz");
        let Some(_place) = self.guard.admit(important) else {
            return self.errors.answer(reader, StatusCode::SERVICE_UNAVAILABLE, None);
        };
        match self.guard.watch(request, |request| self.route(request, reader, https)).await {
            Ok(response) => response,
            Err(Stopped::Refused(status)) => self.errors.answer(reader, status, None),
            Err(Stopped::Panicked) => {
                let incident = id.to_str().unwrap_or_default();
                tracing::error!(incident, path, "panicked while answering");
                self.errors.answer(reader, StatusCode::INTERNAL_SERVER_ERROR, Some(incident))
            }
        }
    }

    async fn route(&self, request: Request, reader: Reader, https: bool) -> Response {
        let (method, asked) = (request.method().clone(), request.headers().clone());
        let address = request.uri().clone();
        let who = match request.extensions().get::<Caller>() {
            Some(caller) if caller.session.is_some() && is_page(&address) => self.accounts.who(caller).await,
            _ => None,
        };
        if api::serves(address.path()) {
            let response = self.errors.to_people(&asked, self.api.serve(request).await);
            return self.dressed(reader, &method, &asked, response).await;
        }
        let response = match (self.pages.make(&method, &address).await, who) {
            (Some(page), None) => return page.answer(&method, &asked, https),
            (Some(page), Some(who)) => page.personal(https, |page| signed_in(page, address.path(), &who)),
            (None, who) => {
                let (mut request, named) = (request, who.is_some());
                if let Some(who) = who {
                    request.extensions_mut().insert(Who(who));
                }
                let Ok(mut response) = self.router.clone().oneshot(request).await;
                if named {
                    response.headers_mut().insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                }
                self.errors.put_into_words(reader, response)
            }
        };
        self.dressed(reader, &method, &asked, response).await
    }

    async fn dressed(&self, reader: Reader, method: &Method, asked: &HeaderMap, response: Response) -> Response {
        dress(method, asked, response).await.unwrap_or_else(|error| {
            tracing::error!(%error, "an answer broke off");
            self.errors.answer(reader, StatusCode::INTERNAL_SERVER_ERROR, None)
        })
    }
}

/// Whether it is the address of a page, in a language of ours.
fn is_page(address: &http::Uri) -> bool {
    let path = address.path();
    app::routes::lang_of(path).is_some()
        && !exports::is_file(path)
        && !citations::is_file(path)
        && !feeds::is_file(path)
}

/// A page that was made for everyone, as `who` sees it: the bar names the account, and the browser's half is told.
fn signed_in(page: &str, path: &str, who: &str) -> String {
    const NOBODY: &str = " data-who=\"\"";
    const FROM: &str = "<!--who-->";
    const TO: &str = "<!--/who-->";
    let escaped = who.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let page = page.replacen(NOBODY, &format!(" data-who=\"{escaped}\""), 1);
    let lang = app::routes::lang_of(path).unwrap_or(plan::Lang::Fr);
    match page.split_once(FROM).and_then(|(before, rest)| Some((before, rest.split_once(TO)?.1))) {
        Some((before, behind)) => {
            let link = app::who_html(lang, who, &app::routes::ReturnTo::HOME);
            // The link brings its marks.
            format!("{before}{link}{behind}")
        }
        None => page,
    }
}

/// The id a proxy has given the request, if it is a sane one, else one of our own: 16 hexadecimal digits.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let sane = |id: &&HeaderValue| {
        (1..=64).contains(&id.len()) && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(b))
    };
    if let Some(id) = headers.get(REQUEST_ID).filter(sane) {
        return id.clone();
    }
    // To tell requests apart, not to keep secrets: a keyed hash of a counter will do.
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let id = format!("{:016x}", KEY.hash_one(COUNT.fetch_add(1, Ordering::Relaxed)));
    HeaderValue::from_maybe_shared(Bytes::from(id)).unwrap_or(const { HeaderValue::from_static("unknown") })
}
