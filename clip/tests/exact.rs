//! What is cut is decoded by ffmpeg: every frame wanted is shown, once, bit by bit the source's, and no other.
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod support;

use clip::{Frames, Index, Route};
use std::path::Path;
use support::{Decoded, Shown, decode, film, index, made, numbers_in, probe, write};

/// Cuts each range out and compares everything with the source.
fn exact(film: &Path, route: Route, ranges: &[Frames]) {
    let read = index(film);
    let source = decode(film);
    assert_eq!(read.frames(), 0..source.shown.len() as u32, "the frames that ffmpeg sees");
    let stored = Index::decode(&read.encode()).unwrap();
    for range in ranges {
        let what = format!("{} {range:?}", film.display());
        let clip = stored.clip(range).unwrap_or_else(|refused| panic!("{what}: {refused}"));
        assert_eq!(read.clip(range).unwrap().header(), clip.header(), "{what}: a stored index plans the same");
        let proposal = read.propose(range, false).unwrap();
        assert_eq!(proposal.route, route, "{what}: {}", proposal.why);
        let written = write(film, &clip);
        compare(&source, &what, &written.0, &read, std::slice::from_ref(range));
        let [travels] = clip.travels() else { panic!("{what}: {:?}", clip.travels()) };
        let hidden = (clip.hidden().0 + clip.hidden().1) as usize;
        assert!(travels.start <= range.start && travels.end >= range.end, "{what}: {travels:?}");
        // What the source itself hides is no frame of it.
        if read.clip(&read.frames()).unwrap().hidden() == (0, 0) {
            assert!(travels.len() >= range.len() + hidden && (travels.len() == range.len()) == (hidden == 0), "{what}");
            let known: Vec<_> = travels.clone().map(|frame| source.numbers[frame as usize]).collect();
            let there = numbers_in(&written.0);
            assert!(there.iter().all(|number| known.contains(number)), "{what}: {travels:?}, and {there:?} are there");
        }
        let again = index(&written.0);
        assert_eq!(again.frames(), 0..range.len() as u32, "{what}: read again");
        assert_eq!(again.constant(), read.constant() || range.len() < 3, "{what}");
        assert_eq!(again.tracks().len(), read.tracks().len(), "{what}");
    }
}

/// Compares what ffmpeg makes of a source and of a clip.
fn compare(source: &Decoded, what: &str, clip: &Path, index: &Index, ranges: &[Frames]) {
    let wanted = || ranges.iter().cloned().flatten().map(|frame| frame as usize);
    let drawn: Vec<_> = wanted().map(|frame| source.numbers[frame]).collect();
    let cut = decode(clip);
    assert_eq!(cut.numbers, drawn, "{what}: the numbers in the pictures");
    let shown = &cut.shown;
    for (shown, wanted) in shown.iter().zip(wanted()) {
        assert_eq!(shown.pixels, source.shown[wanted].pixels, "{what}: pixels of {wanted}");
    }
    if let [range] = ranges {
        let times = |shown: &[Shown]| shown.iter().map(|one| one.pts - shown[0].pts).collect::<Vec<_>>();
        assert_eq!(times(shown), times(&source.shown[range.start as usize..range.end as usize]), "{what}: times");
    }
    assert_eq!(shown[0].pts, 0, "{what}: it begins at once");
    if index.has_timecode() {
        let again = support::index(clip);
        let mut at = 0;
        for range in ranges {
            assert_eq!(again.timecode(at), index.timecode(range.start), "{what}");
            assert_eq!(again.timecode(at + range.len() as u32 - 1), index.timecode(range.end - 1), "{what}");
            at += range.len() as u32;
        }
        let said = probe(clip, "stream_tags=timecode");
        let first = index.timecode(ranges[0].start).unwrap();
        assert!(said.contains(&format!("timecode={first}")), "{what}: {said}");
    }
    if source.heard.is_empty() {
        return;
    }
    let (heard, cut) = (&source.heard, &cut.heard);
    let sample = |seconds: f64| (seconds * 48000.0).round() as usize;
    let (mut at, mut passed) = (0, 0.0);
    for range in ranges {
        let (from, seconds) = (index.seconds(range.start), index.seconds(range.end) - index.seconds(range.start));
        passed += seconds;
        let (from, count) = (sample(from), sample(passed) - at);
        let count = count.min(heard.len() - from);
        assert!(cut.len() >= at + count, "{what}: {} samples of {}", cut.len(), at + count);
        let differs = (0..count).find(|sample| cut[at + sample] != heard[from + sample]);
        assert_eq!(differs, None, "{what}: the first sample that is not the source's");
        at += count;
    }
    // ffmpeg plays the last frame of AAC to its end, whatever the edit list says.
    let compressed = index.tracks().iter().any(|track| track.codec() == "mp4a");
    assert!(cut.len() - at < if compressed { 1024 } else { 1 }, "{what}: {} samples too many", cut.len() - at);
}

