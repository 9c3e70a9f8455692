//! Words as people type them: where they stand in a text, and the plain form in which they are compared.
//!
//! Nothing here knows of an index. [`spans`] finds the words, [`fold`] takes away what a reader need not type
//! (case, accents, ligatures, hyphens, zero-width characters).

use crate::Lang;
use unicode_normalization::char::decompose_compatible;

/// Where a word stands in a text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    /// A compound, the words right before it joined: `start-ups` gives `start`, `ups` and the whole `start-ups`.
    pub(super) whole: bool,
}

/// The words of a text, in order.
///
/// - An elided article or pronoun is no word: `l’OTAN` is `OTAN`; nor is the English `'s`. Any other apostrophe is
///   part of its word (`aujourd’hui`).
/// - A compound is its parts, then the [whole](Span::whole).
/// - Points separate (`m4.2`), save in acronyms (`O.T.A.N.`, `R&D`).
pub(super) fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::with_capacity(text.len() / 5);
    for (at, chunk) in split(0, text, |c| !is_letter(c) && !is_joint(c)) {
        if !chunk.contains(is_joint) {
            spans.push(Span { start: at, end: at + chunk.len(), whole: false });
            continue;
        }
        let first = spans.len();
        let mut parts = 0;
        for (at, part) in split(at, chunk, is_hyphen) {
            let before = spans.len();
            if is_dotted(part) {
                push(&mut spans, at, part.trim_end_matches(is_point));
            } else {
                split(at, part, is_point).for_each(|(at, word)| push(&mut spans, at, word));
            }
            parts += usize::from(spans.len() > before);
        }
        if parts > 1 {
            let (start, end) = (spans[first].start, spans[spans.len() - 1].end);
            spans.push(Span { start, end, whole: true });
        }
    }
    spans
}

/// The pieces of `text` between separators, each with its place when `text` itself stands at `base`.
fn split(base: usize, text: &str, separator: fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let origin = text.as_ptr() as usize;
    text.split(separator)
        .filter(|piece| !piece.is_empty())
        .map(move |piece| (base + piece.as_ptr() as usize - origin, piece))
}

/// Adds the word in `piece`, if there is one, without what is elided before it or hangs on behind.
fn push(spans: &mut Vec<Span>, at: usize, piece: &str) {
    const ELIDED: [&str; 13] = ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];
    let mut word = piece.trim_matches(is_apostrophe);
    while let Some((before, after)) = word.split_once(is_apostrophe) {
        if !ELIDED.iter().any(|elided| before.eq_ignore_ascii_case(elided)) {
            break;
        }
        word = after.trim_start_matches(is_apostrophe);
    }
    if let Some((before, after)) = word.rsplit_once(is_apostrophe)
        && after.eq_ignore_ascii_case("s")
    {
        word = before.trim_end_matches(is_apostrophe);
    }
    word = word.trim_start_matches(is_silent);
    if word.contains(is_letter) {
        let start = at + word.as_ptr() as usize - piece.as_ptr() as usize;
        spans.push(Span { start, end: start + word.len(), whole: false });
    }
}

/// Letters one by one with a point or `&` between: `O.T.A.N`, `U.E.`, `R&D`.
fn is_dotted(part: &str) -> bool {
    let mut letters = part.trim_end_matches(is_point).split(is_point);
    let one_letter = |piece: &str| piece.chars().all(char::is_alphabetic) && piece.chars().count() == 1;
    letters.next().is_some_and(one_letter) && letters.clone().next().is_some() && letters.all(one_letter)
}

fn is_letter(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | 'à'..='ö' => true,
        '\0'..='\u{A9}' => false,
        _ => c.is_alphanumeric() && !is_apostrophe(c) && !is_silent(c),
    }
}

/// What may stand within a word and is no letter.
fn is_joint(c: char) -> bool {
    match c {
        '\0'..='\u{7F}' => matches!(c, '\'' | '`' | '-' | '.' | '&'),
        'à'..='ÿ' => false,
        _ => is_apostrophe(c) || is_hyphen(c) || is_silent(c),
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '‛' | 'ʼ' | 'ʹ' | '′' | '´' | '`' | '＇')
}

/// Hyphens; dashes and the minus sign are none.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

fn is_point(c: char) -> bool {
    matches!(c, '.' | '&')
}

/// Marks that ride on a letter, and characters of no width: part of a word, never seen in its folded form.
fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}' | '\u{FE00}'..='\u{FE0F}' | '\u{00AD}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// The form in which words are compared: `Œuvre` is `oeuvre`, `Interopérabilité` is `interoperabilite`,
/// `start-ups` is `startups`.
pub(super) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars() {
        if c.is_ascii() {
            push_lower(&mut folded, c);
        } else {
            decompose_compatible(c, |part| push_lower(&mut folded, part));
        }
    }
    folded
}

/// Lower case, the accents kept: what a French stemmer wants to see.
pub(super) fn lower(word: &str) -> String {
    let mut lower = String::with_capacity(word.len());
    word.chars().for_each(|c| push_lower(&mut lower, c));
    lower
}

fn push_lower(word: &mut String, c: char) {
    if c.is_ascii_alphanumeric() {
        word.push(c.to_ascii_lowercase());
    } else if is_letter(c) {
        for c in c.to_lowercase().filter(|c| is_letter(*c)) {
            match c {
                'œ' => word.push_str("oe"),
                'æ' => word.push_str("ae"),
                'ß' => word.push_str("ss"),
                'ø' => word.push('o'),
                'ł' => word.push('l'),
                'đ' => word.push('d'),
                c => word.push(c),
            }
        }
    }
}

/// Words too common to look for, folded and sorted.
const STOP_WORDS_FR: &[&str] = &[
    "a", "ai", "au", "aucun", "aucune", "aux", "avec", "c", "ce", "ceci", "cela", "celle", "celles", "celui", "ces",
    "cet", "cette", "ceux", "chez", "combien", "comme", "comment", "d", "dans", "de", "des", "donc", "dont", "du",
    "elle", "elles", "en", "est", "et", "etaient", "etait", "etant", "ete", "etes", "etre", "il", "ils", "j", "je",
    "l", "la", "le", "les", "leur", "leurs", "lui", "m", "ma", "mais", "me", "mes", "moi", "mon", "n", "ne", "ni",
    "nos", "notre", "nous", "on", "ont", "or", "ou", "par", "pas", "pour", "pourquoi", "qu", "quand", "que", "quel",
    "quelle", "quelles", "quels", "qui", "quoi", "s", "sa", "se", "sera", "seront", "ses", "si", "son", "sont", "sur",
    "t", "ta", "te", "tes", "toi", "ton", "tu", "un", "une", "vos", "votre", "vous", "y",
];
const STOP_WORDS_EN: &[&str] = &[
    "a", "about", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by", "can", "could", "did", "do",
    "does", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "me", "my", "of", "on", "or", "our", "s", "she", "should", "so", "some", "such", "t", "than", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "those", "to", "was", "we", "were", "what", "when",
    "where", "which", "who", "whom", "whose", "why", "will", "with", "would", "you", "your",
];

/// Whether the folded word is too common to look for.
pub(super) fn is_stop_word(lang: Lang, folded: &str) -> bool {
    let words = match lang {
        Lang::Fr => STOP_WORDS_FR,
        Lang::En => STOP_WORDS_EN,
    };
    words.binary_search(&folded).is_ok()
}
