//! What whoever is signed in does with the account.

use super::{CONSENT, Checked, Cookie, Office, Outcome, Trouble, budgets::Try, network};
use crate::{
    mail::Letter,
    secrets,
    store::{
        accounts::{Account, Consent},
        sessions::Session,
    },
};
use app::{
    account::contract::{Answer, Caller, Done, Field, Refusal},
    routes::{ReturnTo, Step, To},
};
use plan::Lang;

/// Who is signed in; else whoever asks is sent to sign in, and back here.
macro_rules! signed_in {
    ($office:expr, $caller:expr, $lang:expr) => {
        match $office.signed_in($caller).await? {
            Some(found) => found,
            None => return Ok(Office::sign_in_first($caller, $lang)),
        }
    };
}

pub(super) use signed_in;

impl Office {
    pub(super) fn sign_in_first(caller: &Caller, lang: Lang) -> Answer {
        Self::sign_in_before(caller, lang, Step::Account)
    }

    pub(super) fn sign_in_before(caller: &Caller, lang: Lang, step: Step) -> Answer {
        let location = ReturnTo::read(&To::Account(step).href(lang)).through(Step::SignIn, lang);
        Self::refuse(caller, location, "", vec![(Field::Form, Refusal::SignInFirst)])
    }

    pub(super) async fn change_password(&self, caller: &Caller, lang: Lang, current: &str, new: &str) -> Outcome {
        let (_, account) = signed_in!(self, caller, lang);
        let back = To::Account(Step::Account).href(lang);
        let mut refusals = Vec::new();
        refusals.extend(self.judged(new, &account.email).map(|refusal| (Field::Password, refusal)));
        if refusals.is_empty() && current == new {
            refusals.push((Field::Password, Refusal::PasswordSame));
        }
        if let Err(refusal) = self.own_password(caller, &account, current).await? {
            refusals.insert(0, (Field::Current, refusal));
        }
        if !refusals.is_empty() {
            return Ok(Self::refuse(caller, back, "", refusals));
        }
        let hash = self.hasher.hash(new).await?;
        let mut tx = self.store.begin().await?;
        tx.set_password(&account.id, &hash).await?;
        // The present session too gets a new token.
        tx.end_sessions(&account.id, "").await?;
        tx.end_tokens(&account.id).await?;
        let here = caller.device.as_deref().map(secrets::digest).unwrap_or_default();
        tx.forget_devices(&account.id, &here).await?;
        tx.end_other_flows(&account.email_key, "").await?;
        let (cookies, _) = self.begin_session(&mut tx, caller, &account).await?;
        let letter = Letter::PasswordChanged { at: self.clock.now() };
        self.write(&mut tx, &account.email, &account.lang, &letter, None).await?;
        tx.note(&self.event(caller, "password_changed", Some(&account.id), &account.email_key, String::new())).await?;
        tx.commit().await?;
        self.post.notify_one();
        let mut answer = Self::done(caller, back, Done::PasswordChanged);
        answer.cookies.extend(cookies);
        Ok(answer)
    }

