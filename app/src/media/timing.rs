//! Frames of a film and the timecode that names them (SMPTE ST 12-1), alike on the server and in the browser.
//!
//! The crate `clip` has the whole of it; this is what a page needs, in whole numbers, as the Wasm has a limit of weight.
//! A test holds the two together.

/// How the frames of a film are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Frames in [`Timing::seconds`] seconds: 30000 of 29.97. Never 0.
    pub rate: u32,
    /// The seconds in which they are shown: 1001 of 29.97. Never 0.
    pub seconds: u32,
    /// Whether timecode leaves numbers out to keep up with the clock.
    pub drop_frame: bool,
    /// The first frame's timecode, in frames since midnight.
    pub start: u64,
    /// Frames of the film. Never 0.
    pub frames: u32,
}

impl Timing {
    /// The whole number that timecode counts up to: 30 for 29.97.
    pub fn nominal(&self) -> u64 {
        let (rate, seconds) = (u64::from(self.rate), u64::from(self.seconds).max(1));
        ((2 * rate + seconds) / (2 * seconds)).max(1)
    }

    /// Numbers left out of each minute but every tenth.
    fn left_out(&self) -> u64 {
        if self.drop_frame { self.nominal() / 15 } else { 0 }
    }

    fn per_minute(&self) -> u64 {
        60 * self.nominal() - self.left_out()
    }

    fn per_ten_minutes(&self) -> u64 {
        600 * self.nominal() - 9 * self.left_out()
    }

    fn per_day(&self) -> u64 {
        144 * self.per_ten_minutes()
    }

    /// The timecode of a frame, from 0: `10:00:02:23`, `10:00:02;23` for drop-frame.
    pub fn timecode(&self, frame: u32) -> String {
        let frames = (self.start + u64::from(frame)) % self.per_day();
        let (tens, rest) = (frames / self.per_ten_minutes(), frames % self.per_ten_minutes());
        // The first minute of ten has all its numbers.
        let first = 60 * self.nominal();
        let minute = if rest < first { 0 } else { 1 + (rest - first) / self.per_minute() };
        let numbers = frames + self.left_out() * (9 * tens + minute);
        let (seconds, frame) = (numbers / self.nominal(), numbers % self.nominal());
        let separator = if self.drop_frame { ';' } else { ':' };
        let digits = if self.nominal() > 100 { 3 } else { 2 };
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{hours:02}:{minutes:02}:{seconds:02}{separator}{frame:0digits$}")
    }

    /// The frame that a text means, in any of the three ways to write a point: a timecode, `f73`, `2.92s`. Up to the
    /// first frame after the last, which is where a part may end. None where it means none.
    pub fn frame(&self, text: &str) -> Option<u32> {
        let text = text.trim();
        let frame = if let Some(number) = text.strip_prefix('f') {
            number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()?
        } else if let Some(seconds) = text.strip_suffix('s') {
            self.at_seconds(seconds)?
        } else {
            self.at_timecode(text)?
        };
        (frame <= u64::from(self.frames)).then(|| u32::try_from(frame).ok()).flatten()
    }

