//! Films made by ffmpeg whose frames tell their own number, and what ffmpeg sees in a clip.
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]
#![expect(dead_code, reason = "each test program uses its part")]

use clip::{Clip, Index, Piece};
use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// A number of 16 bits drawn into the top of the picture, a cell for each bit.
pub(crate) const BARCODE: &str = "drawbox=x=0:y=0:w=320:h=40:c=black:t=fill,\
    drawbox=x=0:w=20:h=40:c=white:t=fill:enable='mod(n,2)',\
    drawbox=x=20:w=20:h=40:c=white:t=fill:enable='mod(floor(n/2),2)',\
    drawbox=x=40:w=20:h=40:c=white:t=fill:enable='mod(floor(n/4),2)',\
    drawbox=x=60:w=20:h=40:c=white:t=fill:enable='mod(floor(n/8),2)',\
    drawbox=x=80:w=20:h=40:c=white:t=fill:enable='mod(floor(n/16),2)',\
    drawbox=x=100:w=20:h=40:c=white:t=fill:enable='mod(floor(n/32),2)',\
    drawbox=x=120:w=20:h=40:c=white:t=fill:enable='mod(floor(n/64),2)',\
    drawbox=x=140:w=20:h=40:c=white:t=fill:enable='mod(floor(n/128),2)',\
    drawbox=x=160:w=20:h=40:c=white:t=fill:enable='mod(floor(n/256),2)'";

/// Runs a program of ffmpeg's and gives what it wrote.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{program} is needed by these tests ({error}): scripts/setup.sh test installs it")
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {}: {said}", arguments.join(" "));
    output.stdout
}

