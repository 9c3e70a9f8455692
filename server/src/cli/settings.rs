//! `estafette settings`.

use crate::settings::Settings;
use std::process::ExitCode;

/// Prints the documented defaults.
pub fn run() -> ExitCode {
    super::say(Settings::documented().trim_end())
}
