//! Words as people type them: where they stand in a text, and the plain form in which they are compared.
//!
//! Nothing here knows of an index. [`spans`] finds the words, [`fold`] takes away what a reader need not type
//! (case, accents, ligatures, hyphens, zero-width characters).

use crate::Lang;

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
            if is_dotted(unelided(part)) {
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
    let mut word = unelided(piece);
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

/// Without apostrophes around it and elided articles and pronouns before it.
fn unelided(piece: &str) -> &str {
    let mut word = piece.trim_matches(is_apostrophe);
    while let Some((before, after)) = word.split_once(is_apostrophe) {
        if !is_elided(before) {
            break;
        }
        word = after.trim_start_matches(is_apostrophe);
    }
    word
}

/// What French writes before an apostrophe and counts as a word: `l`, `qu`, `lorsqu`.
pub(crate) fn is_elided(word: &str) -> bool {
    const ELIDED: [&str; 13] = ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];
    ELIDED.iter().any(|elided| word.eq_ignore_ascii_case(elided))
}

/// Letters one by one with a point or `&` between: `O.T.A.N`, `U.E.`, `R&D`.
fn is_dotted(part: &str) -> bool {
    let mut letters = part.trim_end_matches(is_point).split(is_point);
    let one_letter = |piece: &str| piece.chars().all(char::is_alphabetic) && piece.chars().count() == 1;
    letters.next().is_some_and(one_letter) && letters.clone().next().is_some() && letters.all(one_letter)
}

pub(crate) fn is_letter(c: char) -> bool {
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

pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '‛' | 'ʼ' | 'ʹ' | '′' | '´' | '`' | '＇')
}

/// Hyphens; dashes and the minus sign are none.
pub(crate) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

fn is_point(c: char) -> bool {
    matches!(c, '.' | '&')
}

/// Marks that ride on a letter, and characters of no width: part of a word, never seen in its folded form.
pub(crate) fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}' | '\u{FE00}'..='\u{FE0F}' | '\u{00AD}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// The form in which words are compared: `Œuvre` is `oeuvre`, `Interopérabilité` is `interoperabilite`,
/// `start-ups` is `startups`. Latin letters lose their accents; other scripts only their capitals.
///
/// The letters are listed here because Unicode's own table of decompositions would add 48 kB, compressed, to what the
/// browser loads.
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            '\u{C0}'..='\u{17F}' => push_base(&mut folded, c, BASES_C0, 0xC0),
            '\u{1E00}'..='\u{1EFF}' => push_base(&mut folded, c, BASES_1E00, 0x1E00),
            // As in pages made of PDF files.
            'ﬀ' => folded.push_str("ff"),
            'ﬁ' => folded.push_str("fi"),
            'ﬂ' => folded.push_str("fl"),
            'ﬃ' => folded.push_str("ffi"),
            'ﬄ' => folded.push_str("ffl"),
            'Ș' | 'ș' => folded.push('s'),
            'Ț' | 'ț' => folded.push('t'),
            'ª' => folded.push('a'),
            'º' => folded.push('o'),
            '²' => folded.push('2'),
            '³' => folded.push('3'),
            '¹' => folded.push('1'),
            '₀'..='₉' => push_shifted(&mut folded, c, '₀', b'0'),
            '０'..='９' => push_shifted(&mut folded, c, '０', b'0'),
            'Ａ'..='Ｚ' => push_shifted(&mut folded, c, 'Ａ', b'a'),
            'ａ'..='ｚ' => push_shifted(&mut folded, c, 'ａ', b'a'),
            _ => push_lower(&mut folded, c),
        }
    }
    folded
}

/// The letters under the accents from U+00C0 on; where there are two, or none, a question mark.
const BASES_C0: &str = "\
    aaaaaa?ceeeeiiiidnooooo?ouuuuy??aaaaaa?ceeeeiiiidnooooo?ouuuuy?yaaaaaaccccccccddddeeeeeeeeeegggg\
    gggghhhhiiiiiiiiii??jjkkkllllllllllnnnnnnnnnoooooo??rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
/// The same from U+1E00 on.
const BASES_1E00: &str = "\
    aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr\
    ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas????aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
    eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy??????";

fn push_base(folded: &mut String, c: char, bases: &str, first: u32) {
    match bases.as_bytes().get((c as u32 - first) as usize) {
        Some(b'?') | None => push_lower(folded, c),
        Some(base) => folded.push(char::from(*base)),
    }
}

/// A letter or digit of a run that is in the order of ASCII.
fn push_shifted(folded: &mut String, c: char, first: char, ascii: u8) {
    folded.push(char::from(ascii + (c as u32 - first as u32) as u8));
}

/// Lower case, the accents kept: what a French stemmer wants to see.
pub(super) fn lower(word: &str) -> String {
    let mut lower = String::with_capacity(word.len());
    word.chars().for_each(|c| push_lower(&mut lower, c));
    lower
}

