//! A mail server of a test's own (aiosmtpd), and an outbox that sends to it.

use app::{Localised, Site};
use server::{
    clock::Clock,
    mail::{Letter, Letterhead, Mailer, Post, transport::Smtp},
    secrets::Secrets,
    settings::{Database, Line, MailServer},
    store::{
        Store,
        outbox::{LetterRow, NewLetter},
    },
};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// 2026-11-23, 08:05 UTC.
pub(crate) const TODAY: i64 = 1_795_421_100_000;
pub(crate) const HALF_AN_HOUR: i64 = 30 * 60 * 1000;

/// A folder that is removed when dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("estafette-mail-{}-{count}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Python, with what `scripts/setup.sh test` has installed for it.
pub(crate) fn python() -> Command {
    let usual = || {
        let cache = std::env::var_os("ESTAFETTE_CACHE").map(PathBuf::from);
        let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/estafette");
        cache.unwrap_or_else(home).join("python-mail")
    };
    let packages = std::env::var_os("SMTP_PYTHONPATH").map_or_else(usual, PathBuf::from);
    assert!(packages.is_dir(), "{} is not there: run scripts/setup.sh test", packages.display());
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", packages);
    python
}

/// A running mail server.
pub(crate) struct MailHost {
    running: Child,
    folder: Folder,
    pub(crate) port: u16,
}

impl MailHost {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(arguments: &[&str]) -> Self {
        let folder = Folder::new();
        let (running, port) = Self::run(&folder.0, arguments);
        Self { running, folder, port }
    }

    fn run(folder: &Path, arguments: &[&str]) -> (Child, u16) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/smtp.py");
        let mut running = python()
            .args(["-W", "ignore"])
            .arg(script)
            .arg(folder)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let mut port = String::new();
        BufReader::new(running.stdout.take().expect("piped")).read_line(&mut port).expect("it speaks");
        (running, port.trim().parse().expect("a port"))
    }

    pub(crate) fn stop(&mut self) {
        self.running.kill().expect("it ran");
        self.running.wait().expect("it ends");
    }

    /// Comes back on the port it had.
    pub(crate) fn come_back(&mut self) {
        let port = self.port.to_string();
        (self.running, _) = Self::run(&self.folder.0, &["--port", &port]);
    }

    /// The letters it has taken, in their order.
    pub(crate) fn taken(&self) -> Vec<String> {
        let files = fs::read_dir(&self.folder.0).expect("it is there").map(|file| file.expect("it is read").path());
        let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|kind| kind == "eml")).collect();
        files.sort();
        files.iter().map(|file| fs::read_to_string(file).expect("ASCII")).collect()
    }

    pub(crate) fn address(&self) -> MailServer {
        MailServer { host: "127.0.0.1".to_owned(), port: self.port, line: Line::Plain, login: None }
    }
}

impl Drop for MailHost {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

/// A clock that stands still until it is told.
pub(crate) struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// An installation, as far as letters go.
pub(crate) struct Outbox {
    pub(crate) store: Store,
    pub(crate) secrets: Secrets,
    clock: Arc<Hand>,
    pub(crate) woken: Arc<Notify>,
    pub(crate) mailer: Arc<Mailer>,
    pub(crate) folder: Folder,
}

pub(crate) fn letterhead() -> Letterhead {
    let organisation = Localised { fr: "OTAN".to_owned(), en: "NATO".to_owned() };
    let site = Site { name: "Estafette".to_owned(), organisation, public_url: "https://press.example.org".to_owned() };
    Letterhead { site, from: "Estafette <no-reply@example.org>".parse().expect("a mailbox"), dkim: None }
}

impl Outbox {
    /// Sends to that server, and waits longer for it than any test takes.
    pub(crate) async fn to(server: MailServer) -> Self {
        Self::waiting(60, server).await
    }

    /// Sends to that server, and gives up after so many seconds.
    pub(crate) async fn waiting(seconds: u64, server: MailServer) -> Self {
        let smtp = Smtp::new(server, "press.example.org", Duration::from_secs(seconds)).expect("it can be used");
        Self::with(Some(Arc::new(smtp))).await
    }

    pub(crate) async fn with(post: Option<Arc<dyn Post>>) -> Self {
        let folder = Folder::new();
        let store = Store::open(&Database::Sqlite("own.db".into()), &folder.0).await.expect("it opens");
        let secrets = Secrets::of([7; 32]);
        let clock = Arc::new(Hand(AtomicI64::new(TODAY)));
        let woken = Arc::new(Notify::new());
        let mailer = Mailer::new(
            store.clone(),
            secrets.clone(),
            clock.clone(),
            letterhead(),
            post,
            woken.clone(),
            Duration::from_secs(110),
        );
        Self { store, secrets, clock, woken, mailer: Arc::new(mailer), folder }
    }

    pub(crate) async fn queue(&self, id: &str, to: &str, letter: &Letter) {
        let letter = NewLetter {
            id: id.to_owned(),
            to: to.to_owned(),
            lang: "fr".to_owned(),
            sealed: self.secrets.seal(id, &letter.to_bytes()),
            priority: letter.priority(),
            expires_at: letter.code().map(|_| TODAY + HALF_AN_HOUR),
            created_at: TODAY,
        };
        let mut tx = self.store.begin().await.expect("it begins");
        tx.queue_letter(&letter).await.expect("queued");
        tx.commit().await.expect("it is kept");
    }

    /// Lets some time go by.
    pub(crate) fn later(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) async fn row(&self, id: &str) -> LetterRow {
        self.store.letter(id).await.expect("it answers").expect("it is there")
    }
}

pub(crate) fn code() -> Letter {
    Letter::Verify { code: "271828".to_owned() }
}

/// The value of a header, unfolded.
pub(crate) fn header<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = message.split_once("\r\n\r\n").expect("a head");
    head.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}
