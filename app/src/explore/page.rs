//! What all views share: their row, the heading, the mark of the editors' reading, sentences with what is marked in
//! them.

use super::words::{Words, commitments, quoted, strength_means};
use super::{matrix, network, paths, quote, register, silences, timeline};
use crate::{
    browser::full_title,
    html::Html,
    plan::contract::Plans,
    routes::{To, View, with_query},
    site::Site,
};
use plan::{
    Document, Lang,
    gloss::{Commitment, Facet, Filter, Gloss, Mark, Strength, pieces},
};
use std::ops::Range;

/// What a view is written from.
pub(super) struct Page<'a> {
    pub(super) html: Html,
    pub(super) lang: Lang,
    pub(super) words: &'static Words,
    pub(super) document: &'a Document,
    pub(super) gloss: &'a Gloss,
    /// The pairs of the address's query.
    pub(super) query: Vec<(String, String)>,
}

/// The view's title.
pub(crate) fn title(view: View, lang: Lang) -> (&'static str, &'static str) {
    let (_, title, lead) = Words::of(lang).view(view);
    (title, lead)
}

/// The HTML of the view at that address, path and query; none where it is no view's.
pub(crate) fn html(plans: &dyn Plans, site: &Site, address: &str) -> Option<String> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let Some((lang, To::View(view))) = To::parse(path) else { return None };
    let (document, gloss) = (plans.document(lang), plans.gloss());
    let query = pairs(query);
    let mut page =
        Page { html: Html::default(), lang, words: Words::of(lang), document: &document, gloss: &gloss, query };
    let (_, title, lead) = page.words.view(view);
    page.html.raw("<div").attribute("class", &format!("view view--{}", view.slug()));
    page.html.attribute("data-title", &full_title(title, &site.name)).raw(">").raw(&ways(lang, Some(view)));
    page.html.raw("<header class=\"view__head\"><h1>").words(title).raw("</h1><p class=\"view__lead\">").words(lead);
    page.html.raw("</p><p class=\"view__mark\"><strong class=\"editors\">").words(page.words.reading);
    page.html.raw("</strong> ").words(page.words.reading_text);
    if lang == Lang::En {
        let unofficial = crate::words::Words::of(lang).unofficial;
        page.html.raw(" <small class=\"unofficial\">").words(unofficial).raw("</small>");
    }
    page.html.raw("</p></header>");
    match view {
        View::Register => register::write(&mut page),
        View::Matrix => matrix::write(&mut page),
        View::Network => network::write(&mut page),
        View::Timeline => timeline::write(&mut page),
        View::Silences => silences::write(&mut page),
        View::Paths => paths::write(&mut page),
        View::Quote => quote::write(&mut page, plans, site),
    }
    page.html.raw("</div>");
    Some(page.html.0)
}

/// The pairs of a query.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The row of views: the one visible way between them and the text.
pub(crate) fn ways(lang: Lang, here: Option<View>) -> String {
    let words = Words::of(lang);
    let mut html = Html::default();
    html.raw("<nav class=\"views\"").attribute("aria-label", words.views).raw("><ul>");
    let mut way = |to: &To, name: &str, is_here: bool| {
        html.raw("<li><a").attribute("href", &to.href(lang));
        html.raw(if is_here { " aria-current=\"page\">" } else { ">" }).words(name).raw("</a></li>");
    };
    way(&To::Plan, words.read, here.is_none());
    View::ALL.into_iter().for_each(|view| way(&To::View(view), words.view(view).0, here == Some(view)));
    html.raw("</ul></nav>");
    html.0
}

