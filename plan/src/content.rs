//! The text the product comes with, in both languages.

use crate::{Document, Lang, akn};
use serde::Deserialize;

const FRENCH: &str = include_str!("../content/fra.xml");
const ENGLISH: &str = include_str!("../content/eng.xml");
const SYNONYMS: &str = include_str!("../content/synonyms.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Synonyms {
    fr: Vec<Vec<String>>,
    en: Vec<Vec<String>>,
}

/// The action plan in `lang`, with the words that stand for one another in a search.
///
/// # Panics
/// Never: the files are part of the program and a test reads them.
#[expect(clippy::expect_used, reason = "the content is compiled in, and a test reads it whole")]
pub fn load(lang: Lang) -> Document {
    let synonyms: Synonyms = toml::from_str(SYNONYMS).expect("synonyms.toml fits its schema");
    let (xml, synonyms) = match lang {
        Lang::Fr => (FRENCH, synonyms.fr),
        Lang::En => (ENGLISH, synonyms.en),
    };
    let document = akn::read(xml).expect("the embedded Akoma Ntoso is readable");
    Document { synonyms, ..document }
}

/// The embedded Akoma Ntoso in `lang`, as it stands in the file.
pub const fn xml(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => FRENCH,
        Lang::En => ENGLISH,
    }
}
