//! Citations: as they are, byte for byte, and read again by others.
#![cfg(feature = "content")]
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use biblatex::{RawBibliography, RawChunk};
use plan::cite::{Citation, Date, Part, Refused, Site, Style};
use plan::{Document, Lang, content};
use proptest::prelude::*;
use serde_json::Value;
use std::path::Path;
use std::sync::LazyLock;

static DOCUMENTS: LazyLock<[Document; 2]> = LazyLock::new(|| Lang::ALL.map(content::load));

fn document(lang: Lang) -> &'static Document {
    DOCUMENTS.iter().find(|document| document.lang == lang).unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn cite(lang: Lang, part: Part<'_>, quotation: Option<&str>) -> Result<Citation, Refused> {
    let address = format!("https://estafette.example/{lang}/plan");
    let site = Site { name: "Estafette", address: &address, accessed: date("2026-11-23") };
    Citation::of(document(lang), part, quotation, site)
}

const SENTENCE_FR: &str = "Il opère selon un programme de travail qui est régulièrement actualisé.";
const SENTENCE_EN: &str = "It operates according to a programme of work that is regularly updated.";

/// What is kept as files: the names and the citations.
fn snapshots() -> Vec<(&'static str, Citation)> {
    let cite = |lang, part, quotation| cite(lang, part, quotation).unwrap();
    vec![
        ("whole.fr", cite(Lang::Fr, Part::Whole, None)),
        ("whole.en", cite(Lang::En, Part::Whole, None)),
        ("section.fr", cite(Lang::Fr, Part::At("p2"), None)),
        ("measure.en", cite(Lang::En, Part::At("m4"), None)),
        ("paragraph.fr", cite(Lang::Fr, Part::At("m4.2"), None)),
        ("bullet.en", cite(Lang::En, Part::At("p1.obj.2"), None)),
        ("sentence.fr", cite(Lang::Fr, Part::At("m4.1.s2"), Some(SENTENCE_FR))),
        ("sentence.en", cite(Lang::En, Part::At("m4.1.s2"), Some(SENTENCE_EN))),
        ("selection.fr", cite(Lang::Fr, Part::Span("m4.1.s2", "m4.1.s4"), None)),
        ("selection.en", cite(Lang::En, Part::Span("m4.1.s2", "m5.1.s1"), None)),
    ]
}

#[test]
fn citations_are_as_they_were_byte_for_byte() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cite");
    let mut other = Vec::new();
    for (name, citation) in snapshots() {
        for (ending, is) in [
            ("txt", citation.text()),
            ("bib", citation.bibtex()),
            ("ris", citation.ris()),
            ("json", citation.csl_json()),
        ] {
            let file = folder.join(format!("{name}.{ending}"));
            if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "write") {
                std::fs::write(&file, &is).unwrap();
            }
            if std::fs::read_to_string(&file).ok().as_ref() != Some(&is) {
                other.push(format!("{}:\n{is}", file.display()));
            }
        }
    }
    assert!(other.is_empty(), "not as in the files (tests/cite/README.md):\n{}", other.join("\n"));
}

#[test]
fn every_form_has_address_version_hash_and_locator() {
    for (_, citation) in snapshots() {
        let document = DOCUMENTS.iter().find(|d| citation.url().contains(&format!("/{}/plan", d.lang))).unwrap();
        let expression = format!("{}/{}@", document.work, document.lang.alpha3());
        let forms = Style::ALL.map(|style| citation.plain(style));
        for form in forms.into_iter().chain([citation.bibtex(), citation.ris(), citation.csl_json()]) {
            assert!(form.contains(citation.url()), "{form}");
            assert!(form.contains(&expression), "{form}");
            assert!(form.contains(&document.sha256), "{form}");
            assert!(form.contains(citation.locator().unwrap_or_default()), "{form}");
            assert!(form.contains("2026"), "{form}");
            let says_so = form.to_lowercase().contains("unofficial courtesy translation");
            assert_eq!(says_so, document.lang == Lang::En, "{form}");
        }
    }
}

#[test]
fn every_place_can_be_cited_with_its_own_words() {
    for lang in Lang::ALL {
        for place in document(lang).places() {
            let citation = cite(lang, Part::At(place.slug()), Some(&place.plain())).unwrap();
            assert!(citation.url().ends_with(&format!("/{lang}/plan/{}", place.slug())));
            assert_eq!(citation.locator(), Some(place.label(lang).as_str()));
        }
    }
}

