//! What a search has found, as pages show it: written alike by the server and, as one types, by the browser.

use crate::{
    html::Html,
    routes::{To, search_for},
    words::{Words, count},
};
use plan::{
    Lang,
    search::{EntryKind, Hit, Results},
};
use serde::{Deserialize, Serialize};

/// Characters of a passage shown with a hit.
const EXCERPT: usize = 280;

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    /// The items of the list of hits, in HTML, best first.
    pub(crate) hits: String,
    /// How many there are, in a sentence. Empty where nothing is asked.
    pub(crate) status: String,
    /// What to try instead, in HTML: links that work without a script. Empty where there are hits.
    pub(crate) instead: String,
    /// The slug of the best hit.
    pub(crate) best: String,
}

impl Found {
    /// What there is before anything is asked.
    pub(crate) fn nothing(lang: Lang) -> Found {
        let words = Words::of(lang);
        Found { instead: tries(lang, words.search_hint, words.search_examples.split('|')), ..Found::default() }
    }

    /// What `search` finds, at places that `label` names.
    pub(crate) fn by(
        lang: Lang,
        query: &str,
        label: impl Fn(&str) -> String,
        search: impl FnOnce(&str) -> Results,
    ) -> Found {
        let words = Words::of(lang);
        let query = query.trim();
        if query.is_empty() {
            return Found::nothing(lang);
        }
        let Results { hits, total, suggestions } = search(query);
        let Some(best) = hits.first() else {
            let instead = match suggestions.is_empty() {
                true => tries(lang, words.search_none_help, words.search_examples.split('|')),
                false => tries(lang, words.search_none_help, suggestions.iter().map(String::as_str)),
            };
            return Found { status: format!("{} « {query} ».", words.search_none), instead, ..Found::default() };
        };
        let count = count(lang, total);
        let status = if best.partial { format!("{count}. {}", words.search_partial) } else { count };
        let mut html = Html::default();
        hits.iter().for_each(|hit| item(&mut html, lang, &label(&hit.slug), hit));
        Found { status, best: best.slug.clone(), hits: html.0, instead: String::new() }
    }
}

fn item(html: &mut Html, lang: Lang, place: &str, hit: &Hit) {
    let words = Words::of(lang);
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

fn tries<'a>(lang: Lang, intro: &str, words: impl Iterator<Item = &'a str>) -> String {
    let mut html = Html::default();
    html.raw("<p>").words(intro).raw("</p><ul>");
    for word in words {
        html.raw("<li><a rel=\"external\"").attribute("href", &search_for(lang, word)).raw(">").words(word);
        html.raw("</a></li>");
    }
    html.raw("</ul>");
    html.0
}
