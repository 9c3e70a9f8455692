//! The videos as visitors have them: which they see, what they may take, and the small public files of each, by which it
//! is shown: still, storyboard, waveform, captions, preview.

use crate::{
    clock::Clock,
    media::{
        clips::{KEPT, MOST_WAITING},
        delivery::{Deliverable, Fingerprints, IndexError, Indexes, Keep, deliver},
        metadata::{Metadata, Number, Restricts},
        vault::Vault,
    },
    store::{
        Store, StoreError,
        clips::{Asked, Wish},
        media::{Video, VideoFile},
    },
    takeaway::Takeaway,
};
use ::plan::Lang;
use axum::{
    Router,
    extract::{Path, Request},
    response::{IntoResponse, Response},
    routing::get,
};
use clip::{Clip, Frames, Index, Refused};
use http::StatusCode;
use std::sync::Arc;
use tokio::sync::Notify;

/// Seconds that files by which a video is shown are kept by others: a video may be withdrawn.
const SHOWN: u32 = 300;

/// Everything it takes to hand videos out.
pub(crate) struct Library {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) indexes: Arc<Indexes>,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) takeaway: Arc<Takeaway>,
    /// Told when a clip is to be made.
    pub(crate) woken: Arc<Notify>,
}

/// Why a video is not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unseen {
    #[error("there is no such video")]
    Nothing,
    #[error("the video was withdrawn")]
    Withdrawn,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why there is no clip.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unclipped {
    /// Nobody knows where its frames lie.
    #[error("it cannot be cut: take it whole")]
    NoIndex,
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// Frames that are not given away.
#[derive(Clone, Debug)]
pub(crate) struct Blocked {
    pub(crate) frames: Frames,
    /// Why, in English.
    pub(crate) why: String,
}

/// Those of two ranges that both have.
pub(crate) fn overlap(one: &Frames, other: &Frames) -> bool {
    one.start < other.end && other.start < one.end
}

impl Library {
    /// The video of a number, if visitors see it.
    pub(crate) async fn video(&self, number: &str) -> Result<Video, Unseen> {
        let number = Number::parse(number).map_err(|_| Unseen::Nothing)?;
        let video = self.store.video(number.as_str()).await?.ok_or(Unseen::Nothing)?;
        match () {
            () if video.visible(self.clock.now()) => Ok(video),
            // That there will be one is nobody's business before.
            () if video.published && video.withdrawn_at.is_some() => Err(Unseen::Withdrawn),
            () => Err(Unseen::Nothing),
        }
    }

    /// What cuts it.
    pub(crate) async fn index(&self, file: &VideoFile) -> Result<Arc<Index>, Unclipped> {
        Ok(self.indexes.get(&file.index.ok_or(Unclipped::NoIndex)?).await?)
    }

    /// A clip, planned. Of hours, that takes milliseconds: off the threads that answer.
    pub(crate) async fn plan(&self, index: &Arc<Index>, frames: &Frames) -> Result<Clip, Unclipped> {
        let (index, frames) = (Arc::clone(index), frames.clone());
        let planned = tokio::task::spawn_blocking(move || index.clip(&frames)).await;
        Ok(planned.map_err(|error| Refused::Io(std::io::Error::other(error)))??)
    }

    /// Asks for a clip to be made; how far it has come. `None` where too many wait.
    pub(crate) async fn wish(&self, wish: &Wish) -> Result<Option<Asked>, StoreError> {
        if let Some(asked) = self.store.clip(&wish.id).await? {
            return Ok(Some(asked));
        }
        let now = self.clock.now();
        if !self.store.wish_for_clip(wish, MOST_WAITING, now, now + KEPT).await? {
            return Ok(None);
        }
        self.woken.notify_one();
        self.store.clip(&wish.id).await
    }

    async fn shown(&self, number: &str, name: &str) -> Result<Option<Deliverable>, Unseen> {
        let video = self.video(number).await?;
        let files = self.store.video_files(video.id).await?;
        let file = files.into_iter().find(|file| public_name(file).as_deref() == Some(name));
        Ok(file.map(|file| Deliverable::file(file.sha256, file.bytes, &file.media_type).keep(Keep::Public(SHOWN))))
    }
}

/// Frames of a video that are not given away, as `index` counts them. A mark that cannot be found blocks everything.
pub(crate) fn blocked(metadata: &Metadata, index: &Index) -> Vec<Blocked> {
    let all = index.frames();
    let blocks = metadata.restrictions.iter().filter(|restriction| restriction.kind == Restricts::Block);
    let frames = blocks.map(|block| {
        let frame = |mark: Option<&crate::media::metadata::Mark>, usual: u32| match mark {
            None => Some(usual),
            Some(mark) => index.frame(mark.point()?).ok(),
        };
        let from = frame(block.from.as_ref(), all.start);
        let to = frame(block.to.as_ref(), all.end);
        let frames = from.zip(to).map_or(all.clone(), |(from, to)| from..to);
        Blocked { frames, why: block.en.as_str().to_owned() }
    });
    frames.collect()
}

/// Why nothing of a video is given away whole, in the words of a language.
pub(crate) fn held_back(metadata: &Metadata, lang: Lang) -> Option<&str> {
    let block = metadata.restrictions.iter().find(|restriction| restriction.kind == Restricts::Block)?;
    Some(match lang {
        Lang::Fr => block.fr.as_str(),
        Lang::En => block.en.as_str(),
    })
}

/// Whether it is one of the forms a video is taken away in.
pub(crate) fn is_rendition(file: &VideoFile) -> bool {
    file.media_type.starts_with("video/")
}

/// What a file ends with, by its media type.
pub(crate) fn extension(media_type: &str) -> &'static str {
    match media_type {
        "video/mp4" => "mp4",
        "video/quicktime" => "mov",
        "video/x-matroska" => "mkv",
        "video/webm" => "webm",
        "application/mxf" | "video/mxf" => "mxf",
        "image/jpeg" => "jpg",
        "image/webp" => "webp",
        "text/vtt" => "vtt",
        "application/json" => "json",
        _ => "bin",
    }
}

/// The name under which everyone may ask for a file: `captions.fr.vtt`, `storyboard.vtt`, `proxy.mp4`. The renditions to
/// be taken away have none.
pub(crate) fn public_name(file: &VideoFile) -> Option<String> {
    let name = match &*file.role {
        "storyboard-index" => "storyboard".to_owned(),
        "proxy" | "still" | "thumbnail" | "storyboard" | "waveform" => file.role.clone(),
        role => format!("captions.{}", role.strip_prefix("captions-")?),
    };
    Some(format!("{name}.{}", extension(&file.media_type)))
}

/// `/media/{number}/{name}`, for everyone.
pub(crate) fn routes(library: &Arc<Library>) -> Router {
    let library = Arc::clone(library);
    let answer = async move |Path((number, name)): Path<(String, String)>, request: Request| -> Response {
        match library.shown(&number, &name).await {
            Ok(Some(what)) => deliver(&library.vault, &what, &request.into_parts().0).await,
            Ok(None) | Err(Unseen::Nothing) => StatusCode::NOT_FOUND.into_response(),
            Err(Unseen::Withdrawn) => StatusCode::GONE.into_response(),
            Err(Unseen::Store(error)) => {
                tracing::error!(%error, "nobody can tell what there is of a video");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        }
    };
    Router::new().route("/media/{number}/{name}", get(answer))
}
