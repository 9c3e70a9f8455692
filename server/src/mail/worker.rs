//! Takes letters out of the outbox, one at a time, and sees them off.

use super::{Composed, Letter, Letterhead, Post, Sending, dkim::Dkim, transport::Smtp};
use crate::{
    clock::Clock,
    secrets::Secrets,
    settings::Settings,
    store::{Store, StoreError, outbox::Claimed},
    tally::{self, Tally},
    workers,
};
use ::plan::Lang;
use app::Site;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{Notify, watch};

/// How much longer than `MAIL_TIMEOUT` a letter belongs to the worker that took it: who has not said by then what
/// became of it has died.
const MARGIN: Duration = Duration::from_secs(10);
/// How often one looks without being called: for letters of other instances, and those whose time has come.
const POLL: Duration = Duration::from_secs(1);
/// The longest pause after the store has failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The try after which a letter stays where it is, until somebody has it tried again by command.
pub const LAST_TRY: i64 = 33;

/// What one turn of the crank did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is due.
    Idle,
    /// The mail server has it.
    Sent,
    /// It will be tried again.
    Later,
    /// It is given up.
    Dead,
    /// Its code is too old to be of use.
    Expired,
    /// There is no mail server: it can be read at `/dev/mailbox`.
    Kept,
}

/// Sends letters.
pub struct Mailer {
    store: Store,
    secrets: Secrets,
    clock: Arc<dyn Clock>,
    letterhead: Letterhead,
    post: Option<Arc<dyn Post>>,
    woken: Arc<Notify>,
    lease: i64,
    tally: Tally,
}

impl Mailer {
    /// Without a `post`, letters are kept. `woken` is told when a letter was queued, as somebody waits for it. Whoever
    /// posts gives up after `patience`.
    pub fn new(
        store: Store,
        secrets: Secrets,
        clock: Arc<dyn Clock>,
        letterhead: Letterhead,
        post: Option<Arc<dyn Post>>,
        woken: Arc<Notify>,
        patience: Duration,
    ) -> Self {
        let lease = i64::try_from((patience + MARGIN).as_millis()).unwrap_or(i64::MAX);
        Self { store, secrets, clock, letterhead, post, woken, lease, tally: Tally::default() }
    }

    /// It counts what becomes of letters.
    pub(crate) fn counting(self, tally: Tally) -> Self {
        Self { tally, ..self }
    }

    /// As the settings say.
    ///
    /// # Errors
    /// If the key for DKIM is of no use, or TLS to the mail server cannot be set up; in one line.
    pub fn of(
        settings: &Settings,
        site: Site,
        store: Store,
        secrets: Secrets,
        clock: Arc<dyn Clock>,
        woken: Arc<Notify>,
    ) -> Result<Self, String> {
        let from = settings.mail_from.0.clone();
        let mut dkim = None;
        if let (Some(file), Some(selector), Some(domain)) =
            (&settings.dkim_key, &settings.dkim_selector, &settings.dkim_domain)
        {
            let file = &file.0;
            let pem =
                std::fs::read(file).map_err(|why| format!("DKIM_KEY {} cannot be read: {why}", file.display()))?;
            let key = Dkim::of(&pem, &selector.0, &domain.0);
            dkim = Some(key.map_err(|why| format!("DKIM_KEY {} {why}", file.display()))?);
        }
        let post = settings.smtp_url.clone().map(|server| {
            let smtp = Smtp::new(server, from.email.domain(), settings.mail_timeout.get());
            smtp.map(|smtp| Arc::new(smtp) as Arc<dyn Post>).map_err(|why| format!("SMTP_URL cannot be used: {why}"))
        });
        Ok(Self::new(
            store,
            secrets,
            clock,
            Letterhead { site, from, dkim },
            post.transpose()?,
            woken,
            settings.mail_timeout.get(),
        ))
    }

