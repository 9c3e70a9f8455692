//! The reader's page as HTML: contents, text, panel. Written by the server alone.
//!
//! Nothing in it changes by itself: it is written once, as a string. As components it would be walked node by node at
//! every start, and as code of the browser's it would be a good part of the Wasm. What moves (the place lit up, the
//! paragraph in view, what is said of it) `reader` moves.

use super::{
    contract::{PARAGRAPH, Plans, Sheet, Spot},
    reader::line_of,
};
use crate::{
    html::Html,
    icons::{self, icon_html},
    media::{
        self,
        contract::{BesidePlan, Card, Library},
    },
    routes::{To, View},
    site::Site,
    words::{PageWords, Words},
};
use leptos::prelude::expect_context;
use plan::{
    Body, Document, Lang, Measure, Paragraph, Place, Section, SectionKind, Text, date, export,
    gloss::{Gloss, Link, Mark, Reference, Shown, Strength, Target, Term, TermKind, foreign, pieces},
    search::fold,
};
use std::{ops::Range, sync::Arc};

/// Words of a sentence that name it in the list.
const OPENING: usize = 6;

/// Videos beside a paragraph.
const FOOTAGE: usize = 3;

/// The text, opened at a spot.
pub(super) struct Opening {
    lang: Lang,
    words: &'static PageWords,
    text: Arc<Document>,
    /// The other language, side by side.
    beside: Option<Arc<Document>>,
    /// The editors' reading.
    gloss: Arc<Gloss>,
    /// Footage, by the places it relates to.
    footage: Arc<BesidePlan>,
    spots: Vec<Spot>,
    /// The canonical slug of what the page opens at. Empty where it opens at nothing.
    target: String,
    /// The slug of the paragraph in view.
    current: String,
    site: Site,
}

impl Opening {
    /// Of the text in the context, at what `address` names.
    pub(super) fn new(lang: Lang, side: bool, address: &str) -> Self {
        let plans = expect_context::<Arc<dyn Plans>>();
        let text = plans.document(lang);
        let opened = text.find(address);
        let target = opened.map(|place| place.slug().to_owned()).unwrap_or_default();
        let first = || text.paragraphs().next().map(|(.., paragraph)| paragraph);
        let current = opened.and_then(|place| place.paragraph()).or_else(first);
        let current = current.map(|paragraph| paragraph.slug.clone()).unwrap_or_default();
        let beside = side.then(|| plans.document(lang.other()));
        let gloss = plans.gloss();
        let footage = expect_context::<Arc<dyn Library>>().beside_plan(lang);
        let (words, spots, site) = (PageWords::of(lang), spots(&text), Site::current());
        Opening { lang, words, beside, gloss, footage, spots, target, current, site, text }
    }

    /// What the reader starts with; with the page itself where `html`.
    pub(super) fn sheet(self, html: bool) -> Sheet {
        let html = if html { self.html() } else { String::new() };
        Sheet { title: self.text.title.clone(), html, spots: self.spots }
    }

    /// What there is to say about each paragraph, in order.
    pub(super) fn panels(&self) -> Vec<String> {
        self.text.paragraphs().map(|(section, measure, p)| self.panel(Place::Paragraph(section, measure, p))).collect()
    }

    /// The whole page.
    pub(super) fn html(&self) -> String {
        let mut html = Html::default();
        self.contents(&mut html);
        self.article(&mut html);
        html.raw("<aside class=\"context\" id=\"passage\" popover=\"auto\"")
            .attribute("aria-label", self.words.passage);
        html.raw(">").raw(&self.text.find(&self.current).map(|place| self.panel(place)).unwrap_or_default());
        html.raw("</aside>");
        self.thumbs(&mut html);
        html.0
    }

    /// Whether the product's own English is on the page.
    fn shows_translation(&self) -> bool {
        self.beside.is_some() || self.lang == Lang::En
    }

    /// The address of a spot, side by side where the page is.
    fn href(&self, slug: &str) -> String {
        let href = To::Place(slug.to_owned()).href(self.lang);
        if self.beside.is_some() { href + "?side=1" } else { href }
    }

    /// The address as paper needs it, with its host.
    fn printed_address(&self, slug: &str) -> String {
        self.site.public_url.clone() + &To::Place(slug.to_owned()).href(self.lang)
    }

