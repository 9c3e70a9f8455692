//! The views in the browser, and the pages of the video library: shown as the server wrote them, and made quicker. One
//! set of handlers serves all of them; what they must know stands in the page.
//!
//! - A form with `data-live` is followed as one types and chooses: its address, without what is empty, becomes the page's.
//! - What changes with the address stands in elements with `data-part` and an id. Where the next page has the same
//!   view and the same parts, these are written anew and nothing else is touched: the focus, the caret and what was
//!   unfolded stay. Else the whole view is.
//! - `data-title` is the page's title; `data-print` prints; from a cell `c-2-3` the arrows lead to the next cell.

use super::get_view;
use crate::{browser, layout::NotFound, media, plan::Reader, routes::View};
use crate::{data::with_data, routes::with_query};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_params_map},
};
use plan::Lang;
use std::{cell::Cell, time::Duration};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, FormData, HtmlFormElement, HtmlInputElement, UrlSearchParams};

/// `/{lang}/media` and `/{lang}/media/{number}`: the video library.
#[component]
pub(crate) fn Media() -> impl IntoView {
    explored()
}

/// `/{lang}/plan` and what lies right below it: a view, or the text.
#[component]
pub(crate) fn Plan() -> impl IntoView {
    let params = use_params_map();
    let is_view =
        Memo::new(move |_| params.with(|params| params.get("slug")).is_some_and(|slug| View::of_slug(&slug).is_some()));
    move || if is_view.get() { explored() } else { view! { <Reader/> }.into_any() }
}

fn explored() -> AnyView {
    let Some(lang) = use_context::<Lang>() else { return view! { <NotFound/> }.into_any() };
    let location = use_location();
    let address = Memo::new(move |_| with_query(&location.pathname.read(), &location.search.read()));
    // The framework writes a view once. What follows is not for it to change: it would write everything anew.
    let opened = Memo::new(move |first: Option<&String>| first.cloned().unwrap_or_else(|| address.get_untracked()));
    let shown = with_data(lang, opened, get_view, move |html: String| {
        // Effects may run before what they are of stands in the page.
        Effect::new(|| request_animation_frame(settle));
        view! { <div id="explored" inner_html=html></div> }.into_any()
    });
    Effect::new(move |shown: Option<String>| {
        let here = address.get();
        if shown.is_some_and(|shown| shown != here) {
            let (asked, change) = (here.clone(), CHANGES.get());
            spawn_local(async move {
                let html = get_view(asked.clone()).await.ok().and_then(|json| json.read::<String>());
                // Where one has gone on meanwhile, that answer is on its way.
                if address.try_get_untracked().is_some_and(|now| now == asked) {
                    match html {
                        Some(html) => drop(renew(&html, CHANGES.get() == change)),
                        None => drop(window().location().set_href(&asked)),
                    }
                    settle();
                }
            });
        }
        here
    });
    let navigate = StoredValue::new(use_navigate());
    // Whether the form could be followed: what is too long for an address it sends by itself.
    let follow = move |form: &HtmlFormElement| {
        let address = address_of(form).filter(|address| address.len() < LONGEST);
        if let Some(address) = &address {
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(address, options));
        }
        address.is_some()
    };
    view! {
        <div
            on:submit=move |event| {
                if live(&event).is_some_and(|form| follow(&form)) {
                    event.prevent_default();
                }
            }
            on:input=move |event: ev::Event| {
                let Some(form) = live(&event) else { return };
                CHANGES.set(CHANGES.get() + 1);
                let change = CHANGES.get();
                let follow = move || {
                    if CHANGES.get() == change {
                        follow(&form);
                    }
                };
                set_timeout(follow, PAUSE);
            }
            on:click=|event| {
                if browser::closest(&event, "[data-print]").is_some() {
                    drop(window().print());
                }
            }
            on:keydown=|event| step(&event)
        >
            {shown}
        </div>
    }
    .into_any()
}

/// Bytes of an address that is followed.
const LONGEST: usize = 8_000;
/// How long one stops typing before an answer is asked for.
const PAUSE: Duration = Duration::from_millis(200);

