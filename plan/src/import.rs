//! Plain numbered text, as word processors and web pages give it, made into a [`Document`].
//!
//! The shape: the first line is the preface; a line flush left is a heading; `  1. …` opens a paragraph; `    • …`
//! is a bullet of the paragraph above; lines of white space only separate. A heading `Mesure 4 : …` opens a measure of
//! the section above. A section whose first paragraph has bullets is a pillar. Nothing is corrected: every word
//! stands in the document as it stands in the source.

use crate::{
    Body, Document, Entity, EntityKind, Item, Lang, Measure, Paragraph, Run, Section, SectionKind, Sentence, Text,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What the text itself does not say: title, date, words that open a measure, slugs of plain sections.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The work's Akoma Ntoso IRI, `/akn/int/statement/nato/…`.
    pub work: String,
    /// The date the text was endorsed, ISO 8601.
    pub date: String,
    /// The slugs of the sections that are no pillars, in order.
    pub plain_sections: Vec<String>,
    /// The title by language: the product's own wording where the source holds none.
    pub title: Localised,
    /// The word that opens a measure's heading.
    pub measure_word: Localised,
}

/// A word in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localised {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl Localised {
    /// The one of `lang`.
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// The file of names: what the text speaks of, and under which words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// One by one.
    #[serde(default)]
    pub entity: Vec<NamedEntity>,
}

/// Something the text names, with the words it uses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedEntity {
    /// `dipb`.
    pub id: String,
    /// Its class.
    pub kind: EntityKind,
    /// In French.
    pub fr: Forms,
    /// In English.
    pub en: Forms,
}

/// The words for something in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forms {
    /// Its full name.
    pub name: String,
    /// How the text writes it, to the letter.
    pub forms: Vec<String>,
    /// The language of those words where it is not the text's.
    pub lang: Option<String>,
}

/// Why a text could not be taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ImportError {
    /// From 1.
    pub line: usize,
    /// What is wrong and what is expected.
    pub what: &'static str,
}

/// Takes in a numbered text.
///
/// # Errors
/// The first line that does not fit the shape, with its number.
pub fn import(source: &str, lang: Lang, profile: &Profile, names: &Names) -> Result<Document, ImportError> {
    let mut shape = Shape { profile, lang, names, sections: Vec::new(), plain: 0, pillars: 0, number: 0 };
    let mut preface = None;
    for (index, raw) in source.lines().enumerate() {
        let line = index + 1;
        let text = raw.trim();
        if text.is_empty() {
            continue;
        }
        if text.chars().any(|c| (c.is_control() && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}')) {
            return Err(ImportError { line, what: "a control character, which XML cannot hold" });
        }
        let indented = raw.starts_with(char::is_whitespace);
        let outcome = match (indented, &preface) {
            (false, None) => {
                preface = Some(shape.text(text));
                Ok(())
            }
            (false, Some(_)) => shape.heading(text),
            (true, _) => match (text.strip_prefix('•'), numbered(text)) {
                (Some(item), _) => shape.item(item.trim_start()),
                (None, Some((printed, rest))) => shape.paragraph(printed, rest),
                (None, None) => Err("neither a heading (flush left), a paragraph (“1. …”) nor a bullet (“• …”)"),
            },
        };
        outcome.map_err(|what| ImportError { line, what })?;
    }
    let Some(preface) = preface else {
        return Err(ImportError { line: 1, what: "the text is empty: its first line is expected flush left" });
    };
    let sections = shape.finish();
    let entities = names
        .entity
        .iter()
        .map(|e| {
            let forms = of(lang, &e.fr, &e.en);
            Entity { id: e.id.clone(), kind: e.kind, name: forms.name.clone() }
        })
        .collect();
    Ok(Document {
        lang,
        title: profile.title.of(lang).to_owned(),
        preface,
        work: profile.work.clone(),
        date: profile.date.clone(),
        sha256: hex(&Sha256::digest(source.as_bytes())),
        sections,
        entities,
        synonyms: Vec::new(),
    })
}

fn of<'a>(lang: Lang, fr: &'a Forms, en: &'a Forms) -> &'a Forms {
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `1. text` → (`1.`, `text`).
fn numbered(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let rest = text[end..].strip_prefix('.')?;
    (end > 0 && rest.starts_with(char::is_whitespace)).then(|| (&text[..=end], rest.trim_start()))
}

struct Shape<'a> {
    profile: &'a Profile,
    lang: Lang,
    names: &'a Names,
    sections: Vec<Section>,
    plain: usize,
    pillars: u16,
    number: u16,
}

