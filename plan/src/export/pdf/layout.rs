//! What stands on which page: the extract as blocks of lines, the blocks on pages.

use super::letters::{Face, Line, Setter, Span, Style};
use crate::{
    Lang, Place, SectionKind, Text,
    export::{About, Block as Part, Extract, Piece, Taken, words},
};

/// A4 (ISO 216), in points.
pub(super) const PAGE: (f32, f32) = (595.276, 841.89);
/// Where the margin's column begins, the text's, and where both end.
pub(super) const MARGIN: f32 = 70.0;
pub(super) const TEXT: f32 = 150.0;
pub(super) const RIGHT: f32 = 511.0;
const WIDTH: f32 = RIGHT - TEXT;
/// Between the running head and the foot.
const TOP: f32 = 88.0;
const BOTTOM: f32 = 768.0;
/// Where the first page's title begins, within its band.
const TITLE_TOP: f32 = 50.0;
/// Between the band's last line and its end, and from there to what follows.
const BAND_FOOT: f32 = 26.0;
const BELOW_BAND: f32 = 30.0;

pub(super) const NAVY: [u8; 3] = [0x0c, 0x23, 0x40];
pub(super) const INK: [u8; 3] = [0x16, 0x20, 0x2e];
pub(super) const QUIET: [u8; 3] = [0x4b, 0x57, 0x68];
pub(super) const LINK: [u8; 3] = [0x0a, 0x4d, 0x8c];
pub(super) const SIGNAL: [u8; 3] = [0xa6, 0x3a, 0x1b];
pub(super) const HAIRLINE: [u8; 3] = [0xc8, 0xcf, 0xd9];
/// On the band.
const WHITE: [u8; 3] = [0xff, 0xff, 0xff];
const PALE: [u8; 3] = [0xc3, 0xd2, 0xe6];
const WARM: [u8; 3] = [0xff, 0xb8, 0x9c];

const ENTRY_LEADING: f32 = 13.2;

const BODY: Style = Style::new(Face::Serif, 10.8, INK);
const BODY_LEADING: f32 = 16.4;

/// What a block is to someone who hears it (ISO 32000-1 §14.8.4).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    /// A heading of that level, from 1.
    Heading(u16, String),
    Paragraph,
    /// A bullet of a list.
    Item,
    /// A line of the table about the file.
    Row,
    /// A line of the contents, on that level from 1.
    Entry(u16),
}

/// Where a link leads.
#[derive(Clone, Debug)]
pub(super) enum To {
    Address(String),
    /// A spot of this file.
    Spot(String),
}

/// Lines that belong together.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) role: Role,
    /// Free above it, unless it begins a page.
    before: f32,
    pub(super) x: f32,
    pub(super) leading: f32,
    pub(super) lines: Vec<Line>,
    /// Beside the first line: a printed number, a bullet, a row's name. Its left edge.
    pub(super) head: Option<(Line, f32)>,
    /// In the margin, under each other: the address, and what it is called.
    pub(super) mark: Option<(Vec<Line>, To, String)>,
    /// All lines are a link; what it is called.
    pub(super) link: Option<(To, String)>,
    /// A hairline above.
    pub(super) rule: bool,
    /// Not the last on its page.
    keep: bool,
    /// On the band of the first page.
    band: bool,
    /// What the running head says where this block begins a page.
    pub(super) running: String,
}

impl Block {
    fn new(role: Role, x: f32, leading: f32, lines: Vec<Line>) -> Self {
        Self {
            role,
            before: 0.0,
            x,
            leading,
            lines,
            head: None,
            mark: None,
            link: None,
            rule: false,
            keep: false,
            band: false,
            running: String::new(),
        }
    }

    /// From its top to the base line of its first line.
    pub(super) fn base(&self) -> f32 {
        self.leading * 0.74
    }

    /// Paragraphs may part, two lines at least on each side.
    fn parts(&self) -> bool {
        matches!(self.role, Role::Paragraph | Role::Item) && self.lines.len() > 3
    }
}

/// Lines of a block on a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// Its place in [`Laid::blocks`].
    pub(super) block: usize,
    /// Which of its lines.
    pub(super) from: usize,
    pub(super) to: usize,
    /// The top of the first of these.
    pub(super) y: f32,
}

/// The file before it is painted.
pub(super) struct Laid {
    pub(super) blocks: Vec<Block>,
    pub(super) pages: Vec<Vec<Placed>>,
    /// How high the band of the first page is.
    pub(super) band: f32,
}

