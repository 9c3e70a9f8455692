//! The quote checker held to the plan: the quotations of `quote/quotations.toml`, and what holds for any.
#![cfg(feature = "content")]
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use plan::quote::{By, Caution, Caveat, Change, Checker, Found, PieceKind, Refused, Report, Typography, Verdict};
use plan::{Document, Lang, content};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;

static DOCUMENTS: LazyLock<[Document; 2]> = LazyLock::new(|| Lang::ALL.map(content::load));
static CHECKER: LazyLock<Checker> = LazyLock::new(|| {
    let phrases = [
        (Lang::Fr, "lorsqu'il y a lieu"),
        (Lang::Fr, "le cas échéant"),
        (Lang::Fr, "selon les besoins"),
        (Lang::Fr, "selon qu'il convient"),
        (Lang::Fr, "autant que faire se peut"),
        (Lang::Fr, "comme il convient"),
        (Lang::Fr, "comme il conviendra"),
        (Lang::En, "where relevant"),
        (Lang::En, "where applicable"),
        (Lang::En, "as required"),
        (Lang::En, "as appropriate"),
        (Lang::En, "as far as possible"),
    ];
    Checker::new(&DOCUMENTS.each_ref(), &phrases.map(|(lang, phrase)| Caveat { lang, slug: "", phrase }))
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    quote: String,
    verdict: String,
    at: Option<Vec<String>>,
    typography: Option<Vec<Typography>>,
    pieces: Option<Vec<String>>,
    cautions: Option<Vec<String>>,
    nearest: Option<String>,
}

/// The name that a value has in JSON: of an enum's variant, or its `reason`.
fn name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        Value::String(name) => name,
        other => other["reason"].as_str().unwrap().to_owned(),
    }
}

fn addresses(found: &Found) -> String {
    if found.from == found.to { found.from.clone() } else { format!("{}–{}", found.from, found.to) }
}

fn departures(found: &Found) -> Vec<String> {
    let departures = found.pieces.iter().filter(|piece| piece.kind != PieceKind::Kept);
    departures.map(|p| format!("{}|{}|{}", name(&p.kind), p.quoted.trim(), p.original.trim())).collect()
}

fn caution(caution: &Caution) -> String {
    let change =
        |kind: &str, Change { by, original, quoted, .. }: &Change| format!("{kind}|{}|{original}|{quoted}", name(by));
    match caution {
        Caution::Caveat { by, phrase, .. } => format!("caveat|{}|{phrase}", name(by)),
        Caution::Negation(of) => change("negation", of),
        Caution::Strength(of) => change("strength", of),
        Caution::Number(of) => change("number", of),
    }
}

