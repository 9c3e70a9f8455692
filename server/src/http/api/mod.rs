//! The public API under `/api/v1`: everything the reader shows, for programs.
//!
//! An [`Operation`] is declared once, in the module of its resource: its address, the types of what it takes and answers,
//! and a function between them. From these lines come the answers, the refusals, the OpenAPI text and, from that text, the
//! page `/{lang}/api`. Decision 0012 says why no library does this.

mod asked;
mod list;
mod openapi;
mod operation;
mod shape;

mod actors;
mod basket;
mod beside;
mod citations;
mod commitments;
mod entry;
mod events;
mod exports;
mod media;
mod paragraphs;
mod plan;
mod quotes;
mod search;

use super::{library::Library, problem::Problem, throttle::Throttle};
use crate::{basket::Keeper, clock::Clock};
use ::plan::{Document, Lang, gloss::Both};
use app::{Site, plan::contract::Plans, routes::To};
use asked::Given;
use axum::{
    body::{Body, Bytes},
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use http_body_util::BodyExt;
use operation::{Ask, Made, Operation, Returns, Served};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use shape::Url;
use std::sync::{Arc, OnceLock};

/// Where it begins.
pub(crate) const BASE: &str = "/api/v1";

/// The API of one server.
pub(crate) struct Api {
    plans: Arc<dyn Plans>,
    library: Arc<Library>,
    keeper: Arc<Keeper>,
    site: Site,
    throttle: Arc<Throttle>,
    clock: Arc<dyn Clock>,
    operations: Vec<Operation>,
    described: OnceLock<Both<Value>>,
}

/// Whether an address is the API's.
pub(crate) fn serves(path: &str) -> bool {
    path.strip_prefix(BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Lets programs on other sites' pages read an answer (the Fetch standard's CORS protocol), refusals too: it holds nothing
/// of any visitor, and cookies are not asked for. What is posted stays between a page of ours and us.
pub(crate) fn share(method: &Method, headers: &mut HeaderMap) {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        let exposed = "etag, link, ratelimit, ratelimit-policy, retry-after, x-request-id";
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
        let policy = HeaderName::from_static("cross-origin-resource-policy");
        headers.insert(policy, HeaderValue::from_static("cross-origin"));
    }
}

impl Api {
    /// The API of the plan, of the videos and of the baskets, which answers each network as often as `throttle` lets it.
    pub(crate) fn new(
        plans: Arc<dyn Plans>,
        (library, keeper): (Arc<Library>, Arc<Keeper>),
        site: Site,
        throttle: Arc<Throttle>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let operations = [
            entry::operations(),
            plan::operations(),
            paragraphs::operations(),
            search::operations(),
            commitments::operations(),
            actors::operations(),
            events::operations(),
            quotes::operations(),
            citations::operations(),
            exports::operations(),
            // Before the videos: its name is no number.
            basket::operations(),
            media::operations(),
            beside::operations(),
        ];
        let operations = operations.into_iter().flatten().collect();
        Self { plans, library, keeper, site, throttle, clock, operations, described: OnceLock::new() }
    }

    /// The answer to a request for one of its addresses, within the network's pace. To a HEAD it is that to a GET, body
    /// and all: whoever sends it leaves the body out.
    pub(crate) async fn serve(&self, request: Request) -> Response {
        self.throttle.guard(1, request, |request| self.answer(request)).await
    }

    /// Its description: an OpenAPI document whose words are in that language.
    pub(crate) fn described(&self) -> &Both<Value> {
        self.described
            .get_or_init(|| Both { fr: openapi::document(self, Lang::Fr), en: openapi::document(self, Lang::En) })
    }

    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        // The limits on bodies were kept before the router.
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(_) => return Problem::of(StatusCode::BAD_REQUEST).into_response(),
        };
        self.respond(&parts, &body).await.unwrap_or_else(IntoResponse::into_response)
    }

    async fn respond(&self, request: &Parts, body: &Bytes) -> Result<Response, Problem> {
        let (method, headers, path) = (&request.method, &request.headers, request.uri.path());
        let query = request.uri.query().unwrap_or_default();
        let below = path.strip_prefix(BASE).unwrap_or_default();
        let here = || self.operations.iter().filter_map(|operation| Some((operation, operation.matches(below)?)));
        if here().next().is_none() {
            return Err(Problem::of(StatusCode::NOT_FOUND).detail(format!("There is nothing at {path}.")));
        }
        let reading = if method == Method::HEAD { &Method::GET } else { method };
        let Some((operation, variables)) = here().find(|(operation, _)| operation.method == *reading) else {
            let mut allowed: Vec<&str> = here().map(|(operation, _)| operation.method.as_str()).collect();
            allowed.extend(["HEAD", "OPTIONS"]);
            return Ok(elsewise(method, headers, &allowed.join(", ")));
        };
        if matches!(operation.returns, Returns::Json(_) | Returns::Job(_)) && !accepts_json(headers) {
            return Err(Problem::of(StatusCode::NOT_ACCEPTABLE).detail("Answers are application/json."));
        }
        if operation.takes.is_some() && !is_json(headers) {
            return Err(Problem::of(StatusCode::UNSUPPORTED_MEDIA_TYPE).detail("Send application/json."));
        }
        let given = Given::new(variables, query)?;
        given.refuse_others(&operation.parameters)?;
        let ask = Ask { api: self, path, given: &given, body };
        let Made { json, links } = match operation.answer(&ask, request).await? {
            Served::Json(made) => made,
            Served::Whole(response) => return Ok(response),
        };
        let mut response = Response::new(Body::from(json));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // What a POST is told is nobody else's; what a GET is told may be kept, and is asked for each time.
        let keep = if *reading == Method::GET { "public, max-age=0, must-revalidate" } else { "no-store" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        let links: Vec<String> = links.into_iter().map(|(rel, to)| format!("<{to}>; rel=\"{rel}\"")).collect();
        if let Some(links) = HeaderValue::try_from(links.join(", ")).ok().filter(|links| !links.is_empty()) {
            headers.insert(header::LINK, links);
        }
        Ok(response)
    }

    /// The address of a resource of the API; `path` is below [`BASE`].
    fn resource(&self, path: &str, lang: Lang) -> Url {
        let query = if lang == Lang::Fr { "" } else { "?lang=en" };
        Url(format!("{}{BASE}{path}{query}", self.site.public_url))
    }

    /// The address of a page of the site.
    fn page(&self, to: &To, lang: Lang) -> Url {
        Url(format!("{}{}", self.site.public_url, to.href(lang)))
    }

    /// The address of the page on which a place is read.
    fn place(&self, slug: &str, lang: Lang) -> Url {
        self.page(&To::Place(slug.to_owned()), lang)
    }

    fn document(&self, lang: Lang) -> Arc<Document> {
        self.plans.document(lang)
    }
}

