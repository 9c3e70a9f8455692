//! The program from the shell.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};

fn estafette(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_estafette"));
    command.args(arguments).env_clear().current_dir(folder());
    command
}

/// A built site, as small as it can be. Shared by the tests, and left for the next run.
fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join("estafette-command-test");
    std::fs::create_dir_all(folder.join("pkg")).expect("the temporary folder can be written");
    folder
}

/// A folder for data, empty when the tests begin: what an older program left there is none of theirs.
fn data() -> &'static PathBuf {
    static DATA: LazyLock<PathBuf> = LazyLock::new(|| {
        let data = std::env::temp_dir().join("estafette-command-data");
        let _ = std::fs::remove_dir_all(&data);
        data
    });
    &DATA
}

fn serving(variables: &[(&str, &str)]) -> Command {
    let mut command = estafette(&["serve"]);
    command
        .env("ESTAFETTE_SITE", folder())
        .env("ESTAFETTE_DATA", data())
        .env("ESTAFETTE_ADDR", "127.0.0.1:0")
        .env("METRICS_ADDR", "off");
    command.envs(variables.iter().copied());
    command
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    // A program built beside another site than the test's says so in its log; that is not what is looked at.
    let lines: Vec<&str> = said.lines().filter(|line| !line.contains("were not built together")).collect();
    assert!(lines.len() == 1 && lines[0].starts_with("estafette: "), "one line, please: {said}");
    lines[0].to_owned()
}

