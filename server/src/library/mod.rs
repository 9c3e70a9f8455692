//! The video library: what `app` asks of it, answered from the store, the vault, and a shelf in memory.
//!
//! Whatever changes a video leaves a note in the same transaction (`migrations/*/0005_library.sql`). [`Catalogue::renew`]
//! reads the notes, writes cards and words anew, and every instance brings its shelf up to the store's revision. A
//! video's own page asks the store itself: what is withdrawn is gone at once.

mod card;
pub(crate) mod film;
mod shelf;
mod words;

use crate::{
    clock::Clock,
    media::{
        delivery::{IndexError, Indexes},
        metadata::{Metadata, Number},
        vault::{Vault, VaultError},
    },
    store::{Store, StoreError, library::Wanted, media},
};
use ::plan::{Lang, gloss::Both};
use app::media::contract::{
    BesidePlan, Card, CardShot, Found, Library, Part, Query, Route, Sought, Unavailable, Video, Why,
};
use card::Entry;
use serde_json::Value;
use shelf::{Match, Shelf};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{self, AtomicU64},
    },
    time::Duration,
};
use words::Known;

/// How often one looks whether something has changed.
const LOOK: Duration = Duration::from_secs(1);
/// Changes that are seen to at once. A video that comes in makes some ten.
const BATCH: i64 = 500;
/// Videos that are remembered of answers, all of them together: sixteen bytes each.
const REMEMBERED: usize = 1_000_000;
/// Videos beside a place of the plan.
const BESIDE: usize = 3;
/// Bytes of captions that are read for their words.
const CAPTIONS: u64 = 1 << 20;

/// The library as this instance knows it.
pub struct Catalogue {
    store: Store,
    vault: Vault,
    indexes: Arc<Indexes>,
    clock: Arc<dyn Clock>,
    kept: RwLock<Arc<Kept>>,
    version: AtomicU64,
}

/// What is kept in memory, all of one revision.
#[derive(Default)]
struct Kept {
    revision: i64,
    entries: Arc<BTreeMap<i64, Entry>>,
    shelf: Shelf,
    known: Known,
    /// How many videos there are, and how many of them under embargo.
    counts: (usize, usize),
    beside: Both<Arc<BesidePlan>>,
    answered: Mutex<Answered>,
}

/// What the store has answered at this revision: the next page, another facet and what everybody looks for ask the same.
#[derive(Default)]
struct Answered {
    videos: HashMap<Wanted, Arc<Vec<Match>>>,
    held: usize,
}

/// Why the library cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum NotRenewed {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault did.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The work broke off.
    #[error("the library's memory could not be made: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

impl Catalogue {
    /// Empty, until it is first brought up to date.
    #[must_use]
    pub fn new(store: Store, vault: Vault, indexes: Arc<Indexes>, clock: Arc<dyn Clock>) -> Self {
        Self { store, vault, indexes, clock, kept: RwLock::default(), version: AtomicU64::new(0) }
    }

