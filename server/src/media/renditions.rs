//! Renditions: the film again as H.264 and AAC, for whoever cannot use the original or only looks at it.
//!
//! Every frame of the source is one of theirs, at its time and with its timecode, so that a mark set in one is the same
//! mark in all. Groups of pictures are closed and short, their parameters fixed: clips begin near every mark, and what an
//! edit-safe clip encodes anew goes with what it copies.

use super::{
    ffmpeg::{self, FfmpegError},
    made::{Failed, Made},
    probe::{self, Details, Footage, Sound},
};
use std::{ffi::OsString, path::Path};

/// Part of the work that encoding is; the rest is decoding what came out.
const ENCODING: f64 = 0.85;

/// One of the forms a film is offered in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendition {
    /// `1080p`, `720p`, `proxy`: its role, and the name of the step that makes it.
    pub(crate) name: String,
    /// Its shorter side; never more than the source's.
    lines: u32,
    /// How near it is to the source: x264's constant rate factor.
    crf: u32,
    /// Bits a second that it never exceeds for long, so that it plays while it is fetched; in thousands.
    most: u32,
    /// Bits a second of sound, in thousands.
    sound: u32,
    /// Groups of pictures in a second.
    groups: u32,
}

/// What is made of a film, the most urgent first: the proxy, which is quick and can be played.
pub(crate) fn ladder(details: &Details) -> Vec<Rendition> {
    // Even, as 4:2:0 wants it; rounded down, so that nothing is made up.
    let side = details.width.min(details.height) & !1;
    let full = |lines: u32, crf, most| {
        let name = format!("{lines}p");
        Rendition { name, lines, crf, most, sound: 160, groups: 1 }
    };
    let proxy =
        Rendition { name: "proxy".to_owned(), lines: side.min(480), crf: 28, most: 1_500, sound: 96, groups: 2 };
    let mut ladder = vec![proxy];
    if side < 720 {
        ladder.push(full(side, 20, 6_000));
    }
    if side >= 720 {
        ladder.push(full(720, 20, 6_000));
    }
    if side >= 1080 {
        ladder.push(full(1080, 19, 12_000));
    }
    ladder
}

impl Rendition {
    /// Width and height, both even.
    fn size(&self, details: &Details) -> (u32, u32) {
        let (width, height) = (u64::from(details.width), u64::from(details.height));
        let longer = |longer: u64, shorter: u64| {
            let side = (u64::from(self.lines) * longer / shorter.max(1)) & !1;
            u32::try_from(side.max(2)).unwrap_or(u32::MAX)
        };
        if width >= height { (longer(width, height), self.lines) } else { (self.lines, longer(height, width)) }
    }

    /// Makes it, and looks whether it is what it should be.
    ///
    /// # Errors
    /// It cannot be made; or it was, and is not the same film.
    pub(crate) async fn make(
        &self,
        footage: &Footage,
        source: &Path,
        folder: &Path,
        threads: usize,
        told: &(dyn Fn(f64) + Send + Sync),
    ) -> Result<Vec<Made>, Failed> {
        let file = folder.join(format!("{}.mp4", self.name));
        let all = footage.details.frames.max(1) as f64;
        let arguments = self.arguments(footage, source, &file, threads);
        let worked = ffmpeg::work(arguments, |frame, _| told((frame as f64 / all).min(1.0) * ENCODING)).await?;
        let (made, wanted) = (worked.frames, footage.details.frames);
        if footage.index.is_some() && made != wanted {
            return Err(worked.not_whole(format!("ffmpeg finds {made} frames in the source, its index {wanted}")));
        }
        let index = probe::index(&file).await?.map_err(|refused| worked.not_whole(refused.to_string()))?;
        if u64::from(index.frames().end) != made {
            return Err(worked.not_whole(format!("it has {} frames, the source {made}", index.frames().end)));
        }
        let shown = decoded(&file, threads, |frame| told(ENCODING + frame as f64 / all * (1.0 - ENCODING))).await?;
        if shown != made {
            return Err(worked.not_whole(format!("{shown} of its frames can be decoded, and it has {made}")));
        }
        let starts = footage.details.timecode.as_ref();
        let timecode = index.has_timecode().then(|| index.timecode(0)).flatten().map(|timecode| timecode.to_string());
        if footage.index.is_some() && starts.is_some() && timecode.as_ref() != starts {
            return Err(Failed::Wrong("its timecode is not the source's".to_owned()));
        }
        let (width, height) = self.size(&footage.details);
        let seconds = index.seconds(index.frames().end);
        let bytes = std::fs::metadata(&file)?.len();
        let details = Details {
            width,
            height,
            rate: index.rate().filter(|_| index.constant()).map(|rate| rate.to_string()),
            frames: made,
            seconds,
            codec: "h264".to_owned(),
            profile: "High".to_owned(),
            pixel_format: "yuv420p".to_owned(),
            interlaced: false,
            bit_rate: (bytes as f64 * 8.0 / seconds.max(0.001)) as u64,
            timecode,
            sound: footage.details.sound.as_ref().map(|_| Sound {
                codec: "aac".to_owned(),
                channels: 2,
                sample_rate: 48_000,
            }),
        };
        let made = Made { index: Some(index.encode()), ..Made::file(&self.name, file, "video/mp4", &details) };
        Ok(vec![made])
    }

