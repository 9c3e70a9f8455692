//! No bytes make the crate panic, and bad files are refused with their reason, soon.
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod support;

use clip::{
    Index, Piece, Point, Rate, Refused, Timecode, TimecodeFormat,
    edl::{self, Edl, Take},
};
use proptest::prelude::*;
use std::{
    fs::{self, File},
    io::{Cursor, Seek, SeekFrom, Write},
    path::PathBuf,
    sync::LazyLock,
    time::{Duration, Instant},
};
use support::{Scratch, film, index, scratch};

fn long_gop() -> PathBuf {
    let coding = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "28", "-threads", "1", "-g", "50", "-bf", "3"];
    film("mp4", "25", 3, &[&coding[..], &["-c:a", "aac", "-aac_pns", "0", "-timecode", "10:00:00:00"]].concat())
}

static FILM: LazyLock<Vec<u8>> = LazyLock::new(|| fs::read(long_gop()).unwrap());

fn place(of: &[u8]) -> usize {
    FILM.windows(of.len()).position(|window| window == of).unwrap()
}

/// Does all that can be done with an index.
fn use_it(index: &Index) {
    let count = index.frames().end;
    for range in [0..count, 0..1, count / 2..count / 2 + 1, count - 1..count, count / 3..count] {
        let Ok(clip) = index.clip(&range) else { continue };
        let len: u64 = clip
            .pieces(0..u64::MAX)
            .map(|piece| match piece {
                Piece::Bytes(bytes) => bytes.len() as u64,
                Piece::Source(extent) => {
                    assert!(extent.start + extent.len <= index.length());
                    extent.len
                }
            })
            .sum();
        assert_eq!(len, clip.len());
        let picture = clip::Picture { codec: "h264".into(), pixel_format: "yuv420p".into(), interlaced: false };
        drop((index.edit_safe(&range, &picture), index.describe(&range), index.explain(&clip, true)));
    }
    for point in ["f0", "10:00:01:00", "00:00:00;00", "2.92s", "9999999.999999999s", "23:59:59:24"] {
        let _ = index.frame(point.parse().unwrap());
    }
}

fn read(bytes: &[u8]) -> Result<Index, Refused> {
    Index::read(&mut Cursor::new(bytes))
}

#[test]
fn the_film_itself_is_taken() {
    use_it(&read(&FILM).unwrap());
}

#[test]
fn what_is_no_film_is_refused_with_the_reason() {
    let with = |at: usize, bytes: &[u8]| {
        let mut film = FILM.clone();
        film[at..at + bytes.len()].copy_from_slice(bytes);
        film
    };
    let (moov, mdhd, stsz) = (place(b"moov"), place(b"mdhd"), place(b"stsz"));
    let loops = {
        // A box that holds itself, as far as its size goes, again and again.
        let inner: Vec<u8> =
            (0..2000_u32).flat_map(|depth| [(8 * (2000 - depth)).to_be_bytes(), *b"moov"].concat()).collect();
        [&8_u32.to_be_bytes()[..], b"ftyp", &inner].concat()
    };
    let small = [&7_u32.to_be_bytes()[..], b"ftyp", &[0; 100]].concat();
    for (bytes, reason) in [
        (Vec::new(), "no MP4 or MOV"),
        (b"Hello, this is a text that somebody named film.mp4.\n".to_vec(), "no MP4 or MOV"),
        (b"RIFF\x24\0\0\0WAVEfmt ".to_vec(), "no MP4 or MOV"),
        (vec![0; 100_000], "no MP4 or MOV"),
        (FILM[..FILM.len() / 2].to_vec(), "no index"),
        (FILM[..moov + 200].to_vec(), "ends within its index"),
        (with(moov - 4, &u32::MAX.to_be_bytes()), "ends within its index"),
        (with(moov - 4, &4_u32.to_be_bytes()), "smaller than its own header"),
        (with(mdhd + 16, &[0; 4]), "timescale 0"),
        (with(place(b"mvhd") + 16, &[0; 4]), "timescale 0"),
        (with(stsz + 12, &u32::MAX.to_be_bytes()), "ends before what it says"),
        (with(stsz + 12, &10_u32.to_be_bytes()), "contradict each other"),
        (with(stsz + 16, &u32::MAX.to_be_bytes()), "past its end"),
        (with(place(b"stco") + 12, &u32::MAX.to_be_bytes()), "past its end"),
        (with(place(b"stts") + 8, &[0xff; 4]), "count"),
        (loops, "how it counts time"),
        (small, "smaller than its own header"),
    ] {
        let refused = match read(&bytes) {
            Err(refused) => refused.to_string(),
            Ok(_) => panic!("taken, though {reason}"),
        };
        let counts = refused.contains("ends before what it says") || refused.contains("contradict");
        assert!(refused.contains(reason) || (reason == "count" && counts), "{refused}, not {reason}");
    }
}

