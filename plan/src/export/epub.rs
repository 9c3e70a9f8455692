//! EPUB 3.3, accessible by EPUB Accessibility 1.1: a page of title, a chapter for each section, a page about the file.
//!
//! No fonts come with it: a reader's own choice is kept, and the text needs no glyph that a system lacks.

use super::{About, Block, Extract, Format, Piece, Taken, words, xml};
use crate::{Lang, Text};
use flate2::{Compression, write::DeflateEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter, time::UtcDateTime};
use std::{fmt::Write as _, io::Write as _};

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n  <rootfiles>\n    \
    <rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/>\n  </rootfiles>\n\
    </container>\n";
const STYLE: &str = include_str!("epub.css");

/// A page of the book.
struct Page {
    file: String,
    title: String,
    kind: &'static str,
    body: String,
}

/// An entry of the contents.
struct Entry {
    address: String,
    title: String,
    below: Vec<Entry>,
}

pub(super) fn write(extract: &Extract<'_>) -> Vec<u8> {
    let (pages, contents) = pages(extract);
    let mut files = vec![
        ("META-INF/container.xml".to_owned(), CONTAINER.to_owned()),
        ("EPUB/package.opf".to_owned(), package(extract, &pages)),
        ("EPUB/nav.xhtml".to_owned(), navigation(extract, &pages, &contents)),
        ("EPUB/style.css".to_owned(), STYLE.to_owned()),
    ];
    files.extend(pages.iter().map(|page| (format!("EPUB/{}", page.file), document(extract, page))));
    archive(&files)
}

/// Into memory, which takes every write.
fn archive(files: &[(String, String)]) -> Vec<u8> {
    // The oldest time a ZIP can tell: none is told that would change the bytes.
    let time = UtcDateTime::from_unix(315_532_800);
    let pack = || -> Result<Vec<u8>, rawzip::Error> {
        let mut archive = ZipArchiveWriter::new(Vec::new());
        // First and as it is, for programs that look at the first bytes (EPUB OCF 3.3 §4.3).
        let (mut entry, config) =
            archive.new_file("mimetype").compression_method(CompressionMethod::STORE).last_modified(time).start()?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(Format::Epub.media_type().as_bytes())?;
        let (_, sizes) = writer.finish()?;
        entry.finish(sizes)?;
        for (name, text) in files {
            let (mut entry, config) = archive
                .new_file(name.as_str())
                .compression_method(CompressionMethod::DEFLATE)
                .last_modified(time)
                .start()?;
            let encoder = DeflateEncoder::new(&mut entry, Compression::best());
            let mut writer = config.wrap(encoder);
            writer.write_all(text.as_bytes())?;
            let (encoder, sizes) = writer.finish()?;
            encoder.finish()?;
            entry.finish(sizes)?;
        }
        archive.finish()
    };
    pack().unwrap_or_default()
}

fn pages(extract: &Extract<'_>) -> (Vec<Page>, Vec<Entry>) {
    let words = words::of(extract.lang());
    let mut pages = vec![title_page(extract)];
    let mut contents: Vec<Entry> = Vec::new();
    for block in extract.blocks() {
        // A section is a chapter; a part without a section of its own is one.
        let opens = matches!(block, Block::Section(_)) || pages.len() == 1;
        if opens {
            let title = match &block {
                Block::Section(section) => section.heading.plain(),
                _ => extract.part.map_or_else(|| extract.title(), |part| part.label(extract.lang())),
            };
            let file = format!("chapter-{}.xhtml", pages.len());
            contents.push(Entry { address: file.clone(), title: title.clone(), below: Vec::new() });
            pages.push(Page { file, title, kind: "bodymatter chapter", body: String::new() });
        }
        let (Some(page), Some(entry)) = (pages.last_mut(), contents.last_mut()) else { continue };
        match block {
            Block::Section(section) => heading(&mut page.body, 1, &section.slug, &section.heading),
            Block::Measure(_, measure) => {
                heading(&mut page.body, if opens { 1 } else { 2 }, &measure.slug, &measure.heading);
                if !opens {
                    let address = format!("{}#{}", page.file, xml(&measure.slug));
                    entry.below.push(Entry { address, title: measure.heading.plain(), below: Vec::new() });
                }
            }
            Block::Paragraph(piece) => {
                if opens {
                    let _ = writeln!(page.body, "<h1>{}</h1>", xml(&page.title));
                }
                paragraph(&mut page.body, extract, &piece);
            }
        }
    }
    pages.push(Page {
        file: "about.xhtml".to_owned(),
        title: words.about.to_owned(),
        kind: "backmatter colophon",
        body: format!("<h1>{}</h1>\n{}", xml(words.about), about(extract)),
    });
    (pages, contents)
}

