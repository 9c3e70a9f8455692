//! The API's front door and its description.

use super::{
    BASE,
    asked::{Value as Asked, parameters},
    operation::Operation,
    shape::{Shape, Url, says, shapes},
};
use ::plan::Lang;
use app::routes::To;
use serde_json::{Value, json};

shapes! {
    struct Entry = "Ce que l’API offre.", "What the API offers.";
    {
        "self" own: Url = "Cette adresse.", "This address.";
        url: Url = "La page qui l’explique.", "The page that explains it.";
        openapi: Url = "Sa description, en OpenAPI 3.1.", "Its description, in OpenAPI 3.1.";
        operations: Vec<Offer> = "Ce qu’on peut demander.", "What can be asked.";
    }
    struct Offer = "Une opération.", "An operation.";
    {
        id: &'static str = "Son nom, le même que dans la description.", "Its name, as in the description.";
        method: String = "La méthode HTTP.", "The HTTP method.";
        template: String = "L’adresse, ses parties variables entre accolades.", "The address, variable parts in braces.";
        summary: &'static str = "Ce qu’elle répond.", "What it answers.";
    }
}

parameters! {
    struct Nothing { lang: Lang; }
    struct Words { lang: InWords; }
}

/// The language of words for developers: English, unless another is asked for.
pub(super) struct InWords(Lang);

impl Asked for InWords {
    const SAYS: super::shape::Says = says("La langue des explications.", "The language of the explanations.");

    fn schema() -> Value {
        json!({ "type": "string", "enum": ["fr", "en"], "default": "en" })
    }

    fn read(text: &str) -> Option<Self> {
        <Lang as Asked>::read(text).map(InWords)
    }

    fn absent() -> Option<Self> {
        Some(InWords(Lang::En))
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let entry = |ask: &super::Ask<'_>, Nothing { lang }: Nothing| {
        let api = ask.api;
        let operations = api.operations.iter().map(|operation| Offer {
            id: operation.id,
            method: operation.method.to_string(),
            template: format!("{}{BASE}{}", api.site.public_url, operation.path),
            summary: operation.says.get(lang),
        });
        Ok(Front(Entry {
            own: ask.own(),
            url: api.page(&To::Api, lang),
            openapi: Url(format!("{}{BASE}/openapi.json?lang={lang}", api.site.public_url)),
            operations: operations.collect(),
        }))
    };
    vec![
        Operation::get("entry", "", "?lang=en", says("Ce que l’API offre.", "What the API offers."), entry),
        Operation::get(
            "openapi",
            "/openapi.json",
            "/openapi.json",
            says("La description de l’API, en OpenAPI 3.1.", "The API’s description, in OpenAPI 3.1."),
            |ask, Words { lang: InWords(lang) }: Words| Ok(ask.api.described().get(lang).clone()),
        ),
    ]
}

/// The entry, with links to what describes it (RFC 8631).
#[derive(serde::Serialize)]
#[serde(transparent)]
struct Front(Entry);

impl Shape for Front {
    fn schema(schemas: &mut super::shape::Schemas) -> Value {
        Entry::schema(schemas)
    }

    fn links(&self) -> Vec<(&'static str, String)> {
        vec![("service-desc", self.0.openapi.0.clone()), ("service-doc", self.0.url.0.clone())]
    }
}
