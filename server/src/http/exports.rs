//! The text as files to take away: `/fr/plan/data.pdf`, `/fr/plan/m4.2/data.pdf`.
//!
//! Those of the whole text are made once for each version of it and kept: there are as many as languages times formats.
//! Those of a part, of which there are hundreds, are made when someone asks. Both tell the day this version was first
//! served here, not that of the request, so that a file that was fetched once stays current.

use super::{
    encoding::Effort,
    frozen::{Frozen, Keep},
    headers::Policy,
};
use crate::clock::{self, Clock};
use ::plan::{
    Lang,
    export::{self, Extract, Format, Origin},
};
use app::{Site, plan::contract::Plans};
use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::{OnceCell, Semaphore};

type Kind = (Lang, Format);

/// Makes the files.
pub(crate) struct Exports {
    plans: Arc<dyn Plans>,
    site: Site,
    clock: Arc<dyn Clock>,
    shelf: RwLock<Arc<Shelf>>,
    /// Files of parts that are being made: no more than there are processors.
    hands: Semaphore,
}

/// The files of the whole text in one version.
struct Shelf {
    version: u64,
    /// ISO 8601.
    made: String,
    files: Vec<(Kind, OnceCell<Arc<Frozen>>)>,
}

impl Shelf {
    fn of(version: u64, made: String) -> Self {
        let kinds = Lang::ALL.into_iter().flat_map(|lang| Format::ALL.map(|format| (lang, format)));
        Self { version, made, files: kinds.map(|kind| (kind, OnceCell::new())).collect() }
    }
}

/// Whether a path is that of a file, which is the same for everyone, and not that of a page.
pub(crate) fn is_file(path: &str) -> bool {
    path.rsplit_once("/data.").is_some_and(|(_, extension)| Format::of_extension(extension).is_some())
}

/// Every file's address.
pub(crate) fn routes(plans: Arc<dyn Plans>, site: Site, clock: Arc<dyn Clock>) -> Router {
    let hands = std::thread::available_parallelism().map_or(1, usize::from);
    let shelf = Shelf::of(plans.version(), clock::date(clock.now()));
    let shelf = RwLock::new(Arc::new(shelf));
    let exports = Arc::new(Exports { plans, site, clock, shelf, hands: Semaphore::new(hands) });
    let mut router = Router::new();
    for lang in Lang::ALL {
        for format in Format::ALL {
            let (whole, part) = (Arc::clone(&exports), Arc::clone(&exports));
            let of_the_whole = move |method: Method, asked: HeaderMap| async move {
                whole.whole((lang, format), &method, &asked).await
            };
            let of_a_part = move |Path(slug): Path<String>, method: Method, asked: HeaderMap| async move {
                part.part((lang, format), slug, &method, &asked).await
            };
            router = router
                .route(&export::path(lang, None, format), get(of_the_whole))
                .route(&export::path(lang, Some("{slug}"), format), get(of_a_part));
        }
    }
    router
}

impl Exports {
    async fn whole(self: &Arc<Self>, kind: Kind, method: &Method, asked: &HeaderMap) -> Response {
        let shelf = self.shelf();
        let Some((_, slot)) = shelf.files.iter().find(|(of, _)| *of == kind) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        match slot.get_or_try_init(|| self.make(kind, None, &shelf.made, Effort::Thorough)).await {
            Ok(file) => self.answer(file, kind, None, method, asked),
            Err(status) => status.into_response(),
        }
    }

    async fn part(self: &Arc<Self>, kind: Kind, slug: String, method: &Method, asked: &HeaderMap) -> Response {
        let (lang, format) = kind;
        let document = self.plans.document(lang);
        let Some(place) = document.find(&slug) else { return StatusCode::NOT_FOUND.into_response() };
        if place.slug() != slug {
            let path = export::path(lang, Some(place.slug()), format);
            return (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, path)]).into_response();
        }
        let Ok(_hand) = self.hands.acquire().await else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
        match self.make(kind, Some(slug.clone()), &self.shelf().made, Effort::Quick).await {
            Ok(file) => self.answer(&file, kind, Some(&slug), method, asked),
            Err(status) => status.into_response(),
        }
    }

    fn shelf(&self) -> Arc<Shelf> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner).clone();
        let version = self.plans.version();
        if shelf.version == version {
            return shelf;
        }
        let mut place = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        if place.version != version {
            *place = Arc::new(Shelf::of(version, clock::date(self.clock.now())));
        }
        place.clone()
    }

    /// Off the threads that answer: a PDF takes milliseconds, its compressed siblings as many.
    async fn make(
        self: &Arc<Self>,
        (lang, format): Kind,
        slug: Option<String>,
        made: &str,
        effort: Effort,
    ) -> Result<Arc<Frozen>, StatusCode> {
        let (exports, made) = (Arc::clone(self), made.to_owned());
        let making = tokio::task::spawn_blocking(move || {
            let document = exports.plans.document(lang);
            let origin = Origin { site: &exports.site.name, public_url: &exports.site.public_url, made: &made };
            let extract = match slug.as_deref().and_then(|slug| document.find(slug)) {
                Some(place) => Extract::part(&document, place, origin),
                None => Extract::whole(&document, origin),
            };
            let bytes = extract.export(format)?;
            let file = Frozen::new(format.media_type(), Keep::AskEachTime, Policy::nothing(), bytes.into());
            file.compress(effort);
            Ok::<_, export::Failed>(Arc::new(file))
        });
        match making.await {
            Ok(Ok(file)) => Ok(file),
            Ok(Err(error)) => {
                tracing::error!(%error, %lang, "an export could not be made");
                Err(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Err(error) => {
                tracing::error!(%error, %lang, "the making of an export broke off");
                Err(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    fn answer(
        &self,
        file: &Frozen,
        (lang, format): Kind,
        slug: Option<&str>,
        method: &Method,
        asked: &HeaderMap,
    ) -> Response {
        let mut response = file.answer(method, asked, false);
        let origin = Origin { site: &self.site.name, public_url: &self.site.public_url, made: "" };
        let name = export::file_name(&self.plans.document(lang), lang, slug, format);
        let kind = format.media_type().split(';').next().unwrap_or_default();
        let mut say = |header, value: String| {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().append(header, value);
            }
        };
        // Plain ASCII, so the simple form of RFC 6266 says it all.
        say(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""));
        say(header::CONTENT_LANGUAGE, lang.tag().to_owned());
        // What is read of it is the page (RFC 6596); the same in the other language is its alternate.
        say(header::LINK, format!("<{}>; rel=\"canonical\"", origin.address(lang, slug)));
        let other = lang.other();
        say(
            header::LINK,
            format!("<{}>; rel=\"alternate\"; hreflang=\"{other}\"; type=\"{kind}\"", origin.file(other, slug, format)),
        );
        response
    }
}
