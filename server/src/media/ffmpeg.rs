//! ffmpeg and ffprobe, run as programs of their own: what a film breaks in them does not break here.

use super::made::Failed;
use serde::Deserialize;
use std::{
    ffi::OsString,
    io,
    path::Path,
    process::{ExitStatus, Stdio},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, Command},
};

/// Why one of them did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FfmpegError {
    #[error("{0} is not there: install ffmpeg (Debian: apt-get install ffmpeg)")]
    Missing(&'static str),
    #[error("{0} cannot be run: {1}")]
    Io(&'static str, io::Error),
    #[error("{program} failed ({status}){said}")]
    Failed { program: &'static str, status: ExitStatus, said: String },
    #[error("{program} was killed (signal {signal})")]
    Killed { program: &'static str, signal: i32 },
    /// It ended well, and what it made is not whole: so it does when the disk is full.
    #[error("{made}; ffmpeg said: {said}")]
    Complained { made: String, said: String },
    #[error("ffprobe said something else than expected: {0}")]
    Unexpected(String),
}

/// Runs a program to its end and gives what it wrote. It dies with the caller.
pub(crate) async fn run(
    program: &'static str,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Vec<u8>, FfmpegError> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FfmpegError::Missing(program),
        _ => FfmpegError::Io(program, error),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(failed(program, output.status, &output.stderr))
}

/// The first line names the cause, the last ones what came of it.
fn cause(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    plainly(said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()).to_owned()
}

fn failed(program: &'static str, status: ExitStatus, said: &[u8]) -> FfmpegError {
    let cause = cause(said);
    let said = if cause.is_empty() { String::new() } else { format!(": {cause}") };
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return FfmpegError::Killed { program, signal };
    }
    FfmpegError::Failed { program, status, said }
}

/// What it said without the address of whatever said it: `[mov,mp4 @ 0x55d0] moov atom not found`.
fn plainly(line: &str) -> &str {
    let told = line.strip_prefix('[').and_then(|line| line.split_once("] ")).filter(|(who, _)| who.contains(" @ 0x"));
    told.map_or(line, |(_, what)| what)
}

/// Whoever works in the background gives way to those that answer.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Starts a program that works for long: below all others, and not beyond the end of this one, however that comes.
fn in_background(program: &'static str, arguments: &[OsString]) -> Result<Child, FfmpegError> {
    let spawn = |mut command: Command| {
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true).spawn()
    };
    // util-linux, on every Linux but the smallest.
    let mut bound = Command::new("setpriv");
    bound.args(["--pdeathsig", "KILL", "--", program]);
    let child = match spawn(bound) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => spawn(Command::new(program)),
        child => child,
    };
    let child = child.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FfmpegError::Missing(program),
        _ => FfmpegError::Io(program, error),
    })?;
    #[cfg(target_os = "linux")]
    if let Some(id) = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)) {
        // Not granted, it works as others do.
        let _ = rustix::process::setpriority_process(Some(id), NICE);
    }
    Ok(child)
}

/// What `setpriv` ends with where there is no such program.
const NOT_FOUND: i32 = 127;

/// Runs a program in the background; what it writes is handed on piece by piece. What it complained of, though it ended
/// well.
pub(crate) async fn hear(
    program: &'static str,
    arguments: impl IntoIterator<Item = OsString>,
    mut heard: impl FnMut(&[u8]),
) -> Result<String, FfmpegError> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let mut child = in_background(program, &arguments)?;
    let broken = |error| FfmpegError::Io(program, error);
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let listen = async {
        let Some(mut out) = out else { return Ok(()) };
        let mut piece = vec![0; 1 << 16];
        loop {
            match out.read(&mut piece).await? {
                0 => return Ok(()),
                length => heard(&piece[..length]),
            }
        }
    };
    let complaints = async {
        let mut said = Vec::new();
        let Some(err) = err else { return Ok(said) };
        let mut lines = BufReader::new(err).split(b'\n');
        while let Some(line) = lines.next_segment().await? {
            // A damaged film makes it complain of every frame.
            if said.len() < 1 << 12 {
                said.extend_from_slice(&line);
                said.push(b'\n');
            }
        }
        Ok(said)
    };
    let (listened, said) = tokio::join!(listen, complaints);
    let status = child.wait().await.map_err(broken)?;
    if status.code() == Some(NOT_FOUND) {
        return Err(FfmpegError::Missing(program));
    }
    let said = said.map_err(broken)?;
    if !status.success() {
        return Err(failed(program, status, &said));
    }
    listened.map_err(broken).map(|()| cause(&said))
}

