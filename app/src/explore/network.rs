//! The network: a drawing, and the same as a list. `?node=` looks at one of its points.

use super::{
    page::Page,
    words::{Words, commitments, kind},
};
use crate::{html::Html, routes::View};
use plan::{
    Lang, Place,
    gloss::{
        Facet, Filter,
        network::{Column, Edge, LINE, Network, Node, Subject, Tie, network},
    },
};

/// Width of the drawing, in its own units.
const WIDTH: f32 = 1100.0;
/// Where the points of the columns stand.
const COLUMNS: [f32; 3] = [270.0, 520.0, 760.0];
/// Half the width of a division's box.
const HALF: f32 = 74.0;
/// Characters of a division's label that fit into its box; of the others' beside their points.
const IN_BOX: usize = 19;
const BESIDE: usize = 40;

/// Writes the view.
pub(super) fn write(page: &mut Page<'_>) {
    if page.gloss.actors.is_empty() {
        return page.nothing();
    }
    let network = network(page.gloss, page.document);
    let chosen = page.asked("node").and_then(|id| network.nodes.iter().position(|node| node.id == id));
    let words = page.words;
    page.html.raw("<figure class=\"network\"><div class=\"scroll\" tabindex=\"0\" role=\"region\"");
    page.html.attribute("aria-label", words.drawing).raw(">");
    drawing(page, &network, chosen);
    page.html.raw("</div></figure><section class=\"ties\"><h2>");
    match chosen {
        None => page.html.words(words.as_list),
        Some(nth) => page.html.words(&name(&network.nodes[nth], page.lang)),
    };
    page.html.raw("</h2>");
    if chosen.is_some() {
        let href = page.href(View::Network, [("", ""); 0]);
        page.html.raw("<p><a").attribute("href", &href).raw(">").words(words.whole_network).raw("</a></p>");
    }
    for (column, title) in [(Column::Acts, words.acts), (Column::Text, words.text), (Column::Spoken, words.spoken)] {
        let shown = |nth: &usize| network.nodes[*nth].column == column && chosen.is_none_or(|chosen| chosen == *nth);
        let nodes: Vec<usize> = (0..network.nodes.len()).filter(shown).collect();
        if nodes.is_empty() {
            continue;
        }
        page.html.raw("<section class=\"ties__column\"><h3>").words(title).raw("</h3><ul>");
        nodes.into_iter().for_each(|nth| ties(page, &network, nth));
        page.html.raw("</ul></section>");
    }
    page.html.raw("</section>");
    page.legend();
}

/// A node's name.
fn name(node: &Node<'_>, lang: Lang) -> String {
    match node.subject {
        Subject::Actor(actor) => actor.name.get(lang).clone(),
        Subject::Division(place) => place.label(lang),
        Subject::Work(work) => work.name.get(lang).clone(),
    }
}

/// Where a line leaves or reaches a node, and how far its label stands in.
fn x(node: &Node<'_>, outgoing: bool) -> f32 {
    match node.column {
        Column::Acts => COLUMNS[0],
        Column::Text => COLUMNS[1] + if outgoing { HALF } else { -HALF },
        Column::Spoken => COLUMNS[2],
    }
}

