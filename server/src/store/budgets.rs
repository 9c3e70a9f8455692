//! How often something may be tried. Counted here and not in memory: a restart, a new code or another instance
//! changes nothing.

use super::{Store, StoreError, on_writer};

impl Store {
    /// Counts one more try under `key` in a window of `window` ms that begins with its first; how many there are, and
    /// when the window began. Of many that count at the same time each gets its own number.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn count_try(&self, key: &str, now: i64, window: i64) -> Result<(i64, i64), StoreError> {
        const COUNT: &str = "INSERT INTO attempts (key, count, since) VALUES ($1, 1, $2) ON CONFLICT (key) DO UPDATE \
                             SET count = CASE WHEN attempts.since <= $3 THEN 1 ELSE attempts.count + 1 END, \
                             since = CASE WHEN attempts.since <= $3 THEN $2 ELSE attempts.since END \
                             RETURNING count, since";
        Ok(on_writer!(self, pool => {
            sqlx::query_as(COUNT).bind(key).bind(now).bind(now - window).fetch_one(pool).await?
        }))
    }

    /// Forgets the tries under `key`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget_tries(&self, key: &str) -> Result<(), StoreError> {
        const FORGET: &str = "DELETE FROM attempts WHERE key = $1";
        on_writer!(self, pool => { sqlx::query(FORGET).bind(key).execute(pool).await?; });
        Ok(())
    }

    /// Gives back one try under `key`: it was no failure.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn give_back_try(&self, key: &str) -> Result<(), StoreError> {
        const BACK: &str = "UPDATE attempts SET count = count - 1 WHERE key = $1 AND count > 0";
        on_writer!(self, pool => { sqlx::query(BACK).bind(key).execute(pool).await?; });
        Ok(())
    }

    /// Removes what has ended: flows, tries, sessions, letters and events older than these times. A few at a time, so
    /// that nobody waits.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sweep(&self, ends: &Ends) -> Result<u64, StoreError> {
        const FLOWS: &str = "DELETE FROM flows WHERE expires_at <= $1";
        const TRIES: &str = "DELETE FROM attempts WHERE since <= $1";
        const SESSIONS: &str = "DELETE FROM sessions WHERE seen_at < $1 OR created_at < $2";
        const LETTERS: &str = "DELETE FROM outbox WHERE state <> 'queued' AND ended_at <= $1";
        const DEVICES: &str = "DELETE FROM devices WHERE seen_at <= $1";
        const AUDIT: &str = "DELETE FROM audit WHERE at <= $1";
        Ok(on_writer!(self, pool => {
            let mut swept = 0;
            for (sql, end) in [
                (FLOWS, ends.flows), (TRIES, ends.tries), (LETTERS, ends.letters), (DEVICES, ends.devices), (AUDIT, ends.audit),
            ] {
                swept += sqlx::query(sql).bind(end).execute(pool).await?.rows_affected();
            }
            let sessions = sqlx::query(SESSIONS).bind(ends.idle).bind(ends.began);
            swept + sessions.execute(pool).await?.rows_affected()
        }))
    }
}

/// What is older than this is removed; times in ms.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    /// Flows that expired by then.
    pub flows: i64,
    /// Counts that began by then.
    pub tries: i64,
    /// Sessions last seen before.
    pub idle: i64,
    /// Sessions begun before.
    pub began: i64,
    /// Letters done by then.
    pub letters: i64,
    /// Browsers last seen by then.
    pub devices: i64,
    /// Events by then.
    pub audit: i64,
}
