//! Letters: the faces, words shaped with kerning and ligatures, paragraphs broken into lines.

use harfrust::{Direction, FontRef, ShapeOptions, ShapePlan, Shaper, ShaperData, UnicodeBuffer, script};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use std::ops::Range;

/// A face of the product's types, cut by `scripts/fonts.sh`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Serif,
    Italic,
    Heading,
    Sans,
    SansStrong,
}

const FACES: [(Face, &[u8]); 5] = [
    (Face::Serif, include_bytes!("fonts/serif.ttf")),
    (Face::Italic, include_bytes!("fonts/serif-italic.ttf")),
    (Face::Heading, include_bytes!("fonts/serif-heading.ttf")),
    (Face::Sans, include_bytes!("fonts/sans.ttf")),
    (Face::SansStrong, include_bytes!("fonts/sans-strong.ttf")),
];
/// Shown for a character that no face has; what is copied and read aloud is the character.
const UNKNOWN: &str = "?";

/// The faces' own data, which shapers borrow.
pub(super) struct Cases(Vec<(FontRef<'static>, ShaperData)>);

impl Cases {
    /// # Panics
    /// Never: the faces are part of the program.
    #[expect(clippy::expect_used, reason = "the faces are compiled in, and every test reads them")]
    pub(super) fn open() -> Self {
        let case = |(_, data): (Face, &'static [u8])| {
            let font = FontRef::new(data).expect("a face of ours is readable");
            let data = ShaperData::new(&font);
            (font, data)
        };
        Self(FACES.into_iter().map(case).collect())
    }
}

/// What sets words.
pub(super) struct Setter<'a>(Vec<Set<'a>>);

struct Set<'a> {
    font: Font,
    shaper: Shaper<'a>,
    plan: ShapePlan,
    unknown: GlyphId,
}

