//! Still pictures of a film: the one it is shown by, and the storyboard one scrubs over.

use super::{
    captions::stamp,
    ffmpeg::{self, FfmpegError},
    made::{Failed, Made},
    probe::Footage,
};
use serde_json::json;
use std::{ffi::OsString, fmt::Write as _, fs, path::Path};

/// Where in a film one looks for the picture it is shown by.
const MOMENTS: [f64; 7] = [0.25, 0.1, 0.4, 0.55, 0.7, 0.85, 0.02];
/// A picture is looked at that small.
const GLANCE: (usize, usize) = (64, 36);
/// Mean brightness of a picture that is neither black nor white, of 255.
const LIT: std::ops::RangeInclusive<f64> = 28.0..=228.0;
/// How much its pixels differ (standard deviation) if something is to be seen.
const DETAILED: f64 = 18.0;

/// Of the storyboard.
const TILE_WIDTH: u32 = 160;
const MOST_TILES: u32 = 100;
const COLUMNS: u32 = 10;
/// Seconds between tiles at least, and of short films tiles at least.
const INTERVAL: f64 = 1.0;
const LEAST_TILES: f64 = 4.0;

/// The picture a film is shown by, large as JPEG, which everybody reads, and small as WebP.
///
/// # Errors
/// It cannot be made.
pub(crate) async fn still(footage: &Footage, source: &Path, folder: &Path) -> Result<Vec<Made>, Failed> {
    let moment = good_moment(footage, source).await?;
    let (width, height) = (footage.details.width, footage.details.height);
    let mut made = Vec::new();
    for (role, name, media_type, most, coding) in [
        ("still", "still.jpg", "image/jpeg", 1280, &["-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"][..]),
        ("thumbnail", "thumbnail.webp", "image/webp", 480, &["-c:v", "libwebp", "-quality", "78"][..]),
    ] {
        let longer = width.max(height);
        let shrunk = |side: u32| if longer > most { (side * most / longer).max(1) } else { side };
        let (width, height) = (shrunk(width), shrunk(height));
        let file = folder.join(name);
        let filter = format!("scale={width}:{height},setsar=1");
        picture(footage, source, moment, &filter, coding, &file).await?;
        let details = json!({"width": width, "height": height, "seconds": moment});
        made.push(Made::file(role, file, media_type, &details));
    }
    Ok(made)
}

/// A second whose picture is neither black nor white nor empty; of none such, the one with most to see.
async fn good_moment(footage: &Footage, source: &Path) -> Result<f64, FfmpegError> {
    let mut best = (0.0, f64::NEG_INFINITY);
    for part in MOMENTS {
        let moment = footage.details.seconds * part;
        let pixels = glance(footage, source, moment).await?;
        if pixels.is_empty() {
            continue;
        }
        let count = pixels.len() as f64;
        let mean = pixels.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / count;
        let spread = pixels.iter().map(|pixel| (f64::from(*pixel) - mean).powi(2)).sum::<f64>() / count;
        let spread = spread.sqrt();
        if LIT.contains(&mean) && spread >= DETAILED {
            return Ok(moment);
        }
        if spread > best.1 {
            best = (moment, spread);
        }
    }
    Ok(best.0)
}

fn at(footage: &Footage, source: &Path, moment: f64) -> Vec<OsString> {
    let seconds = format!("{moment:.6}");
    let mut arguments = ["-v", "error", "-nostdin", "-y", "-ss", &seconds, "-i"].map(OsString::from).to_vec();
    arguments.push(ffmpeg::path(source));
    let map = format!("0:v:{}", footage.which);
    arguments.extend(["-map", &map, "-frames:v", "1"].map(OsString::from));
    arguments
}

async fn glance(footage: &Footage, source: &Path, moment: f64) -> Result<Vec<u8>, FfmpegError> {
    let (width, height) = GLANCE;
    let filter = format!("scale={width}:{height}:flags=area,format=gray");
    let mut arguments = at(footage, source, moment);
    arguments.extend(["-vf", &filter, "-f", "rawvideo", "-"].map(OsString::from));
    let mut pixels = Vec::new();
    ffmpeg::hear("ffmpeg", arguments, |piece| pixels.extend_from_slice(piece)).await?;
    Ok(pixels)
}

