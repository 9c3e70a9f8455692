//! Accounts, their consents and the browsers they were used in.

use super::{Inner, Store, StoreError, Tx, in_tx, on_either};

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name inside, drawn at random.
    pub id: String,
    /// The address, as its owner writes it.
    pub email: String,
    /// The address, as it is looked up.
    pub email_key: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// The language of its letters: `fr`, `en`.
    pub lang: String,
    /// Since when the newsletter comes.
    pub newsletter_at: Option<i64>,
    /// When it was opened.
    pub created_at: i64,
}

type Row = (String, String, String, String, String, Option<i64>, i64);

impl From<Row> for Account {
    fn from((id, email, email_key, password_hash, lang, newsletter_at, created_at): Row) -> Self {
        Account { id, email, email_key, password_hash, lang, newsletter_at, created_at }
    }
}

/// A yes or no to the newsletter, with its evidence.
#[derive(Clone, Debug)]
pub struct Consent<'a> {
    /// Whose.
    pub account_id: &'a str,
    /// When.
    pub at: i64,
    /// Yes or no.
    pub granted: bool,
    /// Which wording was read.
    pub version: &'a str,
    /// In which language.
    pub lang: &'a str,
    /// From which network.
    pub network: &'a str,
}

const BY_KEY: &str = "SELECT id, email, email_key, password_hash, lang, newsletter_at, created_at FROM accounts \
                      WHERE email_key = $1";
const BY_ID: &str = "SELECT id, email, email_key, password_hash, lang, newsletter_at, created_at FROM accounts \
                     WHERE id = $1";

impl Store {
    /// The account of that address.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn account(&self, email_key: &str) -> Result<Option<Account>, StoreError> {
        Ok(on_either!(self, pool => {
            sqlx::query_as::<_, Row>(BY_KEY).bind(email_key).fetch_optional(pool).await?.map(Account::from)
        }))
    }

    /// The account of that id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn account_by_id(&self, id: &str) -> Result<Option<Account>, StoreError> {
        Ok(on_either!(self, pool => {
            sqlx::query_as::<_, Row>(BY_ID).bind(id).fetch_optional(pool).await?.map(Account::from)
        }))
    }

    /// Whether the account of that address was used in that browser.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn knows_device(&self, email_key: &str, token: &[u8]) -> Result<bool, StoreError> {
        const KNOWN: &str = "SELECT 1 FROM devices d JOIN accounts a ON a.id = d.account_id \
                             WHERE a.email_key = $1 AND d.token = $2";
        Ok(
            on_either!(self, pool => sqlx::query(KNOWN).bind(email_key).bind(token).fetch_optional(pool).await?.is_some()),
        )
    }

    /// Accounts by address, from the one behind `after` on, at most `limit`, whose address holds `part`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn accounts(&self, part: &str, after: &str, limit: i64) -> Result<Vec<Account>, StoreError> {
        const SOME: &str = "SELECT id, email, email_key, password_hash, lang, newsletter_at, created_at FROM accounts \
                            WHERE email_key > $1 AND email_key LIKE $2 ESCAPE '!' ORDER BY email_key LIMIT $3";
        let part = part.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let part = format!("%{part}%");
        Ok(on_either!(self, pool => {
            let rows = sqlx::query_as::<_, Row>(SOME).bind(after).bind(part).bind(limit).fetch_all(pool).await?;
            rows.into_iter().map(Account::from).collect()
        }))
    }
}

