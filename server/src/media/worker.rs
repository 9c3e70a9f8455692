//! Does what is to be done for videos, a step at a time, by lease.

use super::{
    intake::{self, STILL, STORYBOARD, WAVEFORM},
    made::Failed,
    probe, renditions, stills,
    vault::{Sha256, Vault},
    waveform,
    working::Working,
};
use crate::{
    clock::{Clock, SECOND},
    settings::Settings,
    store::{
        Store, StoreError,
        media::{Claim, VideoFile},
    },
    workers,
};
use std::{
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread::available_parallelism,
    time::Duration,
};
use tokio::sync::watch;

/// How long a step belongs to who took it, from the last sign of life on.
const LEASE: i64 = 120 * SECOND;
/// Between signs of life.
const BEAT: Duration = Duration::from_secs(2);
/// How often one looks for work.
const POLL: Duration = Duration::from_secs(2);
/// The longest pause after the store has failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The try after which a step is given up, until its file is added again.
pub(crate) const LAST_TRY: i64 = 5;
/// What a killed `put` left is removed when it is that old: no upload lasts longer.
const UNFINISHED: Duration = Duration::from_secs(24 * 3600);

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Done,
    /// It will be tried again.
    Later,
    /// It is given up.
    Dead,
    /// Its video is gone, or another has taken it.
    Lost,
}

/// Where videos are worked on.
pub(crate) struct Workshop {
    store: Store,
    vault: Vault,
    clock: Arc<dyn Clock>,
    working: Working,
    /// That one ffmpeg may use.
    threads: usize,
}

impl Workshop {
    /// Opens it, and gives back what the dead had taken.
    ///
    /// # Errors
    /// The data folder cannot be written.
    pub(crate) async fn open(
        settings: &Settings,
        store: Store,
        vault: Vault,
        clock: Arc<dyn Clock>,
    ) -> io::Result<Self> {
        let (working, dead) = Working::of(&settings.data.0)?;
        for holder in dead {
            let released = store.release_work(&holder, clock.now()).await.map_err(io::Error::other)?;
            tracing::info!(holder, released, "the work of a program that was killed is taken up again");
        }
        if let Err(error) = vault.clear_unfinished(UNFINISHED).await {
            tracing::warn!(%error, "what was left of interrupted uploads is not removed");
        }
        let cores = available_parallelism().map_or(1, usize::from);
        let threads = (cores / settings.media_workers.get().max(1)).max(1);
        Ok(Self { store, vault, clock, working, threads })
    }

