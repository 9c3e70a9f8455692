//! Tokens by which programs take footage away in somebody's name. Of the token itself only the SHA-256 is kept.

use super::{Store, StoreError, Tx, accounts::Account, in_tx, on_either, on_writer};

/// A token, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its name inside and in the list; nothing opens by it.
    pub id: String,
    /// Whose.
    pub account_id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was last used, to a few minutes.
    pub used_at: Option<i64>,
    /// When it ends.
    pub ends_at: i64,
}

type Row = (String, String, String, i64, Option<i64>, i64);

impl From<Row> for Token {
    fn from((id, account_id, name, created_at, used_at, ends_at): Row) -> Self {
        Token { id, account_id, name, created_at, used_at, ends_at }
    }
}

impl Store {
    /// The token of that SHA-256 with its account, if it has not ended.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn token(&self, token: &[u8], now: i64) -> Result<Option<(Token, Account)>, StoreError> {
        const ONE: &str = "SELECT id, account_id, name, created_at, used_at, ends_at FROM tokens \
                           WHERE token = $1 AND ends_at > $2";
        let row: Option<Row> =
            on_either!(self, pool => sqlx::query_as(ONE).bind(token).bind(now).fetch_optional(pool).await?);
        let Some(token) = row.map(Token::from) else { return Ok(None) };
        // It may have been deleted between the two, and its tokens with it.
        Ok(self.account_by_id(&token.account_id).await?.map(|account| (token, account)))
    }

    /// Notes that a token is used.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn token_used(&self, id: &str, now: i64) -> Result<(), StoreError> {
        const USED: &str = "UPDATE tokens SET used_at = $2 WHERE id = $1";
        on_writer!(self, pool => { sqlx::query(USED).bind(id).bind(now).execute(pool).await?; });
        Ok(())
    }

    /// The tokens of an account, those that have just ended too, the one made last first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tokens_of(&self, account_id: &str) -> Result<Vec<Token>, StoreError> {
        const ALL: &str = "SELECT id, account_id, name, created_at, used_at, ends_at FROM tokens \
                           WHERE account_id = $1 ORDER BY created_at DESC, id";
        Ok(on_either!(self, pool => {
            let rows = sqlx::query_as::<_, Row>(ALL).bind(account_id).fetch_all(pool).await?;
            rows.into_iter().map(Token::from).collect()
        }))
    }
}

impl Tx {
    /// Adds a token under its SHA-256, unless the account has `most` that have not ended. Whether it was added. Of many at
    /// once no more are, if each holds the account ([`Tx::account`]).
    ///
    /// # Errors
    /// If the database fails.
    pub async fn add_token(&mut self, token: &Token, digest: &[u8], most: i64) -> Result<bool, StoreError> {
        const ADD: &str = "INSERT INTO tokens (id, token, account_id, name, created_at, ends_at) \
                           SELECT $1, $2, $3, $4, $5, $6 \
                           WHERE (SELECT count(*) FROM tokens WHERE account_id = $3 AND ends_at > $5) < $7";
        let t = token;
        Ok(in_tx!(self, c => {
            let query = sqlx::query(ADD).bind(&t.id).bind(digest).bind(&t.account_id).bind(&t.name);
            query.bind(t.created_at).bind(t.ends_at).bind(most).execute(c).await?.rows_affected() == 1
        }))
    }

    /// Ends a token of that account: it opens nothing any more. What it was called.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_token(&mut self, account_id: &str, id: &str) -> Result<Option<String>, StoreError> {
        const END: &str = "DELETE FROM tokens WHERE account_id = $1 AND id = $2 RETURNING name";
        Ok(in_tx!(self, c => sqlx::query_scalar(END).bind(account_id).bind(id).fetch_optional(c).await?))
    }

    /// Ends every token of an account; how many.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn end_tokens(&mut self, account_id: &str) -> Result<u64, StoreError> {
        const END: &str = "DELETE FROM tokens WHERE account_id = $1";
        Ok(in_tx!(self, c => sqlx::query(END).bind(account_id).execute(c).await?.rows_affected()))
    }
}