#[test]
fn what_is_not_there_is_not_cited() {
    assert_eq!(cite(Lang::Fr, Part::At("m9"), None), Err(Refused::NoSuchPlace));
    assert_eq!(cite(Lang::Fr, Part::Span("m4.1", "m9"), None), Err(Refused::NoSuchPlace));
    assert_eq!(cite(Lang::Fr, Part::Span("m4.2", "m4.1"), None), Err(Refused::Backwards));
    assert_eq!(cite(Lang::Fr, Part::At("m4.2"), Some(SENTENCE_FR)), Err(Refused::NotVerbatim));
    assert_eq!(cite(Lang::Fr, Part::At("m4.1.s2"), Some(&SENTENCE_FR.to_uppercase())), Err(Refused::NotVerbatim));
    assert_eq!(cite(Lang::Fr, Part::Whole, Some(" ")), Err(Refused::NotVerbatim));
    for part in [Part::Whole, Part::At("m4"), Part::At("p2"), Part::Span("intro.8.s2", "m8")] {
        assert!(cite(Lang::Fr, part, Some(SENTENCE_FR)).is_ok(), "{part:?}");
    }
    // Over the end of a paragraph, as the quote checker gives it.
    let over = "du budget impartis. Collaborer";
    assert!(cite(Lang::Fr, Part::Span("m6.2.s1", "m6.2.s2"), Some(over)).is_ok());
}

#[test]
fn a_day_is_one_of_the_calendar() {
    for day in ["2025-02-13", "2024-02-29", "2000-02-29", "1999-12-31"] {
        assert_eq!(date(day).to_string(), day);
    }
    for none in [
        "",
        "2025",
        "2025-2-13",
        "2025-02-30",
        "2023-02-29",
        "1900-02-29",
        "2025-13-01",
        "2025-00-10",
        "2025-04-31",
        "2025-04-00",
        "+025-04-01",
        "2025-04-01T00:00",
        "13/02/2025",
    ] {
        assert!(none.parse::<Date>().is_err(), "{none}");
    }
}

static CSL: LazyLock<(boon::Schemas, boon::SchemaIndex)> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(include_str!("cite/csl-data.json")).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("csl-data.json", schema).unwrap();
    let index = compiler.compile("csl-data.json", &mut schemas).unwrap();
    (schemas, index)
});

fn is_csl(item: &Value) -> Result<(), String> {
    CSL.0.validate(item, CSL.1).map_err(|error| error.to_string())
}

#[test]
fn the_schema_refuses_what_is_not_csl() {
    assert!(is_csl(&serde_json::json!([{ "id": "a", "type": "webpage" }])).is_ok());
    assert!(is_csl(&serde_json::json!([{ "id": "a", "type": "web" }])).is_err());
    assert!(is_csl(&serde_json::json!([{ "id": "a", "type": "webpage", "hash": "" }])).is_err());
}

/// The fields of the one entry of a BibTeX file, as TeX prints them.
fn read_bibtex(file: &str) -> (String, Vec<(String, String)>) {
    let read = RawBibliography::parse(file).unwrap();
    assert_eq!(read.entries.len(), 1, "{file}");
    let entry = &read.entries[0].v;
    let value = |chunks: &[biblatex::Spanned<RawChunk<'_>>]| -> String {
        let text = |chunk: &RawChunk<'_>| match chunk {
            RawChunk::Normal(text) => (*text).to_owned(),
            RawChunk::Abbreviation(name) => panic!("{name} stands for something"),
        };
        chunks.iter().map(|chunk| text(&chunk.v)).collect()
    };
    let fields = entry.fields.iter().map(|pair| (pair.key.v.to_owned(), value(&pair.value.v))).collect();
    (entry.key.v.to_owned(), fields)
}

