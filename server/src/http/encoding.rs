//! Content codings: which one a client wants (RFC 9110 §12.5.3), and how bodies get it.

use axum::body::Bytes;
use http::{HeaderMap, HeaderName, header};
use std::io::{self, Write};

/// The elements of a weighted list (`Accept-Encoding`, `Accept-Language`) with their weights in thousandths.
pub(crate) fn weighted(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = (&str, u16)> {
    headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(',')).map(
        |element| {
            let mut parts = element.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            (name, weight.map_or(1000, thousandths))
        },
    )
}

/// `0.85` as 850. What is no weight counts as 0: better a plain answer than one the client did not ask for.
fn thousandths(weight: &str) -> u16 {
    match weight.parse::<f32>() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1000 before")]
        Ok(weight) if weight.is_finite() => (weight.clamp(0.0, 1.0) * 1000.0).round() as u16,
        _ => 0,
    }
}

/// A form a body can take on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// `br`, RFC 7932.
    Brotli,
    /// `gzip`, RFC 1952.
    Gzip,
    /// As it is.
    Identity,
}

impl Coding {
    /// Its name in headers; identity has none.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Coding::Brotli => Some("br"),
            Coding::Gzip => Some("gzip"),
            Coding::Identity => None,
        }
    }
}

/// How welcome each coding is to a client, in thousandths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    brotli: u16,
    gzip: u16,
    identity: u16,
}

impl Wanted {
    /// As `Accept-Encoding` says. Without that header: identity.
    pub(crate) fn by(headers: &HeaderMap) -> Self {
        let (mut brotli, mut gzip, mut identity, mut any) = (None, None, None, None);
        for (name, weight) in weighted(headers, header::ACCEPT_ENCODING) {
            match name {
                "br" => brotli = Some(weight),
                "gzip" | "x-gzip" => gzip = Some(weight),
                "identity" => identity = Some(weight),
                "*" => any = Some(weight),
                _ => {}
            }
        }
        let rest = any.unwrap_or(0);
        // Identity is acceptable unless refused by name, but least so: whoever lists codings wants one of them.
        Self { brotli: brotli.unwrap_or(rest), gzip: gzip.unwrap_or(rest), identity: identity.unwrap_or(1) }
    }

    /// The most welcome of those there are; the smaller one where both are equally so. Identity, when nothing fits.
    pub(crate) fn best(self, brotli: bool, gzip: bool) -> Coding {
        let choices = [(Coding::Identity, self.identity), (Coding::Gzip, self.gzip), (Coding::Brotli, self.brotli)];
        let there = |coding| match coding {
            Coding::Brotli => brotli,
            Coding::Gzip => gzip,
            Coding::Identity => true,
        };
        let fits = choices.into_iter().filter(|(coding, weight)| *weight > 0 && there(*coding));
        fits.max_by_key(|(_, weight)| *weight).map_or(Coding::Identity, |(coding, _)| coding)
    }
}

/// How much time a body may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Effort {
    /// Once per answer.
    Quick,
    /// Once per page and text, while a visitor waits.
    Thorough,
    /// Once per start, while nobody waits.
    Utmost,
}

/// `bytes` in a coding. CPU-bound: for [`Effort::Utmost`] seconds per megabyte.
pub(crate) fn encode(coding: Coding, effort: Effort, bytes: &[u8]) -> io::Result<Bytes> {
    let mut out = Vec::with_capacity(bytes.len() / 3);
    match coding {
        Coding::Identity => out.extend_from_slice(bytes),
        Coding::Gzip => {
            let level = match effort {
                Effort::Quick => 5,
                Effort::Thorough | Effort::Utmost => 9,
            };
            let mut encoder = flate2::write::GzEncoder::new(&mut out, flate2::Compression::new(level));
            encoder.write_all(bytes)?;
            encoder.finish()?;
        }
        Coding::Brotli => {
            let quality = match effort {
                Effort::Quick => 4,
                Effort::Thorough => 9,
                Effort::Utmost => 11,
            };
            let params = brotli::enc::BrotliEncoderParams { quality, size_hint: bytes.len(), ..Default::default() };
            brotli::BrotliCompress(&mut io::Cursor::new(bytes), &mut out, &params)?;
        }
    }
    Ok(out.into())
}

/// Whether a type of content gets smaller by a coding.
pub(crate) fn compressible(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    // Events are a stream without end: gathering them to compress them would keep them back for ever.
    (essence.starts_with("text/") && essence != "text/event-stream")
        || essence.ends_with("json")
        || essence.ends_with("xml")
        || ["application/javascript", "application/wasm", "font/ttf", "image/x-icon"].contains(&essence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(accept: &str) -> Coding {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, accept.parse().expect("a header value"));
        Wanted::by(&headers).best(true, true)
    }

    #[test]
    fn the_smallest_welcome_coding_is_taken() {
        assert_eq!(best("gzip, deflate, br, zstd"), Coding::Brotli);
        assert_eq!(best("gzip"), Coding::Gzip);
        assert_eq!(best("*"), Coding::Brotli);
        assert_eq!(best("identity"), Coding::Identity);
        assert_eq!(best("zstd"), Coding::Identity);
    }

    #[test]
    fn weights_are_respected() {
        assert_eq!(best("br;q=0.5, gzip;q=0.8"), Coding::Gzip);
        assert_eq!(best("br;q=0, gzip"), Coding::Gzip);
        assert_eq!(best("br;q=0, *"), Coding::Gzip);
        assert_eq!(best("br;q=nonsense"), Coding::Identity);
        assert_eq!(best("identity;q=1, br;q=0.1"), Coding::Identity);
    }

    #[test]
    fn codings_are_read_back() {
        let text = "munitions ".repeat(1000);
        for effort in [Effort::Quick, Effort::Thorough, Effort::Utmost] {
            let gzip = encode(Coding::Gzip, effort, text.as_bytes()).expect("memory can be written");
            let mut back = String::new();
            io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*gzip), &mut back).expect("it is gzip");
            assert_eq!(back, text);
            let brotli = encode(Coding::Brotli, effort, text.as_bytes()).expect("memory can be written");
            let mut back = Vec::new();
            brotli::BrotliDecompress(&mut &*brotli, &mut back).expect("it is brotli");
            assert_eq!(back, text.as_bytes());
        }
    }
}
