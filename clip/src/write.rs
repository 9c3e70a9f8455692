//! The header of a clip: `ftyp`, `moov` and the header of `mdat`.

use crate::{
    Index, Refused,
    atoms::{Bytes, Kind, atoms, put, put_full, put_u32, put_wide},
    cut::common_clock,
    packed::Sample,
};
use std::ops::Range;

/// A run of samples in the clip.
pub(crate) struct Chunk {
    /// From the start of `mdat`'s body.
    pub(crate) offset: u64,
    pub(crate) samples: u32,
    pub(crate) description: u32,
}

/// What a track shows, in ticks of its own clock.
#[derive(Clone, Copy, Default)]
pub(crate) struct Edit {
    pub(crate) delay: i64,
    pub(crate) start: i64,
    pub(crate) duration: i64,
    pub(crate) timescale: u32,
}

impl Edit {
    /// Of ticks of the track, those of the movie.
    fn in_movie(self, ticks: i64, movie: u32) -> u64 {
        let (ticks, scale) = (ticks.max(0) as u128, u128::from(self.timescale.max(1)));
        u64::try_from((2 * ticks * u128::from(movie) + scale) / (2 * scale)).unwrap_or(u64::MAX)
    }
}

/// The tables of a track of the clip.
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) count: u32,
    pub(crate) size: Option<u32>,
    pub(crate) sizes: Vec<u32>,
    pub(crate) says_one: bool,
    /// Whether some samples need others: then `stss` tells which do not, even if none.
    pub(crate) sync: bool,
    pub(crate) stss: Vec<u32>,
    pub(crate) stps: Vec<u32>,
    pub(crate) stts: Vec<(u32, u32)>,
    pub(crate) ctts: Vec<(u32, i32)>,
    pub(crate) cslg: bool,
    /// Of the pictures shown: the first moment, and the last.
    pub(crate) composed: Option<(i64, i64)>,
    pub(crate) sdtp: Vec<u8>,
    pub(crate) groups: Vec<Vec<u8>>,
    pub(crate) chunks: Vec<Chunk>,
    /// Of a timecode track: its samples.
    pub(crate) numbers: Vec<u32>,
    /// Ticks.
    pub(crate) duration: u64,
    pub(crate) edit: Edit,
}

impl Tables {
    /// One more sample that lasts so long.
    pub(crate) fn lasts(&mut self, delta: u32) {
        self.last(1, delta);
    }

    /// More samples that last so long each.
    pub(crate) fn last(&mut self, count: u32, delta: u32) {
        self.duration += u64::from(count) * u64::from(delta);
        match self.stts.last_mut() {
            _ if count == 0 => {}
            Some((before, same)) if *same == delta => *before += count,
            _ => self.stts.push((count, delta)),
        }
    }

    /// How much later a sample is shown than decoded.
    pub(crate) fn composed(&mut self, sample: Sample, start: i64) {
        match self.ctts.last_mut() {
            Some((count, same)) if *same == sample.offset => *count += 1,
            _ => self.ctts.push((1, sample.offset)),
        }
        let (shown, until) = (sample.pts() - start, sample.pts() - start + i64::from(sample.delta));
        let (first, last) = self.composed.get_or_insert((shown, until));
        (*first, *last) = ((*first).min(shown), (*last).max(until));
    }

    fn write(&self, out: &mut Vec<u8>, base: u64, large: bool) {
        let pairs = |out: &mut Vec<u8>, kind, version, pairs: &mut dyn ExactSizeIterator<Item = (u32, u32)>| {
            put_full(out, kind, version, |out| {
                put_u32(out, pairs.len() as u32);
                for (count, value) in pairs {
                    put_u32(out, count);
                    put_u32(out, value);
                }
            });
        };
        let list = |out: &mut Vec<u8>, kind, list: &[u32]| {
            put_full(out, kind, 0, |out| {
                put_u32(out, list.len() as u32);
                list.iter().for_each(|number| put_u32(out, *number));
            });
        };
        pairs(out, *b"stts", 0, &mut self.stts.iter().copied());
        if !self.ctts.is_empty() {
            let version = u8::from(self.ctts.iter().any(|(_, offset)| *offset < 0));
            pairs(out, *b"ctts", version, &mut self.ctts.iter().map(|(count, offset)| (*count, *offset as u32)));
        }
        if self.cslg {
            self.write_cslg(out);
        }
        if self.sync {
            list(out, *b"stss", &self.stss);
        }
        if !self.stps.is_empty() {
            list(out, *b"stps", &self.stps);
        }
        if !self.sdtp.is_empty() {
            put_full(out, *b"sdtp", 0, |out| out.extend_from_slice(&self.sdtp));
        }
        put_full(out, *b"stsc", 0, |out| {
            let mut runs: Vec<(u32, u32, u32)> = Vec::new();
            for (number, chunk) in (1..).zip(&self.chunks) {
                let same = |(_, samples, description): &(u32, u32, u32)| {
                    (*samples, *description) == (chunk.samples, chunk.description)
                };
                if !runs.last().is_some_and(same) {
                    runs.push((number, chunk.samples, chunk.description));
                }
            }
            put_u32(out, runs.len() as u32);
            for (first, samples, description) in runs {
                [first, samples, description].iter().for_each(|number| put_u32(out, *number));
            }
        });
        put_full(out, *b"stsz", 0, |out| {
            put_u32(out, if self.says_one { 1 } else { self.size.unwrap_or(0) });
            put_u32(out, self.count);
            self.sizes.iter().for_each(|size| put_u32(out, *size));
        });
        put_full(out, if large { *b"co64" } else { *b"stco" }, 0, |out| {
            put_u32(out, self.chunks.len() as u32);
            for chunk in &self.chunks {
                put_wide(out, u8::from(large), base + chunk.offset);
            }
        });
        for group in &self.groups {
            put(out, *b"sbgp", |out| out.extend_from_slice(group));
        }
    }

