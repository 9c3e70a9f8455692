//! Signing in and out.

use super::{Checked, Cookie, Office, Outcome, address, agent, budgets::Try, network};
use crate::{mail::Letter, secrets};
use app::{
    account::contract::{Answer, Caller, Done, Field, Refusal},
    routes::ReturnTo,
    routes::Step,
};
use plan::Lang;

impl Office {
    pub(super) async fn sign_in(
        &self,
        caller: &Caller,
        lang: Lang,
        typed: &str,
        password: &str,
        return_to: &ReturnTo,
    ) -> Outcome {
        let back = return_to.through(Step::SignIn, lang);
        let mut refusals = Vec::new();
        let email = address(typed).map_err(|refusal| refusals.push((Field::Email, refusal))).ok();
        if password.is_empty() {
            refusals.push((Field::Password, Refusal::PasswordMissing));
        }
        let Some(email) = email.filter(|_| refusals.is_empty()) else {
            return Ok(Self::refuse(caller, back, typed, refusals));
        };
        let charge = match self.pay(Try::Password, caller, &email.key()).await? {
            Ok(charge) => charge,
            Err(refusal) => return Ok(Self::refuse(caller, back, typed, vec![(Field::Form, refusal)])),
        };
        let account = self.store.account(&email.key()).await?;
        let kept = account.as_ref().map(|account| account.password_hash.as_str());
        let checked = self.paid(&charge, self.hasher.check(password, kept)).await?;
        let mut tx = self.store.begin().await?;
        // Looked up again: while the password was checked, a reset may have made it worthless.
        let now = tx.account(&email.key()).await?;
        let account = account.filter(|account| now.as_ref() == Some(account) && checked != Checked::Wrong);
        let Some(account) = account else {
            let id = now.as_ref().map(|account| account.id.as_str());
            tx.note(&self.event(caller, "sign_in_failed", id, &email.key(), String::new())).await?;
            tx.commit().await?;
            return Ok(Self::refuse(caller, back, typed, vec![(Field::Form, Refusal::Credentials)]));
        };
        if let Checked::RightOutdated(hash) = checked {
            tx.set_password(&account.id, &hash).await?;
        }
        let (mut cookies, known) = self.begin_session(&mut tx, caller, &account).await?;
        if !known {
            let (browser, network) = (agent::browser(&caller.agent), network(caller));
            let letter = Letter::NewDevice { browser, network, at: self.clock.now() };
            self.write(&mut tx, &account.email, &account.lang, &letter, None).await?;
        }
        self.forgive_owner(&mut tx, &charge, &account.email_key).await?;
        tx.note(&self.event(caller, "signed_in", Some(&account.id), &account.email_key, String::new())).await?;
        tx.commit().await?;
        if !known {
            self.post.notify_one();
        }
        cookies.push(Cookie::Notice.clear(caller));
        Ok(Answer { location: return_to.href(lang), cookies, retry_after: None })
    }

    pub(super) async fn sign_out(&self, caller: &Caller, lang: Lang, return_to: &ReturnTo) -> Outcome {
        if let Some(token) = &caller.session {
            let mut tx = self.store.begin().await?;
            if let Some(id) = tx.end_session_of(&secrets::digest(token)).await? {
                tx.note(&self.event(caller, "signed_out", Some(&id), "", String::new())).await?;
            }
            tx.commit().await?;
        }
        let mut answer = Self::done(caller, return_to.through(Step::SignIn, lang), Done::SignedOut);
        answer.cookies.push(Cookie::Session.clear(caller));
        Ok(answer)
    }
}
