//! Registration: address and password, then the code from the letter.

use super::{
    Busy, CODE_LIFE, COOL_DOWN, Cookie, FLOW_LIFE, Office, Outcome, TERMS, TRIES, Trouble, address,
    budgets::{Charge, Try},
    network, six_digits,
};
use crate::{
    clock::SECOND,
    mail::Letter,
    secrets,
    store::{
        accounts::Account,
        flows::{Flow, Next},
    },
};
use app::{
    account::{
        contract::{Answer, Caller, Done, Field, Refusal, Registration},
        email::EmailAddress,
    },
    routes::{ReturnTo, Step, To},
};
use plan::Lang;

impl Office {
    pub(super) async fn register(&self, caller: &Caller, lang: Lang, form: Registration) -> Outcome {
        let return_to = ReturnTo::read(&form.return_to);
        let back = return_to.through(Step::Register, lang);
        if !form.website.is_empty() {
            // A program: it is told what everybody is told, and costs nothing.
            tracing::info!(from = network(caller), "the hidden field was filled");
            return Ok(Self::to(To::Account(Step::Verify).href(lang)));
        }
        let mut refusals = Vec::new();
        let email = match address(&form.email) {
            Ok(email) => {
                let sure = form.sure.parse::<EmailAddress>().is_ok_and(|sure| sure == email);
                refusals.extend(email.meant().filter(|_| !sure).map(|it| (Field::Email, Refusal::EmailMeant(it))));
                Some(email)
            }
            Err(refusal) => {
                refusals.push((Field::Email, refusal));
                None
            }
        };
        refusals.extend(self.judged(&form.password, &form.email).map(|refusal| (Field::Password, refusal)));
        if !form.terms {
            refusals.push((Field::Terms, Refusal::TermsMissing));
        }
        let Some(email) = email.filter(|_| refusals.is_empty()) else {
            return Ok(Self::refuse(caller, back, &form.email, refusals));
        };
        let charge = match self.pay(Try::Letter, caller, &email.key()).await? {
            Ok(charge) => charge,
            Err(refusal) => return Ok(Self::refuse(caller, back, &form.email, vec![(Field::Form, refusal)])),
        };
        let password_hash = self.paid(&charge, self.hasher.hash(&form.password)).await?;
        let answer = self.begin_flow(caller, lang, "register", &email, Some(password_hash), &return_to).await?;
        Ok(Answer { location: To::Account(Step::Verify).href(lang), ..answer })
    }

    /// Begins a registration or a reset: a row, a letter, a cookie, whoever the address is.
    pub(super) async fn begin_flow(
        &self,
        caller: &Caller,
        lang: Lang,
        purpose: &str,
        email: &EmailAddress,
        password_hash: Option<String>,
        return_to: &ReturnTo,
    ) -> Outcome {
        let (token, now) = (secrets::token(), self.clock.now());
        let mut flow = Flow {
            id: secrets::id(),
            purpose: purpose.to_owned(),
            step: "code".to_owned(),
            email: email.as_str().to_owned(),
            email_key: email.key(),
            account_id: None,
            password_hash,
            return_to: return_to.written(),
            code: None,
            code_expires_at: now + CODE_LIFE,
            tries: 0,
            sent_at: now,
            letter_id: String::new(),
            created_at: now,
            expires_at: now + FLOW_LIFE,
        };
        let mut tx = self.store.begin().await?;
        self.write_code(&mut tx, lang, &mut flow).await?;
        tx.begin_flow(&flow, &secrets::digest(&token)).await?;
        let account = flow.account_id.as_deref();
        tx.note(&self.event(caller, &format!("{purpose}_begun"), account, &flow.email_key, String::new())).await?;
        tx.commit().await?;
        self.post.notify_one();
        let cookies = vec![Cookie::Flow.set(caller, &token, FLOW_LIFE / SECOND), Cookie::Notice.clear(caller)];
        Ok(Answer { cookies, ..Answer::default() })
    }

