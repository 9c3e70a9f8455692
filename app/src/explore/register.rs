//! The register of commitments, and what of it can be taken away.

use super::{
    page::{Page, pairs},
    words::{Words, labelled, of, quoted},
};
use crate::{
    plan::contract::Plans,
    routes::{To, View, search_for, with_query},
    site::Site,
};
use plan::{
    Lang,
    gloss::{Facet, Filter, Key, Qualifies, Record, Register, Row, Sort, csv, register},
};
use serde_json::json;

/// Writes the view.
pub(super) fn write(page: &mut Page<'_>) {
    let filter = Filter::read(page.query.iter().map(|(key, value)| (key, value)));
    let register = register(page.gloss, page.document, &filter);
    page.html.raw("<div class=\"register\">");
    filters(page, &filter, &register);
    let (words, lang) = (page.words, page.lang);
    page.html.raw("<section class=\"register__found\"").attribute("aria-label", words.register_title).raw(">");
    page.html.raw("<div class=\"register__bar\"><p class=\"register__count\" id=\"count\" role=\"status\" tabindex=\"-1\" data-part>");
    page.html.words(&of(lang, register.rows.len(), register.of)).raw("</p>");
    page.html.raw("<button class=\"button register__open\" type=\"button\" popovertarget=\"filters\">");
    page.html.words(words.filter).raw("</button></div><div id=\"chips\" data-part>");
    chips(page, &filter, &register);
    page.html.raw("</div><div id=\"rows\" data-part>");
    match register.rows.is_empty() {
        true => instead(page, &filter),
        false => table(page, &filter, &register),
    }
    page.html.raw("</div><p class=\"register__take\" id=\"take\" data-part>").words(&labelled(lang, words.take, ""));
    for format in Format::ALL {
        let href = with_query(&format.href(lang), &query(&filter));
        page.html.raw(" <a rel=\"external nofollow\" download").attribute("href", &href).raw(">");
        page.html.words(format.name()).raw("</a>");
    }
    page.html.raw("</p></section></div>");
    page.legend();
}

fn query(filter: &Filter) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(filter.pairs()).finish()
}

/// The form: a word, and every facet with its values.
fn filters(page: &mut Page<'_>, filter: &Filter, register: &Register<'_>) {
    let (words, html) = (page.words, &mut page.html);
    html.raw("<form class=\"filters\" id=\"filters\" popover=\"auto\" method=\"get\" data-live");
    html.attribute("action", &To::View(View::Register).href(page.lang)).attribute("aria-label", words.filter);
    html.raw("><p class=\"filters__word\"><label for=\"word\">").words(words.word);
    html.raw("</label><input id=\"word\" name=\"q\" type=\"search\" maxlength=\"200\" autocomplete=\"off\" ");
    html.raw("autocapitalize=\"off\" spellcheck=\"false\" aria-describedby=\"word-hint\"");
    html.attribute("value", &filter.word).raw("><small id=\"word-hint\">").words(words.word_hint).raw("</small></p>");
    html.raw("<span id=\"order\" data-part>");
    if filter.sort != Sort::default() {
        html.raw("<input name=\"sort\" type=\"hidden\"").attribute("value", &sort_id(filter.sort)).raw(">");
    }
    html.raw("</span>");
    for (facet, values) in register.facets.iter().filter(|(_, values)| !values.is_empty()) {
        // The long ones are folded, unless something in them is chosen.
        let long = matches!(facet, Facet::Beneficiary | Facet::Caveat | Facet::Topic);
        let open = !long || values.iter().any(|value| value.chosen);
        html.raw("<details class=\"facet\"").raw(if open { " open" } else { "" }).raw("><summary>");
        html.words(words.facet(*facet)).raw("</summary><ul>");
        for value in values {
            let id = format!("{}-{}", facet.id(), value.id);
            html.raw("<li><label><input type=\"checkbox\"").attribute("id", &id).attribute("name", facet.id());
            html.attribute("value", &value.id).raw(if value.chosen { " checked" } else { "" }).raw("><span>");
            html.words(&value.name).raw("</span><span class=\"facet__count\" data-part");
            html.attribute("id", &format!("n-{id}"));
            html.raw(if value.count == 0 { "><span class=\"is-none\">" } else { "><span>" });
            html.words(&value.count.to_string()).raw("</span></span></label></li>");
        }
        html.raw("</ul></details>");
    }
    html.raw("<p class=\"filters__go\"><button class=\"button button--primary\" type=\"submit\">").words(words.filter);
    html.raw("</button><button class=\"button filters__close\" type=\"button\" popovertarget=\"filters\" ");
    html.raw("popovertargetaction=\"hide\">").words(words.filter_close).raw("</button></p></form>");
}

