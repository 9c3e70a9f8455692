//! The text as a value: document › section › measure › paragraph › sentence.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A language the product speaks. The first is the original's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// French, the original.
    Fr,
    /// English, the product's courtesy translation.
    En,
}

impl Lang {
    /// Every language, the original first.
    pub const ALL: [Lang; 2] = [Lang::Fr, Lang::En];

    /// BCP 47 tag, as in addresses and `lang` attributes.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Fr => "fr",
            Lang::En => "en",
        }
    }

    /// ISO 639-2/T code, as Akoma Ntoso's `FRBRlanguage` wants it.
    pub const fn alpha3(self) -> &'static str {
        match self {
            Lang::Fr => "fra",
            Lang::En => "eng",
        }
    }

    /// The one that is not this one.
    pub const fn other(self) -> Lang {
        match self {
            Lang::Fr => Lang::En,
            Lang::En => Lang::Fr,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The tag names no language of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such language: fr and en are there")]
pub struct UnknownLang;

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(tag: &str) -> Result<Self, UnknownLang> {
        Lang::ALL.into_iter().find(|lang| lang.tag() == tag || lang.alpha3() == tag).ok_or(UnknownLang)
    }
}

/// A stretch of text, to the letter, perhaps naming something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The words as they stand.
    pub text: String,
    /// The [`Entity::id`] that the words name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<String>,
    /// The words' own language where it differs from the document's (WCAG 3.1.2), BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A text with what it names; its plain form is [`Text::plain`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text {
    /// In order; joined without separator they are the text, byte for byte.
    pub runs: Vec<Run>,
}

impl Text {
    /// The words alone, byte for byte as in the source.
    pub fn plain(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

/// One sentence of a paragraph of prose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// `m4.2.s3`.
    pub slug: String,
    /// Without the space that follows.
    pub text: Text,
    /// What stands between this sentence and the next, as a rule one space; empty after the last.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gap: String,
}

/// One bullet of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// `p1.obj.2`.
    pub slug: String,
    /// Without the bullet.
    pub text: Text,
}

/// What a paragraph holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// Running sentences.
    Prose(Vec<Sentence>),
    /// A lead ("Objectifs de ce pilier :") and its bullets.
    List {
        /// The line before the bullets.
        lead: Text,
        /// The bullets.
        items: Vec<Item>,
    },
}

/// A numbered paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// The address people share: `m4.2`, `intro.1`, `p1.obj`.
    pub slug: String,
    /// Its place in the whole document, from 1: the alias `¶20`.
    pub number: u16,
    /// The number as printed in the source, `1.`; it restarts in every list.
    pub printed: String,
    /// Akoma Ntoso `eId`, `part_2__hcontainer_4__para_2`.
    pub eid: String,
    /// Its text.
    pub body: Body,
}

impl Paragraph {
    /// The paragraph's words; bullets and their lead follow each other on lines of their own.
    pub fn plain(&self) -> String {
        match &self.body {
            Body::Prose(sentences) => sentences.iter().map(|s| s.text.plain() + &s.gap).collect(),
            Body::List { lead, items } => std::iter::once(lead.plain())
                .chain(items.iter().map(|item| item.text.plain()))
                .collect::<Vec<_>>()
                .join("\n"),
        }
    }

    /// Its sentences; none for a list.
    pub fn sentences(&self) -> &[Sentence] {
        match &self.body {
            Body::Prose(sentences) => sentences,
            Body::List { .. } => &[],
        }
    }

    /// Its bullets; none for prose.
    pub fn items(&self) -> &[Item] {
        match &self.body {
            Body::Prose(_) => &[],
            Body::List { items, .. } => items,
        }
    }

    /// Every text in it, in order.
    pub fn texts(&self) -> Vec<&Text> {
        match &self.body {
            Body::Prose(sentences) => sentences.iter().map(|s| &s.text).collect(),
            Body::List { lead, items } => std::iter::once(lead).chain(items.iter().map(|i| &i.text)).collect(),
        }
    }
}

/// A measure within a pillar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// `m4`.
    pub slug: String,
    /// 4; measures run through the pillars.
    pub number: u16,
    /// `Mesure 4 : faire avancer les travaux…`, to the letter.
    pub heading: Text,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
}