impl Shape<'_> {
    fn heading(&mut self, text: &str) -> Result<(), &'static str> {
        let heading = self.text(text);
        if let Some(number) = self.measure_number(text) {
            let section = self.sections.last_mut().ok_or("a measure stands before the first section")?;
            let slug = format!("m{number}");
            section.measures.push(Measure { slug, number, heading, paragraphs: Vec::new() });
        } else {
            self.sections.push(Section {
                slug: String::new(),
                kind: SectionKind::Plain,
                heading,
                paragraphs: Vec::new(),
                measures: Vec::new(),
            });
        }
        Ok(())
    }

    fn measure_number(&self, heading: &str) -> Option<u16> {
        let rest = heading.strip_prefix(self.profile.measure_word.of(self.lang))?.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        rest[end..].trim_start().starts_with(':').then(|| rest[..end].parse().ok()).flatten()
    }

    fn paragraph(&mut self, printed: &str, text: &str) -> Result<(), &'static str> {
        self.number = self.number.checked_add(1).ok_or("more than 65,535 paragraphs")?;
        let body = Body::Prose(
            sentences(text)
                .into_iter()
                .map(|(sentence, gap)| Sentence { slug: String::new(), text: self.text(sentence), gap: gap.to_owned() })
                .collect(),
        );
        let paragraph = Paragraph {
            slug: String::new(),
            number: self.number,
            printed: printed.to_owned(),
            eid: String::new(),
            body,
        };
        let section = self.sections.last_mut().ok_or("a paragraph stands before the first heading")?;
        section.measures.last_mut().map_or(&mut section.paragraphs, |m| &mut m.paragraphs).push(paragraph);
        Ok(())
    }

    fn item(&mut self, text: &str) -> Result<(), &'static str> {
        let item = Item { slug: String::new(), text: self.text(text) };
        let section = self.sections.last_mut();
        let paragraph = section.and_then(|section| {
            section.measures.last_mut().map_or(&mut section.paragraphs, |m| &mut m.paragraphs).last_mut()
        });
        let paragraph = paragraph.ok_or("a bullet stands outside a paragraph")?;
        match &mut paragraph.body {
            Body::List { items, .. } => items.push(item),
            Body::Prose(lead) => {
                let mut runs = Vec::new();
                for sentence in lead.drain(..) {
                    runs.extend(sentence.text.runs);
                    if !sentence.gap.is_empty() {
                        runs.push(Run { text: sentence.gap, names: None, lang: None });
                    }
                }
                paragraph.body = Body::List { lead: Text { runs: merged(runs) }, items: vec![item] };
            }
        }
        Ok(())
    }

    /// Gives every part its slug and its `eId`, once the whole shape is known.
    fn finish(mut self) -> Vec<Section> {
        for index in 0..self.sections.len() {
            let section = &mut self.sections[index];
            let pillar = !section.measures.is_empty()
                || section.paragraphs.first().is_some_and(|p| matches!(p.body, Body::List { .. }));
            if pillar {
                self.pillars += 1;
                section.kind = SectionKind::Pillar(self.pillars);
                section.slug = format!("p{}", self.pillars);
            } else {
                self.plain += 1;
                section.slug = match self.profile.plain_sections.get(self.plain - 1) {
                    Some(slug) => slug.clone(),
                    None => format!("s{}", self.plain),
                };
            }
        }
        assign_ids(&mut self.sections);
        self.sections
    }

    fn text(&self, text: &str) -> Text {
        name_runs(text, self.lang, self.names)
    }
}

