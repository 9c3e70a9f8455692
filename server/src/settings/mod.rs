//! Every setting, once: the table at the end of this file is the truth of which there are, what they mean and what
//! they are by default. A file in TOML gives them under their lower-case names, the environment under the upper-case
//! ones; the environment wins. What is not in the table is refused.

mod values;

pub use values::{
    Count, Database, DnsName, Line, Listen, LogFormat, LogLevel, MailServer, MediaUrl, Organisation, OwnFile, Proxies,
    PublicUrl, Seconds, Secret, Sender, Setting, Words,
};

use std::{
    collections::HashMap,
    ffi::OsString,
    fmt::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// Why the settings cannot be used. Each is one line that names the setting.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// A value of the wrong kind.
    #[error("{name} is {shown} ({origin}); expected: {expected}")]
    Value {
        /// Its name, as it was given.
        name: String,
        /// Its value, secrets masked.
        shown: String,
        /// What would do.
        expected: String,
        /// Where it was given.
        origin: String,
    },
    /// A name that is no setting.
    #[error("there is no setting {name} ({origin}){}", .nearest.as_ref().map(|n| format!("; did you mean {n}?")).unwrap_or_default())]
    Unknown {
        /// The name.
        name: String,
        /// Where it was given.
        origin: String,
        /// The setting most like it.
        nearest: Option<String>,
    },
    /// The file cannot be read.
    #[error("the settings file {} cannot be used: {why}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// In one line.
        why: String,
    },
    /// Two settings that go together.
    #[error("{0}")]
    Together(&'static str),
}

/// A value as text, and where it came from.
struct Given {
    name: String,
    text: String,
    origin: String,
}

/// One line of the table, for those who do not care for its type.
struct Row {
    env: &'static str,
    default: &'static str,
    doc: &'static [&'static str],
    /// Written without quotes in TOML.
    bare: bool,
}

impl Row {
    fn key(&self) -> String {
        self.env.to_ascii_lowercase()
    }
}

/// Variables with our prefix that are not the server's: the scripts of the workspace read them.
const ELSEWHERE: [&str; 1] = ["ESTAFETTE_CACHE"];
const PREFIX: &str = "ESTAFETTE_";
const USUAL_FILE: &str = "estafette.toml";

impl Settings {
    /// The settings of `file` (or of `./estafette.toml`, if it is there) under those of the environment.
    ///
    /// # Errors
    /// On the first name or value that cannot be used.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, Refused> {
        let usual = Path::new(USUAL_FILE);
        let mut given = match file {
            Some(file) => from_file(file)?,
            None if usual.exists() => from_file(usual)?,
            None => HashMap::new(),
        };
        given.extend(from_environment(environment)?);
        Self::of(&given)?.consistent()
    }

    fn consistent(self) -> Result<Self, Refused> {
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            return Err(Refused::Together("TLS_CERT and TLS_KEY go together: give both files, or neither"));
        }
        let dkim = [self.dkim_key.is_some(), self.dkim_selector.is_some(), self.dkim_domain.is_some()];
        if dkim.contains(&true) && dkim.contains(&false) {
            return Err(Refused::Together("DKIM_KEY, DKIM_SELECTOR and DKIM_DOMAIN go together: give all, or none"));
        }
        let s3 = matches!(self.media_url, MediaUrl::S3 { .. });
        if s3 && (self.media_s3_access_key.is_none() || self.media_s3_secret_key.is_none()) {
            return Err(Refused::Together("MEDIA_URL=s3://… needs MEDIA_S3_ACCESS_KEY and MEDIA_S3_SECRET_KEY"));
        }
        Ok(self)
    }

    /// Where the figures are offered when nobody says otherwise.
    pub(crate) fn usual_metrics_addr() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 9464))
    }

    /// The table as a TOML file that says what everything means, and reads back to the defaults.
    pub fn documented() -> String {
        let mut out = String::from(
            "# Estafette's settings, with their defaults. Each may also be given in the environment, under the same\n\
             # name in upper case; the environment wins. An empty value means the default.\n",
        );
        for row in TABLE {
            out.push('\n');
            for line in row.doc {
                let _ = writeln!(out, "#{line}");
            }
            let value = if row.bare { row.default.to_owned() } else { toml_string(row.default) };
            let _ = writeln!(out, "{} = {value}", row.key());
        }
        out
    }
}

