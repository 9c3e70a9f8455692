//! `/{lang}/plan` and `/{lang}/plan/{slug}`: the text, its contents, the passage in view. The page is written by the
//! server ([`page`](super::page)); here is what moves in it.

use super::card::Card;
use super::contract::{PARAGRAPH, Sheet, Spot, get_panels, get_sheet};
use crate::{
    browser,
    data::with_data,
    html::Html,
    icons::{self, icon_html},
    layout::{NotFound, Toast},
    routes::{To, in_query, with_q, with_query},
    words::Words,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_params_map},
};
use plan::Lang;
use std::sync::Arc;

/// Where this browser keeps the paragraph it read last.
const PLACE_KEPT: &str = "place";

/// The reader.
#[component]
pub(crate) fn Reader() -> impl IntoView {
    let Some(lang) = use_context::<Lang>() else { return view! { <NotFound/> }.into_any() };
    let params = use_params_map();
    let query = use_location().search;
    let slug = Memo::new(move |_| params.with(|params| params.get("slug")).unwrap_or_default());
    let side = Memo::new(move |_| query.with(|query| in_query(query, "side")).unwrap_or_default());
    with_data(
        lang,
        side,
        // On the server the page is written below, and does not travel a second time as data.
        move |side| get_sheet(lang, side == "1", !cfg!(feature = "ssr")),
        move |sheet: Sheet| {
            let reading = Reading::new(lang, slug, side.get_untracked() == "1", sheet);
            view! { <Opened reading/> }.into_any()
        },
    )
}

/// What the reader's parts share.
#[derive(Clone)]
struct Reading {
    lang: Lang,
    words: &'static Words,
    sheet: Arc<Sheet>,
    /// Both languages, side by side.
    side: bool,
    /// What the address names, as it is written there. Empty where it names the whole text.
    slug: Memo<String>,
    /// The canonical slug of what the address names. Empty where it names the whole text, or nothing.
    target: Memo<String>,
    /// The slug of the paragraph in view.
    current: RwSignal<String>,
    /// What there is to say about each paragraph. Empty until it is first needed.
    panels: RwSignal<Vec<String>>,
    /// Where the page stood when it had gone to a spot. As long as it stands there that spot is the one in view,
    /// however short it is and however near the end of the text.
    arrived: StoredValue<Option<i32>>,
}

impl Reading {
    fn new(lang: Lang, slug: Memo<String>, side: bool, sheet: Sheet) -> Self {
        let sheet = Arc::new(sheet);
        let target = {
            let sheet = Arc::clone(&sheet);
            Memo::new(move |_| {
                let found = slug.with(|slug| find(&sheet.spots, slug));
                found.map(|spot| spot.slug.clone()).unwrap_or_default()
            })
        };
        let opened = paragraph_at(&sheet.spots, &target.read_untracked());
        let current = opened.or_else(|| first(&sheet.spots)).map(|spot| spot.slug.clone()).unwrap_or_default();
        Reading {
            lang,
            words: Words::of(lang),
            sheet,
            side,
            slug,
            target,
            current: RwSignal::new(current),
            panels: RwSignal::new(Vec::new()),
            arrived: StoredValue::new(None),
        }
    }

    /// The address of what is read, in as many languages.
    #[cfg_attr(feature = "ssr", expect(dead_code, reason = "the browser's"))]
    fn href(&self) -> String {
        with_query(&self.to(), if self.side { "side=1" } else { "" })
    }

    /// The address with the other number of languages.
    fn toggled_href(&self) -> String {
        with_query(&self.to(), if self.side { "" } else { "side=1" })
    }

    fn to(&self) -> String {
        let target = self.target.get();
        if target.is_empty() { To::Plan } else { To::Place(target) }.href(self.lang)
    }

    /// Goes to a spot and takes it for the one in view.
    fn arrive(&self, slug: &str) {
        browser::go_to(slug);
        self.arrived.set_value(Some(browser::scrolled()));
        if let Some(paragraph) = paragraph_at(&self.sheet.spots, slug) {
            self.read(&paragraph.slug);
        }
    }

