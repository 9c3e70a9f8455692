//! The edit-safe route: what `clip` plans is carried out by ffmpeg, decoded, and compared before anybody gets it.

use super::{
    ffmpeg::{self, FfmpegError, Stream, likeness, pictures},
    output::{self, Beside},
};
use clip::{EditSafe, Frames, Index, Picture, Refused, Track, Whole};
use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// A frame encoded anew that is further from its source is another frame, or was damaged.
const LEAST_LIKENESS: f64 = 22.0;

/// Why there is no clip.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EditSafeError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Ffmpeg(#[from] FfmpegError),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("no encoder makes what it is coded in ({0})")]
    NoEncoder(String),
    #[error("what came out was checked, and is not what was asked for: {0}")]
    NotAsAsked(String),
}

/// Hears how far it has come, from 0 to 1.
pub(crate) type Told<'a> = &'a (dyn Fn(f64) + Send + Sync);

/// The part of the work that is encoding. The rest is to decode, and to compare.
const ENCODING: f64 = 0.8;

/// Makes a clip of which nothing is hidden, as a file in `folder`. Tells which way it was made.
///
/// # Errors
/// What cannot be read, encoded or written, and what came out wrong.
pub(crate) async fn make(
    index: &Index,
    source: &Path,
    frames: &Frames,
    folder: &Beside,
    told: Told<'_>,
) -> Result<(PathBuf, EditSafe), EditSafeError> {
    let streams = ffmpeg::streams(source).await?;
    let stream = streams.iter().find(|stream| stream.codec_type == "video").cloned().unwrap_or_default();
    let picture = Picture {
        codec: stream.codec_name.clone(),
        pixel_format: stream.pix_fmt.clone(),
        interlaced: stream.interlaced(),
    };
    let quicktime = source.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("mov"));
    let extension = if quicktime { "mov" } else { "mp4" };
    let sound = streams.into_iter().find(|stream| stream.codec_type == "audio");
    let workshop = Workshop { index, source, frames, folder, stream, sound, extension, told };
    let plan = index.edit_safe(frames, &picture)?;
    match &plan {
        EditSafe::Index => {
            let made = workshop.part("clip", frames, |_| true).await?;
            Ok((made, plan))
        }
        EditSafe::Joined { head, middle, tail } => match workshop.join(head, middle, tail).await {
            Ok(made) => Ok((made, plan)),
            // Encoders do not meet every parameter: what the check did not let pass is made the long way.
            Err(EditSafeError::NotAsAsked(_)) => Ok((workshop.encode_all().await?, EditSafe::Whole(Whole::Parameters))),
            Err(error) => Err(error),
        },
        EditSafe::Whole(_) => Ok((workshop.encode_all().await?, plan)),
    }
}

/// How it was made, in a sentence.
pub(crate) fn why(way: &EditSafe) -> String {
    match way {
        EditSafe::Index => "nothing would be hidden, so the index does it".to_owned(),
        EditSafe::Joined { .. } => "head and tail encoded anew, the middle copied; decoded and compared".to_owned(),
        EditSafe::Whole(why) => format!("all of it encoded anew, as {why}; decoded and compared"),
    }
}

struct Workshop<'a> {
    index: &'a Index,
    source: &'a Path,
    frames: &'a Frames,
    folder: &'a Beside,
    stream: Stream,
    sound: Option<Stream>,
    extension: &'static str,
    told: Told<'a>,
}

fn is_video(track: &Track) -> bool {
    track.handler() == "vide"
}