fn toml_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn from_file(path: &Path) -> Result<HashMap<&'static str, Given>, Refused> {
    let refused = |why: String| Refused::File { path: path.to_owned(), why };
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map(|span| text[..span.start].lines().count().max(1));
        let why = error.message().replace('\n', ", ");
        refused(line.map_or_else(|| why.clone(), |line| format!("line {line}: {why}")))
    })?;
    let origin = format!("in {}", path.display());
    table
        .into_iter()
        .map(|(key, value)| {
            let row = TABLE.iter().find(|row| row.key() == key).ok_or_else(|| Refused::Unknown {
                nearest: nearest(&key, TABLE.iter().map(Row::key)),
                name: key.clone(),
                origin: origin.clone(),
            })?;
            let text = as_text(&value).ok_or_else(|| Refused::Value {
                name: key.clone(),
                shown: format!("a {}", value.type_str()),
                expected: "a text, a number or a list of texts".to_owned(),
                origin: origin.clone(),
            })?;
            Ok((row.env, Given { name: key, text, origin: origin.clone() }))
        })
        .collect()
}

/// A TOML value as the environment would hold it; lists are joined by commas.
fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(items) => Some(items.iter().map(as_text).collect::<Option<Vec<_>>>()?.join(", ")),
        _ => None,
    }
}

fn from_environment(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<HashMap<&'static str, Given>, Refused> {
    const ORIGIN: &str = "in the environment";
    let mut given = HashMap::new();
    for (name, value) in variables {
        let Some(name) = name.to_str() else { continue };
        if let Some(row) = TABLE.iter().find(|row| row.env == name) {
            // A broken character cannot be part of a good value, so the value's own check refuses it.
            let text = value.to_string_lossy().into_owned();
            given.insert(row.env, Given { name: name.to_owned(), text, origin: ORIGIN.to_owned() });
        } else if name.starts_with(PREFIX) && !ELSEWHERE.contains(&name) {
            return Err(Refused::Unknown {
                name: name.to_owned(),
                origin: ORIGIN.to_owned(),
                nearest: nearest(name, TABLE.iter().map(|row| row.env.to_owned())),
            });
        }
    }
    Ok(given)
}

/// The name most like `name`, unless none is like it.
fn nearest(name: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let (distance, nearest) = names.map(|other| (edits(name, &other), other)).min()?;
    (distance <= name.chars().count().max(3) / 2).then_some(nearest)
}

/// How many letters must be put in, taken out or changed to make `b` of `a` (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

