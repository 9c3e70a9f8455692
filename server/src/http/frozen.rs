//! An answer made once and given many times.

use super::{
    encoding::{Coding, Effort, Wanted, compressible, encode},
    headers::Policy,
};
use axum::{
    body::{Body, Bytes},
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{self, HeaderName},
};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// How long an answer may be kept without asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The name changes with the content: for ever.
    Forever,
    /// A day.
    Day,
    /// May be stored, by shared caches as well, but is asked for each time: a 304 is cheap and the text always current.
    AskEachTime,
}

impl Keep {
    const fn cache_control(self) -> &'static str {
        match self {
            Keep::Forever => "public, max-age=31536000, immutable",
            Keep::Day => "public, max-age=86400",
            Keep::AskEachTime => "public, max-age=0, must-revalidate",
        }
    }
}

/// A body in every coding a client may want, with headers that are only copied. Holds nothing of any visitor.
pub(crate) struct Frozen {
    policy: Policy,
    compressible: bool,
    plain: Variant,
    gzip: OnceLock<Variant>,
    brotli: OnceLock<Variant>,
}

struct Variant {
    headers: HeaderMap,
    body: Bytes,
}

/// A strong entity tag for `bytes`, without its quotes: 128 bits of their SHA-256.
pub(crate) fn fingerprint(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..16])
}

/// Whether `If-None-Match` holds `etag` (RFC 9110 §13.1.2, weak comparison).
pub(crate) fn known_to(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    headers.get_all(header::IF_NONE_MATCH).into_iter().any(|list| {
        let tags = list.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        tags.map(|tag| tag.strip_prefix(b"W/").unwrap_or(tag)).any(|tag| tag == b"*" || tag == etag.as_bytes())
    })
}

impl Frozen {
    /// An answer with status 200 in its plain form; [`Frozen::compress`] adds the others.
    pub(crate) fn new(content_type: &'static str, keep: Keep, policy: Policy, body: Bytes) -> Self {
        let compressible = compressible(content_type);
        let mut headers = HeaderMap::with_capacity(16);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep.cache_control()));
        if compressible {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        let plain = Variant::of(&headers, Coding::Identity, body);
        Self { policy, compressible, plain, gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    /// Makes the compressed forms, gzip first because it is quick. Blocks the thread: see [`encode`].
    pub(crate) fn compress(&self, effort: Effort) {
        for coding in [Coding::Gzip, Coding::Brotli] {
            if self.compressible
                && let Ok(bytes) = encode(coding, effort, &self.plain.body)
            {
                self.add(coding, bytes);
            }
        }
    }

    /// Takes a form that was made elsewhere. One that is no smaller than the plain form is of no use.
    pub(crate) fn add(&self, coding: Coding, bytes: Bytes) {
        let place = match coding {
            Coding::Brotli => &self.brotli,
            Coding::Gzip => &self.gzip,
            Coding::Identity => return,
        };
        if self.compressible && bytes.len() < self.plain.body.len() {
            let _ = place.set(Variant::of(&self.plain.headers, coding, bytes));
        }
    }

    /// Bytes of memory held.
    pub(crate) fn size(&self) -> usize {
        let forms = [Some(&self.plain), self.gzip.get(), self.brotli.get()];
        forms.into_iter().flatten().map(|variant| variant.body.len()).sum()
    }

    /// The page as one visitor sees it, uncompressed: no cache may keep it, the browser's own neither, which would show it
    /// on the way back to whoever has signed out.
    pub(crate) fn personal(&self, https: bool, change: impl FnOnce(&str) -> String) -> Response {
        let page = str::from_utf8(&self.plain.body).unwrap_or_default();
        let mut response = Response::new(Body::from(change(page)));
        let headers = response.headers_mut();
        if let Some(kind) = self.plain.headers.get(header::CONTENT_TYPE) {
            headers.insert(header::CONTENT_TYPE, kind.clone());
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.value(https));
        response
    }

    /// The answer to a GET or HEAD with these headers.
    pub(crate) fn answer(&self, method: &Method, asked: &HeaderMap, https: bool) -> Response {
        let variant = match Wanted::by(asked).best(self.brotli.get().is_some(), self.gzip.get().is_some()) {
            Coding::Brotli => self.brotli.get(),
            Coding::Gzip => self.gzip.get(),
            Coding::Identity => None,
        };
        let variant = variant.unwrap_or(&self.plain);
        let mut headers = variant.headers.clone();
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.value(https));
        let known = variant.headers.get(header::ETAG).is_some_and(|etag| known_to(asked, etag));
        let mut response = if known {
            for of_the_body in [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LENGTH] {
                headers.remove(of_the_body);
            }
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else if method == Method::HEAD {
            Response::new(Body::empty())
        } else {
            Response::new(Body::from(variant.body.clone()))
        };
        *response.headers_mut() = headers;
        response
    }
}

impl Variant {
    fn of(base: &HeaderMap, coding: Coding, body: Bytes) -> Self {
        let mut headers = base.clone();
        let mut set = |name: HeaderName, text: String| {
            if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(text)) {
                headers.insert(name, value);
            }
        };
        set(header::CONTENT_LENGTH, body.len().to_string());
        // Of the bytes as they are sent: a tag for each coding, as a strong one must be.
        set(header::ETAG, format!("\"{}\"", fingerprint(&body)));
        if let Some(name) = coding.name() {
            set(header::CONTENT_ENCODING, name.to_owned());
        }
        Self { headers, body }
    }
}
