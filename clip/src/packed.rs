//! The samples of a track in few bytes.
//!
//! What is the same for all samples of a track (the size of PCM, the duration of a frame) is kept once. The rest is a
//! string of variable-length numbers (LEB128), about four bytes for a picture and two for a frame of AAC, with a mark
//! every [`BLOCK`] samples to start reading from.

use crate::Refused;
use serde::{Deserialize, Serialize};

/// Samples between two marks.
const BLOCK: u32 = 1024;
/// Samples of a track that are kept one by one: a day and more at 120 frames a second.
pub(crate) const MOST_SAMPLES: u32 = 16_000_000;
/// A track's length in its own ticks: 100 days of nanoseconds.
pub(crate) const LONGEST: u64 = 1 << 53;

const UNSOUND: Refused = Refused::NotAnIndex;

/// Adds a number in groups of seven bits, lowest first.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads one back at `at`, which it moves on.
pub(crate) fn get(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Small numbers of either sign as small numbers.
pub(crate) fn fold(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

/// [`fold`], back.
pub(crate) fn unfold(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// One sample: a picture, a frame of coded sound, one instant of PCM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) size: u32,
    /// When it is decoded, in ticks of the track.
    pub(crate) dts: i64,
    /// How much later it is shown (`ctts`).
    pub(crate) offset: i32,
    /// How long until the next is decoded.
    pub(crate) delta: u32,
    pub(crate) sync: Sync,
}

impl Sample {
    /// When it is shown.
    pub(crate) fn pts(self) -> i64 {
        self.dts + i64::from(self.offset)
    }
}

/// Whether decoding can start at a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sync {
    No,
    /// `stss`, or no `stss` at all.
    Yes,
    /// QuickTime's `stps`: the pictures shown before it, but stored after it, need what came earlier.
    Partial,
}

/// All samples of a track.
#[derive(Serialize, Deserialize)]
pub(crate) struct Samples {
    pub(crate) count: u32,
    /// Of every sample, or `None` where they differ.
    pub(crate) size: Option<u32>,
    /// Of every sample but the last, or `None` where they differ.
    pub(crate) delta: Option<u32>,
    pub(crate) last_delta: u32,
    /// Offsets are multiples of it; 0 where there are none.
    unit: u32,
    /// Every sample can be decoded by itself.
    pub(crate) all_sync: bool,
    packed: Vec<u8>,
    #[serde(skip)]
    blocks: Vec<Mark>,
    /// The least and the greatest offset.
    #[serde(skip)]
    pub(crate) offsets: (i32, i32),
    /// When the last one shown is over, in ticks.
    #[serde(skip)]
    pub(crate) until: i64,
}

#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    dts: i64,
}

impl Samples {
    /// Packs what `samples` yields; whoever calls has made sure that there are [`MOST_SAMPLES`] at most, unless
    /// nothing differs, when only `count` is looked at.
    pub(crate) fn pack(shape: Shape, samples: impl Iterator<Item = Sample>) -> Self {
        let Shape { count, size, delta, last_delta, unit, all_sync } = shape;
        let (packed, blocks, offsets, until) = (Vec::new(), Vec::new(), (0, 0), 0);
        let mut all = Self { count, size, delta, last_delta, unit, all_sync, packed, blocks, offsets, until };
        if !all.uniform() {
            for sample in samples {
                if size.is_none() || !all_sync {
                    let size = if size.is_none() { u64::from(sample.size) } else { 0 };
                    put(&mut all.packed, size << 2 | sample.sync as u64);
                }
                if unit > 0 {
                    put(&mut all.packed, fold(i64::from(sample.offset) / i64::from(unit)));
                }
                if delta.is_none() {
                    put(&mut all.packed, sample.delta.into());
                }
            }
            all.packed.shrink_to_fit();
        }
        all
    }

    /// Whether no sample differs from another, but for the last one's duration.
    pub(crate) fn uniform(&self) -> bool {
        self.size.is_some() && self.delta.is_some() && self.unit == 0 && self.all_sync
    }

    /// Whether some are shown in another order than they are stored.
    pub(crate) fn reordered(&self) -> bool {
        self.unit > 0
    }

    /// Reads everything once: sets the marks, and makes sure that later reading finds what it expects.
    pub(crate) fn settle(&mut self) -> Result<(), Refused> {
        self.blocks.clear();
        self.offsets = (0, 0);
        if self.uniform() {
            self.until = self.end();
            return if self.until as u64 <= LONGEST { Ok(()) } else { Err(UNSOUND) };
        }
        if self.count > MOST_SAMPLES {
            return Err(UNSOUND);
        }
        self.until = 0;
        let (mut at, mut dts, mut offsets) = (0, 0_i64, None);
        for index in 0..self.count {
            if index.is_multiple_of(BLOCK) {
                self.blocks.push(Mark { at, dts });
            }
            let sample = self.read(index, dts, &mut at).ok_or(UNSOUND)?;
            let (low, high) = offsets.get_or_insert((sample.offset, sample.offset));
            (*low, *high) = ((*low).min(sample.offset), (*high).max(sample.offset));
            dts += i64::from(sample.delta);
            self.until = self.until.max(sample.pts() + i64::from(sample.delta));
            if dts as u64 > LONGEST {
                return Err(UNSOUND);
            }
        }
        self.offsets = offsets.unwrap_or_default();
        if at == self.packed.len() { Ok(()) } else { Err(UNSOUND) }
    }

