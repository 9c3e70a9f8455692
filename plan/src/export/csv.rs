//! CSV (RFC 4180): a row for each sentence, bullet and lead of a list.
//!
//! With a byte-order mark, without which Excel takes UTF-8 for the system's old encoding and breaks every accent; other
//! readers skip it. A cell is the text to the letter: none gets an apostrophe against being taken for a formula, since
//! what is published is the operator's own text, and a quotation that is not to the letter is none.

use super::{Block, Extract, Taken, words};

/// A table as CSV, its first row the names of the columns.
///
/// # Panics
/// Never: memory takes every write, and all rows are of one length.
#[expect(clippy::expect_used, reason = "memory takes every write")]
pub fn table<const N: usize>(columns: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Vec<u8> {
    let mut out = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer("\u{feff}".into());
    out.write_record(columns).expect("memory takes every write");
    for row in rows {
        out.write_record(row).expect("memory takes every write");
    }
    let bytes: Vec<u8> = out.into_inner().expect("memory takes every write");
    bytes
}

const COLUMNS: [&str; 15] = [
    "slug",
    "paragraph",
    "printed",
    "section",
    "section_heading",
    "measure",
    "measure_heading",
    "kind",
    "language",
    "text",
    "address",
    "version",
    "standing",
    "sha256",
    "made",
];

pub(super) fn write(extract: &Extract<'_>) -> Vec<u8> {
    let document = extract.document;
    let mut rows = Vec::new();
    for block in extract.blocks() {
        let Block::Paragraph(piece) = block else { continue };
        let mut row = |kind: &str, slug: &str, text: String| {
            rows.push([
                slug.to_owned(),
                piece.paragraph.number.to_string(),
                piece.paragraph.printed.clone(),
                piece.section.slug.clone(),
                piece.section.heading.plain(),
                piece.measure.map(|measure| measure.slug.clone()).unwrap_or_default(),
                piece.measure.map(|measure| measure.heading.plain()).unwrap_or_default(),
                kind.to_owned(),
                extract.lang().tag().to_owned(),
                text,
                extract.address_of(slug),
                document.date.clone(),
                words::standing_token(extract.lang()).to_owned(),
                document.sha256.clone(),
                extract.origin.made.to_owned(),
            ]);
        };
        match piece.taken {
            Taken::Prose(sentences) => {
                sentences.iter().for_each(|sentence| row("sentence", &sentence.slug, sentence.text.plain()));
            }
            Taken::List { lead, items } => {
                if let Some(lead) = lead {
                    row("lead", &piece.paragraph.slug, lead.plain());
                }
                items.iter().for_each(|item| row("item", &item.slug, item.text.plain()));
            }
        }
    }
    table(COLUMNS, rows)
}
