//! Baskets: what lies in them, what of it may be taken, and how it is packed.

mod list;
mod parcel;

pub(crate) use parcel::Unpacked;

use crate::{
    http::library::{Library, is_rendition, overlap},
    library::{
        Catalogue,
        film::{self, Film},
    },
    media::metadata::{Metadata, Number, Restricts},
    store::{
        StoreError,
        basket::{Came, Kept, MOST, Move, Put},
        media::{Video as Row, VideoFile},
    },
};
use ::plan::gloss::Both;
use app::{
    Site,
    account::contract::Caller,
    media::{
        basket::contract::{Basket, Baskets, Beside, Choice, Film as Shown, Item, LeftOut, Taken},
        contract::{Board, Unavailable},
        timing::Timing,
    },
};
use async_trait::async_trait;
use clip::{Frames, Index};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Characters of a note.
const NOTE: usize = 200;

/// Who keeps the baskets.
pub(crate) struct Keeper {
    pub(crate) library: Arc<Library>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) site: Site,
}

/// A video, with all that is needed to take a part of it.
struct Footage {
    row: Row,
    metadata: Metadata,
    files: Vec<VideoFile>,
    film: Film,
    blocked: Vec<(Frames, Both<String>)>,
}

/// A range in a basket, and what is taken of it.
struct Held {
    kept: Kept,
    footage: Option<Arc<Footage>>,
    fit: Result<Fit, LeftOut>,
}

/// What is taken of a range.
struct Fit {
    file: VideoFile,
    frames: Frames,
}

/// What one does with a range that lies in a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// To another place.
    Move(i64, Move),
    /// Out with it.
    Out(i64),
    /// A note to it.
    Note(i64, String),
    /// Out with everything.
    Empty,
}

impl Footage {
    /// What is to be known of a video that visitors see; none where something of it cannot be read.
    fn of(row: Row, files: Vec<VideoFile>) -> Option<Self> {
        let metadata = Metadata::kept(row.metadata.clone())
            .inspect_err(|error| tracing::error!(number = row.number, %error, "a video's metadata cannot be read"))
            .ok()?;
        let film = Film::of(&files)?;
        let blocks = metadata.restrictions.iter().filter(|restriction| restriction.kind == Restricts::Block);
        let blocked = blocks.map(|block| {
            let frames = film::range(&film.timing, block.from.as_ref(), block.to.as_ref());
            (frames, Both { fr: block.fr.to_string(), en: block.en.to_string() })
        });
        let blocked = blocked.collect();
        Some(Self { row, metadata, files, film, blocked })
    }

    /// Those it can be cut from: the original, then the others, the finest first.
    fn renditions(&self) -> Vec<&VideoFile> {
        let cut = |file: &&VideoFile| is_rendition(file) && file.index.is_some() && file.role != "proxy";
        let mut files: Vec<_> = self.files.iter().filter(cut).collect();
        files.sort_by_key(|file| (file.role != "original", Reverse(file.details["height"].as_u64())));
        files
    }

    fn rendition(&self, wanted: &str) -> Option<&VideoFile> {
        let renditions = self.renditions();
        renditions.iter().find(|file| file.role == wanted).or(renditions.first()).copied()
    }

    /// A range with as much of the handles as the film has and as nothing stands in the way of.
    fn with_handles(&self, frames: &Frames, handles: u32) -> Frames {
        let mut wide = frames.start.saturating_sub(handles)..(frames.end + handles).min(self.film.timing.frames);
        for (blocked, _) in &self.blocked {
            if blocked.end <= frames.start {
                wide.start = wide.start.max(blocked.end);
            }
            if blocked.start >= frames.end {
                wide.end = wide.end.min(blocked.start);
            }
        }
        wide
    }

