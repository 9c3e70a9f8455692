//! Clips that are made by encoding, and kept for a while; and what of the videos visitors see.

use super::{
    Store, StoreError, Tx, in_tx,
    media::{Video, VideoRow, video},
    on_either, on_writer,
};
use crate::media::vault::{Sha256, Stored};
use clip::{Frames, Receipt};
use serde_json::Value;
use sqlx::types::Json;

/// A clip to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Of what is asked for.
    pub id: String,
    /// Whose it is.
    pub video: i64,
    /// What it is cut from.
    pub source: Sha256,
    /// That file's packed index.
    pub index: Sha256,
    /// Its media type, and that of the clip.
    pub media_type: String,
    /// Of the source.
    pub frames: Frames,
}

impl Wish {
    /// The same asked twice has one id.
    #[must_use]
    pub fn new(video: i64, source: Sha256, index: Sha256, media_type: &str, frames: Frames) -> Self {
        let id = Sha256::of(format!("{video} {source} {} {}", frames.start, frames.end).as_bytes()).to_string();
        Self { id: id[..32].to_owned(), video, source, index, media_type: media_type.to_owned(), frames }
    }
}

/// How far a clip has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Come {
    /// Nobody has it yet, or somebody has: of a thousand.
    Underway(Option<i64>),
    /// It lies in the vault, until then.
    Done(Stored, Value, i64),
    /// It cannot be made, in a sentence.
    Dead(String),
}

/// A clip, and how far it has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What it is.
    pub wish: Wish,
    /// And how far.
    pub come: Come,
}

/// A clip that a worker has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What it is.
    pub wish: Wish,
    /// How often it was taken, this time included.
    pub attempts: i64,
}

type WishRow = (String, i64, String, String, String, i64, i64);
type StateRow = (String, String, i64, String, Option<String>, Option<i64>, Option<Json<Value>>, i64);

impl Wish {
    fn of((id, video, source, index, media_type, from, to): WishRow) -> Result<Self, StoreError> {
        let frame = |number: i64| u32::try_from(number).map_err(|error| sqlx::Error::Decode(Box::new(error)));
        let frames = frame(from)?..frame(to)?;
        Ok(Self { id, video, source: hash(&source)?, index: hash(&index)?, media_type, frames })
    }
}

fn hash(text: &str) -> Result<Sha256, StoreError> {
    Ok(text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?)
}

impl Come {
    fn of((state, holder, progress, why, sha256, bytes, receipt, expires): StateRow) -> Result<Self, StoreError> {
        Ok(match (&*state, sha256, bytes) {
            ("done", Some(sha256), Some(bytes)) => {
                let stored = Stored { sha256: hash(&sha256)?, bytes: bytes.unsigned_abs() };
                Self::Done(stored, receipt.map(|Json(receipt)| receipt).unwrap_or_default(), expires)
            }
            ("dead", ..) => Self::Dead(why),
            _ => Self::Underway((!holder.is_empty()).then_some(progress)),
        })
    }
}

