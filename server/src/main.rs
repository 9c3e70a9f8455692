//! The program `estafette`. It only chooses.

use clap::Parser;
use server::cli::{self, Cli, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(serve) => cli::serve::run(&serve),
        Command::Settings => cli::settings::run(),
        Command::Migrate(migrate) => cli::migrate::run(&migrate),
        Command::Backup(backup) => cli::backup::backup(&backup),
        Command::Restore(restore) => cli::backup::restore(&restore),
        Command::Account(account) => cli::account::run(&account),
        Command::Mail(mail) => cli::mail::run(&mail),
        Command::Audit(audit) => cli::audit::run(&audit),
        Command::Plan(plan) => cli::plan::run(&plan),
        Command::Media(media) => cli::media::run(&media),
        Command::Clip(clip) => cli::clip::run(&clip),
    }
}
