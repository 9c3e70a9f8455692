//! What can be asked about accounts, in the visitor's terms. Implemented in `server/src/accounts/`.

use super::policy::Rule;
use crate::routes::{ReturnTo, Step};
use plan::Lang;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Who asks, as the request tells. Nothing in it is believed: tokens are looked up, the rest is only noted.
#[derive(Clone)]
pub struct Caller {
    /// The token of a session, from its cookie.
    pub session: Option<String>,
    /// The token of a registration or reset that is under way, from its cookie.
    pub flow: Option<String>,
    /// The token by which this browser is known again, from its cookie.
    pub device: Option<String>,
    /// What the last form was told, from its cookie: shown once.
    pub notice: Option<String>,
    /// The visitor's address, or what a trusted proxy says it is.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub agent: String,
    /// Whether the site is visited over https: cookies are then `__Host-` ones.
    pub secure: bool,
}

/// What a form leads to: another page, and cookies on the way.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Path and query on this site.
    pub location: String,
    /// `Set-Cookie` headers, whole.
    pub cookies: Vec<String>,
    /// Too much is under way: come back in so many seconds (503).
    pub retry_after: Option<u32>,
}

/// What stands in the way, and at which field. May travel in a cookie: no secret, no cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The address lacks.
    EmailMissing,
    /// It is no address.
    EmailMalformed,
    /// It is too long for one.
    EmailTooLong,
    /// Was this one meant? The one typed is accepted when it is sent again.
    EmailMeant(String),
    /// The password lacks.
    PasswordMissing,
    /// The password breaks these rules (their tags).
    Password(Vec<String>),
    /// The terms were not accepted.
    TermsMissing,
    /// The code lacks, or is no six digits.
    CodeMalformed,
    /// It is another code. So many tries are left.
    CodeWrong(u32),
    /// It is older than 30 minutes, or a newer one was sent, or it was used, or guessed at too often.
    CodeSpent,
    /// Address and password do not go together.
    Credentials,
    /// The current password is another one.
    CurrentWrong,
    /// The new password is the current one.
    PasswordSame,
    /// Too many tries: come back in so many minutes.
    TooMany(u32),
    /// Too many failures in a row: only a new password, by a code from a letter, opens the account.
    ResetFirst,
    /// A new code can be asked for in so many seconds.
    TooSoon(u32),
    /// The registration or reset is over, or was never begun here: begin again.
    FlowGone,
    /// One must sign in first.
    SignInFirst,
    /// The terms in force must be accepted first.
    TermsFirst,
    /// What the token is for is not said.
    NameMissing,
    /// There are so many tokens already.
    TokensFull(u32),
    /// It did not work, for no fault of the visitor's. The number under which the log tells why.
    Failed(String),
}

impl Refusal {
    /// Its name in the page, for programs.
    pub const fn tag(&self) -> &'static str {
        match self {
            Refusal::EmailMissing => "email-missing",
            Refusal::EmailMalformed => "email-malformed",
            Refusal::EmailTooLong => "email-too-long",
            Refusal::EmailMeant(_) => "email-meant",
            Refusal::PasswordMissing => "password-missing",
            Refusal::Password(_) => "password",
            Refusal::TermsMissing => "terms-missing",
            Refusal::CodeMalformed => "code-malformed",
            Refusal::CodeWrong(_) => "wrong",
            Refusal::CodeSpent => "spent",
            Refusal::Credentials => "credentials",
            Refusal::CurrentWrong => "current-wrong",
            Refusal::PasswordSame => "password-same",
            Refusal::TooMany(_) => "too-many",
            Refusal::ResetFirst => "reset-first",
            Refusal::TooSoon(_) => "too-soon",
            Refusal::FlowGone => "flow-gone",
            Refusal::SignInFirst => "sign-in-first",
            Refusal::TermsFirst => "terms-first",
            Refusal::NameMissing => "name-missing",
            Refusal::TokensFull(_) => "tokens-full",
            Refusal::Failed(_) => "failed",
        }
    }
}

/// A field of a form, or the whole form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// The form as a whole.
    Form,
    /// `email`
    Email,
    /// `password`
    Password,
    /// `current`
    Current,
    /// `terms`
    Terms,
    /// `code`
    Code,
    /// `name`: of a token.
    Name,
    /// `proof`: the password, to make a token.
    Proof,
}

