//! Two hours of video: what their index weighs, and how soon a clip is planned.
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use clip::Index;
use std::{
    io::{self, Cursor, Read, Seek, SeekFrom},
    time::{Duration, Instant},
};

/// A file that begins with its index; the rest is never read.
struct Front {
    bytes: Cursor<Vec<u8>>,
    length: u64,
}

impl Read for Front {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

impl Seek for Front {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::End(0) => Ok(self.length),
            to => self.bytes.seek(to),
        }
    }
}

fn numbers(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    numbers.into_iter().flat_map(u32::to_be_bytes).collect()
}

fn atom(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

/// A table behind its number of entries, which have `width` numbers each.
fn table(kind: &[u8; 4], width: usize, entries: &[u32]) -> Vec<u8> {
    let head = [0, (entries.len() / width) as u32];
    atom(kind, &numbers(head.into_iter().chain(entries.iter().copied())))
}

struct Film {
    sizes: Vec<u32>,
    places: Vec<u64>,
    /// How much later than stored each is shown, in samples.
    later: Vec<u32>,
    group: u32,
}

fn trak(film: &Film, handler: &[u8; 4], codec: &[u8; 4], timescale: u32, delta: u32) -> Vec<u8> {
    let count = film.sizes.len() as u32;
    let later: Vec<u32> = film.later.iter().flat_map(|later| [1, later * delta]).collect();
    let places: Vec<u32> = film.places.iter().flat_map(|place| [(place >> 32) as u32, *place as u32]).collect();
    let groups: Vec<u32> = (1..=count).step_by(film.group as usize).collect();
    let stbl = [
        atom(b"stsd", &[numbers([0, 1]), atom(codec, &[0; 78])].concat()),
        table(b"stts", 2, &[count, delta]),
        if film.later.is_empty() { Vec::new() } else { table(b"ctts", 2, &later) },
        if film.group == 1 { Vec::new() } else { table(b"stss", 1, &groups) },
        atom(b"stsz", &numbers([0, 0, count].into_iter().chain(film.sizes.iter().copied()))),
        table(b"stsc", 3, &[1, 1, 1]),
        table(b"co64", 2, &places),
    ];
    let dinf = atom(b"dinf", &table(b"dref", 1, &[]));
    let minf = atom(b"minf", &[dinf, atom(b"stbl", &stbl.concat())].concat());
    let mdhd = atom(b"mdhd", &numbers([0, 0, 0, timescale, count * delta, 0]));
    let hdlr = atom(b"hdlr", &[&[0; 8], &handler[..], &[0; 13]].concat());
    let tkhd = atom(b"tkhd", &numbers([7, 0, 0, 1].into_iter().chain([0; 17])));
    atom(b"trak", &[tkhd, atom(b"mdia", &[mdhd, hdlr, minf].concat())].concat())
}

/// Two hours at so many frames a second, with B-frames and AAC, every picture and every frame of sound apart from the
/// next of its kind: the largest index such a film can have.
fn two_hours(rate: u32) -> Front {
    // As good as random (Knuth's generator), so that nothing is small by regularity.
    let mut state = 1_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % below) as u32
    };
    // Stored as I P B B B P B B B, shown as I B B B P B B B P.
    let group = rate / 2 * 4 + 1;
    let frames = (7200 * rate).next_multiple_of(group);
    let new = |group| Film { sizes: Vec::new(), places: Vec::new(), later: Vec::new(), group };
    let (mut pictures, mut sounds) = (new(group), new(1));
    let mut at = 64 << 20;
    for frame in 0..frames {
        pictures.later.push(if frame % group == 0 { 1 } else { [4, 0, 0, 0][(frame % group - 1) as usize % 4] });
        pictures.sizes.push(2000 + random(120_000));
        pictures.places.push(at);
        at += u64::from(pictures.sizes[frame as usize]);
        while (sounds.sizes.len() as u64) < u64::from(frame + 1) * 48_000 / 1024 / u64::from(rate) {
            sounds.sizes.push(250 + random(200));
            sounds.places.push(at);
            at += u64::from(sounds.sizes[sounds.sizes.len() - 1]);
        }
    }
    let mvhd = atom(b"mvhd", &numbers([0, 0, 0, 1000, 7_200_000].into_iter().chain([0; 20])));
    let traks = [trak(&pictures, b"vide", b"avc1", rate * 512, 512), trak(&sounds, b"soun", b"mp4a", 48_000, 1024)];
    let moov = atom(b"moov", &[mvhd, traks.concat()].concat());
    let mdat = numbers([1, u32::from_be_bytes(*b"mdat")]);
    let rest = at - moov.len() as u64;
    Front { bytes: Cursor::new([moov, mdat, rest.to_be_bytes().to_vec()].concat()), length: at }
}

#[test]
fn the_index_of_two_hours_has_less_than_five_megabytes() {
    for (rate, limit) in [(25, 3_000_000), (50, 5_000_000)] {
        let mut film = two_hours(rate);
        let index = Index::read(&mut film).unwrap();
        assert!(index.frames().end >= 7200 * rate && index.rate().unwrap().to_string() == rate.to_string());
        let stored = index.encode();
        let moov = film.bytes.get_ref().len();
        eprintln!("{rate} frames a second: {} bytes of {moov}", stored.len());
        assert!(stored.len() < limit, "{rate} frames a second: {} bytes", stored.len());
        let began = Instant::now();
        let index = Index::decode(&stored).unwrap();
        let loaded = began.elapsed();
        let middle = index.frames().end / 2;
        let began = Instant::now();
        let clip = index.clip(&(middle + 7..middle + 7 + 10 * rate)).unwrap();
        eprintln!("loaded in {loaded:?}, planned in {:?}: {} bytes of header", began.elapsed(), clip.header().len());
        // Without optimisation; a hundredth of it with.
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        assert!(clip.hidden().0 > 0 && clip.header().len() < 30_000, "{:?}", clip.hidden());
    }
}
