//! The kinds of value a setting can have. Text becomes a type here and is not looked at again.

use ipnet::IpNet;
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use sqlx::postgres::PgConnectOptions;
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};
use tracing_subscriber::filter::Targets;
use url::Url;

/// A kind of value.
pub trait Setting: Sized {
    /// Written without quotes in TOML: a number.
    const BARE: bool = false;
    /// What a good value is, to end "expected: …".
    fn expected() -> String;
    /// The value that `text` means, if it means one.
    fn read(text: &str) -> Option<Self>;
    /// The text as it may be repeated in a message. Kinds that hold a secret mask it here.
    fn shown(text: &str) -> String {
        format!("\"{text}\"")
    }
}

/// Empty means absent.
impl<T: Setting> Setting for Option<T> {
    fn expected() -> String {
        T::expected()
    }
    fn read(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { T::read(text).map(Some) }
    }
    fn shown(text: &str) -> String {
        T::shown(text)
    }
}

impl Setting for SocketAddr {
    fn expected() -> String {
        "an address and a port, such as 127.0.0.1:3000".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// An address to listen on, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen(pub Option<SocketAddr>);

impl Setting for Listen {
    fn expected() -> String {
        "an address and a port, such as 127.0.0.1:9464, or off".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        if text == "off" { Some(Self(None)) } else { text.parse().ok().map(|addr| Self(Some(addr))) }
    }
}

/// `https://estafette.example.org`: scheme and host, perhaps a port, no path and no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// As text, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for PublicUrl {
    fn expected() -> String {
        "http:// or https:// and a host, without a path, such as https://estafette.example.org".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        let url = text.strip_suffix('/').unwrap_or(text);
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let good = host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c));
        (good && host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')).then(|| Self(url.to_owned()))
    }
}

/// Words to be shown; not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(pub String);

impl Setting for Words {
    fn expected() -> String {
        "words on one line".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        (!text.is_empty() && !text.contains(char::is_control)).then(|| Self(text.to_owned()))
    }
}

/// A name in French and in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Setting for Organisation {
    fn expected() -> String {
        "a name, or its French and English forms as in OTAN / NATO".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        let (fr, en) = text.split_once(" / ").unwrap_or((text, text));
        Some(Self { fr: Words::read(fr.trim())?.0, en: Words::read(en.trim())?.0 })
    }
}

/// A file or folder of the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile(pub PathBuf);

impl Setting for OwnFile {
    fn expected() -> String {
        "a path".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        Words::read(text).map(|words| Self(words.0.into()))
    }
}

/// Which database. Never prints its password.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file.
    Sqlite(PathBuf),
    /// A server, by its URL.
    Postgres(String),
}

impl Database {
    /// As it may be shown.
    pub fn shown(&self) -> String {
        match self {
            Database::Sqlite(path) => format!("sqlite:{}", path.display()),
            Database::Postgres(url) => masked(url),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// A URL without what may be a password: all between the user's name and the host, and the query.
fn masked(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (&url[..scheme.len() + 3], rest));
    let until = |text: &str, ends: &[char]| text.split(ends).next().unwrap_or_default().to_owned();
    match rest.rsplit_once('@') {
        None => format!("{scheme}{}", until(rest, &['?'])),
        // The sign may stand in the query, or the question mark in a password: what follows may be part of one.
        Some((who, _)) if who.contains('?') => format!("{scheme}{}:***", until(who, &[':', '?'])),
        Some((who, host)) => format!("{scheme}{}:***@{}", until(who, &[':']), until(host, &['?'])),
    }
}

impl Setting for Database {
    fn expected() -> String {
        "sqlite: and a file, such as sqlite:estafette.db, or postgres://user:password@host/name".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return OwnFile::read(path).map(|file| Database::Sqlite(file.0));
        }
        let postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
        (postgres && text.parse::<PgConnectOptions>().is_ok()).then(|| Database::Postgres(text.to_owned()))
    }
    fn shown(text: &str) -> String {
        format!("\"{}\"", masked(text))
    }
}

/// How a line to the mail server is kept from eavesdroppers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// TLS from the first byte (RFC 8314 §3).
    Wrapped,
    /// STARTTLS before anything else; without it nothing is sent (RFC 3207).
    StartTls,
    /// Not at all: on this machine, or in a network of the operator's own.
    Plain,
}

/// The mail server that letters are handed to. Never prints its password.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name, or its address without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line to it is kept.
    pub line: Line,
    /// User and password.
    pub login: Option<(String, String)>,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.line)
    }
}

