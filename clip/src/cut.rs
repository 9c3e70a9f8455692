//! A clip planned: which samples it takes, and the bytes it is made of.

use crate::{
    Frames, Index, Refused, Track,
    packed::Sync,
    timecode::gcd,
    write::{self, Chunk, Edit, Tables},
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Ranges that one clip can be put together from.
const MOST_RANGES: usize = 1000;

/// More samples than a decoder of H.264 or HEVC holds back.
const SHORT: u32 = 20;

/// A run of bytes of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Where it begins, in bytes from the start of the source.
    pub start: u64,
    /// How many bytes it has.
    pub len: u64,
}

/// A clip: a header that is its own, followed by extents of the source.
#[derive(Clone, Debug)]
pub struct Clip {
    header: Vec<u8>,
    extents: Vec<Extent>,
    len: u64,
    hidden: (u32, u32),
    travels: Vec<Frames>,
}

/// Bytes of a clip that come from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// These.
    Bytes(&'a [u8]),
    /// Those of the source.
    Source(Extent),
}

impl Clip {
    /// What comes first: `ftyp`, `moov`, the header of `mdat` and the numbers of timecode tracks.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// What follows the header.
    #[must_use]
    pub fn extents(&self) -> &[Extent] {
        &self.extents
    }

    /// The whole length in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a clip has a header")]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Pictures that travel in the file and are not shown: before the first one, and after the last.
    #[must_use]
    pub fn hidden(&self) -> (u32, u32) {
        self.hidden
    }

    /// The frames of the source that are in the file, shown or hidden: each range, from the first such frame to the last.
    #[must_use]
    pub fn travels(&self) -> &[Frames] {
        &self.travels
    }

    /// What the bytes of a range consist of, in order. What lies past the end is left out.
    pub fn pieces(&self, range: Range<u64>) -> impl Iterator<Item = Piece<'_>> {
        let header = Extent { start: 0, len: self.header.len() as u64 };
        let mut at = 0;
        std::iter::once((true, header)).chain(self.extents.iter().map(|extent| (false, *extent))).filter_map(
            move |(own, extent)| {
                let from = range.start.clamp(at, at + extent.len) - at;
                let to = range.end.clamp(at, at + extent.len) - at;
                at += extent.len;
                let extent = Extent { start: extent.start + from, len: to.checked_sub(from).filter(|len| *len > 0)? };
                Some(match own {
                    true => Piece::Bytes(&self.header[extent.start as usize..][..extent.len as usize]),
                    false => Piece::Source(extent),
                })
            },
        )
    }
}

/// What is taken of a track for one range: samples in the order they are stored.
#[derive(Clone)]
struct Taken {
    samples: Range<u32>,
    /// Decoding is to start at the first, though it could at others.
    one_start: bool,
    /// Shown of the track, in its ticks.
    shown: Range<i64>,
    /// Ticks of the track before it begins.
    delay: i64,
}

impl Index {
    /// Plans a clip of these frames, bit by bit those of the source.
    ///
    /// # Errors
    /// Ranges that the file does not have, and sources whose order does not allow it.
    pub fn clip(&self, frames: &Frames) -> Result<Clip, Refused> {
        self.clips(std::slice::from_ref(frames))
    }

    /// Plans one clip of several ranges, one after the other. Several ones need a source in which everything stands
    /// alone: intra-only pictures, uncompressed sound (decision 0013).
    ///
    /// # Errors
    /// As [`Index::clip`].
    pub fn clips(&self, ranges: &[Frames]) -> Result<Clip, Refused> {
        self.clip_of(ranges, |_| true)
    }

    /// Plans a clip of some tracks only. Ranges are counted in frames of the whole all the same.
    ///
    /// # Errors
    /// As [`Index::clip`].
    pub fn clip_of(&self, ranges: &[Frames], keep: impl Fn(&Track) -> bool) -> Result<Clip, Refused> {
        if ranges.len() > MOST_RANGES {
            return Err(Refused::TooMany { what: "ranges", limit: MOST_RANGES as u64 });
        }
        if ranges.is_empty() || ranges.iter().any(|range| range.is_empty() || range.end > self.clock.count) {
            return Err(Refused::Empty);
        }
        let mut tables: Vec<Option<Tables>> = Vec::new();
        let mut taken: Vec<Vec<Option<Taken>>> = vec![Vec::new(); ranges.len()];
        let (mut hidden, mut travels) = ((0, 0), ranges.to_vec());
        for (number, track) in self.tracks.iter().enumerate() {
            if track.counter.is_some() {
                tables.push(keep(track).then(|| self.timecode_tables(track, ranges)));
                continue;
            }
            let parts = if keep(track) { self.take(number, ranges)? } else { vec![None; ranges.len()] };
            if number == self.main
                && let [Some(part)] = &parts[..]
            {
                (hidden, travels) = self.count_hidden(track, part, &ranges[0])?;
            }
            let all: Option<Vec<Taken>> = parts.iter().cloned().collect();
            tables.push(all.map(|parts| sample_tables(track, &parts)).transpose()?);
            for (of_range, part) in taken.iter_mut().zip(parts) {
                of_range.push(part);
            }
        }
        let data = Data::gather(self, &taken, &mut tables)?;
        let header = write::header(self, &tables, &data.own, data.len)?;
        let mut extents = data.extents;
        extents.extend(&self.others);
        let len = header.len() as u64 + extents.iter().map(|extent| extent.len).sum::<u64>();
        Ok(Clip { header, extents, len, hidden, travels })
    }