fn read<T: Setting>(given: Option<&Given>, env: &str, default: &str) -> Result<T, Refused> {
    let given = given.filter(|given| !given.text.trim().is_empty());
    let text = given.map_or(default, |given| given.text.trim());
    T::read(text).ok_or_else(|| Refused::Value {
        name: given.map_or_else(|| env.to_owned(), |given| given.name.clone()),
        shown: T::shown(text),
        expected: T::expected(),
        origin: given.map_or_else(|| "the default".to_owned(), |given| given.origin.clone()),
    })
}

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $field:ident: $type:ty = $env:literal, $default:literal;)+) => {
        /// The settings, read and understood.
        #[derive(Clone, Debug)]
        pub struct Settings {
            $($(#[doc = $doc])+ pub $field: $type,)+
        }

        const TABLE: &[Row] = &[
            $(Row { env: $env, default: $default, doc: &[$($doc),+], bare: <$type as Setting>::BARE },)+
        ];

        impl Settings {
            fn of(given: &HashMap<&'static str, Given>) -> Result<Self, Refused> {
                Ok(Self { $($field: read(given.get($env), $env, $default)?,)+ })
            }
        }
    };
}

settings! {
    /// The address and port the site listens on. `0.0.0.0:3000` listens on every interface.
    addr: SocketAddr = "ESTAFETTE_ADDR", "127.0.0.1:3000";
    /// The address visitors type, without a path: `https://estafette.example.org`. It stands in canonical links, in the
    /// sitemap and in letters. Empty: http:// (https:// with TLS_CERT) and ESTAFETTE_ADDR.
    public_url: Option<PublicUrl> = "PUBLIC_URL", "";
    /// Where what must last is kept. `sqlite:` and a file, under ESTAFETTE_DATA unless its path is absolute; or
    /// `postgres://user:password@host/name`, for several instances.
    database: Database = "DATABASE_URL", "sqlite:estafette.db";
    /// The folder for the program's own data. Made if it is not there, for no other user to read.
    data: OwnFile = "ESTAFETTE_DATA", "./data";
    /// The site's name.
    site_name: Words = "SITE_NAME", "Estafette";
    /// The organisation whose word it is: `French / English`, or one name for both.
    site_organisation: Organisation = "SITE_ORGANISATION", "OTAN / NATO";
    /// The folder of the text that is published: `fra.xml`, `eng.xml`, and if they are there `gloss.toml` and
    /// `synonyms.toml`; `estafette plan import` makes it. Empty: NATO's updated Defence Production Action Plan.
    plan: Option<OwnFile> = "ESTAFETTE_PLAN", "";
    /// The folder of the built site (`pkg`, fonts, icons). Empty: `site` beside the program or beside its folder, else
    /// `target/site`.
    site: Option<OwnFile> = "ESTAFETTE_SITE", "";
    /// `text` for people, `json` for machines. One line per request, on standard error.
    log_format: LogFormat = "LOG_FORMAT", "text";
    /// `error`, `warn`, `info`, `debug` or `trace`; or by module: `info,server::http=debug`.
    log_level: LogLevel = "LOG_LEVEL", "info";
    /// Where Prometheus fetches `/metrics`; `off` for nowhere. Keep it away from the public.
    metrics_addr: Listen = "METRICS_ADDR", "127.0.0.1:9464";
    /// The reverse proxies whose X-Forwarded-For and X-Forwarded-Proto (or Forwarded) are believed: addresses or
    /// networks, `127.0.0.1, 10.0.0.0/8`. Empty: nobody is believed.
    trusted_proxies: Proxies = "TRUSTED_PROXIES", "";
    /// The certificate chain in PEM, to speak TLS without a proxy. Read again on SIGHUP.
    tls_cert: Option<OwnFile> = "TLS_CERT", "";
    /// The certificate's private key in PEM.
    tls_key: Option<OwnFile> = "TLS_KEY", "";
    /// How many requests may be worked on at once; the next is told to come back (503). Pages that lie ready are served
    /// all the same.
    max_in_flight: Count<1, 100_000> = "MAX_IN_FLIGHT", "512";
    /// Seconds until a request is given up (504).
    request_timeout: Seconds<1, 3600> = "REQUEST_TIMEOUT", "30";
    /// Seconds a client may take to send the head of a request, and to send its body (408).
    read_timeout: Seconds<1, 3600> = "READ_TIMEOUT", "10";
    /// Seconds without a byte in either direction after which a connection is closed.
    idle_timeout: Seconds<1, 3600> = "IDLE_TIMEOUT", "75";
    /// Seconds that requests under way are given when the program is told to stop.
    shutdown_timeout: Seconds<1, 3600> = "SHUTDOWN_TIMEOUT", "30";
    /// Bytes a form may have (413).
    body_limit: Count<1024, 1_073_741_824> = "BODY_LIMIT", "65536";
    /// Units a minute that one network (an IPv4 address, an IPv6 /64) may ask of the API and of the files to take away: a
    /// request to the API costs one, a file five. Who asks for more is told when to come back (429).
    api_limit: Count<1, 1_000_000> = "API_LIMIT", "120";
    /// Megabytes of memory for finished pages.
    page_cache_mb: Count<1, 65_536> = "PAGE_CACHE_MB", "128";
    /// The file with the installation's key: codes are hashed and letters sealed with it. Drawn if it is not there. A path
    /// under ESTAFETTE_DATA unless it is absolute; several instances on one database share it.
    secret_key: OwnFile = "SECRET_KEY", "secret.key";
    /// Hours without a sign of life after which one is signed out.
    session_idle: Count<1, 8760> = "SESSION_IDLE", "168";
    /// Hours after which one is signed out in any case.
    session_max: Count<1, 8760> = "SESSION_MAX", "720";
    /// How many letters, guesses at codes and failed sign-ins, each, one network (/24, /48) may cause in a quarter of an
    /// hour. A newsroom may sit behind one address.
    network_budget: Count<1, 1_000_000> = "NETWORK_BUDGET", "100";
    /// The mail server that letters are handed to: `smtps://user:password@host` (port 465), or `smtp://` (port 587), where
    /// STARTTLS must follow unless the host is this machine. `?tls=off` for a relay in a network of your own. Write `@`,
    /// `:` and `/` in a password as `%40`, `%3A` and `%2F`. Empty: letters are kept, and shown at /dev/mailbox when only
    /// this machine can ask.
    smtp_url: Option<MailServer> = "SMTP_URL", "";
    /// Whom letters come from.
    mail_from: Sender = "MAIL_FROM", "Estafette <no-reply@localhost>";
    /// How many letters are sent at once.
    mail_workers: Count<1, 64> = "MAIL_WORKERS", "2";
    /// Seconds until a letter under way is given up, to be tried again.
    mail_timeout: Seconds<1, 90> = "MAIL_TIMEOUT", "30";
    /// The private key in PEM that letters are signed with (DKIM): RSA of 2048 bits and more, or Ed25519.
    dkim_key: Option<OwnFile> = "DKIM_KEY", "";
    /// The name under which its public half stands in the DNS: `selector._domainkey.domain`.
    dkim_selector: Option<DnsName> = "DKIM_SELECTOR", "";
    /// The domain that signs; the one of MAIL_FROM, or above it.
    dkim_domain: Option<DnsName> = "DKIM_DOMAIN", "";
    /// Where footage is kept: a folder, under ESTAFETTE_DATA unless its path is absolute; or `s3://bucket/prefix`, for
    /// several instances.
    media_url: MediaUrl = "MEDIA_URL", "media";
    /// The address of the S3 server: `https://s3.example.org`. Empty: that of Amazon for MEDIA_S3_REGION.
    media_s3_endpoint: Option<PublicUrl> = "MEDIA_S3_ENDPOINT", "";
    /// The region the bucket lies in. Servers of one's own mostly take any.
    media_s3_region: Words = "MEDIA_S3_REGION", "us-east-1";
    /// The name of the key that S3 is asked with.
    media_s3_access_key: Option<Words> = "MEDIA_S3_ACCESS_KEY", "";
    /// The key's secret.
    media_s3_secret_key: Option<Secret> = "MEDIA_S3_SECRET_KEY", "";
    /// How many videos are worked on at once, beside the site and below it. 0: this instance leaves it to others.
    media_workers: Count<0, 64> = "MEDIA_WORKERS", "1";
    /// Downloads an account may begin in an hour. Whoever goes on with one that broke off begins none.
    downloads_per_hour: Count<1, 1_000_000> = "DOWNLOADS_PER_HOUR", "60";
    /// Megabytes an account may take in a day.
    download_mb_per_day: Count<1, 4_000_000_000> = "DOWNLOAD_MB_PER_DAY", "200000";
    /// Downloads of one account under way at once, of each instance.
    transfers_at_once: Count<1, 10_000> = "TRANSFERS_AT_ONCE", "8";
    /// Clips of one account being made at once.
    clip_jobs_at_once: Count<1, 10_000> = "CLIP_JOBS_AT_ONCE", "3";
    /// Kilobytes a second that all downloads of an instance share, each account as much as the others. 0: as many as the
    /// network carries.
    delivery_bandwidth: Count<0, 100_000_000> = "DELIVERY_BANDWIDTH", "0";
    /// A folder whose files are taken in as they come; `docs/media.md` tells how. Empty: none.
    media_watch: Option<OwnFile> = "MEDIA_WATCH", "";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str, environment: &[(&str, &str)]) -> Result<Settings, Refused> {
        let name = format!("estafette-settings-{}-{:?}.toml", std::process::id(), std::thread::current().id());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, toml).expect("the temporary folder can be written");
        let environment = environment.iter().map(|(name, value)| (name.into(), value.into()));
        let loaded = Settings::load(Some(&file), environment.collect::<Vec<_>>());
        std::fs::remove_file(&file).expect("it was just written");
        loaded
    }

    fn refusal(toml: &str, environment: &[(&str, &str)]) -> String {
        let line = load(toml, environment).expect_err("it is refused").to_string();
        assert!(!line.contains('\n'), "one line: {line}");
        line
    }

    #[test]
    fn the_documented_defaults_are_the_defaults() {
        let documented = load(&Settings::documented(), &[]).expect("it reads back");
        let defaults = Settings::of(&HashMap::new()).expect("the defaults are good");
        assert_eq!(format!("{documented:?}"), format!("{defaults:?}"));
    }

    #[test]
    fn the_usual_metrics_address_is_the_default() {
        let defaults = Settings::of(&HashMap::new()).expect("the defaults are good");
        assert_eq!(defaults.metrics_addr.0, Some(Settings::usual_metrics_addr()));
    }

    #[test]
    fn every_setting_is_documented_under_its_name() {
        let table: toml::Table = Settings::documented().parse().expect("it is TOML");
        assert_eq!(table.len(), TABLE.len());
        assert!(TABLE.iter().all(|row| table.contains_key(&row.key())));
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let toml = "site_name = \"From the file\"\nbody_limit = 2048\n";
        let settings = load(toml, &[("SITE_NAME", "From outside")]).expect("both are good");
        assert_eq!(settings.site_name.0, "From outside");
        assert_eq!(settings.body_limit.get(), 2048);
    }

    #[test]
    fn an_empty_value_means_the_default() {
        let settings = load("site_name = \"\"", &[("ESTAFETTE_ADDR", " ")]).expect("empty is allowed");
        assert_eq!(settings.site_name.0, "Estafette");
        assert_eq!(settings.addr.port(), 3000);
    }

    #[test]
    fn a_list_may_be_a_list() {
        let settings = load("trusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\"]", &[]).expect("a list is good");
        assert_eq!(settings.trusted_proxies.0.len(), 2);
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest() {
        let line = refusal("publc_url = \"https://example.org\"", &[]);
        assert!(line.contains("publc_url") && line.contains("did you mean public_url?"), "{line}");
        let line = refusal("", &[("ESTAFETTE_ADR", "127.0.0.1:1")]);
        assert!(line.contains("ESTAFETTE_ADR ") && line.contains("did you mean ESTAFETTE_ADDR?"), "{line}");
        assert!(!refusal("[xyzzy]", &[]).contains("did you mean"));
    }

    #[test]
    fn variables_of_others_are_none_of_our_business() {
        load("", &[("PATH", "/bin"), ("ESTAFETTE_CACHE", "/tmp"), ("LEPTOS_ENV", "DEV")]).expect("they are left alone");
    }

    #[test]
    fn a_bad_value_is_named_with_what_is_expected() {
        for (name, value) in [
            ("ESTAFETTE_ADDR", "localhost"),
            ("PUBLIC_URL", "example.org"),
            ("PUBLIC_URL", "https://example.org/path"),
            ("LOG_FORMAT", "xml"),
            ("LOG_LEVEL", "loud"),
            ("METRICS_ADDR", "on"),
            ("TRUSTED_PROXIES", "10.0.0.0/99"),
            ("MAX_IN_FLIGHT", "0"),
            ("REQUEST_TIMEOUT", "soon"),
        ] {
            let line = refusal("", &[(name, value)]);
            assert!(line.contains(name) && line.contains(value) && line.contains("expected: "), "{line}");
        }
        assert!(refusal("max_in_flight = { a = 1 }", &[]).contains("max_in_flight"));
        assert!(refusal("max_in_flight = ", &[]).contains("line 1"));
    }

    #[test]
    fn a_password_is_never_shown() {
        for url in [
            "postgres://ada:s3cret@db.example/estafette",
            "postgres://ada:s3cret@db.example:port/x",
            "postgres://ada@db.example/x?password=s3cret",
            "mysql://ada:s3cret@db.example/x",
            "ada:s3cret@db.example",
            "postgres://ada:p@s3cret@db.example/x",
            "postgres://ada:p?s3cret@db.example/x",
            "postgres://db.example/x?password=p@s3cret",
        ] {
            match load("", &[("DATABASE_URL", url)]) {
                Ok(settings) => {
                    assert!(!format!("{settings:?}{}", settings.database.shown()).contains("s3cret"), "{url}")
                }
                Err(refused) => {
                    let line = format!("{refused}{refused:?}");
                    assert!(line.contains("DATABASE_URL") && !line.contains("s3cret"), "{line}");
                }
            }
        }
    }

    #[test]
    fn a_certificate_needs_its_key() {
        assert!(refusal("", &[("TLS_CERT", "/tmp/cert.pem")]).contains("TLS_KEY"));
    }

    #[test]
    fn a_mail_server_is_read_and_its_password_never_shown() {
        let server = |url: &str| load("", &[("SMTP_URL", url)]).expect("a mail server").smtp_url.expect("given");
        let far = server("smtps://ada%40example.org:s3%2Fcret@mail.example.org");
        assert_eq!((&*far.host, far.port, far.line), ("mail.example.org", 465, Line::Wrapped));
        assert_eq!(far.login, Some(("ada@example.org".to_owned(), "s3/cret".to_owned())));
        assert!(!format!("{far:?}").contains("s3"), "{far:?}");
        for (url, port, line) in [
            ("smtp://mail.example.org", 587, Line::StartTls),
            ("smtp://mail.example.org:25", 25, Line::StartTls),
            ("smtp://relay:2525?tls=off", 2525, Line::Plain),
            ("smtp://localhost:25", 25, Line::Plain),
            ("smtp://127.0.0.1:25/", 25, Line::Plain),
            ("smtp://[::1]:25", 25, Line::Plain),
        ] {
            let server = server(url);
            assert_eq!((server.port, server.line, server.login), (port, line, None), "{url}");
        }
        for url in [
            "mail.example.org:587",
            "https://mail.example.org",
            "smtp://",
            "smtp://ada@mail.example.org",
            "smtp://ada:s3cret@mail.example.org?tls=no",
            "smtp://ada:s3cret@mail.example.org/path",
            "smtp://ada:s3cret#@mail.example.org",
            "smtps://ada:s3cret@mail.example.org?tls=off",
        ] {
            let line = refusal("", &[("SMTP_URL", url)]);
            assert!(line.contains("SMTP_URL") && !line.contains("s3cret"), "{line}");
        }
    }

    #[test]
    fn a_sender_is_a_mailbox() {
        let from = |text: &str| load("", &[("MAIL_FROM", text)]).map(|settings| settings.mail_from.0.to_string());
        assert_eq!(from("Presse de l’OTAN <p@example.org>").expect("good"), "Presse de l’OTAN <p@example.org>");
        assert_eq!(from("p@example.org").expect("good"), "p@example.org");
        for text in ["Presse", "p@", "é@example.org", "A <a@example.org>, B <b@example.org>"] {
            from(text).expect_err(text);
        }
    }

    #[test]
    fn a_signature_needs_key_selector_and_domain() {
        assert!(refusal("", &[("DKIM_KEY", "/tmp/dkim.pem")]).contains("DKIM_SELECTOR"));
        assert!(refusal("", &[("DKIM_SELECTOR", "a;b")]).contains("DKIM_SELECTOR"));
        let all = [("DKIM_KEY", "/tmp/dkim.pem"), ("DKIM_SELECTOR", "s1"), ("DKIM_DOMAIN", "example.org")];
        load("", &all).expect("all three are there");
    }

    #[test]
    fn footage_lies_in_a_folder_or_in_a_bucket() {
        let place = |url: &str, key: &str| {
            let keys = [("MEDIA_URL", url), ("MEDIA_S3_ACCESS_KEY", key), ("MEDIA_S3_SECRET_KEY", key)];
            load("", &keys).map(|settings| settings.media_url)
        };
        let bucket = |bucket: &str, prefix: &str| MediaUrl::S3 { bucket: bucket.to_owned(), prefix: prefix.to_owned() };
        assert_eq!(place("", "").expect("the default"), MediaUrl::Folder("media".into()));
        assert_eq!(place("/srv/media", "").expect("a folder"), MediaUrl::Folder("/srv/media".into()));
        assert_eq!(place("s3://footage", "k").expect("a bucket"), bucket("footage", ""));
        assert_eq!(place("s3://footage/a/b/", "k").expect("a prefix"), bucket("footage", "a/b"));
        assert!(place("s3://footage", "").expect_err("no keys").to_string().contains("MEDIA_S3_SECRET_KEY"));
        for url in ["s3://", "s3://-a", "s3://footage//a", "s3://footage/../a", "https://example.org/a", "s3://a b"] {
            place(url, "k").expect_err(url);
        }
    }

    #[test]
    fn the_secret_of_a_bucket_is_never_shown() {
        let keys = [("MEDIA_S3_ACCESS_KEY", "ada"), ("MEDIA_S3_SECRET_KEY", "s3cret")];
        let settings = load("", &keys).expect("both are good");
        assert!(!format!("{settings:?}").contains("s3cret"));
        let line = refusal("", &[("MEDIA_S3_SECRET_KEY", "s3cret\u{7}")]);
        assert!(line.contains("MEDIA_S3_SECRET_KEY") && !line.contains("s3cret"), "{line}");
    }

    #[test]
    fn an_organisation_has_one_name_or_two() {
        let settings = load("", &[("SITE_ORGANISATION", "ONU / UN")]).expect("two names");
        assert_eq!((&*settings.site_organisation.fr, &*settings.site_organisation.en), ("ONU", "UN"));
        let settings = load("", &[("SITE_ORGANISATION", "OSCE")]).expect("one name");
        assert_eq!((&*settings.site_organisation.fr, &*settings.site_organisation.en), ("OSCE", "OSCE"));
    }
}
