//! Akoma Ntoso 3.0 (OASIS LegalDocML), written and read.
//!
//! The document is a `statement`: pillars are `part`s, their objectives and measures `hcontainer`s, the sections
//! without a number `hcontainer`s of the first order. Sentences are `inline name="sentence"`, so that the text holds
//! its own addresses. `eId`s follow the Akoma Ntoso Naming Convention 1.0; the slug people share, the same in every
//! language, is the `wId`. Names that the text uses are `organization`, `role`, `event`, `concept` and `location`
//! elements that refer to the metadata.

use crate::{
    Body, Document, Entity, EntityKind, Item, Lang, Measure, Paragraph, Place, Run, Section, SectionKind, Sentence,
    Text,
};
use roxmltree::{Node, ParsingOptions};
use std::{collections::BTreeSet, fmt::Write as _};

const NAMESPACE: &str = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0";
/// Elements and texts above which a file is refused; ours has about 900.
const MAX_NODES: u32 = 2_000_000;

/// The document as Akoma Ntoso, valid against the strict schema.
pub fn write(document: &Document) -> String {
    statement(document, None)
}

/// A file that goes out to the public.
#[derive(Clone, Copy, Debug)]
pub struct Manifestation<'a> {
    /// Where what it holds is read.
    pub address: &'a str,
    /// The day it is made, ISO 8601.
    pub made: &'a str,
}

/// The document, or a part of it as a `portion`, that tells when and for which address it was made. Valid against the
/// strict schema; what it holds has the ids that it has in the whole.
pub fn publish(document: &Document, part: Option<&Place<'_>>, file: &Manifestation<'_>) -> String {
    match part {
        None => statement(document, Some(file)),
        Some(place) => portion(document, place, file),
    }
}

fn statement(document: &Document, file: Option<&Manifestation<'_>>) -> String {
    let mut out = Writer::begin(document, 64 * 1024);
    out.open("statement name=\"statement\" contains=\"singleVersion\"");
    meta(&mut out, document, file, None);
    out.open("preface");
    out.line(&format!("<longTitle><p><docTitle>{}</docTitle></p></longTitle>", escape(&document.title)));
    let preface = out.inline(&document.preface, "preface", &mut Counters::default());
    out.line(&format!("<p>{preface}</p>"));
    out.close("preface");
    out.open("mainBody");
    for section in &document.sections {
        self::section(&mut out, section);
    }
    out.close("mainBody");
    out.close("statement");
    out.close("akomaNtoso");
    out.xml
}

fn portion(document: &Document, place: &Place<'_>, file: &Manifestation<'_>) -> String {
    let mut out = Writer::begin(document, 16 * 1024);
    out.open("portion includedIn=\"#whole\"");
    meta(&mut out, document, Some(file), Some(place));
    out.open("portionBody");
    match *place {
        Place::Section(part) => section(&mut out, part),
        Place::Measure(_, part) => measure(&mut out, part),
        Place::Paragraph(_, _, part) => paragraph(&mut out, part),
        // A sentence or a bullet can stand in no body by itself: a container, which says what it holds, is its frame.
        Place::Sentence(_, _, of, n, _) => {
            out.open("container name=\"sentence\"");
            let mut counters = Counters::default();
            let before = of.sentences().iter().take(n - 1);
            before.for_each(|sentence| drop(out.inline(&sentence.text, &of.eid, &mut counters)));
            let words: String =
                of.sentences().get(n - 1).map(|s| out.sentence(of, n, s, &mut counters)).into_iter().collect();
            out.line(&format!("<p>{words}</p>"));
            out.close("container");
        }
        Place::Item(_, _, of, n, _) => {
            out.open("container name=\"item\"");
            out.open(&format!("blockList eId=\"{}__list_1\"", of.eid));
            let mut counters = Counters::default();
            let before = of.texts().into_iter().take(n);
            before.for_each(|text| drop(out.inline(text, &of.eid, &mut counters)));
            of.items()
                .iter()
                .enumerate()
                .skip(n - 1)
                .take(1)
                .for_each(|(i, it)| out.item(of, i + 1, it, &mut counters));
            out.close("blockList");
            out.close("container");
        }
    }
    out.close("portionBody");
    out.close("portion");
    out.close("akomaNtoso");
    out.xml
}