#[test]
fn it_explains_itself() {
    let help = estafette(&["--help"]).output().expect("it runs");
    let text = String::from_utf8(help.stdout).expect("UTF-8");
    assert!(help.status.success() && text.contains("serve") && text.contains("settings"), "{text}");
    let version = estafette(&["--version"]).output().expect("it runs");
    assert_eq!(
        String::from_utf8(version.stdout).expect("UTF-8"),
        concat!("estafette ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn the_printed_settings_are_a_file_to_start_from() {
    let printed = estafette(&["settings"]).output().expect("it runs");
    assert!(printed.status.success());
    let file = folder().join("printed.toml");
    std::fs::write(&file, printed.stdout).expect("the temporary folder can be written");
    let mut server = Running::of(serving(&[]).args(["--config", file.to_str().expect("UTF-8")]));
    server.address();
}

#[test]
fn what_it_does_not_know_it_refuses() {
    let line = refused(&serving(&[("ESTAFETTE_SIT", "x")]).output().expect("it runs"));
    assert!(line.contains("ESTAFETTE_SIT ") && line.contains("ESTAFETTE_SITE"), "{line}");
    let line = refused(&serving(&[("REQUEST_TIMEOUT", "later")]).output().expect("it runs"));
    assert!(line.contains("REQUEST_TIMEOUT") && line.contains("later") && line.contains("seconds"), "{line}");
    let line = refused(&serving(&[]).args(["--config", "/nowhere.toml"]).output().expect("it runs"));
    assert!(line.contains("/nowhere.toml"), "{line}");
    let line = refused(&serving(&[("ESTAFETTE_SITE", "/nowhere")]).output().expect("it runs"));
    assert!(line.contains("/nowhere") && line.contains("make run"), "{line}");
    let url = "postgres://ada:s3cret@127.0.0.1:1/estafette";
    let line = refused(&serving(&[("DATABASE_URL", url)]).output().expect("it runs"));
    assert!(line.contains("postgres://ada:***@127.0.0.1:1/estafette") && !line.contains("s3cret"), "{line}");
    let line = refused(&serving(&[("TLS_CERT", "/nowhere.pem"), ("TLS_KEY", "/nowhere")]).output().expect("it runs"));
    assert!(line.contains("TLS_CERT /nowhere.pem"), "{line}");
}

#[test]
fn a_taken_port_is_said_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = taken.local_addr().expect("an address").to_string();
    let line = refused(&serving(&[("ESTAFETTE_ADDR", &addr)]).output().expect("it runs"));
    assert!(line.contains(&addr) && line.contains("taken") && line.contains("ESTAFETTE_ADDR"), "{line}");
    let line = refused(&serving(&[("METRICS_ADDR", &addr)]).output().expect("it runs"));
    assert!(line.contains(&addr) && line.contains("METRICS_ADDR"), "{line}");
}

#[test]
fn it_says_where_it_serves_and_ends_well_when_told_to() {
    for signal in ["TERM", "INT"] {
        let mut server = Running::of(&mut serving(&[("LOG_FORMAT", "json")]));
        let address = server.address();
        let answer = get(&address, "/healthz?secret=1");
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        let log = server.end(signal);
        let line = log.lines().find(|line| line.contains("/healthz")).expect("the request is in the log");
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        assert_eq!((&line["path"], &line["status"]), (&"/healthz".into(), &200.into()));
        assert!(line["id"].is_string() && line["ms"].is_number() && line["from"] == "127.0.0.0");
        assert!(!log.contains("secret"), "what was asked for is nobody's business");
    }
}

/// A text that is none of the product's own, as its tests have it.
const SECOND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../plan/tests/second-plan");

#[test]
fn any_text_is_served_with_its_own_titles_addresses_and_counts() {
    let plan = folder().join("second-plan");
    let file = |name: &str| format!("{SECOND}/{name}");
    let mut import = estafette(&["plan", "import", "--yes", "--from", &file("plan.fr.txt")]);
    import.args(["--translation", &file("plan.en.txt"), "--about", &file("plan.toml")]);
    import.args(["--names", &file("entities.toml"), "--gloss", &file("gloss.toml")]);
    let made = import.args(["--synonyms", &file("synonyms.toml"), "-o"]).arg(&plan).output().expect("it runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

    let mut server = Running::of(&mut publishing(&plan));
    let address = server.address();
    let get = |path: &str| get(&address, path);
    for (path, says) in [
        (
            "/fr",
            &["Ouvrir les fonds", "Action 3 : apprendre ensemble", ">3</strong>", ">8</strong>", ">6</strong>"][..],
        ),
        ("/en", &["Opening the holdings", "Action 3: learn together"]),
        ("/fr/plan", &["Plan des archives ouvertes", "Les archives racontent ce que chacun a fait", "id=\"m2.1.s2\""]),
        ("/en/plan", &["Open Archives Plan", "Archives tell what each of us has done"]),
        ("/fr/plan/m2.1.s2", &["<title>Action 2, § 1, phrase 2 – "]),
        ("/en/plan/preamble.2", &["Ghent charter"]),
        ("/fr/plan/search?q=scanner", &["numérisera"]),
        ("/fr/plan/register", &["leurs salles de lecture", "/fr/plan/m1.1.s1"]),
        ("/en/plan/silences", &["Under study."]),
        ("/fr/plan/data.md", &["Plan des archives ouvertes"]),
        ("/sitemap.xml", &["/fr/plan/preamble.1", "/en/plan/m3.1"]),
        ("/api/v1/plan?lang=en", &["\"title\":\"Open Archives Plan\"", "\"measures\":3", "\"commitments\":6"]),
    ] {
        let answer = get(path);
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{path}: {answer}");
        for words in says {
            assert!(answer.contains(words), "{path}: no {words} in {answer}");
        }
        assert!(!answer.contains("Bureau Production") && !answer.contains("/plan/m8"), "{path}");
    }
    assert!(get("/fr/plan/m4.2").starts_with("HTTP/1.1 404"), "the other text has no such place");
    server.end("TERM");
}

#[test]
fn a_text_without_a_gloss_is_served_and_one_that_is_not_whole_is_not() {
    let plan = folder().join("bare-plan");
    let _ = std::fs::remove_dir_all(&plan);
    let file = |name: &str| format!("{SECOND}/{name}");
    let mut import = estafette(&["plan", "import", "--from", &file("plan.fr.txt"), "--about", &file("plan.toml")]);
    let made = import.args(["--translation", &file("plan.en.txt"), "-o"]).arg(&plan).output().expect("it runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut server = Running::of(&mut publishing(&plan));
    let address = server.address();
    assert!(get(&address, "/fr/plan").contains("Plan des archives ouvertes"));
    assert!(get(&address, "/api/v1/plan?lang=fr").contains("\"commitments\":0"));
    server.end("TERM");

    let refusal = |plan: &Path| refused(&publishing(plan).output().expect("it runs"));
    std::fs::write(plan.join("gloss.toml"), "\n[[topic]]\nid = \"É\"\nname = { fr = \"x\", en = \"x\" }\n")
        .expect("written");
    let line = refusal(&plan);
    assert!(line.contains("gloss.toml:3: “É” is no id") && line.contains("estafette plan check"), "{line}");
    std::fs::remove_file(plan.join("gloss.toml")).expect("it was there");
    std::fs::remove_file(plan.join("eng.xml")).expect("it was there");
    assert!(refusal(&plan).contains("not in both languages"));
    let line = refusal(Path::new("/nowhere"));
    assert!(line.contains("/nowhere") && line.contains("ESTAFETTE_PLAN"), "{line}");
}

/// A server of that text, with data of its own.
fn publishing(plan: &Path) -> Command {
    let mut command = serving(&[]);
    command.env("ESTAFETTE_PLAN", plan).env("ESTAFETTE_DATA", plan.with_extension("data"));
    command
}

fn get(address: &str, path: &str) -> String {
    let addr = address.strip_prefix("http://").expect("an address");
    let mut stream = std::net::TcpStream::connect(addr).expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

/// A server that is killed if its test fails.
struct Running(Child);

impl Running {
    fn of(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs"))
    }

    /// Waits for the line that says where it serves.
    fn address(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
        line.trim().strip_prefix("Estafette: ").unwrap_or_else(|| panic!("{line}")).to_owned()
    }

    /// Sends a signal, waits for a good end, and gives what was logged.
    fn end(mut self, signal: &str) -> String {
        let sent = Command::new("kill").args(["-s", signal, &self.0.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.0.try_wait().expect("it can be waited for") {
                break status;
            }
            assert!(began.elapsed() < Duration::from_secs(10), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "{status}");
        let mut log = String::new();
        self.0.stderr.take().expect("piped").read_to_string(&mut log).expect("UTF-8");
        log
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
