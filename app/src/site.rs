//! What the operator says of the site; the same for every visitor.

use leptos::prelude::*;
use plan::Lang;

/// A word in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localised {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Localised {
    /// The one of `lang`.
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// Name, organisation and address of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// `Estafette`.
    pub name: String,
    /// `OTAN`, `NATO`.
    pub organisation: Localised,
    /// `https://press.example.org`, without a slash at its end.
    pub public_url: String,
}

impl Site {
    /// The site of this page: from the server's context, or in the browser from what the server wrote on `<html>`.
    pub fn current() -> Site {
        use_context::<Site>().unwrap_or_else(|| {
            let said = |name: &str| {
                let root = document().document_element();
                root.and_then(|root| root.get_attribute(name)).unwrap_or_default()
            };
            Site {
                name: said("data-site"),
                organisation: Localised { fr: said("data-organisation-fr"), en: said("data-organisation-en") },
                public_url: said("data-url"),
            }
        })
    }
}
