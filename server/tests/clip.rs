//! `estafette clip`, run as people run it; what it makes is decoded by ffmpeg, and the numbers drawn into its pictures
//! are read.
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use serde_json::Value;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// A folder of a test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("clip-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// What lies in it, hidden files too.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A program of that name that is found first.
    fn program(&self, name: &str, script: &str) -> String {
        let bin = self.0.join("bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(bin.join(name), script).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        format!("{}:{}", bin.display(), std::env::var("PATH").unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn ffmpeg(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(arguments).stdin(Stdio::null()).output();
    let output = output
        .unwrap_or_else(|error| panic!("ffmpeg is needed by these tests ({error}): scripts/setup.sh installs it"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A film of four seconds whose frames show their number, eight cells of black or white.
fn film(folder: &Folder, name: &str, rate: &str, coding: &[&str]) -> String {
    let cell = |bit: u32| {
        let (x, of) = (bit * 40, 1 << bit);
        format!("drawbox=x={x}:w=40:h=40:c=white:t=fill:enable='mod(floor(n/{of}),2)'")
    };
    let cells: Vec<_> = (0..8).map(cell).collect();
    let picture =
        format!("testsrc2=size=320x180:rate={rate}:duration=4,drawbox=w=320:h=40:c=black:t=fill,{}", cells.join(","));
    let sound = "sine=frequency=440:sample_rate=48000:duration=4";
    let made = folder.file(name);
    ffmpeg(&[&["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", sound], coding, &[&made]].concat());
    made
}

const X264: [&str; 10] = ["-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-bf", "2", "-c:a", "aac"];

fn numbers(film: &str) -> Vec<u32> {
    let shown =
        ["-map", "0:v:0", "-fps_mode", "passthrough", "-vf", "crop=320:40:0:0,scale=8:1:flags=area,format=gray"];
    let cells = ffmpeg(&[&["-i", film], &shown[..], &["-f", "rawvideo", "-"]].concat());
    let number = |row: &[u8; 8]| row.iter().zip(0..).map(|(cell, bit)| u32::from(*cell > 128) << bit).sum();
    cells.as_chunks().0.iter().map(number).collect()
}

fn estafette(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_estafette"));
    command.arg("clip").args(arguments).stdin(Stdio::null());
    command
}

#[track_caller]
fn receipt(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn refused(output: &Output, code: i32, part: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.lines().count() == 1 && said.contains(part), "{said}, not {part}");
    assert!(output.stdout.is_empty());
}

#[test]
fn it_cuts_and_prints_the_receipt() {
    let folder = Folder::new();
    let source = film(&folder, "source.mp4", "25", &[&X264[..], &["-timecode", "10:00:00:00"]].concat());
    let out = folder.file("clip.mp4");
    let asked = [&source[..], "--in", "10:00:01:05", "--out", "f71", "-o", &out];
    let said = receipt(&estafette(&[&asked[..], &["--json"]].concat()));
    assert_eq!(numbers(&out), (30..71).collect::<Vec<_>>());
    assert_eq!((&said["route"], &said["rate"]), (&"instant".into(), &"25".into()), "{said}");
    assert_eq!((&said["ranges"][0]["in"], &said["ranges"][0]["out"]), (&"10:00:01:05".into(), &"10:00:02:21".into()));
    assert_eq!(said["stretches"], serde_json::json!([{"first": 0, "end": 41, "bit_identical": true}]));
    assert_eq!(said["bytes"], fs::metadata(&out).unwrap().len());
    assert_eq!(said["hidden"][0], 5);
    // What is there is not overwritten, and a reader's words are as good as a program's.
    refused(&estafette(&asked), 4, "is there already");
    fs::remove_file(&out).unwrap();
    let words = String::from_utf8(estafette(&asked).stdout).unwrap();
    assert!(words.contains("in 10:00:01:05, out 10:00:02:21 (f30 to f71, 41 frames)"), "{words}");
    assert!(words.contains("41 of 41 frames are the source's") && words.contains("5 frames before"), "{words}");
    assert_eq!(folder.names(), ["clip.mp4", "source.mp4"]);
}

#[test]
fn the_edit_safe_way_hides_nothing() {
    let folder = Folder::new();
    let source =
        film(&folder, "a source: with -signs.mp4", "30000/1001", &[&X264[..], &["-timecode", "00:00:58;00"]].concat());
    for (number, (from, to, own)) in
        [("f30", "f100", 50), ("f25", "f60", 35), ("f80", "f119", 18), ("f30", "f45", 0)].into_iter().enumerate()
    {
        let out = folder.file(&format!("clip {number}: x.mp4"));
        let said =
            receipt(&estafette(&[&source, "--in", from, "--out", to, "--route", "edit-safe", "-o", &out, "--json"]));
        let range: Vec<u32> = (from[1..].parse().unwrap()..to[1..].parse().unwrap()).collect();
        assert_eq!(numbers(&out), range, "{said}");
        assert_eq!((&said["route"], &said["hidden"]), (&"edit-safe".into(), &serde_json::json!([0, 0])));
        let identical = |stretch: &Value| stretch["bit_identical"] == true;
        let length = |stretch: &Value| stretch["end"].as_u64().unwrap() - stretch["first"].as_u64().unwrap();
        let stretches = said["stretches"].as_array().unwrap();
        assert_eq!(stretches.iter().filter(|one| identical(one)).map(length).sum::<u64>(), own, "{said}");
        assert_eq!(stretches.iter().map(length).sum::<u64>(), range.len() as u64);
        // Nothing but what is shown is in the file.
        let packets =
            ffmpeg(&["-ignore_editlist", "1", "-i", &out, "-map", "0:v", "-c", "copy", "-f", "framemd5", "-"]);
        let packets = String::from_utf8(packets).unwrap().lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(packets, range.len());
    }
}

#[test]
fn what_cannot_be_joined_is_encoded_whole_and_says_why() {
    let folder = Folder::new();
    let open =
        [&X264[..], &["-x264-params", "open-gop=1:keyint=24:min-keyint=24:scenecut=0:bframes=3:b-adapt=0"]].concat();
    let hevc = [
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "keyint=25:log-level=error",
        "-tag:v",
        "hvc1",
        "-c:a",
        "aac",
    ];
    let mpeg2 =
        ["-c:v", "mpeg2video", "-pix_fmt", "yuv422p", "-b:v", "6M", "-g", "12", "-bf", "2", "-c:a", "pcm_s24le"];
    let fields = [&X264[..], &["-flags", "+ildct+ilme", "-x264opts", "tff=1"]].concat();
    for (name, coding, why) in [
        ("open.mp4", &open[..], "open"),
        ("hevc.mp4", &hevc, "parameters"),
        ("mpeg2.mov", &mpeg2, "parameters"),
        ("fields.mp4", &fields, "interlaced"),
    ] {
        let source = film(&folder, name, "25", coding);
        let out = folder.file(&format!("clip-{name}"));
        let said = receipt(&estafette(&[
            &source,
            "--in",
            "f13",
            "--out",
            "f70",
            "--route",
            "edit-safe",
            "-o",
            &out,
            "--json",
        ]));
        assert_eq!(numbers(&out), (13..70).collect::<Vec<_>>(), "{said}");
        assert!(said["why"].as_str().unwrap().contains(why), "{said}");
        assert_eq!(said["stretches"][0]["bit_identical"], false);
    }
}

#[test]
fn pictures_that_stand_alone_are_never_encoded() {
    let folder = Folder::new();
    let source = film(&folder, "source.mov", "25", &["-c:v", "prores_ks", "-profile:v", "0", "-c:a", "pcm_s16le"]);
    let out = folder.file("clip.mov");
    let said =
        receipt(&estafette(&[&source, "--in", "1s", "--out", "2s", "--route", "edit-safe", "-o", &out, "--json"]));
    assert_eq!(numbers(&out), (25..50).collect::<Vec<_>>());
    assert_eq!(said["stretches"], serde_json::json!([{"first": 0, "end": 25, "bit_identical": true}]));
    let several = folder.file("several.mov");
    let ranges = ["--in", "f60", "--out", "f63", "--in", "f10", "--out", "f12"];
    let said = receipt(&estafette(&[&[&source[..]], &ranges[..], &["-o", &several, "--json"]].concat()));
    assert_eq!(numbers(&several), [60, 61, 62, 10, 11]);
    assert_eq!((&said["route"], said["ranges"].as_array().unwrap().len()), (&"intra".into(), 2));
}

#[test]
fn what_cannot_be_done_is_refused_in_one_line_and_leaves_nothing() {
    let folder = Folder::new();
    let source = film(&folder, "source.mp4", "25", &X264);
    let text = folder.file("text.mp4");
    fs::write(&text, "This is a text that somebody named so.\n").unwrap();
    let cut = folder.file("cut.mp4");
    fs::write(&cut, &fs::read(&source).unwrap()[..20_000]).unwrap();
    let before = folder.names();
    let out = folder.file("clip.mp4");
    for (file, from, to, code, part) in [
        (&text, "f0", "f1", 4, "no MP4 or MOV"),
        (&cut, "f0", "f1", 4, "no index"),
        (&folder.file("none.mp4"), "f0", "f1", 3, "No such file"),
        (&source, "f10", "f10", 4, "out must lie after in"),
        (&source, "f10", "f101", 4, "00:00:00:00 (f0) to 00:00:03:24 (f99)"),
        (&source, "00:00:01;00", "f50", 4, "drop-frame"),
        (&source, "00:00:00:25", "f50", 4, "no second has that frame"),
    ] {
        refused(&estafette(&[file, "--in", from, "--out", to, "-o", &out]), code, part);
    }
    assert_eq!(estafette(&[&source, "--in", "later", "--out", "f2", "-o", &out]).status.code(), Some(2));
    refused(&estafette(&[&source, "--in", "f0", "--out", "f9", "-o", "/nowhere/clip.mp4"]), 1, "cannot be written");
    assert_eq!(folder.names(), before);
}

#[test]
fn a_disk_that_takes_no_more_leaves_nothing() {
    let folder = Folder::new();
    let source = film(&folder, "source.mp4", "25", &X264);
    let out = folder.file("clip.mp4");
    for way in ["instant", "edit-safe"] {
        // A file may have 8 kB: what a full disk says, but for the words.
        let limited =
            format!("trap '' XFSZ; ulimit -f 8; exec \"$0\" clip \"$1\" --in f10 --out f90 --route {way} -o \"$2\"");
        let output = Command::new("bash")
            .args(["-c", &limited, env!("CARGO_BIN_EXE_estafette"), &source, &out])
            .output()
            .unwrap();
        refused(&output, 1, "cannot be written");
        assert_eq!(folder.names(), ["source.mp4"]);
    }
}

#[test]
fn an_ffmpeg_that_is_killed_missing_or_wrong_leaves_nothing() {
    let folder = Folder::new();
    let source = film(&folder, "source.mp4", "25", &X264);
    let out = folder.file("clip.mp4");
    let asked = [&source[..], "--in", "f10", "--out", "f90", "--route", "edit-safe", "-o", &out];
    let killed = folder.program("ffmpeg", "#!/bin/sh\nkill -9 $$\n");
    refused(&command(&asked).env("PATH", killed).output().unwrap(), 1, "ffmpeg was killed (signal 9)");
    refused(&command(&asked).env("PATH", "/nowhere").output().unwrap(), 1, "install ffmpeg");
    let failing = folder.program("ffmpeg", "#!/bin/sh\necho 'No space left on device' >&2\nexit 1\n");
    refused(&command(&asked).env("PATH", failing).output().unwrap(), 1, "No space left on device");
    assert_eq!(folder.names(), ["bin", "source.mp4"]);
}

#[test]
fn when_it_is_stopped_nothing_is_left() {
    let folder = Folder::new();
    let source = film(&folder, "source.mp4", "25", &X264);
    let out = folder.file("clip.mp4");
    let slow = folder.program("ffmpeg", "#!/bin/sh\nexec sleep 60\n");
    let asked = [&source[..], "--in", "f10", "--out", "f90", "--route", "edit-safe", "-o", &out];
    let running = command(&asked).env("PATH", slow).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while folder.names().len() < 3 || fs::read_dir(folder.0.join(&folder.names()[0])).map_or(0, Iterator::count) == 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", folder.names());
        std::thread::sleep(Duration::from_millis(20));
    }
    Command::new("kill").args(["-TERM", &running.id().to_string()]).status().unwrap();
    refused(&running.wait_with_output().unwrap(), 1, "stopped; nothing was written");
    assert_eq!(folder.names(), ["bin", "source.mp4"]);
    assert!(began.elapsed() < Duration::from_secs(30));
}
