//! How loud a film is from moment to moment, to be drawn under it.

use super::{
    ffmpeg,
    made::{Failed, Made},
    probe::Footage,
};
use serde_json::json;
use std::{ffi::OsString, fs, path::Path};

/// Samples a second that one listens to: loudness needs no more.
const RATE: u32 = 8000;
/// Columns of the drawing.
const COLUMNS: f64 = 1800.0;

/// The lowest and the highest sample of each column, as the JSON that `audiowaveform` writes and players of several
/// makers read (version 2, 8 bits, one channel).
///
/// # Errors
/// The sound cannot be decoded.
pub(crate) async fn waveform(
    footage: &Footage,
    source: &Path,
    folder: &Path,
    threads: usize,
    told: &(dyn Fn(f64) + Send + Sync),
) -> Result<Vec<Made>, Failed> {
    let expected = footage.details.seconds * f64::from(RATE);
    let column = ((expected / COLUMNS).ceil() as usize).max(1);
    let mut arguments: Vec<OsString> = ["-v", "error", "-nostdin", "-threads"].map(OsString::from).to_vec();
    arguments.extend([threads.to_string().into(), "-i".into(), ffmpeg::path(source)]);
    let rate = RATE.to_string();
    arguments
        .extend(["-map", "0:a:0", "-ac", "1", "-ar", &rate, "-f", "s8", "-c:a", "pcm_s8", "-"].map(OsString::from));
    let (mut data, mut within, mut low, mut high, mut heard) = (Vec::<i8>::new(), 0, 0_i8, 0_i8, 0_u64);
    ffmpeg::hear("ffmpeg", arguments, |piece| {
        for sample in piece {
            let sample = sample.cast_signed();
            (low, high) = if within == 0 { (sample, sample) } else { (low.min(sample), high.max(sample)) };
            within += 1;
            if within == column {
                data.extend([low, high]);
                within = 0;
            }
        }
        heard += piece.len() as u64;
        told((heard as f64 / expected).min(1.0));
    })
    .await?;
    if within > 0 {
        data.extend([low, high]);
    }
    let about = json!({
        "version": 2,
        "channels": 1,
        "sample_rate": RATE,
        "samples_per_pixel": column,
        "bits": 8,
        "length": data.len() / 2,
    });
    let mut drawn = about.clone();
    drawn["data"] = data.into();
    let file = folder.join("waveform.json");
    fs::write(&file, drawn.to_string())?;
    Ok(vec![Made::file("waveform", file, "application/json", &about)])
}