    fn read(&self, index: u32, dts: i64, at: &mut usize) -> Option<Sample> {
        let mut sample = Sample { size: self.size.unwrap_or(0), dts, offset: 0, delta: 0, sync: Sync::Yes };
        if self.size.is_none() || !self.all_sync {
            let both = get(&self.packed, at)?;
            sample.sync = match both & 3 {
                0 => Sync::No,
                1 => Sync::Yes,
                _ => Sync::Partial,
            };
            if self.size.is_none() {
                sample.size = u32::try_from(both >> 2).ok()?;
            }
        }
        if self.unit > 0 {
            let units = unfold(get(&self.packed, at)?);
            sample.offset = i32::try_from(units.checked_mul(self.unit.into())?).ok()?;
        }
        sample.delta = match self.delta {
            None => u32::try_from(get(&self.packed, at)?).ok()?,
            Some(_) if index + 1 == self.count => self.last_delta,
            Some(delta) => delta,
        };
        Some(sample)
    }

    /// The samples from one on, in the order they are stored.
    pub(crate) fn from(&self, first: u32) -> Walk<'_> {
        if self.uniform() {
            let dts = i64::from(first.min(self.count)) * i64::from(self.delta.unwrap_or(0));
            return Walk { samples: self, next: first, at: 0, dts };
        }
        let block = (first / BLOCK) as usize;
        let mark = self.blocks.get(block).copied();
        let Mark { at, dts } = mark.unwrap_or(Mark { at: self.packed.len(), dts: 0 });
        let start = if mark.is_some() { block as u32 * BLOCK } else { self.count };
        let mut walk = Walk { samples: self, next: start, at, dts };
        while walk.next < first && walk.next().is_some() {}
        walk
    }

    /// When the last sample ends, in ticks.
    pub(crate) fn end(&self) -> i64 {
        match (self.delta, self.count.checked_sub(1)) {
            (_, None) => 0,
            (Some(delta), Some(last)) => {
                // 2^32 samples of 2^32 ticks are more than fit: `settle` refuses what comes out.
                (i64::from(last).checked_mul(i64::from(delta)))
                    .and_then(|ticks| ticks.checked_add(self.last_delta.into()))
                    .unwrap_or(i64::MAX)
            }
            (None, Some(last)) => self.from(last).next().map_or(0, |sample| sample.dts + i64::from(sample.delta)),
        }
    }

    /// The first sample that is decoded after `dts`; `count` where none is.
    pub(crate) fn after(&self, dts: i64) -> u32 {
        if dts < 0 {
            return 0;
        }
        match self.delta {
            Some(0) => self.count,
            Some(delta) => u32::try_from(dts / i64::from(delta) + 1).unwrap_or(u32::MAX).min(self.count),
            None => {
                let block = self.blocks.partition_point(|mark| mark.dts <= dts).saturating_sub(1) as u32;
                let start = block * BLOCK;
                start + self.from(start).take_while(|sample| sample.dts <= dts).count() as u32
            }
        }
    }

    /// The last sample at which decoding can start, of those before `limit` that are shown at `pts` or earlier.
    pub(crate) fn sync_before(&self, limit: u32, pts: i64) -> Option<u32> {
        if self.uniform() {
            return limit.min(self.after(pts)).checked_sub(1);
        }
        let mut end = limit.min(self.count);
        while end > 0 {
            let start = (end - 1) / BLOCK * BLOCK;
            let good =
                (start..end).zip(self.from(start)).filter(|(_, sample)| sample.sync != Sync::No && sample.pts() <= pts);
            if let Some((found, _)) = good.last() {
                return Some(found);
            }
            end = start;
        }
        None
    }
}

/// What is the same for all samples of a track.
pub(crate) struct Shape {
    pub(crate) count: u32,
    pub(crate) size: Option<u32>,
    pub(crate) delta: Option<u32>,
    pub(crate) last_delta: u32,
    pub(crate) unit: u32,
    pub(crate) all_sync: bool,
}

/// Reads samples one by one.
pub(crate) struct Walk<'a> {
    samples: &'a Samples,
    next: u32,
    at: usize,
    dts: i64,
}

impl Iterator for Walk<'_> {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        if self.next >= self.samples.count {
            return None;
        }
        let sample = self.samples.read(self.next, self.dts, &mut self.at)?;
        self.next += 1;
        self.dts += i64::from(sample.delta);
        Some(sample)
    }
}
