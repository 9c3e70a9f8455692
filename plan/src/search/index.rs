//! What is kept of the texts: a sorted vocabulary, and for every word the entries that hold it.
//!
//! A word has a number (its *term*), in the order of first appearance. An entry's text is kept once, beside it its
//! words as terms; where in the text a word stands is found again by splitting the few texts that are shown.
//! All of it grows, in order, while entries are added, so that [`Builder::finish`] is short.

use super::fold::{fold, spans};
use super::stem::{family, stems};
use super::{Entry, EntryKind};
use crate::{Document, Lang};
use std::collections::{BTreeSet, HashMap};

/// Set on the term of a [compound](super::fold::Span::whole), which has no place of its own among its parts.
pub(super) const WHOLE: u32 = 1 << 31;

/// A posting is the entry's number in the upper 24 bits, how often the word stands there (at most 255) in the lower 8.
const MOST_ENTRIES: usize = 1 << 24;

/// No slug is longer, in bytes.
const LONGEST_ADDRESS: usize = 100;

/// Makes an [`Index`], entry by entry, so that a page can build it in slices between two frames.
pub struct Builder {
    index: Index,
    /// Words as they stand in the texts: most need not be folded again.
    seen: HashMap<Box<str>, u32>,
    words: Sorted,
    stems: Sorted,
    roots: Sorted,
    slugs: Sorted,
}

/// Strings, each with a term: what becomes a [`Lexicon`], in its order from the first, so that no long sort is left.
pub(super) type Sorted = BTreeSet<(Box<str>, u32)>;

impl Builder {
    /// Nothing added yet. Each group of synonyms holds words or phrases that stand for one another.
    pub fn new(lang: Lang, synonyms: &[Vec<String>]) -> Self {
        let words = |phrase: &String| {
            spans(phrase).iter().filter(|s| !s.whole).map(|s| Word::new(lang, &phrase[s.start..s.end])).collect()
        };
        let synonyms = synonyms.iter().map(|group| group.iter().map(words).collect()).collect();
        Self {
            index: Index {
                lang,
                entries: Vec::new(),
                slugs: Lexicon::default(),
                tokens: Vec::new(),
                ends: Vec::new(),
                postings: Vec::new(),
                words: Lexicon::default(),
                stems: Lexicon::default(),
                roots: Lexicon::default(),
                synonyms,
            },
            seen: HashMap::new(),
            words: Sorted::new(),
            stems: Sorted::new(),
            roots: Sorted::new(),
            slugs: Sorted::new(),
        }
    }

    /// Takes one entry in. More than 16 million entries, or two thousand million words, are not taken.
    pub fn add(&mut self, entry: Entry) {
        let number = self.index.entries.len();
        if number >= MOST_ENTRIES || self.index.tokens.len() + entry.text.len() >= WHOLE as usize {
            return;
        }
        for span in spans(&entry.text) {
            let term = self.term(&entry.text[span.start..span.end]);
            self.index.tokens.push(if span.whole { term | WHOLE } else { term });
            let postings = &mut self.index.postings[term as usize];
            match postings.last_mut() {
                Some(last) if *last >> 8 == number as u32 => *last += u32::from(*last & 0xFF < 0xFF),
                _ => postings.push((number as u32) << 8 | 1),
            }
        }
        self.index.ends.push(self.index.tokens.len() as u32);
        self.slugs.insert((entry.slug.as_str().into(), number as u32));
        self.index.entries.push(entry);
    }

    /// The number of a word as it stands in a text.
    fn term(&mut self, word: &str) -> u32 {
        if let Some(term) = self.seen.get(word) {
            return *term;
        }
        let folded: Box<str> = fold(word).into();
        let lang = self.index.lang;
        let term = match self.words.range((folded.clone(), 0)..).next() {
            Some((known, term)) if *known == folded => *term,
            _ => {
                let term = self.index.postings.len() as u32;
                self.index.postings.push(Vec::new());
                self.stems.extend(stems(lang, &folded).into_iter().map(|stem| (stem.into(), term)));
                self.words.insert((folded, term));
                term
            }
        };
        self.roots.extend(family(lang, word).into_iter().map(|root| (root.into(), term)));
        self.seen.insert(word.into(), term);
        term
    }