    /// ISO/IEC 14496-12, 8.6.1.4.
    fn write_cslg(&self, out: &mut Vec<u8>) {
        let offsets = || self.ctts.iter().map(|(_, offset)| i64::from(*offset));
        let (least, greatest) = (offsets().min().unwrap_or(0), offsets().max().unwrap_or(0));
        let (first, last) = self.composed.unwrap_or((0, 0));
        let start = self.edit.start;
        put_full(out, *b"cslg", 1, |out| {
            for field in [(-least).max(0), least, greatest, first + start, last + start] {
                out.extend_from_slice(&field.to_be_bytes());
            }
        });
    }
}

/// The part of a `sbgp` box's body that is about some of its samples. `None` where it cannot be read.
pub(crate) fn regroup(table: &[u8], ranges: impl Iterator<Item = Range<u32>>) -> Option<Vec<u8>> {
    let mut bytes = Bytes(table);
    let (version, _) = bytes.version().ok()?;
    let head = 8 + 4 * usize::from(version);
    bytes.take(head - 4).ok()?;
    let count = bytes.u32().ok()? as usize;
    let entries = bytes.take(count.checked_mul(8)?).ok()?;
    let mut kept: Vec<(u32, u32)> = Vec::new();
    for range in ranges {
        let mut at = 0_u32;
        for entry in entries.as_chunks::<8>().0 {
            let mut entry = Bytes(entry);
            let (samples, group) = (entry.u32().ok()?, entry.u32().ok()?);
            let end = at.saturating_add(samples);
            let within = range.end.min(end).saturating_sub(range.start.max(at));
            if within > 0 {
                kept.push((within, group));
            }
            at = end;
        }
        // Samples that no entry names belong to no group.
        let rest = range.end.saturating_sub(range.start.max(at));
        if rest > 0 {
            kept.push((rest, 0));
        }
    }
    let mut out = table[..head].to_vec();
    put_u32(&mut out, kept.len() as u32);
    for (samples, group) in kept {
        put_u32(&mut out, samples);
        put_u32(&mut out, group);
    }
    Some(out)
}

/// Everything up to the first byte of the source. `own` begins the body of `mdat`, which has `len` bytes in all.
pub(crate) fn header(index: &Index, tables: &[Option<Tables>], own: &[u8], len: u64) -> Result<Vec<u8>, Refused> {
    // An index has 128 MB at most.
    let large = len > u64::from(u32::MAX) - (1 << 28);
    let movie = Movie::of(index, tables);
    let start = |moov: &[u8]| (index.ftyp.len() + moov.len() + if large { 16 } else { 8 }) as u64;
    let moov = movie.write(0, large)?;
    // The second time knows how long the first became.
    let moov = movie.write(start(&moov), large)?;
    let mut out = index.ftyp.clone();
    out.extend_from_slice(&moov);
    if large {
        put_u32(&mut out, 1);
        out.extend_from_slice(b"mdat");
        out.extend_from_slice(&(len + 16).to_be_bytes());
    } else {
        put_u32(&mut out, (len + 8) as u32);
        out.extend_from_slice(b"mdat");
    }
    out.extend_from_slice(own);
    Ok(out)
}

struct Movie<'a> {
    index: &'a Index,
    tables: &'a [Option<Tables>],
    timescale: u32,
    duration: u64,
}

impl<'a> Movie<'a> {
    fn of(index: &'a Index, tables: &'a [Option<Tables>]) -> Self {
        let scales = tables.iter().flatten().map(|tables| tables.edit.timescale);
        let timescale = common_clock(scales, index.main().timescale);
        let ends = tables
            .iter()
            .flatten()
            .map(|tables| tables.edit)
            .map(|edit| edit.in_movie(edit.delay + edit.duration, timescale));
        Self { index, tables, timescale, duration: ends.max().unwrap_or(0) }
    }

