//! `estafette clip`: useful by itself, so it reads no settings.

use super::{
    desk::{Stop, Told, tell},
    refuse,
};
use crate::media::{
    edit_safe::{self, EditSafeError},
    output::{self, Beside},
};
use clap::{Args, ValueEnum};
use clip::{EditSafe, Frames, Index, Point, Receipt, Refused, Route};
use std::{
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
};
use tokio::signal::unix::{SignalKind, signal};

/// What `clip` may be told.
///
/// Points are timecodes (10:00:02:23), frames (f73: the first is f0) or seconds (2.92s), counted from the file's start
/// timecode where it has one.
#[derive(Debug, Args)]
#[command(after_help = "Points: 10:00:02:23 (timecode; a colon will do for drop-frame's semicolon), f73 (frame; the \
    first is f0) or 2.92s (seconds), counted from the file's start timecode where it has one.\n\nSeveral ranges: --in \
    and --out once for each, in the order of the clip; for intra-only pictures with uncompressed sound.")]
pub struct Clip {
    /// The MP4 or MOV file to cut from
    file: PathBuf,
    /// The first frame kept
    #[arg(long = "in", value_name = "POINT", required = true)]
    from: Vec<Point>,
    /// The first frame no longer kept, as in an edit decision list
    #[arg(long = "out", value_name = "POINT", required = true)]
    to: Vec<Point>,
    /// The way to cut [default: the one that fits, told in the receipt]
    #[arg(long)]
    route: Option<Way>,
    /// The file to write; it must not be there yet
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Prints the receipt as one JSON document
    #[arg(long)]
    json: bool,
}

/// Ways that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Way {
    /// By the index alone: at once, every frame the source's own; the file may hold frames that players hide
    Instant,
    /// Nothing hidden: head and tail are encoded anew by ffmpeg, decoded and compared before the file appears
    EditSafe,
}

/// Cuts, and prints the receipt.
pub fn run(clip: &Clip) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(format_args!("cannot start: {error}")),
    };
    let came = runtime.block_on(async {
        tokio::select! {
            made = make(clip) => made,
            stopped = stopped() => Err(stopped),
        }
    });
    tell(clip.json, came)
}

/// Waits until somebody wants it to stop. What is under way is dropped then, its files with it.
async fn stopped() -> Stop {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Stop::failed("stopped; nothing was written")
}

async fn make(asked: &Clip) -> Result<Told, Stop> {
    let (source, out) = (&asked.file, &asked.output);
    if asked.from.len() != asked.to.len() {
        return Err(Stop::usage("each --in needs its --out"));
    }
    if out.exists() {
        return Err(Stop::refused(format!("{} is there already", out.display())));
    }
    let about = |refused: Refused| refused_with(source, refused);
    let mut file = File::open(source).map_err(|error| not_opened(source, &error))?;
    let index = Index::read(&mut BufReader::new(&file)).map_err(about)?;
    let ranges = asked.from.iter().zip(&asked.to).map(|(from, to)| index.between(*from, *to));
    let ranges: Vec<Frames> = ranges.collect::<Result<_, _>>().map_err(about)?;
    let written = |error: io::Error| Stop::failed(format!("{} cannot be written: {error}", out.display()));
    let folder = Beside::of(out).map_err(written)?;
    let (made, receipt) = match (asked.route, &ranges[..]) {
        (Some(Way::EditSafe), [frames]) => {
            let (made, way) =
                edit_safe::make(&index, source, frames, &folder, &|_| {}).await.map_err(|error| match error {
                    EditSafeError::Refused(refused) => about(refused),
                    EditSafeError::NoEncoder(_) => Stop::refused(error.to_string()),
                    EditSafeError::Io(error) => written(error),
                    error => Stop::failed(error.to_string()),
                })?;
            let bytes = made.metadata().map_err(written)?.len();
            (made, after_encoding(&index, source, frames, &way, bytes))
        }
        (Some(Way::EditSafe), _) => return Err(Stop::refused("the edit-safe way takes one range")),
        _ => {
            let clip = index.clips(&ranges).map_err(about)?;
            let made = folder.file("clip");
            output::write(&clip, &mut file, &made).await.map_err(written)?;
            let name = source.file_name().unwrap_or_default().to_string_lossy();
            (made, index.receipt(&name, &ranges, &clip))
        }
    };
    folder.put(&made, out).map_err(written)?;
    drop(folder);
    let json = serde_json::to_value(&receipt)?;
    Ok(Told { text: in_words(&receipt, out), json })
}

fn refused_with(source: &Path, refused: Refused) -> Stop {
    let line = format!("{}: {refused}", source.display());
    match refused {
        Refused::Io(_) => Stop::failed(line),
        _ => Stop::refused(line),
    }
}

fn not_opened(source: &Path, error: &io::Error) -> Stop {
    let line = format!("{}: {error}", source.display());
    if error.kind() == io::ErrorKind::NotFound { Stop::not_found(line) } else { Stop::failed(line) }
}

fn after_encoding(index: &Index, source: &Path, frames: &Frames, way: &EditSafe, bytes: u64) -> Receipt {
    Receipt {
        source: source.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        source_bytes: index.length(),
        rate: index.rate().map(|rate| rate.to_string()),
        source_has_timecode: index.has_timecode(),
        ranges: vec![index.describe(frames)],
        route: Route::EditSafe,
        why: edit_safe::why(way),
        hidden: [0, 0],
        stretches: way.stretches(frames),
        bytes,
    }
}

fn in_words(receipt: &Receipt, out: &Path) -> String {
    let mut lines = Vec::new();
    for range in &receipt.ranges {
        let point =
            |timecode: &Option<String>, seconds: f64| timecode.clone().unwrap_or_else(|| format!("{seconds:.3}s"));
        let (from, to) = (point(&range.timecode_in, range.seconds_in), point(&range.timecode_out, range.seconds_out));
        let frames = format!("f{} to f{}, {} frames", range.first, range.end, range.end - range.first);
        lines.push(format!("in {from}, out {to} ({frames}) of {}", receipt.source));
    }
    lines.push(format!("route {}: {}", receipt.route, receipt.why));
    let own: u32 = receipt
        .stretches
        .iter()
        .filter(|stretch| stretch.bit_identical)
        .map(|stretch| stretch.end - stretch.first)
        .sum();
    let all: u32 = receipt.stretches.iter().map(|stretch| stretch.end - stretch.first).sum();
    lines.push(format!("{own} of {all} frames are the source's, bit by bit"));
    lines.push(format!("{} bytes in {}", receipt.bytes, out.display()));
    lines.join("\n")
}
