//! The panel beside the text: what belongs to the paragraph in view. On phones a sheet from below.

use super::reader::Reading;
use crate::{
    browser,
    html::Html,
    icons::{self, icon_html},
    layout::Toast,
    routes::To,
    words::Words,
};
use leptos::prelude::*;
use plan::{Document, Lang, Place};

/// Words of a sentence that name it in the list.
const OPENING: usize = 6;

/// The panel.
pub(super) fn passage(reading: &Reading) -> AnyView {
    let label = reading.words.passage;
    let current = reading.current;
    let shown = reading.clone();
    let reading = reading.clone();
    let toast = expect_context::<Toast>();
    view! {
        <aside
            class="context"
            id="passage"
            popover="auto"
            aria-label=label
            on:click=move |event| {
                browser::put_away(&event);
                let button = browser::closest(&event, "[data-copy]");
                match button.and_then(|button| button.get_attribute("data-copy")).as_deref() {
                    Some("link") => copy_link(&current.get_untracked(), reading.lang, reading.words, toast),
                    Some("text") => copy_text(&reading, toast),
                    _ => {}
                }
            }
            inner_html=move || shown.text.find(&current.get()).map(|place| about(&shown, place)).unwrap_or_default()
        ></aside>
    }
    .into_any()
}

/// What there is to say about a place, as HTML.
fn about(reading: &Reading, place: Place<'_>) -> String {
    let Reading { lang, words, .. } = *reading;
    let slug = place.slug();
    let mut html = Html::default();
    html.raw("<h2 class=\"context__title\">").words(&place.label(lang));
    html.raw("</h2><p class=\"context__address\"><a").attribute("href", &reading.href(slug)).raw(">");
    html.words(&To::Place(slug.to_owned()).href(lang)).raw("</a></p>");
    if lang == Lang::En {
        html.raw("<p><small class=\"unofficial\">").words(words.unofficial).raw("</small></p>");
    }
    html.raw("<ul class=\"context__actions needs-js\">");
    for (what, drawing, word) in [("link", icons::LINK, words.copy_link), ("text", icons::COPY, words.copy_text)] {
        html.raw("<li><button class=\"button button--quiet\" type=\"button\"").attribute("data-copy", what);
        html.raw(">").raw(&icon_html(drawing)).words(word).raw("</button></li>");
    }
    html.raw("</ul>");
    if let Some(paragraph) = place.paragraph() {
        let items = paragraph.items();
        html.raw("<h3>").words(if items.is_empty() { words.in_sentences } else { words.in_items });
        html.raw("</h3><ol class=\"context__list\">");
        let sentences = paragraph.sentences().iter().map(|sentence| (&sentence.slug, &sentence.text));
        for (slug, text) in sentences.chain(items.iter().map(|item| (&item.slug, &item.text))) {
            html.raw("<li><a").attribute("href", &reading.href(slug)).raw(">").words(&opening(&text.plain()));
            html.raw("</a></li>");
        }
        html.raw("</ol>");
    }
    let names = named(&reading.text, place);
    if !names.is_empty() {
        html.raw("<h3>").words(words.names_here).raw("</h3><ul class=\"context__list\">");
        for name in names {
            html.raw("<li>").words(name).raw("</li>");
        }
        html.raw("</ul>");
    }
    html.raw("<nav class=\"pager\"").attribute("aria-label", words.passage).raw(">");
    let (before, after) = reading.neighbours(slug);
    for (slug, class, rel, word) in
        [(before, "pager__prev", "prev", words.previous), (after, "pager__next", "next", words.next)]
    {
        let Some(slug) = slug else { continue };
        let name = reading.text.find(&slug).map(|place| place.label(lang)).unwrap_or_default();
        html.raw("<a").attribute("class", class).attribute("rel", rel).attribute("href", &reading.href(&slug));
        html.raw("><small>").words(word).raw("</small> ").words(&name).raw("</a>");
    }
    html.raw("</nav>");
    html.0
}

/// Puts the paragraph in view on the clipboard, quoted, with its place and address, and says so.
fn copy_text(reading: &Reading, toast: Toast) {
    let Reading { lang, words, ref text, current, .. } = *reading;
    let slug = current.get_untracked();
    let Some(place) = text.find(&slug) else { return };
    let quote = quotation(lang, &place.plain(), &place.label(lang), &text.title);
    let quote = format!("{quote}\n{}{}", browser::origin(), To::Place(slug).href(lang));
    browser::copy(quote, move |done| toast.say(if done { words.text_copied } else { words.not_copied }));
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
fn named<'a>(document: &'a Document, place: Place<'_>) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    let texts = place.paragraph().map(|paragraph| paragraph.texts()).unwrap_or_default();
    for id in texts.iter().flat_map(|text| &text.runs).filter_map(|run| run.names.as_deref()) {
        if let Some(entity) = document.entity(id).filter(|entity| !names.contains(&&*entity.name)) {
            names.push(&entity.name);
        }
    }
    names
}
