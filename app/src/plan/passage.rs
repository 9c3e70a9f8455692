//! The panel beside the text: what belongs to the paragraph in view. On phones a sheet from below.

use super::reader::{Reading, unofficial};
use crate::{
    browser,
    icons::{self, icon},
    layout::Toast,
    routes::To,
    words::Words,
};
use leptos::prelude::*;
use plan::{Document, Lang, Place};

/// Words of a sentence that name it in the list.
const OPENING: usize = 6;

/// The panel.
#[component]
pub(super) fn Passage(reading: Reading) -> impl IntoView {
    let label = reading.words.passage;
    view! {
        <aside class="context" id="passage" popover="auto" aria-label=label>
            {move || {
                let slug = reading.current.get();
                let place = reading.text.find(&slug);
                place.map(|place| about(&reading, place))
            }}
        </aside>
    }
}

fn about(reading: &Reading, place: Place<'_>) -> impl IntoView + use<> {
    let Reading { lang, words, .. } = *reading;
    let slug = place.slug().to_owned();
    let label = place.label(lang);
    let toast = expect_context::<Toast>();
    let (before, after) = reading.neighbours(&slug);
    let turn = |slug: Option<String>, class: &'static str, word: &'static str, rel: &'static str| {
        slug.map(|slug| {
            let name = reading.text.find(&slug).map(|place| place.label(lang)).unwrap_or_default();
            view! { <a class=class rel=rel href=reading.href(&slug)><small>{word}</small>" "{name}</a> }
        })
    };
    let address = To::Place(slug.clone()).href(lang);
    let quote = quotation(lang, &place.plain(), &label, &reading.text.title);
    let (link_slug, text_address) = (slug.clone(), address.clone());
    let parts: Vec<(String, String)> = match place {
        Place::Paragraph(.., paragraph) => {
            let sentences = paragraph.sentences().iter().map(|s| (s.slug.clone(), s.text.plain()));
            sentences.chain(paragraph.items().iter().map(|i| (i.slug.clone(), i.text.plain()))).collect()
        }
        _ => Vec::new(),
    };
    let is_list = place.paragraph().is_some_and(|paragraph| !paragraph.items().is_empty());
    let names = named(&reading.text, place);
    view! {
        <h2 class="context__title">{label}</h2>
        <p class="context__address"><a href=reading.href(&slug)>{address}</a></p>
        {(lang == Lang::En).then(|| view! { <p>{unofficial(words)}</p> })}
        <ul class="context__actions needs-js">
            <li>
                <button class="button button--quiet" type="button" on:click=move |_| copy_link(&link_slug, lang, words, toast)>
                    {icon(icons::LINK)}{words.copy_link}
                </button>
            </li>
            <li>
                <button
                    class="button button--quiet"
                    type="button"
                    on:click=move |_| {
                        let text = format!("{quote}\n{}{text_address}", browser::origin());
                        browser::copy(text, move |done| toast.say(if done { words.text_copied } else { words.not_copied }));
                    }
                >
                    {icon(icons::COPY)}{words.copy_text}
                </button>
            </li>
        </ul>
        <h3>{if is_list { words.in_items } else { words.in_sentences }}</h3>
        <ol class="context__list">
            {parts
                .into_iter()
                .map(|(slug, text)| view! { <li><a href=reading.href(&slug)>{opening(&text)}</a></li> })
                .collect_view()}
        </ol>
        {(!names.is_empty())
            .then(|| {
                view! {
                    <h3>{words.names_here}</h3>
                    <ul class="context__list">
                        {names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
                    </ul>
                }
            })}
        <nav class="pager" aria-label=words.passage>
            {turn(before, "pager__prev", words.previous, "prev")}
            {turn(after, "pager__next", words.next, "next")}
        </nav>
    }
}

/// Puts the address of that spot on the clipboard and says so.
pub(super) fn copy_link(slug: &str, lang: Lang, words: &'static Words, toast: Toast) {
    let address = browser::origin() + &To::Place(slug.to_owned()).href(lang);
    browser::copy(address, move |done| toast.say(if done { words.copied } else { words.not_copied }));
}

/// The words between quotation marks of their language's own, with where they stand.
fn quotation(lang: Lang, text: &str, place: &str, title: &str) -> String {
    match lang {
        Lang::Fr => format!("«\u{a0}{text}\u{a0}»\n{title}, {place}"),
        Lang::En => format!("“{text}”\n{title}, {place}"),
    }
}

/// The first words of a sentence.
fn opening(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut out = words.by_ref().take(OPENING).collect::<Vec<_>>().join(" ");
    if words.next().is_some() {
        out.push_str(" …");
    }
    out
}

/// What the paragraph names, each once, in order.
fn named(document: &Document, place: Place<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let texts = place.paragraph().map(|paragraph| paragraph.texts()).unwrap_or_default();
    for id in texts.iter().flat_map(|text| &text.runs).filter_map(|run| run.names.as_deref()) {
        if let Some(entity) = document.entity(id).filter(|entity| !names.contains(&entity.name)) {
            names.push(entity.name.clone());
        }
    }
    names
}