    /// Draws a code for the flow and writes the letter: with the code to whom it is meant for, and to whom it is not
    /// (an account that exists already, a reset of none) a letter that says so.
    async fn write_code(&self, tx: &mut crate::store::Tx, lang: Lang, flow: &mut Flow) -> Result<(), Trouble> {
        let account = tx.account(&flow.email_key).await?;
        let code = secrets::code();
        let hash = self.code_hash(flow, &code);
        let letter_lang = account.as_ref().map_or_else(|| lang.tag().to_owned(), |account| account.lang.clone());
        let (letter, opens) = match (flow.purpose.as_str(), &account) {
            ("register", None) => (Letter::Verify { code }, true),
            ("register", Some(_)) => (Letter::AlreadyRegistered, false),
            (_, Some(_)) => (Letter::Reset { code }, true),
            (_, None) => (Letter::NoAccount, false),
        };
        flow.account_id = account.map(|account| account.id);
        flow.code = opens.then_some(hash);
        flow.letter_id = self.write(tx, &flow.email, &letter_lang, &letter, Some(CODE_LIFE)).await?;
        Ok(())
    }

    /// The dialog under way that waits for its code: a registration, else a reset.
    async fn waiting(&self, caller: &Caller) -> Result<Option<Flow>, Trouble> {
        let flow = match self.flow(caller, "register").await? {
            None => self.flow(caller, "reset").await?,
            flow => flow,
        };
        Ok(flow.filter(|flow| flow.step == "code"))
    }

    pub(super) async fn send_code(&self, caller: &Caller, lang: Lang) -> Outcome {
        let Some(flow) = self.waiting(caller).await? else { return Ok(Self::gone(caller, lang, Step::Register)) };
        let back = To::Account(if flow.purpose == "register" { Step::Verify } else { Step::ResetCode }).href(lang);
        let now = self.clock.now();
        let wait = flow.sent_at + COOL_DOWN - now;
        if wait > 0 {
            let seconds = u32::try_from((wait + SECOND - 1) / SECOND).unwrap_or_default();
            return Ok(Self::refuse(caller, back, "", vec![(Field::Form, Refusal::TooSoon(seconds))]));
        }
        self.another_code(caller, lang, flow, back, now - COOL_DOWN, None).await
    }

    pub(super) async fn mend(&self, caller: &Caller, lang: Lang, typed: &str, password: &str) -> Outcome {
        let back = To::Account(Step::Verify).href(lang);
        let flow = self.flow(caller, "register").await?.filter(|flow| flow.step == "code");
        let Some(mut flow) = flow else { return Ok(Self::gone(caller, lang, Step::Register)) };
        let mut refusals = Vec::new();
        let email = address(typed).map_err(|refusal| refusals.push((Field::Email, refusal))).ok();
        refusals.extend(self.judged(password, typed).map(|refusal| (Field::Password, refusal)));
        let Some(email) = email.filter(|_| refusals.is_empty()) else {
            return Ok(Self::refuse(caller, back, typed, refusals));
        };
        (flow.email, flow.email_key) = (email.as_str().to_owned(), email.key());
        self.another_code(caller, lang, flow, back, self.clock.now(), Some(password)).await
    }

    /// A new code for the flow, and with another address another password; the code before is worth nothing any more.
    async fn another_code(
        &self,
        caller: &Caller,
        lang: Lang,
        mut flow: Flow,
        back: String,
        not_since: i64,
        password: Option<&str>,
    ) -> Outcome {
        let charge = match self.pay(Try::Letter, caller, &flow.email_key).await? {
            Ok(charge) => charge,
            Err(refusal) => return Ok(Self::refuse(caller, back, "", vec![(Field::Form, refusal)])),
        };
        if let Some(password) = password {
            flow.password_hash = Some(self.paid(&charge, self.hasher.hash(password)).await?);
        }
        let (now, before) = (self.clock.now(), flow.letter_id.clone());
        flow.sent_at = now;
        flow.code_expires_at = now + CODE_LIFE;
        let mut tx = self.store.begin().await?;
        tx.supersede_letter(&before, now).await?;
        self.write_code(&mut tx, lang, &mut flow).await?;
        if !tx.renew_code(&flow, not_since).await? {
            // Asked twice at once: the other one has sent it. What this one wrote is dropped with the transaction.
            return Ok(Self::done(caller, back, Done::CodeSent));
        }
        tx.note(&self.event(caller, "code_sent", flow.account_id.as_deref(), &flow.email_key, String::new())).await?;
        tx.commit().await?;
        self.post.notify_one();
        Ok(Self::done(caller, back, Done::CodeSent))
    }

