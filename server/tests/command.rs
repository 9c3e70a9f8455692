//! The program from the shell.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::PathBuf,
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
        let addr = address.strip_prefix("http://").expect("an address");
        let mut stream = std::net::TcpStream::connect(addr).expect("it listens");
        std::io::Write::write_all(
            &mut stream,
            b"GET /healthz?secret=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        let log = server.end(signal);
        let line = log.lines().find(|line| line.contains("/healthz")).expect("the request is in the log");
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        assert_eq!((&line["path"], &line["status"]), (&"/healthz".into(), &200.into()));
        assert!(line["id"].is_string() && line["ms"].is_number() && line["from"] == "127.0.0.0");
        assert!(!log.contains("secret"), "what was asked for is nobody's business");
    }
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
