//! Tokens by which programs take footage away in somebody's name: made with the password, shown once, and good for
//! nothing else. What is kept of one is its SHA-256.

use super::{Cookie, Notice, Office, Outcome, Trouble, cookies, own::signed_in};
use crate::{
    clock::{DAY, MINUTE},
    secrets,
    store::{accounts::Account, tokens::Token},
};
use app::{
    account::contract::{Answer, Caller, Done, Field, Refusal, TOKEN_DAYS},
    routes::{Step, To},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use plan::Lang;

/// Tokens an account may have.
const MOST: u32 = 20;
/// Characters of a token's name.
const NAME: usize = 60;
/// A token's last use is kept to so many ms: a write for every request would be too dear.
const TOUCH: i64 = 5 * MINUTE;

/// Who takes footage away, as a request proves it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Taker {
    /// The owner of that account, or a program in the owner's name.
    Known(Box<Account>),
    /// Nobody has said.
    Nobody,
    /// Somebody with a token that opens nothing.
    Stranger,
}

impl Office {
    /// Who takes footage away: by `bearer`, where a request brings a token, else by the session.
    pub(crate) async fn taker(&self, caller: &Caller, bearer: Option<&str>) -> Result<Taker, Trouble> {
        let Some(text) = bearer else {
            let found = self.signed_in(caller).await?;
            return Ok(found.map_or(Taker::Nobody, |(_, account)| Taker::Known(Box::new(account))));
        };
        let now = self.clock.now();
        // What cannot be one costs no question.
        if !secrets::is_access_token(text) {
            return Ok(Taker::Stranger);
        }
        let Some((token, account)) = self.store.token(&secrets::digest(text), now).await? else {
            return Ok(Taker::Stranger);
        };
        if token.used_at.is_none() {
            let event = self.event(caller, "token_used", Some(&account.id), &account.email_key, token.id.clone());
            self.store.note(&event).await?;
        }
        if token.used_at.is_none_or(|used| now - used > TOUCH) {
            self.store.token_used(&token.id, now).await?;
        }
        Ok(Taker::Known(Box::new(account)))
    }

    pub(super) async fn make_token(&self, caller: &Caller, lang: Lang, name: &str, days: &str, proof: &str) -> Outcome {
        let (_, account) = signed_in!(self, caller, lang);
        let back = To::Account(Step::Account).href(lang);
        let name: String =
            name.chars().filter(|c| !c.is_control()).collect::<String>().trim().chars().take(NAME).collect();
        let days = TOKEN_DAYS.into_iter().find(|choice| choice.to_string() == days).unwrap_or(TOKEN_DAYS[0]);
        let mut refusals = Vec::new();
        if !self.has_accepted(&account).await? {
            refusals.push((Field::Form, Refusal::TermsFirst));
        }
        if name.is_empty() {
            refusals.push((Field::Name, Refusal::NameMissing));
        }
        if refusals.is_empty()
            && let Err(refusal) = self.own_password(caller, &account, proof).await?
        {
            refusals.push((Field::Proof, refusal));
        }
        if !refusals.is_empty() {
            return Ok(Self::refuse(caller, back, "", refusals));
        }
        let (text, now) = (secrets::access_token(), self.clock.now());
        let token = Token {
            id: secrets::id(),
            account_id: account.id.clone(),
            name,
            created_at: now,
            used_at: None,
            ends_at: now + i64::from(days) * DAY,
        };
        let mut tx = self.store.begin().await?;
        // Held, so that of many at once no more are made; and looked up again: a reset in between ends all tokens.
        let unchanged = tx.account(&account.email_key).await?.is_some_and(|held| held == account);
        if !unchanged {
            drop(tx);
            return Ok(Self::refuse(caller, back, "", vec![(Field::Proof, Refusal::CurrentWrong)]));
        }
        if !tx.add_token(&token, &secrets::digest(&text), i64::from(MOST)).await? {
            drop(tx);
            return Ok(Self::refuse(caller, back, "", vec![(Field::Form, Refusal::TokensFull(MOST))]));
        }
        tx.note(&self.event(caller, "token_made", Some(&account.id), &account.email_key, token.id)).await?;
        tx.commit().await?;
        let fresh = Some(self.wrapped(&account, &text));
        let notice = Notice { done: Some(Done::TokenMade), fresh, ..Notice::default() };
        let cookie = Cookie::Notice.set(caller, &notice.written(), cookies::NOTICE_S);
        Ok(Answer { location: back, cookies: vec![cookie], retry_after: None })
    }

    /// A new token on its way to the page that shows it: in a cookie, sealed for that account.
    fn wrapped(&self, account: &Account, token: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.secrets.seal(&label(account), token.as_bytes()))
    }

    /// The new token that a notice brings.
    pub(super) fn unwrapped(&self, account: &Account, wrapped: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(wrapped).ok()?;
        String::from_utf8(self.secrets.unseal(&label(account), &sealed)?).ok()
    }

    pub(super) async fn end_token(&self, caller: &Caller, lang: Lang, id: &str) -> Outcome {
        let (_, account) = signed_in!(self, caller, lang);
        let mut tx = self.store.begin().await?;
        if tx.end_token(&account.id, id).await?.is_some() {
            let event = self.event(caller, "token_revoked", Some(&account.id), &account.email_key, id.to_owned());
            tx.note(&event).await?;
        }
        tx.commit().await?;
        Ok(Self::done(caller, To::Account(Step::Account).href(lang), Done::TokenEnded))
    }
}

fn label(account: &Account) -> String {
    format!("fresh token of {}", account.id)
}