    /// When something that is shown at a tick of the main track is shown in another, in its ticks, rounded.
    fn tick(&self, pts: i64, track: &Track) -> i64 {
        let (main, movie) = (self.main(), i128::from(self.timescale));
        let late = i128::from(main.delay) - i128::from(track.delay);
        let ticks = late * i128::from(main.timescale) + i128::from(pts - main.shown.start) * movie;
        track.shown.start.saturating_add(round(ticks * i128::from(track.timescale), movie * i128::from(main.timescale)))
    }

    /// What each range takes of a track. All nothing, or all something.
    fn take(&self, number: usize, ranges: &[Frames]) -> Result<Vec<Option<Taken>>, Refused> {
        let track = &self.tracks[number];
        let main = i128::from(self.main().timescale);
        let mut parts = Vec::new();
        let mut passed = 0;
        for range in ranges {
            let (from, to) = (self.clock.at(range.start), self.clock.at(range.end));
            let shown = if number == self.main {
                from..to
            } else {
                // The lengths of all ranges add up to the length of the clip: rounding is not added to rounding.
                let ticks = |pts: i64| round(i128::from(pts) * i128::from(track.timescale), main);
                let start = self.tick(from, track);
                start..start.saturating_add(ticks(passed + to - from) - ticks(passed))
            };
            passed += to - from;
            parts.push(select(track, shown, number == self.main)?);
        }
        if ranges.len() > 1 {
            let whole = |part: &Option<Taken>| {
                part.as_ref().is_some_and(|part| {
                    let at =
                        |sample| track.samples.from(sample).next().map_or(track.samples.end(), |sample| sample.dts);
                    let edges = at(part.samples.start)..at(part.samples.end);
                    part.delay == 0 && (edges == part.shown || (number == self.main && edges.start == part.shown.start))
                })
            };
            if !track.all_alone() || track.preroll > 0 || !parts.iter().all(whole) {
                return Err(Refused::Unsupported(
                    "several ranges in one file need pictures that each stand alone and uncompressed sound all along",
                ));
            }
        }
        Ok(parts)
    }

    /// Makes sure that exactly the frames wanted are shown, counts those that are not, and tells from where to where
    /// they all lie.
    fn count_hidden(&self, track: &Track, part: &Taken, range: &Frames) -> Result<((u32, u32), Vec<Frames>), Refused> {
        if self.sound_only() {
            return Ok(((0, 0), vec![range.clone()]));
        }
        let (mut before, mut shown, mut after) = (0, 0, 0);
        let (mut first, mut last) = (part.shown.start, part.shown.start);
        for sample in track.samples.from(part.samples.start).take(part.samples.len()) {
            (first, last) = (first.min(sample.pts()), last.max(sample.pts()));
            match sample.pts() {
                pts if pts < part.shown.start => before += 1,
                pts if pts < part.shown.end => shown += 1,
                _ => after += 1,
            }
        }
        if shown == range.len() {
            let travels = self.clock.within(first).min(range.start)..(self.clock.within(last) + 1).max(range.end);
            Ok(((before, after), vec![travels]))
        } else {
            Err(Refused::Unsupported("its pictures are stored in an order that cannot be cut"))
        }
    }

