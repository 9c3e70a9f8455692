//! SQLite: a file of the program's own.

use super::{PATIENCE, Store, Why, migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::{fs, path::Path};

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "site_meta", include_str!("../../../migrations/sqlite/0001_site_meta.sql")),
    (2, "accounts", include_str!("../../../migrations/sqlite/0002_accounts.sql")),
];

/// Readers beside the one writer SQLite has.
const CONNECTIONS: u32 = 4;

pub(super) async fn open(path: &Path) -> Result<Store, Why> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_private(folder)?;
    // SQLite runs migrations without a lock of their own; two programs may start on one file.
    let lock = fs::File::create(path.with_extension("lock"))?;
    let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE);
    let pool = |connections| SqlitePoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
    let writer = pool(1).connect_with(options.clone()).await?;
    migrator(MIGRATIONS).run(&writer).await?;
    let readers = pool(CONNECTIONS).connect_with(options).await?;
    drop(lock);
    Ok(Store::Sqlite { readers, writer })
}

/// Makes a folder that no other user can read; leaves one that is there as it is.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
