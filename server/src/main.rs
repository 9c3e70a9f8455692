//! The program `estafette`. It only chooses.

use clap::Parser;
use server::cli::{self, Cli, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(serve) => cli::serve::run(&serve),
        Command::Settings => cli::settings::run(),
    }
}
