//! What lists show of a video, what it is sorted out by, and the words it is found by: made anew whenever the video
//! changes, and kept in the store.

use super::film::{self, Film};
use crate::{
    clock,
    media::metadata::{Localised, Metadata, Restricts as Kind},
    store::{
        library::Texts,
        media::{Video, VideoFile},
    },
};
use ::plan::{
    Lang,
    search::{Term, fold, terms},
};
use app::media::contract::{Board, Card, Facet, Length, Picture, Resolution, Restricts};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write as _};

/// A word in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Named {
    pub(super) fr: String,
    pub(super) en: String,
}

impl Named {
    fn of(text: &Localised) -> Self {
        Self { fr: text.of(Lang::Fr).to_owned(), en: text.of(Lang::En).to_owned() }
    }

    pub(super) fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// A video in lists, as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) number: String,
    pub(super) title: Named,
    /// Sides of its picture for lists.
    pub(super) still: Option<(u32, u32)>,
    /// Columns and tiles of its storyboard.
    pub(super) board: Option<(u32, u32)>,
    /// In milliseconds.
    pub(super) length: u64,
    /// As it is shown (EDTF level 0).
    pub(super) date: String,
    pub(super) place: Option<Named>,
    pub(super) size: (u32, u32),
    pub(super) blocks: bool,
    pub(super) warns: bool,
    pub(super) topics: Vec<Named>,
    pub(super) language: Option<String>,
    /// Places of the plan.
    pub(super) related: Vec<String>,
    pub(super) published_at: i64,
    pub(super) embargo_until: Option<i64>,
}

/// The name under which a word stands in addresses: `Bourg-Léopold` is `bourg-leopold`.
pub(super) fn id_of(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// The first and the last day of a date that may be a month or a year.
pub(super) fn days(edtf: &str) -> (String, String) {
    match edtf.len() {
        4 => (format!("{edtf}-01-01"), format!("{edtf}-12-31")),
        7 => (format!("{edtf}-01"), format!("{edtf}-31")),
        _ => (edtf.to_owned(), edtf.to_owned()),
    }
}

impl Entry {
    /// Of a video with its files.
    pub(super) fn of(video: &Video, metadata: &Metadata, files: &[VideoFile]) -> Option<Self> {
        let film = Film::of(files)?;
        let picture = files.iter().find(|file| file.role == "thumbnail");
        let picture = picture.and_then(|file| film::sides(&file.details));
        let board = files.iter().find(|file| file.role == "storyboard");
        let board =
            board.and_then(|file| film::number(&file.details, "columns").zip(film::number(&file.details, "tiles")));
        let date = metadata.dates.event.as_ref().or(metadata.dates.created.as_ref());
        let date = date.map_or_else(|| clock::date(video.published_at.unwrap_or_default()), ToString::to_string);
        let kind = |kind| metadata.restrictions.iter().any(|restriction| restriction.kind == kind);
        Some(Self {
            number: video.number.clone(),
            title: Named::of(&metadata.title),
            still: picture,
            board,
            length: film.timing.milliseconds(film.timing.frames),
            date,
            place: metadata.place.as_ref().map(|place| Named { fr: place.fr.to_string(), en: place.en.to_string() }),
            size: film.size,
            blocks: kind(Kind::Block),
            warns: kind(Kind::Warn),
            topics: metadata.topics.iter().map(Named::of).collect(),
            language: metadata.language.as_ref().map(ToString::to_string),
            related: metadata.related.iter().map(ToString::to_string).collect(),
            published_at: video.published_at.unwrap_or_default(),
            embargo_until: video.embargo_until,
        })
    }

    pub(super) fn restricts(&self) -> Restricts {
        match (self.blocks, self.warns) {
            (true, _) => Restricts::Block,
            (_, true) => Restricts::Warn,
            _ => Restricts::Free,
        }
    }

    /// Its values of each facet, each with its name where the page does not know it.
    pub(super) fn values(&self) -> Vec<(Facet, String, Option<&Named>)> {
        let mut values = Vec::new();
        for topic in &self.topics {
            values.push((Facet::Topic, id_of(&topic.fr), Some(topic)));
        }
        if let Some(place) = &self.place {
            values.push((Facet::Place, id_of(&place.fr), Some(place)));
        }
        for slug in &self.related {
            // Of a paragraph, the measure it stands in.
            let measure = slug.split('.').next().unwrap_or_default().to_owned();
            if !values.iter().any(|(facet, id, _)| *facet == Facet::Measure && *id == measure) {
                values.push((Facet::Measure, measure, None));
            }
        }
        values.push((Facet::Duration, Length::of(self.length).id().to_owned(), None));
        values.push((Facet::Resolution, Resolution::of(self.size.0, self.size.1).id().to_owned(), None));
        if let Some(language) = &self.language {
            values.push((Facet::Language, language.clone(), None));
        }
        values.push((Facet::Restriction, self.restricts().id().to_owned(), None));
        values
    }

    /// As a list shows it.
    pub(super) fn card(&self, lang: Lang) -> Card {
        let path = |name: &str| film::path(&self.number, name);
        Card {
            number: self.number.clone(),
            title: self.title.get(lang).to_owned(),
            still: self.still.map(|(width, height)| Picture { path: path("thumbnail.webp"), width, height }),
            board: self.board.map(|(columns, tiles)| Board {
                path: path("storyboard.webp"),
                track: path("storyboard.vtt"),
                columns,
                tiles,
            }),
            length: self.length,
            date: Some(self.date.clone()),
            place: self.place.as_ref().map(|place| place.get(lang).to_owned()),
            resolution: Resolution::of(self.size.0, self.size.1),
            restricts: self.restricts(),
            shot: None,
        }
    }
}

/// The words a video is found by.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) texts: Texts,
    /// Each word as it is compared, with how it was first written.
    pub(super) words: BTreeMap<String, String>,
}

