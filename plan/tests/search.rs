//! What a reader may type and what is found.

use plan::Lang;
use plan::search::{Builder, Entry, EntryKind, Hit, Index, Results};
use proptest::prelude::*;

fn index(lang: Lang, synonyms: &[&[&str]], entries: &[(&str, EntryKind, &str)]) -> Index {
    let synonyms: Vec<Vec<String>> =
        synonyms.iter().map(|group| group.iter().map(|word| (*word).to_owned()).collect()).collect();
    let mut builder = Builder::new(lang, &synonyms);
    for (slug, kind, text) in entries {
        builder.add(Entry { slug: (*slug).to_owned(), kind: *kind, text: (*text).to_owned() });
    }
    builder.finish()
}

/// Paragraphs `1`, `2`, `3` … in French.
fn texts(texts: &[&str]) -> Index {
    let slugs: Vec<String> = (1..=texts.len()).map(|number| number.to_string()).collect();
    let entries: Vec<_> = slugs.iter().zip(texts).map(|(slug, text)| (slug.as_str(), EntryKind::Text, *text)).collect();
    index(Lang::Fr, &[], &entries)
}

/// The slugs found, the best first.
fn slugs(results: &Results) -> Vec<&str> {
    results.hits.iter().map(|hit| hit.slug.as_str()).collect()
}

#[track_caller]
fn finds(index: &Index, query: &str, expected: &[&str]) {
    assert_eq!(slugs(&index.search(query, 100)), expected, "{query}");
}

fn marked(hit: &Hit) -> Vec<&str> {
    hit.marks.iter().map(|(start, end)| &hit.text[*start..*end]).collect()
}

#[test]
fn accents_are_free() {
    let index = texts(&["L’interopérabilité à l’échelle de l’Alliance", "La Corée"]);
    for query in ["interopérabilité", "interoperabilite", "INTEROPÉRABILITÉ", "interope\u{301}rabilite\u{301}"] {
        finds(&index, query, &["1"]);
    }
    finds(&index, "coree", &["2"]);
    finds(&index, "Côrée", &["2"]);
}

#[test]
fn an_elided_article_is_no_obstacle() {
    let index = texts(&["Les plans de l’OTAN", "Jusqu’au sommet d'Ankara"]);
    for query in ["OTAN", "l'OTAN", "l’otan", "L'Otan", "d’OTAN", "qu'OTAN"] {
        finds(&index, query, &["1"]);
    }
    finds(&index, "Ankara", &["2"]);
    finds(&index, "jusqu'au sommet", &["2"]);
}

#[test]
fn ligatures_and_invisible_characters_are_free() {
    let index = texts(&["La mise en œuvre", "Les mu\u{AD}ni\u{AD}tions", "les\u{A0}stocks\u{202F}: deux"]);
    for query in ["œuvre", "oeuvre", "Œuvre", "OEUVRE", "œuv", "oeu"] {
        finds(&index, query, &["1"]);
    }
    finds(&index, "munitions", &["2"]);
    finds(&index, "\u{FEFF}mu\u{200B}nitions", &["2"]);
    finds(&index, "les\u{A0}stocks", &["3"]);
}

#[test]
fn the_last_word_may_be_unfinished() {
    let index = texts(&["La planification de la défense", "La production industrielle"]);
    finds(&index, "p", &["2", "1"]);
    finds(&index, "pl", &["1"]);
    finds(&index, "défense planif", &["1"]);
    finds(&index, "la produc", &["2"]);
}

#[test]
fn a_finished_word_brings_no_longer_ones() {
    let index =
        texts(&["Le plan", "La planification", "ACT", "Une action des acteurs", "Les standards", "La standardisation"]);
    finds(&index, "plan", &["1"]);
    finds(&index, "act", &["3"]);
    finds(&index, "standard", &["5"]);
}

#[test]
fn a_word_goes_on_if_nothing_else_fills_the_query() {
    let index = texts(&["Les acteurs de la production", "ACT"]);
    finds(&index, "act", &["2"]);
    finds(&index, "production act", &["1"]);
}

