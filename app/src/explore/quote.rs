//! The quotation checker: what was pasted, held against the text in both languages.

use super::{
    page::Page,
    words::{Words, address, caution, outcome, places, quoted, refusal, share, typography},
};
use crate::{
    html::Html,
    plan::contract::Plans,
    routes::{To, View},
    site::Site,
};
use plan::{
    Document, Lang,
    quote::{Found, LONGEST, Nearest, Piece, PieceKind, Report, Verdict},
};

/// Quotations to try, where nothing has been asked: to the letter, altered, shortened.
const EXAMPLES: [&str; 2] = [
    "les Alliés s’engagent à faire plus ensemble",
    "Les Alliés sont obligés de participer à des acquisitions multinationales",
];

/// Writes the view.
pub(super) fn write(page: &mut Page<'_>, plans: &dyn Plans, site: &Site) {
    let asked = page.asked("q").unwrap_or_default().to_owned();
    let (words, lang) = (page.words, page.lang);
    page.html.raw("<form class=\"checker\" method=\"post\" data-live");
    page.html.attribute("action", &To::View(View::Quote).href(lang)).raw("><label for=\"quotation\">");
    page.html.words(words.quotation).raw("</label><textarea id=\"quotation\" name=\"q\" rows=\"5\" required");
    page.html.attribute("maxlength", &LONGEST.to_string()).attribute("aria-describedby", "quotation-hint").raw(">");
    // A parser drops the first line break of it.
    page.html.raw("\n").words(&asked).raw("</textarea><small id=\"quotation-hint\">").words(words.quotation_hint);
    page.html.raw("</small><button class=\"button button--primary\" type=\"submit\">").words(words.check);
    page.html.raw("</button></form><div id=\"report\" role=\"status\" tabindex=\"-1\" data-part>");
    if asked.trim().is_empty() {
        examples(page);
    } else {
        match plans.check(&asked) {
            Ok(report) => answer(page, plans, site, &report),
            Err(refused) => {
                page.html.raw("<p class=\"verdict\">").words(&refusal(lang, refused)).raw("</p>");
            }
        }
    }
    page.html.raw("</div>");
}

fn examples(page: &mut Page<'_>) {
    page.html.raw("<div class=\"empty\"><p>").words(page.words.examples).raw("</p><ul>");
    for example in EXAMPLES {
        let href = page.href(View::Quote, [("q", example)]);
        page.html.raw("<li><a data-noscroll lang=\"fr\"").attribute("href", &href).raw(">");
        page.html.words(&quoted(Lang::Fr, example)).raw("</a></li>");
    }
    page.html.raw("</ul></div>");
}

fn answer(page: &mut Page<'_>, plans: &dyn Plans, site: &Site, report: &Report) {
    let (words, lang) = (page.words, page.lang);
    let (sign, name, meaning) = outcome(lang, report.verdict);
    page.html.raw("<h2 class=\"verdict\"").attribute("data-verdict", id(report.verdict));
    page.html.raw("><span aria-hidden=\"true\">").words(sign).raw("</span> ").words(name).raw("</h2><p>");
    page.html.words(meaning);
    if report.total > 1 {
        page.html.raw(" ").words(&places(lang, report.total));
    }
    page.html.raw("</p>");
    for found in &report.found {
        place(page, site, &plans.document(found.lang), found);
    }
    if let Some(Nearest { lang: of, slug, words: text, similarity }) = &report.nearest {
        let document = plans.document(*of);
        page.html.raw("<section class=\"found\"><h3>").words(words.nearest).raw("</h3>");
        original(page, &document, slug, slug, text);
        page.html.raw("<p class=\"view__hint\">").words(&share(lang, *similarity)).raw("</p></section>");
    }
}

/// A verdict's name for programs and style sheets.
const fn id(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exact => "exact",
        Verdict::Typography => "typography",
        Verdict::Marked => "marked",
        Verdict::Altered => "altered",
        Verdict::NotFound => "not-found",
    }
}

