//! The forgotten password: address, code, new password. Nobody is signed in by it.

use super::{CODE_LIFE, Cookie, Notice, Office, Outcome, TRIES, address, budgets::Try};
use crate::{mail::Letter, secrets, store::flows::Next};
use app::{
    account::contract::{Answer, Caller, Field},
    routes::{ReturnTo, Step, To},
};
use plan::Lang;

impl Office {
    pub(super) async fn reset(&self, caller: &Caller, lang: Lang, typed: &str, return_to: &ReturnTo) -> Outcome {
        let back = return_to.through(Step::Reset, lang);
        let email = match address(typed) {
            Ok(email) => email,
            Err(refusal) => return Ok(Self::refuse(caller, back, typed, vec![(Field::Email, refusal)])),
        };
        if let Err(refusal) = self.pay(Try::Letter, caller, &email.key()).await? {
            return Ok(Self::refuse(caller, back, typed, vec![(Field::Form, refusal)]));
        }
        let answer = self.begin_flow(caller, lang, "reset", &email, None, return_to).await?;
        Ok(Answer { location: To::Account(Step::ResetCode).href(lang), ..answer })
    }

    pub(super) async fn check_code(&self, caller: &Caller, lang: Lang, typed: &str) -> Outcome {
        let back = To::Account(Step::ResetCode).href(lang);
        let Some(flow) = self.flow(caller, "reset").await? else { return Ok(Self::gone(caller, lang, Step::Reset)) };
        match flow.step.as_str() {
            "code" => {}
            "password" => return Ok(Self::to(To::Account(Step::ResetPassword).href(lang))),
            _ => return Ok(Self::gone(caller, lang, Step::Reset)),
        }
        let (hash, charge) = match self.guess(caller, &flow, typed).await? {
            Ok(guess) => guess,
            Err(refusal) => return Ok(Self::refuse(caller, back, "", vec![(Field::Code, refusal)])),
        };
        let mut tx = self.store.begin().await?;
        // The new password is chosen at once or not at all.
        let now = self.clock.now();
        let next = Next { step: "password", expires_at: now + CODE_LIFE };
        if !tx.spend_code(&flow.id, &hash, now, next, TRIES).await? {
            drop(tx);
            let refusal = self.wrong(caller, &flow).await?;
            return Ok(Self::refuse(caller, back, "", vec![(Field::Code, refusal)]));
        }
        tx.note(&self.event(caller, "reset_code_right", flow.account_id.as_deref(), &flow.email_key, String::new()))
            .await?;
        self.forgive(&mut tx, &charge).await?;
        tx.commit().await?;
        let cookies = vec![Cookie::Notice.clear(caller)];
        Ok(Answer { location: To::Account(Step::ResetPassword).href(lang), cookies, retry_after: None })
    }

    pub(super) async fn renew(&self, caller: &Caller, lang: Lang, password: &str) -> Outcome {
        let back = To::Account(Step::ResetPassword).href(lang);
        let flow = self.flow(caller, "reset").await?.filter(|flow| flow.step == "password");
        let Some(flow) = flow else { return Ok(Self::gone(caller, lang, Step::Reset)) };
        if let Some(refusal) = self.judged(password, &flow.email) {
            return Ok(Self::refuse(caller, back, "", vec![(Field::Password, refusal)]));
        }
        let hash = self.hasher.hash(password).await?;
        let mut tx = self.store.begin().await?;
        let account =
            tx.account(&flow.email_key).await?.filter(|account| flow.account_id.as_ref() == Some(&account.id));
        let (Some(account), true) = (account, tx.step_flow(&flow.id, "password", "done").await?) else {
            drop(tx);
            return Ok(Self::gone(caller, lang, Step::Reset));
        };
        tx.set_password(&account.id, &hash).await?;
        let ended = tx.end_sessions(&account.id, "").await?;
        let tokens = tx.end_tokens(&account.id).await?;
        let here = caller.device.as_deref().map(secrets::digest).unwrap_or_default();
        tx.forget_devices(&account.id, &here).await?;
        tx.end_other_flows(&flow.email_key, &flow.id).await?;
        let letter = Letter::PasswordChanged { at: self.clock.now() };
        self.write(&mut tx, &account.email, &account.lang, &letter, None).await?;
        let detail = format!("{ended} sessions ended, {tokens} tokens");
        tx.note(&self.event(caller, "password_reset", Some(&account.id), &account.email_key, detail)).await?;
        self.break_row(&mut tx, &account.email_key).await?;
        tx.commit().await?;
        self.post.notify_one();
        let notice = Notice { email: account.email, ..Notice::default() };
        let cookies = vec![
            Cookie::Flow.clear(caller),
            Cookie::Session.clear(caller),
            Cookie::Notice.set(caller, &notice.written(), super::cookies::NOTICE_S),
        ];
        let location = ReturnTo::read(&flow.return_to).through(Step::ResetDone, lang);
        Ok(Answer { location, cookies, retry_after: None })
    }
}
