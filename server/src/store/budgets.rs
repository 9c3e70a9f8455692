//! How often something may be tried. Counted here and not in memory: a restart, a new code or another instance
//! changes nothing.

use super::{Store, StoreError, on_either, on_writer};

impl Store {
    /// The tries under `key` in a window that began after `after`: how many, and since when.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tries(&self, key: &str, after: i64) -> Result<Option<(i64, i64)>, StoreError> {
        const TRIES: &str = "SELECT count, since FROM attempts WHERE key = $1 AND since > $2";
        Ok(on_either!(self, pool => sqlx::query_as(TRIES).bind(key).bind(after).fetch_optional(pool).await?))
    }

    /// Counts one more try under `key` in a window of `window` ms that begins with its first, if there were fewer than
    /// `limit`; else says when the window began, and counts nothing. Of many at the same time, `limit` are counted.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn spend_try(&self, key: &str, now: i64, window: i64, limit: i64) -> Result<Option<i64>, StoreError> {
        const SPEND: &str = "INSERT INTO attempts (key, count, since, ends_at) VALUES ($1, 1, $2, $2 + $3) \
                             ON CONFLICT (key) DO UPDATE SET \
                             count = CASE WHEN attempts.ends_at <= $2 THEN 1 ELSE attempts.count + 1 END, \
                             since = CASE WHEN attempts.ends_at <= $2 THEN $2 ELSE attempts.since END, \
                             ends_at = CASE WHEN attempts.ends_at <= $2 THEN $2 + $3 ELSE attempts.ends_at END \
                             WHERE attempts.ends_at <= $2 OR attempts.count < $4";
        let counted = on_writer!(self, pool => {
            let query = sqlx::query(SPEND).bind(key).bind(now).bind(window).bind(limit);
            query.execute(pool).await?.rows_affected() == 1
        });
        Ok(if counted { None } else { Some(self.tries(key, now - window).await?.map_or(now, |(_, since)| since)) })
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
        const TRIES: &str = "DELETE FROM attempts WHERE ends_at <= $1";
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
    /// Counts whose window ended by then.
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
