//! `/{lang}/plan` and `/{lang}/plan/{slug}`: the text, its contents, the passage in view.

use super::{
    contract::{Packed, get_plan},
    page,
    passage::{Passage, copy_link},
};
use crate::{
    browser,
    icons::{self, icon},
    layout::{NotFound, Toast},
    routes::To,
    site::Site,
    words::{Words, date},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use plan::{Document, Lang, Place};
use std::sync::Arc;

/// Where this browser keeps the paragraph it read last.
const PLACE_KEPT: &str = "place";

/// The reader.
#[component]
pub(crate) fn Reader() -> impl IntoView {
    let Some(lang) = use_context::<Lang>() else { return view! { <NotFound/> }.into_any() };
    let words = Words::of(lang);
    let params = use_params_map();
    let query = use_query_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("slug")).filter(|slug| !slug.is_empty()));
    let side = Memo::new(move |_| query.with(|query| query.get("side").as_deref() == Some("1")));
    let text = Resource::new_blocking(|| (), move |()| get_plan(lang));
    let beside = Resource::new_blocking(
        move || side.get(),
        move |side| async move {
            match side {
                true => get_plan(lang.other()).await.ok(),
                false => None,
            }
        },
    );
    view! {
        <Transition fallback=move || view! { <p class="loading">{words.loading}</p> }>
            {move || Suspend::new(async move {
                let beside = beside.await.map(|Packed(beside)| beside);
                match text.await {
                    Ok(Packed(text)) => {
                        let reading = Reading::new(lang, slug, text, beside);
                        view! { <Opened reading/> }.into_any()
                    }
                    Err(_) => {
                        view! {
                            <div class="error-page" role="alert">
                                <p>{words.plan_failed}</p>
                                <a class="button" href="" rel="external">{words.retry}</a>
                            </div>
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
    .into_any()
}

/// What the reader's parts share.
#[derive(Clone)]
pub(super) struct Reading {
    pub(super) lang: Lang,
    pub(super) words: &'static Words,
    pub(super) text: Arc<Document>,
    /// The other language, side by side.
    pub(super) beside: Option<Arc<Document>>,
    /// The canonical slug the address names; `Some(None)` where it names nothing.
    target: Memo<Option<Option<String>>>,
    /// The slug of the paragraph in view.
    pub(super) current: RwSignal<String>,
}

impl Reading {
    fn new(lang: Lang, slug: Memo<Option<String>>, text: Document, beside: Option<Document>) -> Self {
        let text = Arc::new(text);
        let target = {
            let text = Arc::clone(&text);
            Memo::new(move |_| slug.get().map(|slug| text.find(&slug).map(|place| place.slug().to_owned())))
        };
        let opened = target.get_untracked().flatten().and_then(|slug| {
            text.find(&slug).and_then(|place| place.paragraph()).map(|paragraph| paragraph.slug.clone())
        });
        let first = || text.paragraphs().next().map(|(.., paragraph)| paragraph.slug.clone());
        let current = RwSignal::new(opened.or_else(first).unwrap_or_default());
        Reading { lang, words: Words::of(lang), beside: beside.map(Arc::new), target, current, text }
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
        let to = self.target.get().flatten().map_or(To::Plan, To::Place).href(self.lang);
        if self.is_side() { to } else { to + "?side=1" }
    }

    /// Whether the page, as it is written, opens at that spot: it is lit up, and the browser goes there.
    pub(super) fn opens_at(&self, slug: &str) -> bool {
        self.target.with_untracked(|target| target.as_ref().is_some_and(|target| target.as_deref() == Some(slug)))
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
    let missing = Memo::new({
        let target = reading.target;
        move |_| target.with(|target| matches!(target, Some(None)))
    });
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
            {view! { <Passage reading=reading.clone()/> }.into_any()}
        </div>
        <nav class="thumb-bar" aria-label=words.plan>
            <button type="button" popovertarget="contents">{icon(icons::CONTENTS)}<span>{words.contents}</span></button>
            <button type="button" popovertarget="passage">{icon(icons::PASSAGE)}<span>{words.passage}</span></button>
            <a href=move || reading.toggled_href()>{icon(icons::COLUMNS)}<span>{other_name(&reading)}</span></a>
            <button class="needs-js" type="button" popovertarget="display">
                {icon(icons::DISPLAY)}<span>{words.display}</span>
            </button>
        </nav>
    }
}

fn other_name(reading: &Reading) -> &'static str {
    if reading.is_side() { reading.words.one_language } else { reading.words.side_by_side }
}

/// Scrolling, keys, title, memory: what the page does once a browser has it.
fn behave(reading: &Reading) {
    let Reading { lang, words, target, current, .. } = *reading;
    let text = Arc::clone(&reading.text);
    browser::set_title(move || {
        let place = target.get().flatten().and_then(|slug| text.find(&slug).map(|place| place.label(lang)));
        place.map_or_else(|| text.title.clone(), |place| format!("{place} – {}", words.plan))
    });
    let text = Arc::clone(&reading.text);
    Effect::new(move || {
        let slug = current.get();
        browser::move_class("is-current", std::slice::from_ref(&slug));
        browser::move_current(&line_of(&text, &slug));
    });
    Effect::new(move || {
        let slug = target.get().flatten();
        browser::move_class("is-target", slug.as_slice());
        let Some(slug) = slug else { return };
        request_animation_frame(move || browser::go_to(&slug));
    });
    Effect::new(move || {
        let observer = browser::watch_reading(".para", move |slug| {
            browser::remember(PLACE_KEPT, &slug);
            current.set(slug);
            request_animation_frame(browser::reveal_current);
        });
        let observer = StoredValue::new_local(observer);
        on_cleanup(move || {
            observer.with_value(|observer| {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
            });
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
            browser::go_to(&slug);
            current.set(slug);
        }
    });
}

/// The contents on the left; on phones a sheet from below, which needs no script to open.
fn contents(reading: &Reading) -> impl IntoView + use<> {
    let words = reading.words;
    let current = reading.current;
    let total = reading.text.paragraphs().count().max(1);
    let text = Arc::clone(&reading.text);
    let done = Memo::new(move |_| {
        let at = text.paragraphs().position(|(.., paragraph)| current.with(|slug| *slug == paragraph.slug));
        // In steps of five: the style sheet has a width for each.
        at.map_or(0, |at| (at + 1) * 20 / total * 5)
    });
    view! {
        <nav class="contents" id="contents" popover="auto" aria-label=words.contents>
            <h2 class="contents__title">{words.contents}</h2>
            <div
                class="contents__progress"
                role="progressbar"
                aria-label=words.progress
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || done.get()
            >
                <span data-done=move || done.get()></span>
            </div>
            <ol class="contents__list" inner_html=page::contents(reading)></ol>
        </nav>
    }
}

/// The text itself.
fn article(reading: &Reading) -> impl IntoView + use<> {
    let Reading { lang, words, target, .. } = *reading;
    let text = &reading.text;
    let toggled = reading.clone();
    let original = (lang == Lang::Fr || reading.is_side()).then_some(words.original);
    let translation = reading.shows_translation().then_some(words.translation);
    // Where one left, offered once the browser has looked it up.
    let resume = RwSignal::new(None::<(String, String)>);
    let kept_in = Arc::clone(text);
    Effect::new(move || {
        let kept = browser::recall(PLACE_KEPT).filter(|_| target.with_untracked(Option::is_none));
        let first = kept_in.paragraphs().next().map(|(.., paragraph)| paragraph.slug.clone());
        let place = kept
            .filter(|kept| Some(kept) != first.as_ref())
            .and_then(|kept| kept_in.find(&kept).map(|place| (place.slug().to_owned(), place.label(lang))));
        resume.set(place);
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
                {move || {
                    resume
                        .get()
                        .map(|(slug, label)| {
                            view! {
                                <p class="text__resume">
                                    <a href=shared.href(&slug) on:click=move |_| resume.set(None)>{words.resume}" "{label}</a>
                                    <button
                                        class="icon-button"
                                        type="button"
                                        aria-label=words.dismiss
                                        on:click=move |_| resume.set(None)
                                    >
                                        {icon(icons::CLOSE)}
                                    </button>
                                </p>
                            }
                        })
                }}
            </header>
            <div class="text__body" inner_html=page::text(reading)></div>
            <footer class="text__foot">
                <p>{date(lang, &text.date)}" · "{words.fingerprint}" : "<code>{text.sha256.clone()}</code></p>
            </footer>
        </article>
    }
}

/// The mark that every part of the translation carries.
pub(super) fn unofficial(words: &'static Words) -> AnyView {
    view! { <small class="unofficial">{words.unofficial}</small> }.into_any()
}
