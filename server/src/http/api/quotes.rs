//! Is this what the text says? The quotation checker.

use super::{
    asked::{Text, parameters},
    operation::{Ask, Operation},
    shape::{Schemas, Shape, Url, named, says, shapes},
};
use ::plan::{
    Lang,
    quote::{By, Caution, Change, Found as Here, LONGEST, PieceKind, Refused, Slight, Typography, Verdict},
};
use app::routes::To;
use serde::Deserialize;
use serde_json::{Value, json};

shapes! {
    struct Check = "Comment la citation se rapporte au texte, en français et en anglais.",
        "How the quotation stands to the text, in French and in English.";
    {
        verdict: Option<Verdict> = "À la lettre, à la typographie près, changée en le disant, altérée, ou introuvable. `null` si \
             elle ne se vérifie pas.",
            "To the letter, but for typography, changed and saying so, altered, or not found. `null` where it cannot be \
             checked.";
        refused: Option<Unchecked> = "Pourquoi elle ne se vérifie pas.", "Why it cannot be checked.";
        total: usize = "En combien d’endroits elle se trouve.", "In how many places it stands.";
        found: Vec<Found> = "Ces endroits, le meilleur d’abord, vingt au plus.",
            "These places, the best first, twenty at most.";
        nearest: Option<Nearest> = "La phrase la plus proche d’une citation introuvable.",
            "The sentence nearest to a quotation that is not found.";
    }
    struct Unchecked = "Pourquoi une citation ne se vérifie pas.", "Why a quotation cannot be checked.";
    {
        reason: &'static str = "`empty`, `no_words`, `too_short`, `too_long` ou `too_many_marks`.",
            "`empty`, `no_words`, `too_short`, `too_long` or `too_many_marks`.";
        detail: String = "Le même, en anglais.", "The same in words.";
    }
    struct Found = "Un endroit du texte dont la citation peut être tirée.",
        "A place of the text that the quotation may be taken from.";
    {
        verdict: Verdict = "Comment elle se rapporte à cet endroit.", "How it stands to this place.";
        lang: Lang = "La langue de ce texte.", "The language of this text.";
        from: String = "L’adresse de la première phrase ; vide pour la ligne au-dessus du premier titre.",
            "The address of the first sentence; empty for the line above the first heading.";
        to: String = "L’adresse de la dernière.", "The address of the last.";
        label: String = "Comment on nomme la première.", "How the first is named.";
        url: Url = "Sa page.", "Its page.";
        words: String = "Les mots du texte, du premier au dernier.", "The text’s own words, from first to last.";
        stretches: Vec<Stretch> = "Où, paragraphe par paragraphe.", "Where, paragraph by paragraph.";
        begins_within: bool = "Si la phrase commence avant.", "Whether the sentence begins before.";
        ends_within: bool = "Si la phrase continue après.", "Whether the sentence goes on after.";
        typography: Vec<Typography> = "Ce qui diffère dans la typographie.", "What differs in typography.";
        pieces: Vec<Piece> = "La comparaison, morceau par morceau.", "The comparison, piece by piece.";
        cautions: Vec<Warning> = "Ce que devrait savoir qui lit la citation.", "What a reader of the quotation should know.";
        similarity: u8 = "La part des mots qui sont les mêmes, sur cent.", "How much of the words is the same, of a hundred.";
    }
    struct Stretch = "Une partie d’un paragraphe, ou d’un titre.", "A part of a paragraph, or of a heading.";
    {
        slug: String = "Son adresse dans le plan.", "Its address in the plan.";
        bytes: [usize; 2] = "Début et fin (exclue), en octets UTF-8.", "Start and end (exclusive), in bytes of UTF-8.";
        chars: [usize; 2] = "Début et fin (exclue), en caractères (points de code Unicode).",
            "Start and end (exclusive), in characters (Unicode code points).";
    }
    struct Piece = "Un morceau de la comparaison.", "A piece of the comparison.";
    {
        kind: PieceKind = "Ce qui lui est arrivé.", "What happened to it.";
        quoted: String = "Les mots de la citation.", "The quotation’s words.";
        original: String = "Les mots du texte.", "The text’s words.";
        slight: Option<Slight> = "Ce qui change sans toucher un mot.", "What changes without touching a word.";
        marked: bool = "Si la citation le dit.", "Whether the quotation says so.";
    }
    struct Warning = "Ce que devrait savoir qui lit la citation.", "What a reader of the quotation should know.";
    {
        kind: &'static str = "Une réserve ôtée, une négation, un degré d’obligation, un nombre.",
            "A caveat taken away, a denial, a degree of obligation, a number: `caveat`, `negation`, `strength`, `number`.";
        slug: String = "L’adresse de la phrase.", "The sentence’s address.";
        by: By = "Ce qui a fait la différence.", "What made the difference.";
        original: String = "Les mots du texte.", "The words in the text.";
        quoted: String = "Les mots de la citation ; vide s’il n’y en a pas.", "The words in the quotation; empty if there are none.";
    }
    struct Nearest = "Une phrase qui partage des mots avec la citation.", "A sentence that shares words with the quotation.";
    {
        lang: Lang = "Sa langue.", "Its language.";
        slug: String = "Son adresse dans le plan.", "Its address in the plan.";
        url: Url = "Sa page.", "Its page.";
        words: String = "Ses mots.", "Its words.";
        similarity: u8 = "La part des mots en commun, sur cent.", "How many words both have, of a hundred.";
    }
}

