//! What the store promises, on both engines.

use server::{settings::Database, store::Store};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The promises, for an engine that `$open`s a database of the test's own: a `Database`, a folder for data, and
/// whatever must live as long.
macro_rules! store_contract {
    ($open:path) => {
        #[tokio::test]
        async fn a_word_once_kept_is_kept() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            assert_eq!(store.meta("installation", "first").await.expect("kept"), "first");
            assert_eq!(store.meta("installation", "second").await.expect("kept"), "first");
            assert_eq!(store.meta("other", "second").await.expect("kept"), "second");
            store.close().await;
            let store = Store::open(&database, &data).await.expect("it opens again");
            assert_eq!(store.meta("installation", "third").await.expect("kept"), "first");
        }

        #[tokio::test]
        async fn several_that_open_at_once_agree() {
            let (database, data, _alive) = $open();
            let openings: Vec<_> = (0..6)
                .map(|n: u8| {
                    let (database, data) = (database.clone(), data.clone());
                    tokio::spawn(async move {
                        let store = Store::open(&database, &data).await.expect("it opens");
                        store.meta("installation", &n.to_string()).await.expect("kept")
                    })
                })
                .collect();
            let mut words = Vec::new();
            for opening in openings {
                words.push(opening.await.expect("it ran"));
            }
            assert!(words.iter().all(|word| *word == words[0]), "{words:?}");
        }

        #[tokio::test]
        async fn it_answers_until_it_is_closed() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            store.ping().await.expect("it answers");
            store.close().await;
            store.ping().await.expect_err("it is closed");
        }

        #[tokio::test]
        async fn what_a_newer_program_has_changed_is_not_touched() {
            let (database, data, _alive) = $open();
            let store = Store::open(&database, &data).await.expect("it opens");
            let newer = "UPDATE _sqlx_migrations SET version = 999999 WHERE version = 1";
            match &store {
                Store::Sqlite(pool) => drop(sqlx::query(newer).execute(pool).await.expect("changed")),
                Store::Postgres(pool) => drop(sqlx::query(newer).execute(pool).await.expect("changed")),
            }
            store.close().await;
            let refused = Store::open(&database, &data).await.expect_err("it is newer").to_string();
            assert!(refused.contains("999999") && !refused.contains('\n'), "{refused}");
        }
    };
}

mod on_sqlite {
    use super::*;

    fn own_file() -> (Database, PathBuf, Folder) {
        let folder = Folder::new("sqlite");
        (Database::Sqlite("own.db".into()), folder.0.join("made/by/itself"), folder)
    }

    store_contract!(own_file);

    #[tokio::test]
    async fn what_was_acknowledged_survives_a_power_cut() {
        let (database, data, _alive) = own_file();
        let Store::Sqlite(pool) = Store::open(&database, &data).await.expect("it opens") else { panic!("SQLite") };
        let pragma = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(&pool).await.expect("told");
        assert_eq!(pragma("PRAGMA synchronous").await, 2);
        assert_eq!(pragma("PRAGMA foreign_keys").await, 1);
        assert!(pragma("PRAGMA busy_timeout").await >= 1000);
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&pool).await.expect("told");
        assert_eq!(journal, "wal");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn no_other_user_reads_what_is_kept() {
        let (database, data, _alive) = own_file();
        Store::open(&database, &data).await.expect("it opens");
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&data).expect("it was made").permissions());
        assert_eq!(mode & 0o077, 0);
    }
}

mod on_postgres {
    use super::*;

    fn own_server() -> (Database, PathBuf, Postgres) {
        let server = Postgres::start();
        (Database::Postgres(server.url()), server.folder.0.clone(), server)
    }

    store_contract!(own_server);

    #[tokio::test]
    async fn a_server_that_is_gone_is_noticed() {
        let (database, data, server) = own_server();
        let store = Store::open(&database, &data).await.expect("it opens");
        store.ping().await.expect("it answers");
        drop(server);
        store.ping().await.expect_err("nobody answers");
    }
}

/// A folder that is removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("estafette-{name}-{}-{count}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A PostgreSQL server of a test's own, on a socket in its own folder and on no port.
struct Postgres {
    running: Child,
    folder: Folder,
}

impl Postgres {
    fn start() -> Self {
        let folder = Folder::new("postgres");
        let data = folder.0.join("data");
        as_postgres_may(&folder.0);
        let made = command("initdb")
            .args(["--auth=trust", "--username=estafette", "--no-sync", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(&data)
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let running = command("postgres")
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&folder.0)
            .args(["-c", "listen_addresses=", "-c", "fsync=off"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres runs");
        let server = Self { running, folder };
        let began = Instant::now();
        while !server.answers() {
            assert!(began.elapsed() < Duration::from_secs(60), "PostgreSQL does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    fn answers(&self) -> bool {
        let asked = command("pg_isready").arg("-q").arg("-h").arg(&self.folder.0).status();
        asked.expect("pg_isready runs").success()
    }

    fn url(&self) -> String {
        format!("postgres://estafette@localhost/postgres?host={}", self.folder.0.display())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

/// A program of PostgreSQL's: Debian keeps them off the path. They refuse to run as root, who becomes `postgres`.
fn command(name: &str) -> Command {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = debian.map(|version| version.path().join("bin").join(name)).collect();
    found.retain(|path| path.exists());
    found.sort();
    let mut command = Command::new(found.pop().unwrap_or_else(|| name.into()));
    command.current_dir("/");
    if id(&["-u"]) == 0 {
        use std::os::unix::process::CommandExt;
        command.uid(id(&["-u", "postgres"])).gid(id(&["-g", "postgres"]));
    }
    command
}

fn as_postgres_may(folder: &Path) {
    if id(&["-u"]) == 0 {
        std::os::unix::fs::chown(folder, Some(id(&["-u", "postgres"])), Some(id(&["-g", "postgres"])))
            .expect("root may");
    }
}

fn id(arguments: &[&str]) -> u32 {
    let told = Command::new("id").args(arguments).output().expect("id runs");
    let told = String::from_utf8(told.stdout).expect("UTF-8");
    told.trim().parse().expect("PostgreSQL is installed, and its user with it")
}