/// What kind of division a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SectionKind {
    /// Paragraphs without objectives or measures: the introduction, the last section.
    Plain,
    /// A pillar, counted from 1: objectives, then measures.
    Pillar(u16),
}

/// A division of the first order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// `intro`, `p2`, `adopt`.
    pub slug: String,
    /// Pillar or not.
    pub kind: SectionKind,
    /// To the letter.
    pub heading: Text,
    /// Paragraphs before the first measure: the whole of a plain section, a pillar's objectives.
    pub paragraphs: Vec<Paragraph>,
    /// The measures; none in a plain section.
    pub measures: Vec<Measure>,
}

/// What an [`Entity`] is, after Akoma Ntoso's top-level classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// `TLCOrganization`.
    Organization,
    /// `TLCRole`.
    Role,
    /// `TLCEvent`.
    Event,
    /// `TLCConcept`.
    Concept,
    /// `TLCLocation`.
    Location,
}

/// Something the text names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// `dipb`.
    pub id: String,
    /// Its class.
    pub kind: EntityKind,
    /// Its name in the document's language.
    pub name: String,
}

/// The whole text in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its language.
    pub lang: Lang,
    /// The product's own wording: the source holds no title.
    pub title: String,
    /// The line above the first heading.
    pub preface: Text,
    /// The work's Akoma Ntoso IRI, the same in every language.
    pub work: String,
    /// The date the text was endorsed, ISO 8601.
    pub date: String,
    /// SHA-256 of the source text, lower-case hexadecimal.
    pub sha256: String,
    /// In order.
    pub sections: Vec<Section>,
    /// What the text names, by id.
    pub entities: Vec<Entity>,
    /// Groups of words a reader may use for one another; the search reads them.
    pub synonyms: Vec<Vec<String>>,
}

/// A spot in a document that has an address.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// A division of the first order.
    Section(&'a Section),
    /// A measure.
    Measure(&'a Section, &'a Measure),
    /// A paragraph, in its measure if it has one.
    Paragraph(&'a Section, Option<&'a Measure>, &'a Paragraph),
    /// A sentence (from 1) of a paragraph.
    Sentence(&'a Section, Option<&'a Measure>, &'a Paragraph, usize, &'a Sentence),
    /// A bullet (from 1) of a paragraph.
    Item(&'a Section, Option<&'a Measure>, &'a Paragraph, usize, &'a Item),
}

impl<'a> Place<'a> {
    /// The canonical slug.
    pub fn slug(&self) -> &'a str {
        match self {
            Place::Section(section) => &section.slug,
            Place::Measure(_, measure) => &measure.slug,
            Place::Paragraph(_, _, paragraph) => &paragraph.slug,
            Place::Sentence(.., sentence) => &sentence.slug,
            Place::Item(.., item) => &item.slug,
        }
    }

    /// The paragraph it is, lies in, or begins with.
    pub fn paragraph(&self) -> Option<&'a Paragraph> {
        match self {
            Place::Section(section) => {
                section.paragraphs.first().or_else(|| section.measures.first()?.paragraphs.first())
            }
            Place::Measure(_, measure) => measure.paragraphs.first(),
            Place::Paragraph(_, _, paragraph)
            | Place::Sentence(_, _, paragraph, ..)
            | Place::Item(_, _, paragraph, ..) => Some(paragraph),
        }
    }

    /// The words that stand there.
    pub fn plain(&self) -> String {
        match self {
            Place::Section(section) => section.heading.plain(),
            Place::Measure(_, measure) => measure.heading.plain(),
            Place::Paragraph(_, _, paragraph) => paragraph.plain(),
            Place::Sentence(.., sentence) => sentence.text.plain(),
            Place::Item(.., item) => item.text.plain(),
        }
    }

    /// The spot as people name it: "Mesure 4, § 2, phrase 3".
    pub fn label(&self, lang: Lang) -> String {
        let section_label = |section: &Section| match (section.kind, lang) {
            (SectionKind::Pillar(n), Lang::Fr) => format!("Pilier {n}"),
            (SectionKind::Pillar(n), Lang::En) => format!("Pillar {n}"),
            (SectionKind::Plain, _) => section.heading.plain(),
        };
        let measure_label = |measure: &Measure| {
            let heading = measure.heading.plain();
            let label = heading.split_once(':').map(|(label, _)| label.trim());
            // In the text's own words, `Mesure 4 : …`, where they hold the number.
            label.filter(|label| label.contains(|c: char| c.is_ascii_digit())).map_or_else(
                || match lang {
                    Lang::Fr => format!("Mesure {}", measure.number),
                    Lang::En => format!("Measure {}", measure.number),
                },
                str::to_owned,
            )
        };
        let paragraph_label = |section: &Section, measure: Option<&Measure>, paragraph: &Paragraph| {
            let of = measure.map_or_else(|| section_label(section), measure_label);
            match (&paragraph.body, lang) {
                (Body::List { .. }, Lang::Fr) => format!("{of}, objectifs"),
                (Body::List { .. }, Lang::En) => format!("{of}, objectives"),
                (Body::Prose(_), _) => {
                    format!("{of}, § {}", paragraph.slug.rsplit('.').next().unwrap_or_default())
                }
            }
        };
        match *self {
            Place::Section(section) => section_label(section),
            Place::Measure(_, measure) => measure_label(measure),
            Place::Paragraph(section, measure, paragraph) => paragraph_label(section, measure, paragraph),
            Place::Sentence(section, measure, paragraph, n, _) => {
                let of = paragraph_label(section, measure, paragraph);
                match lang {
                    Lang::Fr => format!("{of}, phrase {n}"),
                    Lang::En => format!("{of}, sentence {n}"),
                }
            }
            Place::Item(section, measure, paragraph, n, _) => {
                format!("{} {n}", paragraph_label(section, measure, paragraph).trim_end_matches('s'))
            }
        }
    }
}