impl Tx {
    /// The account of that address, held until the transaction ends: nobody changes its password meanwhile.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn account(&mut self, email_key: &str) -> Result<Option<Account>, StoreError> {
        const HELD: &str = "SELECT id, email, email_key, password_hash, lang, newsletter_at, created_at FROM accounts \
                            WHERE email_key = $1 FOR UPDATE";
        // SQLite's transactions have the whole database for themselves.
        let sql = if matches!(self.0, Inner::Sqlite(_)) { BY_KEY } else { HELD };
        Ok(in_tx!(self, c => sqlx::query_as::<_, Row>(sql).bind(email_key).fetch_optional(c).await?.map(Account::from)))
    }

    /// Opens an account. `false` if the address has one: then nothing has happened.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn open_account(&mut self, account: &Account) -> Result<bool, StoreError> {
        const OPEN: &str = "INSERT INTO accounts (id, email, email_key, password_hash, lang, newsletter_at, created_at) \
                            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email_key) DO NOTHING";
        let a = account;
        Ok(in_tx!(self, c => {
            let query = sqlx::query(OPEN).bind(&a.id).bind(&a.email).bind(&a.email_key).bind(&a.password_hash);
            query.bind(&a.lang).bind(a.newsletter_at).bind(a.created_at).execute(c).await?.rows_affected() == 1
        }))
    }

    /// Sets the password's hash.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn set_password(&mut self, account_id: &str, hash: &str) -> Result<(), StoreError> {
        const SET: &str = "UPDATE accounts SET password_hash = $2 WHERE id = $1";
        in_tx!(self, c => { sqlx::query(SET).bind(account_id).bind(hash).execute(c).await?; });
        Ok(())
    }

    /// Sets the language of letters.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn set_letters(&mut self, account_id: &str, lang: &str) -> Result<(), StoreError> {
        const SET: &str = "UPDATE accounts SET lang = $2 WHERE id = $1";
        in_tx!(self, c => { sqlx::query(SET).bind(account_id).bind(lang).execute(c).await?; });
        Ok(())
    }

    /// Subscribes to the newsletter or ends that, and keeps the evidence.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn consent(&mut self, consent: &Consent<'_>) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO consents (account_id, at, granted, version, lang, network) \
                            VALUES ($1, $2, $3, $4, $5, $6)";
        // Who says yes twice keeps the day of the first.
        const SET: &str = "UPDATE accounts SET newsletter_at = CASE WHEN $2 THEN COALESCE(newsletter_at, $3) END \
                           WHERE id = $1";
        let k = consent;
        in_tx!(self, c => {
            let query = sqlx::query(KEEP).bind(k.account_id).bind(k.at).bind(k.granted).bind(k.version);
            query.bind(k.lang).bind(k.network).execute(&mut *c).await?;
            sqlx::query(SET).bind(k.account_id).bind(k.granted).bind(k.at).execute(c).await?;
        });
        Ok(())
    }

    /// Deletes an account with everything that names it: sessions, consents, browsers, flows, the addresses of its
    /// letters. Whether there was one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_account(&mut self, account: &Account) -> Result<bool, StoreError> {
        const FLOWS: &str = "DELETE FROM flows WHERE email_key = $1";
        const LETTERS: &str = "DELETE FROM outbox WHERE recipient_key = $1 AND state <> 'queued'";
        const QUEUED: &str = "UPDATE outbox SET forget = $2 WHERE recipient_key = $1";
        const DELETE: &str = "DELETE FROM accounts WHERE id = $1";
        Ok(in_tx!(self, c => {
            sqlx::query(FLOWS).bind(&account.email_key).execute(&mut *c).await?;
            sqlx::query(LETTERS).bind(&account.email_key).execute(&mut *c).await?;
            sqlx::query(QUEUED).bind(&account.email_key).bind(true).execute(&mut *c).await?;
            sqlx::query(DELETE).bind(&account.id).execute(c).await?.rows_affected() == 1
        }))
    }

    /// Notes that an account is used in a browser. Whether it was known there.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn know_device(&mut self, account_id: &str, token: &[u8], now: i64) -> Result<bool, StoreError> {
        const SEEN: &str = "UPDATE devices SET seen_at = $3 WHERE account_id = $1 AND token = $2";
        const NEW: &str = "INSERT INTO devices (account_id, token, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        Ok(in_tx!(self, c => {
            let seen = sqlx::query(SEEN).bind(account_id).bind(token).bind(now).execute(&mut *c).await?.rows_affected() == 1;
            if !seen {
                sqlx::query(NEW).bind(account_id).bind(token).bind(now).execute(c).await?;
            }
            seen
        }))
    }

    /// Forgets the browsers an account was used in, but for one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget_devices(&mut self, account_id: &str, but: &[u8]) -> Result<(), StoreError> {
        const FORGET: &str = "DELETE FROM devices WHERE account_id = $1 AND token <> $2";
        in_tx!(self, c => {
            sqlx::query(FORGET).bind(account_id).bind(but).execute(c).await?;
        });
        Ok(())
    }
}
