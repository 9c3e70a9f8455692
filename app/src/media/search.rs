//! The search page. Every choice is in its address; what changes with it stands in `data-part`s.

use super::{
    basket, cards,
    contract::{Facet, Found, Length, Page, Query, Resolution, Restricts, Sort, Value},
    words::{Words, count, language, quoted},
};
use crate::{
    browser::full_title,
    html::Html,
    routes::{To, search_for, with_query},
    site::Site,
};
use plan::{Document, Lang, date};

/// Values of a facet that are seen before it is unfolded by hand.
const UNFOLDED: [Facet; 3] = [Facet::Topic, Facet::Place, Facet::Duration];

/// The page's HTML.
pub(super) fn html(lang: Lang, site: &Site, plan: &Document, query: &Query, found: &Found) -> String {
    let words = Words::of(lang);
    let mut page = Writing { html: Html::default(), lang, words, plan, query, found };
    let html = &mut page.html;
    html.raw("<div class=\"view view--media\"").attribute("data-title", &full_title(words.library, &site.name));
    html.raw("><header class=\"view__head\"><h1>").words(words.library).raw("</h1><p class=\"view__lead\">");
    html.words(words.lead).raw("</p><p class=\"view__basket\"><a").attribute("href", &To::Basket.href(lang));
    html.raw(">").words(basket::title(lang)).raw("</a></p></header><div class=\"register\">");
    page.filters();
    page.found();
    page.html.raw("</div></div>");
    page.html.0
}

struct Writing<'a> {
    html: Html,
    lang: Lang,
    words: &'static Words,
    plan: &'a Document,
    query: &'a Query,
    found: &'a Found,
}