/// Slugs below the section, and `eId`s after the Akoma Ntoso Naming Convention 1.0 §5: containers without a plain
/// number are counted among their siblings of the same element.
fn assign_ids(sections: &mut [Section]) {
    let mut plain = 0;
    for section in sections {
        let slug = section.slug.clone();
        let (prefix, mut containers) = match section.kind {
            SectionKind::Pillar(number) => (format!("part_{number}"), 0),
            SectionKind::Plain => {
                plain += 1;
                (format!("hcontainer_{plain}"), 0)
            }
        };
        let mut prefixed = |paragraphs: &mut Vec<Paragraph>, slug: &str, lists_are_objectives: bool| {
            let eid = match section.kind {
                SectionKind::Plain => prefix.clone(),
                SectionKind::Pillar(_) => {
                    containers += 1;
                    format!("{prefix}__hcontainer_{containers}")
                }
            };
            for (index, paragraph) in paragraphs.iter_mut().enumerate() {
                paragraph.eid = format!("{eid}__para_{}", index + 1);
                paragraph.slug = match index {
                    0 if lists_are_objectives => format!("{slug}.obj"),
                    _ => format!("{slug}.{}", index + 1),
                };
                let base = paragraph.slug.clone();
                match &mut paragraph.body {
                    Body::Prose(sentences) => {
                        for (n, sentence) in sentences.iter_mut().enumerate() {
                            sentence.slug = format!("{base}.s{}", n + 1);
                        }
                    }
                    Body::List { items, .. } => {
                        for (n, item) in items.iter_mut().enumerate() {
                            item.slug = format!("{base}.{}", n + 1);
                        }
                    }
                }
            }
        };
        if !section.paragraphs.is_empty() {
            let objectives = matches!(section.kind, SectionKind::Pillar(_));
            prefixed(&mut section.paragraphs, &slug, objectives);
        }
        for measure in &mut section.measures {
            let slug = measure.slug.clone();
            prefixed(&mut measure.paragraphs, &slug, false);
        }
    }
}

/// The text's sentences with the white space after each.
///
/// A sentence ends at `.`, `!`, `?` or `…` (and closing marks after it) before white space and a capital, a digit
/// or an opening mark, unless the full stop belongs to an initial or a common abbreviation.
pub fn sentences(text: &str) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '.' | '!' | '?' | '…') || (c == '.' && is_abbreviation(&text[start..at])) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next, closing)) = chars.peek()
            && matches!(closing, '.' | '!' | '?' | '…' | '»' | '”' | '"' | ')' | ']')
        {
            end = next + closing.len_utf8();
            chars.next();
        }
        // French sets a space before the mark that closes.
        if let Some(after) = text[end..].trim_start().strip_prefix('»') {
            end = text.len() - after.len();
            while chars.peek().is_some_and(|(next, _)| *next < end) {
                chars.next();
            }
        }
        let rest = &text[end..];
        let follows = rest.trim_start();
        let opens = follows.chars().next().is_some_and(|c| {
            c.is_uppercase() || c.is_ascii_digit() || matches!(c, '«' | '“' | '"' | '(' | '[' | '—' | '–')
        });
        if rest.starts_with(char::is_whitespace) && opens {
            out.push((&text[start..end], &rest[..rest.len() - follows.len()]));
            start = text.len() - follows.len();
        }
    }
    if start < text.len() {
        out.push((&text[start..], ""));
    }
    out
}

fn is_abbreviation(before: &str) -> bool {
    const KNOWN: [&str; 14] = ["M", "MM", "Mme", "Dr", "Mr", "Mrs", "St", "art", "cf", "e.g", "i.e", "al", "p", "no"];
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '’' | '\'')).next().unwrap_or_default();
    let mut letters = word.chars();
    matches!((letters.next(), letters.next()), (Some(c), None) if c.is_uppercase()) || KNOWN.contains(&word)
}

/// Cuts a text into runs at the words it uses for things, longest words first.
pub fn name_runs(text: &str, lang: Lang, names: &Names) -> Text {
    let mut forms: Vec<(&str, &NamedEntity)> = names
        .entity
        .iter()
        .flat_map(|e| of(lang, &e.fr, &e.en).forms.iter().map(move |form| (form.as_str(), e)))
        .filter(|(form, _)| !form.is_empty())
        .collect();
    forms.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
    let mut runs = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while at < text.len() {
        let boundary = !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let found = forms.iter().find(|(form, _)| {
            boundary
                && text[at..].starts_with(form)
                && !text[at + form.len()..].chars().next().is_some_and(char::is_alphanumeric)
        });
        if let Some((form, entity)) = found {
            runs.push(Run { text: text[plain..at].to_owned(), names: None, lang: None });
            let words = of(lang, &entity.fr, &entity.en);
            runs.push(Run { text: (*form).to_owned(), names: Some(entity.id.clone()), lang: words.lang.clone() });
            at += form.len();
            plain = at;
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    runs.push(Run { text: text[plain..].to_owned(), names: None, lang: None });
    Text { runs: merged(runs) }
}

/// Without empty runs, neighbours that name nothing joined.
fn merged(runs: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for run in runs {
        match out.last_mut() {
            _ if run.text.is_empty() => {}
            Some(last) if last.names.is_none() && last.lang.is_none() && run.names.is_none() && run.lang.is_none() => {
                last.text.push_str(&run.text);
            }
            _ => out.push(run),
        }
    }
    out
}