    fn write(&self, base: u64, large: bool) -> Result<Vec<u8>, Refused> {
        let mut body = Vec::new();
        let mut tables = self.tables.iter();
        for atom in atoms(&self.index.skeleton)? {
            match &atom.kind {
                b"mvhd" => put_times(&mut body, atom.kind, atom.body, Some(self.timescale), self.duration, true)?,
                b"trak" => {
                    if let Some(tables) = tables.next().ok_or(Refused::NotAnIndex)? {
                        let mut trak = Vec::new();
                        self.track(&mut trak, atom.body, b"trak", tables, &|out| tables.write(out, base, large))?;
                        put(&mut body, *b"trak", |out| out.extend_from_slice(&trak));
                    }
                }
                _ => body.extend_from_slice(atom.whole),
            }
        }
        let mut out = Vec::new();
        put(&mut out, *b"moov", |out| out.extend_from_slice(&body));
        Ok(out)
    }

    /// Copies what is in a box of a track, with the clip's own times and tables.
    fn track(
        &self,
        out: &mut Vec<u8>,
        body: &[u8],
        within: &Kind,
        tables: &Tables,
        samples: &dyn Fn(&mut Vec<u8>),
    ) -> Result<(), Refused> {
        for atom in atoms(body)? {
            match (within, &atom.kind) {
                (b"trak", b"tkhd") => {
                    let duration = tables.edit.in_movie(tables.edit.delay + tables.edit.duration, self.timescale);
                    put_times(out, atom.kind, atom.body, None, duration, false)?;
                    self.edit(out, tables.edit);
                }
                (b"mdia", b"mdhd") => {
                    put_times(out, atom.kind, atom.body, Some(tables.edit.timescale), tables.duration, false)?
                }
                (b"trak", b"mdia") | (b"mdia", b"minf") | (b"minf", b"stbl") => {
                    let mut inner = Vec::new();
                    self.track(&mut inner, atom.body, &atom.kind, tables, samples)?;
                    put(out, atom.kind, |out| out.extend_from_slice(&inner));
                }
                // The tables come after the sample description, where everybody expects them.
                (b"stbl", b"stsd") => {
                    out.extend_from_slice(atom.whole);
                    samples(out);
                }
                _ => out.extend_from_slice(atom.whole),
            }
        }
        Ok(())
    }

    fn edit(&self, out: &mut Vec<u8>, edit: Edit) {
        let delay = edit.in_movie(edit.delay, self.timescale);
        // The end is rounded, not the length, so that tracks that end together do.
        let duration = edit.in_movie(edit.delay + edit.duration, self.timescale).saturating_sub(delay);
        let version = u8::from([delay, duration, edit.start as u64].iter().any(|ticks| *ticks > i32::MAX as u64));
        put(out, *b"edts", |out| {
            put_full(out, *b"elst", version, |out| {
                put_u32(out, if delay > 0 { 2 } else { 1 });
                if delay > 0 {
                    put_wide(out, version, delay);
                    put_wide(out, version, if version == 1 { u64::MAX } else { u32::MAX.into() });
                    put_u32(out, 0x0001_0000);
                }
                put_wide(out, version, duration);
                put_wide(out, version, edit.start as u64);
                put_u32(out, 0x0001_0000);
            });
        });
    }
}

/// Copies `mvhd`, `tkhd` or `mdhd` with another duration, and another timescale where there is one. They become
/// version 1 where the duration needs it. A movie's QuickTime times (preview, poster, selection) are taken back to 0.
fn put_times(
    out: &mut Vec<u8>,
    kind: Kind,
    body: &[u8],
    timescale: Option<u32>,
    duration: u64,
    movie: bool,
) -> Result<(), Refused> {
    let mut bytes = Bytes(body);
    let (version, flags) = bytes.version()?;
    let (created, modified) = (bytes.wide(version)?, bytes.wide(version)?);
    // A timescale of 32 bits, or a track's number and 32 bits of nothing.
    let middle = bytes.take(if timescale.is_some() { 4 } else { 8 })?;
    bytes.wide(version)?;
    let mut rest = bytes.0.to_vec();
    if movie && let Some(times) = rest.get_mut(52..76) {
        times.fill(0);
    }
    let version = if duration >= u64::from(u32::MAX) { 1 } else { version };
    put(out, kind, |out| {
        put_u32(out, u32::from(version) << 24 | flags);
        put_wide(out, version, created);
        put_wide(out, version, modified);
        match timescale {
            Some(scale) => put_u32(out, scale),
            None => out.extend_from_slice(middle),
        }
        put_wide(out, version, duration);
        out.extend_from_slice(&rest);
    });
    Ok(())
}
