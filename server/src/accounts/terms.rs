//! The terms: accepted once for each wording, with the evidence, before anything is taken away.

use super::{Office, Outcome, TERMS, Trouble, network, own::signed_in};
use crate::store::{Tx, accounts::Account, downloads::Acceptance};
use app::{
    account::contract::{Caller, Done},
    routes::{ReturnTo, Step, To},
};
use plan::Lang;

impl Office {
    /// Whether an account has accepted the terms in force.
    pub(crate) async fn has_accepted(&self, account: &Account) -> Result<bool, Trouble> {
        Ok(self.store.accepted(&account.id, TERMS).await?.is_some())
    }

    /// Keeps that an account accepts the terms in force; whether it had not yet.
    pub(super) async fn accept(&self, tx: &mut Tx, caller: &Caller, id: &str, lang: Lang) -> Result<bool, Trouble> {
        let acceptance = Acceptance {
            account_id: id,
            version: TERMS,
            at: self.clock.now(),
            lang: lang.tag(),
            network: &network(caller),
        };
        Ok(tx.accept_terms(&acceptance).await?)
    }

    pub(super) async fn accept_terms(&self, caller: &Caller, lang: Lang, return_to: &ReturnTo) -> Outcome {
        let (_, account) = signed_in!(self, caller, lang);
        let mut tx = self.store.begin().await?;
        if self.accept(&mut tx, caller, &account.id, lang).await? {
            let detail = TERMS.to_owned();
            tx.note(&self.event(caller, "terms_accepted", Some(&account.id), &account.email_key, detail)).await?;
        }
        tx.commit().await?;
        let own = To::Account(Step::Account).href(lang);
        match return_to.href(lang) {
            page if page == own => Ok(Self::done(caller, page, Done::TermsAccepted)),
            page => Ok(Self::to(page)),
        }
    }
}