impl<'a> Setter<'a> {
    /// # Panics
    /// Never: the faces are part of the program.
    #[expect(clippy::expect_used, reason = "the faces are compiled in, and every test reads them")]
    pub(super) fn of(cases: &'a Cases) -> Self {
        let set = |((_, bytes), (font, data)): (&(Face, &'static [u8]), &'a (FontRef<'static>, ShaperData))| {
            let shaper = data.shaper(font).build();
            let plan = ShapePlan::new(&shaper, Direction::LeftToRight, Some(script::LATIN), None, &[]);
            let unknown = shape(&shaper, &plan, UNKNOWN).first().map_or(GlyphId::new(0), |glyph| glyph.glyph_id);
            Set { font: Font::new((*bytes).into(), 0).expect("a face of ours is readable"), shaper, plan, unknown }
        };
        Self(FACES.iter().zip(&cases.0).map(set).collect())
    }

    pub(super) fn font(&self, face: Face) -> Font {
        self.set(face).font.clone()
    }

    fn set(&self, face: Face) -> &Set<'a> {
        &self.0[face as usize]
    }

    /// A stretch of one face, shaped as a whole.
    fn shaped(&self, style: &Style, text: &str) -> Run {
        let set = self.set(style.face);
        let mut glyphs = shape(&set.shaper, &set.plan, text);
        for glyph in &mut glyphs {
            if glyph.glyph_id == GlyphId::new(0) {
                glyph.glyph_id = set.unknown;
            }
            glyph.x_advance += style.tracking;
        }
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * style.size;
        Run { style: style.clone(), text: text.to_owned(), glyphs, width, anchor: None }
    }

    /// Words in one style on a line of their own.
    pub(super) fn line(&self, style: &Style, words: &str) -> Line {
        Line::of([self.shaped(style, &speakable(words))])
    }

    /// The same, shortened to fit.
    pub(super) fn fitted(&self, style: &Style, words: &str, width: f32) -> Line {
        let whole = self.line(style, words);
        if whole.width <= width {
            return whole;
        }
        let cuts = words.char_indices().rev().filter(|(_, c)| *c == ' ').map(|(at, _)| at);
        let shortened =
            cuts.map(|at| self.line(style, &format!("{}…", words[..at].trim_end()))).find(|l| l.width <= width);
        shortened.unwrap_or_else(|| self.line(style, "…"))
    }

    /// A paragraph as lines of at most `width`.
    pub(super) fn lines(&self, spans: &[Span<'_>], width: f32) -> Vec<Line> {
        broken(self.words(spans, width), width)
    }

    /// What no line may break within: ends with a space. A word wider than a line is cut.
    fn words(&self, spans: &[Span<'_>], width: f32) -> Vec<Word> {
        let mut words: Vec<Word> = vec![Word::default()];
        for span in spans {
            let text = speakable(&span.text);
            let mut anchor = span.anchor;
            for part in breakable(&text) {
                let mut run = self.shaped(&span.style, part);
                run.anchor = anchor.take().map(str::to_owned);
                if let Some(word) = words.last_mut() {
                    word.push(run);
                }
                if part.ends_with(' ') {
                    words.push(Word::default());
                }
            }
        }
        words.retain(|word| !word.runs.is_empty());
        words.into_iter().flat_map(|word| self.cut(word, width)).collect()
    }

    fn cut(&self, word: Word, width: f32) -> Vec<Word> {
        if word.bare <= width {
            return vec![word];
        }
        let mut pieces = vec![Word::default()];
        for run in word.runs {
            let mut anchor = run.anchor;
            for c in run.text.chars() {
                let mut letter = self.shaped(&run.style, c.encode_utf8(&mut [0; 4]));
                letter.anchor = anchor.take();
                match pieces.last_mut() {
                    Some(piece) if piece.full + letter.width <= width => piece.push(letter),
                    _ => {
                        let mut piece = Word::default();
                        piece.push(letter);
                        pieces.push(piece);
                    }
                }
            }
        }
        pieces.retain(|piece| !piece.runs.is_empty());
        pieces
    }
}

/// `text` with what no PDF may hold left out (PDF/A-2 §6.2.11.7.2) and other white space as a space.
pub(super) fn speakable(text: &str) -> String {
    let spoken = |c: char| match c {
        '\0' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => None,
        // No meaning that two programs would share (private use, no characters).
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => Some('\u{fffd}'),
        c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => Some(' '),
        c => Some(c),
    };
    text.chars().filter_map(spoken).collect()
}

/// Cuts behind spaces, U+0020 alone: the others keep words together.
fn breakable(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(' ') {
        let word = rest[at..].find(|c| c != ' ').map_or(rest.len(), |spaces| at + spaces);
        parts.push(&rest[..word]);
        rest = &rest[word..];
    }
    if !rest.is_empty() {
        parts.push(rest);
    }
    parts
}

fn shape(shaper: &Shaper<'_>, plan: &ShapePlan, text: &str) -> Vec<KrillaGlyph> {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.set_direction(Direction::LeftToRight);
    buffer.set_script(script::LATIN);
    let shaped = shaper.shape(buffer, ShapeOptions::new().plan(Some(plan)));
    #[expect(clippy::cast_precision_loss, reason = "font units are at most 16,384 an em")]
    let em = |units: i32| units as f32 / shaper.units_per_em() as f32;
    let infos = shaped.glyph_infos();
    let end_of = |n: usize| -> usize {
        let cluster = infos[n].cluster;
        infos[n..].iter().find(|info| info.cluster > cluster).map_or(text.len(), |info| info.cluster as usize)
    };
    let glyphs = infos.iter().zip(shaped.glyph_positions()).enumerate().map(|(n, (info, at))| {
        let range: Range<usize> = info.cluster as usize..end_of(n);
        let id = GlyphId::new(info.glyph_id);
        KrillaGlyph::new(id, em(at.x_advance), em(at.x_offset), em(at.y_offset), em(at.y_advance), range, None)
    });
    glyphs.collect()
}

/// How words look.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) face: Face,
    /// Points.
    pub(super) size: f32,
    /// Red, green, blue.
    pub(super) colour: [u8; 3],
    /// Between letters, in ems.
    pub(super) tracking: f32,
    /// The words' own language where it is another than the document's.
    pub(super) lang: Option<String>,
}

impl Style {
    pub(super) const fn new(face: Face, size: f32, colour: [u8; 3]) -> Self {
        Self { face, size, colour, tracking: 0.0, lang: None }
    }
}

/// Words of a paragraph in one style.
pub(super) struct Span<'a> {
    pub(super) style: Style,
    pub(super) text: String,
    /// The address that begins with them.
    pub(super) anchor: Option<&'a str>,
}

/// Words set in one style.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) style: Style,
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
    pub(super) width: f32,
    pub(super) anchor: Option<String>,
}

