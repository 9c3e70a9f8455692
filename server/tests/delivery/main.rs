//! Files and clips handed out: from a folder and from a bucket, to fast readers and slow ones, whole and in ranges.
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod conditions;
mod films;
mod places;
mod ranges;
mod reader;
#[path = "../support/films.rs"]
mod support;
mod trouble;

use axum::body::Bytes;
use places::{Bucket, Folder, vault};
use reader::{get, serve, serve_straight};
use server::media::delivery::Deliverable;
use std::{
    fs,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

/// Bytes of which no run is like another.
fn noise(count: usize) -> Bytes {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..count.div_ceil(8)).flat_map(|_| next()).take(count).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_and_a_bucket_give_the_same() {
    let (folder, bucket) = (Folder::new(), Bucket::new().await);
    // Several parts of an upload, the last one short.
    let all = noise((20 << 20) + 17);
    let file = folder.file("film");
    fs::write(&file, &all).unwrap();
    for vault in [vault(&folder, &[]), bucket.vault(&folder)] {
        let stored = vault.put(&file).await.unwrap();
        assert_eq!(stored, vault.put(&file).await.unwrap());
        assert_eq!(vault.size(&stored.sha256).await.unwrap(), Some(all.len() as u64));
        let what = Deliverable::file(stored.sha256, stored.bytes, "video/mp4");
        let addr = serve(&vault, what.clone()).await;
        for addr in [addr, serve_straight(&vault, what).await] {
            let whole = get(addr, "").await;
            assert_eq!((whole.status, whole.length()), (200, all.len()));
            assert!(whole.rest().await == all);
            let part = get(addr, "Range: bytes=9000000-18000000\r\n").await;
            assert_eq!((part.status, part.length()), (206, 9_000_001));
            assert!(part.rest().await == all[9_000_000..=18_000_000]);
        }
        let small = vault.put_bytes(Bytes::from_static(b"WEBVTT")).await.unwrap();
        assert_eq!(vault.bytes(&small.sha256, 100).await.unwrap(), "WEBVTT");
        let local = vault.local(&stored.sha256, &folder.0).await.unwrap();
        assert!(fs::read(&*local).unwrap() == all);
        drop(local);
        vault.delete(&stored.sha256).await.unwrap();
        assert_eq!(vault.size(&stored.sha256).await.unwrap(), None);
        assert_eq!(get(addr, "").await.status, 503, "what has gone cannot be delivered");
    }
    let left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("fetched")), "copies go: {left:?}");
    assert_eq!(fs::read_dir(folder.file("media-uploads")).unwrap().count(), 0, "so do the notes of uploads");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_slow_reader_and_one_fast_get_all_bytes() {
    let (folder, bucket) = (Folder::new(), Bucket::new().await);
    let all = noise(6 << 20);
    for vault in [vault(&folder, &[]), bucket.vault(&folder)] {
        let stored = vault.put_bytes(all.clone()).await.unwrap();
        let what = Deliverable::file(stored.sha256, stored.bytes, "video/mp4");
        let addr = serve(&vault, what.clone()).await;
        for addr in [addr, serve_straight(&vault, what).await] {
            let slow = tokio::spawn({
                let all = all.clone();
                async move {
                    let mut answer = get(addr, "").await;
                    let mut got = Vec::new();
                    while got.len() < all.len() {
                        got.extend(answer.some((256 << 10).min(all.len() - got.len())).await);
                        tokio::time::sleep(Duration::from_millis(40)).await;
                    }
                    assert!(got == all && answer.rest().await.is_empty());
                    Instant::now()
                }
            });
            let fast = get(addr, "").await;
            assert!(fast.rest().await == all);
            let fast = Instant::now();
            assert!(slow.await.unwrap() > fast, "nobody waits for the slow one");
        }
    }
}

