//! Accounts: how what `app::account::contract` promises is kept.
//!
//! `register`, `reset`, `sessions` and `own` are the dialogs; `view` says what their pages show. All answer alike
//! whether or not an address is known, and do the same work for both: a hash, a row, a letter.

pub(crate) mod agent;
mod budgets;
pub(crate) mod cookies;
mod hasher;
pub(crate) mod operator;
mod own;
mod register;
mod reset;
mod sessions;
mod taken;
mod terms;
mod tokens;
mod view;

pub(crate) use tokens::Taker;

use crate::{
    clock::{Clock, DAY, HOUR, MINUTE, SECOND},
    mail::Letter,
    secrets::{self, Secrets},
    settings::Settings,
    store::{
        Store, StoreError, Tx, accounts::Account, audit::Event, flows::Flow, outbox::NewLetter, sessions::Session,
    },
    tally::{self, Tally},
};
use app::{
    Site,
    account::{
        contract::{Accounts, Answer, Caller, Done, Field, Refusal, Registration, View},
        email::{BadEmail, EmailAddress},
        policy::{LEAKED, Policy},
    },
    routes::{ReturnTo, Step, To},
};
use cookies::{Cookie, Notice};
use hasher::{Busy, Checked, Hasher};
use plan::Lang;
use std::{net::IpAddr, sync::Arc};
use tokio::sync::{Notify, Semaphore};

/// How long a code is good for.
const CODE_LIFE: i64 = 30 * MINUTE;
/// How long one waits before a new code can be asked for.
const COOL_DOWN: i64 = MINUTE;
/// Wrong codes after which the code is worthless.
const TRIES: i64 = 5;
/// How long a dialog may be left alone.
const FLOW_LIFE: i64 = DAY;
/// Seconds after which someone is to come back when passwords queue up.
const RETRY_S: u32 = 2;
/// Bytes of an address (RFC 5321 §4.5.3.1.3).
const LONGEST: usize = 254;
/// Which wording of the newsletter's offer was read.
const CONSENT: &str = "2026-11";
/// Which wording of the terms is in force. Another one is asked about anew before anything is taken.
pub(crate) const TERMS: &str = "2026-11-23";
/// How long it is kept who took what: as long as a newsroom may come back to its pictures.
const DOWNLOADS_KEPT: i64 = 3 * 365 * DAY;

/// How long sessions last, and what one network may cause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Without a sign of life.
    pub(crate) session_idle: i64,
    /// In all.
    pub(crate) session_max: i64,
    /// Letters, guesses and failed sign-ins, each, of one network in a quarter of an hour.
    pub(crate) network: i64,
}

impl Limits {
    /// Those of an installation.
    pub(crate) fn of(settings: &Settings) -> Self {
        let hours = |hours: usize| i64::try_from(hours).unwrap_or(i64::MAX / HOUR).saturating_mul(HOUR);
        Self {
            session_idle: hours(settings.session_idle.get()),
            session_max: hours(settings.session_max.get()),
            network: i64::try_from(settings.network_budget.get()).unwrap_or(i64::MAX),
        }
    }
}

/// The office that keeps the accounts.
pub(crate) struct Office {
    store: Store,
    secrets: Secrets,
    hasher: Hasher,
    clock: Arc<dyn Clock>,
    /// Tells the mailer that there is a letter.
    post: Arc<Notify>,
    policy: Policy,
    context: Vec<String>,
    limits: Limits,
    weighing: Semaphore,
    tally: Tally,
}

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The store is at fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many passwords at once.
    #[error(transparent)]
    Busy(#[from] Busy),
}

type Outcome = Result<Answer, Trouble>;

impl Office {
    /// An office over a store.
    pub(crate) fn new(
        store: Store,
        secrets: Secrets,
        clock: Arc<dyn Clock>,
        post: Arc<Notify>,
        site: &Site,
        limits: Limits,
    ) -> Self {
        let context = vec![site.name.clone(), site.organisation.fr.clone(), site.organisation.en.clone()];
        let policy = Policy::new(LEAKED, context.iter().map(String::as_str));
        Self {
            store,
            secrets,
            hasher: Hasher::new(),
            clock,
            post,
            policy,
            context,
            limits,
            weighing: Semaphore::new(1),
            tally: Tally::default(),
        }
    }

    /// It counts what happens.
    pub(crate) fn counting(self, tally: Tally) -> Self {
        Self { tally, ..self }
    }

    /// To that page, with nothing else.
    fn to(location: String) -> Answer {
        Answer { location, ..Answer::default() }
    }