/// What has just succeeded, said once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Done {
    /// A new code is on its way.
    CodeSent,
    /// The password is changed and the other sessions are ended.
    PasswordChanged,
    /// Letters come in the chosen language.
    LanguageKept,
    /// One is subscribed to the newsletter.
    Subscribed,
    /// One is no longer subscribed.
    Unsubscribed,
    /// The session is ended.
    SessionEnded,
    /// All other sessions are ended.
    OthersEnded,
    /// One is signed out.
    SignedOut,
    /// One is signed in.
    SignedIn,
    /// There is a new token.
    TokenMade,
    /// A token opens nothing any more.
    TokenEnded,
    /// The terms in force are accepted.
    TermsAccepted,
}

/// What an account's page shows.
#[derive(Clone, Debug)]
pub struct View {
    /// Which page.
    pub step: Step,
    /// The address typed, asked about or signed in with; empty where there is none.
    pub email: String,
    /// Where the visitor goes when all is done.
    pub return_to: ReturnTo,
    /// What stands in the way.
    pub refusals: Vec<(Field, Refusal)>,
    /// What has just succeeded.
    pub done: Option<Done>,
    /// What only this kind of page shows.
    pub detail: Detail,
}

/// What only one kind of page shows.
#[derive(Clone, Debug)]
pub enum Detail {
    /// Nothing else.
    None,
    /// Where a password is chosen: the words of the context that it must not hold.
    Password {
        /// Names and the address, as [`Policy::new`](super::policy::Policy::new) takes them.
        context: Vec<String>,
    },
    /// Where a code is asked for.
    Code {
        /// Where the code was sent. [`View::email`] is what was last typed to correct it.
        sent_to: String,
        /// What has become of the letter.
        letter: LetterState,
        /// Seconds the code is still good for.
        expires_in: u32,
        /// Seconds until a new one can be asked for.
        resend_in: u32,
        /// As of [`Detail::Password`]: where the address is corrected, the password is chosen again.
        context: Vec<String>,
    },
    /// After the registration.
    Welcome {
        /// Whether the newsletter comes already.
        newsletter: bool,
    },
    /// The account itself.
    Account(Box<AccountView>),
    /// What it has taken.
    Downloads {
        /// The last first.
        taken: Vec<TakenView>,
        /// Where those before them are, as `before` in the address.
        before: Option<i64>,
    },
}

/// What has become of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterState {
    /// It waits to be sent.
    Queued,
    /// The mail server did not answer; it is tried again.
    Delayed,
    /// The mail server has taken it.
    Accepted,
    /// The mail server has refused it for good.
    Refused,
    /// There is no mail server: it lies in the mailbox of this machine, `/dev/mailbox`.
    Kept,
}

/// The account's own page.
#[derive(Clone, Debug)]
pub struct AccountView {
    /// When it was opened, ISO 8601 date.
    pub since: String,
    /// The language of its letters.
    pub letters: Lang,
    /// Since when the newsletter comes, ISO 8601 date.
    pub newsletter: Option<String>,
    /// Where one is signed in, the present session first.
    pub sessions: Vec<SessionView>,
    /// The words of the context that a new password must not hold.
    pub context: Vec<String>,
    /// Since when the terms in force are accepted, ISO 8601 date.
    pub terms: Option<String>,
    /// The tokens by which programs take footage away, the one made last first.
    pub tokens: Vec<TokenView>,
    /// The token that was just made, itself: it is shown this once.
    pub fresh: Option<String>,
}

/// One token.
#[derive(Clone, Debug)]
pub struct TokenView {
    /// Its name in the form that ends it; nothing opens by it.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made, ISO 8601 date.
    pub made: String,
    /// When it was last used, ISO 8601 date and time to the minute.
    pub used: Option<String>,
    /// When it ends, ISO 8601 date.
    pub ends: String,
    /// Whether it has ended.
    pub ended: bool,
}

/// How long a token is good, in days: what can be chosen, the usual first.
pub const TOKEN_DAYS: [u16; 3] = [90, 30, 365];

/// Something that was taken.
#[derive(Clone, Debug)]
pub struct TakenView {
    /// The video's number.
    pub number: String,
    /// Its title; none where it is no more.
    pub title: Option<String>,
    /// How it stands with the video.
    pub there: There,
    /// In which form it was taken.
    pub rendition: String,
    /// Of a part, the first frame and the one behind the last, and both as people write them.
    pub part: Option<((u32, String), (u32, String))>,
    /// Whether the part was made by encoding its ends.
    pub edit_safe: bool,
    /// When, ISO 8601 date and time in UTC to the minute.
    pub at: String,
}

/// How it stands with a video that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    /// It can be taken again.
    Here,
    /// It is withdrawn, and must no longer be used.
    Withdrawn,
    /// It is not shown, or is no more.
    Gone,
}

