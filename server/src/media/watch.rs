//! The watched folder: what lies in it and does not change any more is taken in.
//!
//! Beside `NAME.mp4` may lie `NAME.toml` (or `.json`), its metadata, and `NAME.fr.srt` or `.vtt`, its captions. What was
//! taken in moves to `taken/`; what was refused to `refused/`, with the reason in `NAME.reason.txt`.

use super::{
    intake::{self, NotTaken, Offer, Taken},
    metadata::{Language, Metadata},
    vault::Vault,
};
use crate::{clock::Clock, store::Store};
use ::plan::Document;
use std::{
    collections::HashMap,
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::time::Instant;

/// How often one looks.
const LOOK: Duration = Duration::from_secs(1);
/// A file that stays as it is for that long has been copied to its end.
const SETTLED: Duration = Duration::from_secs(4);
/// The pauses after something failed that is not the file's fault.
const FIRST_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
const TAKEN: &str = "taken";
const REFUSED: &str = "refused";
/// While it is locked, another instance watches.
const LOCK: &str = ".estafette.lock";
/// What goes with a film, or is not one yet.
const BESIDE: [&str; 8] = ["toml", "json", "srt", "vtt", "txt", "part", "tmp", "crdownload"];

/// Who watches a folder.
pub(crate) struct Watcher {
    pub(crate) folder: PathBuf,
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) plan: Arc<Document>,
}

/// A film and what lies beside it.
struct Arrived {
    film: PathBuf,
    metadata: Option<PathBuf>,
    captions: Vec<(Language, PathBuf)>,
}

/// Whether it still changes, and when to look at it again.
struct Seen {
    state: Vec<(u64, SystemTime)>,
    since: Instant,
    not_before: Instant,
    pause: Duration,
}

impl Watcher {
    /// Watches until `stop`.
    pub(crate) async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let watching = async {
            let mut seen = HashMap::new();
            let mut lock = None;
            let mut pause = LOOK;
            loop {
                match self.look(&mut lock, &mut seen).await {
                    Ok(()) => pause = LOOK,
                    Err(error) => {
                        pause = (pause * 2).min(LONGEST_PAUSE);
                        tracing::error!(folder = %self.folder.display(), %error, "the watched folder cannot be used");
                    }
                }
                tokio::time::sleep(pause).await;
            }
        };
        tokio::select! {
            () = &mut stop => {}
            () = watching => {}
        }
    }

    /// Looks once.
    async fn look(&self, lock: &mut Option<File>, seen: &mut HashMap<PathBuf, Seen>) -> io::Result<()> {
        if lock.is_none() {
            fs::create_dir_all(&self.folder)?;
            let file = File::create(self.folder.join(LOCK))?;
            if file.try_lock().is_err() {
                return Ok(());
            }
            *lock = Some(file);
        }
        let arrived = arrived(&self.folder)?;
        seen.retain(|film, _| arrived.iter().any(|one| one.film == *film));
        for one in arrived {
            let state = one.state()?;
            let now = Instant::now();
            let known = seen.entry(one.film.clone()).or_insert_with(|| Seen {
                state: Vec::new(),
                since: now,
                not_before: now,
                pause: FIRST_PAUSE,
            });
            if known.state != state {
                (known.state, known.since) = (state, now);
            }
            if now - known.since < SETTLED || now < known.not_before {
                continue;
            }
            match self.take(&one).await {
                Ok(taken) => {
                    let (Taken::New { number, .. } | Taken::Known { number, .. }) = &taken;
                    let known = matches!(taken, Taken::Known { .. });
                    tracing::info!(number, known, "taken in from the watched folder");
                    one.move_to(&self.folder.join(TAKEN), None)?;
                    seen.remove(&one.film);
                }
                Err(NotTaken::Refused(why)) => {
                    tracing::warn!(file = %one.film.display(), why, "refused from the watched folder");
                    one.move_to(&self.folder.join(REFUSED), Some(&why))?;
                    seen.remove(&one.film);
                }
                Err(error) => {
                    tracing::error!(file = %one.film.display(), %error, "not taken in, to be tried again");
                    known.not_before = Instant::now() + known.pause;
                    known.pause = (known.pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        Ok(())
    }

    async fn take(&self, one: &Arrived) -> Result<Taken, NotTaken> {
        let metadata = one.metadata.as_deref().map(|file| {
            let text = fs::read_to_string(file)?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            Metadata::read(&text, &self.plan).map_err(|bad| NotTaken::Refused(format!("{name}: {bad}")))
        });
        let metadata = metadata.transpose()?;
        let offer = Offer { file: &one.film, metadata: metadata.as_ref(), captions: &one.captions };
        intake::take_in(&self.store, &self.vault, &*self.clock, &offer).await
    }
}

/// The films in a folder.
fn arrived(folder: &Path) -> io::Result<Vec<Arrived>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type()?.is_file() && !hidden {
            files.push(entry.path());
        }
    }
    files.sort();
    let ending = |file: &Path| file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let films = files.iter().filter(|file| !ending(file).is_some_and(|ending| BESIDE.contains(&&*ending)));
    Ok(films
        .map(|film| {
            let stem = film.file_stem().unwrap_or_default();
            let metadata = |file: &&PathBuf| {
                file.file_stem() == Some(stem)
                    && ending(file).is_some_and(|ending| ["toml", "json"].contains(&&*ending))
            };
            let captions = |file: &PathBuf| {
                let captions = ending(file).is_some_and(|ending| ["srt", "vtt"].contains(&&*ending));
                let name = Path::new(file.file_stem()?);
                let language = name.extension()?.to_str()?.parse().ok()?;
                (captions && name.file_stem() == Some(stem)).then(|| (language, file.clone()))
            };
            Arrived {
                film: film.clone(),
                metadata: files.iter().find(metadata).cloned(),
                captions: files.iter().filter_map(captions).collect(),
            }
        })
        .collect())
}

impl Arrived {
    fn all(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.film].into_iter().chain(&self.metadata).chain(self.captions.iter().map(|(_, file)| file))
    }

    /// Lengths and times of change.
    fn state(&self) -> io::Result<Vec<(u64, SystemTime)>> {
        self.all()
            .map(|file| {
                let about = fs::metadata(file)?;
                Ok((about.len(), about.modified()?))
            })
            .collect()
    }

    /// Moves all of it, under names that are not taken there; the film last, so that an interrupted move is done again.
    fn move_to(&self, folder: &Path, reason: Option<&str>) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let stem = self.film.file_stem().unwrap_or_default();
        let named = |file: &Path, turn: u32| {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let ending = name.strip_prefix(&*stem.to_string_lossy()).unwrap_or(&name).to_owned();
            let mut renamed = OsString::from(stem);
            if turn > 1 {
                renamed.push(format!("-{turn}"));
            }
            renamed.push(ending);
            folder.join(renamed)
        };
        let note = self.film.with_file_name({
            let mut name = OsString::from(stem);
            name.push(".reason.txt");
            name
        });
        let mut turn = 1;
        while self.all().chain([&note]).any(|file| named(file, turn).exists()) {
            turn += 1;
        }
        if let Some(reason) = reason {
            fs::write(named(&note, turn), format!("{reason}\n"))?;
        }
        let mut all: Vec<_> = self.all().collect();
        all.reverse();
        all.into_iter().try_for_each(|file| fs::rename(file, named(file, turn)))
    }
}
