//! How to cite the text, or a part of it.

use super::{
    asked::{Name, parameters},
    operation::{Ask, Operation},
    shape::{Url, named, says, shapes},
};
use crate::http::{
    citations::{self, Form},
    problem::Problem,
};
use ::plan::{Lang, cite::Style};
use app::routes::To;
use http::StatusCode;
use serde_json::Value;

shapes! {
    struct Citation = "Comment citer le texte, ou une partie.", "How to cite the text, or a part of it.";
    {
        "self" own: Url = "Son adresse dans l’API.", "Its address in the API.";
        url: Url = "La page citée.", "The page that is cited.";
        lang: Lang = "La langue du texte cité.", "The language of the text that is cited.";
        slug: Option<String> = "L’adresse de la partie ; `null` pour le tout.",
            "The address of the part; `null` for the whole.";
        locator: Option<String> = "Comment on nomme la partie.", "How the part is named.";
        styles: Vec<InStyle> = "La référence en mots.", "The reference in words.";
        bibtex: String = "Une entrée biblatex.", "An entry of biblatex.";
        ris: String = "Une notice RIS.", "A record of RIS.";
        csl: Value = "Une liste CSL-JSON d’un élément.", "A CSL-JSON list of one item.";
        files: Vec<CitationFile> = "Les mêmes en fichiers.", "The same as files.";
    }
    struct InStyle = "Une référence dans un style.", "A reference in a style.";
    {
        style: Style = "Le style.", "The style.";
        name: &'static str = "Comment on l’appelle.", "What people call it.";
        text: String = "La référence.", "The reference.";
    }
    struct CitationFile = "Une référence en fichier.", "A reference as a file.";
    {
        format: &'static str = "L’extension de son nom.", "The extension of its name.";
        media_type: &'static str = "Son type.", "Its media type.";
        address: Url = "Où il est.", "Where it is.";
    }
}

named! {
    Style: "apa" | "chicago" | "iso690";
}

parameters! {
    struct Whole { lang: Lang; }
    struct Part {
        slug: Name = "L’adresse d’une section, d’une mesure, d’un paragraphe, d’une phrase ou d’un objectif.",
            "The address of a section, a measure, a paragraph, a sentence or an objective.";
        lang: Lang;
    }
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "citation",
            "/citations",
            "/citations?lang=en",
            says("Comment citer le texte entier.", "How to cite the whole text."),
            |ask, Whole { lang }: Whole| cited(ask, lang, None),
        ),
        Operation::get(
            "citationOfPart",
            "/citations/{slug}",
            "/citations/{part}?lang=en",
            says("Comment citer une partie du texte.", "How to cite a part of the text."),
            |ask, Part { slug: Name(slug), lang }: Part| cited(ask, lang, Some(&slug)),
        ),
    ]
}

fn cited(ask: &Ask<'_>, lang: Lang, slug: Option<&str>) -> Result<Citation, Problem> {
    let (api, document) = (ask.api, ask.api.document(lang));
    let canonical = slug.is_none_or(|slug| document.find(slug).is_some_and(|place| place.slug() == slug));
    let citation = citations::citation(&api.site, &*api.clock, &document, slug).filter(|_| canonical);
    let citation = citation.ok_or_else(|| {
        let slug = slug.unwrap_or_default();
        Problem::of(StatusCode::NOT_FOUND).detail(format!("The plan has no part {slug}."))
    })?;
    let file = |form: Form| CitationFile {
        format: form.extension(),
        media_type: form.media_type(),
        address: Url(format!("{}{}", api.site.public_url, citations::path(lang, slug, form))),
    };
    let below = slug.map(|slug| format!("/{slug}")).unwrap_or_default();
    Ok(Citation {
        own: api.resource(&format!("/citations{below}"), lang),
        url: slug.map_or_else(|| api.page(&To::Plan, lang), |slug| api.place(slug, lang)),
        lang,
        slug: slug.map(str::to_owned),
        locator: citation.locator().map(str::to_owned),
        styles: Style::ALL.map(|style| InStyle { style, name: style.name(), text: citation.plain(style) }).into(),
        bibtex: citation.bibtex(),
        ris: citation.ris(),
        csl: serde_json::from_str(&citation.csl_json()).unwrap_or_default(),
        files: Form::ALL.map(file).into(),
    })
}