    /// The tables of a timecode track: a number for each range, and for each that begins within one.
    fn timecode_tables(&self, track: &Track, ranges: &[Frames]) -> Tables {
        let mut tables = Tables { size: Some(4), ..Tables::default() };
        let first = self.clock.at(0);
        let main = i128::from(self.main().timescale);
        let ticks = |pts: i64| round(i128::from(pts) * i128::from(track.timescale), main);
        let mut passed = 0;
        for range in ranges {
            let (from, to) = (self.clock.at(range.start), self.clock.at(range.end));
            let start = track.shown.start + ticks(from - first);
            let end = start + ticks(passed + to - from) - ticks(passed);
            passed += to - from;
            let mut began = start;
            tables.numbers.push(self.number_at(track, range.start));
            for sample in track.samples.after(start)..track.samples.after(end - 1) {
                let dts = track.samples.from(sample).next().map_or(began, |sample| sample.dts);
                tables.lasts((dts - began) as u32);
                began = dts;
                let numbers = track.counter.as_ref().map(|counter| &counter.numbers[..]);
                tables.numbers.push(numbers.and_then(|numbers| numbers.get(sample as usize)).copied().unwrap_or(0));
            }
            tables.lasts((end - began).max(1) as u32);
        }
        tables.edit = Edit { delay: 0, start: 0, duration: tables.duration as i64, timescale: track.timescale };
        let count = tables.numbers.len() as u32;
        tables.chunks = vec![Chunk { offset: 0, samples: count, description: 1 }];
        tables.count = count;
        tables
    }
}

/// The nearest whole number to a fraction, halves up.
fn round(of: i128, by: i128) -> i64 {
    i64::try_from((2 * of + by).div_euclid(2 * by)).unwrap_or(i64::MAX)
}

/// The samples to take of a track so that `wanted` can be shown, or nothing where it shows nothing then.
fn select(track: &Track, wanted: Range<i64>, main: bool) -> Result<Option<Taken>, Refused> {
    let samples = &track.samples;
    let shown = match main {
        true => wanted.clone(),
        false => wanted.start.max(track.shown.start)..wanted.end.min(track.shown.end),
    };
    if shown.is_empty() || samples.count == 0 {
        return Ok(None);
    }
    let earliest = i64::from(samples.offsets.0);
    // Start where decoding can: at the last such sample that is not shown later than the first wanted.
    let Some(found) = samples.sync_before(samples.after(shown.start - earliest), shown.start) else {
        return Err(Refused::Unsupported("nothing that can be decoded by itself comes before the first frame wanted"));
    };
    // End with the last sample, as they are stored, that is wanted.
    let mut limit = samples.after(shown.end - 1 - earliest).max(found + 1);
    if track.preroll > 0 {
        // ffmpeg does not know how long the last one lasts, so that it must not be the one to begin within.
        limit = limit.max(found + 2).min(samples.count);
    }
    let end = if samples.reordered() {
        let within = (found..limit).zip(samples.from(found)).filter(|(_, sample)| shown.contains(&sample.pts()));
        within.last().map_or(limit, |(last, _)| last + 1)
    } else {
        limit
    };
    // ffmpeg takes what follows the first picture of an open group for damaged, until that picture has come out of the
    // decoder: too late for a clip of a few frames, which therefore begins a group earlier, and names no later start.
    let earlier =
        (end - found < SHORT && opens(track, found)).then(|| samples.sync_before(found, shown.start)).flatten();
    let found = earlier.unwrap_or(found);
    let first = if samples.all_sync { found.saturating_sub(track.preroll) } else { found };
    Ok(Some(Taken { one_start: earlier.is_some(), samples: first..end, delay: shown.start - wanted.start, shown }))
}

/// Whether pictures shown before a sample are stored after it.
fn opens(track: &Track, sample: u32) -> bool {
    let mut following = track.samples.from(sample).take(SHORT as usize);
    following.next().is_some_and(|sync| following.any(|sample| sample.sync == Sync::No && sample.pts() < sync.pts()))
}

/// The tables for the samples taken; where their chunks lie is added later.
fn sample_tables(track: &Track, parts: &[Taken]) -> Result<Tables, Refused> {
    let samples = &track.samples;
    let mut tables =
        Tables { size: samples.size, says_one: track.says_one, sync: !samples.all_sync, ..Tables::default() };
    for part in parts {
        let Range { start, end } = part.samples;
        tables.count = tables
            .count
            .checked_add(end - start)
            .ok_or(Refused::TooMany { what: "samples", limit: u32::MAX.into() })?;
        tables.sdtp.extend_from_slice(track.sdtp.get(start as usize..end as usize).unwrap_or_default());
        if samples.uniform() {
            let last = u32::from(end == samples.count);
            tables.last(end - start - last, samples.delta.unwrap_or(0));
            tables.last(last, samples.last_delta);
            continue;
        }
        let before = tables.count - (end - start);
        for (number, sample) in (before + 1..).zip(samples.from(start).take((end - start) as usize)) {
            tables.lasts(sample.delta);
            if samples.reordered() {
                tables.composed(sample, part.shown.start);
            }
            match sample.sync {
                _ if part.one_start && number > before + 1 => {}
                Sync::Yes if !samples.all_sync => tables.stss.push(number),
                Sync::Partial => tables.stps.push(number),
                _ => {}
            }
        }
    }
    tables.sdtp = if tables.sdtp.len() == tables.count as usize { tables.sdtp } else { Vec::new() };
    tables.cslg = track.cslg && samples.reordered();
    tables.groups = track
        .sbgp
        .iter()
        .filter_map(|table| write::regroup(table, parts.iter().map(|part| part.samples.clone())))
        .collect();
    let [first, rest @ ..] = parts else { return Ok(tables) };
    let began = samples.from(first.samples.start).next().map_or(0, |sample| sample.dts);
    let start = first.shown.start - began;
    if start < 0 {
        return Err(Refused::Unsupported("its pictures are shown before they are decoded"));
    }
    let length = |part: &Taken| part.shown.end - part.shown.start;
    let duration = length(first) + rest.iter().map(length).sum::<i64>();
    tables.edit = Edit { delay: first.delay, start, duration, timescale: track.timescale };
    Ok(tables)
}