    /// The frame nearest to so many seconds, written in decimals; to the microsecond.
    pub fn at_seconds(&self, text: &str) -> Option<u64> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 7 || part.len() > 9 {
            return None;
        }
        let part = part.bytes().chain([b'0'; 6]).take(6).fold(0, |sum, byte| 10 * sum + u64::from(byte - b'0'));
        let micros = whole.parse::<u64>().ok()? * 1_000_000 + part;
        let unit = u64::from(self.seconds) * 1_000_000;
        Some((micros * u64::from(self.rate) + unit / 2) / unit)
    }

    fn at_timecode(&self, text: &str) -> Option<u64> {
        if text.contains(';') && !self.drop_frame {
            return None;
        }
        let mut parts = text.split([':', ';']).map(|part| {
            let good = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            good.then(|| part.parse::<u64>().ok()).flatten()
        });
        let mut next = || parts.next().flatten();
        let (hours, minutes, seconds, frames) = (next()?, next()?, next()?, next()?);
        let minute_begins = seconds == 0 && !minutes.is_multiple_of(10);
        let counted = hours < 24 && minutes < 60 && seconds < 60 && frames < self.nominal();
        if parts.next().is_some() || !counted || (minute_begins && frames < self.left_out()) {
            return None;
        }
        let minutes = hours * 60 + minutes;
        let numbers = (minutes * 60 + seconds) * self.nominal() + frames;
        let since_midnight = numbers - self.left_out() * (minutes - minutes / 10);
        let day = self.per_day();
        Some((since_midnight + day - self.start % day) % day)
    }

    /// So many frames in whole milliseconds.
    pub fn milliseconds(&self, frames: u32) -> u64 {
        u64::from(frames) * u64::from(self.seconds) * 1000 / u64::from(self.rate).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clip::{Rate, Timecode, TimecodeFormat};

    const RATES: [(u32, u32, bool); 9] = [
        (24_000, 1001, false),
        (24, 1, false),
        (25, 1, false),
        (30_000, 1001, true),
        (30_000, 1001, false),
        (50, 1, false),
        (60_000, 1001, true),
        (120, 1, false),
        (1001, 60, false),
    ];

    fn each(mut see: impl FnMut(Timing, TimecodeFormat)) {
        for (rate, seconds, drop_frame) in RATES {
            let nominal = Rate::new(rate, seconds).expect("a rate").nominal();
            let format = TimecodeFormat::new(nominal, drop_frame).expect("a format");
            for start in [0, 1, 1798, 90_000, 1_078_920, format.per_day() - 5] {
                see(Timing { rate, seconds, drop_frame, start, frames: 300_000 }, format);
            }
        }
    }

    #[test]
    fn a_timecode_is_the_one_that_clip_writes_and_is_read_back() {
        each(|timing, format| {
            for frame in (0..300_000).step_by(97).chain(0..40).chain(1790..1810).chain(17_970..17_990) {
                let ours = timing.timecode(frame);
                assert_eq!(ours, Timecode::from_frames(timing.start, format).plus(frame.into()).to_string());
                assert_eq!(timing.frame(&ours), Some(frame), "{ours} of {timing:?}");
            }
        });
    }

    #[test]
    fn what_clip_refuses_is_refused() {
        each(|timing, format| {
            for minute in 0..60 {
                for frame in 0..5 {
                    let text = format!("00:{minute:02}:00:{frame:02}");
                    let theirs = Timecode::parse(&text, format).ok();
                    let theirs = theirs.map(|code| code.since(Timecode::from_frames(timing.start, format)));
                    let theirs = theirs.filter(|frame| *frame <= u64::from(timing.frames));
                    assert_eq!(timing.frame(&text).map(u64::from), theirs, "{text} of {timing:?}");
                }
            }
        });
        let timing = Timing { rate: 25, seconds: 1, drop_frame: false, start: 0, frames: 100 };
        for text in
            ["", "f", "f-1", "f101", "s", "1", "1:2", "00:00:00:25", "00:00:00;01", "0:0:0:0:0", "4.1s", "é", "1.s"]
        {
            assert_eq!(timing.frame(text), None, "{text}");
        }
    }

    #[test]
    fn frames_and_seconds_are_points_too() {
        let timing = Timing { rate: 30_000, seconds: 1001, drop_frame: true, start: 0, frames: 1000 };
        for (text, frame) in [("f0", 0), ("f1000", 1000), ("0s", 0), ("1.001s", 30), ("2.92s", 88), (" f7 ", 7)] {
            assert_eq!(timing.frame(text), Some(frame), "{text}");
        }
        assert_eq!(timing.milliseconds(30), 1001);
    }
}