    /// A link to the same spot with the other number of languages. `reader` keeps it up to date.
    fn side_link(&self, html: &mut Html, class: &str) {
        let to = if self.target.is_empty() { To::Plan } else { To::Place(self.target.clone()) }.href(self.lang);
        let to = if self.beside.is_some() { to } else { to + "?side=1" };
        html.raw("<a").attribute("class", class).attribute("href", &to).raw(" data-side>");
        html.raw(&icon_html(icons::COLUMNS)).raw("<span>");
        let words = self.words;
        html.words(if self.beside.is_some() { words.one_language } else { words.side_by_side }).raw("</span></a>");
    }

    /// The contents on the left; on phones a sheet from below, which needs no script to open.
    fn contents(&self, html: &mut Html) {
        let words = self.words;
        html.raw("<nav class=\"contents\" id=\"contents\" popover=\"auto\"").attribute("aria-label", words.contents);
        html.raw("><h2 class=\"contents__title\">").words(words.contents);
        html.raw("</h2><div class=\"contents__progress\" role=\"progressbar\"").attribute("aria-label", words.progress);
        let done = super::reader::done(&self.spots, &self.current);
        html.raw(" aria-valuemin=\"0\" aria-valuemax=\"100\"").attribute("aria-valuenow", &done);
        html.raw("><span").attribute("data-done", &done).raw("></span></div><ol class=\"contents__list\">");
        html.raw(&contents(self)).raw("</ol></nav>");
    }

    /// The switches that mark in the text how firmly it promises, and what it leaves open, with what the marks mean.
    /// They work without a script: the style sheet asks whether they are on.
    fn lenses(&self, html: &mut Html) {
        let Opening { words, lang, gloss, .. } = self;
        if gloss.commitments.is_empty() {
            return;
        }
        html.raw("<div class=\"lenses\" role=\"group\"").attribute("aria-label", words.lenses).raw(">");
        for (id, word) in [("lens-strength", words.lens_strength), ("lens-caveat", words.lens_caveat)] {
            html.raw("<label class=\"lens\"><input type=\"checkbox\"").attribute("id", id);
            html.raw("><span>").words(word).raw("</span></label>");
        }
        html.raw("<ul class=\"lenses__key lenses__key--strength\">");
        for strength in Strength::ALL {
            let count = gloss.commitments.iter().filter(|commitment| commitment.strength == strength).count();
            html.raw("<li>").strength(strength, *lang).raw(" <small>").words(&count.to_string()).raw("</small></li>");
        }
        html.raw("</ul><p class=\"lenses__key lenses__key--caveat\"><span class=\"shown shown--caveat\">");
        html.words(words.caveat_key).raw("</span> <span class=\"shown shown--condition\">").words(words.condition_key);
        html.raw("</span></p></div>");
    }

    /// What words of the text lead to, explained below it. In the browser the explanation comes to the words instead.
    fn notes(&self, html: &mut Html) {
        let Opening { words, lang, gloss, .. } = self;
        if gloss.terms.is_empty() && gloss.works.is_empty() {
            return;
        }
        html.raw("<section class=\"notes\"").attribute("aria-label", words.notes).raw("><h2>").words(words.notes);
        html.raw("</h2><p class=\"notes__lead\">").words(words.notes_lead).raw("</p><h3>").words(words.terms);
        html.raw("</h3><div class=\"notes__list\">");
        let mut terms: Vec<_> = gloss.terms.iter().collect();
        terms.sort_by_key(|term| fold(note_head(term, *lang)));
        for term in terms {
            let head = note_head(term, *lang);
            note(html, &format!("term-{}", term.id), head);
            let name = term.name.get(*lang);
            if name != head {
                html.raw("<p>").words(name).raw("</p>");
            }
            html.raw("<p>").words(term.meaning.get(*lang)).raw("</p></div>");
        }
        html.raw("</div><h3>").words(words.works).raw("</h3><div class=\"notes__list\">");
        for work in &gloss.works {
            note(html, &format!("work-{}", work.id), work.name.get(*lang));
            if let Some(when) = &work.date {
                html.raw("<p>").words(&date::in_words(*lang, when)).raw("</p>");
            }
            html.raw("<p>").words(work.about.get(*lang)).raw("</p><p class=\"notes__where\">").words(words.spoken_of);
            let to = |reference: &&Reference| reference.to.contains(&Target::Work(work.id.clone()));
            self.places(html, gloss.references.iter().filter(to).map(|reference| &*reference.at));
            html.raw("</p></div>");
        }
        html.raw("</div>");
        let mut ambiguous =
            gloss.references.iter().enumerate().filter(|(_, reference)| reference.to.len() > 1).peekable();
        if ambiguous.peek().is_some() {
            html.raw("<h3>").words(words.ambiguous).raw("</h3><div class=\"notes__list\">");
            for (nth, reference) in ambiguous {
                note(html, &format!("ref-{nth}"), &quoted(*lang, &reference.words.get(*lang).text));
                html.raw("<p>").words(words.readings).raw("</p><ul>");
                for target in &reference.to {
                    html.raw("<li>");
                    self.target(html, target);
                    html.raw("</li>");
                }
                html.raw("</ul>");
                if let Some(remark) = &reference.note {
                    html.raw("<p>").words(remark.get(*lang)).raw("</p>");
                }
                html.raw("<p class=\"notes__where\">").words(words.spoken_of);
                self.places(html, std::iter::once(&*reference.at));
                html.raw("</p></div>");
            }
            html.raw("</div>");
        }
        html.raw("</section><div id=\"card\" class=\"card\" popover=\"manual\" role=\"note\"></div>");
    }

