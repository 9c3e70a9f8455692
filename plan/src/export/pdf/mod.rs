//! PDF: tagged (PDF/UA-1), fit for archives (PDF/A-2a), with bookmarks, links, and an address for each spot
//! (`data.pdf#m4.2`). Both standards are held by the library, which refuses to write what breaks them.
//!
//! Ragged right, broken at spaces alone: words stay as they are written, for the eye, for search and for whoever copies them.

mod layout;
mod letters;

use super::{Extract, Failed, words};
use krilla::{
    Document, SerializeSettings,
    action::LinkAction,
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::{Destination, NamedDestination, XyzDestination},
    geom::{Path, PathBuilder, Point, Quadrilateral, Rect},
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node, SpanTag, TableHeaderScope, Tag, TagGroup,
        TagTree,
    },
};
use layout::{Block, HAIRLINE, Laid, MARGIN, NAVY, PAGE, Placed, QUIET, RIGHT, Role, SIGNAL, To};
use letters::{Cases, Face, Line, Setter, Style, speakable};
use std::{collections::BTreeMap, num::NonZeroU16};

/// Base lines of the running head and of the foot.
const HEAD: f32 = 50.0;
const FOOT: f32 = 803.0;

pub(super) fn write(extract: &Extract<'_>) -> Result<Vec<u8>, Failed> {
    let cases = Cases::open();
    let setter = Setter::of(&cases);
    let laid = layout::lay(&setter, extract);
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| Failed(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut pdf = Document::new_with(settings);
    let spots = spots(&laid);
    let mut painted: Vec<Painted> = laid.blocks.iter().map(|_| Painted::default()).collect();
    for (number, placed) in laid.pages.iter().enumerate() {
        page(&mut pdf, &setter, extract, &laid, (number, placed), &spots, &mut painted);
    }
    for (slug, spot) in &spots {
        // Refused where an address stands for two spots: the first one keeps it.
        let _ = pdf.register_named_destination(NamedDestination::new(slug.clone(), spot.clone()));
    }
    pdf.set_outline(outline(&laid, &spots));
    pdf.set_tag_tree(tags(extract, &laid, painted));
    pdf.set_metadata(metadata(extract));
    pdf.finish().map_err(|error| Failed(format!("{error:?}")))
}

fn metadata(extract: &Extract<'_>) -> Metadata {
    let (document, lang) = (extract.document, extract.lang());
    let (year, month, day) = words::civil(extract.origin.made).unwrap_or((1970, 1, 1));
    let made = DateTime::new(year).month(month).day(day).hour(0).minute(0).second(0).utc_offset_hour(0);
    let colon = words::of(lang).colon;
    let about = extract.about().into_iter().map(|(name, about)| format!("{name}{colon}{}", about.text()));
    Metadata::new()
        .title(named(&extract.title()))
        .description(about.map(|line| named(&line)).collect::<Vec<_>>().join("\n"))
        .language(lang.tag().to_owned())
        .creator(extract.origin.site.to_owned())
        .producer("Estafette".to_owned())
        .document_id(format!("{} {}", extract.address(), document.sha256))
        .creation_date(made)
}

/// Words for programs to show: never nothing, which the standards refuse.
fn named(words: &str) -> String {
    let words = speakable(words);
    if words.trim().is_empty() { "–".to_owned() } else { words }
}

/// Where each address is: the page, and a little above its line.
fn spots(laid: &Laid) -> BTreeMap<String, XyzDestination> {
    let mut spots = BTreeMap::new();
    for (number, page) in laid.pages.iter().enumerate() {
        for placed in page {
            let block = &laid.blocks[placed.block];
            for (at, line) in (0_u16..).zip(&block.lines[placed.from..placed.to]) {
                let y = placed.y + f32::from(at) * block.leading - 14.0;
                for slug in &line.anchors {
                    let spot = XyzDestination::new(number, Point::from_xy(0.0, y.max(0.0)));
                    spots.entry(slug.clone()).or_insert(spot);
                }
            }
        }
    }
    spots
}

/// The bookmarks: sections, and their measures beneath.
fn outline(laid: &Laid, spots: &BTreeMap<String, XyzDestination>) -> Outline {
    let mut nodes: Vec<OutlineNode> = Vec::new();
    let node_of = |block: &Block, title: &str| {
        let slug = block.lines.first()?.anchors.first()?;
        Some(OutlineNode::new(named(title), spots.get(slug)?.clone()))
    };
    for block in &laid.blocks {
        let Role::Heading(level, title) = &block.role else { continue };
        let Some(node) = node_of(block, title) else { continue };
        match (level, nodes.pop()) {
            (3.., Some(mut section)) => {
                section.push_child(node);
                nodes.push(section.with_open(true));
            }
            (_, last) => nodes.extend(last.into_iter().chain([node])),
        }
    }
    let mut outline = Outline::new();
    if nodes.is_empty() {
        // A part without headings has its title.
        let title = laid.blocks.iter().find_map(|block| match &block.role {
            Role::Heading(_, title) => Some(title.clone()),
            _ => None,
        });
        nodes.push(OutlineNode::new(
            named(&title.unwrap_or_default()),
            XyzDestination::new(0, Point::from_xy(0.0, 0.0)),
        ));
    }
    nodes.into_iter().for_each(|node| outline.push_child(node));
    outline
}

/// What was painted of a block, by which the structure knows it.
#[derive(Default)]
struct Painted {
    mark: Vec<Identifier>,
    head: Vec<Identifier>,
    text: Vec<Identifier>,
}

fn page(
    pdf: &mut Document,
    setter: &Setter<'_>,
    extract: &Extract<'_>,
    laid: &Laid,
    (number, placed): (usize, &[Placed]),
    spots: &BTreeMap<String, XyzDestination>,
    painted: &mut [Painted],
) {
    let Some(settings) = PageSettings::from_wh(PAGE.0, PAGE.1) else { return };
    let mut page = pdf.start_page_with(settings);
    let mut surface = page.surface();
    let artifact = |kind| ContentTag::Artifact(Artifact::with_kind(kind));
    surface.start_tagged(artifact(ArtifactType::Layout));
    if number == 0 {
        fill(&mut surface, (0.0, 0.0, PAGE.0, laid.band), NAVY);
    }
    for at in placed.iter().filter(|at| at.from == 0 && laid.blocks[at.block].rule) {
        let block = &laid.blocks[at.block];
        match block.role {
            Role::Row => fill(&mut surface, (MARGIN, at.y - 3.5, RIGHT - MARGIN, 0.5), HAIRLINE),
            _ => fill(&mut surface, (MARGIN, at.y - 13.0, 36.0, 2.0), NAVY),
        }
    }
    surface.end_tagged();
    surface.start_tagged(artifact(ArtifactType::Header));
    if number > 0 {
        head(&mut surface, setter, extract, layout::running(laid, placed));
    }
    surface.end_tagged();
    surface.start_tagged(artifact(ArtifactType::Footer));
    foot(&mut surface, setter, extract, number + 1, laid.pages.len());
    surface.end_tagged();

    let mut links: Vec<(usize, bool, Annotation)> = Vec::new();
    for at in placed {
        let (block, into) = (&laid.blocks[at.block], &mut painted[at.block]);
        if let Some((lines, to, name)) = block.mark.as_ref().filter(|_| at.from == 0) {
            let mut areas = Vec::new();
            for (n, line) in (0_u8..).zip(lines) {
                let base = at.y + block.base() + f32::from(n) * 9.4;
                into.mark.extend(spoken(&mut surface, setter, line, MARGIN, base));
                areas.extend(Rect::from_xywh(MARGIN - 2.0, base - 7.5, line.width + 4.0, 10.0));
            }
            links.extend(link(areas, to, name, spots).map(|link| (at.block, true, link)));
        }
        if let Some((line, x)) = block.head.as_ref().filter(|_| at.from == 0) {
            into.head.extend(spoken(&mut surface, setter, line, *x, at.y + block.base()));
        }
        let mut areas = Vec::new();
        for (n, line) in (0_u16..).zip(&block.lines[at.from..at.to]) {
            let top = at.y + f32::from(n) * block.leading;
            into.text.extend(spoken(&mut surface, setter, line, block.x, top + block.base()));
            areas.extend(Rect::from_xywh(block.x, top, line.width.max(1.0), block.leading));
        }
        if let (Role::Entry(_), Some((To::Spot(slug), _))) = (&block.role, &block.link)
            && let Some(of) = page_of(laid, slug)
        {
            let line = setter.line(&Style::new(Face::Sans, 8.6, QUIET), &of.to_string());
            let base = at.y + f32::from(u16::try_from(at.to - at.from).unwrap_or(1)) * block.leading;
            let base = base - block.leading + block.base();
            into.text.extend(spoken(&mut surface, setter, &line, RIGHT - line.width, base));
            areas.extend(Rect::from_xywh(RIGHT - line.width, base - 8.0, line.width, 11.0));
        }
        if let Some((to, name)) = &block.link {
            links.extend(link(areas, to, name, spots).map(|link| (at.block, false, link)));
        }
    }
    surface.finish();
    for (block, margin, link) in links {
        let id = page.add_tagged_annotation(link);
        if margin { painted[block].mark.push(id) } else { painted[block].text.push(id) }
    }
    page.finish();
}

/// The page an address is on, from 1.
fn page_of(laid: &Laid, slug: &str) -> Option<usize> {
    let there = |at: &Placed| {
        let mut lines = laid.blocks[at.block].lines[at.from..at.to].iter();
        lines.any(|line| line.anchors.iter().any(|anchor| anchor == slug))
    };
    laid.pages.iter().position(|page| page.iter().any(there)).map(|page| page + 1)
}

fn head(surface: &mut Surface<'_>, setter: &Setter<'_>, extract: &Extract<'_>, running: &str) {
    let style = Style::new(Face::Sans, 7.6, QUIET);
    let title = setter.fitted(&style, &extract.document.title, 232.0);
    draw(surface, setter, &title, MARGIN, HEAD);
    let running = setter.fitted(&Style::new(Face::SansStrong, 7.6, NAVY), running, RIGHT - MARGIN - 16.0 - title.width);
    draw(surface, setter, &running, RIGHT - running.width, HEAD);
    fill(surface, (MARGIN, HEAD + 8.0, RIGHT - MARGIN, 0.5), HAIRLINE);
}

fn foot(surface: &mut Surface<'_>, setter: &Setter<'_>, extract: &Extract<'_>, number: usize, of: usize) {
    let style = Style::new(Face::Sans, 7.6, QUIET);
    let number = setter.line(&style, &format!("{number} / {of}"));
    draw(surface, setter, &number, RIGHT - number.width, FOOT);
    let mut x = MARGIN;
    let unofficial = layout::foot(extract.lang());
    if !unofficial.is_empty() {
        let line = setter.line(&Style::new(Face::SansStrong, 7.6, SIGNAL), unofficial);
        draw(surface, setter, &line, x, FOOT);
        x += line.width + 10.0;
    }
    let address = setter.fitted(&style, &extract.address(), RIGHT - x - number.width - 16.0);
    draw(surface, setter, &address, x, FOOT);
}

/// Words that are read aloud, one stretch for each language.
fn spoken(surface: &mut Surface<'_>, setter: &Setter<'_>, line: &Line, x: f32, base: f32) -> Vec<Identifier> {
    let (mut ids, mut x) = (Vec::new(), x);
    for same in line.runs.chunk_by(|a, b| a.style.lang == b.style.lang) {
        let lang = same.first().and_then(|run| run.style.lang.as_deref());
        ids.push(surface.start_tagged(ContentTag::Span(SpanTag::empty().with_lang(lang))));
        for run in same {
            paint(surface, setter, run, x, base);
            x += run.width;
        }
        surface.end_tagged();
    }
    ids
}

/// Words within what is tagged already.
fn draw(surface: &mut Surface<'_>, setter: &Setter<'_>, line: &Line, mut x: f32, base: f32) {
    for run in &line.runs {
        paint(surface, setter, run, x, base);
        x += run.width;
    }
}

fn paint(surface: &mut Surface<'_>, setter: &Setter<'_>, run: &letters::Run, x: f32, base: f32) {
    surface.set_fill(Some(of(run.style.colour)));
    surface.draw_glyphs(
        Point::from_xy(x, base),
        &run.glyphs,
        setter.font(run.style.face),
        &run.text,
        run.style.size,
        false,
    );
}

fn fill(surface: &mut Surface<'_>, (x, y, width, height): (f32, f32, f32, f32), colour: [u8; 3]) {
    if let Some(path) = rectangle(x, y, width, height) {
        surface.set_fill(Some(of(colour)));
        surface.draw_path(&path);
    }
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height)?);
    path.finish()
}

