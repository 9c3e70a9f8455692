//! The sample table of a track as it stands in the file (`stbl`; ISO/IEC 14496-12, 8.5 to 8.7).

use crate::{
    Refused,
    atoms::{Atom, Bytes, Kind, first},
    packed::{LONGEST, MOST_SAMPLES, Sample, Samples, Shape, Sync},
    timecode::gcd,
};
use std::{iter::Peekable, slice};

/// Boxes of `stbl` that are written anew for a clip, or mean nothing in it.
pub(crate) const REPLACED: [Kind; 19] = [
    *b"stts", *b"ctts", *b"cslg", *b"stss", *b"stps", *b"stsz", *b"stz2", *b"stsc", *b"stco", *b"co64", *b"sdtp",
    *b"sbgp", // What follows is about samples too, is hardly ever there, and is left out.
    *b"csgp", *b"stsh", *b"padb", *b"stdp", *b"subs", *b"saiz", *b"saio",
];

/// Chunks that are read, of all tracks together.
pub(crate) const MOST_CHUNKS: u64 = 32_000_000;

const CONTRADICTION: Refused = Refused::Damaged("its tables contradict each other");

/// A table of entries of `width` bytes behind a count of 32 bits, checked to be there.
fn entries<'a>(atom: Option<Atom<'a>>, width: usize) -> Result<&'a [u8], Refused> {
    let Some(atom) = atom else { return Ok(&[]) };
    let mut bytes = Bytes(atom.body);
    bytes.version()?;
    let count = bytes.u32()? as usize;
    bytes.take(count.checked_mul(width).ok_or(CONTRADICTION)?)
}

fn number(entry: &[u8], at: usize) -> u32 {
    entry.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes)
}

/// Runs of (count, value): `stts`, `ctts`.
fn runs(table: &[u8]) -> impl Iterator<Item = (u32, u32)> + Clone {
    table.as_chunks::<8>().0.iter().map(|entry| (number(entry, 0), number(entry, 4))).filter(|(count, _)| *count > 0)
}

fn each(runs: impl Iterator<Item = (u32, u32)>) -> impl Iterator<Item = u32> {
    runs.flat_map(|(count, value)| (0..count).map(move |_| value))
}

/// Sizes of samples: `stsz`, `stz2`.
enum Sizes<'a> {
    Same(u32),
    Wide(&'a [u8]),
    /// Fields of 4, 8 or 16 bits.
    Narrow(&'a [u8], u8),
}

impl Sizes<'_> {
    fn get(&self, index: u32) -> u32 {
        let index = index as usize;
        match self {
            Sizes::Same(size) => *size,
            Sizes::Wide(table) => number(table, index * 4),
            Sizes::Narrow(table, 4) => table
                .get(index / 2)
                .map_or(0, |byte| u32::from(if index.is_multiple_of(2) { byte >> 4 } else { byte & 15 })),
            Sizes::Narrow(table, 8) => table.get(index).copied().map_or(0, u32::from),
            Sizes::Narrow(table, _) => {
                table.get(index * 2..index * 2 + 2).map_or(0, |pair| u32::from(pair[0]) << 8 | u32::from(pair[1]))
            }
        }
    }
}

fn sizes<'a>(stbl: &[Atom<'a>]) -> Result<(u32, Sizes<'a>), Refused> {
    if let Some(atom) = first(stbl, b"stsz") {
        let mut bytes = Bytes(atom.body);
        bytes.version()?;
        let (same, count) = (bytes.u32()?, bytes.u32()?);
        if same > 0 {
            return Ok((count, Sizes::Same(same)));
        }
        return Ok((count, Sizes::Wide(bytes.take((count as usize).checked_mul(4).ok_or(CONTRADICTION)?)?)));
    }
    let atom = first(stbl, b"stz2").ok_or(Refused::Damaged("a track does not say how large its samples are"))?;
    let mut bytes = Bytes(atom.body);
    bytes.version()?;
    let [_, _, _, width] = bytes.array()?;
    let count = bytes.u32()?;
    if ![4, 8, 16].contains(&width) {
        return Err(CONTRADICTION);
    }
    Ok((count, Sizes::Narrow(bytes.take((count as usize * usize::from(width)).div_ceil(8))?, width)))
}

