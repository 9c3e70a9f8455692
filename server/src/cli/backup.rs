//! `estafette backup` and `estafette restore`.

use super::{
    desk::{Common, Stop, Told, confirm, iso, there, work},
    say,
};
use crate::{
    clock::{Clock, SystemClock},
    http::key_file,
    secrets::Secrets,
    settings::{Database, Settings},
    store::copies::{self, CopyError},
};
use clap::Args;
use serde_json::json;
use std::{path::PathBuf, process::ExitCode};
use url::Url;

/// What `backup` may be told.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write; it must not be there yet
    file: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// What `restore` may be told.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup to put in the database's place
    file: PathBuf,
    /// Does not ask whether to move the present database aside
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    common: Common,
}

/// Takes a copy, looks whether it is sound, and reminds of the key, without which it is worth little.
pub fn backup(backup: &Backup) -> ExitCode {
    work(&backup.common, async |settings| {
        let to = &backup.file;
        let from = sqlite(&settings, |url| {
            format!("pg_dump --format=custom --file={} --dbname={}", quoted(&to.to_string_lossy()), quoted(url))
        })?;
        there(&from)?;
        copies::copy(&from, to).await.map_err(refused)?;
        let held = copies::inspect(to).await.map_err(refused)?;
        let (bytes, key) = (std::fs::metadata(to)?.len(), key_file(&settings));
        Ok(Told {
            text: format!(
                "Backed up to {} ({bytes} bytes, schema {}).\nKeep the key as well, apart from it: {}",
                to.display(),
                held.schema,
                key.display()
            ),
            json: json!({"file": to, "bytes": bytes, "schema": held.schema, "key_file": key}),
        })
    })
}

/// Puts a copy back. The database that was there is kept aside, and nothing happens while a server uses it.
pub fn restore(restore: &Restore) -> ExitCode {
    work(&restore.common, async |settings| {
        let from = &restore.file;
        let place = sqlite(&settings, |url| {
            let options = "--clean --if-exists --no-owner --single-transaction";
            format!("pg_restore {options} --dbname={} {}", quoted(url), quoted(&from.to_string_lossy()))
        })?;
        let held = copies::inspect(from).await.map_err(refused)?;
        let key = key_file(&settings);
        let mark = if key.exists() { Some(Secrets::open(&key)?.mark("key", "")) } else { None };
        let needs_key = held.key.is_some() && mark.is_none();
        if held.key.is_some() && mark.is_some() && held.key != mark {
            let (from, key) = (from.display(), key.display());
            return Err(Stop::refused(format!("{from} was used with another key than {key}: put its own there first")));
        }
        let claim = copies::claim(&place).map_err(refused)?;
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let until = iso(SystemClock.now()).replace([':', '-'], "");
        let aside = place.with_file_name(format!("{name}.until-{until}"));
        let occupied = place.exists();
        if occupied {
            confirm(restore.yes, &format!("Move {} aside and put {} there?", place.display(), from.display()))?;
        }
        copies::put_back(&claim, from, &place, &aside).await?;
        let mut text = format!("Restored {} from {}.", place.display(), from.display());
        if occupied {
            text += &format!("\nWhat was there is kept: {}", aside.display());
        }
        if needs_key {
            text += &format!("\nPut its key there before the server starts: {}", key.display());
        }
        let json = json!({
            "file": place,
            "from": from,
            "aside": occupied.then_some(&aside),
            "schema": held.schema,
            "key_file": key,
            "key_missing": needs_key,
        });
        Ok(Told { text, json })
    })
}

/// What the store would not take is a refusal; what it could not do, a failure.
fn refused(error: CopyError) -> Stop {
    match error {
        CopyError::Exists(_) | CopyError::Foreign { .. } | CopyError::Newer { .. } | CopyError::InUse(_) => {
            Stop::refused(error.to_string())
        }
        CopyError::Io { .. } | CopyError::Failed(_) => error.into(),
    }
}

/// SQLite's file. PostgreSQL has programs of its own: then the line that calls one is printed, to be copied or run.
fn sqlite(settings: &Settings, instead: impl FnOnce(&str) -> String) -> Result<PathBuf, Stop> {
    match &settings.database {
        Database::Sqlite(path) => Ok(settings.data.0.join(path)),
        Database::Postgres(url) => {
            let _ = say(instead(&without_password(url)));
            let key = key_file(settings);
            Err(Stop::other_database(format!(
                "PostgreSQL has a program for that: run the line above, which asks for the password (or takes \
                 PGPASSWORD); keep {} as well",
                key.display()
            )))
        }
    }
}

/// A database's URL as PostgreSQL's own programs take it, without the password. Of its query stays what they know and
/// what is no secret.
fn without_password(url: &str) -> String {
    const KEPT: [&str; 6] = ["host", "port", "user", "dbname", "sslmode", "sslrootcert"];
    let Ok(mut url) = Url::parse(url) else { return String::new() };
    // It fails only where there is no place for a password.
    let _ = url.set_password(None);
    let kept = |pair: &&str| KEPT.contains(&pair.split('=').next().unwrap_or_default());
    let query = url.query().map(|query| query.split('&').filter(kept).collect::<Vec<_>>().join("&"));
    url.set_query(query.as_deref().filter(|query| !query.is_empty()));
    url.into()
}

/// One word to a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