#[test]
fn every_quotation_of_the_set_is_judged_as_it_should_be() {
    let cases: Cases = toml::from_str(include_str!("quote/quotations.toml")).unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let mut expect = |what: &str, is: String, should: String| {
            if is != should {
                wrong.push(format!("{:?}\n  {what}: {is}\n  expected: {should}", case.quote));
            }
        };
        let report = match CHECKER.check(&case.quote) {
            Ok(report) => report,
            Err(refused) => {
                expect("refused", name(&refused), case.verdict.clone());
                continue;
            }
        };
        expect("verdict", name(&report.verdict), case.verdict.clone());
        let first = report.found.first();
        if let Some(at) = &case.at {
            expect("at", format!("{:?}", report.found.iter().map(addresses).collect::<Vec<_>>()), format!("{at:?}"));
        }
        if let Some(typography) = &case.typography {
            expect("typography", format!("{:?}", first.map(|f| &f.typography)), format!("{:?}", Some(typography)));
        }
        if let Some(pieces) = &case.pieces {
            expect("pieces", format!("{:?}", first.map(departures)), format!("{:?}", Some(pieces)));
        }
        if let Some(cautions) = &case.cautions {
            let is: Option<Vec<String>> = first.map(|found| found.cautions.iter().map(caution).collect());
            expect("cautions", format!("{is:?}"), format!("{:?}", Some(cautions)));
        }
        if let Some(nearest) = &case.nearest {
            let is = report.nearest.as_ref().map_or("", |nearest| &nearest.slug);
            expect("nearest", is.to_owned(), nearest.clone());
        }
    }
    assert!(cases.case.len() >= 40, "a set of {}", cases.case.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What every report must keep to, whatever was asked.
fn holds(quotation: &str, report: &Report) {
    assert_eq!(report.verdict, report.found.first().map_or(Verdict::NotFound, |found| found.verdict));
    assert!(report.found.is_sorted_by_key(|found| found.verdict) && report.found.len() <= report.total);
    for found in &report.found {
        let document = DOCUMENTS.iter().find(|document| document.lang == found.lang).unwrap();
        let plain = |slug: &str| match slug {
            "" => document.preface.plain(),
            slug => document.find(slug).unwrap().plain(),
        };
        // The stretches are the words.
        let stretches: Vec<String> =
            found.stretches.iter().map(|s| plain(&s.slug)[s.start..s.end].to_owned()).collect();
        assert_eq!(stretches.join("\n"), found.words);
        // The pieces are both texts.
        let originals: String = found.pieces.iter().map(|piece| piece.original.as_str()).collect();
        assert_eq!(originals, found.words);
        let quoted: String = found.pieces.iter().map(|piece| piece.quoted.as_str()).collect();
        assert!(quotation.contains(&quoted), "{quoted:?} of {quotation:?}");
        assert!(found.pieces.windows(2).all(|two| two[0].kind != PieceKind::Kept || two[1].kind != PieceKind::Kept));
        assert_eq!(found.verdict == Verdict::Exact, found.typography.is_empty() && departures(found).is_empty());
        assert!(found.similarity <= 100);
        assert!(plain(&found.from).contains(found.words.split('\n').next().unwrap()) || found.from != found.to);
    }
    let json = serde_json::to_string(report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), *report);
}

#[test]
fn every_sentence_bullet_and_heading_is_found_where_it_stands() {
    for document in &*DOCUMENTS {
        for place in document.places() {
            let report = CHECKER.check(&place.plain()).unwrap();
            holds(&place.plain(), &report);
            let begins = |found: &Found| found.from == place.slug() || found.stretches[0].slug == place.slug();
            assert_eq!(report.verdict, Verdict::Exact, "{}", place.slug());
            assert!(report.found.iter().any(|found| found.lang == document.lang && begins(found)), "{}", place.slug());
        }
    }
}

/// A run of words of the text.
fn any_passage() -> impl Strategy<Value = (Lang, String)> {
    (0usize..2, 0usize..2_000, 4usize..60).prop_map(|(lang, from, length)| {
        let document = &DOCUMENTS[lang];
        let paragraphs: Vec<_> = document.paragraphs().collect();
        let plain = paragraphs[from % paragraphs.len()].2.plain();
        let words: Vec<&str> = plain.split_inclusive(char::is_whitespace).collect();
        let from = from % words.len();
        let passage: String = words[from..(from + length).min(words.len())].concat();
        (document.lang, passage.trim().to_owned())
    })
}

