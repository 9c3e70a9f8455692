//! The home page: what this is, and the ways in. Written by the server, like the pages of prose.

use crate::{
    html::Html,
    media::{self, contract::Card},
    routes::{To, View},
    site::Site,
    words::{PageWords, Words, lead},
};
use plan::{Document, Measure, Section, gloss::Gloss};

/// Videos shown: a row of a wide screen.
pub(crate) const LATEST: u32 = 4;

/// The page's HTML.
pub(crate) fn html(document: &Document, gloss: &Gloss, latest: &[Card], site: &Site) -> String {
    let lang = document.lang;
    let words = PageWords::of(lang);
    let mut html = Html::default();
    html.raw("<section class=\"hero\"><h1 class=\"hero__title\">").words(words.home_title);
    html.raw("</h1><p class=\"hero__lead\">").words(&lead(lang, site.organisation.of(lang)));
    html.raw("</p><div class=\"doors\">");
    for (to, title, text) in [
        (To::Plan, Words::of(lang).home_read, words.home_read_text),
        (To::Media, words.home_media, words.home_media_text),
    ] {
        html.raw("<a class=\"door\"").attribute("href", &to.href(lang));
        html.raw("><span class=\"door__title\">").words(title).raw("</span> <span class=\"door__text\">").words(text);
        html.raw("</span></a>");
    }
    html.raw("</div></section>").raw(&media::strip(lang, latest)).raw("<ul class=\"figures\">");
    let first_measure = document.sections.iter().find_map(|section| section.measures.first());
    let measures_at = first_measure.map_or(To::Plan, |measure| To::Place(measure.slug.clone()));
    for (number, label, to) in [
        (document.paragraphs().count(), words.paragraphs, To::Plan),
        (document.measure_count(), words.measures, measures_at),
        (gloss.commitments.len(), words.commitments, To::View(View::Register)),
    ] {
        html.raw("<li class=\"figure\"><a").attribute("href", &to.href(lang));
        html.raw("><strong class=\"figure__number\">").words(&number.to_string());
        html.raw("</strong> <span class=\"figure__label\">").words(label).raw("</span></a></li>");
    }
    html.raw("</ul><section class=\"home__contents\"><h2>").words(words.home_contents);
    html.raw("</h2><ol class=\"outline\">");
    for Section { slug, heading, measures, .. } in &document.sections {
        html.raw("<li><a").attribute("href", &To::Place(slug.clone()).href(lang)).raw(">").words(&heading.plain());
        html.raw(if measures.is_empty() { "</a></li>" } else { "</a><ol>" });
        for Measure { slug, heading, .. } in measures {
            html.raw("<li><a").attribute("href", &To::Place(slug.clone()).href(lang)).raw(">");
            html.words(&heading.plain()).raw("</a></li>");
        }
        html.raw(if measures.is_empty() { "" } else { "</ol></li>" });
    }
    html.raw("</ol></section>");
    html.0
}
