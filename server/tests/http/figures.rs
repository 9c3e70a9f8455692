//! Health, readiness and what Prometheus sees.

use super::site::Site;
use http::{Method, Request};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

impl Site {
    /// What Prometheus would read.
    pub(crate) async fn figures(&self) -> String {
        let stream = TcpStream::connect(self.metrics).await.expect("the metrics have a port of their own");
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("a connection");
        tokio::spawn(connection);
        let request = Request::get("/metrics").header("host", "metrics").body(Empty::<axum::body::Bytes>::new());
        let answer = sender.send_request(request.expect("a request")).await.expect("an answer");
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        String::from_utf8(body.to_vec()).expect("it is text")
    }
}

#[tokio::test]
async fn requests_are_counted_by_method_and_status() {
    let site = Site::open().await;
    for _ in 0..3 {
        site.get("/fr/about").send().await.is(200);
    }
    site.get("/nowhere").send().await.is(404);
    site.ask(Method::DELETE, "/fr").send().await.is(405);
    site.ask("FROBNICATE".parse().expect("a method"), "/fr").send().await.is(405);
    let figures = site.figures().await;
    for line in [
        "estafette_http_requests_total{method=\"GET\",status=\"200\"} 3",
        "estafette_http_requests_total{method=\"GET\",status=\"404\"} 1",
        "estafette_http_requests_total{method=\"DELETE\",status=\"405\"} 1",
        "estafette_http_requests_total{method=\"other\",status=\"405\"} 1",
        "estafette_http_request_duration_seconds_count 6",
        "estafette_http_requests_in_flight 0",
        "estafette_page_cache_total{result=\"hit\"} 2",
    ] {
        assert!(figures.lines().any(|l| l == line), "{line} is not in\n{figures}");
    }
}

#[tokio::test]
async fn letters_and_what_happens_to_accounts_are_counted() {
    let site = Site::open().await;
    let mut ada = site.person();
    ada.joins("ada@example.org").await;
    // Letters leave beside the answers.
    let mut figures = site.figures().await;
    for _ in 0..100 {
        if figures.contains("outcome=\"kept\"") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        figures = site.figures().await;
    }
    for line in [
        "estafette_account_events_total{event=\"register_begun\"} 1",
        "estafette_account_events_total{event=\"account_opened\"} 1",
        "estafette_letters_queued_total{kind=\"verify\"} 1",
        "estafette_letters_total{outcome=\"kept\",kind=\"verify\"} 1",
    ] {
        assert!(figures.lines().any(|l| l == line), "{line} is not in\n{figures}");
    }
    assert!(!figures.contains("ada"), "nobody is named");
}

#[tokio::test]
async fn the_figures_are_not_on_the_public_port() {
    let site = Site::open().await;
    site.get("/metrics").send().await.is(404);
}

#[tokio::test]
async fn the_program_says_that_it_lives_and_is_ready() {
    let site = Site::open().await;
    for path in ["/healthz", "/readyz"] {
        let answer = site.get(path).send().await.is(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("etag"), "");
    }
}