fn title_page(extract: &Extract<'_>) -> Page {
    let (document, words) = (extract.document, words::of(extract.lang()));
    let mut body = String::new();
    let _ = writeln!(body, "<p class=\"site\">{}</p>", xml(extract.origin.site));
    match extract.part {
        None => {
            let _ = writeln!(body, "<h1>{}</h1>", xml(&document.title));
            let _ = writeln!(body, "<p class=\"preface\">{}</p>", text(&document.preface));
        }
        Some(part) => {
            let _ = writeln!(body, "<h1>{}</h1>", xml(&part.label(extract.lang())));
            let _ = writeln!(body, "<p class=\"preface\">{}</p>", xml(&document.title));
        }
    }
    if !words.unofficial.is_empty() {
        let _ = writeln!(body, "<p class=\"unofficial\">{}</p>", xml(words.unofficial));
    }
    let standing = words::standing(extract.lang(), extract.origin.site);
    let _ = writeln!(body, "<p class=\"standing\">{}</p>", xml(&standing));
    Page { file: "title.xhtml".to_owned(), title: extract.title(), kind: "frontmatter titlepage", body }
}

fn about(extract: &Extract<'_>) -> String {
    let mut out = String::from("<dl>\n");
    for (name, about) in extract.about() {
        let _ = write!(out, "<dt>{}</dt> ", xml(name));
        let value = xml(about.text());
        let _ = match about {
            About::Words(_) => writeln!(out, "<dd>{value}</dd>"),
            About::Address(_) => writeln!(out, "<dd><a href=\"{value}\">{value}</a></dd>"),
            About::Digits(_) => writeln!(out, "<dd><code>{value}</code></dd>"),
        };
    }
    out.push_str("</dl>\n");
    out
}

fn heading(out: &mut String, level: usize, slug: &str, words: &Text) {
    let _ = writeln!(out, "<h{level} id=\"{}\">{}</h{level}>", xml(slug), text(words));
}

fn paragraph(out: &mut String, extract: &Extract<'_>, piece: &Piece<'_>) {
    let slug = piece.slug();
    let label = format!("{} {}", words::of(extract.lang()).permalink, piece.label(extract.lang()));
    // Of a part of a paragraph the sentence or bullet itself carries the id.
    let id = if piece.all { format!(" id=\"{}\"", xml(slug)) } else { String::new() };
    let _ = write!(
        out,
        "<div class=\"paragraph\"{id}>\n<p><a class=\"mark\" href=\"{}\" aria-label=\"{}\">¶ {}</a> ",
        xml(&extract.address_of(slug)),
        xml(&label),
        piece.paragraph.number
    );
    if let Some(printed) = piece.printed() {
        let _ = write!(out, "<span class=\"printed\">{}</span> ", xml(printed));
    }
    match piece.taken {
        Taken::Prose(sentences) => {
            for (n, sentence) in sentences.iter().enumerate() {
                let _ = write!(out, "<span id=\"{}\">{}</span>", xml(&sentence.slug), text(&sentence.text));
                if n + 1 < sentences.len() {
                    out.push_str(&xml(&sentence.gap));
                }
            }
            out.push_str("</p>\n");
        }
        Taken::List { lead, items } => {
            let _ = writeln!(out, "{}</p>\n<ul>", lead.map(text).unwrap_or_default());
            for item in items {
                let _ = writeln!(out, "<li id=\"{}\">{}</li>", xml(&item.slug), text(&item.text));
            }
            out.push_str("</ul>\n");
        }
    }
    out.push_str("</div>\n");
}

fn text(text: &Text) -> String {
    let mut out = String::new();
    for run in &text.runs {
        let words = xml(&run.text);
        let _ = match &run.lang {
            None => write!(out, "{words}"),
            Some(lang) => write!(out, "<i lang=\"{0}\" xml:lang=\"{0}\">{words}</i>", xml(lang)),
        };
    }
    out
}

/// An XHTML file; `head` is in the body's words already escaped.
fn xhtml(lang: Lang, title: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{lang}\" \
         xml:lang=\"{lang}\">\n<head>\n<title>{}</title>\n<link rel=\"stylesheet\" href=\"style.css\"/>\n</head>\n\
         <body>\n{body}</body>\n</html>\n",
        xml(title)
    )
}

