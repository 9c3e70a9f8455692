//! How to cite the text, or a part of it: in three plain styles, and as files for programs that keep references.
//!
//! Every citation carries the address, the version (date, language, Akoma Ntoso expression), the SHA-256 of the text it
//! was made of, the paragraph as its locator, and says of a translation that it is not official.
//!
//! Sources of the forms: Publication Manual of the APA, 7th ed., §§ 8.13, 8.28, 10.16; Chicago Manual of Style, 17th ed.,
//! §§ 14.12, 14.23, 14.207; ISO 690:2021 (which France keeps as NF ISO 690); biblatex 3.20 manual, §§ 2.1.1 and 2.2;
//! RIS Format Specifications (Thomson Reuters, 2011); CSL 1.0.2 `csl-data.json`.

use crate::date::{self, is_date};
use crate::{Document, Lang, Place, model};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{fmt, str::FromStr};

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// The text is no day of the form `2025-02-13` (ISO 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such day: dates have the form 2025-02-13")]
pub struct NoSuchDay;

impl FromStr for Date {
    type Err = NoSuchDay;

    fn from_str(text: &str) -> Result<Self, NoSuchDay> {
        let mut numbers = text.splitn(3, '-').map(|number| number.parse().map_err(|_| NoSuchDay));
        let mut next = || numbers.next().unwrap_or(Err(NoSuchDay));
        let (year, month, day): (u16, u16, u16) = (next()?, next()?, next()?);
        if is_date(text) { Ok(Date { year, month: month as u8, day: day as u8 }) } else { Err(NoSuchDay) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Date {
    /// `13 février`; `February 13`, as APA and Chicago write English.
    fn day_and_month(self, lang: Lang) -> String {
        let month = date::month(lang, self.month).unwrap_or_default();
        match (lang, self.day) {
            (Lang::Fr, 1) => format!("1er {month}"),
            (Lang::Fr, day) => format!("{day} {month}"),
            (Lang::En, day) => format!("{month} {day}"),
        }
    }

    /// `13 février 2025`; `February 13, 2025`, as APA and Chicago write English.
    fn in_words(self, lang: Lang) -> String {
        let comma = if lang == Lang::En { "," } else { "" };
        format!("{}{comma} {}", self.day_and_month(lang), self.year)
    }

    /// `13 février 2025`, `13 February 2025`, as ISO 690 has its examples.
    fn in_order(self, lang: Lang) -> String {
        date::in_words(lang, &self.to_string())
    }

    fn parts(self) -> Value {
        json!({ "date-parts": [[self.year, self.month, self.day]] })
    }
}

/// Where the text is read.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The site's name.
    pub name: &'a str,
    /// The document's own address there, in its language, without a slash at the end: `https://example.org/fr/plan`.
    /// A part's address is its slug behind it.
    pub address: &'a str,
    /// The day it was read there.
    pub accessed: Date,
}

/// What of a document is cited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// All of it.
    Whole,
    /// A section, measure, paragraph, sentence or bullet, by any address [`Document::find`] knows.
    At(&'a str),
    /// From one spot to another, both included.
    Span(&'a str, &'a str),
}

/// Why something cannot be cited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The document has no such address.
    #[error("the text has no such address")]
    NoSuchPlace,
    /// The selection ends before it begins.
    #[error("the selection ends before it begins")]
    Backwards,
    /// The words do not stand there, to the letter.
    #[error("these words do not stand there")]
    NotVerbatim,
}

/// The usual forms of a reference in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// American Psychological Association, 7th edition: an entry of a list of references.
    Apa,
    /// Chicago Manual of Style, 17th edition: a note.
    Chicago,
    /// ISO 690:2021: an entry of a bibliography.
    Iso690,
}

impl Style {
    /// All of them.
    pub const ALL: [Style; 3] = [Style::Apa, Style::Chicago, Style::Iso690];

    /// As people call it, the same in both languages.
    pub const fn name(self) -> &'static str {
        match self {
            Style::Apa => "APA 7",
            Style::Chicago => "Chicago 17",
            Style::Iso690 => "ISO 690:2021",
        }
    }
}

