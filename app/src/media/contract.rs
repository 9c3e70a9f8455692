//! What can be asked of the video library, in the visitor's terms. Implemented in `server/src/library/`.

use super::timing::Timing;
use plan::{Lang, gloss::Both};
use std::{collections::BTreeMap, ops::Range, sync::Arc};

/// The library, as the pages need it. What is under embargo or withdrawn is in no answer but [`Sought`].
#[async_trait::async_trait]
pub trait Library: Send + Sync {
    /// The videos that answer a query, one page of them.
    async fn search(&self, lang: Lang, query: &Query) -> Result<Found, Unavailable>;
    /// The video of a number, in whatever case it is written.
    async fn video(&self, number: &str) -> Result<Sought, Unavailable>;
    /// What a part of a rendition would be; none where it cannot be cut there.
    async fn part(&self, number: &str, rendition: &str, frames: Range<u32>) -> Result<Option<Part>, Unavailable>;
    /// The latest videos, newest first.
    async fn latest(&self, lang: Lang, most: u32) -> Result<Vec<Card>, Unavailable>;
    /// What relates to places of the plan, from memory: the plan's pages are many and made at once.
    fn beside_plan(&self, lang: Lang) -> Arc<BesidePlan>;
    /// Differs after a change of what is shown; pages made from an older one are stale.
    fn version(&self) -> u64;
}

/// What relates to places of the plan, by their slug; of each the newest few, newest first.
pub type BesidePlan = BTreeMap<String, Vec<Card>>;

/// The library could not be asked; the log says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the library cannot be asked at the moment")]
pub struct Unavailable;

/// Characters of a query that are read; the field takes no more.
pub const WORDS: usize = 200;
/// Values that are read of a facet, and characters of each.
const VALUES: usize = 20;
const VALUE: usize = 80;

/// What is asked of the library, as an address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words of titles, storylines, shotlists, captions; empty for everything.
    pub words: String,
    /// Values of facets. Of one facet any will do, of different ones each must.
    pub chosen: Vec<(Facet, String)>,
    /// From that day on (ISO 8601 date, or its year or month).
    pub from: Option<String>,
    /// Up to and with that day.
    pub to: Option<String>,
    /// In which order.
    pub sort: Sort,
    /// Which page.
    pub page: Page,
}

/// What videos are sorted out by, each with counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    /// What it is about.
    Topic,
    /// Where it was taken.
    Place,
    /// How long it is: the names of [`Length`].
    Duration,
    /// How fine its picture is: the names of [`Resolution`].
    Resolution,
    /// The language that is spoken, BCP 47.
    Language,
    /// What one may not do: the names of [`Restricts`].
    Restriction,
    /// The place of the plan it relates to, by its slug.
    Measure,
}

impl Facet {
    /// Every facet, in the order in which they are offered.
    pub const ALL: [Facet; 7] = [
        Facet::Topic,
        Facet::Place,
        Facet::Measure,
        Facet::Duration,
        Facet::Resolution,
        Facet::Language,
        Facet::Restriction,
    ];

    /// Its key in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Facet::Topic => "topic",
            Facet::Place => "place",
            Facet::Duration => "duration",
            Facet::Resolution => "resolution",
            Facet::Language => "lang",
            Facet::Restriction => "restriction",
            Facet::Measure => "measure",
        }
    }
}

/// An order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// What answers best first; newest first where nothing is looked for.
    #[default]
    Best,
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
    /// Shortest first.
    Shortest,
    /// Longest first.
    Longest,
    /// By title.
    Title,
}

impl Sort {
    /// Every order.
    pub const ALL: [Sort; 6] = [Sort::Best, Sort::Newest, Sort::Oldest, Sort::Shortest, Sort::Longest, Sort::Title];

    /// Its name in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Sort::Best => "best",
            Sort::Newest => "newest",
            Sort::Oldest => "oldest",
            Sort::Shortest => "shortest",
            Sort::Longest => "longest",
            Sort::Title => "title",
        }
    }
}

/// A page of what was found. It begins beside a video and not at a count, so that nothing is passed over or shown twice
/// when a video is added in between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// The first.
    #[default]
    First,
    /// What comes after that key of the library's.
    After(String),
    /// What comes before it.
    Before(String),
}

impl Page {
    fn read(text: &str) -> Page {
        match text.split_once('.') {
            Some(("after", key)) => Page::After(key.to_owned()),
            Some(("before", key)) => Page::Before(key.to_owned()),
            _ => Page::First,
        }
    }

