//! `cargo run --release -p plan --features content --example quote`
//!
//! Checks each quotation of `plan/tests/quote/quotations.toml`, and long ones made of the plan, against the plan in both
//! languages, and says how long it takes. With arguments: checks each of them and prints the report as Rust's own
//! notation.

use plan::quote::{Checker, LONGEST};
use plan::{Lang, content};
use serde::Deserialize;
use std::error::Error;
use std::io::Write as _;
use std::time::{Duration, Instant};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    quote: String,
}

/// The shortest of some tries: what the work costs, without what else the machine does.
fn time<T>(tries: usize, mut work: impl FnMut() -> T) -> Duration {
    let once = || {
        let since = Instant::now();
        std::hint::black_box(work());
        since.elapsed()
    };
    std::iter::repeat_with(once).take(tries).min().unwrap_or_default()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    let documents = Lang::ALL.map(content::load);
    let gloss = content::gloss();
    let checker = Checker::with_gloss(&documents.each_ref(), &gloss);
    let quotations: Vec<String> = std::env::args().skip(1).collect();
    for quotation in &quotations {
        writeln!(out, "{:#?}", checker.check(quotation))?;
    }
    if !quotations.is_empty() {
        return Ok(());
    }

    let ready = time(20, || Checker::with_gloss(&documents.each_ref(), &gloss));
    writeln!(out, "{:>8.0?}  to make the documents ready, once", ready)?;
    let cases: Cases = toml::from_str(include_str!("../tests/quote/quotations.toml"))?;
    let mut times: Vec<(Duration, String)> =
        cases.case.into_iter().map(|case| (time(20, || checker.check(&case.quote)), case.quote)).collect();
    times.sort();
    writeln!(out, "{:>8.0?}  median of {} quotations", times[times.len() / 2].0, times.len())?;
    if let Some((slowest, quotation)) = times.pop() {
        writeln!(out, "{slowest:>8.0?}  the slowest: {quotation:.60}")?;
    }
    let whole: String = documents[0].paragraphs().map(|(.., paragraph)| paragraph.plain() + "\n").collect();
    let words: Vec<&str> = whole.split_whitespace().collect();
    let changed = words.iter().enumerate().map(|(at, word)| if at % 7 == 0 { "zeppelin" } else { word });
    let backwards: Vec<&str> = words.iter().rev().copied().collect();
    for (what, text) in [
        ("the whole plan, as far as it is read", whole.clone()),
        ("the same, every seventh word another", changed.collect::<Vec<_>>().join(" ")),
        ("the same, backwards", backwards.join(" ")),
        ("one word over and over", "production ".repeat(LONGEST)),
    ] {
        let text: String = text.chars().take(LONGEST).collect();
        writeln!(out, "{:>8.0?}  {what}", time(20, || checker.check(&text)))?;
    }
    Ok(())
}
