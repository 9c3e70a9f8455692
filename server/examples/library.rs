//! `cargo run -p server --release --example library -- 100000`
//!
//! Fills the store of the settings with so many videos that say what the plan's sentences say, through the store's own
//! doors, and writes what may be looked for in them as JSON. `bench/library` calls it. There are no files behind them.

use plan::{Lang, content};
use serde_json::{Value, json};
use server::{
    library::Catalogue,
    media::{
        delivery::Indexes,
        metadata::Number,
        vault::{Sha256, Vault},
    },
    settings::Settings,
    store::{
        Store, Tx,
        media::{Added, NewVideo, VideoFile},
    },
};
use std::{collections::BTreeMap, error::Error, io::Write as _, sync::Arc};

type Failed = Box<dyn Error>;

/// Videos in one transaction.
const AT_ONCE: u32 = 500;
const DAY: i64 = 86_400_000;
/// 1 January 2016.
const FROM: i64 = 1_451_606_400_000;
const DAYS: u64 = 3_900;
const PLACES: usize = 400;
const PERSONS: usize = 2_000;
const TOPICS: usize = 60;
/// One word in so many is no word of the plan: names, units, types of equipment.
const NEW: u64 = 15;
const NEW_WORDS: u64 = 40_000;

/// splitmix64: the same videos every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.roll() % most.max(1)
    }

    /// The first ones often, the last ones seldom (Zipf's law, nearly).
    fn rank(&mut self, most: u64) -> u64 {
        let uniform = self.below(1 << 52) as f64 / (1_u64 << 52) as f64;
        (((most as f64 + 1.0).powf(uniform) - 1.0) as u64).min(most.saturating_sub(1))
    }

    fn of<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(usize::try_from(self.below(from.len() as u64)).unwrap_or_default())
    }
}

/// A word that the plan has not, the same for the same number.
fn word(number: u64) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "ro", "ven", "ti", "lor", "mes", "qua", "der", "sil", "no", "fan", "gri", "tou", "bel", "cam", "pra",
        "lys", "hen", "mor", "zel", "dru", "vic", "ost", "pel",
    ];
    let mut dice = Dice(number.wrapping_mul(0x1234_5677));
    let syllables = 2 + dice.below(3);
    (0..syllables).filter_map(|_| dice.of(&SYLLABLES).copied()).collect()
}