    /// Links to the paragraphs of some spots, each once.
    fn places<'a>(&self, html: &mut Html, slugs: impl Iterator<Item = &'a str>) {
        let mut named: Vec<&str> = Vec::new();
        for slug in slugs {
            let Some(paragraph) = self.text.find(slug).and_then(|place| match place {
                Place::Section(_) | Place::Measure(..) => Some(place.slug()),
                _ => place.paragraph().map(|paragraph| &*paragraph.slug),
            }) else {
                continue;
            };
            if !named.contains(&paragraph) {
                html.raw(if named.is_empty() { " " } else { ", " });
                named.push(paragraph);
                self.place(html, paragraph);
            }
        }
    }

    /// A link to a place, by its name.
    fn place(&self, html: &mut Html, slug: &str) {
        let label = self.text.find(slug).map(|place| place.label(self.lang)).unwrap_or_default();
        html.raw("<a").attribute("href", &self.href(slug)).raw(">").words(&label).raw("</a>");
    }

    /// What a reference may mean, with the way there.
    fn target(&self, html: &mut Html, target: &Target) {
        match target {
            Target::Place(slug) if slug == "plan" => drop(html.words(self.words.this_text)),
            Target::Place(slug) => self.place(html, slug),
            Target::Work(id) => {
                let name = self.gloss.work(id).map_or(&**id, |work| work.name.get(self.lang));
                html.raw("<a").attribute("href", &format!("#work-{id}")).attribute("data-card", &format!("work-{id}"));
                html.raw(">").words(name).raw("</a>");
            }
        }
    }

    fn article(&self, html: &mut Html) {
        let Opening { words, text, lang, .. } = self;
        html.raw("<article class=\"text\"><header class=\"text__head\">").raw(&crate::explore::ways(*lang, None));
        html.raw("<h1 class=\"text__title\"");
        // Print shows addresses: on paper they need their host.
        html.attribute("data-address", &(self.site.public_url.clone() + &To::Plan.href(*lang)));
        html.raw(">").words(&text.title).raw("</h1><p class=\"text__meta\">").words(&text.preface.plain());
        html.raw("</p><p class=\"text__notice\">");
        if *lang == Lang::Fr || self.beside.is_some() {
            html.words(words.original).raw(" ");
        }
        if self.shows_translation() {
            html.words(words.translation).raw(" ");
        }
        html.words(words.own_title).raw("</p><div class=\"text__tools\">");
        self.side_link(html, "button button--quiet");
        html.raw("<button class=\"button button--quiet needs-js\" type=\"button\" data-print>");
        html.raw(&icon_html(icons::PRINT)).words(words.print).raw("</button></div>");
        self.take(html, None);
        self.lenses(html);
        html.raw("<div data-resume></div></header>");
        html.raw("<div class=\"text__body\">").raw(&sections(self)).raw("</div><footer class=\"text__foot\"><p>");
        html.words(&date::in_words(*lang, &text.date))
            .raw(" · ")
            .words(words.fingerprint)
            .raw(" : <code>")
            .words(&text.sha256);
        html.raw("</code></p></footer>");
        self.notes(html);
        html.raw("</article>");
    }

    /// What a thumb reaches on phones.
    fn thumbs(&self, html: &mut Html) {
        let words = self.words;
        html.raw("<nav class=\"thumb-bar\"").attribute("aria-label", Words::of(self.lang).plan).raw(">");
        let button = |html: &mut Html, class: &str, opens: &str, drawing: &str, word: &str| {
            html.raw("<button type=\"button\"").raw(class).attribute("popovertarget", opens).raw(">");
            html.raw(&icon_html(drawing)).raw("<span>").words(word).raw("</span></button>");
        };
        button(html, "", "contents", icons::CONTENTS, words.contents);
        button(html, "", "passage", icons::PASSAGE, words.passage);
        self.side_link(html, "");
        button(html, " class=\"needs-js\"", "display", icons::DISPLAY, Words::of(self.lang).display);
        html.raw("</nav>");
    }

    /// What there is to say about a place: what belongs to the paragraph in view. On phones a sheet from below.
    fn panel(&self, place: Place<'_>) -> String {
        let Opening { lang, words, .. } = *self;
        let slug = place.slug();
        let href = To::Place(slug.to_owned()).href(lang);
        let mut html = Html::default();
        html.raw("<h2 class=\"context__title\">").words(&place.label(lang));
        html.raw("</h2><p class=\"context__address\"><a").attribute("href", &self.href(slug)).raw(">");
        html.words(&href).raw("</a></p>");
        if lang == Lang::En {
            html.raw("<p><small class=\"unofficial\">").words(Words::of(lang).unofficial).raw("</small></p>");
        }
        html.raw("<ul class=\"context__actions needs-js\">");
        let quoted = quotation(lang, &place.plain(), &place.label(lang), &self.text.title);
        for (text, drawing, word, done) in [
            ("", icons::LINK, words.copy_link, Words::of(self.lang).copied),
            (&*quoted, icons::COPY, words.copy_text, words.text_copied),
        ] {
            html.raw("<li><button class=\"button button--quiet\" type=\"button\"").attribute("data-copy", text);
            html.attribute("data-address", &href).attribute("data-done", done);
            html.raw(">").raw(&icon_html(drawing)).words(word).raw("</button></li>");
        }
        html.raw("</ul>");
        if let Some(paragraph) = place.paragraph() {
            let items = paragraph.items();
            html.raw("<h3>").words(if items.is_empty() { words.in_sentences } else { words.in_items });
            html.raw("</h3><ol class=\"context__list\">");
            let sentences = paragraph.sentences().iter().map(|sentence| (&sentence.slug, &sentence.text));
            for (slug, text) in sentences.chain(items.iter().map(|item| (&item.slug, &item.text))) {
                html.raw("<li><a").attribute("href", &self.href(slug)).raw(">").words(&opening(&text.plain()));
                html.raw("</a></li>");
            }
            html.raw("</ol>");
        }
        html.raw(&media::beside(lang, &self.footage(slug)));
        self.take(&mut html, Some(slug));
        self.promised(&mut html, place);
        self.pointing(&mut html, place);
        let names = named(&self.text, place);
        if !names.is_empty() {
            html.raw("<h3>").words(words.names_here).raw("</h3><ul class=\"context__list\">");
            for name in names {
                html.raw("<li>").words(name).raw("</li>");
            }
            html.raw("</ul>");
        }
        html.raw("<nav class=\"pager\"").attribute("aria-label", words.passage).raw(">");
        let (before, after) = super::reader::neighbours(&self.spots, slug);
        for (spot, class, rel, word) in
            [(before, "pager__prev", "prev", words.previous), (after, "pager__next", "next", words.next)]
        {
            let Some(spot) = spot else { continue };
            html.raw("<a").attribute("class", class).attribute("rel", rel).attribute("href", &self.href(&spot.slug));
            html.raw("><small>").words(word).raw("</small> ").words(&spot.label).raw("</a>");
        }
        html.raw("</nav>");
        html.0
    }

    /// What relates to a paragraph, or to the measure it stands in.
    fn footage(&self, slug: &str) -> Vec<&Card> {
        let mut footage: Vec<&Card> = Vec::new();
        for card in line_of(&self.spots, slug).into_iter().take(2).filter_map(|slug| self.footage.get(slug)).flatten() {
            if !footage.iter().any(|other| other.number == card.number) {
                footage.push(card);
            }
        }
        footage.truncate(FOOTAGE);
        footage
    }

    /// How to cite the text, or its part at `slug`, and in which forms to take it away. Links to files; a script copies.
    fn take(&self, html: &mut Html, slug: Option<&str>) {
        let Opening { words, lang, text, .. } = self;
        let page = slug.map_or(To::Plan, |slug| To::Place(slug.to_owned())).href(*lang);
        html.raw("<details class=\"take\"><summary>").words(words.cite).raw("</summary><ul>");
        for (form, extension) in [(words.cite_words, "txt"), ("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json")] {
            let file = format!("{page}/cite.{extension}");
            html.raw("<li><a").attribute("href", &file).raw(if extension == "txt" {
                " rel=\"external\">"
            } else {
                " download>"
            });
            html.words(form).raw("</a> <button class=\"icon-button needs-js\" type=\"button\"");
            html.attribute("data-copy-from", &file).attribute("data-done", words.cite_copied);
            html.attribute("aria-label", &format!("{} {form}", words.copy)).raw(">").raw(&icon_html(icons::COPY));
            html.raw("</button></li>");
        }
        if slug.is_some() {
            html.raw("<li class=\"needs-js\"><button class=\"button button--quiet\" type=\"button\"");
            html.attribute("data-quote", &To::View(View::Quote).href(*lang)).raw(">").words(words.cite_selection);
            html.raw("</button></li>");
        }
        html.raw("</ul></details><details class=\"take\"><summary>").words(words.take).raw("</summary><ul>");
        for offer in export::offers(text, slug).iter().filter(|offer| offer.lang == *lang) {
            html.raw("<li><a download").attribute("href", &offer.path).raw(">").words(offer.format.name());
            html.raw("</a> <small>").words(offer.format.purpose(*lang)).raw("</small></li>");
        }
        html.raw("</ul></details>");
    }

    /// What is promised in a paragraph, by whom, how firmly.
    fn promised(&self, html: &mut Html, place: Place<'_>) {
        let Opening { words, lang, gloss, .. } = self;
        let here: Vec<_> = gloss.commitments.iter().filter(|one| one.paragraph() == place.slug()).collect();
        if here.is_empty() {
            return;
        }
        html.raw("<h3>").words(words.promised).raw("</h3><ul class=\"context__list context__promises\">");
        for commitment in here {
            let who = commitment.actors.iter().filter_map(|id| gloss.actor(id)).map(|actor| &**actor.name.get(*lang));
            let who = who.collect::<Vec<_>>().join(", ");
            html.raw("<li>").strength(commitment.strength, *lang).raw(" <a");
            html.attribute("href", &self.href(&commitment.at)).raw("><strong>");
            html.words(if who.is_empty() { words.nobody_named } else { &who }).raw("</strong> : ");
            html.words(commitment.verb.get(*lang)).raw("</a>");
            for qualifier in gloss.qualifiers_of(&commitment.id) {
                html.raw(" <small class=\"context__caveat\">").words(&quoted(*lang, &qualifier.words.get(*lang).text));
                html.raw("</small>");
            }
            html.raw("</li>");
        }
        html.raw("</ul>");
    }

    /// What a paragraph points to, and what points to it.
    fn pointing(&self, html: &mut Html, place: Place<'_>) {
        let Opening { words, lang, gloss, .. } = self;
        let slug = place.slug();
        let within = |at: &str| at == slug || at.rsplit_once('.').is_some_and(|(paragraph, _)| paragraph == slug);
        let to_the_text = |one: &Reference| one.to.iter().all(|to| *to == Target::Place("plan".to_owned()));
        let mut points = gloss.references.iter().filter(|one| within(&one.at) && !to_the_text(one)).peekable();
        if points.peek().is_some() {
            html.raw("<h3>").words(words.points_to).raw("</h3><ul class=\"context__list\">");
            for reference in points {
                html.raw("<li>").words(&quoted(*lang, &reference.words.get(*lang).text)).raw(" → ");
                for (nth, target) in reference.to.iter().enumerate() {
                    html.raw(if nth == 0 { "" } else { words.or });
                    self.target(html, target);
                }
                html.raw("</li>");
            }
            html.raw("</ul>");
        }
        let mut citing = gloss.cited_by(&self.text, slug).filter(|one| !within(&one.at)).peekable();
        if citing.peek().is_some() {
            html.raw("<h3>").words(words.cited_by).raw("</h3><p class=\"context__list\">");
            self.places(html, citing.map(|one| &*one.at));
            html.raw("</p>");
        }
    }
}

