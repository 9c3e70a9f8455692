//! What a dynamic answer gets before it goes out: compression, a tag where it is cheap, and no place in shared caches.

use super::{
    encoding::{Coding, Effort, Wanted, compressible, encode},
    frozen::{fingerprint, known_to},
};
use axum::{
    body::{Body, Bytes, HttpBody},
    response::Response,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;

/// Smaller bodies fit into one packet as they are.
const WORTH_IT: usize = 1024;

/// Why an answer could not be gathered.
pub(crate) type Broken = axum::Error;

/// A page of Leptos's as the HTML standard wants it; browsers make the same tree of both.
///
/// Leptos marks places with `<!>`, which checkers take for a fault and simple parsers for a declaration that swallows
/// the next element: it goes out as the empty comment it is. It writes its last scripts behind the end of the document:
/// they move in front of it. And it writes the nonce into `crossorigin`, which then means what it means when empty.
/// Text and attributes are escaped, and no visitor's words stand in the head: nothing else can read so.
pub(crate) fn tidied(page: &str) -> String {
    const CROSSORIGIN: &str = "crossorigin=\"";
    let page = page.replace("<!>", "<!---->");
    let Some((head, body)) = page.split_once("</head>") else { return page };
    let mut tidy = String::with_capacity(page.len());
    let mut pieces = head.split(CROSSORIGIN);
    tidy.extend(pieces.next());
    for piece in pieces {
        let rest = piece.split_once('"').map_or(piece, |(_, rest)| rest);
        tidy.extend([CROSSORIGIN, "anonymous\"", rest]);
    }
    tidy.push_str("</head>");
    match body.split_once("</body>").and_then(|(body, end)| Some((body, end.split_once("</html>")?.1))) {
        Some((body, behind)) => tidy.extend([body, behind, "</body></html>"]),
        None => tidy.push_str(body),
    }
    tidy
}

/// Dresses an answer that no cache of ours has made.
pub(crate) async fn dress(method: &Method, asked: &HeaderMap, mut response: Response) -> Result<Response, Broken> {
    // The router drops the bodies of what HEAD asks for; of what is left nothing can be told.
    let told_nothing = method == Method::HEAD && response.body().is_end_stream();
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // A tag is that of these very bytes: who gave one has chosen their coding.
    let finished = headers.contains_key(header::CONTENT_ENCODING) || headers.contains_key(header::ETAG);
    if !compressible(kind) || finished || told_nothing {
        return Ok(response);
    }
    let is_page = kind.starts_with("text/html");
    // A page differs each time by its nonce; only other content that may be kept is worth a tag.
    let kept = headers.get(header::CACHE_CONTROL).is_some_and(|how| how.as_bytes() != b"no-store");
    let taggable =
        kept && matches!(*method, Method::GET | Method::HEAD) && !is_page && !headers.contains_key(header::SET_COOKIE);
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));

    // Gathered whole: a panic in the middle of a page is then still an error page and not half an answer.
    let (mut parts, body) = response.into_parts();
    let mut plain = body.collect().await?.to_bytes();
    if is_page && let Ok(page) = str::from_utf8(&plain) {
        plain = tidied(page).into();
    }
    let coding = if plain.len() < WORTH_IT { Coding::Identity } else { Wanted::by(asked).best(true, true) };
    if taggable && parts.status == StatusCode::OK {
        let tag = format!("\"{}{}\"", fingerprint(&plain), coding.name().map(|n| format!("-{n}")).unwrap_or_default());
        if let Ok(etag) = HeaderValue::try_from(tag) {
            if known_to(asked, &etag) {
                parts.status = StatusCode::NOT_MODIFIED;
                parts.headers.remove(header::CONTENT_TYPE);
            }
            parts.headers.insert(header::ETAG, etag);
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    if parts.status == StatusCode::NOT_MODIFIED {
        return Ok(Response::from_parts(parts, Body::empty()));
    }
    let body = match (coding.name(), compressed(coding, plain.clone()).await) {
        (Some(name), Some(bytes)) => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            bytes
        }
        _ => plain,
    };
    if method == Method::HEAD {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        return Ok(Response::from_parts(parts, Body::empty()));
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Off the threads that answer, which have others to serve.
async fn compressed(coding: Coding, plain: Bytes) -> Option<Bytes> {
    if coding == Coding::Identity {
        return None;
    }
    tokio::task::spawn_blocking(move || encode(coding, Effort::Quick, &plain)).await.ok()?.ok()
}

#[cfg(test)]
mod tests {
    use super::tidied;

    #[test]
    fn a_page_is_made_whole_and_nothing_in_it_is_lost() {
        let page = "<html><head><!><link crossorigin=\"bm9uY2U\"><link crossorigin=\"\"></head>\
            <body><p>a<!>b</p></body><!></html><!><script>1</script>";
        let whole = "<html><head><!----><link crossorigin=\"anonymous\"><link crossorigin=\"anonymous\"></head>\
            <body><p>a<!---->b</p><!----><script>1</script></body></html>";
        assert_eq!(tidied(page), whole);
        assert_eq!(tidied(whole), whole);
        assert_eq!(tidied("no page"), "no page");
    }
}
