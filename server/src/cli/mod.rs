//! The command line.
//!
//! `serve` runs until it is told to stop. All others do one thing and end; what they share (settings, the open store,
//! questions, tables) is in `desk`.

pub mod account;
pub mod audit;
pub mod backup;
pub mod clip;
mod desk;
pub mod mail;
pub mod media;
pub mod migrate;
pub mod plan;
pub mod serve;
pub mod settings;

use clap::{Parser, Subcommand};
use std::{
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
};

/// One website that gives the press and the public an organisation's word and its pictures.
#[derive(Debug, Parser)]
#[command(name = "estafette", version, disable_help_subcommand = true, after_help = Exit::documented())]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves the site until it is told to stop (Ctrl-C, SIGTERM); finishes what is under way first
    Serve(serve::Serve),
    /// Prints every setting with its meaning and default, as a file to start from: `estafette settings > estafette.toml`
    Settings,
    /// Makes the database, or brings it up to date; `serve` does so too when it starts
    Migrate(migrate::Migrate),
    /// Copies the database into a new file while the server runs (SQLite; for PostgreSQL it names the command to use)
    Backup(backup::Backup),
    /// Puts a backup in the database's place, while the server is stopped (SQLite)
    Restore(backup::Restore),
    /// Lists, shows, creates, verifies and deletes accounts, and ends their sessions
    Account(account::Account),
    /// Lists, shows, retries and drops letters
    Mail(mail::Mail),
    /// Prints what happened to accounts, newest first
    Audit(audit::Audit),
    /// Checks a text and its gloss; makes of a text of your own what `serve` publishes
    Plan(plan::Plan),
    /// Takes footage in; lists, shows, edits, withdraws, restores, deletes and verifies videos
    Media(media::Media),
    /// Cuts an MP4 or MOV file between two frames, exactly, and prints the receipt
    Clip(clip::Clip),
}

/// How the program ends, for those who run it from a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Done,
    Failed,
    /// Said by clap.
    Usage,
    NotFound,
    Refused,
    OtherDatabase,
}

impl Exit {
    const MEANINGS: [(Exit, &str); 6] = [
        (Exit::Done, "it is done"),
        (Exit::Failed, "it failed: settings, database, input or output"),
        (Exit::Usage, "the command line was not understood"),
        (Exit::NotFound, "what it is about was not found"),
        (Exit::Refused, "it was refused: against a rule, there already, in use, or not confirmed"),
        (Exit::OtherDatabase, "it is not for this kind of database"),
    ];

    fn documented() -> String {
        let line = |(exit, meaning): (Exit, &str)| format!("  {}  {meaning}\n", exit as u8);
        let lines: String = Exit::MEANINGS.into_iter().map(line).collect();
        format!(
            "Exit codes:\n{lines}\nRun commands as the user the server runs as: the files they make are that user's."
        )
    }
}

/// The one door to standard output. A closed pipe (`estafette settings | head`) is no error.
fn say(text: impl Display) -> ExitCode {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => refuse(format_args!("cannot write: {error}")),
        _ => ExitCode::SUCCESS,
    }
}

/// One line on standard error: why the program does not go on.
fn refuse(why: impl Display) -> ExitCode {
    end(Exit::Failed, why)
}

/// As [`refuse`], with a code that tells scripts more.
fn end(exit: Exit, why: impl Display) -> ExitCode {
    // Nothing is left to tell it to when standard error is closed too.
    let _ = writeln!(io::stderr().lock(), "estafette: {why}");
    ExitCode::from(exit as u8)
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
