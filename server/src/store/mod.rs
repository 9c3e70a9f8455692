//! What outlives the program, and the only place that speaks SQL.
//!
//! Two engines keep the same promises: SQLite, a file of the program's own, and PostgreSQL for several instances. The
//! promises are sentences in `tests/store.rs`, run on both. Clock and random numbers are passed in.

mod postgres;
mod sqlite;

use crate::settings::Database;
use sqlx::{
    PgPool, SqlSafeStr, SqlitePool,
    migrate::{Migration, MigrationType, Migrator},
};
use std::{path::Path, time::Duration};

/// How long one waits for a connection, and for a sign of life.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened.
    #[error("the database {database} cannot be opened ({why}): see DATABASE_URL and ESTAFETTE_DATA")]
    Unopened {
        /// Which, its password masked.
        database: String,
        /// The engine's word, on one line.
        why: String,
    },
    /// It did not do what it was asked to.
    #[error("the database failed: {0}")]
    Failed(#[from] sqlx::Error),
    /// It did not answer.
    #[error("the database did not answer within {} s", PATIENCE.as_secs())]
    Silent,
}

/// An open store.
#[derive(Clone, Debug)]
pub enum Store {
    /// A file.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
}

/// One statement for both engines, where they agree.
macro_rules! on_either {
    ($store:expr, $pool:ident => $statement:expr) => {
        match $store {
            Store::Sqlite($pool) => $statement,
            Store::Postgres($pool) => $statement,
        }
    };
}

impl Store {
    /// Opens the database, makes it if it is a file that is not there, and brings it up to date. Files lie under `data`
    /// unless their path is absolute.
    ///
    /// # Errors
    /// If it cannot be reached, or was brought further by a newer program.
    pub async fn open(database: &Database, data: &Path) -> Result<Self, StoreError> {
        let opened = match database {
            Database::Sqlite(path) => sqlite::open(&data.join(path)).await.map(Store::Sqlite),
            Database::Postgres(url) => postgres::open(url).await.map(Store::Postgres),
        };
        opened.map_err(|why| StoreError::Unopened {
            database: database.shown(),
            why: why.to_string().split_whitespace().collect::<Vec<_>>().join(" "),
        })
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// If it does not, or not in time.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let asked = async { on_either!(self, pool => sqlx::query("SELECT 1").execute(pool).await.map(drop)) };
        tokio::time::timeout(PATIENCE, asked).await.map_err(|_| StoreError::Silent)?.map_err(StoreError::Failed)
    }

    /// A word the installation keeps of itself: the one already kept, else `fresh`, which is kept from now on.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn meta(&self, key: &str, fresh: &str) -> Result<String, StoreError> {
        const KEEP: &str = "INSERT INTO site_meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
        const READ: &str = "SELECT value FROM site_meta WHERE key = $1";
        on_either!(self, pool => {
            sqlx::query(KEEP).bind(key).bind(fresh).execute(pool).await?;
            Ok(sqlx::query_scalar(READ).bind(key).fetch_one(pool).await?)
        })
    }

    /// Lets go of it, when what is under way has been written.
    pub async fn close(&self) {
        on_either!(self, pool => pool.close().await);
    }
}

/// Why opening failed, in the engine's words.
type Why = Box<dyn std::error::Error + Send + Sync>;

/// The migrations of one engine, compiled in.
fn migrator(migrations: &[(i64, &'static str, &'static str)]) -> Migrator {
    let of = |(version, name, sql): &(i64, &'static str, &'static str)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, (*sql).into_sql_str(), false)
    };
    Migrator::with_migrations(migrations.iter().map(of).collect())
}
