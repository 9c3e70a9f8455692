//! The two sides of a comparison as words: the document, whose words are numbered, and the quotation, with what its
//! writer marked in it.

use crate::search::{fold, is_apostrophe, is_elided, is_hyphen, is_letter, is_silent};
use crate::{Body, Document, Lang, Paragraph};
use std::collections::HashMap;
use std::ops::Range;

/// The number of a word that the document does not hold.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// A word of a document.
pub(super) struct Word {
    /// Its bytes in [`Corpus::text`].
    pub(super) at: Range<usize>,
    /// The same for all words that [`fold`] makes alike.
    pub(super) id: u32,
    /// The unit it stands in.
    pub(super) unit: u32,
}

/// A part of a document with an address.
pub(super) struct Part {
    pub(super) slug: String,
    /// Its bytes in [`Corpus::text`].
    pub(super) at: Range<usize>,
}

/// A document in one piece, with its words by number.
pub(super) struct Corpus {
    pub(super) lang: Lang,
    /// Preface, headings and paragraphs in reading order, a line break between them.
    pub(super) text: String,
    /// Preface, headings, paragraphs: what byte spans are counted in.
    pub(super) blocks: Vec<Part>,
    /// The same, paragraphs in their sentences or their lead and bullets.
    pub(super) units: Vec<Part>,
    pub(super) words: Vec<Word>,
    ids: HashMap<String, u32>,
    /// Where each word stands, by number.
    places: Vec<Vec<u32>>,
}

impl Corpus {
    pub(super) fn of(document: &Document) -> Self {
        let mut corpus = Corpus {
            lang: document.lang,
            text: String::new(),
            blocks: Vec::new(),
            units: Vec::new(),
            words: Vec::new(),
            ids: HashMap::new(),
            places: Vec::new(),
        };
        corpus.line("", &document.preface.plain());
        for section in &document.sections {
            corpus.line(&section.slug, &section.heading.plain());
            section.paragraphs.iter().for_each(|paragraph| corpus.paragraph(paragraph));
            for measure in &section.measures {
                corpus.line(&measure.slug, &measure.heading.plain());
                measure.paragraphs.iter().for_each(|paragraph| corpus.paragraph(paragraph));
            }
        }
        let mut unit = 0;
        for at in spans(&corpus.text, &[]) {
            while corpus.units.get(unit + 1).is_some_and(|next| next.at.start <= at.start) {
                unit += 1;
            }
            let next = corpus.places.len() as u32;
            let id = *corpus.ids.entry(fold(&corpus.text[at.clone()])).or_insert(next);
            if id == next {
                corpus.places.push(Vec::new());
            }
            corpus.places[id as usize].push(corpus.words.len() as u32);
            corpus.words.push(Word { at, id, unit: unit as u32 });
        }
        corpus
    }

    /// Adds a block that is one unit.
    fn line(&mut self, slug: &str, words: &str) {
        let start = self.text.len();
        self.unit(slug, words);
        self.block(slug, start);
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        let start = self.text.len();
        match &paragraph.body {
            Body::Prose(sentences) => {
                for sentence in sentences {
                    self.unit(&sentence.slug, &sentence.text.plain());
                    self.text.push_str(&sentence.gap);
                }
            }
            Body::List { lead, items } => {
                self.unit(&paragraph.slug, &lead.plain());
                for item in items {
                    self.text.push('\n');
                    self.unit(&item.slug, &item.text.plain());
                }
            }
        }
        self.block(&paragraph.slug, start);
    }

    fn unit(&mut self, slug: &str, words: &str) {
        let start = self.text.len();
        self.text.push_str(words);
        self.units.push(Part { slug: slug.to_owned(), at: start..self.text.len() });
    }

    fn block(&mut self, slug: &str, start: usize) {
        self.blocks.push(Part { slug: slug.to_owned(), at: start..self.text.len() });
        self.text.push('\n');
    }

    /// The number of a folded word.
    pub(super) fn id(&self, folded: &str) -> u32 {
        self.ids.get(folded).copied().unwrap_or(UNKNOWN)
    }