fn drawing(page: &mut Page<'_>, network: &Network<'_>, chosen: Option<usize>) {
    let (lang, words) = (page.lang, page.words);
    let height = network.height;
    page.html.raw("<svg class=\"network__drawing\" role=\"group\"").attribute("aria-label", words.drawing);
    page.html.attribute("viewBox", &format!("0 0 {WIDTH} {height}"));
    page.html
        .attribute("width", &WIDTH.to_string())
        .attribute("height", &height.to_string())
        .raw("><g aria-hidden=\"true\">");
    for edge in &network.edges {
        let apart = chosen.is_some_and(|nth| edge.from != nth && edge.to != nth);
        let Edge { from, to, tie } = *edge;
        let (from, to) = (&network.nodes[from], &network.nodes[to]);
        page.html
            .raw("<path")
            .attribute("class", &format!("tie {}{}", class(tie), if apart { " is-apart" } else { "" }));
        page.html.attribute("d", &curve(from, to)).raw("><title>");
        page.html.words(&format!("{} – {} : {}", name(from, lang), name(to, lang), said(tie, words, lang)));
        page.html.raw("</title></path>");
    }
    page.html.raw("</g>");
    for (nth, node) in network.nodes.iter().enumerate() {
        let tied = |edge: &Edge| {
            chosen.is_some_and(|at| [edge.from, edge.to].contains(&at) && [edge.from, edge.to].contains(&nth))
        };
        let apart = chosen.is_some_and(|at| at != nth) && !network.edges.iter().any(tied);
        let href = page.href(View::Network, [("node", &node.id)]);
        let full = name(node, lang);
        let state = if apart { " is-apart" } else { "" };
        page.html.raw("<a").attribute("class", &format!("node node--{}{state}", column(node.column)));
        page.html.attribute("href", &href);
        page.html.raw(if chosen == Some(nth) { " aria-current=\"true\">" } else { ">" });
        page.html.raw("<title>").words(&full).raw("</title>");
        let y = node.y;
        let indent = node.indent as f32 * 14.0;
        let (anchor, at, limit) = match node.column {
            Column::Acts => ("end", COLUMNS[0] - 14.0, BESIDE - 8),
            Column::Text => ("middle", COLUMNS[1], IN_BOX),
            Column::Spoken => ("start", COLUMNS[2] + 14.0 + indent, BESIDE),
        };
        match node.column {
            Column::Text => {
                let (left, top) = (COLUMNS[1] - HALF, y - LINE / 2.0 + 2.0);
                let (width, tall) = (HALF * 2.0, LINE - 4.0);
                page.html
                    .raw(&format!("<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{tall}\" rx=\"4\"/>"));
            }
            Column::Acts | Column::Spoken => {
                let cx = x(node, true);
                page.html.raw(&format!("<circle cx=\"{cx}\" cy=\"{y}\" r=\"5\"/>"));
            }
        }
        page.html.raw(&format!("<text x=\"{at}\" y=\"{}\" text-anchor=\"{anchor}\">", y + 4.5));
        page.html.words(&short(&full, limit)).raw("</text></a>");
    }
    page.html.raw("</svg>");
}

/// A line from one node to another: level where it leaves and where it arrives; between divisions a bow beside them.
fn curve(from: &Node<'_>, to: &Node<'_>) -> String {
    let (x1, y1, y2) = (x(from, true), from.y, to.y);
    if from.column == to.column {
        let bow = x1 + 20.0 + (y2 - y1).abs() * 0.12;
        return format!("M{x1} {y1}C{bow:.1} {y1:.1} {bow:.1} {y2:.1} {x1} {y2:.1}");
    }
    let x2 = x(to, false);
    let middle = (x1 + x2) / 2.0;
    format!("M{x1} {y1:.1}C{middle} {y1:.1} {middle} {y2:.1} {x2} {y2:.1}")
}

fn short(name: &str, limit: usize) -> String {
    if name.chars().count() <= limit { name.to_owned() } else { name.chars().take(limit - 1).chain(['…']).collect() }
}

const fn column(column: Column) -> &'static str {
    match column {
        Column::Acts => "acts",
        Column::Text => "text",
        Column::Spoken => "spoken",
    }
}

fn class(tie: Tie) -> String {
    match tie {
        Tie::Commits { strongest, count } => format!("tie--commits strength--{} tie--{}", strongest.id(), count.min(4)),
        Tie::Serves { .. } => "tie--serves".to_owned(),
        Tie::Names => "tie--names".to_owned(),
        Tie::Refers { .. } => "tie--refers".to_owned(),
    }
}

/// What a tie says, in words.
fn said(tie: Tie, words: &Words, lang: Lang) -> String {
    match tie {
        Tie::Commits { strongest, count } => format!("{}, {}", commitments(lang, count), strongest.name(lang)),
        Tie::Serves { count } => format!("{}, {}", words.served_in, commitments(lang, count)),
        Tie::Names => words.named_in.to_owned(),
        Tie::Refers { ambiguous, .. } if ambiguous => format!("{} ({})", words.referred_in, words.ambiguous),
        Tie::Refers { .. } => words.referred_in.to_owned(),
    }
}

