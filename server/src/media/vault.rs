//! Files of footage, each under the SHA-256 of its bytes: what is stored never changes, and the same twice is one.
//!
//! A folder, or a bucket behind S3. In both a name is seen when all of its bytes are there, and not before.

use crate::settings::{MediaUrl, Settings};
use axum::body::Bytes;
use futures_util::{
    StreamExt,
    stream::{BoxStream, Stream, unfold},
};
use object_store::{
    BackoffConfig, ClientOptions, ObjectStoreExt, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    multipart::MultipartStore,
};
use serde::{Deserialize, Serialize};
use sha2::Digest;
use std::{
    collections::VecDeque,
    fmt,
    fs::{self, File},
    io::{self, Read, Write},
    iter::once,
    ops::{Deref, Range},
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

/// What nobody names for so long is nobody's: nothing takes as long from its bytes to its row.
pub(crate) const UNNAMED: Duration = Duration::from_secs(3600);
/// Bytes read at once. What a reader costs while it is slow.
const PIECE: usize = 64 << 10;
/// Bytes read at once for who takes them as fast as they come: each piece costs the same whatever its size.
pub(super) const LARGE: usize = 256 << 10;
/// Pieces of memory kept to be used again, and large ones.
const SPARE: [usize; 2] = [64, 16];
/// Bytes sent to a bucket in one request; it takes no more than 10 000 of them for a file.
const PART: u64 = 8 << 20;
const MOST_PARTS: u64 = 9_000;
/// Asking anew takes longer than to read so many bytes that nobody wants.
const GAP: u64 = 256 << 10;

/// The SHA-256 of a file's bytes; in hexadecimal digits, lower case, where it is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// As bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Sha256 {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 is written in 64 hexadecimal digits, lower case")]
pub struct BadSha256;

impl FromStr for Sha256 {
    type Err = BadSha256;

    fn from_str(text: &str) -> Result<Self, BadSha256> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(BadSha256),
        };
        let mut bytes = [0; 32];
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return Err(BadSha256) };
        if pairs.len() != bytes.len() {
            return Err(BadSha256);
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Sha256 {
    type Error = BadSha256;

    fn try_from(text: String) -> Result<Self, BadSha256> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(hash: Sha256) -> Self {
        hash.to_string()
    }
}

/// What was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The name it has.
    pub sha256: Sha256,
    /// Its length.
    pub bytes: u64,
}

/// Why a file cannot be stored or read. Each is a sentence.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Nothing has that name.
    #[error("there is no file {0} in the media store")]
    Missing(Sha256),
    /// It is there, but not as it was stored.
    #[error("the file {0} in the media store is damaged")]
    Damaged(Sha256),
    /// A file on this machine.
    #[error("{}: {error}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's word.
        error: io::Error,
    },
    /// The bucket.
    #[error("the bucket of the media store: {}", one_line(.0))]
    Bucket(#[from] object_store::Error),
    /// Somebody writes to it.
    #[error("{} changed while it was stored", .0.display())]
    Changed(PathBuf),
    /// More than whoever asks for it can hold.
    #[error("the file {sha256} in the media store has {bytes} bytes, where {limit} are the most")]
    TooLarge {
        /// Which.
        sha256: Sha256,
        /// Its length.
        bytes: u64,
        /// What would do.
        limit: u64,
    },
}