    /// To that page, which tells what stands in the way.
    fn refuse(caller: &Caller, location: String, email: &str, refusals: Vec<(Field, Refusal)>) -> Answer {
        let notice = Notice { email: email.to_owned(), refusals, ..Notice::default() };
        let cookie = Cookie::Notice.set(caller, &notice.written(), cookies::NOTICE_S);
        Answer { location, cookies: vec![cookie], retry_after: None }
    }

    /// To that page, which tells what has succeeded.
    fn done(caller: &Caller, location: String, done: Done) -> Answer {
        let notice = Notice { done: Some(done), ..Notice::default() };
        let cookie = Cookie::Notice.set(caller, &notice.written(), cookies::NOTICE_S);
        Answer { location, cookies: vec![cookie], retry_after: None }
    }

    /// An outcome as an answer: what went wrong is logged once, under a number that the page at `back` tells.
    fn answered(caller: &Caller, back: String, email: &str, outcome: Outcome) -> Answer {
        match outcome {
            Ok(answer) => answer,
            Err(Trouble::Busy(_)) => Answer { retry_after: Some(RETRY_S), ..Answer::default() },
            Err(Trouble::Store(error)) => {
                let incident = secrets::id();
                tracing::error!(incident, %error, "an account's dialog broke off");
                Self::refuse(caller, back, email, vec![(Field::Form, Refusal::Failed(incident))])
            }
        }
    }

    /// The rules the password breaks, with the words of an address among those it must not hold.
    fn judged(&self, password: &str, email: &str) -> Option<Refusal> {
        if password.is_empty() {
            return Some(Refusal::PasswordMissing);
        }
        // What is no address has no words to compare with, and may be of any length.
        let email = if email.len() <= LONGEST { email } else { "" };
        let mut broken = self.policy.broken(password);
        let own = Policy::new("", [email]).broken(password);
        broken.extend(own.into_iter().filter(|rule| !broken.contains(rule)).collect::<Vec<_>>());
        let tags: Vec<String> = broken.iter().map(|rule| rule.tag().to_owned()).collect();
        (!tags.is_empty()).then_some(Refusal::Password(tags))
    }

    /// The words of the context, with an address's own.
    fn context(&self, email: &str) -> Vec<String> {
        self.context.iter().cloned().chain((!email.is_empty()).then(|| email.to_owned())).collect()
    }

    /// An event for the audit; counted here, so that none is in the one and not in the other.
    fn event(&self, caller: &Caller, event: &str, account: Option<&str>, email_key: &str, detail: String) -> Event {
        self.tally.count(tally::ACCOUNTS, &[("event", event)]);
        Event {
            at: self.clock.now(),
            event: event.to_owned(),
            account_id: account.map(str::to_owned),
            address: if email_key.is_empty() { String::new() } else { self.secrets.mark("audit", email_key) },
            network: network(caller),
            detail,
        }
    }

    /// Queues a letter; its name.
    async fn write(
        &self,
        tx: &mut Tx,
        to: &str,
        lang: &str,
        letter: &Letter,
        good_for: Option<i64>,
    ) -> Result<String, Trouble> {
        let (id, now) = (secrets::id(), self.clock.now());
        tx.queue_letter(&NewLetter {
            sealed: self.secrets.seal(&id, &letter.to_bytes()),
            id: id.clone(),
            to: to.to_owned(),
            lang: lang.to_owned(),
            priority: letter.priority(),
            expires_at: good_for.map(|life| now + life),
            created_at: now,
        })
        .await?;
        self.tally.count(tally::QUEUED, &[("kind", &letter.kind())]);
        Ok(id)
    }

    /// The registration or reset that is under way in this browser.
    async fn flow(&self, caller: &Caller, purpose: &str) -> Result<Option<Flow>, Trouble> {
        let Some(token) = &caller.flow else { return Ok(None) };
        let flow = self.store.flow(&secrets::digest(token), self.clock.now()).await?;
        Ok(flow.filter(|flow| flow.purpose == purpose))
    }

    /// What is kept of a code: it opens this flow, for this purpose and address, and nothing else.
    fn code_hash(&self, flow: &Flow, code: &str) -> Vec<u8> {
        self.secrets.hash("code", &[&flow.id, &flow.purpose, &flow.email_key, code]).to_vec()
    }

    /// Who is signed in, if anybody is.
    pub(crate) async fn signed_in(&self, caller: &Caller) -> Result<Option<(Session, Account)>, StoreError> {
        /// A session's last sign of life is kept to so many ms: a write for every page would be too dear.
        const TOUCH: i64 = 5 * MINUTE;
        let Some(token) = &caller.session else { return Ok(None) };
        let now = self.clock.now();
        let (idle, began) = (now - self.limits.session_idle, now - self.limits.session_max);
        let found = self.store.session(&secrets::digest(token), idle, began).await?;
        if let Some((session, _)) = found.as_ref().filter(|(session, _)| now - session.seen_at > TOUCH) {
            self.store.session_seen(&session.id, now).await?;
        }
        Ok(found)
    }

