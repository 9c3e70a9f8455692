//! Folders for what is being made. Nothing in them outlives whoever makes it: what a killed program left is removed by
//! the next one.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// The folder of this process, under `working` in the program's data.
pub(crate) struct Working {
    folder: PathBuf,
    name: String,
    /// While it is locked, its owner lives.
    _alive: File,
}

impl Working {
    /// Makes one, and removes those of the dead, whose names are told.
    ///
    /// # Errors
    /// The data folder cannot be written.
    pub(crate) fn of(data: &Path) -> io::Result<(Self, Vec<String>)> {
        let all = data.join("working");
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&all)?;
        // Nobody looks at a folder that is just being made.
        let turn = File::create(all.join("lock"))?;
        turn.lock()?;
        let dead = remove_dead(&all)?;
        let random = getrandom::u64().map_err(io::Error::other)?;
        let name = format!("{random:016x}");
        let folder = all.join(&name);
        fs::create_dir(&folder)?;
        let alive = File::create(folder.join("lock"))?;
        alive.lock()?;
        Ok((Self { folder, name, _alive: alive }, dead))
    }

    /// What it is called, and with it its owner.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A folder for one piece of work.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn folder(&self) -> io::Result<Piece> {
        let random = getrandom::u64().map_err(io::Error::other)?;
        let folder = self.folder.join(format!("{random:016x}"));
        fs::create_dir(&folder)?;
        Ok(Piece(folder))
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        // What stays is removed by the next one.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn remove_dead(all: &Path) -> io::Result<Vec<String>> {
    let mut dead = Vec::new();
    for entry in fs::read_dir(all)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            continue;
        }
        let lives = File::open(entry.path().join("lock")).is_ok_and(|lock| lock.try_lock().is_err());
        if !lives {
            fs::remove_dir_all(entry.path())?;
            dead.extend(entry.file_name().into_string());
        }
    }
    Ok(dead)
}

/// A folder that is gone when its work is.
pub(crate) struct Piece(PathBuf);

impl Piece {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        // What stays goes with the process.
        let _ = fs::remove_dir_all(&self.0);
    }
}