fn one_line(error: &object_store::Error) -> String {
    use object_store::Error::{PermissionDenied, Unauthenticated};
    if let PermissionDenied { path, .. } | Unauthenticated { path, .. } = error {
        return format!("it lets this key not have {path}: see MEDIA_S3_ACCESS_KEY and MEDIA_S3_SECRET_KEY");
    }
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn about(path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.to_owned();
    move |error| VaultError::File { path, error }
}

/// The media store. Clones are the same one.
#[derive(Clone)]
pub struct Vault(Arc<Shared>);

struct Shared {
    place: Place,
    /// A folder of this machine: files under way to a folder, notes of uploads under way to a bucket.
    unfinished: PathBuf,
    buffers: Arc<Buffers>,
}

enum Place {
    Folder(PathBuf),
    Bucket { store: Arc<AmazonS3>, prefix: String },
}

impl Vault {
    /// The store that `MEDIA_URL` names. A bucket is not asked for anything yet: the site runs without it.
    ///
    /// # Errors
    /// The settings of a bucket contradict each other.
    pub fn open(settings: &Settings) -> Result<Self, VaultError> {
        let data = &settings.data.0;
        let (place, unfinished) = match &settings.media_url {
            MediaUrl::Folder(folder) => {
                let folder = data.join(folder);
                let unfinished = folder.join("unfinished");
                (Place::Folder(folder), unfinished)
            }
            MediaUrl::S3 { bucket, prefix } => {
                let store = Arc::new(bucket_of(settings, bucket)?);
                (Place::Bucket { store, prefix: prefix.clone() }, data.join("media-uploads"))
            }
        };
        Ok(Self(Arc::new(Shared { place, unfinished, buffers: Arc::default() })))
    }

    /// Stores a file of this machine. One that is there already is not stored again.
    ///
    /// # Errors
    /// It cannot be read, or changes meanwhile; the disk is full, the bucket does not answer. Nothing is seen of it then.
    pub async fn put(&self, file: &Path) -> Result<Stored, VaultError> {
        let from = file.to_owned();
        match &self.0.place {
            Place::Folder(folder) => {
                let (folder, unfinished) = (folder.clone(), self.0.unfinished.clone());
                blocking(move || {
                    let source = File::open(&from).map_err(about(&from))?;
                    into_folder(&folder, &unfinished, source, &from)
                })
                .await
            }
            Place::Bucket { store, .. } => {
                let hashing = from.clone();
                let stored = blocking(move || hash(&hashing)).await?;
                if !self.stays(store, &stored).await? {
                    self.upload(store, stored, from).await?;
                }
                Ok(stored)
            }
        }
    }

    /// Stores bytes that are in memory.
    ///
    /// # Errors
    /// As [`Vault::put`].
    pub async fn put_bytes(&self, bytes: Bytes) -> Result<Stored, VaultError> {
        match &self.0.place {
            Place::Folder(folder) => {
                let (folder, unfinished) = (folder.clone(), self.0.unfinished.clone());
                blocking(move || into_folder(&folder, &unfinished, &*bytes, Path::new("memory"))).await
            }
            Place::Bucket { store, .. } => {
                let stored = Stored { sha256: Sha256::of(&bytes), bytes: bytes.len() as u64 };
                if !self.stays(store, &stored).await? {
                    store.put(&self.key(&stored.sha256), bytes.into()).await?;
                }
                Ok(stored)
            }
        }
    }

    /// The length of a file, if it is there.
    ///
    /// # Errors
    /// The store cannot be asked.
    pub async fn size(&self, of: &Sha256) -> Result<Option<u64>, VaultError> {
        match &self.0.place {
            Place::Folder(folder) => {
                let path = place_in(folder, of);
                match tokio::fs::metadata(&path).await {
                    Ok(about) => Ok(Some(about.len())),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(about(&path)(error)),
                }
            }
            Place::Bucket { store, .. } => match store.head(&self.key(of)).await {
                Ok(about) => Ok(Some(about.size)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error.into()),
            },
        }
    }

    /// The bytes of a range, in pieces.
    ///
    /// # Errors
    /// There is no such file. The pieces have errors of their own.
    pub async fn read(
        &self,
        of: &Sha256,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, VaultError>> + Send + use<>, VaultError> {
        let reading = self.read_all(of, [range]).await?;
        Ok(unfold(Some(reading), |reading| async {
            let mut reading = reading?;
            match reading.next().await? {
                Ok(piece) => Some((Ok(piece), Some(reading))),
                Err(error) => Some((Err(error), None)),
            }
        }))
    }

    /// The bytes of several ranges, one after the other.
    ///
    /// # Errors
    /// There is no such file.
    pub async fn read_all(
        &self,
        of: &Sha256,
        ranges: impl IntoIterator<Item = Range<u64>>,
    ) -> Result<Reading, VaultError> {
        let ranges: VecDeque<_> = ranges.into_iter().filter(|range| !range.is_empty()).collect();
        let from = match &self.0.place {
            Place::Folder(folder) => {
                let path = place_in(folder, of);
                let of = *of;
                let file = blocking(move || match File::open(&path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Err(VaultError::Missing(of)),
                    opened => opened.map_err(about(&path)),
                });
                Way::File(Arc::new(file.await?))
            }
            // Asked now: an answer that has not begun can still be another.
            Place::Bucket { .. } if !ranges.is_empty() => Way::Bucket(Some(Coming::ask(self, of, &ranges).await?)),
            Place::Bucket { .. } => Way::Bucket(None),
        };
        Ok(Reading { vault: self.clone(), of: *of, ranges, from })
    }

    /// A small file, whole.
    ///
    /// # Errors
    /// There is no such file, or it is longer than `limit`.
    pub async fn bytes(&self, of: &Sha256, limit: u64) -> Result<Bytes, VaultError> {
        let bytes = self.size(of).await?.ok_or(VaultError::Missing(*of))?;
        if bytes > limit {
            return Err(VaultError::TooLarge { sha256: *of, bytes, limit });
        }
        let mut whole = Vec::with_capacity(bytes as usize);
        let mut reading = self.read_all(of, once(0..bytes)).await?;
        while let Some(piece) = reading.next().await {
            whole.extend_from_slice(&piece?);
        }
        Ok(whole.into())
    }

    /// A path under which programs can read it: that in the folder, or that of a copy in `working`.
    ///
    /// # Errors
    /// There is no such file; the copy cannot be written.
    pub async fn local(&self, of: &Sha256, working: &Path) -> Result<LocalFile, VaultError> {
        let bytes = self.size(of).await?.ok_or(VaultError::Missing(*of))?;
        if let Place::Folder(folder) = &self.0.place {
            return Ok(LocalFile { path: place_in(folder, of), fetched: false });
        }
        let copy = LocalFile { path: working.join(unique("fetched")), fetched: true };
        let mut out = tokio::fs::File::create_new(&copy.path).await.map_err(about(&copy.path))?.into_std().await;
        let (mut reading, mut hash) = (self.read_all(of, once(0..bytes)).await?, sha2::Sha256::new());
        while let Some(piece) = reading.next().await {
            let piece = piece?;
            let path = copy.path.clone();
            (out, hash) = blocking(move || {
                hash.update(&piece);
                out.write_all(&piece).map_err(about(&path)).map(|()| (out, hash))
            })
            .await?;
        }
        if <[u8; 32]>::from(hash.finalize()) != of.0 {
            return Err(VaultError::Damaged(*of));
        }
        Ok(copy)
    }

    /// Removes a file. One that is not there is no error.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn delete(&self, of: &Sha256) -> Result<(), VaultError> {
        match &self.0.place {
            Place::Folder(folder) => {
                let path = place_in(folder, of);
                match tokio::fs::remove_file(&path).await {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => Err(about(&path)(error)),
                    _ => Ok(()),
                }
            }
            Place::Bucket { store, .. } => match store.delete(&self.key(of)).await {
                Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
                Err(error) => Err(error.into()),
            },
        }
    }

    /// Removes what was left when this machine was stopped in the middle of a `put`.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn clear_unfinished(&self, older_than: Duration) -> Result<(), VaultError> {
        let folder = self.0.unfinished.clone();
        let old = blocking(move || old_files(&folder, older_than).map_err(about(&folder))).await?;
        for file in old {
            if let Place::Bucket { store, .. } = &self.0.place {
                let note = tokio::fs::read_to_string(&file).await.map_err(about(&file))?;
                // A note that was cut short tells of nothing that was begun.
                if let Some((of, id)) = note.split_once(' ')
                    && let Ok(of) = of.parse()
                {
                    self.abort(store, &of, id).await?;
                }
            }
            tokio::fs::remove_file(&file).await.map_err(about(&file))?;
        }
        Ok(())
    }

    /// The hash of a file of this machine, under which it would lie here.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn hash(&self, file: &Path) -> Result<Sha256, VaultError> {
        let file = file.to_owned();
        blocking(move || hash(&file)).await.map(|stored| stored.sha256)
    }

    /// All files that have lain here for so long, whether anything names them or not.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn lying(&self, older_than: Duration) -> Result<Vec<Stored>, VaultError> {
        match &self.0.place {
            Place::Folder(folder) => {
                let folder = folder.join("sha256");
                blocking(move || lying_in(&folder, older_than).map_err(about(&folder))).await
            }
            Place::Bucket { store, prefix } => {
                let prefix = object_store::path::Path::from(format!("{prefix}/sha256"));
                let mut found = Vec::new();
                let mut listed = object_store::ObjectStore::list(&**store, Some(&prefix));
                while let Some(object) = listed.next().await {
                    let object = object?;
                    // What has another kind of name is somebody else's.
                    let sha256 = object.location.filename().and_then(|name| name_of(object.location.as_ref(), name));
                    if let Some(sha256) = sha256
                        && age(object.last_modified.into()) >= older_than
                    {
                        found.push(Stored { sha256, bytes: object.size });
                    }
                }
                Ok(found)
            }
        }
    }

    /// Whether a bucket has it, and not for so long that somebody may be about to clear it away as nobody's.
    async fn stays(&self, store: &AmazonS3, stored: &Stored) -> Result<bool, VaultError> {
        match store.head(&self.key(&stored.sha256)).await {
            Ok(there) => Ok(there.size == stored.bytes && age(there.last_modified.into()) < UNNAMED / 2),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn key(&self, of: &Sha256) -> object_store::path::Path {
        let prefix = match &self.0.place {
            Place::Folder(_) => "",
            Place::Bucket { prefix, .. } => prefix,
        };
        object_store::path::Path::from(format!("{prefix}/{}", name(of)))
    }

    /// Sends a file to the bucket in parts, which become one when all are there.
    async fn upload(&self, store: &AmazonS3, stored: Stored, file: PathBuf) -> Result<(), VaultError> {
        let key = self.key(&stored.sha256);
        let mut parts = Parts::of(file.clone(), stored.bytes)?;
        if stored.bytes <= PART {
            let (payload, parts) = parts.next().await?;
            if parts.hashed() != stored.sha256 {
                return Err(VaultError::Changed(file));
            }
            store.put(&key, payload).await?;
            return Ok(());
        }
        let id = store.create_multipart(&key).await?;
        let note = self.0.unfinished.join(unique("upload"));
        let noted = {
            let (note, text) = (note.clone(), format!("{} {id}", stored.sha256));
            blocking(move || own_folder_of(&note).and_then(|()| fs::write(&note, text)).map_err(about(&note)))
        };
        let sent = async {
            noted.await?;
            let mut ids = Vec::new();
            while parts.left > 0 {
                let payload;
                (payload, parts) = parts.next().await?;
                ids.push(store.put_part(&key, &id, ids.len(), payload).await?);
            }
            if parts.hashed() != stored.sha256 {
                return Err(VaultError::Changed(file));
            }
            store.complete_multipart(&key, &id, ids).await?;
            Ok(())
        };
        let sent = sent.await;
        // What cannot be taken back now is taken back by `clear_unfinished`.
        if sent.is_ok() || self.abort(store, &stored.sha256, &id).await.is_ok() {
            let _ = tokio::fs::remove_file(&note).await;
        }
        sent
    }

    async fn abort(&self, store: &AmazonS3, of: &Sha256, id: &str) -> Result<(), VaultError> {
        match store.abort_multipart(&self.key(of), &id.to_owned()).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn bucket_of(settings: &Settings, bucket: &str) -> Result<AmazonS3, VaultError> {
    // reqwest asks rustls for the provider of this process. A second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // No limit to a whole request, which lasts as long as a slow reader does; one to each wait.
    let client = ClientOptions::new()
        .with_timeout_disabled()
        .with_connect_timeout(Duration::from_secs(5))
        .with_read_timeout(Duration::from_secs(30));
    let backoff = BackoffConfig { max_backoff: Duration::from_secs(3), ..BackoffConfig::default() };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(&settings.media_s3_region.0)
        .with_retry(RetryConfig { backoff, max_retries: 5, retry_timeout: Duration::from_secs(20) })
        .with_client_options(client);
    if let (Some(key), Some(secret)) = (&settings.media_s3_access_key, &settings.media_s3_secret_key) {
        builder = builder.with_access_key_id(&key.0).with_secret_access_key(&secret.0);
    }
    if let Some(endpoint) = &settings.media_s3_endpoint {
        builder = builder.with_endpoint(endpoint.as_str()).with_allow_http(endpoint.as_str().starts_with("http://"));
    }
    Ok(builder.build()?)
}

/// Two digits as a folder: no folder gets too many files.
fn name(of: &Sha256) -> String {
    let digits = of.to_string();
    let (folder, file) = digits.split_at(2);
    format!("sha256/{folder}/{file}")
}

/// What the end of a path names, where it is one of [`name`]'s.
fn name_of(path: &str, file: &str) -> Option<Sha256> {
    let folder = path.strip_suffix(file)?.strip_suffix('/')?.rsplit('/').next()?;
    format!("{folder}{file}").parse().ok()
}

fn age(of: SystemTime) -> Duration {
    SystemTime::now().duration_since(of).unwrap_or_default()
}

fn place_in(folder: &Path, of: &Sha256) -> PathBuf {
    folder.join(name(of))
}

/// A name that nobody else uses, on this machine and others.
fn unique(what: &str) -> String {
    let random = getrandom::u64().unwrap_or_else(|_| std::process::id().into());
    format!("{what}-{random:016x}")
}

/// Work that waits for the disk, off the threads that answer.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(about(Path::new("the media store"))(io::Error::other(error))),
    }
}

/// A file that is removed unless it was put in place.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Makes the folder of a file, for no other user to read.
fn own_folder_of(file: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(file.parent().unwrap_or(file))
}

/// Hands bytes on, and hashes them on the way.
fn pump(
    mut from: impl Read,
    path: &Path,
    mut each: impl FnMut(&[u8]) -> Result<(), VaultError>,
) -> Result<Stored, VaultError> {
    let (mut hash, mut bytes) = (sha2::Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok(Stored { sha256: Sha256(hash.finalize().into()), bytes }),
            Ok(read) => &buffer[..read],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(about(path)(error)),
        };
        hash.update(read);
        each(read)?;
        bytes += read.len() as u64;
    }
}

