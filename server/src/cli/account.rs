//! `estafette account`.

use super::desk::{Common, Desk, Stop, Told, address, columns, confirm, iso, table, work};
use crate::{
    accounts::{agent, operator::Unopened},
    clock::{date, to_the_minute},
    store::accounts::Account as Row,
};
use app::account::{contract::Refusal, email::EmailAddress};
use clap::{Args, Subcommand};
use plan::Lang;
use serde_json::{Value, json};
use std::{
    io::{self, IsTerminal, Write},
    process::{Command, ExitCode, Stdio},
};

/// What `account` may be told.
#[derive(Debug, Args)]
pub struct Account {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists accounts by address
    List {
        /// Only addresses that hold this
        #[arg(long, value_name = "PART", default_value = "", hide_default_value = true)]
        search: String,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        /// From the one behind this address on
        #[arg(long, value_name = "ADDRESS", default_value = "", hide_default_value = true)]
        after: String,
    },
    /// Shows an account and its sessions
    Show(Whose),
    /// Creates a verified account; its password is the first line of standard input
    Create {
        #[command(flatten)]
        whose: Whose,
        /// The language of its letters: fr, en
        #[arg(long)]
        lang: Lang,
    },
    /// Completes the newest registration that waits for its code
    ///
    /// Anybody can register any address: ask its owner when it was done, and compare `estafette audit --about ADDRESS`.
    Verify(Whose),
    /// Deletes an account and all that names it; its owner is told by a last letter
    Delete {
        #[command(flatten)]
        whose: Whose,
        /// Does not ask
        #[arg(long)]
        yes: bool,
    },
    /// Signs an account out everywhere
    EndSessions(Whose),
}

#[derive(Debug, Args)]
struct Whose {
    /// The account's address
    #[arg(value_parser = address)]
    address: EmailAddress,
}

/// Does what is asked with accounts.
pub fn run(account: &Account) -> ExitCode {
    work(&account.common, async |settings| {
        let desk = Desk::open(&settings).await?;
        let told = match &account.action {
            Action::List { search, limit, after } => list(&desk, search, *limit, after).await,
            Action::Show(whose) => show(&desk, &whose.address).await,
            Action::Create { whose, lang } => create(&desk, &whose.address, *lang).await,
            Action::Verify(whose) => verify(&desk, &whose.address).await,
            Action::Delete { whose, yes } => delete(&desk, &whose.address, *yes).await,
            Action::EndSessions(whose) => end_sessions(&desk, &whose.address).await,
        };
        desk.store.close().await;
        told
    })
}

fn json(account: &Row) -> Value {
    json!({
        "id": account.id,
        "address": account.email,
        "created_at": iso(account.created_at),
        "language": account.lang,
        "newsletter_since": account.newsletter_at.map(iso),
    })
}

async fn list(desk: &Desk, search: &str, limit: u32, after: &str) -> Result<Told, Stop> {
    let found = desk.store.accounts(search, &after.to_lowercase(), limit.into()).await?;
    let row = |account: &Row| {
        let newsletter =
            account.newsletter_at.map_or_else(|| "no".to_owned(), |since| format!("since {}", date(since)));
        [account.email.clone(), date(account.created_at), account.lang.clone(), newsletter]
    };
    let nothing = match (search, after) {
        ("", "") => {
            "There are no accounts yet. People register on the site; `estafette account create` does it for them."
        }
        _ => "No other account matches.",
    };
    let mut text = table(["ADDRESS", "SINCE", "LANGUAGE", "NEWSLETTER"], found.iter().map(row), nothing);
    if let Some(last) = found.last().filter(|_| found.len() == limit as usize) {
        text += &format!("\n\nThere may be more: --after {}", last.email_key);
    }
    Ok(Told { text, json: found.iter().map(json).collect() })
}