    /// Takes the most urgent step, of all videos or of one.
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) async fn claim(&self, of: Option<i64>) -> Result<Option<Claim>, StoreError> {
        let now = self.clock.now();
        self.store.claim_video_work(of, self.working.name(), now, now + LEASE).await
    }

    /// Gives a step back that was dropped in the middle.
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) async fn give_back(&self, claim: &Claim) -> Result<(), StoreError> {
        self.store.give_back_video_work(claim, self.clock.now()).await
    }

    /// Does a step and records what became of it. Dropped, it leaves no file.
    ///
    /// # Errors
    /// If the store fails: the step comes again when its lease is over.
    pub(crate) async fn work(&self, claim: &Claim) -> Result<Step, StoreError> {
        let Claim { video, step, attempts, .. } = claim;
        let files = self.store.video_files(*video).await?;
        let progress = AtomicI64::new(0);
        let done = {
            let mut doing = pin!(async {
                // Its worker died at the last try, or each time.
                if *attempts > LAST_TRY {
                    return Err(Failed::Wrong("it never came to an end".to_owned()));
                }
                self.perform(step, &files, &progress).await
            });
            let mut beat = tokio::time::interval(BEAT);
            beat.reset();
            let mut sign = self.clock.now();
            loop {
                tokio::select! {
                    done = &mut doing => break done,
                    _ = beat.tick() => {
                        let now = self.clock.now();
                        let come = progress.load(Ordering::Relaxed);
                        match self.store.video_work_goes_on(claim, come, now, now + LEASE).await {
                            Ok(true) => sign = now,
                            Ok(false) => return Ok(Step::Lost),
                            Err(error) if now - sign > LEASE => return Err(error),
                            // A database that is away for a moment costs no hour of encoding.
                            Err(error) => tracing::warn!(%error, video, step, "no sign of life could be given"),
                        }
                    }
                }
            }
        };
        let now = self.clock.now();
        let why = match done {
            Ok(made) => return self.finish(claim, &made, now).await,
            Err(why) => why,
        };
        let said = why.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if *attempts >= why.tries() {
            self.store.video_work_dead(claim, &said, now).await?;
            tracing::error!(video, step, attempts, why = said, "given up");
            return Ok(Step::Dead);
        }
        let wait = wait_before(*attempts);
        let due = now + i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 2);
        self.store.video_work_later(claim, due, &said, now).await?;
        tracing::warn!(video, step, attempts, wait = wait.as_secs(), why = said, "failed, to be tried again");
        Ok(Step::Later)
    }

    /// Records what was made, if the step still is this one's; else removes it.
    async fn finish(&self, claim: &Claim, made: &[VideoFile], now: i64) -> Result<Step, StoreError> {
        let Claim { video, step, .. } = claim;
        let mut tx = self.store.begin().await?;
        if !tx.video_work_done(claim, now).await? {
            drop(tx);
            let files = made.iter().flat_map(|file| [Some(file.sha256), file.index]).flatten().collect();
            self.discard(files).await;
            return Ok(Step::Lost);
        }
        for file in made {
            tx.put_video_file(*video, file, now).await?;
        }
        let published = tx.publish_video(*video, now).await?;
        tx.commit().await?;
        tracing::info!(video, step, published, "made");
        Ok(Step::Done)
    }

    async fn discard(&self, files: Vec<Sha256>) {
        if let Err(error) = intake::discard(&self.store, &self.vault, files).await {
            tracing::warn!(%error, "files that nobody needs stay in the media store");
        }
    }

    /// Makes the files of a step and stores them.
    async fn perform(&self, step: &str, files: &[VideoFile], progress: &AtomicI64) -> Result<Vec<VideoFile>, Failed> {
        let told = |part: f64| progress.store((part * 1000.0) as i64, Ordering::Relaxed);
        let told: &(dyn Fn(f64) + Send + Sync) = &told;
        let of = |role: &str| files.iter().find(|file| file.role == role);
        // The storyboard is as good from the proxy, and sooner done.
        let source = (step == STORYBOARD).then(|| of("proxy")).flatten().or_else(|| of("original"));
        let source = source.ok_or_else(|| Failed::Wrong("its original is not recorded".to_owned()))?;
        let folder = self.working.folder()?;
        let local = self.vault.local(&source.sha256, folder.path()).await?;
        let footage = probe::look(&local).await?;
        let made = match step {
            STILL => stills::still(&footage, &local, folder.path()).await?,
            STORYBOARD => stills::storyboard(&footage, &local, folder.path(), self.threads, told).await?,
            WAVEFORM => waveform::waveform(&footage, &local, folder.path(), self.threads, told).await?,
            name => {
                let rendition = renditions::ladder(&footage.details).into_iter().find(|one| one.name == name);
                let rendition = rendition.ok_or_else(|| Failed::Wrong(format!("nothing is known of a {name}")))?;
                rendition.make(&footage, &local, folder.path(), self.threads, told).await?
            }
        };
        let mut stored = Vec::new();
        for made in made {
            let file = self.vault.put(&made.file).await?;
            let index = match made.index {
                Some(index) => Some(self.vault.put_bytes(index.into()).await?.sha256),
                None => None,
            };
            let (role, media_type) = (made.role, made.media_type.to_owned());
            let details = made.details;
            stored.push(VideoFile { role, sha256: file.sha256, bytes: file.bytes, media_type, index, details });
        }
        Ok(stored)
    }

    /// Works until `stop`, on several videos at once; then gives back what is not done.
    pub(crate) async fn run(self: Arc<Self>, workers: usize, stop: impl Future<Output = ()>) {
        workers::keep("media", workers, POLL, stop, |told| Arc::clone(&self).keep_working(told)).await;
    }

    async fn keep_working(self: Arc<Self>, mut told: watch::Receiver<()>) {
        let mut pause = POLL;
        // It fails when there is nobody left to tell: that is the sign.
        while told.has_changed().is_ok() {
            let worked = async {
                let Some(claim) = self.claim(None).await? else { return Ok::<_, StoreError>(false) };
                tokio::select! {
                    step = self.work(&claim) => step.map(|_| true),
                    // An hour of encoding is not waited for.
                    _ = told.changed() => self.give_back(&claim).await.map(|()| true),
                }
            };
            match worked.await {
                Ok(true) => {
                    pause = POLL;
                    continue;
                }
                Ok(false) => pause = POLL,
                Err(error) => {
                    tracing::error!(%error, "the work on videos cannot be recorded");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            tokio::select! {
                _ = told.changed() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}

/// How long to wait after the `attempt`th try: 10 seconds, 1, 10 and 60 minutes. The fifth is the last, over an hour
/// after the first: a disk that was full has been seen to.
fn wait_before(attempt: i64) -> Duration {
    Duration::from_secs(match attempt {
        ..=1 => 10,
        2 => 60,
        3 => 600,
        _ => 3600,
    })
}
