//! The gloss: the editors' reading beside the text, never mixed into it.
//!
//! Every entry leads back to exact words: a [`Span`] stands verbatim in its sentence, in its language, or the gloss is
//! refused (`check`, feature `content`). Whatever can be counted is counted from here, never typed in.

#[cfg(feature = "content")]
mod check;
mod marks;
mod matrix;
pub mod network;
mod paths;
mod reading;
mod register;
#[cfg(test)]
mod sample;
mod silences;
mod timeline;

#[cfg(feature = "content")]
pub(crate) use check::toml_problem;
#[cfg(feature = "content")]
pub use check::{Fault, Problem, check, read};
pub use marks::{Mark, foreign, pieces};
pub use matrix::{Cell, Line, Matrix, matrix};
pub use paths::{Halt, Way, count_words, minutes, paths, words_per_minute};
pub use reading::{Link, Shown};
pub use register::{
    ANY, CONDITION, Facet, Filter, Key, NOBODY, Record, Register, Row, Sort, Value, WITHOUT, csv, register,
};
pub use silences::{Found, Silence, silences, without_actor};
pub use timeline::{Moment, Spoken, Timeline, timeline, when};

use crate::{Document, Lang};
use serde::{Deserialize, Serialize};

/// A value in each language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both<T> {
    /// French.
    pub fr: T,
    /// English.
    pub en: T,
}

impl<T> Both<T> {
    /// The value in `lang`.
    pub const fn get(&self, lang: Lang) -> &T {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// Words that stand in a place, to the letter. In files a string, or a table where the words stand there more than
/// once: `{ text = "les Alliés", nth = 2 }`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "SpanFile", into = "SpanFile")]
pub struct Span {
    /// As they stand.
    pub text: String,
    /// Which occurrence in the place, from 1.
    pub nth: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected words of the text, or { text = \"…\", nth = 2 }")]
enum SpanFile {
    Only(String),
    Nth { text: String, nth: usize },
}

impl From<SpanFile> for Span {
    fn from(file: SpanFile) -> Self {
        match file {
            SpanFile::Only(text) => Span { text, nth: 1 },
            SpanFile::Nth { text, nth } => Span { text, nth },
        }
    }
}

impl From<Span> for SpanFile {
    fn from(Span { text, nth }: Span) -> Self {
        if nth == 1 { SpanFile::Only(text) } else { SpanFile::Nth { text, nth } }
    }
}

impl Span {
    /// Where the words stand in `plain`, in bytes; none where they do not.
    pub fn find(&self, plain: &str) -> Option<std::ops::Range<usize>> {
        let before = self.nth.checked_sub(1)?;
        let (at, words) = plain.match_indices(&self.text).nth(before)?;
        (!words.is_empty()).then(|| at..at + words.len())
    }
}

/// How firmly something is promised, the firmest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// *doivent*.
    Must,
    /// A simple future: *feront progresser*.
    Firm,
    /// *continueront*.
    Continues,
    /// *étudieront, réfléchiront à*: looked into, nothing promised of the outcome.
    Explores,
    /// *sont invités à*.
    Invited,
    /// *sont encouragés à*.
    Encouraged,
}

impl Strength {
    /// Every strength, the firmest first.
    pub const ALL: [Strength; 6] = [
        Strength::Must,
        Strength::Firm,
        Strength::Continues,
        Strength::Explores,
        Strength::Invited,
        Strength::Encouraged,
    ];

    /// Its name in files and addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Strength::Must => "must",
            Strength::Firm => "firm",
            Strength::Continues => "continues",
            Strength::Explores => "explores",
            Strength::Invited => "invited",
            Strength::Encouraged => "encouraged",
        }
    }

    /// Told by a shape as well, for those who do not see the colour.
    pub const fn shape(self) -> char {
        match self {
            Strength::Must => '■',
            Strength::Firm => '◆',
            Strength::Continues => '▶',
            Strength::Explores => '◐',
            Strength::Invited => '○',
            Strength::Encouraged => '◌',
        }
    }
}