#[test]
fn every_inflection_is_found() {
    let index =
        texts(&["Ils continuent", "Elle continuera", "Les industriels nationaux", "Les travaux", "Ils soutiendront"]);
    for query in ["continuer", "continué", "continuons", "continuerait"] {
        finds(&index, query, &["1", "2"]);
    }
    finds(&index, "industrielle", &["3"]);
    finds(&index, "nationale ", &["3"]);
    finds(&index, "travail", &["4"]);
    finds(&index, "soutenir", &["5"]);
    finds(&index, "soutenue", &["5"]);
}

#[test]
fn the_family_is_found_when_nothing_nearer_is() {
    let index = texts(&["Une innovation", "La normalisation et la norme"]);
    finds(&index, "innover ", &["1"]);
    finds(&index, "normaliser ", &["2"]);
    assert_eq!(index.search("norme", 9).hits[0].because, ["norme"]);
}

#[test]
fn a_typing_error_is_forgiven() {
    let index = texts(&["Les munitions", "L’approvisionnement", "Interopérabilité"]);
    for query in ["munitons", "muntions", "munittions", "nunitions", "munitoins"] {
        finds(&index, query, &["1"]);
    }
    finds(&index, "aprovisionement", &["2"]);
    finds(&index, "interoperabilié", &["3"]);
    finds(&index, "munitons des", &["1"]);
}

#[test]
fn an_error_in_an_unfinished_word_is_forgiven() {
    finds(&texts(&["Les munitions", "La norme"]), "munot", &["1"]);
}

#[test]
fn no_error_is_seen_where_the_word_is_known() {
    let index = texts(&["Une crise", "Une frise"]);
    finds(&index, "crise", &["1"]);
    finds(&index, "frise", &["2"]);
    finds(&index, "brise", &["1", "2"]);
}

#[test]
fn short_words_and_numbers_are_never_mistyped() {
    let index = texts(&["ACT en 2023", "les 12 mois"]);
    finds(&index, "art", &[]);
    finds(&index, "2024", &[]);
    finds(&index, "13", &[]);
    finds(&index, "2023", &["1"]);
    finds(&index, "12", &["2"]);
}

#[test]
fn acronyms_are_words_with_or_without_points() {
    let index = texts(&["Le DIPB de l’O.T.A.N.", "L’UE et la R&D", "La dipbation"]);
    for query in ["dipb", "DIPB", "otan", "OTAN", "O.T.A.N.", "o.t.a.n"] {
        finds(&index, query, &["1"]);
    }
    finds(&index, "ue", &["2"]);
    finds(&index, "U.E.", &["2"]);
    finds(&index, "r&d", &["2"]);
}

#[test]
fn what_is_quoted_is_found_to_the_letter() {
    let index = texts(&[
        "La production industrielle de défense",
        "La défense et la production industrielle",
        "Les industries de défense",
    ]);
    for query in [
        "\"industrielle de défense\"",
        "« industrielle de défense »",
        "“Industrielle de Defense”",
        "\"industrielle de déf",
    ] {
        finds(&index, query, &["1"]);
    }
    finds(&index, "\"production industrielle\"", &["1", "2"]);
    finds(&index, "\"industrie de défense\"", &[]);
    finds(&index, "\"industries\"", &["3"]);
    finds(&index, "\"industrie\"", &[]);
    finds(&index, "\"industries de d", &["3"]);
}

#[test]
fn a_phrase_goes_with_other_words() {
    let index = texts(&["Le plan d’action de 2023", "Un plan pour l’action de 2023", "Le plan d’action de 2025"]);
    finds(&index, "\"plan d'action\" 2023", &["1"]);
    finds(&index, "2025 « plan d’action »", &["3"]);
    finds(&index, "\"plan d'action\" \"de 2025\"", &["3"]);
}

#[test]
fn hyphens_join_and_split() {
    let index = texts(&["Les start-ups innovantes", "Les startups", "Un contrat-cadre", "Une défense antimissile"]);
    for query in ["start-ups", "startups", "start ups", "Start‑Ups", "start-up", "startup", "start-u"] {
        let results = index.search(query, 9);
        let mut found = slugs(&results);
        found.sort_unstable();
        assert_eq!(found, ["1", "2"], "{query}");
        assert!(!results.hits[0].partial, "{query}");
    }
    for query in ["contrats-cadres", "contrat cadre", "contratcadre", "\"contrat-cadre\"", "\"contrat cadre\""] {
        finds(&index, query, &["3"]);
    }
    finds(&index, "anti-missile", &["4"]);
    finds(&index, "anti missile", &["4"]);
    finds(&index, "missile", &["4"]);
}

