//! The text to take away: the files over HTTP.

use super::site::{Answer, Site};
use http::Method;
use plan::{
    Lang, content,
    export::{Format, file_name, offers},
};
use std::{io::Write, process::Command};

const PUBLIC: (&str, &str) = ("PUBLIC_URL", "https://press.example.org");
/// Tests take away more than anyone.
const MUCH: (&str, &str) = ("API_LIMIT", "1000000");

#[tokio::test]
async fn every_format_of_the_whole_and_of_a_part_is_there_in_both_languages() {
    let site = Site::with(&[PUBLIC, MUCH]).await;
    let document = content::load(Lang::Fr);
    for slug in [None, Some("p2"), Some("m4"), Some("m4.2"), Some("m4.2.s3"), Some("p1.obj.2")] {
        for offer in offers(&document, slug) {
            let answer = site.get(&offer.path).send().await.is(200);
            let path = &offer.path;
            assert_eq!(answer.header("content-type"), offer.format.media_type(), "{path}");
            assert_eq!(answer.header("content-language"), offer.lang.tag(), "{path}");
            let disposition = format!("attachment; filename=\"{}\"", offer.file_name);
            assert_eq!(answer.header("content-disposition"), disposition, "{path}");
            assert_eq!(answer.header("cache-control"), "public, max-age=0, must-revalidate", "{path}");
            let page = path.rsplit_once("/data.").map(|(page, _)| page).unwrap_or_default();
            let link = answer.header("link");
            assert!(link.contains(&format!("<https://press.example.org{page}>; rel=\"canonical\"")), "{link}");
            let other = path.replacen(offer.lang.tag(), offer.lang.other().tag(), 1);
            assert!(link.contains(&format!("<https://press.example.org{other}>; rel=\"alternate\"")), "{link}");
            assert!(answer.header("etag").starts_with('"') && answer.header("set-cookie").is_empty());
            let begins: &[u8] = match offer.format {
                Format::Pdf => b"%PDF-1.7",
                Format::Epub => b"PK\x03\x04",
                Format::Markdown => b"# ",
                Format::Xml => b"<?xml",
                Format::JsonLd => b"{\n  \"@context\": \"https://schema.org\"",
                Format::Csv => "\u{feff}slug,".as_bytes(),
            };
            assert!(answer.body.starts_with(begins), "{path}");
        }
    }
}

#[tokio::test]
async fn a_file_that_is_known_already_is_not_sent_again_and_head_says_what_get_would() {
    let site = Site::with(&[MUCH]).await;
    for path in ["/fr/plan/data.pdf", "/en/plan/data.md", "/fr/plan/m4.2/data.xml", "/en/plan/m4.2/data.epub"] {
        for coding in ["identity", "gzip", "br"] {
            let ask = |method| site.ask(method, path).header("accept-encoding", coding);
            let get = ask(Method::GET).send().await.is(200);
            let head = ask(Method::HEAD).send().await.is(200);
            assert!(head.body.is_empty() && !get.body.is_empty());
            for name in ["content-length", "etag", "content-type", "content-disposition", "vary", "content-encoding"] {
                assert_eq!(head.header(name), get.header(name), "{path} {coding} {name}");
            }
            assert_eq!(get.header("content-length"), get.body.len().to_string());
            let known = ask(Method::GET).header("if-none-match", &get.header("etag")).send().await.is(304);
            assert!(known.body.is_empty());
            assert_eq!(known.header("etag"), get.header("etag"));
        }
    }
}

#[tokio::test]
async fn text_is_sent_compressed_and_means_the_same() {
    let site = Site::open().await;
    for path in ["/fr/plan/data.csv", "/fr/plan/m4/data.jsonld"] {
        let answer =
            async |coding: &str| -> Answer { site.get(path).header("accept-encoding", coding).send().await.is(200) };
        let (plain, gzip, brotli) = (answer("identity").await, answer("gzip").await, answer("br").await);
        assert_eq!([gzip.header("content-encoding"), brotli.header("content-encoding")], ["gzip", "br"]);
        assert!(plain.text() == gzip.text() && plain.text() == brotli.text());
        assert!(brotli.body.len() < plain.body.len() / 2);
        assert_eq!(plain.header("vary"), "accept-encoding");
    }
}

