//! Boxes (ISO/IEC 14496-12, 4.2), which QuickTime calls atoms: a size, four letters, a body.

use crate::Refused;

/// The four letters of a box.
pub(crate) type Kind = [u8; 4];

const ENDS_EARLY: Refused = Refused::Damaged("a box ends before what it says it holds");

/// Big-endian numbers, read from the front.
#[derive(Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Refused> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(ENDS_EARLY)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refused> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(ENDS_EARLY)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Refused> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Refused> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Refused> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Refused> {
        self.array().map(u64::from_be_bytes)
    }

    /// A number of 32 bits in version 0 of a box, of 64 in version 1.
    pub(crate) fn wide(&mut self, version: u8) -> Result<u64, Refused> {
        if version == 1 { self.u64() } else { self.u32().map(u64::from) }
    }

    /// Version and flags of a full box.
    pub(crate) fn version(&mut self) -> Result<(u8, u32), Refused> {
        let [version, flags @ ..] = self.array::<4>()?;
        Ok((version, u32::from_be_bytes([0, flags[0], flags[1], flags[2]])))
    }
}

/// One box in memory.
#[derive(Clone, Copy)]
pub(crate) struct Atom<'a> {
    pub(crate) kind: Kind,
    pub(crate) body: &'a [u8],
    /// With its header.
    pub(crate) whole: &'a [u8],
}

/// The boxes that lie side by side in `bytes`. Fewer than eight bytes at the end are QuickTime's terminator.
///
/// # Errors
/// Sizes that lie, and more than 10 000 boxes.
pub(crate) fn atoms(bytes: &[u8]) -> Result<Vec<Atom<'_>>, Refused> {
    const LIMIT: usize = 10_000;
    let mut found = Vec::new();
    let mut rest = bytes;
    while rest.len() >= 8 {
        if found.len() == LIMIT {
            return Err(Refused::TooMany { what: "boxes in one box", limit: LIMIT as u64 });
        }
        let mut reader = Bytes(rest);
        let (short, kind) = (reader.u32()?, reader.array()?);
        let size = match short {
            0 => rest.len() as u64,
            1 => reader.u64()?,
            size => size.into(),
        };
        let header = rest.len() - reader.0.len();
        let size = usize::try_from(size).ok().filter(|size| (header..=rest.len()).contains(size)).ok_or(ENDS_EARLY)?;
        let (whole, after) = rest.split_at(size);
        found.push(Atom { kind, body: &whole[header..], whole });
        rest = after;
    }
    Ok(found)
}

/// The first box of a kind.
pub(crate) fn first<'a>(atoms: &[Atom<'a>], kind: &Kind) -> Option<Atom<'a>> {
    atoms.iter().find(|atom| atom.kind == *kind).copied()
}

/// Writes a box: its header, then what `body` writes. Bodies are of the index's size, far below 4 GB.
pub(crate) fn put(out: &mut Vec<u8>, kind: Kind, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&kind);
    body(out);
    let size = u32::try_from(out.len() - start).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&size.to_be_bytes());
}

/// Writes a full box of some version, without flags.
pub(crate) fn put_full(out: &mut Vec<u8>, kind: Kind, version: u8, body: impl FnOnce(&mut Vec<u8>)) {
    put(out, kind, |out| {
        out.extend_from_slice(&[version, 0, 0, 0]);
        body(out);
    });
}

/// A big-endian number of 32 bits.
pub(crate) fn put_u32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_be_bytes());
}

/// As many bits as the version of the box has.
pub(crate) fn put_wide(out: &mut Vec<u8>, version: u8, number: u64) {
    if version == 1 {
        out.extend_from_slice(&number.to_be_bytes());
    } else {
        put_u32(out, u32::try_from(number).unwrap_or(u32::MAX));
    }
}
