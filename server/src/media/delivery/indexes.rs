//! Indexes of files that are cut, read once and kept while they are used.

use crate::media::vault::{Sha256, Vault, VaultError};
use clip::{Index, Refused};
use std::sync::{Arc, Mutex, PoisonError};

/// Two hours make two megabytes; this is a day.
const LARGEST: u64 = 32 << 20;

/// Why there is no index.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It cannot be read.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It is of another version, or none.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// Indexes out of the store, those used last in memory.
pub struct Indexes {
    vault: Vault,
    most: usize,
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    of: Sha256,
    index: Arc<Index>,
    size: usize,
}

impl Indexes {
    /// In so many bytes of memory, about.
    #[must_use]
    pub fn new(vault: Vault, most: usize) -> Self {
        Self { vault, most, kept: Mutex::default() }
    }

    /// The index that is stored under this name.
    ///
    /// # Errors
    /// It is not there, or is none.
    pub async fn get(&self, of: &Sha256) -> Result<Arc<Index>, IndexError> {
        if let Some(index) = self.kept(of) {
            return Ok(index);
        }
        let packed = self.vault.bytes(of, LARGEST).await?;
        // As a value it has about its packed size, and what was made of it to find things in it.
        let size = 2 * packed.len();
        let decoding = tokio::task::spawn_blocking(move || Index::decode(&packed));
        let index = Arc::new(decoding.await.map_err(|error| Refused::Io(std::io::Error::other(error)))??);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.of != *of);
        kept.push(Kept { of: *of, index: Arc::clone(&index), size });
        let mut all: usize = kept.iter().map(|kept| kept.size).sum();
        let surplus = kept.iter().take_while(|kept| {
            let too_much = all > self.most;
            all -= if too_much { kept.size } else { 0 };
            too_much
        });
        let surplus = surplus.count();
        kept.drain(..surplus);
        Ok(index)
    }

    /// Those used last stand last.
    fn kept(&self, of: &Sha256) -> Option<Arc<Index>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|kept| kept.of == *of)?;
        kept[place..].rotate_left(1);
        kept.last().map(|kept| Arc::clone(&kept.index))
    }
}