/// What ffmpeg made, in the background.
pub(crate) struct Worked {
    pub(crate) frames: u64,
    complaint: String,
}

impl Worked {
    /// Why what it made is not whole: what it complained of, or what was found.
    pub(crate) fn not_whole(&self, made: String) -> Failed {
        match self.complaint.as_str() {
            "" => Failed::Wrong(made),
            said => FfmpegError::Complained { made, said: said.to_owned() }.into(),
        }
    }
}

/// Runs ffmpeg in the background; `told` hears how many frames and which second it has come to.
pub(crate) async fn work(
    arguments: impl IntoIterator<Item = OsString>,
    mut told: impl FnMut(u64, f64),
) -> Result<Worked, FfmpegError> {
    let before = ["-v", "error", "-nostdin", "-nostats", "-progress", "pipe:1", "-y"].map(OsString::from);
    let (mut line, mut frames, mut seconds) = (Vec::new(), 0, 0.0);
    let heard = |piece: &[u8]| {
        for byte in piece {
            if *byte != b'\n' {
                line.push(*byte);
                continue;
            }
            let text = String::from_utf8_lossy(&line);
            match text.split_once('=') {
                Some(("frame", number)) => frames = number.trim().parse().unwrap_or(frames),
                Some(("out_time_us", number)) => {
                    seconds = number.trim().parse::<f64>().map_or(seconds, |us| us / 1e6);
                }
                Some(("progress", _)) => told(frames, seconds),
                _ => {}
            }
            line.clear();
        }
    };
    let complaint = hear("ffmpeg", before.into_iter().chain(arguments), heard).await?;
    Ok(Worked { frames, complaint })
}

/// A path as these programs take it: with a colon or a hyphen in it, it would mean something else.
pub(crate) fn path(path: &Path) -> OsString {
    let mut named = OsString::from("file:");
    named.push(path);
    named
}

/// What ffprobe tells of a track with pictures or sound.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Stream {
    pub(crate) codec_name: String,
    pub(crate) codec_type: String,
    pub(crate) profile: String,
    pub(crate) level: i32,
    pub(crate) pix_fmt: String,
    pub(crate) field_order: String,
    pub(crate) has_b_frames: u32,
    pub(crate) sample_aspect_ratio: String,
    pub(crate) color_range: String,
    pub(crate) color_space: String,
    pub(crate) color_transfer: String,
    pub(crate) color_primaries: String,
    pub(crate) bit_rate: String,
    pub(crate) sample_rate: String,
    pub(crate) channels: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) avg_frame_rate: String,
    pub(crate) nb_frames: String,
    pub(crate) duration: String,
    pub(crate) disposition: Disposition,
    pub(crate) tags: Tags,
    pub(crate) side_data_list: Vec<SideData>,
}

/// What a track is for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Disposition {
    /// A cover.
    pub(crate) attached_pic: u8,
}

/// What a track or a file says of itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Tags {
    pub(crate) timecode: String,
    /// Which kind of MP4 it is: `isom`, `qt  `.
    pub(crate) major_brand: String,
}

/// What is said beside the pictures.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SideData {
    /// In degrees.
    pub(crate) rotation: f64,
}

/// What ffprobe tells of a whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Format {
    /// `mov,mp4,m4a,3gp,3g2,mj2`
    pub(crate) format_name: String,
    pub(crate) duration: String,
    pub(crate) tags: Tags,
}

impl Stream {
    /// Whether its pictures consist of two fields.
    pub(crate) fn interlaced(&self) -> bool {
        ["tt", "bb", "tb", "bt"].contains(&self.field_order.as_str())
    }
}

/// What ffprobe tells.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Probed {
    pub(crate) streams: Vec<Stream>,
    pub(crate) format: Format,
}

