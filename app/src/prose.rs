//! The pages of plain prose. Their text travels as data: it is no part of the Wasm.

use crate::{layout::NotFound, words::Words};
use leptos::prelude::*;
use plan::Lang;
use serde::{Deserialize, Serialize};

/// A page of prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Prose {
    /// What this is, and who is behind it.
    About,
    /// The accessibility statement.
    Accessibility,
    /// Responsibility, rights, data.
    Legal,
}

/// The page's text as HTML of our own.
///
/// # Errors
/// Where the server cannot be reached.
#[server(endpoint = "prose", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn get_prose(lang: Lang, page: Prose) -> Result<String, ServerFnError> {
    let html = match (page, lang) {
        (Prose::About, Lang::Fr) => include_str!("prose/about.fr.html"),
        (Prose::About, Lang::En) => include_str!("prose/about.en.html"),
        (Prose::Accessibility, Lang::Fr) => include_str!("prose/accessibility.fr.html"),
        (Prose::Accessibility, Lang::En) => include_str!("prose/accessibility.en.html"),
        (Prose::Legal, Lang::Fr) => include_str!("prose/legal.fr.html"),
        (Prose::Legal, Lang::En) => include_str!("prose/legal.en.html"),
    };
    let site = crate::Site::current();
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    Ok(html
        .replace("{site}", &escaped(&site.name))
        .replace("{organisation}", &escaped(site.organisation.of(lang)))
        .replace("{url}", &escaped(&site.public_url)))
}

fn page(which: Prose) -> impl IntoView {
    let Some(lang) = use_context::<Lang>() else { return view! { <NotFound/> }.into_any() };
    let words = Words::of(lang);
    let text = Resource::new_blocking(|| (), move |()| get_prose(lang, which));
    crate::browser::set_title(move || match which {
        Prose::About => words.about.to_owned(),
        Prose::Accessibility => words.accessibility.to_owned(),
        Prose::Legal => words.legal.to_owned(),
    });
    view! {
        <Suspense fallback=move || view! { <p class="loading">{words.loading}</p> }>
            {move || Suspend::new(async move {
                match text.await {
                    Ok(html) => view! { <article class="prose" inner_html=html></article> }.into_any(),
                    Err(_) => view! { <p class="prose" role="alert">{words.plan_failed}</p> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// `/{lang}/about`
#[component]
pub(crate) fn About() -> impl IntoView {
    page(Prose::About)
}

/// `/{lang}/accessibility`
#[component]
pub(crate) fn Accessibility() -> impl IntoView {
    page(Prose::Accessibility)
}

/// `/{lang}/legal`
#[component]
pub(crate) fn Legal() -> impl IntoView {
    page(Prose::Legal)
}