#[test]
fn synonyms_are_found_and_come_last() {
    let groups: &[&[&str]] =
        &[&["pme", "petites et moyennes entreprises"], &["obus", "munitions"], &["eu", "ue", "union européenne"]];
    let entries = [
        ("1", EntryKind::Text, "Les petites et moyennes entreprises"),
        ("2", EntryKind::Text, "Des munitions et des petites choses"),
        ("3", EntryKind::Text, "L’Union européenne"),
        ("4", EntryKind::Text, "Un obus, et l’UE"),
    ];
    let index = index(Lang::Fr, groups, &entries);
    finds(&index, "PME", &["1"]);
    assert_eq!(index.search("pme", 9).hits[0].because, ["petites et moyennes entreprises"]);
    finds(&index, "obus", &["4", "2"]);
    finds(&index, "munitions", &["2", "4"]);
    finds(&index, "ue", &["4", "3"]);
    finds(&index, "union européenne", &["3", "4"]);
    finds(&index, "eu obus", &["4"]);
}

#[test]
fn titles_come_first() {
    let entries = [
        ("m8.1", EntryKind::Text, "Munitions, munitions et encore des munitions"),
        ("m8", EntryKind::Title, "Mesure 8 : l’interchangeabilité des munitions OTAN"),
    ];
    finds(&index(Lang::Fr, &[], &entries), "munitions", &["m8", "m8.1"]);
}

#[test]
fn a_better_match_comes_before_many_poorer_ones() {
    let index =
        texts(&["Normes, normes, normes et normes encore", "Une norme parmi bien d’autres choses qui ne comptent pas"]);
    finds(&index, "norme", &["2", "1"]);
    finds(&index, "normes", &["1", "2"]);
}

#[test]
fn words_side_by_side_come_first() {
    let index = texts(&[
        "La capacité, dans ce long paragraphe qui parle de tout autre chose, est industrielle",
        "La capacité industrielle, dans ce long paragraphe qui parle aussi de tout autre chose, est",
    ]);
    finds(&index, "capacité industrielle", &["2", "1"]);
}

#[test]
fn all_words_before_some() {
    let index = texts(&["Munitions", "Artillerie", "Munitions et artillerie"]);
    finds(&index, "munitions artillerie", &["3"]);
    assert!(!index.search("munitions artillerie", 9).hits[0].partial);
}

#[test]
fn some_words_if_not_all_and_the_rarer_count_more() {
    let index = texts(&["Les normes de production", "La production", "Une production", "L’Ukraine"]);
    let results = index.search("production ukraine", 9);
    assert_eq!(slugs(&results), ["4"]);
    assert!(results.hits[0].partial);
    let results = index.search("normes production Atlantide", 9);
    assert_eq!(slugs(&results), ["1"]);
    assert!(results.hits[0].partial);
}

#[test]
fn common_words_count_only_by_themselves() {
    let index = texts(&["La production de munitions", "Les stocks"]);
    finds(&index, "la munition dans les", &["1"]);
    finds(&index, "les", &["2"]);
    finds(&index, "\"la production de\"", &["1"]);
}

#[test]
fn an_address_leads_to_its_place() {
    let entries = [
        ("m4", EntryKind::Title, "Mesure 4 : le Bureau"),
        ("m4.1", EntryKind::Text, "Le Bureau, 2 ateliers"),
        ("m4.2", EntryKind::Text, "Les munitions"),
        ("intro", EntryKind::Title, "Introduction"),
        ("intro.1", EntryKind::Text, "Une introduction"),
    ];
    let index = index(Lang::Fr, &[], &entries);
    finds(&index, "m4.2", &["m4.2"]);
    finds(&index, " M4.2 ", &["m4.2"]);
    finds(&index, "m4", &["m4"]);
    finds(&index, "m4.2.s3", &["m4.2"]);
    finds(&index, "¶2", &["m4.2"]);
    finds(&index, "¶ 3", &["intro.1"]);
    finds(&index, "intro", &["intro", "intro.1"]);
    assert!(!index.search("m4.2", 9).hits[0].partial);
    assert_eq!(index.search("m4.2", 9).hits[0].marks, []);
    assert_eq!(index.entry("m4.2").map(|entry| entry.text.as_str()), Some("Les munitions"));
    assert_eq!(index.entry("m9"), None);
}