#[tokio::test]
async fn an_address_in_another_spelling_leads_to_the_file_s_own() {
    let site = Site::open().await;
    for (asked, own) in
        [("/fr/plan/M4.2/data.pdf", "/fr/plan/m4.2/data.pdf"), ("/en/plan/%C2%B620/data.md", "/en/plan/m4.2/data.md")]
    {
        assert_eq!(site.get(asked).send().await.is(301).header("location"), own);
        site.get(own).send().await.is(200);
    }
}

#[tokio::test]
async fn what_is_not_there_is_the_site_s_own_missing_page() {
    let site = Site::open().await;
    for path in [
        "/fr/plan/data.docx",
        "/fr/plan/data.PDF",
        "/fr/plan/m9/data.pdf",
        "/fr/plan/m4.2/data.docx",
        "/fr/plan/m4.2/data",
        "/fr/plan/m4.2/other.pdf",
        "/de/plan/data.pdf",
        "/fra/plan/m4.2/data.pdf",
        "/plan/data.pdf",
        "/fr/plan/search/data.pdf",
    ] {
        let answer = site.get(path).browser().send().await.is(404);
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(answer.text().contains("</html>"), "{path}");
    }
    let refused = site.ask(Method::POST, "/fr/plan/data.pdf").send().await.is(405);
    assert_eq!(refused.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn a_file_in_the_other_language_changes_nobody_s_language() {
    let site = Site::open().await;
    let from = format!("http://{}/fr/plan", site.addr);
    let file = site.get("/en/plan/data.csv").header("referer", &from).send().await.is(200);
    assert_eq!(file.header("set-cookie"), "");
    let page = site.get("/en/plan").header("referer", &from).send().await.is(200);
    assert!(page.header("set-cookie").starts_with("lang=en"));
}

#[tokio::test]
async fn the_addresses_in_a_file_are_answered() {
    let site = Site::with(&[PUBLIC, MUCH]).await;
    let text = site.get("/en/plan/data.csv").send().await.is(200).text();
    let mut addresses: Vec<&str> = text.split(',').filter_map(|cell| cell.strip_prefix(PUBLIC.1)).collect();
    addresses.dedup();
    assert!(addresses.len() > 70);
    for path in addresses.iter().step_by(9) {
        site.get(path).send().await.is(200);
    }
}

#[tokio::test]
async fn many_who_ask_at_once_get_one_file() {
    let site = Site::open().await;
    let asked: Vec<_> = (0..20).map(|_| tokio::spawn(site.get("/en/plan/data.pdf").send())).collect();
    let mut tags = Vec::new();
    for answer in asked {
        tags.push(answer.await.expect("it ran").is(200).header("etag"));
    }
    tags.dedup();
    assert_eq!(tags.len(), 1);
}

#[tokio::test]
async fn a_pdf_comes_whole_over_the_wire() {
    let site = Site::open().await;
    let answer = site.get("/en/plan/m4/data.pdf").send().await.is(200);
    let name = file_name(&content::load(Lang::En), Lang::En, Some("m4"), Format::Pdf);
    assert!(answer.header("content-disposition").ends_with(&format!("\"{name}\"")));
    let file = site.folder.0.join(name);
    std::fs::File::create(&file).and_then(|mut file| file.write_all(&answer.body)).expect("the folder can be written");
    let read = Command::new("pdftotext").arg("-raw").arg(&file).arg("-").output();
    let read = read.expect("pdftotext runs: scripts/setup.sh test installs it");
    let text = String::from_utf8_lossy(&read.stdout);
    assert!(read.status.success() && text.contains("Defence Industrial Production Board"), "{text}");
    assert!(text.contains("Unofficial translation"));
}
