//! What commands that do one thing have in common.

use super::{Exit, end, refuse, say};
use crate::{
    accounts::{Limits, Office},
    clock::{self, Clock, SECOND, SystemClock},
    http::{identity, open_store},
    secrets::Secrets,
    settings::{Database, Settings},
    store::{Store, accounts::Account},
};
use app::account::email::{BadEmail, EmailAddress};
use clap::Args;
use serde_json::Value;
use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// What every command may be told.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// The settings file [default: ./estafette.toml, if it is there]; variables of the environment win over it
    #[arg(long, value_name = "FILE", global = true, display_order = 100)]
    config: Option<PathBuf>,
    /// Prints one JSON document instead; times in it are ISO 8601, UTC, to the millisecond
    #[arg(long, global = true, display_order = 101)]
    pub(super) json: bool,
}

/// What came of a command: for people, and for programs.
pub(super) struct Told {
    pub(super) text: String,
    pub(super) json: Value,
}

/// Why a command did not do what it was asked to.
pub(super) struct Stop(Exit, String);

impl Stop {
    pub(super) fn not_found(why: impl Into<String>) -> Self {
        Stop(Exit::NotFound, why.into())
    }

    pub(super) fn refused(why: impl Into<String>) -> Self {
        Stop(Exit::Refused, why.into())
    }

    pub(super) fn failed(why: impl Into<String>) -> Self {
        Stop(Exit::Failed, why.into())
    }

    pub(super) fn usage(why: impl Into<String>) -> Self {
        Stop(Exit::Usage, why.into())
    }

    /// The same end, in other words.
    pub(super) fn saying(self, why: impl Into<String>) -> Self {
        Stop(self.0, why.into())
    }

    pub(super) fn other_database(why: impl Into<String>) -> Self {
        Stop(Exit::OtherDatabase, why.into())
    }
}

/// Whatever has no code of its own failed.
impl<E: std::error::Error> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop(Exit::Failed, error.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// Does a command's work under the settings, and tells what came of it.
pub(super) fn work<F: Future<Output = Result<Told, Stop>>>(
    common: &Common,
    job: impl FnOnce(Settings) -> F,
) -> ExitCode {
    let settings = match Settings::load(common.config.as_deref(), std::env::vars_os()) {
        Ok(settings) => settings,
        Err(refused) => return refuse(refused),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(format_args!("cannot start: {error}")),
    };
    tell(common.json, runtime.block_on(job(settings)))
}

/// Tells what came of a command.
pub(super) fn tell(json: bool, came: Result<Told, Stop>) -> ExitCode {
    match came {
        Ok(told) if json => say(format_args!("{:#}", told.json)),
        Ok(told) => say(told.text),
        Err(Stop(exit, why)) => end(exit, why),
    }
}

/// The open store, and who does what is done with it.
pub(super) struct Desk {
    pub(super) store: Store,
    pub(super) secrets: Secrets,
    pub(super) office: Office,
    pub(super) limits: Limits,
    pub(super) now: i64,
}

impl Desk {
    /// As the server opens it; only that a file is not made by whoever just looks, perhaps in the wrong folder.
    pub(super) async fn open(settings: &Settings) -> Result<Self, Stop> {
        if let Database::Sqlite(path) = &settings.database {
            there(&settings.data.0.join(path))?;
        }
        let (store, secrets) = open_store(settings).await?;
        let limits = Limits::of(settings);
        let site = identity(settings, String::new());
        let clock = Arc::new(SystemClock);
        let office = Office::new(store.clone(), secrets.clone(), clock, Arc::default(), &site, limits);
        Ok(Self { store, secrets, office, limits, now: SystemClock.now() })
    }

    /// The account of an address.
    pub(super) async fn account(&self, email: &EmailAddress) -> Result<Account, Stop> {
        let found = self.store.account(&email.key()).await?;
        found.ok_or_else(|| Stop::not_found(format!("{} has no account", email.as_str())))
    }
}

/// Refuses a database that is not there.
pub(super) fn there(place: &Path) -> Result<(), Stop> {
    if place.exists() {
        return Ok(());
    }
    let place = place.display();
    Err(Stop::not_found(format!(
        "there is no database at {place}: `estafette migrate` makes it; see DATABASE_URL and ESTAFETTE_DATA"
    )))
}

/// Asks before something is destroyed. A program, which cannot be asked, says `--yes`.
pub(super) fn confirm(yes: bool, question: &str) -> Result<(), Stop> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Stop::refused(format!("{question} Nobody is here to ask: say --yes")));
    }
    write!(io::stderr(), "{question} [y/N] ")?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Stop::refused("nothing was done")),
    }
}

/// Columns of equal width, but for the last. What others have written (mail servers) cannot move the cursor.
pub(super) fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").replace(char::is_control, "\u{fffd}").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Columns under their names; where there is nothing to show, that is said.
pub(super) fn table<const N: usize>(
    names: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    nothing: &str,
) -> String {
    let rows: Vec<_> = [names.map(str::to_owned)].into_iter().chain(rows).collect();
    if rows.len() == 1 { nothing.to_owned() } else { columns(&rows) }
}

/// `2026-11-23T08:05:59.123Z`, for programs.
pub(super) fn iso(ms: i64) -> String {
    let minute = clock::to_the_minute(ms);
    let ms = ms.rem_euclid(clock::MINUTE);
    format!("{}:{:02}.{:03}Z", minute.trim_end_matches('Z'), ms / SECOND, ms % SECOND)
}

/// An address, as an argument.
pub(super) fn address(typed: &str) -> Result<EmailAddress, &'static str> {
    typed.parse().map_err(|bad| match bad {
        BadEmail::Empty => "it is empty",
        BadEmail::Malformed => "it is no complete address, such as name@example.org",
        BadEmail::TooLong => "it is longer than an address can be",
    })
}
