//! What the gloss says of the words of one place, for a reader: links to what is explained or meant, and what is
//! promised, with which reservation.

use super::{Gloss, Qualifies, Reference, Strength, Target, Term};
use crate::Lang;
use std::ops::Range;

/// What words lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link<'a> {
    /// An acronym or an expression, explained.
    Term(&'a Term),
    /// Words that point elsewhere; its place among the gloss's references.
    Reference(usize, &'a Reference),
}

/// What words show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// That, and how firmly, something is promised.
    Promise(Strength),
    /// That it is left to somebody's judgement.
    Caveat,
    /// That it holds under a condition.
    Condition,
}

impl Gloss {
    /// What the words of a place lead to, in order and apart from each other. A term is explained once: those in `seen`
    /// are left out, and those that stand here are added. What points to the text itself leads nowhere.
    pub fn links<'a>(
        &'a self,
        lang: Lang,
        at: &str,
        plain: &str,
        seen: &mut Vec<&'a str>,
    ) -> Vec<(Range<usize>, Link<'a>)> {
        let elsewhere = |reference: &Reference| reference.to.iter().any(|to| *to != Target::Place("plan".to_owned()));
        let references = self.references.iter().enumerate().filter(|(_, one)| one.at == at && elsewhere(one));
        let mut links: Vec<(Range<usize>, Link<'a>)> = references
            .filter_map(|(nth, one)| Some((one.words.get(lang).find(plain)?, Link::Reference(nth, one))))
            .collect();
        for term in &self.terms {
            if seen.contains(&&*term.id) {
                continue;
            }
            let free = |words: &Range<usize>| {
                links.iter().all(|(taken, _)| words.end <= taken.start || taken.end <= words.start)
            };
            let forms = term.forms.get(lang).iter();
            let first = forms.filter_map(|form| whole_words(plain, form).find(free)).min_by_key(|words| words.start);
            if let Some(words) = first {
                seen.push(&term.id);
                links.push((words, Link::Term(term)));
            }
        }
        links.sort_by_key(|(words, _)| words.start);
        // Of two that overlap the first stays.
        let mut end = 0;
        links.retain(|(words, _)| {
            let apart = words.start >= end;
            end = if apart { words.end } else { end };
            apart
        });
        links
    }

    /// What the words of a place promise, and what they leave open.
    pub fn shown(&self, lang: Lang, at: &str, plain: &str) -> Vec<(Range<usize>, Shown)> {
        let promises = self.commitments.iter().filter(|one| one.at == at);
        let promises = promises.map(|one| (one.trigger.get(lang), Shown::Promise(one.strength)));
        let qualifiers = self.qualifiers.iter().filter(|one| one.at == at).map(|one| {
            let shown = match one.kind {
                Qualifies::Caveat => Shown::Caveat,
                Qualifies::Condition => Shown::Condition,
            };
            (one.words.get(lang), shown)
        });
        promises.chain(qualifiers).filter_map(|(span, shown)| Some((span.find(plain)?, shown))).collect()
    }
}

/// Where `form` stands as whole words.
fn whole_words<'a>(plain: &'a str, form: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    plain.match_indices(form).map(|(at, words)| at..at + words.len()).filter(move |words| {
        !inside(plain[..words.start].chars().next_back()) && !inside(plain[words.end..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gloss::{Both, Span, TermKind};

    fn both<T: Clone>(value: T) -> Both<T> {
        Both { fr: value.clone(), en: value }
    }

    fn term(id: &str, form: &str) -> Term {
        let forms = both(vec![form.to_owned()]);
        Term { id: id.into(), kind: TermKind::Term, forms, name: both(String::new()), meaning: both(String::new()) }
    }

    fn reference(words: &str, to: Target) -> Reference {
        let words = both(Span { text: words.into(), nth: 1 });
        Reference { at: "m1.1.s1".into(), words, to: vec![to], note: None }
    }

    #[test]
    fn a_term_is_explained_once_as_whole_words_and_never_within_a_reference() {
        let gloss = Gloss {
            terms: vec![term("plan", "plan"), term("act", "ACT"), term("nato", "OTAN")],
            references: vec![
                reference("le plan de 2023", Target::Work("plan-2023".into())),
                reference("ce plan", Target::Place("plan".into())),
            ],
            ..Gloss::default()
        };
        let text = "L’OTAN et l’ACT suivent le plan de 2023, et ce plan ; ACTION, OTANs, OTAN.";
        let mut seen = Vec::new();
        let found: Vec<&str> =
            gloss.links(Lang::Fr, "m1.1.s1", text, &mut seen).into_iter().map(|(words, _)| &text[words]).collect();
        assert_eq!(found, ["OTAN", "ACT", "le plan de 2023", "plan"]);
        assert_eq!(seen, ["plan", "act", "nato"]);
        assert!(gloss.links(Lang::Fr, "m1.1.s2", text, &mut seen).is_empty());
    }
}
