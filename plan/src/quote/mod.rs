//! Is this what the text says? A quotation held against the documents, word by word.
//!
//! ```
//! use plan::quote::{Checker, Verdict};
//! # use plan::{Document, Lang, Paragraph, Section, SectionKind, Sentence, Run, Text, Body};
//! # let text = |words: &str| Text { runs: vec![Run { text: words.into(), names: None, lang: None }] };
//! # let words = "Les Alliés partagent, lorsqu’il y a lieu, les bonnes pratiques.";
//! # let sentence = Sentence { slug: "a.1.s1".into(), text: text(words), gap: String::new() };
//! # let paragraph = Paragraph { slug: "a.1".into(), number: 1, printed: "1.".into(), eid: "para_1".into(),
//! #     body: Body::Prose(vec![sentence]) };
//! # let section = Section { slug: "a".into(), kind: SectionKind::Plain, heading: text("Titre"),
//! #     paragraphs: vec![paragraph], measures: vec![] };
//! # let document = Document { lang: Lang::Fr, title: "".into(), preface: text(""), work: "".into(), date: "".into(),
//! #     sha256: "".into(), sections: vec![section], entities: vec![], synonyms: vec![] };
//! // "Les Alliés partagent, lorsqu’il y a lieu, les bonnes pratiques."
//! let checker = Checker::new(&[&document], &[]);
//! let verdict = |quotation| checker.check(quotation).unwrap().verdict;
//!
//! assert_eq!(verdict("lorsqu’il y a lieu"), Verdict::Exact);
//! assert_eq!(verdict("\"lorsqu'il  y a lieu\""), Verdict::Typography);
//! assert_eq!(verdict("Les Alliés partagent […] les bonnes pratiques"), Verdict::Marked);
//! assert_eq!(verdict("Les Alliés partagent les bonnes pratiques"), Verdict::Altered);
//! assert_eq!(verdict("Les Alliés vendent leurs pratiques"), Verdict::NotFound);
//! ```
//!
//! Words are compared without case and accents, then looked at closely; what stands between words is compared as
//! punctuation. What changes only how letters are printed is *typography*; what the writer says that he changed (an
//! ellipsis, square brackets) is *marked*; any other difference makes the quotation *altered*.
//!
//! The files: `text` knows words on both sides, `typography` compares them, `align` finds which is which, `meaning`
//! warns.

mod align;
mod meaning;
mod text;
mod typography;

use crate::gloss::{Gloss, Qualifies};
use crate::search::is_stop_word;
use crate::{Document, Lang};
use align::Step;
use meaning::Caveats;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use text::{Corpus, Quotation, Reading};
use typography::Likeness;

/// A quotation has no more characters.
pub const LONGEST: usize = 20_000;
/// A quotation has no more ellipses and insertions.
pub const MOST_MARKS: usize = 100;
/// As many places are described; more are counted.
pub const MOST_PLACES: usize = 20;

/// Why a text cannot be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refused {
    /// Nothing but blanks.
    #[error("there is nothing to check")]
    Empty,
    /// Not a letter, not a digit, or none outside brackets.
    #[error("there is no word in it")]
    NoWords,
    /// Too little to be a quotation: one word, or common words only, that stand in many places.
    #[error("too short: this stands in many places")]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("too long: {characters} characters, of which {LONGEST} are checked")]
    TooLong {
        /// How many it has.
        characters: usize,
    },
    /// More than [`MOST_MARKS`] ellipses and insertions.
    #[error("too many ellipses: {marks}")]
    TooManyMarks {
        /// How many it has.
        marks: usize,
    },
}

/// How a quotation stands to the text, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// To the letter.
    Exact,
    /// Every word and mark is there; apostrophes, dashes and the like are others: [`Found::typography`].
    Typography,
    /// Shortened or completed, and says so by ellipses and square brackets.
    Marked,
    /// Words or punctuation are others, without saying so.
    Altered,
    /// Not there, nor anything near enough to be called the same passage.
    NotFound,
}

