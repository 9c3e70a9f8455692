//! The text and its contents as HTML.
//!
//! Nothing in them changes by itself: they are written once, as a string, on the server and in the browser alike. As
//! components they would be walked node by node at every start, and their types would be a quarter of the Wasm. What
//! moves (the place lit up, the paragraph in view) is a class that `reader` moves.

use super::reader::Reading;
use crate::html::Html;
use plan::{Body, Lang, Measure, Paragraph, Place, Section, SectionKind, Text};

impl Html {
    /// An element's beginning with its address, lit up where the page opens there.
    fn lit(&mut self, reading: &Reading, tag: &str, class: &str, slug: &str) -> &mut Self {
        let class = if reading.opens_at(slug) { format!("{class} is-target") } else { class.to_owned() };
        self.raw("<").raw(tag).attribute("class", &class).attribute("id", slug)
    }

    /// As [`lit`](Html::lit); the browser goes to it by itself.
    fn spot(&mut self, reading: &Reading, tag: &str, class: &str, slug: &str) -> &mut Self {
        self.lit(reading, tag, class, slug).opening(reading, slug)
    }

    /// The browser goes to the element that is being written if the page opens at that spot. Written by the server
    /// only: in a page that is there already, `reader` goes to the spot.
    fn opening(&mut self, reading: &Reading, slug: &str) -> &mut Self {
        let opens = reading.opens_at(slug) && cfg!(feature = "ssr");
        self.raw(if opens { " autofocus" } else { "" })
    }
}

/// The sections of the text.
pub(super) fn text(reading: &Reading) -> String {
    let mut html = Html::default();
    for part in &reading.text.sections {
        section(&mut html, reading, part);
    }
    html.0
}

fn section(html: &mut Html, reading: &Reading, part: &Section) {
    let twin = reading.beside.as_ref().and_then(|d| d.sections.iter().find(|s| s.slug == part.slug));
    html.raw("<section class=\"part\">");
    if let SectionKind::Pillar(_) = part.kind {
        html.raw("<p class=\"part__kicker\">").words(&Place::Section(part).label(reading.lang)).raw("</p>");
    }
    heading(html, reading, "h2", "part__title", &part.slug, &part.heading, twin.map(|s| &s.heading));
    part.paragraphs.iter().for_each(|p| paragraph(html, reading, part, None, p));
    for measure in &part.measures {
        let twin = twin.and_then(|t| t.measures.iter().find(|m| m.slug == measure.slug));
        html.raw("<section class=\"measure\">");
        heading(html, reading, "h3", "measure__title", &measure.slug, &measure.heading, twin.map(|m| &m.heading));
        measure.paragraphs.iter().for_each(|p| paragraph(html, reading, part, Some(measure), p));
        html.raw("</section>");
    }
    html.raw("</section>");
}

/// A heading as a link to itself, with the other language beside it when both are shown.
fn heading(html: &mut Html, reading: &Reading, tag: &str, class: &str, slug: &str, text: &Text, twin: Option<&Text>) {
    html.spot(reading, tag, class, slug)
        .attribute("tabindex", "-1")
        .attribute("data-address", &reading.printed_address(slug))
        .raw("><a class=\"heading-link\"")
        .attribute("href", &reading.href(slug))
        .raw(">")
        .text(text)
        .raw("</a>");
    if let Some(twin) = twin {
        html.raw("<span class=\"heading-twin\"").attribute("lang", reading.lang.other().tag()).raw(">").text(twin);
        html.raw("</span>");
    }
    if reading.shows_translation() {
        html.raw("<small class=\"unofficial\">").words(reading.words.unofficial).raw("</small>");
    }
    html.raw("</").raw(tag).raw(">");
}