// Without noise that the decoder makes up, which differs from run to run.
const AAC: [&str; 4] = ["-c:a", "aac", "-aac_pns", "0"];
const PCM: [&str; 2] = ["-c:a", "pcm_s24le"];

fn x264<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["-c:v", "libx264", "-preset", "veryfast", "-crf", "28", "-threads", "1"], &AAC[..], more].concat()
}

#[test]
fn closed_groups_with_b_frames() {
    let film = film("mp4", "25", 5, &x264(&["-g", "50", "-bf", "3", "-timecode", "10:00:00:00"]));
    exact(&film, Route::Instant, &[73..111, 0..125, 0..1, 124..125, 60..61, 49..52, 50..100, 1..3]);
}

#[test]
fn open_groups() {
    let open = "open-gop=1:keyint=24:min-keyint=24:scenecut=0:bframes=3:b-adapt=0";
    let film = film("mp4", "25", 3, &x264(&["-x264-params", open, "-movflags", "+faststart"]));
    exact(&film, Route::Instant, &[22..53, 23..24, 24..25, 25..26, 26..75, 74..75, 47..51]);
}

#[test]
fn b_pyramid_and_every_frame_alone_as_a_clip() {
    let film = film("mov", "25", 1, &x264(&["-x264-params", "keyint=12:bframes=7:b-pyramid=normal:b-adapt=0:ref=4"]));
    exact(&film, Route::Instant, &(9..17).map(|frame| frame..frame + 1).collect::<Vec<_>>());
}

#[test]
fn hevc() {
    for (extension, open) in [("mp4", "1"), ("mov", "0")] {
        let settings = format!("keyint=19:min-keyint=19:scenecut=0:bframes=3:open-gop={open}:log-level=error:pools=1");
        let coding = ["-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params", &settings];
        let film = film(extension, "25", 3, &[&coding, &AAC[..], &["-timecode", "09:59:59:00"]].concat());
        exact(&film, Route::Instant, &[18..47, 19..20, 20..21, 40..60, 0..75, 74..75]);
    }
}

#[test]
fn prores() {
    let coding = ["-c:v", "prores_ks", "-profile:v", "0", "-timecode", "23:59:59:20"];
    let film = film("mov", "25", 2, &[&coding, &PCM[..]].concat());
    exact(&film, Route::Intra, &[13..31, 0..1, 49..50, 0..50]);
}

#[test]
fn dnxhd() {
    let coding = ["-c:v", "dnxhd", "-profile:v", "dnxhr_lb", "-pix_fmt", "yuv422p"];
    let film = film("mov", "24000/1001", 2, &[&coding, &PCM[..]].concat());
    exact(&film, Route::Intra, &[13..31, 0..1, 47..48]);
}

#[test]
fn mpeg_2_in_mov() {
    let coding = [
        "-c:v",
        "mpeg2video",
        "-pix_fmt",
        "yuv422p",
        "-b:v",
        "4M",
        "-g",
        "12",
        "-bf",
        "2",
        "-sc_threshold",
        "1000000000",
    ];
    for closed in [&[][..], &["-flags", "+cgop"]] {
        let film = film("mov", "25", 2, &[&coding, &PCM[..], closed, &["-timecode", "01:02:03:04"]].concat());
        exact(&film, Route::Instant, &[13..31, 0..1, 49..50, 10..13, 22..26]);
    }
}

#[test]
fn every_broadcast_rate() {
    for (rate, timecode) in [
        ("24000/1001", "10:00:00:00"),
        ("24", "00:00:59:20"),
        ("30000/1001", "00:00:59;20"),
        ("30000/1001", "00:00:59:20"),
        ("50", "10:00:00:00"),
        ("60000/1001", "00:09:59;50"),
        ("60", "10:00:00:00"),
    ] {
        let film = film("mov", rate, 2, &x264(&["-g", "24", "-bf", "2", "-timecode", timecode]));
        exact(&film, Route::Instant, &[11..37, 30..31]);
    }
}

#[test]
fn rates_of_phones() {
    // Frames missing here and there, in a clock of 90 000 ticks, as phones write them; and one of 1000, which cannot
    // tell the time of 29.97 frames a second.
    let missing = format!("testsrc2=size=320x180:rate=30:duration=4,{},select='gt(mod(n*7,11),2)'", support::BARCODE);
    let noise = "anoisesrc=sample_rate=48000:seed=7:amplitude=0.3:duration=4";
    let coding = x264(&["-g", "30", "-bf", "2", "-fps_mode", "vfr", "-video_track_timescale", "90000"]);
    let phone = made("mp4", &[&["-f", "lavfi", "-i", &missing, "-f", "lavfi", "-i", noise], &coding[..]].concat());
    assert!(!index(&phone).constant() && index(&phone).rate().is_none());
    exact(&phone, Route::Instant, &[20..51, 0..1, 5..6, 40..87]);
    let coarse = film("mp4", "30000/1001", 2, &x264(&["-g", "15", "-bf", "2", "-video_track_timescale", "1000"]));
    assert!(!index(&coarse).constant() && index(&coarse).rate().unwrap().to_string() == "30000/1001");
    exact(&coarse, Route::Instant, &[7..31, 0..60, 59..60]);
}

