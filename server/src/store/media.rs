//! Videos, their files, and the work still to be done for them. The bytes lie in the vault; here stands which are whose.
//!
//! Work is a row first. A worker takes a step by lease and prolongs the lease while it works; who has died is noticed by
//! the lease's end, and another takes the step again.

use super::{Store, StoreError, Tx, in_tx, on_either, on_writer};
use crate::media::{metadata::Number, vault::Sha256};
use serde_json::Value;
use sqlx::types::Json;
use std::collections::HashSet;

/// A video.
#[derive(Clone, Debug, PartialEq)]
pub struct Video {
    /// Its row.
    pub id: i64,
    /// By which people ask for it.
    pub number: String,
    /// Whether a still and something to play are there.
    pub published: bool,
    /// What editors say of it.
    pub metadata: Value,
    /// Until when it is shown to nobody.
    pub embargo_until: Option<i64>,
    /// Of the original.
    pub sha256: String,
    /// What it was called when it came.
    pub file_name: String,
    /// When it came.
    pub created_at: i64,
    /// When something of it last changed.
    pub changed_at: i64,
    /// When it was published.
    pub published_at: Option<i64>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<i64>,
    /// Why.
    pub withdrawn_why: String,
}

impl Video {
    /// Whether visitors see it.
    #[must_use]
    pub fn visible(&self, now: i64) -> bool {
        self.published && self.withdrawn_at.is_none() && self.embargo_until.is_none_or(|until| until <= now)
    }
}

pub(super) type VideoRow =
    (i64, String, String, Json<Value>, Option<i64>, String, String, i64, i64, Option<i64>, Option<i64>, String);

impl From<VideoRow> for Video {
    fn from(
        (
            id,
            number,
            state,
            metadata,
            embargo_until,
            sha256,
            file_name,
            created_at,
            changed_at,
            published_at,
            withdrawn_at,
            withdrawn_why,
        ): VideoRow,
    ) -> Self {
        let (published, Json(metadata)) = (state == "published", metadata);
        Video {
            id,
            number,
            published,
            metadata,
            embargo_until,
            sha256,
            file_name,
            created_at,
            changed_at,
            published_at,
            withdrawn_at,
            withdrawn_why,
        }
    }
}

/// A file of a video as it can be handed out.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoFile {
    /// What it is for: `original`, `1080p`, `720p`, `proxy`, `still`, `thumbnail`, `storyboard`, `storyboard-index`,
    /// `waveform`, `captions-fr` …
    pub role: String,
    /// Its name in the vault.
    pub sha256: Sha256,
    /// Its length.
    pub bytes: u64,
    /// Its media type.
    pub media_type: String,
    /// The packed index, where it can be cut by it.
    pub index: Option<Sha256>,
    /// What it holds: size, rate, codecs, length; of captions the language.
    pub details: Value,
}

type FileRow = (String, String, i64, String, Option<String>, Json<Value>);

impl VideoFile {
    fn of((role, sha256, bytes, media_type, index, Json(details)): FileRow) -> Result<Self, StoreError> {
        let hash = |text: String| text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)));
        Ok(VideoFile {
            role,
            sha256: hash(sha256)?,
            bytes: bytes.unsigned_abs(),
            media_type,
            index: index.map(hash).transpose()?,
            details,
        })
    }
}

/// A video to be added.
pub struct NewVideo<'a> {
    /// The number that editors gave it.
    pub number: Option<&'a Number>,
    /// What they say of it.
    pub metadata: &'a Value,
    /// Until when it is shown to nobody.
    pub embargo_until: Option<i64>,
    /// What its file is called.
    pub file_name: &'a str,
    /// The original, and what else is there from the beginning.
    pub files: &'a [VideoFile],
    /// What is to be done, each with its priority: the lower, the sooner.
    pub steps: &'a [(String, i64)],
    /// When it comes.
    pub now: i64,
}

