//! Letters that wait, are under way or are done. At least once: who dies between sending and saying so sends again,
//! under the same id.

use super::{Store, StoreError, Tx, in_tx, on_either, on_writer};

/// A letter to be written.
#[derive(Clone)]
pub struct NewLetter {
    /// Its name, which becomes its Message-ID.
    pub id: String,
    /// To whom.
    pub to: String,
    /// In which language: `fr`, `en`.
    pub lang: String,
    /// What it says, encrypted.
    pub sealed: Vec<u8>,
    /// The lower, the sooner.
    pub priority: i64,
    /// When it is worth nothing any more.
    pub expires_at: Option<i64>,
    /// When it was asked for.
    pub created_at: i64,
}

/// A letter that one has taken to send.
#[derive(Clone)]
pub struct Claimed {
    /// Its name.
    pub id: String,
    /// To whom.
    pub to: String,
    /// In which language.
    pub lang: String,
    /// What it says, encrypted.
    pub sealed: Vec<u8>,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// When it was asked for.
    pub created_at: i64,
    /// When it is worth nothing any more.
    pub expires_at: Option<i64>,
}

/// A letter that was composed and kept, for want of a mail server.
#[derive(Clone)]
pub struct Kept {
    /// Its name.
    pub id: String,
    /// To whom.
    pub to: String,
    /// When it was asked for.
    pub created_at: i64,
    /// The composed letter, encrypted.
    pub sealed: Vec<u8>,
}

/// A letter as the command line lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// Its name.
    pub id: String,
    /// To whom. Empty once that is forgotten.
    pub to: String,
    /// In which language.
    pub lang: String,
    /// `queued`, `sent`, `kept`, `dead` or `expired`.
    pub state: String,
    /// 0 for codes.
    pub priority: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, if it is queued.
    pub due_at: i64,
    /// When it was asked for.
    pub created_at: i64,
    /// When it came to its end.
    pub ended_at: Option<i64>,
    /// Why it was last not sent.
    pub why: String,
}

type Row = (String, String, String, String, i64, i64, i64, i64, Option<i64>, String);

impl From<Row> for LetterRow {
    fn from((id, to, lang, state, priority, attempts, due_at, created_at, ended_at, why): Row) -> Self {
        LetterRow { id, to, lang, state, priority, attempts, due_at, created_at, ended_at, why }
    }
}

impl Tx {
    /// Queues a letter; it exists only if what causes it does.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn queue_letter(&mut self, letter: &NewLetter) -> Result<(), StoreError> {
        const QUEUE: &str = "INSERT INTO outbox \
                             (id, recipient, recipient_key, lang, sealed, priority, due_at, created_at, expires_at) \
                             VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
        let l = letter;
        in_tx!(self, c => {
            let query = sqlx::query(QUEUE).bind(&l.id).bind(&l.to).bind(l.to.to_lowercase()).bind(&l.lang).bind(&l.sealed).bind(l.priority);
            query.bind(l.created_at).bind(l.expires_at).execute(c).await?;
        });
        Ok(())
    }

    /// A letter that waits is worth nothing any more: a newer one takes its place.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn supersede_letter(&mut self, id: &str, now: i64) -> Result<(), StoreError> {
        const END: &str = "UPDATE outbox SET state = 'expired', ended_at = $2, sealed = NULL \
                           WHERE id = $1 AND state = 'queued' AND attempts = 0";
        in_tx!(self, c => { sqlx::query(END).bind(id).bind(now).execute(c).await?; });
        Ok(())
    }
}

