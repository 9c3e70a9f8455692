//! Who promises what, how firmly: the editors' reading, each entry with the exact words it rests on.

use super::{
    Api,
    asked::{Choice, Limit, Name, Offset, Order, Text, parameters},
    list::{Page, With},
    operation::{Ask, Operation},
    shape::{Span, Url, says, shapes},
};
use crate::http::problem::Problem;
use ::plan::{
    Document, Lang,
    gloss::{Commitment as Entry, Facet, Filter, Gloss, Qualifies, Register, Row, Span as Words, Strength, register},
};
use http::StatusCode;

shapes! {
    struct Commitment = "Un engagement : un verbe, ou des verbes qui partagent leur objet.",
        "A commitment: one verb, or verbs that share their object.";
    {
        "self" own: Url = "Son adresse dans l’API.", "Its address in the API.";
        url: Url = "La page de sa phrase.", "The page of its sentence.";
        lang: Lang = "La langue.", "The language.";
        id: String = "Son identifiant : la phrase, puis son rang dans la phrase.",
            "Its identifier: the sentence, then its place in it.";
        at: String = "L’adresse de sa phrase.", "The address of its sentence.";
        label: String = "Comment on nomme ce passage.", "How the passage is named.";
        sentence: String = "La phrase, à la lettre. C’est d’elle que parlent les positions.",
            "The sentence, to the letter. Positions are in it.";
        actors: Vec<Person> = "Qui s’engage. Vide : le texte ne nomme personne.",
            "Who is committed. Empty: the text names nobody.";
        strength: Strength = "Avec quelle fermeté.", "How firmly.";
        strength_name: &'static str = "La même, en mots.", "The same in words.";
        trigger: Option<Span> = "Les mots qui le montrent.", "The words that show it.";
        verb: String = "Ce qui est fait, à l’infinitif.", "What is done, in the infinitive.";
        object: Option<Span> = "À quoi.", "To what.";
        beneficiaries: Vec<Person> = "Au profit de qui, si le texte le dit.", "Whom it serves, where the text says so.";
        qualifiers: Vec<Qualifier> = "Ce qui l’atténue ou le conditionne.", "What softens or conditions it.";
        topics: Vec<Subject> = "Ses sujets.", "Its subjects.";
        note: Option<String> = "La remarque de la rédaction.", "The editors’ remark.";
        paragraph: Url = "Son paragraphe, dans l’API.", "Its paragraph, in the API.";
    }
    struct Person = "Un acteur.", "An actor.";
    {
        id: String = "Son identifiant.", "Its identifier.";
        name: String = "Son nom.", "Its name.";
        "self" own: Url = "Son adresse dans l’API.", "Its address in the API.";
    }
    struct Subject = "Un sujet.", "A subject.";
    {
        id: String = "Son identifiant.", "Its identifier.";
        name: String = "Son nom.", "Its name.";
    }
    struct Qualifier = "Des mots qui atténuent ou conditionnent.", "Words that soften or condition.";
    {
        kind: Qualifies = "Réserve ou condition.", "Caveat or condition.";
        at: String = "L’adresse de la phrase où ils se trouvent.", "The address of the sentence they stand in.";
        words: Option<Span> = "Les mots, dans cette phrase.", "The words, in that sentence.";
    }
    struct Facets = "Ce qui distingue les engagements, et combien chaque autre choix en laisserait.",
        "What tells commitments apart, and how many each other choice would leave.";
    {
        of: usize = "Combien d’engagements il y a sans filtre.", "How many commitments there are without a filter.";
        facets: Vec<FacetValues> = "Les filtres et leurs valeurs.", "The filters and their values.";
    }
    struct FacetValues = "Un filtre.", "A filter.";
    {
        parameter: &'static str = "Le paramètre.", "The parameter.";
        values: Vec<FacetValue> = "Ses valeurs.", "Its values.";
    }
    struct FacetValue = "Une valeur d’un filtre.", "A value of a filter.";
    {
        value: String = "Telle qu’on la demande.", "As it is asked for.";
        name: String = "En mots.", "In words.";
        count: usize = "Combien d’engagements elle laisserait.", "How many commitments it would leave.";
        chosen: bool = "Si elle est choisie.", "Whether it is chosen.";
    }
}

parameters! {
    struct Listed {
        actor: Vec<Choice> = "Qui s’engage ; `nobody` où le texte ne nomme personne. Plusieurs valeurs : l’une d’elles.",
            "Who is committed; `nobody` where the text names nobody. Several values: any of them.";
        strength: Vec<Strength> = "Avec quelle fermeté.", "How firmly.";
        measure: Vec<Choice> = "La mesure, ou la section : `m4`, `adopt`.", "The measure, or section: `m4`, `adopt`.";
        beneficiary: Vec<Choice> = "Au profit de qui.", "Whom it serves.";
        caveat: Vec<Choice> = "Ce qui l’atténue : `any`, `condition`, `without`, ou les mots d’une réserve.",
            "What softens it: `any`, `condition`, `without`, or the words of one caveat.";
        topic: Vec<Choice> = "Le sujet.", "The subject.";
        q: Option<Text<200>> = "Des mots de la phrase, ou de ce qu’en dit la rédaction.",
            "Words of the sentence, or of what the editors say of it.";
        sort: Option<Order>;
        limit: Limit;
        offset: Offset;
        lang: Lang;
    }
    struct One {
        id: Name = "L’identifiant de l’engagement.", "The commitment’s identifier.";
        lang: Lang;
    }
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "commitments",
            "/commitments",
            "/commitments?measure={division}&limit=1&lang=en",
            says(
                "Les engagements qui répondent aux filtres, et ce que d’autres choix laisseraient.",
                "The commitments that answer the filters, and what other choices would leave.",
            ),
            list,
        ),
        Operation::get(
            "commitment",
            "/commitments/{id}",
            "/commitments/{commitment}?lang=en",
            says("Un engagement.", "One commitment."),
            one,
        ),
    ]
}