impl Page<'_> {
    /// The first value of a name in the query.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The address of a view with these pairs.
    pub(super) fn href<K: AsRef<str>, V: AsRef<str>>(
        &self,
        view: View,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        with_query(&To::View(view).href(self.lang), &query)
    }

    /// The register, filtered.
    pub(super) fn register_href(&self, filter: &Filter) -> String {
        self.href(View::Register, filter.pairs())
    }

    /// The address of a spot in the text.
    pub(super) fn spot(&self, slug: &str) -> String {
        To::Place(slug.to_owned()).href(self.lang)
    }

    /// A link to a spot by its name.
    pub(super) fn spot_link(&mut self, slug: &str) -> &mut Html {
        let (href, lang) = (self.spot(slug), self.lang);
        let label = self.document.find(slug).map(|place| place.label(lang)).unwrap_or_default();
        self.html.raw("<a").attribute("href", &href).raw(">").words(&label).raw("</a>")
    }

    /// Says that there is nothing, where the gloss is empty.
    pub(super) fn nothing(&mut self) {
        self.html.raw("<p class=\"empty\">").words(self.words.no_gloss).raw("</p>");
    }

    /// The scale of strengths, in words, each with a link to its commitments.
    pub(super) fn legend(&mut self) {
        self.html.raw("<section class=\"legend\"><h2>").words(self.words.legend).raw("</h2><dl>");
        for strength in Strength::ALL {
            let count = self.gloss.commitments.iter().filter(|commitment| commitment.strength == strength).count();
            let href = self.register_href(&Filter::default().with(Facet::Strength, strength.id()));
            self.html.raw("<div><dt>").strength(strength, self.lang).raw("</dt><dd>");
            self.html.words(strength_means(strength, self.lang)).raw(" <a").attribute("href", &href).raw(">");
            self.html.words(&commitments(self.lang, count)).raw("</a></dd></div>");
        }
        self.html.raw("</dl></section>");
    }

    /// Names of actors as links to what they are committed to; that nobody is named where there are none.
    pub(super) fn actors(&mut self, ids: &[String], facet: Facet) {
        if ids.is_empty() {
            self.html.raw("<em class=\"nobody\">").words(self.words.nobody).raw("</em>");
        }
        for (nth, actor) in ids.iter().filter_map(|id| self.gloss.actor(id)).enumerate() {
            let href = self.register_href(&Filter::default().with(facet, &actor.id));
            self.html.raw(if nth > 0 { ", <a" } else { "<a" }).attribute("href", &href);
            self.html.raw(">").words(actor.name.get(self.lang)).raw("</a>");
        }
    }

    /// What is promised, in a line: verb and object.
    pub(super) fn promise(&mut self, commitment: &Commitment) {
        let object = &commitment.object.get(self.lang).text;
        self.html.raw("<strong class=\"promise__verb\">").words(commitment.verb.get(self.lang)).raw("</strong> ");
        self.html.words(&quoted(self.lang, object));
    }

    /// A text with some of its words marked, in quotation marks of its own.
    pub(super) fn passage(&mut self, text: &str, words: &Range<usize>) {
        self.html.raw("<q class=\"passage\">").marked(text, &[(words.clone(), Mark::Found)], None, self.words);
        self.html.raw("</q>");
    }
}

impl Html {
    /// A text with what lies over its words. A trigger is lit up in the colour of its strength.
    pub(super) fn marked(
        &mut self,
        text: &str,
        marks: &[(Range<usize>, Mark<'_>)],
        strength: Option<Strength>,
        words: &Words,
    ) -> &mut Self {
        for (piece, marks) in pieces(text, marks) {
            let mut closing = Vec::new();
            for mark in &marks {
                match mark {
                    Mark::Object => {}
                    Mark::Trigger => {
                        let id = strength.map(Strength::id).unwrap_or_default();
                        self.raw("<mark").attribute("class", &format!("trigger strength--{id}")).raw(">");
                        closing.push("</mark>");
                    }
                    Mark::Caveat | Mark::Condition => {
                        self.raw("<span class=\"caveat\"").attribute("title", words.mark(mark)).raw(">");
                        closing.push("</span>");
                    }
                    Mark::Found => {
                        self.raw("<mark>");
                        closing.push("</mark>");
                    }
                    Mark::Foreign(lang) => {
                        self.raw("<i").attribute("lang", lang).raw(">");
                        closing.push("</i>");
                    }
                }
            }
            self.words(piece);
            for tag in closing.into_iter().rev() {
                self.raw(tag);
            }
        }
        self
    }
}
