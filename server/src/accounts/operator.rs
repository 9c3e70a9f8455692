//! What whoever runs the installation does with accounts, by command. Nobody is asked for a password or a code here:
//! who reads the key and the database needs none. The audit tells these events from the owners' own.

use super::{Office, TERMS, Trouble};
use crate::{
    secrets,
    store::{Tx, accounts::Account, audit::Event},
};
use app::account::{contract::Refusal, email::EmailAddress};
use plan::Lang;

/// How such events are marked.
const BY_COMMAND: &str = "by command";

/// Why an account was not opened.
#[derive(Debug)]
pub(crate) enum Unopened {
    /// The address has one.
    Taken,
    /// Nobody has chosen a password for it and waits for a code.
    NoneWaits,
    /// The password will not do.
    Password(Refusal),
}

type Opened = Result<Result<Account, Unopened>, Trouble>;

impl Office {
    /// Opens an account for an address that whoever commands it answers for. Its password keeps the rules of all.
    pub(crate) async fn create(&self, email: &EmailAddress, password: &str, lang: Lang) -> Opened {
        if let Some(refusal) = self.judged(password, email.as_str()) {
            return Ok(Err(Unopened::Password(refusal)));
        }
        let account = Account {
            id: secrets::id(),
            email: email.as_str().to_owned(),
            email_key: email.key(),
            password_hash: self.hasher.hash(password).await?,
            lang: lang.tag().to_owned(),
            newsletter_at: None,
            created_at: self.clock.now(),
        };
        self.open(self.store.begin().await?, account, "", BY_COMMAND).await
    }

    /// Completes the newest registration of an address whose code never arrived. The code is worth nothing any more, and
    /// its letter, if it still waits, is not sent.
    ///
    /// Whoever began it has not proved to own the address, so the password chosen then opens nothing: the owner chooses
    /// one by a reset, whose code goes to the address.
    pub(crate) async fn complete(&self, email: &EmailAddress) -> Opened {
        let now = self.clock.now();
        let nobodys = self.hasher.hash(&secrets::token()).await?;
        let mut tx = self.store.begin().await?;
        let flow = tx.waiting_registration(&email.key(), now).await?;
        let Some(flow) = flow else { return Ok(Err(Unopened::NoneWaits)) };
        if !tx.step_flow(&flow.id, "code", "done").await? {
            // Its owner was quicker.
            return Ok(Err(Unopened::NoneWaits));
        }
        tx.supersede_letter(&flow.letter_id, now).await?;
        // The letter knows which language was chosen.
        let letter = self.store.letter(&flow.letter_id).await?;
        let account = Account {
            id: secrets::id(),
            email: flow.email,
            email_key: flow.email_key,
            password_hash: nobodys,
            lang: letter.map_or_else(|| Lang::ALL[0].tag().to_owned(), |letter| letter.lang),
            newsletter_at: None,
            created_at: now,
        };
        self.open(tx, account, &flow.id, &format!("{BY_COMMAND}, terms {TERMS}")).await
    }

    async fn open(&self, mut tx: Tx, account: Account, flow: &str, how: &str) -> Opened {
        if !tx.open_account(&account).await? {
            return Ok(Err(Unopened::Taken));
        }
        tx.end_other_flows(&account.email_key, flow).await?;
        tx.note(&self.by_command("account_opened", &account, how)).await?;
        tx.commit().await?;
        Ok(Ok(account))
    }

    /// Signs an account out everywhere, its programs too; of how many sessions.
    pub(crate) async fn sign_out_everywhere(&self, account: &Account) -> Result<u64, Trouble> {
        let mut tx = self.store.begin().await?;
        let ended = tx.end_sessions(&account.id, "").await?;
        tx.end_tokens(&account.id).await?;
        tx.note(&self.by_command("sessions_ended", account, BY_COMMAND)).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Erases an account as its owner does, with a last letter.
    pub(crate) async fn erase_by_command(&self, account: &Account) -> Result<(), Trouble> {
        self.erase(account, BY_COMMAND).await
    }

    fn by_command(&self, event: &str, account: &Account, how: &str) -> Event {
        Event {
            at: self.clock.now(),
            event: event.to_owned(),
            account_id: Some(account.id.clone()),
            address: self.secrets.mark("audit", &account.email_key),
            network: String::new(),
            detail: how.to_owned(),
        }
    }
}
