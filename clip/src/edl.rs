//! Edit decision lists (CMX 3600): which ranges of which reels follow each other.
//!
//! Written as editing programs expect them. Read as they write them: fields apart by any space, lines ended in any way,
//! what the clip is called in a comment. What is no range of footage is passed over and named, so that nothing is lost
//! in silence.

use crate::timecode::{Timecode, TimecodeFormat, Written};
use std::fmt::{self, Write as _};

/// Bytes of a list that are read.
pub const LARGEST: usize = 1 << 20;
/// Events that are read. The format has three digits for them; programs write more.
const MOST_EVENTS: usize = 10_000;
/// Characters of a reel's name.
const REEL: usize = 8;
/// Characters of a title.
const TITLE: usize = 70;
/// Characters of a comment that are kept.
const COMMENT: usize = 200;

/// A list as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edl {
    /// What it is called; empty where it does not say.
    pub title: String,
    /// The ranges of footage, in the order of the list.
    pub events: Vec<Event>,
    /// What is none, in the order of the list.
    pub passed_over: Vec<PassedOver>,
}

/// A range of footage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where it stands in the list, from 1.
    pub line: usize,
    /// Its number, as it is written: `001`.
    pub number: String,
    /// The reel's name.
    pub reel: String,
    /// Which tracks: `V`, `A2`, `AA/V`, `B`.
    pub channels: String,
    /// How it begins.
    pub transition: Transition,
    /// Its first frame and the first no longer in it, as the reel counts.
    pub source: [String; 2],
    /// The same as the timeline counts.
    pub record: [String; 2],
    /// What the clip is called, where a comment says it.
    pub clip_name: Option<String>,
}

/// How one range follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// At once.
    Cut,
    /// One fades into the other, in so many frames.
    Dissolve(u32),
    /// One pushes the other away, in so many frames.
    Wipe(u32),
}

/// A line that is no range of footage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Where it stands, from 1.
    pub line: usize,
    /// The line itself, its first characters.
    pub text: String,
    /// Why it is none.
    pub why: Why,
}

/// Why a line is no range of footage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Black.
    Black,
    /// An auxiliary source, of which no comment says what it is.
    Auxiliary,
    /// It has no length: where it stands, a transition begins.
    NoLength,
    /// It lies over another range, as a key.
    Key,
    /// Its tracks are none.
    NoTrack,
    /// Its timecodes are none.
    Timecodes,
    /// It is no line that a list has.
    Unknown,
}

/// Why a text is no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEdl {
    /// Longer than one is.
    #[error("the list has more than {LARGEST} bytes")]
    TooLarge,
    /// More events than one has.
    #[error("the list has more than {MOST_EVENTS} events")]
    TooMany,
    /// Not a single event.
    #[error("there is no event in it: a CMX 3600 list has lines such as 001 REEL V C and four timecodes")]
    NoEvents,
}

/// What stands between the number and the timecodes of an event.
struct Middle {
    reel: String,
    channels: String,
    transition: Option<Transition>,
}

impl Edl {
    /// Reads a list, in UTF-8, UTF-16 with its mark, or Latin-1.
    ///
    /// # Errors
    /// It is too large, or holds no event.
    pub fn read(bytes: &[u8]) -> Result<Self, BadEdl> {
        if bytes.len() > LARGEST {
            return Err(BadEdl::TooLarge);
        }
        let (text, mut edl, mut events) = (decoded(bytes), Edl::default(), 0);
        for (text, line) in text.replace("\r\n", "\n").split(['\n', '\r']).zip(1..) {
            let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
            if text.is_empty() {
                continue;
            }
            if text.starts_with(|c: char| c.is_ascii_digit()) {
                events += 1;
                if events > MOST_EVENTS {
                    return Err(BadEdl::TooMany);
                }
                match Event::read(line, text) {
                    Ok(event) => edl.events.push(event),
                    Err(why) => edl.pass_over(line, text, why),
                }
            } else if let Some(comment) = text.strip_prefix('*') {
                edl.heed(comment.trim());
            } else if let Some(title) = after(text, "TITLE:") {
                edl.title = title.chars().take(TITLE).collect();
            } else if !KNOWN.iter().any(|known| after(text, known).is_some()) {
                edl.pass_over(line, text, Why::Unknown);
            }
        }
        if events == 0 {
            return Err(BadEdl::NoEvents);
        }
        edl.without_nameless();
        Ok(edl)
    }