/// One session.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// Its name in the form that ends it; no token.
    pub id: String,
    /// What the browser is: `Firefox, Linux`. Empty where it did not say.
    pub browser: String,
    /// The network it came from, shortened: `203.0.113.0`.
    pub network: String,
    /// When it began, ISO 8601 date and time in UTC to the minute: `2026-11-23T08:05Z`.
    pub since: String,
    /// When it was last seen, likewise.
    pub seen: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// What is typed to register.
#[derive(Clone)]
pub struct Registration {
    /// The address.
    pub email: String,
    /// The address that was asked about ([`Refusal::EmailMeant`]) and is meant all the same.
    pub sure: String,
    /// The password.
    pub password: String,
    /// Whether the terms are accepted.
    pub terms: bool,
    /// A field no person sees: whoever fills it is a program.
    pub website: String,
    /// Where to go when all is done.
    pub return_to: String,
}

/// Accounts, as the pages need them. Every answer is the same whether or not an address is known.
#[async_trait::async_trait]
pub trait Accounts: Send + Sync {
    /// What a page shows, or where one must go first. `query` is the address's own.
    async fn view(&self, caller: &Caller, lang: Lang, step: Step, query: &str) -> Result<(View, Vec<String>), Answer>;
    /// Starts a registration and queues the letter with its code.
    async fn register(&self, caller: &Caller, lang: Lang, form: Registration) -> Answer;
    /// Ends a registration: the account exists and one is signed in.
    async fn verify(&self, caller: &Caller, lang: Lang, code: String) -> Answer;
    /// Sends a new code to the address of the registration or reset under way.
    async fn send_code(&self, caller: &Caller, lang: Lang) -> Answer;
    /// Corrects the address of the registration under way, and sends a code there. The password is chosen again: it must
    /// not hold words of this address either.
    async fn mend(&self, caller: &Caller, lang: Lang, email: String, password: String) -> Answer;
    /// Signs in.
    async fn sign_in(&self, caller: &Caller, lang: Lang, email: String, password: String, return_to: String) -> Answer;
    /// Ends the present session.
    async fn sign_out(&self, caller: &Caller, lang: Lang, return_to: String) -> Answer;
    /// Starts a reset and queues the letter with its code.
    async fn reset(&self, caller: &Caller, lang: Lang, email: String, return_to: String) -> Answer;
    /// The second step of a reset: the code.
    async fn check_code(&self, caller: &Caller, lang: Lang, code: String) -> Answer;
    /// The third step of a reset: the new password. All sessions end.
    async fn renew(&self, caller: &Caller, lang: Lang, password: String) -> Answer;
    /// Changes the password of whoever is signed in. The other sessions end.
    async fn change_password(&self, caller: &Caller, lang: Lang, current: String, password: String) -> Answer;
    /// Chooses the language of letters.
    async fn choose_letters(&self, caller: &Caller, lang: Lang, letters: Lang) -> Answer;
    /// Subscribes to the newsletter, or ends that. `step` is the page the form stands on.
    async fn newsletter(&self, caller: &Caller, lang: Lang, on: bool, step: Step) -> Answer;
    /// Ends one session, or with an empty `id` all but the present one.
    async fn end_sessions(&self, caller: &Caller, lang: Lang, id: String) -> Answer;
    /// Accepts the terms in force, and goes back.
    async fn accept_terms(&self, caller: &Caller, lang: Lang, return_to: String) -> Answer;
    /// Whether who is signed in has accepted the terms in force.
    async fn accepts(&self, caller: &Caller) -> bool;
    /// Makes a token by which programs take footage away, good for so many days. `proof` is the password.
    async fn make_token(&self, caller: &Caller, lang: Lang, name: String, days: String, proof: String) -> Answer;
    /// Ends a token.
    async fn end_token(&self, caller: &Caller, lang: Lang, id: String) -> Answer;
    /// Deletes the account of whoever is signed in, and everything that was kept of it.
    async fn delete(&self, caller: &Caller, lang: Lang, password: String) -> Answer;
    /// How hard the password is to guess, 0 to 4 (zxcvbn). Advice, no rule.
    async fn strength(&self, password: String) -> u8;
    /// The address that is signed in, if one is. Asked for every page.
    async fn who(&self, caller: &Caller) -> Option<String>;
}

/// The rules a list of tags names.
pub fn rules(tags: &[String]) -> impl Iterator<Item = Rule> {
    Rule::ALL.into_iter().filter(|rule| tags.iter().any(|tag| tag == rule.tag()))
}
