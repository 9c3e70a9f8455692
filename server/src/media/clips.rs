//! Makes the clips that need encoding, one at a time, by lease; and removes them when their time is over.

use super::{
    delivery::{IndexError, Indexes},
    edit_safe::{self, EditSafeError},
    ffmpeg::FfmpegError,
    output::Beside,
    vault::{Sha256, Stored, Vault, VaultError},
    working::Working,
};
use crate::{
    clock::{Clock, DAY, MINUTE, SECOND},
    store::{
        Store, StoreError,
        clips::{Taken, Wish},
    },
};
use clip::{Index, Receipt};
use std::{
    io,
    path::{Path, PathBuf},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// How long a clip is kept.
pub(crate) const KEPT: i64 = DAY;
/// Clips that may wait at once.
pub(crate) const MOST_WAITING: i64 = 200;
/// How long a clip belongs to who took it, from the last sign of life on.
const LEASE: i64 = 30 * SECOND;
/// Between signs of life.
const BEAT: Duration = Duration::from_secs(1);
/// How often one looks without being called: for clips asked for elsewhere, and those whose time has come.
const POLL: Duration = Duration::from_secs(2);
const SWEEP_EVERY: i64 = 10 * MINUTE;
/// The try after which a clip is given up.
const LAST_TRY: i64 = 3;

/// Why there is no clip.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Making(#[from] EditSafeError),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("it never came to an end")]
    Endless,
}

impl Failed {
    /// Whether another try would end the same.
    fn for_good(&self) -> bool {
        use EditSafeError::{Ffmpeg, Io};
        match self {
            Failed::Making(Io(_) | Ffmpeg(FfmpegError::Missing(_) | FfmpegError::Io(..))) => false,
            Failed::Making(_) | Failed::Endless => true,
            Failed::Index(IndexError::Refused(_)) => true,
            Failed::Index(_) | Failed::Vault(_) | Failed::Io(_) => false,
        }
    }
}

/// What one turn of the crank did.
enum Turn {
    Worked,
    Idle,
    Stopped,
}

/// Makes clips.
pub(crate) struct Cutter {
    store: Store,
    vault: Vault,
    indexes: Arc<Indexes>,
    clock: Arc<dyn Clock>,
    data: PathBuf,
    /// Told when a clip was asked for, as somebody waits for it.
    woken: Arc<Notify>,
}

impl Cutter {
    pub(crate) fn new(
        store: Store,
        vault: Vault,
        indexes: Arc<Indexes>,
        clock: Arc<dyn Clock>,
        data: &Path,
        woken: Arc<Notify>,
    ) -> Self {
        Self { store, vault, indexes, clock, data: data.to_owned(), woken }
    }