    /// Keeps it up to date, as long as it is asked to.
    pub async fn run(self: Arc<Self>) {
        let mut clock = tokio::time::interval(LOOK);
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            clock.tick().await;
            if let Err(error) = self.renew().await {
                tracing::error!(%error, "the library is not up to date");
            }
        }
    }

    /// The numbers of all videos that are shown.
    pub(crate) fn numbers(&self) -> Vec<String> {
        self.kept().shelf.numbers(self.clock.now())
    }

    /// The videos published last, each with when it was.
    pub(crate) async fn latest_films(&self, most: u32) -> Result<Vec<(Arc<Video>, i64)>, Unavailable> {
        let kept = self.kept();
        let mut films = Vec::new();
        for entry in kept.shelf.latest(self.clock.now(), most as usize) {
            if let Sought::Found(film) = self.sought(&entry.number).await.map_err(unavailable)? {
                films.push((film, entry.published_at));
            }
        }
        Ok(films)
    }

    /// Brings it up to date: writes what has changed, and reads what was written, here or by another instance.
    ///
    /// # Errors
    /// If the store or the vault fails.
    pub async fn renew(&self) -> Result<(), NotRenewed> {
        let kept = self.kept();
        let mut learnt = HashSet::new();
        while self.store.library_is_stale().await? {
            self.write(&kept.known, &mut learnt).await?;
        }
        let now = self.clock.now();
        let revision = self.store.library_revision().await?;
        if revision == kept.revision {
            let counts = kept.shelf.counts(now);
            if counts != kept.counts {
                // An embargo has ended.
                let beside = beside_plan(&kept.shelf, now);
                let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
                let entries = Arc::clone(&kept.entries);
                let (shelf, known) = (Shelf::of(&entries), kept.known.clone());
                let answered = Mutex::default();
                *kept = Arc::new(Kept { revision, entries, shelf, known, counts, beside, answered });
                self.version.fetch_add(1, atomic::Ordering::Relaxed);
            }
            return Ok(());
        }
        let cards = self.store.cards_since(kept.revision).await?;
        let words = self.store.words_since(kept.revision).await?;
        let making = tokio::task::spawn_blocking(move || {
            let mut entries = BTreeMap::clone(&kept.entries);
            for (video, card) in cards {
                // A card of another version of the program is written anew by that which changes the video.
                match card.and_then(|card| serde_json::from_value(card).ok()) {
                    Some(entry) => drop(entries.insert(video, entry)),
                    None => drop(entries.remove(&video)),
                }
            }
            let known = kept.known.with(words);
            let shelf = Shelf::of(&entries);
            let (counts, beside) = (shelf.counts(now), beside_plan(&shelf, now));
            let (entries, answered) = (Arc::new(entries), Mutex::default());
            Kept { revision, entries, shelf, known, counts, beside, answered }
        });
        let fresh = making.await?;
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        self.version.fetch_add(1, atomic::Ordering::Relaxed);
        Ok(())
    }

    fn kept(&self) -> Arc<Kept> {
        Arc::clone(&self.kept.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes the cards of some videos that have changed, and the words that are not known yet: hardly any, as a rule.
    async fn write(&self, known: &Known, learnt: &mut HashSet<String>) -> Result<(), NotRenewed> {
        let mut tx = self.store.begin().await?;
        let revision = tx.next_library_revision().await?;
        let mut fresh = Vec::new();
        for video in tx.take_stale_videos(BATCH).await? {
            let shown = self.shown(video).await?;
            let written = shown.as_ref().map(|(entry, found)| (entry, &found.texts));
            tx.write_card(video, revision, written).await?;
            for (word, written) in shown.into_iter().flat_map(|(_, found)| found.words) {
                if !known.has(&word) && !learnt.contains(&word) {
                    tx.know_word(&word, &written, revision).await?;
                    fresh.push(word);
                }
            }
        }
        tx.commit().await?;
        learnt.extend(fresh);
        Ok(())
    }

    /// The card and the words of a video, where it is shown or will be when its embargo ends.
    async fn shown(&self, video: i64) -> Result<Option<(Value, card::Found)>, NotRenewed> {
        let Some(row) = self.store.video_of(video).await? else { return Ok(None) };
        if !row.published || row.withdrawn_at.is_some() {
            return Ok(None);
        }
        let Some(metadata) = metadata_of(&row) else { return Ok(None) };
        let files = self.store.video_files(video).await?;
        let mut captions = Vec::new();
        for file in &files {
            let Some(lang) = file.role.strip_prefix("captions-") else { continue };
            let text = match self.vault.bytes(&file.sha256, CAPTIONS).await {
                Ok(text) => text,
                // The video is found by its other words.
                Err(error) => {
                    tracing::warn!(number = row.number, %error, "captions could not be read");
                    continue;
                }
            };
            let lang = if lang.starts_with("en") { Lang::En } else { Lang::Fr };
            captions.push((lang, words::spoken(&String::from_utf8_lossy(&text))));
        }
        let found = card::Found::of(&row.number, &metadata, &captions);
        let entry = Entry::of(&row, &metadata, &files);
        Ok(entry.and_then(|entry| serde_json::to_value(entry).ok()).map(|entry| (entry, found)))
    }

    /// The videos in which all of it is found, with how well they answer.
    async fn answers(&self, kept: &Kept, wanted: &Wanted) -> Result<Arc<Vec<Match>>, StoreError> {
        let answered = || kept.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answered().videos.get(wanted).cloned() {
            return Ok(known);
        }
        let found = Arc::new(kept.shelf.weighed(self.store.videos_with(wanted).await?));
        // What finds nothing takes room too.
        let room = found.len() + 100;
        let mut answered = answered();
        if answered.held + room > REMEMBERED {
            *answered = Answered::default();
        }
        answered.held += room;
        answered.videos.insert(wanted.clone(), Arc::clone(&found));
        Ok(found)
    }

    async fn found(&self, lang: Lang, query: &Query) -> Result<Found, StoreError> {
        let kept = self.kept();
        let asked = kept.known.asked(lang, &query.words);
        let matches = match &asked {
            Some(asked) => Some(self.answers(&kept, &asked.wanted).await?),
            None => None,
        };
        let (mut found, videos) =
            kept.shelf.search(lang, self.clock.now(), query, matches.as_ref().map(|matches| matches.as_slice()));
        if let Some(asked) = asked {
            let told = self.store.told_of(&videos).await?.into_iter();
            let told: HashMap<_, _> = told.map(|(video, metadata, details)| (video, (metadata, details))).collect();
            for (card, video) in found.videos.iter_mut().zip(videos) {
                card.shot = told.get(&video).and_then(|(metadata, details)| shot(lang, metadata, details, &asked));
            }
            found.meant = asked.meant;
        }
        Ok(found)
    }

    /// The row of a number that an address has, if visitors see it; whether they did.
    async fn row(&self, number: &str) -> Result<Result<media::Video, Sought>, StoreError> {
        let Ok(number) = Number::parse(number) else { return Ok(Err(Sought::Unknown)) };
        Ok(match self.store.video(number.as_str()).await? {
            Some(row) if row.published && row.withdrawn_at.is_some() => Err(Sought::Withdrawn),
            Some(row) if row.visible(self.clock.now()) => Ok(row),
            _ => Err(Sought::Unknown),
        })
    }

    async fn sought(&self, number: &str) -> Result<Sought, StoreError> {
        let row = match self.row(number).await? {
            Ok(row) => row,
            Err(sought) => return Ok(sought),
        };
        let Some(metadata) = metadata_of(&row) else { return Ok(Sought::Unknown) };
        let files = self.store.video_files(row.id).await?;
        let video = film::whole(&self.vault, &row, &metadata, &files).await;
        Ok(video.map_or(Sought::Unknown, |video| Sought::Found(Arc::new(video))))
    }

    async fn part_of(&self, number: &str, rendition: &str, frames: Range<u32>) -> Result<Option<Part>, StoreError> {
        let Ok(row) = self.row(number).await? else { return Ok(None) };
        let files = self.store.video_files(row.id).await?;
        let file = files.iter().find(|file| file.role == rendition);
        let index = file.filter(|file| file.role == "original" || film::is_rendition(&file.role));
        let (Some(index), Some(film)) = (index.and_then(|file| file.index), film::Film::of(&files)) else {
            return Ok(None);
        };
        let index = match self.indexes.get(&index).await {
            Ok(index) => index,
            Err(IndexError::Refused(refused)) => {
                tracing::warn!(number, rendition, %refused, "an index is of no use");
                return Ok(None);
            }
            Err(IndexError::Vault(error)) => {
                tracing::error!(number, rendition, %error, "an index cannot be read");
                return Ok(None);
            }
        };
        let metadata = metadata_of(&row);
        let blocked = metadata.map(|metadata| film::blocked(&film.timing, &metadata));
        let Some(blocked) = blocked else { return Ok(None) };
        // Of hours, that takes milliseconds: not where others wait for answers.
        let planning = tokio::task::spawn_blocking(move || {
            let clip = index.clip(&frames).ok()?;
            let must_not = |frames: &Range<u32>| blocked.iter().any(|b| b.start < frames.end && frames.start < b.end);
            let proposal = index.explain(&clip, clip.travels().iter().any(must_not));
            Some(part(proposal, clip.len()))
        });
        Ok(planning.await.ok().flatten())
    }
}

/// A part as the page tells of it; by the instant way it has so many bytes.
fn part(proposal: clip::Proposal, bytes: u64) -> Part {
    let why = match proposal.why {
        clip::Why::PicturesStandAlone | clip::Why::SoundOnly => Why::PicturesStandAlone,
        clip::Why::NothingHidden => Why::NothingHidden,
        clip::Why::Hidden { before, after } => Why::Hidden(before, after),
        clip::Why::Restricted { before, after } => {
            return Part { route: Route::EditSafe, why: Why::Restricted(before, after), bytes: None };
        }
    };
    Part { route: Route::Instant, why, bytes: Some(bytes) }
}

/// Which row of a video's shotlist answers best.
fn shot(lang: Lang, metadata: &Value, details: &Value, wanted: &words::Asked) -> Option<CardShot> {
    let metadata = Metadata::kept(metadata.clone()).ok()?;
    let texts = metadata.shotlist.iter().map(|shot| (shot.fr.as_str(), shot.en.as_str()));
    let answers = texts.map(|(fr, en)| wanted.answered_by(Lang::Fr, fr).max(wanted.answered_by(Lang::En, en)));
    // Of several that answer as well, the first.
    let best = answers.enumerate().max_by_key(|(nth, answers)| (*answers, std::cmp::Reverse(*nth)));
    let shot = best.filter(|(_, answers)| *answers > 0).and_then(|(nth, _)| metadata.shotlist.get(nth))?;
    let film = film::Film::of_original(details)?;
    let frames = film::range(&film.timing, Some(&shot.from), Some(&shot.to));
    Some(CardShot {
        start: frames.start,
        end: frames.end,
        timecode: film.timing.timecode(frames.start),
        text: if lang == Lang::Fr { shot.fr.to_string() } else { shot.en.to_string() },
    })
}

/// What editors say of a video, if this version of the program can read it.
fn metadata_of(row: &media::Video) -> Option<Metadata> {
    Metadata::kept(row.metadata.clone())
        .inspect_err(|error| tracing::error!(number = row.number, %error, "a video's metadata cannot be read"))
        .ok()
}

fn beside_plan(shelf: &Shelf, now: i64) -> Both<Arc<BesidePlan>> {
    let of = |lang| {
        let beside = shelf.beside_plan(now, BESIDE).into_iter();
        let cards = |entries: Vec<&Entry>| entries.into_iter().map(|entry| entry.card(lang)).collect::<Vec<Card>>();
        Arc::new(beside.map(|(slug, entries)| (slug.to_owned(), cards(entries))).collect::<BesidePlan>())
    };
    Both { fr: of(Lang::Fr), en: of(Lang::En) }
}

/// What failed goes to the log; the visitor hears that it did.
fn unavailable(error: StoreError) -> Unavailable {
    tracing::error!(%error, "the library cannot be asked");
    Unavailable
}

#[async_trait::async_trait]
impl Library for Catalogue {
    async fn search(&self, lang: Lang, query: &Query) -> Result<Found, Unavailable> {
        self.found(lang, query).await.map_err(unavailable)
    }

    async fn video(&self, number: &str) -> Result<Sought, Unavailable> {
        self.sought(number).await.map_err(unavailable)
    }

    async fn part(&self, number: &str, rendition: &str, frames: Range<u32>) -> Result<Option<Part>, Unavailable> {
        self.part_of(number, rendition, frames).await.map_err(unavailable)
    }

    async fn latest(&self, lang: Lang, most: u32) -> Result<Vec<Card>, Unavailable> {
        let kept = self.kept();
        let latest = kept.shelf.latest(self.clock.now(), most as usize);
        Ok(latest.into_iter().map(|entry| entry.card(lang)).collect())
    }

    fn beside_plan(&self, lang: Lang) -> Arc<BesidePlan> {
        Arc::clone(self.kept().beside.get(lang))
    }

    fn version(&self) -> u64 {
        self.version.load(atomic::Ordering::Relaxed)
    }
}
