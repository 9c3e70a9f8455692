//! What printers, keyboards and programs change and writers do not: the difference between typography and words.

use super::{Slight, Typography};
use crate::search::{fold, is_apostrophe, is_hyphen, is_silent};

/// What the comparison of two words or of two gaps says.
pub(super) enum Likeness {
    /// The same but for these; none if they are the same to the letter.
    Same(Vec<Typography>),
    /// Not the same, but nearly.
    Slight(Slight),
}

/// Compares two words that [`fold`] makes alike. `first` if the quotation, or what it resumes after an ellipsis,
/// begins with it.
pub(super) fn words(quoted: &str, original: &str, first: bool) -> Likeness {
    if quoted == original {
        return Likeness::Same(Vec::new());
    }
    let mut changes = Vec::new();
    if !same(quoted, original, is_apostrophe) {
        changes.push(Typography::Apostrophes);
    }
    if !same(quoted, original, |c| is_silent(c) && !is_accent(c)) {
        changes.push(Typography::Invisible);
    }
    let (composed_quoted, composed) = (composed(quoted), composed(original));
    let (quoted, original) = (letters(&composed_quoted), letters(&composed));
    if quoted == original {
        if changes.is_empty() {
            changes.push(Typography::Letters);
        }
        return Likeness::Same(changes);
    }
    if without_accents_on_capitals(&quoted) == without_accents_on_capitals(&original) {
        changes.push(Typography::CapitalAccents);
        return Likeness::Same(changes);
    }
    if first && decapitalised(&quoted) == decapitalised(&original) {
        changes.push(Typography::FirstLetter);
        return Likeness::Same(changes);
    }
    let small = |word: &str| word.chars().flat_map(char::to_lowercase).collect::<String>();
    Likeness::Slight(if small(&quoted) == small(&original) { Slight::Case } else { Slight::Accents })
}

/// Compares what stands between two words.
pub(super) fn gaps(quoted: &str, original: &str) -> Likeness {
    if quoted == original {
        return Likeness::Same(Vec::new());
    }
    if !marks(quoted).eq(marks(original)) {
        return Likeness::Slight(Slight::Punctuation);
    }
    let mut changes = Vec::new();
    for (typography, of) in [
        (Typography::Apostrophes, is_apostrophe as fn(char) -> bool),
        (Typography::QuotationMarks, is_quotation_mark),
        (Typography::Dashes, is_dash),
        (Typography::Numbering, is_bullet),
        (Typography::Invisible, is_silent),
    ] {
        if !same(quoted, original, of) {
            changes.push(typography);
        }
    }
    if quoted.contains('\n') != original.contains('\n') {
        changes.push(Typography::LineBreaks);
    } else if !quoted.contains('\n') && spaces(quoted) != spaces(&single_spaced(original)) {
        changes.push(Typography::Spaces);
    }
    Likeness::Same(changes)
}

/// What a quotation ends with, within its own quotation marks: a mark that the text has not there.
pub(super) fn end(quoted: &str, original: &str) -> Option<char> {
    let inside = quoted.split(is_quotation_mark).next().unwrap_or_default();
    let mark = marks(inside).next().filter(|mark| matches!(mark, '.' | ',' | ';' | ':' | '!' | '?'))?;
    (marks(original).next() != Some(mark)).then_some(mark)
}

/// The punctuation that readers see as such: without spaces, quotation marks, apostrophes, bullets; every dash a hyphen.
fn marks(gap: &str) -> impl Iterator<Item = char> {
    let mut before = None;
    gap.chars()
        .filter(|c| {
            !(c.is_whitespace() || is_silent(*c) || is_apostrophe(*c) || is_quotation_mark(*c) || is_bullet(*c))
        })
        .map(|c| if is_dash(c) { '-' } else { c })
        // `--` is a dash.
        .filter(move |c| before.replace(*c) != Some('-') || *c != '-')
}

