//! A quotation sent by a form. What an address can hold is sent on to it, so that the answer can be shared; a longer one
//! is answered here, as the page at such an address would be.

use ::plan::Lang;
use app::{
    explore::IN_ADDRESS,
    routes::{To, View, in_query},
};
use axum::{
    Router,
    body::Bytes,
    extract::Request,
    response::{IntoResponse, Response},
    routing::post,
};
use http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// `POST /{lang}/plan/quote`, beside the page of that address.
pub(crate) fn routes(pages: &Router) -> Router {
    Lang::ALL.into_iter().fold(Router::new(), |router, lang| {
        let page = To::View(View::Quote).href(lang);
        let (path, shown) = (page.clone(), pages.clone());
        let answer = move |request: Request| answer(page, shown, request);
        router.route(&path, post(answer).fallback_service(pages.clone()))
    })
}

async fn answer(page: String, pages: Router, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return StatusCode::BAD_REQUEST.into_response() };
    let quotation = quotation(&body.to_bytes());
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", &quotation).finish();
    let address = if quotation.is_empty() { page } else { format!("{page}?{query}") };
    if quotation.chars().count() <= IN_ADDRESS {
        return match HeaderValue::try_from(address) {
            Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
            Err(_) => StatusCode::BAD_REQUEST.into_response(),
        };
    }
    let Ok(uri) = Uri::try_from(address) else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let Parts { headers, extensions, .. } = parts;
    let mut request = Request::new(axum::body::Body::empty());
    (*request.method_mut(), *request.uri_mut()) = (Method::GET, uri);
    (*request.headers_mut(), *request.extensions_mut()) = (headers, extensions);
    let Ok(response) = pages.oneshot(request).await;
    response
}

/// The field of that name in a form (`application/x-www-form-urlencoded`).
fn quotation(body: &Bytes) -> String {
    str::from_utf8(body).ok().and_then(|form| in_query(form, "q")).unwrap_or_default()
}
