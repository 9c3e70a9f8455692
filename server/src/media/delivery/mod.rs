//! Files and clips handed out over HTTP (RFC 9110): in one piece or in ranges, to fast readers and slow ones.
//!
//! A reader costs one piece of memory, whatever he reads and however slowly: the next piece is read when the one before
//! has been sent. Who takes a large file as fast as it comes is given larger pieces, as each costs the same. The length is
//! known before the first byte, so that what breaks off is seen to be broken.

mod fingerprints;
mod indexes;
mod outlet;
mod ranges;

pub use fingerprints::Fingerprints;
pub use indexes::{IndexError, Indexes};
pub use outlet::{Outlet, Socket};

use super::vault::{LARGE, Reading, Sha256, Vault, VaultError};
use axum::{
    body::{Body, Bytes},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use clip::{Clip, Piece};
use futures_util::{Stream, StreamExt, stream::unfold};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{self, IF_MATCH, IF_NONE_MATCH, IF_RANGE},
    request::Parts,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ranges::Wanted;
use sha2::Digest;
use std::{
    collections::VecDeque,
    io,
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Notify;

const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// Bytes handed on at once of what is in memory. See [`Reading`] for the others.
const PIECE: usize = 64 << 10;
/// Who has taken so much has taken more than the system keeps for a reader that has stopped, and is known by his pace.
const SETTLED: u64 = 16 << 20;
/// A piece that has been sent so soon was taken as fast as it came.
const QUICK: Duration = Duration::from_millis(5);

/// What stays as it is in `filename*` (`attr-char` of RFC 8187).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Who may keep an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Everyone, for so many seconds; then it is asked for again.
    Public(u32),
    /// Only who asked for it, and it is asked for each time. Nobody on the way may recode it.
    Private,
}

/// A file, or a clip of one, as it is handed out.
#[derive(Clone, Debug)]
pub struct Deliverable {
    source: Sha256,
    clip: Option<Arc<Clip>>,
    bytes: u64,
    etag: HeaderValue,
    media_type: HeaderValue,
    disposition: Option<HeaderValue>,
    keep: Keep,
}

impl Deliverable {
    /// A file as it is stored.
    #[must_use]
    pub fn file(sha256: Sha256, bytes: u64, media_type: &str) -> Self {
        Self::new(sha256, None, bytes, &sha256, media_type)
    }

    /// A clip of a stored file.
    #[must_use]
    pub fn clip(source: Sha256, clip: Clip, media_type: &str) -> Self {
        // All that its bytes follow from, without reading them.
        let mut hash = sha2::Sha256::new();
        hash.update(source.as_bytes());
        for extent in clip.extents() {
            hash.update(extent.start.to_be_bytes());
            hash.update(extent.len.to_be_bytes());
        }
        hash.update(clip.header());
        let bytes = clip.len();
        Self::new(source, Some(Arc::new(clip)), bytes, &hex(&hash.finalize()), media_type)
    }

    fn new(source: Sha256, clip: Option<Arc<Clip>>, bytes: u64, tag: &dyn std::fmt::Display, media_type: &str) -> Self {
        let octets = HeaderValue::from_static("application/octet-stream");
        Self {
            source,
            clip,
            bytes,
            etag: HeaderValue::try_from(format!("\"{tag}\"")).unwrap_or(const { HeaderValue::from_static("\"\"") }),
            media_type: HeaderValue::try_from(media_type).unwrap_or(octets),
            disposition: None,
            keep: Keep::Private,
        }
    }

    /// To be saved under a name, and not shown.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { disposition: HeaderValue::try_from(attachment(name)).ok(), ..self }
    }

    /// Who may keep it. [`Keep::Private`], unless this says otherwise.
    #[must_use]
    pub fn keep(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    /// The whole length in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a length to be told, empty or not")]
    pub fn len(&self) -> u64 {
        self.bytes
    }

    /// What every answer says, whatever its status.
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(16);
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        let keep = match self.keep {
            Keep::Public(seconds) => format!("public, max-age={seconds}"),
            Keep::Private => "private, no-cache, no-transform".to_owned(),
        };
        insert(&mut headers, header::CACHE_CONTROL, &keep);
        headers
    }

    /// What comes with bytes of it (RFC 9530: a clip has not been hashed, since that would be to read it).
    fn describe(&self, headers: &mut HeaderMap) {
        headers.insert(header::CONTENT_TYPE, self.media_type.clone());
        if let Some(disposition) = &self.disposition {
            headers.insert(header::CONTENT_DISPOSITION, disposition.clone());
        }
        if let Some(digest) = self.digest() {
            headers.insert(REPR_DIGEST, digest);
        }
    }

    fn digest(&self) -> Option<HeaderValue> {
        let known = self.clip.is_none();
        known.then(|| format!("sha-256=:{}:", STANDARD.encode(self.source.as_bytes())).try_into().ok()).flatten()
    }

    /// What a range consists of.
    fn parts(&self, range: Range<u64>) -> Vec<Part> {
        let Some(clip) = &self.clip else { return vec![Part::Source(range)] };
        let part = |piece: Piece<'_>| match piece {
            Piece::Bytes(bytes) => Part::Bytes(Bytes::copy_from_slice(bytes)),
            Piece::Source(extent) => Part::Source(extent.start..extent.start + extent.len),
        };
        clip.pieces(range).map(part).collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

/// `Content-Disposition` with a name in any script (RFC 6266, appendix D: the plain one first, for those who know no
/// other).
fn attachment(name: &str) -> String {
    // Nobody's folders, and nothing that ends the quotes.
    let safe = name.replace(|c: char| c.is_control() || "/\\\"".contains(c), "_");
    let plain = safe.replace(|c: char| !c.is_ascii() || c == '%', "_");
    if plain == safe {
        return format!("attachment; filename=\"{plain}\"");
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(&safe, PLAIN))
}

/// Bytes in memory, or in the source.
#[derive(Clone, Debug)]
enum Part {
    Bytes(Bytes),
    Source(Range<u64>),
}

impl Part {
    fn len(&self) -> u64 {
        match self {
            Part::Bytes(bytes) => bytes.len() as u64,
            Part::Source(range) => range.end - range.start,
        }
    }
}

/// Answers a request for `what`, which may be one for some of its bytes, or one on a condition. Methods other than GET
/// are answered as HEAD is. What it refuses has no words yet: status and headers say it all.
pub async fn deliver(vault: &Vault, what: &Deliverable, request: &Parts) -> Response {
    let asked = &request.headers;
    let mut headers = what.headers();
    // In the order of RFC 9110 §13.2.2. There is no date to be asked about: the tag says more.
    if asked.contains_key(IF_MATCH) && !listed(asked, IF_MATCH, &what.etag, false) {
        return bare(StatusCode::PRECONDITION_FAILED, headers);
    }
    if listed(asked, IF_NONE_MATCH, &what.etag, true) {
        return bare(StatusCode::NOT_MODIFIED, headers);
    }
    let same = asked.get(IF_RANGE).is_none_or(|tag| *tag == what.etag);
    let wanted = match asked.get(header::RANGE) {
        Some(text) if same && request.method == Method::GET && asked.get_all(header::RANGE).iter().count() == 1 => {
            ranges::wanted(text.as_bytes(), what.bytes)
        }
        _ => Wanted::All,
    };
    let (status, parts) = match wanted {
        Wanted::None => {
            insert(&mut headers, header::CONTENT_RANGE, &format!("bytes */{}", what.bytes));
            return bare(StatusCode::RANGE_NOT_SATISFIABLE, headers);
        }
        Wanted::All => {
            what.describe(&mut headers);
            if let Some(digest) = what.digest() {
                headers.insert(CONTENT_DIGEST, digest);
            }
            (StatusCode::OK, what.parts(0..what.bytes))
        }
        Wanted::One(range) => {
            what.describe(&mut headers);
            insert(&mut headers, header::CONTENT_RANGE, &content_range(&range, what.bytes));
            (StatusCode::PARTIAL_CONTENT, what.parts(range))
        }
        Wanted::Several(ranges) => {
            what.describe(&mut headers);
            (StatusCode::PARTIAL_CONTENT, multipart(what, ranges, &mut headers))
        }
    };
    let length: u64 = parts.iter().map(Part::len).sum();
    headers.insert(header::CONTENT_LENGTH, length.into());
    if request.method != Method::GET {
        return answer(status, headers, Body::empty());
    }
    match Flow::open(vault, what.source, parts).await {
        Ok(flow) => answer(status, headers, flow.through(request.extensions.get().cloned()).body()),
        Err(error) => {
            tracing::error!(%error, "nothing can be delivered");
            bare(StatusCode::SERVICE_UNAVAILABLE, HeaderMap::new())
        }
    }
}

/// Whether a list of tags holds `tag`. By the strong comparison weak ones are never the same.
fn listed(headers: &HeaderMap, name: HeaderName, tag: &HeaderValue, weak: bool) -> bool {
    let lists = headers.get_all(name).into_iter();
    lists.flat_map(|list| list.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii).any(|listed| {
        let listed = if weak { listed.strip_prefix(b"W/").unwrap_or(listed) } else { listed };
        listed == b"*" || listed == tag.as_bytes()
    })
}

fn content_range(range: &Range<u64>, of: u64) -> String {
    format!("bytes {}-{}/{of}", range.start, range.end - 1)
}

/// Several ranges in one answer (RFC 9110 §14.6).
fn multipart(what: &Deliverable, ranges: Vec<Range<u64>>, headers: &mut HeaderMap) -> Vec<Part> {
    // Of a hash: that the bytes themselves hold it, nobody could bring about.
    let boundary = hex(&sha2::Sha256::digest(what.etag.as_bytes())[..16]);
    let media_type = what.media_type.to_str().unwrap_or_default();
    let mut parts = Vec::new();
    for range in ranges {
        let range_of = content_range(&range, what.bytes);
        let head = format!("\r\n--{boundary}\r\nContent-Type: {media_type}\r\nContent-Range: {range_of}\r\n\r\n");
        parts.push(Part::Bytes(head.into()));
        parts.extend(what.parts(range));
    }
    parts.push(Part::Bytes(format!("\r\n--{boundary}--\r\n").into()));
    insert(headers, header::CONTENT_TYPE, &format!("multipart/byteranges; boundary={boundary}"));
    parts
}

fn bare(status: StatusCode, headers: HeaderMap) -> Response {
    answer(status, headers, Body::empty())
}

fn answer(status: StatusCode, headers: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// The bytes of something that is handed out, piece by piece.
pub(crate) struct Flow {
    parts: VecDeque<Part>,
    reading: Reading,
    /// Where pieces of files go that lie in memory, if not through this program.
    outlet: Option<Outlet>,
    /// When the piece made last was given away.
    given: Option<Instant>,
    sent: u64,
}

impl Flow {
    /// All of it.
    pub(crate) async fn all(vault: &Vault, what: &Deliverable) -> Result<Self, VaultError> {
        Self::open(vault, what.source, what.parts(0..what.bytes)).await
    }

    async fn open(vault: &Vault, source: Sha256, parts: Vec<Part>) -> Result<Self, VaultError> {
        let ranges = parts.iter().filter_map(|part| match part {
            Part::Source(range) => Some(range.clone()),
            Part::Bytes(_) => None,
        });
        let reading = vault.read_all(&source, ranges).await?;
        let parts = parts.into_iter().filter(|part| part.len() > 0).collect();
        Ok(Self { parts, reading, outlet: None, given: None, sent: 0 })
    }

    /// To a connection that has this outlet.
    fn through(self, outlet: Option<Outlet>) -> Self {
        Self { outlet, ..self }
    }

    fn body(self) -> Body {
        paced(unfold(self, |mut flow| async { Some((flow.next().await?, flow)) }))
    }

    /// The next piece, asked for when the one before has been sent; none after the last, nor after an error.
    pub(crate) async fn next(&mut self) -> Option<Result<Bytes, VaultError>> {
        let Self { parts, reading, outlet, given, sent } = self;
        let part = parts.front_mut()?;
        let piece = match part {
            Part::Bytes(bytes) => bytes.split_to(PIECE.min(bytes.len())),
            Part::Source(range) => {
                let straight = outlet.as_ref().and_then(|outlet| {
                    let (file, bytes) = reading.in_memory(outlet::LONGEST)?;
                    outlet.promise(file, bytes)
                });
                let quick = *sent >= SETTLED && given.is_some_and(|given| given.elapsed() < QUICK);
                let piece = match straight {
                    Some(piece) => {
                        reading.passed(piece.len() as u64);
                        piece
                    }
                    None => match reading.next_of(if quick { LARGE } else { PIECE }).await? {
                        Ok(piece) => piece,
                        Err(error) => return Some(Err(error)),
                    },
                };
                range.start += piece.len() as u64;
                piece
            }
        };
        if part.len() == 0 {
            parts.pop_front();
        }
        *sent += piece.len() as u64;
        *given = Some(Instant::now());
        Some(Ok(piece))
    }
}

/// A body of pieces, each made when the one before has been sent. After an error there is nothing more: the length that
/// was told is not reached, and whoever reads sees it.
pub(crate) fn paced<E>(pieces: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> Body
where
    E: std::error::Error + Send + Sync + 'static,
{
    // The second tells when the piece given away last is needed no more.
    let begun = (Box::pin(pieces), None::<Arc<Notify>>);
    Body::from_stream(unfold(Some(begun), |flow| async {
        let (mut pieces, gone) = flow?;
        if let Some(gone) = gone {
            gone.notified().await;
        }
        match pieces.next().await? {
            Ok(piece) => {
                let gone = Arc::new(Notify::new());
                let sent = Bytes::from_owner(Sent { piece, gone: Arc::clone(&gone) });
                Some((Ok(sent), Some((pieces, Some(gone)))))
            }
            Err(error) => {
                tracing::error!(%error, "an answer breaks off");
                Some((Err(io::Error::other(error)), None))
            }
        }
    }))
}

/// A piece that tells when nobody holds it any more.
struct Sent {
    piece: Bytes,
    gone: Arc<Notify>,
}

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        &self.piece
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.gone.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_file_has_its_name_in_every_script() {
        assert_eq!(attachment("a film.mp4"), "attachment; filename=\"a film.mp4\"");
        assert_eq!(
            attachment("Défilé 50%.mp4"),
            "attachment; filename=\"D_fil_ 50_.mp4\"; filename*=UTF-8''D%C3%A9fil%C3%A9%2050%25.mp4"
        );
        assert_eq!(attachment("../a\"b\r\n.mp4"), "attachment; filename=\".._a_b__.mp4\"");
    }
}