    /// Begins a session: its cookie and that of the browser, and whether the account was used in this browser before.
    async fn begin_session(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        account: &Account,
    ) -> Result<(Vec<String>, bool), Trouble> {
        let (token, now) = (secrets::token(), self.clock.now());
        let session = Session {
            id: secrets::id(),
            account_id: account.id.clone(),
            agent: caller.agent.chars().take(300).collect(),
            network: network(caller),
            created_at: now,
            seen_at: now,
        };
        // A token that somebody brought is never taken up, and the session it opened is over.
        if let Some(brought) = &caller.session {
            tx.end_session_of(&secrets::digest(brought)).await?;
        }
        tx.begin_session(&session, &secrets::digest(&token)).await?;
        let device = caller.device.clone().unwrap_or_else(secrets::token);
        let known = tx.know_device(&account.id, &secrets::digest(&device), now).await?;
        let max = self.limits.session_max / SECOND;
        let cookies =
            vec![Cookie::Session.set(caller, &token, max), Cookie::Device.set(caller, &device, cookies::DEVICE_S)];
        Ok((cookies, known))
    }

    /// Removes what has ended; how much.
    pub(crate) async fn sweep(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        self.store
            .sweep(&crate::store::budgets::Ends {
                flows: now,
                tries: now,
                idle: now - self.limits.session_idle,
                began: now - self.limits.session_max,
                letters: now - 30 * DAY,
                devices: now - cookies::DEVICE_S * SECOND,
                audit: now - 365 * DAY,
                // That it has ended is still told for a while.
                tokens: now - 30 * DAY,
                downloads: now - DOWNLOADS_KEPT,
                wishes: now - 2 * DAY,
            })
            .await
    }
}

/// How often what has ended is removed.
pub(crate) const SWEEP_EVERY: std::time::Duration = std::time::Duration::from_millis(HOUR as u64);

/// The network a caller is in (/24, /48): enough to see an attack, too little to see a person.
fn network(caller: &Caller) -> String {
    match caller.address {
        IpAddr::V4(address) => std::net::Ipv4Addr::from_bits(address.to_bits() & !0xff).to_string(),
        IpAddr::V6(address) => std::net::Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> 48)).to_string(),
    }
}

/// What was typed as an address, or what is wrong with it.
fn address(typed: &str) -> Result<EmailAddress, Refusal> {
    typed.parse().map_err(|bad| match bad {
        BadEmail::Empty => Refusal::EmailMissing,
        BadEmail::Malformed => Refusal::EmailMalformed,
        BadEmail::TooLong => Refusal::EmailTooLong,
    })
}

