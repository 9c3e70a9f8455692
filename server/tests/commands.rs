//! The commands beside `serve`, from the shell: what they do, what they say, how they end.

use serde_json::Value;
use server::{
    settings::Database,
    store::{
        Store,
        accounts::{Account, Consent},
        flows::Flow,
        outbox::NewLetter,
        sessions::Session,
    },
};
use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

#[path = "support/postgres.rs"]
mod postgres;

use postgres::{Folder, Postgres};

const ADA: &str = "ada@example.org";
const PASSWORD: &str = "Vent-du-Nord-4711";
/// Long after any test.
const LATER: i64 = 4_000_000_000_000;

const FAILED: i32 = 1;
const USAGE: i32 = 2;
const NOT_FOUND: i32 = 3;
const REFUSED: i32 = 4;
const OTHER_DATABASE: i32 = 5;

/// An installation of a test's own: a folder, and the database that the settings name.
struct Installation {
    folder: Folder,
    database: Database,
    url: String,
}

/// How a command ended.
struct Ended {
    code: i32,
    said: String,
    complained: String,
}

impl Installation {
    /// One that is set up.
    fn new() -> Self {
        let installation = Self::bare();
        installation.does(&["migrate"]);
        installation
    }

    /// One whose database is not made yet.
    fn bare() -> Self {
        let database = Database::Sqlite("own.db".into());
        Self { folder: Folder::new("commands"), database, url: "sqlite:own.db".to_owned() }
    }

    fn on(server: &Postgres) -> Self {
        let installation =
            Self { folder: Folder::new("commands"), database: Database::Postgres(server.url()), url: server.url() };
        installation.does(&["migrate"]);
        installation
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.0.join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("UTF-8").to_owned()
    }

    async fn store(&self) -> Store {
        Store::open(&self.database, &self.folder.0).await.expect("it opens")
    }

    /// Runs the program; `input` is what it reads.
    fn fed(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_estafette"));
        command.args(arguments).env_clear().current_dir(&self.folder.0);
        command.env("ESTAFETTE_DATA", &self.folder.0);
        // The environment wins over a file, an empty variable too.
        if !self.url.is_empty() {
            command.env("DATABASE_URL", &self.url);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().expect("it runs");
        // Who refuses at once does not read.
        let _ = running.stdin.take().expect("piped").write_all(input.as_bytes());
        let ended = running.wait_with_output().expect("it ends");
        Ended {
            code: ended.status.code().expect("it was not killed"),
            said: String::from_utf8(ended.stdout).expect("UTF-8"),
            complained: String::from_utf8(ended.stderr).expect("UTF-8"),
        }
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        self.fed(arguments, "")
    }

    /// Runs what must succeed; what it says.
    #[track_caller]
    fn does(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!((ended.code, ended.complained.as_str()), (0, ""), "{arguments:?}");
        ended.said
    }

    /// As [`does`](Self::does), read as JSON.
    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let said = self.does(&[arguments, &["--json"]].concat());
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    /// Runs what must end with that code, and say why in one line of its own.
    #[track_caller]
    fn ends(&self, code: i32, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}{}", ended.said, ended.complained);
        let lines: Vec<&str> = ended.complained.lines().collect();
        assert!(lines.len() == 1 && lines[0].starts_with("estafette: "), "one line, please: {}", ended.complained);
        lines[0].to_owned()
    }

    #[track_caller]
    fn create(&self, address: &str) {
        let ended = self.fed(&["account", "create", address, "--lang", "en"], &format!("{PASSWORD}\n"));
        assert_eq!(ended.code, 0, "{}", ended.complained);
    }

    fn addresses(&self) -> Vec<String> {
        let listed = self.json(&["account", "list"]);
        let address = |account: &Value| account["address"].as_str().expect("text").to_owned();
        listed.as_array().expect("an array").iter().map(address).collect()
    }

