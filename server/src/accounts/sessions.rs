//! Signing in and out.

use super::{Checked, Cookie, Office, Outcome, address, budgets};
use crate::secrets;
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
        let Some(tries) = self.try_password(caller, &email.key()).await? else {
            let refusal = Refusal::TooMany(budgets::SIGN_INS.minutes());
            return Ok(Self::refuse(caller, back, typed, vec![(Field::Form, refusal)]));
        };
        let account = self.store.account(&email.key()).await?;
        let kept = account.as_ref().map(|account| account.password_hash.as_str());
        let checked = self.hasher.check(password, kept).await?;
        let (Some(account), false) = (account.as_ref(), checked == Checked::Wrong) else {
            let id = account.as_ref().map(|account| account.id.as_str());
            self.store.note(&self.event(caller, "sign_in_failed", id, &email.key(), String::new())).await?;
            return Ok(Self::refuse(caller, back, typed, vec![(Field::Form, Refusal::Credentials)]));
        };
        let mut tx = self.store.begin().await?;
        if let Checked::RightOutdated(hash) = checked {
            tx.set_password(&account.id, &hash).await?;
        }
        // A token that somebody brought is never taken up: the session begins with one of its own.
        if let Some(token) = &caller.session {
            tx.end_session_of(&secrets::digest(token)).await?;
        }
        let mut cookies = self.begin_session(&mut tx, caller, account, true).await?;
        tx.note(&self.event(caller, "signed_in", Some(&account.id), &account.email_key, String::new())).await?;
        tx.commit().await?;
        self.post.notify_one();
        self.right_password(caller, &tries).await?;
        cookies.push(Cookie::Notice.clear(caller));
        Ok(Answer { location: return_to.href(lang), cookies, retry_after: None })
    }

    /// Spends a try at the password of an address: its mark in the budgets, unless they are spent.
    pub(super) async fn try_password(
        &self,
        caller: &Caller,
        email_key: &str,
    ) -> Result<Option<String>, super::Trouble> {
        let mark = self.secrets.mark("sign-ins", email_key);
        let network = self.network_key(caller);
        let by_network = self.spend(&[budgets::of_network("sign-ins", self.limits.network)], &network).await?;
        let by_pair = self.spend(&[budgets::SIGN_INS], &format!("{mark} {network}")).await?;
        let in_a_row = self.spend(&[budgets::IN_A_ROW], &mark).await?;
        if by_network.and(by_pair).and(in_a_row).is_ok() {
            return Ok(Some(mark));
        }
        self.store.note(&self.event(caller, "sign_ins_spent", None, email_key, String::new())).await?;
        Ok(None)
    }

    /// The password was right: what was spent is given back, and the row of failures is broken.
    pub(super) async fn right_password(&self, caller: &Caller, mark: &str) -> Result<(), super::Trouble> {
        let network = self.network_key(caller);
        self.give_back(&[budgets::of_network("sign-ins", self.limits.network)], &network).await?;
        self.forgive(budgets::SIGN_INS, &format!("{mark} {network}")).await?;
        self.forgive(budgets::IN_A_ROW, mark).await
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