    /// What is taken of a range, or why nothing is.
    async fn fit(&self, library: &Library, frames: &Frames, choice: &Choice) -> Result<Fit, LeftOut> {
        if let Some((_, why)) = self.blocked.iter().find(|(blocked, _)| overlap(blocked, frames)) {
            return Err(LeftOut::Blocked(why.clone()));
        }
        let file = self.rendition(&choice.rendition).ok_or(LeftOut::Uncut)?;
        if frames.end > self.film.timing.frames {
            return Err(LeftOut::Uncut);
        }
        let wide = self.with_handles(frames, choice.handles);
        if self.blocked.is_empty() {
            return Ok(Fit { file: file.clone(), frames: wide });
        }
        // What travels hidden in a clip is known when it is planned, and not before.
        let index = library.index(file).await.map_err(|error| {
            tracing::error!(number = self.row.number, rendition = file.role, %error, "an index is of no use");
            LeftOut::Uncut
        })?;
        let (inner, blocked) = (frames.clone(), self.blocked.clone());
        let planned = tokio::task::spawn_blocking(move || clean(&index, &blocked, &inner, &wide)).await;
        let frames = planned.map_err(|error| {
            tracing::error!(%error, "a part of a basket cannot be planned");
            LeftOut::Uncut
        })??;
        Ok(Fit { file: file.clone(), frames })
    }
}

/// The widest range between `inner` and `wide` in whose clip nothing travels that is blocked.
fn clean(index: &Index, blocked: &[(Frames, Both<String>)], inner: &Frames, wide: &Frames) -> Result<Frames, LeftOut> {
    let in_the_way = |frames: &Frames| {
        let clip = index.clip(frames).map_err(|_| LeftOut::Uncut)?;
        let touched = |(of, _): &&(Frames, Both<String>)| clip.travels().iter().any(|frames| overlap(frames, of));
        Ok(blocked.iter().find(touched).map(|(_, why)| why.clone()))
    };
    let is_clean = |frames: &Frames| matches!(in_the_way(frames), Ok(None));
    if is_clean(wide) {
        return Ok(wide.clone());
    }
    // Most is hidden before a part: its beginning first, then its end.
    if let Some(start) = (wide.start..=inner.start).find(|start| is_clean(&(*start..inner.end))) {
        let end = (inner.end..=wide.end).rev().find(|end| is_clean(&(start..*end)));
        return Ok(start..end.unwrap_or(inner.end));
    }
    Err(in_the_way(inner)?.map_or(LeftOut::Uncut, LeftOut::Hidden))
}

impl Keeper {
    /// The account whose basket is asked for; none where nobody is signed in.
    pub(crate) async fn account(&self, caller: Option<&Caller>) -> Result<Option<String>, StoreError> {
        let Some(caller) = caller else { return Ok(None) };
        Ok(self.library.takeaway.signed_in(caller).await?.map(|account| account.id))
    }

    /// A video that visitors see.
    async fn footage(&self, video: i64) -> Result<Option<Arc<Footage>>, StoreError> {
        let store = &self.library.store;
        let row = store.video_of(video).await?.filter(|row| row.visible(self.library.clock.now()));
        let Some(row) = row else { return Ok(None) };
        let files = store.video_files(video).await?;
        Ok(Footage::of(row, files).map(Arc::new))
    }

    /// What lies in a basket, and what of it is taken.
    async fn held(&self, account: &str, choice: &Choice) -> Result<Vec<Held>, StoreError> {
        let mut known: BTreeMap<i64, Option<Arc<Footage>>> = BTreeMap::new();
        let mut held = Vec::new();
        for kept in self.library.store.basket(account).await? {
            let footage = match known.get(&kept.video) {
                Some(footage) => footage.clone(),
                None => {
                    let footage = self.footage(kept.video).await?;
                    known.insert(kept.video, footage.clone());
                    footage
                }
            };
            let fit = match &footage {
                Some(footage) => footage.fit(&self.library, &kept.frames, choice).await,
                None => Err(LeftOut::Gone),
            };
            held.push(Held { kept, footage, fit });
        }
        Ok(held)
    }

    /// Puts a range of a video into a basket. None where visitors see no such video, or it has no such frames.
    pub(crate) async fn put(
        &self,
        account: &str,
        number: &str,
        [from, to]: [&str; 2],
    ) -> Result<Option<Came>, StoreError> {
        let Some(video) = self.named(number).await? else { return Ok(None) };
        let Some(frames) = between(&video.film.timing, from, to) else { return Ok(None) };
        let put = Put { video: video.row.id, frames, note: String::new() };
        let mut tx = self.library.store.begin().await?;
        let came = tx.put_into_basket(account, &[put]).await?;
        tx.commit().await?;
        Ok(came.first().copied())
    }

    /// The video of a number.
    async fn named(&self, number: &str) -> Result<Option<Arc<Footage>>, StoreError> {
        let Ok(number) = Number::parse(number) else { return Ok(None) };
        match self.library.store.video(number.as_str()).await? {
            Some(row) => self.footage(row.id).await,
            None => Ok(None),
        }
    }