/// A file of this run.
pub(crate) fn scratch(name: &str) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    folder.join(format!("{}-{}-{name}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)))
}

/// A file that is gone when it is no longer looked at.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Scratch {
    pub(crate) fn new(name: &str, bytes: &[u8]) -> Self {
        let path = scratch(name);
        fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

/// A film made by ffmpeg with these arguments; made once, and kept under their fingerprint.
pub(crate) fn made(extension: &str, arguments: &[&str]) -> PathBuf {
    let mut fingerprint = DefaultHasher::new();
    arguments.hash(&mut fingerprint);
    let film = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("film-{:016x}.{extension}", fingerprint.finish()));
    if !film.exists() {
        // Made beside and put in place, as tests of other programs may be making it too.
        let beside = scratch(&format!("film.{extension}"));
        let threads = ["-v", "error", "-y", "-filter_threads", "1"];
        run("ffmpeg", &[&threads, arguments, &[beside.to_str().unwrap()]].concat());
        fs::rename(&beside, &film).unwrap();
    }
    film
}

/// A film of numbered frames at `rate`, with sound; `coding` says how.
pub(crate) fn film(extension: &str, rate: &str, seconds: u32, coding: &[&str]) -> PathBuf {
    let picture = format!("testsrc2=size=320x180:rate={rate}:duration={seconds},{BARCODE}");
    let sound = format!("anoisesrc=sample_rate=48000:seed=7:amplitude=0.3:duration={seconds}");
    made(extension, &[&["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound], coding].concat())
}

pub(crate) fn index(film: &Path) -> Index {
    let file = File::open(film).unwrap();
    Index::read(&mut std::io::BufReader::new(file)).unwrap_or_else(|refused| panic!("{}: {refused}", film.display()))
}

/// A clip as a file.
pub(crate) fn write(film: &Path, clip: &Clip) -> Scratch {
    let name = format!("clip.{}", film.extension().unwrap().to_str().unwrap());
    let written = Scratch(scratch(&name));
    let (mut out, mut source) = (File::create(&written.0).unwrap(), File::open(film).unwrap());
    for piece in clip.pieces(0..u64::MAX) {
        match piece {
            Piece::Bytes(bytes) => out.write_all(bytes).unwrap(),
            Piece::Source(extent) => {
                source.seek(SeekFrom::Start(extent.start)).unwrap();
                assert_eq!(std::io::copy(&mut (&source).take(extent.len), &mut out).unwrap(), extent.len);
            }
        }
    }
    assert_eq!(out.metadata().unwrap().len(), clip.len(), "the length that was announced");
    written
}

/// A decoded picture: when it is shown, in ticks of its track, and a fingerprint of its pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) pts: i64,
    pub(crate) pixels: String,
}

/// What ffmpeg shows and plays of a film.
pub(crate) struct Decoded {
    pub(crate) shown: Vec<Shown>,
    /// The numbers drawn into the pictures.
    pub(crate) numbers: Vec<u32>,
    /// The first sound: mono, 32 bits.
    pub(crate) heard: Vec<i32>,
}

pub(crate) fn decode(film: &Path) -> Decoded {
    let outputs = ["framemd5", "cells", "sound"].map(|name| Scratch(scratch(name)));
    let [fingerprints, cells, sound] = outputs.each_ref().map(|output| output.0.to_str().unwrap());
    let passed = ["-fps_mode", "passthrough"];
    let pictures =
        [&["-map", "0:v:0?"], &passed[..], &["-enc_time_base", "-1", "-f", "framemd5", fingerprints]].concat();
    let reduced = ["-vf", "crop=180:40:0:0,scale=9:1:flags=area,format=gray", "-f", "rawvideo", cells];
    let reduced = [&["-map", "0:v:0?"], &passed[..], &reduced].concat();
    let played = ["-map", "0:a:0?", "-ac", "1", "-f", "s32le", sound];
    let holds = probe(film, "stream=codec_type");
    let (eyes, ears) = (holds.contains("=video"), holds.contains("=audio"));
    let input = ["-v", "error", "-y", "-threads", "1", "-i", film.to_str().unwrap()];
    let none = Vec::new();
    let (pictures, reduced) = if eyes { (&pictures, &reduced) } else { (&none, &none) };
    run("ffmpeg", &[&input[..], &pictures[..], reduced, if ears { &played[..] } else { &[] }].concat());
    let read = |eager, path| if eager { fs::read(path).unwrap() } else { Vec::new() };
    let text = String::from_utf8(read(eyes, fingerprints)).unwrap();
    let fields = |line: &str| line.split(',').map(|field| field.trim().to_owned()).collect::<Vec<_>>();
    let lines = text.lines().filter(|line| !line.starts_with('#')).map(fields);
    let number = |row: &[u8; 9]| row.iter().zip(0..).map(|(cell, bit)| u32::from(*cell > 128) << bit).sum();
    let sample = |four: &[u8; 4]| i32::from_le_bytes(*four);
    Decoded {
        shown: lines.map(|fields| Shown { pts: fields[2].parse().unwrap(), pixels: fields[5].clone() }).collect(),
        numbers: read(eyes, cells).as_chunks().0.iter().map(number).collect(),
        heard: read(ears, sound).as_chunks().0.iter().map(sample).collect(),
    }
}

/// The numbers of all pictures in a file that can be decoded, those too that its edit list hides.
pub(crate) fn numbers_in(film: &Path) -> Vec<u32> {
    let input = ["-v", "fatal", "-threads", "1", "-ignore_editlist", "1", "-i", film.to_str().unwrap()];
    let cells = ["-fps_mode", "passthrough", "-vf", "crop=180:40:0:0,scale=9:1:flags=area,format=gray"];
    let cells = run("ffmpeg", &[&input[..], &["-map", "0:v:0?"], &cells, &["-f", "rawvideo", "-"]].concat());
    let number = |row: &[u8; 9]| row.iter().zip(0..).map(|(cell, bit)| u32::from(*cell > 128) << bit).sum();
    cells.as_chunks().0.iter().map(number).collect()
}

/// What ffprobe says, such as `stream_tags=timecode`.
pub(crate) fn probe(film: &Path, entries: &str) -> String {
    let text =
        run("ffprobe", &["-v", "error", "-show_entries", entries, "-of", "default=nw=1", film.to_str().unwrap()]);
    String::from_utf8(text).unwrap()
}
