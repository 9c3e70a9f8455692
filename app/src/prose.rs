//! The pages that are only read: home and prose. Their text travels as data, it is no part of the Wasm.

use crate::{
    data::{Json, with_data},
    layout::NotFound,
    routes::To,
    words::Words,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use plan::Lang;
use serde::{Deserialize, Serialize};

/// A page that is only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Prose {
    /// What there is, and the ways in.
    Home,
    /// What this is, and who is behind it.
    About,
    /// The accessibility statement.
    Accessibility,
    /// Responsibility, rights, data.
    Legal,
    /// The API, explained.
    Api,
}

/// The page's text as HTML of our own.
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "prose", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn get_prose(lang: Lang, page: Prose) -> Result<Json, ServerFnError> {
    let site = crate::Site::current();
    let html = match (page, lang) {
        (Prose::Home, _) => {
            let plans = expect_context::<std::sync::Arc<dyn crate::plan::contract::Plans>>();
            let library = expect_context::<std::sync::Arc<dyn crate::media::contract::Library>>();
            // The home page without footage is better than none.
            let latest = library.latest(lang, crate::home::LATEST).await.unwrap_or_default();
            return Json::of(&crate::home::html(&plans.document(lang), &plans.gloss(), &latest, &site));
        }
        (Prose::Api, _) => return Json::of(&crate::api::html(lang)),
        (Prose::About, Lang::Fr) => include_str!("prose/about.fr.html"),
        (Prose::About, Lang::En) => include_str!("prose/about.en.html"),
        (Prose::Accessibility, Lang::Fr) => include_str!("prose/accessibility.fr.html"),
        (Prose::Accessibility, Lang::En) => include_str!("prose/accessibility.en.html"),
        (Prose::Legal, Lang::Fr) => include_str!("prose/legal.fr.html"),
        (Prose::Legal, Lang::En) => include_str!("prose/legal.en.html"),
    };
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    Json::of(
        &html
            .replace("{site}", &escaped(&site.name))
            .replace("{organisation}", &escaped(site.organisation.of(lang)))
            .replace("{url}", &escaped(&site.public_url)),
    )
}

/// `/{lang}`, `/{lang}/about`, `/{lang}/accessibility`, `/{lang}/legal`, `/{lang}/api`
#[component]
pub(crate) fn Page() -> impl IntoView {
    let Some(lang) = use_context::<Lang>() else { return view! { <NotFound/> }.into_any() };
    let words = Words::of(lang);
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("page")).unwrap_or_default());
    let shown = move || match To::parse(&format!("/{lang}/{}", name.read())) {
        Some((_, To::Home)) => page(lang, Prose::Home, ""),
        Some((_, To::About)) => page(lang, Prose::About, words.about),
        Some((_, To::Accessibility)) => page(lang, Prose::Accessibility, words.accessibility),
        Some((_, To::Legal)) => page(lang, Prose::Legal, words.legal),
        Some((_, To::Api)) => page(lang, Prose::Api, words.api),
        _ => view! { <NotFound/> }.into_any(),
    };
    shown.into_any()
}

fn page(lang: Lang, which: Prose, title: &'static str) -> AnyView {
    let class = if which == Prose::Home { "home" } else { "prose" };
    crate::browser::set_title(move || title.to_owned());
    with_data(
        lang,
        Memo::new(|_| String::new()),
        move |_| get_prose(lang, which),
        move |html: String| view! { <div class=class inner_html=html></div> }.into_any(),
    )
}
