//! Too large, too slow, too many.

use super::site::Site;
use http::Method;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn a_form_has_its_size() {
    let site = Site::with(&[("BODY_LIMIT", "2048")]).await;
    let echo = |bytes: usize| site.ask(Method::POST, "/test/echo").browser().body(vec![b'x'; bytes]);
    assert_eq!(echo(2048).send().await.is(200).body.len(), 2048);
    let answer = echo(2049).send().await.is(413);
    assert_eq!(answer.header("content-language"), "fr");
    assert_eq!(echo(4096).header("accept-language", "en").send().await.is(413).header("content-language"), "en");
}

#[tokio::test]
async fn a_form_without_an_announced_length_has_its_size_too() {
    let site = Site::with(&[("BODY_LIMIT", "2048")]).await;
    let mut stream = TcpStream::connect(site.addr).await.expect("the server listens");
    let head = "POST /test/echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(format!("{head}900\r\n{}\r\n0\r\n\r\n", "x".repeat(0x900)).as_bytes()).await.expect("sent");
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn a_form_that_does_not_come_is_not_waited_for() {
    let site = Site::with(&[("READ_TIMEOUT", "1")]).await;
    let mut stream = TcpStream::connect(site.addr).await.expect("the server listens");
    let head = "POST /test/echo HTTP/1.1\r\nhost: x\r\naccept: text/html\r\ncontent-length: 5\r\n\r\nab";
    stream.write_all(head.as_bytes()).await.expect("sent");
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("content-language: fr"), "{answer}");
}

#[tokio::test]
async fn a_head_that_does_not_end_is_not_waited_for() {
    let site = Site::with(&[("READ_TIMEOUT", "1")]).await;
    let mut stream = TcpStream::connect(site.addr).await.expect("the server listens");
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await.expect("sent");
    let began = Instant::now();
    rest(&mut stream).await;
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let site = Site::with(&[("IDLE_TIMEOUT", "1")]).await;
    let mut stream = TcpStream::connect(site.addr).await.expect("the server listens");
    let began = Instant::now();
    assert_eq!(rest(&mut stream).await, "");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn work_that_takes_too_long_is_given_up() {
    let site = Site::with(&[("REQUEST_TIMEOUT", "1")]).await;
    let answer = site.get("/test/held").browser().header("accept-language", "en").send().await.is(504);
    assert_eq!(answer.header("content-language"), "en");
}

#[tokio::test]
async fn whoever_comes_when_it_is_full_is_asked_to_come_back() {
    let site = Site::with(&[("MAX_IN_FLIGHT", "1")]).await;
    site.get("/fr").send().await.is(200);
    let first = tokio::spawn(site.get("/test/held").send());
    site.gate.reached.notified().await;
    for lang in ["en", "fr"] {
        let answer = site.get(&format!("/{lang}/plan?anew")).browser().send().await.is(503);
        assert_eq!(answer.header("content-language"), lang);
        assert!(answer.header("retry-after").parse::<u32>().is_ok());
    }
    // What lies ready is given away all the same, and so is the word on our health.
    for path in ["/fr", "/favicon.svg", "/healthz", "/readyz"] {
        site.get(path).send().await.is(200);
    }
    site.gate.open.notify_one();
    first.await.expect("it ran").is(200);
    site.get("/fr/plan?anew").send().await.is(200);
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A reset is an end as well.
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut text)).await.expect("it ends");
    String::from_utf8_lossy(&text).into_owned()
}
