//! `estafette audit`.

use super::desk::{Common, Desk, Told, address, iso, table, work};
use crate::{clock::to_the_minute, store::audit::Event};
use app::account::email::EmailAddress;
use clap::Args;
use serde_json::json;
use std::process::ExitCode;

/// What `audit` may be told.
#[derive(Debug, Args)]
pub struct Audit {
    /// Only what happened to this address or this account's id
    #[arg(long, value_name = "ADDRESS|ID", value_parser = about, allow_hyphen_values = true)]
    about: Option<About>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    #[command(flatten)]
    common: Common,
}

/// The audit knows accounts by their ids, and addresses by their marks only.
#[derive(Clone, Debug)]
enum About {
    Address(EmailAddress),
    Account(String),
}

fn about(typed: &str) -> Result<About, &'static str> {
    if typed.contains('@') { address(typed).map(About::Address) } else { Ok(About::Account(typed.to_owned())) }
}

/// Prints what happened.
pub fn run(audit: &Audit) -> ExitCode {
    work(&audit.common, async |settings| {
        let desk = Desk::open(&settings).await?;
        let about = audit.about.as_ref().map(|about| match about {
            About::Address(email) => desk.secrets.mark("audit", &email.key()),
            About::Account(id) => id.clone(),
        });
        let events = desk.store.events(about.as_deref(), audit.limit.into()).await;
        desk.store.close().await;
        let events = events?;
        let row = |event: &Event| {
            let account = event.account_id.clone().unwrap_or_default();
            [
                to_the_minute(event.at),
                event.event.clone(),
                account,
                event.address.clone(),
                event.network.clone(),
                event.detail.clone(),
            ]
        };
        let nothing = if about.is_none() { "Nothing has happened yet." } else { "Nothing is known about it." };
        let names = ["TIME", "EVENT", "ACCOUNT", "ADDRESS (HASHED)", "NETWORK", "DETAIL"];
        let mut text = table(names, events.iter().map(row), nothing);
        if events.len() == audit.limit as usize {
            text += "\n\nThere may be more: see --limit.";
        }
        let json = |event: &Event| {
            json!({
                "at": iso(event.at),
                "event": event.event,
                "account_id": event.account_id,
                "address_hash": event.address,
                "network": event.network,
                "detail": event.detail,
            })
        };
        Ok(Told { text, json: events.iter().map(json).collect() })
    })
}