fn sort_id(sort: Sort) -> String {
    format!("{}{}", if sort.reversed { "-" } else { "" }, sort.by.id())
}

/// What is chosen, each with a link that takes it away.
fn chips(page: &mut Page<'_>, filter: &Filter, register: &Register<'_>) {
    if filter.is_open() {
        return;
    }
    let words = page.words;
    let mut chips: Vec<(String, Filter)> = Vec::new();
    if !filter.word.is_empty() {
        chips.push((filter.word.clone(), filter.saying("")));
    }
    for (facet, id) in filter.chosen() {
        let values = register.facets.iter().find(|(f, _)| f == facet).map(|(_, values)| values);
        let name =
            values.and_then(|values| values.iter().find(|value| value.id == *id)).map(|value| value.name.as_str());
        chips.push((labelled(page.lang, words.facet(*facet), name.unwrap_or(id)), filter.without(*facet, id)));
    }
    page.html.raw("<ul class=\"chips\"").attribute("aria-label", words.chosen).raw(">");
    for (name, without) in chips {
        let href = page.register_href(&without);
        page.html.raw("<li><a class=\"chip\" rel=\"nofollow\" data-noscroll").attribute("href", &href);
        page.html.raw("><span class=\"sr-only\">").words(words.remove).raw(" </span>").words(&name);
        page.html.raw(" <span aria-hidden=\"true\">×</span></a></li>");
    }
    let all = page.register_href(&Filter::default().sorted(filter.sort));
    page.html.raw("<li><a class=\"chip chip--all\" data-noscroll").attribute("href", &all).raw(">");
    page.html.words(words.all_shown).raw("</a></li></ul>");
}

/// What to do where nothing is found.
fn instead(page: &mut Page<'_>, filter: &Filter) {
    let words = page.words;
    page.html.raw("<div class=\"empty\"><p>").words(words.none).raw(" ").words(words.none_help).raw("</p><ul>");
    let all = page.register_href(&Filter::default());
    page.html.raw("<li><a data-noscroll").attribute("href", &all).raw(">").words(words.all_shown).raw("</a></li>");
    if !filter.word.is_empty() {
        let search = search_for(page.lang, &filter.word);
        page.html.raw("<li><a").attribute("href", &search).raw(">").words(words.none_search).raw("</a></li>");
    }
    page.html.raw("</ul></div>");
}

fn table(page: &mut Page<'_>, filter: &Filter, register: &Register<'_>) {
    page.html.raw("<table class=\"rows\"><caption class=\"sr-only\">").words(page.words.register_title);
    page.html.raw("</caption><thead><tr>");
    for key in Key::ALL {
        let sorted = filter.sort.by == key;
        let reversed = sorted && !filter.sort.reversed;
        let href = page.register_href(&filter.sorted(Sort { by: key, reversed }));
        page.html.raw("<th scope=\"col\"").attribute("class", &format!("rows__{}", key.id()));
        if sorted {
            page.html.raw(if filter.sort.reversed { " aria-sort=\"descending\"" } else { " aria-sort=\"ascending\"" });
        }
        page.html.raw("><a rel=\"nofollow\" data-noscroll").attribute("id", &format!("by-{}", key.id()));
        page.html.attribute("href", &href).raw("><span class=\"sr-only\">").words(page.words.sort).raw(" </span>");
        page.html.words(page.words.key(key)).raw("</a></th>");
    }
    page.html.raw("</tr></thead><tbody>");
    register.rows.iter().for_each(|entry| row(page, entry));
    page.html.raw("</tbody></table>");
}