fn meta(out: &mut Writer<'_>, document: &Document, file: Option<&Manifestation<'_>>, part: Option<&Place<'_>>) {
    let alpha3 = document.lang.alpha3();
    let work = &document.work;
    // Of `/akn/int/statement/nato/…`: the country's code and the author (Naming Convention §4.4).
    let mut segments = work.split('/').skip(2).map(escape);
    let country = segments.next().unwrap_or_default();
    let author = segments.nth(1).unwrap_or_default();
    let work = escape(work);
    let expression = format!("{work}/{alpha3}@");
    let original = format!("{work}/{}@", Lang::Fr.alpha3());
    let date = &document.date;
    // A portion's IRI is that of its component and the part's id (Naming Convention §4.7).
    let component = match part {
        Some(place) => format!("!main~{}", eid(place)),
        None => "!main".to_owned(),
    };
    out.open("meta");
    out.open("identification source=\"#estafette\"");
    for (level, this, uri, name) in [
        ("FRBRWork", format!("{work}/{component}"), work.clone(), "endorsement"),
        ("FRBRExpression", format!("{expression}/{component}"), expression.clone(), "endorsement"),
        ("FRBRManifestation", format!("{expression}/{component}.xml"), format!("{expression}.xml"), "endorsement"),
    ] {
        out.open(level);
        out.line(&format!("<FRBRthis value=\"{this}\"/>"));
        out.line(&format!("<FRBRuri value=\"{uri}\"/>"));
        if level == "FRBRExpression" {
            out.line(&format!("<FRBRalias value=\"{}\" name=\"sha256\"/>", document.sha256));
        }
        match file.filter(|_| level == "FRBRManifestation") {
            Some(file) => {
                out.line(&format!("<FRBRalias value=\"{}\" name=\"address\"/>", escape(file.address)));
                out.line(&format!("<FRBRdate date=\"{}\" name=\"generation\"/>", escape(file.made)));
            }
            None => out.line(&format!("<FRBRdate date=\"{date}\" name=\"{name}\"/>")),
        }
        match (level, document.lang) {
            ("FRBRWork", _) => {
                out.line(&format!("<FRBRauthor href=\"#{author}\"/>"));
                out.line(&format!("<FRBRcountry value=\"{country}\"/>"));
            }
            ("FRBRExpression", Lang::Fr) => {
                out.line(&format!("<FRBRauthor href=\"#{author}\"/>"));
                out.line(&format!("<FRBRlanguage language=\"{alpha3}\"/>"));
            }
            ("FRBRExpression", Lang::En) => {
                out.line("<FRBRauthor href=\"#estafette\"/>");
                out.line("<FRBRauthoritative value=\"false\"/>");
                out.line(&format!("<FRBRmasterExpression href=\"{original}\" showAs=\"Original\"/>"));
                out.line(&format!("<FRBRlanguage language=\"{alpha3}\"/>"));
                out.line(&format!(
                    "<FRBRtranslation href=\"{original}\" fromLanguage=\"fra\" authoritative=\"false\" by=\"#estafette\"/>"
                ));
            }
            _ => {
                out.line("<FRBRauthor href=\"#estafette\"/>");
                if let Some(place) = part {
                    out.line(&format!("<FRBRportion from=\"#{}\"/>", eid(place)));
                }
                out.line("<FRBRformat value=\"application/akn+xml\"/>");
            }
        }
        out.close(level);
    }
    out.close("identification");
    out.open("lifecycle source=\"#estafette\"");
    out.line(&format!("<eventRef date=\"{date}\" type=\"generation\" source=\"#{author}\"/>"));
    out.close("lifecycle");
    out.open("references source=\"#estafette\"");
    if part.is_some() {
        let title = escape(&document.title);
        out.line(&format!(
            "<TLCReference eId=\"whole\" name=\"includedIn\" href=\"{expression}\" showAs=\"{title}\"/>"
        ));
    }
    out.line("<TLCOrganization eId=\"estafette\" href=\"/akn/ontology/organization/estafette\" showAs=\"Estafette\"/>");
    if document.entity(&author).is_none() {
        out.line(&format!(
            "<TLCOrganization eId=\"{author}\" href=\"/akn/ontology/organization/{author}\" showAs=\"{author}\"/>"
        ));
    }
    let named = part.map(named_in);
    let there =
        |entity: &&Entity| entity.id == author || named.as_ref().is_none_or(|named| named.contains(entity.id.as_str()));
    for entity in document.entities.iter().filter(there) {
        let (class, path) = class(entity.kind);
        out.line(&format!(
            "<{class} eId=\"{id}\" href=\"/akn/ontology/{path}/{id}\" showAs=\"{name}\"/>",
            id = escape(&entity.id),
            name = escape(&entity.name)
        ));
    }
    out.close("references");
    out.close("meta");
}

