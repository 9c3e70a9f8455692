//! How often something may be tried. Counted here and not in memory: a restart, a new code or another instance
//! changes nothing.

use super::{Store, StoreError, Tx, in_tx, on_either, on_writer};

impl Store {
    /// The tries under `key` in a window that began after `after`: how many, and since when.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tries(&self, key: &str, after: i64) -> Result<Option<(i64, i64)>, StoreError> {
        const TRIES: &str = "SELECT count, since FROM attempts WHERE key = $1 AND since > $2";
        Ok(on_either!(self, pool => sqlx::query_as(TRIES).bind(key).bind(after).fetch_optional(pool).await?))
    }

    /// Pays for a try out of several budgets, or out of none: then which has no more, and since when. Of many at the same
    /// time, as many are granted as there may be.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn spend_tries(&self, now: i64, spends: &[Spend<'_>]) -> Result<Option<(usize, i64)>, StoreError> {
        let mut tx = self.begin().await?;
        for (at, spend) in spends.iter().enumerate() {
            if !tx.spend(now, spend).await? {
                drop(tx);
                let since = self.tries(spend.key, now - spend.window).await?.map_or(now, |(_, since)| since);
                return Ok(Some((at, since)));
            }
        }
        tx.commit().await?;
        Ok(None)
    }

    /// Removes what has ended: flows, tries, sessions, letters, events, tokens and downloads older than these times.
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
        const TOKENS: &str = "DELETE FROM tokens WHERE ends_at <= $1";
        const DOWNLOADS: &str = "DELETE FROM downloads WHERE began_at <= $1";
        const WISHES: &str = "DELETE FROM clip_wishes WHERE at <= $1";
        Ok(on_writer!(self, pool => {
            let mut swept = 0;
            for (sql, end) in [
                (FLOWS, ends.flows), (TRIES, ends.tries), (LETTERS, ends.letters), (DEVICES, ends.devices), (AUDIT, ends.audit),
                (TOKENS, ends.tokens), (DOWNLOADS, ends.downloads), (WISHES, ends.wishes),
            ] {
                swept += sqlx::query(sql).bind(end).execute(pool).await?.rows_affected();
            }
            let sessions = sqlx::query(SESSIONS).bind(ends.idle).bind(ends.began);
            swept + sessions.execute(pool).await?.rows_affected()
        }))
    }
}

/// What a try costs of one budget.
#[derive(Clone, Copy, Debug)]
pub struct Spend<'a> {
    /// The budget's name and whose it is.
    pub key: &'a str,
    /// Ms from the first try on.
    pub window: i64,
    /// Tries in that time. What is spent at once may go beyond it, what is spent after that may not.
    pub limit: i64,
    /// How many at once: one, of what is tried.
    pub amount: i64,
}

impl Tx {
    /// Spends out of a window that begins with the first of it, if less than its limit was spent. Whether it was.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn spend(&mut self, now: i64, spend: &Spend<'_>) -> Result<bool, StoreError> {
        const SPEND: &str = "INSERT INTO attempts (key, count, since, ends_at) VALUES ($1, $5, $2, $2 + $3) \
                             ON CONFLICT (key) DO UPDATE SET \
                             count = CASE WHEN attempts.ends_at <= $2 THEN $5 ELSE attempts.count + $5 END, \
                             since = CASE WHEN attempts.ends_at <= $2 THEN $2 ELSE attempts.since END, \
                             ends_at = CASE WHEN attempts.ends_at <= $2 THEN $2 + $3 ELSE attempts.ends_at END \
                             WHERE attempts.ends_at <= $2 OR attempts.count < $4";
        Ok(in_tx!(self, c => {
            let query = sqlx::query(SPEND).bind(spend.key).bind(now).bind(spend.window).bind(spend.limit);
            query.bind(spend.amount).execute(c).await?.rows_affected() == 1
        }))
    }

    /// Gives back one try under `key`: it was no failure.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn give_back_try(&mut self, key: &str) -> Result<(), StoreError> {
        const BACK: &str = "UPDATE attempts SET count = count - 1 WHERE key = $1 AND count > 0";
        in_tx!(self, c => {
            sqlx::query(BACK).bind(key).execute(c).await?;
        });
        Ok(())
    }

    /// Forgets the tries under `key`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget_tries(&mut self, key: &str) -> Result<(), StoreError> {
        const FORGET: &str = "DELETE FROM attempts WHERE key = $1";
        in_tx!(self, c => {
            sqlx::query(FORGET).bind(key).execute(c).await?;
        });
        Ok(())
    }
}

/// What is older than this is removed; times in ms.
#[derive(Clone, Copy, Debug, Default)]
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
    /// Tokens that ended by then.
    pub tokens: i64,
    /// Downloads begun by then.
    pub downloads: i64,
    /// Clips asked for by then: that they were.
    pub wishes: i64,
}
