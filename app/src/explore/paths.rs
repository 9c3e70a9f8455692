//! Reading paths. `?for=press` opens one, `&stop=2` one of its stops.

use super::{
    page::Page,
    words::{length, rate, stop},
};
use crate::routes::View;
use plan::{
    Body,
    gloss::{Halt, Way, minutes, paths, words_per_minute},
};

/// Writes the view.
pub(super) fn write(page: &mut Page<'_>) {
    let ways = paths(page.gloss, page.document);
    if ways.is_empty() {
        return page.nothing();
    }
    let asked = page.asked("for");
    match ways.iter().find(|way| Some(way.path.id.as_str()) == asked) {
        None => choice(page, &ways),
        Some(way) => open(page, &ways, way),
    }
    let rate = rate(page.lang, words_per_minute(page.lang));
    page.html.raw("<p class=\"view__hint\">").words(&rate).raw("</p>");
}

/// The paths to choose from.
fn choice(page: &mut Page<'_>, ways: &[Way<'_>]) {
    let lang = page.lang;
    page.html.raw("<ul class=\"paths\">");
    for way in ways {
        let href = page.href(View::Paths, [("for", &way.path.id)]);
        page.html.raw("<li class=\"path\"><h2><a").attribute("href", &href).raw(">").words(way.path.name.get(lang));
        page.html.raw("</a></h2><p>").words(way.path.intro.get(lang)).raw("</p><p class=\"path__length\">");
        page.html.words(&length(lang, way.stops.len(), way.minutes(lang))).raw("</p></li>");
    }
    page.html.raw("</ul>");
}

fn open(page: &mut Page<'_>, ways: &[Way<'_>], way: &Way<'_>) {
    let (words, lang) = (page.words, page.lang);
    let all = way.stops.len();
    let nth = page.asked("stop").and_then(|nth| nth.parse::<usize>().ok()).filter(|nth| (1..=all).contains(nth));
    page.html.raw("<nav class=\"paths__row\"").attribute("aria-label", words.for_whom).raw("><ul>");
    for other in ways {
        let href = page.href(View::Paths, [("for", &other.path.id)]);
        page.html.raw("<li><a").attribute("href", &href);
        page.html.raw(if other.path.id == way.path.id { " aria-current=\"true\">" } else { ">" });
        page.html.words(other.path.name.get(lang)).raw("</a></li>");
    }
    page.html.raw("</ul></nav><header class=\"path__head\"><h2>").words(way.path.name.get(lang)).raw("</h2><p>");
    page.html.words(way.path.intro.get(lang)).raw("</p><p class=\"path__length\">");
    page.html.words(&length(lang, all, way.minutes(lang))).raw("</p><p class=\"path__tools\">");
    let (other, name) = match nth {
        None => (page.href(View::Paths, [("for", way.path.id.as_str()), ("stop", "1")]), words.step_by_step),
        Some(_) => (page.href(View::Paths, [("for", &way.path.id)]), words.all_stops),
    };
    page.html.raw("<a class=\"button\"").attribute("href", &other).raw(">").words(name).raw("</a> ");
    page.html.raw("<button class=\"button button--quiet needs-js\" type=\"button\" data-print>").words(words.print);
    page.html.raw("</button></p></header>");
    match nth {
        None => {
            page.html.raw("<ol class=\"stops\">");
            way.stops.iter().enumerate().for_each(|(at, stop)| halt(page, "li", at + 1, all, stop));
            page.html.raw("</ol>");
        }
        Some(nth) => {
            halt(page, "div", nth, all, &way.stops[nth - 1]);
            page.html.raw("<nav class=\"pager\"").attribute("aria-label", words.paths_title).raw(">");
            for (to, class, rel, word) in [
                (nth - 1, "pager__prev", "prev", words.previous_stop),
                (nth + 1, "pager__next", "next", words.next_stop),
            ] {
                let Some(stop) = to.checked_sub(1).and_then(|at| way.stops.get(at)) else { continue };
                let href = page.href(View::Paths, [("for", way.path.id.as_str()), ("stop", &to.to_string())]);
                page.html.raw("<a").attribute("class", class).attribute("rel", rel).attribute("href", &href);
                page.html.raw("><small>").words(word).raw("</small> ").words(&stop.place.label(lang)).raw("</a>");
            }
            page.html.raw("</nav>");
        }
    }
}

/// A stop: why, and the paragraph whole.
fn halt(page: &mut Page<'_>, tag: &str, nth: usize, of: usize, halt: &Halt<'_>) {
    let (words, lang) = (page.words, page.lang);
    page.html
        .raw("<")
        .raw(tag)
        .raw(" class=\"stop\"><p class=\"stop__nth\">")
        .words(&stop(lang, nth, of))
        .raw("</p><h3>");
    page.spot_link(&halt.stop.at).raw("</h3><p class=\"stop__why\"><strong class=\"editors\">").words(words.why);
    page.html.raw("</strong> ").words(halt.stop.why.get(lang)).raw(" <small>");
    page.html.words(&format!("{} min", minutes(lang, halt.words))).raw("</small></p><blockquote class=\"stop__text\">");
    match &halt.paragraph.body {
        Body::Prose(sentences) => {
            page.html.raw("<p>");
            for sentence in sentences {
                page.html.text(&sentence.text).words(&sentence.gap);
            }
            page.html.raw("</p>");
        }
        Body::List { lead, items } => {
            page.html.raw("<p>").text(lead).raw("</p><ul>");
            for item in items {
                page.html.raw("<li>").text(&item.text).raw("</li>");
            }
            page.html.raw("</ul>");
        }
    }
    page.html.raw("</blockquote></").raw(tag).raw(">");
}
