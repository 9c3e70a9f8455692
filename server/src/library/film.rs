//! One video, as its page shows it.

use super::card::id_of;
use crate::{
    clock,
    media::{
        metadata::{Localised, Mark, Metadata, Restricts},
        probe::Details,
        vault::Vault,
    },
    store::media::{Video as Row, VideoFile},
};
use ::plan::{Lang, gloss::Both};
use app::media::{
    contract::{Board, Captions, Picture, Place, Proxy, Rendition, Restriction, Shot, Video},
    timing::Timing,
};
use clip::{Rate, Timecode, TimecodeFormat};
use serde::Deserialize;
use serde_json::Value;
use std::ops::Range;

/// Columns of the drawing of the sound.
const COLUMNS: usize = 300;
/// Bytes of a waveform.
const WAVEFORM: u64 = 1 << 20;

/// Where a file of a video lies that everybody may see.
pub(crate) fn path(number: &str, name: &str) -> String {
    format!("/media/{number}/{name}")
}

/// A number among the details of a file.
pub(crate) fn number(details: &Value, name: &str) -> Option<u32> {
    details[name].as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
}

/// The sides of a picture.
pub(super) fn sides(details: &Value) -> Option<(u32, u32)> {
    number(details, "width").zip(number(details, "height"))
}

/// What is known of the original.
pub(crate) struct Film {
    pub(crate) timing: Timing,
    pub(crate) size: (u32, u32),
}

impl Film {
    /// Of a video's files; none where the original is not among them.
    pub(crate) fn of(files: &[VideoFile]) -> Option<Self> {
        Self::of_original(&files.iter().find(|file| file.role == "original")?.details)
    }

    /// Of what is known of the original.
    pub(crate) fn of_original(details: &Value) -> Option<Self> {
        let details = Details::deserialize(details).ok()?;
        Some(Self { timing: timing(&details)?, size: (details.width, details.height) })
    }
}

/// How the frames of a film are counted. One without a steady rate is counted by its mean.
fn timing(details: &Details) -> Option<Timing> {
    let frames = u32::try_from(details.frames).ok().filter(|frames| *frames > 0)?;
    let (rate, seconds) = match details.rate.as_deref().and_then(fraction) {
        Some(rate) => (rate.frames(), rate.seconds()),
        None => {
            let milliseconds = (details.seconds * 1000.0).round().max(1.0) as u64;
            let rate = Rate::new(frames.saturating_mul(1000), u32::try_from(milliseconds).ok()?)?;
            (rate.frames(), rate.seconds())
        }
    };
    let counted = details.timecode.as_deref().and_then(|text| {
        let format = TimecodeFormat::new(Rate::new(rate, seconds)?.nominal(), text.contains(';'))?;
        Timecode::parse(text, format).ok()
    });
    let drop_frame = counted.is_some_and(|timecode| timecode.format().drop_frame());
    Some(Timing { rate, seconds, drop_frame, start: counted.map_or(0, Timecode::frames), frames })
}

/// `25`, `30000/1001`
fn fraction(text: &str) -> Option<Rate> {
    let (frames, seconds) = text.split_once('/').unwrap_or((text, "1"));
    Rate::new(frames.parse().ok()?, seconds.parse().ok()?)
}

fn both(text: &Localised) -> Both<String> {
    Both { fr: text.of(Lang::Fr).to_owned(), en: text.of(Lang::En).to_owned() }
}

/// The frames from one mark to another; without them, from the beginning or to the end.
pub(crate) fn range(timing: &Timing, from: Option<&Mark>, to: Option<&Mark>) -> Range<u32> {
    let frame = |mark: Option<&Mark>, none: u32| mark.map_or(Some(none), |mark| timing.frame(mark.as_str()));
    // What was checked when it was written; of a mark that means nothing any more, the whole is safe.
    frame(from, 0).unwrap_or(0)..frame(to, timing.frames).unwrap_or(timing.frames)
}