    /// Where the word stands, in order.
    pub(super) fn places(&self, id: u32) -> &[u32] {
        self.places.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// What a word counts: three, or one if it is among the most common, of which any two texts share many.
    pub(super) fn weight(&self, id: u32) -> u32 {
        if self.places(id).len() * 100 > self.words.len() { 1 } else { 3 }
    }

    /// The unit of the word.
    pub(super) fn unit_of(&self, word: usize) -> &Part {
        &self.units[self.words[word].unit as usize]
    }

    /// The words of the unit that the word stands in.
    pub(super) fn words_beside(&self, word: usize) -> Range<usize> {
        let unit = self.words[word].unit;
        self.words.partition_point(|w| w.unit < unit)..self.words.partition_point(|w| w.unit <= unit)
    }

    /// Where these words stand one after the other. Adds to `steps` what it looked at.
    pub(super) fn occurrences(&self, ids: &[u32], steps: &mut usize) -> Vec<usize> {
        let Some((rarest, id)) = ids.iter().enumerate().min_by_key(|(_, id)| self.places(**id).len()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for place in self.places(*id) {
            *steps += 1;
            let Some(start) = (*place as usize).checked_sub(rarest) else { continue };
            let Some(words) = self.words.get(start..start + ids.len()) else { continue };
            let same = words.iter().zip(ids).take_while(|(word, id)| word.id == **id).count();
            *steps += same;
            if same == ids.len() {
                found.push(start);
            }
        }
        found
    }
}

/// No elided word has more bytes, brackets and all.
const LONGEST_ELIDED: usize = 16;

/// The words of a text. An elided article or pronoun is a word of its own, with its apostrophe: `l’` `OTAN`; any other
/// apostrophe within a word is part of it. Hyphens separate. The bytes in `silent` (brackets around a letter) are
/// passed over.
///
/// `silent` is in order.
pub(super) fn spans(text: &str, silent: &[usize]) -> Vec<Range<usize>> {
    let is_passed = |at: usize, c: char| is_silent(c) || silent.binary_search(&at).is_ok();
    let mut spans: Vec<Range<usize>> = Vec::with_capacity(text.len() / 5);
    // The word under way, with its end after the last letter.
    let mut word: Option<Range<usize>> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if is_letter(c) {
            word = Some(word.map_or(at, |word| word.start)..at + c.len_utf8());
        } else if let Some(open) = word.take() {
            let behind = at + c.len_utf8();
            let mut next = text[behind..].char_indices().filter(|(ahead, c)| !is_passed(behind + ahead, *c));
            if is_passed(at, c) {
                // Marks belong to the letter before them.
                word = Some(open.start..behind);
            } else if is_apostrophe(c) && next.next().is_some_and(|(_, c)| is_letter(c)) {
                if open.len() <= LONGEST_ELIDED && is_elided(&fold(&text[open.clone()])) {
                    spans.push(open.start..behind);
                } else {
                    word = Some(open);
                }
            } else {
                spans.push(open);
            }
        } else if silent.binary_search(&at).is_ok() && chars.peek().is_some_and(|(_, c)| is_letter(*c)) {
            word = Some(at..at + c.len_utf8());
        }
    }
    spans.extend(word);
    spans
}

/// A word of a quotation.
pub(super) struct Quoted {
    /// Its bytes in the quotation.
    pub(super) at: Range<usize>,
    /// Its letters: without a bracket or the hyphen at the end of a line.
    pub(super) letters: String,
    pub(super) folded: String,
    /// Part of it stands in square brackets: `[L]es`.
    pub(super) bracketed: bool,
    /// It was divided at the end of a line.
    pub(super) hyphenated: bool,
    /// A printed number stands before it, at the beginning of a line.
    pub(super) numbered: bool,
}

/// What the writer of a quotation marked between two words.
#[derive(Clone, Copy, Default)]
pub(super) struct Joint {
    /// Words were left out.
    pub(super) ellipsis: bool,
    /// Words were put in, or put for others.
    pub(super) inserted: bool,
}

impl Joint {
    pub(super) fn is_marked(self) -> bool {
        self.ellipsis || self.inserted
    }
}

/// How to read a quotation.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// Ellipses and square brackets are the writer's, not the text's.
    pub(super) marks: bool,
    /// Numbers before paragraphs are words.
    pub(super) numbers: bool,
}

/// A quotation, as words.
pub(super) struct Quotation<'a> {
    pub(super) text: &'a str,
    pub(super) words: Vec<Quoted>,
    /// What is marked before each word, and after the last.
    pub(super) joints: Vec<Joint>,
    /// Whether there are words that may be numbers of paragraphs.
    pub(super) numbers: bool,
}