/// The extract on pages.
pub(super) fn lay(setter: &Setter<'_>, extract: &Extract<'_>) -> Laid {
    let mut blocks = title(setter, extract);
    let top = blocks.len();
    let whole = extract.part.is_none();
    if whole {
        blocks.extend(about(setter, extract));
        blocks.extend(contents(setter, extract));
    }
    let body = blocks.len();
    for part in extract.blocks() {
        match part {
            Part::Section(section) => {
                let label = Place::Section(section).label(extract.lang());
                // A part that is a pillar is titled so.
                if let (SectionKind::Pillar(_), true) = (section.kind, whole) {
                    let style = Style { tracking: 0.02, ..Style::new(Face::SansStrong, 8.6, SIGNAL) };
                    let line = setter.line(&style, &label);
                    let kicker = Block::new(Role::Paragraph, MARGIN, 17.0, vec![line]);
                    blocks.push(Block { before: 46.0, rule: true, keep: true, running: label.clone(), ..kicker });
                }
                heading(setter, extract, &mut blocks, 1, (&section.slug, &section.heading, label));
            }
            Part::Measure(section, measure) => {
                let [section, label] = [Place::Section(section), Place::Measure(section, measure)]
                    .map(|place| place.label(extract.lang()));
                let running = format!("{section} · {label}");
                heading(setter, extract, &mut blocks, 2, (&measure.slug, &measure.heading, running));
            }
            Part::Paragraph(piece) => paragraph(setter, extract, &mut blocks, &piece),
        }
    }
    if !whole {
        blocks.extend(about(setter, extract));
    }
    if let Some(first) = blocks.get_mut(top).filter(|_| !whole) {
        first.rule = false;
    }
    paginate(blocks, whole.then_some(body))
}

fn title(setter: &Setter<'_>, extract: &Extract<'_>) -> Vec<Block> {
    let (document, lang) = (extract.document, extract.lang());
    let width = RIGHT - MARGIN;
    let site = Style { tracking: 0.02, ..Style::new(Face::SansStrong, 9.0, WHITE) };
    let mut blocks = vec![Block::new(Role::Paragraph, MARGIN, 12.0, vec![setter.line(&site, extract.origin.site)])];
    let large = if extract.part.is_none() { 30.0 } else { 25.0 };
    let words = extract.part.map_or_else(|| document.title.clone(), |part| part.label(lang));
    let style = Style { tracking: -0.008, ..Style::new(Face::Heading, large, WHITE) };
    let lines = setter.lines(&[plain(&style, &words)], width);
    blocks.push(Block { before: 30.0, ..Block::new(Role::Heading(1, extract.title()), MARGIN, large * 1.18, lines) });
    let below = match extract.part {
        None => spans(&Style::new(Face::Serif, 12.0, PALE), &document.preface, None),
        Some(_) => vec![plain(&Style::new(Face::Serif, 12.0, PALE), &document.title)],
    };
    blocks.push(Block { before: 9.0, ..Block::new(Role::Paragraph, MARGIN, 17.0, setter.lines(&below, width)) });
    let unofficial = words::of(lang).unofficial;
    if !unofficial.is_empty() {
        let style = Style { tracking: 0.02, ..Style::new(Face::SansStrong, 9.0, WARM) };
        let line = setter.line(&style, unofficial);
        blocks.push(Block { before: 12.0, ..Block::new(Role::Paragraph, MARGIN, 13.0, vec![line]) });
    }
    blocks.retain(|block| block.lines.iter().any(|line| !line.runs.is_empty()));
    blocks.into_iter().map(|block| Block { band: true, ..block }).collect()
}

fn about(setter: &Setter<'_>, extract: &Extract<'_>) -> Vec<Block> {
    let name_style = Style::new(Face::SansStrong, 8.0, QUIET);
    let rows = extract.about().into_iter().enumerate().map(|(n, (name, about))| {
        let (colour, size) = match about {
            About::Words(_) => (INK, 8.5),
            About::Address(_) => (LINK, 8.5),
            // On one line: a fingerprint is compared.
            About::Digits(_) => (INK, 8.2),
        };
        let lines = setter.lines(&[plain(&Style::new(Face::Sans, size, colour), about.text())], WIDTH);
        let link = match &about {
            About::Address(address) => Some((To::Address(address.clone()), address.clone())),
            About::Words(_) | About::Digits(_) => None,
        };
        let head = Some((setter.line(&name_style, name), MARGIN));
        let before = if n == 0 { 0.0 } else { 7.0 };
        Block { before, head, link, rule: n > 0, keep: n == 0, ..Block::new(Role::Row, TEXT, 12.5, lines) }
    });
    let mut rows: Vec<Block> = rows.collect();
    if let Some(first) = rows.first_mut().filter(|_| extract.part.is_some()) {
        (first.before, first.rule) = (40.0, true);
    }
    rows
}

