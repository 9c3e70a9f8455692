//! Clips of films whose frames show their number.

use crate::{
    places::{Bucket, Folder, vault},
    reader::{get, serve_straight},
    support::{self, numbers},
};
use clip::{Clip, Index, Piece};
use server::media::delivery::{Deliverable, Indexes};
use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
    sync::Arc,
};

pub(crate) fn film(folder: &Folder) -> PathBuf {
    let made = folder.file("film.mp4");
    support::film(&made);
    made
}

pub(crate) fn index(film: &Path) -> Index {
    Index::read(&mut BufReader::new(File::open(film).unwrap())).unwrap()
}

/// A clip as bytes.
pub(crate) fn together(clip: &Clip, source: &[u8]) -> Vec<u8> {
    let bytes = |piece| match piece {
        Piece::Bytes(bytes) => bytes.to_vec(),
        Piece::Source(extent) => source[extent.start as usize..][..extent.len as usize].to_vec(),
    };
    clip.pieces(0..clip.len()).flat_map(bytes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_fetched_in_ranges_shows_exactly_its_frames() {
    let (folder, bucket) = (Folder::new(), Bucket::new().await);
    let film = film(&folder);
    for vault in [vault(&folder, &[]), bucket.vault(&folder)] {
        let stored = vault.put(&film).await.unwrap();
        let packed = vault.put_bytes(index(&film).encode().into()).await.unwrap();
        let indexes = Indexes::new(vault.clone(), 1 << 20);
        let index = indexes.get(&packed.sha256).await.unwrap();
        assert!(Arc::ptr_eq(&index, &indexes.get(&packed.sha256).await.unwrap()), "read once");
        let clip = index.clip(&(30..71)).unwrap();
        let addr = serve_straight(&vault, Deliverable::clip(stored.sha256, clip, "video/mp4").named("clip.mp4")).await;
        // Broken off and gone on with, as a download manager does.
        let mut begun = get(addr, "").await;
        let (length, tag) = (begun.length(), begun.headers["etag"].clone());
        let mut all = begun.some(length / 3).await;
        drop(begun);
        while all.len() < length {
            let last = (all.len() + 9999).min(length - 1);
            let part = get(addr, &format!("Range: bytes={}-{last}\r\nIf-Range: {tag}\r\n", all.len())).await;
            assert_eq!(part.status, 206);
            all.extend(part.rest().await);
        }
        let put_together = folder.file("clip.mp4");
        fs::write(&put_together, &all).unwrap();
        assert_eq!(numbers(&put_together), (30..71).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn indexes_are_kept_within_bounds() {
    let folder = Folder::new();
    let vault = vault(&folder, &[]);
    let index = index(&film(&folder));
    let packed = vault.put_bytes(index.encode().into()).await.unwrap();
    let none = vault.put_bytes("no index".into()).await.unwrap();
    let indexes = Indexes::new(vault.clone(), 10);
    let first = indexes.get(&packed.sha256).await.unwrap();
    assert!(!Arc::ptr_eq(&first, &indexes.get(&packed.sha256).await.unwrap()), "too large to be kept");
    let refused = indexes.get(&none.sha256).await.err().unwrap().to_string();
    assert!(refused.contains("not a stored index"), "{refused}");
}
