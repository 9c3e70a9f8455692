//! What a file holds and where, read once and kept in few bytes.

use crate::{
    Extent, Point, Refused,
    atoms::{Atom, Bytes, Kind, atoms, first, put},
    packed::{self, LONGEST, Samples, Walk},
    tables::{self, Chunks, MOST_CHUNKS},
    timecode::{Rate, Timecode, TimecodeFormat},
};
use serde::{Deserialize, Serialize};
use std::{
    io::{Read, Seek, SeekFrom},
    ops::Range,
};

/// A `moov` this large indexes days of video.
const LARGEST_MOOV: u64 = 128 << 20;
/// What is left of it without the tables: metadata, cover pictures.
const LARGEST_SKELETON: usize = 16 << 20;
const LARGEST_FTYP: u64 = 4096;
const MOST_BOXES: usize = 100_000;
const MOST_TRACKS: usize = 64;
const MOST_TIMECODES: u32 = 1000;
const MOST_DESCRIPTION_CHANGES: usize = 65_536;
/// Chunks between two marks.
const BLOCK: u64 = 1024;
/// What a stored index begins with; the last byte is its version.
const MAGIC: &[u8; 5] = b"clip\x01";

/// Frames from the first one kept to the first one no longer kept, counted from 0 in the order they are shown. Of a
/// file with sound only, instants: ticks of the sound's timescale, its samples as a rule.
pub type Frames = Range<u32>;

/// The index of a file: everything needed to cut clips from it, without its pictures and sound.
#[derive(Serialize, Deserialize)]
pub struct Index {
    /// Of the file, in bytes.
    pub(crate) length: u64,
    pub(crate) ftyp: Vec<u8>,
    /// Boxes beside `moov` and `mdat` that go into a clip as they are.
    pub(crate) others: Vec<Extent>,
    /// `moov`'s body without tables and edit lists.
    pub(crate) skeleton: Vec<u8>,
    /// Ticks a second of the movie.
    pub(crate) timescale: u32,
    pub(crate) tracks: Vec<Track>,
    /// All chunks of all tracks, about in the order they lie in the file; see [`ChunkWalk`].
    chunks: Vec<u8>,
    #[serde(skip)]
    marks: Vec<ChunkMark>,
    #[serde(skip)]
    pub(crate) main: usize,
    #[serde(skip)]
    pub(crate) clock: Clock,
}

/// What one track holds.
#[derive(Serialize, Deserialize)]
pub struct Track {
    pub(crate) handler: Kind,
    pub(crate) codec: Kind,
    /// Ticks a second.
    pub(crate) timescale: u32,
    /// How long nothing is shown before it begins, in ticks of the movie.
    pub(crate) delay: u64,
    /// What is shown of it, in its own ticks.
    pub(crate) shown: Range<i64>,
    pub(crate) samples: Samples,
    /// Where another sample description begins to hold: (chunk from 0, description from 1).
    descriptions: Vec<(u32, u32)>,
    /// Samples to decode before the first one wanted.
    pub(crate) preroll: u32,
    pub(crate) interlaced: bool,
    /// Sample sizes as QuickTime writes them for PCM: 1, whatever they are.
    pub(crate) says_one: bool,
    pub(crate) cslg: bool,
    pub(crate) sdtp: Vec<u8>,
    pub(crate) sbgp: Vec<Vec<u8>>,
    pub(crate) counter: Option<Counter>,
    enabled: bool,
    id: u32,
    /// The track that counts its timecode.
    timecode_id: Option<u32>,
}

/// A track that counts timecode.
#[derive(Serialize, Deserialize)]
pub(crate) struct Counter {
    format: TimecodeFormat,
    /// Ticks of `timescale` to a number.
    frame_duration: u32,
    timescale: u32,
    /// The number that each sample begins with.
    pub(crate) numbers: Vec<u32>,
}

/// When the frames of the main track are shown, in its ticks.
#[derive(Default)]
pub(crate) struct Clock {
    first: i64,
    pub(crate) count: u32,
    /// Between any two frames.
    step: Option<u32>,
    /// Where frames come at no steady rate: all of them.
    order: Vec<i64>,
    end: i64,
    rate: Option<Rate>,
}

impl Clock {
    /// When a frame is shown; that of `count` is the end.
    pub(crate) fn at(&self, frame: u32) -> i64 {
        match self.step {
            _ if frame >= self.count => self.end,
            Some(step) => self.first + i64::from(frame) * i64::from(step),
            None => self.order.get(frame as usize).copied().unwrap_or(self.end),
        }
    }

    /// The frame that is shown at a tick; the first before all of them, the last after.
    pub(crate) fn within(&self, tick: i64) -> u32 {
        let begun = partition(self.count, |frame| self.at(frame) <= tick);
        begun.saturating_sub(1).min(self.count.saturating_sub(1))
    }

    /// The frame that begins nearest to so many nanoseconds after the first.
    fn nearest(&self, nanoseconds: u64, timescale: u32) -> u32 {
        let wanted = i128::from(nanoseconds) * i128::from(timescale);
        let at = |frame| i128::from(self.at(frame) - self.first) * 1_000_000_000;
        let after = partition(self.count, |frame| at(frame) <= wanted);
        match after.checked_sub(1) {
            // Past the end there is no frame, but for what rounding does.
            Some(before) if after > self.count => {
                let frame = at(self.count) - at(self.count.saturating_sub(1));
                if (wanted - at(before)) * 2 <= frame { before } else { u32::MAX }
            }
            Some(before) if wanted - at(before) <= at(after) - wanted => before,
            _ => after,
        }
    }
}

