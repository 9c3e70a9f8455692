//! `/` and the languages.

use super::site::Site;

#[tokio::test]
async fn the_entrance_leads_to_the_visitors_language() {
    let site = Site::open().await;
    for (accept, cookie, home) in [
        ("en-GB,en;q=0.9", "", "/en"),
        ("fr-CA", "", "/fr"),
        ("fr;q=0.4, en;q=0.6", "", "/en"),
        ("de, en;q=0.1", "", "/en"),
        ("de", "", "/fr"),
        ("fr", "lang=en", "/en"),
        ("en", "theme=dark; lang=fr", "/fr"),
        ("en", "lang=//evil.example", "/en"),
    ] {
        let answer = site.get("/").header("accept-language", accept).header("cookie", cookie).send().await.is(303);
        assert_eq!(answer.header("location"), home, "{accept} {cookie}");
        assert_eq!(answer.header("vary"), "accept-language, cookie");
        assert!(answer.header("cache-control").contains("private"));
    }
}

#[tokio::test]
async fn a_slash_too_many_is_taken_away_and_leads_nowhere_else() {
    let site = Site::open().await;
    assert_eq!(site.get("/fr/").send().await.is(308).header("location"), "/fr");
    assert_eq!(site.get("/en/plan/?side=1").send().await.is(308).header("location"), "/en/plan?side=1");
    for path in ["//evil.example/", "//evil.example/fr/", "/fr//evil.example/", "/nowhere/"] {
        site.get(path).send().await.is(404);
    }
}

#[tokio::test]
async fn a_language_reached_from_a_page_in_the_other_is_a_choice_and_is_kept() {
    let site = Site::open().await;
    let from = |path: &str| format!("http://{}{path}", site.addr);
    let answer = site.get("/en/plan").header("referer", &from("/fr/plan/m4.2?side=1")).send().await.is(200);
    assert!(answer.header("set-cookie").starts_with("lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"));
    assert!(answer.header("cache-control").contains("private"), "no shared cache keeps one visitor's choice");
    for (referer, cookie) in [
        (from("/en"), ""),
        (from("/"), ""),
        (from("/fr"), "lang=en"),
        ("https://elsewhere.example/fr".to_owned(), ""),
        ("nonsense".to_owned(), ""),
    ] {
        let answer = site.get("/en/plan").header("referer", &referer).header("cookie", cookie).send().await.is(200);
        assert!(!answer.headers.contains_key("set-cookie"), "{referer} {cookie}");
        assert!(answer.header("cache-control").contains("public"));
    }
}
