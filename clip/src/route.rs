//! The three ways to cut, and which of them is proposed.

use crate::{Clip, Frames, Index, Refused, packed::Sync};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a clip is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// By the index, and nothing but the frames wanted travels. For codecs in which every picture stands alone.
    Intra,
    /// By the index with an edit list: the frames that others need are in the file, and players do not show them.
    Instant,
    /// Head and tail are encoded anew, so that nothing is hidden.
    EditSafe,
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Route::Intra => "intra",
            Route::Instant => "instant",
            Route::EditSafe => "edit-safe",
        })
    }
}

/// A way, and the reason for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The way.
    pub route: Route,
    /// The reason.
    pub why: Why,
}

/// Why a way is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Every picture can be decoded by itself.
    PicturesStandAlone,
    /// There are no pictures.
    SoundOnly,
    /// The range begins and ends where pictures need no other.
    NothingHidden,
    /// Pictures travel that are not shown.
    Hidden {
        /// Before the first one shown.
        before: u32,
        /// After the last one shown.
        after: u32,
    },
    /// Pictures that may not be given away would travel.
    Restricted {
        /// Before the first one shown.
        before: u32,
        /// After the last one shown.
        after: u32,
    },
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::PicturesStandAlone => f.write_str("every picture stands alone"),
            Why::SoundOnly => f.write_str("there is sound only"),
            Why::NothingHidden => f.write_str("the range begins and ends between groups of pictures"),
            Why::Hidden { before, after } => write!(
                f,
                "{before} frames before and {after} after travel in the file and are hidden by its edit list, which \
                 Firefox and some editors do not follow"
            ),
            Why::Restricted { before, after } => {
                write!(
                    f,
                    "{before} frames before and {after} after would travel in the file, and may not be given away"
                )
            }
        }
    }
}

impl Index {
    /// Which way to cut, and why. `restricted` says that no frame beside the range may be given away.
    ///
    /// # Errors
    /// As [`Index::clip`].
    pub fn propose(&self, frames: &Frames, restricted: bool) -> Result<Proposal, Refused> {
        Ok(self.explain(&self.clip(frames)?, restricted))
    }

    /// As [`Index::propose`], for a clip that is planned already.
    #[must_use]
    pub fn explain(&self, clip: &Clip, restricted: bool) -> Proposal {
        let (route, why) = match clip.hidden() {
            _ if self.sound_only() => (Route::Intra, Why::SoundOnly),
            (0, 0) if self.main().all_alone() => (Route::Intra, Why::PicturesStandAlone),
            (0, 0) => (Route::Instant, Why::NothingHidden),
            (before, after) if restricted => (Route::EditSafe, Why::Restricted { before, after }),
            (before, after) => (Route::Instant, Why::Hidden { before, after }),
        };
        Proposal { route, why }
    }
}

/// What has to be known of pictures beyond the index, to encode some of them anew: ffprobe tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The codec's name: `h264`.
    pub codec: String,
    /// The pixel format: `yuv420p`.
    pub pixel_format: String,
    /// Whether pictures consist of two fields taken one after the other.
    pub interlaced: bool,
}

/// How an edit-safe clip is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditSafe {
    /// The index does it: nothing would be hidden.
    Index,
    /// `head` and `tail` are encoded to the source's parameters, either may be empty. The packets of `middle`, one for
    /// each frame, are copied.
    Joined {
        /// Up to where pictures need none before them.
        head: Frames,
        /// Whole groups of pictures.
        middle: Frames,
        /// What is left.
        tail: Frames,
    },
    /// Everything is encoded anew.
    Whole(Whole),
}

/// Why nothing can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Whole {
    /// Pictures need others from the group before.
    #[error("its groups of pictures are open: what is copied would need what is not")]
    OpenGop,
    /// Two fields to a picture.
    #[error("it is interlaced")]
    Interlaced,
    /// No steady rate.
    #[error("its frames come at no steady rate")]
    VariableRate,
    /// A codec or pixel format whose parameters are not met.
    #[error("its codec's parameters cannot be met exactly")]
    Parameters,
    /// Several formats in one track.
    #[error("its format changes within the file")]
    FormatChanges,
    /// Nothing to copy.
    #[error("no group of pictures begins within the range")]
    NoWholeGroup,
}

impl Index {
    /// Plans a clip of which nothing is hidden: which frames are encoded anew, and which are copied.
    ///
    /// # Errors
    /// As [`Index::clip`].
    pub fn edit_safe(&self, frames: &Frames, picture: &Picture) -> Result<EditSafe, Refused> {
        if self.clip(frames)?.hidden() == (0, 0) {
            return Ok(EditSafe::Index);
        }
        Ok(match self.groups(frames, picture) {
            Ok(middle) => EditSafe::Joined { head: frames.start..middle.start, tail: middle.end..frames.end, middle },
            Err(why) => EditSafe::Whole(why),
        })
    }

    /// The part of a range that can be copied.
    fn groups(&self, frames: &Frames, picture: &Picture) -> Result<Frames, Whole> {
        let track = self.main();
        if track.interlaced || picture.interlaced {
            return Err(Whole::Interlaced);
        }
        if !self.constant() {
            return Err(Whole::VariableRate);
        }
        if picture.codec != "h264" || !["yuv420p", "yuvj420p"].contains(&picture.pixel_format.as_str()) {
            return Err(Whole::Parameters);
        }
        if track.descriptions() != 1 {
            return Err(Whole::FormatChanges);
        }
        let (from, to) = (self.clock.at(frames.start), self.clock.at(frames.end));
        // The first place to begin decoding.
        let mut begin: Option<i64> = None;
        let mut open = false;
        let earliest = i64::from(track.samples.offsets.0);
        let latest = i64::from(track.samples.offsets.1);
        let start = track.samples.after(from - latest - 1);
        let mut latest_sync = i64::MIN;
        for sample in track.samples.from(start).take_while(|sample| sample.dts <= to - earliest) {
            let pts = sample.pts();
            if sample.sync == Sync::No {
                open |= pts < latest_sync;
                continue;
            }
            latest_sync = pts;
            if (from..=to).contains(&pts) {
                open |= sample.sync == Sync::Partial;
                begin = begin.or(Some(pts));
            }
        }
        if open {
            return Err(Whole::OpenGop);
        }
        let begin = frames.clone().find(|frame| Some(self.clock.at(*frame)) == begin).ok_or(Whole::NoWholeGroup)?;
        // Up to the last frame before which nothing that comes later is needed: with B-frames, a few before the end.
        let whole = |end: &u32| self.clip(&(begin..*end)).is_ok_and(|clip| clip.hidden() == (0, 0));
        let end = (begin + 1..=frames.end).rev().take(32).find(whole).ok_or(Whole::NoWholeGroup)?;
        Ok(begin..end)
    }
}