/// How many of the frames 0 to `count`, the end among them, `holds` is true for; it is for those before any others.
fn partition(count: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, count.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

impl Index {
    /// Reads the index of an MP4 or MOV file (ISO/IEC 14496-12; Apple's QuickTime File Format): `moov`, at either end,
    /// and the numbers of its timecode tracks.
    ///
    /// # Errors
    /// Why the file cannot be cut: what is no such file, damaged ones, and those of a kind that is not cut by its
    /// index (fragmented, encrypted, with several edits).
    pub fn read(source: &mut (impl Read + Seek)) -> Result<Self, Refused> {
        let length = source.seek(SeekFrom::End(0))?;
        let (mut moov, mut ftyp, mut others, mut fragments) = (None, Vec::new(), Vec::new(), false);
        let mut at = 0;
        for boxes in 0.. {
            let Some((kind, header, size)) = top_level(source, at, length)? else { break };
            if boxes == MOST_BOXES {
                return Err(Refused::TooMany { what: "boxes", limit: MOST_BOXES as u64 });
            }
            let end = at.saturating_add(size);
            match &kind {
                b"moov" if moov.is_some() => return Err(Refused::Damaged("it has two indexes")),
                b"moov" => moov = Some(body(source, at + header, end, length, LARGEST_MOOV)?),
                b"ftyp" if at == 0 => ftyp = body(source, 0, end, length, LARGEST_FTYP)?,
                b"moof" => fragments = true,
                b"mdat" | b"free" | b"skip" | b"wide" | b"pnot" | b"sidx" | b"ssix" | b"mfra" | b"pdin" | b"styp" => {}
                _ if end <= length => others.push(Extent { start: at, len: size }),
                _ => return Err(Refused::Damaged("it ends within a box")),
            }
            at = end;
        }
        let moov = moov.ok_or(if fragments { FRAGMENTED } else { Refused::NoIndex })?;
        if others.len() > 1000 {
            return Err(Refused::TooMany { what: "unknown boxes", limit: 1000 });
        }
        let mut index = Self { length, ftyp, others, ..Self::of_moov(&moov, fragments)? };
        index.count_timecode(&moov, source)?;
        index.settle()?;
        Ok(index)
    }

    fn of_moov(moov: &[u8], fragments: bool) -> Result<Self, Refused> {
        let boxes = atoms(moov)?;
        if first(&boxes, b"cmov").is_some() {
            return Err(Refused::Unsupported("its index is compressed (cmov)"));
        }
        let timescale = scale(first(&boxes, b"mvhd"))?;
        let traks = boxes.iter().filter(|atom| atom.kind == *b"trak");
        if traks.clone().count() > MOST_TRACKS {
            return Err(Refused::TooMany { what: "tracks", limit: MOST_TRACKS as u64 });
        }
        let (mut tracks, mut chunks) = (Vec::new(), Vec::new());
        for trak in traks {
            let (track, its) = Track::read(trak.body, timescale)?;
            tracks.push(track);
            chunks.push(its);
        }
        let empty = tracks.iter().all(|track| track.samples.count == 0);
        if fragments || (empty && first(&boxes, b"mvex").is_some()) {
            return Err(FRAGMENTED);
        }
        let chunks = merge(&mut tracks, chunks)?;
        let mut skeleton = Vec::new();
        strip(&mut skeleton, moov, b"moov")?;
        if skeleton.len() > LARGEST_SKELETON {
            return Err(Refused::TooMany { what: "bytes of metadata", limit: LARGEST_SKELETON as u64 });
        }
        let (main, marks, clock) = (0, Vec::new(), Clock::default());
        Ok(Self {
            length: 0,
            ftyp: Vec::new(),
            others: Vec::new(),
            skeleton,
            timescale,
            tracks,
            chunks,
            marks,
            main,
            clock,
        })
    }

    /// Reads the numbers that timecode tracks begin with: four bytes each, in `mdat`.
    fn count_timecode(&mut self, moov: &[u8], source: &mut (impl Read + Seek)) -> Result<(), Refused> {
        let traks = atoms(moov)?.into_iter().filter(|atom| atom.kind == *b"trak");
        for (track, trak) in self.tracks.iter_mut().zip(traks) {
            let Some(counter) = &mut track.counter else { continue };
            if track.samples.count > MOST_TIMECODES || track.samples.size != Some(4) {
                return Err(Refused::Unsupported("its timecode is of another kind than numbers of four bytes"));
            }
            let stbl = sample_table(trak.body)?;
            let mut chunks = Chunks::of(&stbl, track.samples.count)?;
            while let Some(chunk) = chunks.next()? {
                let end = chunk.offset.checked_add(u64::from(chunk.samples) * 4).ok_or(CUT_OFF)?;
                let bytes = body(source, chunk.offset, end, self.length, u64::from(MOST_TIMECODES) * 4)?;
                counter.numbers.extend(bytes.as_chunks().0.iter().map(|four| u32::from_be_bytes(*four)));
            }
        }
        Ok(())
    }

    /// The index as bytes to be stored; [`Index::decode`] reads them back. About four bytes for a picture and two for
    /// a frame of coded sound.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Writing into memory fails for no reason that a value of this type could have.
        postcard::to_extend(self, MAGIC.to_vec()).unwrap_or_default()
    }

    /// Reads a stored index.
    ///
    /// # Errors
    /// [`Refused::NotAnIndex`] for what [`Index::encode`] of this version did not write.
    pub fn decode(stored: &[u8]) -> Result<Self, Refused> {
        let stored = stored.strip_prefix(MAGIC).ok_or(Refused::NotAnIndex)?;
        let mut index: Self = postcard::from_bytes(stored).map_err(|_| Refused::NotAnIndex)?;
        index.settle()?;
        Ok(index)
    }

    /// Reads everything once: derives what is not stored, and makes sure that later reading finds what it expects.
    fn settle(&mut self) -> Result<(), Refused> {
        if self.timescale == 0 || self.tracks.len() > MOST_TRACKS || self.skeleton.len() > LARGEST_SKELETON {
            return Err(Refused::NotAnIndex);
        }
        for track in &mut self.tracks {
            track.settle()?;
        }
        for other in &self.others {
            other.start.checked_add(other.len).filter(|end| *end <= self.length).ok_or(Refused::NotAnIndex)?;
        }
        let (mut marks, mut sizes) = (Vec::new(), Vec::new());
        let mut walk = ChunkWalk::new(self, None);
        for number in 0_u64.. {
            if number.is_multiple_of(BLOCK) {
                marks.push(walk.mark());
            }
            let Some(chunk) = walk.next(&mut sizes)? else { break };
            chunk.offset.checked_add(chunk.len).filter(|end| *end <= self.length).ok_or(CUT_OFF)?;
        }
        if self.tracks.iter().zip(&walk.next).any(|(track, next)| track.samples.count != *next) {
            return Err(Refused::NotAnIndex);
        }
        self.marks = marks;
        self.main = self.find_main()?;
        self.clock = self.tracks[self.main].clock()?;
        Ok(())
    }

    /// The pictures that frames are counted by: the first track that is switched on. Without any, the first sound.
    fn find_main(&self) -> Result<usize, Refused> {
        let of = |handler: &Kind, enabled| {
            let fits = |track: &Track| {
                track.handler == *handler
                    && track.samples.count > 0
                    && track.enabled >= enabled
                    && track.codec != *b"jpeg"
            };
            self.tracks.iter().position(fits)
        };
        let found = of(b"vide", true).or_else(|| of(b"vide", false));
        let found = found.or_else(|| of(b"soun", true)).or_else(|| of(b"soun", false));
        found.ok_or(Refused::Unsupported("it has neither pictures nor sound"))
    }

    /// The track that frames are counted by: pictures, or the sound where there are none.
    #[must_use]
    pub fn main(&self) -> &Track {
        &self.tracks[self.main]
    }

    /// The tracks, in the order of the file.
    #[must_use]
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// The length of the file, in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// All its frames.
    #[must_use]
    pub fn frames(&self) -> Frames {
        0..self.clock.count
    }

    /// Whether it has no pictures, so that frames are instants of sound.
    #[must_use]
    pub fn sound_only(&self) -> bool {
        self.main().handler != *b"vide"
    }

    /// Frames a second, where they come at a steady rate (to a quarter of a frame).
    #[must_use]
    pub fn rate(&self) -> Option<Rate> {
        self.clock.rate
    }

    /// Whether frames follow each other after exactly the same time.
    #[must_use]
    pub fn constant(&self) -> bool {
        self.clock.step.is_some()
    }

    /// When a frame is shown, in seconds since the first; that of the end is the length.
    #[must_use]
    pub fn seconds(&self, frame: u32) -> f64 {
        (self.clock.at(frame) - self.clock.first) as f64 / f64::from(self.main().timescale)
    }

    /// The timecode track of the main track.
    fn counter(&self) -> Option<(&Track, &Counter)> {
        let wanted = self.main().timecode_id;
        let counters = || self.tracks.iter().filter_map(|track| Some((track, track.counter.as_ref()?)));
        let found = counters().find(|(track, _)| Some(track.id) == wanted).or_else(|| counters().next());
        found.filter(|(_, counter)| !counter.numbers.is_empty())
    }

    /// Whether the file says itself which timecode its frames have. Where it does not, they are counted from zero.
    #[must_use]
    pub fn has_timecode(&self) -> bool {
        self.counter().is_some()
    }

    /// How its timecode counts. `None` without a timecode track and a steady rate.
    #[must_use]
    pub fn timecode_format(&self) -> Option<TimecodeFormat> {
        match self.counter() {
            Some((_, counter)) => Some(counter.format),
            None if self.sound_only() => None,
            None => TimecodeFormat::new(self.rate()?.nominal(), false),
        }
    }

    /// The timecode of a frame, and of the end. `None` where [`Index::timecode_format`] is.
    #[must_use]
    pub fn timecode(&self, frame: u32) -> Option<Timecode> {
        let Some((track, counter)) = self.counter() else {
            return Some(Timecode::from_frames(frame.into(), self.timecode_format()?));
        };
        let (sample, passed) = self.count_at(track, counter, frame);
        Some(Timecode::from_frames(u64::from(*counter.numbers.get(sample)?) + passed, counter.format))
    }

    /// Which number of a timecode track holds at a frame of the main track, and how many have passed since.
    fn count_at(&self, track: &Track, counter: &Counter, frame: u32) -> (usize, u64) {
        // The first frame has the first number, though its tracks may begin a little apart.
        let passed = i128::from(self.clock.at(frame) - self.clock.first) * i128::from(track.timescale);
        let main = i128::from(self.main().timescale);
        let tick = ((2 * passed + main) / (2 * main)) as i64 + track.shown.start;
        let sample = track.samples.after(tick).saturating_sub(1).min(counter.numbers.len().saturating_sub(1) as u32);
        let began = track.samples.from(sample).next().map_or(0, |sample| sample.dts).max(track.shown.start);
        // A quarter of a frame for clocks that do not quite agree.
        let (passed, scale) =
            (i128::from((tick - began).max(0)) * 4 * i128::from(counter.timescale), i128::from(track.timescale));
        let duration = i128::from(counter.frame_duration) * scale;
        (sample as usize, ((passed + duration) / (4 * duration)) as u64)
    }

    /// What a timecode track says at a frame: the number to begin a clip with.
    pub(crate) fn number_at(&self, track: &Track, frame: u32) -> u32 {
        let Some(counter) = &track.counter else { return 0 };
        let (sample, passed) = self.count_at(track, counter, frame);
        let number = u64::from(counter.numbers.get(sample).copied().unwrap_or(0)) + passed;
        (number % counter.format.per_day()) as u32
    }

    /// The frame meant by a point; the end is one past the last.
    ///
    /// # Errors
    /// Points that the file does not have, or has no way to count.
    pub fn frame(&self, point: Point) -> Result<u32, Refused> {
        let count = self.clock.count;
        let found = match point {
            Point::Frame(_) if self.sound_only() => return Err(Refused::NoFrames),
            Point::Frame(frame) => frame,
            Point::Seconds(nanoseconds) => self.clock.nearest(nanoseconds, self.main().timescale),
            Point::Timecode(text) => self.frame_at(text.0)?,
        };
        if found <= count { Ok(found) } else { Err(self.outside()) }
    }

    fn frame_at(&self, written: crate::timecode::Written) -> Result<u32, Refused> {
        let mut format =
            self.timecode_format().ok_or(if self.sound_only() { Refused::NoFrames } else { Refused::NoTimecode })?;
        if !self.has_timecode() {
            // Nothing says how to count, but for how it is written.
            format = TimecodeFormat::new(format.nominal(), written.semicolon).unwrap_or(format);
            return Ok(u32::try_from(Timecode::of(written, format)?.frames()).unwrap_or(u32::MAX));
        }
        let wanted = Timecode::of(written, format)?;
        let Some((track, counter)) = self.counter() else { return Err(Refused::NoTimecode) };
        for (sample, number) in counter.numbers.iter().enumerate() {
            let passed = wanted.since(Timecode::from_frames((*number).into(), format));
            let place = (sample, passed);
            let frame = partition(self.clock.count, |frame| self.count_at(track, counter, frame) < place);
            if frame <= self.clock.count && self.count_at(track, counter, frame).0 == sample {
                return Ok(frame);
            }
        }
        Err(self.outside())
    }

    fn outside(&self) -> Refused {
        let count = self.clock.count;
        let name = |frame: u32| match self.timecode(frame) {
            _ if self.sound_only() => format!("{:.3}s", self.seconds(frame)),
            Some(timecode) => format!("{timecode} (f{frame})"),
            None => format!("f{frame}"),
        };
        Refused::Outside { first: name(0), last: name(count.saturating_sub(1)), end: name(count) }
    }

    /// The frames from one point up to another, which is the first no longer kept.
    ///
    /// # Errors
    /// Points that the file does not have, or that are the wrong way round.
    pub fn between(&self, from: Point, to: Point) -> Result<Frames, Refused> {
        let frames = self.frame(from)?..self.frame(to)?;
        if frames.is_empty() { Err(Refused::Empty) } else { Ok(frames) }
    }

    /// The chunks from where none of `wanted` (a sample for each track) has been passed yet.
    pub(crate) fn chunks_from(&self, wanted: &[u32]) -> ChunkWalk<'_> {
        let passed = |mark: &ChunkMark| mark.next.iter().zip(wanted).all(|(next, wanted)| next <= wanted);
        let mark = self.marks.partition_point(passed).checked_sub(1);
        ChunkWalk::new(self, mark.and_then(|mark| self.marks.get(mark)))
    }
}