named! {
    Verdict: "exact" | "typography" | "marked" | "altered" | "not_found";
    Typography: "apostrophes" | "quotation_marks" | "spaces" | "line_breaks" | "dashes" | "invisible" | "letters"
        | "capital_accents" | "first_letter" | "bracketed_letter" | "hyphenation" | "numbering" | "end_mark";
    PieceKind: "kept" | "added" | "left_out" | "changed" | "omitted" | "inserted";
    Slight: "case" | "accents" | "punctuation";
    By: "ellipsis" | "insertion" | "change" | "cut";
}

/// Text that is short enough to be held against the plan.
#[derive(serde::Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Quotation(String);

impl TryFrom<String> for Quotation {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.chars().count() {
            0 => Err("a quotation has at least one character".to_owned()),
            n if n > LONGEST => Err(format!("a quotation has at most {LONGEST} characters")),
            _ => Ok(Quotation(text)),
        }
    }
}

impl Shape for Quotation {
    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "string", "minLength": 1, "maxLength": LONGEST })
    }
}

/// What is posted. Fields it does not know are refused, as parameters are.
#[derive(serde::Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    quotation: Quotation,
}

impl Shape for Question {
    fn schema(schemas: &mut Schemas) -> Value {
        schemas.named("Question", |schemas| {
            let about = says(
                "La citation, avec ou sans guillemets ; `[…]` et `[mots]` disent ce qu’on y a changé.",
                "The quotation, with or without quotation marks; `[…]` and `[words]` say what was changed.",
            );
            let fields = vec![("quotation", Quotation::schema(schemas), about)];
            let mut schema = schemas.object(says("Une citation à vérifier.", "A quotation to check."), fields);
            schema["additionalProperties"] = false.into();
            schema
        })
    }
}

/// What an address can hold.
const IN_ADDRESS: usize = 2000;

parameters! {
    struct Asked {
        q: Text<IN_ADDRESS> = "La citation. De plus longues se demandent par POST.",
            "The quotation. Longer ones are asked by POST.";
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let about = says(
        "Si une citation est ce que dit le texte, et ce qui diffère.",
        "Whether a quotation is what the text says, and what differs.",
    );
    vec![
        Operation::get(
            "checkQuote",
            "/quote-check",
            "/quote-check?q={opening}",
            about,
            |ask, Asked { q: Text(quotation) }: Asked| Ok(check(ask, &quotation)),
        ),
        Operation::post(
            "checkLongQuote",
            "/quote-check",
            ("/quote-check", json!({ "quotation": "{opening} […] {closing}" })),
            about,
            |ask, (), Question { quotation: Quotation(quotation) }: Question| Ok(check(ask, &quotation)),
        ),
    ]
}

fn check(ask: &Ask<'_>, quotation: &str) -> Check {
    let report = match ask.api.plans.check(quotation) {
        Ok(report) => report,
        Err(refused) => {
            let reason = match refused {
                Refused::Empty => "empty",
                Refused::NoWords => "no_words",
                Refused::TooShort => "too_short",
                Refused::TooLong { .. } => "too_long",
                Refused::TooManyMarks { .. } => "too_many_marks",
            };
            let refused = Some(Unchecked { reason, detail: refused.to_string() });
            return Check { verdict: None, refused, total: 0, found: Vec::new(), nearest: None };
        }
    };
    Check {
        verdict: Some(report.verdict),
        refused: None,
        total: report.total,
        found: report.found.into_iter().map(|found| here(ask, found)).collect(),
        nearest: report.nearest.map(|near| Nearest {
            url: page(ask, &near.slug, near.lang),
            lang: near.lang,
            slug: near.slug,
            words: near.words,
            similarity: near.similarity,
        }),
    }
}

fn here(ask: &Ask<'_>, found: Here) -> Found {
    let document = ask.api.document(found.lang);
    let plain = |slug: &str| document.find(slug).map_or_else(|| document.preface.plain(), |place| place.plain());
    let stretches = found.stretches.into_iter().map(|stretch| {
        let text = plain(&stretch.slug);
        let chars = |to: usize| text.get(..to).map_or(0, |before| before.chars().count());
        Stretch {
            bytes: [stretch.start, stretch.end],
            chars: [chars(stretch.start), chars(stretch.end)],
            slug: stretch.slug,
        }
    });
    Found {
        verdict: found.verdict,
        lang: found.lang,
        label: document.find(&found.from).map(|place| place.label(found.lang)).unwrap_or_default(),
        url: page(ask, &found.from, found.lang),
        from: found.from,
        to: found.to,
        words: found.words,
        stretches: stretches.collect(),
        begins_within: found.begins_within,
        ends_within: found.ends_within,
        typography: found.typography,
        pieces: found
            .pieces
            .into_iter()
            .map(|piece| Piece {
                kind: piece.kind,
                quoted: piece.quoted,
                original: piece.original,
                slight: piece.slight,
                marked: piece.marked,
            })
            .collect(),
        cautions: found.cautions.into_iter().map(warning).collect(),
        similarity: found.similarity,
    }
}

fn warning(caution: Caution) -> Warning {
    let (kind, Change { slug, by, original, quoted }) = match caution {
        Caution::Caveat { slug, by, phrase } => {
            ("caveat", Change { slug, by, original: phrase, quoted: String::new() })
        }
        Caution::Negation(change) => ("negation", change),
        Caution::Strength(change) => ("strength", change),
        Caution::Number(change) => ("number", change),
    };
    Warning { kind, slug, by, original, quoted }
}

/// The page of a place; that of the plan for the line above the first heading.
fn page(ask: &Ask<'_>, slug: &str, lang: Lang) -> Url {
    if slug.is_empty() { ask.api.page(&To::Plan, lang) } else { ask.api.place(slug, lang) }
}
