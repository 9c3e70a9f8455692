//! The timeline: what has a date, then what comes back.

use super::{Event, Gloss, Recurrence};
use crate::{Document, Lang, Place, date};
use std::ops::Range;

/// An event with where the text speaks of it.
#[derive(Clone, Debug)]
pub struct Moment<'a> {
    /// What happens.
    pub event: &'a Event,
    /// When, in words: "décembre 2023", "chaque année".
    pub when: String,
    /// Where the text says so.
    pub said: Vec<Spoken<'a>>,
}

/// Words of the text in their place.
#[derive(Clone, Debug)]
pub struct Spoken<'a> {
    /// Where; none for the line above the first heading.
    pub place: Option<Place<'a>>,
    /// What stands there, whole.
    pub text: String,
    /// The words meant, in bytes of it.
    pub words: Range<usize>,
}

/// Events in order of time, and those that come back.
#[derive(Clone, Debug)]
pub struct Timeline<'a> {
    /// The earliest first.
    pub dated: Vec<Moment<'a>>,
    /// In the gloss's order.
    pub recurring: Vec<Moment<'a>>,
}

/// The timeline of `gloss` in the words of `document`.
pub fn timeline<'a>(gloss: &'a Gloss, document: &'a Document) -> Timeline<'a> {
    let lang = document.lang;
    let moment = |event: &'a Event| {
        let said = event.said.iter().filter_map(|said| spoken(document, &said.at, said.words.get(lang)));
        Moment { event, when: when(event, lang), said: said.collect() }
    };
    let (mut dated, recurring): (Vec<_>, Vec<_>) =
        gloss.events.iter().map(moment).partition(|moment| moment.event.recurs.is_none());
    // EDTF sorts as text: a year stands before its months.
    dated.sort_by(|a, b| a.event.date.cmp(&b.event.date));
    Timeline { dated, recurring }
}

/// When an event happens, as exactly as the text says.
pub fn when(event: &Event, lang: Lang) -> String {
    if let Some(words) = &event.date_words {
        return words.get(lang).clone();
    }
    match (event.recurs, lang) {
        (Some(Recurrence::Yearly), Lang::Fr) => "chaque année".to_owned(),
        (Some(Recurrence::Yearly), Lang::En) => "every year".to_owned(),
        (Some(Recurrence::Regularly), Lang::Fr) => "régulièrement, sans fréquence dite".to_owned(),
        (Some(Recurrence::Regularly), Lang::En) => "regularly, how often is not said".to_owned(),
        (None, _) => event.date.as_deref().map(|edtf| date::in_words(lang, edtf)).unwrap_or_default(),
    }
}

/// Words in a place: its own text, and where in it they stand.
pub(super) fn spoken<'a>(document: &'a Document, at: &str, words: &super::Span) -> Option<Spoken<'a>> {
    let place = document.find(at);
    let text = match place {
        None if at == "preface" => document.preface.plain(),
        place => place?.plain(),
    };
    let words = words.find(&text)?;
    Some(Spoken { place, text, words })
}

#[cfg(test)]
mod tests {
    use super::{super::sample, *};

    #[test]
    fn events_come_in_order_of_time_and_lead_to_their_words() {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::Fr));
        let timeline = timeline(&gloss, &document);
        let told = |moments: &[Moment<'_>]| {
            let said = |moment: &Moment<'_>| {
                let spoken = &moment.said[0];
                let place = spoken.place.map(|place| place.slug().to_owned());
                (moment.when.clone(), place.unwrap_or_default(), spoken.text[spoken.words.clone()].to_owned())
            };
            moments.iter().map(said).collect::<Vec<_>>()
        };
        let owned = |(when, place, words): (&str, &str, &str)| (when.into(), place.into(), words.into());
        let dated = [("2023", "m1.1.s2", "2023"), ("13 février 2025", "", "13 février 2025")].map(owned);
        assert_eq!(told(&timeline.dated), dated);
        assert_eq!(told(&timeline.recurring), [("chaque année", "m2.1.s2", "chaque année")].map(owned));
    }
}