fn of([red, green, blue]: [u8; 3]) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn link(areas: Vec<Rect>, to: &To, name: &str, spots: &BTreeMap<String, XyzDestination>) -> Option<Annotation> {
    let target = match to {
        To::Address(address) => Target::Action(LinkAction::new(address.clone()).into()),
        To::Spot(slug) => Target::Destination(Destination::Xyz(spots.get(slug)?.clone())),
    };
    let areas: Vec<Quadrilateral> = areas.into_iter().map(Quadrilateral::from).collect();
    if areas.is_empty() {
        return None;
    }
    Some(Annotation::new_link(LinkAnnotation::new_with_quad_points(areas, target), Some(named(name))))
}

/// The structure: sections with their headings, paragraphs with their links, lists, the contents, the table about the file.
fn tags(extract: &Extract<'_>, laid: &Laid, painted: Vec<Painted>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(extract.lang().tag().to_owned()));
    // What is open: section, measure; then a list, table or contents that the next block may go on with.
    let mut open: Vec<TagGroup> = Vec::new();
    let mut run: Option<TagGroup> = None;
    let close = |open: &mut Vec<TagGroup>, tree: &mut TagTree, depth: usize| {
        while open.len() > depth {
            let Some(group) = open.pop() else { break };
            match open.last_mut() {
                Some(outer) => outer.push(group),
                None => tree.push(group),
            }
        }
    };
    let mut before: Option<&Role> = None;
    for (block, Painted { mark, head, text }) in laid.blocks.iter().zip(painted) {
        let goes_on = match (before, &block.role) {
            (Some(Role::Entry(_)), Role::Entry(_)) => true,
            (Some(last), role) => last == role && matches!(role, Role::Item | Role::Row),
            (None, _) => false,
        };
        if !goes_on && let Some(group) = run.take() {
            add(&mut open, &mut tree, group);
        }
        before = Some(&block.role);
        let text = match &block.link {
            Some(_) => vec![Node::Group(group(Tag::Link, text))],
            None => text.into_iter().map(Node::from).collect(),
        };
        match &block.role {
            Role::Heading(level, title) => {
                let own = block.lines.first().is_some_and(|line| !line.anchors.is_empty());
                close(&mut open, &mut tree, usize::from(level.saturating_sub(2)));
                if own {
                    open.push(TagGroup::new(Tag::Section));
                }
                let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
                let tag = Tag::Hn(level, Some(named(title)));
                add(&mut open, &mut tree, TagGroup::with_children(tag, text));
            }
            Role::Paragraph => {
                let mut p = TagGroup::new(Tag::P);
                if !mark.is_empty() {
                    p.push(group(Tag::Link, mark));
                }
                head.into_iter().for_each(|id| p.push(id));
                p.children.extend(text);
                add(&mut open, &mut tree, p);
            }
            Role::Item => {
                let list = run.get_or_insert_with(|| TagGroup::new(Tag::L(ListNumbering::Disc)));
                let mut body = TagGroup::with_children(Tag::LBody, text);
                if !mark.is_empty() {
                    body.children.insert(0, group(Tag::Link, mark).into());
                }
                list.push(TagGroup::with_children(Tag::LI, vec![group(Tag::Lbl, head).into(), body.into()]));
            }
            Role::Row => {
                let table = run.get_or_insert_with(|| TagGroup::new(Tag::Table));
                let name = group(Tag::TH(TableHeaderScope::Row), head);
                let value = TagGroup::with_children(Tag::TD, text);
                table.push(TagGroup::with_children(Tag::TR, vec![name.into(), value.into()]));
            }
            Role::Entry(_) => {
                let contents = run.get_or_insert_with(|| TagGroup::new(Tag::TOC));
                let reference = TagGroup::with_children(Tag::Reference, text);
                contents.push(TagGroup::with_children(Tag::TOCI, vec![reference.into()]));
            }
        }
    }
    if let Some(group) = run {
        add(&mut open, &mut tree, group);
    }
    close(&mut open, &mut tree, 0);
    tree
}

fn add(open: &mut [TagGroup], tree: &mut TagTree, group: TagGroup) {
    match open.last_mut() {
        Some(outer) => outer.push(group),
        None => tree.push(group),
    }
}

fn group(tag: impl Into<krilla::tagging::TagKind>, ids: Vec<Identifier>) -> TagGroup {
    TagGroup::with_children(tag, ids.into_iter().map(Node::from).collect())
}