    /// Asks for the password once more, before what cannot be undone.
    pub(super) async fn own_password(
        &self,
        caller: &Caller,
        account: &Account,
        password: &str,
    ) -> Result<Result<(), Refusal>, Trouble> {
        if password.is_empty() {
            return Ok(Err(Refusal::PasswordMissing));
        }
        let charge = match self.pay(Try::Password, caller, &account.email_key).await? {
            Ok(charge) => charge,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let checked = self.paid(&charge, self.hasher.check(password, Some(&account.password_hash))).await?;
        if checked == Checked::Wrong {
            let event = self.event(caller, "password_wrong", Some(&account.id), &account.email_key, String::new());
            self.store.note(&event).await?;
            return Ok(Err(Refusal::CurrentWrong));
        }
        let mut tx = self.store.begin().await?;
        self.forgive(&mut tx, &charge).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    pub(super) async fn choose_letters(&self, caller: &Caller, lang: Lang, letters: Lang) -> Outcome {
        let (_, account) = signed_in!(self, caller, lang);
        let mut tx = self.store.begin().await?;
        tx.set_letters(&account.id, letters.tag()).await?;
        let detail = letters.tag().to_owned();
        tx.note(&self.event(caller, "letters_chosen", Some(&account.id), &account.email_key, detail)).await?;
        tx.commit().await?;
        Ok(Self::done(caller, To::Account(Step::Account).href(lang), Done::LanguageKept))
    }

    pub(super) async fn newsletter(&self, caller: &Caller, lang: Lang, on: bool, step: Step) -> Outcome {
        let (_, account) = signed_in!(self, caller, lang);
        let step = if step == Step::Welcome { Step::Welcome } else { Step::Account };
        let mut tx = self.store.begin().await?;
        tx.consent(&Consent {
            account_id: &account.id,
            at: self.clock.now(),
            granted: on,
            version: CONSENT,
            lang: lang.tag(),
            network: &network(caller),
        })
        .await?;
        let event = if on { "newsletter_on" } else { "newsletter_off" };
        tx.note(&self.event(caller, event, Some(&account.id), &account.email_key, CONSENT.to_owned())).await?;
        tx.commit().await?;
        let done = if on { Done::Subscribed } else { Done::Unsubscribed };
        // From the welcome page one still goes back to where one was.
        let location = match self.flow(caller, "register").await? {
            Some(flow) if step == Step::Welcome => ReturnTo::read(&flow.return_to).through(step, lang),
            _ => To::Account(step).href(lang),
        };
        Ok(Self::done(caller, location, done))
    }

    pub(super) async fn end_sessions(&self, caller: &Caller, lang: Lang, id: &str) -> Outcome {
        let (session, account) = signed_in!(self, caller, lang);
        let Session { id: this, .. } = session;
        let mut tx = self.store.begin().await?;
        let done = if id.is_empty() {
            tx.end_sessions(&account.id, &this).await?;
            Done::OthersEnded
        } else {
            tx.end_session(&account.id, id).await?;
            Done::SessionEnded
        };
        tx.note(&self.event(caller, "sessions_ended", Some(&account.id), &account.email_key, String::new())).await?;
        tx.commit().await?;
        Ok(Self::done(caller, To::Account(Step::Account).href(lang), done))
    }

    pub(super) async fn delete(&self, caller: &Caller, lang: Lang, password: &str) -> Outcome {
        let (_, account) = signed_in!(self, caller, lang);
        if let Err(refusal) = self.own_password(caller, &account, password).await? {
            let back = To::Account(Step::Account).href(lang);
            return Ok(Self::refuse(caller, back, "", vec![(Field::Form, refusal)]));
        }
        self.erase(&account, "").await?;
        let cookies =
            [Cookie::Session, Cookie::Flow, Cookie::Device, Cookie::Notice].map(|cookie| cookie.clear(caller)).to_vec();
        Ok(Answer { location: To::Account(Step::Deleted).href(lang), cookies, retry_after: None })
    }

    /// Erases an account and everything that names it; its owner is told by a last letter, whose row forgets the address
    /// once it is sent. `how` goes to the audit.
    pub(crate) async fn erase(&self, account: &Account, how: &str) -> Result<(), Trouble> {
        let mut tx = self.store.begin().await?;
        self.write(&mut tx, &account.email, &account.lang, &Letter::AccountDeleted, None).await?;
        tx.delete_account(account).await?;
        tx.anonymise(&account.id, &self.secrets.mark("audit", &account.email_key)).await?;
        tx.note(&crate::store::audit::Event {
            at: self.clock.now(),
            event: "account_deleted".to_owned(),
            account_id: Some(account.id.clone()),
            address: String::new(),
            network: String::new(),
            detail: how.to_owned(),
        })
        .await?;
        tx.commit().await?;
        self.post.notify_one();
        Ok(())
    }
}
