//! What a step makes of a film, before it is stored; and why it does not.

use super::{ffmpeg::FfmpegError, probe::Unfit, vault::VaultError, worker::LAST_TRY};
use serde::Serialize;
use serde_json::Value;
use std::{io, path::PathBuf};

/// A file that was made.
pub(crate) struct Made {
    pub(crate) role: String,
    pub(crate) file: PathBuf,
    pub(crate) media_type: &'static str,
    /// Its packed index, where it is a film.
    pub(crate) index: Option<Vec<u8>>,
    pub(crate) details: Value,
}

impl Made {
    pub(crate) fn file(role: &str, file: PathBuf, media_type: &'static str, details: &impl Serialize) -> Self {
        // Numbers and texts: nothing in them could fail.
        let details = serde_json::to_value(details).unwrap_or_default();
        Self { role: role.to_owned(), file, media_type, index: None, details }
    }
}

/// Why a step did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// The next try would end the same, unless the disk was full and ffmpeg did not notice.
    #[error("what came out was checked, and is not what it should be: {0}")]
    Wrong(String),
    /// The source is not as it was when it came.
    #[error("the original cannot be worked on: {0}")]
    Source(#[from] Unfit),
    #[error(transparent)]
    Ffmpeg(#[from] FfmpegError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl Failed {
    /// How often it is worth trying: whatever was found wrong by looking is found again.
    pub(crate) fn tries(&self) -> i64 {
        if matches!(self, Failed::Wrong(_) | Failed::Source(Unfit::Not(_))) { 2 } else { LAST_TRY }
    }
}
