//! Who took what, under which terms, and how much of it may still be taken.

use super::{Inner, Store, StoreError, Tx, budgets::Spend, in_tx, on_either};
use clip::Frames;
use std::collections::HashMap;

/// A part of a film, by its frames and as people write them: `10:00:02:23`, `f73`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The first frame kept, and the first no longer kept.
    pub frames: Frames,
    /// The first of them.
    pub from: String,
    /// The second.
    pub to: String,
}

/// What is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct What {
    /// The video's row.
    pub video: i64,
    /// Its number.
    pub number: String,
    /// In which form.
    pub rendition: String,
    /// The part, or all of it.
    pub part: Option<Part>,
    /// `whole`, `instant` or `edit-safe`.
    pub route: &'static str,
    /// How many bytes it has.
    pub bytes: u64,
}

/// A request for something that is taken.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Who takes it.
    pub account_id: &'a str,
    /// What.
    pub what: &'a What,
    /// The wording of the terms that is in force.
    pub terms: &'a str,
    /// Whether it is not for its first bytes.
    pub resumes: bool,
    /// What beginning costs.
    pub downloads: Spend<'a>,
    /// What the bytes asked for cost.
    pub bytes: Spend<'a>,
    /// What was last asked for before is begun anew.
    pub since: i64,
    /// Now.
    pub now: i64,
}

/// What is paid out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Downloads begun.
    Downloads,
    /// Bytes.
    Bytes,
}

/// What came of asking to take something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It may be taken; the row in which it stands.
    Granted(i64),
    /// That budget has no more, since then.
    Spent(Budget, i64),
    /// The video was withdrawn, or the account deleted, in between.
    Gone,
}

/// Something that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Its row: the higher, the later.
    pub id: i64,
    /// By whom.
    pub account_id: String,
    /// The video's number, then.
    pub number: String,
    /// In which form.
    pub rendition: String,
    /// `whole`, `instant` or `edit-safe`.
    pub route: String,
    /// The part, or all of it.
    pub part: Option<Part>,
    /// How many bytes all of it has.
    pub bytes: i64,
    /// How many were handed over.
    pub sent: i64,
    /// The wording of the terms that was in force.
    pub terms: String,
    /// When it began.
    pub began_at: i64,
    /// The video's row.
    pub video: i64,
}

type Row = (i64, String, i64, String, String, String, Option<i64>, Option<i64>, String, String, i64, i64, String, i64);

impl From<Row> for Download {
    fn from(row: Row) -> Self {
        let (id, account_id, video, number, rendition, route, start, end, from, to, bytes, sent, terms, began_at) = row;
        let frame = |frame: i64| u32::try_from(frame).ok();
        let frames = start.and_then(frame).zip(end.and_then(frame));
        let part = frames.map(|(start, end)| Part { frames: start..end, from, to });
        Download { id, account_id, number, rendition, route, part, bytes, sent, terms, began_at, video }
    }
}

/// Something that was taken, and where its taker is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What.
    pub download: Download,
    /// The taker's address.
    pub email: String,
    /// The language of the taker's letters.
    pub lang: String,
}

/// That an account has accepted a wording of the terms.
#[derive(Clone, Debug)]
pub struct Acceptance<'a> {
    /// Whose.
    pub account_id: &'a str,
    /// Which wording.
    pub version: &'a str,
    /// When.
    pub at: i64,
    /// In which language it was read.
    pub lang: &'a str,
    /// From which network.
    pub network: &'a str,
}

/// The statement with the columns of a [`Download`].
macro_rules! download {
    ($rest:literal) => {
        concat!(
            "SELECT id, account_id, video_id, number, rendition, route, from_frame, to_frame, from_point, to_point, \
             bytes, sent, terms, began_at FROM downloads ",
            $rest
        )
    };
}