const FRAGMENTED: Refused = Refused::Unsupported(
    "it is fragmented (moof): `ffmpeg -i FILE -map 0 -c copy -movflags +faststart NEW.mp4` gives it an index, without loss",
);
const CUT_OFF: Refused = Refused::Damaged("its index points past its end: it was cut off, or is not its own");

/// The header of the box at `at`: its letters, the header's size and its own. `None` at the end.
fn top_level(source: &mut (impl Read + Seek), at: u64, length: u64) -> Result<Option<(Kind, u64, u64)>, Refused> {
    // Less than a header may be padding.
    if length.saturating_sub(at) < 8 {
        return if at == 0 { Err(Refused::NotMp4) } else { Ok(None) };
    }
    source.seek(SeekFrom::Start(at))?;
    let mut header = [0; 16];
    let read = if length - at < 16 { 8 } else { 16 };
    source.read_exact(&mut header[..read])?;
    let mut bytes = Bytes(&header[..read]);
    let (short, kind) = (bytes.u32()?, bytes.array::<4>()?);
    let (header, size) = match short {
        0 => (8, length - at),
        1 => (16, bytes.u64()?),
        size => (8, size.into()),
    };
    const FIRST: [&Kind; 10] =
        [b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"uuid", b"moof"];
    if at == 0 && !FIRST.contains(&&kind) {
        return Err(Refused::NotMp4);
    }
    if size < header {
        return Err(Refused::Damaged("a box is smaller than its own header"));
    }
    if kind == [0; 4] && short == 0 {
        // Zeros at the end: padding.
        return Ok(None);
    }
    Ok(Some((kind, header, size)))
}

