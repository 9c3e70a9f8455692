//! The search held to the queries of `bench/queries.json`: for each the paragraphs that a reader would want.

#![cfg(feature = "content")]

use plan::Lang;
use plan::search::{EntryKind, Index};
use serde_json::Value;
use std::collections::BTreeSet;

const QUERIES: &str = include_str!("../../bench/queries.json");

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap()
}

/// The mean of F1 over the queries of a language, and the queries that have no hit.
fn judge(lang: Lang) -> (f64, Vec<String>) {
    let index = Index::of(&plan::content::load(lang));
    let (mut sum, mut count, mut unanswered) = (0.0, 0, Vec::new());
    for case in serde_json::from_str::<Vec<Value>>(QUERIES).unwrap() {
        if text(&case, "lang") != lang.tag() {
            continue;
        }
        let query = text(&case, "q");
        let wanted: BTreeSet<&str> = case["relevant"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let hits = index.search(query, 999).hits;
        let found: BTreeSet<&str> =
            hits.iter().filter(|hit| hit.kind == EntryKind::Text).map(|hit| hit.slug.as_str()).collect();
        if found.is_empty() {
            unanswered.push(query.to_owned());
        }
        sum += 2.0 * found.intersection(&wanted).count() as f64 / (found.len() + wanted.len()) as f64;
        count += 1;
    }
    (sum / f64::from(count), unanswered)
}

#[test]
fn french_queries_find_what_is_wanted_and_little_else() {
    let (f1, unanswered) = judge(Lang::Fr);
    assert!(f1 > 0.95, "F1 is {f1:.3}");
    assert_eq!(unanswered, [""; 0]);
}

#[test]
fn english_queries_find_what_is_wanted_and_little_else() {
    let (f1, unanswered) = judge(Lang::En);
    assert!(f1 > 0.95, "F1 is {f1:.3}");
    assert_eq!(unanswered, [""; 0]);
}