/// What printers, keyboards and programs change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Typography {
    /// Straight for curly, or the reverse.
    Apostrophes,
    /// Of another shape, or left out.
    QuotationMarks,
    /// No-break for plain, two for one, before a colon or not.
    Spaces,
    /// Where the text has none, or the reverse.
    LineBreaks,
    /// A hyphen for a dash, or of another length.
    Dashes,
    /// Soft hyphens and characters of no width.
    Invisible,
    /// `oe` for `œ`, an accent apart from its letter.
    Letters,
    /// `Etat` for `État`.
    CapitalAccents,
    /// A capital for a small letter where the quotation, or what follows a mark, begins, or the reverse.
    FirstLetter,
    /// `[L]es`.
    BracketedLetter,
    /// A word divided at the end of a line.
    Hyphenation,
    /// Numbers of paragraphs and bullets.
    Numbering,
    /// A point or comma at the end, where the sentence goes on or ends otherwise.
    EndMark,
}

/// What happened to a piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PieceKind {
    /// The same on both sides, typography aside.
    Kept,
    /// Only the quotation has it.
    Added,
    /// Only the text has it, and the quotation does not say so.
    LeftOut,
    /// One for the other.
    Changed,
    /// An ellipsis stands for it.
    Omitted,
    /// Square brackets stand in its place, or between words.
    Inserted,
}

/// How little was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slight {
    /// Capitals.
    Case,
    /// Accents.
    Accents,
    /// A comma, a point.
    Punctuation,
}

/// A piece of the comparison. All in order: the `original`s joined are [`Found::words`], the `quoted` joined are the
/// quotation from its first word or bracket on, spaces and punctuation and all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// What happened.
    pub kind: PieceKind,
    /// The quotation's words.
    pub quoted: String,
    /// The text's words.
    pub original: String,
    /// Set on a change that touches no word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slight: Option<Slight>,
    /// The quotation says so: an ellipsis, an insertion, letters in brackets.
    #[serde(default)]
    pub marked: bool,
}

/// Bytes of a paragraph's [`plain`](crate::Paragraph::plain) words, or of a heading's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The paragraph's address; of a heading its section's or measure's; of the line above all, empty.
    pub slug: String,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// What took words away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// An ellipsis stands for them.
    Ellipsis,
    /// Square brackets stand for them.
    Insertion,
    /// They were left out or changed in silence.
    Change,
    /// The sentence begins earlier, or goes on.
    Cut,
}

/// Something a reader of the quotation should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Caution {
    /// The sentence holds a caveat that the quotation does not.
    Caveat {
        /// The sentence's address.
        slug: String,
        /// What took it away.
        by: By,
        /// The caveat, as it stands there.
        phrase: String,
    },
    /// A denial was taken away, or put in.
    Negation(Change),
    /// Another degree of obligation: `devraient` for `doivent`.
    Strength(Change),
    /// Another number.
    Number(Change),
}

/// Words of one kind on both sides of a departure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The sentence's address.
    pub slug: String,
    /// What made the difference.
    pub by: By,
    /// The words in the text, empty if there are none.
    pub original: String,
    /// The words in the quotation, empty if there are none.
    pub quoted: String,
}

/// A place of the text that the quotation is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How it stands to this place.
    pub verdict: Verdict,
    /// The document's language.
    pub lang: Lang,
    /// The address of the first sentence, bullet or heading.
    pub from: String,
    /// The address of the last.
    pub to: String,
    /// The bytes, paragraph by paragraph.
    pub stretches: Vec<Stretch>,
    /// The text's own words from first to last.
    pub words: String,
    /// The sentence begins before the quotation does.
    pub begins_within: bool,
    /// The sentence goes on after the quotation ends.
    pub ends_within: bool,
    /// What differs in typography, each once.
    pub typography: Vec<Typography>,
    /// The comparison.
    pub pieces: Vec<Piece>,
    /// What a reader of the quotation should know.
    pub cautions: Vec<Caution>,
    /// How much of the words is the same, of a hundred; what was marked does not count.
    pub similarity: u8,
}

/// A sentence that shares words with a quotation that is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// The document's language.
    pub lang: Lang,
    /// The address of the sentence, bullet or heading.
    pub slug: String,
    /// Its words.
    pub words: String,
    /// How many words both have, of a hundred, in any order; rare ones count thrice.
    pub similarity: u8,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// That of the best place.
    pub verdict: Verdict,
    /// The places, the best first, then in the order of documents and text; [`MOST_PLACES`] at most. Of an altered
    /// quotation those that it resembles most, and equally; none if it is not found.
    pub found: Vec<Found>,
    /// How many places there are.
    pub total: usize,
    /// The nearest sentence to a quotation that is not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<Nearest>,
}

