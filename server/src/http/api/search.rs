//! The site's search, with its reasons.

use super::{
    asked::{Limit, Offset, Text, parameters},
    list::{Page, With},
    operation::{Ask, Operation},
    shape::{Span, Url, says, shapes},
};
use crate::http::problem::Problem;
use ::plan::{
    Lang,
    search::{EntryKind, Hit, Results},
};
use app::plan::contract::QUERY_LIMIT;

shapes! {
    struct Passage = "Un passage qui répond à une recherche.", "A passage that answers a search.";
    {
        slug: String = "Son adresse dans le plan.", "Its address in the plan.";
        kind: &'static str = "`title` ou `text`.", "`title` or `text`.";
        label: String = "Comment on le nomme.", "How it is named.";
        url: Url = "Sa page.", "Its page.";
        text: String = "Ses mots, à la lettre.", "Its words, to the letter.";
        marks: Vec<Span> = "Ce qui correspond, dans ce texte. Rien si l’on a cherché une adresse.",
            "What matched, in this text. Nothing where an address was looked for.";
        because: Vec<String> = "Pourquoi il est là : les mots qui correspondent, une fois chacun.",
            "Why it is here: the words that match, each once.";
        partial: bool = "Si tous les mots cherchés n’y sont pas.", "Whether not all that was looked for is there.";
    }
    struct Suggested = "Des mots à essayer.", "Words to try.";
    {
        suggestions: Vec<String> = "Des mots du plan qui ressemblent à ceux qu’on a cherchés, quand rien ne répond.",
            "Words of the plan that resemble those looked for, where nothing answers.";
    }
}

parameters! {
    struct Query {
        q: Text<QUERY_LIMIT> = "Ce qu’on cherche : des mots, une expression entre guillemets, une adresse.",
            "What is looked for: words, a phrase in quotation marks, an address.";
        limit: Limit;
        offset: Offset;
        lang: Lang;
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let about = says(
        "Les passages qui répondent à une recherche, les meilleurs d’abord, avec la raison.",
        "The passages that answer a search, best first, each with its reason.",
    );
    vec![Operation::get("search", "/search", "/search?q={word}&limit=1&lang=en", about, search)]
}

fn search(ask: &Ask<'_>, asked: Query) -> Result<With<Page<Passage>, Suggested>, Problem> {
    let Query { q: Text(q), limit, offset, lang } = asked;
    let document = ask.api.document(lang);
    // The texts are few: all that answer are fetched, so that the total and every page are of one search.
    let Results { hits, suggestions, .. } = ask.api.plans.search(lang, &q, usize::MAX);
    let label = |slug: &str| document.find(slug).map(|place| place.label(lang)).unwrap_or_default();
    let list = Page::of(ask, hits, (limit, offset), |Hit { slug, kind, text, marks, because, partial }| Passage {
        kind: if kind == EntryKind::Title { "title" } else { "text" },
        label: label(&slug),
        url: ask.api.place(&slug, lang),
        marks: marks.into_iter().map(|(start, end)| Span::of(&text, start..end)).collect(),
        slug,
        text,
        because,
        partial,
    });
    Ok(With { list, beside: Suggested { suggestions } })
}