    /// Changes a basket.
    pub(crate) async fn act(&self, account: &str, act: Act) -> Result<(), StoreError> {
        let mut tx = self.library.store.begin().await?;
        match act {
            // What is not in the basket stays as it is.
            Act::Move(id, to) => {
                tx.move_in_basket(account, id, to).await?;
            }
            Act::Out(id) => {
                tx.take_out_of_basket(account, id).await?;
            }
            Act::Note(id, note) => {
                let note: String = note.chars().filter(|c| !c.is_control()).take(NOTE).collect();
                tx.note_in_basket(account, id, note.trim()).await?;
            }
            Act::Empty => tx.empty_basket(account).await?,
        }
        tx.commit().await
    }

    async fn basket_of(&self, account: &str, choice: &Choice) -> Result<Basket, StoreError> {
        let store = &self.library.store;
        let (mut items, mut renditions) = (Vec::new(), BTreeSet::new());
        for Held { kept, footage, fit } in self.held(account, choice).await? {
            let number = match &footage {
                Some(footage) => footage.row.number.clone(),
                None => store.video_of(kept.video).await?.map(|row| row.number).unwrap_or_default(),
            };
            for file in footage.iter().flat_map(|footage| footage.renditions()) {
                // The original first, then by lines.
                let lines = file.role.trim_end_matches('p').parse::<u32>().unwrap_or(u32::MAX);
                renditions.insert((Reverse(lines), file.role.clone()));
            }
            let taken = fit.map(|Fit { file, frames }| {
                let all = footage.as_ref().map_or(1, |footage| footage.film.timing.frames).max(1);
                let bytes = u128::from(file.bytes) * u128::from(frames.end - frames.start) / u128::from(all);
                Taken { frames, rendition: file.role, bytes: u64::try_from(bytes).unwrap_or(u64::MAX) }
            });
            let film = footage.as_ref().map(|footage| Arc::new(footage.shown()));
            items.push(Item { id: kept.id, number, frames: kept.frames, note: kept.note, film, taken });
        }
        let renditions = renditions.into_iter().map(|(_, role)| role).collect();
        Ok(Basket { items, renditions, most: MOST })
    }
}

impl Footage {
    fn shown(&self) -> Shown {
        let Footage { row, metadata, files, film, .. } = self;
        let title = Both { fr: metadata.title.fr.to_string(), en: metadata.title.en.to_string() };
        let board = files.iter().find(|file| file.role == "storyboard").and_then(|file| {
            let (columns, tiles) = film::number(&file.details, "columns").zip(film::number(&file.details, "tiles"))?;
            let path = |name| film::path(&row.number, name);
            Some(Board { path: path("storyboard.webp"), track: path("storyboard.vtt"), columns, tiles })
        });
        Shown { title, timing: film.timing, size: film.size, board }
    }
}

/// The frames between two points of a film.
fn between(timing: &Timing, from: &str, to: &str) -> Option<Frames> {
    let (from, to) = (timing.frame(from)?, timing.frame(to)?);
    (from < to).then_some(from..to)
}

fn unavailable(error: StoreError) -> Unavailable {
    tracing::error!(%error, "baskets cannot be asked");
    Unavailable
}

#[async_trait]
impl Baskets for Keeper {
    async fn basket(&self, caller: &Caller, choice: &Choice) -> Result<Option<Basket>, Unavailable> {
        match self.account(Some(caller)).await.map_err(unavailable)? {
            Some(account) => self.basket_of(&account, choice).await.map(Some).map_err(unavailable),
            None => Ok(None),
        }
    }

    async fn beside(&self, caller: &Caller, number: &str) -> Result<Option<Beside>, Unavailable> {
        let store = &self.library.store;
        let asked = async {
            let Some(account) = self.account(Some(caller)).await? else { return Ok(None) };
            let (kept, video) = (store.basket(&account).await?, store.video(number).await?);
            let of = |kept: &&Kept| video.as_ref().is_some_and(|video| video.id == kept.video);
            let ranges = kept.iter().filter(of).map(|kept| kept.frames.clone()).collect();
            Ok(Some(Beside { count: kept.len(), ranges }))
        };
        asked.await.map_err(unavailable)
    }
}