    /// Someone registers on the site.
    async fn registers(&self, flow: &str, address: &str, at: i64) {
        let store = self.store().await;
        let mut tx = store.begin().await.expect("it begins");
        let letter = letter(&format!("letter-of-{flow}"), address);
        let flow = Flow {
            id: flow.to_owned(),
            purpose: "register".to_owned(),
            step: "code".to_owned(),
            email: address.to_owned(),
            email_key: address.to_lowercase(),
            account_id: None,
            password_hash: Some(format!("hash of {flow}")),
            return_to: String::new(),
            code: Some(flow.as_bytes().to_vec()),
            code_expires_at: LATER,
            tries: 0,
            sent_at: at,
            letter_id: letter.id.clone(),
            created_at: at,
            expires_at: LATER,
        };
        tx.begin_flow(&flow, flow.id.as_bytes()).await.expect("begun");
        tx.queue_letter(&letter).await.expect("queued");
        tx.commit().await.expect("it lasts");
        store.close().await;
    }

    /// Someone signs in on the site.
    async fn signs_in(&self, address: &str) {
        let store = self.store().await;
        let account = store.account(address).await.expect("asked").expect("there");
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        let now = i64::try_from(now.as_millis()).expect("before the end of time");
        let mut tx = store.begin().await.expect("it begins");
        let session = Session {
            id: "s1".to_owned(),
            account_id: account.id,
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
            network: "198.51.100.0".to_owned(),
            created_at: now,
            seen_at: now,
        };
        tx.begin_session(&session, b"token").await.expect("begun");
        tx.commit().await.expect("it lasts");
        store.close().await;
    }

    /// Letters wait: the first given up, the second still queued.
    async fn has_letters(&self) {
        let store = self.store().await;
        let mut tx = store.begin().await.expect("it begins");
        tx.queue_letter(&letter("-dead", ADA)).await.expect("queued");
        tx.queue_letter(&letter("waiting", ADA)).await.expect("queued");
        tx.commit().await.expect("it lasts");
        store.letter_dead("-dead", 2, "550 no\u{1b}[2J such user").await.expect("noted");
        store.close().await;
    }
}

fn letter(id: &str, to: &str) -> NewLetter {
    NewLetter {
        id: id.to_owned(),
        to: to.to_owned(),
        lang: "en".to_owned(),
        sealed: b"sealed".to_vec(),
        priority: 0,
        expires_at: None,
        created_at: 1,
    }
}