async fn picture(
    footage: &Footage,
    source: &Path,
    moment: f64,
    filter: &str,
    coding: &[&str],
    file: &Path,
) -> Result<(), Failed> {
    let mut arguments = at(footage, source, moment);
    arguments.extend(["-vf", filter].map(OsString::from));
    arguments.extend(coding.iter().map(OsString::from));
    arguments.push(ffmpeg::path(file));
    let said = ffmpeg::hear("ffmpeg", arguments, |_| {}).await?;
    match fs::metadata(file).map_or(0, |about| about.len()) {
        0 if said.is_empty() => Err(Failed::Wrong(format!("there is no picture at {moment:.2} s"))),
        0 => Err(FfmpegError::Complained { made: "there is no picture".to_owned(), said }.into()),
        _ => whole(file).await,
    }
}

/// Whether a picture can be read to its end.
async fn whole(file: &Path) -> Result<(), Failed> {
    let before = ["-v", "error", "-xerror", "-nostdin", "-i"].map(OsString::from);
    let after = ["-f", "null", "-"].map(OsString::from);
    match ffmpeg::hear("ffmpeg", before.into_iter().chain([ffmpeg::path(file)]).chain(after), |_| {}).await? {
        said if said.is_empty() => Ok(()),
        said => Err(FfmpegError::Complained { made: "a picture is not whole".to_owned(), said }.into()),
    }
}

/// The storyboard: small pictures side by side in one file, and WebVTT that says which is whose.
///
/// # Errors
/// It cannot be made.
pub(crate) async fn storyboard(
    footage: &Footage,
    source: &Path,
    folder: &Path,
    threads: usize,
    told: &(dyn Fn(f64) + Send + Sync),
) -> Result<Vec<Made>, Failed> {
    let seconds = footage.details.seconds;
    let interval = (seconds / f64::from(MOST_TILES)).max(INTERVAL.min(seconds / LEAST_TILES));
    let tiles = ((seconds / interval).round() as u32).clamp(1, MOST_TILES);
    let (width, height) = (TILE_WIDTH, TILE_WIDTH * footage.details.height / footage.details.width.max(1));
    let height = (height & !1).max(2);
    let columns = tiles.min(COLUMNS);
    let rows = tiles.div_ceil(columns);
    let file = folder.join("storyboard.webp");
    // Each tile shows the first frame of its time.
    let filter = format!(
        "select='gte(t-start_t+0.0005\\,selected_n*{interval:.6})',scale={width}:{height},setsar=1,\
         tile={columns}x{rows}"
    );
    let mut arguments: Vec<OsString> = vec!["-threads".into(), threads.to_string().into(), "-i".into()];
    arguments.push(ffmpeg::path(source));
    let map = format!("0:v:{}", footage.which);
    let coding = ["-map", &map, "-vf", &filter, "-frames:v", "1", "-c:v", "libwebp", "-quality", "70"];
    arguments.extend(coding.map(OsString::from));
    arguments.push(ffmpeg::path(&file));
    ffmpeg::work(arguments, |_, second| told((second / seconds).clamp(0.0, 1.0))).await?;
    whole(&file).await?;
    let details = json!({
        "width": width * columns,
        "height": height * rows,
        "tile_width": width,
        "tile_height": height,
        "columns": columns,
        "tiles": tiles,
        "interval": interval,
    });
    let index = folder.join("storyboard.vtt");
    fs::write(&index, cues(seconds, interval, tiles, columns, (width, height)))?;
    Ok(vec![
        Made::file("storyboard", file, "image/webp", &details),
        Made::file("storyboard-index", index, "text/vtt", &details),
    ])
}

/// Which part of the storyboard shows which seconds (Media Fragments URI 1.0, `xywh`).
fn cues(seconds: f64, interval: f64, tiles: u32, columns: u32, (width, height): (u32, u32)) -> String {
    let mut out = String::from("WEBVTT\n");
    for tile in 0..tiles {
        let ms = |tile: u32| (f64::from(tile) * interval * 1000.0).round() as u64;
        let end = if tile + 1 == tiles { (seconds * 1000.0).ceil() as u64 } else { ms(tile + 1) };
        let (x, y) = (tile % columns * width, tile / columns * height);
        let (from, to) = (stamp(ms(tile)), stamp(end));
        // Writing into memory does not fail.
        let _ = write!(out, "\n{from} --> {to}\nstoryboard.webp#xywh={x},{y},{width},{height}\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_follow_each_other_to_the_end() {
        let text = cues(2.5, 1.0, 3, 2, (160, 90));
        assert_eq!(
            text,
            "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nstoryboard.webp#xywh=0,0,160,90\n\n\
             00:00:01.000 --> 00:00:02.000\nstoryboard.webp#xywh=160,0,160,90\n\n\
             00:00:02.000 --> 00:00:02.500\nstoryboard.webp#xywh=0,90,160,90\n"
        );
    }
}