fn body(source: &mut (impl Read + Seek), at: u64, end: u64, length: u64, limit: u64) -> Result<Vec<u8>, Refused> {
    if end > length || at > end {
        return Err(Refused::Damaged("it ends within its index"));
    }
    if end - at > limit {
        return Err(Refused::TooMany { what: "bytes of index", limit });
    }
    source.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    source.take(end - at).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == end - at { Ok(bytes) } else { Err(Refused::Damaged("it ends within its index")) }
}

/// The timescale of `mvhd` or `mdhd`.
fn scale(header: Option<Atom<'_>>) -> Result<u32, Refused> {
    let mut bytes = Bytes(header.ok_or(Refused::Damaged("it does not say how it counts time"))?.body);
    let (version, _) = bytes.version()?;
    bytes.wide(version)?;
    bytes.wide(version)?;
    match bytes.u32()? {
        0 => Err(Refused::Damaged("its clock stands still (timescale 0)")),
        scale => Ok(scale),
    }
}

/// Copies the body of a box, without what a clip has its own of.
fn strip(out: &mut Vec<u8>, bytes: &[u8], within: &Kind) -> Result<(), Refused> {
    for atom in atoms(bytes)? {
        match (within, &atom.kind) {
            (b"moov", b"trak") | (b"trak", b"mdia") | (b"mdia", b"minf") | (b"minf", b"stbl") => {
                let mut inner = Vec::new();
                strip(&mut inner, atom.body, &atom.kind)?;
                put(out, atom.kind, |out| out.extend_from_slice(&inner));
            }
            // Nero's chapters count from the start of the file.
            (b"moov", b"udta") if atoms(atom.body).is_ok() => {
                let kept = atoms(atom.body)?.into_iter().filter(|atom| atom.kind != *b"chpl");
                put(out, atom.kind, |out| {
                    kept.for_each(|atom| put(out, atom.kind, |out| out.extend_from_slice(atom.body)))
                });
            }
            (b"moov", b"mvex") | (b"trak", b"edts") => {}
            (b"stbl", kind) if tables::REPLACED.contains(kind) => {}
            _ => put(out, atom.kind, |out| out.extend_from_slice(atom.body)),
        }
    }
    Ok(())
}

