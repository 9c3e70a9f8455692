//! What the server holds, on its way into a page: handed over in the HTML, or fetched where the visitor goes on
//! without a new page.

use crate::words::Words;
use leptos::prelude::*;
use plan::Lang;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{future::Future, pin::Pin, sync::Arc};

/// A value as a string of JSON.
///
/// Every type that travels through Leptos brings its own copy of resources, suspense and server functions into the
/// Wasm. So one type travels, and what it holds is read at the end of the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Json(String);

impl Json {
    /// A value, ready to travel.
    ///
    /// # Errors
    /// Where `T` has no form in JSON.
    #[cfg(feature = "ssr")]
    pub(crate) fn of<T: Serialize>(value: &T) -> Result<Json, ServerFnError> {
        serde_json::to_string(value).map(Json).map_err(ServerFnError::new)
    }

    /// A text that is empty: what is asked for cannot be had here.
    #[cfg(not(feature = "ssr"))]
    pub(crate) fn nothing() -> Json {
        Json("\"\"".to_owned())
    }

    /// The value, if it is one of `T`.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.0).ok()
    }
}

type Asked = Pin<Box<dyn Future<Output = Option<Json>> + Send>>;
type Show = Arc<dyn Fn(Option<Json>) -> AnyView + Send + Sync>;

/// Shows what `ask` answers to `key`, and says so where it does not.
pub(crate) fn with_data<T, F>(
    lang: Lang,
    key: Memo<String>,
    ask: impl Fn(String) -> F + Send + Sync + 'static,
    show: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: DeserializeOwned + 'static,
    F: Future<Output = Result<Json, ServerFnError>> + Send + 'static,
{
    let ask = move |key: String| -> Asked {
        let answer = ask(key);
        Box::pin(async move { answer.await.ok() })
    };
    let show = move |json: Option<Json>| match json.and_then(|json| json.read()) {
        Some(value) => show(value),
        None => failed(lang),
    };
    awaited(lang, key, Box::new(ask), Arc::new(show))
}

/// Of one type only, whatever is asked for: compiled once.
fn awaited(lang: Lang, key: Memo<String>, ask: Box<dyn Fn(String) -> Asked + Send + Sync>, show: Show) -> AnyView {
    let data = Resource::new_blocking(move || key.get(), ask);
    let loading = Words::of(lang).loading;
    view! {
        <Transition fallback=move || view! { <p class="loading">{loading}</p> }>
            {move || {
                let show = Arc::clone(&show);
                Suspend::new(async move { show(data.await) })
            }}
        </Transition>
    }
    .into_any()
}

fn failed(lang: Lang) -> AnyView {
    let words = Words::of(lang);
    view! {
        <div class="error-page" role="alert">
            <p>{words.plan_failed}</p>
            <a class="button" href="" rel="external">{words.retry}</a>
        </div>
    }
    .into_any()
}