impl Setting for MailServer {
    fn expected() -> String {
        "smtps://user:password@host or smtp://user:password@host:port".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned());
        let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
        let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let (line, port) = match (url.scheme(), url.query()) {
            ("smtps", None) => (Line::Wrapped, 465),
            ("smtp", None) if !here => (Line::StartTls, 587),
            ("smtp", None | Some("tls=off")) => (Line::Plain, 587),
            _ => return None,
        };
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some((decoded(user)?, decoded(password?)?)),
        };
        let nothing_more = ["", "/"].contains(&url.path()) && url.fragment().is_none() && !host.is_empty();
        nothing_more.then(|| Self { host, port: url.port().unwrap_or(port), line, login })
    }
    fn shown(text: &str) -> String {
        format!("\"{}\"", masked(text))
    }
}

/// Whom letters come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(pub Mailbox);

impl Setting for Sender {
    fn expected() -> String {
        "an address, or a name with one: Estafette <no-reply@example.org>".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        // Mail servers that take addresses beyond ASCII (RFC 6531) are rare enough that a sender does without.
        let mailbox = Words::read(text)?.0.parse::<Mailbox>().ok()?;
        let address: &str = mailbox.email.as_ref();
        // The parser is content with the first of several.
        let alone = text.trim_end_matches('>').ends_with(address);
        (alone && address.is_ascii()).then_some(Self(mailbox))
    }
}

/// A name in the DNS, such as a domain or a DKIM selector (RFC 6376 §3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsName(pub String);

impl Setting for DnsName {
    fn expected() -> String {
        "a name in the DNS, such as example.org".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        let label =
            |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        text.split('.').all(label).then(|| Self(text.to_owned()))
    }
}

/// Where footage is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaUrl {
    /// A folder.
    Folder(PathBuf),
    /// A bucket, and what all names in it begin with.
    S3 {
        /// Its name.
        bucket: String,
        /// Without slashes at its ends; may be empty.
        prefix: String,
    },
}

impl Setting for MediaUrl {
    fn expected() -> String {
        "a folder, or s3://bucket/prefix".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        let Some(name) = text.strip_prefix("s3://") else {
            return OwnFile::read(text).filter(|_| !text.contains("://")).map(|folder| Self::Folder(folder.0));
        };
        let (bucket, prefix) = name.split_once('/').unwrap_or((name, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        let named = bucket.starts_with(|c: char| c.is_ascii_alphanumeric()) && plain(bucket);
        let part = |part: &str| plain(part) && !["", ".", ".."].contains(&part);
        let sound = prefix.is_empty() || prefix.split('/').all(part);
        (named && sound).then(|| Self::S3 { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

/// What nobody else may know. Never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Setting for Secret {
    fn expected() -> String {
        "letters, digits and signs on one line".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        Words::read(text).map(|words| Self(words.0))
    }
    fn shown(_: &str) -> String {
        "***".to_owned()
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl Setting for LogFormat {
    fn expected() -> String {
        "text or json".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// What is logged, for all or by module.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLevel(pub Targets);

impl Setting for LogLevel {
    fn expected() -> String {
        "error, warn, info, debug or trace, or a list by module such as info,server::http=debug".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        // `Targets` takes a lone unknown word for a module's name; we would rather hear of the slip.
        let known = |word: &str| {
            ["off", "error", "warn", "info", "debug", "trace"].contains(&word.trim().to_ascii_lowercase().as_str())
        };
        let parts = || text.split(',');
        let sound = parts().all(|part| known(part.rsplit('=').next().unwrap_or(part)));
        if !sound {
            return None;
        }
        Targets::from_str(text).ok().map(Self)
    }
}

/// Networks of proxies we trust.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(pub Vec<IpNet>);

impl Proxies {
    /// Whether `address` is one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }
}

impl Setting for Proxies {
    fn expected() -> String {
        "addresses or networks with commas between, such as 127.0.0.1, 10.0.0.0/8".to_owned()
    }
    fn read(text: &str) -> Option<Self> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from)).ok())
            .collect::<Option<_>>()
            .map(Self)
    }
}

fn within(text: &str, range: RangeInclusive<u32>) -> Option<u32> {
    text.parse().ok().filter(|number| range.contains(number))
}

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Count<MIN, MAX> {
    /// As a size.
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl<const MIN: u32, const MAX: u32> Setting for Count<MIN, MAX> {
    const BARE: bool = true;
    fn expected() -> String {
        format!("a whole number from {MIN} to {MAX}")
    }
    fn read(text: &str) -> Option<Self> {
        within(text, MIN..=MAX).map(Self)
    }
}

/// A time in whole seconds, from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Seconds<MIN, MAX> {
    /// As a duration.
    pub const fn get(self) -> Duration {
        Duration::from_secs(self.0 as u64)
    }
}

impl<const MIN: u32, const MAX: u32> Setting for Seconds<MIN, MAX> {
    const BARE: bool = true;
    fn expected() -> String {
        format!("a whole number of seconds from {MIN} to {MAX}")
    }
    fn read(text: &str) -> Option<Self> {
        within(text, MIN..=MAX).map(Self)
    }
}