fn document(extract: &Extract<'_>, page: &Page) -> String {
    let body = format!("<section epub:type=\"{}\">\n{}</section>\n", page.kind, page.body);
    xhtml(extract.lang(), &page.title, &body)
}

fn navigation(extract: &Extract<'_>, pages: &[Page], contents: &[Entry]) -> String {
    fn list(out: &mut String, entries: &[Entry]) {
        out.push_str("<ol>\n");
        for entry in entries {
            let _ = write!(out, "<li><a href=\"{}\">{}</a>", entry.address, xml(&entry.title));
            if !entry.below.is_empty() {
                out.push('\n');
                list(out, &entry.below);
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n");
    }
    let words = words::of(extract.lang());
    let mut body = format!("<nav epub:type=\"toc\" role=\"doc-toc\" id=\"toc\">\n<h1>{}</h1>\n", xml(words.contents));
    list(&mut body, contents);
    body.push_str("</nav>\n<nav epub:type=\"landmarks\" hidden=\"hidden\">\n<ol>\n");
    let first = pages.get(1).map_or("title.xhtml", |page| page.file.as_str());
    for (kind, file, title) in [
        ("titlepage", "title.xhtml", extract.document.title.as_str()),
        ("toc", "nav.xhtml#toc", words.contents),
        ("bodymatter", first, words.beginning),
        ("colophon", "about.xhtml", words.about),
    ] {
        let _ = writeln!(body, "<li><a epub:type=\"{kind}\" href=\"{file}\">{}</a></li>", xml(title));
    }
    body.push_str("</ol>\n</nav>\n");
    xhtml(extract.lang(), words.contents, &body)
}

fn package(extract: &Extract<'_>, pages: &[Page]) -> String {
    let (document, lang, origin) = (extract.document, extract.lang(), &extract.origin);
    let words = words::of(lang);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" \
         unique-identifier=\"address\" xml:lang=\"{lang}\">\n  \
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
    );
    let mut line = |line: String| {
        let _ = writeln!(out, "    {line}");
    };
    let property = |name: &str, value: &str| format!("<meta property=\"{name}\">{}</meta>", xml(value));
    line(format!("<dc:identifier id=\"address\">{}</dc:identifier>", xml(&extract.address())));
    line(format!("<dc:identifier>urn:sha256:{}</dc:identifier>", xml(&document.sha256)));
    line(format!("<dc:title>{}</dc:title>", xml(&extract.title())));
    line(format!("<dc:language>{lang}</dc:language>"));
    line(format!("<dc:date>{}</dc:date>", xml(&document.date)));
    line(format!("<dc:publisher>{}</dc:publisher>", xml(origin.site)));
    line(format!("<dc:description>{}</dc:description>", xml(&words::standing(lang, origin.site))));
    if lang != Lang::Fr {
        line(format!("<dc:source>{}</dc:source>", xml(&origin.address(Lang::Fr, extract.slug()))));
    }
    line(format!("<meta property=\"dcterms:modified\">{}T00:00:00Z</meta>", xml(origin.made)));
    line(property("schema:accessMode", "textual"));
    line(property("schema:accessModeSufficient", "textual"));
    for feature in
        ["ARIA", "displayTransformability", "readingOrder", "structuralNavigation", "tableOfContents", "unlocked"]
    {
        line(property("schema:accessibilityFeature", feature));
    }
    line(property("schema:accessibilityHazard", "none"));
    line(property("schema:accessibilitySummary", words.accessibility));
    line(
        "<meta id=\"conforms\" property=\"dcterms:conformsTo\">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta>"
            .into(),
    );
    line(format!("<meta property=\"a11y:certifiedBy\" refines=\"#conforms\">{}</meta>", xml(origin.site)));
    out.push_str("  </metadata>\n  <manifest>\n");
    out.push_str("    <item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n");
    out.push_str("    <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n");
    for (n, page) in pages.iter().enumerate() {
        let _ =
            writeln!(out, "    <item id=\"page-{n}\" href=\"{}\" media-type=\"application/xhtml+xml\"/>", page.file);
    }
    out.push_str("  </manifest>\n  <spine>\n    <itemref idref=\"page-0\"/>\n    <itemref idref=\"nav\"/>\n");
    for n in 1..pages.len() {
        let _ = writeln!(out, "    <itemref idref=\"page-{n}\"/>");
    }
    out.push_str("  </spine>\n</package>\n");
    out
}
