//! What is found in the library: cards of videos, their words, and which videos have changed since they were written.
//!
//! Triggers note each change of a video in the transaction that makes it. Whoever comes first writes its card and its
//! words anew; every instance reads what was written since it last looked.

use super::{Inner, Store, StoreError, Tx, in_tx, on_either};
use serde_json::Value;
use sqlx::types::Json;
use std::collections::BTreeSet;

/// Words of a video, by what they stand in: folded words and stems, between spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Of its titles.
    pub title: String,
    /// Of its shotlist.
    pub shots: String,
    /// Of its storylines.
    pub story: String,
    /// Of the rest: keywords, persons, captions.
    pub other: String,
}

/// Videos in which all that was looked for is found.
#[derive(Clone, Debug, PartialEq)]
pub enum Answers {
    /// With how well they answer: the higher, the better.
    Few(Vec<(i64, f64)>),
    /// So many that weighing each would take longer than anyone waits, and tell little: words that thousands of videos
    /// have say nothing of one.
    Many {
        /// All of them.
        all: Vec<i64>,
        /// Those that have it in their titles.
        titled: Vec<i64>,
    },
}

/// Videos whose answers are weighed one by one.
const FEW: usize = 1000;

/// What is looked for: each group must be found, any word of a group will do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Folded words and stems.
    pub groups: Vec<Vec<String>>,
    /// Whether the first word of the last group may go on.
    pub open: bool,
}

impl Wanted {
    /// Only what both engines read as one word is asked for.
    fn groups(&self) -> impl Iterator<Item = (bool, Vec<&str>)> {
        let last = self.groups.len().saturating_sub(1);
        self.groups.iter().enumerate().map(move |(nth, group)| {
            let plain = |word: &&String| !word.is_empty() && word.chars().all(char::is_alphanumeric);
            (self.open && nth == last, group.iter().filter(plain).map(String::as_str).collect())
        })
    }

    /// As FTS5 reads it.
    fn fts5(&self) -> String {
        let group = |(open, words): (bool, Vec<&str>)| {
            let word = |(nth, word)| if open && nth == 0 { format!("\"{word}\" *") } else { format!("\"{word}\"") };
            format!("({})", words.iter().enumerate().map(word).collect::<Vec<_>>().join(" OR "))
        };
        self.groups().map(group).collect::<Vec<_>>().join(" AND ")
    }

    /// As `to_tsquery` reads it.
    fn tsquery(&self) -> String {
        let group = |(open, words): (bool, Vec<&str>)| {
            let word = |(nth, word)| if open && nth == 0 { format!("'{word}':*") } else { format!("'{word}'") };
            format!("({})", words.iter().enumerate().map(word).collect::<Vec<_>>().join(" | "))
        };
        self.groups().map(group).collect::<Vec<_>>().join(" & ")
    }
}