/// The id of a part.
fn eid(place: &Place<'_>) -> String {
    match *place {
        Place::Section(part) => section_eid(part).to_owned(),
        Place::Measure(_, part) => measure_eid(part).to_owned(),
        Place::Paragraph(_, _, part) => part.eid.clone(),
        Place::Sentence(_, _, of, n, _) => format!("{}__inline_{n}", of.eid),
        Place::Item(_, _, of, n, _) => format!("{}__list_1__item_{n}", of.eid),
    }
}

/// What the words of a part name.
fn named_in<'a>(place: &Place<'a>) -> BTreeSet<&'a str> {
    let mut texts: Vec<&Text> = Vec::new();
    let measure = |texts: &mut Vec<&'a Text>, measure: &'a Measure| {
        texts.push(&measure.heading);
        texts.extend(measure.paragraphs.iter().flat_map(Paragraph::texts));
    };
    match *place {
        Place::Section(part) => {
            texts.push(&part.heading);
            texts.extend(part.paragraphs.iter().flat_map(Paragraph::texts));
            part.measures.iter().for_each(|part| measure(&mut texts, part));
        }
        Place::Measure(_, part) => measure(&mut texts, part),
        Place::Paragraph(_, _, part) => texts.extend(part.texts()),
        Place::Sentence(.., part) => texts.push(&part.text),
        Place::Item(.., part) => texts.push(&part.text),
    }
    texts.into_iter().flat_map(|text| &text.runs).filter_map(|run| run.names.as_deref()).collect()
}

const fn class(kind: EntityKind) -> (&'static str, &'static str) {
    match kind {
        EntityKind::Organization => ("TLCOrganization", "organization"),
        EntityKind::Role => ("TLCRole", "role"),
        EntityKind::Event => ("TLCEvent", "event"),
        EntityKind::Concept => ("TLCConcept", "concept"),
        EntityKind::Location => ("TLCLocation", "location"),
    }
}

const KINDS: [EntityKind; 5] =
    [EntityKind::Organization, EntityKind::Role, EntityKind::Event, EntityKind::Concept, EntityKind::Location];

fn section(out: &mut Writer<'_>, section: &Section) {
    let (element, attributes) = match section.kind {
        SectionKind::Pillar(_) => ("part", String::new()),
        SectionKind::Plain => ("hcontainer", " name=\"section\"".to_owned()),
    };
    let eid = section_eid(section);
    out.open(&format!("{element} eId=\"{eid}\" wId=\"{}\"{attributes}", escape(&section.slug)));
    out.heading(&section.heading, eid);
    match section.kind {
        SectionKind::Plain => section.paragraphs.iter().for_each(|p| paragraph(out, p)),
        SectionKind::Pillar(_) if !section.paragraphs.is_empty() => {
            let eid = parent(&section.paragraphs[0].eid);
            out.open(&format!("hcontainer eId=\"{eid}\" name=\"objectives\""));
            section.paragraphs.iter().for_each(|p| paragraph(out, p));
            out.close("hcontainer");
        }
        SectionKind::Pillar(_) => {}
    }
    section.measures.iter().for_each(|part| measure(out, part));
    out.close(element);
}

