//! `estafette migrate`.

use super::desk::{Common, Told, work};
use crate::store::Store;
use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;

/// What `migrate` may be told.
#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    common: Common,
}

/// Brings the schema up to date and tells what that took. The key is left alone: whoever migrates before several servers
/// start need not have it.
pub fn run(migrate: &Migrate) -> ExitCode {
    work(&migrate.common, async |settings| {
        let (database, data) = (&settings.database, &settings.data.0);
        let before = Store::schema(database, data).await?;
        Store::open(database, data).await?.close().await;
        let after = Store::schema(database, data).await?;
        let version = after.last().map_or(0, |(version, _)| *version);
        let applied: Vec<_> = after.iter().filter(|step| !before.contains(step)).collect();
        let steps = applied.iter().map(|(version, name)| format!("{version} {name}")).collect::<Vec<_>>().join(", ");
        Ok(Told {
            text: match applied.len() {
                0 => format!("The schema is at version {version}, up to date."),
                _ => format!("The schema is at version {version}. Applied: {steps}."),
            },
            json: json!({
                "version": version,
                "applied": applied.iter().map(|(version, name)| json!({"version": version, "name": name})).collect::<Value>(),
            }),
        })
    })
}