fn paragraph(html: &mut Html, reading: &Reading, section: &Section, measure: Option<&Measure>, para: &Paragraph) {
    let slug = &para.slug;
    let place = Place::Paragraph(section, measure, para).label(reading.lang);
    let class = if reading.is_current(slug) { "para is-current" } else { "para" };
    // Browsers bring the middle of what has the focus into the middle of the view: of a long paragraph, its number.
    html.lit(reading, "div", class, slug)
        .attribute("tabindex", "-1")
        .attribute("data-address", &reading.href(slug))
        .raw("><a class=\"para__num\"")
        .opening(reading, slug)
        .attribute("href", &reading.href(slug))
        .attribute("aria-label", &format!("{} {place}", reading.words.permalink))
        .attribute("title", &place)
        .raw("><span>")
        .words(&para.printed)
        .raw("</span> <small>")
        .words(&format!("¶ {}", para.number))
        .raw("</small></a>");
    let twin = reading.beside.as_ref().and_then(|document| match document.find(slug) {
        Some(Place::Paragraph(.., twin)) => Some(twin),
        _ => None,
    });
    match twin {
        None => body(html, para, Some(reading)),
        Some(twin) => {
            let column = |html: &mut Html, lang: Lang| {
                html.raw("<div class=\"para__col\"").attribute("lang", lang.tag()).raw(">");
            };
            html.raw("<div class=\"para__pair\">");
            column(html, reading.lang);
            body(html, para, Some(reading));
            html.raw("</div>");
            column(html, reading.lang.other());
            body(html, twin, None);
            html.raw("</div></div>");
        }
    }
    html.raw("</div>");
}

/// A paragraph's words. With a reading, each sentence and bullet has its address; the other language has none.
fn body(html: &mut Html, para: &Paragraph, addresses: Option<&Reading>) {
    let open = |html: &mut Html, tag: &str, class: &str, slug: &str| {
        match addresses {
            Some(reading) => html.spot(reading, tag, class, slug).attribute("tabindex", "-1"),
            None => html.raw("<").raw(tag).attribute("class", class),
        };
        html.raw(">");
    };
    match &para.body {
        Body::Prose(sentences) => {
            html.raw("<p class=\"para__text\">");
            for sentence in sentences {
                open(html, "span", "sentence", &sentence.slug);
                html.text(&sentence.text).raw("</span>").words(&sentence.gap);
            }
            html.raw("</p>");
        }
        Body::List { lead, items } => {
            html.raw("<div class=\"para__text\"><p>").text(lead).raw("</p><ul class=\"para__items\">");
            for item in items {
                open(html, "li", "para__item", &item.slug);
                html.text(&item.text).raw("</li>");
            }
            html.raw("</ul></div>");
        }
    }
}

/// The items of the contents: pillar › measure › paragraph.
pub(super) fn contents(reading: &Reading) -> String {
    let mut html = Html::default();
    for section in &reading.text.sections {
        html.raw("<li class=\"contents__section\">");
        link(&mut html, reading, &section.slug, &section.heading.plain(), None);
        numbers(&mut html, reading, section, None, &section.paragraphs);
        if !section.measures.is_empty() {
            html.raw("<ol>");
            for measure in &section.measures {
                html.raw("<li class=\"contents__measure\">");
                link(&mut html, reading, &measure.slug, &measure.heading.plain(), None);
                numbers(&mut html, reading, section, Some(measure), &measure.paragraphs);
                html.raw("</li>");
            }
            html.raw("</ol>");
        }
        html.raw("</li>");
    }
    html.0
}

fn numbers(html: &mut Html, reading: &Reading, section: &Section, measure: Option<&Measure>, paragraphs: &[Paragraph]) {
    if paragraphs.is_empty() {
        return;
    }
    html.raw("<ol class=\"contents__paras\">");
    for paragraph in paragraphs {
        let place = Place::Paragraph(section, measure, paragraph).label(reading.lang);
        let short = match paragraph.body {
            Body::List { .. } => place.rsplit(' ').next(),
            Body::Prose(_) => paragraph.slug.rsplit('.').next(),
        };
        html.raw("<li>");
        link(html, reading, &paragraph.slug, short.unwrap_or_default(), Some(&place));
        html.raw("</li>");
    }
    html.raw("</ol>");
}

fn link(html: &mut Html, reading: &Reading, slug: &str, label: &str, name: Option<&str>) {
    html.raw("<a class=\"contents__link\"").attribute("href", &reading.href(slug)).attribute("data-spot", slug);
    if let Some(name) = name {
        html.attribute("aria-label", name);
    }
    if reading.current_line().iter().any(|here| here == slug) {
        html.raw(" aria-current=\"location\"");
    }
    html.raw(">").words(label).raw("</a>");
}