/// How a term stands in the list: as the text writes it, or by its name where it does not.
fn note_head(term: &Term, lang: Lang) -> &str {
    // Of the forms that the text has, an acronym is the shortest.
    let forms = term.forms.get(lang).iter().map(String::as_str);
    match term.kind {
        TermKind::Term => term.name.get(lang),
        TermKind::Body | TermKind::Process => forms.min_by_key(|form| form.len()).unwrap_or(term.name.get(lang)),
    }
}

/// The beginning of a note.
fn note(html: &mut Html, id: &str, head: &str) {
    html.raw("<div class=\"note\" tabindex=\"-1\"").attribute("id", id).raw("><h4 class=\"note__head\">").words(head);
    html.raw("</h4>");
}

/// Words between the quotation marks of their language.
fn quoted(lang: Lang, words: &str) -> String {
    match lang {
        Lang::Fr => format!("«\u{a0}{words}\u{a0}»"),
        Lang::En => format!("“{words}”"),
    }
}

/// Every spot of a text.
fn spots(text: &Document) -> Vec<Spot> {
    let level = |place: &Place<'_>| match place {
        Place::Section(_) => 0,
        Place::Measure(..) => 1,
        Place::Paragraph(..) => PARAGRAPH,
        Place::Sentence(..) | Place::Item(..) => 3,
    };
    let spot =
        |place: Place<'_>| Spot { slug: place.slug().to_owned(), label: place.label(text.lang), level: level(&place) };
    text.places().into_iter().map(spot).collect()
}

