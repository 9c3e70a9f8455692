//! Letters handed to a mail server (RFC 5321), over lines that are used again.

use super::{Composed, Post, Sending};
use crate::settings::{Line, MailServer};
use async_trait::async_trait;
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, TlsParameters},
    extension::ClientId,
};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::time::timeout;

/// How long a line may lie idle and still be used. Servers wait 5 minutes (RFC 5321 §4.5.3.2.7), hurried ones less.
const IDLE: Duration = Duration::from_secs(30);

/// A mail server.
///
/// lettre's own pool is not used. It keeps lines whose letter was given up in the middle, and what the server still has
/// to say of that letter would be taken for its answer to the next. Here a line is taken out, and goes back only after a
/// letter has gone all the way.
pub struct Smtp {
    server: MailServer,
    tls: Option<TlsParameters>,
    hello: ClientId,
    patience: Duration,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Smtp {
    /// The server that the settings name. Introduces itself as `hello` (RFC 5321 §4.1.1.1), and gives a letter up after
    /// `patience`.
    ///
    /// # Errors
    /// If TLS cannot be set up: the host's name is none, or the system's certificates cannot be read.
    pub fn new(server: MailServer, hello: &str, patience: Duration) -> Result<Self, Error> {
        let tls = match server.line {
            Line::Plain => None,
            Line::Wrapped | Line::StartTls => Some(TlsParameters::new(server.host.clone())?),
        };
        Ok(Self { server, tls, hello: ClientId::Domain(hello.to_owned()), patience, idle: Mutex::default() })
    }

    /// A new line: encrypted and authenticated as the settings demand.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapped = self.tls.clone().filter(|_| self.server.line == Line::Wrapped);
        let server = (&*self.server.host, self.server.port);
        let mut line =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.patience), &self.hello, wrapped, None).await?;
        if let (Line::StartTls, Some(tls)) = (self.server.line, self.tls.clone()) {
            line.starttls(tls, &self.hello).await?;
        }
        if let Some((user, password)) = self.server.login.clone() {
            line.auth(DEFAULT_MECHANISMS, &Credentials::new(user, password)).await?;
        }
        Ok(line)
    }

    /// A line that was used before and still answers, else a new one.
    async fn line(&self) -> Result<AsyncSmtpConnection, Error> {
        while let Some((mut line, since)) = self.take() {
            if since.elapsed() < IDLE && line.test_connected().await {
                return Ok(line);
            }
        }
        self.connect().await
    }

    fn take(&self) -> Option<(AsyncSmtpConnection, Instant)> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put_back(&self, line: AsyncSmtpConnection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((line, Instant::now()));
    }

    async fn hand_over(&self, letter: &Composed) -> Sending {
        let mut line = match self.line().await {
            Ok(line) => line,
            // Whatever fails before the letter is named is no fault of the letter's, a wrong password (535) neither.
            Err(error) => return Sending::TryLater(reason(&error)),
        };
        match line.send(&letter.envelope, letter.shown.message.as_bytes()).await {
            Ok(_) => {
                self.put_back(line);
                Sending::Sent
            }
            Err(error) if is_about_the_letter(&error) => Sending::GiveUp(reason(&error)),
            Err(error) => Sending::TryLater(reason(&error)),
        }
    }
}

#[async_trait]
impl Post for Smtp {
    async fn post(&self, letter: &Composed) -> Sending {
        let late = || Sending::TryLater(format!("no answer within {} s", self.patience.as_secs()));
        timeout(self.patience, self.hand_over(letter)).await.unwrap_or_else(|_| late())
    }
}

/// A refusal for good (RFC 5321 §4.2.1), or an address that the server cannot take (RFC 6531 §3.2). Not 530 to 538:
/// these ask us to authenticate (RFC 4954 §6), which is for the operator to mend.
fn is_about_the_letter(error: &Error) -> bool {
    let about_us = error.status().is_some_and(|code| (530..=538).contains(&u16::from(code)));
    error.is_client() || (error.is_permanent() && !about_us)
}

/// Why, in words that may be kept. Servers like to repeat the address, so of their answers the codes alone are taken
/// (RFC 5321 §4.2, RFC 3463).
fn reason(error: &Error) -> String {
    let Some(code) = error.status() else {
        return if error.is_response() {
            "the answer broke off, or made no sense".to_owned()
        } else {
            error.to_string()
        };
    };
    let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let enhanced = |word: &&str| {
        word.split('.').count() == 3 && word.split('.').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    match said.split_whitespace().next().filter(enhanced) {
        Some(enhanced) => format!("the mail server said {code} {enhanced}"),
        None => format!("the mail server said {code}"),
    }
}