fn contents(setter: &Setter<'_>, extract: &Extract<'_>) -> Vec<Block> {
    let words = words::of(extract.lang());
    let style = Style::new(Face::SansStrong, 8.0, QUIET);
    let lines = setter.lines(&[plain(&style, words.contents)], TEXT - MARGIN - 6.0);
    let head = Block::new(Role::Heading(2, words.contents.to_owned()), MARGIN, ENTRY_LEADING, lines);
    let mut blocks = vec![Block { before: 28.0, keep: true, ..head }];
    let mut entry = |level: u16, slug: &str, heading: &Text| {
        let (face, size, colour, leading, before) = match level {
            1 => (Face::Heading, 10.2, NAVY, ENTRY_LEADING, 8.0),
            _ => (Face::Serif, 9.4, INK, 12.2, 2.2),
        };
        let spans = spans(&Style::new(face, size, colour), heading, None);
        let lines = setter.lines(&spans, WIDTH - 30.0);
        let link = Some((To::Spot(slug.to_owned()), heading.plain()));
        blocks.push(Block { before, link, ..Block::new(Role::Entry(level), TEXT, leading, lines) });
    };
    for part in extract.blocks() {
        match part {
            Part::Section(section) => entry(1, &section.slug, &section.heading),
            Part::Measure(_, measure) => entry(2, &measure.slug, &measure.heading),
            Part::Paragraph(_) => {}
        }
    }
    // The first stands beside the title, as a row of the table does beside its name.
    if let [head, first, ..] = blocks.as_mut_slice() {
        first.before = -lines_high(head.lines.len(), head.leading);
    }
    blocks
}

/// A heading, which is a link to its address.
fn heading(
    setter: &Setter<'_>,
    extract: &Extract<'_>,
    blocks: &mut Vec<Block>,
    level: u16,
    (slug, text, running): (&str, &Text, String),
) {
    let kicked = blocks.last().is_some_and(|last| last.rule && last.keep);
    let (size, leading, before, x) = match level {
        1 => (21.0, 25.5, if kicked { 0.0 } else { 46.0 }, MARGIN),
        _ => (13.2, 17.6, 26.0, TEXT),
    };
    let spans = spans(&Style::new(Face::Heading, size, NAVY), text, Some(slug));
    let lines = setter.lines(&spans, RIGHT - x);
    let name = format!("{} {running}", words::of(extract.lang()).permalink);
    let link = Some((To::Address(extract.address_of(slug)), name));
    let head = Block::new(Role::Heading(level + 1, text.plain()), x, leading, lines);
    blocks.push(Block { before, link, keep: true, rule: level == 1 && !kicked, running, ..head });
}

fn paragraph(setter: &Setter<'_>, extract: &Extract<'_>, blocks: &mut Vec<Block>, piece: &Piece<'_>) {
    let slug = piece.slug();
    let label = format!("{} {}", words::of(extract.lang()).permalink, piece.label(extract.lang()));
    let number = setter.line(&Style::new(Face::SansStrong, 7.6, LINK), &format!("¶ {}", piece.paragraph.number));
    let address = setter.line(&Style::new(Face::Sans, 7.2, QUIET), slug);
    let mark = Some((vec![number, address], To::Address(extract.address_of(slug)), label));
    let head = piece.printed().map(|printed| {
        let line = setter.line(&Style::new(Face::Heading, BODY.size, NAVY), printed);
        let x = TEXT - 9.0 - line.width;
        (line, x)
    });
    let anchor = piece.all.then_some(slug);
    let mut set = |role: Role, before: f32, x: f32, spans: &[Span<'_>]| {
        let lines = setter.lines(spans, RIGHT - x);
        blocks.push(Block { before, ..Block::new(role, x, BODY_LEADING, lines) });
        blocks.len() - 1
    };
    let first = match &piece.taken {
        Taken::Prose(sentences) => {
            let mut all: Vec<Span<'_>> = Vec::new();
            for (n, sentence) in sentences.iter().enumerate() {
                all.extend(spans(&BODY, &sentence.text, Some(&sentence.slug)));
                if n + 1 < sentences.len() {
                    all.push(plain(&BODY, &sentence.gap));
                }
            }
            set(Role::Paragraph, 10.0, TEXT, &all)
        }
        Taken::List { lead, items } => {
            let lead = lead.map(|lead| set(Role::Paragraph, 10.0, TEXT, &spans(&BODY, lead, None)));
            let mut first = None;
            for (n, item) in items.iter().enumerate() {
                let before = if n == 0 && lead.is_none() { 10.0 } else { 5.0 };
                let at = set(Role::Item, before, TEXT + 14.0, &spans(&BODY, &item.text, Some(&item.slug)));
                first.get_or_insert(at);
            }
            let bullet = setter.line(&Style::new(Face::Serif, BODY.size, NAVY), "•");
            for block in blocks.iter_mut().skip(first.unwrap_or(usize::MAX)) {
                block.head = Some((bullet.clone(), TEXT + 2.0));
            }
            match lead.or(first) {
                Some(at) => at,
                None => return,
            }
        }
    };
    let running = blocks[..first].last().map(|block| block.running.clone()).unwrap_or_default();
    for block in &mut blocks[first..] {
        block.running.clone_from(&running);
    }
    let block = &mut blocks[first];
    block.mark = mark;
    block.keep = block.role == Role::Paragraph && matches!(piece.taken, Taken::List { .. });
    block.head = block.head.take().or(head);
    if let Some((slug, line)) = anchor.zip(block.lines.first_mut()) {
        line.anchors.push(slug.to_owned());
    }
}

