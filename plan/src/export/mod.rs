//! The text as files to take away: the whole or a part, in six formats, the same bytes for the same input.
//!
//! Every file says which version it holds, in which language, whether that is the original, the fingerprint of the whole
//! source text and its own address. [`Origin`] says all that once; [`Extract`] is what is taken of the text, as a list of
//! [`Block`]s that each writer walks. A view of another kind (a register, a table of one's own) brings its rows, an
//! `Origin`, and [`csv::table`].

pub mod csv;
mod epub;
mod jsonld;
mod markdown;
mod pdf;
mod words;

use crate::{Body, Document, Item, Lang, Measure, Paragraph, Place, Section, Sentence, Text, akn, date::in_words};
use std::slice;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// PDF 1.7, tagged: PDF/UA-1 and PDF/A-2a.
    Pdf,
    /// EPUB 3.3.
    Epub,
    /// CommonMark.
    Markdown,
    /// Akoma Ntoso 3.0.
    Xml,
    /// JSON-LD 1.1 with the words of schema.org.
    JsonLd,
    /// RFC 4180, a row for each sentence.
    Csv,
}

impl Format {
    /// Every format, those for readers first.
    pub const ALL: [Format; 6] =
        [Format::Pdf, Format::Epub, Format::Markdown, Format::Xml, Format::JsonLd, Format::Csv];

    /// What a file's name ends with.
    pub const fn extension(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Epub => "epub",
            Format::Markdown => "md",
            Format::Xml => "xml",
            Format::JsonLd => "jsonld",
            Format::Csv => "csv",
        }
    }

    /// The format of that extension.
    pub fn of_extension(extension: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// Its media type, as `Content-Type` wants it (RFC 7763 for Markdown, RFC 4180 for CSV).
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Pdf => "application/pdf",
            Format::Epub => "application/epub+zip",
            Format::Markdown => "text/markdown; charset=utf-8; variant=CommonMark",
            Format::Xml => "application/akn+xml",
            Format::JsonLd => "application/ld+json",
            Format::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Pdf => "PDF",
            Format::Epub => "EPUB",
            Format::Markdown => "Markdown",
            Format::Xml => "Akoma Ntoso",
            Format::JsonLd => "JSON-LD",
            Format::Csv => "CSV",
        }
    }

    /// What it is good for, in a few words.
    pub const fn purpose(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Format::Pdf, Lang::Fr) => "pour imprimer et archiver",
            (Format::Pdf, Lang::En) => "to print and to archive",
            (Format::Epub, Lang::Fr) => "pour lire sur liseuse",
            (Format::Epub, Lang::En) => "for e-readers",
            (Format::Markdown, Lang::Fr) => "pour reprendre dans un texte",
            (Format::Markdown, Lang::En) => "to work into a text",
            (Format::Xml, Lang::Fr) => "XML des textes juridiques",
            (Format::Xml, Lang::En) => "XML for legal texts",
            (Format::JsonLd, Lang::Fr) => "données liées (schema.org)",
            (Format::JsonLd, Lang::En) => "linked data (schema.org)",
            (Format::Csv, Lang::Fr) => "une ligne par phrase, pour tableur",
            (Format::Csv, Lang::En) => "a row for each sentence, for spreadsheets",
        }
    }
}

/// A file that can be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// In that format.
    pub format: Format,
    /// In that language.
    pub lang: Lang,
    /// Its path on the site.
    pub path: String,
    /// The name it is saved under.
    pub file_name: String,
}

/// Every file that can be taken of the text or of the part at `slug`, the page's language first.
pub fn offers(document: &Document, slug: Option<&str>) -> Vec<Offer> {
    let langs = [document.lang, document.lang.other()];
    let each = |lang| {
        Format::ALL.map(|format| Offer {
            format,
            lang,
            path: path(lang, slug, format),
            file_name: file_name(document, lang, slug, format),
        })
    };
    langs.into_iter().flat_map(each).collect()
}

/// `/fr/plan/m4.2/data.pdf`: where the file is on the site.
pub fn path(lang: Lang, slug: Option<&str>, format: Format) -> String {
    format!("{}/data.{}", page(lang, slug), format.extension())
}