/// What TeX prints of a field without commands but those that print a character.
fn print(field: &str) -> String {
    const COMMANDS: [(&str, &str); 11] = [
        ("\\textbackslash{}", "\\"),
        ("\\textbraceleft{}", "{"),
        ("\\textbraceright{}", "}"),
        ("\\textasciicircum{}", "^"),
        ("\\textasciitilde{}", "~"),
        ("\\$", "$"),
        ("\\&", "&"),
        ("\\#", "#"),
        ("\\%", "%"),
        ("\\_", "_"),
        ("~", "\u{A0}"),
    ];
    let field = field.strip_prefix('{').and_then(|field| field.strip_suffix('}')).unwrap_or(field);
    let mut printed = String::new();
    let mut rest = field;
    while let Some(c) = rest.chars().next() {
        if let Some((command, prints)) = COMMANDS.iter().find(|(command, _)| rest.starts_with(command)) {
            printed.push_str(prints);
            rest = &rest[command.len()..];
        } else {
            assert!(!"\\{}$&#%_^~".contains(c), "{c} is a command in {field:?}");
            printed.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    printed
}

/// The tags and values of a RIS file, which must be one record.
fn read_ris(file: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = file.strip_suffix("\r\n").unwrap().split("\r\n").collect();
    let fields: Vec<(String, String)> = lines
        .iter()
        .map(|line| {
            let (tag, value) = line.split_at(6);
            assert!(tag.ends_with("  - ") && tag[..2].bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
            assert!(!value.contains(char::is_control), "{value:?}");
            (tag[..2].to_owned(), value.to_owned())
        })
        .collect();
    assert_eq!(fields[0].0, "TY");
    assert_eq!(fields.iter().position(|(tag, _)| tag == "ER"), Some(fields.len() - 1));
    fields
}

/// A text on one line, as `cite` writes any.
fn one_line(text: &str) -> String {
    let is_break = |c: char| {
        c == ' '
            || c.is_control()
            || "\u{2028}\u{2029}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}\u{FEFF}"
                .contains(c)
    };
    text.split(is_break).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\\\{}$&#%_^~\"@,=\r\n a-zé«»“”*-]{0,40}",
        "TY  - |ER  - |\r\nER  - \r\n|\\}, url=\\{"
    ]
}

proptest! {
    #[test]
    fn any_names_make_files_that_are_read_again(
        (site, title, author, hash, work) in (any_text(), any_text(), any_text(), any_text(), any_text()),
        (heading, words, address) in (any_text(), any_text(), any_text()),
        selection in 0usize..4,
    ) {
        let mut document = DOCUMENTS[selection % 2].clone();
        document.title = title;
        document.sha256 = hash;
        document.work = format!("/akn/int/statement/nato/{work}");
        document.entities.iter_mut().find(|entity| entity.id == "nato").unwrap().name = author.clone();
        let heading = plan::Text { runs: vec![plan::Run { text: heading, names: None, lang: None }] };
        document.sections[0].heading = heading;
        let plan::Body::Prose(sentences) = &mut document.sections[0].paragraphs[0].body else { panic!("prose") };
        sentences[0].text.runs = vec![plan::Run { text: words.clone(), names: None, lang: None }];
        let part = [Part::Whole, Part::At("intro"), Part::At("intro.1.s1"), Part::Span("intro.1.s1", "m4.2")][selection];
        let quotation = Some(words.as_str()).filter(|words| !words.trim().is_empty());
        let site = Site { name: &site, address: &address, accessed: date("2026-11-23") };
        let citation = Citation::of(&document, part, quotation, site).unwrap();
        let locator = citation.locator().map(str::to_owned);
        let quoted = quotation.map(|words| match document.lang {
            Lang::Fr => format!("«\u{A0}{}\u{A0}»", one_line(words)),
            Lang::En => format!("“{}”", one_line(words)),
        });

        // Nothing breaks out of a line, and addresses are addresses.
        for style in Style::ALL {
            prop_assert!(!citation.plain(style).contains(char::is_control));
        }
        let in_no_uri = "\"<>\\^`{|}";
        prop_assert!(citation.url().chars().all(|c| c.is_ascii_graphic() && !in_no_uri.contains(c)));

        let (key, fields) = read_bibtex(&citation.bibtex());
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        prop_assert!(!key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)));
        prop_assert_eq!(field("title").map(print), Some(one_line(&document.title)));
        prop_assert_eq!(field("organization").map(print), Some(one_line(site.name)));
        prop_assert_eq!(field("titleaddon").map(print), locator.clone());
        prop_assert_eq!(field("annotation").map(print), quoted.clone());
        prop_assert_eq!(field("addendum").map(print), Some(format!("SHA-256 {}", one_line(&document.sha256))));
        prop_assert_eq!(field("url"), Some(citation.url()));
        prop_assert_eq!(field("urldate"), Some("2026-11-23"));
        prop_assert!(fields.iter().all(|(name, _)| name.bytes().all(|b| b.is_ascii_lowercase())));

        let fields = read_ris(&citation.ris());
        let field = |name: &str| fields.iter().find(|(tag, _)| tag == name).map(|(_, value)| value.clone());
        prop_assert_eq!(field("TI"), Some(one_line(&document.title)));
        prop_assert_eq!(field("T2"), Some(one_line(site.name)));
        prop_assert_eq!(field("SE"), locator.clone());
        prop_assert_eq!(field("UR"), Some(citation.url().to_owned()));
        prop_assert!(quoted.is_none_or(|quoted| fields.contains(&("N1".to_owned(), quoted))));

        let csl: Value = serde_json::from_str(&citation.csl_json()).unwrap();
        prop_assert_eq!(is_csl(&csl), Ok(()));
        prop_assert_eq!(&csl[0]["title"], &Value::from(one_line(&document.title)));
        prop_assert_eq!(&csl[0]["container-title"], &Value::from(one_line(site.name)));
        prop_assert_eq!(csl[0]["URL"].as_str(), Some(citation.url()));
        prop_assert_eq!(csl[0]["locator"].as_str(), locator.as_deref());
        prop_assert_eq!(&csl[0]["custom"]["sha256"], &Value::from(one_line(&document.sha256)));
    }

    #[test]
    fn any_address_is_cited_or_refused(from in "\\PC{0,12}|m4.2|intro.1.s1|p1.obj", to in "\\PC{0,12}|m8|adopt", words in any_text()) {
        drop(cite(Lang::Fr, Part::At(&from), Some(&words)));
        drop(cite(Lang::En, Part::Span(&from, &to), None));
    }
}