    /// Takes the most urgent letter that is due, sends it, records what became of it. Called by the workers, and by tests.
    ///
    /// # Errors
    /// If the store fails. The letter comes again when its lease is over.
    pub async fn deliver_one(&self) -> Result<Step, StoreError> {
        let now = self.clock.now();
        let Some(claimed) = self.store.claim_letter(now, now + self.lease).await? else { return Ok(Step::Idle) };
        let Claimed { id, attempts, .. } = &claimed;
        let opened = self.open(&claimed);
        let kind = opened.as_ref().map_or_else(|_| "unknown".to_owned(), Letter::kind);
        let count = |outcome| self.tally.count(tally::LETTERS, &[("outcome", outcome), ("kind", &kind)]);
        if claimed.expires_at.is_some_and(|end| end <= now) {
            self.store.letter_expired(id, now).await?;
            count("expired");
            tracing::warn!(letter = id, attempts, "its code has expired: not sent");
            return Ok(Step::Expired);
        }
        let sending = match opened.and_then(|letter| self.compose(&claimed, &letter)) {
            // Its worker died at the last try, or each time.
            _ if *attempts > LAST_TRY => Sending::GiveUp("never came to an end".to_owned()),
            Err(why) => Sending::GiveUp(why),
            Ok(letter) => match &self.post {
                Some(post) => post.post(&letter).await,
                None => {
                    let shown = serde_json::to_vec(&letter.shown).unwrap_or_default();
                    self.store.letter_kept(id, self.clock.now(), &self.secrets.seal(id, &shown)).await?;
                    count("kept");
                    tracing::info!(letter = id, "kept, as there is no SMTP_URL");
                    return Ok(Step::Kept);
                }
            },
        };
        let now = self.clock.now();
        match sending {
            Sending::Sent => {
                self.store.letter_sent(id, now).await?;
                count("sent");
                tracing::info!(letter = id, attempts, "sent");
                Ok(Step::Sent)
            }
            Sending::TryLater(why) if *attempts < LAST_TRY => {
                let wait = wait_before(id, *attempts);
                let next = now + i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 2);
                self.store.letter_later(id, next, &why).await?;
                count("deferred");
                tracing::warn!(letter = id, attempts, wait = wait.as_secs(), why, "not sent, to be tried again");
                Ok(Step::Later)
            }
            Sending::TryLater(why) | Sending::GiveUp(why) => {
                self.store.letter_dead(id, now, &why).await?;
                count("refused");
                tracing::error!(letter = id, attempts, why, "given up");
                Ok(Step::Dead)
            }
        }
    }

    fn open(&self, Claimed { id, sealed, .. }: &Claimed) -> Result<Letter, String> {
        let opened = self.secrets.unseal(id, sealed).ok_or("sealed with another key than this installation’s")?;
        Ok(Letter::from_bytes(&opened).ok_or("not a letter that this version knows")?)
    }

    fn compose(&self, claimed: &Claimed, letter: &Letter) -> Result<Composed, String> {
        let Claimed { id, to, lang, created_at, .. } = claimed;
        let lang = lang.parse().unwrap_or(Lang::ALL[0]);
        self.letterhead.compose(id, to, lang, *created_at, letter).map_err(|why| why.to_string())
    }

    /// Sends letters until `stop`, several at once; then finishes those under way.
    pub async fn run(self: Arc<Self>, workers: usize, stop: impl Future<Output = ()>) {
        workers::keep("mail", workers, POLL, stop, |told| Arc::clone(&self).work(told)).await;
    }

    async fn work(self: Arc<Self>, mut told: watch::Receiver<()>) {
        let mut pause = POLL;
        // It fails when there is nobody left to tell: that is the sign.
        while told.has_changed().is_ok() {
            let called = match self.deliver_one().await {
                Ok(Step::Idle) => {
                    pause = POLL;
                    true
                }
                Ok(_) => continue,
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be used");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    false
                }
            };
            tokio::select! {
                _ = told.changed() => {}
                () = self.woken.notified(), if called => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}

/// How long to wait after the `attempt`th try: 10 and 30 seconds, 1, 2, 4, 8, 16 and 32 minutes, then an hour each time,
/// all of it more or less by a fifth, so that letters which failed together do not come back together. The 33rd try is
/// the last, 25 hours after the first: an outage over a day is outlived. Codes expire long before.
pub fn wait_before(id: &str, attempt: i64) -> Duration {
    let usual = match attempt {
        ..=1 => 10_000,
        2 => 30_000,
        3..=8 => 60_000 << (attempt - 3),
        _ => 3_600_000,
    };
    // Chance enough: ids are drawn at random.
    let mut drawn = DefaultHasher::new();
    (id, attempt).hash(&mut drawn);
    Duration::from_millis(usual * (800 + drawn.finish() % 401) / 1000)
}