fn hash(file: &Path) -> Result<Stored, VaultError> {
    pump(File::open(file).map_err(about(file))?, file, |_| Ok(()))
}

fn into_folder(folder: &Path, unfinished: &Path, from: impl Read, path: &Path) -> Result<Stored, VaultError> {
    let made = Unfinished(unfinished.join(unique("put")));
    let open = || own_folder_of(&made.0).and_then(|()| File::create_new(&made.0));
    let mut out = open().map_err(about(&made.0))?;
    let stored = pump(from, path, |bytes| out.write_all(bytes).map_err(about(&made.0)))?;
    let place = place_in(folder, &stored.sha256);
    if fs::metadata(&place).is_ok_and(|there| there.len() == stored.bytes) {
        // As if it came now: nobody clears it away as nobody's before it is named.
        File::open(&place).and_then(|there| there.set_modified(SystemTime::now())).map_err(about(&place))?;
        return Ok(stored);
    }
    let settle = || {
        out.sync_all()?;
        own_folder_of(&place)?;
        fs::rename(&made.0, &place)?;
        // The name, and the folder it stands in.
        place.ancestors().skip(1).take(2).try_for_each(|folder| File::open(folder)?.sync_all())
    };
    settle().map_err(about(&place))?;
    Ok(stored)
}

