//! What can be asked about the plan.

#[cfg(feature = "ssr")]
use super::found::Found;
use crate::data::Json;
use leptos::prelude::*;
use plan::{Document, Lang};
use serde::{Deserialize, Serialize};

/// The plan, as the server holds it.
#[cfg(feature = "ssr")]
pub trait Plans: Send + Sync {
    /// The whole text.
    fn document(&self, lang: Lang) -> std::sync::Arc<Document>;
    /// The passages that answer `query`, best first, at most `limit`.
    fn search(&self, lang: Lang, query: &str, limit: usize) -> plan::search::Results;
    /// Grows when the text changes; what was made from an older text is stale.
    fn version(&self) -> u64;
}

/// Characters of a query that are read; the field takes no more.
pub const QUERY_LIMIT: usize = 400;

/// Hits shown at once.
pub const LIMIT: usize = 50;

/// The text as the reader opens it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Texts {
    /// In the language of the page.
    pub text: Document,
    /// In the other language, where both stand side by side.
    pub beside: Option<Document>,
}

/// The whole text: [`Texts`]. Ten kilobytes a language on the wire.
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "plan", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn get_plan(lang: Lang, side: bool) -> Result<Json, ServerFnError> {
    let plans = expect_context::<std::sync::Arc<dyn Plans>>();
    let text = |lang| Document::clone(&plans.document(lang));
    Json::of(&Texts { text: text(lang), beside: side.then(|| text(lang.other())) })
}

/// The passages that answer `q`: [`Found`].
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "plan/search", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn search_plan(lang: Lang, q: String) -> Result<Json, ServerFnError> {
    let plans = expect_context::<std::sync::Arc<dyn Plans>>();
    let q: String = q.chars().take(QUERY_LIMIT).collect();
    Json::of(&Found::by(&plans.document(lang), &q, |q| plans.search(lang, q, LIMIT)))
}