#[test]
fn a_fragmented_file_is_refused_with_what_to_do() {
    let coding = ["-c:v", "libx264", "-preset", "veryfast", "-g", "10", "-movflags", "+frag_keyframe+empty_moov"];
    let film = film("mp4", "25", 1, &coding);
    let refused = Index::read(&mut File::open(film).unwrap()).err().unwrap().to_string();
    assert!(refused.contains("fragmented") && refused.contains("-c copy"), "{refused}");
}

#[test]
fn ten_gigabytes_of_nothing_are_refused_at_once() {
    let began = Instant::now();
    let sparse = Scratch(scratch("sparse.mp4"));
    let mut file = File::create_new(&sparse.0).unwrap();
    file.set_len(10 << 30).unwrap();
    assert!(matches!(Index::read(&mut File::open(&sparse.0).unwrap()), Err(Refused::NotMp4)));
    // One that begins well, and then is nothing but zeros.
    file.write_all(&FILM[..place(b"moov") - 4]).unwrap();
    assert!(matches!(Index::read(&mut File::open(&sparse.0).unwrap()), Err(Refused::NoIndex)));
    // One whose index says to be ten gigabytes.
    file.write_all(&[&1_u32.to_be_bytes()[..], b"moov", &(9_u64 << 30).to_be_bytes()].concat()).unwrap();
    assert!(matches!(Index::read(&mut File::open(&sparse.0).unwrap()), Err(Refused::TooMany { .. })));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[test]
fn what_lies_past_four_gigabytes_is_cut_as_well() {
    // The film with its pictures and sound moved five gigabytes back, behind nothing; offsets of 64 bits.
    const FURTHER: u64 = 5 << 30;
    let (mdat, moov) = (place(b"mdat") - 4, place(b"moov") - 4);
    let mut index_of_it = Vec::new();
    widen(&mut index_of_it, &FILM[moov + 8..], FURTHER);
    let sparse = Scratch(scratch("large.mp4"));
    let mut file = File::create_new(&sparse.0).unwrap();
    file.write_all(&FILM[..mdat]).unwrap();
    file.write_all(&[&1_u32.to_be_bytes()[..], b"free", &FURTHER.to_be_bytes()].concat()).unwrap();
    file.seek(SeekFrom::Start(mdat as u64 + FURTHER)).unwrap();
    file.write_all(&FILM[mdat..moov]).unwrap();
    file.write_all(&[&(index_of_it.len() as u32 + 8).to_be_bytes()[..], b"moov", &index_of_it].concat()).unwrap();
    let (large, small) = (index(&sparse.0), index(&long_gop()));
    let (of_large, of_small) = (large.clip(&(30..61)).unwrap(), small.clip(&(30..61)).unwrap());
    assert_eq!(of_large.header(), of_small.header());
    for (large, small) in of_large.extents().iter().zip(of_small.extents()) {
        assert_eq!((large.start, large.len), (small.start + FURTHER, small.len));
    }
}

/// Copies an index whose offsets have 32 bits, with offsets of 64 that are larger by `further`.
fn widen(out: &mut Vec<u8>, mut bytes: &[u8], further: u64) {
    while !bytes.is_empty() {
        let size = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
        let (whole, rest) = bytes.split_at(size);
        bytes = rest;
        let (mut kind, mut body) = (&whole[4..8], Vec::new());
        match kind {
            b"trak" | b"mdia" | b"minf" | b"stbl" => widen(&mut body, &whole[8..], further),
            b"stco" => {
                kind = b"co64";
                body.extend_from_slice(&whole[8..16]);
                for offset in whole[16..].as_chunks().0 {
                    let offset = u32::from_be_bytes(*offset);
                    body.extend_from_slice(&(u64::from(offset) + further).to_be_bytes());
                }
            }
            _ => body.extend_from_slice(&whole[8..]),
        }
        out.extend_from_slice(&(body.len() as u32 + 8).to_be_bytes());
        out.extend_from_slice(kind);
        out.extend_from_slice(&body);
    }
}

/// Every way of counting that is in use.
fn any_format() -> impl Strategy<Value = TimecodeFormat> {
    let formats = [
        (24, false),
        (25, false),
        (30, false),
        (30, true),
        (48, false),
        (50, false),
        (60, false),
        (60, true),
        (120, true),
    ];
    prop::sample::select(formats.to_vec()).prop_map(|(nominal, drop)| TimecodeFormat::new(nominal, drop).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in prop::sample::select(vec!["ftyp", "moov", "mdat"])) {
        let framed = [&(bytes.len() as u32 + 8).to_be_bytes()[..], kind.as_bytes(), &bytes].concat();
        for bytes in [&bytes, &framed] {
            if let Ok(index) = read(bytes) {
                use_it(&index);
            }
            prop_assert!(Index::decode(bytes).is_err());
        }
    }

    #[test]
    fn a_film_with_wrong_bytes_is_read_or_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut film = FILM.clone();
        let moov = place(b"moov");
        for (at, byte) in changes {
            let at = moov + at.index(film.len() - moov);
            film[at] = byte;
        }
        if let Ok(index) = read(&film) {
            use_it(&index);
        }
    }

    #[test]
    fn a_film_with_wrong_numbers_is_read_or_refused(at in any::<prop::sample::Index>(), number in prop::sample::select(vec![0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX])) {
        let mut film = FILM.clone();
        let moov = place(b"moov");
        let at = moov + at.index((film.len() - moov) / 4 - 1) * 4;
        film[at..at + 4].copy_from_slice(&number.to_be_bytes());
        if let Ok(index) = read(&film) {
            use_it(&index);
        }
    }

    #[test]
    fn a_film_cut_short_is_read_or_refused(keep in any::<prop::sample::Index>()) {
        if let Ok(index) = read(&FILM[..keep.index(FILM.len())]) {
            use_it(&index);
        }
    }

    #[test]
    fn a_stored_index_with_wrong_bytes_is_read_or_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut stored = read(&FILM).unwrap().encode();
        for (at, byte) in changes {
            let at = at.index(stored.len());
            stored[at] = byte;
        }
        if let Ok(index) = Index::decode(&stored) {
            use_it(&index);
        }
    }

    #[test]
    fn the_pieces_of_any_range_are_those_of_the_whole(from in 0..200_000_u64, len in 0..200_000_u64) {
        let clip = read(&FILM).unwrap().clip(&(10..60)).unwrap();
        let bytes = |range| {
            let mut bytes = Vec::new();
            for piece in clip.pieces(range) {
                match piece {
                    Piece::Bytes(own) => bytes.extend_from_slice(own),
                    Piece::Source(extent) => bytes.extend_from_slice(&FILM[extent.start as usize..][..extent.len as usize]),
                }
            }
            bytes
        };
        let whole = bytes(0..u64::MAX);
        prop_assert_eq!(whole.len() as u64, clip.len());
        let (start, end) = ((from as usize).min(whole.len()), ((from + len) as usize).min(whole.len()));
        prop_assert_eq!(&bytes(from..from + len), &whole[start..end]);
    }

    #[test]
    fn any_text_is_a_point_or_none(text in "\\PC{0,20}") {
        let _ = text.parse::<Point>();
        let _ = Timecode::parse(&text, TimecodeFormat::new(30, true).unwrap());
    }

    #[test]
    fn text_that_looks_like_a_point_is_one_or_none(text in "[f0-9:;.s]{0,20}") {
        let _ = text.parse::<Point>();
        let _ = Timecode::parse(&text, TimecodeFormat::new(60, true).unwrap());
    }

    #[test]
    fn timecode_is_read_as_it_is_written(format in any_format(), frames in 0..u64::MAX) {
        let timecode = Timecode::from_frames(frames, format);
        prop_assert!(timecode.frames() < format.per_day());
        prop_assert_eq!(Timecode::parse(&timecode.to_string(), format), Ok(timecode));
        prop_assert_eq!(Timecode::parse(&timecode.to_string().replace(';', ":"), format), Ok(timecode));
    }

    #[test]
    fn timecode_counts(format in any_format(), frames in 0..20_000_000_u64, more in 0..20_000_000_u64) {
        let (from, to) = (Timecode::from_frames(frames, format), Timecode::from_frames(frames + more, format));
        prop_assert_eq!(from.plus(more), to);
        prop_assert_eq!(to.since(from), more % format.per_day());
        prop_assert!(from.frames() > to.frames() || from.to_string() <= to.to_string());
    }

    #[test]
    fn drop_frame_keeps_up_with_the_clock(frames in 0..2_589_408_u64) {
        let format = TimecodeFormat::new(30, true).unwrap();
        let text = Timecode::from_frames(frames, format).to_string();
        let numbers: Vec<f64> = text.split([':', ';']).map(|number| number.parse().unwrap()).collect();
        let shown = numbers[0] * 3600.0 + numbers[1] * 60.0 + numbers[2] + numbers[3] / 30.0;
        let real = frames as f64 * 1001.0 / 30000.0;
        prop_assert!((shown - real).abs() < 0.16, "{text} at {real}");
    }
}

