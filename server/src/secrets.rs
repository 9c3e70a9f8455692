//! The installation's key and what is made with it: keyed hashes of codes and addresses, sealed letters, random tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::{fs, io, path::Path};

/// Bytes of a key, a token and a hash.
const KEY: usize = 32;
/// Bytes of a nonce so long that drawing it at random is safe (XChaCha20).
const NONCE: usize = 24;

/// The installation's key. Several instances on one store share it.
#[derive(Clone)]
pub struct Secrets {
    hashing: [u8; KEY],
    sealing: XChaCha20Poly1305,
}

impl Secrets {
    /// The key in that file; drawn and written there, for no other user to read, if there is none.
    ///
    /// # Errors
    /// If the file cannot be read or written, or holds no 32 bytes in base64url.
    pub fn open(file: &Path) -> io::Result<Self> {
        match fs::read_to_string(file) {
            Ok(text) => {
                let key = URL_SAFE_NO_PAD.decode(text.trim()).ok().and_then(|key| key.try_into().ok());
                key.map(Self::of).ok_or_else(|| io::Error::other("it holds no key: 32 bytes in base64url"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key: [u8; KEY] = random();
                if let Some(folder) = file.parent() {
                    fs::create_dir_all(folder)?;
                }
                match write_private(file, &URL_SAFE_NO_PAD.encode(key)) {
                    Ok(()) => Ok(Self::of(key)),
                    // Another instance was quicker.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::open(file),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// From the key itself.
    pub fn of(key: [u8; KEY]) -> Self {
        // One key for each use, so that nothing made for one can serve in the other.
        let derived = |label: &str| keyed(&key, label, &[]);
        Self { hashing: derived("hash"), sealing: XChaCha20Poly1305::new(&derived("seal").into()) }
    }

    /// Keyed hash of some parts, told apart by their lengths, for the use that `label` names (HMAC-SHA-256, RFC 2104).
    pub fn hash(&self, label: &str, parts: &[&str]) -> [u8; KEY] {
        keyed(&self.hashing, label, parts)
    }

    /// As [`hash`](Self::hash), short and printable: for keys of tables and for logs.
    pub fn mark(&self, label: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(&self.hash(label, &[text])[..12])
    }

    /// Encrypts; only under the same label it is opened again (XChaCha20-Poly1305).
    pub fn seal(&self, label: &str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = random();
        let payload = Payload { msg: plain, aad: label.as_bytes() };
        // It fails only beyond 256 GB.
        let sealed = self.sealing.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        [&nonce[..], &sealed].concat()
    }

    /// Decrypts what was sealed under that label by this key.
    pub fn unseal(&self, label: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: label.as_bytes() };
        self.sealing.decrypt(&XNonce::from(*nonce), payload).ok()
    }
}

fn keyed(key: &[u8; KEY], label: &str, parts: &[&str]) -> [u8; KEY] {
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    for part in [label].iter().chain(parts) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

/// Bytes from the system's generator.
///
/// # Panics
/// If the system has no random numbers: nothing here is safe then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without random numbers nothing here is safe")]
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes
}

/// A token for a cookie: 256 bits.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(random::<KEY>())
}

/// What a token for programs begins with, so that whoever looks for secrets that leaked knows it.
const ACCESS: &str = "estafette_";

/// A token for programs: 256 bits, and eight digits by which a mistyped or invented one is known without asking the store.
/// `estafette_[0-9a-f]{72}`
pub fn access_token() -> String {
    let bits = hex(&random::<KEY>());
    format!("{ACCESS}{bits}{}", check(&bits))
}

/// Whether it may be a token for programs.
pub fn is_access_token(text: &str) -> bool {
    let parts = text.strip_prefix(ACCESS).and_then(|rest| rest.split_at_checked(2 * KEY));
    parts.is_some_and(|(bits, digits)| digits == check(bits))
}

fn check(bits: &str) -> String {
    hex(&digest(bits)[..4])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A name for a row: 128 bits.
pub fn id() -> String {
    URL_SAFE_NO_PAD.encode(random::<16>())
}

/// What is kept of a token. Tokens are random, so that no key is needed to make guessing hopeless.
pub fn digest(token: &str) -> [u8; KEY] {
    Sha256::digest(token.as_bytes()).into()
}

/// Six digits, each of the million equally likely.
pub fn code() -> String {
    const CODES: u32 = 1_000_000;
    // What lies beyond the last whole million would make low codes likelier: drawn again.
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let drawn = u32::from_be_bytes(random());
        if drawn < FAIR {
            return format!("{:06}", drawn % CODES);
        }
    }
}

/// Writes a new file that no other user can read: whole or not at all, also when the power fails.
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    let draft = file.with_extension(id());
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(&draft)?;
    let written = io::Write::write_all(&mut open, text.as_bytes()).and_then(|()| open.sync_all());
    // A link is refused where the name is taken, which a renaming is not.
    let linked = written.and_then(|()| fs::hard_link(&draft, file));
    fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_its_label_and_key_alone() {
        let secrets = Secrets::of([7; KEY]);
        let sealed = secrets.seal("a", b"123456");
        assert_eq!(secrets.unseal("a", &sealed).as_deref(), Some(&b"123456"[..]));
        assert_eq!(secrets.unseal("b", &sealed), None);
        assert_eq!(Secrets::of([8; KEY]).unseal("a", &sealed), None);
        assert_eq!(secrets.unseal("a", b"short"), None);
        assert!(!sealed.windows(6).any(|window| window == b"123456"));
        assert_ne!(secrets.seal("a", b"123456"), sealed);
    }

    #[test]
    fn parts_are_told_apart() {
        let secrets = Secrets::of([7; KEY]);
        assert_ne!(secrets.hash("x", &["ab", "c"]), secrets.hash("x", &["a", "bc"]));
        assert_ne!(secrets.hash("x", &["a"]), secrets.hash("y", &["a"]));
    }

    #[test]
    fn a_token_for_programs_is_known_by_its_form_and_its_digits() {
        let token = access_token();
        assert!(is_access_token(&token) && token.len() == 82, "{token}");
        assert_ne!(token, access_token());
        let (first, second) = (&token[..token.len() - 1], token.replace("estafette_", "estafette-"));
        let mistyped = token.replacen(['0', '1'], "2", 1);
        for other in [first, &second, &token.to_uppercase(), "estafette_", "", "estafette_é", &format!("{token}0")] {
            assert!(!is_access_token(other), "{other}");
        }
        assert!(mistyped == token || !is_access_token(&mistyped));
    }

    /// ASVS 5.0 §6.5.3 and §6.5.4: codes come from a generator whose digits nobody can tell from chance.
    #[test]
    fn codes_are_evenly_spread() {
        let mut counts = [[0_i32; 10]; 6];
        for _ in 0..10_000 {
            let code = code();
            assert_eq!(code.len(), 6);
            for (place, digit) in code.chars().enumerate() {
                counts[place][digit.to_digit(10).expect("a digit") as usize] += 1;
            }
        }
        for place in counts {
            let chi: f64 = place.iter().map(|count| f64::from(count - 1000).powi(2) / 1000.0).sum();
            // Nine degrees of freedom: chance exceeds 49 once in five million.
            assert!(chi < 49.0, "{place:?}: {chi}");
        }
    }

    #[test]
    fn a_key_is_drawn_once_and_for_nobody_else() {
        let folder = std::env::temp_dir().join(format!("estafette-key-{}", std::process::id()));
        let file = folder.join("made/secret.key");
        let first = Secrets::open(&file).expect("it is made");
        assert_eq!(Secrets::open(&file).expect("it is read").hash("x", &[]), first.hash("x", &[]));
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).expect("there").permissions()) & 0o77,
            0
        );
        fs::write(&file, "nonsense").expect("it can be written");
        assert!(Secrets::open(&file).is_err());
        fs::remove_dir_all(&folder).expect("it was made");
    }
}
