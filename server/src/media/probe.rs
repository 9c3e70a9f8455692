//! What a file of footage holds, and whether it is any.

use super::ffmpeg::{self, FfmpegError, Stream};
use clip::{Index, Refused};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsString,
    fs::File,
    io::{self, BufReader},
    path::Path,
};

/// Pictures smaller than that cannot be encoded; larger ones nobody shows.
const SIDES: std::ops::RangeInclusive<u32> = 16..=16_384;

/// What is known of a file with pictures; kept with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// As it is shown, in square pixels.
    pub width: u32,
    /// As it is shown.
    pub height: u32,
    /// Frames a second, `25` or `30000/1001`; none where they come at no steady rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
    /// How many frames it has.
    pub frames: u64,
    /// How long it is.
    pub seconds: f64,
    /// How its pictures are coded: `h264`.
    pub codec: String,
    /// And by which of the codec's profiles.
    pub profile: String,
    /// How a pixel is kept: `yuv420p`.
    pub pixel_format: String,
    /// Whether pictures consist of two fields.
    pub interlaced: bool,
    /// Bits a second of the whole file.
    pub bit_rate: u64,
    /// The timecode of its first frame, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timecode: Option<String>,
    /// Its sound, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<Sound>,
}

/// Sound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sound {
    /// How it is coded: `aac`.
    pub codec: String,
    /// How many channels.
    pub channels: u32,
    /// Samples a second.
    pub sample_rate: u32,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unfit {
    /// It is no video.
    #[error("{0}")]
    Not(String),
    /// It could not be looked at.
    #[error(transparent)]
    Ffmpeg(FfmpegError),
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// A file that is footage.
pub(crate) struct Footage {
    pub(crate) details: Details,
    /// The tracks that are worked with.
    pub(crate) pictures: Stream,
    /// Which of the file's tracks with pictures that is.
    pub(crate) which: usize,
    /// Where it can be cut by its index.
    pub(crate) index: Option<Index>,
    pub(crate) media_type: &'static str,
}

/// Looks at a file.
///
/// # Errors
/// It is no video that can be shown, and why.
pub(crate) async fn look(file: &Path) -> Result<Footage, Unfit> {
    let about = std::fs::metadata(file)?;
    if !about.is_file() {
        return Err(Unfit::Not("it is no file".to_owned()));
    }
    if about.len() == 0 {
        return Err(Unfit::Not("it is empty".to_owned()));
    }
    let index = match index(file).await? {
        Ok(index) => Some(index),
        // Its own index says that something is missing: ffmpeg would show what is left of it.
        Err(refused @ (Refused::Damaged(_) | Refused::NoIndex)) => return Err(Unfit::Not(refused.to_string())),
        Err(Refused::Io(error)) => return Err(error.into()),
        Err(_) => None,
    };
    let probed = ffmpeg::probe(file).await.map_err(|error| match error {
        FfmpegError::Failed { said, .. } if said.contains("not on whitelist") => Unfit::Not(
            "it is no video of a kind that is taken in (MP4, MOV, MXF, Matroska, WebM, MPEG, AVI)".to_owned(),
        ),
        FfmpegError::Failed { said, .. } => Unfit::Not(format!("it is no video that ffmpeg knows{said}")),
        error => Unfit::Ffmpeg(error),
    })?;
    let shown = |stream: &&Stream| stream.codec_type == "video" && stream.disposition.attached_pic == 0;
    let all = probed.streams.iter().filter(|stream| stream.codec_type == "video");
    let Some((which, pictures)) = all.enumerate().find(|(_, stream)| shown(stream)) else {
        let sound = probed.streams.iter().any(|stream| stream.codec_type == "audio");
        let why = if sound { "it has sound, but no pictures" } else { "it has neither pictures nor sound" };
        return Err(Unfit::Not(why.to_owned()));
    };
    let (width, height) = displayed(pictures);
    if !SIDES.contains(&width) || !SIDES.contains(&height) {
        return Err(Unfit::Not(format!("its pictures have no size that can be shown ({width} × {height})")));
    }
    let index = index.filter(|index| !index.sound_only());
    let seconds = match &index {
        Some(index) => index.seconds(index.frames().end),
        None => [&pictures.duration, &probed.format.duration]
            .iter()
            .find_map(|text| text.parse::<f64>().ok())
            .unwrap_or_default(),
    };
    if !(seconds.is_finite() && seconds > 0.0) {
        return Err(Unfit::Not("it has no length".to_owned()));
    }
    first_picture(file, which).await?;
    let fraction = |text: &str| {
        let (over, under) = text.split_once('/')?;
        clip::Rate::new(over.parse().ok()?, under.parse().ok()?)
    };
    let rate = match &index {
        Some(index) => index.rate().filter(|_| index.constant()),
        None => fraction(&pictures.avg_frame_rate),
    };
    let frames = match &index {
        Some(index) => index.frames().end.into(),
        None => match pictures.nb_frames.parse() {
            Ok(frames) => frames,
            Err(_) => ffmpeg::packets(file, which).await.map_err(Unfit::Ffmpeg)?,
        },
    };
    let timecode = match &index {
        Some(index) if index.has_timecode() => index.timecode(0).map(|timecode| timecode.to_string()),
        Some(_) => None,
        None => {
            [&pictures.tags.timecode, &probed.format.tags.timecode].into_iter().find(|text| !text.is_empty()).cloned()
        }
    };
    let sound = probed.streams.iter().find(|stream| stream.codec_type == "audio" && !stream.codec_name.is_empty());
    let details = Details {
        width,
        height,
        rate: rate.map(|rate| rate.to_string()),
        frames,
        seconds,
        codec: pictures.codec_name.clone(),
        profile: pictures.profile.clone(),
        pixel_format: pictures.pix_fmt.clone(),
        interlaced: pictures.interlaced(),
        bit_rate: (about.len() as f64 * 8.0 / seconds) as u64,
        timecode,
        sound: sound.map(|sound| Sound {
            codec: sound.codec_name.clone(),
            channels: sound.channels,
            sample_rate: sound.sample_rate.parse().unwrap_or_default(),
        }),
    };
    let media_type = match probed.format.format_name.as_str() {
        // QuickTime files have that brand, or are older than brands.
        name if name.contains("mp4") && ["", "qt  "].contains(&&*probed.format.tags.major_brand) => "video/quicktime",
        name if name.contains("mp4") => "video/mp4",
        name if name.contains("webm") && ["vp8", "vp9", "av1"].contains(&&*pictures.codec_name) => "video/webm",
        name if name.contains("matroska") => "video/x-matroska",
        name if name.contains("mxf") => "application/mxf",
        name if name.contains("mpegts") => "video/mp2t",
        name if name.contains("avi") => "video/x-msvideo",
        _ => "application/octet-stream",
    };
    Ok(Footage { details, pictures: pictures.clone(), which, index, media_type })
}

/// Reads a file's index; off the threads that answer, as a day of video takes a while.
pub(crate) async fn index(file: &Path) -> io::Result<Result<Index, Refused>> {
    let file = file.to_owned();
    let read = move || Ok(Index::read(&mut BufReader::with_capacity(1 << 16, File::open(&file)?)));
    tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
}

/// The size as it is shown: turned as the file says, its pixels made square.
fn displayed(stream: &Stream) -> (u32, u32) {
    let aspect = stream.sample_aspect_ratio.split_once(':');
    let aspect = aspect.and_then(|(x, y)| Some((x.parse::<u64>().ok()?, y.parse::<u64>().ok()?)));
    let (x, y) = aspect.filter(|(x, y)| *x > 0 && *y > 0).unwrap_or((1, 1));
    let width = u32::try_from(u64::from(stream.width).saturating_mul(x) / y).unwrap_or(u32::MAX);
    let turned = stream.side_data_list.iter().any(|data| data.rotation.rem_euclid(180.0) == 90.0);
    if turned { (stream.height, width) } else { (width, stream.height) }
}

/// Whether the first picture can be decoded: codecs that are unknown, or encrypted, are found out before anything is
/// stored.
async fn first_picture(file: &Path, which: usize) -> Result<(), Unfit> {
    let map = format!("0:v:{which}");
    let before = ["-v", "error", "-nostdin", "-i"].map(OsString::from);
    let after = ["-map", &map, "-frames:v", "1", "-f", "framemd5", "-"].map(OsString::from);
    match ffmpeg::run("ffmpeg", before.into_iter().chain([ffmpeg::path(file)]).chain(after)).await {
        Ok(said) if String::from_utf8_lossy(&said).lines().any(|line| !line.starts_with('#')) => Ok(()),
        Ok(_) => Err(Unfit::Not("none of its pictures can be decoded".to_owned())),
        Err(FfmpegError::Failed { said, .. }) => Err(Unfit::Not(format!("its pictures cannot be decoded{said}"))),
        Err(error) => Err(Unfit::Ffmpeg(error)),
    }
}
