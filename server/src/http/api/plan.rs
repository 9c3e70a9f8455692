//! The plan as a whole: what it is, and how it is divided.

use super::{
    asked::parameters,
    operation::{Ask, Operation},
    shape::{Url, says, shapes},
};
use crate::http::problem::Problem;
use ::plan::{Lang, Measure, Paragraph, Section, SectionKind};
use app::routes::To;

shapes! {
    struct Plan = "Le plan, sans son texte : ce qu’il est et comment il est divisé.",
        "The plan without its text: what it is and how it is divided.";
    {
        "self" own: Url = "Son adresse dans l’API.", "Its address in the API.";
        url: Url = "Sa page.", "Its page.";
        lang: Lang = "La langue de ce texte.", "The language of this text.";
        original: bool = "Si c’est l’original, et non la traduction de courtoisie.",
            "Whether it is the original and not the courtesy translation.";
        title: String = "Le titre, de la rédaction du site : la source n’en porte pas.",
            "The title, in the site’s own words: the source carries none.";
        preface: String = "La ligne au-dessus du premier titre.", "The line above the first heading.";
        date: String = "Le jour où le texte a été approuvé (ISO 8601).", "The day the text was endorsed (ISO 8601).";
        work: String = "L’IRI Akoma Ntoso de l’œuvre, la même dans toutes les langues.",
            "The work’s Akoma Ntoso IRI, the same in every language.";
        sha256: String = "L’empreinte SHA-256 du texte source.", "The SHA-256 fingerprint of the source text.";
        counts: Counts = "Combien il y a de chaque chose.", "How many there are of each thing.";
        sections: Vec<Division> = "Les divisions du premier ordre.", "The divisions of the first order.";
    }
    struct Counts = "Des nombres, comptés dans le texte.", "Numbers, counted in the text.";
    {
        sections: usize = "Sections.", "Sections.";
        measures: usize = "Mesures.", "Measures.";
        paragraphs: usize = "Paragraphes.", "Paragraphs.";
        sentences: usize = "Phrases.", "Sentences.";
        commitments: usize = "Engagements.", "Commitments.";
    }
    struct Division = "Une section ou une mesure.", "A section or a measure.";
    {
        slug: String = "Son adresse dans le plan : `p2`, `m4`.", "Its address in the plan: `p2`, `m4`.";
        kind: &'static str = "`section`, `pillar` ou `measure`.", "`section`, `pillar` or `measure`.";
        number: Option<u16> = "Le numéro du pilier ou de la mesure.", "The number of the pillar or measure.";
        label: String = "Comment on le nomme : `Mesure 4`.", "How it is named: `Measure 4`.";
        heading: String = "Le titre, à la lettre.", "The heading, to the letter.";
        url: Url = "Sa page.", "Its page.";
        paragraphs: Vec<Url> = "Ses propres paragraphes, dans l’API.", "Its own paragraphs, in the API.";
        measures: Vec<Division> = "Ses mesures.", "Its measures.";
    }
}

parameters! {
    struct Which { lang: Lang; }
}

pub(super) fn operations() -> Vec<Operation> {
    let about = says(
        "Le plan : titre, date, empreinte, sections et mesures.",
        "The plan: title, date, fingerprint, sections and measures.",
    );
    vec![Operation::get("plan", "/plan", "/plan?lang=en", about, plan)]
}

fn plan(ask: &Ask<'_>, Which { lang }: Which) -> Result<Plan, Problem> {
    let (api, document) = (ask.api, ask.api.document(lang));
    Ok(Plan {
        own: ask.own(),
        url: api.page(&To::Plan, lang),
        lang,
        original: lang == Lang::Fr,
        title: document.title.clone(),
        preface: document.preface.plain(),
        date: document.date.clone(),
        work: document.work.clone(),
        sha256: document.sha256.clone(),
        counts: Counts {
            sections: document.sections.len(),
            measures: document.measure_count(),
            paragraphs: document.paragraphs().count(),
            sentences: document.sentence_count(),
            commitments: api.plans.gloss().commitments.len(),
        },
        sections: document.sections.iter().map(|section| of_section(ask, lang, section)).collect(),
    })
}

fn of_section(ask: &Ask<'_>, lang: Lang, section: &Section) -> Division {
    let (kind, number) = match section.kind {
        SectionKind::Plain => ("section", None),
        SectionKind::Pillar(number) => ("pillar", Some(number)),
    };
    Division {
        slug: section.slug.clone(),
        kind,
        number,
        label: ::plan::Place::Section(section).label(lang),
        heading: section.heading.plain(),
        url: ask.api.place(&section.slug, lang),
        paragraphs: addresses(ask, lang, &section.paragraphs),
        measures: section.measures.iter().map(|measure| of_measure(ask, lang, section, measure)).collect(),
    }
}

fn of_measure(ask: &Ask<'_>, lang: Lang, section: &Section, measure: &Measure) -> Division {
    Division {
        slug: measure.slug.clone(),
        kind: "measure",
        number: Some(measure.number),
        label: ::plan::Place::Measure(section, measure).label(lang),
        heading: measure.heading.plain(),
        url: ask.api.place(&measure.slug, lang),
        paragraphs: addresses(ask, lang, &measure.paragraphs),
        measures: Vec::new(),
    }
}

fn addresses(ask: &Ask<'_>, lang: Lang, paragraphs: &[Paragraph]) -> Vec<Url> {
    paragraphs.iter().map(|p| ask.api.resource(&format!("/paragraphs/{}", p.slug), lang)).collect()
}
