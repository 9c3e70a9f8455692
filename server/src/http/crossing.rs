//! Forms of other sites are refused (cross-site request forgery): what changes something comes from a page of ours.

use http::{HeaderMap, HeaderName, Method, header};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request may change something. `public_url` is the address visitors know.
///
/// Browsers say on every POST where it comes from, in `Sec-Fetch-Site` (Fetch Metadata) and in `Origin` (RFC 6454), and
/// no page can make them say otherwise. Who says neither is no browser, and carries nobody's cookies by accident.
pub(crate) fn allowed(method: &Method, headers: &HeaderMap, https: bool, host: Option<&str>, public_url: &str) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let by_origin = text(header::ORIGIN).map(|origin| {
        let parts = origin.split_once("://");
        // A proxy may take the encryption away before us, but nobody puts a page over http in the place of one over https.
        origin == public_url
            || parts.is_some_and(|(scheme, authority)| Some(authority) == host && (scheme == "https" || !https))
    });
    match text(FETCH_SITE) {
        // Typed or from a bookmark (`none`): not by another site's doing.
        Some("same-origin" | "none") => by_origin.unwrap_or(true),
        Some(_) => false,
        None => by_origin.unwrap_or(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(given: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.insert(*name, value.parse().expect("a header value"));
        }
        allowed(&Method::POST, &headers, false, Some("localhost:3000"), "https://press.example.org")
    }

    #[test]
    fn a_page_over_http_is_another_site_than_one_over_https() {
        let mut headers = HeaderMap::new();
        headers.insert("origin", "http://press.example.org".parse().expect("a header value"));
        let host = Some("press.example.org");
        assert!(!allowed(&Method::POST, &headers, true, host, "https://press.example.org"));
        headers.insert("origin", "https://press.example.org".parse().expect("a header value"));
        assert!(allowed(&Method::POST, &headers, false, host, "http://127.0.0.1:3000"));
    }

    #[test]
    fn forms_of_our_own_pages_are_taken() {
        assert!(post(&[("origin", "https://press.example.org"), ("sec-fetch-site", "same-origin")]));
        assert!(post(&[("origin", "http://localhost:3000")]));
        assert!(post(&[]));
    }

    #[test]
    fn forms_of_others_are_refused() {
        for origin in
            ["https://evil.example", "null", "https://press.example.org.evil.example", "http://press.example.org", ""]
        {
            assert!(!post(&[("origin", origin)]), "{origin}");
            assert!(!post(&[("origin", origin), ("sec-fetch-site", "same-origin")]), "{origin}");
        }
        for site in ["cross-site", "same-site", "nonsense"] {
            assert!(!post(&[("sec-fetch-site", site)]), "{site}");
        }
    }

    #[test]
    fn reading_is_free() {
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-site", "cross-site".parse().expect("a header value"));
        assert!(allowed(&Method::GET, &headers, false, None, "https://press.example.org"));
    }
}
