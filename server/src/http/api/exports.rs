//! The files the text can be taken away as, and where they are.

use super::{
    Api,
    asked::{Name, parameters},
    operation::Operation,
    shape::{Url, says, shapes},
};
use crate::http::problem::Problem;
use ::plan::{
    Lang,
    export::{Format, Offer, offers},
};
use app::routes::To;
use http::StatusCode;

shapes! {
    struct Exports = "Les fichiers du texte, ou d’une partie.", "The files of the text, or of a part.";
    {
        "self" own: Url = "Leur adresse dans l’API.", "Their address in the API.";
        url: Url = "La page de ce qu’ils contiennent.", "The page of what they hold.";
        slug: Option<String> = "L’adresse de la partie ; `null` pour le tout.",
            "The address of the part; `null` for the whole.";
        files: Vec<File> = "Les fichiers, dans chaque langue et chaque format.",
            "The files, in each language and each format.";
    }
    struct File = "Un fichier à emporter.", "A file to take away.";
    {
        format: &'static str = "Le format : l’extension de son nom.", "The format: the extension of its name.";
        name: &'static str = "Comment on appelle ce format.", "What people call the format.";
        purpose: &'static str = "À quoi il sert.", "What it is good for.";
        media_type: &'static str = "Son type.", "Its media type.";
        lang: Lang = "Sa langue.", "Its language.";
        file_name: String = "Le nom sous lequel il s’enregistre.", "The name it is saved under.";
        address: Url = "Où il est.", "Where it is.";
    }
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
            "exports",
            "/exports",
            "/exports?lang=en",
            says("Les fichiers du texte entier.", "The files of the whole text."),
            |ask, Whole { lang }: Whole| Ok(exports(ask.api, lang, None)),
        ),
        Operation::get(
            "exportsOfPart",
            "/exports/{slug}",
            "/exports/{paragraph}?lang=en",
            says("Les fichiers d’une partie du texte.", "The files of a part of the text."),
            |ask, Part { slug: Name(slug), lang }: Part| {
                let document = ask.api.document(lang);
                let place = document.find(&slug).filter(|place| place.slug() == slug);
                let nothing = || Problem::of(StatusCode::NOT_FOUND).detail(format!("The plan has no part {slug}."));
                place.map(|place| exports(ask.api, lang, Some(place.slug()))).ok_or_else(nothing)
            },
        ),
    ]
}

fn exports(api: &Api, lang: Lang, slug: Option<&str>) -> Exports {
    let file = |Offer { format, lang: of, path, file_name }: Offer| File {
        format: format.extension(),
        name: Format::name(format),
        purpose: format.purpose(lang),
        media_type: format.media_type(),
        lang: of,
        file_name,
        address: Url(format!("{}{path}", api.site.public_url)),
    };
    let below = slug.map(|slug| format!("/{slug}")).unwrap_or_default();
    Exports {
        own: api.resource(&format!("/exports{below}"), lang),
        url: slug.map_or_else(|| api.page(&To::Plan, lang), |slug| api.place(slug, lang)),
        slug: slug.map(str::to_owned),
        files: offers(&api.document(lang), slug).into_iter().map(file).collect(),
    }
}