fn measure(out: &mut Writer<'_>, measure: &Measure) {
    let eid = measure_eid(measure);
    out.open(&format!("hcontainer eId=\"{eid}\" wId=\"{}\" name=\"measure\"", escape(&measure.slug)));
    out.heading(&measure.heading, eid);
    measure.paragraphs.iter().for_each(|p| paragraph(out, p));
    out.close("hcontainer");
}

/// The beginning of its paragraphs' ids.
fn section_eid(section: &Section) -> &str {
    let first = section
        .paragraphs
        .first()
        .or_else(|| section.measures.first().and_then(|m| m.paragraphs.first()))
        .map_or("", |p| p.eid.as_str());
    first.split("__").next().filter(|eid| !eid.is_empty()).unwrap_or(&section.slug)
}

fn measure_eid(measure: &Measure) -> &str {
    measure.paragraphs.first().map_or(measure.slug.as_str(), |p| parent(&p.eid))
}

fn parent(eid: &str) -> &str {
    eid.rsplit_once("__").map_or(eid, |(parent, _)| parent)
}

fn paragraph(out: &mut Writer<'_>, paragraph: &Paragraph) {
    let eid = &paragraph.eid;
    let mut counters = Counters::default();
    out.open(&format!("paragraph eId=\"{eid}\" wId=\"{}\"", escape(&paragraph.slug)));
    out.line(&format!("<num>{}</num>", escape(&paragraph.printed)));
    out.open("content");
    match &paragraph.body {
        Body::Prose(sentences) => {
            let mut p = String::from("<p>");
            for (n, sentence) in sentences.iter().enumerate() {
                p.push_str(&out.sentence(paragraph, n + 1, sentence, &mut counters));
                p.push_str(&escape(&sentence.gap));
            }
            p.push_str("</p>");
            out.line(&p);
        }
        Body::List { lead, items } => {
            out.open(&format!("blockList eId=\"{eid}__list_1\""));
            let lead = out.inline(lead, eid, &mut counters);
            out.line(&format!("<listIntroduction>{lead}</listIntroduction>"));
            for (n, item) in items.iter().enumerate() {
                out.item(paragraph, n + 1, item, &mut counters);
            }
            out.close("blockList");
        }
    }
    out.close("content");
    out.close("paragraph");
}

/// How many inline elements of each class a container has had: they are numbered.
#[derive(Default)]
struct Counters([usize; KINDS.len()]);

/// Lines of XML, indented where that changes no text.
struct Writer<'a> {
    xml: String,
    depth: usize,
    entities: &'a [Entity],
}

impl<'a> Writer<'a> {
    fn begin(document: &'a Document, capacity: usize) -> Self {
        let mut out = Writer { xml: String::with_capacity(capacity), depth: 0, entities: &document.entities };
        out.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        out.open(&format!("akomaNtoso xmlns=\"{NAMESPACE}\""));
        out
    }

    fn line(&mut self, line: &str) {
        for _ in 0..self.depth {
            self.xml.push_str("  ");
        }
        self.xml.push_str(line);
        self.xml.push('\n');
    }

    fn open(&mut self, tag: &str) {
        self.line(&format!("<{tag}>"));
        self.depth += 1;
    }

    fn close(&mut self, element: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(&format!("</{element}>"));
    }

    fn heading(&mut self, text: &Text, eid: &str) {
        let words = self.inline(text, &format!("{eid}__heading"), &mut Counters::default());
        self.line(&format!("<heading>{words}</heading>"));
    }

    /// A sentence (from 1) of a paragraph.
    fn sentence(&self, of: &Paragraph, n: usize, sentence: &Sentence, counters: &mut Counters) -> String {
        format!(
            "<inline name=\"sentence\" eId=\"{}__inline_{n}\" wId=\"{}\">{}</inline>",
            of.eid,
            escape(&sentence.slug),
            self.inline(&sentence.text, &of.eid, counters),
        )
    }

    /// A bullet (from 1) of a paragraph.
    fn item(&mut self, of: &Paragraph, n: usize, item: &Item, counters: &mut Counters) {
        let slug = escape(&item.slug);
        self.open(&format!("item eId=\"{}__list_1__item_{n}\" wId=\"{slug}\"", of.eid));
        self.line("<num>•</num>");
        let words = self.inline(&item.text, &of.eid, counters);
        self.line(&format!("<p>{words}</p>"));
        self.close("item");
    }

