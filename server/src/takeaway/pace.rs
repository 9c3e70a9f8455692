//! What an instance may hand out a second, shared fairly by accounts, and not by connections.
//!
//! Whoever has a piece ready waits for its turn; turns go to the account that has had least (start-time fair queueing,
//! Goyal, Vin and Cheng 1996). Who reads slowly has no piece ready, and so waits for nobody and nobody waits for him:
//! what one does not take is the others'.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    sync::{Notify, oneshot},
    task::JoinHandle,
};

/// What was missed for want of being awake may be made up for, this long: timers go by milliseconds.
const SLACK: Duration = Duration::from_millis(20);

/// Who has the next turn, and when. It has no clock of its own.
struct Turns<W> {
    /// Bytes a second.
    rate: u64,
    /// When what was granted is over.
    free_at: Duration,
    /// How far accounts are that had their share all the time, in bytes.
    front: u64,
    /// How far each account is.
    reached: HashMap<Arc<str>, u64>,
    /// By where their piece begins, then by when they came.
    waiting: BTreeMap<(u64, u64), (W, u64)>,
    came: u64,
}

/// What there is to do.
#[derive(Debug, PartialEq, Eq)]
enum Next<W> {
    /// It is somebody's turn, with so many bytes.
    Turn(W, u64),
    /// It will be somebody's then.
    At(Duration),
    /// Nobody waits.
    Nobody,
}

impl<W> Turns<W> {
    fn new(rate: u64) -> Self {
        let (reached, waiting) = (HashMap::new(), BTreeMap::new());
        Self { rate, free_at: Duration::ZERO, front: 0, reached, waiting, came: 0 }
    }

    /// Somebody has a piece for an account. Who had nothing ready for a while does not get it made up for.
    fn join(&mut self, account: &Arc<str>, bytes: u64, who: W) {
        let reached = self.reached.entry(Arc::clone(account)).or_insert(self.front);
        let start = (*reached).max(self.front);
        *reached = start + bytes;
        self.came += 1;
        self.waiting.insert((start, self.came), (who, bytes));
    }

    fn next(&mut self, now: Duration) -> Next<W> {
        if self.waiting.is_empty() {
            // Who is not ahead is as good as new.
            let front = self.front;
            self.reached.retain(|_, reached| *reached > front);
            return Next::Nobody;
        }
        if self.free_at > now {
            return Next::At(self.free_at);
        }
        let Some(((start, _), (who, bytes))) = self.waiting.pop_first() else { return Next::Nobody };
        self.front = self.front.max(start);
        Next::Turn(who, bytes)
    }

    /// A turn was taken: so many bytes are on their way.
    fn taken(&mut self, bytes: u64, now: Duration) {
        let took = Duration::from_nanos(bytes.saturating_mul(1_000_000_000) / self.rate);
        self.free_at = self.free_at.max(now.saturating_sub(SLACK)) + took;
    }
}

struct Shared {
    turns: Mutex<Turns<oneshot::Sender<()>>>,
    joined: Notify,
}

impl Shared {
    fn turns(&self) -> MutexGuard<'_, Turns<oneshot::Sender<()>>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(&self) {
        let began = Instant::now();
        loop {
            let next = self.turns().next(began.elapsed());
            match next {
                // Who has gone meanwhile costs nothing.
                Next::Turn(who, bytes) => {
                    if who.send(()).is_ok() {
                        self.turns().taken(bytes, began.elapsed());
                    }
                }
                Next::At(then) => tokio::time::sleep(then.saturating_sub(began.elapsed())).await,
                Next::Nobody => self.joined.notified().await,
            }
        }
    }
}

/// The line out, shared.
pub(super) struct Line(Option<(Arc<Shared>, JoinHandle<()>)>);

impl Line {
    /// Of so many bytes a second; of zero, as wide as the network is.
    pub(super) fn new(rate: u64) -> Self {
        if rate == 0 {
            return Self(None);
        }
        let shared = Arc::new(Shared { turns: Mutex::new(Turns::new(rate)), joined: Notify::new() });
        let running = Arc::clone(&shared);
        Self(Some((shared, tokio::spawn(async move { running.run().await }))))
    }