    /// The index. The one step that cannot be sliced: under a millisecond for the plan, a tenth of a second for 60,000
    /// different words.
    pub fn finish(self) -> Index {
        let Builder { index, words, stems, roots, slugs, .. } = self;
        Index {
            words: Lexicon::of(words),
            stems: Lexicon::of(stems),
            roots: Lexicon::of(roots),
            slugs: Lexicon::of(slugs),
            ..index
        }
    }
}

/// The searchable form of a number of entries. Made by a [`Builder`] or by [`Index::of`].
#[derive(Clone, Debug)]
pub struct Index {
    pub(super) lang: Lang,
    pub(super) entries: Vec<Entry>,
    /// The entries by their slugs.
    slugs: Lexicon,
    /// The words of all entries, one after the other.
    tokens: Vec<u32>,
    /// Where each entry's words end in `tokens`.
    ends: Vec<u32>,
    /// By term, see [`MOST_ENTRIES`].
    postings: Vec<Vec<u32>>,
    /// The vocabulary, folded.
    pub(super) words: Lexicon,
    /// The vocabulary without its inflections.
    pub(super) stems: Lexicon,
    /// The vocabulary by families.
    pub(super) roots: Lexicon,
    /// Groups of phrases.
    pub(super) synonyms: Vec<Vec<Vec<Word>>>,
}

impl Index {
    /// The index of a document: its headings and its paragraphs.
    pub fn of(document: &Document) -> Index {
        let mut builder = Builder::new(document.lang, &document.synonyms);
        document.entries().into_iter().for_each(|entry| builder.add(entry));
        builder.finish()
    }

    /// The entry of this slug, the first if several share it.
    pub fn entry(&self, slug: &str) -> Option<&Entry> {
        self.slugs.exactly(slug).first().map(|number| &self.entries[*number as usize])
    }

    /// The entries in the order in which they were added.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry that an address means: `m4.2`, `M4`, `m4.2.s3` (its paragraph), `¶20` (the twentieth text).
    pub(super) fn place(&self, address: &str) -> Option<u32> {
        let address = address.trim();
        if let Some(count) = address.strip_prefix('¶') {
            let count = count.trim().parse::<usize>().ok()?.checked_sub(1)?;
            let text = |number: &u32| self.entries[*number as usize].kind == EntryKind::Text;
            return (0..self.entries.len() as u32).filter(text).nth(count);
        }
        if address.len() > LONGEST_ADDRESS {
            return None;
        }
        let slug = to_lowercase(address);
        let mut slug = slug.as_str();
        loop {
            if let Some(number) = self.slugs.exactly(slug).first() {
                return Some(*number);
            }
            slug = slug.rsplit_once('.')?.0;
        }
    }

    /// How many different words there are.
    pub(super) fn terms(&self) -> usize {
        self.postings.len()
    }

    /// The entries that hold a word, each with how often it does.
    pub(super) fn holders(&self, term: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.postings[term as usize].iter().map(|posting| (posting >> 8, posting & 0xFF))
    }

    /// How many entries hold a word.
    pub(super) fn frequency(&self, term: u32) -> usize {
        self.postings[term as usize].len()
    }

    /// How many words all entries have.
    pub(super) fn total_length(&self) -> usize {
        self.tokens.len()
    }

    /// The words of an entry in step with the [`spans`] of its text: terms, with [`WHOLE`] where it applies.
    pub(super) fn tokens(&self, entry: u32) -> &[u32] {
        let start = entry.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.tokens[start as usize..self.ends[entry as usize] as usize]
    }

