//! `estafette mail`. What letters say is not shown: a code is as good as a password while it lasts.

use super::desk::{Common, Desk, Stop, Told, columns, confirm, iso, table, work};
use crate::{clock::to_the_minute, store::outbox::LetterRow};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use std::process::ExitCode;

/// What `mail` may be told.
#[derive(Debug, Args)]
pub struct Mail {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists letters, newest first
    Queue {
        /// Only those in this state
        #[arg(long)]
        state: Option<State>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Shows a letter's fate, not what it says
    Show {
        /// The letter
        #[arg(allow_hyphen_values = true)]
        id: String,
    },
    /// Queues dead letters again
    Retry {
        /// The letter
        #[arg(allow_hyphen_values = true, required_unless_present = "all")]
        id: Option<String>,
        /// All dead letters
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
    /// Removes letters that are queued or dead
    Drop {
        /// The letter
        #[arg(allow_hyphen_values = true, required_unless_present_any = ["all_queued", "all_dead"])]
        id: Option<String>,
        /// All that are queued
        #[arg(long, conflicts_with = "id")]
        all_queued: bool,
        /// All that are dead
        #[arg(long, conflicts_with = "id")]
        all_dead: bool,
        /// Does not ask
        #[arg(long)]
        yes: bool,
    },
}

/// How far a letter has come.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    /// It waits, or is under way
    Queued,
    /// It is not sent: the address refuses it, or it was tried for too long
    Dead,
    /// The mail server has taken it
    Sent,
    /// There was no mail server; it can be read at /dev/mailbox
    Kept,
    /// It came too late to be of use
    Expired,
}

impl State {
    /// As the store knows it.
    const fn tag(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Dead => "dead",
            State::Sent => "sent",
            State::Kept => "kept",
            State::Expired => "expired",
        }
    }
}

/// Does what is asked with letters.
pub fn run(mail: &Mail) -> ExitCode {
    work(&mail.common, async |settings| {
        let desk = Desk::open(&settings).await?;
        let told = match &mail.action {
            Action::Queue { state, limit } => queue(&desk, *state, *limit).await,
            Action::Show { id } => show(&desk, id).await,
            Action::Retry { id, .. } => retry(&desk, id.as_deref()).await,
            Action::Drop { id: Some(id), yes, .. } => drop_one(&desk, id, *yes).await,
            Action::Drop { all_queued, all_dead, yes, .. } => drop_all(&desk, *all_queued, *all_dead, *yes).await,
        };
        desk.store.close().await;
        told
    })
}

fn json(letter: &LetterRow) -> Value {
    json!({
        "id": letter.id,
        "to": letter.to,
        "language": letter.lang,
        "state": letter.state,
        "priority": letter.priority,
        "tries": letter.attempts,
        "created_at": iso(letter.created_at),
        "due_at": (letter.state == State::Queued.tag()).then(|| iso(letter.due_at)),
        "ended_at": letter.ended_at.map(iso),
        "why": letter.why,
    })
}

/// To whom, if that is still known.
fn to(letter: &LetterRow) -> String {
    if letter.to.is_empty() { "(forgotten)".to_owned() } else { letter.to.clone() }
}

async fn queue(desk: &Desk, state: Option<State>, limit: u32) -> Result<Told, Stop> {
    let tag = state.map(State::tag).unwrap_or_default();
    let letters = desk.store.letters(tag, limit.into()).await?;
    let row = |letter: &LetterRow| {
        let tries = letter.attempts.to_string();
        [
            letter.id.clone(),
            to(letter),
            letter.state.clone(),
            tries,
            to_the_minute(letter.created_at),
            letter.why.clone(),
        ]
    };
    let nothing = if tag.is_empty() { "There are no letters.".to_owned() } else { format!("No letter is {tag}.") };
    let mut text = table(["ID", "TO", "STATE", "TRIES", "WRITTEN", "WHY"], letters.iter().map(row), &nothing);
    if letters.len() == limit as usize {
        text += "\n\nThere may be more: see --limit and --state.";
    }
    Ok(Told { text, json: letters.iter().map(json).collect() })
}

async fn found(desk: &Desk, id: &str) -> Result<LetterRow, Stop> {
    let letter = desk.store.letter(id).await?;
    letter.ok_or_else(|| Stop::not_found(format!("there is no letter {id}: see `estafette mail queue`")))
}

async fn show(desk: &Desk, id: &str) -> Result<Told, Stop> {
    let letter = found(desk, id).await?;
    let end = match letter.ended_at {
        Some(at) => ("Ended", to_the_minute(at)),
        None => ("Next try", to_the_minute(letter.due_at)),
    };
    let facts = [
        ("Id", letter.id.clone()),
        ("To", to(&letter)),
        ("Language", letter.lang.clone()),
        ("State", letter.state.clone()),
        ("Tries", letter.attempts.to_string()),
        ("Written", to_the_minute(letter.created_at)),
        end,
        ("Why", letter.why.clone()),
    ];
    let facts = facts.into_iter().filter(|(_, fact)| !fact.is_empty());
    let facts: Vec<_> = facts.map(|(name, fact)| [name.to_owned(), fact]).collect();
    Ok(Told { text: columns(&facts), json: json(&letter) })
}

async fn retry(desk: &Desk, id: Option<&str>) -> Result<Told, Stop> {
    let queued = desk.store.retry_letters(id.unwrap_or_default(), desk.now).await?;
    if let Some(id) = id.filter(|_| queued == 0) {
        let state = found(desk, id).await?.state;
        return Err(Stop::refused(format!("the letter is {state}: only dead ones are tried again")));
    }
    Ok(Told { text: format!("Letters queued again: {queued}."), json: json!({"queued": queued}) })
}

fn dropped(count: u64) -> Told {
    Told { text: format!("Letters dropped: {count}."), json: json!({"dropped": count}) }
}

async fn drop_one(desk: &Desk, id: &str, yes: bool) -> Result<Told, Stop> {
    let letter = found(desk, id).await?;
    if ![State::Queued, State::Dead].map(State::tag).contains(&letter.state.as_str()) {
        return Err(Stop::refused(format!("the letter is {}: only queued and dead ones are dropped", letter.state)));
    }
    confirm(yes, &format!("Drop the letter to {}?", to(&letter)))?;
    Ok(dropped(desk.store.drop_letters(&letter.state, id).await?))
}

async fn drop_all(desk: &Desk, queued: bool, dead: bool, yes: bool) -> Result<Told, Stop> {
    let states = [(queued, State::Queued), (dead, State::Dead)];
    let states: Vec<_> = states.into_iter().filter_map(|(asked, state)| asked.then_some(state.tag())).collect();
    confirm(yes, &format!("Drop every letter that is {}?", states.join(" or ")))?;
    let mut count = 0;
    for state in states {
        count += desk.store.drop_letters(state, "").await?;
    }
    Ok(dropped(count))
}