/// Adds a letter in lower case, and leaves out what is none.
fn push_lower(word: &mut String, c: char) {
    if c.is_ascii_alphanumeric() {
        word.push(c.to_ascii_lowercase());
    } else if is_letter(c) {
        for c in c.to_lowercase().filter(|c| is_letter(*c)) {
            match c {
                'œ' => word.push_str("oe"),
                'æ' => word.push_str("ae"),
                'ß' => word.push_str("ss"),
                'þ' => word.push_str("th"),
                'ĳ' => word.push_str("ij"),
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
pub(crate) fn is_stop_word(lang: Lang, folded: &str) -> bool {
    let words = match lang {
        Lang::Fr => STOP_WORDS_FR,
        Lang::En => STOP_WORDS_EN,
    };
    words.binary_search(&folded).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words of a text, a compound in brackets.
    fn words(text: &str) -> String {
        let word = |span: &Span| match (&text[span.start..span.end], span.whole) {
            (word, true) => ["[", word, "]"].concat(),
            (word, false) => word.to_owned(),
        };
        spans(text).iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn an_elided_article_is_no_word() {
        assert_eq!(words("L’OTAN, d'abord, jusqu’à l'Ukraine"), "OTAN abord à Ukraine");
        assert_eq!(words("qu'il s’agit d’une lorsqu'elle"), "il agit une elle");
    }

    #[test]
    fn other_apostrophes_are_part_of_their_word() {
        assert_eq!(words("d’aujourd’hui O'Brien don’t"), "aujourd’hui O'Brien don’t");
        assert_eq!(fold("aujourd’hui"), "aujourdhui");
    }

    #[test]
    fn an_english_genitive_is_no_part_of_its_word() {
        assert_eq!(words("NATO’s plan, the Allies' 'wish'"), "NATO plan the Allies wish");
    }

    #[test]
    fn a_compound_is_its_parts_and_the_whole() {
        assert_eq!(words("start-ups, contrats‑cadres"), "start ups [start-ups] contrats cadres [contrats‑cadres]");
        assert_eq!(words("l’arc-en-ciel -- à - b -c court- et"), "arc en ciel [arc-en-ciel] à b c court et");
        assert_eq!(fold("Start-Ups"), "startups");
    }

    #[test]
    fn points_separate_save_in_acronyms() {
        assert_eq!(words("m4.2, fin.Suite O.T.A.N. U.E. R&D M. X"), "m4 2 fin Suite O.T.A.N U.E R&D M X");
        assert_eq!(fold("O.T.A.N"), "otan");
    }

    #[test]
    fn folding_leaves_bare_letters() {
        assert_eq!(fold("ÉLÈVE"), "eleve");
        assert_eq!(fold("œuvre Æ ß ﬁn"), "oeuvreaessfin");
        assert_eq!(fold("Čapek Łódź İzmir Ñandú Ștefan Điện"), "capeklodzizmirnandustefandien");
        assert_eq!(fold("CO₂ m² ２０２５ Ｏｔａｎ"), "co2m22025otan");
        assert_eq!(fold("Київ ΟΧΙ"), "київοχι", "other scripts");
        assert_eq!(fold("e\u{301}te\u{301}"), "ete", "combining accents");
        assert_eq!(fold("mu\u{AD}ni\u{200B}tions\u{2060}"), "munitions", "characters of no width");
    }

    #[test]
    fn white_space_of_every_width_separates() {
        assert_eq!(words("un\u{A0}deux\u{202F}trois\ttous\nles\u{2003}quatre"), "un deux trois tous les quatre");
    }

    #[test]
    fn the_tables_of_letters_are_as_long_as_their_blocks() {
        assert_eq!((BASES_C0.len(), BASES_1E00.len()), (0x180 - 0xC0, 0x1F00 - 0x1E00));
        assert_eq!(fold("ÀÿŸĀſẀỹ"), "ayyaswy");
        assert_eq!(fold("Þ ĳ ẞ"), "thijss");
    }

    #[test]
    fn the_lists_of_common_words_are_sorted() {
        assert!(STOP_WORDS_FR.is_sorted() && STOP_WORDS_EN.is_sorted());
    }

    proptest! {
        #[test]
        fn words_stand_in_order_on_char_boundaries(text in any::<String>()) {
            let mut end = 0;
            for span in spans(&text).into_iter().filter(|span| !span.whole) {
                prop_assert!(end <= span.start && span.start < span.end);
                prop_assert!(text.get(span.start..span.end).is_some());
                end = span.end;
            }
        }

        #[test]
        fn a_folded_word_is_one_word_and_stays_as_it_is(text in any::<String>()) {
            for span in spans(&text) {
                let folded = fold(&text[span.start..span.end]);
                prop_assert_eq!(&fold(&folded), &folded);
                prop_assert!(spans(&folded).len() < 2);
            }
        }
    }
}