impl Tx {
    /// The number of the change that is being written. Until the end of the transaction nobody else writes one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn next_library_revision(&mut self) -> Result<i64, StoreError> {
        const NEXT: &str = "UPDATE library_state SET revision = revision + 1 WHERE id = 1 RETURNING revision";
        Ok(in_tx!(self, c => sqlx::query_scalar(NEXT).fetch_one(c).await?))
    }

    /// Takes notes of changes away, the oldest first, and tells which videos they are about. Whoever looks at a video
    /// afterwards sees what was noted.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn take_stale_videos(&mut self, most: i64) -> Result<BTreeSet<i64>, StoreError> {
        const TAKE: &str = "DELETE FROM library_stale WHERE id IN (SELECT id FROM library_stale ORDER BY id LIMIT $1) \
                            RETURNING video_id";
        let videos: Vec<i64> = in_tx!(self, c => sqlx::query_scalar(TAKE).bind(most).fetch_all(c).await?);
        Ok(videos.into_iter().collect())
    }

    /// Writes what lists show of a video and what it is found by; nothing where it is not shown.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn write_card(
        &mut self,
        video: i64,
        revision: i64,
        shown: Option<(&Value, &Texts)>,
    ) -> Result<(), StoreError> {
        const CARD: &str = "INSERT INTO library_cards (video_id, revision, card) VALUES ($1, $2, $3) \
                            ON CONFLICT (video_id) DO UPDATE SET revision = excluded.revision, card = excluded.card";
        let card = shown.map(|(card, _)| Json(card));
        in_tx!(self, c => { sqlx::query(CARD).bind(video).bind(revision).bind(card).execute(c).await?; });
        match &mut self.0 {
            Inner::Sqlite(tx) => {
                let forget = sqlx::query("DELETE FROM library_text WHERE rowid = $1").bind(video);
                forget.execute(&mut **tx).await?;
                if let Some((_, texts)) = shown {
                    let write =
                        "INSERT INTO library_text (rowid, title, shots, story, other) VALUES ($1, $2, $3, $4, $5)";
                    let query = sqlx::query(write).bind(video).bind(&texts.title).bind(&texts.shots);
                    query.bind(&texts.story).bind(&texts.other).execute(&mut **tx).await?;
                }
            }
            Inner::Postgres(tx) => {
                let forget = sqlx::query("DELETE FROM library_text WHERE video_id = $1").bind(video);
                forget.execute(&mut **tx).await?;
                if let Some((_, texts)) = shown {
                    let write = "INSERT INTO library_text (video_id, words) VALUES ($1, \
                                 setweight(to_tsvector('simple', $2), 'A') || \
                                 setweight(to_tsvector('simple', $3), 'B') || \
                                 setweight(to_tsvector('simple', $4), 'C') || \
                                 setweight(to_tsvector('simple', $5), 'D'))";
                    let query = sqlx::query(write).bind(video).bind(&texts.title).bind(&texts.shots);
                    query.bind(&texts.story).bind(&texts.other).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }

    /// A word that is known from now on: as it is compared, and as it is written.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn know_word(&mut self, word: &str, written: &str, revision: i64) -> Result<(), StoreError> {
        const KNOW: &str = "INSERT INTO library_words (word, written, revision) VALUES ($1, $2, $3) \
                            ON CONFLICT (word) DO NOTHING";
        in_tx!(self, c => { sqlx::query(KNOW).bind(word).bind(written).bind(revision).execute(c).await?; });
        Ok(())
    }
}

impl Store {
    /// Whether a video has changed and its card is not written yet.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn library_is_stale(&self) -> Result<bool, StoreError> {
        const STALE: &str = "SELECT count(*) FROM (SELECT 1 FROM library_stale LIMIT 1) AS one";
        let notes: i64 = on_either!(self, pool => sqlx::query_scalar(STALE).fetch_one(pool).await?);
        Ok(notes > 0)
    }

    /// The number of the last change.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn library_revision(&self) -> Result<i64, StoreError> {
        const REVISION: &str = "SELECT revision FROM library_state WHERE id = 1";
        Ok(on_either!(self, pool => sqlx::query_scalar(REVISION).fetch_one(pool).await?))
    }

    /// The cards written after a change, by video; of those no longer shown, none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn cards_since(&self, revision: i64) -> Result<Vec<(i64, Option<Value>)>, StoreError> {
        const CARDS: &str = "SELECT video_id, card FROM library_cards WHERE revision > $1";
        let rows: Vec<(i64, Option<Json<Value>>)> =
            on_either!(self, pool => sqlx::query_as(CARDS).bind(revision).fetch_all(pool).await?);
        Ok(rows.into_iter().map(|(video, card)| (video, card.map(|Json(card)| card))).collect())
    }

    /// The words that were learnt after a change: as they are compared, as they are written.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn words_since(&self, revision: i64) -> Result<Vec<(String, String)>, StoreError> {
        const WORDS: &str = "SELECT word, written FROM library_words WHERE revision > $1";
        Ok(on_either!(self, pool => sqlx::query_as(WORDS).bind(revision).fetch_all(pool).await?))
    }

    /// What editors say of each of these videos, and what is known of its original: all that a list needs beside cards.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn told_of(&self, videos: &[i64]) -> Result<Vec<(i64, Value, Value)>, StoreError> {
        macro_rules! told {
            ($of_them:literal) => {
                concat!(
                    "SELECT v.id, v.metadata, f.details FROM videos v ",
                    "JOIN video_files f ON f.video_id = v.id AND f.role = 'original' WHERE v.id ",
                    $of_them
                )
            };
        }
        let rows: Vec<(i64, Json<Value>, Json<Value>)> = match self {
            Store::Sqlite { readers, .. } => {
                let query = sqlx::query_as(told!("IN (SELECT value FROM json_each($1))"));
                query.bind(Json(videos)).fetch_all(readers).await?
            }
            Store::Postgres(pool) => sqlx::query_as(told!("= ANY($1)")).bind(videos).fetch_all(pool).await?,
        };
        Ok(rows.into_iter().map(|(video, Json(metadata), Json(details))| (video, metadata, details)).collect())
    }

    /// The videos in which all of it is found.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn videos_with(&self, wanted: &Wanted) -> Result<Answers, StoreError> {
        Ok(match self {
            Store::Sqlite { readers, .. } => {
                // One row for all: a hundred thousand rows take longer to be handed over than to be found.
                let find = "SELECT (SELECT group_concat(rowid, ' ') FROM library_text WHERE library_text MATCH $1), \
                            (SELECT group_concat(rowid, ' ') FROM library_text WHERE library_text MATCH $2)";
                let rank = "SELECT rowid, -bm25(library_text, 10.0, 5.0, 3.0, 1.0) FROM library_text \
                            WHERE library_text MATCH $1";
                let everywhere = wanted.fts5();
                let in_titles = format!("title : ({everywhere})");
                let query = sqlx::query_as(find).bind(&everywhere).bind(in_titles);
                let (all, titled): (Option<String>, Option<String>) = query.fetch_one(readers).await?;
                let rows = |text: Option<String>| -> Vec<i64> {
                    text.iter().flat_map(|text| text.split(' ')).filter_map(|row| row.parse().ok()).collect()
                };
                let all = rows(all);
                if all.len() > FEW {
                    return Ok(Answers::Many { all, titled: rows(titled) });
                }
                Answers::Few(sqlx::query_as(rank).bind(everywhere).fetch_all(readers).await?)
            }
            Store::Postgres(pool) => {
                let find = "SELECT library_with(to_tsquery('simple', $1))";
                let find_in_titles = "SELECT library_titled(to_tsquery('simple', $1))";
                let rank = "SELECT video_id, ts_rank('{0.1, 0.3, 0.5, 1.0}', words, to_tsquery('simple', $1))::float8 \
                            FROM library_text WHERE video_id = ANY($2)";
                let wanted = wanted.tsquery();
                let ids =
                    |find: &'static str| sqlx::query_scalar::<_, Option<Vec<i64>>>(find).bind(&wanted).fetch_one(pool);
                let (all, titled) = tokio::try_join!(ids(find), ids(find_in_titles))?;
                let all = all.unwrap_or_default();
                if all.len() > FEW {
                    return Ok(Answers::Many { all, titled: titled.unwrap_or_default() });
                }
                Answers::Few(sqlx::query_as(rank).bind(wanted).bind(all).fetch_all(pool).await?)
            }
        })
    }
}