thread_local! {
    /// Changes of a form: the last one is followed.
    static CHANGES: Cell<u32> = const { Cell::new(0) };
}

/// The form an event comes from, if it is one to be followed.
fn live(event: &ev::Event) -> Option<HtmlFormElement> {
    let form = event.target()?.dyn_into::<Element>().ok()?.closest("form[data-live]").ok()??;
    Some(form.unchecked_into())
}

/// Where a form leads, as it is filled in.
fn address_of(form: &HtmlFormElement) -> Option<String> {
    let fields = FormData::new_with_form(form).ok()?;
    let fields = String::from(UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string());
    let said: Vec<&str> = fields.split('&').filter(|field| !field.ends_with('=')).collect();
    // Without a script a form may lead to a spot of its page.
    let action = form.get_attribute("action")?;
    Some(with_query(action.split('#').next()?, &said.join("&")))
}

/// Gives the page the title of its view, and a player what it does.
fn settle() {
    let view = document().query_selector("[data-title]").ok().flatten();
    if let Some(title) = view.and_then(|view| view.get_attribute("data-title")) {
        document().set_title(&title);
    }
    media::begin();
}

/// Writes the page anew where it differs; its `fields` too, unless what was chosen since is newer than this answer.
fn renew(html: &str, fields: bool) -> Option<()> {
    let shown = browser::by_id("explored")?;
    let fresh = document().create_element("div").ok()?;
    fresh.set_inner_html(html);
    let parts = |root: &Element| -> Vec<Element> {
        let found = root.query_selector_all("[data-part]").ok();
        let found = found.iter().flat_map(|list| (0..list.length()).filter_map(|nth| list.item(nth)));
        found.map(|node| node.unchecked_into::<Element>()).collect()
    };
    let view = |root: &Element| root.first_element_child().map(|view| view.class_name());
    let (old, new) = (parts(&shown), parts(&fresh));
    let alike = !old.is_empty() && view(&shown) == view(&fresh);
    let alike = alike && old.iter().map(Element::id).eq(new.iter().map(Element::id));
    if !alike {
        shown.set_inner_html(html);
        return Some(());
    }
    let focused = document().active_element();
    let held = focused.as_ref().map(Element::id).filter(|id| !id.is_empty());
    for (old, new) in old.iter().zip(&new) {
        let html = new.inner_html();
        if old.inner_html() != html {
            old.set_inner_html(&html);
        }
    }
    browser::each("#explored [name][id]", |field| {
        let fresh = fresh.query_selector(&format!("[id='{}']", field.id())).ok().flatten();
        if let Some(fresh) = fresh.filter(|_| fields) {
            let (field, fresh) = (field.unchecked_ref::<HtmlInputElement>(), fresh.unchecked_ref::<HtmlInputElement>());
            field.set_checked(fresh.checked());
            // What is being typed is newer than its answer.
            if focused.as_ref() != Some(field.unchecked_ref()) {
                field.set_value(&fresh.value());
            }
        }
    });
    // The focus was on what has been written anew: it goes to the same again, or to what says how much there is.
    if document().active_element() != focused {
        let next = held.into_iter().chain(["count".to_owned(), "report".to_owned()]).find_map(|id| browser::by_id(&id));
        browser::focus_quietly(&next?);
    }
    Some(())
}

/// From one cell of a table to the next that there is in the direction of the arrow.
fn step(event: &ev::KeyboardEvent) {
    let (down, right) = match event.key().as_str() {
        "ArrowDown" => (1, 0),
        "ArrowUp" => (-1, 0),
        "ArrowRight" => (0, 1),
        "ArrowLeft" => (0, -1),
        _ => return,
    };
    let Some(id) = document().active_element().map(|element| element.id()) else { return };
    let mut at = id.strip_prefix("c-").into_iter().flat_map(|at| at.split('-')).filter_map(|n| n.parse::<i32>().ok());
    let (Some(row), Some(column)) = (at.next(), at.next()) else { return };
    event.prevent_default();
    let next = (1..30).find_map(|far| browser::by_id(&format!("c-{}-{}", row + down * far, column + right * far)));
    if let Some(next) = next {
        drop(next.focus());
    }
}