    /// That paragraph is in view: shown as such, and where one left.
    fn read(&self, slug: &str) {
        if self.current.with_untracked(|current| current != slug) {
            self.current.set(slug.to_owned());
        }
        browser::remember(PLACE_KEPT, slug);
        request_animation_frame(browser::reveal_current);
    }
}

/// The spot an address means: a slug in any case (`m4.2.s3`, `M4.2`), or the alias `¶20`.
pub(super) fn find<'a>(spots: &'a [Spot], address: &str) -> Option<&'a Spot> {
    match address.strip_prefix('¶') {
        None => spots.iter().find(|spot| spot.slug.eq_ignore_ascii_case(address)),
        Some(number) => {
            let before = number.trim().parse::<usize>().ok()?.checked_sub(1)?;
            spots.iter().filter(|spot| spot.level == PARAGRAPH).nth(before)
        }
    }
}

/// The first paragraph.
fn first(spots: &[Spot]) -> Option<&Spot> {
    spots.iter().find(|spot| spot.level == PARAGRAPH)
}

/// The paragraph that a spot is, lies in, or begins with.
fn paragraph_at<'a>(spots: &'a [Spot], slug: &str) -> Option<&'a Spot> {
    let at = spots.iter().position(|spot| spot.slug == slug)?;
    let is_paragraph = |spot: &&Spot| spot.level == PARAGRAPH;
    match spots[at].level {
        0 | 1 => spots[at..].iter().find(is_paragraph),
        _ => spots[..=at].iter().rev().find(is_paragraph),
    }
}

/// The slugs of a paragraph, its measure and its section.
pub(super) fn line_of<'a>(spots: &'a [Spot], slug: &str) -> Vec<&'a str> {
    let upwards = spots.iter().rev().skip_while(|spot| spot.slug != slug);
    let mut above = u8::MAX;
    let mut line = Vec::new();
    for spot in upwards {
        if spot.level < above {
            above = spot.level;
            line.push(&*spot.slug);
        }
        if above == 0 {
            break;
        }
    }
    line
}

/// The paragraphs before and after that one.
pub(super) fn neighbours<'a>(spots: &'a [Spot], slug: &str) -> (Option<&'a Spot>, Option<&'a Spot>) {
    let paragraphs: Vec<&Spot> = spots.iter().filter(|spot| spot.level == PARAGRAPH).collect();
    let nth = |index: Option<usize>| index.and_then(|index| paragraphs.get(index)).copied();
    let at = paragraphs.iter().position(|spot| spot.slug == slug);
    (nth(at.and_then(|at| at.checked_sub(1))), nth(at.map(|at| at + 1)))
}

/// How much is read, in per cent and steps of five: the style sheet has a width for each.
pub(super) fn done(spots: &[Spot], current: &str) -> String {
    let paragraphs = spots.iter().filter(|spot| spot.level == PARAGRAPH);
    let at = paragraphs.clone().position(|spot| spot.slug == current);
    at.map_or(0, |at| (at + 1) * 20 / paragraphs.count() * 5).to_string()
}

#[component]
fn Opened(reading: Reading) -> impl IntoView {
    let Reading { slug, target, .. } = reading;
    let missing = Memo::new(move |_| !slug.read().is_empty() && target.read().is_empty());
    move || match missing.get() {
        true => view! { <NotFound/> }.into_any(),
        false => columns(reading.clone()),
    }
}

