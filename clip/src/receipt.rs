//! What is said of a clip: enough to make it again, and to tell which of its frames are the source's own.

use crate::{Clip, EditSafe, Frames, Index, Route};
use serde::{Deserialize, Serialize};

/// The receipt of a clip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The source's name.
    pub source: String,
    /// The source's length.
    pub source_bytes: u64,
    /// Frames a second, as a fraction such as `30000/1001`; none where they come at no steady rate.
    pub rate: Option<String>,
    /// Whether the source says its timecode itself. If not, it is counted from zero.
    pub source_has_timecode: bool,
    /// What was cut out, in the order of the clip.
    pub ranges: Vec<FramesOf>,
    /// The way it was made.
    pub route: Route,
    /// Why this way, in words.
    pub why: String,
    /// Pictures in the file that its edit list hides, before the first one shown and after the last.
    pub hidden: [u32; 2],
    /// Which frames are the source's own, bit by bit; numbers are those of the clip, from 0.
    pub stretches: Vec<Stretch>,
    /// The length of the clip in bytes.
    pub bytes: u64,
}

/// A range of the source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FramesOf {
    /// The first frame kept. Of sound only, instants (samples as a rule), here and below.
    pub first: u32,
    /// The first frame no longer kept.
    pub end: u32,
    /// The timecode of the first frame kept.
    #[serde(rename = "in")]
    pub timecode_in: Option<String>,
    /// The timecode of the first frame no longer kept.
    #[serde(rename = "out")]
    pub timecode_out: Option<String>,
    /// When it begins, in seconds from the start of the source.
    pub seconds_in: f64,
    /// When it ends.
    pub seconds_out: f64,
}

/// Frames of the clip that are of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The first.
    pub first: u32,
    /// The first that is no longer of the kind.
    pub end: u32,
    /// The source's own, or encoded anew.
    pub bit_identical: bool,
}

impl Index {
    /// The receipt of a clip that was cut by the index: every frame is the source's own.
    #[must_use]
    pub fn receipt(&self, source: &str, ranges: &[Frames], clip: &Clip) -> Receipt {
        let proposal = self.explain(clip, false);
        let whole: u32 = ranges.iter().map(|range| range.end - range.start).sum();
        Receipt {
            source: source.to_owned(),
            source_bytes: self.length,
            rate: self.rate().map(|rate| rate.to_string()),
            source_has_timecode: self.has_timecode(),
            ranges: ranges.iter().map(|range| self.describe(range)).collect(),
            route: proposal.route,
            why: proposal.why.to_string(),
            hidden: clip.hidden().into(),
            stretches: EditSafe::Index.stretches(&(0..whole)),
            bytes: clip.len(),
        }
    }

    /// A range in every way to count it.
    #[must_use]
    pub fn describe(&self, frames: &Frames) -> FramesOf {
        let timecode = |frame| self.timecode(frame).map(|timecode| timecode.to_string());
        FramesOf {
            first: frames.start,
            end: frames.end,
            timecode_in: timecode(frames.start),
            timecode_out: timecode(frames.end),
            seconds_in: self.seconds(frames.start),
            seconds_out: self.seconds(frames.end),
        }
    }
}

impl EditSafe {
    /// Which frames of a clip of `frames` remain the source's own.
    #[must_use]
    pub fn stretches(&self, frames: &Frames) -> Vec<Stretch> {
        let of = |part: &Frames, bit_identical| Stretch {
            first: part.start - frames.start,
            end: part.end - frames.start,
            bit_identical,
        };
        let all = match self {
            EditSafe::Index => vec![of(frames, true)],
            EditSafe::Joined { head, middle, tail } => vec![of(head, false), of(middle, true), of(tail, false)],
            EditSafe::Whole(_) => vec![of(frames, false)],
        };
        all.into_iter().filter(|stretch| stretch.first < stretch.end).collect()
    }
}