/// What came of adding a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is there now, under that number.
    New(i64, String),
    /// Its file was taken in before, as that video.
    Known(i64),
    /// Another video has its number.
    NumberTaken,
}

/// A step that a worker has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The video it is for.
    pub video: i64,
    /// What is to be done.
    pub step: String,
    /// Who has it.
    pub holder: String,
    /// How often it was taken, this time included.
    pub attempts: i64,
}

/// A step as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// What is to be done.
    pub step: String,
    /// `queued`, `done` or `dead`.
    pub state: String,
    /// How often it was taken.
    pub attempts: i64,
    /// When it may be taken next; while it is worked on, when the lease ends.
    pub due_at: i64,
    /// Who has it; empty when nobody has.
    pub holder: String,
    /// Of a thousand.
    pub progress: i64,
    /// Why it last failed.
    pub why: String,
}

type WorkRow = (String, String, i64, i64, String, i64, String);

impl From<WorkRow> for Work {
    fn from((step, state, attempts, due_at, holder, progress, why): WorkRow) -> Self {
        Work { step, state, attempts, due_at, holder, progress, why }
    }
}

/// The statement with the columns of a [`Video`].
macro_rules! video {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, state, metadata, embargo_until, sha256, file_name, created_at, changed_at, \
             published_at, withdrawn_at, withdrawn_why FROM videos ",
            $rest
        )
    };
}
pub(super) use video;