fn name(number: u64) -> String {
    let word = word(number);
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// What videos say.
struct Sayings {
    dice: Dice,
    /// In each language.
    sentences: [Vec<Vec<String>>; 2],
    measures: Vec<String>,
}

impl Sayings {
    fn new() -> Self {
        let documents = Lang::ALL.map(content::load);
        let sentences = documents.each_ref().map(|document| {
            let texts = document.paragraphs().flat_map(|(_, _, paragraph)| paragraph.texts());
            let words = texts.map(|text| text.plain().split_whitespace().map(str::to_owned).collect::<Vec<_>>());
            words.filter(|words| words.len() > 5).collect()
        });
        let measures = documents[0].paragraphs().filter_map(|(_, measure, _)| Some(measure?.slug.clone()));
        Self { dice: Dice(2026), sentences, measures: measures.collect() }
    }

    /// Some words in a row of some sentence, now and then another in the place of one.
    fn words(&mut self, lang: usize, most: usize) -> String {
        let (dice, sentences) = (&mut self.dice, &self.sentences[lang]);
        let Some(sentence) = dice.of(sentences) else { return String::new() };
        let least = most.min(sentence.len());
        let first = usize::try_from(dice.below((sentence.len() - least + 1) as u64)).unwrap_or_default();
        let words = sentence[first..]
            .iter()
            .take(most)
            .map(|said| if dice.below(NEW) == 0 { word(dice.rank(NEW_WORDS)) } else { said.clone() });
        words.collect::<Vec<_>>().join(" ")
    }

    fn both(&mut self, most: usize) -> Value {
        json!({ "fr": self.words(0, most), "en": self.words(1, most) })
    }

    fn metadata(&mut self) -> Value {
        let place = 1_000_000 + self.dice.rank(PLACES as u64);
        let topics: Vec<Value> = (0..=self.dice.below(3))
            .map(|_| 2_000_000 + self.dice.rank(TOPICS as u64))
            .map(|topic| json!({ "fr": format!("{} {}", name(topic), name(topic + 7)), "en": name(topic) }))
            .collect();
        let shots: Vec<Value> = (0..3 + self.dice.below(5))
            .map(|nth| {
                let mut shot = self.both(9);
                shot["in"] = json!(format!("f{}", nth * 75));
                shot["out"] = json!(format!("f{}", nth * 75 + 75));
                shot
            })
            .collect();
        let persons: Vec<String> = (0..self.dice.below(3))
            .map(|_| self.dice.rank(PERSONS as u64))
            .map(|person| format!("{} {}", name(3_000_000 + person % 90), name(3_100_000 + person)))
            .collect();
        let (year, month, day) = (2016 + self.dice.below(11), 1 + self.dice.below(12), 1 + self.dice.below(28));
        let related: Vec<String> =
            (0..self.dice.below(3)).filter_map(|_| self.dice.of(&self.measures).cloned()).collect();
        let language = self.dice.of(&["fr", "en", "zxx", "de"]).copied();
        let mut metadata = json!({
            "title": self.both(8),
            "storyline": { "fr": format!("{}. {}.", self.words(0, 22), self.words(0, 22)),
                           "en": format!("{}. {}.", self.words(1, 22), self.words(1, 22)) },
            "place": { "fr": name(place), "en": name(place), "country": "BE" },
            "topics": topics,
            "shotlist": shots,
            "persons": persons,
            "language": language,
            "dates": { "event": format!("{year}-{month:02}-{day:02}") },
            "credit": "Estafette",
        });
        if !related.is_empty() {
            metadata["related"] = json!(related);
        }
        if self.dice.below(6) == 0 {
            let kind = if self.dice.below(3) == 0 { "block" } else { "warn" };
            metadata["restrictions"] = json!([{ "kind": kind, "fr": "Réserve.", "en": "Restriction." }]);
        }
        metadata
    }
}

fn files(number: &str, dice: &mut Dice) -> Vec<VideoFile> {
    let file = |role: &str, media_type: &str, details: Value| VideoFile {
        role: role.to_owned(),
        sha256: Sha256::of(format!("{number} {role}").as_bytes()),
        bytes: 1_000_000,
        media_type: media_type.to_owned(),
        index: None,
        details,
    };
    let sizes = [(3840, 2160), (1920, 1080), (1920, 1080), (1280, 720)];
    let (width, height) = dice.of(&sizes).copied().unwrap_or_default();
    let frames = 25 * (20 + dice.rank(3_600));
    let film = |width: u32, height: u32| {
        json!({ "width": width, "height": height, "rate": "25", "frames": frames, "seconds": frames as f64 / 25.0,
                "codec": "h264", "timecode": "10:00:00:00" })
    };
    vec![
        file("original", "video/mp4", film(width, height)),
        file("proxy", "video/mp4", film(854, 480)),
        file("still", "image/jpeg", json!({ "width": 1280, "height": 720 })),
        file("thumbnail", "image/webp", json!({ "width": 480, "height": 270 })),
    ]
}

async fn add(tx: &mut Tx, nth: u32, sayings: &mut Sayings) -> Result<(), Failed> {
    let number = format!("BENCH-{nth:06}");
    let metadata = sayings.metadata();
    let files = files(&number, &mut sayings.dice);
    let now = FROM + i64::try_from(sayings.dice.below(DAYS))? * DAY + i64::from(nth);
    let new = NewVideo {
        number: Some(&number.parse::<Number>()?),
        metadata: &metadata,
        embargo_until: None,
        file_name: "film.mp4",
        files: &files,
        steps: &[],
        now,
    };
    match tx.add_video(&new).await? {
        Added::New(id, _) if tx.publish_video(id, now).await? => Ok(()),
        _ => Err(format!("{number} is there already").into()),
    }
}

/// What people may look for: words as often as texts have them, and values of facets.
fn asked(sayings: &mut Sayings) -> Value {
    let mut words = BTreeMap::new();
    for (lang, key) in [(0, "fr"), (1, "en")] {
        let some: Vec<String> = (0..1_000)
            .flat_map(|_| {
                sayings.words(lang, 12).split(|c: char| !c.is_alphabetic()).map(str::to_owned).collect::<Vec<_>>()
            })
            .filter(|word| word.chars().count() > 4)
            .collect();
        words.insert(key, some);
    }
    let places: Vec<String> = (0..PLACES as u64).map(|place| name(1_000_000 + place).to_lowercase()).collect();
    json!({ "words": words, "places": places })
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let videos: u32 = std::env::args().nth(1).ok_or("usage: library VIDEOS")?.parse()?;
    let settings = Settings::load(None, std::env::vars_os())?;
    let store = Store::open(&settings.database, &settings.data.0).await?;
    let mut sayings = Sayings::new();
    for first in (1..=videos).step_by(AT_ONCE as usize) {
        let mut tx = store.begin().await?;
        for nth in first..(first + AT_ONCE).min(videos + 1) {
            add(&mut tx, nth, &mut sayings).await?;
        }
        tx.commit().await?;
    }
    let vault = Vault::open(&settings)?;
    let indexes = Arc::new(Indexes::new(vault.clone(), 1 << 20));
    Catalogue::new(store.clone(), vault, indexes, Arc::new(server::clock::SystemClock)).renew().await?;
    store.close().await;
    writeln!(std::io::stdout(), "{}", asked(&mut sayings))?;
    Ok(())
}
