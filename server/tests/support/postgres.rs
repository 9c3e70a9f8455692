//! A PostgreSQL server of a test's own, for whatever touches the store.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A folder that is removed when dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
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
pub(crate) struct Postgres {
    running: Child,
    pub(crate) folder: Folder,
}

impl Postgres {
    pub(crate) fn start() -> Self {
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

    pub(crate) fn url(&self) -> String {
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