/// What somebody is committed to: one finite verb, with every infinitive that hangs on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// `m1.1.s1.c1`: the sentence, then its how-manieth commitment.
    pub id: String,
    /// The slug of the sentence.
    pub at: String,
    /// [`Actor::id`]s of who is committed. Empty: the text names nobody.
    #[serde(default)]
    pub actors: Vec<String>,
    /// How firmly.
    pub strength: Strength,
    /// The words that show it: `sont invités à`, `continuera de`.
    pub trigger: Both<Span>,
    /// What is done, in the infinitive, short enough for a cell: `revoir et mettre en œuvre`.
    pub verb: Both<String>,
    /// To what, as the text says it.
    pub object: Both<Span>,
    /// [`Actor::id`]s of whom it serves, where the text says so.
    #[serde(default)]
    pub beneficiaries: Vec<String>,
    /// [`Topic::id`]s.
    pub topics: Vec<String>,
    /// The editors' remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Both<String>>,
}

impl Commitment {
    /// The measure or section it stands in: `m1`, `adopt`.
    pub fn division(&self) -> &str {
        self.at.split('.').next().unwrap_or_default()
    }

    /// The slug of its paragraph: `m1.1`.
    pub fn paragraph(&self) -> &str {
        self.at.rsplit_once('.').map_or(&self.at, |(paragraph, _)| paragraph)
    }
}

/// Words that sound like a commitment and are counted as none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Sentence or bullet.
    pub at: String,
    /// The words that show it: `s’engagent à`.
    pub trigger: Both<Span>,
    /// Why it is not counted.
    pub why: Both<String>,
}

/// What a [`Qualifier`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Qualifies {
    /// Leaves it to somebody's judgement: *le cas échéant*.
    Caveat,
    /// Says under which condition: *qui sont d’accord*.
    Condition,
}

/// Words that soften or condition what is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualifier {
    /// Caveat or condition.
    pub kind: Qualifies,
    /// Sentence, bullet, or a measure for its title.
    pub at: String,
    /// The words.
    pub words: Both<Span>,
    /// [`Commitment::id`]s that it softens; none where it stands outside a commitment.
    #[serde(default)]
    pub of: Vec<String>,
}

/// What an [`Actor`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// NATO itself.
    Alliance,
    /// Its members, together or in a role: the Allies, lead nations, ministers.
    Members,
    /// A body of the Alliance.
    Body,
    /// Other states.
    State,
    /// Another international organisation.
    Organisation,
    /// Industry, academia.
    Sector,
    /// Who is acted against.
    Adversary,
}

/// Somebody who acts, is served or is spoken of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// `dipb`; where the text's Akoma Ntoso names it, the same as its entity.
    pub id: String,
    /// What it is.
    pub kind: ActorKind,
    /// Its name, short enough for the head of a column.
    pub name: Both<String>,
    /// Its name in full, where that is longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full: Option<Both<String>>,
    /// What it belongs to: another actor's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// Words of the text that name it, to the letter, the longest first.
    pub forms: Both<Vec<String>>,
}

/// What a [`Term`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TermKind {
    /// An acronym of an organisation or body.
    Body,
    /// An acronym of a process, a programme or criteria.
    Process,
    /// An expression that wants explaining.
    Term,
}

/// An acronym or an expression, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// `ndpp`.
    pub id: String,
    /// What it is.
    pub kind: TermKind,
    /// As the text writes it, the longest first. Empty: it does not stand in the text, and only a note speaks of it.
    pub forms: Both<Vec<String>>,
    /// What it stands for, or its head: `processus OTAN de planification de défense`.
    pub name: Both<String>,
    /// What it means, in a sentence of the editors'.
    pub meaning: Both<String>,
}

/// How often an [`Event`] comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Recurrence {
    /// Each year.
    Yearly,
    /// *régulièrement*: again and again, the text says not how often.
    Regularly,
}

/// Something with a date, or that comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// `vilnius-summit`.
    pub id: String,
    /// When, as exactly as the text says (EDTF, ISO 8601-2: `2023`, `2023-12`, `2025-02-13`); none where it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The date as the text or common usage says it, where the plain date says less: "début 2024".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_words: Option<Both<String>>,
    /// How often, where it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurs: Option<Recurrence>,
    /// What happens.
    pub name: Both<String>,
    /// Where the text says so, at least once.
    pub said: Vec<Said>,
}

/// Words in a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Sentence, bullet; `preface` for the line above the first heading.
    pub at: String,
    /// The words.
    pub words: Both<Span>,
}

