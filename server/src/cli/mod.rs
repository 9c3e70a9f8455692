//! The command line.

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
#[command(name = "estafette", version, about, disable_help_subcommand = true)]
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
    // Nothing is left to tell it to when standard error is closed too.
    let _ = writeln!(io::stderr().lock(), "estafette: {why}");
    ExitCode::FAILURE
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
