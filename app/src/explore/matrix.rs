//! The matrix of actors and measures: a table, whose cells lead to the register.

use super::{page::Page, words::commitments};
use plan::{
    Place,
    gloss::{Cell, Facet, Filter, Matrix, NOBODY, matrix},
};

/// Writes the view.
pub(super) fn write(page: &mut Page<'_>) {
    let matrix = matrix(page.gloss, page.document);
    if matrix.rows.is_empty() {
        return page.nothing();
    }
    let words = page.words;
    page.html.raw("<p class=\"needs-js view__hint\">").words(words.arrows).raw("</p>");
    page.html.raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\"").attribute("aria-label", words.matrix_title);
    page.html.raw("><table class=\"matrix\"><caption class=\"sr-only\">").words(words.matrix_lead);
    page.html.raw("</caption><thead><tr><th scope=\"col\">").words(words.actor).raw("</th>");
    for place in &matrix.columns {
        let (href, lang) = (page.spot(place.slug()), page.lang);
        page.html.raw("<th scope=\"col\"><a").attribute("href", &href).attribute("title", &place.plain()).raw(">");
        page.html.words(&place.label(lang)).raw("</a></th>");
    }
    page.html.raw("<th scope=\"col\">").words(words.all_measures).raw("</th></tr></thead><tbody>");
    for (row, line) in matrix.rows.iter().enumerate() {
        let (id, name) = match line.actor {
            Some(actor) => (actor.id.as_str(), actor.name.get(page.lang).as_str()),
            None => (NOBODY, words.nobody),
        };
        let actor = Filter::default().with(Facet::Actor, id);
        page.html.raw("<tr><th scope=\"row\"");
        if let Some(full) = line.actor.and_then(|actor| actor.full.as_ref()) {
            page.html.attribute("title", full.get(page.lang));
        }
        page.html.raw(">").words(name).raw("</th>");
        for (column, found) in line.cells.iter().enumerate() {
            let filter = actor.with(Facet::Measure, matrix.columns[column].slug());
            cell(page, found, &filter, (row, column));
        }
        cell(page, &line.all, &actor, (row, matrix.columns.len()));
        page.html.raw("</tr>");
    }
    page.html.raw("</tbody></table></div>");
    by_measure(page, &matrix);
    page.legend();
}

/// The firmest strength and its verb, with how many commitments there are.
fn cell(page: &mut Page<'_>, cell: &Cell<'_>, filter: &Filter, (row, column): (usize, usize)) {
    let Some((strength, first)) = cell.strongest().zip(cell.0.first()) else {
        page.html.raw("<td class=\"matrix__none\"><span aria-hidden=\"true\">–</span><span class=\"sr-only\">");
        page.html.words(page.words.empty_cell).raw("</span></td>");
        return;
    };
    let (href, lang) = (page.register_href(filter), page.lang);
    page.html.raw("<td><a").attribute("class", &format!("matrix__cell strength--{}", strength.id()));
    page.html.attribute("id", &format!("c-{row}-{column}")).attribute("href", &href).raw(">");
    page.html.strength(strength, lang).raw(" <span class=\"matrix__verb\">").words(first.verb.get(lang));
    page.html.raw("</span> <span class=\"matrix__count\">").words(&commitments(lang, cell.0.len()));
    page.html.raw("</span></a></td>");
}

/// The same for narrow screens and for paper: measure by measure.
fn by_measure(page: &mut Page<'_>, matrix: &Matrix<'_>) {
    page.html.raw("<ol class=\"measures\">");
    for (column, place) in matrix.columns.iter().enumerate() {
        let (href, lang) = (page.spot(place.slug()), page.lang);
        let heading = match place {
            Place::Measure(..) => place.plain(),
            other => other.label(lang),
        };
        page.html.raw("<li><h2><a").attribute("href", &href).raw(">").words(&heading).raw("</a></h2><ul>");
        for line in &matrix.rows {
            let found = &line.cells[column];
            let Some((strength, first)) = found.strongest().zip(found.0.first()) else { continue };
            let id = line.actor.map_or(NOBODY, |actor| actor.id.as_str());
            let name = line.actor.map_or(page.words.nobody, |actor| actor.name.get(lang));
            let filter = Filter::default().with(Facet::Actor, id).with(Facet::Measure, place.slug());
            let href = page.register_href(&filter);
            page.html.raw("<li><a").attribute("href", &href).raw("><strong>").words(name).raw("</strong> ");
            page.html.strength(strength, lang).raw(" ").words(first.verb.get(lang)).raw(" <small>");
            page.html.words(&commitments(lang, found.0.len())).raw("</small></a></li>");
        }
        if matrix.rows.iter().all(|line| line.cells[column].0.is_empty()) {
            page.html.raw("<li>").words(page.words.empty_cell).raw("</li>");
        }
        page.html.raw("</ul></li>");
    }
    page.html.raw("</ol>");
}