    fn inline(&self, text: &Text, prefix: &str, counters: &mut Counters) -> String {
        let mut out = String::new();
        for run in &text.runs {
            let words = escape(&run.text);
            let entity = run.names.as_ref().and_then(|id| self.entities.iter().find(|e| e.id == *id));
            let Some(entity) = entity else {
                out.push_str(&words);
                continue;
            };
            let (_, element) = class(entity.kind);
            let count = &mut counters.0[entity.kind as usize];
            *count += 1;
            let lang = run.lang.as_ref().map(|l| format!(" xml:lang=\"{}\"", escape(l))).unwrap_or_default();
            let _ = write!(
                out,
                "<{element} eId=\"{prefix}__{element}_{count}\" refersTo=\"#{}\"{lang}>{words}</{element}>",
                escape(&entity.id),
            );
        }
        out
    }
}

/// Text or attribute value with the marks of XML escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // No character of XML 1.0 (§2.2): left out.
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            // A parser would turn it into a line feed (§2.11).
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
    out
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No XML.
    #[error("not well-formed XML: {what}")]
    Xml {
        /// From 1.
        line: u32,
        /// What the parser says.
        what: String,
    },
    /// XML, but not a statement of our shape.
    #[error("line {line}: {what}")]
    Shape {
        /// From 1.
        line: u32,
        /// What is missing.
        what: &'static str,
    },
}

impl ReadError {
    /// Where, from 1.
    pub fn line(&self) -> usize {
        match self {
            ReadError::Xml { line, .. } | ReadError::Shape { line, .. } => *line as usize,
        }
    }

    /// What to do about it, in a sentence.
    pub fn what(&self) -> String {
        match self {
            ReadError::Xml { what, .. } => format!("this is not well-formed XML, mend it: {what}"),
            ReadError::Shape { what, .. } => format!("something is missing here, write it: {what}"),
        }
    }
}

/// Reads what [`write`] writes.
///
/// # Errors
/// Where the XML is broken, or where it is no statement of this shape.
pub fn read(xml: &str) -> Result<Document, ReadError> {
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let tree = roxmltree::Document::parse_with_options(xml, options)
        .map_err(|error| ReadError::Xml { line: error.pos().row, what: error.to_string() })?;
    document(tree.root_element())
        .map_err(|(node, what)| ReadError::Shape { line: tree.text_pos_at(node.range().start).row, what })
}

fn document<'a, 'i>(root: Node<'a, 'i>) -> Result<Document, Misshaped<'a, 'i>> {
    let statement = within(root, "statement")?;
    let meta = within(statement, "meta")?;
    let identification = within(meta, "identification")?;
    let work = within(within(identification, "FRBRWork")?, "FRBRuri")?;
    let expression = within(identification, "FRBRExpression")?;
    let lang = named(expression, "FRBRlanguage")
        .find_map(|node| node.attribute("language")?.parse().ok())
        .ok_or((expression, "FRBRlanguage language=\"fra\" or \"eng\""))?;
    let attribute = |name: &'static str, key: &str| -> String {
        named(expression, name).find_map(|n| n.attribute(key)).unwrap_or_default().to_owned()
    };
    let entities = within(meta, "references")?
        .children()
        .filter_map(|node| {
            let kind = KINDS.into_iter().find(|kind| class(*kind).0 == node.tag_name().name())?;
            let id = node.attribute("eId").filter(|id| *id != "estafette")?;
            Some(Entity { id: id.to_owned(), kind, name: node.attribute("showAs")?.to_owned() })
        })
        .collect();
    let preface = within(statement, "preface")?;
    let title = preface.descendants().find(|node| node.has_tag_name((NAMESPACE, "docTitle")));
    let mut number = 0;
    let (mut sections, mut pillars) = (Vec::new(), 0);
    for node in within(statement, "mainBody")?.children().filter(Node::is_element) {
        let kind = match node.tag_name().name() {
            "part" => {
                pillars += 1;
                SectionKind::Pillar(pillars)
            }
            "hcontainer" => SectionKind::Plain,
            _ => return Err((node, "part or hcontainer")),
        };
        let mut section = Section {
            slug: required(node, "wId")?,
            kind,
            heading: text(within(node, "heading")?),
            paragraphs: Vec::new(),
            measures: Vec::new(),
        };
        section.paragraphs = paragraphs(node, &mut number)?;
        for node in named(node, "hcontainer") {
            let inside = paragraphs(node, &mut number)?;
            match node.attribute("wId") {
                None => section.paragraphs.extend(inside),
                Some(slug) => section.measures.push(Measure {
                    slug: slug.to_owned(),
                    number: slug.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or_default(),
                    heading: text(within(node, "heading")?),
                    paragraphs: inside,
                }),
            }
        }
        sections.push(section);
    }
    Ok(Document {
        lang,
        title: title.map(|node| text(node).plain()).unwrap_or_default(),
        preface: named(preface, "p").next().map(text).unwrap_or_default(),
        work: required(work, "value")?,
        date: attribute("FRBRdate", "date"),
        sha256: attribute("FRBRalias", "value"),
        sections,
        entities,
        synonyms: Vec::new(),
    })
}