fn inside<'a>(bytes: &'a [u8], path: &[&Kind]) -> Result<Vec<Atom<'a>>, Refused> {
    let mut boxes = atoms(bytes)?;
    for kind in path {
        boxes = atoms(first(&boxes, kind).ok_or(Refused::Damaged("a track lacks a part"))?.body)?;
    }
    Ok(boxes)
}

fn sample_table(trak: &[u8]) -> Result<Vec<Atom<'_>>, Refused> {
    inside(trak, &[b"mdia", b"minf", b"stbl"])
}

/// All chunks in one string, about in the order they lie in the file.
fn merge(tracks: &mut [Track], mut chunks: Vec<Chunks<'_>>) -> Result<Vec<u8>, Refused> {
    let total: u64 = chunks.iter().map(|chunks| chunks.count() as u64).sum();
    if total > MOST_CHUNKS {
        return Err(Refused::TooMany { what: "chunks", limit: MOST_CHUNKS });
    }
    let mut waiting = chunks.iter_mut().map(Chunks::next).collect::<Result<Vec<_>, _>>()?;
    let mut walks: Vec<_> = tracks.iter().map(|track| Sizes::of(&track.samples, 0)).collect();
    let mut descriptions = vec![Vec::<(u32, u32)>::new(); tracks.len()];
    let mut ordinals = vec![0_u32; tracks.len()];
    let (mut out, mut end, bits) = (Vec::new(), 0_u64, track_bits(tracks.len()));
    let mut sizes = Vec::new();
    loop {
        let next = waiting.iter().enumerate().filter_map(|(track, chunk)| chunk.map(|chunk| (chunk.offset, track)));
        let Some((_, track)) = next.min() else { break };
        let Some(chunk) = waiting[track] else { break };
        let gap = chunk.offset != end;
        packed::put(&mut out, (u64::from(chunk.samples) << bits | track as u64) << 1 | u64::from(gap));
        if gap {
            packed::put(&mut out, packed::fold(chunk.offset.wrapping_sub(end) as i64));
        }
        sizes.clear();
        let len = walks[track].take(chunk.samples, &mut sizes).ok_or(CUT_OFF)?;
        end = chunk.offset.checked_add(len).ok_or(CUT_OFF)?;
        if descriptions[track].last().is_none_or(|(_, last)| *last != chunk.description) {
            descriptions[track].push((ordinals[track], chunk.description));
            if descriptions[track].len() > MOST_DESCRIPTION_CHANGES {
                return Err(Refused::TooMany { what: "changes of format", limit: MOST_DESCRIPTION_CHANGES as u64 });
            }
        }
        ordinals[track] += 1;
        waiting[track] = chunks[track].next()?;
    }
    drop(walks);
    for (track, descriptions) in tracks.iter_mut().zip(descriptions) {
        track.descriptions = descriptions;
    }
    out.shrink_to_fit();
    Ok(out)
}

fn track_bits(tracks: usize) -> u32 {
    usize::BITS - tracks.saturating_sub(1).leading_zeros()
}

/// Sums the sizes of samples, one after the other.
struct Sizes<'a> {
    samples: &'a Samples,
    walk: Walk<'a>,
}

impl<'a> Sizes<'a> {
    fn of(samples: &'a Samples, first: u32) -> Self {
        Self { samples, walk: samples.from(first) }
    }

    /// The size of the next `count` samples together; each one's is added to `sizes` where they differ.
    fn take(&mut self, count: u32, sizes: &mut Vec<u32>) -> Option<u64> {
        if let Some(size) = self.samples.size {
            return Some(u64::from(size) * u64::from(count));
        }
        let mut sum = 0;
        for _ in 0..count {
            let size = self.walk.next()?.size;
            sizes.push(size);
            sum += u64::from(size);
        }
        Some(sum)
    }
}

/// Where a walk over the chunks can begin.
struct ChunkMark {
    at: usize,
    end: u64,
    next: Box<[u32]>,
    ordinals: Box<[u32]>,
}