#[test]
fn timecode_by_known_values() {
    let drop = |nominal| TimecodeFormat::new(nominal, true).unwrap();
    for (frames, format, text) in [
        (1799, drop(30), "00:00:59;29"),
        (1800, drop(30), "00:01:00;02"),
        (17_981, drop(30), "00:09:59;29"),
        (17_982, drop(30), "00:10:00;00"),
        (107_892, drop(30), "01:00:00;00"),
        (3600, drop(60), "00:01:00;04"),
        (35_964, drop(60), "00:10:00;00"),
        (1800, TimecodeFormat::new(30, false).unwrap(), "00:01:00:00"),
        (90_000, TimecodeFormat::new(25, false).unwrap(), "01:00:00:00"),
    ] {
        assert_eq!(Timecode::from_frames(frames, format).to_string(), text);
    }
    for bad in [
        "00:01:00;00",
        "00:01:00;01",
        "00:11:00:00",
        "24:00:00;00",
        "00:60:00;00",
        "00:00:00;30",
        "00:00;00:00",
        "0:0:0",
        "1:2:3:4:5",
        "-1:00:00:00",
        "00:00:00;",
        "00000:00:00:00",
    ] {
        assert!(Timecode::parse(bad, drop(30)).is_err(), "{bad}");
    }
    assert!(Timecode::parse("00:00:01;00", TimecodeFormat::new(25, false).unwrap()).is_err());
    assert!(TimecodeFormat::new(25, true).is_none() && TimecodeFormat::new(0, false).is_none());
    assert_eq!(Rate::new(60000, 2002).unwrap().to_string(), "30000/1001");
    assert_eq!(Rate::new(30000, 1001).unwrap().nominal(), 30);
    assert_eq!(Rate::new(24000, 1001).unwrap().nominal(), 24);
    assert!(Rate::new(0, 1).is_none() && Rate::new(1, 0).is_none());
}