    fn pass_over(&mut self, line: usize, text: &str, why: Why) {
        self.passed_over.push(PassedOver { line, text: text.chars().take(COMMENT).collect(), why });
    }

    /// What a comment says of the event above it.
    fn heed(&mut self, comment: &str) {
        let Some(event) = self.events.last_mut() else { return };
        let named = |name: &str| after(comment, name).map(|name| name.chars().take(COMMENT).collect::<String>());
        // Of a transition, the range that it leads to is the event's.
        let own = if event.transition == Transition::Cut { "FROM CLIP NAME:" } else { "TO CLIP NAME:" };
        if let Some(name) = named(own) {
            event.clip_name = Some(name);
        } else if event.clip_name.is_none() {
            event.clip_name = named("CLIP NAME:").or_else(|| named("SOURCE FILE:"));
        }
    }

    /// `AX` is what programs write where there is no reel: the comment says what it is, or nothing does.
    fn without_nameless(&mut self) {
        let nameless = |event: &Event| event.reel.eq_ignore_ascii_case("AX") && event.clip_name.is_none();
        for event in self.events.extract_if(.., |event| nameless(event)) {
            let text = format!("{} {} {}", event.number, event.reel, event.source.join(" "));
            self.passed_over.push(PassedOver { line: event.line, text, why: Why::Auxiliary });
        }
        self.passed_over.sort_by_key(|passed| passed.line);
    }
}

/// Lines that say how to count, and what only a certain machine does.
const KNOWN: [&str; 12] = [
    "FCM:",
    "M2",
    "SPLIT:",
    ">>>",
    "GPI",
    "EFFECTS NAME IS",
    "FINAL CUT PRO REEL:",
    "SOURCE TABLE",
    "AUD",
    "#",
    "DLEDL:",
    "MOTION",
];

/// What follows `name` at a text's beginning, in whatever case.
fn after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then(|| rest.trim())
}

fn decoded(bytes: &[u8]) -> String {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.as_chunks().0.iter().copied().map(unit).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        // Latin-1 is what older programs write where they write more than ASCII.
        _ => str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned),
    }
}

impl Event {
    fn read(line: usize, text: &str) -> Result<Self, Why> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let timecode = |text: &&str| text.parse::<Written>().is_ok();
        let Some((before, times)) = fields.split_last_chunk::<4>() else { return Err(Why::Unknown) };
        if !times.iter().all(timecode) {
            // A line that begins with a digit and has no timecodes at all is none of a list's.
            return Err(if fields.iter().any(|field| field.contains(':')) { Why::Timecodes } else { Why::Unknown });
        }
        let (number, rest) = before.split_first().ok_or(Why::Unknown)?;
        let middle = Middle::read(rest).ok_or(Why::Unknown)?;
        let transition = middle.transition.ok_or(Why::Key)?;
        let [from, to, begins, ends] = times.map(str::to_owned);
        match () {
            () if ["BL", "BLK", "BLACK"].iter().any(|name| middle.reel.eq_ignore_ascii_case(name)) => Err(Why::Black),
            () if middle.channels.eq_ignore_ascii_case("NONE") => Err(Why::NoTrack),
            () if from == to => Err(Why::NoLength),
            () => Ok(Event {
                line,
                number: (*number).to_owned(),
                reel: middle.reel,
                channels: middle.channels,
                transition,
                source: [from, to],
                record: [begins, ends],
                clip_name: None,
            }),
        }
    }
}

