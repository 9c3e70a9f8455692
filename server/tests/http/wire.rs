//! HTTP/1.1, HTTP/2, TLS, and the end.

use super::site::{Answer, Folder, Site};
use axum::body::Bytes;
use http::{Request, Version};
use http_body_util::Full;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::{net::SocketAddr, process::Command, sync::Arc, time::Duration};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

#[tokio::test]
async fn both_versions_of_http_are_spoken_on_one_port() {
    let site = Site::open().await;
    for path in ["/fr/plan", "/fr/plan?utm=1", "/favicon.svg"] {
        assert_eq!(site.get(path).send().await.is(200).version, Version::HTTP_11);
        assert_eq!(site.get(path).send_over_http2().await.is(200).version, Version::HTTP_2);
    }
}

#[tokio::test]
async fn a_slow_request_is_finished_before_the_end_and_no_new_one_begun() {
    let site = Site::open().await;
    let (addr, gate) = (site.addr, Arc::clone(&site.gate));
    let slow = tokio::spawn(site.get("/test/held").send());
    gate.reached.notified().await;
    let closed = tokio::spawn(site.close());
    while TcpStream::connect(addr).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!closed.is_finished(), "the door is shut, but someone is still served");
    gate.open.notify_one();
    assert_eq!(slow.await.expect("it ran").is(200).text(), "slow but sure");
    closed.await.expect("and then it ends");
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let site = Site::with(&[("SHUTDOWN_TIMEOUT", "1")]).await;
    // A connection in the middle of a request that never ends.
    let mut stream = TcpStream::connect(site.addr).await.expect("the server listens");
    tokio::io::AsyncWriteExt::write_all(
        &mut stream,
        b"POST /test/echo HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n",
    )
    .await
    .expect("sent");
    tokio::time::sleep(Duration::from_millis(200)).await;
    tokio::time::timeout(Duration::from_secs(5), site.close()).await.expect("it ends in time");
}

/// A folder with a certificate for localhost and its key, made by the `openssl` command.
fn certified(name: &str) -> (Folder, [(&'static str, String); 2]) {
    let folder = Folder::new();
    let path = |file: &str| folder.0.join(file).to_str().expect("UTF-8").to_owned();
    let (cert, key) = (path("cert.pem"), path("key.pem"));
    certify(name, &cert, &key);
    (folder, [("TLS_CERT", cert), ("TLS_KEY", key)])
}

fn certify(name: &str, cert: &str, key: &str) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        .args(["-subj", &format!("/CN={name}"), "-addext", &format!("subjectAltName=DNS:{name}")])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", cert])
        .output()
        .expect("the openssl command is installed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

async fn over_tls(addr: SocketAddr, cert: &str, name: &'static str, alpn: &[&str]) -> Option<Answer> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(cert).expect("a certificate")).expect("a root");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let stream = TcpStream::connect(addr).await.expect("the server listens");
    let name = ServerName::try_from(name).expect("a name");
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()?;
    let request = Request::get(format!("https://localhost{}", "/fr")).header("host", "localhost");
    let request = request.body(Full::<Bytes>::default()).expect("a request");
    let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let io = TokioIo::new(stream);
    let response = if http2 {
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.expect("a connection");
        tokio::spawn(connection);
        sender.send_request(request).await
    } else {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.expect("a connection");
        tokio::spawn(connection);
        let (mut parts, body) = request.into_parts();
        parts.uri = "/fr".parse().expect("a path");
        sender.send_request(Request::from_parts(parts, body)).await
    };
    Some(Answer::of(response.expect("an answer")).await)
}

#[tokio::test]
async fn tls_is_spoken_with_a_certificate() {
    let (folder, files) = certified("localhost");
    let settings: Vec<(&str, &str)> = files.iter().map(|(name, file)| (*name, file.as_str())).collect();
    let site = Site::with_folder(&settings, folder).await;
    for (alpn, version) in [(&["h2", "http/1.1"][..], Version::HTTP_2), (&["http/1.1"][..], Version::HTTP_11)] {
        let answer = over_tls(site.addr, &files[0].1, "localhost", alpn).await.expect("a handshake").is(200);
        assert_eq!(answer.version, version);
        assert!(answer.header("strict-transport-security").starts_with("max-age="));
        assert!(answer.header("content-security-policy").contains("upgrade-insecure-requests"));
    }
}
