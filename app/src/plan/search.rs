//! Search: a page that the server answers, the same answers as one types, and a dialog that opens anywhere.

use super::{
    contract::{QUERY_LIMIT, search_plan},
    finder::{Finder, Stage},
    found::Found,
};
use crate::{
    browser,
    data::with_data,
    icons::{self, icon},
    layout::NotFound,
    routes::{To, in_query, search_for},
    words::Words,
};
use leptos::{ev, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use plan::Lang;
use wasm_bindgen::JsCast as _;

/// `/{lang}/plan/search?q=`
#[component]
pub(crate) fn SearchPage() -> impl IntoView {
    let Some(lang) = use_context::<Lang>() else { return view! { <NotFound/> }.into_any() };
    let words = Words::of(lang);
    let query = use_location().search;
    let asked = Memo::new(move |_| query.with(|query| in_query(query, "q")).unwrap_or_default());
    browser::set_title(move || words.search_plan.to_owned());
    let finder = expect_context::<Finder>();
    Effect::new(move || finder.wake());
    let answers = with_data(
        lang,
        asked,
        move |q| search_plan(lang, q),
        move |first: Found| {
            let typed = RwSignal::new(asked.get_untracked());
            view! { <Ask lang finder id="results" typed first on_page=true/> }.into_any()
        },
    );
    view! {
        <div class="search-page">
            <h1>{words.search_plan}</h1>
            {answers}
        </div>
    }
    .into_any()
}

/// The search over the page, opened by `/`, Ctrl-K or the link in the bar.
#[component]
pub(crate) fn SearchDialog(finder: Finder) -> impl IntoView {
    let lang = use_context::<Lang>().unwrap_or(Lang::Fr);
    let words = Words::of(lang);
    let typed = RwSignal::new(String::new());
    browser::on_key(move |key| {
        if key == "/" {
            // After this key press: it is not to be typed into the field.
            request_animation_frame(move || finder.open());
        }
    });
    browser::on_command_k(move || finder.open());
    view! {
        <dialog
            class="search"
            node_ref=finder.dialog
            aria-label=words.search_plan
            on:click=move |event| {
                // A click beside the panel reaches the dialog itself.
                if browser::closest(&event, "*").is_some_and(|element| element.tag_name() == "DIALOG") {
                    finder.close();
                }
            }
        >
            <div class="search__panel">
                <form class="search__close" method="dialog">
                    <button class="icon-button" type="submit" aria-label=words.close>{icon(icons::CLOSE)}</button>
                </form>
                <Ask lang finder id="found" typed first=Found::nothing(lang) on_page=false/>
            </div>
        </dialog>
    }
}

/// The field and its answers. On the page the field is a form that works without any script.
#[component]
fn Ask(
    lang: Lang,
    finder: Finder,
    /// Of the list of answers.
    id: &'static str,
    typed: RwSignal<String>,
    /// What answers what was typed at first.
    first: Found,
    on_page: bool,
) -> impl IntoView {
    let words = Words::of(lang);
    let first_query = typed.get_untracked();
    let found = Memo::new(move |_| match finder.stage.get() {
        _ if *typed.read() == first_query => first.clone(),
        Stage::Ready(library) => library.found(&typed.read()),
        _ if typed.read().trim().is_empty() => Found::nothing(lang),
        Stage::Failed => Found { status: words.search_failed.to_owned(), ..Found::default() },
        _ => Found { status: words.search_loading.to_owned(), ..Found::default() },
    });
    let field_id = if on_page { "q" } else { "q-anywhere" };
    let list = NodeRef::<leptos::html::Ol>::new();
    let field = NodeRef::<leptos::html::Input>::new();
    let navigate = use_navigate();
    let open_first = move || {
        let best = found.with_untracked(|found| found.best.clone());
        if !best.is_empty() {
            finder.close();
            navigate(&To::Place(best).href(lang), NavigateOptions::default());
        }
    };
    // What is asked, by whatever means: on the page it is in the address too.
    let ask = move |q: String| {
        if on_page {
            browser::replace_address(&search_for(lang, &q));
        }
        typed.set(q);
    };
    // Arrows walk from the field through the answers and back.
    let walk = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Escape" if !on_page => {
                // By itself the first Escape would empty the field, and only the second close the dialog.
                event.prevent_default();
                return finder.close();
            }
            _ => return,
        };
        let Some(list) = list.get_untracked() else { return };
        let Ok(links) = list.query_selector_all("a") else { return };
        let active = document().active_element();
        let at = (0..links.length())
            .find(|i| links.item(*i).is_some_and(|n| active.as_ref().is_some_and(|a| a.is_same_node(Some(&n)))));
        let next = at.map_or(-1, i64::from) + step;
        event.prevent_default();
        match u32::try_from(next).ok().and_then(|next| links.item(next)) {
            Some(link) => drop(link.unchecked_into::<web_sys::HtmlElement>().focus()),
            None if next < 0 => drop(field.get_untracked().map(|field| field.focus())),
            None => {}
        }
    };
    view! {
        <div on:keydown=walk>
            <form
                class="search-box"
                role="search"
                method="get"
                action=To::Search.href(lang)
                on:submit=move |event| {
                    if matches!(finder.stage.get_untracked(), Stage::Ready(_)) {
                        event.prevent_default();
                        open_first();
                    }
                }
            >
                <label class="sr-only" for=field_id>{words.search_label}</label>
                <input
                    class="search-box__input"
                    id=field_id
                    node_ref=field
                    type="search"
                    name="q"
                    value=typed.get_untracked()
                    placeholder=words.search_label
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    maxlength=QUERY_LIMIT
                    on:input=move |event| ask(event_target_value(&event))
                />
                <button class="search-box__go button button--primary" type="submit">{words.search_go}</button>
            </form>
            <p class="search-status" role="status">{move || found.read().status.clone()}</p>
            <p class="search-note" hidden=lang == Lang::Fr><small class="unofficial">{words.unofficial}</small></p>
            <ol
                class="hits"
                id=id
                node_ref=list
                on:click=move |event| {
                    if browser::closest(&event, "a").is_some() {
                        finder.close();
                    }
                }
                inner_html=move || found.read().hits.clone()
            ></ol>
            <div
                class="empty"
                on:click=move |event| {
                    let link = browser::closest(&event, "a").filter(|_| browser::plain_click(&event));
                    if let Some(word) = link.and_then(|link| link.text_content()) {
                        event.prevent_default();
                        if let Some(field) = field.get_untracked() {
                            field.set_value(&word);
                        }
                        ask(word);
                    }
                }
                inner_html=move || found.read().instead.clone()
            ></div>
        </div>
    }
}