/// A citation, to be written in any of the forms. Its texts hold no line breaks and no other control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    lang: Lang,
    author: Option<String>,
    title: String,
    /// The day of the text's version.
    issued: Option<Date>,
    /// `/akn/…/fra@`.
    expression: String,
    sha256: String,
    locator: Option<String>,
    quotation: Option<String>,
    site: String,
    url: String,
    accessed: Date,
    key: String,
}

impl Citation {
    /// Cites a part of a document as read on a site, with words that stand there if any are given.
    ///
    /// # Errors
    /// If there is no such part, or the words are not in it, to the letter.
    pub fn of(document: &Document, part: Part<'_>, quotation: Option<&str>, site: Site<'_>) -> Result<Self, Refused> {
        let places = document.places();
        let at = |address: &str| {
            let slug = document.find(address).ok_or(Refused::NoSuchPlace)?.slug();
            places.iter().position(|place| place.slug() == slug).ok_or(Refused::NoSuchPlace)
        };
        let (first, last) = match part {
            Part::Whole => (0, places.len().saturating_sub(1)),
            Part::At(address) => (at(address)?, at(address)?),
            Part::Span(from, to) => (at(from)?, at(to)?),
        };
        if first > last {
            return Err(Refused::Backwards);
        }
        let selected = places.get(first..end_of(&places, last)).unwrap_or_default();
        let stands_there = |words: &str| {
            let preface = (part == Part::Whole).then(|| document.preface.plain());
            !words.trim().is_empty()
                && (words_of(selected).contains(words) || preface.is_some_and(|preface| preface.contains(words)))
        };
        if quotation.is_some_and(|words| !stands_there(words)) {
            return Err(Refused::NotVerbatim);
        }
        let (lang, slug) = (document.lang, places.get(first).map_or("", |place| place.slug()));
        let (locator, url, key) = match part {
            Part::Whole => (None, site.address.to_owned(), String::new()),
            _ if first == last => {
                (Some(places[first].label(lang)), format!("{}/{slug}", site.address), format!("-{slug}"))
            }
            _ => (
                Some(span_label(lang, &places[first], &places[last])),
                format!("{}/{slug}", site.address),
                format!("-{slug}-{}", places[last].slug()),
            ),
        };
        // The author is the fourth segment of `/akn/int/statement/nato/…` (Akoma Ntoso Naming Convention §4.4).
        let author = document.work.split('/').nth(4).unwrap_or_default();
        let name = document.entity(author).map(|entity| one_line(without_acronym(&entity.name)));
        let year = document.date.get(..4).unwrap_or_default();
        Ok(Citation {
            lang,
            author: name.filter(|name| !name.is_empty()),
            title: one_line(&document.title),
            issued: document.date.parse().ok(),
            expression: one_line(&format!("{}/{}@", document.work, lang.alpha3())),
            sha256: one_line(&document.sha256),
            locator: locator.map(|locator| one_line(&locator)),
            quotation: quotation.map(one_line),
            site: one_line(site.name),
            url: uri(&url),
            accessed: site.accessed,
            key: key_of(&format!("{author}-{year}-{lang}{key}")),
        })
    }

    /// The address of the part.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The part as people name it: `Mesure 4, § 2`; nothing for the whole.
    pub fn locator(&self) -> Option<&str> {
        self.locator.as_deref()
    }