    /// Waits until so many bytes may go to that account.
    pub(super) async fn turn(&self, account: &Arc<str>, bytes: u64) {
        let Some((shared, _)) = &self.0 else { return };
        let (who, told) = oneshot::channel();
        shared.turns().join(account, bytes, who);
        shared.joined.notify_one();
        // Without a word there is no line any more, and nobody to share it with.
        let _ = told.await;
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some((_, running)) = &self.0 {
            running.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIECE: u64 = 64 << 10;

    /// What accounts have got after some time, each with so many transfers, each of which asks for a piece as soon as it
    /// has handed on the last and its reader has taken it, which lasts as given.
    fn share(rate: u64, seconds: u64, readers: &[(&'static str, u64, Duration)]) -> HashMap<&'static str, u64> {
        let (mut turns, mut got, mut now) = (Turns::new(rate), HashMap::new(), Duration::ZERO);
        // When each reader is ready for the next piece; none while it waits.
        let mut ready: Vec<Option<Duration>> = vec![Some(Duration::ZERO); readers.len()];
        while now < Duration::from_secs(seconds) {
            for (at, (account, bytes, _)) in readers.iter().enumerate() {
                if ready[at].take_if(|ready| *ready <= now).is_some() {
                    turns.join(&Arc::from(*account), *bytes, at);
                }
            }
            match turns.next(now) {
                Next::Turn(at, bytes) => {
                    turns.taken(bytes, now);
                    let (account, _, rests) = readers[at];
                    *got.entry(account).or_default() += bytes;
                    ready[at] = Some(now + rests);
                }
                Next::At(then) => {
                    let soonest = ready.iter().flatten().copied().min().filter(|soonest| *soonest > now);
                    now = soonest.map_or(then, |soonest| soonest.min(then));
                }
                Next::Nobody => now = ready.iter().flatten().copied().min().expect("somebody rests"),
            }
        }
        got
    }

    const AT_ONCE: Duration = Duration::ZERO;
    const RATE: u64 = 10 << 20;

    #[test]
    fn two_accounts_have_half_each_however_many_transfers_one_of_them_has() {
        let mut readers = vec![("bob", PIECE, AT_ONCE)];
        readers.extend([("ada", PIECE, AT_ONCE); 8]);
        let got = share(RATE, 10, &readers);
        assert!(got["ada"].abs_diff(got["bob"]) <= 2 * PIECE, "{got:?}");
        assert!((got["ada"] + got["bob"]).abs_diff(10 * RATE) <= RATE / 20, "and together all there is: {got:?}");
    }

    #[test]
    fn pieces_of_another_size_change_nothing() {
        let got = share(RATE, 10, &[("ada", 1000, AT_ONCE), ("bob", 256 << 10, AT_ONCE)]);
        assert!(got["ada"].abs_diff(got["bob"]) <= 2 * (256 << 10), "{got:?}");
    }

    #[test]
    fn what_a_slow_reader_leaves_is_the_others() {
        // Ten pieces a second, where a half would be eighty.
        let slow = Duration::from_millis(100);
        let got = share(RATE, 10, &[("slow", PIECE, slow), ("fast", PIECE, AT_ONCE)]);
        assert!(got["slow"] >= 95 * PIECE, "he has what he takes: {got:?}");
        assert!(got["fast"] >= 10 * RATE - got["slow"] - RATE / 20, "and the other one all the rest: {got:?}");
    }

    #[test]
    fn who_comes_late_or_back_has_a_share_and_no_more() {
        let mut turns = Turns::new(RATE);
        let (ada, bob): (Arc<str>, Arc<str>) = ("ada".into(), "bob".into());
        let mut order = Vec::new();
        turns.join(&ada, PIECE, "ada");
        for _ in 0..100 {
            let Next::Turn(..) = turns.next(Duration::MAX) else { panic!("she waits") };
            turns.join(&ada, PIECE, "ada");
        }
        turns.join(&bob, PIECE, "bob");
        for _ in 0..6 {
            let Next::Turn(who, _) = turns.next(Duration::MAX) else { panic!("both wait") };
            turns.join(if who == "ada" { &ada } else { &bob }, PIECE, who);
            order.push(who);
        }
        let of = |name| order.iter().filter(|who| **who == name).count();
        assert!(of("ada") == 3 && of("bob") == 3, "{order:?}");
    }

    #[tokio::test]
    async fn a_line_carries_what_it_may_and_who_has_gone_costs_nothing() {
        let line = Arc::new(Line::new(1 << 20));
        let (ada, bob): (Arc<str>, Arc<str>) = ("ada".into(), "bob".into());
        let began = Instant::now();
        line.turn(&ada, 64 << 10).await;
        // Gone before it is his turn: a gigabyte that nobody waits for.
        let gone = tokio::time::timeout(Duration::from_millis(1), line.turn(&bob, 1 << 30)).await;
        assert!(gone.is_err());
        for _ in 0..3 {
            line.turn(&ada, 64 << 10).await;
        }
        // Three pieces of a sixteenth of a second each, but for the slack, before the fourth goes.
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(3 * 62 - 20) && took < Duration::from_secs(60), "{took:?}");
        let free = Line::new(0);
        free.turn(&ada, u64::MAX).await;
    }
}