/// The bytes of `mdat`.
#[derive(Default)]
struct Data {
    /// Those that are the clip's own: numbers of timecode tracks. They come first.
    own: Vec<u8>,
    extents: Vec<Extent>,
    len: u64,
}

impl Data {
    /// Finds the samples taken in the source, and tells `tables` where they come to lie.
    fn gather(index: &Index, taken: &[Vec<Option<Taken>>], tables: &mut [Option<Tables>]) -> Result<Self, Refused> {
        let mut data = Self::default();
        for tables in tables.iter_mut().flatten() {
            if let Some(chunk) = tables.chunks.first_mut() {
                chunk.offset = data.own.len() as u64;
                data.own.extend(tables.numbers.iter().flat_map(|number| number.to_be_bytes()));
            }
        }
        data.len = data.own.len() as u64;
        let ordinary: Vec<usize> =
            (0..index.tracks.len()).filter(|track| index.tracks[*track].counter.is_none()).collect();
        let mut sizes = Vec::new();
        for of_range in taken {
            let mut wanted: Vec<Option<Range<u32>>> = vec![None; index.tracks.len()];
            for (track, part) in ordinary.iter().zip(of_range) {
                wanted[*track] = part.as_ref().map(|part| part.samples.clone());
            }
            let mut left: u64 = wanted.iter().flatten().map(|samples| samples.len() as u64).sum();
            let from: Vec<u32> =
                wanted.iter().map(|samples| samples.as_ref().map_or(u32::MAX, |its| its.start)).collect();
            let mut walk = index.chunks_from(&from);
            let before = data.len;
            while left > 0 {
                let chunk = walk.next(&mut sizes)?.ok_or(Refused::NotAnIndex)?;
                let Some(samples) = &wanted[chunk.track] else { continue };
                let start = samples.start.max(chunk.first);
                let end = samples.end.min(chunk.first + chunk.samples);
                if start >= end {
                    continue;
                }
                left -= u64::from(end - start);
                let track = &index.tracks[chunk.track];
                let Some(its) = &mut tables[chunk.track] else { continue };
                let of = |from: u32, to: u32| match track.samples.size {
                    Some(size) => u64::from(size) * u64::from(to - from),
                    None => sizes[from as usize..to as usize].iter().map(|size| u64::from(*size)).sum(),
                };
                let (skipped, kept) = (start - chunk.first, end - chunk.first);
                if track.samples.size.is_none() {
                    its.sizes.extend_from_slice(&sizes[skipped as usize..kept as usize]);
                }
                its.chunks.push(Chunk { offset: data.len, samples: end - start, description: chunk.description });
                data.add(Extent { start: chunk.offset + of(0, skipped), len: of(skipped, kept) });
                if data.len - before > index.length {
                    return Err(Refused::Damaged("several of its samples lie in the same place"));
                }
            }
        }
        Ok(data)
    }

    fn add(&mut self, extent: Extent) {
        self.len += extent.len;
        match self.extents.last_mut() {
            Some(last) if last.start + last.len == extent.start => last.len += extent.len,
            _ if extent.len == 0 => {}
            _ => self.extents.push(extent),
        }
    }
}

/// The least common multiple of the clocks of all tracks, so that every length is a whole number of ticks; the main
/// track's where that is too large.
pub(crate) fn common_clock(of: impl Iterator<Item = u32>, main: u32) -> u32 {
    let common = of.map(u64::from).try_fold(1_u64, |common, scale| {
        Some(common / gcd(common, scale) * scale).filter(|common| *common <= i32::MAX as u64)
    });
    common.and_then(|common| u32::try_from(common).ok()).unwrap_or(main)
}