    /// The reference in words, on one line. The quotation is no part of it.
    pub fn plain(&self, style: Style) -> String {
        let lang = self.lang;
        let issued = |form: fn(Date, Lang) -> String| match (self.issued, lang) {
            (Some(date), _) => form(date, lang),
            (None, Lang::Fr) => "s. d.".to_owned(),
            (None, Lang::En) => "n.d.".to_owned(),
        };
        let (title, site, url) = (&self.title, &self.site, &self.url);
        let version = match lang {
            Lang::Fr => format!("version française, {}", self.expression),
            Lang::En => format!("English version, {}", self.expression),
        };
        let about = format!("{version}{}{}", self.semicolon(), self.notes());
        let accessed = self.accessed.in_words(lang);
        match style {
            Style::Apa => {
                let year_first = |date: Date, lang| format!("{}, {}", date.year, date.day_and_month(lang));
                let locator = self.locator.as_ref().map(|locator| format!(" ({locator})")).unwrap_or_default();
                let title = format!("{title}{locator} [{about}]");
                let date = format!("({})", issued(year_first));
                // Without an author the title comes first (§ 9.12); a site that is the author is not named twice.
                let (first, then) = match &self.author {
                    Some(author) => (author, format!("{date}. {title}")),
                    None => (&title, date),
                };
                let site = Some(site).filter(|site| Some(*site) != self.author.as_ref());
                let from = match lang {
                    Lang::Fr => format!("Consulté le {accessed} sur {url}"),
                    Lang::En => format!("Retrieved {accessed}, from {url}"),
                };
                sentences([Some(first.as_str()), Some(&then), site.map(String::as_str), Some(&from)])
            }
            Style::Chicago => {
                let quoted = match lang {
                    Lang::Fr => format!("«\u{A0}{title}\u{A0}»,"),
                    Lang::En => format!("“{title},”"),
                };
                let (issued, accessed) = match lang {
                    Lang::Fr => (format!("entériné le {}", issued(Date::in_words)), format!("consulté le {accessed}")),
                    Lang::En => (format!("endorsed {}", issued(Date::in_words)), format!("accessed {accessed}")),
                };
                let author = self.author.as_ref().map(|author| format!("{author}, ")).unwrap_or_default();
                let facts: Vec<&str> = [self.locator.as_deref(), Some(site), Some(&issued), Some(&accessed), Some(url)]
                    .into_iter()
                    .flatten()
                    .collect();
                format!("{author}{quoted} {} ({about}).", facts.join(", "))
            }
            Style::Iso690 => {
                let author = self.author.as_ref().map(|author| author.to_uppercase());
                let viewed = self.accessed.in_order(lang);
                let (medium, viewed, available) = match lang {
                    Lang::Fr => ("en ligne", format!("consulté le {viewed}"), "Disponible à l’adresse\u{A0}:"),
                    Lang::En => ("online", format!("viewed {viewed}"), "Available from:"),
                };
                let date = issued(Date::in_order);
                let title = format!("{title} [{medium}]");
                let published = format!("{site}, {date} [{viewed}]");
                let available = format!("{available} {url}");
                let about = capitalised(&about);
                let parts = [author.as_deref(), Some(&title), Some(&published), self.locator.as_deref(), Some(&about)];
                format!("{} {available}", closed(&sentences(parts)))
            }
        }
    }

    /// The three styles under their names, after the quotation if there is one: what `cite.txt` holds.
    pub fn text(&self) -> String {
        let quotation = self.quoted().map(|quotation| quotation + "\n\n").unwrap_or_default();
        let styles = Style::ALL.map(|style| format!("{}\n{}\n", style.name(), self.plain(style)));
        quotation + &styles.join("\n")
    }

    /// An entry of a biblatex file. Everything that TeX would take for a command is written as one that prints it;
    /// braces too, as BibTeX counts even those behind a backslash.
    pub fn bibtex(&self) -> String {
        let langid = match self.lang {
            Lang::Fr => "french",
            Lang::En => "british",
        };
        // A second pair of braces keeps a name whole and the capitals of a title.
        let whole = |text: &str| format!("{{{}}}", tex(text));
        let fields = [
            ("author", self.author.as_deref().map(whole)),
            ("title", Some(whole(&self.title))),
            ("titleaddon", self.locator.as_deref().map(tex)),
            ("date", self.issued.map(|date| date.to_string())),
            ("version", Some(tex(&self.expression))),
            ("organization", Some(tex(&self.site))),
            ("note", self.unofficial().map(tex)),
            ("addendum", Some(tex(&self.hash()))),
            ("annotation", self.quoted().map(|quotation| tex(&quotation))),
            // Verbatim (biblatex manual § 2.2.1); `uri` left nothing in it that ends the field.
            ("url", Some(self.url.clone())),
            ("urldate", Some(self.accessed.to_string())),
            ("langid", Some(langid.to_owned())),
        ];
        let fields: String =
            fields.into_iter().filter_map(|(name, value)| Some(format!("  {name:<12} = {{{}}},\n", value?))).collect();
        format!("@online{{{},\n{fields}}}\n", self.key)
    }

