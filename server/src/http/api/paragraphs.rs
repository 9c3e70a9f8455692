//! The text, paragraph by paragraph.

use super::{
    asked::{Limit, Name, Offset, Text, parameters},
    list::Page,
    operation::{Ask, Operation},
    shape::{Span, Url, says, shapes},
};
use crate::http::problem::Problem;
use ::plan::{Body, EntityKind, Lang, Measure, Place, Section, Text as Words};
use http::StatusCode;

shapes! {
    struct Paragraph = "Un paragraphe du plan.", "A paragraph of the plan.";
    {
        "self" own: Url = "Son adresse dans l’API.", "Its address in the API.";
        url: Url = "Sa page.", "Its page.";
        lang: Lang = "La langue.", "The language.";
        slug: String = "Son adresse dans le plan : `m4.2`.", "Its address in the plan: `m4.2`.";
        number: u16 = "Sa place dans tout le plan, à partir de 1.", "Its place in the whole plan, from 1.";
        label: String = "Comment on le nomme : `Mesure 4, § 2`.", "How it is named: `Measure 4, § 2`.";
        section: String = "L’adresse de sa section.", "The address of its section.";
        measure: Option<String> = "L’adresse de sa mesure, s’il est dans une mesure.",
            "The address of its measure, where it stands in one.";
        text: String = "Ses mots, à la lettre ; les objectifs d’une liste sur une ligne chacun.",
            "Its words, to the letter; each objective of a list on a line of its own.";
        parts: Vec<Part> = "Ses phrases, ou ses objectifs.", "Its sentences, or its objectives.";
        names: Vec<Named> = "Ce qu’il nomme, une fois chacun.", "What it names, each once.";
        commitments: Vec<Url> = "Les engagements qu’il contient, dans l’API.", "The commitments in it, in the API.";
    }
    struct Part = "Une phrase, ou un objectif.", "A sentence, or an objective.";
    {
        slug: String = "Son adresse dans le plan : `m4.2.s3`.", "Its address in the plan: `m4.2.s3`.";
        kind: &'static str = "`sentence` ou `item`.", "`sentence` or `item`.";
        label: String = "Comment on la nomme : `Mesure 4, § 2, phrase 3`.",
            "How it is named: `Measure 4, § 2, sentence 3`.";
        text: String = "Ses mots, à la lettre.", "Its words, to the letter.";
        url: Url = "Sa page.", "Its page.";
    }
    struct Named = "Quelque chose que le texte nomme.", "Something the text names.";
    {
        id: String = "Son identifiant.", "Its identifier.";
        kind: &'static str = "Ce que c’est : `organization`, `role`, `event`, `concept` ou `location`.",
            "What it is: `organization`, `role`, `event`, `concept` or `location`.";
        name: String = "Son nom.", "Its name.";
        at: Vec<Span> = "Où, dans le texte du paragraphe.", "Where, in the paragraph’s text.";
    }
}

parameters! {
    struct Listed {
        division: Option<Text<40>> = "Seulement ceux de cette section ou mesure : `p2`, `m4`.",
            "Only those of this section or measure: `p2`, `m4`.";
        limit: Limit;
        offset: Offset;
        lang: Lang;
    }
    struct One {
        slug: Name = "L’adresse du paragraphe : `m4.2`, `intro.1`, `p1.obj`.",
            "The paragraph’s address: `m4.2`, `intro.1`, `p1.obj`.";
        lang: Lang;
    }
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "paragraphs",
            "/paragraphs",
            "/paragraphs?division={division}&limit=1&lang=en",
            says("Les paragraphes, dans l’ordre.", "The paragraphs, in order."),
            list,
        ),
        Operation::get(
            "paragraph",
            "/paragraphs/{slug}",
            "/paragraphs/{paragraph}?lang=en",
            says("Un paragraphe.", "One paragraph."),
            one,
        ),
    ]
}

