//! Where files are kept in these tests: a folder, and a bucket of a real S3 server behind a line that can be cut.

use server::{media::vault::Vault, settings::Settings};
use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A folder of a test's own, gone with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("delivery-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn vault(folder: &Folder, more: &[(&str, &str)]) -> Vault {
    let data = [("ESTAFETTE_DATA", folder.0.to_str().unwrap())];
    let environment = data.iter().chain(more).map(|(name, value)| ((*name).into(), (*value).into()));
    Vault::open(&Settings::load(None, environment.collect::<Vec<_>>()).unwrap()).unwrap()
}

/// The S3 server of this run. It ends when its input does, which is when this program does.
fn s3() -> SocketAddr {
    static RUNNING: OnceLock<(Child, SocketAddr)> = OnceLock::new();
    let start = || {
        let modules = env::var("S3_PYTHONPATH").expect("scripts/test.sh says where moto is: S3_PYTHONPATH");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/delivery/s3.py");
        let mut python = Command::new("python3");
        python.arg(script).env("PYTHONPATH", modules).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = python.spawn().unwrap();
        let mut port = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
        (server, SocketAddr::from(([127, 0, 0, 1], port.trim().parse().unwrap())))
    };
    RUNNING.get_or_init(start).1
}

/// A line to the S3 server that lets so many bytes pass in each direction and then is cut.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) addr: SocketAddr,
    left: Arc<[AtomicU64; 2]>,
    pub(crate) requests: Arc<AtomicU32>,
}

const THERE: usize = 0;
const BACK: usize = 1;

impl Line {
    async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let left = Arc::new([u64::MAX, u64::MAX].map(AtomicU64::new));
        let line = Self { addr: listener.local_addr().unwrap(), left, requests: Arc::default() };
        let own = line.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(server).await else { return };
                let (near, far) = (near.into_split(), far.into_split());
                tokio::spawn(own.clone().pass(near.0, far.1, THERE));
                tokio::spawn(own.clone().pass(far.0, near.1, BACK));
            }
        });
        line
    }

    async fn pass(self, mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin, direction: usize) {
        let mut buffer = vec![0; 16 << 10];
        while let Ok(read @ 1..) = from.read(&mut buffer).await {
            let take = |left: u64| (left != u64::MAX).then(|| left.saturating_sub(read as u64)).or(Some(left));
            let left = self.left[direction].try_update(Ordering::SeqCst, Ordering::SeqCst, take).unwrap();
            let starts = |method: &str| buffer[..read].starts_with(method.as_bytes());
            if direction == THERE && ["GET ", "PUT ", "POST ", "HEAD ", "DELETE "].into_iter().any(starts) {
                self.requests.fetch_add(1, Ordering::SeqCst);
            }
            if left < read as u64 || to.write_all(&buffer[..read]).await.is_err() {
                return;
            }
        }
    }

    /// Cuts it after so many bytes to the server.
    pub(crate) fn cut_there_after(&self, bytes: u64) {
        self.left[THERE].store(bytes, Ordering::SeqCst);
    }

    /// Cuts it after so many bytes from the server.
    pub(crate) fn cut_back_after(&self, bytes: u64) {
        self.left[BACK].store(bytes, Ordering::SeqCst);
    }

    pub(crate) fn mend(&self) {
        self.left.iter().for_each(|left| left.store(u64::MAX, Ordering::SeqCst));
    }
}

/// A bucket of a test's own.
pub(crate) struct Bucket {
    pub(crate) line: Line,
    pub(crate) name: String,
}

impl Bucket {
    pub(crate) async fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("footage-{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let bucket = Self { line: Line::to(s3()).await, name };
        let made = bucket.ask("PUT", "").await;
        assert!(made.starts_with("HTTP/1.1 200"), "{made}");
        bucket
    }

    /// What the server says to a request of the test's own.
    pub(crate) async fn ask(&self, method: &str, query: &str) -> String {
        let mut server = TcpStream::connect(s3()).await.unwrap();
        let head = "Host: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\
            Authorization: AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request\r\n\r\n";
        server.write_all(format!("{method} /{}{query} HTTP/1.1\r\n{head}", self.name).as_bytes()).await.unwrap();
        let mut said = String::new();
        server.read_to_string(&mut said).await.unwrap();
        said
    }

    pub(crate) fn vault(&self, folder: &Folder) -> Vault {
        let url = format!("s3://{}/a/b", self.name);
        let endpoint = format!("http://{}", self.line.addr);
        let keys = [("MEDIA_S3_ACCESS_KEY", "key"), ("MEDIA_S3_SECRET_KEY", "secret")];
        vault(folder, &[&keys[..], &[("MEDIA_URL", &url), ("MEDIA_S3_ENDPOINT", &endpoint)]].concat())
    }
}