    /// A record of a RIS file: two letters or digits, two spaces, a hyphen, a space, the value; lines end with CR LF.
    pub fn ris(&self) -> String {
        let date = |date: Date| format!("{:04}/{:02}/{:02}/", date.year, date.month, date.day);
        let fields = [
            ("TY", Some("ELEC".to_owned())),
            ("ID", Some(self.key.clone())),
            // The specification allows no asterisk in a name.
            ("AU", self.author.as_ref().map(|author| author.replace('*', "∗"))),
            ("TI", Some(self.title.clone())),
            ("T2", Some(self.site.clone())),
            ("PY", self.issued.map(|date| format!("{:04}", date.year))),
            ("DA", self.issued.map(date)),
            ("ET", Some(self.expression.clone())),
            ("SE", self.locator.clone()),
            ("LA", Some(self.lang.tag().to_owned())),
            ("UR", Some(self.url.clone())),
            ("Y2", Some(date(self.accessed))),
            // Most programs keep no section of a web page.
            ("N1", self.locator.clone()),
            ("N1", self.unofficial().map(str::to_owned)),
            ("N1", Some(self.hash())),
            ("N1", self.quoted()),
            ("ER", Some(String::new())),
        ];
        fields.into_iter().filter_map(|(tag, value)| Some(format!("{tag}  - {}\r\n", value?))).collect()
    }

    /// A list of one item for `csl-data.json` of CSL 1.0.2.
    pub fn csl_json(&self) -> String {
        let mut item = json!({
            "id": self.key,
            "type": "webpage",
            "title": self.title,
            "container-title": self.site,
            "URL": self.url,
            "accessed": self.accessed.parts(),
            "language": self.lang.tag(),
            "version": self.expression,
            "note": self.notes(),
            "custom": { "sha256": self.sha256 },
        });
        if let Some(author) = &self.author {
            item["author"] = json!([{ "literal": author }]);
        }
        if let Some(issued) = self.issued {
            item["issued"] = issued.parts();
        }
        if let Some(locator) = &self.locator {
            item["section"] = json!(locator);
            item["locator"] = json!(locator);
        }
        if let Some(quotation) = &self.quotation {
            item["custom"]["quotation"] = json!(quotation);
        }
        format!("{:#}\n", json!([item]))
    }

    /// That a translation is not official, and the hash.
    fn notes(&self) -> String {
        let unofficial = self.unofficial().map(|unofficial| format!("{unofficial}{}", self.semicolon()));
        unofficial.unwrap_or_default() + &self.hash()
    }

    /// With a narrow no-break space before it in French.
    fn semicolon(&self) -> &'static str {
        match self.lang {
            Lang::Fr => "\u{202F}; ",
            Lang::En => "; ",
        }
    }

    /// What is said of a text that is not the original.
    fn unofficial(&self) -> Option<&'static str> {
        match self.lang {
            lang if lang == Lang::ALL[0] => None,
            Lang::Fr => Some("traduction de courtoisie, non officielle"),
            Lang::En => Some("unofficial courtesy translation from the French"),
        }
    }

    fn hash(&self) -> String {
        format!("SHA-256 {}", self.sha256)
    }

    /// The quotation in the language's quotation marks.
    fn quoted(&self) -> Option<String> {
        self.quotation.as_ref().map(|quotation| match self.lang {
            Lang::Fr => format!("«\u{A0}{quotation}\u{A0}»"),
            Lang::En => format!("“{quotation}”"),
        })
    }
}

/// One behind the last place that lies within the place `at`.
fn end_of(places: &[Place<'_>], at: usize) -> usize {
    let rank = |place: &Place<'_>| match place {
        Place::Section(_) => 0,
        Place::Measure(..) => 1,
        Place::Paragraph(..) => 2,
        Place::Sentence(..) | Place::Item(..) => 3,
    };
    let Some(place) = places.get(at) else { return at };
    places[at + 1..].iter().position(|next| rank(next) <= rank(place)).map_or(places.len(), |ahead| at + 1 + ahead)
}

