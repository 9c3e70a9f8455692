//! How often something may be tried, by address and by network.

use super::{Office, Trouble};
use crate::clock::{DAY, HOUR, MINUTE};
use app::account::contract::Caller;

/// Something that may be tried so many times within so many ms.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    name: &'static str,
    limit: i64,
    window: i64,
}

impl Budget {
    /// Its window in minutes.
    pub(super) fn minutes(self) -> u32 {
        u32::try_from(self.window / MINUTE).unwrap_or(u32::MAX)
    }
}

/// Guesses at codes of one address: a new code, a restart, another instance change nothing. A six-digit code is then
/// guessed within a day with a chance of one in twenty thousand.
pub(super) const GUESSES: [Budget; 2] =
    [Budget { name: "guess-hour", limit: 10, window: HOUR }, Budget { name: "guess-day", limit: 50, window: DAY }];
/// Letters to one address.
pub(super) const LETTERS: [Budget; 2] =
    [Budget { name: "letter-hour", limit: 6, window: HOUR }, Budget { name: "letter-day", limit: 20, window: DAY }];
/// Failed sign-ins with one address from one network.
pub(super) const SIGN_INS: Budget = Budget { name: "sign-in", limit: 10, window: 15 * MINUTE };
/// Failed sign-ins with one address in a row, from wherever: then only a reset opens it (NIST SP 800-63B-4 §3.2.2).
pub(super) const IN_A_ROW: Budget = Budget { name: "in-a-row", limit: 100, window: 3650 * DAY };
/// What one network may cause of letters, guesses and failed sign-ins, each, in a quarter of an hour: the limit is a
/// setting, since a newsroom may sit behind one address.
pub(super) const fn of_network(name: &'static str, limit: i64) -> Budget {
    Budget { name, limit, window: 15 * MINUTE }
}

/// A budget is spent: come back in so many minutes.
pub(super) struct Spent(pub(super) u32);

impl Office {
    /// Spends one try of each budget on `of`; which one is exhausted, if one is. Counted before the try is made: of
    /// many at once none slips through.
    pub(super) async fn spend(&self, budgets: &[Budget], of: &str) -> Result<Result<(), Spent>, Trouble> {
        let now = self.clock.now();
        let mut spent = None;
        for budget in budgets {
            let (count, since) = self.store.count_try(&key(*budget, of), now, budget.window).await?;
            if count > budget.limit {
                let left = (since + budget.window - now).max(MINUTE);
                let minutes = u32::try_from((left + MINUTE - 1) / MINUTE).unwrap_or(u32::MAX);
                spent = Some(spent.map_or(minutes, |other: u32| other.max(minutes)));
            }
        }
        Ok(spent.map_or(Ok(()), |minutes| Err(Spent(minutes))))
    }

    /// It was no failure after all.
    pub(super) async fn give_back(&self, budgets: &[Budget], of: &str) -> Result<(), Trouble> {
        for budget in budgets {
            self.store.give_back_try(&key(*budget, of)).await?;
        }
        Ok(())
    }

    /// Begins anew.
    pub(super) async fn forgive(&self, budget: Budget, of: &str) -> Result<(), Trouble> {
        Ok(self.store.forget_tries(&key(budget, of)).await?)
    }

    /// The network a caller is in, as budgets know it: /24 and /48, which is what one customer gets.
    pub(super) fn network_key(&self, caller: &Caller) -> String {
        self.secrets.mark("network", &super::network(caller))
    }
}

fn key(budget: Budget, of: &str) -> String {
    format!("{} {of}", budget.name)
}