/// The address of a commitment in the API.
pub(super) fn address(api: &Api, id: &str, lang: Lang) -> Url {
    api.resource(&format!("/commitments/{id}"), lang)
}

fn list(ask: &Ask<'_>, asked: Listed) -> Result<With<Page<Commitment>, Facets>, Problem> {
    let Listed { actor, strength, measure, beneficiary, caveat, topic, q, sort, limit, offset, lang } = asked;
    let strength = strength.into_iter().map(|strength| Choice(strength.id().to_owned())).collect();
    let of_facets = [
        (Facet::Actor, actor),
        (Facet::Strength, strength),
        (Facet::Measure, measure),
        (Facet::Beneficiary, beneficiary),
        (Facet::Caveat, caveat),
        (Facet::Topic, topic),
    ];
    let chosen = of_facets.into_iter().flat_map(|(facet, values)| values.into_iter().map(move |v| (facet.id(), v.0)));
    let filter = Filter::read(chosen.chain(q.map(|Text(q)| ("q", q))).chain(sort.map(|Order(sort)| ("sort", sort))));
    let (gloss, document) = (ask.api.plans.gloss(), ask.api.document(lang));
    let Register { rows, of, facets } = register(&gloss, &document, &filter);
    let values = |values: Vec<::plan::gloss::Value>| {
        let shaped =
            values.into_iter().map(|v| FacetValue { value: v.id, name: v.name, count: v.count, chosen: v.chosen });
        shaped.collect()
    };
    let facets = facets.into_iter().map(|(facet, of)| FacetValues { parameter: facet.id(), values: values(of) });
    let facets = Facets { of, facets: facets.collect() };
    let page =
        Page::of(ask, rows, (limit, offset), |Row { commitment, .. }| shaped(ask, &gloss, &document, commitment));
    Ok(With { list: page, beside: facets })
}

fn one(ask: &Ask<'_>, One { id: Name(id), lang }: One) -> Result<Commitment, Problem> {
    let (gloss, document) = (ask.api.plans.gloss(), ask.api.document(lang));
    let found = gloss.commitments.iter().find(|commitment| commitment.id == id);
    let nothing = || Problem::of(StatusCode::NOT_FOUND).detail(format!("There is no commitment {id}."));
    found.map(|commitment| shaped(ask, &gloss, &document, commitment)).ok_or_else(nothing)
}

fn shaped(ask: &Ask<'_>, gloss: &Gloss, document: &Document, commitment: &Entry) -> Commitment {
    let (api, lang) = (ask.api, document.lang);
    let place = document.find(&commitment.at);
    let sentence = place.map(|place| place.plain()).unwrap_or_default();
    let span = |words: &Words| Some(Span::of(&sentence, words.find(&sentence)?));
    let people = |ids: &[String]| ids.iter().filter_map(|id| person(api, gloss.actor(id)?, lang)).collect();
    let qualifiers = gloss.qualifiers_of(&commitment.id).map(|qualifier| {
        let text = document.find(&qualifier.at).map(|place| place.plain()).unwrap_or_default();
        Qualifier {
            kind: qualifier.kind,
            at: qualifier.at.clone(),
            words: qualifier.words.get(lang).find(&text).map(|range| Span::of(&text, range)),
        }
    });
    let topics = commitment.topics.iter().filter_map(|id| gloss.topic(id));
    Commitment {
        own: address(api, &commitment.id, lang),
        url: api.place(&commitment.at, lang),
        lang,
        id: commitment.id.clone(),
        at: commitment.at.clone(),
        label: place.map(|place| place.label(lang)).unwrap_or_default(),
        actors: people(&commitment.actors),
        strength: commitment.strength,
        strength_name: commitment.strength.name(lang),
        trigger: span(commitment.trigger.get(lang)),
        verb: commitment.verb.get(lang).clone(),
        object: span(commitment.object.get(lang)),
        beneficiaries: people(&commitment.beneficiaries),
        qualifiers: qualifiers.collect(),
        topics: topics.map(|topic| Subject { id: topic.id.clone(), name: topic.name.get(lang).clone() }).collect(),
        note: commitment.note.as_ref().map(|note| note.get(lang).clone()),
        paragraph: api.resource(&format!("/paragraphs/{}", commitment.paragraph()), lang),
        sentence,
    }
}

fn person(api: &Api, actor: &::plan::gloss::Actor, lang: Lang) -> Option<Person> {
    let own = super::actors::address(api, &actor.id, lang);
    Some(Person { id: actor.id.clone(), name: actor.name.get(lang).clone(), own })
}