    fn arguments(&self, footage: &Footage, source: &Path, file: &Path, threads: usize) -> Vec<OsString> {
        let (details, pictures) = (&footage.details, &footage.pictures);
        let (width, height) = self.size(details);
        let mut arguments: Vec<OsString> = Vec::new();
        let mut say = |words: &[&str]| arguments.extend(words.iter().map(OsString::from));
        let threads = threads.to_string();
        say(&["-threads", &threads, "-i"]);
        arguments.push(ffmpeg::path(source));
        let mut say = |words: &[&str]| arguments.extend(words.iter().map(OsString::from));
        say(&[
            "-map",
            &format!("0:v:{}", footage.which),
            "-map",
            "0:a:0?",
            "-map_metadata",
            "-1",
            "-map_chapters",
            "-1",
        ]);

        let fields = if details.interlaced { "bwdif=mode=send_frame," } else { "" };
        // Colours without a matrix of their own become those of high definition.
        let matrix = if pictures.color_space == "gbr" { ":out_color_matrix=bt709" } else { "" };
        say(&["-vf", &format!("{fields}scale={width}:{height}:flags=bicubic{matrix},setsar=1,format=yuv420p")]);
        // Each frame once, when it is shown in the source.
        say(&["-fps_mode", "passthrough", "-enc_time_base", "-1"]);
        if let Some(index) = &footage.index {
            say(&["-video_track_timescale", &index.main().timescale().to_string()]);
        }
        for (option, value) in [
            ("-color_range", &*pictures.color_range),
            ("-colorspace", if matrix.is_empty() { &pictures.color_space } else { "bt709" }),
            ("-color_trc", &pictures.color_transfer),
            ("-color_primaries", &pictures.color_primaries),
        ] {
            if !["", "unknown", "reserved", "gbr"].contains(&value) {
                say(&[option, value]);
            }
        }

        let a_second = details.frames as f64 / details.seconds;
        let group = ((a_second / f64::from(self.groups)).round() as u64).clamp(1, 600).to_string();
        say(&["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", &self.crf.to_string()]);
        say(&["-maxrate", &format!("{}k", self.most), "-bufsize", &format!("{}k", 2 * self.most)]);
        say(&["-g", &group, "-keyint_min", &group, "-sc_threshold", "0", "-threads", &threads]);
        // What ffmpeg's edit-safe clips are encoded with, whatever the preset says.
        say(&["-x264-params", "open-gop=0:bframes=3:b-pyramid=normal:ref=3:weightp=2"]);

        if details.sound.is_some() {
            let rate = format!("{}k", self.sound);
            say(&["-af", "aresample=async=1:first_pts=0", "-c:a", "aac", "-ac", "2", "-ar", "48000", "-b:a", &rate]);
        }
        if let Some(timecode) = &details.timecode {
            say(&["-timecode", timecode]);
        }
        say(&["-movflags", "+faststart", "-f", "mp4"]);
        arguments.push(ffmpeg::path(file));
        arguments
    }
}

/// How many frames of a file can be decoded; one that cannot ends it.
async fn decoded(file: &Path, threads: usize, mut told: impl FnMut(u64)) -> Result<u64, FfmpegError> {
    let mut arguments: Vec<OsString> = ["-xerror", "-threads"].map(OsString::from).to_vec();
    arguments.extend([threads.to_string().into(), "-i".into(), ffmpeg::path(file)]);
    let after = ["-map", "0:v:0", "-map", "0:a?", "-fps_mode", "passthrough", "-f", "null", "-"];
    arguments.extend(after.map(OsString::from));
    Ok(ffmpeg::work(arguments, |frame, _| told(frame)).await?.frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(width: u32, height: u32) -> Vec<(String, (u32, u32))> {
        let details = Details { width, height, ..Details::default() };
        ladder(&details).into_iter().map(|rendition| (rendition.name.clone(), rendition.size(&details))).collect()
    }

    fn list(names: &[(&str, u32, u32)]) -> Vec<(String, (u32, u32))> {
        names.iter().map(|(name, width, height)| ((*name).to_owned(), (*width, *height))).collect()
    }

    #[test]
    fn nothing_is_made_larger_than_it_came() {
        assert_eq!(names(3840, 2160), list(&[("proxy", 852, 480), ("720p", 1280, 720), ("1080p", 1920, 1080)]));
        assert_eq!(names(1920, 1080), list(&[("proxy", 852, 480), ("720p", 1280, 720), ("1080p", 1920, 1080)]));
        assert_eq!(names(1280, 720), list(&[("proxy", 852, 480), ("720p", 1280, 720)]));
        assert_eq!(names(1600, 900), list(&[("proxy", 852, 480), ("720p", 1280, 720)]));
        assert_eq!(names(720, 576), list(&[("proxy", 600, 480), ("576p", 720, 576)]));
        assert_eq!(names(321, 181), list(&[("proxy", 318, 180), ("180p", 318, 180)]));
        assert_eq!(names(1080, 1920), list(&[("proxy", 480, 852), ("720p", 720, 1280), ("1080p", 1080, 1920)]));
    }
}