impl Store {
    /// Takes the most urgent letter that is due, until `lease_until`: who has not said by then what became of it has
    /// died, and another may take it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn claim_letter(&self, now: i64, lease_until: i64) -> Result<Option<Claimed>, StoreError> {
        const SQLITE: &str = "UPDATE outbox SET due_at = $2, attempts = attempts + 1 WHERE id = (\
                              SELECT id FROM outbox WHERE state = 'queued' AND due_at <= $1 \
                              ORDER BY priority, due_at, created_at, id LIMIT 1) \
                              RETURNING id, recipient, lang, sealed, attempts, created_at, expires_at";
        const POSTGRES: &str = "UPDATE outbox SET due_at = $2, attempts = attempts + 1 WHERE id = (\
                                SELECT id FROM outbox WHERE state = 'queued' AND due_at <= $1 \
                                ORDER BY priority, due_at, created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) \
                                RETURNING id, recipient, lang, sealed, attempts, created_at, expires_at";
        type Taken = (String, String, String, Option<Vec<u8>>, i64, i64, Option<i64>);
        let taken: Option<Taken> = match self {
            Store::Sqlite { writer: pool, .. } => {
                sqlx::query_as(SQLITE).bind(now).bind(lease_until).fetch_optional(pool).await?
            }
            Store::Postgres(pool) => sqlx::query_as(POSTGRES).bind(now).bind(lease_until).fetch_optional(pool).await?,
        };
        Ok(taken.map(|(id, to, lang, sealed, attempts, created_at, expires_at)| Claimed {
            id,
            to,
            lang,
            sealed: sealed.unwrap_or_default(),
            attempts,
            created_at,
            expires_at,
        }))
    }

    /// The mail server has taken it: what it said is wiped.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn letter_sent(&self, id: &str, now: i64) -> Result<(), StoreError> {
        self.end_letter(id, "sent", now, None, "").await
    }

    /// There is no mail server: the composed letter is kept, to be read at `/dev/mailbox`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn letter_kept(&self, id: &str, now: i64, sealed: &[u8]) -> Result<(), StoreError> {
        self.end_letter(id, "kept", now, Some(sealed), "").await
    }

    /// It came too late to be of use: what it said is wiped.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn letter_expired(&self, id: &str, now: i64) -> Result<(), StoreError> {
        self.end_letter(id, "expired", now, None, "").await
    }

    async fn end_letter(
        &self,
        id: &str,
        state: &str,
        now: i64,
        sealed: Option<&[u8]>,
        why: &str,
    ) -> Result<(), StoreError> {
        const END: &str = "UPDATE outbox SET state = $2, ended_at = $3, sealed = $4, why = $5, \
                           recipient = CASE WHEN forget THEN '' ELSE recipient END, \
                           recipient_key = CASE WHEN forget THEN '' ELSE recipient_key END WHERE id = $1";
        on_writer!(self, pool => {
            let query = sqlx::query(END).bind(id).bind(state).bind(now).bind(sealed).bind(why);
            query.execute(pool).await?;
        });
        Ok(())
    }

    /// It was not sent, and is to be tried again.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn letter_later(&self, id: &str, next_try_at: i64, why: &str) -> Result<(), StoreError> {
        const LATER: &str = "UPDATE outbox SET due_at = $2, why = $3 WHERE id = $1 AND state = 'queued'";
        on_writer!(self, pool => { sqlx::query(LATER).bind(id).bind(next_try_at).bind(why).execute(pool).await?; });
        Ok(())
    }

    /// It will not be sent. What it says is kept, for whoever retries it by command before it expires.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn letter_dead(&self, id: &str, now: i64, why: &str) -> Result<(), StoreError> {
        const DEAD: &str = "UPDATE outbox SET state = 'dead', ended_at = $2, why = $3, \
                            recipient = CASE WHEN forget THEN '' ELSE recipient END, \
                            recipient_key = CASE WHEN forget THEN '' ELSE recipient_key END, \
                            sealed = CASE WHEN forget THEN NULL ELSE sealed END WHERE id = $1";
        on_writer!(self, pool => { sqlx::query(DEAD).bind(id).bind(now).bind(why).execute(pool).await?; });
        Ok(())
    }

    /// State and number of tries of a letter.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn letter_state(&self, id: &str) -> Result<Option<(String, i64)>, StoreError> {
        const STATE: &str = "SELECT state, attempts FROM outbox WHERE id = $1";
        Ok(on_either!(self, pool => sqlx::query_as(STATE).bind(id).fetch_optional(pool).await?))
    }

    /// The letters that were composed and kept, newest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn kept_letters(&self, limit: i64) -> Result<Vec<Kept>, StoreError> {
        const KEPT: &str = "SELECT id, recipient, created_at, sealed FROM outbox WHERE state = 'kept' \
                            ORDER BY created_at DESC, id LIMIT $1";
        type Row = (String, String, i64, Option<Vec<u8>>);
        Ok(on_either!(self, pool => {
            let rows = sqlx::query_as::<_, Row>(KEPT).bind(limit).fetch_all(pool).await?;
            let kept = |(id, to, created_at, sealed): Row| Kept { id, to, created_at, sealed: sealed.unwrap_or_default() };
            rows.into_iter().map(kept).collect()
        }))
    }

    /// Letters in a state (all, where it is empty), newest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn letters(&self, state: &str, limit: i64) -> Result<Vec<LetterRow>, StoreError> {
        const SOME: &str = "SELECT id, recipient, lang, state, priority, attempts, due_at, created_at, ended_at, why \
                            FROM outbox WHERE $1 = '' OR state = $1 ORDER BY created_at DESC, id LIMIT $2";
        Ok(on_either!(self, pool => {
            let rows = sqlx::query_as::<_, Row>(SOME).bind(state).bind(limit).fetch_all(pool).await?;
            rows.into_iter().map(LetterRow::from).collect()
        }))
    }

    /// One letter.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn letter(&self, id: &str) -> Result<Option<LetterRow>, StoreError> {
        const ONE: &str = "SELECT id, recipient, lang, state, priority, attempts, due_at, created_at, ended_at, why \
                           FROM outbox WHERE id = $1";
        Ok(on_either!(self, pool => {
            sqlx::query_as::<_, Row>(ONE).bind(id).fetch_optional(pool).await?.map(LetterRow::from)
        }))
    }

    /// Queues dead letters again: the one named, or all where `id` is empty. How many.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn retry_letters(&self, id: &str, now: i64) -> Result<u64, StoreError> {
        const RETRY: &str = "UPDATE outbox SET state = 'queued', attempts = 0, due_at = $2, ended_at = NULL, why = '' \
                             WHERE state = 'dead' AND sealed IS NOT NULL AND ($1 = '' OR id = $1)";
        Ok(on_writer!(self, pool => sqlx::query(RETRY).bind(id).bind(now).execute(pool).await?.rows_affected()))
    }

    /// Removes letters that are queued or dead: the one named, or all in that state where `id` is empty. How many.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn drop_letters(&self, state: &str, id: &str) -> Result<u64, StoreError> {
        const DROP: &str = "DELETE FROM outbox WHERE state = $1 AND ($2 = '' OR id = $2)";
        Ok(on_writer!(self, pool => sqlx::query(DROP).bind(state).bind(id).execute(pool).await?.rows_affected()))
    }
}
