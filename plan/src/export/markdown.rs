//! Markdown (CommonMark 0.31): printed numbers to the letter, an anchor and an address for each paragraph.

use super::{About, Block, Extract, Piece, Taken, words, xml};
use crate::{Place, Sentence, Text};
use std::fmt::Write as _;

pub(super) fn write(extract: &Extract<'_>) -> String {
    let words = words::of(extract.lang());
    let document = extract.document;
    let mut out = format!("# {}\n\n", line(&inline(&extract.title())));
    if extract.part.is_none() && !document.preface.plain().is_empty() {
        let _ = writeln!(out, "{}\n", line(&text(&document.preface)));
    }
    for (name, about) in extract.about() {
        let value = match about {
            About::Words(words) => inline(&words),
            About::Address(address) => link(&address, &address),
            About::Digits(digits) => format!("`{digits}`"),
        };
        let _ = writeln!(out, "- {name}{}{value}", words.colon);
    }
    out.push('\n');
    if !words.unofficial.is_empty() {
        let _ = writeln!(out, "**{}**\n", inline(words.unofficial));
    }
    for block in extract.blocks() {
        match block {
            Block::Section(section) => heading(&mut out, 2, &section.slug, &section.heading),
            Block::Measure(_, measure) => {
                let level = if matches!(extract.part, Some(Place::Measure(..))) { 2 } else { 3 };
                heading(&mut out, level, &measure.slug, &measure.heading);
            }
            Block::Paragraph(piece) => paragraph(&mut out, extract, &piece),
        }
    }
    // Blocks are parted by an empty line, and the file ends with its last one.
    out.truncate(out.trim_end_matches('\n').len());
    out.push('\n');
    out
}

fn heading(out: &mut String, level: usize, slug: &str, words: &Text) {
    let _ = writeln!(out, "{} {}\n", "#".repeat(level), line(&format!("{}{}", anchor(slug), text(words))));
}

fn paragraph(out: &mut String, extract: &Extract<'_>, piece: &Piece<'_>) {
    let mark = link(&format!("¶ {}", piece.paragraph.number), &extract.address_of(piece.slug()));
    let mut first = format!("{}{mark} ", anchor(piece.slug()));
    if let Some(printed) = piece.printed() {
        let _ = write!(first, "{} ", number(printed));
    }
    match piece.taken {
        Taken::Prose(sentences) => first.push_str(&prose(sentences, piece.all)),
        Taken::List { lead, .. } => first.push_str(&lead.map(text).unwrap_or_default()),
    }
    let _ = writeln!(out, "{}\n", line(&first));
    if let Taken::List { items, .. } = piece.taken {
        for item in items {
            let anchor = if piece.all { anchor(&item.slug) } else { String::new() };
            let _ = writeln!(out, "- {}", line(&format!("{anchor}{}", text(&item.text))));
        }
        out.push('\n');
    }
}

/// Sentences, each with its anchor where they are several.
fn prose(sentences: &[Sentence], anchored: bool) -> String {
    let mut out = String::new();
    for (n, sentence) in sentences.iter().enumerate() {
        if anchored {
            out.push_str(&anchor(&sentence.slug));
        }
        out.push_str(&text(&sentence.text));
        if n + 1 < sentences.len() {
            out.push_str(&inline(&sentence.gap));
        }
    }
    out
}

/// CommonMark has no ids: HTML's.
fn anchor(slug: &str) -> String {
    format!("<a id=\"{}\"></a>", xml(slug))
}

fn link(words: &str, address: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ":/.-%".contains(c);
    if address.chars().all(plain) {
        return format!("[{}]({address})", inline(words));
    }
    // In angle brackets an address may hold anything but these (§6.3).
    let safe: String = address.chars().filter(|c| !matches!(c, '<' | '>' | '\\' | '\n' | '\r')).collect();
    format!("[{}](<{safe}>)", inline(words))
}

/// Words with the language of those that stand in another.
fn text(text: &Text) -> String {
    let mut out = String::new();
    for run in &text.runs {
        match &run.lang {
            None => out.push_str(&inline(&run.text)),
            Some(lang) => {
                let _ = write!(out, "<i lang=\"{}\">{}</i>", xml(lang), inline(&run.text));
            }
        }
    }
    out
}

/// A printed number: `1.` would begin a list, were the mark not escaped.
fn number(printed: &str) -> String {
    inline(printed).replace('.', "\\.").replace(')', "\\)")
}

/// A line of its own, already escaped within: what would make a list or a heading of it is escaped too, and white space
/// at its ends, which readers drop, is written as references.
fn line(words: &str) -> String {
    let inside = words.trim();
    let (before, behind) = words.split_at(words.len() - words.trim_start().len());
    let behind = &behind[inside.len()..];
    let mut out = references(before);
    let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
    let (head, rest) = inside.split_at(digits);
    let marks: &[char] = if digits > 0 { &['.', ')'] } else { &['+', '-', '='] };
    out.push_str(head);
    if rest.starts_with(marks) {
        out.push('\\');
    }
    out.push_str(rest);
    out.push_str(&references(behind));
    out
}

fn references(spaces: &str) -> String {
    spaces.chars().map(|c| format!("&#{};", u32::from(c))).collect()
}

/// Words within a line, read back to the letter: what CommonMark and its usual extensions would take for a mark is
/// escaped, what would end the line is written as a reference (§2.5).
fn inline(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '~' | '|' | '$' | '^' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&references(c.encode_utf8(&mut [0; 4]))),
            c => out.push(c),
        }
    }
    out
}