#[test]
fn the_reason_is_in_the_words_of_the_text() {
    let index = texts(&["Les Munitions de l’OTAN ; des munitions d’artillerie et l’interopérabilité"]);
    let results = index.search("munition interoperabilit", 9);
    let hit = &results.hits[0];
    assert_eq!(hit.because, ["Munitions", "interopérabilité"]);
    assert_eq!(marked(hit), ["Munitions", "munitions", "interopérabilité"]);
    let results = index.search("\"munitions d'artillerie\"", 9);
    assert_eq!(marked(&results.hits[0]), ["munitions d’artillerie"]);
}

#[test]
fn a_compound_is_marked_whole() {
    let index = texts(&["Les start-ups d’ici"]);
    for query in ["startups", "start-ups", "start-ups ups"] {
        assert_eq!(marked(&index.search(query, 9).hits[0]), ["start-ups"], "{query}");
    }
}

#[test]
fn without_a_hit_there_are_suggestions() {
    let index = texts(&["L’interopérabilité", "Le DIPB", "La résilience"]);
    let results = index.search("interopirobolite", 9);
    assert_eq!((results.total, results.hits.len()), (0, 0));
    assert_eq!(results.suggestions, ["interopérabilité"]);
    assert_eq!(index.search("dpb", 9).suggestions, ["DIPB"]);
    assert!(index.search("résilience", 9).suggestions.is_empty());
}

#[test]
fn nothing_is_found_for_nothing() {
    let index = texts(&["Les munitions"]);
    for query in ["", " ", "\"\"", "\"", "« »", "...", "l'", "-", "\u{200B}", "?!", "¶", "¶0", "¶99999999999999999999"]
    {
        assert_eq!(index.search(query, 9), Results::default(), "{query:?}");
    }
    assert_eq!(texts(&[]).search("munitions", 9), Results::default());
    assert_eq!(texts(&["", "…"]).search("munitions", 9), Results::default());
}

#[test]
fn an_open_quotation_mark_does_not_open_the_word_before() {
    let index = texts(&["Un art de la production", "Un article de la production"]);
    finds(&index, "art \"la produc", &["1"]);
}

#[test]
fn a_very_long_query_does_no_harm() {
    let index = texts(&["Les munitions", "Les stocks"]);
    for piece in ["a", "é", "a.", "a-", "l'", "\"", "« a », ", "munition "] {
        index.search(&piece.repeat(100_000 / piece.len()), 9);
    }
}

#[test]
fn of_a_long_query_the_first_64_words_are_read() {
    let index = texts(&["Les munitions", "Les stocks"]);
    let long = "munitions ".repeat(64);
    finds(&index, &long, &["1"]);
    finds(&index, &(long + "stocks"), &["1"]);
}

#[test]
fn the_total_counts_what_the_limit_leaves_out() {
    let index = texts(&["stocks un", "stocks deux", "stocks trois"]);
    let results = index.search("stocks", 2);
    assert_eq!((results.hits.len(), results.total), (2, 3));
    assert_eq!(index.search("stocks", 0).total, 3);
    assert_eq!(slugs(&index.search("stocks", 2)), ["1", "2"], "equals in the order of the text");
}

#[test]
fn english_is_spoken_too() {
    let entries = [
        ("1", EntryKind::Text, "NATO’s capabilities were strengthened"),
        ("2", EntryKind::Text, "The technological edge of start-ups"),
        ("3", EntryKind::Text, "Decisions taken by Allies"),
    ];
    let index = index(Lang::En, &[&["defence", "defense"]], &entries);
    for query in ["nato", "NATO's", "capability", "strengthening", "capabilty", "strenghtened"] {
        finds(&index, query, &["1"]);
    }
    finds(&index, "the startup", &["2"]);
    finds(&index, "take decision", &["3"]);
    finds(&index, "Ally", &["3"]);
}

