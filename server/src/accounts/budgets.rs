//! How often something may be tried, by address and by network.
//!
//! Others must not be able to spend what is somebody's own. So a refused try costs nothing; what one network spends at
//! one address is counted apart; and a browser the account was used in before has budgets of its own (OWASP's device
//! cookies), which nobody else can spend.

use super::{Office, Trouble, network};
use crate::{
    clock::{DAY, HOUR, MINUTE},
    secrets,
    store::{Tx, budgets::Spend},
};
use app::account::contract::{Caller, Refusal};

/// Something that may be tried so many times within so many ms.
#[derive(Clone, Copy)]
struct Budget {
    name: &'static str,
    limit: i64,
    window: i64,
    of: Of,
}

/// Under whose name a budget is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// A network's. Its limit is a setting, since a newsroom may sit behind one address.
    Network,
    /// An address's, or a browser's that is known there.
    Address,
    /// An address's from one network.
    Both,
}

/// What is tried.
#[derive(Clone, Copy)]
pub(super) enum Try {
    /// A letter to the address.
    Letter,
    /// A guess at its code.
    Guess,
    /// Its password.
    Password,
}

impl Try {
    const fn budgets(self) -> [Budget; 3] {
        const fn network(name: &'static str) -> Budget {
            Budget { name, limit: 0, window: 15 * MINUTE, of: Of::Network }
        }
        match self {
            Try::Letter => [
                network("letters"),
                Budget { name: "letter-hour", limit: 6, window: HOUR, of: Of::Address },
                Budget { name: "letter-day", limit: 20, window: DAY, of: Of::Address },
            ],
            // A new code, a restart, another instance change nothing. A million codes and a hundred guesses a month: one
            // address in ten thousand.
            Try::Guess => [
                network("guesses"),
                Budget { name: "guess-hour", limit: 10, window: HOUR, of: Of::Both },
                Budget { name: "guess-month", limit: 100, window: 30 * DAY, of: Of::Address },
            ],
            // A hundred failures in a row, from wherever: then only a reset opens it (NIST SP 800-63B-4 §3.2.2).
            Try::Password => [
                network("sign-ins"),
                Budget { name: "sign-in", limit: 10, window: 15 * MINUTE, of: Of::Both },
                Budget { name: "in-a-row", limit: 100, window: IN_A_ROW, of: Of::Address },
            ],
        }
    }
}

/// As good as for ever.
const IN_A_ROW: i64 = 3650 * DAY;

/// What a try has cost.
pub(super) struct Charge(Vec<(Budget, String)>);

impl Office {
    /// Pays for a try, before it is made: of many at once none slips through. Or why it may not be made.
    pub(super) async fn pay(
        &self,
        what: Try,
        caller: &Caller,
        email_key: &str,
    ) -> Result<Result<Charge, Refusal>, Trouble> {
        let now = self.clock.now();
        let charge = self.charge(what, caller, email_key).await?;
        let spends =
            charge.iter().map(|(budget, key)| Spend { key, window: budget.window, limit: budget.limit, amount: 1 });
        let spends: Vec<_> = spends.collect();
        // Looked at first: who has spent a budget costs us no writing.
        let spent = match self.store.spent(now, &spends).await? {
            None => self.store.spend_tries(now, &spends).await?,
            spent => spent,
        };
        Ok(match spent {
            Some((at, since)) => Err(self.spent(charge[at].0, since, caller)),
            None => Ok(Charge(charge)),
        })
    }

    async fn charge(&self, what: Try, caller: &Caller, email_key: &str) -> Result<Vec<(Budget, String)>, Trouble> {
        let network = self.secrets.mark("network", &network(caller));
        let mut address = self.secrets.mark("address", email_key);
        if let Some(device) = &caller.device
            && self.store.knows_device(email_key, &secrets::digest(device)).await?
        {
            address = format!("{address} {}", self.secrets.mark("device", device));
        }
        let of = |budget: Budget| {
            let key = match budget.of {
                Of::Network => network.clone(),
                Of::Address => address.clone(),
                Of::Both => format!("{address} {network}"),
            };
            let limit = if budget.of == Of::Network { self.limits.network } else { budget.limit };
            (Budget { limit, ..budget }, format!("{} {key}", budget.name))
        };
        Ok(what.budgets().map(of).to_vec())
    }

    fn spent(&self, budget: Budget, since: i64, caller: &Caller) -> Refusal {
        tracing::info!(budget = budget.name, from = network(caller), "a budget is spent");
        if budget.window == IN_A_ROW {
            return Refusal::ResetFirst;
        }
        let left = (since + budget.window - self.clock.now()).max(MINUTE);
        Refusal::TooMany(u32::try_from((left + MINUTE - 1) / MINUTE).unwrap_or(u32::MAX))
    }

    /// The try was never made: it costs nothing.
    pub(super) async fn refund(&self, charge: &Charge) -> Result<(), Trouble> {
        let mut tx = self.store.begin().await?;
        for (_, key) in &charge.0 {
            tx.give_back_try(key).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The try was right: it costs nothing, and what failed before it is forgiven. Belongs to what the try has opened.
    pub(super) async fn forgive(&self, tx: &mut Tx, charge: &Charge) -> Result<(), Trouble> {
        self.forget(tx, charge, &[]).await
    }

    /// As [`forgive`](Office::forgive), of what only the owner can do.
    pub(super) async fn forgive_owner(&self, tx: &mut Tx, charge: &Charge, email_key: &str) -> Result<(), Trouble> {
        self.forget(tx, charge, &[&self.row(email_key)]).await
    }

    /// The owner has proved to be it: failures in a row, from wherever, are forgotten.
    pub(super) async fn break_row(&self, tx: &mut Tx, email_key: &str) -> Result<(), Trouble> {
        Ok(tx.forget_tries(&[&self.row(email_key)]).await?)
    }

    async fn forget(&self, tx: &mut Tx, charge: &Charge, more: &[&str]) -> Result<(), Trouble> {
        let (shared, own): (Vec<_>, Vec<_>) = charge.0.iter().partition(|(budget, _)| budget.of == Of::Network);
        for (_, key) in shared {
            tx.give_back_try(key).await?;
        }
        let own = own.into_iter().map(|(_, key)| key.as_str());
        Ok(tx.forget_tries(&own.chain(more.iter().copied()).collect::<Vec<_>>()).await?)
    }

    /// Under what the failures in a row at an address are counted.
    fn row(&self, email_key: &str) -> String {
        format!("in-a-row {}", self.secrets.mark("address", email_key))
    }
}