/// A chunk found: samples of one track that lie side by side.
pub(crate) struct Placed {
    pub(crate) track: usize,
    /// The number of its first sample.
    pub(crate) first: u32,
    pub(crate) samples: u32,
    pub(crate) offset: u64,
    pub(crate) len: u64,
    pub(crate) description: u32,
}

/// Walks over all chunks. Each is a number that holds how many samples of which track it has and whether it lies where
/// the one before it ends; if not, how far from there follows.
pub(crate) struct ChunkWalk<'a> {
    index: &'a Index,
    bits: u32,
    at: usize,
    end: u64,
    next: Vec<u32>,
    ordinals: Vec<u32>,
    sizes: Vec<Sizes<'a>>,
}

impl<'a> ChunkWalk<'a> {
    fn new(index: &'a Index, mark: Option<&ChunkMark>) -> Self {
        let tracks = index.tracks.len();
        let next = mark.map_or_else(|| vec![0; tracks], |mark| mark.next.to_vec());
        let sizes = index.tracks.iter().zip(&next).map(|(track, next)| Sizes::of(&track.samples, *next)).collect();
        Self {
            index,
            bits: track_bits(tracks),
            at: mark.map_or(0, |mark| mark.at),
            end: mark.map_or(0, |mark| mark.end),
            next,
            ordinals: mark.map_or_else(|| vec![0; tracks], |mark| mark.ordinals.to_vec()),
            sizes,
        }
    }

    fn mark(&self) -> ChunkMark {
        let (next, ordinals) = (self.next.clone().into(), self.ordinals.clone().into());
        ChunkMark { at: self.at, end: self.end, next, ordinals }
    }

    /// The next chunk. `sizes` becomes those of its samples, where they differ.
    pub(crate) fn next(&mut self, sizes: &mut Vec<u32>) -> Result<Option<Placed>, Refused> {
        if self.at >= self.index.chunks.len() {
            return Ok(None);
        }
        self.read(sizes).map(Some).ok_or(Refused::NotAnIndex)
    }

    fn read(&mut self, sizes: &mut Vec<u32>) -> Option<Placed> {
        let head = packed::get(&self.index.chunks, &mut self.at)?;
        let track = (head >> 1 & ((1 << self.bits) - 1)) as usize;
        let samples = u32::try_from(head >> 1 >> self.bits).ok().filter(|samples| *samples > 0)?;
        let gap = if head & 1 == 1 { packed::unfold(packed::get(&self.index.chunks, &mut self.at)?) } else { 0 };
        let offset = self.end.wrapping_add(gap as u64);
        let its = self.index.tracks.get(track)?;
        let first = self.next[track];
        let next = first.checked_add(samples).filter(|next| *next <= its.samples.count)?;
        sizes.clear();
        let len = self.sizes[track].take(samples, sizes)?;
        self.end = offset.checked_add(len)?;
        self.next[track] = next;
        let ordinal = self.ordinals[track];
        self.ordinals[track] += 1;
        let run = its.descriptions.partition_point(|(from, _)| *from <= ordinal).checked_sub(1)?;
        let (_, description) = *its.descriptions.get(run)?;
        Some(Placed { track, first, samples, offset, len, description })
    }
}

impl Track {
    fn read(trak: &[u8], movie: u32) -> Result<(Self, Chunks<'_>), Refused> {
        let boxes = atoms(trak)?;
        let mut header = Bytes(first(&boxes, b"tkhd").ok_or(Refused::Damaged("a track lacks its header"))?.body);
        let (version, flags) = header.version()?;
        header.wide(version)?;
        header.wide(version)?;
        let id = header.u32()?;
        let mdia = inside(trak, &[b"mdia"])?;
        let timescale = scale(first(&mdia, b"mdhd"))?;
        let mut hdlr = Bytes(first(&mdia, b"hdlr").ok_or(Refused::Damaged("a track does not say what it holds"))?.body);
        hdlr.version()?;
        hdlr.u32()?;
        let handler = hdlr.array()?;
        let stbl = sample_table(trak)?;
        let description = Description::read(first(&stbl, b"stsd"), &handler)?;
        let mut samples = tables::samples(&stbl, description.pcm)?;
        samples.settle()?;
        let raw = |kind: &Kind| first(&stbl, kind).map_or(&[][..], |atom| atom.body);
        let says_one = samples.size.is_some_and(|size| size > 1) && raw(b"stsz").get(4..8) == Some(&[0, 0, 0, 1]);
        if handler == *b"soun" && samples.size == Some(1) && description.pcm.is_none() {
            return Err(Refused::Unsupported("its sound is packed in QuickTime's old way (packets of constant size)"));
        }
        if samples.count > 0 {
            self_contained(trak)?;
        }
        let edits = match first(&boxes, b"edts") {
            Some(edts) => first(&atoms(edts.body)?, b"elst"),
            None => None,
        };
        let (delay, shown) = shown(edits, &samples, timescale, movie)?;
        let timecode_id = match first(&boxes, b"tref") {
            Some(tref) => first(&atoms(tref.body)?, b"tmcd").and_then(|ids| Bytes(ids.body).u32().ok()),
            None => None,
        };
        let chunks = Chunks::of(&stbl, samples.count)?;
        let preroll = description.preroll(samples.delta);
        let sbgp = stbl.iter().filter(|atom| atom.kind == *b"sbgp").take(16).map(|atom| atom.body.to_vec()).collect();
        let track = Self {
            handler,
            codec: description.codec,
            timescale,
            delay,
            shown,
            descriptions: Vec::new(),
            preroll,
            interlaced: description.interlaced,
            says_one,
            cslg: first(&stbl, b"cslg").is_some(),
            sdtp: raw(b"sdtp").get(4..).unwrap_or_default().to_vec(),
            sbgp,
            counter: description.counter,
            enabled: flags & 1 == 1,
            id,
            timecode_id,
            samples,
        };
        Ok((track, chunks))
    }

