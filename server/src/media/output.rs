//! Files that appear whole or not at all.

use clip::{Clip, Piece};
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// Bytes copied before others get a turn.
const TURN: u64 = 8 << 20;

/// A folder beside a file to be made, on the same disk; it is gone when this is.
pub(crate) struct Beside(PathBuf);

impl Beside {
    /// # Errors
    /// The folder cannot be written.
    pub(crate) fn of(file: &Path) -> io::Result<Self> {
        let mut name = OsString::from(".");
        name.push(file.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        let folder = file.with_file_name(name);
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    /// A file in it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Puts one of its files in place, once the disk has it.
    ///
    /// # Errors
    /// The disk is full, or something lies there by now.
    pub(crate) fn put(&self, made: &Path, place: &Path) -> io::Result<()> {
        File::open(made)?.sync_all()?;
        if place.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(made, place)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // What cannot be removed has been told of by whatever failed before.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Writes a clip of `source` as a file.
///
/// # Errors
/// The source ends early or cannot be read; the disk is full.
pub(crate) async fn write(clip: &Clip, source: &mut File, to: &Path) -> io::Result<()> {
    let mut out = File::create_new(to)?;
    for piece in clip.pieces(0..clip.len()) {
        let extent = match piece {
            Piece::Bytes(bytes) => {
                out.write_all(bytes)?;
                continue;
            }
            Piece::Source(extent) => extent,
        };
        source.seek(SeekFrom::Start(extent.start))?;
        let mut left = extent.len;
        while left > 0 {
            let copied = io::copy(&mut source.take(left.min(TURN)), &mut out)?;
            if copied == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            left -= copied;
            // Whoever wants to stop it is heard.
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}
