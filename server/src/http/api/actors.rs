//! Who acts, is served or is spoken of.

use super::{
    Api,
    asked::{Limit, Name, Offset, parameters},
    list::Page,
    operation::{Ask, Operation},
    shape::{Url, says, shapes},
};
use crate::http::problem::Problem;
use ::plan::{
    Lang,
    gloss::{Actor as Entry, ActorKind, Gloss},
};
use http::StatusCode;

shapes! {
    struct Actor = "Un acteur que le texte nomme.", "An actor whom the text names.";
    {
        "self" own: Url = "Son adresse dans l’API.", "Its address in the API.";
        lang: Lang = "La langue.", "The language.";
        id: String = "Son identifiant.", "Its identifier.";
        kind: ActorKind = "Ce que c’est.", "What it is.";
        name: String = "Son nom, court.", "Its name, short.";
        full: Option<String> = "Son nom entier, s’il est plus long.", "Its name in full, where that is longer.";
        part_of: Option<String> = "L’identifiant de ce dont il fait partie.", "The identifier of what it belongs to.";
        forms: Vec<String> = "Comment le texte le nomme, à la lettre.", "How the text names it, to the letter.";
        commits: usize = "De combien d’engagements il est l’auteur.", "How many commitments it makes.";
        serves: usize = "Combien d’engagements lui profitent.", "How many commitments serve it.";
        commitments: Url = "Ses engagements, dans l’API.", "Its commitments, in the API.";
    }
}

parameters! {
    struct Listed { limit: Limit; offset: Offset; lang: Lang; }
    struct One {
        id: Name = "L’identifiant de l’acteur.", "The actor’s identifier.";
        lang: Lang;
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let list = |ask: &Ask<'_>, Listed { limit, offset, lang }: Listed| {
        let gloss = ask.api.plans.gloss();
        Ok(Page::of(ask, &gloss.actors, (limit, offset), |actor| shaped(ask.api, &gloss, actor, lang)))
    };
    let one = |ask: &Ask<'_>, One { id: Name(id), lang }: One| {
        let gloss = ask.api.plans.gloss();
        let nothing = || Problem::of(StatusCode::NOT_FOUND).detail(format!("There is no actor {id}."));
        gloss.actor(&id).map(|actor| shaped(ask.api, &gloss, actor, lang)).ok_or_else(nothing)
    };
    vec![
        Operation::get(
            "actors",
            "/actors",
            "/actors?limit=1&lang=en",
            says("Les acteurs que le texte nomme.", "The actors whom the text names."),
            list,
        ),
        Operation::get("actor", "/actors/{id}", "/actors/{actor}?lang=en", says("Un acteur.", "One actor."), one),
    ]
}

/// The address of an actor in the API.
pub(super) fn address(api: &Api, id: &str, lang: Lang) -> Url {
    api.resource(&format!("/actors/{id}"), lang)
}

fn shaped(api: &Api, gloss: &Gloss, actor: &Entry, lang: Lang) -> Actor {
    let Url(register) = api.resource("/commitments", lang);
    let and = if register.contains('?') { '&' } else { '?' };
    Actor {
        own: address(api, &actor.id, lang),
        lang,
        id: actor.id.clone(),
        kind: actor.kind,
        name: actor.name.get(lang).clone(),
        full: actor.full.as_ref().map(|full| full.get(lang).clone()),
        part_of: actor.part_of.clone(),
        forms: actor.forms.get(lang).clone(),
        commits: gloss.commitments.iter().filter(|commitment| commitment.actors.contains(&actor.id)).count(),
        serves: gloss.commitments.iter().filter(|commitment| commitment.beneficiaries.contains(&actor.id)).count(),
        commitments: Url(format!("{register}{and}actor={}", actor.id)),
    }
}