    fn settle(&mut self) -> Result<(), Refused> {
        let Range { start, end } = self.shown;
        let sound =
            self.timescale > 0 && self.delay <= LONGEST && 0 <= start && start <= end && end as u64 <= 2 * LONGEST;
        let counts = self.counter.as_ref().is_none_or(|counter| counter.timescale > 0 && counter.frame_duration > 0);
        if !sound || !counts {
            return Err(Refused::NotAnIndex);
        }
        self.samples.settle()
    }

    /// When its frames are shown.
    fn clock(&self) -> Result<Clock, Refused> {
        let Range { start: from, end: to } = self.shown;
        if self.handler != *b"vide" {
            let count =
                u32::try_from(to - from).map_err(|_| Refused::TooMany { what: "ticks", limit: u32::MAX.into() })?;
            return Ok(Clock { first: from, count, step: Some(1), order: Vec::new(), end: to, rate: None });
        }
        if self.samples.count > packed::MOST_SAMPLES {
            return Err(Refused::TooMany { what: "frames", limit: packed::MOST_SAMPLES.into() });
        }
        let mut last = 0;
        let mut order = Vec::new();
        for sample in self.samples.from(0).filter(|sample| self.shown.contains(&sample.pts())) {
            if order.last().is_none_or(|latest| sample.pts() > *latest) {
                last = sample.delta;
            }
            order.push(sample.pts());
        }
        order.sort_unstable();
        let (Some(first), Some(latest)) = (order.first().copied(), order.last().copied()) else {
            return Err(Refused::Unsupported("none of its pictures is shown"));
        };
        if order.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Refused::Damaged("two of its pictures are shown at the same time"));
        }
        let count = order.len() as u32;
        let step = if let [first, second, ..] = order[..] { second - first } else { last.max(1).into() };
        let steady = order.iter().zip(0..).all(|(pts, frame)| *pts == first + frame * step);
        let step = u32::try_from(step).ok().filter(|_| steady);
        let end = latest + i64::from(step.unwrap_or(last).max(1));
        let rate = match step {
            Some(step) => Rate::new(self.timescale, step),
            None => near(&order, self.timescale),
        };
        Ok(Clock { first, count, order: if step.is_some() { Vec::new() } else { order }, step, end, rate })
    }

    /// What it holds, as the file says: `vide`, `soun`, `tmcd`, `text` and others.
    #[must_use]
    pub fn handler(&self) -> String {
        letters(self.handler)
    }

    /// How it is coded, as the file says: `avc1`, `apcn`, `mp4a` and others.
    #[must_use]
    pub fn codec(&self) -> String {
        letters(self.codec)
    }

    /// Its ticks a second.
    #[must_use]
    pub fn timescale(&self) -> u32 {
        self.timescale
    }

    /// How many samples it has: pictures, frames of coded sound, instants of PCM.
    #[must_use]
    pub fn samples(&self) -> u32 {
        self.samples.count
    }

    /// How often its format is stated or changes.
    pub(crate) fn descriptions(&self) -> usize {
        self.descriptions.len()
    }

    /// Whether each of its samples can be decoded without any other.
    pub(crate) fn all_alone(&self) -> bool {
        self.samples.all_sync && !self.samples.reordered()
    }
}

fn letters(kind: Kind) -> String {
    kind.iter().map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '?' }).collect()
}

/// The usual rate that pictures keep to within a quarter of a frame: clocks of a thousand ticks cannot do better.
fn near(order: &[i64], timescale: u32) -> Option<Rate> {
    const USUAL: [(u32, u32); 15] = [
        (24000, 1001),
        (24, 1),
        (25, 1),
        (30000, 1001),
        (30, 1),
        (48, 1),
        (50, 1),
        (60000, 1001),
        (60, 1),
        (15, 1),
        (20, 1),
        (12, 1),
        (10, 1),
        (100, 1),
        (120, 1),
    ];
    let first = i128::from(*order.first()?);
    let keeps = |rate: &Rate| {
        let (frames, frame) = (i128::from(rate.frames()), i128::from(rate.seconds()) * i128::from(timescale));
        let late = |(pts, number): (&i64, i128)| ((i128::from(*pts) - first) * frames - number * frame).abs();
        order.iter().zip(0..).all(|pair| late(pair) * 4 <= frame)
    };
    USUAL.into_iter().filter_map(|(frames, seconds)| Rate::new(frames, seconds)).find(keeps)
}

/// Files may name others as the place of their data.
fn self_contained(trak: &[u8]) -> Result<(), Refused> {
    let Some(dref) = first(&inside(trak, &[b"mdia", b"minf", b"dinf"])?, b"dref") else { return Ok(()) };
    let elsewhere = |entry: Atom<'_>| entry.body.get(3).is_some_and(|flags| flags & 1 == 0);
    if atoms(dref.body.get(8..).unwrap_or_default())?.into_iter().any(elsewhere) {
        return Err(Refused::Unsupported("its pictures or sound lie in another file"));
    }
    Ok(())
}