impl Middle {
    /// From the end on: a reel's name may have spaces in it, what follows has none.
    fn read(fields: &[&str]) -> Option<Self> {
        let (last, before) = fields.split_last()?;
        let (kind, frames, before) = match last.parse::<u32>() {
            Ok(frames) if before.last().is_some_and(|kind| !kind.eq_ignore_ascii_case("C")) => {
                let (kind, before) = before.split_last()?;
                (*kind, frames, before)
            }
            // `K B`: a key over what lies in the background.
            _ if ["B", "O"].contains(last) && before.last() == Some(&"K") => ("K", 0, before.split_last()?.1),
            _ => (*last, 0, before),
        };
        let transition = match kind.to_ascii_uppercase().as_bytes() {
            b"C" => Some(Transition::Cut),
            b"D" => Some(Transition::Dissolve(frames)),
            [b'W', code @ ..] if code.iter().all(u8::is_ascii_digit) => Some(Transition::Wipe(frames)),
            b"K" | b"KB" | b"KO" => None,
            _ => return None,
        };
        let (channels, reel) = before.split_last()?;
        let reel = reel.join(" ");
        (!reel.is_empty()).then(|| Middle { reel, channels: (*channels).to_owned(), transition })
    }
}

/// A range to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take<'a> {
    /// What it is a part of. [`reel`] makes eight characters of it.
    pub reel: &'a str,
    /// The file.
    pub clip_name: &'a str,
    /// Whether there is sound with the pictures.
    pub sound: bool,
    /// The timecode of its first frame.
    pub from: Timecode,
    /// How many frames it has.
    pub frames: u32,
}

/// The name of a reel: up to eight letters and digits, the last of a longer name, as these tell numbers apart.
#[must_use]
pub fn reel(name: &str) -> String {
    let plain: Vec<char> = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let reel = plain.iter().skip(plain.len().saturating_sub(REEL)).map(char::to_ascii_uppercase);
    let reel: String = reel.collect();
    if reel.is_empty() { "AX".to_owned() } else { reel }
}

