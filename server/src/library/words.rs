//! What visitors type, as the store can look for it; and typing errors.

use super::card::forms;
use crate::store::library::Wanted;
use ::plan::{
    Lang,
    search::{Term, Vocabulary, terms},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Words that are tried instead of one that no video has.
const INSTEAD: usize = 3;
/// Words that are looked for at once.
const MOST: usize = 12;

/// The words that videos have.
#[derive(Clone, Default)]
pub(super) struct Known(Arc<Inner>);

#[derive(Clone, Default)]
struct Inner {
    /// As they are compared, and as they are written.
    words: HashMap<String, String>,
    vocabulary: Vocabulary,
    /// What their inflections share, in either language.
    stems: HashSet<String>,
}

/// What is looked for.
pub(super) struct Asked {
    pub(super) wanted: Wanted,
    /// What was looked for instead of an unknown word: as typed, as found.
    pub(super) meant: Vec<(String, String)>,
}

impl Known {
    /// With some words more.
    pub(super) fn with(&self, words: Vec<(String, String)>) -> Self {
        if words.is_empty() {
            return self.clone();
        }
        let mut inner = Inner::clone(&self.0);
        for (word, written) in words {
            for lang in Lang::ALL {
                inner.stems.extend(terms(lang, &word).into_iter().flat_map(|term| term.stems));
            }
            inner.words.insert(word, written);
        }
        inner.vocabulary = Vocabulary::of(inner.words.keys().cloned());
        Self(Arc::new(inner))
    }

    /// Whether a word as it is compared is one of them.
    pub(super) fn has(&self, word: &str) -> bool {
        self.0.words.contains_key(word)
    }

    /// What the words of a query mean; none where there are none.
    pub(super) fn asked(&self, lang: Lang, text: &str) -> Option<Asked> {
        let typed = terms(lang, text);
        let telling: Vec<&Term> = typed.iter().filter(|term| !term.common).collect();
        let telling = if telling.is_empty() { typed.iter().collect() } else { telling };
        if telling.is_empty() {
            return None;
        }
        let mut asked = Asked { wanted: Wanted::default(), meant: Vec::new() };
        let last = telling.len().min(MOST) - 1;
        for (nth, term) in telling.into_iter().take(MOST).enumerate() {
            let group = in_both(&term.written);
            if self.knows(term, &group) {
                asked.wanted.groups.push(group);
            } else if nth == last && self.0.vocabulary.begins(&term.folded) {
                // It is still being typed.
                asked.wanted.groups.push(group);
                asked.wanted.open = true;
            } else {
                let instead: Vec<&str> = self.0.vocabulary.resembling(&term.folded).into_iter().take(INSTEAD).collect();
                if let Some(written) = instead.first().and_then(|word| self.0.words.get(*word)) {
                    asked.meant.push((term.written.clone(), written.clone()));
                    asked.wanted.groups.push(instead.into_iter().flat_map(in_both).collect());
                } else {
                    asked.wanted.groups.push(group);
                }
            }
        }
        Some(asked)
    }

    fn knows(&self, term: &Term, group: &[String]) -> bool {
        // Short words and numbers are in no vocabulary: they are looked for as they are.
        let plain = term.folded.chars().count() < 3 || term.folded.contains(|c: char| c.is_ascii_digit());
        plain || self.0.vocabulary.knows(&term.folded) || group.iter().any(|form| self.0.stems.contains(form))
    }
}

impl Asked {
    /// How many of the words a text has.
    pub(super) fn answered_by(&self, lang: Lang, text: &str) -> usize {
        let terms = terms(lang, text);
        let has = |group: &&Vec<String>| {
            terms.iter().any(|term| {
                forms(term).any(|form| group.iter().any(|wanted| wanted == form))
                    || (self.wanted.open && group.first().is_some_and(|word| term.folded.starts_with(word)))
            })
        };
        self.wanted.groups.iter().filter(has).count()
    }
}

/// A word and its stems in both languages, the word first.
fn in_both(word: &str) -> Vec<String> {
    let mut group: Vec<String> = Vec::new();
    for term in Lang::ALL.into_iter().flat_map(|lang| terms(lang, word)) {
        for form in forms(&term) {
            if !group.iter().any(|known| known == form) {
                group.push(form.to_owned());
            }
        }
    }
    group
}

/// What is said in captions (WebVTT): without their times, their settings and their marks.
pub(super) fn spoken(webvtt: &str) -> String {
    let cues = webvtt.split("\n\n").filter_map(|block| Some(block.split_once("-->")?.1.split_once('\n')?.1));
    let mut text = String::new();
    for cue in cues {
        let mut within = false;
        for c in cue.chars() {
            within = (within || c == '<') && c != '>';
            text.push(if within || c == '>' { ' ' } else { c });
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let words = ["munitions", "interopérabilité", "obus", "ammunition", "trials", "chars"];
        let folded = words.map(|word| (terms(Lang::Fr, word)[0].folded.clone(), word.to_owned()));
        Known::default().with(folded.to_vec())
    }

    fn asked(text: &str) -> Asked {
        known().asked(Lang::Fr, text).expect("words")
    }

    #[test]
    fn inflections_and_accents_are_free() {
        for text in ["munition", "MUNITIONS", "interoperabilite", "l’interopérabilité", "trial"] {
            assert!(asked(text).meant.is_empty(), "{text}");
        }
        assert!(asked("munition").wanted.groups[0].contains(&"munition".to_owned()));
    }

    #[test]
    fn typing_errors_are_forgiven_and_said() {
        let one = asked("munisions");
        assert_eq!(one.meant, [("munisions".to_owned(), "munitions".to_owned())]);
        assert_eq!(one.wanted.groups[0][0], "munitions");
        assert_eq!(asked("ammunitoin").meant.len(), 1);
        assert_eq!(asked("interopperabilite").meant[0].1, "interopérabilité");
        let none = asked("zebre");
        assert_eq!((none.meant.len(), none.wanted.groups[0][0].as_str()), (0, "zebre"));
    }

    #[test]
    fn the_last_word_may_be_unfinished() {
        assert!(asked("obus muni").wanted.open);
        assert!(!asked("muni obus").wanted.open);
        assert!(!asked("obus").wanted.open);
    }

    #[test]
    fn common_words_are_looked_for_where_there_are_no_others() {
        assert_eq!(asked("des munitions de 155").wanted.groups.len(), 2);
        assert_eq!(asked("de la").wanted.groups.len(), 2);
        assert!(known().asked(Lang::Fr, " ?! ").is_none());
    }

    #[test]
    fn a_text_answers_by_its_words() {
        let asked = asked("munition 155");
        assert_eq!(asked.answered_by(Lang::Fr, "Essais de munitions de 155 mm"), 2);
        assert_eq!(asked.answered_by(Lang::Fr, "Essais de munitions"), 1);
        assert_eq!(asked.answered_by(Lang::En, "Trials"), 0);
    }

    #[test]
    fn captions_are_read_without_their_times() {
        let text = "WEBVTT\n\nNOTE x\n\n1\n00:00.000 --> 00:01.000 line:0\nBonjour <v Ada>à tous</v>\n\n00:02.000 --> 00:03.000\nMerci\n";
        let words: Vec<String> = terms(Lang::Fr, &spoken(text)).into_iter().map(|term| term.folded).collect();
        assert_eq!(words, ["bonjour", "a", "tous", "merci"]);
    }
}