impl Document {
    /// Every paragraph in order, with where it stands.
    pub fn paragraphs(&self) -> impl Iterator<Item = (&Section, Option<&Measure>, &Paragraph)> {
        self.sections.iter().flat_map(|section| {
            section.paragraphs.iter().map(move |paragraph| (section, None, paragraph)).chain(
                section
                    .measures
                    .iter()
                    .flat_map(move |measure| measure.paragraphs.iter().map(move |p| (section, Some(measure), p))),
            )
        })
    }

    /// Every spot that has an address, in reading order.
    pub fn places(&self) -> Vec<Place<'_>> {
        fn inner<'a>(
            out: &mut Vec<Place<'a>>,
            section: &'a Section,
            measure: Option<&'a Measure>,
            paragraphs: &'a [Paragraph],
        ) {
            for paragraph in paragraphs {
                out.push(Place::Paragraph(section, measure, paragraph));
                for (i, sentence) in paragraph.sentences().iter().enumerate() {
                    out.push(Place::Sentence(section, measure, paragraph, i + 1, sentence));
                }
                for (i, item) in paragraph.items().iter().enumerate() {
                    out.push(Place::Item(section, measure, paragraph, i + 1, item));
                }
            }
        }
        let mut out = Vec::new();
        for section in &self.sections {
            out.push(Place::Section(section));
            inner(&mut out, section, None, &section.paragraphs);
            for measure in &section.measures {
                out.push(Place::Measure(section, measure));
                inner(&mut out, section, Some(measure), &measure.paragraphs);
            }
        }
        out
    }

    /// The spot an address means: a slug in any case (`m4.2.s3`, `M4.2`), or the alias `¶20`.
    pub fn find(&self, address: &str) -> Option<Place<'_>> {
        let address = address.trim();
        if let Some(number) = address.strip_prefix('¶') {
            let number: u16 = number.trim().parse().ok()?;
            return self
                .paragraphs()
                .find(|(_, _, paragraph)| paragraph.number == number)
                .map(|(section, measure, paragraph)| Place::Paragraph(section, measure, paragraph));
        }
        self.places().into_iter().find(|place| place.slug().eq_ignore_ascii_case(address))
    }

    /// What stands under `id`.
    pub fn entity(&self, id: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.id == id)
    }

    /// How many measures there are.
    pub fn measure_count(&self) -> usize {
        self.sections.iter().map(|section| section.measures.len()).sum()
    }

    /// How many sentences of prose there are.
    pub fn sentence_count(&self) -> usize {
        self.paragraphs().map(|(_, _, paragraph)| paragraph.sentences().len()).sum()
    }
}