/// One place of the text that the quotation is of.
fn place(page: &mut Page<'_>, site: &Site, document: &Document, found: &Found) {
    let (words, lang) = (page.words, page.lang);
    page.html.raw("<section class=\"found\">");
    if !found.cautions.is_empty() {
        page.html.raw("<div class=\"cautions\"><h3>").words(words.cautions).raw("</h3><ul>");
        for warning in &found.cautions {
            page.html.raw("<li>").words(&caution(lang, warning)).raw("</li>");
        }
        page.html.raw("</ul></div>");
    }
    if found.verdict != Verdict::Exact {
        page.html.raw("<h3>").words(words.comparison).raw("</h3><p class=\"comparison\"");
        page.html.attribute("lang", found.lang.tag()).raw(">");
        found.pieces.iter().for_each(|piece| self::piece(&mut page.html, piece, words));
        page.html.raw("</p><p class=\"view__hint\">").words(words.comparison_legend).raw(" ");
        page.html.words(&share(lang, found.similarity)).raw("</p>");
    }
    if !found.typography.is_empty() {
        let kinds: Vec<_> = found.typography.iter().map(|kind| typography(lang, *kind)).collect();
        page.html.raw("<p>").words(words.differs_in).raw(" ").words(&kinds.join(", ")).raw(".</p>");
    }
    page.html.raw("<h3>").words(words.original).raw("</h3>");
    let (place, href) = original(page, document, &found.from, &found.to, &found.words);
    page.html.raw("<p class=\"found__cite\"><strong>").words(words.cite).raw("</strong> <span>");
    let date = plan::date::in_words(lang, &document.date);
    page.html.words(&quoted(document.lang, &found.words)).raw(" ");
    page.html.words(&address(&document.title, &date, &place, &format!("{}{href}", site.public_url))).raw("</span></p>");
    if found.begins_within || found.ends_within {
        page.html.raw("<p class=\"view__hint\">").words(words.within).raw("</p>");
    }
    page.html.raw("</section>");
}

/// The text's own words and where they stand: the place's name and its address.
fn original(page: &mut Page<'_>, document: &Document, from: &str, to: &str, text: &str) -> (String, String) {
    let (words, lang) = (page.words, page.lang);
    let label = |slug: &str| document.find(slug).map(|place| place.label(lang));
    let begins = label(from).unwrap_or_else(|| words.preface.to_owned());
    let place = match label(to).filter(|_| to != from) {
        Some(ends) => format!("{begins} – {ends}"),
        None => begins,
    };
    let slug = if document.find(from).is_some() { To::Place(from.to_owned()) } else { To::Plan };
    let href = slug.href(document.lang);
    page.html.raw("<blockquote class=\"stop__text\"").attribute("lang", document.lang.tag()).raw("><p>").words(text);
    page.html.raw("</p></blockquote><p class=\"found__where\"><a").attribute("href", &href);
    // The other language is another page of the browser's.
    page.html.raw(if document.lang == lang { ">" } else { " rel=\"external\">" }).words(&place).raw("</a>");
    if document.lang == Lang::En {
        let unofficial = crate::words::Words::of(lang).unofficial;
        page.html.raw(" <small class=\"unofficial\">").words(unofficial).raw("</small>");
    }
    page.html.raw("</p>");
    (place, href)
}

/// A piece of the comparison: what was taken away struck through, what was added underlined, both said in words.
fn piece(html: &mut Html, piece: &Piece, words: &Words) {
    let Piece { kind, quoted, original, .. } = piece;
    let mut side = |tag: &str, said: &str, text: &str| {
        if !text.is_empty() {
            html.raw("<").raw(tag).raw("><span class=\"sr-only\"> ").words(said).raw(" </span>").words(text);
            html.raw("</").raw(tag).raw(">");
        }
    };
    match kind {
        PieceKind::Kept => {
            html.words(quoted);
        }
        PieceKind::Added | PieceKind::LeftOut | PieceKind::Changed => {
            side("del", words.taken_away, original);
            side("ins", words.put_in, quoted);
        }
        PieceKind::Omitted | PieceKind::Inserted => {
            html.raw("<span class=\"declared\"").attribute("title", original).raw(">").words(quoted).raw("</span>");
        }
    }
}
