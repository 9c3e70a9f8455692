//! What goes with a film that is taken away, whole or in part: a sidecar that tells where it comes from and what may be
//! done with it, captions and shotlist timed anew from its first frame on, and an edit decision list.

use super::{
    captions::{self, Cue},
    metadata::{Localised, Mark, Metadata, Restriction, Restricts},
    vault::{Vault, VaultError},
};
use crate::{
    clock,
    library::film,
    store::media::{Video, VideoFile},
};
use ::plan::Lang;
use app::{Site, media::timing::Timing, routes::To};
use clip::{
    Clip, Frames, Index, Timecode, TimecodeFormat,
    edl::{self, Take},
};
use serde_json::{Value, json};

/// A rendition of a video, or a part of one.
#[derive(Clone)]
pub(crate) struct Taking<'a> {
    pub(crate) site: &'a Site,
    pub(crate) row: &'a Video,
    pub(crate) metadata: &'a Metadata,
    pub(crate) file: &'a VideoFile,
    /// How the original's frames are counted, which are those of every rendition.
    pub(crate) timing: Timing,
    /// Of the rendition, where it has one.
    pub(crate) index: Option<&'a Index>,
    /// Which part; none for the whole.
    pub(crate) frames: Option<Frames>,
}

/// A row of the shotlist as far as it is in what is taken.
pub(crate) struct ShotOf<'a> {
    /// Counted from the first frame taken.
    pub(crate) frames: Frames,
    pub(crate) fr: &'a str,
    pub(crate) en: &'a str,
}

/// How it is made, which its receipt tells.
pub(crate) enum How<'a> {
    /// It is the file as it is stored.
    Whole,
    /// By the index.
    Cut(&'a Clip),
    /// By encoding, with the receipt that was written then.
    Made(Value),
}

/// What is to be known of the bytes themselves.
pub(crate) struct Bytes {
    /// How many.
    pub(crate) count: u64,
    /// Their SHA-256, in hexadecimal digits; none where it is not known.
    pub(crate) sha256: Option<String>,
    /// Where they are had.
    pub(crate) address: String,
    /// What the file is called.
    pub(crate) name: String,
}

/// Why there are no captions.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoCaptions {
    /// Of the part, nothing is said; or not in that language.
    #[error("there are none")]
    None,
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("they cannot be read: {0}")]
    Bad(#[from] captions::BadCaptions),
}

