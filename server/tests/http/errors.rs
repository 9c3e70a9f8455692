//! What goes wrong is said in the visitor's language and form.

use super::site::{Answer, Site};
use http::Method;

#[track_caller]
fn is_page(answer: &Answer, lang: &str) {
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("content-language"), lang);
    let text = answer.text();
    assert!(text.to_lowercase().starts_with("<!doctype html>") && text.contains(&format!("lang=\"{lang}\"")), "{text}");
    assert!(!answer.header("content-security-policy").contains("script-src"), "an error page runs no script");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_unknown_address_is_answered_in_the_visitors_language() {
    let site = Site::open().await;
    for (path, accept, lang) in [
        ("/nowhere", "en", "en"),
        ("/nowhere", "fr", "fr"),
        ("/nowhere/at/all?x=1", "de", "fr"),
        ("/pkg/nothing.js", "en", "en"),
        ("/.hidden", "fr", "fr"),
        ("/..%2f..%2fetc/passwd", "fr", "fr"),
    ] {
        is_page(&site.get(path).browser().header("accept-language", accept).send().await.is(404), lang);
    }
}

#[tokio::test]
async fn an_unknown_page_of_the_app_is_not_found_either() {
    let site = Site::open().await;
    for path in ["/en/nowhere", "/fr/plan/m99.9", "/de/plan"] {
        site.get(path).browser().send().await.is(404);
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let site = Site::open().await;
    for path in ["/fr", "/en/plan", "/", "/healthz", "/favicon.svg", "/robots.txt"] {
        let answer = site.ask(Method::DELETE, path).browser().header("accept-language", "en").send().await.is(405);
        assert!(answer.header("allow").contains("GET"), "{path}: {}", answer.header("allow"));
        is_page(&answer, if path == "/fr" { "fr" } else { "en" });
    }
}

#[tokio::test]
async fn a_panic_costs_one_answer_that_names_its_incident() {
    let site = Site::open().await;
    let answer = site.get("/test/panic").browser().header("x-request-id", "incident-4711").send().await.is(500);
    is_page(&answer, "fr");
    assert!(answer.text().contains("incident-4711"));
    assert!(!answer.text().contains("as it was asked to"), "the cause stays inside");
    site.get("/fr").send().await.is(200);
}

#[tokio::test]
async fn programs_are_answered_in_their_own_form() {
    let site = Site::open().await;
    let json = site.get("/test/panic").header("accept", "application/json").send().await.is(500);
    assert_eq!(json.header("content-type"), "application/problem+json");
    let problem: serde_json::Value = serde_json::from_slice(&json.body).expect("it is JSON");
    assert_eq!(problem["status"], 500);
    assert_eq!(problem["incident"], json.header("x-request-id").as_str());
    let text = site.get("/nowhere").header("accept", "*/*").send().await.is(404);
    assert_eq!(
        (text.header("content-type").as_str(), text.text().as_str()),
        ("text/plain; charset=utf-8", "404 Not Found\n")
    );
}