fn old_files(folder: &Path, older_than: Duration) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut old = Vec::new();
    for entry in entries {
        let entry = entry?;
        // One that has gone meanwhile was finished.
        let Ok(changed) = entry.metadata().and_then(|about| about.modified()) else { continue };
        if age(changed) >= older_than {
            old.push(entry.path());
        }
    }
    Ok(old)
}

fn lying_in(folder: &Path, older_than: Duration) -> io::Result<Vec<Stored>> {
    let mut found = Vec::new();
    for part in old_files(folder, Duration::ZERO)? {
        if !part.is_dir() {
            continue;
        }
        for file in old_files(&part, older_than)? {
            let name = file.file_name().and_then(|name| name_of(file.to_str()?, name.to_str()?));
            if let (Some(sha256), Ok(about)) = (name, fs::metadata(&file)) {
                found.push(Stored { sha256, bytes: about.len() });
            }
        }
    }
    Ok(found)
}

/// A file on its way to a bucket.
struct Parts {
    path: PathBuf,
    file: File,
    hash: sha2::Sha256,
    part: u64,
    left: u64,
}

impl Parts {
    fn of(path: PathBuf, bytes: u64) -> Result<Self, VaultError> {
        let file = File::open(&path).map_err(about(&path))?;
        Ok(Self { path, file, hash: sha2::Sha256::new(), part: PART.max(bytes.div_ceil(MOST_PARTS)), left: bytes })
    }