impl Taking<'_> {
    fn all(&self) -> Frames {
        self.index.map_or(0..self.timing.frames, |index| index.frames())
    }

    /// The frames that are taken.
    pub(crate) fn taken(&self) -> Frames {
        self.frames.clone().unwrap_or_else(|| self.all())
    }

    /// When a frame comes, in milliseconds from the film's beginning.
    fn ms(&self, frame: u32) -> u64 {
        match self.index {
            // Never negative; `as` saturates.
            Some(index) => (index.seconds(frame) * 1000.0).round() as u64,
            None => self.timing.milliseconds(frame),
        }
    }

    /// Its timecode, as the film itself counts.
    pub(crate) fn timecode(&self, frame: u32) -> Option<Timecode> {
        self.index.map_or_else(
            || {
                let nominal = u32::try_from(self.timing.nominal()).ok()?;
                let format = TimecodeFormat::new(nominal, self.timing.drop_frame)?;
                Some(Timecode::from_frames(self.timing.start + u64::from(frame), format))
            },
            |index| index.timecode(frame),
        )
    }

    /// A frame as people write it: its timecode, else its number.
    pub(crate) fn point(&self, frame: u32) -> String {
        self.timecode(frame).map_or_else(|| format!("f{frame}"), |timecode| timecode.to_string())
    }

    /// Between two marks that editors have set.
    fn between(&self, from: Option<&Mark>, to: Option<&Mark>) -> Frames {
        let Some(index) = self.index else { return film::range(&self.timing, from, to) };
        let frame = |mark: Option<&Mark>, none: u32| match mark {
            None => Some(none),
            Some(mark) => index.frame(mark.point()?).ok(),
        };
        let all = self.all();
        frame(from, all.start).zip(frame(to, all.end)).map_or(all, |(from, to)| from..to)
    }

    /// Of a range of the film what is taken, counted from the first frame taken; none of what lies outside.
    fn within(&self, frames: &Frames) -> Option<Frames> {
        let taken = self.taken();
        let (start, end) = (frames.start.max(taken.start), frames.end.min(taken.end));
        (start < end).then(|| start - taken.start..end - taken.start)
    }

    /// The shotlist.
    pub(crate) fn shots(&self) -> Vec<ShotOf<'_>> {
        let shots = self.metadata.shotlist.iter();
        let within = shots.filter_map(|shot| {
            let frames = self.within(&self.between(Some(&shot.from), Some(&shot.to)))?;
            Some(ShotOf { frames, fr: shot.fr.as_str(), en: shot.en.as_str() })
        });
        within.collect()
    }

    /// Seconds from the first frame taken on.
    fn seconds(&self, frame: u32) -> f64 {
        let first = self.taken().start;
        (self.ms(first + frame) - self.ms(first)) as f64 / 1000.0
    }

    /// The shotlist as a table (RFC 4180): seconds and frames of what is taken, timecode of the film, which is that of
    /// the part too.
    pub(crate) fn csv(&self) -> String {
        let mut table = String::from("in,out,first_frame,end_frame,timecode_in,timecode_out,fr,en\r\n");
        let first = self.taken().start;
        for ShotOf { frames, fr, en } in self.shots() {
            let seconds = |frame| format!("{:.3}", self.seconds(frame));
            let cells = [
                seconds(frames.start),
                seconds(frames.end),
                frames.start.to_string(),
                frames.end.to_string(),
                self.point(first + frames.start),
                self.point(first + frames.end),
                fr.to_owned(),
                en.to_owned(),
            ];
            table += &cells.map(|cell| quoted(&cell)).join(",");
            table += "\r\n";
        }
        table
    }

    /// What of it stands in a list; none of sound alone, which has no frames to count.
    pub(crate) fn take<'a>(&'a self, clip_name: &'a str) -> Option<Take<'a>> {
        let taken = self.taken();
        let sound = !self.file.details["sound"].is_null();
        let frames = taken.end - taken.start;
        Some(Take { reel: &self.row.number, clip_name, sound, from: self.timecode(taken.start)?, frames })
    }

    /// A list of it alone.
    pub(crate) fn edl(&self, clip_name: &str) -> Option<String> {
        let take = self.take(clip_name)?;
        Some(edl::write(self.metadata.title.of(Lang::Fr), take.from.format(), &[take]))
    }

    /// The captions in a language, or the first there are.
    pub(crate) async fn captions(
        &self,
        vault: &Vault,
        files: &[VideoFile],
        lang: Option<&str>,
    ) -> Result<(String, Vec<Cue>), NoCaptions> {
        let mut kept = languages(files);
        let lang = kept.find(|of| lang.is_none_or(|lang| of.eq_ignore_ascii_case(lang))).ok_or(NoCaptions::None)?;
        let role = format!("captions-{lang}");
        let file = files.iter().find(|file| file.role == role).ok_or(NoCaptions::None)?;
        let bytes = vault.bytes(&file.sha256, captions::LARGEST as u64).await?;
        // What was kept was held against the film's length then.
        let cues = captions::read(&bytes, f64::MAX)?;
        let taken = self.taken();
        let cues = match &self.frames {
            Some(_) => captions::cut(&cues, self.ms(taken.start), self.ms(taken.end)),
            None => cues,
        };
        Ok((lang.to_owned(), cues))
    }

    /// The page on which it is seen, with the marks.
    fn page(&self, lang: Lang) -> String {
        let page = format!("{}{}", self.site.public_url, To::Video(self.row.number.clone()).href(lang));
        match &self.frames {
            Some(Frames { start, end }) => format!("{page}?in=f{start}&out=f{end}"),
            None => page,
        }
    }

    /// The sidecar: JSON-LD, in the terms of schema.org, with the receipt and the restrictions as they are.
    pub(crate) fn sidecar(&self, lang: Lang, how: &How<'_>, bytes: &Bytes) -> Value {
        let (metadata, taken, site) = (self.metadata, self.taken(), self.site);
        let text = |localised: &Localised| localised.of(lang).to_owned();
        let offset = |frame| self.ms(frame) as f64 / 1000.0;
        let video = To::Video(self.row.number.clone()).href(lang);
        let shots = self.shots();
        let shots = shots.iter().map(|shot| {
            let seconds = |frame| self.seconds(frame);
            json!({
                "@type": "Clip",
                "name": if lang == Lang::Fr { shot.fr } else { shot.en },
                "startOffset": seconds(shot.frames.start),
                "endOffset": seconds(shot.frames.end),
            })
        });
        let mut data = json!({
            "@context": {
                "@vocab": "https://schema.org/",
                "receipt": { "@id": format!("{}/#receipt", site.public_url), "@type": "@json" },
                "restrictions": { "@id": format!("{}/#restrictions", site.public_url), "@type": "@json" },
            },
            "@type": if self.frames.is_some() { json!(["VideoObject", "Clip"]) } else { json!("VideoObject") },
            "@id": self.page(lang),
            "url": self.page(lang),
            "identifier": self.row.number,
            "name": text(&metadata.title),
            "inLanguage": metadata.language.as_ref().map_or(lang.tag(), |language| language.as_str()),
            "duration": format!("PT{:.3}S", self.seconds(taken.end - taken.start)),
            "publisher": { "@type": "Organization", "name": site.organisation.of(lang) },
            "contentUrl": bytes.address,
            "encodingFormat": self.file.media_type,
            "contentSize": bytes.count.to_string(),
            "alternateName": bytes.name,
            "license": format!("{}{}", site.public_url, To::Legal.href(lang)),
            "hasPart": shots.collect::<Vec<_>>(),
            "restrictions": metadata.restrictions.iter().filter_map(|one| self.restriction(one)).collect::<Vec<_>>(),
            "receipt": self.receipt(how, bytes.count),
        });
        let mut say = |name: &str, value: Value| data[name] = value;
        if self.frames.is_some() {
            say("startOffset", json!(offset(taken.start)));
            say("endOffset", json!(offset(taken.end)));
            say(
                "isPartOf",
                json!({
                    "@type": "VideoObject",
                    "@id": format!("{}{video}", site.public_url),
                    "identifier": self.row.number,
                    "name": text(&metadata.title),
                }),
            );
        }
        if let Some(sha256) = &bytes.sha256 {
            say("sha256", json!(sha256));
        }
        if let Some(storyline) = &metadata.storyline {
            say("description", json!(text(storyline)));
        }
        if let Some(published) = self.row.published_at {
            say("uploadDate", json!(clock::to_the_minute(published)));
        }
        if let Some(created) = metadata.dates.created.as_ref().or(metadata.dates.event.as_ref()) {
            say("dateCreated", json!(created.as_str()));
        }
        if let Some(credit) = &metadata.credit {
            say("creditText", json!(credit.as_str()));
        }
        if let Some(rights) = &metadata.rights {
            say("copyrightNotice", json!(text(rights)));
        }
        if let Some(place) = &metadata.place {
            let name = if lang == Lang::Fr { place.fr.as_str() } else { place.en.as_str() };
            let country =
                place.country.as_ref().map(|code| json!({ "@type": "PostalAddress", "addressCountry": code.as_str() }));
            say("contentLocation", json!({ "@type": "Place", "name": name, "address": country }));
        }
        let persons = metadata.persons.iter().map(|name| json!({ "@type": "Person", "name": name.as_str() }));
        if !metadata.persons.is_empty() {
            say("about", persons.collect());
        }
        let keywords = if lang == Lang::Fr { &metadata.keywords.fr } else { &metadata.keywords.en };
        if !keywords.is_empty() {
            say("keywords", keywords.iter().map(|word| json!(word.as_str())).collect());
        }
        data
    }

    /// A restriction, where it touches what is taken; its range counted from the first frame taken.
    fn restriction(&self, one: &Restriction) -> Option<Value> {
        let frames = self.within(&self.between(one.from.as_ref(), one.to.as_ref()))?;
        Some(json!({
            "kind": if one.kind == Restricts::Block { "block" } else { "warn" },
            "first_frame": frames.start,
            "end_frame": frames.end,
            "fr": one.fr.as_str(),
            "en": one.en.as_str(),
        }))
    }

    /// What it was made of, and which of its frames are the source's own.
    fn receipt(&self, how: &How<'_>, bytes: u64) -> Value {
        let (taken, source) = (self.taken(), self.file.sha256.to_string());
        let mut receipt = match (how, self.index) {
            (How::Made(receipt), _) => receipt.clone(),
            (How::Cut(clip), Some(index)) => json!(index.receipt(&source, &[taken], clip)),
            (_, index) => {
                let ranges = index.map_or_else(
                    || {
                        json!({
                            "first": taken.start,
                            "end": taken.end,
                            "in": self.point(taken.start),
                            "out": self.point(taken.end),
                            "seconds_in": 0.0,
                            "seconds_out": self.seconds(taken.end - taken.start),
                        })
                    },
                    |index| json!(index.describe(&taken)),
                );
                json!({
                    "source": source,
                    "source_bytes": self.file.bytes,
                    "rate": self.file.details["rate"],
                    "source_has_timecode": !self.file.details["timecode"].is_null(),
                    "ranges": [ranges],
                    "route": "whole",
                    "why": "it is the file as it is stored",
                    "hidden": [0, 0],
                    "stretches": [{ "first": 0, "end": taken.end - taken.start, "bit_identical": true }],
                    "bytes": bytes,
                })
            }
        };
        receipt["rendition"] = json!(self.file.role);
        receipt["original"] = json!(self.row.sha256);
        receipt["start_timecode"] = json!(self.timecode(self.all().start).map(|timecode| timecode.to_string()));
        receipt["drop_frame"] = json!(self.timecode(0).is_some_and(|timecode| timecode.format().drop_frame()));
        receipt
    }
}

/// The languages there are captions in (BCP 47).
pub(crate) fn languages(files: &[VideoFile]) -> impl Iterator<Item = &str> {
    files.iter().filter_map(|file| file.role.strip_prefix("captions-"))
}

/// A cell of a table.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