/// The words between quotation marks of their language's own, with where they stand.
fn quotation(lang: Lang, text: &str, place: &str, title: &str) -> String {
    format!("{}\n{title}, {place}\n", quoted(lang, text))
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

impl Html {
    /// An element's beginning with its address, lit up where the page opens there.
    fn lit(&mut self, opening: &Opening, tag: &str, class: &str, slug: &str) -> &mut Self {
        let class = if opening.target == slug { format!("{class} is-target") } else { class.to_owned() };
        self.raw("<").raw(tag).attribute("class", &class).attribute("id", slug)
    }

    /// Where the browser goes by itself if the page opens at that spot. It brings the middle of what has the focus into
    /// the middle of the view: so that is a point where the text begins, however long it is.
    fn here(&mut self, opening: &Opening, slug: &str) -> &mut Self {
        self.raw(if opening.target == slug { "<span class=\"here\" tabindex=\"-1\" autofocus></span>" } else { "" })
    }
}

/// The sections of the text.
fn sections(opening: &Opening) -> String {
    let mut html = Html::default();
    for part in &opening.text.sections {
        section(&mut html, opening, part);
    }
    html.0
}

fn section(html: &mut Html, opening: &Opening, part: &Section) {
    let twin = opening.beside.as_ref().and_then(|d| d.sections.iter().find(|s| s.slug == part.slug));
    html.raw("<section class=\"part\">");
    if let SectionKind::Pillar(_) = part.kind {
        html.raw("<p class=\"part__kicker\">").words(&Place::Section(part).label(opening.lang)).raw("</p>");
    }
    heading(html, opening, "h2", "part__title", &part.slug, &part.heading, twin.map(|s| &s.heading));
    part.paragraphs.iter().for_each(|p| paragraph(html, opening, part, None, p));
    for measure in &part.measures {
        let twin = twin.and_then(|t| t.measures.iter().find(|m| m.slug == measure.slug));
        html.raw("<section class=\"measure\">");
        heading(html, opening, "h3", "measure__title", &measure.slug, &measure.heading, twin.map(|m| &m.heading));
        measure.paragraphs.iter().for_each(|p| paragraph(html, opening, part, Some(measure), p));
        html.raw("</section>");
    }
    html.raw("</section>");
}

/// A heading as a link to itself, with the other language beside it when both are shown.
fn heading(html: &mut Html, opening: &Opening, tag: &str, class: &str, slug: &str, text: &Text, twin: Option<&Text>) {
    html.lit(opening, tag, class, slug)
        .attribute("tabindex", "-1")
        .attribute("data-address", &opening.printed_address(slug))
        .raw(">")
        .here(opening, slug)
        .raw("<a class=\"heading-link\"")
        .attribute("href", &opening.href(slug))
        .raw(">");
    words_of(html, opening, slug, text, None);
    html.raw("</a>");
    if let Some(twin) = twin {
        html.raw("<span class=\"heading-twin\"").attribute("lang", opening.lang.other().tag()).raw(">").text(twin);
        html.raw("</span>");
    }
    if opening.shows_translation() {
        html.raw("<small class=\"unofficial\">").words(Words::of(opening.lang).unofficial).raw("</small>");
    }
    html.raw("</").raw(tag).raw(">");
}

/// The words of a place, to the letter, with what the editors' reading says of them. Within a paragraph they also lead
/// to what they mean: `seen` are the terms that stood in it before.
fn words_of<'a>(html: &mut Html, opening: &'a Opening, slug: &str, text: &Text, seen: Option<&mut Vec<&'a str>>) {
    let (gloss, lang, plain) = (&opening.gloss, opening.lang, text.plain());
    let mut marks: Vec<(Range<usize>, Over<'_>)> =
        gloss.shown(lang, slug, &plain).into_iter().map(|(words, shown)| (words, Over::Shown(shown))).collect();
    for (words, mark) in foreign(text) {
        if let Mark::Foreign(lang) = mark {
            marks.push((words, Over::Foreign(lang)));
        }
    }
    let links = seen.map(|seen| gloss.links(lang, slug, &plain, seen)).unwrap_or_default();
    // A link is one element, whatever lies over its words: marks are cut at its ends.
    let mut at = 0;
    let stretch = |html: &mut Html, from: usize, to: usize| {
        let here = marks.iter().filter(|(words, _)| words.start < to && from < words.end);
        let here: Vec<_> =
            here.map(|(words, over)| (words.start.max(from) - from..words.end.min(to) - from, *over)).collect();
        for (piece, over) in pieces(&plain[from..to], &here) {
            over.iter().for_each(|over| over.open(html));
            html.words(piece);
            over.iter().rev().for_each(|over| over.close(html));
        }
    };
    for (words, link) in links {
        stretch(html, at, words.start);
        let (href, card, class) = match link {
            Link::Term(term) => (format!("#term-{}", term.id), format!("term-{}", term.id), "term"),
            Link::Reference(nth, reference) => match &*reference.to {
                [Target::Place(slug)] => (opening.href(slug), slug.clone(), "ref"),
                [Target::Work(id)] => (format!("#work-{id}"), format!("work-{id}"), "ref"),
                _ => (format!("#ref-{nth}"), format!("ref-{nth}"), "ref"),
            },
        };
        html.raw("<a").attribute("class", class).attribute("href", &href).attribute("data-card", &card).raw(">");
        stretch(html, words.start, words.end);
        html.raw("</a>");
        at = words.end;
    }
    stretch(html, at, plain.len());
}

/// What lies over words.
#[derive(Clone, Copy)]
enum Over<'a> {
    Shown(Shown),
    /// BCP 47.
    Foreign(&'a str),
}

impl Over<'_> {
    fn open(self, html: &mut Html) {
        match self {
            Over::Shown(Shown::Promise(strength)) => {
                html.raw("<span").attribute("class", &format!("shown shown--{}", strength.id())).raw(">");
            }
            Over::Shown(Shown::Caveat) => drop(html.raw("<span class=\"shown shown--caveat\">")),
            Over::Shown(Shown::Condition) => drop(html.raw("<span class=\"shown shown--condition\">")),
            Over::Foreign(lang) => drop(html.raw("<i").attribute("lang", lang).raw(">")),
        }
    }

    fn close(self, html: &mut Html) {
        html.raw(match self {
            Over::Shown(_) => "</span>",
            Over::Foreign(_) => "</i>",
        });
    }
}