/// Packs the samples of a track. `pcm` is the size of one instant of uncompressed sound, where that is what it holds:
/// QuickTime may say 1 instead.
pub(crate) fn samples(stbl: &[Atom<'_>], pcm: Option<u32>) -> Result<Samples, Refused> {
    let (count, sizes) = sizes(stbl)?;
    let durations = entries(first(stbl, b"stts"), 8)?;
    let (mut total, mut ticks) = (0_u64, 0_u64);
    for (count, delta) in runs(durations) {
        total += u64::from(count);
        ticks = ticks.saturating_add(u64::from(count) * u64::from(delta));
    }
    if total != u64::from(count) {
        return Err(CONTRADICTION);
    }
    if ticks > LONGEST {
        return Err(Refused::TooMany { what: "ticks", limit: LONGEST });
    }
    let (delta, last_delta) = one_duration(durations, count);
    let size = match (&sizes, pcm) {
        (Sizes::Same(1), Some(size)) => Some(size),
        (Sizes::Same(size), _) => Some(*size),
        _ => None,
    };
    let offsets = entries(first(stbl, b"ctts"), 8)?;
    // Version 0 holds unsigned offsets, and QuickTime and others write signed ones into it all the same.
    let unit = runs(offsets).fold(0, |unit, (_, offset)| gcd(u64::from((offset as i32).unsigned_abs()), unit));
    let unit = u32::try_from(unit).unwrap_or(u32::MAX);
    let all_sync = first(stbl, b"stss").is_none() && first(stbl, b"stps").is_none();
    let shape = Shape { count, size, delta, last_delta, unit, all_sync };
    if all_sync && unit > 0 {
        return Err(Refused::Unsupported(
            "its pictures are stored out of order, and it does not say which stand alone",
        ));
    }
    if (size.is_none() || delta.is_none() || unit > 0 || !all_sync) && count > MOST_SAMPLES {
        return Err(Refused::TooMany { what: "samples in a track", limit: MOST_SAMPLES.into() });
    }
    let mut offsets = each(runs(offsets));
    let mut full = Marks::of(entries(first(stbl, b"stss"), 4)?);
    let mut partial = Marks::of(entries(first(stbl, b"stps"), 4)?);
    let samples = each(runs(durations)).zip(0..count).map(|(delta, index)| {
        let (full, partial) = (full.has(index + 1), partial.has(index + 1));
        Sample {
            size: sizes.get(index),
            dts: 0,
            offset: offsets.next().unwrap_or(0) as i32,
            delta,
            sync: match (all_sync || full, partial) {
                (true, _) => Sync::Yes,
                (_, true) => Sync::Partial,
                _ => Sync::No,
            },
        }
    });
    Ok(Samples::pack(shape, samples))
}

/// The duration of all samples but the last, and that of the last; `None` where they differ.
fn one_duration(durations: &[u8], count: u32) -> (Option<u32>, u32) {
    let mut runs = runs(durations);
    match (runs.next(), runs.next(), runs.next()) {
        (None, ..) => (Some(0), 0),
        (Some((_, delta)), None, _) => (Some(delta), delta),
        (Some((most, delta)), Some((1, last)), None) if most == count - 1 => (Some(delta), last),
        _ => (None, 0),
    }
}

/// Numbers in rising order, asked for in rising order.
struct Marks<'a>(Peekable<slice::Iter<'a, [u8; 4]>>);

impl<'a> Marks<'a> {
    fn of(table: &'a [u8]) -> Self {
        Self(table.as_chunks().0.iter().peekable())
    }

    fn has(&mut self, wanted: u32) -> bool {
        while self.0.next_if(|entry| u32::from_be_bytes(**entry) < wanted).is_some() {}
        self.0.peek().is_some_and(|entry| u32::from_be_bytes(**entry) == wanted)
    }
}

/// A run of samples that lie side by side in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) offset: u64,
    pub(crate) samples: u32,
    /// Which of the track's sample descriptions they follow, from 1.
    pub(crate) description: u32,
}

/// The chunks of a track, read from `stsc` and `stco` or `co64`.
pub(crate) struct Chunks<'a> {
    offsets: &'a [u8],
    width: usize,
    /// first chunk (from 1), samples to a chunk, description
    runs: Peekable<slice::Iter<'a, [u8; 12]>>,
    run: (u32, u32),
    next: u32,
    samples_left: u32,
}

impl<'a> Chunks<'a> {
    pub(crate) fn of(stbl: &[Atom<'a>], samples: u32) -> Result<Self, Refused> {
        let (offsets, width) = match first(stbl, b"co64") {
            Some(atom) => (entries(Some(atom), 8)?, 8),
            None => (entries(first(stbl, b"stco"), 4)?, 4),
        };
        let runs = entries(first(stbl, b"stsc"), 12)?.as_chunks().0.iter().peekable();
        Ok(Self { offsets, width, runs, run: (0, 0), next: 0, samples_left: samples })
    }

    pub(crate) fn count(&self) -> usize {
        self.offsets.len() / self.width
    }

    /// The next chunk, or `None` after the last sample. Chunks past that are not looked at.
    pub(crate) fn next(&mut self) -> Result<Option<Chunk>, Refused> {
        if self.samples_left == 0 {
            return Ok(None);
        }
        let at = self.next as usize * self.width;
        let offset = self.offsets.get(at..at + self.width).ok_or(CONTRADICTION)?;
        self.next += 1;
        while let Some(run) = self.runs.next_if(|run| number(*run, 0) <= self.next) {
            self.run = (number(run, 4), number(run, 8));
        }
        let (samples, description) = (self.run.0.min(self.samples_left), self.run.1);
        if samples == 0 || description == 0 {
            return Err(CONTRADICTION);
        }
        self.samples_left -= samples;
        let offset = offset.iter().fold(0, |offset, byte| offset << 8 | u64::from(*byte));
        Ok(Some(Chunk { offset, samples, description }))
    }
}