/// A phrase that limits what a sentence says: `lorsqu’il y a lieu`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caveat<'a> {
    /// The language of the document it stands in.
    pub lang: Lang,
    /// The sentence, paragraph, measure or section it stands in; empty for wherever it stands.
    pub slug: &'a str,
    /// Its words, in any typography.
    pub phrase: &'a str,
}

/// Documents made ready: a millisecond for the plan in two languages, once.
pub struct Checker {
    texts: Vec<(Corpus, Caveats)>,
}

/// [`Checker::check`] for once.
///
/// # Errors
/// As there.
pub fn check(documents: &[&Document], caveats: &[Caveat<'_>], quotation: &str) -> Result<Report, Refused> {
    Checker::new(documents, caveats).check(quotation)
}

impl Checker {
    /// Reads the documents, which may be one text in several languages, and finds the caveats in them.
    pub fn new(documents: &[&Document], caveats: &[Caveat<'_>]) -> Self {
        let read = |document: &&Document| {
            let corpus = Corpus::of(document);
            let caveats = Caveats::of(&corpus, caveats);
            (corpus, caveats)
        };
        Checker { texts: documents.iter().map(read).collect() }
    }

    /// The same, with the caveats that the editors found.
    pub fn with_gloss(documents: &[&Document], gloss: &Gloss) -> Self {
        let caveats = gloss.qualifiers.iter().filter(|qualifier| qualifier.kind == Qualifies::Caveat);
        let caveats: Vec<Caveat<'_>> = caveats
            .flat_map(|qualifier| {
                Lang::ALL.map(|lang| Caveat { lang, slug: &qualifier.at, phrase: &qualifier.words.get(lang).text })
            })
            .collect();
        Checker::new(documents, &caveats)
    }

    /// Holds a quotation against the documents.
    ///
    /// Quotation marks around it do not count, nor what follows them. A mark of punctuation may close it.
    ///
    /// # Errors
    /// If there is nothing to check, or too much.
    pub fn check(&self, quotation: &str) -> Result<Report, Refused> {
        self.check_counting(quotation, &mut 0)
    }

    /// The same, adding to `steps` a count of what was looked at.
    fn check_counting(&self, text: &str, steps: &mut usize) -> Result<Report, Refused> {
        // Bytes first: counting a long text is work, too.
        if text.len() > 4 * LONGEST || text.chars().count() > LONGEST {
            return Err(Refused::TooLong { characters: text.chars().count() });
        }
        if text.trim().is_empty() {
            return Err(Refused::Empty);
        }
        let mut reading = Reading { marks: true, numbers: true };
        let mut quotation = self.read(text, reading);
        if quotation.words.is_empty() {
            return Err(Refused::NoWords);
        }
        // Points or brackets that the text itself has mark nothing.
        if quotation.joints.iter().any(|joint| joint.is_marked()) {
            let plain = self.read(text, Reading { marks: false, ..reading });
            if self.texts.iter().any(|(corpus, _)| corpus.text.contains(plain.core())) {
                (quotation, reading.marks) = (plain, false);
            }
        }
        let marks = quotation.joints.iter().filter(|joint| joint.is_marked()).count();
        if marks > MOST_MARKS {
            return Err(Refused::TooManyMarks { marks });
        }
        let mut found = self.exact(&quotation, steps);
        if found.is_empty() {
            let unnumbered = quotation.numbers.then(|| self.read(text, Reading { numbers: false, ..reading }));
            if let Some(unnumbered) = unnumbered.filter(|unnumbered| !unnumbered.words.is_empty()) {
                quotation = unnumbered;
                found = self.exact(&quotation, steps);
            }
        }
        let total = found.len();
        if total > enough_for(&quotation) {
            return Err(Refused::TooShort);
        }
        if found.is_empty() {
            return Ok(self.approximate(&quotation, steps));
        }
        let mut best: Vec<Found> = Vec::new();
        for (nth, alignment) in found.into_iter().take(MOST_PLACES) {
            let found = self.compare(nth, &quotation, &alignment);
            best.insert(best.partition_point(|other| other.verdict <= found.verdict), found);
        }
        Ok(Report { verdict: best[0].verdict, total, found: best, nearest: None })
    }

    fn read<'a>(&self, text: &'a str, reading: Reading) -> Quotation<'a> {
        Quotation::read(text, reading, |word| self.texts.iter().any(|(corpus, _)| corpus.id(word) != text::UNKNOWN))
    }

    fn exact(&self, quotation: &Quotation<'_>, steps: &mut usize) -> Vec<(usize, Vec<Step>)> {
        let mut found = Vec::new();
        for (nth, (corpus, _)) in self.texts.iter().enumerate() {
            found.extend(align::exact(corpus, quotation, steps).into_iter().map(|alignment| (nth, alignment)));
        }
        found
    }

    /// The best places for a quotation that is nowhere to the word, or what is nearest.
    fn approximate(&self, quotation: &Quotation<'_>, steps: &mut usize) -> Report {
        let mut best = 0;
        let mut places = Vec::new();
        for (nth, (corpus, _)) in self.texts.iter().enumerate() {
            for alignment in align::nearest(corpus, quotation, steps) {
                let likeness = Measure::of(corpus, quotation, &alignment);
                if likeness.is_same_passage() && likeness.similarity() >= best {
                    if likeness.similarity() > best {
                        places.clear();
                    }
                    best = likeness.similarity();
                    places.push((nth, alignment));
                }
            }
        }
        let mut found: Vec<Found> = Vec::new();
        for (nth, alignment) in places {
            let place = self.compare(nth, quotation, &alignment);
            // Two ways to the same words are one.
            if found.iter().all(|other| (other.lang, &other.stretches) != (place.lang, &place.stretches)) {
                found.insert(found.partition_point(|other| other.verdict <= place.verdict), place);
            }
        }
        let verdict = found.first().map_or(Verdict::NotFound, |found| found.verdict);
        let nearest = if found.is_empty() { self.nearest_sentence(quotation, steps) } else { None };
        Report { verdict, total: found.len(), found, nearest }
    }

    fn nearest_sentence(&self, quotation: &Quotation<'_>, steps: &mut usize) -> Option<Nearest> {
        let mut best: Option<(u32, Nearest)> = None;
        for (corpus, _) in &self.texts {
            let mut ids = quotation.ids(corpus);
            ids.sort_unstable();
            ids.dedup();
            let quoted: u32 = ids.iter().map(|id| corpus.weight(*id)).sum();
            let mut shared = vec![0; corpus.units.len()];
            for id in &ids {
                let mut before = None;
                for place in corpus.places(*id) {
                    let unit = corpus.words[*place as usize].unit;
                    if before.replace(unit) != Some(unit) {
                        shared[unit as usize] += corpus.weight(*id);
                    }
                }
                *steps += corpus.places(*id).len();
            }
            let mut all = vec![0; corpus.units.len()];
            corpus.words.iter().for_each(|word| all[word.unit as usize] += corpus.weight(word.id));
            *steps += corpus.words.len();
            for (unit, (shared, all)) in shared.iter().zip(&all).enumerate().filter(|(_, (shared, _))| **shared > 0) {
                let similarity = 200 * shared / (quoted + all);
                if best.as_ref().is_none_or(|(other, _)| similarity > *other) {
                    let part = &corpus.units[unit];
                    let nearest = Nearest {
                        lang: corpus.lang,
                        slug: part.slug.clone(),
                        words: corpus.text[part.at.clone()].to_owned(),
                        similarity: similarity.min(100) as u8,
                    };
                    best = Some((similarity, nearest));
                }
            }
        }
        best.map(|(_, nearest)| nearest)
    }

    /// Looks closely at what an alignment pairs.
    fn compare(&self, nth: usize, quotation: &Quotation<'_>, alignment: &[Step]) -> Found {
        let (corpus, caveats) = &self.texts[nth];
        let mut comparison = Comparison::new(corpus, quotation, alignment);
        comparison.run(alignment);
        let Comparison { pieces, typography, mut lost, mut cautions, first, last, .. } = comparison;
        let (from, to) = (corpus.unit_of(first), corpus.unit_of(last));
        let (before, after) = (corpus.words_beside(first).start, corpus.words_beside(last).end);
        lost.push((before..first, By::Cut));
        lost.push((last + 1..after, By::Cut));
        cautions.splice(0..0, caveats.lost(corpus, &lost));
        let bytes = corpus.words[first].at.start..corpus.words[last].at.end;
        let stretch = |block: &text::Part| {
            let (start, end) = (bytes.start.max(block.at.start), bytes.end.min(block.at.end));
            let slug = block.slug.clone();
            (start < end).then(|| Stretch { slug, start: start - block.at.start, end: end - block.at.start })
        };
        Found {
            verdict: if pieces.iter().any(|piece| piece.kind != PieceKind::Kept && !piece.marked) {
                Verdict::Altered
            } else if pieces.iter().any(|piece| piece.marked) {
                Verdict::Marked
            } else if !typography.is_empty() {
                Verdict::Typography
            } else {
                Verdict::Exact
            },
            lang: corpus.lang,
            from: from.slug.clone(),
            to: to.slug.clone(),
            stretches: corpus.blocks.iter().filter_map(stretch).collect(),
            words: corpus.text[bytes.clone()].to_owned(),
            begins_within: before < first,
            ends_within: last + 1 < after,
            typography,
            pieces,
            cautions,
            similarity: Measure::of(corpus, quotation, alignment).similarity(),
        }
    }
}