fn paragraph(html: &mut Html, opening: &Opening, section: &Section, measure: Option<&Measure>, para: &Paragraph) {
    let slug = &para.slug;
    let place = Place::Paragraph(section, measure, para).label(opening.lang);
    let class = if opening.current == *slug { "para is-current" } else { "para" };
    html.lit(opening, "div", class, slug)
        .attribute("tabindex", "-1")
        .attribute("data-address", &opening.href(slug))
        .raw("><a class=\"para__num\"")
        .raw(if opening.target == *slug { " autofocus" } else { "" })
        .attribute("href", &opening.href(slug))
        .attribute("aria-label", &format!("{} {place}", opening.words.permalink))
        .attribute("title", &place)
        .raw("><span>")
        .words(&para.printed)
        .raw("</span> <small>")
        .words(&format!("¶ {}", para.number))
        .raw("</small></a>");
    let twin = opening.beside.as_ref().and_then(|document| match document.find(slug) {
        Some(Place::Paragraph(.., twin)) => Some(twin),
        _ => None,
    });
    match twin {
        None => body(html, para, Some(opening)),
        Some(twin) => {
            let column = |html: &mut Html, lang: Lang| {
                html.raw("<div class=\"para__col\"").attribute("lang", lang.tag()).raw(">");
            };
            html.raw("<div class=\"para__pair\">");
            column(html, opening.lang);
            body(html, para, Some(opening));
            html.raw("</div>");
            column(html, opening.lang.other());
            body(html, twin, None);
            html.raw("</div></div>");
        }
    }
    html.raw("</div>");
}

