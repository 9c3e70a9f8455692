//! What a departure from the text may do to its meaning. Lists of words, not understanding: a reader is warned, and
//! judges.

use super::text::{Corpus, Quotation, Reading, spans};
use super::{By, Caution, Caveat, Change, Piece, PieceKind};
use crate::Lang;
use crate::search::fold;
use std::ops::Range;

/// Words that deny, folded.
const NEGATIONS_FR: &[&str] = &["ne", "n", "pas", "jamais", "aucun", "aucune", "ni", "nul", "nulle", "non"];
const NEGATIONS_EN: &[&str] = &[
    "not", "no", "never", "nor", "none", "neither", "cannot", "dont", "doesnt", "didnt", "wont", "wouldnt", "shouldnt",
    "isnt", "arent", "wasnt", "werent", "havent", "hasnt", "cant", "couldnt", "mustnt",
];

/// Words that say how binding a sentence is, folded.
const STRENGTHS_FR: &[&str] = &[
    "doit",
    "doivent",
    "devons",
    "devait",
    "devaient",
    "peut",
    "peuvent",
    "pouvons",
    "pouvait",
    "pouvaient",
    "faut",
    "encourage",
    "encouragee",
    "encourages",
    "encouragees",
    "invite",
    "invitee",
    "invites",
    "invitees",
    "engage",
    "engagent",
    "engages",
    "convenus",
    "tenus",
    "obliges",
];
const STRENGTHS_EN: &[&str] = &[
    "must",
    "shall",
    "should",
    "will",
    "would",
    "may",
    "might",
    "can",
    "could",
    "ought",
    "encouraged",
    "invited",
    "agreed",
    "commit",
    "committed",
    "required",
    "obliged",
];
/// Endings of the French future and conditional, of words of at least [`LONG`] letters.
const FUTURE_FR: &[&str] = &["er", "ir", "dr", "tr", "ur", "vr", "rr"];
const PERSONS_FR: &[&str] = &["a", "ons", "ont", "ait", "aient", "ions"];
const LONG: usize = 5;

fn is_negation(lang: Lang, word: &str) -> bool {
    match lang {
        Lang::Fr => NEGATIONS_FR.contains(&word),
        Lang::En => NEGATIONS_EN.contains(&word),
    }
}

fn is_strength(lang: Lang, word: &str) -> bool {
    let future = || {
        let stem = PERSONS_FR.iter().find_map(|person| word.strip_suffix(person));
        word.len() >= LONG && stem.is_some_and(|stem| FUTURE_FR.iter().any(|ending| stem.ends_with(ending)))
    };
    match lang {
        Lang::Fr => STRENGTHS_FR.contains(&word) || future(),
        Lang::En => STRENGTHS_EN.contains(&word),
    }
}

/// What a piece of a comparison puts at risk, the caveats aside: a denial that came or went, another degree of
/// obligation, another number.
pub(super) fn of_piece(lang: Lang, slug: &str, piece: &Piece, out: &mut Vec<Caution>) {
    let by = match piece.kind {
        PieceKind::Kept => return,
        PieceKind::Omitted => By::Ellipsis,
        PieceKind::Inserted => By::Insertion,
        PieceKind::Added | PieceKind::LeftOut | PieceKind::Changed => By::Change,
    };
    let list = |text: &str, of: &dyn Fn(&str) -> bool| -> Vec<String> {
        let words = spans(text, &[]).into_iter().map(|at| &text[at]);
        words.filter(|word| of(&fold(word))).map(str::to_owned).collect()
    };
    let mut compare = |of: &dyn Fn(&str) -> bool, make: fn(Change) -> Caution| {
        let (quoted, original) = (list(&piece.quoted, of), list(&piece.original, of));
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect::<Vec<_>>();
        if folded(&quoted) != folded(&original) {
            out.push(make(Change {
                slug: slug.to_owned(),
                by,
                original: original.join(" "),
                quoted: quoted.join(" "),
            }));
        }
    };
    compare(&|word| is_negation(lang, word), Caution::Negation);
    // What an ellipsis stands for holds other sentences' verbs and figures; what matters there are denials and caveats.
    if by != By::Ellipsis {
        compare(&|word| is_strength(lang, word), Caution::Strength);
        compare(&|word| word.contains(|c: char| c.is_ascii_digit()), Caution::Number);
    }
}

/// A caveat's words in a document.
pub(super) struct Caveats(Vec<Range<usize>>);

impl Caveats {
    /// Finds the phrases where they stand.
    pub(super) fn of(corpus: &Corpus, caveats: &[Caveat<'_>]) -> Self {
        let mut found: Vec<Range<usize>> = Vec::new();
        for caveat in caveats.iter().filter(|caveat| caveat.lang == corpus.lang) {
            let quotation = Quotation::read(caveat.phrase, Reading { marks: false, numbers: true }, |_| false);
            let ids = quotation.ids(corpus);
            for start in corpus.occurrences(&ids, &mut 0) {
                let slug = &corpus.unit_of(start).slug;
                let within =
                    slug.strip_prefix(caveat.slug).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
                // In order, and one phrase once though it be given twice.
                let words = start..start + ids.len();
                let before = found.partition_point(|other| (other.start, other.end) < (words.start, words.end));
                if (within || caveat.slug.is_empty()) && found.get(before) != Some(&words) {
                    found.insert(before, words);
                }
            }
        }
        Caveats(found)
    }

    /// The caveats of which a word is among those lost, with what took it away.
    pub(super) fn lost(&self, corpus: &Corpus, lost: &[(Range<usize>, By)]) -> Vec<Caution> {
        let mut cautions = Vec::new();
        for caveat in &self.0 {
            let cause = lost.iter().find(|(words, _)| words.start < caveat.end && caveat.start < words.end);
            if let Some((_, by)) = cause {
                let bytes = corpus.words[caveat.start].at.start..corpus.words[caveat.end - 1].at.end;
                cautions.push(Caution::Caveat {
                    slug: corpus.unit_of(caveat.start).slug.clone(),
                    by: *by,
                    phrase: corpus.text[bytes].to_owned(),
                });
            }
        }
        cautions
    }
}