impl Tx {
    /// Adds a video with its first files and what is to be done for it. The original is among the files.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn add_video(&mut self, new: &NewVideo<'_>) -> Result<Added, StoreError> {
        // Until its row has told which it is, a video without a number goes by its hash.
        const ADD: &str = "INSERT INTO videos (number, metadata, embargo_until, sha256, file_name, created_at, changed_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING RETURNING id";
        const KNOWN: &str = "SELECT id FROM videos WHERE sha256 = $1";
        const NUMBER: &str = "UPDATE videos SET number = $2 WHERE id = $1";
        const HERE_AGAIN: &str = "DELETE FROM deleted_videos WHERE sha256 = $1";
        let original = new.files.iter().find(|file| file.role == "original");
        let sha256 = original.map(|file| file.sha256.to_string()).unwrap_or_default();
        let number = new.number.map_or(sha256.as_str(), Number::as_str);
        let added: Option<i64> = in_tx!(self, c => {
            let query = sqlx::query_scalar(ADD).bind(number).bind(Json(new.metadata)).bind(new.embargo_until);
            query.bind(&sha256).bind(new.file_name).bind(new.now).fetch_optional(c).await?
        });
        let Some(id) = added else {
            let known: Option<i64> =
                in_tx!(self, c => sqlx::query_scalar(KNOWN).bind(&sha256).fetch_optional(c).await?);
            return Ok(known.map_or(Added::NumberTaken, Added::Known));
        };
        in_tx!(self, c => { sqlx::query(HERE_AGAIN).bind(&sha256).execute(c).await?; });
        let number = match new.number {
            Some(number) => number.clone(),
            None => {
                let number = Number::given(id);
                in_tx!(self, c => { sqlx::query(NUMBER).bind(id).bind(number.as_str()).execute(c).await?; });
                number
            }
        };
        for file in new.files {
            self.put_video_file(id, file, new.now).await?;
        }
        for (step, priority) in new.steps {
            self.queue_video_work(id, step, *priority, new.now).await?;
        }
        Ok(Added::New(id, number.to_string()))
    }

    /// A file of a video; in the place of the one that had its role.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn put_video_file(&mut self, video: i64, file: &VideoFile, now: i64) -> Result<(), StoreError> {
        const PUT: &str = "INSERT INTO video_files \
                           (video_id, role, sha256, bytes, media_type, index_sha256, details, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (video_id, role) DO UPDATE SET \
                           sha256 = excluded.sha256, bytes = excluded.bytes, media_type = excluded.media_type, \
                           index_sha256 = excluded.index_sha256, details = excluded.details, \
                           created_at = excluded.created_at";
        const CHANGED: &str = "UPDATE videos SET changed_at = $2 WHERE id = $1";
        let bytes = i64::try_from(file.bytes).unwrap_or(i64::MAX);
        in_tx!(self, c => {
            let query = sqlx::query(PUT).bind(video).bind(&file.role).bind(file.sha256.to_string()).bind(bytes);
            let query = query.bind(&file.media_type).bind(file.index.map(|index| index.to_string()));
            query.bind(Json(&file.details)).bind(now).execute(c).await?;
        });
        in_tx!(self, c => { sqlx::query(CHANGED).bind(video).bind(now).execute(c).await?; });
        Ok(())
    }

    /// Something to be done for a video. What is done or under way stays so; what failed is tried anew, and at once.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn queue_video_work(
        &mut self,
        video: i64,
        step: &str,
        priority: i64,
        now: i64,
    ) -> Result<(), StoreError> {
        const QUEUE: &str = "INSERT INTO video_work (video_id, step, priority, due_at, changed_at) \
                             VALUES ($1, $2, $3, $4, $4) ON CONFLICT (video_id, step) DO UPDATE SET \
                             state = 'queued', attempts = 0, due_at = excluded.due_at, holder = '', progress = 0, \
                             why = '', changed_at = excluded.changed_at \
                             WHERE video_work.state = 'dead' OR (video_work.state = 'queued' AND video_work.holder = '')";
        in_tx!(self, c => {
            sqlx::query(QUEUE).bind(video).bind(step).bind(priority).bind(now).execute(c).await?;
        });
        Ok(())
    }

    /// A step is done, if whoever says so still has it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn video_work_done(&mut self, claim: &Claim, now: i64) -> Result<bool, StoreError> {
        const DONE: &str = "UPDATE video_work SET state = 'done', progress = 1000, holder = '', why = '', changed_at = $5 \
                            WHERE video_id = $1 AND step = $2 AND holder = $3 AND attempts = $4 AND state = 'queued'";
        Ok(in_tx!(self, c => {
            let query = sqlx::query(DONE).bind(claim.video).bind(&claim.step).bind(&claim.holder).bind(claim.attempts);
            query.bind(now).execute(c).await?.rows_affected() == 1
        }))
    }

    /// Publishes a video, if a still and something to play are there and it is not published yet.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn publish_video(&mut self, video: i64, now: i64) -> Result<bool, StoreError> {
        const PUBLISH: &str = "UPDATE videos SET state = 'published', published_at = $2, changed_at = $2 \
                               WHERE id = $1 AND state = 'incoming' \
                               AND EXISTS (SELECT 1 FROM video_files WHERE video_id = $1 AND role = 'still') \
                               AND EXISTS (SELECT 1 FROM video_files WHERE video_id = $1 AND role <> 'original' \
                               AND media_type = 'video/mp4')";
        Ok(in_tx!(self, c => sqlx::query(PUBLISH).bind(video).bind(now).execute(c).await?.rows_affected() == 1))
    }

    /// Says something else of a video. `false` where another one has that number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn edit_video(
        &mut self,
        video: i64,
        number: &str,
        metadata: &Value,
        embargo_until: Option<i64>,
        now: i64,
    ) -> Result<bool, StoreError> {
        const EDIT: &str = "UPDATE videos SET number = $2, metadata = $3, embargo_until = $4, changed_at = $5 \
                            WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM videos WHERE number = $2 AND id <> $1)";
        Ok(in_tx!(self, c => {
            let query = sqlx::query(EDIT).bind(video).bind(number).bind(Json(metadata)).bind(embargo_until).bind(now);
            query.execute(c).await?.rows_affected() == 1
        }))
    }

    /// Removes a video with its clips and all rows that hang on it, and remembers that it was there. The files of the
    /// vault that nothing needs any more.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_video(&mut self, video: i64, now: i64) -> Result<Vec<Sha256>, StoreError> {
        // One that is being made is swept away when its time is over.
        const CLIPS: &str = "DELETE FROM clips WHERE video_id = $1 AND state <> 'queued'";
        const REMEMBER: &str = "INSERT INTO deleted_videos (sha256, number, deleted_at) \
                                SELECT sha256, number, $2 FROM videos WHERE id = $1 ON CONFLICT DO NOTHING";
        const NAMED: &str = "SELECT sha256 FROM video_files WHERE video_id = $1 UNION \
                             SELECT index_sha256 FROM video_files WHERE video_id = $1 AND index_sha256 IS NOT NULL \
                             UNION SELECT sha256 FROM clips WHERE video_id = $1 AND sha256 IS NOT NULL";
        const DELETE: &str = "DELETE FROM videos WHERE id = $1";
        let named: Vec<String> = in_tx!(self, c => sqlx::query_scalar(NAMED).bind(video).fetch_all(c).await?);
        in_tx!(self, c => { sqlx::query(REMEMBER).bind(video).bind(now).execute(c).await?; });
        in_tx!(self, c => { sqlx::query(CLIPS).bind(video).execute(c).await?; });
        in_tx!(self, c => { sqlx::query(DELETE).bind(video).execute(c).await?; });
        self.unneeded(named.iter().filter_map(|name| name.parse().ok())).await
    }

    /// Withdraws a video, or shows it again where `why` is none. `false` where it was so already.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn withdraw_video(&mut self, video: i64, why: Option<&str>, now: i64) -> Result<bool, StoreError> {
        const WITHDRAW: &str = "UPDATE videos SET withdrawn_at = $2, withdrawn_why = $3, changed_at = $2 \
                                WHERE id = $1 AND withdrawn_at IS NULL";
        const RESTORE: &str = "UPDATE videos SET withdrawn_at = NULL, withdrawn_why = $3, changed_at = $2 \
                               WHERE id = $1 AND withdrawn_at IS NOT NULL";
        let statement = if why.is_some() { WITHDRAW } else { RESTORE };
        Ok(in_tx!(self, c => {
            let query = sqlx::query(statement).bind(video).bind(now).bind(why.unwrap_or_default());
            query.execute(c).await?.rows_affected() == 1
        }))
    }

    /// Those of these files that no video needs, and no clip.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn unneeded(&mut self, files: impl IntoIterator<Item = Sha256>) -> Result<Vec<Sha256>, StoreError> {
        const NEEDED: &str = "SELECT (SELECT count(*) FROM video_files WHERE sha256 = $1 OR index_sha256 = $1) \
                              + (SELECT count(*) FROM clips WHERE sha256 = $1)";
        let mut unneeded = Vec::new();
        for file in files {
            let name = file.to_string();
            let needed: i64 = in_tx!(self, c => sqlx::query_scalar(NEEDED).bind(&name).fetch_one(c).await?);
            if needed == 0 {
                unneeded.push(file);
            }
        }
        Ok(unneeded)
    }
}