/// The answer to a method that no operation has: what may be asked, and by pages of other sites (preflight, Fetch §3.2).
fn elsewise(method: &Method, headers: &HeaderMap, allowed: &str) -> Response {
    let mut response = if method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        Problem::of(StatusCode::METHOD_NOT_ALLOWED).detail(format!("Allowed here: {allowed}.")).into_response()
    };
    let mut set = |name: HeaderName, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::ALLOW, allowed);
    if method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        set(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD");
        set(header::ACCESS_CONTROL_ALLOW_HEADERS, "if-none-match");
        set(header::ACCESS_CONTROL_MAX_AGE, "86400");
    }
    response
}

/// Whether `Accept` (RFC 9110 §12.5.1) lets JSON through: by the range that names it most exactly.
fn accepts_json(headers: &HeaderMap) -> bool {
    let ranges: Vec<(&str, u16)> =
        super::encoding::weighted(headers, header::ACCEPT).filter(|(range, _)| !range.is_empty()).collect();
    let weight = |name: &str| ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(name)).map(|(_, q)| *q);
    let weight = weight("application/json").or_else(|| weight("application/*")).or_else(|| weight("*/*"));
    ranges.is_empty() || weight.is_some_and(|weight| weight > 0)
}

/// Whether a body says it is JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// A segment of a path, its percent signs read; none where it is no UTF-8.
fn decoded(segment: &str) -> Option<String> {
    percent_decode_str(segment).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