/// What stands in places that follow each other.
fn words_of(places: &[Place<'_>]) -> String {
    let mut words = String::new();
    let mut whole: Option<&model::Paragraph> = None;
    for place in places {
        match place {
            Place::Sentence(_, _, paragraph, _, sentence) if whole.is_none_or(|whole| whole.slug != paragraph.slug) => {
                words.push_str(&sentence.text.plain());
                words.push_str(&sentence.gap);
            }
            Place::Item(_, _, paragraph, ..) if whole.is_none_or(|whole| whole.slug != paragraph.slug) => {
                words.push_str(&place.plain());
                words.push('\n');
            }
            Place::Sentence(..) | Place::Item(..) => {}
            Place::Section(_) | Place::Measure(..) | Place::Paragraph(..) => {
                if let Place::Paragraph(_, _, paragraph) = place {
                    whole = Some(paragraph);
                }
                // After sentences of a paragraph that was not whole.
                if !words.is_empty() && !words.ends_with('\n') {
                    words.push('\n');
                }
                words.push_str(&place.plain());
                words.push('\n');
            }
        }
    }
    words
}

/// From one spot to another: `Mesure 4, § 2, phrases 1–3`.
fn span_label(lang: Lang, first: &Place<'_>, last: &Place<'_>) -> String {
    match (first, last) {
        (Place::Sentence(section, measure, paragraph, from, _), Place::Sentence(_, _, other, to, _))
            if paragraph.slug == other.slug =>
        {
            let sentences = match lang {
                Lang::Fr => "phrases",
                Lang::En => "sentences",
            };
            format!("{}, {sentences} {from}–{to}", Place::Paragraph(section, *measure, paragraph).label(lang))
        }
        _ => format!("{} – {}", first.label(lang), last.label(lang)),
    }
}

/// `Union européenne` of `Union européenne (UE)`.
fn without_acronym(name: &str) -> &str {
    name.strip_suffix(')').and_then(|name| name.rsplit_once(" (")).map_or(name, |(name, _)| name)
}

/// Without line breaks, other control characters and characters that reverse the order of those around them; each run
/// of them and of spaces becomes a space, and none stands at either end. No-break spaces stay.
fn one_line(text: &str) -> String {
    let is_break = |c: char| {
        c == ' '
            || c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    text.split(is_break).filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Percent-encodes what may not stand in a URI (RFC 3986 §2); a percent sign stays if it encodes something.
fn uri(text: &str) -> String {
    let mut uri = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        let encodes = || text.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte) || byte == b'%' && encodes() {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// A key that every program takes: ASCII letters, digits, hyphens and points.
fn key_of(text: &str) -> String {
    let key: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' }).collect();
    let key = key.trim_matches('-');
    if key.is_empty() { "text".to_owned() } else { key.to_owned() }
}

/// The ten characters that TeX does not print (The TeXbook, chapter 7), as commands that print them.
fn tex(text: &str) -> String {
    let mut tex = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => tex.push_str("\\textbackslash{}"),
            '{' => tex.push_str("\\textbraceleft{}"),
            '}' => tex.push_str("\\textbraceright{}"),
            '^' => tex.push_str("\\textasciicircum{}"),
            '~' => tex.push_str("\\textasciitilde{}"),
            '$' | '&' | '#' | '%' | '_' => tex.extend(['\\', c]),
            '\u{A0}' => tex.push('~'),
            c => tex.push(c),
        }
    }
    tex
}

/// Each closed by a point, unless it closes itself; the last is left open, as it ends with an address.
fn sentences<const N: usize>(parts: [Option<&str>; N]) -> String {
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let (last, before) = parts.split_last().map_or(("", &[][..]), |(last, before)| (*last, before));
    before.iter().map(|part| closed(part) + " ").collect::<String>() + last
}

fn closed(part: &str) -> String {
    if part.ends_with(['.', '!', '?', '…']) { part.to_owned() } else { format!("{part}.") }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