    async fn next(mut self) -> Result<(PutPayload, Self), VaultError> {
        blocking(move || {
            let mut bytes = vec![0; self.part.min(self.left) as usize];
            match self.file.read_exact(&mut bytes) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(VaultError::Changed(self.path));
                }
                read => read.map_err(about(&self.path))?,
            }
            self.hash.update(&bytes);
            self.left -= bytes.len() as u64;
            Ok((bytes.into(), self))
        })
        .await
    }

    fn hashed(self) -> Sha256 {
        Sha256(self.hash.finalize().into())
    }
}

/// A file that programs can read. A copy is removed with it.
pub struct LocalFile {
    path: PathBuf,
    fetched: bool,
}

impl Deref for LocalFile {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.path
    }
}

impl Drop for LocalFile {
    fn drop(&mut self) {
        if self.fetched {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Ranges of a file, read as they are asked for and not before.
pub struct Reading {
    vault: Vault,
    of: Sha256,
    ranges: VecDeque<Range<u64>>,
    from: Way,
}

enum Way {
    File(Arc<File>),
    /// What was asked for last, if anything was.
    Bucket(Option<Coming>),
}

/// Bytes on their way from a bucket.
struct Coming {
    stream: BoxStream<'static, object_store::Result<Bytes>>,
    /// What has come and was not given away.
    rest: Bytes,
    /// Where that begins in the file.
    at: u64,
    until: u64,
}

impl Reading {
    /// The next piece; none after the last range, nor after an error. No piece belongs to two ranges.
    pub async fn next(&mut self) -> Option<Result<Bytes, VaultError>> {
        self.next_of(PIECE).await
    }

    /// As [`Reading::next`], for somebody who takes so many bytes at once, [`LARGE`] at most.
    pub(super) async fn next_of(&mut self, most: usize) -> Option<Result<Bytes, VaultError>> {
        let range = self.ranges.front()?.clone();
        let most = most.min(LARGE).min(usize::try_from(range.end - range.start).unwrap_or(LARGE));
        let piece = match &mut self.from {
            Way::File(file) => self.vault.0.buffers.read(file, range.start, most).await.map_err(|error| {
                let missing = error.kind() == io::ErrorKind::UnexpectedEof;
                if missing { VaultError::Damaged(self.of) } else { about(Path::new("the media store"))(error) }
            }),
            Way::Bucket(coming) => Coming::piece(coming, &self.vault, &self.of, &self.ranges, most).await,
        };
        match &piece {
            Ok(piece) => self.passed(piece.len() as u64),
            Err(_) => self.ranges.clear(),
        }
        Some(piece)
    }

    /// Where the next bytes lie, so many at most: if that is in a file, and in the system's memory as far as the first and
    /// the last of them tell. Who reads them waits for no disk.
    pub(super) fn in_memory(&self, most: usize) -> Option<(Arc<File>, Range<u64>)> {
        let Way::File(file) = &self.from else { return None };
        let range = self.ranges.front()?;
        let bytes = range.start..range.end.min(range.start + most as u64);
        let there = |at| matches!(read_at_once(file, &mut [0], at), Some(Ok(1)));
        (there(bytes.start) && there(bytes.end - 1)).then(|| (Arc::clone(file), bytes))
    }

    /// Goes on behind so many bytes, of the first range.
    pub(super) fn passed(&mut self, bytes: u64) {
        let Some(range) = self.ranges.front_mut() else { return };
        range.start += bytes;
        if range.is_empty() {
            self.ranges.pop_front();
        }
    }
}

impl Coming {
    /// The first bytes of the first range.
    async fn piece(
        coming: &mut Option<Self>,
        vault: &Vault,
        of: &Sha256,
        ranges: &VecDeque<Range<u64>>,
        most: usize,
    ) -> Result<Bytes, VaultError> {
        let start = ranges[0].start;
        let coming = match coming {
            Some(coming) if coming.at <= start && start < coming.until => coming,
            _ => coming.insert(Self::ask(vault, of, ranges).await?),
        };
        loop {
            let skipped = usize::try_from(start - coming.at).unwrap_or(usize::MAX).min(coming.rest.len());
            drop(coming.rest.split_to(skipped));
            coming.at += skipped as u64;
            if !coming.rest.is_empty() {
                let piece = coming.rest.split_to(most.min(coming.rest.len()));
                coming.at += piece.len() as u64;
                return Ok(piece);
            }
            coming.rest = coming.stream.next().await.ok_or(VaultError::Damaged(*of))??;
        }
    }

    /// Asks for the first range, and in one with it for those that follow close by.
    async fn ask(vault: &Vault, of: &Sha256, ranges: &VecDeque<Range<u64>>) -> Result<Self, VaultError> {
        let Place::Bucket { store, .. } = &vault.0.place else { return Err(VaultError::Missing(*of)) };
        let (at, mut until) = (ranges[0].start, ranges[0].end);
        for next in ranges.iter().skip(1) {
            if next.start < until || next.start - until > GAP {
                break;
            }
            until = next.end;
        }
        let options = object_store::GetOptions { range: Some((at..until).into()), ..Default::default() };
        let answer = object_store::ObjectStore::get_opts(&**store, &vault.key(of), options).await;
        let answer = answer.map_err(|error| match error {
            object_store::Error::NotFound { .. } => VaultError::Missing(*of),
            error => error.into(),
        })?;
        if answer.range != (at..until) {
            return Err(VaultError::Damaged(*of));
        }
        Ok(Self { stream: answer.into_stream(), rest: Bytes::new(), at, until })
    }
}

/// Memory for pieces, used again and again: fresh memory costs as much as the reading.
#[derive(Default)]
struct Buffers([Mutex<Vec<Box<[u8]>>>; 2]);

impl Buffers {
    async fn read(self: &Arc<Self>, file: &Arc<File>, at: u64, most: usize) -> io::Result<Bytes> {
        let large = most > PIECE;
        let spare = self.0[usize::from(large)].lock().unwrap_or_else(PoisonError::into_inner).pop();
        let fresh = || vec![0; if large { LARGE } else { PIECE }].into();
        let mut piece = Piece { bytes: spare.unwrap_or_else(fresh), len: 0, home: Arc::clone(self) };
        piece.len = match read_at_once(file, &mut piece.bytes[..most], at) {
            Some(read) => read?,
            None => {
                let file = Arc::clone(file);
                let waiting = tokio::task::spawn_blocking(move || {
                    let read = read_at(&file, &mut piece.bytes[..most], at);
                    (piece, read)
                });
                let read;
                (piece, read) = waiting.await.map_err(io::Error::other)?;
                read?
            }
        };
        if piece.len == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(Bytes::from_owner(piece)) }
    }
}

struct Piece {
    bytes: Box<[u8]>,
    len: usize,
    home: Arc<Buffers>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        let large = usize::from(self.bytes.len() > PIECE);
        let mut spare = self.home.0[large].lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < SPARE[large] {
            spare.push(std::mem::take(&mut self.bytes));
        }
    }
}

fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    loop {
        match std::os::unix::fs::FileExt::read_at(file, into, at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Reads what lies in the system's memory. Nothing, where one would have to wait for the disk.
#[cfg(target_os = "linux")]
fn read_at_once(file: &File, into: &mut [u8], at: u64) -> Option<io::Result<usize>> {
    use rustix::io::{Errno, ReadWriteFlags, preadv2};
    match preadv2(file, &mut [io::IoSliceMut::new(into)], at, ReadWriteFlags::NOWAIT) {
        Err(Errno::AGAIN | Errno::OPNOTSUPP | Errno::NOSYS | Errno::INTR) => None,
        read => Some(read.map_err(Into::into)),
    }
}

#[cfg(not(target_os = "linux"))]
fn read_at_once(_: &File, _: &mut [u8], _: u64) -> Option<io::Result<usize>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place(PathBuf, Vault);

    impl Place {
        fn new() -> Self {
            let folder = std::env::temp_dir().join(unique("estafette-vault"));
            let environment = [("ESTAFETTE_DATA", folder.as_os_str())];
            let environment = environment.map(|(name, value)| (name.into(), value.to_owned()));
            let settings = Settings::load(None, environment).expect("the settings are good");
            Self(folder, Vault::open(&settings).expect("a folder needs nothing"))
        }

        fn files(&self) -> usize {
            fn count(folder: &Path) -> usize {
                let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
                entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
            }
            count(&self.0)
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).expect("it was made");
        }
    }

    fn bytes(count: usize) -> Bytes {
        (0..count).map(|n| (n * n / 255) as u8).collect()
    }

    #[tokio::test]
    async fn a_file_put_twice_is_there_once_and_whole() {
        let Place(folder, vault) = &Place::new();
        let all = bytes(3 * PIECE + 17);
        let file = folder.join("film");
        fs::create_dir_all(folder).expect("a folder");
        fs::write(&file, &all).expect("a file");
        let stored = vault.put(&file).await.expect("stored");
        assert_eq!(stored, vault.put_bytes(all.clone()).await.expect("stored again"));
        assert_eq!((stored.sha256, stored.bytes), (Sha256::of(&all), all.len() as u64));
        fs::remove_file(&file).expect("the store has its own");
        assert_eq!(fs::read_dir(folder.join("media/unfinished")).expect("a folder").count(), 0);
        assert_eq!(vault.size(&stored.sha256).await.expect("asked"), Some(stored.bytes));
        assert_eq!(vault.bytes(&stored.sha256, stored.bytes).await.expect("read"), all);
        let refused = vault.bytes(&stored.sha256, 10).await.expect_err("too large").to_string();
        assert!(refused.contains("where 10 are the most"), "{refused}");
        assert_eq!(fs::read(&*vault.local(&stored.sha256, folder).await.expect("a path")).expect("read"), all);
        assert_eq!(vault.bytes(&stored.sha256, u64::MAX).await.expect("a path given back removes nothing"), all);
        vault.delete(&stored.sha256).await.expect("removed");
        vault.delete(&stored.sha256).await.expect("removed already");
        assert_eq!(vault.size(&stored.sha256).await.expect("asked"), None);
        vault.bytes(&stored.sha256, 10).await.expect_err("it is gone");
    }

    #[tokio::test]
    async fn ranges_come_in_pieces_and_in_order() {
        let place = Place::new();
        let all = bytes(5 * PIECE);
        let of = place.1.put_bytes(all.clone()).await.expect("stored").sha256;
        let ranges = [7..7, 3..PIECE as u64 * 2, 0..1, PIECE as u64 * 4 + 1..PIECE as u64 * 5];
        let mut reading = place.1.read_all(&of, ranges.clone()).await.expect("it is there");
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            let mut got = Vec::new();
            while (got.len() as u64) < range.end - range.start {
                let most = if got.is_empty() { PIECE } else { LARGE };
                let piece = reading.next_of(most).await.expect("there is more").expect("it can be read");
                assert!(piece.len() <= most);
                got.extend_from_slice(&piece);
            }
            assert!(got == all[range.start as usize..range.end as usize], "{range:?}");
        }
        assert!(reading.next().await.is_none());
        let end = all.len() as u64;
        let mut past = place.1.read_all(&of, once(end - 1..end + 1)).await.expect("it is there");
        past.next().await.expect("a byte").expect("it is there");
        past.next().await.expect("an error").expect_err("the file has ended");
        assert!(past.next().await.is_none());
    }

