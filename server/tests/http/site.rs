//! A site of a test's own, and a visitor to it.

use axum::{
    Router,
    body::Bytes,
    routing::{get, post},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use server::{
    clock::{Clock, SystemClock},
    http::Server,
    settings::{Database, Settings},
};
use std::{
    ffi::OsString,
    fs,
    io::Read,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
};
use tokio::{
    net::TcpStream,
    sync::{Notify, oneshot},
    task::JoinHandle,
};

/// A folder with a built site, a file of each kind, and room for data; removed when dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("estafette-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(std::env::temp_dir().join(name));
        folder.write("pkg/estafette.js", "export default () => {};\n".repeat(200).as_bytes());
        folder.write("pkg/estafette.9fTgcHcU3mo-3e8mJd1F9w.css", "p { color: red }\n".repeat(200).as_bytes());
        folder.write("pkg/estafette.AAAAcHcU3mo-3e8mJd1F9w.wasm", "\0asm\u{1}\0\0\0 wasm".repeat(200).as_bytes());
        folder.write("fonts/sans.a051c01ac8.woff2", b"wOF2");
        folder.write("favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>".repeat(50).as_bytes());
        folder.write("manifest.webmanifest", b"{}");
        folder.write(".hidden", b"not for visitors");
        folder
    }

    pub(crate) fn site(&self) -> PathBuf {
        self.0.join("site")
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.site().join(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("the temporary folder can be written");
        fs::write(path, bytes).expect("the temporary folder can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The machine's clock, which a test can put forward.
#[derive(Default)]
pub(crate) struct Ahead(AtomicI64);

impl Ahead {
    /// Puts it forward by so many ms.
    pub(crate) fn forward(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for Ahead {
    fn now(&self) -> i64 {
        SystemClock.now() + self.0.load(Ordering::SeqCst)
    }
}

/// The real server on a port of its own.
pub(crate) struct Site {
    pub(crate) addr: SocketAddr,
    pub(crate) metrics: SocketAddr,
    pub(crate) folder: Folder,
    pub(crate) gate: Arc<Gate>,
    pub(crate) clock: Arc<Ahead>,
    pub(crate) database: Database,
    stop: oneshot::Sender<()>,
    running: JoinHandle<std::io::Result<()>>,
}

impl Site {
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    /// With settings as the environment would give them.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        Self::with_folder(settings, Folder::new()).await
    }

    pub(crate) async fn with_folder(settings: &[(&str, &str)], folder: Folder) -> Self {
        let (built, data) = (folder.site(), folder.0.join("data"));
        let usual = [
            ("ESTAFETTE_DATA", data.to_str().expect("UTF-8")),
            ("ESTAFETTE_ADDR", "127.0.0.1:0"),
            ("METRICS_ADDR", "127.0.0.1:0"),
            ("ESTAFETTE_SITE", built.to_str().expect("UTF-8")),
            // Tests ask more often than anybody may.
            ("API_LIMIT", "1000000"),
        ];
        let variables = usual.iter().chain(settings).map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let gate = Arc::<Gate>::default();
        let settings = Settings::load(None, variables).expect("the settings are good");
        let database = settings.database.clone();
        let clock = Arc::<Ahead>::default();
        let routes = troubles(Arc::clone(&gate));
        let server = Server::with_routes(settings, routes, Arc::clone(&clock) as _).await.expect("the server opens");
        let addr = server.address().rsplit('/').next().and_then(|addr| addr.parse().ok()).expect("an address");
        let metrics = server.metrics_addr().expect("there are metrics");
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async move { drop(stopped.await) }));
        Self { addr, metrics, folder, gate, clock, database, stop, running }
    }

    /// Tells the server to stop and waits until it has.
    pub(crate) async fn close(self) {
        drop(self.stops().await);
    }

    /// The same; what it leaves is there for another.
    pub(crate) async fn stops(self) -> Folder {
        let _ = self.stop.send(());
        self.running.await.expect("it does not panic").expect("it ends well");
        self.folder
    }

    pub(crate) fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> Ask {
        self.ask_as(&self.addr.to_string(), method, path)
    }

    /// Under a name that the request claims.
    pub(crate) fn ask_as(&self, host: &str, method: Method, path: &str) -> Ask {
        let request = Request::builder().method(method).uri(path).header("host", host);
        Ask { addr: self.addr, request, body: Bytes::new() }
    }
}

/// A door in the middle of a request: a test knows when someone stands before it, and opens it.
#[derive(Default)]
pub(crate) struct Gate {
    pub(crate) reached: Notify,
    pub(crate) open: Notify,
}

/// What a test needs to go wrong. Not part of the product.
fn troubles(gate: Arc<Gate>) -> Router {
    let held = move || async move {
        gate.reached.notify_one();
        gate.open.notified().await;
        "slow but sure"
    };
    Router::new()
        .route("/test/panic", get(|| async { panics() }))
        .route("/test/held", get(held))
        .route("/test/echo", post(|body: Bytes| async move { body }))
}

fn panics() -> &'static str {
    panic!("as it was asked to")
}

/// A request in the making.
pub(crate) struct Ask {
    addr: SocketAddr,
    request: http::request::Builder,
    body: Bytes,
}

impl Ask {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// As a browser that wants a page.
    pub(crate) fn browser(self) -> Self {
        self.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) async fn send(self) -> Answer {
        let stream = TcpStream::connect(self.addr).await.expect("the server listens");
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("a connection");
        tokio::spawn(connection);
        let request = self.request.body(Full::new(self.body)).expect("a request");
        Answer::of(sender.send_request(request).await.expect("an answer")).await
    }

    /// Over HTTP/2 without TLS, by prior knowledge.
    pub(crate) async fn send_over_http2(self) -> Answer {
        let stream = TcpStream::connect(self.addr).await.expect("the server listens");
        let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.expect("a connection");
        tokio::spawn(connection);
        let request = self.request.body(Full::new(self.body)).expect("a request");
        let (mut parts, body) = request.into_parts();
        let absolute = format!("http://{}{}", self.addr, parts.uri);
        parts.uri = absolute.parse().expect("an address");
        parts.headers.remove("host");
        Answer::of(sender.send_request(Request::from_parts(parts, body)).await.expect("an answer")).await
    }
}

/// An answer, whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) async fn of(response: http::Response<hyper::body::Incoming>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Self { status: parts.status, version: parts.version, headers: parts.headers, body }
    }

    /// A header's value; several of one name are joined. Empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> String {
        let name: HeaderName = name.parse().expect("a header's name");
        let text = |value: &HeaderValue| value.to_str().expect("ASCII").to_owned();
        self.headers.get_all(name).iter().map(text).collect::<Vec<_>>().join(", ")
    }

    /// The body's text, decompressed.
    pub(crate) fn text(&self) -> String {
        let mut text = Vec::new();
        match self.header("content-encoding").as_str() {
            "" => text.extend_from_slice(&self.body),
            "br" => brotli::BrotliDecompress(&mut &*self.body, &mut text).expect("it is brotli"),
            "gzip" => drop(flate2::read::GzDecoder::new(&*self.body).read_to_end(&mut text).expect("it is gzip")),
            other => panic!("{other} was not asked for"),
        }
        String::from_utf8(text).expect("it is UTF-8")
    }

    /// Asserts the status and goes on.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{:?}\n{}", self.headers, String::from_utf8_lossy(&self.body));
        self
    }
}
