//! The timeline of what has a date and of what comes back.

use super::page::Page;
use crate::routes::{To, View};
use plan::gloss::{Moment, Spoken, timeline};

/// Writes the view.
pub(super) fn write(page: &mut Page<'_>) {
    let timeline = timeline(page.gloss, page.document);
    if timeline.dated.is_empty() && timeline.recurring.is_empty() {
        return page.nothing();
    }
    let words = page.words;
    page.html.raw("<section class=\"timeline\"><h2>").words(words.dated).raw("</h2><ol class=\"moments\">");
    timeline.dated.iter().for_each(|event| moment(page, event));
    page.html.raw("</ol>");
    let past = |event: &Moment<'_>| event.event.date.as_ref().is_some_and(|date| *date <= page.document.date);
    if timeline.dated.iter().all(past) {
        let href = To::View(View::Silences).href(page.lang);
        page.html.raw("<p class=\"timeline__end\">").words(words.no_future).raw(" <a").attribute("href", &href);
        page.html.raw(">").words(words.see_silences).raw("</a></p>");
    }
    page.html.raw("</section><section class=\"timeline\"><h2>");
    page.html.words(words.recurring).raw("</h2><ol class=\"moments moments--recurring\">");
    timeline.recurring.iter().for_each(|event| moment(page, event));
    page.html.raw("</ol></section>");
}

fn moment(page: &mut Page<'_>, Moment { event, when, said }: &Moment<'_>) {
    page.html.raw("<li class=\"moment\"").attribute("id", &event.id).raw("><p class=\"moment__when\">");
    match &event.date {
        Some(date) => page.html.raw("<time").attribute("datetime", date).raw(">").words(when).raw("</time>"),
        None => page.html.words(when),
    };
    page.html.raw("</p><div class=\"moment__what\"><h3>").words(event.name.get(page.lang)).raw("</h3>");
    said.iter().for_each(|spoken| page.said(spoken));
    page.html.raw("</div></li>");
}

impl Page<'_> {
    /// A sentence with the words meant lit up, and where it stands.
    pub(super) fn said(&mut self, spoken: &Spoken<'_>) {
        self.html.raw("<p class=\"said-there\">");
        self.passage(&spoken.text, &spoken.words);
        self.html.raw(" <cite>");
        match spoken.place {
            Some(place) => self.spot_link(place.slug()),
            None => {
                let href = To::Plan.href(self.lang);
                self.html.raw("<a").attribute("href", &href).raw(">").words(self.words.preface).raw("</a>")
            }
        };
        self.html.raw("</cite></p>");
    }
}
