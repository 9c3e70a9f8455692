//! The search held to the plan itself: nothing that stands there is missed, mistyped or not.

use plan::Lang;
use plan::search::{Builder, Entry, EntryKind, Index};
use std::collections::BTreeSet;

/// Every line of the source an entry.
fn corpus(lang: Lang) -> Index {
    let source = match lang {
        Lang::Fr => include_str!("../content/source/plan.fr.txt"),
        Lang::En => include_str!("../content/source/plan.en.txt"),
    };
    let mut builder = Builder::new(lang, &[]);
    for (number, line) in source.lines().enumerate() {
        builder.add(Entry { slug: format!("line{number}"), kind: EntryKind::Text, text: line.to_owned() });
    }
    builder.finish()
}

/// The words of the source, in lower case, without what an apostrophe cuts off.
fn words(index: &Index) -> BTreeSet<String> {
    let texts = index.entries().iter().flat_map(|entry| entry.text.split(|c: char| !c.is_alphanumeric()));
    texts
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 2 && !["jusqu", "lorsqu", "aujourd", "hui"].contains(&word.as_str()))
        .collect()
}

#[test]
fn every_word_finds_every_line_that_holds_it() {
    for lang in Lang::ALL {
        let index = corpus(lang);
        for word in words(&index) {
            let found: BTreeSet<String> = index.search(&word, 999).hits.into_iter().map(|hit| hit.slug).collect();
            for entry in index.entries() {
                let holds = entry.text.split(|c: char| !c.is_alphanumeric()).any(|other| other.to_lowercase() == word);
                assert!(!holds || found.contains(&entry.slug), "{word} in {}", entry.slug);
            }
        }
    }
}

#[test]
fn no_word_with_one_typing_error_is_without_a_hit() {
    for lang in Lang::ALL {
        let index = corpus(lang);
        for word in words(&index).iter().step_by(2) {
            let letters: Vec<char> = word.chars().collect();
            if letters.len() < 5 || word.contains(|c: char| c.is_numeric() || c == 'œ') {
                continue;
            }
            for at in (letters.len() % 3..letters.len()).step_by(3) {
                let with = |edit: &dyn Fn(&mut Vec<char>)| -> String {
                    let mut mistyped = letters.clone();
                    edit(&mut mistyped);
                    mistyped.into_iter().collect()
                };
                let mistyped = [
                    with(&|letters| letters.splice(at..=at, []).for_each(drop)),
                    with(&|letters| letters.insert(at, 'x')),
                    with(&|letters| letters[at] = 'w'),
                    with(&|letters| letters[at.saturating_sub(1)..=at.max(1)].reverse()),
                ];
                for query in mistyped {
                    assert!(index.search(&(query.clone() + " "), 1).total > 0, "{query} for {word}");
                }
            }
        }
    }
}

#[test]
fn every_beginning_of_a_word_finds_it() {
    for lang in Lang::ALL {
        let index = corpus(lang);
        for word in words(&index).iter().step_by(5) {
            for (end, _) in word.char_indices().skip(1) {
                assert!(index.search(&word[..end], 1).total > 0, "{} of {word}", &word[..end]);
            }
        }
    }
}

#[test]
fn every_line_in_quotation_marks_finds_itself() {
    for lang in Lang::ALL {
        let index = corpus(lang);
        for entry in index.entries() {
            let some: Vec<&str> = entry.text.split_whitespace().take(12).collect();
            let query = some.join(" ").replace(['«', '»', '“', '”'], "");
            if query.chars().any(char::is_alphabetic) {
                let hits = index.search(&format!("« {query} »"), 999).hits;
                assert!(hits.iter().any(|hit| hit.slug == entry.slug), "{query}");
            }
        }
    }
}