impl Writing<'_> {
    fn href(&self, query: &Query) -> String {
        let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(query.pairs()).finish();
        with_query(&To::Media.href(self.lang), &pairs)
    }

    /// A value as it is read.
    fn name(&self, facet: Facet, value: &Value) -> String {
        let (words, id) = (self.words, value.id.as_str());
        let known = match facet {
            Facet::Duration => Length::ALL.into_iter().find(|step| step.id() == id).map(|step| words.length(step)),
            Facet::Resolution => {
                Resolution::ALL.into_iter().find(|step| step.id() == id).map(|step| words.resolution(step))
            }
            Facet::Restriction => {
                Restricts::ALL.into_iter().find(|step| step.id() == id).map(|step| words.restricts(step))
            }
            Facet::Language => return language(self.lang, id),
            Facet::Measure => return self.plan.find(id).map_or_else(|| id.to_owned(), |place| place.label(self.lang)),
            Facet::Topic | Facet::Place => None,
        };
        let named = if value.name.is_empty() { id } else { &value.name };
        known.unwrap_or(named).to_owned()
    }

    fn filters(&mut self) {
        let (words, query) = (self.words, self.query);
        let html = &mut self.html;
        html.raw("<form class=\"filters\" id=\"filters\" popover=\"auto\" method=\"get\" data-live");
        html.attribute("action", &To::Media.href(self.lang)).attribute("aria-label", words.filter);
        html.raw("><p class=\"filters__word\"><label for=\"word\">").words(words.word);
        html.raw("</label><input id=\"word\" name=\"q\" type=\"search\" maxlength=\"200\" autocomplete=\"off\" ");
        html.raw("autocapitalize=\"off\" spellcheck=\"false\" aria-describedby=\"word-hint\"");
        html.attribute("value", &query.words).raw("><small id=\"word-hint\">").words(words.word_hint);
        html.raw("</small></p><p class=\"filters__sort\"><label for=\"sort\">").words(words.sort);
        html.raw("</label><select id=\"sort\" name=\"sort\">");
        for sort in Sort::ALL {
            // The usual order needs no word in the address.
            let id = if sort == Sort::default() { "" } else { sort.id() };
            html.raw("<option").attribute("value", id).raw(if sort == query.sort { " selected>" } else { ">" });
            html.words(words.sort(sort)).raw("</option>");
        }
        html.raw("</select></p>");
        for facet in Facet::ALL {
            self.facet(facet);
            if facet == Facet::Place {
                self.dates();
            }
        }
        let html = &mut self.html;
        html.raw("<p class=\"filters__go\"><button class=\"button button--primary\" type=\"submit\">")
            .words(words.filter);
        html.raw("</button><button class=\"button filters__close\" type=\"button\" popovertarget=\"filters\" ");
        html.raw("popovertargetaction=\"hide\">").words(words.filter_close).raw("</button></p></form>");
    }

    fn facet(&mut self, facet: Facet) {
        let values = self.found.facets.iter().find(|(of, _)| *of == facet).map(|(_, values)| values.as_slice());
        let values = values.unwrap_or_default();
        let open = UNFOLDED.contains(&facet) || self.query.chosen.iter().any(|(of, _)| *of == facet);
        self.html.raw(if open {
            "<details class=\"facet\" open><summary>"
        } else {
            "<details class=\"facet\"><summary>"
        });
        self.html.words(self.words.facet(facet)).raw("</summary><ul data-part");
        self.html.attribute("id", &format!("facet-{}", facet.id())).raw(">");
        if values.is_empty() {
            self.html.raw("<li class=\"facet__none\">").words(self.words.no_values).raw("</li>");
        }
        for (nth, value) in values.iter().enumerate() {
            let name = self.name(facet, value);
            self.html.raw("<li><label><input type=\"checkbox\"").attribute("id", &format!("{}-{nth}", facet.id()));
            self.html.attribute("name", facet.id()).attribute("value", &value.id);
            self.html.raw(if self.query.has(facet, &value.id) { " checked><span>" } else { "><span>" }).words(&name);
            self.html.raw("</span><span class=\"facet__count\"><span").raw(match value.count {
                0 => " class=\"is-none\">",
                _ => ">",
            });
            self.html.words(&value.count.to_string()).raw("</span></span></label></li>");
        }
        self.html.raw("</ul></details>");
    }

    fn dates(&mut self) {
        let (words, query) = (self.words, self.query);
        let html = &mut self.html;
        html.raw("<details class=\"facet\" open><summary>")
            .words(words.dates)
            .raw("</summary><div class=\"facet__dates\">");
        for (key, word, value) in [("from", words.from, &query.from), ("to", words.to, &query.to)] {
            // A field for dates takes whole days alone; a year of the list below is two of them.
            html.raw("<label").attribute("for", key).raw("><span>").words(word).raw("</span><input type=\"date\"");
            html.attribute("id", key).attribute("name", key);
            html.attribute("value", value.as_deref().unwrap_or_default()).raw("></label>");
        }
        html.raw("</div><ul class=\"facet__years\" id=\"years\" data-part>");
        for (year, count) in &self.found.years {
            let (from, to) = (Some(format!("{year}-01-01")), Some(format!("{year}-12-31")));
            let chosen = query.from == from && query.to == to;
            let href = self.href(&Query { from, to, page: Page::First, ..query.clone() });
            self.html.raw("<li><a rel=\"nofollow\" data-noscroll").attribute("href", &href);
            self.html.attribute("id", &format!("year-{year}"));
            self.html.raw(if chosen { " aria-current=\"true\">" } else { ">" }).words(year);
            self.html.raw(" <span class=\"facet__count\">").words(&count.to_string()).raw("</span></a></li>");
        }
        self.html.raw("</ul></details>");
    }

    fn found(&mut self) {
        let (words, lang, found) = (self.words, self.lang, self.found);
        let shown = u64::try_from(found.videos.len()).unwrap_or(u64::MAX);
        let html = &mut self.html;
        html.raw("<section class=\"register__found\"").attribute("aria-label", words.library);
        html.raw(
            "><div class=\"register__bar\"><p class=\"register__count\" id=\"count\" role=\"status\" tabindex=\"-1\" ",
        );
        html.raw("data-part>").words(&count(lang, found.total, found.before + 1, found.before + shown));
        for (typed, instead) in &found.meant {
            html.raw(" <small class=\"register__meant\">").words(&quoted(lang, instead)).raw(" ").words(words.instead);
            html.raw(" ").words(&quoted(lang, typed)).raw("</small>");
        }
        html.raw("</p><button class=\"button register__open\" type=\"button\" popovertarget=\"filters\">");
        html.words(words.filter).raw("</button></div><div id=\"chips\" data-part>");
        self.chips();
        self.html.raw("</div><div id=\"rows\" data-part>");
        match found.videos.is_empty() {
            true => self.instead(),
            false => cards::grid(&mut self.html, lang, &found.videos, "h2"),
        }
        self.pager();
        self.html.raw("</div></section>");
    }

    /// What is chosen, each with a link that takes it away.
    fn chips(&mut self) {
        let (words, query) = (self.words, self.query);
        if query.is_open() {
            return;
        }
        let first = Query { page: Page::First, ..query.clone() };
        let mut chips = Vec::new();
        if !query.words.is_empty() {
            chips.push((query.words.clone(), Query { words: String::new(), ..first.clone() }));
        }
        for (facet, id) in &query.chosen {
            let values = self.found.facets.iter().find(|(of, _)| of == facet).map(|(_, values)| values);
            let value = values.and_then(|values| values.iter().find(|value| value.id == *id)).cloned();
            let value = value.unwrap_or_else(|| Value { id: id.clone(), name: String::new(), count: 0 });
            chips.push((format!("{} : {}", words.facet(*facet), self.name(*facet, &value)), query.without(*facet, id)));
        }
        if let Some(from) = &query.from {
            let name = format!("{} {}", words.from, date::in_words(self.lang, from));
            chips.push((name, Query { from: None, ..first.clone() }));
        }
        if let Some(to) = &query.to {
            chips
                .push((format!("{} {}", words.to, date::in_words(self.lang, to)), Query { to: None, ..first.clone() }));
        }
        self.html.raw("<ul class=\"chips\"").attribute("aria-label", words.chosen).raw(">");
        for (name, without) in chips {
            let href = self.href(&without);
            self.html.raw("<li><a class=\"chip\" rel=\"nofollow\" data-noscroll").attribute("href", &href);
            self.html.raw("><span class=\"sr-only\">").words(words.remove).raw(" </span>").words(&name);
            self.html.raw(" <span aria-hidden=\"true\">×</span></a></li>");
        }
        let all = self.href(&Query { sort: query.sort, ..Query::default() });
        self.html.raw("<li><a class=\"chip chip--all\" data-noscroll").attribute("href", &all).raw(">");
        self.html.words(words.all_shown).raw("</a></li></ul>");
    }

    /// What to do where nothing is found.
    fn instead(&mut self) {
        let (words, lang) = (self.words, self.lang);
        let open = self.query.is_open();
        let (what, help) = if open { (words.empty, words.empty_help) } else { (words.none, words.none_help) };
        self.html.raw("<div class=\"empty\"><p>").words(what).raw(" ").words(help).raw("</p><ul>");
        let mut links = match open {
            true => vec![(To::Plan.href(lang), crate::words::Words::of(lang).home_read)],
            false => vec![(To::Media.href(lang), words.all_shown)],
        };
        if !self.query.words.is_empty() {
            links.push((search_for(lang, &self.query.words), words.none_plan));
        }
        for (href, word) in links {
            self.html.raw("<li><a").attribute("href", &href).raw(">").words(word).raw("</a></li>");
        }
        self.html.raw("</ul></div>");
    }

    fn pager(&mut self) {
        let (words, found) = (self.words, self.found);
        if found.previous.is_none() && found.next.is_none() {
            return;
        }
        self.html.raw("<nav class=\"pager\"").attribute("aria-label", words.pages).raw(">");
        for (page, class, rel, word) in [
            (&found.previous, "pager__prev", "prev", words.page_before),
            (&found.next, "pager__next", "next", words.page_after),
        ] {
            let Some(page) = page else { continue };
            let href = self.href(&Query { page: page.clone(), ..self.query.clone() });
            self.html.raw("<a").attribute("class", class).attribute("rel", rel).attribute("href", &href).raw(">");
            self.html.words(word).raw("</a>");
        }
        self.html.raw("</nav>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::samples::{card, site};
    use std::collections::HashSet;

    fn page(query: &Query, found: &Found) -> String {
        html(Lang::Fr, &site(), &plan::content::load(Lang::Fr), query, found)
    }

    fn found() -> Found {
        let value = |id: &str, name: &str, count| Value { id: id.to_owned(), name: name.to_owned(), count };
        Found {
            videos: vec![card("ES-2026-014"), card("V000002")],
            total: 30,
            before: 24,
            previous: Some(Page::Before("k1".to_owned())),
            next: Some(Page::After("k2".to_owned())),
            facets: vec![
                (Facet::Topic, vec![value("normes", "Normes", 12)]),
                (Facet::Duration, vec![value("short", "", 3)]),
                (Facet::Measure, vec![value("m4", "", 2)]),
                (Facet::Language, vec![value("fr", "", 1), value("tlh", "", 1)]),
            ],
            years: vec![("2026".to_owned(), 30)],
            meant: vec![("munisions".to_owned(), "munitions".to_owned())],
        }
    }

    #[test]
    fn every_state_keeps_its_parts_so_that_what_is_typed_is_not_lost() {
        let parts = |html: &str| -> Vec<String> {
            let parts = html.match_indices(" data-part").map(|(at, _)| {
                let tag = &html[html[..at].rfind('<').unwrap()..]
                    [..html[at..].find('>').unwrap() + at - html[..at].rfind('<').unwrap()];
                tag.split("id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
            });
            parts.collect()
        };
        let all = parts(&page(&Query::default(), &found()));
        assert!(all.contains(&"count".to_owned()) && all.contains(&"facet-topic".to_owned()), "{all:?}");
        let words = Query { words: "char".to_owned(), ..Query::default() };
        assert_eq!(parts(&page(&words, &Found::default())), all);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn counts_names_and_pages_are_shown() {
        let html = page(&Query { words: "munisions".to_owned(), ..Query::default() }, &found());
        for part in [
            "25–26 sur 30 vidéos",
            "«\u{a0}munitions\u{a0}» trouvé à la place de «\u{a0}munisions\u{a0}»",
            "Moins de 30 s",
            "français",
            "tlh",
            "Mesure 4",
            "href=\"/fr/media?q=munisions&amp;page=before.k1\"",
            "href=\"/fr/media?q=munisions&amp;page=after.k2\"",
            "href=\"/fr/media?q=munisions&amp;from=2026-01-01&amp;to=2026-12-31\"",
            "href=\"/fr/media/ES-2026-014?in=f200&amp;out=f300\"",
            "data-board=\"/media/ES-2026-014/storyboard.jpg\" data-columns=\"10\" data-tiles=\"30\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn a_chosen_filter_is_taken_away_by_its_chip_alone() {
        let query = Query::read([("q", "char"), ("topic", "normes"), ("topic", "essais"), ("page", "after.x")]);
        let html = page(&query, &found());
        assert!(html.contains("href=\"/fr/media?q=char&amp;topic=essais\""), "{html}");
        assert!(html.contains("href=\"/fr/media?topic=normes&amp;topic=essais\""));
        assert!(html.contains("value=\"normes\" checked"));
    }

    #[test]
    fn where_nothing_is_found_there_are_ways_on() {
        let html = page(&Query { words: "zzz".to_owned(), ..Query::default() }, &Found::default());
        assert!(html.contains("href=\"/fr/plan/search?q=zzz\"") && html.contains("Tout afficher"));
        let html = page(&Query::default(), &Found::default());
        assert!(html.contains("encore vide") && html.contains("href=\"/fr/plan\""));
    }
}