    /// A word as it stands in the texts, accents and all: `interopérabilité` for `interoperabilite`. Lower case,
    /// unless it is an acronym.
    pub(super) fn as_written(&self, term: u32) -> Option<String> {
        let (entry, _) = self.holders(term).next()?;
        let at = self.tokens(entry).iter().position(|token| token & !WHOLE == term)?;
        let text = &self.entries[entry as usize].text;
        let span = *spans(text).get(at)?;
        let word = &text[span.start..span.end];
        let acronym = word.chars().filter(|c| c.is_uppercase()).count() > 1;
        Some(if acronym { word.to_owned() } else { to_lowercase(word) })
    }
}

/// Letter by letter: that of the standard library brings tables along for the Greek sigma at the end of a word.
fn to_lowercase(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// A word asked for.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// As it stands.
    pub(super) written: String,
    pub(super) folded: String,
    /// What its inflections share.
    pub(super) stems: Vec<String>,
}

impl Word {
    pub(super) fn new(lang: Lang, word: &str) -> Self {
        let folded = fold(word);
        Self { written: word.to_owned(), stems: stems(lang, &folded), folded }
    }

    /// Whether both are inflections of one word.
    pub(super) fn akin(&self, other: &Word) -> bool {
        self.folded == other.folded || self.stems.iter().any(|stem| other.stems.contains(stem))
    }
}

/// Strings in order, each with a term, in one piece of memory. A string may occur with several terms.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    letters: String,
    /// Where each string ends in `letters`.
    ends: Vec<u32>,
    terms: Vec<u32>,
    /// How many bytes each string shares with the one before, at most 255.
    shared: Vec<u8>,
}

impl Lexicon {
    pub(super) fn of(pairs: Sorted) -> Self {
        let mut lexicon = Self::default();
        for (string, term) in pairs {
            let before = lexicon.len().checked_sub(1).map_or("", |last| lexicon.string(last));
            let shared = before.bytes().zip(string.bytes()).take(255).take_while(|(a, b)| a == b).count();
            lexicon.shared.push(shared as u8);
            lexicon.letters.push_str(&string);
            lexicon.ends.push(lexicon.letters.len() as u32);
            lexicon.terms.push(term);
        }
        lexicon
    }

    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    pub(super) fn string(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.letters[start as usize..self.ends[at] as usize]
    }

    pub(super) fn term(&self, at: usize) -> u32 {
        self.terms[at]
    }

    /// How many bytes the string shares with the one before; of the first 255.
    pub(super) fn shared(&self, at: usize) -> usize {
        usize::from(self.shared[at])
    }

    /// The terms of the strings with `part` in them.
    pub(super) fn containing(&self, part: &str) -> Vec<u32> {
        let mut terms = Vec::new();
        for (place, _) in self.letters.match_indices(part) {
            let at = self.ends.partition_point(|end| *end as usize <= place);
            if place + part.len() <= self.ends[at] as usize {
                terms.push(self.terms[at]);
            }
        }
        terms
    }

    /// The terms of the strings equal to `string`.
    pub(super) fn exactly(&self, string: &str) -> &[u32] {
        let start = self.lower_bound(string);
        let equal = (start..self.len()).take_while(|at| self.string(*at) == string).count();
        &self.terms[start..start + equal]
    }

    /// The terms of the strings that begin with `prefix`.
    pub(super) fn beginning_with(&self, prefix: &str) -> &[u32] {
        let start = self.lower_bound(prefix);
        let rest = &self.ends[start..];
        let end = start + partition_point(rest.len(), |at| self.string(start + at).starts_with(prefix));
        &self.terms[start..end]
    }

    /// The place of the first string that is not before `string`.
    pub(super) fn lower_bound(&self, string: &str) -> usize {
        partition_point(self.len(), |at| self.string(at) < string)
    }
}

/// How many of `0..len` come before the first for which `before` is false.
fn partition_point(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low.midpoint(high);
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}
