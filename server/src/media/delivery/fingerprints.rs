//! Hashes of clips. A clip is made of ranges of its source and was never hashed: whoever wants its hash has it read, once.

use super::{Deliverable, Flow};
use crate::media::vault::{Sha256, Vault, VaultError};
use http::HeaderValue;
use sha2::Digest;
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};
use tokio::sync::Semaphore;

/// A longer clip is not read for its hash: a second of a disk, some of a bucket.
const LONGEST: u64 = 512 << 20;
/// Clips that are read at once for their hash.
const AT_ONCE: usize = 2;
/// Hashes that are kept; a hundred bytes each.
const KEPT: usize = 10_000;
/// Pieces after which others have their turn.
const PIECES: usize = 16;

/// Hashes of what is handed out, those asked for last in memory.
pub struct Fingerprints {
    vault: Vault,
    kept: Mutex<VecDeque<(HeaderValue, Sha256)>>,
    turn: Semaphore,
}

impl Fingerprints {
    /// Of what lies in that vault.
    #[must_use]
    pub fn new(vault: Vault) -> Self {
        Self { vault, kept: Mutex::default(), turn: Semaphore::new(AT_ONCE) }
    }

    /// The hash of all its bytes; none of a clip that is too long to be read for it.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn of(&self, what: &Deliverable) -> Result<Option<Sha256>, VaultError> {
        if what.clip.is_none() {
            return Ok(Some(what.source));
        }
        if what.bytes > LONGEST {
            return Ok(None);
        }
        if let Some(known) = self.known(&what.etag) {
            return Ok(Some(known));
        }
        // Never closed. Who waited may find that it was read meanwhile.
        let _turn = self.turn.acquire().await;
        if let Some(known) = self.known(&what.etag) {
            return Ok(Some(known));
        }
        let mut flow = Flow::all(&self.vault, what).await?;
        let (mut hash, mut pieces) = (sha2::Sha256::new(), 0_usize);
        while let Some(piece) = flow.next().await {
            hash.update(piece?);
            pieces += 1;
            if pieces.is_multiple_of(PIECES) {
                tokio::task::yield_now().await;
            }
        }
        let hash = Sha256::from(<[u8; 32]>::from(hash.finalize()));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((what.etag.clone(), hash));
        Ok(Some(hash))
    }

    fn known(&self, tag: &HeaderValue) -> Option<Sha256> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().find(|(of, _)| of == tag).map(|(_, hash)| *hash)
    }
}