/// A node with all its ties, as an item of a list.
fn ties(page: &mut Page<'_>, network: &Network<'_>, nth: usize) {
    let (lang, words) = (page.lang, page.words);
    let node = &network.nodes[nth];
    page.html.raw("<li><p class=\"ties__name\"><strong>").words(&name(node, lang)).raw("</strong>");
    match node.subject {
        Subject::Actor(actor) => {
            page.html.raw(" <small>").words(kind(actor.kind, lang));
            if let Some(above) = actor.part_of.as_deref().and_then(|id| page.gloss.actor(id)) {
                page.html.words(&format!(", {} {}", words.part_of, above.name.get(lang)));
            }
            page.html.raw("</small>");
            if let Some(full) = &actor.full {
                page.html.raw(" <small>").words(full.get(lang)).raw("</small>");
            }
            if node.column == Column::Acts {
                let href = page.register_href(&Filter::default().with(Facet::Actor, &actor.id));
                page.html.raw(" <a").attribute("href", &href).raw(">").words(words.see_commitments).raw("</a>");
            }
        }
        Subject::Division(place) => {
            let href = page.spot(place.slug());
            if let Place::Measure(..) = place {
                page.html.raw(" <small>").words(&place.plain()).raw("</small>");
            }
            page.html.raw(" <a").attribute("href", &href).raw(">").words(words.read_here).raw("</a>");
        }
        Subject::Work(work) => {
            page.html.raw(" <small>").words(work.about.get(lang)).raw("</small>");
        }
    }
    page.html.raw("</p>");
    let is_text = node.column == Column::Text;
    // By what is said, in the order in which it first is.
    let mut groups: Vec<(&str, Html)> = Vec::new();
    for edge in network.edges.iter().filter(|edge| edge.from == nth || edge.to == nth) {
        let leaves = edge.from == nth;
        let other = &network.nodes[if leaves { edge.to } else { edge.from }];
        let title = match edge.tie {
            Tie::Commits { .. } if is_text => words.committed_here,
            Tie::Commits { .. } => words.commits_in,
            Tie::Serves { .. } if is_text => words.serves_here,
            Tie::Serves { .. } => words.served_in,
            Tie::Names if is_text => words.names_here,
            Tie::Names => words.named_in,
            Tie::Refers { .. } if leaves => words.refers_to,
            Tie::Refers { .. } => words.referred_in,
        };
        let href = match (edge.tie, node.subject, other.subject) {
            (Tie::Commits { .. }, Subject::Actor(actor), Subject::Division(place))
            | (Tie::Commits { .. }, Subject::Division(place), Subject::Actor(actor)) => {
                page.register_href(&Filter::default().with(Facet::Actor, &actor.id).with(Facet::Measure, place.slug()))
            }
            (Tie::Serves { .. }, Subject::Actor(actor), Subject::Division(place))
            | (Tie::Serves { .. }, Subject::Division(place), Subject::Actor(actor)) => page.register_href(
                &Filter::default().with(Facet::Beneficiary, &actor.id).with(Facet::Measure, place.slug()),
            ),
            (_, _, Subject::Division(place)) => page.spot(place.slug()),
            _ => page.href(View::Network, [("node", &other.id)]),
        };
        let at = groups.iter().position(|(known, _)| *known == title).unwrap_or_else(|| {
            groups.push((title, Html::default()));
            groups.len() - 1
        });
        let html = &mut groups[at].1;
        html.raw(if html.0.is_empty() { "<a" } else { ", <a" }).attribute("href", &href).raw(">");
        html.words(&name(other, lang)).raw("</a>");
        match edge.tie {
            Tie::Commits { strongest, .. } => html.raw(" ").strength(strongest, lang),
            Tie::Refers { ambiguous: true, .. } => html.raw(" <small>(").words(words.ambiguous).raw(")</small>"),
            _ => html,
        };
    }
    page.html.raw("<dl class=\"ties__said\">");
    for (title, html) in groups {
        page.html.raw("<div><dt>").words(title).raw("</dt> <dd>").raw(&html.0).raw("</dd></div>");
    }
    page.html.raw("</dl></li>");
}