/// `/fr/plan/m4.2`: the page of the text or of a part.
fn page(lang: Lang, slug: Option<&str>) -> String {
    match slug {
        Some(slug) => format!("/{lang}/plan/{slug}"),
        None => format!("/{lang}/plan"),
    }
}

/// `defence-production-action-plan_2025-02-13_fr_m4.2.pdf`: nothing but letters, digits and `._-`, which every system
/// can keep.
pub fn file_name(document: &Document, lang: Lang, slug: Option<&str>, format: Format) -> String {
    let work = document.work.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or("text");
    let part = slug.map(|slug| format!("_{slug}")).unwrap_or_default();
    let name = format!("{work}_{}_{lang}{part}", document.date);
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    format!("{}.{}", name.chars().map(plain).collect::<String>(), format.extension())
}

/// Who makes the file, where, when.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The site's name.
    pub site: &'a str,
    /// `https://press.example.org`, without a slash at its end.
    pub public_url: &'a str,
    /// The day the file is made, ISO 8601.
    pub made: &'a str,
}

impl Origin<'_> {
    /// The address of the text or of a part.
    pub fn address(&self, lang: Lang, slug: Option<&str>) -> String {
        format!("{}{}", self.public_url, page(lang, slug))
    }

    /// The address of a file.
    pub fn file(&self, lang: Lang, slug: Option<&str>, format: Format) -> String {
        format!("{}{}", self.public_url, path(lang, slug, format))
    }
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
#[error("the PDF could not be made: {0}")]
pub struct Failed(String);

/// What is taken of a text.
#[derive(Clone, Copy, Debug)]
pub struct Extract<'a> {
    document: &'a Document,
    part: Option<Place<'a>>,
    origin: Origin<'a>,
}

impl<'a> Extract<'a> {
    /// The whole text.
    pub const fn whole(document: &'a Document, origin: Origin<'a>) -> Self {
        Self { document, part: None, origin }
    }

    /// A part of it.
    pub const fn part(document: &'a Document, place: Place<'a>, origin: Origin<'a>) -> Self {
        Self { document, part: Some(place), origin }
    }

    /// As a file.
    ///
    /// # Errors
    /// If the PDF breaks a rule of its standards or a limit of PDF. No other format fails.
    pub fn export(&self, format: Format) -> Result<Vec<u8>, Failed> {
        Ok(match format {
            Format::Pdf => pdf::write(self)?,
            Format::Epub => epub::write(self),
            Format::Markdown => markdown::write(self).into_bytes(),
            Format::Xml => {
                let file = akn::Manifestation { address: &self.address(), made: self.origin.made };
                akn::publish(self.document, self.part.as_ref(), &file).into_bytes()
            }
            Format::JsonLd => jsonld::write(self).into_bytes(),
            Format::Csv => csv::write(self),
        })
    }

    fn lang(&self) -> Lang {
        self.document.lang
    }