impl Store {
    /// The video with that number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn video(&self, number: &str) -> Result<Option<Video>, StoreError> {
        const ONE: &str = video!("WHERE number = $1");
        Ok(on_either!(self, pool => {
            sqlx::query_as::<_, VideoRow>(ONE).bind(number).fetch_optional(pool).await?.map(Video::from)
        }))
    }

    /// The video of that row.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn video_of(&self, id: i64) -> Result<Option<Video>, StoreError> {
        const ONE: &str = video!("WHERE id = $1");
        Ok(on_either!(self, pool => {
            sqlx::query_as::<_, VideoRow>(ONE).bind(id).fetch_optional(pool).await?.map(Video::from)
        }))
    }

    /// The video whose original that is.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn video_with(&self, original: &Sha256) -> Result<Option<Video>, StoreError> {
        const ONE: &str = video!("WHERE sha256 = $1");
        let name = original.to_string();
        Ok(on_either!(self, pool => {
            sqlx::query_as::<_, VideoRow>(ONE).bind(&name).fetch_optional(pool).await?.map(Video::from)
        }))
    }

    /// The number of the video that was deleted and had this original, unless it has come again.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn deleted_video(&self, original: &Sha256) -> Result<Option<String>, StoreError> {
        const ONE: &str = "SELECT number FROM deleted_videos WHERE sha256 = $1";
        let name = original.to_string();
        Ok(on_either!(self, pool => sqlx::query_scalar(ONE).bind(&name).fetch_optional(pool).await?))
    }

    /// All files of the vault that a row names: of videos, their indexes, clips.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn named_files(&self) -> Result<HashSet<Sha256>, StoreError> {
        const NAMED: &str = "SELECT sha256 FROM video_files UNION \
                             SELECT index_sha256 FROM video_files WHERE index_sha256 IS NOT NULL UNION \
                             SELECT sha256 FROM clips WHERE sha256 IS NOT NULL";
        let named: Vec<String> = on_either!(self, pool => sqlx::query_scalar(NAMED).fetch_all(pool).await?);
        Ok(named.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// Videos, the newest first; those that came before the row `before`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn videos(&self, before: i64, limit: i64) -> Result<Vec<Video>, StoreError> {
        const SOME: &str = video!("WHERE id < $1 ORDER BY id DESC LIMIT $2");
        Ok(on_either!(self, pool => {
            let rows = sqlx::query_as::<_, VideoRow>(SOME).bind(before).bind(limit).fetch_all(pool).await?;
            rows.into_iter().map(Video::from).collect()
        }))
    }

    /// The files of a video, by role.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn video_files(&self, video: i64) -> Result<Vec<VideoFile>, StoreError> {
        const FILES: &str = "SELECT role, sha256, bytes, media_type, index_sha256, details FROM video_files \
                             WHERE video_id = $1 ORDER BY role";
        let rows: Vec<FileRow> = on_either!(self, pool => sqlx::query_as(FILES).bind(video).fetch_all(pool).await?);
        rows.into_iter().map(VideoFile::of).collect()
    }

    /// What is to be done for a video and what was, in the order in which it is done.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn video_work(&self, video: i64) -> Result<Vec<Work>, StoreError> {
        const WORK: &str = "SELECT step, state, attempts, due_at, holder, progress, why FROM video_work \
                            WHERE video_id = $1 ORDER BY priority, step";
        Ok(on_either!(self, pool => {
            let rows = sqlx::query_as::<_, WorkRow>(WORK).bind(video).fetch_all(pool).await?;
            rows.into_iter().map(Work::from).collect()
        }))
    }

    /// Takes the most urgent step that is due, of all videos or of one, until `lease_until`: who has not prolonged that
    /// by then has died, and another may take it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn claim_video_work(
        &self,
        of: Option<i64>,
        holder: &str,
        now: i64,
        lease_until: i64,
    ) -> Result<Option<Claim>, StoreError> {
        macro_rules! claim {
            ($locking:literal) => {
                concat!(
                    "UPDATE video_work SET due_at = $2, holder = $3, attempts = attempts + 1, progress = 0, \
                     changed_at = $1 WHERE (video_id, step) = (SELECT video_id, step FROM video_work \
                     WHERE state = 'queued' AND due_at <= $1 AND ($4 = 0 OR video_id = $4) \
                     ORDER BY priority, video_id, due_at, step LIMIT 1",
                    $locking,
                    ") RETURNING video_id, step, holder, attempts"
                )
            };
        }
        let of = of.unwrap_or(0);
        let taken: Option<(i64, String, String, i64)> = match self {
            Store::Sqlite { writer: pool, .. } => {
                let query = sqlx::query_as(claim!("")).bind(now).bind(lease_until).bind(holder).bind(of);
                query.fetch_optional(pool).await?
            }
            Store::Postgres(pool) => {
                let query = sqlx::query_as(claim!(" FOR UPDATE SKIP LOCKED"));
                query.bind(now).bind(lease_until).bind(holder).bind(of).fetch_optional(pool).await?
            }
        };
        Ok(taken.map(|(video, step, holder, attempts)| Claim { video, step, holder, attempts }))
    }

    /// Says how far a step has come and prolongs its lease. `false` where it is not this worker's any more.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn video_work_goes_on(
        &self,
        claim: &Claim,
        progress: i64,
        now: i64,
        lease_until: i64,
    ) -> Result<bool, StoreError> {
        const GO_ON: &str = "UPDATE video_work SET progress = $5, changed_at = $6, due_at = $7 \
                             WHERE video_id = $1 AND step = $2 AND holder = $3 AND attempts = $4 AND state = 'queued'";
        Ok(on_writer!(self, pool => {
            let query = sqlx::query(GO_ON).bind(claim.video).bind(&claim.step).bind(&claim.holder).bind(claim.attempts);
            query.bind(progress).bind(now).bind(lease_until).execute(pool).await?.rows_affected() == 1
        }))
    }

    /// A step failed, and is to be tried again at `due_at`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn video_work_later(&self, claim: &Claim, due_at: i64, why: &str, now: i64) -> Result<(), StoreError> {
        self.end_claim(claim, "queued", due_at, why, now).await
    }

    /// A step failed for good.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn video_work_dead(&self, claim: &Claim, why: &str, now: i64) -> Result<(), StoreError> {
        self.end_claim(claim, "dead", now, why, now).await
    }

    async fn end_claim(&self, claim: &Claim, state: &str, due_at: i64, why: &str, now: i64) -> Result<(), StoreError> {
        const END: &str = "UPDATE video_work SET state = $5, due_at = $6, why = $7, changed_at = $8, holder = '', \
                           progress = 0 \
                           WHERE video_id = $1 AND step = $2 AND holder = $3 AND attempts = $4 AND state = 'queued'";
        on_writer!(self, pool => {
            let query = sqlx::query(END).bind(claim.video).bind(&claim.step).bind(&claim.holder).bind(claim.attempts);
            query.bind(state).bind(due_at).bind(why).bind(now).execute(pool).await?;
        });
        Ok(())
    }

    /// Gives a step back that was not come to an end with, as whoever has it stops: it is due at once, and the try does
    /// not count.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn give_back_video_work(&self, claim: &Claim, now: i64) -> Result<(), StoreError> {
        const BACK: &str = "UPDATE video_work SET due_at = $5, changed_at = $5, holder = '', progress = 0, \
                            attempts = attempts - 1 \
                            WHERE video_id = $1 AND step = $2 AND holder = $3 AND attempts = $4 AND state = 'queued'";
        on_writer!(self, pool => {
            let query = sqlx::query(BACK).bind(claim.video).bind(&claim.step).bind(&claim.holder).bind(claim.attempts);
            query.bind(now).execute(pool).await?;
        });
        Ok(())
    }

    /// Gives back all that somebody had who has died, steps and clips: it is due at once. How much there was.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn release_work(&self, holder: &str, now: i64) -> Result<u64, StoreError> {
        const STEPS: &str = "UPDATE video_work SET due_at = $2, changed_at = $2, holder = '', progress = 0 \
                             WHERE holder = $1 AND state = 'queued'";
        const CLIPS: &str = "UPDATE clips SET due_at = $2, holder = '', progress = 0 \
                             WHERE holder = $1 AND state = 'queued'";
        Ok(on_writer!(self, pool => {
            let steps = sqlx::query(STEPS).bind(holder).bind(now).execute(pool).await?.rows_affected();
            steps + sqlx::query(CLIPS).bind(holder).bind(now).execute(pool).await?.rows_affected()
        }))
    }
}