    /// Works until `stop`; then gives back what is not done.
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let (working, dead) = match Working::of(&self.data) {
            Ok(working) => working,
            Err(error) => {
                tracing::error!(%error, "clips cannot be made: there is no folder for them");
                return;
            }
        };
        for holder in dead {
            if let Err(error) = self.store.release_work(&holder, self.clock.now()).await {
                tracing::warn!(%error, "the work of a program that was killed waits for its lease");
            }
        }
        let mut swept_at = 0;
        loop {
            let worked = async {
                if self.clock.now() - swept_at >= SWEEP_EVERY {
                    swept_at = self.clock.now();
                    self.sweep().await?;
                }
                let now = self.clock.now();
                let Some(taken) = self.store.claim_clip(working.name(), now, now + LEASE).await? else {
                    return Ok(Turn::Idle);
                };
                tokio::select! {
                    worked = self.work(&working, &taken) => worked.map(|()| Turn::Worked),
                    () = &mut stop => {
                        self.store.give_back_clip((&taken.wish.id, working.name()), now).await.map(|()| Turn::Stopped)
                    }
                }
            };
            match worked.await {
                Ok(Turn::Worked) => continue,
                Ok(Turn::Stopped) => return,
                Ok(Turn::Idle) => {}
                Err::<_, StoreError>(error) => tracing::error!(%error, "the work on clips cannot be recorded"),
            }
            tokio::select! {
                () = &mut stop => return,
                () = self.woken.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Removes the files of clips whose time is over.
    async fn sweep(&self) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        let files = tx.sweep_clips(self.clock.now()).await?;
        tx.commit().await?;
        self.discard(&files).await;
        Ok(())
    }

    async fn discard(&self, files: &[Sha256]) {
        for file in files {
            if let Err(error) = self.vault.delete(file).await {
                tracing::warn!(%error, "a clip that nobody needs stays in the media store");
            }
        }
    }

    /// Makes a clip, and records what became of it.
    async fn work(&self, working: &Working, taken: &Taken) -> Result<(), StoreError> {
        let Taken { wish, attempts } = taken;
        let claim = (&*wish.id, working.name());
        let progress = AtomicI64::new(0);
        let made = {
            let mut making = pin!(async {
                // Its worker died at the last try, or each time.
                if *attempts > LAST_TRY { Err(Failed::Endless) } else { self.make(working, wish, &progress).await }
            });
            let mut beat = tokio::time::interval(BEAT);
            let mut sign = self.clock.now();
            loop {
                tokio::select! {
                    made = &mut making => break made,
                    _ = beat.tick() => {
                        let now = self.clock.now();
                        match self.store.clip_goes_on(claim, progress.load(Ordering::Relaxed), now + LEASE).await {
                            Ok(true) => sign = now,
                            Ok(false) => return Ok(()),
                            Err(error) if now - sign > LEASE => return Err(error),
                            Err(error) => tracing::warn!(%error, clip = wish.id, "no sign of life could be given"),
                        }
                    }
                }
            }
        };
        let now = self.clock.now();
        match made {
            Ok((stored, receipt)) => {
                if self.store.clip_done(claim, &stored, &receipt, now + KEPT).await? {
                    tracing::info!(clip = wish.id, bytes = stored.bytes, "made");
                }
                Ok(())
            }
            Err(why) => {
                let said = why.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
                let again = !why.for_good() && *attempts < LAST_TRY;
                tracing::error!(clip = wish.id, attempts, again, why = said, "a clip was not made");
                self.store.clip_failed(claim, again.then_some(now + 10 * SECOND * attempts), &said).await
            }
        }
    }

    async fn make(&self, working: &Working, wish: &Wish, progress: &AtomicI64) -> Result<(Stored, Receipt), Failed> {
        let index = self.indexes.get(&wish.index).await?;
        let folder = working.folder()?;
        let source = self.vault.local(&wish.source, folder.path()).await?;
        // Its name says what the clip is to be.
        let kind = if wish.media_type == "video/quicktime" { "mov" } else { "mp4" };
        let named = folder.path().join("source").with_extension(kind);
        std::os::unix::fs::symlink(&*source, &named)?;
        let beside = Beside::of(&folder.path().join("clip"))?;
        let told = |part: f64| progress.store((part * 1000.0) as i64, Ordering::Relaxed);
        let (made, way) = edit_safe::make(&index, &named, &wish.frames, &beside, &told).await?;
        let stored = self.vault.put(&made).await?;
        Ok((stored, receipt(&index, wish, &way, stored.bytes)))
    }
}

fn receipt(index: &Index, wish: &Wish, way: &clip::EditSafe, bytes: u64) -> Receipt {
    Receipt {
        source: wish.source.to_string(),
        source_bytes: index.length(),
        rate: index.rate().map(|rate| rate.to_string()),
        source_has_timecode: index.has_timecode(),
        ranges: vec![index.describe(&wish.frames)],
        route: clip::Route::EditSafe,
        why: edit_safe::why(way),
        hidden: [0, 0],
        stretches: way.stretches(&wish.frames),
        bytes,
    }
}
