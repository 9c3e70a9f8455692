//! Full disks, buckets that go away, uploads that break off.

use crate::{
    places::{Bucket, Folder, vault},
    reader::{get, serve},
};
use server::media::delivery::Deliverable;
use std::{
    env, fs,
    process::Command,
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_goes_away_breaks_the_connection() {
    let (folder, bucket) = (Folder::new(), Bucket::new().await);
    let vault = bucket.vault(&folder);
    let all = crate::noise(12 << 20);
    let stored = vault.put_bytes(all.clone()).await.unwrap();
    let addr = serve(&vault, Deliverable::file(stored.sha256, stored.bytes, "video/mp4")).await;
    bucket.line.cut_back_after(3 << 20);
    let answer = get(addr, "").await;
    assert_eq!((answer.status, answer.length()), (200, all.len()));
    let got = answer.rest().await;
    assert!(got.len() < all.len() && all.starts_with(&got), "{} bytes", got.len());
    let began = Instant::now();
    assert_eq!(get(addr, "").await.status, 503, "it is away before anything is said");
    assert!(began.elapsed() < Duration::from_secs(40));
    bucket.line.mend();
    assert!(get(addr, "").await.rest().await == all, "and here again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_is_seen_by_nobody() {
    let (folder, bucket) = (Folder::new(), Bucket::new().await);
    let vault = bucket.vault(&folder);
    let film = folder.file("film");
    let all = crate::noise(20 << 20);
    fs::write(&film, &all).unwrap();
    bucket.line.cut_there_after(10 << 20);
    let error = vault.put(&film).await.unwrap_err().to_string();
    assert!(error.starts_with("the bucket of the media store: ") && !error.contains('\n'), "{error}");
    bucket.line.mend();
    let listed = bucket.ask("GET", "?list-type=2").await;
    assert!(listed.contains("<KeyCount>0</KeyCount>") || !listed.contains("<Key>"), "{listed}");
    assert!(bucket.ask("GET", "?uploads").await.contains("<UploadId>"), "what was begun could not be taken back");
    assert_eq!(fs::read_dir(folder.file("media-uploads")).unwrap().count(), 1, "so it is noted");
    vault.clear_unfinished(Duration::ZERO).await.unwrap();
    assert!(!bucket.ask("GET", "?uploads").await.contains("<UploadId>"));
    assert_eq!(fs::read_dir(folder.file("media-uploads")).unwrap().count(), 0);
    assert_eq!(vault.put(&film).await.unwrap().bytes, all.len() as u64, "and it can be stored now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_written_to_is_not_stored() {
    let (folder, bucket) = (Folder::new(), Bucket::new().await);
    let vault = bucket.vault(&folder);
    let film = folder.file("film");
    fs::write(&film, crate::noise(20 << 20)).unwrap();
    let putting = tokio::spawn({
        let (vault, film) = (vault.clone(), film.clone());
        async move { vault.put(&film).await }
    });
    // The upload has begun, and its end was not read yet.
    while !bucket.ask("GET", "?uploads").await.contains("<UploadId>") {
        assert!(!putting.is_finished());
    }
    fs::File::options().write(true).open(&film).unwrap().set_len(100).unwrap();
    let error = putting.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("changed while it was stored"), "{error}");
    assert!(!bucket.ask("GET", "?list-type=2").await.contains("<Key>"));
    assert!(!bucket.ask("GET", "?uploads").await.contains("<UploadId>"));
}

/// This program again, where no file may grow beyond a megabyte: to it, that is a full disk.
#[test]
fn a_full_disk_leaves_nothing() {
    const WITHIN: &str = "TEST_ON_A_FULL_DISK";
    let name = "trouble::a_full_disk_leaves_nothing";
    if env::var_os(WITHIN).is_none() {
        let script = format!("trap '' XFSZ; ulimit -f 1024; exec \"$0\" --exact {name}");
        let mut limited = Command::new("bash");
        limited.arg("-c").arg(script).arg(env::current_exe().unwrap()).env(WITHIN, "yes");
        let output = limited.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let folder = Folder::new();
    let vault = vault(&folder, &[]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(vault.put_bytes(crate::noise(3 << 20))).unwrap_err().to_string();
    assert!(error.contains("media/unfinished/put-") && error.contains("too large"), "{error}");
    assert_eq!(fs::read_dir(folder.file("media/unfinished")).unwrap().count(), 0);
    assert!(!folder.file("media/sha256").exists());
    runtime.block_on(vault.put_bytes(crate::noise(1000))).unwrap();
}