/// An account and all that can be done with it, on either engine.
async fn an_account_from_its_first_to_its_last_day(installation: &Installation) {
    assert!(installation.does(&["account", "list"]).contains("`estafette account create`"));
    installation.create("Ada@Example.org");
    installation.create("bob@example.org");
    assert_eq!(installation.addresses(), ["Ada@example.org", "bob@example.org"]);
    let listed = installation.does(&["account", "list", "--search", "BOB"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("ADDRESS          SINCE"), "{listed}");
    let listed = installation.does(&["account", "list", "--limit", "1"]);
    assert!(listed.contains("--after ada@example.org"), "{listed}");
    assert!(!installation.does(&["account", "list", "--after", "Ada@example.org"]).contains("Ada"));

    installation.signs_in(ADA).await;
    let shown = installation.does(&["account", "show", ADA]);
    assert!(shown.contains("Firefox, Linux  198.51.100.0") && shown.contains("Newsletter  no"), "{shown}");
    let shown = installation.json(&["account", "show", ADA]);
    assert_eq!((&shown["sessions"][0]["browser"], &shown["language"]), (&"Firefox, Linux".into(), &"en".into()));
    let since = shown["created_at"].as_str().expect("text");
    assert!(since.len() == "2026-11-23T08:05:59.123Z".len() && since.ends_with('Z'), "{since}");
    assert_eq!(installation.json(&["account", "end-sessions", ADA])["ended"], 1);
    assert_eq!(installation.json(&["account", "show", ADA])["sessions"].as_array().map(Vec::len), Some(0));

    installation.registers("first", "eve@example.org", 1).await;
    installation.registers("second", "eve@example.org", 2).await;
    installation.does(&["account", "verify", "eve@example.org"]);
    let store = installation.store().await;
    let eve = store.account("eve@example.org").await.expect("asked").expect("there");
    assert_eq!(eve.lang, "en", "the newest counts");
    assert!(!eve.password_hash.contains("hash of"), "whoever typed that password has not proved to own the address");
    let ended = store.flow(b"second", 3).await.expect("asked").expect("its browser goes on from there");
    assert_eq!((ended.step.as_str(), ended.code.as_deref()), ("done", Some(&b"second"[..])));
    let other = store.flow(b"first", 3).await.expect("asked");
    assert!(other.is_none_or(|flow| flow.code.is_none()), "the other code is worth nothing");
    store.close().await;
    let line = installation.ends(NOT_FOUND, &["account", "verify", "eve@example.org"]);
    assert!(line.contains("no registration of eve@example.org"), "{line}");
    assert_eq!(installation.json(&["mail", "queue", "--state", "expired"])[0]["id"], "letter-of-second");

    let line = installation.ends(REFUSED, &["account", "delete", ADA]);
    assert!(line.contains("Delete Ada@example.org?") && line.contains("--yes"), "{line}");
    let about_ada = installation.json(&["audit", "--about", "ADA@example.org"]);
    assert_eq!(about_ada.as_array().map(Vec::len), Some(2));
    assert_eq!((&about_ada[0]["event"], &about_ada[0]["detail"]), (&"sessions_ended".into(), &"by command".into()));
    installation.does(&["account", "delete", ADA, "--yes"]);
    assert_eq!(installation.addresses(), ["bob@example.org", "eve@example.org"]);
    installation.ends(NOT_FOUND, &["account", "delete", ADA, "--yes"]);
    installation.ends(NOT_FOUND, &["account", "show", ADA]);
    assert_eq!(installation.json(&["mail", "queue", "--state", "queued"])[0]["to"], "Ada@example.org", "a last letter");
    assert!(installation.does(&["audit", "--about", ADA]).contains("Nothing is known"), "the address is forgotten");
    let id = about_ada[0]["account_id"].as_str().expect("text");
    assert_eq!(installation.json(&["audit", "--about", id])[0]["event"], "account_deleted");
    assert_eq!(installation.json(&["audit", "--limit", "1"]).as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn on_sqlite_accounts_come_and_go_by_command() {
    an_account_from_its_first_to_its_last_day(&Installation::new()).await;
}

#[tokio::test]
async fn on_postgres_they_do_as_well_and_copies_are_left_to_its_own_programs() {
    let server = Postgres::start();
    let mut installation = Installation::on(&server);
    an_account_from_its_first_to_its_last_day(&installation).await;
    assert_eq!(installation.json(&["migrate"])["applied"].as_array().map(Vec::len), Some(0));

    installation.url = server.url().replace("estafette@", "estafette:s3cret@") + "&password=s3cret";
    for (arguments, program) in [(["backup", "it's.dump"], "pg_dump "), (["restore", "it's.dump"], "pg_restore ")] {
        let ended = installation.run(&arguments);
        assert_eq!(ended.code, OTHER_DATABASE);
        let url = format!("'{}'", server.url());
        assert!(ended.said.starts_with(program) && ended.said.contains(&url), "{}", ended.said);
        assert!(ended.said.contains(r"'it'\''s.dump'") && ended.complained.contains("secret.key"), "{}", ended.said);
        assert!(!(ended.said + &ended.complained).contains("s3cret"));
    }
}

#[test]
fn a_database_is_made_by_whoever_asks_for_it_and_by_nobody_who_only_looks() {
    let installation = Installation::bare();
    let line = installation.ends(NOT_FOUND, &["account", "list"]);
    assert!(line.contains("own.db") && line.contains("`estafette migrate`"), "{line}");
    assert_eq!(fs::read_dir(&installation.folder.0).expect("there").count(), 0, "nothing is left behind");
    let migrated = installation.json(&["migrate"]);
    assert_eq!(migrated["applied"][0]["name"], "site_meta");
    let last = migrated["applied"].as_array().and_then(|applied| applied.last()).expect("some");
    assert_eq!(migrated["version"], last["version"]);
    assert!(!installation.path("secret.key").exists(), "the key is drawn by whoever needs it");
    assert!(installation.does(&["migrate"]).contains("up to date"));
    for (arguments, nothing) in [
        (&["mail", "queue"][..], "There are no letters."),
        (&["mail", "queue", "--state", "dead"], "No letter is dead."),
        (&["audit"], "Nothing has happened yet."),
    ] {
        assert_eq!(installation.does(arguments).trim(), nothing);
        assert_eq!(installation.json(arguments), Value::Array(Vec::new()));
    }
}

#[test]
fn what_goes_wrong_has_its_exit_code_and_the_help_says_which() {
    let mut installation = Installation::new();
    let help = installation.does(&["--help"]);
    for line in
        ["0  it is done", "1  it failed", "2  the command", "3  what it is", "4  it was refused", "5  it is not"]
    {
        assert!(help.contains(line), "{help}");
    }
    for arguments in [
        &["account", "show", "ada"][..],
        &["account", "create", ADA],
        &["account", "create", ADA, "--lang", "de"],
        &["mail", "drop"],
        &["mail", "retry", "x", "--all"],
        &["mail", "queue", "--state", "lost"],
        &["audit", "--about", "ada@"],
        &["audit", "--limit", "0"],
    ] {
        assert_eq!(installation.run(arguments).code, USAGE, "{arguments:?}");
    }
    installation.ends(FAILED, &["account", "list", "--config", "/nowhere.toml"]);
    fs::write(installation.path("other.toml"), "database_url = \"sqlite:other.db\"").expect("written");
    installation.create(ADA);
    fs::write(installation.path("secret.key"), "nonsense").expect("written");
    let line = installation.ends(FAILED, &["account", "list"]);
    assert!(line.contains("SECRET_KEY"), "{line}");
    fs::remove_file(installation.path("secret.key")).expect("it was there");
    let line = installation.ends(FAILED, &["account", "list"]);
    assert!(line.contains("used with another one"), "{line}");
    installation.url = String::new();
    let line = installation.ends(NOT_FOUND, &["account", "list", "--config", "other.toml"]);
    assert!(line.contains("other.db"), "{line}");
}

#[test]
fn a_password_keeps_the_rules_of_all_and_is_read_from_one_line() {
    let installation = Installation::new();
    let create = |input: &str| installation.fed(&["account", "create", ADA, "--lang", "fr"], input);
    for (input, why) in
        [("", "no password"), ("\nx", "no password"), ("short\n", "length"), ("Ada-Example-77\n", "context")]
    {
        let ended = create(input);
        assert_eq!(ended.code, REFUSED, "{input:?}");
        assert!(ended.complained.contains(why) && !ended.complained.contains("77"), "{}", ended.complained);
    }
    let created = create(&format!("{PASSWORD}\r\nsomething else\n"));
    assert_eq!(created.code, 0, "{}", created.complained);
    let again = create(PASSWORD);
    assert_eq!((again.code, again.complained.contains("has an account already")), (REFUSED, true));
}

/// The text that the product comes with, and the short one that the tests of `plan` are made with.
const EMBEDDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../plan/content");
const SECOND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../plan/tests/second-plan");

/// `plan import` of the short text: in French, and what else is asked.
fn import<'a>(more: &[&'a str]) -> Vec<&'a str> {
    const FRENCH: [&str; 6] = [
        "plan",
        "import",
        "--from",
        concat!(env!("CARGO_MANIFEST_DIR"), "/../plan/tests/second-plan/plan.fr.txt"),
        "--about",
        concat!(env!("CARGO_MANIFEST_DIR"), "/../plan/tests/second-plan/plan.toml"),
    ];
    FRENCH.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn a_text_and_its_gloss_are_checked_with_line_numbers() {
    let installation = Installation::bare();
    let whole = installation.does(&["plan", "check", EMBEDDED]);
    assert_eq!(whole, "Nothing is wrong: 37 paragraphs, 65 sentences in fr and en, 41 commitments.\n");
    let [fra, gloss] = ["fra.xml", "gloss.toml"].map(|name| format!("{EMBEDDED}/{name}"));
    let counts = installation.json(&["plan", "check", &fra]);
    assert_eq!((&counts["paragraphs"], &counts["commitments"]), (&37.into(), &Value::Null));

    let sound = fs::read_to_string(&gloss).expect("it is there");
    let broken = sound.replacen("\"sont invités à\"", "\"sont priés de\"", 1);
    let line = 1 + broken.lines().position(|line| line.contains("sont priés de")).expect("replaced");
    fs::write(installation.path("broken.toml"), broken).expect("written");
    let ended = installation.run(&["plan", "check", &fra, "broken.toml"]);
    assert_eq!((ended.code, ended.complained.as_str()), (REFUSED, "estafette: one thing is wrong\n"));
    let told = format!("broken.toml:{line}: “sont priés de” does not stand in m1.1.s1: copy the words");
    assert!(ended.said.starts_with(&told) && ended.said.lines().count() == 1, "{}", ended.said);
    let ended = installation.run(&["plan", "check", &fra, "broken.toml", "--json"]);
    let problems: Value = serde_json::from_str(&ended.said).expect("JSON");
    assert_eq!((ended.code, &problems["problems"][0]["line"]), (REFUSED, &line.into()));

    installation.ends(NOT_FOUND, &["plan", "check", "nowhere.xml"]);
    let line = installation.ends(REFUSED, &["plan", "check", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")]);
    assert!(line.contains("neither a text (.xml) nor a gloss (.toml)"), "{line}");
    assert_eq!(installation.run(&["plan", "check", &gloss]).code, REFUSED, "it is held against nothing");
    assert_eq!(installation.run(&["plan", "check"]).code, USAGE);
}

#[test]
fn a_text_of_ones_own_is_made_and_only_when_it_is_sound() {
    let installation = Installation::bare();
    let [english, names, gloss] = ["plan.en.txt", "entities.toml", "gloss.toml"].map(|name| format!("{SECOND}/{name}"));
    let whole = ["--translation", &english, "--names", &names, "--gloss", &gloss];

    assert!(installation.ends(REFUSED, &import(&whole)).contains("-o FOLDER"));
    let said = installation.does(&import(&[&whole[..], &["-o", "mine"]].concat()));
    assert!(
        said.starts_with("mine: 8 paragraphs, 10 sentences in fr and en, 6 commitments.\nESTAFETTE_PLAN=mine "),
        "{said}"
    );
    let valid = Command::new("xmllint").args(["--nonet", "--noout"]).arg(installation.path("mine/eng.xml")).status();
    assert!(valid.expect("xmllint runs").success());

    // What is there is replaced only by whoever says so; its gloss stays, and must fit.
    let line = installation.ends(REFUSED, &import(&[&whole[..4], &["-o", "mine"]].concat()));
    assert!(line.contains("Replace the text in mine?") && line.contains("--yes"), "{line}");
    let said = installation.does(&import(&["--translation", &english, "-o", "mine", "--yes"]));
    assert!(said.contains("6 commitments"), "{said}");
    let before = fs::read_to_string(installation.path("mine/fra.xml")).expect("there");
    let changed = fs::read_to_string(format!("{SECOND}/plan.fr.txt")).expect("there").replace("ouvriront", "fermeront");
    fs::write(installation.path("changed.txt"), changed).expect("written");
    let about = format!("{SECOND}/plan.toml");
    let changed = ["plan", "import", "--from", "changed.txt", "--about", &about, "-o", "mine", "--yes"];
    let ended = installation.run(&changed);
    assert_eq!(ended.code, REFUSED);
    assert!(ended.said.starts_with("mine/gloss.toml:30: “ouvriront” does not stand in m1.1.s1"), "{}", ended.said);
    assert_eq!(fs::read_to_string(installation.path("mine/fra.xml")).expect("there"), before);

    // A folder is taken over as it is; a text in one language waits for the other.
    let said = installation.does(&["plan", "import", "--from", "mine", "-o", "yours"]);
    assert!(said.contains("6 commitments"), "{said}");
    let said = installation.does(&import(&["-o", "one"]));
    assert!(said.contains("10 sentences in fr, no gloss") && said.contains("once eng.xml is there"), "{said}");
    fs::write(installation.path("no.txt"), "Un texte\n\nTitre\n\n   rien\n").expect("written");
    let ended = installation.run(&["plan", "import", "--from", "no.txt", "--about", &about, "-o", "none"]);
    assert_eq!((ended.code, ended.said.starts_with("no.txt:5: ")), (REFUSED, true), "{}", ended.said);
    assert!(!installation.path("none").exists(), "nothing is written");
    assert!(installation.ends(REFUSED, &["plan", "import", "--from", "no.txt", "-o", "none"]).contains("--about FILE"));
}

#[tokio::test]
async fn letters_are_looked_after_by_command() {
    let installation = Installation::new();
    installation.has_letters().await;
    let listed = installation.does(&["mail", "queue"]);
    assert!(listed.contains("550 no\u{fffd}[2J such user"), "what others wrote moves no cursor: {listed}");
    let shown = installation.does(&["mail", "show", "-dead"]);
    assert!(shown.contains("State     dead") && !shown.contains("sealed"), "{shown}");
    installation.ends(NOT_FOUND, &["mail", "show", "-lost"]);
    installation.ends(NOT_FOUND, &["mail", "retry", "lost"]);
    let line = installation.ends(REFUSED, &["mail", "retry", "waiting"]);
    assert!(line.contains("is queued"), "{line}");
    assert_eq!(installation.json(&["mail", "retry", "-dead"])["queued"], 1);
    assert_eq!(installation.json(&["mail", "retry", "--all"])["queued"], 0);
    let shown = installation.json(&["mail", "show", "-dead"]);
    assert_eq!((&shown["state"], &shown["tries"], &shown["ended_at"]), (&"queued".into(), &0.into(), &Value::Null));

    let line = installation.ends(REFUSED, &["mail", "drop", "waiting"]);
    assert!(line.contains("Drop the letter to ada@example.org?"), "{line}");
    assert_eq!(installation.json(&["mail", "drop", "waiting", "--yes"])["dropped"], 1);
    installation.ends(REFUSED, &["mail", "drop", "--all-queued"]);
    assert_eq!(installation.json(&["mail", "drop", "--all-dead", "--yes"])["dropped"], 0);
    assert_eq!(installation.json(&["mail", "drop", "--all-queued", "--all-dead", "--yes"])["dropped"], 1);
    assert_eq!(installation.does(&["mail", "queue"]).trim(), "There are no letters.");
}

#[test]
fn what_was_deleted_is_there_again_after_a_restore() {
    let installation = Installation::new();
    installation.create(ADA);
    installation.create("bob@example.org");
    let (backup, file) = (installation.text("kept.db"), installation.path("kept.db"));
    let said = installation.does(&["backup", &backup]);
    assert!(said.contains(&installation.text("secret.key")), "{said}");
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).expect("there").permissions()) & 0o777,
        0o600
    );
    let first = fs::read(&file).expect("it is read");
    let line = installation.ends(REFUSED, &["backup", &backup]);
    assert!(line.contains("nothing is overwritten") && fs::read(&file).expect("it is read") == first, "{line}");
    installation.ends(FAILED, &["backup", &installation.text("nowhere/kept.db")]);

    installation.does(&["account", "delete", ADA, "--yes"]);
    installation.create("eve@example.org");
    let line = installation.ends(REFUSED, &["restore", &backup]);
    assert!(line.contains("aside") && line.contains("--yes"), "{line}");
    assert_eq!(installation.addresses(), ["bob@example.org", "eve@example.org"]);
    let restored = installation.json(&["restore", &backup, "--yes"]);
    assert_eq!(installation.addresses(), [ADA, "bob@example.org"]);
    assert!(installation.does(&["audit", "--about", ADA]).contains("account_opened"));

    // What was there is there still, and can be restored in its turn.
    let aside = restored["aside"].as_str().expect("a path");
    installation.does(&["restore", aside, "--yes"]);
    assert_eq!(installation.addresses(), ["bob@example.org", "eve@example.org"]);
}