/// The ranges that are not handed out.
pub(crate) fn blocked(timing: &Timing, metadata: &Metadata) -> Vec<Range<u32>> {
    let blocks = metadata.restrictions.iter().filter(|restriction| restriction.kind == Restricts::Block);
    blocks.map(|restriction| range(timing, restriction.from.as_ref(), restriction.to.as_ref())).collect()
}

/// All that a page shows of a video; none where its original is missing.
pub(super) async fn whole(vault: &Vault, row: &Row, metadata: &Metadata, files: &[VideoFile]) -> Option<Video> {
    let Film { timing, size } = Film::of(files)?;
    let file = |role: &str| files.iter().find(|file| file.role == role);
    let picture = |role: &str, name: &str| {
        let (width, height) = sides(&file(role)?.details)?;
        Some(Picture { path: path(&row.number, name), width, height })
    };
    let board = file("storyboard").and_then(|file| {
        let (columns, tiles) = number(&file.details, "columns").zip(number(&file.details, "tiles"))?;
        let path = |name| path(&row.number, name);
        Some(Board { path: path("storyboard.webp"), track: path("storyboard.vtt"), columns, tiles })
    });
    let waveform = match file("waveform") {
        Some(file) => vault.bytes(&file.sha256, WAVEFORM).await.ok().and_then(|json| peaks(&json)),
        None => None,
    };
    let shots = metadata.shotlist.iter().map(|shot| Shot {
        frames: range(&timing, Some(&shot.from), Some(&shot.to)),
        text: Both { fr: shot.fr.to_string(), en: shot.en.to_string() },
    });
    let restrictions = metadata.restrictions.iter().map(|one| Restriction {
        blocks: one.kind == Restricts::Block,
        frames: (one.from.is_some() || one.to.is_some()).then(|| range(&timing, one.from.as_ref(), one.to.as_ref())),
        text: Both { fr: one.fr.to_string(), en: one.en.to_string() },
    });
    let captions = files.iter().filter_map(|file| {
        let lang = file.role.strip_prefix("captions-")?.to_owned();
        Some(Captions { path: path(&row.number, &format!("captions.{lang}.vtt")), lang })
    });
    let strings = |words: &[crate::media::metadata::Line]| words.iter().map(ToString::to_string).collect();
    Some(Video {
        number: row.number.clone(),
        title: both(&metadata.title),
        storyline: metadata.storyline.as_ref().map_or_else(|| Both { fr: String::new(), en: String::new() }, both),
        timing,
        size,
        shots: shots.collect(),
        place: metadata.place.as_ref().map(|place| Place {
            id: id_of(place.fr.as_str()),
            name: Both { fr: place.fr.to_string(), en: place.en.to_string() },
            country: place.country.as_ref().map(ToString::to_string),
        }),
        event: metadata.dates.event.as_ref().map(ToString::to_string),
        created: metadata.dates.created.as_ref().map(ToString::to_string),
        published: clock::to_the_minute(row.published_at.unwrap_or_default()),
        persons: strings(&metadata.persons),
        keywords: Both { fr: strings(&metadata.keywords.fr), en: strings(&metadata.keywords.en) },
        topics: metadata.topics.iter().map(|topic| (id_of(topic.of(Lang::Fr)), both(topic))).collect(),
        language: metadata.language.as_ref().map(ToString::to_string),
        credit: metadata.credit.as_ref().map(ToString::to_string),
        rights: metadata.rights.as_ref().map(both),
        restrictions: restrictions.collect(),
        related: metadata.related.iter().map(ToString::to_string).collect(),
        renditions: renditions(files),
        proxy: playable(files)
            .map(|file| Proxy { path: path(&row.number, "proxy.mp4"), media_type: file.media_type.clone() }),
        still: picture("still", "still.jpg"),
        board,
        waveform: waveform.unwrap_or_default(),
        captions: captions.collect(),
    })
}

/// The file a page plays.
fn playable(files: &[VideoFile]) -> Option<&VideoFile> {
    files.iter().find(|file| file.role == "proxy")
}

