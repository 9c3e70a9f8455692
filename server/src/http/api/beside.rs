//! What goes with a film that is taken away, at addresses beside its own: sidecar, captions, shotlist, list of cuts. With
//! the marks of a part they are the part's; without, those of the whole.

use super::{
    BASE,
    asked::{Name, Parameters, parameters},
    media::{Cutting, Mark, Wanted, Way, read, unfit},
    operation::{Ask, Later, Operation, Returns, Served},
    shape::says,
};
use crate::{
    http::problem::Problem,
    library::film::Film,
    media::{
        beside::{Bytes, How, NoCaptions, Taking},
        captions::{Cue, subrip, webvtt},
        delivery::Deliverable,
    },
    store::clips::Come,
};
use ::plan::Lang;
use axum::response::IntoResponse;
use clip::Index;
use futures_util::future::BoxFuture;
use http::{StatusCode, header, request::Parts};
use std::sync::Arc;

parameters! {
    struct Part {
        number: Name = "Le numéro de la vidéo.", "The video’s number.";
        rendition: Name = "Le nom de la forme.", "The rendition’s name.";
        "in" from: Option<Mark> = "La première image gardée, avec `out`. Sans elles, le tout.",
            "The first frame kept, with `out`. Without them, the whole.";
        "out" to: Option<Mark> = "La première image qui n’est plus gardée.", "The first frame no longer kept.";
        route: Option<Way> = "La voie, comme pour l’extrait.", "The way, as of the clip.";
    }
    struct Worded { lang: Lang; }
    struct Spoken {
        lang: Option<Name> = "Leur langue (BCP 47) ; sinon, la première qu’il y a.",
            "Their language (BCP 47); else, the first there is.";
    }
}

const REFUSES: &[StatusCode] =
    &[StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::GONE, StatusCode::UNPROCESSABLE_ENTITY];

pub(super) fn operations() -> Vec<Operation> {
    let of = |id, path, media_type, says, answer: Later| {
        Operation::later::<Part>(id, path, says, (Returns::File(media_type), REFUSES), answer)
    };
    let with = |mut operation: Operation, more| {
        operation.parameters.extend(more);
        operation
    };
    let captions = says(
        "Les sous-titres, comptés depuis la première image emportée.",
        "The captions, timed from the first frame taken.",
    );
    vec![
        with(
            of(
                "sidecar",
                "/media/{number}/renditions/{rendition}/sidecar.json",
                "application/ld+json",
                says(
                    "La fiche qui accompagne une vidéo ou un extrait, en JSON-LD : d’où il vient, quelles images sont celles de la source au bit près, son empreinte, ses plans, ses droits.",
                    "The sidecar of a video or a clip, in JSON-LD: where it comes from, which frames are the source’s bit by bit, its fingerprint, its shots, its rights.",
                ),
                sidecar,
            ),
            Worded::list(),
        ),
        with(
            of("captions-vtt", "/media/{number}/renditions/{rendition}/captions.vtt", "text/vtt", captions, vtt),
            Spoken::list(),
        ),
        with(
            of(
                "captions-srt",
                "/media/{number}/renditions/{rendition}/captions.srt",
                "application/x-subrip",
                captions,
                srt,
            ),
            Spoken::list(),
        ),
        of(
            "shotlist",
            "/media/{number}/renditions/{rendition}/shotlist.csv",
            "text/csv",
            says(
                "Le découpage, compté depuis la première image emportée.",
                "The shotlist, counted from the first frame taken.",
            ),
            shotlist,
        ),
        of(
            "edl",
            "/media/{number}/renditions/{rendition}/cut.edl",
            "text/plain",
            says("La liste de montage (CMX 3600).", "The edit decision list (CMX 3600)."),
            list,
        ),
    ]
}

