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

/// The address that is signed in; empty where nobody is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who(pub String);

impl Who {
    /// Whoever visits this page: from the server's context, or in the browser from what the server wrote on `<html>`.
    pub(crate) fn current() -> Who {
        use_context::<Who>().unwrap_or_else(|| match cfg!(feature = "ssr") {
            true => Who::default(),
            false => Who(said("data-who")),
        })
    }
}

/// An attribute of `<html>`.
fn said(name: &str) -> String {
    document().document_element().and_then(|root| root.get_attribute(name)).unwrap_or_default()
}

impl Site {
    /// The site of this page: from the server's context, or in the browser from what the server wrote on `<html>`.
    pub fn current() -> Site {
        use_context::<Site>().unwrap_or_else(|| Site {
            name: said("data-site"),
            organisation: Localised { fr: said("data-organisation-fr"), en: said("data-organisation-en") },
            public_url: said("data-url"),
        })
    }
}
