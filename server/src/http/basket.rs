//! The basket's forms, sent to the address of its page: what changes it leads on, a list of cuts is answered by the page
//! itself, which tells what came of it.

use crate::{
    basket::{Act, Keeper},
    store::{
        StoreError,
        basket::{Came, Move},
    },
};
use ::plan::Lang;
use app::{
    account::contract::Caller,
    media::basket::contract::{Choice, LARGEST_EDL, NoList, Report, Uploaded},
    routes::{ReturnTo, Step, To, in_query},
};
use axum::{
    Router,
    extract::{FromRequest, Multipart, Request},
    response::{IntoResponse, Response},
    routing::post,
};
use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;

/// Bytes of a form around the list that is sent in it.
const AROUND: usize = 16 << 10;

/// How long a body that is sent there may be; none where it is no address of the basket's.
pub(super) fn body_limit(path: &str) -> Option<usize> {
    matches!(To::parse(path), Some((_, To::Basket))).then_some(LARGEST_EDL + AROUND)
}

/// `POST /{lang}/media/basket`, beside the page of that address.
pub(crate) fn routes(pages: &Router, keeper: &Arc<Keeper>) -> Router {
    Lang::ALL.into_iter().fold(Router::new(), |router, lang| {
        let (keeper, shown) = (Arc::clone(keeper), pages.clone());
        let answer = move |request: Request| async move {
            answer(&keeper, lang, shown, request).await.unwrap_or_else(|error| {
                tracing::error!(%error, "a basket cannot be changed");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            })
        };
        router.route(&To::Basket.href(lang), post(answer).fallback_service(pages.clone()))
    })
}

async fn answer(keeper: &Keeper, lang: Lang, pages: Router, request: Request) -> Result<Response, StoreError> {
    let caller = request.extensions().get::<Caller>().cloned();
    let account = keeper.account(caller.as_ref()).await?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let Some(account) = account else { return Ok(sign_in(lang, &To::Basket.href(lang))) };
        return send_list(keeper, &account, lang, pages, request).await;
    }
    let Ok(body) = request.into_body().collect().await else { return Ok(StatusCode::BAD_REQUEST.into_response()) };
    let body = body.to_bytes();
    let Ok(form) = str::from_utf8(&body) else { return Ok(StatusCode::BAD_REQUEST.into_response()) };
    let said = |name| in_query(form, name).unwrap_or_default();
    if said("do") == "put" {
        return put(keeper, account.as_deref(), lang, form).await;
    }
    let Some(account) = account else { return Ok(sign_in(lang, &To::Basket.href(lang))) };
    let id = said("id").parse::<i64>().ok();
    let act = match (&*said("do"), id) {
        ("up", Some(id)) => Act::Move(id, Move::Up),
        ("down", Some(id)) => Act::Move(id, Move::Down),
        ("out", Some(id)) => Act::Out(id),
        ("note", Some(id)) => Act::Note(id, said("note")),
        ("empty", _) => Act::Empty,
        _ => return Ok(StatusCode::BAD_REQUEST.into_response()),
    };
    let there = match act {
        Act::Move(id, _) | Act::Note(id, _) => format!("#part-{id}"),
        Act::Out(_) | Act::Empty => String::new(),
    };
    keeper.act(&account, act).await?;
    // What was chosen for the taking stays chosen.
    let choice = Choice::read(&said("query")).query();
    let query = if choice.is_empty() { choice } else { format!("?{choice}") };
    Ok(lead(&format!("{}{query}{there}", To::Basket.href(lang))))
}

/// A part marked on a video's page: back there, where it says that the part is in the basket.
async fn put(keeper: &Keeper, account: Option<&str>, lang: Lang, form: &str) -> Result<Response, StoreError> {
    let said = |name| in_query(form, name).unwrap_or_default();
    let (number, from, to) = (said("number"), said("in"), said("out"));
    let more = said("query");
    let kept = ["rendition", "route"].into_iter().filter_map(|name| Some((name, in_query(&more, name)?)));
    let marks = [("in", from.clone()), ("out", to.clone())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(marks).extend_pairs(kept).finish();
    // As far as it is a page of ours.
    let back = ReturnTo::read(&format!("/media/{number}?{query}")).href(lang);
    let Some(account) = account else { return Ok(sign_in(lang, &back)) };
    match keeper.put(account, &number, [&from, &to]).await? {
        Some(Came::In | Came::WasIn) => Ok(lead(&format!("{back}#take"))),
        Some(Came::Full) => Ok(lead(&To::Basket.href(lang))),
        // The page says what is wrong with the marks, or that there is no such video.
        None => Ok(lead(&back)),
    }
}

/// A list of cuts: the page of the basket, with what came of it.
async fn send_list(
    keeper: &Keeper,
    account: &str,
    lang: Lang,
    pages: Router,
    request: Request,
) -> Result<Response, StoreError> {
    let (parts, body) = request.into_parts();
    let mut form = Request::new(body);
    *form.headers_mut() = parts.headers.clone();
    let sent: Result<Report, NoList> = match file(form).await {
        Ok(Some(bytes)) => keeper.take_list(account, &bytes).await?,
        Ok(None) => Err(NoList::Nothing),
        Err(status) => return Ok(status.into_response()),
    };
    let mut page = Request::new(axum::body::Body::empty());
    *page.method_mut() = Method::GET;
    *page.uri_mut() = To::Basket.href(lang).parse().unwrap_or_default();
    (*page.headers_mut(), *page.extensions_mut()) = (parts.headers, parts.extensions);
    page.extensions_mut().insert(Uploaded(Arc::new(sent)));
    let Ok(response) = pages.oneshot(page).await;
    Ok(response)
}

/// The file of a form.
async fn file(form: Request) -> Result<Option<axum::body::Bytes>, StatusCode> {
    let mut form = Multipart::from_request(form, &()).await.map_err(|_| StatusCode::BAD_REQUEST)?;
    while let Some(field) = form.next_field().await.map_err(|error| error.status())? {
        if field.name() == Some("edl") {
            return field.bytes().await.map(Some).map_err(|error| error.status());
        }
    }
    Ok(None)
}

fn sign_in(lang: Lang, back: &str) -> Response {
    lead(&ReturnTo::read(back).through(Step::SignIn, lang))
}

/// The next page, which is this visitor's alone.
fn lead(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => {
            let keep = HeaderValue::from_static("no-store");
            (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::CACHE_CONTROL, keep)]).into_response()
        }
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
