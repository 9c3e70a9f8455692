//! What can be asked of the baskets, in the visitor's terms. Implemented in `server/src/basket/`.

use crate::{
    account::contract::Caller,
    media::{
        contract::{Board, Unavailable},
        timing::Timing,
    },
    routes::in_query,
};
use plan::gloss::Both;
use std::{ops::Range, sync::Arc};

/// Frames that may be added before and behind each range.
pub const MOST_HANDLES: u32 = 250;
/// Bytes of a list of cuts that is sent.
pub const LARGEST_EDL: usize = 1 << 20;

/// The baskets, as the pages need them.
#[async_trait::async_trait]
pub trait Baskets: Send + Sync {
    /// What lies in the basket of whoever asks; none where nobody is signed in.
    async fn basket(&self, caller: &Caller, choice: &Choice) -> Result<Option<Basket>, Unavailable>;
    /// What of it the page of a video tells; none where nobody is signed in.
    async fn beside(&self, caller: &Caller, number: &str) -> Result<Option<Beside>, Unavailable>;
}

/// How the ranges of a basket are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Frames before and behind each range.
    pub handles: u32,
    /// The rendition that is wanted; empty for the finest of each video.
    pub rendition: String,
}

impl Choice {
    /// As an address or a form says it; what it cannot mean is left out.
    pub fn read(query: &str) -> Choice {
        let handles = in_query(query, "handles").and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        let rendition = in_query(query, "rendition").unwrap_or_default();
        Choice { handles: u32::min(handles, MOST_HANDLES), rendition: rendition.chars().take(40).collect() }
    }

    /// As the query of an address.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if self.handles > 0 {
            query.append_pair("handles", &self.handles.to_string());
        }
        if !self.rendition.is_empty() {
            query.append_pair("rendition", &self.rendition);
        }
        query.finish()
    }
}

/// A basket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basket {
    /// What lies in it, in its owner's order.
    pub items: Vec<Item>,
    /// The renditions that any of its videos can be cut from, the finest first.
    pub renditions: Vec<String>,
    /// How much it holds at most.
    pub most: usize,
}

/// A range in a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name in forms.
    pub id: i64,
    /// The video's number.
    pub number: String,
    /// Which frames.
    pub frames: Range<u32>,
    /// What its owner says of it.
    pub note: String,
    /// The video itself; none where visitors do not see it any more.
    pub film: Option<Arc<Film>>,
    /// What is taken of it, or why nothing is.
    pub taken: Result<Taken, LeftOut>,
}

/// What a basket shows of a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Film {
    /// Its title.
    pub title: Both<String>,
    /// How its frames are counted.
    pub timing: Timing,
    /// Sides of its picture.
    pub size: (u32, u32),
    /// Its pictures at even distances.
    pub board: Option<Board>,
}

/// What is taken of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which frames, with as much of the handles as may be.
    pub frames: Range<u32>,
    /// From which rendition.
    pub rendition: String,
    /// Bytes, about.
    pub bytes: u64,
}

/// Why nothing is taken of a range. What is blocked says why, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The video was withdrawn, or is under embargo again.
    Gone,
    /// It touches a passage that is not handed out.
    Blocked(Both<String>),
    /// Frames of such a passage would travel hidden in the file.
    Hidden(Both<String>),
    /// None of the video's files can be cut there.
    Uncut,
}

/// What the page of a video tells of a basket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// How many ranges lie in it.
    pub count: usize,
    /// Those of the video.
    pub ranges: Vec<Range<u32>>,
}

/// What came of a list of cuts that was sent. In the server's context, for the page that tells of it.
#[derive(Clone, Debug)]
pub struct Uploaded(pub Arc<Result<Report, NoList>>);

/// Why a file is no list of cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoList {
    /// None was chosen.
    Nothing,
    /// There is no event in it.
    NoEvents,
    /// It is longer than one is.
    TooLarge,
}

/// What was found in a list of cuts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What the list is called.
    pub title: String,
    /// The events whose range is in the basket now.
    pub put: Vec<Put>,
    /// Everything else that stands in it.
    pub left: Vec<Left>,
}

/// An event whose range is in the basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// Its line.
    pub line: usize,
    /// Its number in the list.
    pub event: String,
    /// The video's number.
    pub number: String,
    /// Its first frame's timecode, and that of the first no longer in it.
    pub timecodes: [String; 2],
    /// Whether it lay in the basket before.
    pub was_in: bool,
    /// Frames of the transition by which it begins, which is not in the clip.
    pub transition: Option<u32>,
}

/// A line whose range is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Which.
    pub line: usize,
    /// How it reads.
    pub text: String,
    /// Why.
    pub why: LeftWhy,
}

/// Why the range of a line is not in the basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftWhy {
    /// Black.
    Black,
    /// A source that nothing names.
    Auxiliary,
    /// It has no length.
    NoLength,
    /// A key.
    Key,
    /// No track.
    NoTrack,
    /// Timecodes that are none.
    Timecodes,
    /// No line of a list.
    Unknown,
    /// No video is called so.
    NoVideo,
    /// Several are.
    Several,
    /// The video has no such frames.
    Outside,
    /// There is no place for it.
    Full,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_back_and_kept_within_its_limits() {
        let choice = Choice { handles: 25, rendition: "720p".to_owned() };
        assert_eq!(Choice::read(&choice.query()), choice);
        assert_eq!(Choice::read(""), Choice::default());
        assert_eq!(Choice::read("handles=9999").handles, MOST_HANDLES);
        assert_eq!(Choice::read("handles=-1&rendition=").handles, 0);
        assert_eq!(Choice::default().query(), "");
    }
}