fn plain<'a>(style: &Style, text: &str) -> Span<'a> {
    Span { style: style.clone(), text: text.to_owned(), anchor: None }
}

/// Words, those of another language in italics and known by it.
fn spans<'a>(style: &Style, text: &Text, mut anchor: Option<&'a str>) -> Vec<Span<'a>> {
    let span = |run: &crate::Run| {
        let style = match &run.lang {
            Some(lang) if style.face == Face::Serif => {
                Style { face: Face::Italic, lang: Some(lang.clone()), ..style.clone() }
            }
            lang => Style { lang: lang.clone(), ..style.clone() },
        };
        Span { style, text: run.text.clone(), anchor: anchor.take() }
    };
    text.runs.iter().map(span).collect()
}

/// Blocks on pages; the text begins a page of its own at block `fresh`.
fn paginate(blocks: Vec<Block>, fresh: Option<usize>) -> Laid {
    let mut pages: Vec<Vec<Placed>> = vec![Vec::new()];
    let (mut y, mut band, mut begins) = (TITLE_TOP, 0.0, true);
    for (n, block) in blocks.iter().enumerate() {
        if n > 0 && !block.band && blocks[n - 1].band {
            band = y + BAND_FOOT;
            (y, begins) = (band + BELOW_BAND, true);
        }
        // What must stand together: the block itself, and where it is not to be the last, the beginning of the next.
        let chain = blocks[n..].iter().take_while(|block| block.keep).count() + 1;
        let least = |block: &Block| lines_high(if block.parts() { 2 } else { block.lines.len() }, block.leading);
        let own: f32 = blocks[n..].iter().take(chain).map(|block| block.before + least(block)).sum();
        let full = y + own > BOTTOM && !begins;
        if full || fresh == Some(n) {
            pages.push(Vec::new());
            (y, begins) = (TOP, true);
        }
        y += if begins { 0.0 } else { block.before };
        let mut from = 0;
        while from < block.lines.len() {
            let left = block.lines.len() - from;
            let mut fit = fitting(BOTTOM - y, block.leading).max(1).min(left);
            // No line alone at the top of the next page.
            if left - fit == 1 && fit > 2 {
                fit -= 1;
            }
            if let Some(page) = pages.last_mut() {
                page.push(Placed { block: n, from, to: from + fit, y });
            }
            from += fit;
            y += lines_high(fit, block.leading);
            begins = false;
            if from < block.lines.len() {
                pages.push(Vec::new());
                y = TOP;
            }
        }
    }
    if band == 0.0 {
        band = y + BAND_FOOT;
    }
    Laid { blocks, pages, band }
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred lines")]
fn lines_high(lines: usize, leading: f32) -> f32 {
    lines as f32 * leading
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "less than a page, and not negative")]
fn fitting(height: f32, leading: f32) -> usize {
    (height.max(0.0) / leading).floor() as usize
}

/// The words of the running head's right, which is what the first block of a page says.
pub(super) fn running<'a>(laid: &'a Laid, page: &[Placed]) -> &'a str {
    page.first().map_or("", |placed| laid.blocks[placed.block].running.as_str())
}

/// The language of the product's own words in the file is that of the text.
pub(super) fn foot(lang: Lang) -> &'static str {
    words::of(lang).unofficial
}