impl Store {
    /// Asks for a clip, unless it was asked for already. `false` where so many wait that there is no place for it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn wish_for_clip(&self, wish: &Wish, most: i64, now: i64, until: i64) -> Result<bool, StoreError> {
        const ASK: &str = "INSERT INTO clips (id, video_id, source, source_index, media_type, from_frame, to_frame, \
                           due_at, created_at, expires_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $8, $9 \
                           WHERE (SELECT count(*) FROM clips WHERE state = 'queued') < $10 ON CONFLICT DO NOTHING";
        const THERE: &str = "SELECT count(*) FROM clips WHERE id = $1";
        Ok(on_writer!(self, pool => {
            let query = sqlx::query(ASK).bind(&wish.id).bind(wish.video).bind(wish.source.to_string());
            let query = query.bind(wish.index.to_string()).bind(&wish.media_type);
            let query = query.bind(i64::from(wish.frames.start)).bind(i64::from(wish.frames.end));
            let asked = query.bind(now).bind(until).bind(most).execute(pool).await?.rows_affected() == 1;
            asked || sqlx::query_scalar::<_, i64>(THERE).bind(&wish.id).fetch_one(pool).await? == 1
        }))
    }

    /// A clip that was asked for, and how far it has come.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn clip(&self, id: &str) -> Result<Option<Asked>, StoreError> {
        const ONE: &str = "SELECT id, video_id, source, source_index, media_type, from_frame, to_frame FROM clips \
                           WHERE id = $1";
        const COME: &str = "SELECT state, holder, progress, why, sha256, bytes, receipt, expires_at FROM clips \
                            WHERE id = $1";
        let found: (Option<WishRow>, Option<StateRow>) = on_either!(self, pool => (
            sqlx::query_as(ONE).bind(id).fetch_optional(pool).await?,
            sqlx::query_as(COME).bind(id).fetch_optional(pool).await?,
        ));
        // It may be swept away between the two.
        let (Some(wish), Some(come)) = found else { return Ok(None) };
        Ok(Some(Asked { wish: Wish::of(wish)?, come: Come::of(come)? }))
    }

    /// Takes a clip that is due, until `lease_until`: who has not prolonged that by then has died, and another may.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn claim_clip(&self, holder: &str, now: i64, lease_until: i64) -> Result<Option<Taken>, StoreError> {
        macro_rules! claim {
            ($locking:literal) => {
                concat!(
                    "UPDATE clips SET due_at = $2, holder = $3, attempts = attempts + 1, progress = 0 \
                     WHERE id = (SELECT id FROM clips WHERE state = 'queued' AND due_at <= $1 \
                     ORDER BY due_at, id LIMIT 1",
                    $locking,
                    ") RETURNING id, attempts"
                )
            };
        }
        let taken: Option<(String, i64)> = match self {
            Store::Sqlite { writer, .. } => {
                let query = sqlx::query_as(claim!("")).bind(now).bind(lease_until).bind(holder);
                query.fetch_optional(writer).await?
            }
            Store::Postgres(pool) => {
                let query = sqlx::query_as(claim!(" FOR UPDATE SKIP LOCKED"));
                query.bind(now).bind(lease_until).bind(holder).fetch_optional(pool).await?
            }
        };
        let Some((id, attempts)) = taken else { return Ok(None) };
        Ok(self.clip(&id).await?.map(|asked| Taken { wish: asked.wish, attempts }))
    }

    /// Says how far a clip has come, and prolongs its lease. `false` where it is not this worker's any more.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn clip_goes_on(
        &self,
        (id, holder): (&str, &str),
        progress: i64,
        lease_until: i64,
    ) -> Result<bool, StoreError> {
        const GO_ON: &str = "UPDATE clips SET progress = $3, due_at = $4 \
                             WHERE id = $1 AND holder = $2 AND state = 'queued'";
        Ok(on_writer!(self, pool => {
            let query = sqlx::query(GO_ON).bind(id).bind(holder).bind(progress).bind(lease_until);
            query.execute(pool).await?.rows_affected() == 1
        }))
    }

    /// A clip is made, if whoever says so still has it; it is kept until then.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn clip_done(
        &self,
        (id, holder): (&str, &str),
        made: &Stored,
        receipt: &Receipt,
        until: i64,
    ) -> Result<bool, StoreError> {
        const DONE: &str = "UPDATE clips SET state = 'done', holder = '', progress = 1000, why = '', sha256 = $3, \
                            bytes = $4, receipt = $5, expires_at = $6 \
                            WHERE id = $1 AND holder = $2 AND state = 'queued'";
        let bytes = i64::try_from(made.bytes).unwrap_or(i64::MAX);
        Ok(on_writer!(self, pool => {
            let query = sqlx::query(DONE).bind(id).bind(holder).bind(made.sha256.to_string()).bind(bytes);
            query.bind(Json(receipt)).bind(until).execute(pool).await?.rows_affected() == 1
        }))
    }

    /// A clip was not made: it is to be tried again at `due_at`, or never.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn clip_failed(
        &self,
        (id, holder): (&str, &str),
        due_at: Option<i64>,
        why: &str,
    ) -> Result<(), StoreError> {
        const END: &str = "UPDATE clips SET state = $3, due_at = $4, why = $5, holder = '', progress = 0 \
                           WHERE id = $1 AND holder = $2 AND state = 'queued'";
        let state = if due_at.is_some() { "queued" } else { "dead" };
        on_writer!(self, pool => {
            let query = sqlx::query(END).bind(id).bind(holder).bind(state).bind(due_at.unwrap_or(0));
            query.bind(why).execute(pool).await?;
        });
        Ok(())
    }

    /// Gives a clip back that was not come to an end with, as whoever has it stops. The try does not count.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn give_back_clip(&self, (id, holder): (&str, &str), now: i64) -> Result<(), StoreError> {
        const BACK: &str = "UPDATE clips SET due_at = $3, holder = '', progress = 0, attempts = attempts - 1 \
                            WHERE id = $1 AND holder = $2 AND state = 'queued'";
        on_writer!(self, pool => {
            sqlx::query(BACK).bind(id).bind(holder).bind(now).execute(pool).await?;
        });
        Ok(())
    }

    /// The videos that visitors see, those published last first: how many there are, and some of them.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn visible_videos(&self, now: i64, limit: i64, offset: i64) -> Result<(i64, Vec<Video>), StoreError> {
        const ALL: &str = "SELECT count(*) FROM videos WHERE state = 'published' AND withdrawn_at IS NULL \
                           AND (embargo_until IS NULL OR embargo_until <= $1)";
        const SOME: &str = video!(
            "WHERE state = 'published' AND withdrawn_at IS NULL AND (embargo_until IS NULL OR embargo_until <= $1) \
             ORDER BY published_at DESC, id DESC LIMIT $2 OFFSET $3"
        );
        Ok(on_either!(self, pool => {
            let all = sqlx::query_scalar(ALL).bind(now).fetch_one(pool).await?;
            let query = sqlx::query_as::<_, VideoRow>(SOME).bind(now).bind(limit).bind(offset);
            (all, query.fetch_all(pool).await?.into_iter().map(Video::from).collect())
        }))
    }
}

impl Tx {
    /// Removes the clips whose time is over and on which nobody works; the files that nothing needs any more.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sweep_clips(&mut self, now: i64) -> Result<Vec<Sha256>, StoreError> {
        const SWEEP: &str = "DELETE FROM clips WHERE expires_at <= $1 AND (state <> 'queued' OR due_at <= $1) \
                             RETURNING sha256";
        let swept: Vec<Option<String>> = in_tx!(self, c => sqlx::query_scalar(SWEEP).bind(now).fetch_all(c).await?);
        let files = swept.iter().flatten().map(|name| hash(name)).collect::<Result<Vec<_>, _>>()?;
        self.unneeded(files).await
    }
}