impl Workshop<'_> {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.file(name).with_extension(self.extension)
    }

    /// Cuts a part out by the index: what ffmpeg decodes of it is exactly that part.
    async fn part(&self, name: &str, frames: &Frames, keep: impl Fn(&Track) -> bool) -> Result<PathBuf, EditSafeError> {
        let clip = self.index.clip_of(std::slice::from_ref(frames), keep)?;
        let made = self.file(name);
        output::write(&clip, &mut File::open(self.source)?, &made).await?;
        Ok(made)
    }

    /// Head and tail encoded, the middle copied, all three joined.
    async fn join(&self, head: &Frames, middle: &Frames, tail: &Frames) -> Result<PathBuf, EditSafeError> {
        let mut list = String::from("ffconcat version 1.0\n");
        let mut parts = Vec::new();
        let (all, mut encoded) = (head.len() + tail.len(), 0);
        for (name, frames, copied) in [("head", head, false), ("middle", middle, true), ("tail", tail, false)] {
            if frames.is_empty() {
                continue;
            }
            let cut = self.part(name, frames, is_video).await?;
            let made = if copied {
                cut.clone()
            } else {
                let of = (encoded, all);
                encoded += frames.len();
                self.encode(&cut, &format!("{name}-encoded"), of).await?
            };
            // Said to the microsecond: files tell their length to the millisecond, which is not enough for 29.97.
            let seconds = self.index.seconds(frames.end) - self.index.seconds(frames.start);
            let name = made.file_name().unwrap_or_default().to_string_lossy();
            list += &format!("file '{name}'\nduration {seconds:.6}\n");
            parts.push((frames, cut, copied));
        }
        let script = self.folder.file("parts.ffconcat");
        fs::write(&script, list)?;
        let made = self.mux("joined", &["-f".into(), "concat".into(), "-i".into(), ffmpeg::path(&script)]).await?;
        self.check(&made, &parts).await?;
        Ok(made)
    }

    async fn encode_all(&self) -> Result<PathBuf, EditSafeError> {
        let cut = self.part("all", self.frames, is_video).await?;
        let encoded = self.encode(&cut, "all-encoded", (0, self.frames.len())).await?;
        let made = self.mux("all", &["-i".into(), ffmpeg::path(&encoded)]).await?;
        self.check(&made, &[(self.frames, cut, false)]).await?;
        Ok(made)
    }

    /// Encodes the pictures of a part as the source's are; so many were encoded before, of so many.
    async fn encode(&self, part: &Path, name: &str, of: (usize, usize)) -> Result<PathBuf, EditSafeError> {
        let stream = &self.stream;
        let mut with: Vec<String> = Vec::new();
        let mut say = |words: &[&str]| with.extend(words.iter().map(|word| (*word).to_owned()));
        let fields = stream.interlaced();
        let top = if ["tt", "tb"].contains(&stream.field_order.as_str()) { "1" } else { "0" };
        match stream.codec_name.as_str() {
            "h264" => {
                say(&["-c:v", "libx264", "-preset", "medium", "-crf", "14"]);
                let profile = stream.profile.to_lowercase().replace("constrained ", "").replace(' ', "");
                if ["baseline", "main", "high", "high10", "high422"].contains(&profile.as_str()) {
                    say(&["-profile:v", &profile]);
                }
                // As many frames of delay as in the middle, so that times of decoding go on where parts meet.
                let settings = match stream.has_b_frames {
                    0 => "bframes=0",
                    1 => "bframes=2:b-pyramid=none",
                    _ => "bframes=3:b-pyramid=normal",
                };
                let order = if top == "1" { ":tff=1" } else { ":bff=1" };
                say(&["-x264-params", &format!("{settings}:open-gop=0{}", if fields { order } else { "" })]);
                if stream.level > 0 {
                    say(&["-level:v", &format!("{:.1}", f64::from(stream.level) / 10.0)]);
                }
            }
            "hevc" => say(&[
                "-c:v",
                "libx265",
                "-preset",
                "medium",
                "-crf",
                "14",
                "-tag:v",
                "hvc1",
                "-x265-params",
                "log-level=error:open-gop=0",
            ]),
            "mpeg2video" => {
                let rate = stream.bit_rate.parse::<u64>().unwrap_or(0).max(4_000_000).to_string();
                say(&[
                    "-c:v",
                    "mpeg2video",
                    "-b:v",
                    &rate,
                    "-qmin",
                    "1",
                    "-g",
                    "12",
                    "-bf",
                    "2",
                    "-flags",
                    "+cgop",
                    "-sc_threshold",
                    "1000000000",
                ]);
            }
            other => return Err(EditSafeError::NoEncoder(other.to_owned())),
        }
        if fields {
            say(&["-flags", "+ildct+ilme", "-top", top]);
        }
        let timescale = self.index.main().timescale().to_string();
        say(&["-pix_fmt", &stream.pix_fmt, "-video_track_timescale", &timescale]);
        match self.index.rate() {
            // It knows no other clocks than its rates.
            Some(rate) if stream.codec_name == "mpeg2video" => say(&["-r", &rate.to_string()]),
            _ => say(&["-fps_mode", "passthrough", "-enc_time_base", "-1"]),
        }
        for (option, value) in [
            ("-color_range", &stream.color_range),
            ("-colorspace", &stream.color_space),
            ("-color_trc", &stream.color_transfer),
            ("-color_primaries", &stream.color_primaries),
        ] {
            if !["", "unknown", "reserved", "gbr"].contains(&value.as_str()) {
                say(&[option, value]);
            }
        }
        let made = self.file(name);
        let mut arguments = vec!["-i".into(), ffmpeg::path(part), "-map".into(), "0:v:0".into()];
        arguments.extend(with.into_iter().map(OsString::from));
        arguments.push(ffmpeg::path(&made));
        let (before, all) = of;
        let come = |frames: u64, _| (self.told)(ENCODING * (before as f64 + frames as f64) / all.max(1) as f64);
        ffmpeg::work(arguments, come).await?;
        Ok(made)
    }

    /// Puts pictures and sound together, with the timecode of the first frame.
    async fn mux(&self, name: &str, video: &[OsString]) -> Result<PathBuf, EditSafeError> {
        let made = self.file(&format!("{name}-muxed"));
        let mut arguments: Vec<OsString> = ["-v", "error"].map(OsString::from).to_vec();
        arguments.extend_from_slice(video);
        let timescale = self.index.main().timescale().to_string();
        let sound = match &self.sound {
            Some(sound) => {
                Some((sound, self.part(&format!("{name}-sound"), self.frames, |track| !is_video(track)).await?))
            }
            None => None,
        };
        if let Some((_, file)) = &sound {
            arguments.extend(["-i".into(), ffmpeg::path(file)]);
        }
        let mut say = |words: &[&str]| arguments.extend(words.iter().map(OsString::from));
        say(&["-map", "0:v:0", "-c:v", "copy", "-video_track_timescale", &timescale]);
        if let Some((sound, _)) = &sound {
            say(&["-map", "1:a?", "-map_metadata", "1"]);
            if sound.codec_name.starts_with("pcm_") {
                say(&["-c:a", "copy"]);
            } else {
                // Copied, it would begin with sound from before the clip.
                let samples = self.samples(sound);
                say(&["-af", &format!("aresample=async=1:first_pts=0,atrim=end_sample={samples}"), "-c:a", "aac"]);
                if let Ok(rate @ 1..) = sound.bit_rate.parse::<u64>() {
                    say(&["-b:a", &rate.max(96_000).to_string()]);
                }
            }
        }
        if self.index.has_timecode()
            && let Some(timecode) = self.index.timecode(self.frames.start)
        {
            say(&["-timecode", &timecode.to_string()]);
        }
        say(&["-movflags", "+faststart"]);
        arguments.push(ffmpeg::path(&made));
        ffmpeg::run("ffmpeg", arguments).await?;
        Ok(made)
    }

    /// How long the sound of the clip is, in its samples.
    fn samples(&self, sound: &Stream) -> u64 {
        let seconds = self.index.seconds(self.frames.end) - self.index.seconds(self.frames.start);
        (seconds * sound.sample_rate.parse::<f64>().unwrap_or(48_000.0)).round() as u64
    }

    /// Decodes what was made: every frame is there once, at its time; what was copied is the source's bit by bit, what
    /// was encoded looks like it; the file tells no other timecode.
    async fn check(&self, made: &Path, parts: &[(&Frames, PathBuf, bool)]) -> Result<(), EditSafeError> {
        let wrong = |what: String| Err(EditSafeError::NotAsAsked(what));
        let shown = match pictures(made).await {
            Ok(shown) => shown,
            Err(FfmpegError::Failed { said, .. }) => return wrong(format!("it cannot be decoded{said}")),
            Err(error) => return Err(error.into()),
        };
        let count = self.frames.len();
        if shown.len() != count {
            return wrong(format!("{} frames instead of {count}", shown.len()));
        }
        let ticks = f64::from(self.index.main().timescale());
        for (shown, frame) in shown.iter().zip(self.frames.clone()) {
            let wanted = (self.index.seconds(frame) - self.index.seconds(self.frames.start)) * ticks;
            if (shown.pts as f64 - wanted).abs() > 0.5 {
                return wrong(format!("frame {frame} is shown at {} instead of {wanted} ticks", shown.pts));
            }
        }
        for (frames, reference, copied) in parts {
            let first = (frames.start - self.frames.start) as usize;
            if *copied {
                let source = pictures(reference).await?;
                let pairs = shown[first..].iter().zip(&source);
                let same = pairs.filter(|(made, source)| made.pixels == source.pixels).count();
                if same != frames.len() || source.len() != frames.len() {
                    return wrong(format!("{same} frames of {} are the source's", frames.len()));
                }
            } else {
                let all = likeness(made, first as u32, reference).await?;
                let least = all.iter().copied().fold(f64::INFINITY, f64::min);
                if all.len() != frames.len() || least < LEAST_LIKENESS {
                    return wrong(format!(
                        "{} of {} frames, the least like its source by {least:.1} dB",
                        all.len(),
                        frames.len()
                    ));
                }
            }
        }
        let again = Index::read(&mut io::BufReader::new(File::open(made)?))?;
        if self.index.has_timecode() && again.timecode(0) != self.index.timecode(self.frames.start) {
            return wrong("another timecode".to_owned());
        }
        let hidden = again.clip(&again.frames())?.hidden();
        if again.main().samples() as usize != count || hidden != (0, 0) {
            return wrong(format!("{} frames in the file", again.main().samples()));
        }
        Ok(())
    }
}
