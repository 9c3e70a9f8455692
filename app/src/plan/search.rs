//! Search: a page that the server answers, the same answers as one types, and a dialog that opens anywhere.

use super::{
    contract::{Answer, Answers, Packed, QUERY_LIMIT, search_plan},
    finder::{Finder, Stage},
};
use crate::{
    browser,
    html::Html,
    icons::{self, icon},
    layout::NotFound,
    routes::To,
    words::{Words, count},
};
use leptos::{ev, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use plan::{Lang, search::EntryKind};
use wasm_bindgen::JsCast as _;

/// Characters of a passage shown with a hit.
const EXCERPT: usize = 280;

/// `/{lang}/plan/search?q=`
#[component]
pub(crate) fn SearchPage() -> impl IntoView {
    let Some(lang) = use_context::<Lang>() else { return view! { <NotFound/> }.into_any() };
    let words = Words::of(lang);
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("q").unwrap_or_default()));
    let answered = Resource::new_blocking(
        move || asked.get(),
        move |q| async move {
            match q.trim() {
                "" => Ok(Packed(Answers::default())),
                _ => search_plan(lang, q).await,
            }
        },
    );
    browser::set_title(move || words.search_plan.to_owned());
    let finder = expect_context::<Finder>();
    Effect::new(move || finder.wake());
    view! {
        <div class="search-page">
            <h1>{words.search_plan}</h1>
            <Suspense fallback=move || view! { <p class="loading">{words.loading}</p> }>
                {move || Suspend::new(async move {
                    let answers = answered.await.ok().map(|Packed(answers)| answers);
                    let q = asked.get_untracked();
                    view! { <Ask lang finder id="results" typed=RwSignal::new(q) answers on_page=true/> }
                })}
            </Suspense>
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
                let dialog = finder.dialog.get_untracked();
                let on_itself = event.target().map(|t| t.unchecked_into::<web_sys::Node>());
                if let (Some(dialog), Some(target)) = (dialog, on_itself) && dialog.is_same_node(Some(&target)) {
                    dialog.close();
                }
            }
        >
            <div class="search__panel">
                <form class="search__close" method="dialog">
                    <button class="icon-button" type="submit" aria-label=words.close>{icon(icons::CLOSE)}</button>
                </form>
                <Ask lang finder id="found" typed answers=None on_page=false/>
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
    /// What the server answered to what was typed at first.
    answers: Option<Answers>,
    on_page: bool,
) -> impl IntoView {
    let words = Words::of(lang);
    let first_query = typed.get_untracked();
    let first = answers.unwrap_or_default();
    let answers = Memo::new(move |_| match finder.stage.get() {
        _ if typed.with(|typed| *typed == first_query) => Some(first.clone()),
        Stage::Ready(library) => Some(typed.with(|typed| library.answers(typed))),
        _ => None,
    });
    let field_id = if on_page { "q" } else { "q-anywhere" };
    let list = NodeRef::<leptos::html::Ol>::new();
    let field = NodeRef::<leptos::html::Input>::new();
    let navigate = use_navigate();
    let open_first = move || {
        let first = answers.with_untracked(|a| a.as_ref()?.answers.first().map(|a| a.hit.slug.clone()));
        if let Some(slug) = first {
            if let Some(dialog) = finder.dialog.get_untracked() {
                dialog.close();
            }
            navigate(&To::Place(slug).href(lang), NavigateOptions::default());
        }
    };
    // Arrows walk from the field through the answers and back.
    let walk = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
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
                    autofocus=!on_page
                    on:input=move |event| {
                        let q = event_target_value(&event);
                        if on_page {
                            let address = format!("{}?q={}", To::Search.href(lang), js_sys::encode_uri_component(&q));
                            browser::replace_address(&address);
                        }
                        typed.set(q);
                    }
                />
                <button class="search-box__go button button--primary" type="submit">{words.search_go}</button>
            </form>
            <p class="search-status" role="status">
                {move || match (answers.get(), finder.stage.get()) {
                    _ if typed.with(|typed| typed.trim().is_empty()) => String::new(),
                    (Some(answers), _) if answers.answers.is_empty() => {
                        format!("{} « {} ».", words.search_none, typed.get().trim())
                    }
                    (Some(answers), _) => {
                        let partial = answers.answers.first().is_some_and(|a| a.hit.partial);
                        let count = count(lang, answers.total);
                        if partial { format!("{count}. {}", words.search_partial) } else { count }
                    }
                    (None, Stage::Failed) => words.search_failed.to_owned(),
                    (None, _) => words.search_loading.to_owned(),
                }}
            </p>
            {(lang == Lang::En).then(|| view! { <p class="search-note"><small class="unofficial">{words.unofficial}</small></p> })}
            <ol
                class="hits"
                id=id
                node_ref=list
                on:click=move |event| {
                    let link = event.target().and_then(|t| t.unchecked_into::<web_sys::Element>().closest("a").ok()?);
                    if let (Some(_), Some(dialog)) = (link, finder.dialog.get_untracked()) {
                        dialog.close();
                    }
                }
                inner_html=move || answers.with(|a| a.as_ref().map(|a| hits(lang, &a.answers)).unwrap_or_default())
            ></ol>
            {move || {
                let asked = typed.with(|typed| !typed.trim().is_empty());
                let nothing = answers.with(|answers| answers.as_ref().is_none_or(|a| a.answers.is_empty()));
                let suggestions = answers.with(|a| a.as_ref().map(|a| a.suggestions.clone()).unwrap_or_default());
                nothing.then(|| {
                    let examples = words.search_examples.split('|').map(str::to_owned).collect();
                    let tries = if asked && !suggestions.is_empty() { suggestions } else { examples };
                    let intro = if asked { words.search_none_help } else { words.search_hint };
                    view! {
                        <div class="empty">
                            <p>{intro}</p>
                            <ul>
                                {tries.into_iter().map(|word| try_link(lang, word, typed)).collect_view()}
                            </ul>
                        </div>
                    }
                })
            }}
        </div>
    }
}