    /// As it stands in addresses; empty for the first.
    pub fn written(&self) -> String {
        match self {
            Page::First => String::new(),
            Page::After(key) => format!("after.{key}"),
            Page::Before(key) => format!("before.{key}"),
        }
    }
}

impl Query {
    /// What an address says. What it cannot mean is left out.
    pub fn read<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> Query {
        let mut query = Query::default();
        for (key, value) in pairs {
            let value: String = value.as_ref().chars().filter(|c| !c.is_control()).take(WORDS).collect();
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let date = || plan::date::is_date(value).then(|| value.to_owned());
            match key.as_ref() {
                "q" => value.clone_into(&mut query.words),
                "from" => query.from = date(),
                "to" => query.to = date(),
                "sort" => query.sort = Sort::ALL.into_iter().find(|sort| sort.id() == value).unwrap_or_default(),
                "page" => query.page = Page::read(value),
                key => {
                    let Some(facet) = Facet::ALL.into_iter().find(|facet| facet.id() == key) else { continue };
                    let chosen = (facet, value.chars().take(VALUE).collect());
                    let of_facet = query.chosen.iter().filter(|(of, _)| *of == facet).count();
                    if of_facet < VALUES && !query.chosen.contains(&chosen) {
                        query.chosen.push(chosen);
                    }
                }
            }
        }
        query
    }

    /// As pairs of an address, the page left out where it is the first.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut say = |key, value: &str| {
            if !value.is_empty() {
                pairs.push((key, value.to_owned()));
            }
        };
        say("q", &self.words);
        self.chosen.iter().for_each(|(facet, value)| say(facet.id(), value));
        say("from", self.from.as_deref().unwrap_or_default());
        say("to", self.to.as_deref().unwrap_or_default());
        say("sort", if self.sort == Sort::default() { "" } else { self.sort.id() });
        say("page", &self.page.written());
        pairs
    }

    /// Whether anything narrows what is shown.
    pub fn is_open(&self) -> bool {
        self.words.is_empty() && self.chosen.is_empty() && self.from.is_none() && self.to.is_none()
    }

    /// Whether a value is chosen.
    pub fn has(&self, facet: Facet, value: &str) -> bool {
        self.chosen.iter().any(|(of, chosen)| *of == facet && chosen == value)
    }

    /// The same without a value, from its first page on.
    pub fn without(&self, facet: Facet, value: &str) -> Query {
        let chosen = self.chosen.iter().filter(|(of, chosen)| !(*of == facet && chosen == value)).cloned().collect();
        Query { chosen, page: Page::First, ..self.clone() }
    }
}

/// A page of videos that answer a query, and how many there are of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order that was asked for.
    pub videos: Vec<Card>,
    /// How many answer.
    pub total: u64,
    /// How many of them stand on the pages before.
    pub before: u64,
    /// The page before.
    pub previous: Option<Page>,
    /// The page after.
    pub next: Option<Page>,
    /// The values of each facet, with how many videos there would be with it chosen too.
    pub facets: Vec<(Facet, Vec<Value>)>,
    /// Years, newest first, with how many videos there are of each.
    pub years: Vec<(String, u64)>,
    /// What was looked for instead of a word that no video has: as typed, as found.
    pub meant: Vec<(String, String)>,
}

/// A value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// As it stands in addresses.
    pub id: String,
    /// As it is read; empty where the page knows the word.
    pub name: String,
    /// How many videos.
    pub count: u64,
}

/// How long videos are, in steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Under thirty seconds.
    Short,
    /// Under two minutes.
    Medium,
    /// Under ten minutes.
    Long,
    /// Ten minutes and more.
    Full,
}

impl Length {
    /// Every step.
    pub const ALL: [Length; 4] = [Length::Short, Length::Medium, Length::Long, Length::Full];

    /// The step of so many milliseconds.
    pub const fn of(milliseconds: u64) -> Length {
        match milliseconds {
            0..30_000 => Length::Short,
            30_000..120_000 => Length::Medium,
            120_000..600_000 => Length::Long,
            _ => Length::Full,
        }
    }

    /// Its name in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Length::Short => "short",
            Length::Medium => "medium",
            Length::Long => "long",
            Length::Full => "full",
        }
    }
}

/// How fine pictures are, in steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// 2160 lines and more.
    Ultra,
    /// 1080 lines and more.
    Full,
    /// 720 lines and more.
    High,
    /// Fewer.
    Standard,
}