async fn show(desk: &Desk, email: &EmailAddress) -> Result<Told, Stop> {
    let account = desk.account(email).await?;
    let (idle, began) = (desk.now - desk.limits.session_idle, desk.now - desk.limits.session_max);
    let sessions = desk.store.sessions_of(&account.id, idle, began).await?;
    let newsletter = account.newsletter_at.map_or_else(|| "no".to_owned(), |at| format!("since {}", to_the_minute(at)));
    let facts = [
        ("Address", account.email.clone()),
        ("Id", account.id.clone()),
        ("Since", to_the_minute(account.created_at)),
        ("Language", account.lang.clone()),
        ("Newsletter", newsletter),
        ("Sessions", sessions.len().to_string()),
    ];
    let mut text = columns(&facts.map(|(name, fact)| [name.to_owned(), fact]));
    if !sessions.is_empty() {
        let rows = sessions.iter().map(|session| {
            let browser = agent::browser(&session.agent);
            let browser = if browser.is_empty() { "unknown".to_owned() } else { browser };
            [browser, session.network.clone(), to_the_minute(session.created_at), to_the_minute(session.seen_at)]
        });
        text += &format!("\n\n{}", table(["BROWSER", "NETWORK", "BEGUN", "LAST SEEN"], rows, ""));
    }
    let mut json = json(&account);
    json["sessions"] = sessions
        .iter()
        .map(|session| {
            json!({
                "id": session.id,
                "browser": agent::browser(&session.agent),
                "agent": session.agent,
                "network": session.network,
                "begun_at": iso(session.created_at),
                "seen_at": iso(session.seen_at),
            })
        })
        .collect();
    Ok(Told { text, json })
}

async fn create(desk: &Desk, email: &EmailAddress, lang: Lang) -> Result<Told, Stop> {
    let opened = desk.office.create(email, &password()?, lang).await?;
    let account = opened.map_err(|why| unopened(email, &why))?;
    Ok(Told { text: format!("{} has an account now.", account.email), json: json(&account) })
}

async fn verify(desk: &Desk, email: &EmailAddress) -> Result<Told, Stop> {
    let opened = desk.office.complete(email).await?;
    let account = opened.map_err(|why| unopened(email, &why))?;
    let text = format!(
        "{} has an account now. Nobody has proved to own the address, so its owner chooses the password by a reset:\n\
         \x20 Forgotten password? on the sign-in page.",
        account.email
    );
    Ok(Told { text, json: json(&account) })
}

async fn delete(desk: &Desk, email: &EmailAddress, yes: bool) -> Result<Told, Stop> {
    let account = desk.account(email).await?;
    confirm(yes, &format!("Delete {}?", account.email))?;
    desk.office.erase_by_command(&account).await?;
    let text = format!("{} has no account any more; a last letter says so.", account.email);
    Ok(Told { text, json: json!({"deleted": account.email}) })
}

async fn end_sessions(desk: &Desk, email: &EmailAddress) -> Result<Told, Stop> {
    let account = desk.account(email).await?;
    let ended = desk.office.sign_out_everywhere(&account).await?;
    let text = format!("{} is signed out everywhere; sessions ended: {ended}.", account.email);
    Ok(Told { text, json: json!({"address": account.email, "ended": ended}) })
}

fn unopened(email: &EmailAddress, why: &Unopened) -> Stop {
    let email = email.as_str();
    match why {
        Unopened::Taken => Stop::refused(format!("{email} has an account already")),
        Unopened::NoneWaits => Stop::not_found(format!("no registration of {email} waits for its code")),
        Unopened::Password(Refusal::Password(rules)) => {
            Stop::refused(format!("the password breaks the site's rules: {}", rules.join(", ")))
        }
        Unopened::Password(_) => Stop::refused("there is no password on standard input"),
    }
}

/// The password: a line of standard input, never an argument, which all users of the machine could read.
fn password() -> Result<String, Stop> {
    if io::stdin().is_terminal() {
        return unseen();
    }
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A line typed unseen. The shell knows how to hide it, and how to show again what follows when it is interrupted.
fn unseen() -> Result<String, Stop> {
    const READ: &str =
        r#"trap 'stty echo; echo >&2' EXIT; trap 'exit 1' INT TERM; stty -echo; IFS= read -r p; printf %s "$p""#;
    write!(io::stderr(), "Password: ")?;
    let read = Command::new("sh").args(["-c", READ]).stdin(Stdio::inherit()).stderr(Stdio::inherit()).output()?;
    Ok(String::from_utf8(read.stdout)?)
}
