//! A file of footage becomes a video: looked at, stored, and a row with the work that is to be done for it.

use super::{
    captions, ffmpeg,
    metadata::{Language, Metadata},
    probe::{self, Unfit},
    renditions,
    vault::{Sha256, Vault, VaultError},
};
use crate::{
    clock::Clock,
    store::{
        Store, StoreError,
        media::{Added, NewVideo, VideoFile},
    },
};
use serde_json::json;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Steps beside the renditions, which are named as they are; the lower the number, the sooner. The first two publish.
pub(crate) const STILL: &str = "still";
pub(crate) const STORYBOARD: &str = "storyboard";
pub(crate) const WAVEFORM: &str = "waveform";

/// What comes in.
pub(crate) struct Offer<'a> {
    pub(crate) file: &'a Path,
    /// What editors say of it; without it, its name is all that is known.
    pub(crate) metadata: Option<&'a Metadata>,
    pub(crate) captions: &'a [(Language, PathBuf)],
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is there, under that number.
    New { id: i64, number: String },
    /// Its bytes were taken in before. What had failed of it is tried anew.
    Known { id: i64, number: String },
}

/// Why there is no video now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTaken {
    /// It would be so the next time.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Ffmpeg(ffmpeg::FfmpegError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl From<Unfit> for NotTaken {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Not(why) => NotTaken::Refused(why),
            Unfit::Ffmpeg(error) => NotTaken::Ffmpeg(error),
            Unfit::Io(error) => NotTaken::Io(error),
        }
    }
}

/// Takes a file in. Nothing is left of one that is refused.
///
/// # Errors
/// It is refused, or could not be stored.
pub(crate) async fn take_in(
    store: &Store,
    vault: &Vault,
    clock: &dyn Clock,
    offer: &Offer<'_>,
) -> Result<Taken, NotTaken> {
    let footage = probe::look(offer.file).await?;
    let bare = Metadata::of_file(offer.file);
    let metadata = offer.metadata.unwrap_or(&bare);
    if let Some(index) = &footage.index {
        metadata.fits(index).map_err(NotTaken::Refused)?;
    }
    let mut texts = Vec::new();
    for (language, file) in offer.captions {
        texts.push((language, read_captions(file, footage.details.seconds)?));
    }

    let mut stored = Vec::new();
    let taken = async {
        let original = vault.put(offer.file).await?;
        stored.push(original.sha256);
        if footage.index.as_ref().is_some_and(|index| index.length() != original.bytes) {
            return Err(NotTaken::Refused("it changed while it was taken in".to_owned()));
        }
        let index = match &footage.index {
            Some(index) => Some(vault.put_bytes(index.encode().into()).await?.sha256),
            None => None,
        };
        stored.extend(index);
        let mut files = vec![VideoFile {
            role: "original".to_owned(),
            sha256: original.sha256,
            bytes: original.bytes,
            media_type: footage.media_type.to_owned(),
            index,
            details: serde_json::to_value(&footage.details).unwrap_or_default(),
        }];
        for (language, text) in texts {
            let file = store_captions(vault, language, text).await?;
            stored.push(file.sha256);
            files.push(file);
        }
        let now = clock.now();
        let steps = steps(&footage.details);
        let new = NewVideo {
            number: metadata.number.as_ref(),
            metadata: &metadata.json(),
            embargo_until: metadata.embargo.as_ref().map(super::metadata::Moment::ms),
            file_name: &offer.file.file_name().unwrap_or_default().to_string_lossy(),
            files: &files,
            steps: &steps,
            now,
        };
        let mut tx = store.begin().await?;
        let added = tx.add_video(&new).await?;
        if let Added::Known(id) = &added {
            for (step, priority) in &steps {
                tx.queue_video_work(*id, step, *priority, now).await?;
            }
        }
        match added {
            Added::New(id, number) => {
                tx.commit().await?;
                Ok(Taken::New { id, number })
            }
            Added::Known(id) => {
                tx.commit().await?;
                let number = store.video_of(id).await?.map(|video| video.number).unwrap_or_default();
                Ok(Taken::Known { id, number })
            }
            Added::NumberTaken => {
                let number = metadata.number.as_ref().map_or("", |number| number.as_str());
                Err(NotTaken::Refused(format!("another video has the number {number}")))
            }
        }
    }
    .await;
    if !matches!(taken, Ok(Taken::New { .. })) {
        discard(store, vault, stored).await?;
    }
    taken
}

/// What is to be done for such a film.
fn steps(details: &probe::Details) -> Vec<(String, i64)> {
    let mut steps = vec![(STILL.to_owned(), 0), (STORYBOARD.to_owned(), 30)];
    if details.sound.is_some() {
        steps.push((WAVEFORM.to_owned(), 40));
    }
    for rendition in renditions::ladder(details) {
        let priority = match rendition.name.as_str() {
            "proxy" => 10,
            "1080p" => 50,
            _ => 20,
        };
        steps.push((rendition.name, priority));
    }
    steps
}

/// Removes files from the vault that no video needs.
pub(crate) async fn discard(store: &Store, vault: &Vault, files: Vec<Sha256>) -> Result<(), NotTaken> {
    if files.is_empty() {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    let unneeded = tx.unneeded(files).await?;
    drop(tx);
    for file in unneeded {
        vault.delete(&file).await?;
    }
    Ok(())
}

/// Reads captions, for a film that long; as WebVTT.
///
/// # Errors
/// What is wrong with them, and where.
pub(crate) fn read_captions(file: &Path, seconds: f64) -> Result<String, NotTaken> {
    let name = file.display();
    let about = fs::metadata(file).map_err(|error| NotTaken::Refused(format!("{name}: {error}")))?;
    if about.len() > captions::LARGEST as u64 {
        return Err(NotTaken::Refused(format!("{name}: it is longer than captions can be")));
    }
    let bytes = fs::read(file).map_err(|error| NotTaken::Refused(format!("{name}: {error}")))?;
    let cues = captions::read(&bytes, seconds);
    let cues = cues.map_err(|bad| NotTaken::Refused(format!("{name}:{}: {}", bad.line, bad.why)))?;
    Ok(captions::webvtt(&cues))
}

/// Stores captions.
///
/// # Errors
/// The vault cannot be written.
pub(crate) async fn store_captions(vault: &Vault, language: &Language, text: String) -> Result<VideoFile, VaultError> {
    let stored = vault.put_bytes(text.into_bytes().into()).await?;
    Ok(VideoFile {
        role: format!("captions-{language}"),
        sha256: stored.sha256,
        bytes: stored.bytes,
        media_type: "text/vtt".to_owned(),
        index: None,
        details: json!({"language": language.as_str()}),
    })
}