    #[tokio::test]
    async fn what_was_left_unfinished_is_cleared_when_it_is_old() {
        let place = Place::new();
        place.1.clear_unfinished(Duration::ZERO).await.expect("there is nothing yet");
        let of = place.1.put_bytes(bytes(9)).await.expect("stored").sha256;
        fs::write(place.0.join("media/unfinished/put-0"), "half").expect("a file");
        place.1.clear_unfinished(Duration::from_secs(3600)).await.expect("cleared");
        assert_eq!(place.files(), 2);
        place.1.clear_unfinished(Duration::ZERO).await.expect("cleared");
        assert_eq!(place.files(), 1);
        assert_eq!(place.1.bytes(&of, 9).await.expect("finished ones stay"), bytes(9));
    }

    #[tokio::test]
    async fn all_that_lies_there_is_listed_by_its_age() {
        let place = Place::new();
        let (young, old) = (Duration::ZERO, Duration::from_secs(3600));
        assert_eq!(place.1.lying(young).await.expect("an empty store"), []);
        let [one, two] = [place.1.put_bytes(bytes(9)), place.1.put_bytes(bytes(17))];
        let (one, two) = (one.await.expect("stored"), two.await.expect("stored"));
        fs::write(place.0.join("media/sha256/README"), "not ours").expect("a file");
        let made_old = |of: &Stored| {
            let file = File::open(place_in(&place.0.join("media"), &of.sha256)).expect("it is there");
            file.set_modified(SystemTime::now() - 2 * old).expect("it is ours");
        };
        made_old(&one);
        made_old(&two);
        assert_eq!(place.1.lying(old).await.expect("listed").len(), 2);
        place.1.put_bytes(bytes(9)).await.expect("it is there already");
        assert_eq!(place.1.lying(old).await.expect("listed"), [two], "what is put again is as young as new");
        assert_eq!(place.1.lying(young).await.expect("listed").len(), 2);
    }

    #[tokio::test]
    async fn a_source_that_breaks_off_leaves_nothing() {
        let place = Place::new();
        place.1.put(&place.0).await.expect_err("a folder is no file");
        place.1.put(&place.0.join("nothing")).await.expect_err("nor is nothing");
        assert!(!place.0.exists() || place.files() == 0);
        fs::create_dir_all(&place.0).expect("for it to be removed");
    }

    #[test]
    fn a_hash_is_read_back_and_nothing_else_is() {
        let hash = Sha256::of(b"abc");
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((hash.to_string().as_str(), text.parse()), (text, Ok(hash)));
        assert_eq!(serde_json::to_string(&hash).expect("a text"), format!("\"{text}\""));
        for bad in ["", &text[1..], &text.to_uppercase(), &format!("{text}00"), &text.replace('b', "g"), "é"] {
            assert_eq!(bad.parse::<Sha256>(), Err(BadSha256), "{bad}");
        }
    }
}