impl Resolution {
    /// Every step.
    pub const ALL: [Resolution; 4] = [Resolution::Ultra, Resolution::Full, Resolution::High, Resolution::Standard];

    /// The step of a picture with sides of so many pixels, upright ones alike.
    pub const fn of(width: u32, height: u32) -> Resolution {
        match if width < height { width } else { height } {
            2160.. => Resolution::Ultra,
            1080.. => Resolution::Full,
            720.. => Resolution::High,
            _ => Resolution::Standard,
        }
    }

    /// Its name in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Resolution::Ultra => "2160",
            Resolution::Full => "1080",
            Resolution::High => "720",
            Resolution::Standard => "sd",
        }
    }
}

/// How firmly a video is restricted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Restricts {
    /// Not at all.
    Free,
    /// Whoever takes it is told something.
    Warn,
    /// Something of it is not handed out.
    Block,
}

impl Restricts {
    /// Every step.
    pub const ALL: [Restricts; 3] = [Restricts::Free, Restricts::Warn, Restricts::Block];

    /// Its name in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Restricts::Free => "none",
            Restricts::Warn => "warn",
            Restricts::Block => "block",
        }
    }
}

/// A video in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its media number, `ES-2026-014`.
    pub number: String,
    /// Its title, in the language asked for.
    pub title: String,
    /// A picture of it, if there is one.
    pub still: Option<Picture>,
    /// What can be leafed through, if it is there.
    pub board: Option<Board>,
    /// Its length in milliseconds.
    pub length: u64,
    /// When what it shows took place, or it was made (EDTF level 0).
    pub date: Option<String>,
    /// Where, in the language asked for.
    pub place: Option<String>,
    /// How fine it is.
    pub resolution: Resolution,
    /// How firmly it is restricted.
    pub restricts: Restricts,
    /// The row of the shotlist that answers the query best, if one does.
    pub shot: Option<CardShot>,
}

/// A row of a shotlist in a list of videos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardShot {
    /// Its first frame.
    pub start: u32,
    /// The first frame no longer in it.
    pub end: u32,
    /// Its first frame's timecode.
    pub timecode: String,
    /// What is seen, in the language asked for.
    pub text: String,
}

/// A picture on this site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its path.
    pub path: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Small pictures of a video at even distances, in rows on one large picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// The large picture's path.
    pub path: String,
    /// The path of its WebVTT, which says when each is.
    pub track: String,
    /// In a row.
    pub columns: u32,
    /// In all.
    pub tiles: u32,
}

/// What became of a number.
#[derive(Clone, Debug)]
pub enum Sought {
    /// A video that is shown.
    Found(Arc<Video>),
    /// It was shown, and is withdrawn.
    Withdrawn,
    /// There is none, or not yet.
    Unknown,
}

/// All that a video's page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Video {
    /// Its media number.
    pub number: String,
    /// Its title.
    pub title: Both<String>,
    /// What is seen and why it matters; paragraphs end with a line's end. Empty where nobody has said.
    pub storyline: Both<String>,
    /// How its frames are counted.
    pub timing: Timing,
    /// Sides of its original's picture, in pixels.
    pub size: (u32, u32),
    /// What is seen from when to when, in order.
    pub shots: Vec<Shot>,
    /// Where it was taken.
    pub place: Option<Place>,
    /// When what it shows took place (EDTF level 0).
    pub event: Option<String>,
    /// When it was recorded (EDTF level 0).
    pub created: Option<String>,
    /// When it was published here, ISO 8601 date and time.
    pub published: String,
    /// Who is seen.
    pub persons: Vec<String>,
    /// Words to find it by.
    pub keywords: Both<Vec<String>>,
    /// What it is about: the id in addresses, and the name.
    pub topics: Vec<(String, Both<String>)>,
    /// The language that is spoken, BCP 47; `zxx` where nobody speaks.
    pub language: Option<String>,
    /// Who is to be named wherever it is used.
    pub credit: Option<String>,
    /// Whose it is, and what one may do with it.
    pub rights: Option<Both<String>>,
    /// What one may not do.
    pub restrictions: Vec<Restriction>,
    /// Places of the plan it relates to, by their slug.
    pub related: Vec<String>,
    /// What can be taken away, finest first.
    pub renditions: Vec<Rendition>,
    /// What the page plays: light, of the same frame rate. None while it is being made.
    pub proxy: Option<Proxy>,
    /// A picture of it.
    pub still: Option<Picture>,
    /// What can be leafed through.
    pub board: Option<Board>,
    /// How loud it is from beginning to end: peaks from 0 to 100 at even distances; empty where it is silent.
    pub waveform: Vec<u8>,
    /// Captions.
    pub captions: Vec<Captions>,
}

