//! What can be asked about the plan.

#[cfg(feature = "ssr")]
use super::found::Found;
use crate::data::Json;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use plan::Document;
use plan::{Lang, search::Entry};
use serde::{Deserialize, Serialize};

/// The plan, as the server holds it.
#[cfg(feature = "ssr")]
pub trait Plans: Send + Sync {
    /// The whole text.
    fn document(&self, lang: Lang) -> std::sync::Arc<Document>;
    /// The editors' reading of it.
    fn gloss(&self) -> std::sync::Arc<plan::gloss::Gloss>;
    /// The passages that answer `query`, best first, at most `limit`.
    fn search(&self, lang: Lang, query: &str, limit: usize) -> plan::search::Results;
    /// Whether the text, in either language, says what is quoted.
    ///
    /// # Errors
    /// Where there is nothing to check, or too much.
    fn check(&self, quotation: &str) -> Result<plan::quote::Report, plan::quote::Refused>;
    /// Grows when the text changes; what was made from an older text is stale.
    fn version(&self) -> u64;
}

/// Characters of a query that are read; the field takes no more.
pub const QUERY_LIMIT: usize = 400;

/// Hits shown at once.
pub const LIMIT: usize = 50;

/// A spot of the text that has an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// Its address, `m4.2`.
    pub slug: String,
    /// As people name it, "Mesure 4, § 2".
    pub label: String,
    /// 0 for a section, 1 for a measure, 2 for a paragraph, 3 for a sentence or a bullet.
    pub level: u8,
}

/// [`Spot::level`] of paragraphs.
pub(crate) const PARAGRAPH: u8 = 2;

/// The text as the reader opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The text's title.
    pub title: String,
    /// Every spot, in reading order.
    pub spots: Vec<Spot>,
    /// The page, where it does not stand already: contents, text, panel.
    pub html: String,
}

/// The text, ready to be read, `side` by side with the other language: a [`Sheet`]. With `html` where a browser goes
/// to it from another page; else the page stands already, and what moves in it is all that is missing.
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "plan", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn get_sheet(lang: Lang, side: bool, html: bool) -> Result<Json, ServerFnError> {
    let opening = super::page::Opening::new(lang, side, "");
    Json::of(&opening.sheet(html))
}

/// What there is to say about each paragraph, in order, as HTML: a list of strings.
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "plan/panels", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn get_panels(lang: Lang, side: bool) -> Result<Json, ServerFnError> {
    Json::of(&super::page::Opening::new(lang, side, "").panels())
}

/// What the search in the browser reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Corpus {
    /// Each entry with the name of its place.
    pub entries: Vec<(Entry, String)>,
    /// Groups of words that stand for one another.
    pub synonyms: Vec<Vec<String>>,
}

/// What the search in the browser reads: a [`Corpus`]. Eight kilobytes on the wire.
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "plan/corpus", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn get_corpus(lang: Lang) -> Result<Json, ServerFnError> {
    let document = expect_context::<std::sync::Arc<dyn Plans>>().document(lang);
    let label = |slug: &str| document.find(slug).map(|place| place.label(lang)).unwrap_or_default();
    let named = |entry: Entry| (label(&entry.slug), entry);
    let entries = document.entries().into_iter().map(named).map(|(label, entry)| (entry, label)).collect();
    Json::of(&Corpus { entries, synonyms: document.synonyms.clone() })
}

/// The passages that answer `q`: [`Found`].
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "plan/search", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn search_plan(lang: Lang, q: String) -> Result<Json, ServerFnError> {
    let plans = expect_context::<std::sync::Arc<dyn Plans>>();
    let q: String = q.chars().take(QUERY_LIMIT).collect();
    let document = plans.document(lang);
    let label = |slug: &str| document.find(slug).map(|place| place.label(lang)).unwrap_or_default();
    Json::of(&Found::by(lang, &q, label, |q| plans.search(lang, q, LIMIT)))
}
