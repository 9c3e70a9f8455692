//! The video library for programs: the feed of what came last (MRSS), what embeds a video (oEmbed), and the list of
//! videos for search engines.

use super::mapping;
use crate::{clock, library::Catalogue};
use ::plan::Lang;
use app::{
    Site,
    media::{
        contract::{Library, Sought},
        feed,
    },
    routes::{To, in_query},
};
use axum::{
    Router,
    extract::RawQuery,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, StatusCode, header};
use std::sync::Arc;

/// Whoever embeds a video may ask from anywhere.
const ANYWHERE: [(HeaderName, &str); 2] = [
    (HeaderName::from_static("access-control-allow-origin"), "*"),
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
];
const KEPT: (HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=60");

/// Whether a path is that of a file below a language, which is the same for everyone, and not that of a page.
pub(super) fn is_file(path: &str) -> bool {
    Lang::ALL.into_iter().any(|lang| path == feed::path(lang))
}

/// `/{lang}/media/feed.xml`, `/oembed`, and the map of the library's pages.
pub(super) fn routes(catalogue: &Arc<Catalogue>, site: &Site) -> Router {
    let mut router = Router::new();
    for lang in Lang::ALL {
        let (catalogue, site) = (Arc::clone(catalogue), site.clone());
        let answer = async move || latest(&catalogue, &site, lang).await;
        router = router.route(&feed::path(lang), get(answer));
    }
    let (films, about) = (Arc::clone(catalogue), site.clone());
    let embedded = async move |RawQuery(query): RawQuery| embedded(&films, &about, &query.unwrap_or_default()).await;
    let (films, about) = (Arc::clone(catalogue), site.clone());
    let mapped = async move || {
        let paths: Vec<String> = films.numbers().iter().map(|number| format!("/media/{number}")).collect();
        let map = mapping::sitemap(&about.public_url, &paths);
        ([(header::CONTENT_TYPE, "application/xml"), KEPT], map).into_response()
    };
    router.route("/oembed", get(embedded)).route(mapping::VIDEOS, get(mapped))
}

async fn latest(catalogue: &Catalogue, site: &Site, lang: Lang) -> Response {
    let Ok(films) = catalogue.latest_films(feed::LATEST).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let dated = films.iter().map(|(film, published)| (&**film, clock::in_feeds(*published)));
    let headers = [(header::CONTENT_TYPE, "application/rss+xml; charset=utf-8"), KEPT];
    (headers, ANYWHERE, feed::mrss(lang, site, dated)).into_response()
}

/// Answers for the address of a video's page, as oEmbed 1.0 says: 404 where it is none, 501 for a form it does not know.
async fn embedded(catalogue: &Catalogue, site: &Site, query: &str) -> Response {
    let xml = match in_query(query, "format").as_deref() {
        None | Some("json") => false,
        Some("xml") => true,
        Some(_) => return StatusCode::NOT_IMPLEMENTED.into_response(),
    };
    let url = in_query(query, "url").unwrap_or_default();
    let path = url.strip_prefix(&site.public_url).unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let Some((lang, To::Video(number))) = To::parse(path) else { return StatusCode::NOT_FOUND.into_response() };
    let film = match catalogue.video(&number).await {
        Ok(Sought::Found(film)) => film,
        Ok(Sought::Withdrawn | Sought::Unknown) => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let most = |name| in_query(query, name).and_then(|text| text.parse().ok()).unwrap_or(u32::MAX);
    let data = feed::oembed(lang, site, &film, (most("maxwidth"), most("maxheight")));
    let (kind, body) = match xml {
        true => ("text/xml; charset=utf-8", feed::oembed_xml(&data)),
        false => ("application/json", data.to_string()),
    };
    ([(header::CONTENT_TYPE, kind), KEPT], ANYWHERE, body).into_response()
}