/// What the page plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its path.
    pub path: String,
    /// Its media type.
    pub media_type: String,
}

/// A row of the shotlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shot {
    /// Its first frame and the first no longer in it.
    pub frames: Range<u32>,
    /// What is seen.
    pub text: Both<String>,
}

/// Where a video was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As it stands in addresses.
    pub id: String,
    /// Its name.
    pub name: Both<String>,
    /// ISO 3166-1, two letters.
    pub country: Option<String>,
}

/// What one may not do with a video, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// Whether it is not handed out; else whoever takes it is told.
    pub blocks: bool,
    /// Which frames; none for all of it.
    pub frames: Option<Range<u32>>,
    /// What, in words.
    pub text: Both<String>,
}

/// A file to take away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendition {
    /// Its name in addresses: `original`, `1080p`.
    pub id: String,
    /// Bytes.
    pub bytes: u64,
    /// Its media type.
    pub media_type: String,
    /// Sides of the picture in pixels; none of sound alone.
    pub size: Option<(u32, u32)>,
    /// Codec of the picture as people name it: `H.264`, `ProRes`.
    pub video: String,
    /// Codec of the sound; empty where there is none.
    pub audio: String,
    /// The file's SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Whether parts can be cut from it.
    pub cuts: bool,
}

/// Words to a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captions {
    /// BCP 47.
    pub lang: String,
    /// The WebVTT's path.
    pub path: String,
}

/// What a part of a rendition would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The way that fits.
    pub route: Route,
    /// And why.
    pub why: Why,
    /// Bytes by the instant way, where it is open.
    pub bytes: Option<u64>,
}

/// A way to cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// At once, every frame the source's own.
    Instant,
    /// Head and tail encoded anew, nothing hidden.
    EditSafe,
}

impl Route {
    /// Both ways.
    pub const ALL: [Route; 2] = [Route::Instant, Route::EditSafe];

    /// Its name in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Route::Instant => "instant",
            Route::EditSafe => "edit-safe",
        }
    }
}

/// Why a way fits. Frames are those of the source before and after the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Every picture can be decoded by itself.
    PicturesStandAlone,
    /// The part begins and ends where pictures need no other.
    NothingHidden,
    /// Pictures travel that players do not show.
    Hidden(u32, u32),
    /// Pictures that may not be given away would travel.
    Restricted(u32, u32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_back_from_its_pairs() {
        let query = Query {
            words: "char d’assaut".to_owned(),
            chosen: vec![
                (Facet::Topic, "munitions".to_owned()),
                (Facet::Topic, "essais".to_owned()),
                (Facet::Language, "fr".to_owned()),
            ],
            from: Some("2026-01-01".to_owned()),
            to: Some("2026".to_owned()),
            sort: Sort::Longest,
            page: Page::After("2026-11-20~ES-2026-014".to_owned()),
        };
        assert_eq!(Query::read(query.pairs()), query);
        assert_eq!(Query::read([("", "")]), Query::default());
        assert!(Query::default().pairs().is_empty());
        let without = query.without(Facet::Topic, "essais");
        assert_eq!((without.chosen.len(), without.page), (2, Page::First));
    }

    #[test]
    fn what_an_address_cannot_mean_is_left_out() {
        let long = "x".repeat(5000);
        let many: Vec<(&str, String)> = (0..500).map(|nth| ("topic", nth.to_string())).collect();
        let query = Query::read(many.into_iter().chain([
            ("q", long),
            ("from", "2026-02-30".to_owned()),
            ("sort", "colour".to_owned()),
            ("page", "17".to_owned()),
            ("evil", "1".to_owned()),
        ]));
        assert_eq!((query.words.len(), query.chosen.len()), (WORDS, VALUES));
        assert_eq!((query.from, query.sort, query.page), (None, Sort::Best, Page::First));
    }

    #[test]
    fn steps_have_names_of_their_own() {
        assert_eq!([0, 29_999, 30_000, 600_000].map(Length::of).map(Length::id), ["short", "short", "medium", "full"]);
        let sizes = [(3840, 2160), (1920, 1080), (1080, 1920), (1280, 720), (640, 360)];
        assert_eq!(sizes.map(|(w, h)| Resolution::of(w, h).id()), ["2160", "1080", "1080", "720", "sd"]);
    }
}