fn list(ask: &Ask<'_>, Listed { division, limit, offset, lang }: Listed) -> Result<Page<Paragraph>, Problem> {
    let document = ask.api.document(lang);
    let within = |section: &Section, measure: Option<&Measure>| match &division {
        None => true,
        Some(Text(slug)) => section.slug == *slug || measure.is_some_and(|measure| measure.slug == *slug),
    };
    let all = document.paragraphs().filter(|(section, measure, _)| within(section, *measure));
    Ok(Page::of(ask, all, (limit, offset), |(section, measure, paragraph)| {
        shaped(ask, lang, section, measure, paragraph)
    }))
}

fn one(ask: &Ask<'_>, One { slug: Name(slug), lang }: One) -> Result<Paragraph, Problem> {
    let document = ask.api.document(lang);
    let found = document.paragraphs().find(|(_, _, paragraph)| paragraph.slug == slug);
    let nothing = || Problem::of(StatusCode::NOT_FOUND).detail(format!("The plan has no paragraph {slug}."));
    found.map(|(section, measure, paragraph)| shaped(ask, lang, section, measure, paragraph)).ok_or_else(nothing)
}

fn shaped(
    ask: &Ask<'_>,
    lang: Lang,
    section: &Section,
    measure: Option<&Measure>,
    paragraph: &::plan::Paragraph,
) -> Paragraph {
    let api = ask.api;
    let part = |kind, place: Place<'_>| Part {
        slug: place.slug().to_owned(),
        kind,
        label: place.label(lang),
        text: place.plain(),
        url: api.place(place.slug(), lang),
    };
    let sentences = paragraph.sentences().iter().zip(1..);
    let sentences = sentences.map(|(s, n)| part("sentence", Place::Sentence(section, measure, paragraph, n, s)));
    let items = paragraph.items().iter().zip(1..);
    let items = items.map(|(item, n)| part("item", Place::Item(section, measure, paragraph, n, item)));
    let gloss = api.plans.gloss();
    let within = gloss.commitments.iter().filter(|commitment| commitment.paragraph() == paragraph.slug);
    Paragraph {
        own: api.resource(&format!("/paragraphs/{}", paragraph.slug), lang),
        url: api.place(&paragraph.slug, lang),
        lang,
        slug: paragraph.slug.clone(),
        number: paragraph.number,
        label: Place::Paragraph(section, measure, paragraph).label(lang),
        section: section.slug.clone(),
        measure: measure.map(|measure| measure.slug.clone()),
        text: paragraph.plain(),
        parts: sentences.chain(items).collect(),
        names: named(ask, lang, paragraph),
        commitments: within.map(|commitment| super::commitments::address(api, &commitment.id, lang)).collect(),
    }
}

/// What a paragraph names, in the order of first mention.
fn named(ask: &Ask<'_>, lang: Lang, paragraph: &::plan::Paragraph) -> Vec<Named> {
    let (document, whole) = (ask.api.document(lang), paragraph.plain());
    let gaps: Vec<&str> = match &paragraph.body {
        Body::Prose(sentences) => sentences.iter().map(|sentence| &*sentence.gap).collect(),
        Body::List { items, .. } => vec!["\n"; items.len() + 1],
    };
    let mut names: Vec<Named> = Vec::new();
    let mut at = 0;
    for (Words { runs }, gap) in paragraph.texts().into_iter().zip(gaps) {
        for run in runs {
            let end = at + run.text.len();
            if let Some(entity) = run.names.as_ref().and_then(|id| document.entity(id)) {
                let span = Span::of(&whole, at..end);
                match names.iter_mut().find(|known| known.id == entity.id) {
                    Some(known) => known.at.push(span),
                    None => names.push(Named {
                        id: entity.id.clone(),
                        kind: kind(entity.kind),
                        name: entity.name.clone(),
                        at: vec![span],
                    }),
                }
            }
            at = end;
        }
        at += gap.len();
    }
    names
}

const fn kind(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Organization => "organization",
        EntityKind::Role => "role",
        EntityKind::Event => "event",
        EntityKind::Concept => "concept",
        EntityKind::Location => "location",
    }
}