impl<'a> Quotation<'a> {
    /// Reads a quotation. `known` says whether a folded word is one of the texts.
    pub(super) fn read(text: &'a str, reading: Reading, known: impl Fn(&str) -> bool) -> Self {
        let brackets = if reading.marks { Brackets::of(text) } else { Brackets::default() };
        let mut words: Vec<Quoted> = Vec::new();
        let mut numbered = false;
        let mut numbers = false;
        let mut end = 0;
        for at in spans(text, &brackets.silent) {
            let gap = std::mem::replace(&mut end, at.end)..at.start;
            if lies_within(&at, &brackets.insertions) {
                continue;
            }
            if (gap.start == 0 || text[gap].contains('\n')) && is_printed_number(text, &at) {
                numbers = true;
                if !reading.numbers {
                    numbered = true;
                    continue;
                }
            }
            let raw = &text[at.clone()];
            let bracketed = !brackets.silent.is_empty() && raw.contains(['[', ']']);
            let letters = if bracketed { raw.replace(['[', ']'], "") } else { raw.to_owned() };
            let folded = fold(&letters);
            let word = Quoted { at, letters, folded, bracketed, hyphenated: false, numbered };
            numbered = false;
            match words.last_mut() {
                Some(before) if is_divided(text, before, &word) && known(&(before.folded.clone() + &word.folded)) => {
                    before.at.end = word.at.end;
                    before.letters = before.letters.trim_end_matches('\u{AD}').to_owned() + &word.letters;
                    before.folded += &word.folded;
                    before.hyphenated = true;
                }
                _ => words.push(word),
            }
        }
        let mut joints = vec![Joint::default(); words.len() + 1];
        let ends = words.iter().map(|word| word.at.end);
        let starts = words.iter().map(|word| word.at.start).chain([text.len()]);
        for ((from, to), joint) in [0].into_iter().chain(ends).zip(starts).zip(&mut joints) {
            if reading.marks {
                joint.ellipsis = is_ellipsis(&text[from..to]) || holds(&(from..to), &brackets.ellipses);
                joint.inserted = holds(&(from..to), &brackets.insertions);
            }
        }
        Quotation { text, words, joints, numbers }
    }

    /// From the first word to the last.
    pub(super) fn core(&self) -> &'a str {
        let end = self.words.last().map_or(0, |word| word.at.end);
        &self.text[self.words.first().map_or(0, |word| word.at.start)..end]
    }

    /// The words as the numbers of a document.
    pub(super) fn ids(&self, corpus: &Corpus) -> Vec<u32> {
        self.words.iter().map(|word| corpus.id(&word.folded)).collect()
    }
}

/// Whether one of these, which are in order, holds it.
fn lies_within(at: &Range<usize>, ranges: &[Range<usize>]) -> bool {
    ranges.get(ranges.partition_point(|range| range.end < at.end)).is_some_and(|range| range.start <= at.start)
}

/// Whether it holds one of these, which are in order.
fn holds(at: &Range<usize>, ranges: &[Range<usize>]) -> bool {
    ranges.get(ranges.partition_point(|range| range.start < at.start)).is_some_and(|range| range.end <= at.end)
}

/// What stands in square brackets.
#[derive(Default)]
struct Brackets {
    /// Brackets around letters of a word.
    silent: Vec<usize>,
    /// `[les Alliés]`.
    insertions: Vec<Range<usize>>,
    /// `[…]`, `[ ]`.
    ellipses: Vec<Range<usize>>,
}

impl Brackets {
    /// An insertion is no longer, in bytes: what is longer is text in brackets.
    const LONGEST: usize = 200;
    /// So many letters in brackets are an ending, more are a word: `développe[ment]`.
    const ENDING: usize = 5;

    fn of(text: &str) -> Self {
        let mut brackets = Brackets::default();
        let mut open = None;
        for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '[' | ']')) {
            if c == '[' {
                open = Some(at);
                continue;
            }
            let Some(start) = open.take().filter(|start| at - start <= Self::LONGEST) else { continue };
            let inside = &text[start + 1..at];
            let before = text[..start].chars().next_back();
            let after = text[at + 1..].chars().next();
            let beside = before.is_some_and(is_letter) || after.is_some_and(|c| is_letter(c) || is_apostrophe(c));
            if !inside.contains(is_letter) {
                brackets.ellipses.push(start..at + 1);
            } else if beside && inside.chars().all(is_letter) && inside.chars().count() <= Self::ENDING {
                brackets.silent.extend([start, at]);
            } else {
                brackets.insertions.push(start..at + 1);
                if is_ellipsis(inside) {
                    brackets.ellipses.push(start..at + 1);
                }
            }
        }
        brackets
    }
}

/// Three points, in one character, in three, or apart.
fn is_ellipsis(gap: &str) -> bool {
    let mut points = 0;
    gap.chars().any(|c| {
        points = match c {
            '.' => points + 1,
            _ if c.is_whitespace() => points,
            _ => 0,
        };
        matches!(c, '…' | '⋯') || points == 3
    })
}

/// `3.` or `3)`, which at the beginning of a line counts paragraphs.
fn is_printed_number(text: &str, at: &Range<usize>) -> bool {
    let mut after = text[at.end..].chars();
    at.len() <= 2
        && text[at.clone()].bytes().all(|b| b.is_ascii_digit())
        && matches!(after.next(), Some('.' | ')'))
        && after.next().is_some_and(char::is_whitespace)
}

/// Whether a hyphen and the end of a line stand between the two.
fn is_divided(text: &str, before: &Quoted, after: &Quoted) -> bool {
    let gap = &text[before.at.end..after.at.start];
    let hyphen = gap.starts_with(is_hyphen) || before.letters.ends_with('\u{AD}');
    let rest = gap.trim_start_matches(is_hyphen);
    hyphen
        && rest.contains('\n')
        && rest.chars().all(char::is_whitespace)
        && after.letters.starts_with(char::is_lowercase)
}
