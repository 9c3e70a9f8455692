//! `cargo run -p plan --features xml --example convert -- SOURCE.txt fr PROFILE.toml NAMES.toml > OUT.xml`
//!
//! Makes Akoma Ntoso of a numbered text. `make content` calls it for the action plan in both languages.

use plan::{Lang, akn, import};
use std::{error::Error, fs, io::Write as _};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, lang, profile, names] = arguments.as_slice() else {
        return Err("usage: convert SOURCE.txt fr|en PROFILE.toml NAMES.toml".into());
    };
    let lang: Lang = lang.parse()?;
    let read = |path: &str| fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
    let profile: import::Profile = toml::from_str(&read(profile)?)?;
    let names: import::Names = toml::from_str(&read(names)?)?;
    let document = import::import(&read(source)?, lang, &profile, &names).map_err(|e| format!("{source}, {e}"))?;
    std::io::stdout().write_all(akn::write(&document).as_bytes())?;
    Ok(())
}
