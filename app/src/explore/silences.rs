//! What the text does not say: what was looked for, with which words, and what these find instead.

use super::{
    page::Page,
    words::{commitments, times},
};
use crate::routes::search_for;
use plan::gloss::{Facet, Filter, NOBODY, Silence, silences, without_actor};

/// Writes the view.
pub(super) fn write(page: &mut Page<'_>) {
    let silences = silences(page.gloss, page.document);
    if silences.is_empty() && page.gloss.commitments.is_empty() {
        return page.nothing();
    }
    let words = page.words;
    page.html.raw("<p class=\"view__hint\">").words(words.verify).raw("</p>");
    page.html.raw("<nav class=\"silences__list\"").attribute("aria-label", words.silences_title).raw("><ul>");
    let names = silences.iter().map(|silence| (silence.probe.id.as_str(), silence.probe.name.get(page.lang).as_str()));
    for (id, name) in names.chain([(NOBODY, words.without_actor)]) {
        page.html
            .raw("<li><a rel=\"external\"")
            .attribute("href", &format!("#{id}"))
            .raw(">")
            .words(name)
            .raw("</a></li>");
    }
    page.html.raw("</ul></nav>");
    silences.iter().for_each(|found| silence(page, found));
    nobody(page);
}

fn silence(page: &mut Page<'_>, Silence { probe, tried, found }: &Silence<'_>) {
    let (words, lang) = (page.words, page.lang);
    page.html.raw("<section class=\"silence\"").attribute("id", &probe.id).raw("><h2>").words(probe.name.get(lang));
    page.html.raw("</h2><p class=\"silence__question\">").words(probe.question.get(lang)).raw("</p><h3>");
    page.html.words(words.tried).raw("</h3><ul class=\"tried\">");
    for (word, count) in tried {
        page.html.raw(if *count == 0 { "<li class=\"tried__none\">" } else { "<li>" });
        match *word {
            "#" => page.html.raw("<span>").words(words.number).raw("</span>"),
            word => {
                let href = search_for(lang, &format!("\"{word}\""));
                page.html.raw("<a rel=\"nofollow\"").attribute("href", &href).raw(">").words(word).raw("</a>")
            }
        };
        page.html.raw(" <small>").words(&times(lang, *count)).raw("</small></li>");
    }
    page.html.raw("</ul>");
    if found.is_empty() {
        page.html.raw("<p class=\"silence__nothing\">").words(words.found_nothing).raw("</p></section>");
        return;
    }
    page.html.raw("<details class=\"silence__found\"").raw(if found.len() <= 4 { " open" } else { "" });
    page.html.raw("><summary>").words(words.found_instead).raw(" (").words(&found.len().to_string());
    page.html.raw(")</summary><ol>");
    for found in found {
        page.html.raw("<li>");
        page.said(&found.spoken);
        page.html.raw("<p class=\"silence__why\">").words(found.why.unwrap_or(words.not_explained)).raw("</p></li>");
    }
    page.html.raw("</ol></details></section>");
}

/// The commitments of which the text does not say whose they are.
fn nobody(page: &mut Page<'_>) {
    let (words, gloss) = (page.words, page.gloss);
    let found: Vec<_> = without_actor(gloss).collect();
    page.html.raw("<section class=\"silence\"").attribute("id", NOBODY).raw("><h2>").words(words.without_actor);
    page.html.raw("</h2><p class=\"silence__question\">").words(words.without_actor_question).raw("</p>");
    if found.is_empty() {
        page.html.raw("<p class=\"silence__nothing\">").words(words.without_actor_none).raw("</p></section>");
        return;
    }
    let href = page.register_href(&Filter::default().with(Facet::Actor, NOBODY));
    page.html.raw("<p>").words(&commitments(page.lang, found.len())).raw(". <a").attribute("href", &href).raw(">");
    page.html.words(words.see_in_register).raw("</a></p><ol>");
    for commitment in found {
        let Some(place) = page.document.find(&commitment.at) else { continue };
        let plain = place.plain();
        let marks = gloss.marks(commitment, page.lang, &plain);
        page.html.raw("<li><p class=\"promise\">");
        page.promise(commitment);
        page.html.raw("</p><p class=\"said-there\"><q class=\"passage\">");
        page.html.marked(&plain, &marks, Some(commitment.strength), words).raw("</q> <cite>");
        page.spot_link(&commitment.at).raw("</cite></p></li>");
    }
    page.html.raw("</ol></section>");
}
