//! Registrations and resets under way.

use super::{Store, StoreError, Tx, in_tx, on_either};

/// A registration or a reset under way.
#[derive(Clone)]
pub struct Flow {
    /// Its name inside.
    pub id: String,
    /// `register` or `reset`.
    pub purpose: String,
    /// What is asked next: `code`, `password` or, at its end, `done`.
    pub step: String,
    /// The address, as it was typed.
    pub email: String,
    /// The address, as it is looked up.
    pub email_key: String,
    /// Whose password is reset.
    pub account_id: Option<String>,
    /// The password chosen at registration.
    pub password_hash: Option<String>,
    /// Where to go in the end.
    pub return_to: String,
    /// Keyed hash of the code. None: no code opens it.
    pub code: Option<Vec<u8>>,
    /// When the code expires.
    pub code_expires_at: i64,
    /// Wrong codes since the last one was sent.
    pub tries: i64,
    /// When the last code was sent.
    pub sent_at: i64,
    /// The letter it was sent in.
    pub letter_id: String,
    /// When it began.
    pub created_at: i64,
    /// When it is forgotten.
    pub expires_at: i64,
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    String,
    Option<Vec<u8>>,
    i64,
    i64,
    i64,
    String,
    i64,
    i64,
);

impl From<Row> for Flow {
    fn from(row: Row) -> Self {
        Flow {
            id: row.0,
            purpose: row.1,
            step: row.2,
            email: row.3,
            email_key: row.4,
            account_id: row.5,
            password_hash: row.6,
            return_to: row.7,
            code: row.8,
            code_expires_at: row.9,
            tries: row.10,
            sent_at: row.11,
            letter_id: row.12,
            created_at: row.13,
            expires_at: row.14,
        }
    }
}

impl Store {
    /// The flow of a token's SHA-256, if it is not forgotten.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn flow(&self, token: &[u8], now: i64) -> Result<Option<Flow>, StoreError> {
        const ONE: &str = "SELECT id, purpose, step, email, email_key, account_id, password_hash, return_to, code, \
                           code_expires_at, tries, sent_at, letter_id, created_at, expires_at FROM flows \
                           WHERE token = $1 AND expires_at > $2";
        Ok(on_either!(self, pool => {
            sqlx::query_as::<_, Row>(ONE).bind(token).bind(now).fetch_optional(pool).await?.map(Flow::from)
        }))
    }
}

impl Tx {
    /// The newest registration of an address that waits for its code and is not forgotten.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn waiting_registration(&mut self, email_key: &str, now: i64) -> Result<Option<Flow>, StoreError> {
        const NEWEST: &str = "SELECT id, purpose, step, email, email_key, account_id, password_hash, return_to, code, \
                              code_expires_at, tries, sent_at, letter_id, created_at, expires_at FROM flows \
                              WHERE email_key = $1 AND expires_at > $2 AND purpose = 'register' AND step = 'code' \
                              AND password_hash IS NOT NULL ORDER BY created_at DESC, id LIMIT 1";
        Ok(in_tx!(self, c => {
            let query = sqlx::query_as::<_, Row>(NEWEST).bind(email_key).bind(now);
            query.fetch_optional(c).await?.map(Flow::from)
        }))
    }

    /// Begins a flow under the SHA-256 of its token.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn begin_flow(&mut self, flow: &Flow, token: &[u8]) -> Result<(), StoreError> {
        const BEGIN: &str = "INSERT INTO flows (id, token, purpose, step, email, email_key, account_id, password_hash, \
                             return_to, code, code_expires_at, tries, sent_at, letter_id, created_at, expires_at) \
                             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        let f = flow;
        in_tx!(self, c => {
            let query = sqlx::query(BEGIN).bind(&f.id).bind(token).bind(&f.purpose).bind(&f.step).bind(&f.email);
            let query = query.bind(&f.email_key).bind(&f.account_id).bind(&f.password_hash).bind(&f.return_to);
            let query = query.bind(&f.code).bind(f.code_expires_at).bind(f.tries).bind(f.sent_at).bind(&f.letter_id);
            query.bind(f.created_at).bind(f.expires_at).execute(c).await?;
        });
        Ok(())
    }

    /// Gives a flow that waits for its code another one, another letter and, where it was mended, another address:
    /// unless one was sent since `not_since`. Whether it did.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn renew_code(&mut self, flow: &Flow, not_since: i64) -> Result<bool, StoreError> {
        const RENEW: &str = "UPDATE flows SET code = $2, code_expires_at = $3, tries = 0, sent_at = $4, letter_id = $5, \
                             email = $6, email_key = $7, account_id = $8, password_hash = $9 \
                             WHERE id = $1 AND step = 'code' AND sent_at <= $10";
        let f = flow;
        Ok(in_tx!(self, c => {
            let query = sqlx::query(RENEW).bind(&f.id).bind(&f.code).bind(f.code_expires_at).bind(f.sent_at);
            let query = query.bind(&f.letter_id).bind(&f.email).bind(&f.email_key).bind(&f.account_id);
            let query = query.bind(&f.password_hash).bind(not_since);
            query.execute(c).await?.rows_affected() == 1
        }))
    }

    /// Spends the code: if it is the right one, unexpired, unspent and not guessed at too often, the flow takes its
    /// next step, once. Of many that try at the same time, one succeeds.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn spend_code(
        &mut self,
        id: &str,
        code: &[u8],
        now: i64,
        next: Next<'_>,
        tries: i64,
    ) -> Result<bool, StoreError> {
        const SPEND: &str = "UPDATE flows SET step = $4, code = NULL, password_hash = NULL, expires_at = $6 \
                             WHERE id = $1 AND step = 'code' AND code = $2 AND code_expires_at > $3 AND tries < $5";
        Ok(in_tx!(self, c => {
            let query = sqlx::query(SPEND).bind(id).bind(code).bind(now).bind(next.step).bind(tries);
            query.bind(next.expires_at).execute(c).await?.rows_affected() == 1
        }))
    }

    /// Counts a wrong code; how many there are now.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn wrong_code(&mut self, id: &str) -> Result<i64, StoreError> {
        const COUNT: &str = "UPDATE flows SET tries = tries + 1 WHERE id = $1 RETURNING tries";
        Ok(in_tx!(self, c => sqlx::query_scalar(COUNT).bind(id).fetch_optional(c).await?.unwrap_or_default()))
    }

    /// Takes a flow from one step to the next, once.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn step_flow(&mut self, id: &str, from: &str, to: &str) -> Result<bool, StoreError> {
        const STEP: &str = "UPDATE flows SET step = $3, password_hash = NULL WHERE id = $1 AND step = $2";
        Ok(in_tx!(self, c => sqlx::query(STEP).bind(id).bind(from).bind(to).execute(c).await?.rows_affected() == 1))
    }

    /// Makes every other flow of an address worthless: its codes, and a reset that waits for its password. They look as
    /// they did: whoever began one learns nothing of what the owner does.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_other_flows(&mut self, email_key: &str, but: &str) -> Result<(), StoreError> {
        const END: &str = "UPDATE flows SET code = NULL, password_hash = NULL, \
                           step = CASE WHEN step = 'password' THEN 'code' ELSE step END \
                           WHERE email_key = $1 AND id <> $2";
        in_tx!(self, c => {
            sqlx::query(END).bind(email_key).bind(but).execute(c).await?;
        });
        Ok(())
    }
}

/// What follows when a code was right.
#[derive(Clone, Copy, Debug)]
pub struct Next<'a> {
    /// `password` or `done`.
    pub step: &'a str,
    /// When that is forgotten.
    pub expires_at: i64,
}
