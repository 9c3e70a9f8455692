//! What happened to accounts.

use super::{Store, StoreError, Tx, in_tx, on_either, on_writer};

/// Something that happened. No secrets, no addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: i64,
    /// What: `signed_in`, `code_wrong` …
    pub event: String,
    /// To whose account, if it is known.
    pub account_id: Option<String>,
    /// Keyed hash of the address.
    pub address: String,
    /// From which network, shortened.
    pub network: String,
    /// What else there is to know.
    pub detail: String,
}

const NOTE: &str =
    "INSERT INTO audit (at, event, account_id, address, network, detail) VALUES ($1, $2, $3, $4, $5, $6)";

impl Store {
    /// Notes an event by itself.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn note(&self, event: &Event) -> Result<(), StoreError> {
        let e = event;
        on_writer!(self, pool => {
            let query = sqlx::query(NOTE).bind(e.at).bind(&e.event).bind(&e.account_id).bind(&e.address);
            query.bind(&e.network).bind(&e.detail).execute(pool).await?;
        });
        Ok(())
    }

    /// The last events, newest first; of one account or address hash only, if one is given.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn events(&self, about: Option<&str>, limit: i64) -> Result<Vec<Event>, StoreError> {
        const ALL: &str = "SELECT at, event, account_id, address, network, detail FROM audit ORDER BY id DESC LIMIT $1";
        const ABOUT: &str = "SELECT at, event, account_id, address, network, detail FROM audit \
                             WHERE account_id = $1 OR address = $1 ORDER BY id DESC LIMIT $2";
        type Row = (i64, String, Option<String>, String, String, String);
        let event = |(at, event, account_id, address, network, detail)| Event {
            at,
            event,
            account_id,
            address,
            network,
            detail,
        };
        Ok(on_either!(self, pool => {
            let rows: Vec<Row> = match about {
                Some(about) => sqlx::query_as(ABOUT).bind(about).bind(limit).fetch_all(pool).await?,
                None => sqlx::query_as(ALL).bind(limit).fetch_all(pool).await?,
            };
            rows.into_iter().map(event).collect()
        }))
    }
}

impl Tx {
    /// Notes an event with what it belongs to.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn note(&mut self, event: &Event) -> Result<(), StoreError> {
        let e = event;
        in_tx!(self, c => {
            let query = sqlx::query(NOTE).bind(e.at).bind(&e.event).bind(&e.account_id).bind(&e.address);
            query.bind(&e.network).bind(&e.detail).execute(c).await?;
        });
        Ok(())
    }

    /// Takes the address's mark from the events of an account that is no more.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn anonymise(&mut self, account_id: &str, address: &str) -> Result<(), StoreError> {
        // Two statements: each has its index.
        const OF_ACCOUNT: &str = "UPDATE audit SET address = '', network = '' WHERE account_id = $1";
        const OF_ADDRESS: &str = "UPDATE audit SET address = '', network = '' WHERE address = $1";
        in_tx!(self, c => {
            sqlx::query(OF_ACCOUNT).bind(account_id).execute(&mut *c).await?;
            sqlx::query(OF_ADDRESS).bind(address).execute(c).await?;
        });
        Ok(())
    }
}