    fn slug(&self) -> Option<&'a str> {
        self.part.map(|part| part.slug())
    }

    /// Its own address.
    fn address(&self) -> String {
        self.origin.address(self.lang(), self.slug())
    }

    /// The address of a spot in it.
    fn address_of(&self, slug: &str) -> String {
        self.origin.address(self.lang(), Some(slug))
    }

    /// `Mesure 4, § 2 – Plan d’action…`
    fn title(&self) -> String {
        match self.part {
            Some(part) => format!("{} – {}", part.label(self.lang()), self.document.title),
            None => self.document.title.clone(),
        }
    }

    /// What every file says of itself: a word for it, and what it is.
    fn about(&self) -> Vec<(&'static str, About)> {
        let words = words::of(self.lang());
        vec![
            (words.version, About::Words(in_words(self.lang(), &self.document.date))),
            (words.language, About::Words(words.language_name.to_owned())),
            (words.standing_of, About::Words(words::standing(self.lang(), self.origin.site))),
            (words.address, About::Address(self.address())),
            (words.fingerprint, About::Digits(self.document.sha256.clone())),
            (words.made, About::Words(format!("{}, {}", in_words(self.lang(), self.origin.made), self.origin.site))),
        ]
    }

    /// What is in it, in reading order.
    fn blocks(&self) -> Vec<Block<'a>> {
        let mut blocks = Vec::new();
        match self.part {
            None => self.document.sections.iter().for_each(|section| add_section(&mut blocks, section)),
            Some(Place::Section(section)) => add_section(&mut blocks, section),
            Some(Place::Measure(section, measure)) => add_measure(&mut blocks, section, measure),
            Some(Place::Paragraph(section, measure, paragraph)) => {
                blocks.push(Block::Paragraph(Piece::whole(section, measure, paragraph)));
            }
            Some(Place::Sentence(section, measure, paragraph, _, sentence)) => {
                let taken = Taken::Prose(slice::from_ref(sentence));
                blocks.push(Block::Paragraph(Piece { section, measure, paragraph, taken, all: false }));
            }
            Some(Place::Item(section, measure, paragraph, _, item)) => {
                let taken = Taken::List { lead: None, items: slice::from_ref(item) };
                blocks.push(Block::Paragraph(Piece { section, measure, paragraph, taken, all: false }));
            }
        }
        blocks
    }
}

/// How a line about the file is to be read.
enum About {
    Words(String),
    Address(String),
    Digits(String),
}

impl About {
    fn text(&self) -> &str {
        match self {
            About::Words(text) | About::Address(text) | About::Digits(text) => text,
        }
    }
}

/// A heading or a paragraph of an extract.
enum Block<'a> {
    Section(&'a Section),
    Measure(&'a Section, &'a Measure),
    Paragraph(Piece<'a>),
}

/// A paragraph, or what is taken of it.
struct Piece<'a> {
    section: &'a Section,
    measure: Option<&'a Measure>,
    paragraph: &'a Paragraph,
    taken: Taken<'a>,
    /// Whether that is the whole paragraph.
    all: bool,
}

enum Taken<'a> {
    Prose(&'a [Sentence]),
    List { lead: Option<&'a Text>, items: &'a [Item] },
}

impl<'a> Piece<'a> {
    fn whole(section: &'a Section, measure: Option<&'a Measure>, paragraph: &'a Paragraph) -> Self {
        let taken = match &paragraph.body {
            Body::Prose(sentences) => Taken::Prose(sentences),
            Body::List { lead, items } => Taken::List { lead: Some(lead), items },
        };
        Self { section, measure, paragraph, taken, all: true }
    }

    /// The slug of what is taken.
    fn slug(&self) -> &'a str {
        match self.taken {
            Taken::Prose([sentence]) if !self.all => &sentence.slug,
            Taken::List { items: [item], .. } if !self.all => &item.slug,
            _ => &self.paragraph.slug,
        }
    }

    /// As people name the paragraph: "Mesure 4, § 2".
    fn label(&self, lang: Lang) -> String {
        Place::Paragraph(self.section, self.measure, self.paragraph).label(lang)
    }

    /// The number as printed, where the paragraph is there from its beginning.
    fn printed(&self) -> Option<&'a str> {
        (self.all && !self.paragraph.printed.is_empty()).then_some(self.paragraph.printed.as_str())
    }
}

fn add_section<'a>(blocks: &mut Vec<Block<'a>>, section: &'a Section) {
    blocks.push(Block::Section(section));
    blocks.extend(section.paragraphs.iter().map(|p| Block::Paragraph(Piece::whole(section, None, p))));
    section.measures.iter().for_each(|measure| add_measure(blocks, section, measure));
}

fn add_measure<'a>(blocks: &mut Vec<Block<'a>>, section: &'a Section, measure: &'a Measure) {
    blocks.push(Block::Measure(section, measure));
    blocks.extend(measure.paragraphs.iter().map(|p| Block::Paragraph(Piece::whole(section, Some(measure), p))));
}

/// Text or attribute value with the marks of XML escaped; what is no character of XML 1.0 (§2.2) is left out.
fn xml(text: &str) -> String {
    akn::escape(text)
}
