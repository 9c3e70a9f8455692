//! The pages: kept whole where they are the same for everyone, made anew where they are not.

use super::site::{Answer, Site};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use sha2::{Digest, Sha256};

const KEPT: [&str; 6] = ["/fr", "/en", "/fr/plan", "/en/plan", "/fr/plan?side=1", "/fr/plan/intro.1"];

fn inline_scripts(html: &str) -> Vec<&str> {
    let scripts = html.split("<script").skip(1).filter_map(|rest| rest.split_once('>'));
    let inline = scripts.filter(|(attributes, _)| !attributes.contains("src=") && !attributes.contains("ld+json"));
    inline.map(|(_, rest)| rest.split("</script>").next().unwrap_or_default()).collect()
}

#[tokio::test]
async fn kept_pages_allow_their_scripts_by_hash_and_no_others() {
    let site = Site::open().await;
    for path in KEPT {
        let answer = site.get(path).browser().send().await.is(200);
        let (html, policy) = (answer.text(), answer.header("content-security-policy"));
        assert!(!html.contains("nonce=") && !policy.contains("nonce-"), "{path}");
        assert!(policy.contains("'wasm-unsafe-eval'"));
        let scripts = inline_scripts(&html);
        assert!(!scripts.is_empty(), "the page is hydrated");
        for script in scripts {
            let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)));
            assert!(policy.contains(&hash), "{path}: no hash of {script}");
        }
    }
}

#[tokio::test]
async fn pages_made_anew_allow_their_scripts_by_a_nonce_used_once() {
    let site = Site::open().await;
    let nonce = async |path: &str| {
        let answer = site.get(path).browser().send().await.is(200);
        let policy = answer.header("content-security-policy");
        let nonce =
            policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        assert!(answer.text().contains(&format!("nonce=\"{nonce}\"")));
        assert!(!policy.contains("sha256") && !answer.text().contains("estafette-shared-page"));
        assert!(answer.header("cache-control").contains("private"));
        nonce
    };
    for path in ["/fr/plan/search?q=munitions", "/fr/plan?utm=1", "/fr?side=1", "/fr/plan?side=1&x=2"] {
        assert_ne!(nonce(path).await, nonce(path).await, "{path}");
    }
}

#[tokio::test]
async fn nothing_of_a_visitor_gets_into_a_kept_page() {
    let site = Site::open().await;
    for path in KEPT {
        let curious = site.get(path).header("cookie", "lang=en; session=secret-4711; theme=dark");
        let curious = curious.header("accept-language", "en").header("referer", "https://secret-4711.example");
        let first = curious.header("x-request-id", "secret-4711").browser().send().await.is(200);
        let second = site.get(path).send().await.is(200);
        assert_eq!(first.body, second.body, "{path}");
        assert!(!first.text().contains("secret-4711"));
        assert_eq!((second.header("set-cookie"), second.header("vary")), (String::new(), "accept-encoding".to_owned()));
        assert!(second.header("cache-control").starts_with("public"));
    }
}

#[tokio::test]
async fn a_page_that_is_known_already_is_not_sent_again() {
    let site = Site::open().await;
    for coding in ["identity", "gzip", "br"] {
        let ask = || site.get("/fr/plan").header("accept-encoding", coding);
        let etag = ask().send().await.is(200).header("etag");
        for known in [etag.clone(), format!("\"other\", W/{etag}"), "*".to_owned()] {
            let answer = ask().header("if-none-match", &known).send().await.is(304);
            assert!(answer.body.is_empty());
            assert_eq!((answer.header("etag"), answer.header("content-type")), (etag.clone(), String::new()));
            assert_eq!(answer.header("vary"), "accept-encoding");
        }
        ask().header("if-none-match", "\"other\"").send().await.is(200);
    }
}

#[tokio::test]
async fn each_coding_holds_the_same_page_under_a_tag_of_its_own() {
    let site = Site::open().await;
    let answer = async |coding: &str| site.get("/fr/plan").header("accept-encoding", coding).send().await.is(200);
    let (plain, gzip, brotli) =
        (answer("identity").await, answer("gzip").await, answer("gzip, deflate, br, zstd").await);
    assert_eq!((plain.header("content-encoding"), gzip.header("content-encoding")), (String::new(), "gzip".to_owned()));
    assert_eq!(brotli.header("content-encoding"), "br");
    assert!(plain.text() == gzip.text() && plain.text() == brotli.text());
    assert!(brotli.body.len() < plain.body.len() && gzip.body.len() < plain.body.len());
    let tags = [&plain, &gzip, &brotli].map(|answer| answer.header("etag"));
    assert!(
        tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2] && tags.iter().all(|tag| tag.starts_with('"'))
    );
}

#[tokio::test]
async fn head_says_what_get_would() {
    let site = Site::open().await;
    for path in ["/fr/plan", "/favicon.svg", "/robots.txt"] {
        let ask = |method| site.ask(method, path).header("accept-encoding", "gzip");
        // Files are compressed in the background: until both answers are of one coding, ask again.
        let (head, get) = loop {
            let (get, head) = (ask(Method::GET).send().await.is(200), ask(Method::HEAD).send().await.is(200));
            if head.header("content-encoding") == get.header("content-encoding") {
                break (head, get);
            }
        };
        assert!(head.body.is_empty());
        for name in ["content-length", "etag", "content-type", "cache-control", "vary", "content-security-policy"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
        assert_eq!(head.header("content-length"), get.body.len().to_string());
    }
}

#[tokio::test]
async fn a_page_asked_for_by_many_at_once_is_made_once() {
    let site = Site::open().await;
    let asked: Vec<_> = (0..20).map(|_| tokio::spawn(site.get("/en/plan/intro.2").send())).collect();
    let mut tags = Vec::new();
    for answer in asked {
        tags.push(answer.await.expect("it ran").is(200).header("etag"));
    }
    assert!(tags.iter().all(|tag| *tag == tags[0]));
    let figures = site.figures().await;
    let misses: u32 = figures
        .lines()
        .find_map(|line| line.strip_prefix("estafette_page_cache_total{result=\"miss\"} "))
        .and_then(|number| number.parse().ok())
        .expect("a figure");
    // Four pages may have been made in the background.
    assert!((1..=5).contains(&misses), "{misses}");
}

#[tokio::test]
async fn pages_made_anew_are_compressed_too() {
    let site = Site::open().await;
    for (accept, coding) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
        let answer: Answer = site.get("/fr/plan?utm=1").header("accept-encoding", accept).send().await.is(200);
        assert_eq!(answer.header("content-encoding"), coding);
        assert!(answer.header("vary").contains("accept-encoding"));
        assert!(answer.text().contains("</html>"));
    }
}

#[tokio::test]
async fn a_small_memory_still_serves_every_page() {
    let site = Site::with(&[("PAGE_CACHE_MB", "1")]).await;
    for _ in 0..2 {
        for n in 1..=8 {
            for lang in ["fr", "en"] {
                let answer = site.get(&format!("/{lang}/plan/intro.{}", (n - 1) % 2 + 1)).send().await.is(200);
                assert!(answer.text().contains("</html>"));
            }
        }
    }
}
