//! Frame rates, and the timecode that counts frames (SMPTE ST 12-1).

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Frames per second as a fraction in lowest terms: 30000/1001, 25/1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rate {
    frames: u32,
    seconds: u32,
}

impl Rate {
    /// So many frames in so many seconds. `None` where either is zero.
    #[must_use]
    pub fn new(frames: u32, seconds: u32) -> Option<Self> {
        if frames == 0 || seconds == 0 {
            return None;
        }
        let common = gcd(frames.into(), seconds.into()) as u32;
        Some(Self { frames: frames / common, seconds: seconds / common })
    }

    /// Numerator: frames.
    #[must_use]
    pub fn frames(self) -> u32 {
        self.frames
    }

    /// Denominator: the seconds in which they are shown.
    #[must_use]
    pub fn seconds(self) -> u32 {
        self.seconds
    }

    /// The whole number that timecode counts up to: 30 for 29.97. At least 1.
    #[must_use]
    pub fn nominal(self) -> u32 {
        let (frames, seconds) = (u64::from(self.frames), u64::from(self.seconds));
        u32::try_from(((2 * frames + seconds) / (2 * seconds)).max(1)).unwrap_or(u32::MAX)
    }

    /// Frames per second.
    #[must_use]
    pub fn per_second(self) -> f64 {
        f64::from(self.frames) / f64::from(self.seconds)
    }
}

impl fmt::Display for Rate {
    /// `25` or `30000/1001`, as ffmpeg reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seconds {
            1 => write!(f, "{}", self.frames),
            seconds => write!(f, "{}/{seconds}", self.frames),
        }
    }
}

pub(crate) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// How timecode counts: frames to a second, and whether numbers are left out.
///
/// Drop-frame leaves out the first `nominal / 15` numbers of each minute, except of every tenth, so that 29.97 and 59.94
/// frames a second keep up with the clock (ST 12-1, 4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawFormat", into = "RawFormat")]
pub struct TimecodeFormat {
    nominal: u8,
    drop_frame: bool,
}

#[derive(Serialize, Deserialize)]
struct RawFormat {
    nominal: u8,
    drop_frame: bool,
}

impl TryFrom<RawFormat> for TimecodeFormat {
    type Error = BadTimecode;

    fn try_from(RawFormat { nominal, drop_frame }: RawFormat) -> Result<Self, BadTimecode> {
        Self::new(nominal.into(), drop_frame).ok_or(BadTimecode::Format)
    }
}

impl From<TimecodeFormat> for RawFormat {
    fn from(TimecodeFormat { nominal, drop_frame }: TimecodeFormat) -> Self {
        Self { nominal, drop_frame }
    }
}

impl TimecodeFormat {
    /// `None` for no frames or more than 240 in a second, and for drop-frame of what is not a multiple of 30.
    #[must_use]
    pub fn new(nominal: u32, drop_frame: bool) -> Option<Self> {
        let fits = (1..=240).contains(&nominal) && (!drop_frame || nominal.is_multiple_of(30));
        Some(Self { nominal: u8::try_from(nominal).ok().filter(|_| fits)?, drop_frame })
    }

    /// Frames to a second of timecode.
    #[must_use]
    pub fn nominal(self) -> u32 {
        self.nominal.into()
    }

    /// Whether numbers are left out.
    #[must_use]
    pub fn drop_frame(self) -> bool {
        self.drop_frame
    }

    fn left_out(self) -> u64 {
        if self.drop_frame { u64::from(self.nominal) / 15 } else { 0 }
    }

    fn per_minute(self) -> u64 {
        60 * u64::from(self.nominal) - self.left_out()
    }

    fn per_ten_minutes(self) -> u64 {
        600 * u64::from(self.nominal) - 9 * self.left_out()
    }

    /// Frames from midnight to midnight.
    #[must_use]
    pub fn per_day(self) -> u64 {
        144 * self.per_ten_minutes()
    }
}

/// The timecode of one frame: a number of frames since midnight, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "String")]
pub struct Timecode {
    frames: u64,
    format: TimecodeFormat,
}

impl From<Timecode> for String {
    fn from(timecode: Timecode) -> Self {
        timecode.to_string()
    }
}

