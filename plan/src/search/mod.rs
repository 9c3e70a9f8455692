//! Search as one types, in French and English, in the browser and on the server alike.
//!
//! ```
//! use plan::Lang;
//! use plan::search::{Builder, Entry, EntryKind};
//!
//! let mut builder = Builder::new(Lang::Fr, &[vec!["obus".into(), "munitions".into()]]);
//! builder.add(Entry { slug: "m8".into(), kind: EntryKind::Text, text: "L’interopérabilité des munitions".into() });
//! let index = builder.finish();
//!
//! for query in ["munitions", "munition", "muni", "MUNITIONS", "munitons", "obus", "l'interop", "\"des munitions\""] {
//!     assert_eq!(index.search(query, 10).total, 1, "{query}");
//! }
//! ```
//!
//! What is free: case, accents, ligatures, elisions, the shape of apostrophes, inflections, hyphens (`start-ups`,
//! `startups` and `start ups` are one). The last word may be unfinished. What stands in quotation marks is looked for
//! to the letter. Synonyms count for less than the word itself, and a typing error is forgiven only where the word
//! is otherwise unknown, so that tolerance costs no precision. Common words (`de`, `the`) are read only when
//! there is nothing else to read.
//!
//! The files: `fold` knows words, `index` keeps them, `typo` finds those that resemble a word, `query` answers;
//! `wanted` does without an index, and `terms` serves one that is kept elsewhere.

mod fold;
mod index;
mod query;
mod stem;
mod terms;
mod typo;
mod wanted;

pub use fold::fold;
pub(crate) use fold::{is_apostrophe, is_elided, is_hyphen, is_letter, is_silent, is_stop_word};
pub use index::{Builder, Index};
pub use terms::{Term, Vocabulary, terms};
pub use wanted::{Phrase, Wanted, Worded};

use crate::Document;
use serde::{Deserialize, Serialize};

/// Whether an entry is a heading or running text. Headings come first among equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// The heading of a section or measure.
    Title,
    /// A paragraph.
    #[default]
    Text,
}

/// Something that can be found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its address in the document, `m4.2`.
    pub slug: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its words.
    pub text: String,
}

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// The best entries, as many as were asked for.
    pub hits: Vec<Hit>,
    /// How many entries there are.
    pub total: usize,
    /// If there is none: words of the texts that resemble those of the query.
    pub suggestions: Vec<String>,
}

/// An entry that answers a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The entry's address.
    pub slug: String,
    /// What it is.
    pub kind: EntryKind,
    /// The entry's text, whole.
    pub text: String,
    /// What matched, in bytes of `text`: in order, apart from each other. Empty if the query was the address.
    pub marks: Vec<(usize, usize)>,
    /// The reason: the words of the text that matched, each once, as they stand there.
    pub because: Vec<String>,
    /// Not all that was asked for is there.
    pub partial: bool,
}

/// A piece of a text around what matched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The piece in pieces, each with whether it is marked.
    pub pieces: Vec<(String, bool)>,
    /// Text was left out before it.
    pub cut_before: bool,
    /// Text was left out after it.
    pub cut_after: bool,
}

impl Hit {
    /// At most `max_chars` characters of the text where most of the different words that matched are, cut between
    /// words.
    pub fn excerpt(&self, max_chars: usize) -> Excerpt {
        let (start, end) = self.window(max_chars);
        let mut excerpt = Excerpt { pieces: Vec::new(), cut_before: start > 0, cut_after: end < self.text.len() };
        let mut at = start;
        let mut push = |from: usize, to: usize, marked: bool| {
            if from < to {
                excerpt.pieces.push((self.text[from..to].to_owned(), marked));
            }
        };
        for (from, to) in &self.marks {
            let (from, to) = ((*from).max(start), (*to).min(end));
            if from < to {
                push(at, from, false);
                push(from, to, true);
                at = to;
            }
        }
        push(at, end, false);
        excerpt
    }

    /// Where the excerpt begins and ends.
    fn window(&self, max_chars: usize) -> (usize, usize) {
        let text = &self.text;
        let chars = |from: usize, to: usize| text[from..to].chars().count();
        if chars(0, text.len()) <= max_chars {
            return (0, text.len());
        }
        // The marks that fit together from each one on; those of most different words win, then the most, then the first.
        let start = self.marks.first().map_or(0, |mark| mark.0);
        let (mut best, mut first, mut last) = ((0, 0), start, start);
        for (nth, (start, end)) in self.marks.iter().enumerate() {
            let mut words: Vec<String> = Vec::new();
            let (mut count, mut to) = (0, *end);
            for (from, end) in &self.marks[nth..] {
                if chars(*start, *end) > max_chars {
                    break;
                }
                let word = fold::fold(&text[*from..*end]);
                if !words.contains(&word) {
                    words.push(word);
                }
                (count, to) = (count + 1, *end);
            }
            if (words.len(), count) > best {
                (best, first, last) = ((words.len(), count), *start, to);
            }
        }
        // A third of the room that is left goes before, the rest behind; what one side does not need the other gets.
        let room = max_chars - chars(first, last).min(max_chars);
        let (before, after) = (chars(0, first), chars(last, text.len()));
        let ahead = before.min((room / 3).max(room - room.min(after)));
        let mut start = first - back(&text[..first], ahead);
        let mut end = last + forth(&text[last..], room - ahead);
        let is_blank = char::is_whitespace;
        if start > 0 && !text[..start].ends_with(is_blank) {
            start = text[start..first].find(is_blank).map_or(first, |blank| start + blank);
        }
        if end < text.len() && !text[end..].starts_with(is_blank) {
            end = text[last..end].rfind(is_blank).map_or(last.max(start), |blank| last + blank);
        }
        if start == end {
            // One long word, or none that fits.
            end = start + forth(&text[start..], max_chars);
        }
        let cut = &text[start..end];
        (start + cut.len() - cut.trim_start().len(), end - (cut.len() - cut.trim_end().len()))
    }
}

/// The length in bytes of the first `chars` characters.
fn forth(text: &str, chars: usize) -> usize {
    text.chars().take(chars).map(char::len_utf8).sum()
}

/// The length in bytes of the last `chars` characters.
fn back(text: &str, chars: usize) -> usize {
    text.chars().rev().take(chars).map(char::len_utf8).sum()
}

impl Document {
    /// What can be found in it: the headings of sections and measures, and every paragraph, in reading order. A
    /// paragraph does not hold the words of the heading above it.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut add = |slug: &str, kind, text| entries.push(Entry { slug: slug.to_owned(), kind, text });
        for section in &self.sections {
            add(&section.slug, EntryKind::Title, section.heading.plain());
            section.paragraphs.iter().for_each(|p| add(&p.slug, EntryKind::Text, p.plain()));
            for measure in &section.measures {
                add(&measure.slug, EntryKind::Title, measure.heading.plain());
                measure.paragraphs.iter().for_each(|p| add(&p.slug, EntryKind::Text, p.plain()));
            }
        }
        entries
    }
}
