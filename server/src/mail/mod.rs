//! Letters: what they say, how they are written, how they leave.
//!
//! A letter is a row of the outbox first, written in the transaction that causes it. A worker claims it by lease, sends
//! it outside of any transaction and records what became of it. So no letter is lost; one whose worker died between
//! sending and recording is sent twice, with the same `Message-ID`, by which mail programs show it once.

pub mod dkim;
pub mod letters;
pub mod mailbox;
pub mod transport;
pub mod worker;

pub use letters::{Composed, Letterhead};
pub use worker::{Mailer, Step};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a letter says. Kept sealed in its row, since a code is as good as a password while it lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Letter {
    /// The code that proves an address, to make an account.
    Verify {
        /// Six digits.
        code: String,
    },
    /// Somebody registers with the address of an account that is there.
    AlreadyRegistered,
    /// The code that lets one choose a new password.
    Reset {
        /// Six digits.
        code: String,
    },
    /// Somebody asks for a new password where there is no account.
    NoAccount,
    /// The password is another one now.
    PasswordChanged {
        /// When; milliseconds since 1970.
        at: i64,
    },
    /// Somebody signed in with a browser that was not seen before.
    NewDevice {
        /// `Firefox, Linux`.
        browser: String,
        /// `198.51.100.0`.
        network: String,
        /// When; milliseconds since 1970.
        at: i64,
    },
    /// The account is no more.
    AccountDeleted,
    /// A video that was taken is withdrawn.
    Recall {
        /// Its number.
        number: String,
        /// Its title, in the letter's language.
        title: String,
        /// Why, if that is told; else empty.
        reason: String,
        /// What was taken of it, the first first.
        taken: Vec<Taken>,
    },
}

/// A part of a film, or all of it, that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// In which form: `720p`.
    pub rendition: String,
    /// Of a part, its points as people write them.
    pub part: Option<(String, String)>,
    /// When; milliseconds since 1970.
    pub at: i64,
}

impl Letter {
    /// As it is sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        // A type without maps and without floats always serialises.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// As it was sealed, unless a newer program did.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// What it is called where letters are counted: `already_registered`.
    pub(crate) fn kind(&self) -> String {
        let name = match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields.keys().next().cloned(),
            Ok(Value::String(name)) => Some(name),
            _ => None,
        };
        let mut kind = String::new();
        for letter in name.unwrap_or_default().chars() {
            if letter.is_uppercase() && !kind.is_empty() {
                kind.push('_');
            }
            kind.extend(letter.to_lowercase());
        }
        kind
    }

    /// The code it carries.
    pub fn code(&self) -> Option<&str> {
        match self {
            Letter::Verify { code } | Letter::Reset { code } => Some(code),
            _ => None,
        }
    }

    /// Lower goes first. Somebody is waiting in front of the screen for whatever answers a form; notices can wait.
    pub fn priority(&self) -> i64 {
        match self {
            Letter::Verify { .. } | Letter::Reset { .. } | Letter::AlreadyRegistered | Letter::NoAccount => 0,
            Letter::PasswordChanged { .. } | Letter::NewDevice { .. } | Letter::AccountDeleted => 5,
            // As many as have taken it.
            Letter::Recall { .. } => 7,
        }
    }
}

/// What became of a letter that was handed over. The reasons are kept and logged: they hold no address and no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sending {
    /// The mail server has taken it, and answers for it from now on (RFC 5321 §4.2.5).
    Sent,
    /// Another time perhaps: the line, or the server's mood.
    TryLater(String),
    /// Never: it is the letter, or the address.
    GiveUp(String),
}

/// Hands letters over.
#[async_trait]
pub trait Post: Send + Sync {
    /// Hands over one letter, or tells why not, within its own time-out.
    async fn post(&self, letter: &Composed) -> Sending;
}
