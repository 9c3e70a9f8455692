//! `/{lang}/plan` and `/{lang}/plan/{slug}`: the text, its contents, the passage in view.

use super::{
    contract::{Texts, get_plan},
    page,
    passage::{copy_link, passage},
};
use crate::{
    browser,
    data::with_data,
    html::Html,
    icons::{self, icon, icon_html},
    layout::{NotFound, Toast},
    routes::{To, in_query},
    site::Site,
    words::{Words, date},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_params_map},
};
use plan::{Document, Lang, Place};
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
        move |side| get_plan(lang, side == "1"),
        move |texts: Texts| view! { <Opened reading=Reading::new(lang, slug, texts)/> }.into_any(),
    )
}

/// What the reader's parts share.
#[derive(Clone)]
pub(super) struct Reading {
    pub(super) lang: Lang,
    pub(super) words: &'static Words,
    pub(super) text: Arc<Document>,
    /// The other language, side by side.
    pub(super) beside: Option<Arc<Document>>,
    /// What the address names, as it is written there. Empty where it names the whole text.
    slug: Memo<String>,
    /// The canonical slug of what the address names. Empty where it names the whole text, or nothing.
    target: Memo<String>,
    /// The slug of the paragraph in view.
    pub(super) current: RwSignal<String>,
    /// Where the page stood when it had gone to a spot. As long as it stands there that spot is the one in view,
    /// however short it is and however near the end of the text.
    arrived: StoredValue<Option<i32>>,
}

impl Reading {
    fn new(lang: Lang, slug: Memo<String>, Texts { text, beside }: Texts) -> Self {
        let text = Arc::new(text);
        let target = {
            let text = Arc::clone(&text);
            Memo::new(move |_| {
                slug.with(|slug| text.find(slug).map(|place| place.slug().to_owned())).unwrap_or_default()
            })
        };
        let opened = text.find(&target.read_untracked()).and_then(|place| place.paragraph());
        let first = || text.paragraphs().next().map(|(.., paragraph)| paragraph);
        let current = opened.or_else(first).map(|paragraph| paragraph.slug.clone()).unwrap_or_default();
        let (current, arrived) = (RwSignal::new(current), StoredValue::new(None));
        Reading { lang, words: Words::of(lang), beside: beside.map(Arc::new), slug, target, current, arrived, text }
    }

    /// Whether the product's own English is on the page.
    pub(super) fn shows_translation(&self) -> bool {
        self.is_side() || self.lang == Lang::En
    }

    fn is_side(&self) -> bool {
        self.beside.is_some()
    }

    /// The address of a spot, side by side where the page is.
    pub(super) fn href(&self, slug: &str) -> String {
        let href = To::Place(slug.to_owned()).href(self.lang);
        if self.is_side() { href + "?side=1" } else { href }
    }

    /// The address as paper needs it, with its host.
    pub(super) fn printed_address(&self, slug: &str) -> String {
        Site::current().public_url + &To::Place(slug.to_owned()).href(self.lang)
    }

    /// The address with the other number of languages.
    fn toggled_href(&self) -> String {
        let target = self.target.get();
        let to = if target.is_empty() { To::Plan } else { To::Place(target) }.href(self.lang);
        if self.is_side() { to } else { to + "?side=1" }
    }