/// What an edit list shows of a track: after how long in the movie's ticks, and what, in its own.
fn shown(elst: Option<Atom<'_>>, samples: &Samples, timescale: u32, movie: u32) -> Result<(u64, Range<i64>), Refused> {
    let end = samples.until;
    let Some(elst) = elst else { return Ok((0, 0..end)) };
    let mut bytes = Bytes(elst.body);
    let (version, _) = bytes.version()?;
    let (mut delay, mut shown) = (0_u64, None);
    for _ in 0..bytes.u32()? {
        let duration = bytes.wide(version)?;
        let media = if version == 1 { bytes.u64()? as i64 } else { (bytes.u32()? as i32).into() };
        let rate = bytes.u32()?;
        if duration > LONGEST || media > LONGEST as i64 {
            return Err(Refused::Damaged("its edit list shows more than there can be"));
        }
        match (media, &shown) {
            (..0, None) => delay = delay.saturating_add(duration).min(LONGEST),
            (..0, Some(_)) => {}
            (_, Some(_)) => return Err(Refused::Unsupported("it is put together from several pieces (edit list)")),
            _ if rate != 0x0001_0000 => return Err(Refused::Unsupported("its edit list changes its speed")),
            (start, None) => {
                let ticks = |duration: u64| {
                    ((2 * i128::from(duration) * i128::from(timescale) + i128::from(movie)) / (2 * i128::from(movie)))
                        as i64
                };
                let until = start + ticks(duration);
                // Zero is "to the end"; and what the movie's coarse clock rounds off is part of it.
                let all = duration == 0 || until >= end || end - until <= ticks(1);
                shown = Some(start..if all { end.max(start) } else { until });
            }
        }
    }
    Ok((delay, shown.unwrap_or(0..end)))
}

/// What a sample description tells (`stsd`).
struct Description {
    codec: Kind,
    /// Bytes to an instant of uncompressed sound.
    pcm: Option<u32>,
    mp3: bool,
    interlaced: bool,
    counter: Option<Counter>,
}

impl Description {
    fn read(stsd: Option<Atom<'_>>, handler: &Kind) -> Result<Self, Refused> {
        let entries = stsd.ok_or(Refused::Damaged("a track does not say how it is coded"))?.body;
        let entries = atoms(entries.get(8..).unwrap_or_default())?;
        let mut all = Self { codec: *b"none", pcm: None, mp3: false, interlaced: false, counter: None };
        let Some(entry) = entries.first() else { return Ok(all) };
        if entries.iter().any(|entry| [b"encv", b"enca", b"drmi", b"drms"].contains(&&entry.kind)) {
            return Err(Refused::Unsupported("it is encrypted"));
        }
        all.codec = entry.kind;
        match handler {
            b"vide" => {
                // 78 bytes come before the boxes of a visual sample entry.
                let inner = atoms(entry.body.get(78..).unwrap_or_default()).unwrap_or_default();
                all.interlaced = first(&inner, b"fiel").is_some_and(|fiel| fiel.body.first() == Some(&2));
            }
            b"soun" => {
                all.pcm = pcm(entry)?;
                all.mp3 = [*b".mp3", *b"ms\0U"].contains(&entry.kind) || says_mp3(entry.body);
            }
            b"tmcd" if entry.kind == *b"tmcd" => all.counter = counter(entry)?,
            _ => {}
        }
        Ok(all)
    }

    /// How many samples before the first one wanted its decoder must have seen.
    fn preroll(&self, delta: Option<u32>) -> u32 {
        match &self.codec {
            _ if self.pcm.is_some() => 0,
            _ if self.mp3 => 10,              // what its bit reservoir can reach back to
            b"mp4a" | b"ac-3" | b"ec-3" => 2, // half of what a frame sounds like is in the one before; HE-AAC lags more
            b"Opus" => 3840_u32.div_ceil(delta.unwrap_or(960).clamp(120, 5760)), // 80 ms (RFC 7845, 4.6)
            _ => 0,
        }
    }
}

fn pcm(entry: &Atom<'_>) -> Result<Option<u32>, Refused> {
    let mut bytes = Bytes(entry.body);
    bytes.take(8)?;
    let version = bytes.u16()?;
    bytes.take(6)?;
    let (channels, bits) = (u32::from(bytes.u16()?), u32::from(bytes.u16()?));
    bytes.take(8)?;
    let each = match &entry.kind {
        b"ulaw" | b"alaw" => 1,
        b"in24" => 3,
        b"in32" | b"fl32" => 4,
        b"fl64" => 8,
        b"sowt" | b"twos" | b"raw " | b"NONE" | b"lpcm" | b"ipcm" | b"fpcm" => bits.div_ceil(8),
        _ => return Ok(None),
    };
    if version == 2 {
        bytes.take(28)?;
        return Ok(Some(bytes.u32()?).filter(|size| *size > 0));
    }
    Ok(Some(channels * each).filter(|size| *size > 0))
}

/// MP3 under the name `mp4a`: the object type of its `esds` says so (ISO/IEC 14496-1, 7.2.6.6).
fn says_mp3(entry: &[u8]) -> bool {
    let Some(at) = entry.windows(4).position(|four| four == b"esds") else { return false };
    let after = entry.get(at + 8..).unwrap_or_default();
    let after: Vec<u8> = after.iter().take(32).copied().filter(|byte| *byte != 0x80).collect();
    // ES descriptor: tag, length, id (2), flags; decoder configuration: tag, length, object type.
    matches!(after[..], [3, _, _, _, _, 4, _, 0x69 | 0x6b, ..])
}

fn counter(entry: &Atom<'_>) -> Result<Option<Counter>, Refused> {
    let mut bytes = Bytes(entry.body);
    bytes.take(12)?;
    let (flags, timescale, frame_duration, frames) = (bytes.u32()?, bytes.u32()?, bytes.u32()?, bytes.u8()?);
    let format = TimecodeFormat::new(frames.into(), flags & 1 == 1);
    let good = |format| (timescale > 0 && frame_duration > 0).then_some(format);
    Ok(format.and_then(good).map(|format| Counter { format, frame_duration, timescale, numbers: Vec::new() }))
}
