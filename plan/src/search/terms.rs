//! Words of any text in the forms in which they are found, for an index that is kept elsewhere.

use super::{
    fold::{fold, is_stop_word, spans},
    index::{Lexicon, Sorted},
    stem::stems,
    typo::near,
};
use crate::Lang;

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As it stands.
    pub written: String,
    /// As it is compared.
    pub folded: String,
    /// What its inflections share.
    pub stems: Vec<String>,
    /// Whether it is too common to look for.
    pub common: bool,
}

/// The words of a text, in order; compounds by their parts and whole.
///
/// ```
/// use plan::{Lang, search::terms};
///
/// let words = terms(Lang::Fr, "L’interopérabilité des munitions");
/// assert_eq!(words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>(), ["interoperabilite", "des", "munitions"]);
/// assert!(words[1].common && words[2].stems == terms(Lang::Fr, "munition")[0].stems);
/// ```
pub fn terms(lang: Lang, text: &str) -> Vec<Term> {
    let term = |written: &str| {
        let folded = fold(written);
        let (stems, common) = (stems(lang, &folded), is_stop_word(lang, &folded));
        Term { written: written.to_owned(), folded, stems, common }
    };
    spans(text).iter().map(|span| term(&text[span.start..span.end])).filter(|term| !term.folded.is_empty()).collect()
}

/// Folded words, to see whether one is known and which resemble it.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: Lexicon,
}

impl Vocabulary {
    /// Of these words.
    pub fn of(words: impl IntoIterator<Item = String>) -> Self {
        Self { words: Lexicon::of(words.into_iter().map(|word| (word.into_boxed_str(), 0)).collect::<Sorted>()) }
    }

    /// Whether it holds the word.
    pub fn knows(&self, word: &str) -> bool {
        !self.words.exactly(word).is_empty()
    }

    /// Whether one of its words begins so.
    pub fn begins(&self, prefix: &str) -> bool {
        !self.words.beginning_with(prefix).is_empty()
    }

    /// Its words that are meant perhaps where somebody types an unknown one, the likeliest first; the longer it is, the
    /// more errors are forgiven.
    ///
    /// ```
    /// use plan::search::Vocabulary;
    ///
    /// let words = Vocabulary::of(["munitions", "mutations", "char"].map(str::to_owned));
    /// assert_eq!(words.resembling("munisions"), ["munitions"]);
    /// assert_eq!(words.resembling("munitoins"), ["munitions"]);
    /// assert!(words.resembling("blé").is_empty());
    /// ```
    pub fn resembling(&self, word: &str) -> Vec<&str> {
        let most = match word.chars().count() {
            0..4 => return Vec::new(),
            4..8 => 1,
            _ => 2,
        };
        let found = near(&self.words, word, most, false);
        let least = found.iter().map(|near| near.distance).min().unwrap_or_default();
        let mut nearest: Vec<&str> =
            found.iter().filter(|near| near.distance == least).map(|near| self.words.string(near.at)).collect();
        // The first letter is seldom wrong.
        nearest.sort_by_key(|found| found.chars().next() != word.chars().next());
        nearest
    }
}