impl Found {
    /// Of what editors say of it and of its captions, each with its language.
    pub(super) fn of(number: &str, metadata: &Metadata, captions: &[(Lang, String)]) -> Self {
        let mut found = Self::default();
        let mut texts = Texts::default();
        for lang in Lang::ALL {
            found.add(&mut texts.title, lang, metadata.title.of(lang));
            for shot in &metadata.shotlist {
                found.add(&mut texts.shots, lang, if lang == Lang::Fr { shot.fr.as_str() } else { shot.en.as_str() });
            }
            if let Some(storyline) = &metadata.storyline {
                found.add(&mut texts.story, lang, storyline.of(lang));
            }
            if let Some(place) = &metadata.place {
                found.add(&mut texts.story, lang, if lang == Lang::Fr { place.fr.as_str() } else { place.en.as_str() });
            }
            for topic in &metadata.topics {
                found.add(&mut texts.story, lang, topic.of(lang));
            }
            let keywords = if lang == Lang::Fr { &metadata.keywords.fr } else { &metadata.keywords.en };
            for word in keywords {
                found.add(&mut texts.story, lang, word.as_str());
            }
        }
        found.add(&mut texts.title, Lang::Fr, number);
        for text in metadata.persons.iter().chain(&metadata.credit) {
            found.add(&mut texts.other, Lang::Fr, text.as_str());
        }
        for (lang, text) in captions {
            found.add(&mut texts.other, *lang, text);
        }
        found.texts = texts;
        found
    }

    fn add(&mut self, to: &mut String, lang: Lang, text: &str) {
        for term in terms(lang, text) {
            for form in forms(&term) {
                // Writing into memory does not fail.
                let _ = write!(to, "{form} ");
            }
            let Term { written, folded, common, .. } = term;
            if !common && folded.len() > 2 && folded.len() <= LONGEST {
                self.words.entry(folded).or_insert_with(|| written.to_lowercase());
            }
        }
    }
}

/// Letters of a word that is known; what is longer is none.
const LONGEST: usize = 60;

/// A word and its stems, each once.
pub(super) fn forms(term: &Term) -> impl Iterator<Item = &str> {
    let stems = term.stems.iter().filter(|stem| **stem != term.folded);
    std::iter::once(&term.folded).chain(stems).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses() {
        for (name, id) in
            [("Bourg-Léopold", "bourg-leopold"), ("Normes & munitions", "normes-munitions"), ("Київ", "київ")]
        {
            assert_eq!(id_of(name), id);
        }
    }

    #[test]
    fn a_month_has_all_its_days() {
        assert_eq!(days("2026-11"), ("2026-11-01".to_owned(), "2026-11-31".to_owned()));
        assert_eq!(days("2026"), ("2026-01-01".to_owned(), "2026-12-31".to_owned()));
    }
}