fn columns(reading: Reading) -> AnyView {
    behave(&reading);
    let class = if reading.side { "reader reader--side" } else { "reader" };
    #[cfg(feature = "ssr")]
    let html = super::page::Opening::new(reading.lang, reading.side, &reading.slug.get_untracked()).html();
    // Empty where the page stands already.
    #[cfg(not(feature = "ssr"))]
    let html = reading.sheet.html.clone();
    // The page that stood here was that of an address without a text, and now one goes on to the text.
    #[cfg(not(feature = "ssr"))]
    if html.is_empty() && browser::by_id("contents").is_none() {
        drop(window().location().set_href(&reading.href()));
    }
    let (toast, resume) = (expect_context::<Toast>(), resume(&reading));
    let card = Card::new(Arc::clone(&reading.sheet));
    let on_click = move |event: leptos::ev::MouseEvent| {
        browser::put_away(&event);
        let Some(pressed) = browser::closest(&event, "a, button") else { return };
        let has = |attribute: &str| pressed.has_attribute(attribute);
        if browser::plain_click(&event) && card.comes(&pressed) {
            event.prevent_default();
        } else if let Some(note) = pressed.get_attribute("href").filter(|href| href.starts_with('#')) {
            // The router would take the address for a page of its own.
            event.prevent_default();
            card.hide();
            browser::go_to(&note[1..]);
        } else if has("data-copy") {
            copy(&reading, &pressed, toast);
        } else if let Some(file) = pressed.get_attribute("data-copy-from") {
            let (words, done) = (reading.words, pressed.get_attribute("data-done").unwrap_or_default());
            spawn_local(async move {
                match browser::ask(&file, None).await {
                    Some(text) => put(text, done, words, toast),
                    None => toast.say(words.not_copied),
                }
            });
        } else if let Some(quote) = pressed.get_attribute("data-quote") {
            let selected = window().get_selection().ok().flatten().map(|selection| selection.to_string());
            let query = String::from(selected.unwrap_or_default());
            drop(window().location().set_href(&with_q(&quote, &query)));
        } else if has("data-print") {
            drop(window().print());
        } else if pressed.get_attribute("popovertarget").is_some_and(|opens| opens == "contents") {
            request_animation_frame(browser::reveal_current);
        } else if pressed.closest("[data-resume]").is_ok_and(|offer| offer.is_some()) {
            resume.set(String::new());
        }
    };
    view! { <div class=class on:click=on_click inner_html=html></div> }.into_any()
}

/// Scrolling, keys, title, memory: what the page does once a browser has it.
fn behave(reading: &Reading) {
    let Reading { lang, words, target, current, panels, side, .. } = *reading;
    let sheet = Arc::clone(&reading.sheet);
    browser::set_title(move || match find(&sheet.spots, &target.read()) {
        Some(spot) => format!("{} – {}", spot.label, words.plan),
        None => sheet.title.clone(),
    });
    let sheet = Arc::clone(&reading.sheet);
    Effect::new(move || {
        let slug = current.get();
        browser::move_class("is-current", &slug);
        browser::move_current(&line_of(&sheet.spots, &slug));
        browser::set_progress(&done(&sheet.spots, &slug));
    });
    // The panel that the server wrote is of the paragraph that was in view then, the first of a page that was fetched.
    let sheet = Arc::clone(&reading.sheet);
    let written = match sheet.html.is_empty() {
        true => current.get_untracked(),
        false => first(&sheet.spots).map(|spot| spot.slug.clone()).unwrap_or_default(),
    };
    let asked = StoredValue::new(false);
    Effect::new(move |moved: Option<bool>| {
        let slug = current.get();
        let moved = moved.unwrap_or_default() || slug != written;
        let at = sheet.spots.iter().filter(|spot| spot.level == PARAGRAPH).position(|spot| spot.slug == slug);
        let panels_here = panels.read();
        let panel = at.and_then(|at| panels_here.get(at));
        if let (true, Some(panel), Some(place)) = (moved, panel, browser::by_id("passage")) {
            place.set_inner_html(panel);
        } else if moved && panel.is_none() && !asked.get_value() {
            asked.set_value(true);
            spawn_local(async move {
                match get_panels(lang, side).await.ok().and_then(|all| all.read()) {
                    Some(all) => panels.set(all),
                    // The next paragraph asks again.
                    None => asked.set_value(false),
                }
            });
        }
        moved
    });
    let shared = reading.clone();
    Effect::new(move || {
        let href = shared.toggled_href();
        browser::each("[data-side]", |link| drop(link.set_attribute("href", &href)));
    });
    let shared = reading.clone();
    Effect::new(move |before: Option<()>| {
        let slug = target.get();
        browser::move_class("is-target", &slug);
        if !slug.is_empty() {
            let shared = shared.clone();
            request_animation_frame(move || shared.arrive(&slug));
        } else if before.is_none() {
            browser::restore_scroll();
        }
    });
    let shared = reading.clone();
    Effect::new(move || {
        let shared = shared.clone();
        browser::on_scroll(move || {
            if target.with_untracked(String::is_empty) {
                browser::remember_scroll();
            }
            if shared.arrived.get_value() == Some(browser::scrolled()) {
                return;
            }
            shared.arrived.set_value(None);
            if let Some(slug) = browser::being_read(".para") {
                shared.read(&slug);
            }
        });
    });
    let toast = expect_context::<Toast>();
    let navigate = use_navigate();
    let shared = reading.clone();
    browser::on_key(move |key| {
        // From the paragraph that has the focus: where a short one was gone to, the next may be in view as well.
        let focused = document().active_element().map(|element| element.id());
        let spots = &shared.sheet.spots;
        let here = focused.filter(|id| spots.iter().any(|spot| spot.slug == *id));
        let here = here.unwrap_or_else(|| current.get_untracked());
        let (before, after) = neighbours(spots, &here);
        let step = match key {
            "j" => after,
            "k" => before,
            "c" => {
                let href = To::Place(current.get_untracked()).href(lang);
                return put(browser::origin() + &href, words.copied.to_owned(), words, toast);
            }
            "b" => return navigate(&untrack(|| shared.toggled_href()), NavigateOptions::default()),
            _ => return,
        };
        if let Some(spot) = step {
            shared.arrive(&spot.slug);
        }
    });
}

