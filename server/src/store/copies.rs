//! Copies of SQLite's file: taken while the server writes, put back while nothing runs. PostgreSQL has programs of its
//! own for that.

use super::{PATIENCE, sqlite};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Why a copy was not taken or not put back.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Nothing is overwritten.
    #[error("{} is there already, and nothing is overwritten: name another file", .0.display())]
    Exists(PathBuf),
    /// It is something else.
    #[error("{} is no sound database of Estafette's ({why})", .file.display())]
    Foreign {
        /// Which.
        file: PathBuf,
        /// In SQLite's words.
        why: String,
    },
    /// A newer program has made it.
    #[error("{} was made by a newer program (its schema is {found}, this program's {known}): restore it with that one", .file.display())]
    Newer {
        /// Which.
        file: PathBuf,
        /// Its schema's version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// A program has the database open.
    #[error("{} is in use: stop the server first", .0.display())]
    InUse(PathBuf),
    /// The system refuses.
    #[error("{}: {why}", .file.display())]
    Io {
        /// What it was asked for.
        file: PathBuf,
        /// Its word.
        why: io::Error,
    },
    /// SQLite refuses.
    #[error("the database failed: {0}")]
    Failed(#[from] sqlx::Error),
}

/// What a sound file of ours says of itself.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its schema's version.
    pub schema: i64,
    /// The mark of the key it was used with, if it was.
    pub key: Option<String>,
}

/// The right to put another file in the database's place, as long as it is held.
#[derive(Debug)]
pub struct Claim(#[expect(dead_code, reason = "the lock goes with the file")] fs::File);

fn of(file: &Path) -> impl FnOnce(io::Error) -> CopyError {
    let file = file.to_owned();
    |why| CopyError::Io { file, why }
}

/// A connection that changes nothing, not even an old schema.
pub(super) async fn reading(file: &Path) -> sqlx::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(PATIENCE);
    SqliteConnection::connect_with(&options).await
}

/// Copies the database at `from`, as it is at one moment, into a new file that no other user can read. Who writes to it
/// meanwhile is not held up.
///
/// # Errors
/// If `to` is there already or cannot be written, or `from` cannot be read: then nothing is left behind.
pub async fn copy(from: &Path, to: &Path) -> Result<(), CopyError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // SQLite takes a file that is empty; so it is nobody else's from the first moment.
    let file = options.open(to).map_err(|why| match why.kind() {
        io::ErrorKind::AlreadyExists => CopyError::Exists(to.to_owned()),
        _ => of(to)(why),
    })?;
    let copied = async {
        // An absolute path is never read as a URI.
        let path = std::path::absolute(to).map_err(of(to))?;
        let path = path.to_str().ok_or_else(|| of(to)(io::ErrorKind::InvalidFilename.into()))?;
        let mut source = reading(from).await?;
        sqlx::query("VACUUM INTO $1").bind(path).execute(&mut source).await?;
        source.close().await?;
        // SQLite leaves this to whoever asks for the copy.
        file.sync_all().map_err(of(to))
    };
    let copied = copied.await;
    if copied.is_err() {
        let _ = fs::remove_file(to);
    }
    copied
}

/// Looks whether a file is a sound database of ours that this program can use.
///
/// # Errors
/// If it is not.
pub async fn inspect(file: &Path) -> Result<Held, CopyError> {
    fs::File::open(file).map_err(of(file))?;
    let asked = async {
        let mut connection = reading(file).await?;
        let sound: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut connection).await?;
        if sound != "ok" {
            return Err(sqlx::Error::Protocol(sound));
        }
        let schema = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut connection).await?;
        let key = sqlx::query_scalar("SELECT value FROM site_meta WHERE key = 'key'");
        let key = key.fetch_optional(&mut connection).await?;
        connection.close().await?;
        Ok(Held { schema, key })
    };
    let held = asked.await.map_err(|why| CopyError::Foreign { file: file.to_owned(), why: why.to_string() })?;
    match sqlite::newest() {
        known if known < held.schema => Err(CopyError::Newer { file: file.to_owned(), found: held.schema, known }),
        _ => Ok(held),
    }
}

/// Claims the place of a database, which need not be there.
///
/// # Errors
/// If a program has it open.
pub fn claim(place: &Path) -> Result<Claim, CopyError> {
    sqlite::make_private(place.parent().unwrap_or(Path::new("."))).map_err(of(place))?;
    let lock = fs::File::create(sqlite::in_use(place)).map_err(of(place))?;
    match lock.try_lock() {
        Ok(()) => Ok(Claim(lock)),
        Err(fs::TryLockError::WouldBlock) => Err(CopyError::InUse(place.to_owned())),
        Err(fs::TryLockError::Error(why)) => Err(of(place)(why)),
    }
}

/// Puts a copy of `from` in a place that one has claimed. What lies there is moved to `aside`, with all that was
/// acknowledged but not yet moved into SQLite's main file; so is a log without its database, which SQLite would mix in.
///
/// # Errors
/// If `from` cannot be read or the folder not be written.
pub async fn put_back(_claim: &Claim, from: &Path, place: &Path, aside: &Path) -> Result<(), CopyError> {
    let ready = place.with_extension("restoring");
    // Of a restore that broke off.
    let _ = fs::remove_file(&ready);
    copy(from, &ready).await?;
    let beside = |file: &Path, suffix: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    for suffix in ["", "-wal", "-shm"] {
        let old = beside(place, suffix);
        match fs::rename(&old, beside(aside, suffix)) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(of(&old)(why)),
            _ => {}
        }
    }
    fs::rename(&ready, place).map_err(of(place))?;
    // The new name lasts too.
    #[cfg(unix)]
    if let Some(folder) = place.parent() {
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(of(folder))?;
    }
    Ok(())
}