/// Frames as a row has them; of all of a film none.
fn frames(part: Option<&Part>) -> (Option<i64>, Option<i64>) {
    part.map(|part| (i64::from(part.frames.start), i64::from(part.frames.end))).unzip()
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

impl Store {
    /// Begins to hand something over, and pays for it; or goes on with what was begun and of which not all was handed
    /// over: that costs nothing, but counts. All of it together or nothing, whoever asks at once.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn begin_download(&self, wanted: &Wanted<'_>) -> Result<Begun, StoreError> {
        let begun = self.begin_downloads(std::slice::from_ref(wanted)).await?;
        Ok(begun.into_iter().next().unwrap_or(Begun::Gone))
    }

    /// Begins several at once, as [`Store::begin_download`] does one: all of them, or none and why as the only answer.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn begin_downloads(&self, wanted: &[Wanted<'_>]) -> Result<Vec<Begun>, StoreError> {
        let mut tx = self.begin().await?;
        let mut begun = Vec::new();
        for one in wanted {
            match tx.begin_download(one).await? {
                Ok(id) => begun.push(Begun::Granted(id)),
                Err(None) => return Ok(vec![Begun::Gone]),
                Err(Some((budget, spend))) => {
                    drop(tx);
                    let since = self.spent(one.now, &[spend]).await?.map_or(one.now, |(_, since)| since);
                    return Ok(vec![Begun::Spent(budget, since)]);
                }
            }
        }
        tx.commit().await?;
        Ok(begun)
    }

    /// So many bytes of it were handed over; those that were not are given back to the budget `key`, if it is still the
    /// one they were taken from at `began`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_download(
        &self,
        id: i64,
        sent: u64,
        (key, unsent): (&str, u64),
        (began, now): (i64, i64),
    ) -> Result<(), StoreError> {
        const SENT: &str = "UPDATE downloads SET sent = sent + $2, touched_at = $3 WHERE id = $1";
        const BACK: &str = "UPDATE attempts SET count = count - $2 WHERE key = $1 AND count >= $2 AND since <= $3";
        let mut tx = self.begin().await?;
        in_tx!(tx, c => {
            sqlx::query(SENT).bind(id).bind(signed(sent)).bind(now).execute(&mut *c).await?;
            if unsent > 0 {
                sqlx::query(BACK).bind(key).bind(signed(unsent)).bind(began).execute(c).await?;
            }
        });
        tx.commit().await
    }

    /// What an account took, the last first; before the row `before`, at most `limit`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn downloads_of(&self, account_id: &str, before: i64, limit: i64) -> Result<Vec<Download>, StoreError> {
        const SOME: &str = download!("WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
        Ok(on_either!(self, pool => {
            let query = sqlx::query_as::<_, Row>(SOME).bind(account_id).bind(before).bind(limit);
            query.fetch_all(pool).await?.into_iter().map(Download::from).collect()
        }))
    }

    /// When an account accepted that wording of the terms.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn accepted(&self, account_id: &str, version: &str) -> Result<Option<i64>, StoreError> {
        const WHEN: &str = "SELECT at FROM acceptances WHERE account_id = $1 AND version = $2";
        Ok(on_either!(self, pool => {
            sqlx::query_scalar(WHEN).bind(account_id).bind(version).fetch_optional(pool).await?
        }))
    }

    /// Notes that an account waits for a clip, if it waits for fewer than `most` others that are being made. Whether it
    /// may; of many at once no more may.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn wait_for_clip(&self, account_id: &str, clip: &str, most: i64, now: i64) -> Result<bool, StoreError> {
        const WAITS: &str = "SELECT count(*) FROM clip_wishes w JOIN clips c ON c.id = w.clip_id \
                             WHERE w.account_id = $1 AND w.clip_id <> $2 AND c.state = 'queued'";
        const WAIT: &str = "INSERT INTO clip_wishes (clip_id, account_id, at) VALUES ($2, $1, $3) \
                            ON CONFLICT (account_id, clip_id) DO UPDATE SET at = excluded.at";
        let mut tx = self.begin().await?;
        if !tx.hold_account(account_id).await? {
            return Ok(false);
        }
        let waits: i64 = in_tx!(tx, c => sqlx::query_scalar(WAITS).bind(account_id).bind(clip).fetch_one(c).await?);
        if waits >= most {
            return Ok(false);
        }
        in_tx!(tx, c => { sqlx::query(WAIT).bind(account_id).bind(clip).bind(now).execute(c).await?; });
        tx.commit().await?;
        Ok(true)
    }
}

