//! Any ranges of a file and of a clip, against the bytes in memory.

use crate::{
    films::{film, index, together},
    places::{Folder, vault},
};
use axum::response::Response;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use proptest::{
    collection::vec,
    prelude::{Strategy, prop_oneof},
    test_runner::{Config, TestRunner},
};
use server::media::{
    delivery::{Deliverable, deliver},
    vault::Vault,
};
use std::fs;

/// As it is written, and which bytes it means.
#[derive(Clone, Debug)]
enum Spec {
    From(u64),
    FromTo(u64, u64),
    Last(u64),
}

impl Spec {
    fn text(&self) -> String {
        match self {
            Spec::From(first) => format!("{first}-"),
            Spec::FromTo(first, last) => format!("{first}-{last}"),
            Spec::Last(count) => format!("-{count}"),
        }
    }

    fn holds(&self, byte: u64, of: u64) -> bool {
        match *self {
            Spec::From(first) => byte >= first,
            Spec::FromTo(first, last) => first <= byte && byte <= last,
            Spec::Last(count) => byte + count >= of,
        }
    }

    fn bytes(&self, all: &[u8]) -> Vec<u8> {
        let numbered = (0..).zip(all).filter(|(number, _)| self.holds(*number, all.len() as u64));
        numbered.map(|(_, byte)| *byte).collect()
    }
}

fn specs(around: u64) -> impl Strategy<Value = Vec<Spec>> {
    let at = 0..around + around / 4;
    let short = (at.clone(), 0..around / 8).prop_map(|(first, more)| Spec::FromTo(first, first + more));
    let one = prop_oneof![
        4 => short,
        1 => at.clone().prop_map(Spec::From),
        1 => (at.clone(), at.clone()).prop_map(|(a, b)| Spec::FromTo(a.min(b), a.max(b))),
        1 => at.prop_map(Spec::Last),
    ];
    vec(one, 1..6)
}

async fn asked(vault: &Vault, what: &Deliverable, specs: &[Spec]) -> Response {
    let list = specs.iter().map(Spec::text).collect::<Vec<_>>().join(", ");
    let request = Request::builder().header("range", format!("bytes={list}")).body(()).unwrap();
    deliver(vault, what, &request.into_parts().0).await
}

/// The bytes of an answer, each piece let go before the next is asked for, as a socket does.
async fn bytes(response: Response) -> Vec<u8> {
    let length: usize = response.headers()["content-length"].to_str().unwrap().parse().unwrap();
    let mut body = response.into_body();
    let mut all = Vec::new();
    while let Some(frame) = body.frame().await {
        all.extend_from_slice(&frame.unwrap().into_data().unwrap());
    }
    assert_eq!(all.len(), length, "the length that was announced");
    all
}

/// The parts of `multipart/byteranges`: what each says of itself, and its bytes.
fn parts(kind: &str, mut body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let boundary = kind.strip_prefix("multipart/byteranges; boundary=").unwrap();
    let open = format!("\r\n--{boundary}\r\n");
    let mut all = Vec::new();
    while let Some(rest) = body.strip_prefix(open.as_bytes()) {
        let end = rest.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = str::from_utf8(&rest[..end]).unwrap();
        assert!(head.contains("Content-Type: video/mp4\r\n"), "{head}");
        let said = head.lines().find_map(|line| line.strip_prefix("Content-Range: bytes ")).unwrap();
        let (range, _) = said.split_once('/').unwrap();
        let (first, last) = range.split_once('-').unwrap();
        let length = last.parse::<usize>().unwrap() + 1 - first.parse::<usize>().unwrap();
        let content = &rest[end + 4..];
        all.push((said.to_owned(), content[..length].to_vec()));
        body = &content[length..];
    }
    assert_eq!(body, format!("\r\n--{boundary}--\r\n").as_bytes());
    all
}

async fn holds(vault: &Vault, what: &Deliverable, all: &[u8], specs: &[Spec]) {
    let response = asked(vault, what, specs).await;
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let there: Vec<_> = specs.iter().map(|spec| spec.bytes(all)).filter(|bytes| !bytes.is_empty()).collect();
    let twice =
        (0..all.len() as u64).any(|byte| specs.iter().filter(|spec| spec.holds(byte, all.len() as u64)).count() > 1);
    match &there[..] {
        [] => {
            assert_eq!(response.status(), StatusCode::RANGE_NOT_SATISFIABLE);
            assert_eq!(header("content-range"), Some(format!("bytes */{}", all.len())));
            assert!(response.into_body().collect().await.unwrap().to_bytes().is_empty());
        }
        [only] => {
            assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
            let said = header("content-range").unwrap();
            assert!(bytes(response).await == *only);
            let first: usize = said.strip_prefix("bytes ").unwrap().split('-').next().unwrap().parse().unwrap();
            assert_eq!(said, format!("bytes {first}-{}/{}", first + only.len() - 1, all.len()));
            assert!(all[first..].starts_with(only));
        }
        _ if twice => {
            assert_eq!(response.status(), StatusCode::OK);
            assert!(bytes(response).await == all);
        }
        several => {
            assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
            let kind = header("content-type").unwrap();
            assert_eq!(header("content-range"), None);
            let parts = parts(&kind, &bytes(response).await);
            assert!(parts.iter().map(|(_, bytes)| bytes).eq(several));
            for (said, bytes) in parts {
                let first: usize = said.split('-').next().unwrap().parse().unwrap();
                assert_eq!(said, format!("{first}-{}/{}", first + bytes.len() - 1, all.len()));
                assert!(all[first..].starts_with(&bytes));
            }
        }
    }
}

fn any_ranges(what: &Deliverable, vault: &Vault, all: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&specs(all.len() as u64), |specs| {
        runtime.block_on(holds(vault, what, all, &specs));
        Ok(())
    });
    tried.unwrap_or_else(|failed| panic!("{failed}"));
}

#[test]
fn any_ranges_of_a_file() {
    let folder = Folder::new();
    let vault = vault(&folder, &[]);
    let all = crate::noise(300_000);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let stored = runtime.block_on(vault.put_bytes(all.clone())).unwrap();
    any_ranges(&Deliverable::file(stored.sha256, stored.bytes, "video/mp4"), &vault, &all);
}

#[test]
fn any_ranges_of_a_clip() {
    let folder = Folder::new();
    let vault = vault(&folder, &[]);
    let film = film(&folder);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let stored = runtime.block_on(vault.put(&film)).unwrap();
    let clip = index(&film).clip(&(30..71)).unwrap();
    assert!(clip.extents().len() > 1, "several extents");
    let all = together(&clip, &fs::read(&film).unwrap());
    any_ranges(&Deliverable::clip(stored.sha256, clip, "video/mp4"), &vault, &all);
}