/// A word to try: a link without script, a keystroke with it.
fn try_link(lang: Lang, word: String, typed: RwSignal<String>) -> impl IntoView {
    let href = format!("{}?q={}", To::Search.href(lang), percent(&word));
    let shown = word.clone();
    view! {
        <li>
            <a
                href=href
                rel="external"
                on:click=move |event| {
                    if browser::plain_click(&event) {
                        event.prevent_default();
                        typed.set(word.clone());
                        for id in ["q", "q-anywhere"] {
                            if let Some(field) = browser::by_id(id) {
                                field.unchecked_into::<web_sys::HtmlInputElement>().set_value(&word);
                            }
                        }
                    }
                }
            >
                {shown}
            </a>
        </li>
    }
}

/// A value for a query string (RFC 3986 §2.1), the same on server and browser.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
    out
}

/// The answers as the items of a list.
fn hits(lang: Lang, answers: &[Answer]) -> String {
    let words = Words::of(lang);
    let mut html = Html::default();
    for Answer { place, hit } in answers {
        let title = hit.kind == EntryKind::Title;
        html.raw(if title { "<li class=\"hit hit--title\">" } else { "<li class=\"hit\">" })
            .raw("<a class=\"hit__link\"")
            .attribute("href", &To::Place(hit.slug.clone()).href(lang))
            .raw("><span class=\"hit__place\">")
            .words(place)
            .raw("</span>");
        if title {
            html.raw(" <span class=\"hit__kind\">").words(words.heading_hit).raw("</span>");
        }
        if !hit.because.is_empty() {
            html.raw(" <span class=\"hit__why\">").words(words.matches).raw(" <em>");
            html.words(&hit.because.join(", ")).raw("</em></span>");
        }
        let excerpt = hit.excerpt(EXCERPT);
        html.raw("</a><p class=\"hit__text\">").raw(if excerpt.cut_before { "… " } else { "" });
        for (text, marked) in &excerpt.pieces {
            match marked {
                true => html.raw("<mark>").words(text).raw("</mark>"),
                false => html.words(text),
            };
        }
        html.raw(if excerpt.cut_after { " …</p></li>" } else { "</p></li>" });
    }
    html.0
}