/// Whether the characters of one kind are the same in both.
fn same(a: &str, b: &str, of: impl Fn(char) -> bool) -> bool {
    a.chars().filter(|c| of(*c)).eq(b.chars().filter(|c| of(*c)))
}

fn spaces(gap: &str) -> String {
    gap.chars().filter(|c| c.is_whitespace()).collect()
}

/// Runs of spaces as a page shows them: as one.
fn single_spaced(gap: &str) -> String {
    let mut before = ' ';
    let mut single = String::with_capacity(gap.len());
    for (nth, c) in gap.chars().enumerate() {
        if c != ' ' || before != ' ' || nth == 0 {
            single.push(c);
        }
        before = c;
    }
    single
}

fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"' | '«' | '»' | '‹' | '›' | '“'..='‟' | '″' | '＂')
}

fn is_dash(c: char) -> bool {
    is_hyphen(c) || matches!(c, '‒'..='―' | '−' | '﹣' | '－')
}

fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '·' | '*' | '‣' | '▪' | '◦' | '●' | '■' | '\u{F0B7}')
}

/// Combining accents of the Latin alphabet.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// The letters with their accents in one character each, as French and its neighbours have them: a program that takes
/// them apart (`e` and `´`) changed nothing. Other combinations stay as they are.
fn composed(word: &str) -> String {
    const ACCENTS: [(char, &str, &str); 6] = [
        ('\u{300}', "aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
        ('\u{301}', "aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"),
        ('\u{302}', "aeiouAEIOU", "âêîôûÂÊÎÔÛ"),
        ('\u{303}', "anoANO", "ãñõÃÑÕ"),
        ('\u{308}', "aeiouyAEIOUY", "äëïöüÿÄËÏÖÜŸ"),
        ('\u{327}', "cC", "çÇ"),
    ];
    let mut composed = String::with_capacity(word.len());
    for c in word.chars() {
        let whole = ACCENTS.iter().find(|(accent, ..)| *accent == c).and_then(|(_, bases, wholes)| {
            let base = composed.chars().next_back()?;
            wholes.chars().nth(bases.chars().position(|b| b == base)?)
        });
        if let Some(whole) = whole {
            composed.pop();
            composed.push(whole);
        } else {
            composed.push(c);
        }
    }
    composed
}

/// Without apostrophes and characters of no width, ligatures as their letters.
fn letters(word: &str) -> String {
    let mut letters = String::with_capacity(word.len());
    for c in word.chars().filter(|c| !is_apostrophe(*c) && (!is_silent(*c) || is_accent(*c))) {
        match c {
            'œ' => letters.push_str("oe"),
            'Œ' => letters.push_str("Oe"),
            'æ' => letters.push_str("ae"),
            'Æ' => letters.push_str("Ae"),
            'ﬀ'..='ﬄ' => letters.push_str(&fold(c.encode_utf8(&mut [0; 4]))),
            c => letters.push(c),
        }
    }
    letters
}

/// `Ecosystème` for `Écosystème`: a usage of French typography, and of typewriters. Latin letters only.
fn without_accents_on_capitals(word: &str) -> String {
    let mut bare = String::with_capacity(word.len());
    for c in word.chars() {
        let folded = fold(c.encode_utf8(&mut [0; 4]));
        if c.is_uppercase() && folded.is_ascii() {
            bare.push_str(&folded.to_ascii_uppercase());
        } else {
            bare.push(c);
        }
    }
    bare
}

/// The first letter small, and without its accent if it was a capital.
fn decapitalised(word: &str) -> String {
    let bare = without_accents_on_capitals(word);
    let first = bare.chars().next().map_or(0, char::len_utf8);
    let small = word.chars().next().filter(|c| c.is_lowercase()).map(|c| fold(c.encode_utf8(&mut [0; 4])));
    small.unwrap_or_else(|| bare[..first].to_ascii_lowercase()) + &bare[first..]
}