/// The containers that are opened. Others are playlists and scripts among them, which make ffmpeg read further files,
/// and ask the network for them.
const CONTAINERS: &str = "mov,matroska,mxf,mpegts,mpeg,avi,asf,flv,ogg,dv,gxf";

/// What a file holds.
pub(crate) async fn probe(file: &Path) -> Result<Probed, FfmpegError> {
    let only = ["-v", "error", "-format_whitelist", CONTAINERS, "-protocol_whitelist", "file"];
    let arguments = only.into_iter().chain(["-show_streams", "-show_format", "-of", "json"]).map(OsString::from);
    let said = run("ffprobe", arguments.into_iter().chain([path(file)])).await?;
    serde_json::from_slice(&said).map_err(|error| FfmpegError::Unexpected(error.to_string()))
}

/// The tracks of a file.
pub(crate) async fn streams(file: &Path) -> Result<Vec<Stream>, FfmpegError> {
    Ok(probe(file).await?.streams)
}

/// How many packets a track with pictures has, where its file does not tell: as many as frames, as a rule.
pub(crate) async fn packets(file: &Path, which: usize) -> Result<u64, FfmpegError> {
    let stream = format!("v:{which}");
    let asked = ["-v", "error", "-count_packets", "-select_streams", &stream];
    let answer = ["-show_entries", "stream=nb_read_packets", "-of", "csv=p=0"];
    let arguments = asked.into_iter().chain(answer).map(OsString::from).chain([path(file)]);
    let said = run("ffprobe", arguments).await?;
    let said = String::from_utf8_lossy(&said);
    // Where tracks belong to programmes (MPEG-TS), it says it for each of these too.
    let first = said.split_whitespace().next().unwrap_or_default();
    first.trim_end_matches(',').parse().map_err(|_| FfmpegError::Unexpected(first.to_owned()))
}

/// A picture as it is decoded: when it is shown, in ticks, and a fingerprint of its pixels.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) pts: i64,
    pub(crate) pixels: String,
}

/// Decodes all pictures of a file that players show.
pub(crate) async fn pictures(file: &Path) -> Result<Vec<Decoded>, FfmpegError> {
    let before = ["-v", "error", "-xerror", "-i"].map(OsString::from);
    let after = ["-map", "0:v:0", "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "framemd5", "-"];
    let arguments = before.into_iter().chain([path(file)]).chain(after.map(OsString::from));
    let said = run("ffmpeg", arguments).await?;
    let said = String::from_utf8_lossy(&said);
    let line = |line: &str| {
        let fields: Vec<_> = line.split(',').map(str::trim).collect();
        let [_, _, pts, _, _, pixels] = fields[..] else { return None };
        Some(Decoded { pts: pts.parse().ok()?, pixels: pixels.to_owned() })
    };
    let lines = said.lines().filter(|line| !line.starts_with('#'));
    lines.map(|text| line(text).ok_or_else(|| FfmpegError::Unexpected(text.to_owned()))).collect()
}

/// The peak signal-to-noise ratio of each frame of `file` from `first` on, beside those of `reference`, in dB.
pub(crate) async fn likeness(file: &Path, first: u32, reference: &Path) -> Result<Vec<f64>, FfmpegError> {
    let beside = format!(
        "[0:v:0]trim=start_frame={first},setpts=N/TB/25,settb=1/25[made];[1:v:0]setpts=N/TB/25,settb=1/25[wanted];\
         [made][wanted]psnr=shortest=1:stats_file=-"
    );
    let inputs = ["-v".into(), "error".into(), "-i".into(), path(file), "-i".into(), path(reference)];
    let outputs = ["-lavfi", &beside, "-f", "null", "-"].map(OsString::from);
    let arguments = inputs.into_iter().chain(outputs);
    let said = run("ffmpeg", arguments).await?;
    let said = String::from_utf8_lossy(&said);
    let values = said.lines().filter_map(|line| line.split(' ').find_map(|word| word.strip_prefix("psnr_avg:")));
    Ok(values.map(|value| value.parse().unwrap_or(f64::INFINITY)).collect())
}