/// The files that are taken away: the original, then the others, the finest first.
fn renditions(files: &[VideoFile]) -> Vec<Rendition> {
    let films = files.iter().filter(|file| file.role == "original" || is_rendition(&file.role));
    let mut films: Vec<_> = films.collect();
    films.sort_by_key(|file| (file.role != "original", std::cmp::Reverse(number(&file.details, "height"))));
    let offered = films.into_iter().map(|file| {
        let details = Details::deserialize(&file.details).unwrap_or_default();
        Rendition {
            id: file.role.clone(),
            bytes: file.bytes,
            media_type: file.media_type.clone(),
            size: sides(&file.details),
            video: codec(&details.codec),
            audio: details.sound.map(|sound| codec(&sound.codec)).unwrap_or_default(),
            sha256: file.sha256.to_string(),
            cuts: file.index.is_some(),
        }
    });
    offered.collect()
}

/// `1080p`, `360p`: named by lines.
pub(super) fn is_rendition(role: &str) -> bool {
    role.strip_suffix('p').is_some_and(|lines| !lines.is_empty() && lines.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A codec as people name it.
fn codec(name: &str) -> String {
    match name {
        "h264" => "H.264",
        "hevc" => "HEVC",
        "prores" => "ProRes",
        "dnxhd" => "DNxHD",
        "mpeg2video" => "MPEG-2",
        "mpeg4" => "MPEG-4",
        "av1" => "AV1",
        "aac" => "AAC",
        "mp3" => "MP3",
        "opus" => "Opus",
        "ac3" => "AC-3",
        pcm if pcm.starts_with("pcm_") => "PCM",
        other => return other.to_uppercase(),
    }
    .to_owned()
}

/// The waveform's columns, fewer, each by its loudest sample, from 0 to 100.
fn peaks(json: &[u8]) -> Option<Vec<u8>> {
    #[derive(Deserialize)]
    struct Waveform {
        data: Vec<i8>,
    }
    let Waveform { data } = serde_json::from_slice(json).ok()?;
    let pairs: Vec<u8> = data.chunks(2).map(|pair| pair.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0)).collect();
    let each = pairs.len().div_ceil(COLUMNS).max(1);
    let loudest = |columns: &[u8]| {
        let most = columns.iter().copied().max().unwrap_or(0);
        u8::try_from(u32::from(most) * 100 / 128).unwrap_or(100)
    };
    Some(pairs.chunks(each).map(loudest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_counted_as_the_original_says() {
        let details = |rate: Option<&str>, timecode: Option<&str>| Details {
            rate: rate.map(str::to_owned),
            timecode: timecode.map(str::to_owned),
            frames: 250,
            seconds: 10.0,
            ..Details::default()
        };
        let counted = |details: &Details| timing(details).expect("a film").timecode(0);
        assert_eq!(counted(&details(Some("25"), Some("10:00:00:00"))), "10:00:00:00");
        assert_eq!(counted(&details(Some("30000/1001"), Some("00:59:58;02"))), "00:59:58;02");
        assert_eq!(counted(&details(Some("25"), None)), "00:00:00:00");
        let phone = timing(&details(None, None)).expect("a film");
        assert_eq!((phone.rate, phone.seconds), (25, 1), "its mean");
        assert!(timing(&Details::default()).is_none());
    }

    #[test]
    fn a_long_waveform_is_drawn_in_few_columns() {
        let data: Vec<String> =
            (0..3600).map(|nth| if nth % 2 == 0 { "-128".to_owned() } else { "3".to_owned() }).collect();
        let json = format!("{{\"version\":2,\"data\":[{}]}}", data.join(","));
        assert_eq!(peaks(json.as_bytes()).expect("peaks"), vec![100; COLUMNS]);
        assert_eq!(peaks(b"{\"data\":[-64,0]}").expect("peaks"), [50]);
        assert!(peaks(b"[]").is_none());
    }

    #[test]
    fn a_rendition_is_named_by_its_lines() {
        assert!(["1080p", "360p"].into_iter().all(is_rendition));
        assert!(!["proxy", "p", "still", "original"].into_iter().any(is_rendition));
    }
}