#[test]
fn sound_only() {
    let noise = "anoisesrc=sample_rate=48000:seed=7:amplitude=0.3:duration=3";
    for (extension, coding) in [("mov", &PCM[..]), ("m4a", &AAC[..])] {
        let film = made(extension, &[&["-f", "lavfi", "-i", noise], coding].concat());
        let (index, heard) = (index(&film), decode(&film).heard);
        assert!(index.sound_only());
        assert_eq!(index.seconds(index.frames().end), 3.0);
        for (from, to) in [("0s", "0.5s"), ("1.00001s", "1.70003s"), ("2.9s", "3s"), ("0.02s", "0.021s")] {
            let frames = index.between(from.parse().unwrap(), to.parse().unwrap()).unwrap();
            let cut = decode(&write(&film, &index.clip(&frames).unwrap()).0).heard;
            let wanted = &heard[frames.start as usize..frames.end as usize];
            assert!(cut.starts_with(wanted), "{} {from} to {to}: {} samples", film.display(), cut.len());
            assert!(cut.len() - wanted.len() < if extension == "mov" { 1 } else { 1024 });
        }
    }
}

#[test]
fn sound_that_begins_late_ends_early_or_is_several() {
    let picture = format!("testsrc2=size=320x180:rate=25:duration=3,{}", support::BARCODE);
    let noise = "anoisesrc=sample_rate=44100:seed=7:amplitude=0.3:duration=1";
    let inputs = ["-f", "lavfi", "-i", &picture, "-itsoffset", "1", "-f", "lavfi", "-i", noise];
    let film = made("mov", &[&inputs[..], &x264(&["-g", "25", "-map", "0", "-map", "1", "-map", "1"])].concat());
    let index = index(&film);
    assert_eq!(index.tracks().len(), 3);
    // Before, across its start, within, across its end, after.
    let starts = |film: &Path| {
        let said = probe(film, "stream=start_time");
        said.lines().filter_map(|line| line.strip_prefix("start_time=")?.parse().ok()).collect::<Vec<f64>>()
    };
    let begins = starts(&film)[1];
    for (range, tracks, begins) in
        [(0..20, 1, 0.0), (20..30, 3, begins - 0.8), (30..40, 3, 0.0), (45..55, 3, 0.0), (60..75, 1, 0.0)]
    {
        let written = write(&film, &index.clip(&range).unwrap());
        assert_eq!(support::index(&written.0).tracks().len(), tracks, "{range:?}");
        assert_eq!(decode(&written.0).numbers, range.clone().collect::<Vec<_>>());
        if tracks == 3 {
            let starts = starts(&written.0);
            assert!(starts[0] == 0.0 && starts[1] == starts[2], "{range:?}: {starts:?}");
            assert!((starts[1] - begins).abs() < 0.000_03, "{range:?}: {starts:?}, not {begins}");
        }
    }
}

#[test]
fn several_ranges_in_one_file() {
    let coding = ["-c:v", "prores_ks", "-profile:v", "0", "-timecode", "10:00:00;00"];
    let film = film("mov", "30000/1001", 2, &[&coding, &PCM[..]].concat());
    let index = index(&film);
    let source = decode(&film);
    for ranges in [&[3..5, 20..31, 7..8][..], &[0..1, 59..60], &[10..20, 20..30], &[40..50, 40..50]] {
        let clip = index.clips(ranges).unwrap();
        assert_eq!(clip.hidden(), (0, 0));
        compare(&source, &format!("{ranges:?}"), &write(&film, &clip).0, &index, ranges);
    }
    let long = support::film("mp4", "25", 5, &x264(&["-g", "50", "-bf", "3", "-timecode", "10:00:00:00"]));
    let refused = support::index(&long).clips(&[0..50, 60..70]).unwrap_err();
    assert!(refused.to_string().contains("each stand alone"), "{refused}");
}

#[test]
fn clips_of_clips() {
    let film = film("mp4", "25", 5, &x264(&["-g", "50", "-bf", "3", "-timecode", "10:00:00:00"]));
    let first = write(&film, &index(&film).clip(&(60..110)).unwrap());
    exact(&first.0, Route::Instant, &[5..45, 0..1, 49..50, 39..41]);
}
