//! How often something may be tried. Counted here and not in memory: a restart, a new code or another instance
//! changes nothing.

use super::{Store, StoreError, Tx, in_tx, on_either, on_writer};
use sqlx::QueryBuilder;

impl Store {
    /// The tries under `key` in a window that began after `after`: how many, and since when.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tries(&self, key: &str, after: i64) -> Result<Option<(i64, i64)>, StoreError> {
        const TRIES: &str = "SELECT count, since FROM attempts WHERE key = $1 AND since > $2";
        Ok(on_either!(self, pool => sqlx::query_as(TRIES).bind(key).bind(after).fetch_optional(pool).await?))
    }

    /// The first of several budgets that has no more, and since when.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn spent(&self, now: i64, spends: &[Spend<'_>]) -> Result<Option<(usize, i64)>, StoreError> {
        const TRIES: &str = "SELECT key, count, since FROM attempts WHERE ends_at > ";
        let tries: Vec<(String, i64, i64)> = on_either!(self, pool => {
            let mut query = QueryBuilder::new(TRIES);
            query.push_bind(now).push(" AND key IN (");
            let mut keys = query.separated(", ");
            spends.iter().for_each(|spend| { keys.push_bind(spend.key); });
            query.push(")").build_query_as().fetch_all(pool).await?
        });
        let spent = spends.iter().enumerate().find_map(|(at, spend)| {
            let (_, _, since) = tries.iter().find(|(key, count, _)| *key == spend.key && *count >= spend.limit)?;
            Some((at, *since))
        });
        Ok(spent)
    }

    /// Pays for a try out of several budgets, or out of none: then which has no more, and since when. Of many at the same
    /// time, as many are granted as there may be.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn spend_tries(&self, now: i64, spends: &[Spend<'_>]) -> Result<Option<(usize, i64)>, StoreError> {
        let mut tx = self.begin().await?;
        let Some(at) = tx.spend_all(now, spends).await? else {
            tx.commit().await?;
            return Ok(None);
        };
        drop(tx);
        let since = self.spent(now, &spends[at..=at]).await?.map_or(now, |(_, since)| since);
        Ok(Some((at, since)))
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
    /// Spends out of windows that begin with the first of it, each if less than its limit was spent. The first of them
    /// that was not; then the transaction must not be committed.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn spend_all(&mut self, now: i64, spends: &[Spend<'_>]) -> Result<Option<usize>, StoreError> {
        // One statement for all: each costs the program and the database more than what it does.
        const INTO: &str = ") INSERT INTO attempts (key, count, since, ends_at) \
                            SELECT key, amount, now, ends_at FROM wanted WHERE true \
                            ON CONFLICT (key) DO UPDATE SET \
                            count = CASE WHEN attempts.ends_at <= excluded.since THEN 0 ELSE attempts.count END \
                                    + excluded.count, \
                            since = CASE WHEN attempts.ends_at <= excluded.since THEN excluded.since \
                                    ELSE attempts.since END, \
                            ends_at = CASE WHEN attempts.ends_at <= excluded.since THEN excluded.ends_at \
                                      ELSE attempts.ends_at END \
                            WHERE attempts.ends_at <= excluded.since \
                            OR attempts.count < (SELECT most FROM wanted WHERE wanted.key = attempts.key) \
                            RETURNING key";
        let paid: Vec<String> = in_tx!(self, c => {
            let mut query = QueryBuilder::new("WITH wanted (key, amount, now, ends_at, most) AS (");
            query.push_values(spends, |mut row, spend| {
                row.push_bind(spend.key).push_bind(spend.amount).push_bind(now);
                row.push_bind(now + spend.window).push_bind(spend.limit);
            });
            query.push(INTO).build_query_scalar().fetch_all(c).await?
        });
        Ok(spends.iter().position(|spend| !paid.iter().any(|key| key == spend.key)))
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

    /// Forgets the tries under these keys.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget_tries(&mut self, keys: &[&str]) -> Result<(), StoreError> {
        in_tx!(self, c => {
            let mut query = QueryBuilder::new("DELETE FROM attempts WHERE key IN (");
            let mut list = query.separated(", ");
            keys.iter().for_each(|key| { list.push_bind(*key); });
            query.push(")").build().execute(c).await?;
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
