//! `/{lang}/plan` and `/{lang}/plan/{slug}`: the text, its contents, the passage in view.

use super::{
    contract::{Packed, get_plan},
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
use plan::{Body, Document, Lang, Measure, Paragraph, Place, Section, SectionKind, Text};
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
    beside: Option<Arc<Document>>,
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
    fn printed_address(&self, slug: &str) -> String {
        Site::current().public_url + &To::Place(slug.to_owned()).href(self.lang)
    }

    /// The address with the other number of languages.
    fn toggled_href(&self) -> String {
        let to = self.target.get().flatten().map_or(To::Plan, To::Place).href(self.lang);
        if self.is_side() { to } else { to + "?side=1" }
    }

    /// Whether the address names that spot: it is lit up.
    fn is_target(&self, slug: &str) -> bool {
        self.target.with(|target| target.as_ref().is_some_and(|target| target.as_deref() == Some(slug)))
    }

    /// The paragraphs before and after that one.
    pub(super) fn neighbours(&self, slug: &str) -> (Option<String>, Option<String>) {
        let slugs: Vec<&str> = self.text.paragraphs().map(|(.., paragraph)| paragraph.slug.as_str()).collect();
        let at = slugs.iter().position(|s| *s == slug);
        let slug_at = |index: Option<usize>| index.and_then(|i| slugs.get(i)).map(|s| (*s).to_owned());
        (slug_at(at.and_then(|at| at.checked_sub(1))), slug_at(at.map(|at| at + 1)))
    }
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
    Effect::new(move |before: Option<()>| {
        let Some(slug) = target.get().flatten() else { return };
        // The browser has gone there by itself when the page came whole from the server (`autofocus`).
        let there = before.is_none() && document().active_element().is_some_and(|element| element.id() == slug);
        if !there {
            request_animation_frame(move || browser::go_to(&slug));
        }
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
        let (before, after) = shared.neighbours(&current.get_untracked());
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
    let link = |slug: &str, label: String, name: Option<String>, paragraphs: Vec<String>| {
        let here = Memo::new(move |_| current.with(|current| paragraphs.contains(current)));
        view! {
            <a
                class="contents__link"
                href=reading.href(slug)
                aria-label=name
                aria-current=move || here.get().then_some("location")
            >
                {label}
            </a>
        }
        .into_any()
    };
    let numbers = |section: &Section, measure: Option<&Measure>, paragraphs: &[Paragraph]| {
        let items = paragraphs.iter().map(|paragraph| {
            let place = Place::Paragraph(section, measure, paragraph).label(reading.lang);
            let short = match paragraph.body {
                Body::List { .. } => place.rsplit(", ").next().unwrap_or_default().to_owned(),
                Body::Prose(_) => paragraph.slug.rsplit('.').next().unwrap_or_default().to_owned(),
            };
            view! { <li>{link(&paragraph.slug, short, Some(place), vec![paragraph.slug.clone()])}</li> }
        });
        (!paragraphs.is_empty()).then(|| view! { <ol class="contents__paras">{items.collect_view()}</ol> }.into_any())
    };
    let slugs = |paragraphs: &[Paragraph]| paragraphs.iter().map(|p| p.slug.clone()).collect::<Vec<_>>();
    let sections = reading.text.sections.iter().map(|section| {
        let of_section = section.measures.iter().flat_map(|m| slugs(&m.paragraphs)).chain(slugs(&section.paragraphs));
        let of_section = of_section.collect();
        let measures = section.measures.iter().map(|measure| {
            view! {
                <li class="contents__measure">
                    {link(&measure.slug, measure.heading.plain(), None, slugs(&measure.paragraphs))}
                    {numbers(section, Some(measure), &measure.paragraphs)}
                </li>
            }
        });
        view! {
            <li class="contents__section">
                {link(&section.slug, section.heading.plain(), None, of_section)}
                {numbers(section, None, &section.paragraphs)}
                {(!section.measures.is_empty()).then(|| view! { <ol>{measures.collect_view()}</ol> }.into_any())}
            </li>
        }
        .into_any()
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
            <ol class="contents__list">{sections.collect_view()}</ol>
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
    let sections = text.sections.iter().map(|part| section(reading, part).into_any()).collect_view();
    // Print shows addresses: on paper they need their host.
    let address = Site::current().public_url + &To::Plan.href(lang);
    view! {
        <article class="text">
            <header class="text__head">
                <h1 class="text__title" data-address=address>{text.title.clone()}</h1>
                <p class="text__meta">{plain(&text.preface)}</p>
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
            {sections}
            <footer class="text__foot">
                <p>{date(lang, &text.date)}" · "{words.fingerprint}" : "<code>{text.sha256.clone()}</code></p>
            </footer>
        </article>
    }
}

fn section(reading: &Reading, part: &Section) -> impl IntoView + use<> {
    let slug = part.slug.clone();
    let twin = reading.beside.as_ref().and_then(|d| d.sections.iter().find(|s| s.slug == slug).cloned());
    let kicker = match part.kind {
        SectionKind::Pillar(_) => Some(Place::Section(part).label(reading.lang)),
        SectionKind::Plain => None,
    };
    let paragraphs = |measure: Option<&Measure>, paragraphs: &[Paragraph]| {
        paragraphs.iter().map(|p| paragraph(reading, part, measure, p).into_any()).collect_view()
    };
    let measures = part.measures.iter().map(|measure| {
        let twin = twin.as_ref().and_then(|t| t.measures.iter().find(|m| m.slug == measure.slug));
        let heading = heading(reading, &measure.slug, &measure.heading, twin.map(|m| &m.heading)).into_any();
        view! {
            <section class="measure">
                <h3 class="measure__title" id=measure.slug.clone() tabindex="-1" data-address=reading.printed_address(&measure.slug)>
                    {heading}
                </h3>
                {paragraphs(Some(measure), &measure.paragraphs)}
            </section>
        }
    });
    view! {
        <section class="part">
            {kicker.map(|kicker| view! { <p class="part__kicker">{kicker}</p> })}
            <h2 class="part__title" id=slug.clone() tabindex="-1" data-address=reading.printed_address(&slug)>
                {heading(reading, &slug, &part.heading, twin.as_ref().map(|s| &s.heading)).into_any()}
            </h2>
            {paragraphs(None, &part.paragraphs)}
            {measures.collect_view()}
        </section>
    }
}

/// A heading as a link to itself, with the other language below it when both are shown.
fn heading(reading: &Reading, slug: &str, text: &Text, twin: Option<&Text>) -> impl IntoView + use<> {
    let (lit, name) = (reading.clone(), slug.to_owned());
    let other = reading.lang.other().tag();
    view! {
        <a
            class="heading-link"
            href=reading.href(slug)
            class:is-target=move || lit.is_target(&name)
        >
            {plain(text)}
        </a>
        {twin.map(|text| view! { <span class="heading-twin" lang=other>{text.plain()}</span> })}
        {reading.shows_translation().then(|| unofficial(reading.words))}
    }
}

/// The mark that every part of the translation carries.
pub(super) fn unofficial(words: &'static Words) -> AnyView {
    view! { <small class="unofficial">{words.unofficial}</small> }.into_any()
}

fn paragraph(
    reading: &Reading,
    section: &Section,
    measure: Option<&Measure>,
    para: &Paragraph,
) -> impl IntoView + use<> {
    let slug = para.slug.clone();
    let place = Place::Paragraph(section, measure, para).label(reading.lang);
    let current = reading.current;
    let is_current = {
        let slug = slug.clone();
        Memo::new(move |_| current.with(|current| *current == slug))
    };
    let (lit, name) = (reading.clone(), slug.clone());
    let twin = reading.beside.as_ref().and_then(|document| match document.find(&slug) {
        Some(Place::Paragraph(.., twin)) => Some(twin.clone()),
        _ => None,
    });
    let number = format!("¶ {}", para.number);
    let text = body(reading, para);
    let text = match twin {
        None => text.into_any(),
        Some(twin) => {
            let (lang, other) = (reading.lang.tag(), reading.lang.other().tag());
            view! {
                <div class="para__pair">
                    <div class="para__col" lang=lang>{text}</div>
                    <div class="para__col" lang=other>{twin_body(&twin)}</div>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <div
            class="para"
            id=slug.clone()
            tabindex="-1"
            autofocus=reading.opens_at(&slug)
            data-address=reading.href(&slug)
            class:is-current=move || is_current.get()
            class:is-target=move || lit.is_target(&name)
        >
            <a class="para__num" href=reading.href(&slug) aria-label=format!("{} {place}", reading.words.permalink) title=place>
                <span>{para.printed.clone()}</span>
                <small>{number}</small>
            </a>
            {text}
        </div>
    }
}

impl Reading {
    /// Whether the page, as the server sends it, opens at that spot: the browser goes there without a script.
    fn opens_at(&self, slug: &str) -> bool {
        untrack(|| self.is_target(slug))
    }
}

fn body(reading: &Reading, para: &Paragraph) -> impl IntoView + use<> {
    let spot = |slug: &str| {
        let (lit, name) = (reading.clone(), slug.to_owned());
        (slug.to_owned(), reading.opens_at(slug), Signal::derive(move || lit.is_target(&name)))
    };
    match &para.body {
        Body::Prose(sentences) => {
            let sentences = sentences.iter().map(|sentence| {
                let (slug, opens, lit) = spot(&sentence.slug);
                view! {
                    <span
                        class="sentence"
                        id=slug
                        tabindex=move || lit.get().then_some("-1")
                        autofocus=opens
                        class:is-target=lit
                    >
                        {plain(&sentence.text)}
                    </span>
                    {sentence.gap.clone()}
                }
            });
            view! { <p class="para__text">{sentences.collect_view()}</p> }.into_any()
        }
        Body::List { lead, items } => {
            let items = items.iter().map(|item| {
                let (slug, opens, lit) = spot(&item.slug);
                view! {
                    <li
                        class="para__item"
                        id=slug
                        tabindex=move || lit.get().then_some("-1")
                        autofocus=opens
                        class:is-target=lit
                    >
                        {plain(&item.text)}
                    </li>
                }
            });
            view! {
                <div class="para__text">
                    <p>{plain(lead)}</p>
                    <ul class="para__items">{items.collect_view()}</ul>
                </div>
            }
            .into_any()
        }
    }
}

/// The other language: the same paragraph, without addresses of its own.
fn twin_body(para: &Paragraph) -> impl IntoView + use<> {
    match &para.body {
        Body::Prose(_) => view! { <p class="para__text">{para.texts().into_iter().zip(para.sentences()).map(|(text, s)| (plain(text), s.gap.clone())).collect_view()}</p> }.into_any(),
        Body::List { lead, items } => {
            let items = items.iter().map(|item| view! { <li class="para__item">{plain(&item.text)}</li> });
            view! {
                <div class="para__text">
                    <p>{plain(lead)}</p>
                    <ul class="para__items">{items.collect_view()}</ul>
                </div>
            }
            .into_any()
        }
    }
}

/// The words, with the language of those that stand in another.
fn plain(text: &Text) -> impl IntoView + use<> {
    let mut views = Vec::new();
    let mut words = String::new();
    for run in &text.runs {
        match &run.lang {
            None => words.push_str(&run.text),
            Some(lang) => {
                views.push(std::mem::take(&mut words).into_any());
                views.push(view! { <i lang=lang.clone()>{run.text.clone()}</i> }.into_any());
            }
        }
    }
    views.push(words.into_any());
    views
}