/// In how many places a quotation may stand and be worth looking at: a passage wherever it stands, one word in a few,
/// `de la` in fewer.
fn enough_for(quotation: &Quotation<'_>) -> usize {
    let is_stop_word = |word: &str| Lang::ALL.into_iter().any(|lang| is_stop_word(lang, word));
    if quotation.words.iter().all(|word| is_stop_word(&word.folded)) {
        3
    } else if quotation.words.len() == 1 {
        MOST_PLACES
    } else {
        usize::MAX
    }
}

/// How much of an alignment is kept, in [weights](Corpus::weight).
struct Measure {
    kept: u32,
    quoted: u32,
    original: u32,
}

impl Measure {
    fn of(corpus: &Corpus, quotation: &Quotation<'_>, alignment: &[Step]) -> Self {
        let mut measure = Measure { kept: 0, quoted: 0, original: 0 };
        for step in alignment {
            match step {
                Step::Keep { original, .. } => {
                    let weight = corpus.weight(corpus.words[*original].id);
                    measure.kept += weight;
                    measure.quoted += weight;
                    measure.original += weight;
                }
                Step::Add { quoted } => {
                    measure.quoted += corpus.weight(corpus.id(&quotation.words[*quoted].folded));
                }
                Step::LeaveOut { original } => measure.original += corpus.weight(corpus.words[*original].id),
                Step::Marked { .. } => {}
            }
        }
        measure
    }

