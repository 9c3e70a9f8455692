//! Passwords, hashed with argon2id: 19 MiB, two passes, one lane (OWASP Password Storage; ASVS 5.0 §11.4.2).
//!
//! Hashing is what the machine can do least of. So it has threads of its own, as many as there are cores, each with
//! memory that it uses again and again; they give way to those that answer; and who comes when the line is long is
//! sent away at once, to come back (503), since a line that grows helps nobody.

use crate::secrets;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use std::{
    num::NonZero,
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH: usize = 32;
const SALT: usize = 16;
/// Hashes that wait for a thread, for each thread: about a second.
const LINE: usize = 50;

/// The line is too long: come back later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked")]
pub(crate) struct Busy;

/// What checking a password has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Checked {
    /// It is another one.
    Wrong,
    /// It is the right one.
    Right,
    /// It is the right one, and here is a hash with today's parameters, to be kept instead.
    RightOutdated(String),
}

enum Job {
    Hash(String, oneshot::Sender<String>),
    Check(String, String, oneshot::Sender<Checked>),
}

/// The threads that hash.
#[derive(Clone)]
pub(crate) struct Hasher {
    line: SyncSender<Job>,
}

impl Hasher {
    /// As many threads as there are cores.
    pub(crate) fn new() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let (line, jobs) = sync_channel(threads * LINE);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads {
            let jobs = Arc::clone(&jobs);
            // Without a thread there are no hashes: everybody is told that it is busy.
            drop(std::thread::Builder::new().name("hash".to_owned()).spawn(move || work(&jobs)));
        }
        Self { line }
    }

    /// The password's hash, to be kept.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, Busy> {
        let (done, hash) = oneshot::channel();
        self.line.try_send(Job::Hash(password.to_owned(), done)).map_err(|_| Busy)?;
        hash.await.map_err(|_| Busy)
    }

    /// Compares a password with what is kept. With nothing kept it is compared with a hash of nobody's: that takes as
    /// long.
    pub(crate) async fn check(&self, password: &str, kept: Option<&str>) -> Result<Checked, Busy> {
        let (done, checked) = oneshot::channel();
        let kept = kept.map_or_else(|| NOBODY.clone(), str::to_owned);
        self.line.try_send(Job::Check(password.to_owned(), kept, done)).map_err(|_| Busy)?;
        checked.await.map_err(|_| Busy)
    }
}

/// The hash of a password that nobody knows.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let (salt, hash): ([u8; SALT], [u8; HASH]) = (secrets::random(), secrets::random());
    phc(&salt, &hash)
});

fn work(jobs: &Mutex<Receiver<Job>>) {
    give_way();
    let mut memory = Vec::new();
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        // Who no longer waits for the answer is not worth the work.
        match job {
            Ok(Job::Hash(_, done)) if done.is_closed() => {}
            Ok(Job::Check(_, _, done)) if done.is_closed() => {}
            Ok(Job::Hash(password, done)) => drop(done.send(hash(&password, &mut memory))),
            Ok(Job::Check(password, kept, done)) => drop(done.send(check(&password, &kept, &mut memory))),
            Err(_) => return,
        }
    }
}

/// Pages are answered first: a sign-in may wait some milliseconds, a page need not.
fn give_way() {
    #[cfg(target_os = "linux")]
    {
        const NICE: i32 = 10;
        let me = rustix::thread::gettid();
        // A system that forbids it is none the worse.
        let _ = rustix::process::setpriority_process(Some(me), NICE);
    }
}

fn hash(password: &str, memory: &mut Vec<Block>) -> String {
    let salt: [u8; SALT] = secrets::random();
    let hash = argon2id(password, &salt, Cost::TODAY, HASH, memory).unwrap_or_default();
    phc(&salt, &hash)
}

fn check(password: &str, kept: &str, memory: &mut Vec<Block>) -> Checked {
    let Some((cost, salt, wanted)) = parts(kept) else { return Checked::Wrong };
    let Some(found) = argon2id(password, &salt, cost, wanted.len(), memory) else { return Checked::Wrong };
    match bool::from(found.ct_eq(&wanted)) {
        false => Checked::Wrong,
        true if cost == Cost::TODAY => Checked::Right,
        true => Checked::RightOutdated(hash(password, memory)),
    }
}

/// What a hash costs: KiB, passes, lanes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Cost(u32, u32, u32);

impl Cost {
    const TODAY: Cost = Cost(MEMORY_KIB, PASSES, LANES);
}

fn argon2id(password: &str, salt: &[u8], cost: Cost, len: usize, memory: &mut Vec<Block>) -> Option<Vec<u8>> {
    let params = Params::new(cost.0, cost.1, cost.2, Some(len)).ok()?;
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let mut hash = vec![0; len];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut hash, &mut memory[..blocks]).ok()?;
    Some(hash)
}

/// PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
fn phc(salt: &[u8], hash: &[u8]) -> String {
    let Cost(memory, passes, lanes) = Cost::TODAY;
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}")
}

fn parts(phc: &str) -> Option<(Cost, Vec<u8>, Vec<u8>)> {
    let mut fields = phc.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut costs = fields
        .next()?
        .split(',')
        .zip(["m=", "t=", "p="])
        .map(|(cost, name)| cost.strip_prefix(name).and_then(|number| number.parse().ok()));
    let cost = Cost(costs.next()??, costs.next()??, costs.next()??);
    let (salt, hash) = (STANDARD_NO_PAD.decode(fields.next()?).ok()?, STANDARD_NO_PAD.decode(fields.next()?).ok()?);
    Some((cost, salt, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ASVS 5.0 §11.4.2, row 34 of `docs/security.md`.
    #[tokio::test]
    async fn passwords_are_hashed_with_argon2id_of_19_mib_two_passes_one_lane() {
        let hasher = Hasher::new();
        let kept = hasher.hash("Vent-du-Nord-4711").await.expect("there is room");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_eq!(hasher.check("Vent-du-Nord-4711", Some(&kept)).await, Ok(Checked::Right));
        assert_eq!(hasher.check("vent-du-nord-4711", Some(&kept)).await, Ok(Checked::Wrong));
        assert_eq!(hasher.check("Vent-du-Nord-4711", None).await, Ok(Checked::Wrong));
        assert_eq!(hasher.check("Vent-du-Nord-4711", Some("nonsense")).await, Ok(Checked::Wrong));
        assert_ne!(hasher.hash("Vent-du-Nord-4711").await.expect("there is room"), kept);
    }

    #[tokio::test]
    async fn a_hash_of_other_times_is_made_anew() {
        let mut memory = Vec::new();
        let salt = [3; SALT];
        let old = argon2id("Vent-du-Nord-4711", &salt, Cost(8192, 1, 1), 24, &mut memory).expect("it is hashed");
        let (salt, old) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(old));
        let old = format!("$argon2id$v=19$m=8192,t=1,p=1${salt}${old}");
        let hasher = Hasher::new();
        let Ok(Checked::RightOutdated(new)) = hasher.check("Vent-du-Nord-4711", Some(&old)).await else {
            panic!("it is right, and old")
        };
        assert_eq!(hasher.check("Vent-du-Nord-4711", Some(&new)).await, Ok(Checked::Right));
    }

    /// RFC 9106 is the specification; this is the vector of the reference implementation's own tests.
    #[test]
    fn argon2id_is_the_one_everybody_else_has() {
        let known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let checked = check("password", known, &mut Vec::new());
        assert!(matches!(checked, Checked::RightOutdated(_)));
    }
}