/// The children of `node` that are Akoma Ntoso elements of that name.
fn named<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name((NAMESPACE, name)))
}

/// The first child of that name.
fn within<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Result<Node<'a, 'i>, Misshaped<'a, 'i>> {
    named(node, name).next().ok_or((node, name))
}

type Misshaped<'a, 'i> = (Node<'a, 'i>, &'static str);

fn paragraphs<'a, 'i>(container: Node<'a, 'i>, number: &mut u16) -> Result<Vec<Paragraph>, Misshaped<'a, 'i>> {
    named(container, "paragraph")
        .map(|node| {
            *number = number.checked_add(1).ok_or((node, "fewer than 65,536 paragraphs"))?;
            let content = within(node, "content")?;
            let body = match named(content, "blockList").next() {
                Some(list) => Body::List {
                    lead: named(list, "listIntroduction").next().map(text).unwrap_or_default(),
                    items: named(list, "item").map(item).collect::<Result<_, _>>()?,
                },
                None => Body::Prose(prose(named(content, "p").next().ok_or((content, "p or blockList"))?)?),
            };
            Ok(Paragraph {
                slug: required(node, "wId")?,
                number: *number,
                printed: named(node, "num").next().map(|num| text(num).plain()).unwrap_or_default(),
                eid: required(node, "eId")?,
                body,
            })
        })
        .collect()
}

fn required<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Result<String, Misshaped<'a, 'i>> {
    node.attribute(name).map(str::to_owned).ok_or((node, name))
}

fn item<'a, 'i>(node: Node<'a, 'i>) -> Result<Item, Misshaped<'a, 'i>> {
    Ok(Item { slug: required(node, "wId")?, text: text(within(node, "p")?) })
}

fn prose<'a, 'i>(p: Node<'a, 'i>) -> Result<Vec<Sentence>, Misshaped<'a, 'i>> {
    let mut sentences: Vec<Sentence> = Vec::new();
    for child in p.children() {
        if child.has_tag_name((NAMESPACE, "inline")) {
            sentences.push(Sentence { slug: required(child, "wId")?, text: text(child), gap: String::new() });
        } else if let Some(gap) = child.text() {
            sentences.last_mut().ok_or((p, "inline name=\"sentence\""))?.gap.push_str(gap);
        }
    }
    Ok(sentences)
}

/// The words in `node`, with what its inline elements name.
fn text(node: Node<'_, '_>) -> Text {
    let runs = node
        .children()
        .filter_map(|child| {
            let words: String = match child.text() {
                Some(words) => words.to_owned(),
                None => return None,
            };
            Some(Run {
                text: words,
                names: child.attribute("refersTo").map(|id| id.trim_start_matches('#').to_owned()),
                lang: child.attribute(("http://www.w3.org/XML/1998/namespace", "lang")).map(str::to_owned),
            })
        })
        .collect();
    Text { runs }
}