proptest! {
    #[test]
    fn any_passage_is_exact((lang, passage) in any_passage()) {
        match CHECKER.check(&passage) {
            Ok(report) => {
                holds(&passage, &report);
                // The source's own double spaces are shown, and compared, as one.
                prop_assert_eq!(report.verdict, Verdict::Exact);
                prop_assert!(report.found.iter().any(|found| found.lang == lang));
            }
            Err(refused) => prop_assert!(matches!(refused, Refused::TooShort | Refused::NoWords)),
        }
    }

    #[test]
    fn any_passage_in_another_typography_is_found((_, passage) in any_passage(), dress in 0usize..5) {
        let dressed = match dress {
            0 => passage.replace('’', "'"),
            1 => format!("“{}”.", passage.replace(' ', "\u{A0}")),
            2 => passage.replace(' ', "\r\n"),
            3 => passage.replace('é', "e\u{301}").replace('œ', "oe"),
            _ => format!("« {} »", passage.replace('–', "--").replace('e', "e\u{AD}")),
        };
        if let Ok(report) = CHECKER.check(&dressed) {
            holds(&dressed, &report);
            prop_assert!(matches!(report.verdict, Verdict::Exact | Verdict::Typography), "{:?}", report);
        }
    }

    #[test]
    fn words_taken_out_are_seen_and_an_ellipsis_makes_it_honest((_, passage) in any_passage(), from in 2usize..40, count in 1usize..20) {
        let words: Vec<&str> = passage.split(' ').collect();
        // Too short a passage is no case; refusing it would use up the tries.
        if from + count + 2 >= words.len() || !words[from..from + count].concat().contains(char::is_alphanumeric) {
            return Ok(());
        }
        let (before, after) = (words[..from].join(" "), words[from + count..].join(" "));
        let honest = format!("{before} […] {after}");
        if let Ok(report) = CHECKER.check(&honest) {
            holds(&honest, &report);
            prop_assert!(report.verdict <= Verdict::Marked, "{:?}", report);
        }
        let silent = format!("{before} {after}");
        if let Ok(report) = CHECKER.check(&silent) {
            holds(&silent, &report);
            prop_assert!(report.verdict >= Verdict::Altered || report.found[0].words != passage, "{:?}", report);
        }
    }

    #[test]
    fn one_word_changed_is_shown((_, passage) in any_passage(), at in any::<prop::sample::Index>()) {
        let words: Vec<&str> = passage.split(' ').collect();
        let at = at.index(words.len());
        if words.len() <= 8 || words[at].is_empty() || !words[at].chars().all(char::is_alphabetic) {
            return Ok(());
        }
        let changed = [&words[..at], &["zeppelin"], &words[at + 1..]].concat().join(" ");
        let report = CHECKER.check(&changed).unwrap();
        holds(&changed, &report);
        prop_assert_eq!(report.verdict, Verdict::Altered);
        let shown: Vec<_> = report.found[0].pieces.iter().filter(|p| p.kind != PieceKind::Kept).collect();
        prop_assert!(shown.len() == 1 && shown[0].quoted.contains("zeppelin"), "{:?}", shown);
    }

    #[test]
    fn any_text_is_judged_or_refused(text in "(\\PC|Alliés|l’OTAN| de la |[…]|\\.\\.\\.|\\[|\\]|\n|-\n|[0-9]\\.|doivent|production| ){0,80}") {
        if let Ok(report) = CHECKER.check(&text) {
            holds(&text, &report);
        }
    }

    #[test]
    fn any_documents_will_do(words in proptest::collection::vec("[a-c ,.’\\[\\]…\n]{0,12}", 0..6), text in "[a-c ,.’\\[\\]…]{0,20}") {
        let mut document = DOCUMENTS[0].clone();
        document.sections.truncate(1);
        let section = &mut document.sections[0];
        section.paragraphs.truncate(words.len());
        for (paragraph, words) in section.paragraphs.iter_mut().zip(&words) {
            let plan::Body::Prose(sentences) = &mut paragraph.body else { continue };
            sentences.truncate(1);
            sentences[0].text.runs.truncate(1);
            sentences[0].text.runs[0].text.clone_from(words);
        }
        document.preface.runs.clear();
        section.heading.runs.clear();
        drop(plan::quote::check(&[&document, &document], &[], &text));
    }
}

#[test]
fn a_caveat_counts_where_its_address_says() {
    let quotation = "réduire et à éliminer […] les obstacles ou barrières potentiels";
    for (slug, warned) in [("", true), ("m7", true), ("m7.3.s1", true), ("m7.2", false), ("m", false)] {
        let caveat = Caveat { lang: Lang::Fr, slug, phrase: "comme il conviendra" };
        let report = Checker::new(&[&DOCUMENTS[0]], &[caveat]).check(quotation).unwrap();
        assert_eq!(report.found[0].cautions.len(), usize::from(warned), "{slug}");
        assert!(report.found[0].cautions.iter().all(|c| matches!(c, Caution::Caveat { by: By::Ellipsis, .. })));
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let long = "mot ".repeat(5_001);
    assert_eq!(CHECKER.check(&long), Err(Refused::TooLong { characters: 20_004 }));
    let marked = "Alliés […] ".repeat(150);
    assert_eq!(CHECKER.check(&marked), Err(Refused::TooManyMarks { marks: 150 }));
}

#[test]
fn no_documents_no_finding() {
    let report = Checker::new(&[], &[]).check("Les Alliés").unwrap();
    assert_eq!((report.verdict, report.nearest), (Verdict::NotFound, None));
}