    /// Goes to a spot and takes it for the one in view.
    fn arrive(&self, slug: &str) {
        browser::go_to(slug);
        self.arrived.set_value(Some(browser::scrolled()));
        if let Some(paragraph) = self.text.find(slug).and_then(|place| place.paragraph()) {
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

    /// Whether the page, as it is written, opens at that spot: it is lit up, and the browser goes there.
    pub(super) fn opens_at(&self, slug: &str) -> bool {
        self.target.with_untracked(|target| target == slug)
    }

    /// Whether that paragraph is the one in view, as the page is written.
    pub(super) fn is_current(&self, slug: &str) -> bool {
        self.current.with_untracked(|current| current == slug)
    }

    /// The slugs of the paragraph in view and of what it lies in, as the page is written.
    pub(super) fn current_line(&self) -> Vec<String> {
        line_of(&self.text, &self.current.get_untracked())
    }

    /// The paragraphs before and after that one.
    pub(super) fn neighbours(&self, slug: &str) -> (Option<String>, Option<String>) {
        let slugs: Vec<&str> = self.text.paragraphs().map(|(.., paragraph)| paragraph.slug.as_str()).collect();
        let at = slugs.iter().position(|s| *s == slug);
        let slug_at = |index: Option<usize>| index.and_then(|i| slugs.get(i)).map(|s| (*s).to_owned());
        (slug_at(at.and_then(|at| at.checked_sub(1))), slug_at(at.map(|at| at + 1)))
    }
}

/// The slugs of a paragraph, its measure and its section.
fn line_of(text: &Document, slug: &str) -> Vec<String> {
    let Some(Place::Paragraph(section, measure, paragraph)) = text.find(slug) else { return Vec::new() };
    let measure = measure.map(|measure| measure.slug.clone());
    [Some(paragraph.slug.clone()), measure, Some(section.slug.clone())].into_iter().flatten().collect()
}

#[component]
fn Opened(reading: Reading) -> impl IntoView {
    let Reading { slug, target, .. } = reading;
    let missing = Memo::new(move |_| !slug.read().is_empty() && target.read().is_empty());
    move || match missing.get() {
        true => view! { <NotFound/> }.into_any(),
        false => view! { <Columns reading=reading.clone()/> }.into_any(),
    }
}

#[component]
fn Columns(reading: Reading) -> impl IntoView {
    behave(&reading);
    let words = reading.words;
    let class = if reading.is_side() { "reader reader--side" } else { "reader" };
    view! {
        <div class=class>
            {contents(&reading).into_any()}
            {article(&reading).into_any()}
            {passage(&reading)}
        </div>
        <nav class="thumb-bar" aria-label=words.plan inner_html=move || thumbs(&reading)></nav>
    }
}

/// What a thumb reaches on phones, as HTML.
fn thumbs(reading: &Reading) -> String {
    let words = reading.words;
    let mut html = Html::default();
    let label = |html: &mut Html, drawing: &str, word: &str| {
        html.raw(">").raw(&icon_html(drawing)).raw("<span>").words(word).raw("</span>");
    };
    for (opens, drawing, word) in
        [("contents", icons::CONTENTS, words.contents), ("passage", icons::PASSAGE, words.passage)]
    {
        html.raw("<button type=\"button\"").attribute("popovertarget", opens);
        label(&mut html, drawing, word);
        html.raw("</button>");
    }
    html.raw("<a").attribute("href", &reading.toggled_href());
    label(&mut html, icons::COLUMNS, other_name(reading));
    html.raw("</a><button class=\"needs-js\" type=\"button\" popovertarget=\"display\"");
    label(&mut html, icons::DISPLAY, words.display);
    html.raw("</button>");
    html.0
}

fn other_name(reading: &Reading) -> &'static str {
    if reading.is_side() { reading.words.one_language } else { reading.words.side_by_side }
}

/// Scrolling, keys, title, memory: what the page does once a browser has it.
fn behave(reading: &Reading) {
    let Reading { lang, words, target, current, .. } = *reading;
    let text = Arc::clone(&reading.text);
    browser::set_title(move || match text.find(&target.read()) {
        Some(place) => format!("{} – {}", place.label(lang), words.plan),
        None => text.title.clone(),
    });
    let text = Arc::clone(&reading.text);
    Effect::new(move || {
        let slug = current.get();
        browser::move_class("is-current", &slug);
        browser::move_current(&line_of(&text, &slug));
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
        let here = focused.filter(|id| shared.text.find(id).is_some_and(|place| place.slug() == id));
        let here = here.unwrap_or_else(|| current.get_untracked());
        let (before, after) = shared.neighbours(&here);
        let step = match key {
            "j" => after,
            "k" => before,
            "c" => return copy_link(&current.get_untracked(), lang, words, toast),
            "b" => return navigate(&untrack(|| shared.toggled_href()), NavigateOptions::default()),
            _ => return,
        };
        if let Some(slug) = step {
            shared.arrive(&slug);
        }
    });
}

/// The contents on the left; on phones a sheet from below, which needs no script to open.
fn contents(reading: &Reading) -> impl IntoView + use<> {
    let words = reading.words;
    let (text, current) = (Arc::clone(&reading.text), reading.current);
    // In steps of five: the style sheet has a width for each.
    let done = move || {
        let slugs: Vec<&str> = text.paragraphs().map(|(.., paragraph)| paragraph.slug.as_str()).collect();
        let at = slugs.iter().position(|slug| *slug == *current.read());
        at.map_or(0, |at| (at + 1) * 20 / slugs.len() * 5).to_string()
    };
    let also_done = done.clone();
    view! {
        <nav
            class="contents"
            id="contents"
            popover="auto"
            aria-label=words.contents
            on:click=|event| browser::put_away(&event)
            on:toggle=|_| browser::reveal_current()
        >
            <h2 class="contents__title">{words.contents}</h2>
            <div
                class="contents__progress"
                role="progressbar"
                aria-label=words.progress
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=done
            >
                <span data-done=also_done></span>
            </div>
            <ol class="contents__list" inner_html=once(|| page::contents(reading))></ol>
        </nav>
    }
}

/// HTML that is as long as the text, unless it is there already.
fn once(html: impl FnOnce() -> String) -> String {
    if browser::is_written() { String::new() } else { html() }
}

/// The text itself.
fn article(reading: &Reading) -> impl IntoView + use<> {
    let Reading { lang, words, .. } = *reading;
    let text = &reading.text;
    let toggled = reading.clone();
    let original = (lang == Lang::Fr || reading.is_side()).then_some(words.original);
    let translation = reading.shows_translation().then_some(words.translation);
    // Where one left, offered once the browser has looked it up.
    let resume = RwSignal::new(String::new());
    let kept_in = Arc::clone(text);
    let slug = reading.slug;
    Effect::new(move || {
        let kept = browser::recall(PLACE_KEPT).filter(|_| slug.read_untracked().is_empty()).unwrap_or_default();
        let first = kept_in.paragraphs().next().map(|(.., paragraph)| paragraph.slug.as_str());
        if let Some(place) = kept_in.find(&kept).filter(|place| Some(place.slug()) != first) {
            resume.set(place.slug().to_owned());
        }
    });
    let shared = reading.clone();
    // Print shows addresses: on paper they need their host.
    let address = Site::current().public_url + &To::Plan.href(lang);
    view! {
        <article class="text">
            <header class="text__head">
                <h1 class="text__title" data-address=address>{text.title.clone()}</h1>
                <p class="text__meta">{text.preface.plain()}</p>
                <p class="text__notice">{original}" "{translation}" "{words.own_title}</p>
                <div class="text__tools">
                    <a class="button button--quiet" href=move || toggled.toggled_href()>
                        {icon(icons::COLUMNS)}{other_name(reading)}
                    </a>
                    <button class="button button--quiet needs-js" type="button" on:click=|_| drop(window().print())>
                        {icon(icons::PRINT)}{words.print}
                    </button>
                </div>
                <div
                    on:click=move |event| {
                        if browser::closest(&event, "a, button").is_some() {
                            resume.set(String::new());
                        }
                    }
                    inner_html=move || shared.text.find(&resume.read()).map(|place| offer(&shared, place)).unwrap_or_default()
                ></div>
            </header>
            <div class="text__body" inner_html=once(|| page::text(reading))></div>
            <footer class="text__foot">
                <p>{date(lang, &text.date)}" · "{words.fingerprint}" : "<code>{text.sha256.clone()}</code></p>
            </footer>
        </article>
    }
}

/// The offer to go on where one left, as HTML.
fn offer(reading: &Reading, place: Place<'_>) -> String {
    let words = reading.words;
    let mut html = Html::default();
    html.raw("<p class=\"text__resume\"><a").attribute("href", &reading.href(place.slug())).raw(">");
    html.words(words.resume).raw(" ").words(&place.label(reading.lang));
    html.raw("</a><button class=\"icon-button\" type=\"button\"").attribute("aria-label", words.dismiss).raw(">");
    html.raw(&icon_html(icons::CLOSE)).raw("</button></p>");
    html.0
}