/// Why a text is no timecode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTimecode {
    /// It does not look like one.
    #[error("a timecode is written 10:00:02:23, or 10:00:02;23 for drop-frame")]
    Shape,
    /// Hours over 23, minutes or seconds over 59, frames that a second does not have.
    #[error("no second has that frame, or no day that hour")]
    Range,
    /// A number that drop-frame leaves out.
    #[error("drop-frame timecode leaves that number out")]
    LeftOut,
    /// A semicolon where the source counts every number.
    #[error("the semicolon says drop-frame, and this source's timecode is not")]
    NotDropFrame,
    /// No such way of counting.
    #[error("there is no timecode of that rate")]
    Format,
}

/// `10:00:02;23` taken apart, before it is known how its source counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    hours: u32,
    minutes: u32,
    seconds: u32,
    frames: u32,
    pub(crate) semicolon: bool,
}

impl FromStr for Written {
    type Err = BadTimecode;

    fn from_str(text: &str) -> Result<Self, BadTimecode> {
        let semicolon = text.contains(';');
        let mut parts = text.split([':', ';']).map(|part| match part.len() {
            1..=3 if part.bytes().all(|byte| byte.is_ascii_digit()) => part.parse::<u32>().ok(),
            _ => None,
        });
        let mut next = || parts.next().flatten().ok_or(BadTimecode::Shape);
        let written = Self { hours: next()?, minutes: next()?, seconds: next()?, frames: next()?, semicolon };
        if parts.next().is_some() || text.find(';').is_some_and(|at| text[at + 1..].contains([':', ';'])) {
            return Err(BadTimecode::Shape);
        }
        Ok(written)
    }
}

impl Timecode {
    /// The timecode so many frames after midnight; days wrap round.
    #[must_use]
    pub fn from_frames(frames: u64, format: TimecodeFormat) -> Self {
        Self { frames: frames % format.per_day(), format }
    }

    /// Reads `HH:MM:SS:FF`. Under drop-frame a colon will do for the semicolon, which shells take for their own.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, format: TimecodeFormat) -> Result<Self, BadTimecode> {
        Self::of(text.parse()?, format)
    }

    pub(crate) fn of(written: Written, format: TimecodeFormat) -> Result<Self, BadTimecode> {
        if written.semicolon && !format.drop_frame {
            return Err(BadTimecode::NotDropFrame);
        }
        let Written { hours, minutes, seconds, frames, .. } = written;
        if hours > 23 || minutes > 59 || seconds > 59 || frames >= format.nominal() {
            return Err(BadTimecode::Range);
        }
        if seconds == 0 && !minutes.is_multiple_of(10) && u64::from(frames) < format.left_out() {
            return Err(BadTimecode::LeftOut);
        }
        let minutes = u64::from(hours * 60 + minutes);
        let numbers = (minutes * 60 + u64::from(seconds)) * u64::from(format.nominal()) + u64::from(frames);
        Ok(Self { frames: numbers - format.left_out() * (minutes - minutes / 10), format })
    }

    /// Frames since midnight.
    #[must_use]
    pub fn frames(self) -> u64 {
        self.frames
    }

    /// How it counts.
    #[must_use]
    pub fn format(self) -> TimecodeFormat {
        self.format
    }

    /// So many frames later; past midnight it begins again.
    #[must_use]
    pub fn plus(self, frames: u64) -> Self {
        Self::from_frames(self.frames + frames % self.format.per_day(), self.format)
    }

    /// Frames from an earlier one, across midnight where that is the shorter reading. Both must count alike.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        let day = self.format.per_day();
        (self.frames + day - earlier.frames % day) % day
    }
}

impl fmt::Display for Timecode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = self.format;
        let (tens, rest) = (self.frames / format.per_ten_minutes(), self.frames % format.per_ten_minutes());
        // The first minute of ten has all its numbers.
        let first = 60 * u64::from(format.nominal());
        let minute = if rest < first { 0 } else { 1 + (rest - first) / format.per_minute() };
        let numbers = self.frames + format.left_out() * (9 * tens + minute);
        let nominal = u64::from(format.nominal());
        let (seconds, frame) = (numbers / nominal, numbers % nominal);
        let separator = if format.drop_frame { ';' } else { ':' };
        let width = if nominal > 100 { 3 } else { 2 };
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        write!(f, "{hours:02}:{minutes:02}:{:02}{separator}{frame:0width$}", seconds % 60)
    }
}
