//! What the text does not say: words that would say it are looked for all over the text, and each that is found is
//! shown with the reason why it is no answer.

use super::{Commitment, Gloss, Probe, Spoken};
use crate::{
    Document, Place,
    search::{Phrase, Worded},
};
use std::{cmp::Reverse, ops::Range};

/// What a probe brings to light.
#[derive(Clone, Debug)]
pub struct Silence<'a> {
    /// What is looked for.
    pub probe: &'a Probe,
    /// Each word that was tried, with how often it stands in the text.
    pub tried: Vec<(&'a str, usize)>,
    /// Where words were found, in reading order.
    pub found: Vec<Found<'a>>,
}

/// Words that a probe has found.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// Where they stand.
    pub spoken: Spoken<'a>,
    /// Why they do not say what is looked for. None: nobody has looked at them yet.
    pub why: Option<&'a str>,
}

/// What each probe of `gloss` finds in `document`. Looked through is the line above the first heading, and every heading,
/// sentence and bullet.
pub fn silences<'a>(gloss: &'a Gloss, document: &'a Document) -> Vec<Silence<'a>> {
    let preface = [(None, Worded::of(document.preface.plain()))];
    let places = document.places().into_iter();
    let places = places.filter_map(|place| Some((Some(place), Worded::of(place.text()?.plain()))));
    let texts: Vec<_> = preface.into_iter().chain(places).collect();
    gloss.probes.iter().map(|probe| silence(probe, document, &texts)).collect()
}

fn silence<'a>(probe: &'a Probe, document: &'a Document, texts: &[(Option<Place<'a>>, Worded)]) -> Silence<'a> {
    let lang = document.lang;
    let phrases: Vec<_> = probe.words.get(lang).iter().map(|word| Phrase::read(word)).collect();
    let mut tried: Vec<(&str, usize)> = probe.words.get(lang).iter().map(|word| (word.as_str(), 0)).collect();
    let mut found = Vec::new();
    for (place, text) in texts {
        let mut here: Vec<Range<usize>> = Vec::new();
        for (phrase, (_, count)) in phrases.iter().zip(&mut tried) {
            let mut hits = text.find(phrase);
            // The number in `Mesure 4 : …` is its name.
            if let Some(Place::Measure(_, measure)) = place {
                hits.retain(|hit| text.text[hit.clone()] != measure.number.to_string());
            }
            *count += hits.len();
            here.extend(hits);
        }
        here.sort_by_key(|hit| (hit.start, Reverse(hit.end)));
        let at = place.map_or("preface", |place| place.slug());
        let reasons: Vec<_> = probe
            .explained
            .iter()
            .filter(|explained| explained.at == at)
            .filter_map(|explained| {
                Some((explained.words.get(lang).find(&text.text)?, explained.why.get(lang).as_str()))
            })
            .collect();
        // One finding where words lie within each other, or within what one reason explains.
        let mut end = 0;
        for hit in here {
            if hit.end <= end {
                continue;
            }
            let reason = reasons.iter().find(|(words, _)| words.start < hit.end && hit.start < words.end);
            let words = reason.map_or(hit.clone(), |(words, _)| words.clone());
            end = words.end.max(hit.end);
            let spoken = Spoken { place: *place, text: text.text.clone(), words };
            found.push(Found { spoken, why: reason.map(|(_, why)| *why) });
        }
    }
    Silence { probe, tried, found }
}

/// The commitments for which the text names nobody.
pub fn without_actor(gloss: &Gloss) -> impl Iterator<Item = &Commitment> {
    gloss.commitments.iter().filter(|commitment| commitment.actors.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{super::sample, *};
    use crate::Lang;

    #[test]
    fn what_is_found_is_explained_or_shown_as_unexplained() {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::Fr));
        let silences = silences(&gloss, &document);
        assert_eq!(silences[0].tried, [("#", 3), ("au plus tard", 0), ("échéant", 1)]);
        let found: Vec<_> = silences[0]
            .found
            .iter()
            .map(|Found { spoken, why }| {
                (spoken.place.map_or("", |place| place.slug()), &spoken.text[spoken.words.clone()], *why)
            })
            .collect();
        assert_eq!(
            found,
            [
                ("", "13", None),
                ("", "2025", None),
                ("m1.1.s1", "échéant", None),
                ("m1.1.s2", "en 2023", Some("Du passé"))
            ]
        );
    }

    #[test]
    fn commitments_of_nobody_are_derived() {
        let gloss = sample::gloss();
        assert_eq!(without_actor(&gloss).map(|c| c.id.as_str()).collect::<Vec<_>>(), ["m2.1.s2.c1"]);
    }
}
