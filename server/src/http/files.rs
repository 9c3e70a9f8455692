//! What is served as it stands: the built site's folder, `robots.txt`, `sitemap.xml`.
//!
//! All of it is read when the program starts (a few megabytes). A request is then a look into a table: no path of a
//! visitor's ever reaches the disk.

use super::{
    encoding::{Coding, Effort},
    frozen::{Frozen, Keep},
    headers::Policy,
};
use axum::body::Bytes;
use std::{
    collections::HashMap,
    fs, io,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

/// The files by their address.
pub(crate) struct Files {
    table: HashMap<String, Arc<Frozen>>,
    /// While developing (`cargo leptos watch`): this folder, read at each request.
    live: Option<PathBuf>,
}

/// Larger ones do not belong into the site's folder but into the media store.
const LARGEST: u64 = 64 * 1024 * 1024;

impl Files {
    /// The files under `root`.
    ///
    /// # Errors
    /// If a folder or file cannot be read.
    pub(crate) fn under(root: &Path, live: bool) -> io::Result<Self> {
        let mut table = HashMap::new();
        let mut folders = vec![(root.to_owned(), String::new())];
        while let Some((folder, address)) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let (path, name) = (entry.path(), entry.file_name());
                let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
                let address = format!("{address}/{name}");
                let about = fs::metadata(&path)?;
                if about.is_dir() {
                    folders.push((path, address));
                } else if about.len() <= LARGEST && precompressed(name).is_none() {
                    let file = frozen(&path, &address)?;
                    table.insert(address, Arc::new(file));
                } else if about.len() > LARGEST {
                    tracing::warn!(path = %path.display(), "too large to be served from the site's folder");
                }
            }
        }
        Ok(Self { table, live: live.then(|| root.to_owned()) })
    }

    /// Adds a file of our own making.
    pub(crate) fn add(&mut self, address: &str, file: Frozen) {
        self.table.insert(address.to_owned(), Arc::new(file));
    }

    /// The file at an address.
    pub(crate) fn find(&self, address: &str) -> Option<Arc<Frozen>> {
        self.live.as_deref().and_then(|root| fresh(root, address)).or_else(|| self.table.get(address).cloned())
    }

    /// Makes the compressed forms, as small as they get. Takes seconds; until then files go out larger.
    pub(crate) fn compress(&self) {
        // The small ones first: the Wasm alone takes longer than all the others.
        let mut files: Vec<&Arc<Frozen>> = self.table.values().collect();
        files.sort_by_key(|file| file.size());
        for file in files {
            file.compress(Effort::Utmost);
        }
    }
}

fn fresh(root: &Path, address: &str) -> Option<Arc<Frozen>> {
    let inside = Path::new(address.strip_prefix('/')?);
    let plain = inside.components().all(|part| matches!(part, Component::Normal(_)));
    let path = plain.then(|| root.join(inside)).filter(|path| path.is_file())?;
    let kind = kind(&path);
    Some(Arc::new(Frozen::new(kind, Keep::AskEachTime, policy(), fs::read(path).ok()?.into())))
}

fn frozen(path: &Path, address: &str) -> io::Result<Frozen> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let keep = match name {
        name if fingerprinted(name) => Keep::Forever,
        // Built without fingerprints (cargo-leptos's `hash-files = false`), the next build has the same names.
        _ if address.starts_with("/pkg/") => Keep::AskEachTime,
        _ => Keep::Day,
    };
    let file = Frozen::new(kind(path), keep, policy(), Bytes::from(fs::read(path)?));
    // What `cargo leptos build --precompress` left beside it need not be made again.
    for (coding, suffix) in SUFFIXES {
        if let Ok(bytes) = fs::read(path.with_file_name(format!("{name}{suffix}"))) {
            file.add(coding, bytes.into());
        }
    }
    Ok(file)
}

const SUFFIXES: [(Coding, &str); 2] = [(Coding::Brotli, ".br"), (Coding::Gzip, ".gz")];

fn precompressed(name: &str) -> Option<Coding> {
    SUFFIXES.into_iter().find_map(|(coding, suffix)| name.ends_with(suffix).then_some(coding))
}

fn policy() -> Policy {
    Policy::nothing()
}

/// Whether a name holds a fingerprint of the content: cargo-leptos's (`estafette.9fTgcHcU3mo-3e8mJd1F9w.js`, MD5 in
/// base64) or our fonts' (`sans.a051c01ac8.woff2`).
fn fingerprinted(name: &str) -> bool {
    let mut parts = name.rsplit('.').skip(1);
    parts.next().is_some_and(|part| {
        let md5 = part.len() == 22 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let hex = (8..=64).contains(&part.len()) && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        // A name of nothing but its fingerprint has none to tell it from a word.
        (md5 || hex) && parts.next().is_some()
    })
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_told_from_words() {
        for name in ["estafette.9fTgcHcU3mo-3e8mJd1F9w.js", "sans.a051c01ac8.woff2"] {
            assert!(fingerprinted(name), "{name}");
        }
        for name in ["estafette.js", "icon.svg", "facade.svg", "deadbeef.svg", "site.webmanifest", "a.min.js"] {
            assert!(!fingerprinted(name), "{name}");
        }
    }
}