#[test]
fn points_are_found() {
    let index = index(&long_gop());
    let frame = |text: &str| index.frame(text.parse().unwrap());
    for (text, found) in [
        ("10:00:00:00", 0),
        ("10:00:02:23", 73),
        ("f73", 73),
        ("2.92s", 73),
        ("2.93s", 73),
        ("2.91s", 73),
        ("10:00:03:00", 75),
        ("f75", 75),
        ("3s", 75),
        ("3.01s", 75),
        ("0s", 0),
    ] {
        assert_eq!(frame(text).unwrap(), found, "{text}");
    }
    for text in ["10:00:03:01", "09:59:59:24", "f76", "3.1s", "00:00:00:00"] {
        let refused = frame(text).unwrap_err().to_string();
        assert!(refused.contains("10:00:00:00 (f0) to 10:00:02:24 (f74)"), "{text}: {refused}");
    }
    assert!(frame("10:00:02;23").unwrap_err().to_string().contains("drop-frame"));
    let between = |from: &str, to: &str| index.between(from.parse().unwrap(), to.parse().unwrap());
    assert_eq!(between("f0", "10:00:03:00").unwrap(), 0..75);
    assert!(matches!(between("f5", "f5"), Err(Refused::Empty)) && matches!(between("f6", "f5"), Err(Refused::Empty)));
    for text in [
        "",
        "f",
        "f-1",
        "f1.5",
        "73",
        "s",
        "2,92s",
        "1e3s",
        "-1s",
        "f99999999999",
        "12345678s",
        "1.0000000001s",
        ".5s",
        "5.s",
        "f+1",
    ] {
        assert!(text.parse::<Point>().is_err(), "{text}");
    }
}

