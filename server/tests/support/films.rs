//! Films made by ffmpeg whose frames show their number.

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// Runs ffmpeg, and gives what it wrote.
pub(crate) fn ffmpeg(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(arguments).stdin(Stdio::null()).output();
    let output = output.expect("ffmpeg is needed by these tests: scripts/setup.sh installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Four seconds of H.264 at 25 frames a second from 10:00:00:00, with sound; a group of pictures a second. Eight cells,
/// black or white, are the number.
pub(crate) fn film(made: &Path) {
    let cell = |bit: u32| {
        let (x, of) = (bit * 40, 1 << bit);
        format!("drawbox=x={x}:w=40:h=40:c=white:t=fill:enable='mod(floor(n/{of}),2)'")
    };
    let cells: Vec<_> = (0..8).map(cell).collect();
    let picture =
        format!("testsrc2=size=320x180:rate=25:duration=4,drawbox=w=320:h=40:c=black:t=fill,{}", cells.join(","));
    let sound = "sine=frequency=440:sample_rate=48000:duration=4";
    let coding = ["-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-bf", "2", "-x264-params", "open-gop=0"];
    let more = ["-pix_fmt", "yuv420p", "-c:a", "aac", "-timecode", "10:00:00:00", made.to_str().expect("UTF-8")];
    ffmpeg(&[&["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", sound], &coding[..], &more].concat());
}

/// The numbers shown.
pub(crate) fn numbers(film: &Path) -> Vec<u32> {
    let shown =
        ["-map", "0:v:0", "-fps_mode", "passthrough", "-vf", "crop=320:40:0:0,scale=8:1:flags=area,format=gray"];
    let film = film.to_str().expect("UTF-8");
    let cells = ffmpeg(&[&["-i", film], &shown[..], &["-f", "rawvideo", "-"]].concat());
    let number = |row: &[u8; 8]| row.iter().zip(0..).map(|(cell, bit)| u32::from(*cell > 128) << bit).sum();
    cells.as_chunks().0.iter().map(number).collect()
}
