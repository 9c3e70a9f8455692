//! SQLite: a file of the program's own.

use super::{Store, Why, migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "site_meta", include_str!("../../../migrations/sqlite/0001_site_meta.sql")),
    (2, "accounts", include_str!("../../../migrations/sqlite/0002_accounts.sql")),
    (3, "media", include_str!("../../../migrations/sqlite/0003_media.sql")),
    (4, "clips", include_str!("../../../migrations/sqlite/0004_clips.sql")),
    (5, "library", include_str!("../../../migrations/sqlite/0005_library.sql")),
    (6, "downloads", include_str!("../../../migrations/sqlite/0006_downloads.sql")),
    (7, "basket", include_str!("../../../migrations/sqlite/0007_basket.sql")),
    (8, "footage", include_str!("../../../migrations/sqlite/0008_footage.sql")),
];

/// Readers beside the one writer SQLite has.
const CONNECTIONS: u32 = 4;

/// How long one waits in line for the file, in this program and behind others. A server that does not answer may be away;
/// a file is only busy, for as long as its disk is, and whoever waits is served.
const IN_LINE: Duration = Duration::from_secs(20);

pub(super) async fn open(path: &Path) -> Result<Store, Why> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_private(folder)?;
    let in_use = fs::File::create(in_use(path))?;
    // SQLite runs migrations without a lock of their own; two programs may start on one file.
    let lock = fs::File::create(path.with_extension("lock"))?;
    let locked = move || in_use.lock_shared().and_then(|()| lock.lock()).map(|()| (in_use, lock));
    let (in_use, lock) = tokio::task::spawn_blocking(locked).await??;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(IN_LINE);
    let pool = |connections| {
        let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(IN_LINE);
        // Asked for a sign of life when it is given back, as all are; there is no line to break after that.
        pool.test_before_acquire(false)
    };
    let writer = pool(1).connect_with(options.clone()).await?;
    migrator(MIGRATIONS).run(&writer).await?;
    let readers = pool(CONNECTIONS).connect_with(options).await?;
    drop(lock);
    Ok(Store::Sqlite { readers, writer, in_use: Arc::new(in_use) })
}

/// The newest version of the schema this program knows.
pub(super) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |(version, ..)| *version)
}

/// Locked as long as a program has the database open, by all of them together; by whoever puts another file in its
/// place, alone. A file of its own: a lock that changes its kind is none for a moment.
pub(super) fn in_use(path: &Path) -> PathBuf {
    path.with_extension("in-use")
}

/// Makes a folder that no other user can read; leaves one that is there as it is.
pub(super) fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
