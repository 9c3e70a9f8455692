//! What outlives the program, and the only place that speaks SQL.
//!
//! Two engines keep the same promises: SQLite, a file of the program's own, and PostgreSQL for several instances. The
//! promises are sentences in `tests/store.rs`, run on both. Clock and random numbers are passed in.

pub mod accounts;
pub mod audit;
pub mod basket;
pub mod budgets;
pub mod clips;
pub mod copies;
pub mod downloads;
pub mod flows;
pub mod library;
pub mod media;
pub mod outbox;
mod postgres;
pub mod sessions;
mod sqlite;
pub mod tokens;

use crate::settings::Database;
use sqlx::{
    Connection, PgConnection, PgPool, Postgres, SqlSafeStr, Sqlite, SqlitePool, Transaction,
    migrate::{Migration, MigrationType, Migrator},
};
use std::{fs::File, path::Path, sync::Arc, time::Duration};

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

impl StoreError {
    fn unopened(database: &Database, why: &dyn std::error::Error) -> Self {
        let why = why.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        StoreError::Unopened { database: database.shown(), why }
    }
}

/// An open store.
#[derive(Clone, Debug)]
pub enum Store {
    /// A file.
    Sqlite {
        /// Several at once.
        readers: SqlitePool,
        /// SQLite has one writer. Whoever would write waits here in line, and not inside SQLite, where nobody keeps one.
        writer: SqlitePool,
        /// While it is locked, no other file is put in the database's place.
        in_use: Arc<File>,
    },
    /// A server.
    Postgres(PgPool),
}

/// What happens together or not at all. Dropped without [`commit`](Tx::commit), it leaves nothing.
pub struct Tx(Inner);

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Makes it last.
    ///
    /// # Errors
    /// If the database fails: then nothing has happened.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.0 {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// One statement of a transaction for both engines.
macro_rules! in_tx {
    ($tx:expr, $connection:ident => $statement:expr) => {
        match &mut $tx.0 {
            $crate::store::Inner::Sqlite(tx) => {
                let $connection = &mut **tx;
                $statement
            }
            $crate::store::Inner::Postgres(tx) => {
                let $connection = &mut **tx;
                $statement
            }
        }
    };
}
pub(crate) use in_tx;

/// One statement that reads, for both engines, where they agree.
macro_rules! on_either {
    ($store:expr, $pool:ident => $statement:expr) => {
        match $store {
            $crate::store::Store::Sqlite { readers: $pool, .. } => $statement,
            $crate::store::Store::Postgres($pool) => $statement,
        }
    };
}
pub(crate) use on_either;

/// One statement that writes, likewise.
macro_rules! on_writer {
    ($store:expr, $pool:ident => $statement:expr) => {
        match $store {
            $crate::store::Store::Sqlite { writer: $pool, .. } => $statement,
            $crate::store::Store::Postgres($pool) => $statement,
        }
    };
}
pub(crate) use on_writer;

impl Store {
    /// Opens the database, makes it if it is a file that is not there, and brings it up to date. Files lie under `data`
    /// unless their path is absolute.
    ///
    /// # Errors
    /// If it cannot be reached, or was brought further by a newer program.
    pub async fn open(database: &Database, data: &Path) -> Result<Self, StoreError> {
        let opened = match database {
            Database::Sqlite(path) => sqlite::open(&data.join(path)).await,
            Database::Postgres(url) => postgres::open(url).await.map(Store::Postgres),
        };
        opened.map_err(|why| StoreError::unopened(database, &*why))
    }

    /// The steps that brought the schema to where it is, by number and name, oldest first. Changes nothing: a database
    /// that is not there or was never set up has none.
    ///
    /// # Errors
    /// If it cannot be reached.
    pub async fn schema(database: &Database, data: &Path) -> Result<Vec<(i64, String)>, StoreError> {
        const KNOWN: &str = "SELECT count(*) FROM information_schema.tables \
                             WHERE table_schema = current_schema() AND table_name = '_sqlx_migrations'";
        const KNOWN_SQLITE: &str = "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
        const STEPS: &str = "SELECT version, description FROM _sqlx_migrations ORDER BY version";
        macro_rules! steps {
            ($connection:expr, $known:expr) => {{
                let mut connection = $connection;
                let known: i64 = sqlx::query_scalar($known).fetch_one(&mut connection).await?;
                let steps = match known {
                    0 => Vec::new(),
                    _ => sqlx::query_as(STEPS).fetch_all(&mut connection).await?,
                };
                connection.close().await?;
                steps
            }};
        }
        let steps = async || -> Result<Vec<(i64, String)>, sqlx::Error> {
            Ok(match database {
                Database::Sqlite(path) if !data.join(path).exists() => Vec::new(),
                Database::Sqlite(path) => steps!(copies::reading(&data.join(path)).await?, KNOWN_SQLITE),
                Database::Postgres(url) => steps!(PgConnection::connect(url).await?, KNOWN),
            })
        };
        steps().await.map_err(|why| StoreError::unopened(database, &why))
    }

    /// Begins what happens together.
    ///
    /// # Errors
    /// If the database fails, or nobody lets it write in time.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(Tx(match self {
            // A writer from the start: one that becomes it later may be refused in the middle.
            Store::Sqlite { writer, .. } => Inner::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Store::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        }))
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
        on_writer!(self, pool => {
            sqlx::query(KEEP).bind(key).bind(fresh).execute(pool).await?;
            Ok(sqlx::query_scalar(READ).bind(key).fetch_one(pool).await?)
        })
    }

    /// Lets go of it, when what is under way has been written.
    pub async fn close(&self) {
        if let Store::Sqlite { writer, .. } = self {
            writer.close().await;
        }
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