    /// Of a hundred (Dice's coefficient).
    fn similarity(&self) -> u8 {
        (200 * self.kept / (self.quoted + self.original).max(1)).min(100) as u8
    }

    /// Near enough to be called a quotation of this passage: much the same, or nearly all of it from there though much
    /// was left out.
    fn is_same_passage(&self) -> bool {
        let from_there = 100 * self.kept / self.quoted.max(1);
        self.similarity() >= 60 || self.similarity() >= 30 && from_there >= 80
    }
}

/// A comparison being made: the pieces so far, and how far both sides are.
struct Comparison<'a> {
    corpus: &'a Corpus,
    quotation: &'a Quotation<'a>,
    pieces: Vec<Piece>,
    typography: Vec<Typography>,
    lost: Vec<(Range<usize>, By)>,
    cautions: Vec<Caution>,
    /// Bytes that are in a piece already, of the quotation and of the text.
    done: (usize, usize),
    /// The first word of the text, and the last.
    first: usize,
    last: usize,
}

impl<'a> Comparison<'a> {
    fn new(corpus: &'a Corpus, quotation: &'a Quotation<'a>, alignment: &[Step]) -> Self {
        let originals = || alignment.iter().filter_map(Step::original);
        let (first, last) = (originals().next().unwrap_or_default(), originals().next_back().unwrap_or_default());
        let done = (quotation.words.first().map_or(0, |word| word.at.start), corpus.words[first].at.start);
        let (pieces, typography, lost, cautions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Comparison { corpus, quotation, pieces, typography, lost, cautions, done, first, last }
    }

    fn run(&mut self, alignment: &[Step]) {
        let (first, joints) = (self.quotation.words[0].at.start, &self.quotation.joints);
        if joints[0].inserted {
            self.done.0 = self.quotation.text[..first].find('[').unwrap_or(first);
            self.piece(PieceKind::Inserted, (first, self.done.1), None, true);
        }
        let mut at = 0;
        let mut after_word = false;
        while let Some(step) = alignment.get(at) {
            match step {
                Step::Keep { quoted, original } => {
                    if after_word {
                        self.gap(*quoted, *original);
                    }
                    self.word(*quoted, *original);
                    at += 1;
                }
                Step::Marked { quoted, original } => {
                    let joint = self.quotation.joints[*quoted];
                    let (kind, by) = if joint.inserted {
                        (PieceKind::Inserted, By::Insertion)
                    } else {
                        (PieceKind::Omitted, By::Ellipsis)
                    };
                    self.lost.push((original.clone(), by));
                    // Before the first word of the text and after the last it stands for nothing.
                    let next = (original.end <= self.last).then(|| self.corpus.words[original.end].at.start);
                    let next = next.unwrap_or(self.done.1).max(self.done.1);
                    let end = (self.quotation.words[*quoted].at.start, next);
                    self.piece(kind, end, None, true);
                    at += 1;
                }
                Step::Add { .. } | Step::LeaveOut { .. } => at = self.edit(alignment, at),
            }
            after_word = matches!(step, Step::Keep { .. });
        }
        self.end();
    }

    /// A run of words added and left out. Answers the step after it.
    fn edit(&mut self, alignment: &[Step], from: usize) -> usize {
        let (mut added, mut left_out): (Option<Range<usize>>, Option<Range<usize>>) = (None, None);
        let mut to = from;
        for step in &alignment[from..] {
            match step {
                Step::Add { quoted } => added = Some(added.map_or(*quoted, |a| a.start)..quoted + 1),
                Step::LeaveOut { original } => left_out = Some(left_out.map_or(*original, |l| l.start)..original + 1),
                Step::Keep { .. } | Step::Marked { .. } => break,
            }
            to += 1;
        }
        let kind = match (&added, &left_out) {
            (Some(_), None) => PieceKind::Added,
            (None, _) => PieceKind::LeftOut,
            (Some(_), Some(_)) => PieceKind::Changed,
        };
        let words = added.clone().map_or(&[][..], |added| &self.quotation.words[added]);
        let marked = !words.is_empty() && words.iter().all(|word| word.bracketed);
        // Up to the next word; where a mark or nothing follows, to the end of the last.
        let end = if let Some(Step::Keep { quoted, original }) = alignment.get(to) {
            (self.quotation.words[*quoted].at.start, self.corpus.words[*original].at.start)
        } else {
            let quoted = added.map_or(self.done.0, |added| self.quotation.words[added.end - 1].at.end);
            let original = left_out.clone().map_or(self.done.1, |l| self.corpus.words[l.end - 1].at.end);
            (quoted, original)
        };
        if let Some(left_out) = left_out {
            self.lost.push((left_out, By::Change));
        }
        self.piece(kind, end, None, marked);
        to
    }

    /// A word that both have.
    fn word(&mut self, quoted: usize, original: usize) {
        let word = &self.quotation.words[quoted];
        let first = quoted == 0 || self.quotation.joints[quoted].is_marked() || word.bracketed;
        for (holds, typography) in
            [(word.bracketed, Typography::BracketedLetter), (word.hyphenated, Typography::Hyphenation)]
        {
            if holds {
                self.differs(typography);
            }
        }
        let at = &self.corpus.words[original].at;
        let likeness = typography::words(&word.letters, &self.corpus.text[at.clone()], first);
        // The brackets say it.
        let likeness = if word.bracketed { Likeness::Same(Vec::new()) } else { likeness };
        self.like(likeness, (word.at.end, at.end));
    }

    /// What stands before a word that both have, after one that both have.
    fn gap(&mut self, quoted: usize, original: usize) {
        let end = (self.quotation.words[quoted].at.start, self.corpus.words[original].at.start);
        let likeness = if self.quotation.words[quoted].numbered {
            Likeness::Same(vec![Typography::Numbering])
        } else {
            typography::gaps(&self.quotation.text[self.done.0..end.0], &self.corpus.text[self.done.1..end.1])
        };
        self.like(likeness, end);
    }

    fn like(&mut self, likeness: Likeness, end: (usize, usize)) {
        match likeness {
            Likeness::Same(typography) => {
                typography.into_iter().for_each(|typography| self.differs(typography));
                self.piece(PieceKind::Kept, end, None, false);
            }
            Likeness::Slight(slight) => self.piece(PieceKind::Changed, end, Some(slight), false),
        }
    }

    /// Notes what differs, each once and in order.
    fn differs(&mut self, typography: Typography) {
        if let Err(at) = self.typography.binary_search(&typography) {
            self.typography.insert(at, typography);
        }
    }

    /// What closes the quotation.
    fn end(&mut self) {
        let (quoted, original) = (&self.quotation.text[self.done.0..], &self.corpus.text[self.done.1..]);
        let joint = self.quotation.joints[self.quotation.words.len()];
        if joint.inserted {
            let end = quoted.rfind(']').map_or(0, |bracket| bracket + 1);
            self.piece(PieceKind::Inserted, (self.done.0 + end, self.done.1), None, true);
        }
        if joint.is_marked() {
            return;
        }
        let next = self.corpus.words.get(self.last + 1).map_or(original.len(), |word| word.at.start - self.done.1);
        match typography::end(quoted, &original[..next]) {
            // A question or an exclamation is the quotation's own.
            Some(mark @ ('!' | '?')) => {
                let end = self.done.0 + quoted.find(mark).map_or(0, |at| at + mark.len_utf8());
                self.piece(PieceKind::Added, (end, self.done.1), Some(Slight::Punctuation), false);
            }
            Some(_) => self.differs(Typography::EndMark),
            None => {}
        }
    }

    /// Adds what lies between what is done and `end`, with what it puts at risk.
    fn piece(&mut self, kind: PieceKind, end: (usize, usize), slight: Option<Slight>, marked: bool) {
        let quoted = &self.quotation.text[self.done.0..end.0];
        let original = &self.corpus.text[self.done.1..end.1];
        match self.pieces.last_mut() {
            Some(last) if last.kind == PieceKind::Kept && kind == PieceKind::Kept => {
                last.quoted.push_str(quoted);
                last.original.push_str(original);
            }
            _ => {
                let piece = Piece { kind, quoted: quoted.to_owned(), original: original.to_owned(), slight, marked };
                let word = self.corpus.words.partition_point(|word| word.at.end <= self.done.1);
                let slug = &self.corpus.unit_of(word.min(self.corpus.words.len() - 1)).slug;
                meaning::of_piece(self.corpus.lang, slug, &piece, &mut self.cautions);
                self.pieces.push(piece);
            }
        }
        self.done = end;
    }
}

#[cfg(all(test, feature = "content"))]
mod tests {
    use super::*;
    use crate::content;

