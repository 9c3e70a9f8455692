//! The security headers, on every kind of answer.

use super::site::{Answer, Site};
use http::Method;

#[track_caller]
fn is_dressed(answer: &Answer) {
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    assert!(answer.header("permissions-policy").contains("camera=()"));
    let policy = answer.header("content-security-policy");
    for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(directive), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
    assert!(!answer.header("x-request-id").is_empty());
    assert_eq!(answer.header("server"), "");
}

#[tokio::test]
async fn every_answer_carries_every_header() {
    let site = Site::with(&[("BODY_LIMIT", "1024")]).await;
    let etag = site.get("/fr").send().await.is(200).header("etag");
    for (ask, status) in [
        (site.get("/"), 303),
        (site.get("/fr"), 200),
        (site.get("/fr").header("if-none-match", &etag), 304),
        (site.ask(Method::HEAD, "/fr/plan"), 200),
        (site.get("/fr/plan/search?q=munitions"), 200),
        (site.get("/fr/"), 308),
        (site.get("/pkg/estafette.js"), 200),
        (site.get("/robots.txt"), 200),
        (site.get("/sitemap.xml"), 200),
        (site.get("/healthz"), 200),
        (site.get("/readyz"), 200),
        (site.get("/nowhere").browser(), 404),
        (site.get("/nowhere"), 404),
        (site.get("/api/nothing"), 404),
        (site.ask(Method::DELETE, "/fr"), 405),
        (site.ask(Method::POST, "/test/echo").body(vec![0; 2000]), 413),
        (site.get("/test/panic"), 500),
    ] {
        is_dressed(&ask.send().await.is(status));
    }
    let hasty = Site::with(&[("REQUEST_TIMEOUT", "1")]).await;
    is_dressed(&hasty.get("/test/held").send().await.is(504));
}

#[tokio::test]
async fn a_request_keeps_the_id_a_proxy_gave_it_if_it_is_sane() {
    let site = Site::open().await;
    let id = async |given: &str| site.get("/fr").header("x-request-id", given).send().await.header("x-request-id");
    assert_eq!(id("abc-123.4_5").await, "abc-123.4_5");
    for insane in ["with space", "<script>", &"x".repeat(65), ""] {
        assert_eq!(id(insane).await.len(), 16, "{insane}");
    }
    assert_ne!(id("").await, id("").await);
}

#[tokio::test]
async fn https_is_insisted_on_where_there_is_https() {
    let site = Site::open().await;
    assert_eq!(site.get("/fr").send().await.header("strict-transport-security"), "");
    let known_by_https = Site::with(&[("PUBLIC_URL", "https://estafette.example.org/")]).await;
    assert!(known_by_https.get("/fr").send().await.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn forwarded_headers_are_believed_from_trusted_proxies_alone() {
    let forged = [("x-forwarded-proto", "https"), ("x-forwarded-for", "198.51.100.7"), ("forwarded", "proto=https")];
    for (trusted, believed) in [("", false), ("10.0.0.0/8", false), ("127.0.0.1", true)] {
        let site = Site::with(&[("TRUSTED_PROXIES", trusted)]).await;
        let ask = forged.iter().fold(site.get("/fr"), |ask, (name, value)| ask.header(name, value));
        let answer = ask.send().await.is(200);
        assert_eq!(!answer.header("strict-transport-security").is_empty(), believed, "{trusted}");
        assert_eq!(answer.header("content-security-policy").contains("upgrade-insecure-requests"), believed);
    }
}