#[test]
fn a_backup_is_restored_where_nothing_is_and_its_key_is_asked_for() {
    let (old, new) = (Installation::new(), Installation::bare());
    old.create(ADA);
    let backup = old.text("kept.db");
    old.does(&["backup", &backup]);
    fs::write(new.path("own.db-wal"), "of another database").expect("written");
    assert_eq!(new.json(&["restore", &backup])["key_missing"], true);
    assert!(!new.path("own.db-wal").exists(), "a stray log is not mixed in");
    fs::copy(old.path("secret.key"), new.path("secret.key")).expect("copied");
    assert_eq!(new.addresses(), [ADA]);

    let other = Installation::new();
    other.create("bob@example.org");
    let line = other.ends(REFUSED, &["restore", &backup, "--yes"]);
    assert!(line.contains("another key"), "{line}");
    assert_eq!(other.addresses(), ["bob@example.org"]);
}

#[tokio::test]
async fn nothing_is_restored_under_a_running_program_nor_from_what_is_no_backup() {
    let installation = Installation::new();
    installation.create(ADA);
    let backup = installation.text("kept.db");
    installation.does(&["backup", &backup]);
    let store = installation.store().await;
    let line = installation.ends(REFUSED, &["restore", &backup, "--yes"]);
    assert!(line.contains("in use") && line.contains("stop the server"), "{line}");
    store.close().await;
    drop(store);

    fs::write(installation.path("text.db"), "This is no database, however long one looks at it.").expect("written");
    fs::write(installation.path("empty.db"), "").expect("written");
    let mut cut = fs::read(&backup).expect("it is read");
    cut.truncate(cut.len() / 2);
    fs::write(installation.path("cut.db"), cut).expect("written");
    for name in ["text.db", "empty.db", "cut.db"] {
        let line = installation.ends(REFUSED, &["restore", &installation.text(name), "--yes"]);
        assert!(line.contains("no sound database"), "{line}");
    }
    installation.ends(FAILED, &["restore", "nowhere.db", "--yes"]);

    let newer = Store::open(&Database::Sqlite("kept.db".into()), &installation.folder.0).await.expect("it opens");
    let Store::Sqlite { writer, .. } = &newer else { panic!("SQLite") };
    sqlx::query("UPDATE _sqlx_migrations SET version = 999 WHERE version = 1").execute(writer).await.expect("changed");
    newer.close().await;
    let line = installation.ends(REFUSED, &["restore", &backup, "--yes"]);
    assert!(line.contains("newer program") && line.contains("999"), "{line}");
    assert_eq!(installation.addresses(), [ADA]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_while_a_writer_writes_is_of_one_moment() {
    let installation = Installation::new();
    let store = installation.store().await;
    let enough = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (store, enough) = (store.clone(), Arc::clone(&enough));
        async move {
            let mut pairs = 0;
            while !enough.load(Ordering::Relaxed) {
                let mut tx = store.begin().await.expect("it begins");
                for name in ["left", "right"] {
                    let address = format!("{name}{pairs}@example.org");
                    let account = Account {
                        id: address.clone(),
                        email: address.clone(),
                        email_key: address.clone(),
                        password_hash: "hash".to_owned(),
                        lang: "fr".to_owned(),
                        newsletter_at: None,
                        created_at: 1,
                    };
                    assert!(tx.open_account(&account).await.expect("opened"));
                    let consent =
                        Consent { account_id: &address, at: 1, granted: true, version: "1", lang: "fr", network: "" };
                    tx.consent(&consent).await.expect("kept");
                }
                tx.commit().await.expect("it lasts");
                pairs += 1;
            }
            pairs
        }
    });
    let mut seen = Vec::new();
    for n in 0..4 {
        let name = format!("kept{n}.db");
        installation.does(&["backup", &installation.text(&name)]);
        let copy = Store::open(&Database::Sqlite(name.into()), &installation.folder.0).await.expect("it opens");
        let accounts = copy.accounts("", "", i64::MAX).await.expect("listed");
        let (left, right): (Vec<_>, Vec<_>) = accounts.iter().partition(|account| account.email.starts_with("left"));
        assert_eq!(left.len(), right.len(), "both of a transaction, or neither");
        assert!(accounts.iter().all(|account| account.newsletter_at.is_some()));
        seen.push(left.len());
        copy.close().await;
    }
    enough.store(true, Ordering::Relaxed);
    let written = writer.await.expect("it was not held up");
    assert!(seen.is_sorted() && seen[3] > seen[0] && seen[3] <= written, "{seen:?} of {written}");
}
