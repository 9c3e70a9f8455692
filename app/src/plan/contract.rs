//! What can be asked about the plan.

use leptos::prelude::*;
use plan::{
    Document, Lang,
    search::{Hit, Results},
};
use serde::{Deserialize, Serialize};

/// The plan, as the server holds it.
#[cfg(feature = "ssr")]
pub trait Plans: Send + Sync {
    /// The whole text.
    fn document(&self, lang: Lang) -> std::sync::Arc<Document>;
    /// The passages that answer `query`, best first, at most `limit`.
    fn search(&self, lang: Lang, query: &str, limit: usize) -> Results;
    /// Grows when the text changes; what was made from an older text is stale.
    fn version(&self) -> u64;
}

/// A value on its way to the browser as a string of JSON.
///
/// Pages hand it over in their HTML, server functions over the wire: two readers, for which the whole reading of `T`
/// would be compiled twice into the Wasm. A string costs next to nothing to read twice.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed<T>(pub T);

impl<T: Serialize> Serialize for Packed<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for Packed<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = String::deserialize(deserializer)?;
        serde_json::from_str(&json).map(Packed).map_err(serde::de::Error::custom)
    }
}

/// Characters of a query that are read; the field takes no more.
pub const QUERY_LIMIT: usize = 400;

/// Hits shown at once.
pub const LIMIT: usize = 50;

/// The whole text in one language, ten kilobytes on the wire.
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "plan", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn get_plan(lang: Lang) -> Result<Packed<Document>, ServerFnError> {
    let plans = expect_context::<std::sync::Arc<dyn Plans>>();
    Ok(Packed(Document::clone(&plans.document(lang))))
}

/// A passage that answers a query, with the name people give its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// `Mesure 4, § 2`.
    pub place: String,
    /// What matched.
    pub hit: Hit,
}

/// The answers to a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// Best first, at most [`LIMIT`].
    pub answers: Vec<Answer>,
    /// How many there are in all.
    pub total: usize,
    /// Words of the text near to the query, where nothing matched.
    pub suggestions: Vec<String>,
}

impl Answers {
    /// Names the place of each hit.
    pub fn of(document: &Document, results: Results) -> Answers {
        let place = |hit: &Hit| document.find(&hit.slug).map(|place| place.label(document.lang)).unwrap_or_default();
        Answers {
            answers: results.hits.into_iter().map(|hit| Answer { place: place(&hit), hit }).collect(),
            total: results.total,
            suggestions: results.suggestions,
        }
    }
}

/// The passages that answer `q`.
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "plan/search", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn search_plan(lang: Lang, q: String) -> Result<Packed<Answers>, ServerFnError> {
    let plans = expect_context::<std::sync::Arc<dyn Plans>>();
    let q: String = q.chars().take(QUERY_LIMIT).collect();
    Ok(Packed(Answers::of(&plans.document(lang), plans.search(lang, &q, LIMIT))))
}

/// What the text holds, in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// How many numbered paragraphs.
    pub paragraphs: usize,
    /// How many measures.
    pub measures: usize,
    /// How many sentences of prose.
    pub sentences: usize,
    /// Slug and heading of each section, with those of its measures.
    pub sections: Vec<(Heading, Vec<Heading>)>,
}

/// A heading and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// `m4`.
    pub slug: String,
    /// To the letter.
    pub text: String,
}

/// What the text holds, in short.
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "plan/outline", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn get_outline(lang: Lang) -> Result<Packed<Outline>, ServerFnError> {
    let document = expect_context::<std::sync::Arc<dyn Plans>>().document(lang);
    let heading = |slug: &str, text: &plan::Text| Heading { slug: slug.to_owned(), text: text.plain() };
    Ok(Packed(Outline {
        paragraphs: document.paragraphs().count(),
        measures: document.measure_count(),
        sentences: document.sentence_count(),
        sections: document
            .sections
            .iter()
            .map(|s| {
                let measures = s.measures.iter().map(|m| heading(&m.slug, &m.heading)).collect();
                (heading(&s.slug, &s.heading), measures)
            })
            .collect(),
    }))
}