/// Puts on the clipboard what a button holds, with the address it names.
fn copy(reading: &Reading, button: &web_sys::Element, toast: Toast) {
    let held = |attribute: &str| button.get_attribute(attribute).unwrap_or_default();
    let text = match held("data-address") {
        address if address.is_empty() => held("data-copy"),
        address => held("data-copy") + &browser::origin() + &address,
    };
    put(text, held("data-done"), reading.words, toast);
}

/// Puts a text on the clipboard and says so.
fn put(text: String, done: String, words: &'static Words, toast: Toast) {
    browser::copy(text, move |copied| toast.say(if copied { &done } else { words.not_copied }));
}

/// The slug of where one left, offered once the browser has looked it up.
fn resume(reading: &Reading) -> RwSignal<String> {
    let resume = RwSignal::new(String::new());
    let shared = reading.clone();
    Effect::new(move || {
        let kept = browser::recall(PLACE_KEPT).filter(|_| shared.slug.read_untracked().is_empty()).unwrap_or_default();
        let spots = &shared.sheet.spots;
        if find(spots, &kept).is_some() && first(spots).is_some_and(|first| first.slug != kept) {
            resume.set(kept);
        }
    });
    let shared = reading.clone();
    Effect::new(move || {
        let html = find(&shared.sheet.spots, &resume.read()).map(|spot| offer(&shared, spot)).unwrap_or_default();
        browser::each("[data-resume]", |place| place.set_inner_html(&html));
    });
    resume
}

/// The offer to go on where one left, as HTML.
fn offer(reading: &Reading, spot: &Spot) -> String {
    let words = reading.words;
    let href = To::Place(spot.slug.clone()).href(reading.lang) + if reading.side { "?side=1" } else { "" };
    let mut html = Html::default();
    html.raw("<p class=\"text__resume\"><a").attribute("href", &href).raw(">");
    html.words(words.resume).raw(" ").words(&spot.label);
    html.raw("</a><button class=\"icon-button\" type=\"button\"").attribute("aria-label", words.dismiss).raw(">");
    html.raw(&icon_html(icons::CLOSE)).raw("</button></p>");
    html.0
}