#[test]
fn an_excerpt_shows_the_densest_place() {
    let text = "Le stock. ".repeat(30) + "Des munitions en stock, oui. " + &"Et rien du tout ici. ".repeat(30);
    let index = texts(&[&text]);
    let results = index.search("munitions stock", 9);
    let excerpt = results.hits[0].excerpt(60);
    let shown: String = excerpt.pieces.iter().map(|(piece, _)| piece.as_str()).collect();
    assert!(shown.chars().count() <= 60);
    assert!(excerpt.cut_before && excerpt.cut_after);
    let marked: Vec<&str> =
        excerpt.pieces.iter().filter(|(_, marked)| *marked).map(|(piece, _)| piece.as_str()).collect();
    assert!(marked.contains(&"munitions") && marked.contains(&"stock"), "{marked:?}");
}

#[test]
fn a_short_text_is_its_own_excerpt() {
    let index = texts(&["Les munitions"]);
    let excerpt = index.search("munitions", 9).hits[0].excerpt(200);
    assert_eq!(excerpt.pieces, [("Les ".to_owned(), false), ("munitions".to_owned(), true)]);
    assert!(!excerpt.cut_before && !excerpt.cut_after);
}

#[test]
fn results_travel() {
    let results = texts(&["Les munitions"]).search("munitions", 9);
    let json = serde_json::to_string(&results).unwrap();
    assert_eq!(serde_json::from_str::<Results>(&json).unwrap(), results);
}

/// Words likely to meet, and anything.
fn any_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("l’OTAN"),
        Just("start-ups"),
        Just("munitions"),
        Just("munition"),
        Just("d'"),
        Just("«"),
        Just("\""),
        Just("de"),
        Just("interopérabilité"),
        Just("m4.2"),
        Just("¶2"),
        Just("œ"),
        Just("e\u{301}"),
        Just("2025"),
        Just("-"),
        Just("a"),
        Just("O.T.A.N."),
        Just("\u{200B}"),
        Just("ﬁ"),
        Just("ö̲"),
        Just("naïve’s"),
    ];
    let words = proptest::collection::vec(word, 0..12).prop_map(|words| words.join(" "));
    prop_oneof![words, any::<String>(), "[a-eé ’'\"-]{0,40}"]
}

proptest! {
    #[test]
    fn any_query_on_any_texts_is_answered_soundly(
        texts in proptest::collection::vec((any_text(), any::<bool>()), 0..8),
        synonyms in proptest::collection::vec(proptest::collection::vec(any_text(), 0..4), 0..3),
        query in any_text(),
        limit in 0..10usize,
        room in 0..50usize,
        french: bool,
    ) {
        let mut builder = Builder::new(if french { Lang::Fr } else { Lang::En }, &synonyms);
        for (number, (text, title)) in texts.iter().enumerate() {
            let kind = if *title { EntryKind::Title } else { EntryKind::Text };
            builder.add(Entry { slug: format!("m{number}"), kind, text: text.clone() });
        }
        let index = builder.finish();
        let results = index.search(&query, limit);
        prop_assert_eq!(results.hits.len(), results.total.min(limit));
        prop_assert_eq!(&index.search(&query, limit), &results, "the same twice");
        for hit in &results.hits {
            let mut end = 0;
            for (from, to) in &hit.marks {
                prop_assert!(end <= *from && from < to);
                prop_assert!(hit.text.get(*from..*to).is_some());
                end = *to;
            }
            prop_assert_eq!(hit.because.is_empty(), hit.marks.is_empty());
            let excerpt = hit.excerpt(room);
            let shown: String = excerpt.pieces.into_iter().map(|(piece, _)| piece).collect();
            prop_assert!(hit.text.contains(&shown));
            prop_assert!(shown.chars().count() <= room);
            prop_assert_eq!(shown.len() == hit.text.len(), !excerpt.cut_before && !excerpt.cut_after);
        }
    }

    #[test]
    fn every_word_of_a_text_finds_it(text in "[a-zéèàç -]{1,60}") {
        let index = texts(&[&text]);
        for word in text.split([' ', '-']).filter(|word| !word.is_empty()) {
            prop_assert_eq!(index.search(word, 1).total, 1, "{}", word);
        }
    }
}