    pub(super) async fn verify(&self, caller: &Caller, lang: Lang, typed: &str) -> Outcome {
        let back = To::Account(Step::Verify).href(lang);
        let Some(flow) = self.flow(caller, "register").await? else {
            return Ok(Self::gone(caller, lang, Step::Register));
        };
        let return_to = ReturnTo::read(&flow.return_to);
        if flow.step != "code" {
            return Ok(Self::to(return_to.through(Step::Welcome, lang)));
        }
        let (hash, charge) = match self.guess(caller, &flow, typed).await? {
            Ok(guess) => guess,
            Err(refusal) => return Ok(Self::refuse(caller, back, "", vec![(Field::Code, refusal)])),
        };
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let next = Next { step: "done", expires_at: flow.expires_at };
        if !tx.spend_code(&flow.id, &hash, now, next, TRIES).await? {
            drop(tx);
            let refusal = self.wrong(caller, &flow).await?;
            return Ok(Self::refuse(caller, back, "", vec![(Field::Code, refusal)]));
        }
        let account = Account {
            id: secrets::id(),
            email: flow.email.clone(),
            email_key: flow.email_key.clone(),
            password_hash: flow.password_hash.clone().unwrap_or_default(),
            lang: lang.tag().to_owned(),
            newsletter_at: None,
            created_at: now,
        };
        if !tx.open_account(&account).await? {
            // The same address was registered and verified in another browser meanwhile.
            drop(tx);
            return Ok(Self::refuse(caller, back, "", vec![(Field::Code, Refusal::CodeSpent)]));
        }
        let (mut cookies, _) = self.begin_session(&mut tx, caller, &account).await?;
        self.forgive_owner(&mut tx, &charge, &account.email_key).await?;
        tx.end_other_flows(&flow.email_key, &flow.id).await?;
        self.accept(&mut tx, caller, &account.id, lang).await?;
        tx.note(&self.event(caller, "account_opened", Some(&account.id), &account.email_key, format!("terms {TERMS}")))
            .await?;
        tx.commit().await?;
        cookies.push(Cookie::Notice.clear(caller));
        Ok(Answer { location: return_to.through(Step::Welcome, lang), cookies, retry_after: None })
    }

    /// Pays for a guess at the flow's code; the hash to compare, unless it is no code or guesses are spent.
    pub(super) async fn guess(
        &self,
        caller: &Caller,
        flow: &Flow,
        typed: &str,
    ) -> Result<Result<(Vec<u8>, Charge), Refusal>, Trouble> {
        let Some(digits) = six_digits(typed) else { return Ok(Err(Refusal::CodeMalformed)) };
        let charge = self.pay(Try::Guess, caller, &flow.email_key).await?;
        Ok(charge.map(|charge| (self.code_hash(flow, &digits), charge)))
    }

    /// Counts a wrong code and says so.
    pub(super) async fn wrong(&self, caller: &Caller, flow: &Flow) -> Result<Refusal, Trouble> {
        let mut tx = self.store.begin().await?;
        let tries = tx.wrong_code(&flow.id).await?;
        let account = flow.account_id.as_deref();
        tx.note(&self.event(caller, "code_wrong", account, &flow.email_key, flow.purpose.clone())).await?;
        tx.commit().await?;
        let expired = flow.code_expires_at <= self.clock.now();
        Ok(match u32::try_from(TRIES - tries) {
            Ok(left) if left > 0 && !expired => Refusal::CodeWrong(left),
            _ => Refusal::CodeSpent,
        })
    }

    /// The dialog is over or was never begun here: it begins anew. Another one that is under way goes on.
    pub(super) fn gone(caller: &Caller, lang: Lang, first: Step) -> Answer {
        Self::refuse(caller, To::Account(first).href(lang), "", vec![(Field::Form, Refusal::FlowGone)])
    }

    /// Work that was paid for beforehand: where the line was too long for it, it costs nothing.
    pub(super) async fn paid<T>(
        &self,
        charge: &Charge,
        work: impl Future<Output = Result<T, Busy>>,
    ) -> Result<T, Trouble> {
        match work.await {
            Ok(done) => Ok(done),
            Err(busy) => {
                self.refund(charge).await?;
                Err(busy.into())
            }
        }
    }
}
