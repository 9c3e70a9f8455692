//! Sessions: who is signed in where.

use super::{Store, StoreError, Tx, accounts::Account, in_tx, on_either, on_writer};

/// A session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its name inside and in the list; no token.
    pub id: String,
    /// Whose.
    pub account_id: String,
    /// What the browser calls itself.
    pub agent: String,
    /// The network it came from, shortened.
    pub network: String,
    /// When it began.
    pub created_at: i64,
    /// When it was last seen, to a few minutes.
    pub seen_at: i64,
}

type Row = (String, String, String, String, i64, i64);

impl From<Row> for Session {
    fn from((id, account_id, agent, network, created_at, seen_at): Row) -> Self {
        Session { id, account_id, agent, network, created_at, seen_at }
    }
}

impl Store {
    /// The session of a token's SHA-256 with its account, if it has been seen since `idle_since` and began since
    /// `began_since`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn session(
        &self,
        token: &[u8],
        idle_since: i64,
        began_since: i64,
    ) -> Result<Option<(Session, Account)>, StoreError> {
        const ONE: &str = "SELECT s.id, s.account_id, s.agent, s.network, s.created_at, s.seen_at, a.email, \
                           a.email_key, a.password_hash, a.lang, a.newsletter_at, a.created_at \
                           FROM sessions s JOIN accounts a ON a.id = s.account_id \
                           WHERE s.token = $1 AND s.seen_at >= $2 AND s.created_at >= $3";
        type Both = (String, String, String, String, i64, i64, String, String, String, String, Option<i64>, i64);
        let row = on_either!(self, pool => {
            sqlx::query_as::<_, Both>(ONE).bind(token).bind(idle_since).bind(began_since).fetch_optional(pool).await?
        });
        Ok(row.map(
            |(id, account_id, agent, network, began, seen, email, email_key, password_hash, lang, letter, created)| {
                let account = Account {
                    id: account_id.clone(),
                    email,
                    email_key,
                    password_hash,
                    lang,
                    newsletter_at: letter,
                    created_at: created,
                };
                (Session { id, account_id, agent, network, created_at: began, seen_at: seen }, account)
            },
        ))
    }

    /// Notes that a session is alive.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn session_seen(&self, id: &str, now: i64) -> Result<(), StoreError> {
        const SEEN: &str = "UPDATE sessions SET seen_at = $2 WHERE id = $1";
        on_writer!(self, pool => { sqlx::query(SEEN).bind(id).bind(now).execute(pool).await?; });
        Ok(())
    }

    /// The sessions of an account that are still good, the one seen last first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sessions_of(
        &self,
        account_id: &str,
        idle_since: i64,
        began_since: i64,
    ) -> Result<Vec<Session>, StoreError> {
        const ALL: &str = "SELECT id, account_id, agent, network, created_at, seen_at FROM sessions \
                           WHERE account_id = $1 AND seen_at >= $2 AND created_at >= $3 ORDER BY seen_at DESC, id";
        Ok(on_either!(self, pool => {
            let query = sqlx::query_as::<_, Row>(ALL).bind(account_id).bind(idle_since).bind(began_since);
            query.fetch_all(pool).await?.into_iter().map(Session::from).collect()
        }))
    }
}

impl Tx {
    /// Begins a session under the SHA-256 of its token.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn begin_session(&mut self, session: &Session, token: &[u8]) -> Result<(), StoreError> {
        const BEGIN: &str = "INSERT INTO sessions (id, token, account_id, agent, network, created_at, seen_at) \
                             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let s = session;
        in_tx!(self, c => {
            let query = sqlx::query(BEGIN).bind(&s.id).bind(token).bind(&s.account_id).bind(&s.agent);
            query.bind(&s.network).bind(s.created_at).bind(s.seen_at).execute(c).await?;
        });
        Ok(())
    }

    /// Ends the session of a token's SHA-256. Whose it was.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_session_of(&mut self, token: &[u8]) -> Result<Option<String>, StoreError> {
        const END: &str = "DELETE FROM sessions WHERE token = $1 RETURNING account_id";
        Ok(in_tx!(self, c => sqlx::query_scalar(END).bind(token).fetch_optional(c).await?))
    }

    /// Ends a session of that account. Whether there was one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_session(&mut self, account_id: &str, id: &str) -> Result<bool, StoreError> {
        const END: &str = "DELETE FROM sessions WHERE account_id = $1 AND id = $2";
        Ok(in_tx!(self, c => sqlx::query(END).bind(account_id).bind(id).execute(c).await?.rows_affected() == 1))
    }

    /// Ends every session of an account but the one named; how many.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_sessions(&mut self, account_id: &str, but: &str) -> Result<u64, StoreError> {
        const END: &str = "DELETE FROM sessions WHERE account_id = $1 AND id <> $2";
        Ok(in_tx!(self, c => sqlx::query(END).bind(account_id).bind(but).execute(c).await?.rows_affected()))
    }
}
