//! Why a file is not taken, or a clip not made.

use crate::timecode::BadTimecode;

/// Each says it in a sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The source could not be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Something else under that name.
    #[error("this is no MP4 or MOV file")]
    NotMp4,
    /// Pictures perhaps, but nothing that says where they lie.
    #[error("it has no index (moov): the recording or the copy was interrupted")]
    NoIndex,
    /// It contradicts itself, or ends too early.
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    /// A count or size beyond what is read.
    #[error("it has more {what} than are read ({limit})")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// Sound, but not cut by this crate.
    #[error("{0}")]
    Unsupported(&'static str),
    /// A stored index of another version, or not one.
    #[error("this is not a stored index of this version")]
    NotAnIndex,
    /// `in` does not lie before `out`.
    #[error("out must lie after in: in is the first frame kept, out the first no longer kept")]
    Empty,
    /// Past the end, or before the start.
    #[error("there is no such point: it has the frames {first} to {last} (out may be {end})")]
    Outside {
        /// The first frame, in the source's way of counting.
        first: String,
        /// The last.
        last: String,
        /// What follows the last.
        end: String,
    },
    /// Timecode of a source whose frames do not come at a steady rate.
    #[error("it has no steady frame rate, so timecode means nothing: use frames (f73) or seconds (2.92s)")]
    NoTimecode,
    /// Frame numbers of a source without pictures.
    #[error("it has sound only: use seconds (2.92s)")]
    NoFrames,
    /// Not a timecode of this source.
    #[error(transparent)]
    Timecode(#[from] BadTimecode),
}
