//! The public API, as programs meet it.

use super::site::{Answer, Ask, Site};
use http::Method;
use serde_json::{Value, json};

impl Answer {
    /// The body, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text()).expect("it is JSON")
    }

    /// Asserts that it is a problem, and what it says.
    #[track_caller]
    fn problem(self, status: u16) -> Value {
        let answer = self.is(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("cache-control"), "no-store");
        let problem = answer.json();
        assert_eq!(problem["status"], status);
        assert!(problem["title"].is_string() && problem["type"].is_string(), "{problem}");
        problem
    }
}

impl Site {
    async fn api(&self, path: &str) -> Value {
        let answer = self.get(&format!("/api/v1{path}")).send().await.is(200);
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
        answer.json()
    }

    /// An address the API has given, as it is asked here.
    fn below<'a>(&self, url: &'a Value) -> &'a str {
        let url = url.as_str().expect("an address");
        url.strip_prefix(&format!("http://{}", self.addr)).unwrap_or_else(|| panic!("{url} is not ours"))
    }
}

/// Every address in a value, with its field; those to be filled in (`template`) are none.
fn addresses<'a>(value: &'a Value, found: &mut Vec<(&'a str, &'a Value)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| addresses(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if name != "template" && value.as_str().is_some_and(|text| text.starts_with("http://")) {
                    found.push((name, value));
                }
                addresses(value, found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_address_the_api_gives_leads_somewhere() {
    let site = Site::open().await;
    for path in [
        "",
        "/plan",
        "/paragraphs?limit=3",
        "/paragraphs/m4.2?lang=en",
        "/paragraphs/p1.obj",
        "/search?q=munitions&limit=2",
        "/commitments?limit=3&offset=5&lang=en",
        "/actors?limit=4",
        "/actors/dipb?lang=en",
        "/events?lang=en",
        "/citations/m4.2?lang=en",
        "/exports/m4.2",
    ] {
        let value = site.api(path).await;
        let mut found = Vec::new();
        addresses(&value, &mut found);
        assert!(!found.is_empty(), "{path}");
        found.sort_by_key(|(_, url)| url.as_str());
        found.dedup_by_key(|(_, url)| url.as_str());
        for (field, url) in found {
            let answer = site.get(site.below(url)).send().await.is(200);
            let kind = answer.header("content-type");
            assert_eq!(kind == "text/html; charset=utf-8", field == "url", "{path}: {field} is {url}");
            assert_eq!(kind == "application/json", field != "url" && field != "address", "{path}: {field} is {url}");
        }
    }
}

#[tokio::test]
async fn what_is_asked_by_its_own_address_is_the_same_again() {
    let site = Site::open().await;
    for path in ["/plan?lang=en", "/paragraphs?limit=2&offset=4", "/commitments/m1.1.s1.c1", "/search?q=a%26b&lang=en"]
    {
        let value = site.api(path).await;
        let again = site.get(site.below(&value["self"])).send().await.is(200).json();
        assert_eq!(value, again, "{path}");
    }
}

#[tokio::test]
async fn the_text_is_the_readers_to_the_letter() {
    let site = Site::open().await;
    for (lang, letter) in [("fr", "Les Alliés"), ("en", "Allies")] {
        let all = site.api(&format!("/paragraphs?limit=100&lang={lang}")).await;
        let plan = site.api(&format!("/plan?lang={lang}")).await;
        assert_eq!(all["total"], plan["counts"]["paragraphs"]);
        let items = all["items"].as_array().expect("a list");
        assert_eq!(items.len() as u64, all["total"].as_u64().expect("a number"));
        let page = site.get(&format!("/{lang}/plan")).send().await.is(200).text();
        for paragraph in items {
            let text = paragraph["text"].as_str().expect("text");
            for part in paragraph["parts"].as_array().expect("parts") {
                let words = part["text"].as_str().expect("text");
                assert!(text.contains(words) && !words.is_empty());
                let slug = part["slug"].as_str().expect("a slug");
                assert!(page.contains(&format!("id=\"{slug}\"")), "{slug}");
            }
            for name in paragraph["names"].as_array().expect("names") {
                name["at"].as_array().expect("places").iter().for_each(|span| is_in(text, span));
            }
        }
        assert!(all.to_string().contains(letter));
    }
}

/// Asserts that words stand where a span says.
#[track_caller]
fn is_in(text: &str, span: &Value) {
    let at = |name: &str, nth: usize| usize::try_from(span[name][nth].as_u64().expect("a number")).expect("small");
    let words = span["words"].as_str().expect("words");
    assert!(!words.is_empty());
    assert_eq!(&text[at("bytes", 0)..at("bytes", 1)], words);
    let chars: String = text.chars().skip(at("chars", 0)).take(at("chars", 1) - at("chars", 0)).collect();
    assert_eq!(chars, words);
}

#[tokio::test]
async fn a_commitment_shows_the_words_it_rests_on() {
    let site = Site::open().await;
    for lang in ["fr", "en"] {
        let all = site.api(&format!("/commitments?limit=100&lang={lang}")).await;
        let items = all["items"].as_array().expect("a list");
        assert!(items.len() > 30 && all["of"] == all["total"]);
        for commitment in items {
            let sentence = commitment["sentence"].as_str().expect("a sentence");
            is_in(sentence, &commitment["trigger"]);
            is_in(sentence, &commitment["object"]);
            for qualifier in commitment["qualifiers"].as_array().expect("a list") {
                assert!(qualifier["words"]["words"].is_string(), "{qualifier}");
                if qualifier["at"] == commitment["at"] {
                    is_in(sentence, &qualifier["words"]);
                }
            }
        }
    }
}

#[tokio::test]
async fn filters_leave_as_many_commitments_as_they_said() {
    let site = Site::open().await;
    let all = site.api("/commitments?lang=en").await;
    let mut tried = 0;
    for facet in all["facets"].as_array().expect("facets") {
        let name = facet["parameter"].as_str().expect("a name");
        for value in facet["values"].as_array().expect("values").iter().take(6) {
            let id = value["value"].as_str().expect("a value");
            let left = site.api(&format!("/commitments?lang=en&limit=100&{name}={id}")).await;
            assert_eq!(left["total"], value["count"], "{name}={id}");
            tried += 1;
        }
    }
    assert!(tried > 15);
    let both = site.api("/commitments?strength=must&strength=firm").await["total"].as_u64();
    let each = [site.api("/commitments?strength=must").await, site.api("/commitments?strength=firm").await];
    assert_eq!(both, each.iter().map(|list| list["total"].as_u64()).sum::<Option<u64>>());
    let sorted = site.api("/commitments?sort=-strength&limit=1").await;
    assert_eq!(sorted["items"][0]["strength"], "encouraged");
}

#[tokio::test]
async fn a_hit_says_why_it_is_one() {
    let site = Site::open().await;
    let found = site.api("/search?q=munition%20interop&lang=fr").await;
    let hits = found["items"].as_array().expect("hits");
    assert!(!hits.is_empty() && found["suggestions"] == json!([]));
    for hit in hits {
        assert!(!hit["because"].as_array().expect("reasons").is_empty(), "{hit}");
        hit["marks"].as_array().expect("marks").iter().for_each(|m| is_in(hit["text"].as_str().expect("text"), m));
    }
    let none = site.api("/search?q=munitoons%20xyzzyx").await;
    assert!(none["total"] == 0 || none["items"][0]["partial"] == true);
    assert_eq!(site.api("/search?q=%20").await["total"], 0);
}

#[tokio::test]
async fn a_list_is_walked_page_by_page() {
    let site = Site::open().await;
    let (mut next, mut seen) = (json!(format!("http://{}/api/v1/paragraphs?limit=7", site.addr)), Vec::new());
    let mut before = Value::Null;
    while !next.is_null() {
        let answer = site.get(site.below(&next)).send().await.is(200);
        let (page, link) = (answer.json(), answer.header("link"));
        let related =
            |rel: &str| link.split(", ").find(|l| l.ends_with(&format!("; rel=\"{rel}\""))).map(str::to_owned);
        assert!(related("first").is_some() && related("last").is_some());
        for (rel, field) in [("next", "next"), ("prev", "previous")] {
            let told = page[field].as_str().map(|url| format!("<{url}>; rel=\"{rel}\""));
            assert_eq!(related(rel), told);
        }
        assert_eq!(page["previous"].is_null(), before.is_null());
        seen.extend(page["items"].as_array().expect("items").iter().map(|item| item["slug"].clone()));
        before = page["self"].clone();
        next = page["next"].clone();
    }
    let all = site.api("/paragraphs?limit=100").await;
    let slugs: Vec<Value> = all["items"].as_array().expect("items").iter().map(|item| item["slug"].clone()).collect();
    assert_eq!(seen, slugs);
    let beyond = site.api("/paragraphs?offset=1000&limit=10").await;
    assert_eq!((beyond["items"].clone(), beyond["next"].clone()), (json!([]), Value::Null));
    let back = site.get(site.below(&beyond["previous"])).send().await.is(200).json();
    assert!(
        back["next"].is_null() && !back["items"].as_array().expect("items").is_empty(),
        "the last page that holds any"
    );
}

#[tokio::test]
async fn an_answer_that_is_known_is_not_sent_again() {
    let site = Site::open().await;
    for path in ["/api/v1/plan", "/api/v1/commitments?lang=en", "/api/v1/openapi.json", "/api/v1"] {
        for coding in ["identity", "gzip", "br"] {
            let ask = |method| site.ask(method, path).header("accept-encoding", coding);
            let first = ask(Method::GET).send().await.is(200);
            let etag = first.header("etag");
            assert!(etag.starts_with('"'), "{path}: {etag}");
            assert_eq!(first.header("cache-control"), "public, max-age=0, must-revalidate");
            assert_eq!(first.header("vary"), "accept-encoding");
            let known = ask(Method::GET).header("if-none-match", &etag).send().await.is(304);
            assert!(known.body.is_empty() && known.header("etag") == etag);
            assert_eq!(known.header("access-control-allow-origin"), "*");
            let head = ask(Method::HEAD).send().await.is(200);
            assert!(head.body.is_empty());
            for name in ["etag", "content-type", "content-encoding", "content-length", "vary", "link"] {
                assert_eq!(head.header(name), first.header(name), "{path} {name}");
            }
            ask(Method::HEAD).header("if-none-match", &etag).send().await.is(304);
        }
    }
    let etag = async |path: &str| site.get(path).send().await.is(200).header("etag");
    assert_ne!(etag("/api/v1/plan?lang=fr").await, etag("/api/v1/plan?lang=en").await);
}

#[tokio::test]
async fn the_address_alone_decides_the_language_and_cookies_nothing() {
    let site = Site::open().await;
    let plain = site.get("/api/v1/plan").send().await.is(200);
    let curious = site.get("/api/v1/plan").header("accept-language", "en").header("cookie", "lang=en; session=x");
    let curious = curious.send().await.is(200);
    assert_eq!((&plain.body, plain.header("etag")), (&curious.body, curious.header("etag")));
    assert_eq!(curious.header("set-cookie"), "");
    assert_eq!(plain.json()["lang"], "fr");
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let site = Site::open().await;
    for (path, parameter) in [
        ("/plan?lang=de", "lang"),
        ("/plan?lang=", "lang"),
        ("/plan?lang=FR", "lang"),
        ("/plan?lang=fr&lang=en", "lang"),
        ("/plan?langue=fr", "langue"),
        ("/plan?", ""),
        ("/paragraphs?limit=0", "limit"),
        ("/paragraphs?limit=101", "limit"),
        ("/paragraphs?limit=ten", "limit"),
        ("/paragraphs?limit=-1", "limit"),
        ("/paragraphs?limit=1.0", "limit"),
        ("/paragraphs?limit=%2b5", "limit"),
        ("/paragraphs?limit=99999999999999999999", "limit"),
        ("/paragraphs?offset=-1", "offset"),
        ("/paragraphs?division=", "division"),
        ("/paragraphs/m4.2?slug=m4.3", "slug"),
        ("/search", "q"),
        ("/search?q=", "q"),
        ("/search?query=x&q=x", "query"),
        ("/commitments?strength=strong", "strength"),
        ("/commitments?actor=A%20B", "actor"),
        ("/commitments?sort=size", "sort"),
        (
            "/commitments?actor=a&actor=b&actor=c&actor=d&actor=e&actor=f&actor=g&actor=h&actor=i&actor=j&actor=k",
            "actor",
        ),
        ("/openapi.json?lang=x", "lang"),
    ] {
        let answer = site.get(&format!("/api/v1{path}")).send().await;
        if parameter.is_empty() {
            answer.is(200);
            continue;
        }
        let problem = answer.problem(400);
        assert_eq!(problem["parameter"], parameter, "{path}: {problem}");
    }
    let long = format!("/api/v1/search?q={}", "é".repeat(401).replace('é', "%C3%A9"));
    assert_eq!(site.get(&long).send().await.problem(400)["parameter"], "q");
    let odd = site.get("/api/v1/search?q=%ff").send().await.problem(400);
    assert!(odd["detail"].as_str().expect("a sentence").contains("UTF-8"));
    for fine in ["%00", "%22", "%C2%B620", "%F0%9F%98%80", "a+b", "%E2%80%AE", "' OR 1=1 --".replace(' ', "+").as_str()]
    {
        site.api(&format!("/search?q={fine}")).await;
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let site = Site::open().await;
    for path in [
        "/nothing",
        "/",
        "/plan/",
        "//plan",
        "/paragraphs/",
        "/paragraphs/m99.9",
        "/paragraphs/M4.2",
        "/paragraphs/m4.2.s3",
        "/paragraphs/m4.2/more",
        "/paragraphs/%ff",
        "/paragraphs/%00",
        "/paragraphs/..%2f..%2fplan",
        "/commitments/x",
        "/actors/nobody",
        "/events/x",
        "/PLAN",
    ] {
        // Whoever asks, and as what: a browser that follows a link reads the same.
        site.get(&format!("/api/v1{path}")).browser().send().await.problem(404);
    }
    site.get("/api/v1x").send().await.is(404);
    let words = site.get("/api/v1/paragraphs/m99.9").send().await.problem(404);
    assert!(words["detail"].as_str().expect("a sentence").contains("m99.9"));
}

#[tokio::test]
async fn a_method_that_is_not_offered_is_told_the_right_ones() {
    let site = Site::open().await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
        let answer = site.ask(method.clone(), "/api/v1/plan").send().await.is(405);
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS", "{method}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let options = site.ask(Method::OPTIONS, "/api/v1/plan").send().await.is(204);
    assert_eq!(options.header("allow"), "GET, HEAD, OPTIONS");
    assert_eq!(options.header("access-control-allow-methods"), "", "nobody asked");
    site.ask(Method::OPTIONS, "/api/v1/nothing").send().await.is(404);
}

#[tokio::test]
async fn only_json_is_given() {
    let site = Site::open().await;
    let ask = |accept: &str| site.get("/api/v1/plan").header("accept", accept).send();
    for accept in ["*/*", "application/json", "application/*", "text/html, */*;q=0.1", "APPLICATION/JSON;q=0.3", ""] {
        ask(accept).await.is(200);
    }
    for accept in ["text/html", "application/xml, text/*", "application/json;q=0, */*", "nonsense"] {
        ask(accept).await.problem(406);
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_read_but_not_write() {
    let site = Site::open().await;
    let elsewhere = |method| site.ask(method, "/api/v1/plan").header("origin", "https://elsewhere.example");
    let read = elsewhere(Method::GET).header("sec-fetch-site", "cross-site").send().await.is(200);
    assert_eq!(read.header("access-control-allow-origin"), "*");
    assert_eq!(read.header("access-control-allow-credentials"), "");
    assert_eq!(read.header("cross-origin-resource-policy"), "cross-origin");
    assert!(read.header("access-control-expose-headers").contains("etag"));
    let ask = elsewhere(Method::OPTIONS).header("access-control-request-method", "GET");
    let preflight = ask.header("access-control-request-headers", "if-none-match").send().await.is(204);
    assert_eq!(preflight.header("access-control-allow-methods"), "GET, HEAD");
    assert_eq!(preflight.header("access-control-allow-headers"), "if-none-match");
    assert_eq!(preflight.header("access-control-allow-origin"), "*");
    // Nothing else of the site is theirs to read.
    for path in
        ["/fr", "/fr/account", "/fr/account/sign-in", "/api/prose?lang=fr&page=Home", "/api/nothing", "/robots.txt"]
    {
        let answer = site.get(path).header("origin", "https://elsewhere.example").send().await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
    }
}

#[tokio::test]
async fn a_reference_is_the_same_in_the_api_and_in_its_files() {
    let site = Site::open().await;
    for path in
        ["/citations", "/citations?lang=en", "/citations/m4.2.s3?lang=en", "/citations/p1", "/citations/p1.obj.2"]
    {
        let citation = site.api(path).await;
        assert_eq!(citation["styles"].as_array().expect("styles").len(), 3);
        let page = citation["url"].as_str().expect("an address");
        for style in citation["styles"].as_array().expect("styles") {
            assert!(style["text"].as_str().expect("text").contains(page), "{path}: {style}");
        }
        for file in citation["files"].as_array().expect("files") {
            let path = site.below(&file["address"]);
            let answer = site.get(path).header("accept-encoding", "identity").send().await.is(200);
            assert_eq!(answer.header("content-type"), file["media_type"].as_str().expect("a type"));
            assert_eq!(answer.header("content-language"), citation["lang"].as_str().expect("a language"));
            assert_eq!(answer.header("link"), format!("<{page}>; rel=\"canonical\""));
            let extension = file["format"].as_str().expect("a format");
            let disposition = answer.header("content-disposition");
            assert!(disposition.ends_with(&format!(".{extension}\"")), "{disposition}");
            let whole = answer.text();
            match extension {
                "bib" => assert_eq!(citation["bibtex"], whole),
                "ris" => assert_eq!(citation["ris"], whole),
                "json" => assert_eq!(citation["csl"], answer.json()),
                _ => assert!(whole.contains(citation["styles"][0]["text"].as_str().expect("text"))),
            }
            let etag = answer.header("etag");
            for method in [Method::GET, Method::HEAD] {
                let again = site.ask(method, path).header("accept-encoding", "identity");
                again.header("if-none-match", &etag).send().await.is(304);
            }
        }
    }
}

#[tokio::test]
async fn references_are_files_and_no_pages() {
    let site = Site::open().await;
    for path in ["/fr/plan/m99.9/cite.bib", "/de/plan/cite.bib", "/fr/plan/m4.2/cite.doc", "/fr/cite.bib"] {
        site.get(path).browser().send().await.is(404);
    }
    let moved = site.get("/fr/plan/M4.2/cite.ris").send().await.is(301);
    assert_eq!(moved.header("location"), "/fr/plan/m4.2/cite.ris");
    assert_eq!(site.ask(Method::POST, "/fr/plan/cite.txt").send().await.is(405).header("allow"), "GET,HEAD");
    // Who takes one in the other language goes on reading in this one.
    let from = format!("http://{}/fr/plan/m4.2", site.addr);
    let other = site.get("/en/plan/m4.2/cite.txt").header("referer", &from).send().await.is(200);
    assert_eq!(other.header("set-cookie"), "");
    assert!(other.header("cache-control").starts_with("public"));
}

/// A quotation, posted as JSON.
fn quote(site: &Site, body: impl Into<axum::body::Bytes>) -> Ask {
    site.ask(Method::POST, "/api/v1/quote-check").header("content-type", "application/json").body(body)
}

#[tokio::test]
async fn a_quotation_is_held_against_the_text() {
    let site = Site::open().await;
    let paragraph = site.api("/paragraphs/m4.2").await;
    let sentence = paragraph["parts"][0]["text"].as_str().expect("a sentence").to_owned();
    let words: Vec<&str> = sentence.split(' ').collect();
    let altered = [&words[..3], &["jamais"], &words[3..]].concat().join(" ");
    let marked = format!("{} […] {}", words[..6].join(" "), words[9..].join(" "));
    for (quotation, verdict) in [
        (sentence.clone(), json!("exact")),
        (format!("« {} »", sentence.replace('’', "'")), json!("typography")),
        (marked, json!("marked")),
        (altered, json!("altered")),
        ("La lune est un fromage de Hollande que personne ne mange".to_owned(), json!("not_found")),
        ("…!".to_owned(), Value::Null),
    ] {
        let answer = quote(&site, json!({ "quotation": quotation }).to_string()).send().await.is(200);
        assert_eq!((answer.header("cache-control"), answer.header("etag")), ("no-store".to_owned(), String::new()));
        let check = answer.json();
        assert_eq!(check["verdict"], verdict, "{quotation}: {check}");
        assert_eq!(check["refused"].is_null(), !verdict.is_null());
        if let Some(found) = check["found"].get(0) {
            assert_eq!((&found["from"], &found["lang"]), (&json!("m4.2.s1"), &json!("fr")));
            let text = paragraph["text"].as_str().expect("text");
            let stretch = &found["stretches"][0];
            is_in(text, &json!({ "words": found["words"], "bytes": stretch["bytes"], "chars": stretch["chars"] }));
            site.get(site.below(&found["url"])).send().await.is(200);
        }
        // The same by its address, where it can be kept.
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", &quotation).finish();
        let by_address = site.get(&format!("/api/v1/quote-check?{query}")).send().await.is(200);
        assert_eq!(by_address.json(), check);
        assert!(!by_address.header("etag").is_empty());
    }
}

#[tokio::test]
async fn a_body_that_is_no_quotation_is_refused() {
    let site = Site::with(&[("BODY_LIMIT", "131072")]).await;
    for (body, status) in [
        ("", 400),
        ("quotation", 400),
        ("{\"quotation\": \"a\"", 400),
        ("{\"quotation\": \"\\ud800\"}", 400),
        ("null", 422),
        ("[]", 422),
        ("{}", 422),
        ("{\"quotation\": 1}", 422),
        ("{\"quotation\": \"\"}", 422),
        ("{\"quotation\": \"a\", \"quotation\": \"b\"}", 422),
        ("{\"quotation\": \"a\", \"lang\": \"fr\"}", 422),
    ] {
        let problem = quote(&site, body).send().await.is(status);
        assert_eq!(problem.header("content-type"), "application/problem+json", "{body}");
    }
    quote(&site, json!({ "quotation": "é".repeat(20_000) }).to_string()).send().await.is(200);
    quote(&site, json!({ "quotation": "é".repeat(20_001) }).to_string()).send().await.is(422);
    let large = quote(&site, vec![b' '; 131_073]).send().await.is(413);
    assert_eq!(large.header("content-type"), "application/problem+json");
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
        let ask = site.ask(Method::POST, "/api/v1/quote-check").header("content-type", kind).body("{}");
        assert_eq!(ask.send().await.is(415).header("content-type"), "application/problem+json");
    }
    let charset =
        site.ask(Method::POST, "/api/v1/quote-check").header("content-type", "Application/JSON; charset=utf-8");
    charset.body("{\"quotation\": \"OTAN\"}").send().await.is(200);
    let elsewhere =
        quote(&site, "{\"quotation\": \"OTAN\"}").header("origin", "https://elsewhere.example").send().await;
    let refused = elsewhere.is(403);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(refused.header("access-control-allow-origin"), "");
    let options = site.ask(Method::OPTIONS, "/api/v1/quote-check").send().await.is(204);
    assert_eq!(options.header("allow"), "GET, POST, HEAD, OPTIONS");
}

#[tokio::test]
async fn a_network_has_its_pace() {
    let site = Site::with(&[("API_LIMIT", "4"), ("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let from = |network: &str| site.get("/api/v1/plan").header("x-forwarded-for", network);
    for left in (0..4).rev() {
        let answer = from("192.0.2.1").send().await.is(200);
        assert_eq!(answer.header("ratelimit-policy"), "\"api\";q=4;w=60");
        assert!(
            answer.header("ratelimit").starts_with(&format!("\"api\";r={left};t=")),
            "{}",
            answer.header("ratelimit")
        );
        assert_eq!(answer.header("retry-after"), "");
    }
    let refused = from("192.0.2.1").send().await;
    let after: i64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=15).contains(&after));
    assert_eq!(refused.header("ratelimit"), format!("\"api\";r=0;t={after}"));
    let problem = refused.problem(429);
    assert_eq!(problem["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
    assert_eq!(problem["violated-policies"], json!(["api"]));
    from("192.0.2.2").send().await.is(200);
    // Of an IPv6 network one has as many addresses as one likes.
    for n in 0..4 {
        from(&format!("2001:db8:1:2::{n}")).send().await.is(200);
    }
    from("2001:db8:1:2:ffff::9").send().await.is(429);
    from("2001:db8:1:3::1").send().await.is(200);
    site.get("/fr/plan").header("x-forwarded-for", "192.0.2.1").send().await.is(200);
    site.clock.forward(after * 1000);
    from("192.0.2.1").send().await.is(200);
    from("192.0.2.1").send().await.is(429);
}

#[tokio::test]
async fn a_file_to_take_away_costs_more() {
    let site = Site::with(&[("API_LIMIT", "12")]).await;
    let ask = || site.get("/en/plan/m4.2.s1/data.csv").browser();
    for left in [7, 2] {
        let file = ask().send().await.is(200);
        assert!(file.header("ratelimit").starts_with(&format!("\"api\";r={left};t=")), "{}", file.header("ratelimit"));
    }
    // People are told so on a page, and read on.
    let refused = ask().send().await.is(429);
    assert_eq!(refused.header("content-type"), "text/html; charset=utf-8");
    assert!(refused.header("retry-after").parse::<u32>().expect("seconds") <= 15);
    site.get("/en/plan/m4.2").send().await.is(200);
    site.get("/api/v1/plan").send().await.is(200);
}

#[tokio::test]
async fn an_overload_is_told_in_the_apis_own_form() {
    let site = Site::with(&[("MAX_IN_FLIGHT", "1")]).await;
    let held = tokio::spawn(site.get("/test/held").send());
    site.gate.reached.notified().await;
    let busy = site.get("/api/v1/plan").browser().send().await;
    assert_eq!(busy.header("retry-after"), "5");
    busy.problem(503);
    site.gate.open.notify_one();
    held.await.expect("it ends").is(200);
}

#[tokio::test]
async fn the_page_explains_what_the_description_describes() {
    let site = Site::open().await;
    for (lang, said) in
        [("fr", "Les engagements qui répondent aux filtres"), ("en", "The commitments that answer the filters")]
    {
        let document = site.api(&format!("/openapi.json?lang={lang}")).await;
        assert!(document["openapi"].as_str().expect("a version").starts_with("3.1."));
        let answer = site.get(&format!("/{lang}/api")).browser().send().await.is(200);
        let page = answer.text();
        assert!(page.contains(said) && document.to_string().contains(said));
        for (path, methods) in document["paths"].as_object().expect("paths") {
            for (method, operation) in methods.as_object().expect("methods") {
                assert!(page.contains(&format!("<code>{} {path}</code>", method.to_uppercase())), "{path}");
                let id = operation["operationId"].as_str().expect("a name");
                assert!(page.contains(&format!("<h2 id=\"{id}\">")), "{id}");
                for parameter in operation["parameters"].as_array().expect("parameters") {
                    assert!(!parameter["description"].as_str().expect("a meaning").is_empty(), "{parameter}");
                }
            }
        }
        // Anchors lead somewhere.
        for anchor in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
        }
        // The examples are run as they stand.
        let commands: Vec<&str> =
            page.split("<code>curl ").skip(1).filter_map(|rest| rest.split("</code>").next()).collect();
        assert!(commands.len() >= 15, "{}", commands.len());
        for command in commands {
            let parts: Vec<String> =
                command.split('\'').map(|part| part.replace("&amp;", "&").replace("&quot;", "\"")).collect();
            let path = site.below(&json!(parts[1])).to_owned();
            let answer = match parts.get(5) {
                None => site.get(&path).send().await,
                Some(body) => {
                    let (name, value) = parts[3].split_once(": ").expect("a header");
                    site.ask(Method::POST, &path).header(name, value).body(body.clone()).send().await
                }
            };
            assert_eq!(answer.is(200).header("content-type"), "application/json", "{command}");
        }
    }
}

#[tokio::test]
async fn search_engines_find_the_page_and_leave_the_api_alone() {
    let site = Site::open().await;
    let robots = site.get("/robots.txt").send().await.text();
    assert!(robots.contains("Disallow: /api/\n"));
    assert!(robots.contains("Disallow: /fr/plan/*/data.\n"), "the files of sixty parts are not for crawlers");
    let map = site.get("/sitemap.xml").send().await.text();
    assert!(map.contains("/fr/api<") && map.contains("/en/api<") && !map.contains("/api/"));
}