/// A line that resembles one of a list.
const LINE: &str = "((001|R|V|C|D|K|B|W001|024|BL|AX|NONE|TITLE:|FCM:|\\*|FROM CLIP NAME:|TO CLIP NAME:|M2|a\\.mov|\
    [0-9;:]{11}|00:00:01:00|\\PC{0,5}) ){0,12}(\r\n|\n|\r)?";

fn lines() -> impl Strategy<Value = String> {
    prop::collection::vec(LINE, 0..10).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_as_a_list_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), text in lines()) {
        let _ = Edl::read(&bytes);
        if let Ok(edl) = Edl::read(text.as_bytes()) {
            let digits = |line: &&str| line.trim_matches(|c: char| c.is_whitespace() || c.is_control()).starts_with(|c: char| c.is_ascii_digit());
            let all = text.replace("\r\n", "\n");
            let events = all.split(['\n', '\r']).filter(digits).count();
            let passed = edl.passed_over.iter().filter(|passed| passed.text.starts_with(|c: char| c.is_ascii_digit())).count();
            prop_assert_eq!(edl.events.len() + passed, events, "nothing is lost in silence");
        }
    }

    #[test]
    fn a_list_that_was_written_is_read_back(
        nominal in prop::sample::select(vec![24, 25, 30, 50, 60]),
        drop_frame in any::<bool>(),
        title in "\\PC{0,100}",
        takes in prop::collection::vec(("[A-Z0-9-]{1,12}", "[a-zé0-9._-]{1,40}", any::<bool>(), 0_u64..10_000_000, 1_u32..200_000), 1..40),
    ) {
        let format = TimecodeFormat::new(nominal, drop_frame && nominal % 30 == 0).unwrap();
        let takes: Vec<Take<'_>> = takes.iter().map(|(reel, clip_name, sound, from, frames)| {
            Take { reel, clip_name, sound: *sound, from: Timecode::from_frames(*from, format), frames: *frames }
        }).collect();
        let read = Edl::read(edl::write(&title, format, &takes).as_bytes()).unwrap();
        prop_assert!(read.passed_over.iter().all(|passed| passed.why == edl::Why::Auxiliary), "{:?}", read.passed_over);
        prop_assert_eq!(read.events.len(), takes.len());
        let hour = Timecode::parse("01:00:00:00", format).unwrap();
        let mut at = hour;
        for (event, take) in read.events.iter().zip(&takes) {
            let [from, to] = event.source.each_ref().map(|text| Timecode::parse(text, format).unwrap());
            let [begins, ends] = event.record.each_ref().map(|text| Timecode::parse(text, format).unwrap());
            prop_assert_eq!((from, to.since(from)), (take.from, u64::from(take.frames)));
            prop_assert_eq!((begins, ends.since(begins)), (at, u64::from(take.frames)));
            prop_assert_eq!(&event.reel, &edl::reel(take.reel));
            prop_assert!(event.reel.len() <= 8);
            prop_assert_eq!(event.clip_name.as_deref(), Some(take.clip_name));
            at = ends;
        }
    }
}
