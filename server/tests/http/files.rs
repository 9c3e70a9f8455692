//! What is served as it stands.

use super::site::{Answer, Folder, Site};
use std::time::Duration;

/// The answer in a coding, once the background has made it.
async fn compressed(site: &Site, path: &str, coding: &str) -> Answer {
    for _ in 0..100 {
        let answer = site.get(path).header("accept-encoding", coding).send().await.is(200);
        if answer.header("content-encoding") == coding {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} never came in {coding}");
}

#[tokio::test]
async fn every_file_has_its_type_and_its_time() {
    let site = Site::open().await;
    let (forever, day) = ("public, max-age=31536000, immutable", "public, max-age=86400");
    for (path, kind, keep) in [
        ("/pkg/estafette.9fTgcHcU3mo-3e8mJd1F9w.css", "text/css; charset=utf-8", forever),
        ("/pkg/estafette.AAAAcHcU3mo-3e8mJd1F9w.wasm", "application/wasm", forever),
        ("/pkg/estafette.js", "text/javascript; charset=utf-8", "public, max-age=0, must-revalidate"),
        ("/fonts/sans.a051c01ac8.woff2", "font/woff2", forever),
        ("/favicon.svg", "image/svg+xml", day),
        ("/manifest.webmanifest", "application/manifest+json", day),
    ] {
        let answer = site.get(path).send().await.is(200);
        assert_eq!(
            (answer.header("content-type").as_str(), answer.header("cache-control").as_str()),
            (kind, keep),
            "{path}"
        );
        let etag = answer.header("etag");
        site.get(path).header("if-none-match", &etag).send().await.is(304);
    }
}

#[tokio::test]
async fn files_are_compressed_where_it_pays() {
    let site = Site::open().await;
    for coding in ["br", "gzip"] {
        for path in ["/pkg/estafette.AAAAcHcU3mo-3e8mJd1F9w.wasm", "/favicon.svg"] {
            let plain = site.get(path).send().await.is(200);
            let small = compressed(&site, path, coding).await;
            assert!(small.body.len() < plain.body.len() && small.text() == plain.text());
            assert_eq!(small.header("vary"), "accept-encoding");
        }
    }
    let font = site.get("/fonts/sans.a051c01ac8.woff2").header("accept-encoding", "br").send().await.is(200);
    assert_eq!((font.header("content-encoding"), font.header("vary")), (String::new(), String::new()));
}

#[tokio::test]
async fn what_was_compressed_when_it_was_built_is_taken_as_it_is() {
    let folder = Folder::new();
    folder.write("icon.svg", "<svg/>".repeat(100).as_bytes());
    folder.write("icon.svg.br", b"made elsewhere");
    let site = Site::with_folder(&[], folder).await;
    let answer = site.get("/icon.svg").header("accept-encoding", "br").send().await.is(200);
    assert_eq!((answer.header("content-encoding").as_str(), &*answer.body), ("br", &b"made elsewhere"[..]));
    site.get("/icon.svg.br").send().await.is(404);
}

#[tokio::test]
async fn nothing_beside_the_site_is_served() {
    let site = Site::open().await;
    let outside = site.folder.0.join("secret");
    std::fs::write(&outside, "secret").expect("the temporary folder can be written");
    let name = outside.file_name().and_then(|name| name.to_str()).expect("UTF-8");
    for path in [
        format!("/../{name}"),
        format!("/pkg/../../{name}"),
        format!("/%2e%2e/{name}"),
        "/.hidden".to_owned(),
        "/pkg".to_owned(),
    ] {
        site.get(&path).send().await.is(404);
    }
    std::fs::remove_file(outside).expect("it was just written");
}

#[tokio::test]
async fn robots_are_told_where_the_map_is() {
    let site = Site::with(&[("PUBLIC_URL", "https://estafette.example.org")]).await;
    let robots = site.get("/robots.txt").send().await.is(200).text();
    assert!(robots.starts_with("User-agent: *\n"));
    assert!(robots.contains("\nSitemap: https://estafette.example.org/sitemap.xml\n"));
}

#[tokio::test]
async fn the_map_names_every_page_in_every_language_and_each_is_there() {
    let site = Site::with(&[("PUBLIC_URL", "https://estafette.example.org")]).await;
    let map = site.get("/sitemap.xml").send().await.is(200);
    assert_eq!(map.header("content-type"), "application/xml");
    let text = map.text();
    let xml = roxmltree::Document::parse(&text).expect("it is well-formed");
    let urls: Vec<_> = xml.root_element().children().filter(roxmltree::Node::is_element).collect();
    assert!(urls.len() >= 10 && urls.iter().all(|url| url.tag_name().name() == "url"));
    let mut places = Vec::new();
    for url in &urls {
        let place = url.children().find(|node| node.tag_name().name() == "loc").and_then(|loc| loc.text());
        let place = place.and_then(|place| place.strip_prefix("https://estafette.example.org")).expect("an address");
        let alternates: Vec<_> = url
            .children()
            .filter(|node| node.tag_name().name() == "link")
            .filter_map(|link| Some((link.attribute("hreflang")?, link.attribute("href")?)))
            .collect();
        assert_eq!(alternates.iter().map(|(lang, _)| *lang).collect::<Vec<_>>(), ["fr", "en", "x-default"]);
        assert!(alternates.iter().any(|(_, href)| href.ends_with(place)), "a page is among its own alternates");
        places.push(place.to_owned());
    }
    assert!(["/fr", "/en", "/fr/plan", "/en/about"].iter().all(|page| places.iter().any(|place| place == page)));
    for place in places.iter().step_by(7) {
        site.get(place).send().await.is(200);
    }
}