    /// What one check looks at, at most: words, pairs of points, cells of tables.
    const MOST_STEPS: usize = 3_000_000;

    #[test]
    fn no_quotation_costs_more_than_a_few_million_steps() {
        let documents = Lang::ALL.map(content::load);
        let checker = Checker::new(&documents.each_ref(), &[]);
        let all: String = documents[0].paragraphs().map(|(.., paragraph)| paragraph.plain() + "\n").collect();
        let words: Vec<&str> = all.split_whitespace().collect();
        let every = |nth: usize, with: &str| -> String {
            let words = words.iter().enumerate().flat_map(|(at, word)| [*word, if at % nth == 0 { with } else { "" }]);
            words.collect::<Vec<_>>().join(" ")
        };
        let backwards: Vec<&str> = words.iter().rev().copied().collect();
        let texts = [
            all.clone(),
            every(7, "zeppelin"),
            every(40, "[…]"),
            every(3, "production"),
            backwards.join(" "),
            "de ".repeat(LONGEST),
            "production de ".repeat(LONGEST),
            "homeshoring friendshoring ".repeat(LONGEST),
            "Alliés […] ".repeat(MOST_MARKS - 1) + &"doivent ".repeat(LONGEST),
            "a'".repeat(LONGEST),
            "[a]b".repeat(LONGEST),
            "[a b]".repeat(LONGEST),
            "1. ".repeat(LONGEST),
            "a-\n".repeat(LONGEST),
            "\u{AD}'".repeat(LONGEST),
        ];
        for text in texts {
            let text: String = text.chars().take(LONGEST).collect();
            let mut steps = 0;
            let verdict = checker.check_counting(&text, &mut steps).map(|report| report.verdict);
            let begins: String = text.chars().take(40).collect();
            assert!(steps < MOST_STEPS, "{steps} steps: {begins:?}, {verdict:?}");
        }
    }
}