/// On one connection one answer follows another, and each has its own bytes.
#[tokio::test(flavor = "multi_thread")]
async fn answers_on_one_connection_do_not_mix() {
    let folder = Folder::new();
    let vault = vault(&folder, &[]);
    let all = noise(3 << 20);
    let stored = vault.put_bytes(all.clone()).await.unwrap();
    let addr = serve_straight(&vault, Deliverable::file(stored.sha256, stored.bytes, "video/mp4")).await;
    let ranges = [(0, 9), (1_000_000, 2_500_000), (17, 17), (2_000_000, 3_145_727)];
    // All asked for before the first is read.
    let mut stream = tokio::net::TcpStream::connect(addr).await.unwrap();
    for (first, last) in ranges {
        let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\nRange: bytes={first}-{last}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
    }
    let mut stream = BufReader::new(stream);
    for (first, last) in ranges {
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).await.unwrap();
        }
        let mut got = vec![0; last - first + 1];
        stream.read_exact(&mut got).await.unwrap();
        assert!(got == all[first..=last]);
    }
}

/// A file that is damaged while it is handed out ends its answer early: what comes is right as far as it goes.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_shrinks_breaks_the_connection() {
    let folder = Folder::new();
    let vault = vault(&folder, &[]);
    let all = noise(32 << 20);
    let stored = vault.put_bytes(all.clone()).await.unwrap();
    let what = Deliverable::file(stored.sha256, stored.bytes, "video/mp4");
    let addr = serve(&vault, what.clone()).await;
    let mut begun = [get(addr, "").await, get(serve_straight(&vault, what).await, "").await];
    for answer in &mut begun {
        assert!(answer.some(1000).await == all[..1000]);
    }
    let lies_at = vault.local(&stored.sha256, &folder.0).await.unwrap();
    fs::File::options().write(true).open(&*lies_at).unwrap().set_len(30 << 20).unwrap();
    for answer in begun {
        let rest = answer.rest().await;
        assert!(rest.len() < all.len() - 1000 && rest == all[1000..1000 + rest.len()]);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn slow_readers_cost_little_memory() {
    const READERS: usize = 100;
    let resident = || {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap()
    };
    let folder = Folder::new();
    let vault = vault(&folder, &[]);
    let all = noise(32 << 20);
    let stored = vault.put_bytes(all.clone()).await.unwrap();
    let what = Deliverable::file(stored.sha256, stored.bytes, "video/mp4");
    let addr = serve(&vault, what.clone()).await;
    for addr in [addr, serve_straight(&vault, what).await] {
        let before = resident();
        let mut readers = Vec::new();
        for _ in 0..READERS {
            let mut answer = get(addr, "").await;
            assert!(answer.some(1000).await == all[..1000]);
            readers.push(answer);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let each = resident().saturating_sub(before) / READERS;
        // A piece is 64 KB, and the reader is in this process too. What it was to hold, unsent, is 32 MB.
        assert!(each < 256, "{each} kB for each");
        let last = readers.pop().unwrap();
        assert!(last.rest().await == all[1000..]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_bucket_what_lies_close_together_is_asked_for_at_once() {
    let (folder, bucket) = (Folder::new(), Bucket::new().await);
    let vault = bucket.vault(&folder);
    let all = noise(3 << 20);
    let of = vault.put_bytes(all.clone()).await.unwrap().sha256;
    let ranges: Vec<_> = (0..20).map(|n| n * 1000..n * 1000 + 500).chain(std::iter::once(2 << 20..3 << 20)).collect();
    let before = bucket.line.requests.load(Ordering::SeqCst);
    let mut reading = vault.read_all(&of, ranges.clone()).await.unwrap();
    let mut got = Vec::new();
    while let Some(piece) = reading.next().await {
        got.extend_from_slice(&piece.unwrap());
    }
    let wanted: Vec<_> = ranges.into_iter().flat_map(|range| &all[range.start as usize..range.end as usize]).collect();
    assert!(got.iter().eq(wanted));
    assert_eq!(bucket.line.requests.load(Ordering::SeqCst) - before, 2);
}