/// Another document that the text speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// `plan-2023`.
    pub id: String,
    /// Its name.
    pub name: Both<String>,
    /// What the text says of it, in the editors' words.
    pub about: Both<String>,
    /// When, EDTF, where the text says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// What a [`Reference`] may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// A place of this text: its slug; `plan` for the whole.
    Place(String),
    /// A [`Work::id`].
    Work(String),
}

/// Words that point elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Sentence, bullet, or a measure for its title.
    pub at: String,
    /// The words.
    pub words: Both<Span>,
    /// What they may mean: one, or every reading where it is ambiguous.
    pub to: Vec<Target>,
    /// The editors' remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Both<String>>,
}

/// A subject that runs through the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// `supply-chains`.
    pub id: String,
    /// Its name.
    pub name: Both<String>,
}

/// Something a reader would look for, and the words by which the text would say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// `deadlines`, `figures`, `sanctions`.
    pub id: String,
    /// Its name: "Des échéances".
    pub name: Both<String>,
    /// What is looked for, in a sentence.
    pub question: Both<String>,
    /// Words looked for, without regard to case or accents; `#` stands for a number in digits. The same words that a
    /// reader would try, so that an absence means something.
    pub words: Both<Vec<String>>,
    /// Each place where such words stand without answering the question, and why they do not.
    pub explained: Vec<Explained>,
}

/// Words that a [`Probe`] finds, and why they are not what it looks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explained {
    /// Sentence, bullet, or a measure for its title.
    pub at: String,
    /// The words.
    pub words: Both<Span>,
    /// Why.
    pub why: Both<String>,
}

/// A curated way through the text for some readers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Path {
    /// `press`.
    pub id: String,
    /// For whom.
    pub name: Both<String>,
    /// What it shows, in a sentence or two.
    pub intro: Both<String>,
    /// In order.
    pub stops: Vec<Stop>,
}

/// A paragraph of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Paragraph.
    pub at: String,
    /// What to look for there.
    pub why: Both<String>,
}

/// The editors' layer of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gloss {
    /// Who.
    #[serde(rename = "actor")]
    pub actors: Vec<Actor>,
    /// Subjects.
    #[serde(rename = "topic")]
    pub topics: Vec<Topic>,
    /// Acronyms and terms.
    #[serde(rename = "term")]
    pub terms: Vec<Term>,
    /// In reading order.
    #[serde(rename = "commitment")]
    pub commitments: Vec<Commitment>,
    /// Outside the count.
    #[serde(rename = "statement")]
    pub statements: Vec<Statement>,
    /// Caveats and conditions, in reading order.
    #[serde(rename = "qualifier")]
    pub qualifiers: Vec<Qualifier>,
    /// In order of time; what comes back, last.
    #[serde(rename = "event")]
    pub events: Vec<Event>,
    /// Other documents.
    #[serde(rename = "work")]
    pub works: Vec<Work>,
    /// In reading order.
    #[serde(rename = "reference")]
    pub references: Vec<Reference>,
    /// What is looked for and not found.
    #[serde(rename = "probe")]
    pub probes: Vec<Probe>,
    /// Ways through the text.
    #[serde(rename = "path")]
    pub paths: Vec<Path>,
}

impl Gloss {
    /// The actor of that id.
    pub fn actor(&self, id: &str) -> Option<&Actor> {
        self.actors.iter().find(|actor| actor.id == id)
    }

    /// The topic of that id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// The document of that id.
    pub fn work(&self, id: &str) -> Option<&Work> {
        self.works.iter().find(|work| work.id == id)
    }

    /// What softens or conditions a commitment.
    pub fn qualifiers_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Qualifier> {
        self.qualifiers.iter().filter(move |qualifier| qualifier.of.iter().any(|of| of == id))
    }

    /// What points to a place, or to something that lies in it.
    pub fn cited_by<'a>(&'a self, document: &'a Document, slug: &'a str) -> impl Iterator<Item = &'a Reference> {
        let paragraph = document.find(slug).and_then(|place| place.paragraph()).map(|p| p.slug.as_str());
        self.references.iter().filter(move |reference| {
            reference.to.iter().any(|target| match target {
                Target::Place(to) => to == slug || Some(to.as_str()) == paragraph,
                Target::Work(_) => false,
            })
        })
    }
}