impl Tx {
    /// The row of a download, begun or gone on with; else what has no more for it, none where there is nothing to take.
    async fn begin_download<'a>(
        &mut self,
        wanted: &Wanted<'a>,
    ) -> Result<Result<i64, Option<(Budget, Spend<'a>)>>, StoreError> {
        const OPEN: &str = "UPDATE downloads SET touched_at = $6 WHERE id = (SELECT max(id) FROM downloads \
                            WHERE account_id = $1 AND video_id = $2 AND rendition = $3 \
                            AND COALESCE(from_frame, -1) = $4 AND COALESCE(to_frame, -1) = $5 AND route = $7 \
                            AND bytes = $8) AND touched_at > $9 AND sent < bytes * $10 RETURNING id";
        const BEGIN: &str = "INSERT INTO downloads (account_id, video_id, number, rendition, route, from_frame, to_frame, \
                             from_point, to_point, bytes, terms, began_at, touched_at) \
                             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) RETURNING id";
        let Wanted { account_id, what, terms, resumes, since, now, .. } = *wanted;
        if !self.hold(account_id, what.video).await? {
            return Ok(Err(None));
        }
        let (from, to) = frames(what.part.as_ref());
        let bytes = signed(what.bytes);
        // What broke off was handed to the line before: more than all of it may be asked for until all has arrived.
        let times: i64 = if resumes { 2 } else { 1 };
        let open: Option<i64> = in_tx!(self, c => {
            let query = sqlx::query_scalar(OPEN).bind(account_id).bind(what.video).bind(&what.rendition);
            let query = query.bind(from.unwrap_or(-1)).bind(to.unwrap_or(-1)).bind(now).bind(what.route).bind(bytes);
            query.bind(since).bind(times).fetch_optional(c).await?
        });
        let spends = match open {
            // Who goes on has paid; what is handed over is counted all the same.
            Some(_) => vec![(Budget::Bytes, Spend { limit: i64::MAX, ..wanted.bytes })],
            None => vec![(Budget::Downloads, wanted.downloads), (Budget::Bytes, wanted.bytes)],
        };
        let costs: Vec<_> = spends.iter().map(|(_, spend)| *spend).collect();
        if let Some(at) = self.spend_all(now, &costs).await? {
            return Ok(Err(Some(spends[at])));
        }
        if let Some(id) = open {
            return Ok(Ok(id));
        }
        Ok(Ok(in_tx!(self, c => {
            let (start, end) = what.part.as_ref().map_or(("", ""), |part| (&part.from, &part.to));
            let query = sqlx::query_scalar(BEGIN).bind(account_id).bind(what.video).bind(&what.number);
            let query = query.bind(&what.rendition).bind(what.route).bind(from).bind(to).bind(start).bind(end);
            query.bind(bytes).bind(terms).bind(now).fetch_one(c).await?
        })))
    }

    /// Holds an account until the transaction ends. Whether it is there.
    async fn hold_account(&mut self, account_id: &str) -> Result<bool, StoreError> {
        const THERE: &str = "SELECT 1 FROM accounts WHERE id = $1";
        const HELD: &str = "SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE";
        // SQLite's transactions have the whole database for themselves.
        let sql = if matches!(self.0, Inner::Sqlite(_)) { THERE } else { HELD };
        Ok(in_tx!(self, c => sqlx::query(sql).bind(account_id).fetch_optional(c).await?.is_some()))
    }

    /// Holds an account, and keeps a video from being withdrawn, until the transaction ends. Whether both are there.
    async fn hold(&mut self, account_id: &str, video: i64) -> Result<bool, StoreError> {
        const THERE: &str = "SELECT 1 FROM videos WHERE id = $1 AND withdrawn_at IS NULL";
        const HELD: &str = "SELECT 1 FROM videos WHERE id = $1 AND withdrawn_at IS NULL FOR SHARE";
        let sql = if matches!(self.0, Inner::Sqlite(_)) { THERE } else { HELD };
        Ok(self.hold_account(account_id).await?
            && in_tx!(self, c => sqlx::query(sql).bind(video).fetch_optional(c).await?.is_some()))
    }

    /// Keeps that an account accepts a wording of the terms. Who accepts twice keeps the day of the first; whether this
    /// is the first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn accept_terms(&mut self, acceptance: &Acceptance<'_>) -> Result<bool, StoreError> {
        const ACCEPT: &str = "INSERT INTO acceptances (account_id, version, at, lang, network) \
                              VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id, version) DO NOTHING";
        let a = acceptance;
        Ok(in_tx!(self, c => {
            let query = sqlx::query(ACCEPT).bind(a.account_id).bind(a.version).bind(a.at).bind(a.lang);
            query.bind(a.network).execute(c).await?.rows_affected() == 1
        }))
    }

    /// What was taken of a video, by account and in the order in which it was. After [`Tx::withdraw_video`] nothing is
    /// added to it any more.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn taken_of(&mut self, video: i64) -> Result<Vec<Taken>, StoreError> {
        const ALL: &str = download!("WHERE video_id = $1 ORDER BY account_id, id");
        const WHO: &str = "SELECT id, email, lang FROM accounts \
                           WHERE id IN (SELECT account_id FROM downloads WHERE video_id = $1)";
        type Who = (String, String, String);
        let (rows, who): (Vec<Row>, Vec<Who>) = in_tx!(self, c => (
            sqlx::query_as(ALL).bind(video).fetch_all(&mut *c).await?,
            sqlx::query_as(WHO).bind(video).fetch_all(c).await?,
        ));
        let who: HashMap<String, (String, String)> =
            who.into_iter().map(|(id, email, lang)| (id, (email, lang))).collect();
        let with_taker = |row| {
            let download = Download::from(row);
            // Who is no account any more is written to no more.
            let (email, lang) = who.get(&download.account_id)?.clone();
            Some(Taken { download, email, lang })
        };
        Ok(rows.into_iter().filter_map(with_taker).collect())
    }
}