/// Six digits, however they were spaced.
fn six_digits(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

#[async_trait::async_trait]
impl Accounts for Office {
    async fn view(&self, caller: &Caller, lang: Lang, step: Step, query: &str) -> Result<(View, Vec<String>), Answer> {
        match self.show(caller, lang, step, query).await {
            Ok(shown) => shown,
            Err(trouble) => {
                tracing::error!(%trouble, "an account's page cannot be shown");
                Err(Answer { retry_after: Some(RETRY_S), ..Answer::default() })
            }
        }
    }

    async fn register(&self, caller: &Caller, lang: Lang, form: Registration) -> Answer {
        let (back, email) = (ReturnTo::read(&form.return_to).through(Step::Register, lang), form.email.clone());
        Self::answered(caller, back, &email, self.register(caller, lang, form).await)
    }

    async fn verify(&self, caller: &Caller, lang: Lang, code: String) -> Answer {
        let back = To::Account(Step::Verify).href(lang);
        Self::answered(caller, back, "", self.verify(caller, lang, &code).await)
    }

    async fn send_code(&self, caller: &Caller, lang: Lang) -> Answer {
        let back = To::Account(Step::Verify).href(lang);
        Self::answered(caller, back, "", self.send_code(caller, lang).await)
    }

    async fn mend(&self, caller: &Caller, lang: Lang, email: String, password: String) -> Answer {
        let back = To::Account(Step::Verify).href(lang);
        Self::answered(caller, back, &email, self.mend(caller, lang, &email, &password).await)
    }

    async fn sign_in(&self, caller: &Caller, lang: Lang, email: String, password: String, return_to: String) -> Answer {
        let return_to = ReturnTo::read(&return_to);
        let back = return_to.through(Step::SignIn, lang);
        Self::answered(caller, back, &email, self.sign_in(caller, lang, &email, &password, &return_to).await)
    }

    async fn sign_out(&self, caller: &Caller, lang: Lang, return_to: String) -> Answer {
        let back = To::Account(Step::Account).href(lang);
        Self::answered(caller, back, "", self.sign_out(caller, lang, &ReturnTo::read(&return_to)).await)
    }

    async fn reset(&self, caller: &Caller, lang: Lang, email: String, return_to: String) -> Answer {
        let return_to = ReturnTo::read(&return_to);
        let back = return_to.through(Step::Reset, lang);
        Self::answered(caller, back, &email, self.reset(caller, lang, &email, &return_to).await)
    }

    async fn check_code(&self, caller: &Caller, lang: Lang, code: String) -> Answer {
        let back = To::Account(Step::ResetCode).href(lang);
        Self::answered(caller, back, "", self.check_code(caller, lang, &code).await)
    }

    async fn renew(&self, caller: &Caller, lang: Lang, password: String) -> Answer {
        let back = To::Account(Step::ResetPassword).href(lang);
        Self::answered(caller, back, "", self.renew(caller, lang, &password).await)
    }

    async fn change_password(&self, caller: &Caller, lang: Lang, current: String, password: String) -> Answer {
        let back = To::Account(Step::Account).href(lang);
        Self::answered(caller, back, "", self.change_password(caller, lang, &current, &password).await)
    }

    async fn choose_letters(&self, caller: &Caller, lang: Lang, letters: Lang) -> Answer {
        let back = To::Account(Step::Account).href(lang);
        Self::answered(caller, back, "", self.choose_letters(caller, lang, letters).await)
    }

    async fn newsletter(&self, caller: &Caller, lang: Lang, on: bool, step: Step) -> Answer {
        let back = To::Account(step).href(lang);
        Self::answered(caller, back, "", self.newsletter(caller, lang, on, step).await)
    }

    async fn end_sessions(&self, caller: &Caller, lang: Lang, id: String) -> Answer {
        let back = To::Account(Step::Account).href(lang);
        Self::answered(caller, back, "", self.end_sessions(caller, lang, &id).await)
    }

    async fn accept_terms(&self, caller: &Caller, lang: Lang, return_to: String) -> Answer {
        let return_to = ReturnTo::read(&return_to);
        Self::answered(caller, return_to.href(lang), "", self.accept_terms(caller, lang, &return_to).await)
    }

    async fn accepts(&self, caller: &Caller) -> bool {
        let accepted = async {
            match self.signed_in(caller).await? {
                Some((_, account)) => self.has_accepted(&account).await,
                None => Ok(false),
            }
        };
        accepted.await.unwrap_or_else(|trouble| {
            tracing::error!(%trouble, "nobody can tell who has accepted the terms");
            false
        })
    }

    async fn make_token(&self, caller: &Caller, lang: Lang, name: String, days: String, proof: String) -> Answer {
        let back = To::Account(Step::Account).href(lang);
        Self::answered(caller, back, "", self.make_token(caller, lang, &name, &days, &proof).await)
    }

    async fn end_token(&self, caller: &Caller, lang: Lang, id: String) -> Answer {
        let back = To::Account(Step::Account).href(lang);
        Self::answered(caller, back, "", self.end_token(caller, lang, &id).await)
    }

    async fn delete(&self, caller: &Caller, lang: Lang, password: String) -> Answer {
        let back = To::Account(Step::Account).href(lang);
        Self::answered(caller, back, "", self.delete(caller, lang, &password).await)
    }

    async fn strength(&self, password: String) -> u8 {
        /// Characters that are looked at: the estimate grows with the square of the length, and is at its best long
        /// before.
        const LOOKED_AT: usize = 40;
        // One at a time: advice must not keep pages waiting.
        let _turn = self.weighing.acquire().await;
        let password: String = password.chars().take(LOOKED_AT).collect();
        let context: Vec<String> = self.context.clone();
        let estimate = tokio::task::spawn_blocking(move || {
            let context: Vec<&str> = context.iter().map(String::as_str).collect();
            u8::from(zxcvbn::zxcvbn(&password, &context).score())
        });
        estimate.await.unwrap_or_default()
    }

    async fn who(&self, caller: &Caller) -> Option<String> {
        match self.signed_in(caller).await {
            Ok(found) => found.map(|(_, account)| account.email),
            Err(trouble) => {
                tracing::error!(%trouble, "nobody can tell who is signed in");
                None
            }
        }
    }
}
