//! Words looked for in short texts one by one, where an index is not worth its while.

use super::{
    fold::{fold, is_stop_word, spans},
    index::Word,
};
use crate::Lang;
use std::ops::Range;

/// What somebody looks for: every word of it must be there, in any inflection; the last one may be unfinished.
#[derive(Clone, Debug)]
pub struct Wanted {
    lang: Lang,
    words: Vec<Word>,
    /// Nothing stands behind the last word: it may be unfinished.
    open: bool,
}

impl Wanted {
    /// Reads a query. Common words (`de`, `the`) count only when there is nothing else.
    pub fn read(lang: Lang, query: &str) -> Self {
        let spans = spans(query);
        let open = spans.last().is_some_and(|last| last.end == query.len());
        let parts = spans.iter().filter(|span| !span.whole);
        let mut words: Vec<Word> = parts.map(|span| Word::new(lang, &query[span.start..span.end])).collect();
        if !words.iter().all(|word| is_stop_word(lang, &word.folded)) {
            words.retain(|word| !is_stop_word(lang, &word.folded));
        }
        Self { lang, words, open }
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether every word stands in `text`.
    pub fn stands_in(&self, text: &str) -> bool {
        let mut missing: Vec<usize> = (0..self.words.len()).collect();
        for span in spans(text) {
            if missing.is_empty() {
                break;
            }
            let word = &text[span.start..span.end];
            missing.retain(|nth| !self.is(*nth, word, &fold(word)));
        }
        missing.is_empty()
    }

    /// Where words of it stand in `text`, in bytes, in order.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let mut marks: Vec<Range<usize>> = Vec::new();
        for span in spans(text) {
            let word = &text[span.start..span.end];
            let folded = fold(word);
            if (0..self.words.len()).any(|nth| self.is(nth, word, &folded)) {
                // A compound covers its parts.
                marks.retain(|mark| mark.start < span.start);
                marks.push(span.start..span.end);
            }
        }
        marks
    }

    /// Whether a word of a text is the nth of ours.
    fn is(&self, nth: usize, word: &str, folded: &str) -> bool {
        let wanted = &self.words[nth];
        if self.open && nth + 1 == self.words.len() && folded.starts_with(&wanted.folded) {
            return true;
        }
        // Inflections begin alike, and stems cost more than a glance.
        folded.as_bytes().first() == wanted.folded.as_bytes().first() && Word::new(self.lang, word).akin(wanted)
    }
}

/// Words to be found one right after the other, without regard to case and accents, in the plural as
/// well; `#` stands for a number in digits. What holds no word (`%`, `€`) is looked for as it stands.
///
/// ```
/// use plan::search::{Phrase, Worded};
///
/// let text = Worded::of("Les délais : au plus\u{a0}tard fin 2026, 2 %".to_owned());
/// let found = |phrase| text.find(&Phrase::read(phrase)).into_iter().map(|at| &text.text[at]).collect::<Vec<_>>();
/// assert_eq!(found("délai"), ["délais"]);
/// assert_eq!(found("au plus tard"), ["au plus\u{a0}tard"]);
/// assert_eq!(found("fin #"), ["fin 2026"]);
/// assert_eq!(found("%"), ["%"]);
/// ```
#[derive(Clone, Debug)]
pub struct Phrase {
    steps: Vec<Step>,
    written: String,
}

#[derive(Clone, Debug)]
enum Step {
    Number,
    Word(String),
}

impl Phrase {
    /// Reads a phrase.
    pub fn read(phrase: &str) -> Self {
        let mut steps = Vec::new();
        for (nth, piece) in phrase.split('#').enumerate() {
            if nth > 0 {
                steps.push(Step::Number);
            }
            steps.extend(words(piece).map(|(_, word)| Step::Word(word)));
        }
        Self { steps, written: phrase.to_owned() }
    }
}

/// A text of which the words are known, to be looked through many times.
#[derive(Clone, Debug)]
pub struct Worded {
    /// As it stands.
    pub text: String,
    words: Vec<(Range<usize>, String)>,
}

impl Worded {
    /// Finds the words of a text.
    pub fn of(text: String) -> Self {
        Self { words: words(&text).collect(), text }
    }

    /// Where a phrase stands in it, in bytes.
    pub fn find(&self, phrase: &Phrase) -> Vec<Range<usize>> {
        let Phrase { steps, written } = phrase;
        if steps.is_empty() {
            let found = self.text.match_indices(written).filter(|_| !written.trim().is_empty());
            return found.map(|(at, found)| at..at + found.len()).collect();
        }
        let fits = |step: &Step, word: &str| match step {
            Step::Number => word.bytes().all(|b| b.is_ascii_digit()),
            // A stem would be too wide a net: `payer` would find `pays`.
            Step::Word(wanted) => {
                let ending = word.strip_prefix(wanted.as_str());
                ending.is_some_and(|ending| ["", "s", "x"].contains(&ending))
            }
        };
        let here =
            |window: &&[(Range<usize>, String)]| window.iter().zip(steps).all(|((_, word), step)| fits(step, word));
        let ends = |window: &[(Range<usize>, String)]| window[0].0.start..window[steps.len() - 1].0.end;
        self.words.windows(steps.len()).filter(here).map(ends).collect()
    }
}

/// The words of a text, folded, compounds in their parts.
fn words(text: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    let parts = spans(text).into_iter().filter(|span| !span.whole);
    parts.map(move |span| (span.start..span.end, fold(&text[span.start..span.end])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_there_in_any_inflection() {
        let text = "L’OTAN et les Alliés continueront de renforcer l’interopérabilité des munitions.";
        for query in ["munition", "MUNITIONS", "interoperabilite", "continuer munition", "les alliés", "muni", "", "de"]
        {
            assert!(Wanted::read(Lang::Fr, query).stands_in(text), "{query}");
        }
        for query in ["obus", "munition obus", "muni otan"] {
            assert!(!Wanted::read(Lang::Fr, query).stands_in(text), "{query}");
        }
    }

    #[test]
    fn marks_are_the_words_as_they_stand() {
        let text = "Les start-ups, l’industrie et les munitions";
        let marked = |query: &str| {
            Wanted::read(Lang::Fr, query).marks(text).into_iter().map(|at| text[at].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(marked("munition "), ["munitions"]);
        assert_eq!(marked("startups "), ["start-ups"]);
        assert_eq!(marked("les industries "), ["industrie"]);
    }

    #[test]
    fn phrases_are_looked_for_in_order() {
        let found = |phrase: &str, text: &str| Worded::of(text.to_owned()).find(&Phrase::read(phrase)).len();
        assert_eq!(found("délai", "Le delai, les délais, le DÉLAI, délaisser"), 3);
        assert_eq!(found("d’ici #", "d'ici 2030, d’ici là, 2030 d’ici"), 1);
        assert_eq!(found("#", "m4, 12 et 2024"), 2);
        assert_eq!(found("", "texte"), 0);
    }
}