/// What is taken by somebody who may take it.
enum Asked<'a> {
    Whole(Wanted<'a>, Option<Arc<Index>>),
    Part(Cutting<'a>),
}

impl<'a> Asked<'a> {
    async fn by(ask: &'a Ask<'a>, request: &Parts) -> Result<Self, Problem> {
        let Part { number: Name(number), rendition: Name(rendition), from, to, route } = read(ask)?;
        let wanted = Wanted::by(ask, request, &number, &rendition).await?;
        match (from, to) {
            (Some(Mark(from)), Some(Mark(to))) => Ok(Self::Part(Cutting::of(wanted, (from, to), route).await?)),
            (None, None) => {
                wanted.whole()?;
                let index =
                    if wanted.file.index.is_some() { Some(wanted.library.index(&wanted.file).await?) } else { None };
                Ok(Self::Whole(wanted, index))
            }
            (None, _) => Err(Problem::parameter("in", "in is missing: a part has both.")),
            (_, None) => Err(Problem::parameter("out", "out is missing: a part has both.")),
        }
    }

    fn wanted(&self) -> &Wanted<'a> {
        match self {
            Self::Whole(wanted, _) | Self::Part(Cutting { wanted, .. }) => wanted,
        }
    }

    fn taking(&self, ask: &'a Ask<'a>) -> Result<Taking<'_>, Problem> {
        let Wanted { row, metadata, file, files, .. } = self.wanted();
        let Film { timing, .. } = Film::of(files).ok_or_else(|| unfit(&"nothing is known of its frames"))?;
        let (index, frames) = match self {
            Self::Whole(_, index) => (index.as_deref(), None),
            Self::Part(Cutting { index, frames, .. }) => (Some(&**index), Some(frames.clone())),
        };
        Ok(Taking { site: &ask.api.site, row, metadata, file, timing, index, frames })
    }

    /// What the film itself is called.
    fn name(&self) -> String {
        match self {
            Self::Whole(wanted, _) => wanted.name(""),
            Self::Part(cutting) => cutting.name(),
        }
    }

    /// A file beside it, of its name.
    fn file(&self, extension: &str, media_type: &'static str, content: impl Into<axum::body::Bytes>) -> Served {
        let name = self.name();
        let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
        let headers = [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{stem}.{extension}\"")),
            (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        ];
        Served::Whole((headers, content.into()).into_response())
    }

    /// What its bytes are, and how they came about.
    async fn bytes(&self, ask: &Ask<'_>) -> Result<(How<'_>, Bytes), Problem> {
        let wanted = self.wanted();
        let base = format!("{}{BASE}/media/{}/renditions", ask.api.site.public_url, wanted.row.number);
        let (address, name) = (format!("{base}/{}", wanted.file.role), self.name());
        let cutting = match self {
            Self::Whole(Wanted { file, .. }, _) => {
                let sha256 = Some(file.sha256.to_string());
                return Ok((How::Whole, Bytes { count: file.bytes, sha256, address, name }));
            }
            Self::Part(cutting) => cutting,
        };
        let marks = format!("/clip?in=f{}&out=f{}", cutting.frames.start, cutting.frames.end);
        let Some(wish) = cutting.wish()? else {
            let what = Deliverable::clip(wanted.file.sha256, cutting.clip.clone(), &wanted.file.media_type);
            let sha256 = wanted.library.fingerprints.of(&what).await.map_err(|error| {
                tracing::error!(%error, "a clip cannot be hashed");
                Problem::of(StatusCode::SERVICE_UNAVAILABLE)
            })?;
            let address = format!("{address}{marks}&route=instant");
            let sha256 = sha256.map(|hash| hash.to_string());
            return Ok((How::Cut(&cutting.clip), Bytes { count: cutting.clip.len(), sha256, address, name }));
        };
        match wanted.library.store.clip(&wish.id).await?.map(|asked| asked.come) {
            Some(Come::Done(stored, receipt, _)) => {
                let address = format!("{address}{marks}&route=edit-safe");
                let sha256 = Some(stored.sha256.to_string());
                Ok((How::Made(receipt), Bytes { count: stored.bytes, sha256, address, name }))
            }
            // What its frames are is known when they have been encoded, and not before.
            _ => {
                let detail = "This clip has not been made: ask for it first, its sidecar comes with it.";
                Err(Problem::of(StatusCode::NOT_FOUND).detail(detail))
            }
        }
    }
}

fn sidecar<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let Worded { lang } = read(ask)?;
        let asked = Asked::by(ask, request).await?;
        let (how, bytes) = asked.bytes(ask).await?;
        let sidecar = asked.taking(ask)?.sidecar(lang, &how, &bytes);
        Ok(asked.file("json", "application/ld+json", format!("{sidecar:#}\n")))
    })
}

fn vtt<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(captions(ask, request, ("vtt", "text/vtt"), webvtt))
}

fn srt<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(captions(ask, request, ("srt", "application/x-subrip"), subrip))
}

async fn captions(
    ask: &Ask<'_>,
    request: &Parts,
    (extension, media_type): (&str, &'static str),
    written: fn(&[Cue]) -> String,
) -> Result<Served, Problem> {
    let Spoken { lang } = read(ask)?;
    let asked = Asked::by(ask, request).await?;
    let lang = lang.map(|Name(lang)| lang);
    let Wanted { library, files, row, .. } = asked.wanted();
    let (lang, cues) =
        asked.taking(ask)?.captions(&library.vault, files, lang.as_deref()).await.map_err(|why| match why {
            NoCaptions::None => Problem::of(StatusCode::NOT_FOUND).detail("There are no such captions."),
            NoCaptions::Vault(error) => {
                tracing::error!(video = row.number, %error, "captions cannot be read");
                Problem::of(StatusCode::SERVICE_UNAVAILABLE)
            }
            NoCaptions::Bad(error) => {
                tracing::error!(video = row.number, %error, "captions are none");
                Problem::of(StatusCode::INTERNAL_SERVER_ERROR)
            }
        })?;
    Ok(asked.file(&format!("{lang}.{extension}"), media_type, written(&cues)))
}

fn shotlist<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let asked = Asked::by(ask, request).await?;
        // Spreadsheets take it for their machine's own letters without the mark.
        let table = format!("\u{feff}{}", asked.taking(ask)?.csv());
        Ok(asked.file("csv", "text/csv; charset=utf-8", table))
    })
}

fn list<'a>(ask: &'a Ask<'a>, request: &'a Parts) -> BoxFuture<'a, Result<Served, Problem>> {
    Box::pin(async move {
        let asked = Asked::by(ask, request).await?;
        let list = asked.taking(ask)?.edl(&asked.name()).ok_or_else(|| unfit(&"it has no frames to count"))?;
        Ok(asked.file("edl", "text/plain; charset=utf-8", list))
    })
}