/// Writes a list: the ranges one after the other, from 01:00:00:00 on. They all count as `format` does, a list has one
/// way to count.
#[must_use]
pub fn write(title: &str, format: TimecodeFormat, takes: &[Take<'_>]) -> String {
    let mode = if format.drop_frame() { "DROP FRAME" } else { "NON-DROP FRAME" };
    let mut edl = format!("TITLE: {}\nFCM: {mode}\n", OneLine(title, TITLE));
    // No format leaves the first number of an hour out.
    let mut at = Timecode::parse("01:00:00:00", format).unwrap_or(Timecode::from_frames(0, format));
    for (take, nth) in takes.iter().zip(1..) {
        let (from, to) = (take.from, take.from.plus(take.frames.into()));
        let end = at.plus(take.frames.into());
        let (reel, channels) = (reel(take.reel), if take.sound { "AA/V" } else { "V" });
        // Writing into memory does not fail.
        let _ = write!(
            edl,
            "\n{nth:03}  {reel:<REEL$} {channels:<5} C        {from} {to} {at} {end}\n* FROM CLIP NAME: {}\n",
            OneLine(take.clip_name, COMMENT)
        );
        at = end;
    }
    edl
}

/// A text as part of a line.
struct OneLine<'a>(&'a str, usize);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.0.split_whitespace().collect::<Vec<_>>().join(" ");
        line.chars().filter(|c| !c.is_control()).take(self.1).try_for_each(|c| f.write_char(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(nominal: u32, drop_frame: bool) -> TimecodeFormat {
        TimecodeFormat::new(nominal, drop_frame).expect("a format")
    }

    #[test]
    fn a_list_is_written_as_programs_read_it() {
        let format = format(30, true);
        let at = |text| Timecode::parse(text, format).expect("a timecode");
        let takes = [
            Take { reel: "ES-2026-014", clip_name: "a.mp4", sound: true, from: at("00:59:58;02"), frames: 60 },
            Take { reel: "ESSAI-1", clip_name: "b\n.mp4", sound: false, from: at("10:00:00;00"), frames: 1798 },
        ];
        assert_eq!(
            write("Two\r\nranges", format, &takes),
            "TITLE: Two ranges\nFCM: DROP FRAME\n\n\
             001  S2026014 AA/V  C        00:59:58;02 01:00:00;02 01:00:00;00 01:00:02;00\n* FROM CLIP NAME: a.mp4\n\n\
             002  ESSAI1   V     C        10:00:00;00 10:00:59;28 01:00:02;00 01:01:02;00\n* FROM CLIP NAME: b .mp4\n"
        );
    }

    #[test]
    fn lists_of_others_are_read() {
        let list = "\u{feff}TITLE:   Sujet du soir \r\nFCM: NON-DROP FRAME\r\n\r\n\
            001  ESSAI1   V     C        10:00:02:10 10:00:04:00 01:00:00:00 01:00:01:15\r\n\
            * FROM CLIP NAME:  ESSAI-1_1080p.mp4\r\n* COMMENT: wide\r\n\
            002  BL       V     C        00:00:00:00 00:00:01:00 01:00:01:15 01:00:02:15\r\n\
            003  ESSAI1   V     C        10:00:05:00 10:00:05:00 01:00:02:15 01:00:02:15\r\n\
            003  TAPE 12  V     D    024 10:00:06:00 10:00:08:00 01:00:02:15 01:00:04:15\r\n\
            * FROM CLIP NAME: first.mov\r\n* TO CLIP NAME: second.mov\r\nM2   TAPE 12    012.5      10:00:06:00\r\n\
            004  AX       AA/V  C        00:00:00:00 00:00:01:00 01:00:04:15 01:00:05:15\r\n\
            005  AX       AA/V  C        00:00:00:00 00:00:01:00 01:00:05:15 01:00:06:15\r\n* SOURCE FILE: c.mov\r\n\
            006  R2       V     W001 012 01:00:00:00 01:00:01:00 01:00:06:15 01:00:07:15\r\n\
            007  R2       V     K B      01:00:00:00 01:00:01:00 01:00:07:15 01:00:08:15\r\n\
            008  R2       V     KB   012 01:00:00:00 01:00:01:00 01:00:07:15 01:00:08:15\r\n\
            009  R2       NONE  C        01:00:00:00 01:00:01:00 01:00:07:15 01:00:08:15\r\n\
            010  R2       V     C        01:00:00:00 01:00:0x:00 01:00:07:15 01:00:08:15\r\nWhat is this?\r\n";
        let edl = Edl::read(list.as_bytes()).expect("a list");
        assert_eq!(edl.title, "Sujet du soir");
        let read: Vec<_> =
            edl.events.iter().map(|e| (e.line, &*e.reel, e.transition, e.clip_name.as_deref())).collect();
        assert_eq!(
            read,
            [
                (4, "ESSAI1", Transition::Cut, Some("ESSAI-1_1080p.mp4")),
                (9, "TAPE 12", Transition::Dissolve(24), Some("second.mov")),
                (14, "AX", Transition::Cut, Some("c.mov")),
                (16, "R2", Transition::Wipe(12), None),
            ]
        );
        let passed: Vec<_> = edl.passed_over.iter().map(|passed| (passed.line, passed.why)).collect();
        assert_eq!(
            passed,
            [
                (7, Why::Black),
                (8, Why::NoLength),
                (13, Why::Auxiliary),
                (17, Why::Key),
                (18, Why::Key),
                (19, Why::NoTrack),
                (20, Why::Timecodes),
                (21, Why::Unknown),
            ]
        );
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert_eq!(Edl::read(b""), Err(BadEdl::NoEvents));
        assert_eq!(Edl::read(b"TITLE: nothing\n* a comment\n"), Err(BadEdl::NoEvents));
        assert_eq!(Edl::read(&vec![b'1'; LARGEST + 1]), Err(BadEdl::TooLarge));
        assert_eq!(Edl::read("001 R V C\n".repeat(MOST_EVENTS + 1).as_bytes()), Err(BadEdl::TooMany));
    }

    #[test]
    fn a_list_is_read_in_whatever_letters() {
        let list = "001 R V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n* FROM CLIP NAME: été\n";
        let latin: Vec<u8> = list.chars().map(|c| c as u8).collect();
        let wide: Vec<u8> = [0xfeff].into_iter().chain(list.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [list.as_bytes(), &latin, &wide] {
            assert_eq!(Edl::read(bytes).expect("a list").events[0].clip_name.as_deref(), Some("été"));
        }
    }
}