fn row(page: &mut Page<'_>, row: &Row<'_>) {
    let Row { commitment, text, marks, .. } = row;
    let (words, lang, gloss) = (page.words, page.lang, page.gloss);
    let strength = commitment.strength;
    page.html.raw("<tr").attribute("class", &format!("row strength--{}", strength.id()));
    page.html.raw("><th scope=\"row\" class=\"rows__text\">");
    page.spot_link(&commitment.at).raw("</th><td class=\"rows__actor\">");
    page.actors(&commitment.actors, Facet::Actor);
    page.html
        .raw("</td><td class=\"rows__strength\">")
        .strength(strength, lang)
        .raw("</td><td class=\"rows__verb\"><p class=\"promise\">");
    page.promise(commitment);
    page.html.raw("</p><p class=\"row__sentence\">").marked(&text.plain(), marks, Some(strength), words).raw("</p>");
    let mut facts: Vec<(&str, &str, String)> = Vec::new();
    for qualifier in gloss.qualifiers_of(&commitment.id) {
        let name = match qualifier.kind {
            Qualifies::Caveat => words.caveat,
            Qualifies::Condition => words.condition,
        };
        facts.push((name, "caveat", quoted(lang, &qualifier.words.get(lang).text)));
    }
    let served = gloss.actor_names(&commitment.beneficiaries, lang).join(", ");
    let topics = commitment.topics.iter().filter_map(|id| Some(gloss.topic(id)?.name.get(lang).as_str()));
    let topics = topics.collect::<Vec<_>>().join(", ");
    let note = commitment.note.as_ref().map(|note| note.get(lang).clone()).unwrap_or_default();
    facts.extend([(words.serves, "", served), (words.topics, "", topics), (words.note, "", note)]);
    facts.retain(|(.., fact)| !fact.is_empty());
    if !facts.is_empty() {
        page.html.raw("<dl class=\"row__facts\">");
        for (name, class, fact) in facts {
            page.html.raw("<div><dt>").words(name).raw("</dt> <dd><span").attribute("class", class).raw(">");
            page.html.words(&fact).raw("</span></dd></div>");
        }
        page.html.raw("</dl>");
    }
    page.html.raw("</td></tr>");
}

/// A form in which the register can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180.
    Csv,
    /// RFC 8259.
    Json,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 2] = [Format::Csv, Format::Json];

    const fn name(self) -> &'static str {
        match self {
            Format::Csv => "CSV",
            Format::Json => "JSON",
        }
    }

    /// Its address, without a filter.
    pub fn href(self, lang: Lang) -> String {
        let extension = match self {
            Format::Csv => "csv",
            Format::Json => "json",
        };
        format!("{}.{extension}", To::View(View::Register).href(lang))
    }

    /// Its media type.
    pub const fn kind(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Json => "application/json",
        }
    }
}

/// The commitments that answer `query`, in a form to take away. Spreadsheets know the CSV's characters by the mark at
/// its beginning.
pub fn download(plans: &dyn Plans, site: &Site, lang: Lang, query: &str, format: Format) -> String {
    let (document, gloss) = (plans.document(lang), plans.gloss());
    let filter = Filter::read(pairs(query));
    let register = register(&gloss, &document, &filter);
    let url = |slug: &str| format!("{}{}", site.public_url, To::Place(slug.to_owned()).href(lang));
    let records: Vec<Record> = register.rows.iter().map(|row| row.record(&gloss, lang, url)).collect();
    match format {
        Format::Csv => format!("\u{feff}{}", csv(&records)),
        Format::Json => {
            let words = Words::of(lang);
            let unofficial = (lang == Lang::En).then(|| crate::words::PageWords::of(lang).translation);
            json!({
                "title": words.register_title,
                "text": document.title,
                "language": lang.tag(),
                "translation": unofficial,
                "reading": format!("{}. {}", words.reading, words.reading_text),
                "sha256": document.sha256,
                "url": format!("{}{}", site.public_url, with_query(&To::View(View::Register).href(lang), &self::query(&filter))),
                "shown": records.len(),
                "of": register.of,
                "commitments": records,
            })
            .to_string()
        }
    }
}
