//! What has a date, or comes back.

use super::{
    asked::{Limit, Name, Offset, parameters},
    list::Page,
    operation::{Ask, Operation},
    shape::{Span, Url, says, shapes},
};
use crate::http::problem::Problem;
use ::plan::{
    Lang,
    gloss::{Moment, Recurrence, timeline},
};
use app::routes::To;
use http::StatusCode;

shapes! {
    struct Event = "Un événement daté, ou qui revient.", "An event with a date, or that comes back.";
    {
        "self" own: Url = "Son adresse dans l’API.", "Its address in the API.";
        lang: Lang = "La langue.", "The language.";
        id: String = "Son identifiant.", "Its identifier.";
        name: String = "Ce qui se passe.", "What happens.";
        date: Option<String> = "Quand, aussi exactement que le texte le dit (EDTF, ISO 8601-2). `null` s’il revient.",
            "When, as exactly as the text says (EDTF, ISO 8601-2). `null` where it comes back.";
        when: String = "Quand, en mots.", "When, in words.";
        recurs: Option<Recurrence> = "Comment il revient.", "How it comes back.";
        said: Vec<Said> = "Où le texte en parle.", "Where the text speaks of it.";
    }
    struct Said = "Un passage qui parle d’un événement.", "A passage that speaks of an event.";
    {
        at: Option<String> = "Son adresse dans le plan ; `null` pour la ligne au-dessus du premier titre.",
            "Its address in the plan; `null` for the line above the first heading.";
        label: Option<String> = "Comment on le nomme.", "How it is named.";
        url: Url = "Sa page.", "Its page.";
        text: String = "Le passage, à la lettre.", "The passage, to the letter.";
        words: Span = "Les mots, dans ce texte.", "The words, in this text.";
    }
}

parameters! {
    struct Listed { limit: Limit; offset: Offset; lang: Lang; }
    struct One {
        id: Name = "L’identifiant de l’événement.", "The event’s identifier.";
        lang: Lang;
    }
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "events",
            "/events",
            "/events?limit=1&lang=en",
            says(
                "Les événements dans l’ordre du temps, puis ceux qui reviennent.",
                "The events in order of time, then those that come back.",
            ),
            |ask, Listed { limit, offset, lang }: Listed| {
                let (gloss, document) = (ask.api.plans.gloss(), ask.api.document(lang));
                let time = timeline(&gloss, &document);
                let all = time.dated.into_iter().chain(time.recurring);
                Ok(Page::of(ask, all, (limit, offset), |moment| shaped(ask, moment, lang)))
            },
        ),
        Operation::get(
            "event",
            "/events/{id}",
            "/events/{event}?lang=en",
            says("Un événement.", "One event."),
            |ask, One { id: Name(id), lang }: One| {
                let (gloss, document) = (ask.api.plans.gloss(), ask.api.document(lang));
                let time = timeline(&gloss, &document);
                let found = time.dated.into_iter().chain(time.recurring).find(|moment| moment.event.id == id);
                let nothing = || Problem::of(StatusCode::NOT_FOUND).detail(format!("There is no event {id}."));
                found.map(|moment| shaped(ask, moment, lang)).ok_or_else(nothing)
            },
        ),
    ]
}

fn shaped(ask: &Ask<'_>, Moment { event, when, said }: Moment<'_>, lang: Lang) -> Event {
    let api = ask.api;
    let said = said.into_iter().map(|spoken| Said {
        at: spoken.place.map(|place| place.slug().to_owned()),
        label: spoken.place.map(|place| place.label(lang)),
        url: spoken.place.map_or_else(|| api.page(&To::Plan, lang), |place| api.place(place.slug(), lang)),
        words: Span::of(&spoken.text, spoken.words),
        text: spoken.text,
    });
    Event {
        own: api.resource(&format!("/events/{}", event.id), lang),
        lang,
        id: event.id.clone(),
        name: event.name.get(lang).clone(),
        date: event.date.clone(),
        when,
        recurs: event.recurs,
        said: said.collect(),
    }
}
