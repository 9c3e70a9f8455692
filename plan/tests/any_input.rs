//! No input makes the crate panic, and what it takes in it keeps.
#![cfg(feature = "xml")]
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use plan::{Lang, akn, import};
use proptest::prelude::*;

fn profile() -> import::Profile {
    toml::from_str(include_str!("../content/plan.toml")).unwrap()
}

fn names() -> import::Names {
    toml::from_str(include_str!("../content/entities.toml")).unwrap()
}

/// A text of roughly our shape, with everything that may go wrong in one.
fn any_source() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[A-Za-zÀ-ÿ’ ]{1,30}",
        "Mesure [0-9]{1,6} ?: [a-zà-ÿ ]{0,20}",
        " {1,4}[0-9]{1,3}\\. .{0,80}",
        " {2,4}• .{0,40}",
        Just("\u{a0} ".to_owned()),
        "\\PC{0,40}",
    ];
    proptest::collection::vec(line, 0..30).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn any_text_is_taken_in_or_refused_with_its_line(source in any_source()) {
        match import::import(&source, Lang::Fr, &profile(), &names()) {
            Ok(document) => prop_assert_eq!(akn::read(&akn::write(&document)).unwrap(), document),
            Err(error) => prop_assert!(error.line >= 1 && error.line <= source.lines().count().max(1)),
        }
    }

    #[test]
    fn any_characters_are_split_into_sentences_without_loss(text in "\\PC{0,200}") {
        let joined: String = import::sentences(&text).into_iter().map(|(sentence, gap)| format!("{sentence}{gap}")).collect();
        prop_assert_eq!(joined, text);
    }

    #[test]
    fn names_are_marked_without_changing_a_word(text in "(OTAN|DIPB|Alliés|l’|de |\\PC){0,60}") {
        prop_assert_eq!(import::name_runs(&text, Lang::Fr, &names()).plain(), text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(xml in "\\PC{0,400}") {
        drop(akn::read(&xml));
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(at in 0usize..40_000, with in "\\PC{0,8}", length in 0usize..200) {
        let whole = include_str!("../content/fra.xml");
        let floor = |mut at: usize| { while !whole.is_char_boundary(at) { at -= 1; } at };
        let from = floor(at.min(whole.len()));
        let to = floor((from + length).min(whole.len())).max(from);
        drop(akn::read(&format!("{}{with}{}", &whole[..from], &whole[to..])));
    }

    #[test]
    fn any_address_is_found_or_not(address in "\\PC{0,20}|[mp¶]?[0-9.]{0,8}") {
        let document = akn::read(include_str!("../content/fra.xml")).unwrap();
        if let Some(place) = document.find(&address) {
            prop_assert!(!place.label(Lang::En).is_empty());
        }
    }
}

#[test]
fn a_misshapen_text_is_refused_with_its_line() {
    for (source, line) in [
        ("", 1),
        ("Préface\n  1. Un paragraphe sans titre.", 2),
        ("Préface\nTitre\n    • une puce seule", 3),
        ("Préface\nTitre\n  ni numéro ni puce", 3),
        ("Préface\nMesure 1 : sans pilier", 2),
    ] {
        let error = import::import(source, Lang::Fr, &profile(), &names()).unwrap_err();
        assert_eq!(error.line, line, "{source:?}: {error}");
    }
}

#[test]
fn sentences_end_where_a_reader_would_end_them() {
    let split = |text| import::sentences(text).into_iter().map(|(sentence, _)| sentence).collect::<Vec<_>>();
    assert_eq!(split("Un. Deux ! Trois ? « Quatre. » Cinq…"), ["Un.", "Deux !", "Trois ?", "« Quatre. »", "Cinq…"]);
    assert_eq!(split("M. Dupont et l’art. 5 restent entiers."), ["M. Dupont et l’art. 5 restent entiers."]);
    assert_eq!(split("J. K. Martin l’a dit. Et après."), ["J. K. Martin l’a dit.", "Et après."]);
    assert_eq!(split("3,5 % et 1.000 ne coupent pas. Voilà."), ["3,5 % et 1.000 ne coupent pas.", "Voilà."]);
    assert_eq!(split("Sans point"), ["Sans point"]);
    assert!(split("").is_empty());
}