/// A paragraph's words. With an opening, each sentence and bullet has its address; the other language has none.
fn body(html: &mut Html, para: &Paragraph, addresses: Option<&Opening>) {
    let mut seen = Vec::new();
    let mut spot = |html: &mut Html, tag: &str, class: &str, slug: &str, text: &Text| {
        match addresses {
            Some(opening) => {
                html.lit(opening, tag, class, slug).attribute("tabindex", "-1").raw(">").here(opening, slug);
                words_of(html, opening, slug, text, Some(&mut seen));
            }
            None => drop(html.raw("<").raw(tag).attribute("class", class).raw(">").text(text)),
        }
        html.raw("</").raw(tag).raw(">");
    };
    match &para.body {
        Body::Prose(sentences) => {
            html.raw("<p class=\"para__text\">");
            for sentence in sentences {
                spot(html, "span", "sentence", &sentence.slug, &sentence.text);
                html.words(&sentence.gap);
            }
            html.raw("</p>");
        }
        Body::List { lead, items } => {
            html.raw("<div class=\"para__text\"><p>").text(lead).raw("</p><ul class=\"para__items\">");
            items.iter().for_each(|item| spot(html, "li", "para__item", &item.slug, &item.text));
            html.raw("</ul></div>");
        }
    }
}

/// The items of the contents: pillar › measure › paragraph.
fn contents(opening: &Opening) -> String {
    let mut html = Html::default();
    for section in &opening.text.sections {
        html.raw("<li class=\"contents__section\">");
        link(&mut html, opening, &section.slug, &section.heading.plain(), None);
        numbers(&mut html, opening, section, None, &section.paragraphs);
        if !section.measures.is_empty() {
            html.raw("<ol>");
            for measure in &section.measures {
                html.raw("<li class=\"contents__measure\">");
                link(&mut html, opening, &measure.slug, &measure.heading.plain(), None);
                numbers(&mut html, opening, section, Some(measure), &measure.paragraphs);
                html.raw("</li>");
            }
            html.raw("</ol>");
        }
        html.raw("</li>");
    }
    html.0
}

fn numbers(html: &mut Html, opening: &Opening, section: &Section, measure: Option<&Measure>, paragraphs: &[Paragraph]) {
    if paragraphs.is_empty() {
        return;
    }
    html.raw("<ol class=\"contents__paras\">");
    for paragraph in paragraphs {
        let place = Place::Paragraph(section, measure, paragraph).label(opening.lang);
        let short = match paragraph.body {
            Body::List { .. } => place.rsplit(' ').next(),
            Body::Prose(_) => paragraph.slug.rsplit('.').next(),
        };
        html.raw("<li>");
        link(html, opening, &paragraph.slug, short.unwrap_or_default(), Some(&place));
        html.raw("</li>");
    }
    html.raw("</ol>");
}

fn link(html: &mut Html, opening: &Opening, slug: &str, label: &str, name: Option<&str>) {
    html.raw("<a class=\"contents__link\"").attribute("href", &opening.href(slug)).attribute("data-spot", slug);
    if let Some(name) = name {
        html.attribute("aria-label", name);
    }
    if line_of(&opening.spots, &opening.current).contains(&slug) {
        html.raw(" aria-current=\"location\"");
    }
    html.raw(">").words(label).raw("</a>");
}