/// A line, set.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Neighbours differ in style.
    pub(super) runs: Vec<Run>,
    /// Without the space at its end.
    pub(super) width: f32,
    /// The addresses that begin on it.
    pub(super) anchors: Vec<String>,
}

impl Line {
    fn of(runs: impl IntoIterator<Item = Run>) -> Self {
        let mut line = Line::default();
        let mut full = 0.0;
        for mut run in runs {
            line.anchors.extend(run.anchor.take());
            full += run.width;
            match line.runs.last_mut() {
                Some(last) if last.style == run.style => {
                    let shift = last.text.len();
                    last.text.push_str(&run.text);
                    last.width += run.width;
                    last.glyphs.extend(run.glyphs.into_iter().map(|mut glyph| {
                        glyph.text_range = glyph.text_range.start + shift..glyph.text_range.end + shift;
                        glyph
                    }));
                }
                _ => line.runs.push(run),
            }
        }
        line.width = full - line.runs.last().map_or(0.0, trailing);
        line
    }
}

/// The width of the spaces at a run's end.
fn trailing(run: &Run) -> f32 {
    let end = run.text.trim_end_matches(' ').len();
    let spaces = run.glyphs.iter().rev().take_while(|glyph| glyph.text_range.start >= end);
    spaces.map(|glyph| glyph.x_advance * run.style.size).sum()
}

/// What stands together on a line.
#[derive(Default)]
struct Word {
    runs: Vec<Run>,
    /// With the space at its end.
    full: f32,
    /// Without it.
    bare: f32,
}

impl Word {
    fn push(&mut self, run: Run) {
        self.bare = self.full + run.width - trailing(&run);
        self.full += run.width;
        self.runs.push(run);
    }
}

/// The lines whose ends are most even: the sum of the squares of what they leave free is the least. The last line may be
/// as short as it comes, but a word or two by themselves would look lost.
fn broken(words: Vec<Word>, width: f32) -> Vec<Line> {
    let count = words.len();
    // The cost of the words from `n` on, and where the line that begins there ends.
    let mut best: Vec<(f32, usize)> = vec![(f32::INFINITY, count); count + 1];
    best[count] = (0.0, count);
    for from in (0..count).rev() {
        let mut full = 0.0;
        for end in from + 1..=count {
            let last = &words[end - 1];
            let line = full + last.bare;
            full += last.full;
            if line > width && end > from + 1 {
                break;
            }
            let free = (width - line).max(0.0);
            let cost = match end == count {
                true if from > 0 => 0.6 * (0.4 * width - line).max(0.0).powi(2),
                true => 0.0,
                false => free * free,
            };
            let cost = cost + best[end].0;
            if cost < best[from].0 {
                best[from] = (cost, end);
            }
        }
    }
    let mut words = words.into_iter();
    let (mut lines, mut from) = (Vec::new(), 0);
    while from < count {
        let end = best[from].1;
        lines.push(Line::of(words.by_ref().take(end - from).flat_map(|word| word.runs)));
        from = end;
    }
    lines
}
