//! A point in a film, as people write it.

use crate::timecode::{BadTimecode, Written};
use std::str::FromStr;

/// A timecode, a frame's number or seconds, all of them counted as the source counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// `10:00:02:23`, `10:00:02;23`
    Timecode(TimecodeText),
    /// `f73`: the first frame is `f0`
    Frame(u32),
    /// `2.92s`, in nanoseconds since the first frame; the nearest frame is meant
    Seconds(u64),
}

/// A timecode whose source is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimecodeText(pub(crate) Written);

/// Why a text is no point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPoint {
    /// None of the three ways to write one.
    #[error("a point is a timecode (10:00:02:23), a frame (f73) or seconds (2.92s)")]
    Shape,
    /// A timecode, but not a good one.
    #[error(transparent)]
    Timecode(#[from] BadTimecode),
}

impl FromStr for Point {
    type Err = BadPoint;

    fn from_str(text: &str) -> Result<Self, BadPoint> {
        if let Some(number) = text.strip_prefix('f') {
            let digits = number.bytes().all(|byte| byte.is_ascii_digit());
            return number.parse().ok().filter(|_| digits).map(Point::Frame).ok_or(BadPoint::Shape);
        }
        if let Some(number) = text.strip_suffix('s') {
            return nanoseconds(number).map(Point::Seconds).ok_or(BadPoint::Shape);
        }
        if !text.contains(':') {
            return Err(BadPoint::Shape);
        }
        Ok(Point::Timecode(TimecodeText(text.parse()?)))
    }
}

/// `2.92` → 2 920 000 000, without a detour through floating point. Up to 7 digits before and 9 after the point.
fn nanoseconds(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || whole.len() > 7 || part.len() > 9 {
        return None;
    }
    Some(whole.parse::<u64>().ok()? * 1_000_000_000 + format!("{part:0<9}").parse::<u64>().ok()?)
}
