//! `estafette media`.

use super::{
    desk::{Common, Desk, Stop, Told, columns, confirm, iso, table, work},
    say,
};
use crate::{
    clock::{Clock, SystemClock, to_the_minute},
    media::{
        intake::{self, NotTaken, Offer, Taken},
        metadata::{self, Language, Metadata, Number},
        probe::Details,
        vault::{Sha256, Stored, UNNAMED, Vault, VaultError},
        worker::Workshop,
    },
    plans::Published,
    secrets::Secrets,
    settings::Settings,
    store::{
        Store,
        media::{Video, VideoFile, Work},
    },
    takeaway,
};
use ::plan::{Document, Lang};
use app::plan::contract::Plans;
use clap::{Args, Subcommand};
use futures_util::StreamExt;
use serde_json::{Value, json};
use sha2::Digest;
use std::{
    fs,
    io::{self, IsTerminal, Read, Write},
    path::{Path, PathBuf},
    pin::pin,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

/// How often one looks how far others are.
const LOOK: Duration = Duration::from_millis(300);

/// What `media` may be told.
#[derive(Debug, Args)]
pub struct Media {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Takes footage in; `serve` makes the rest of it, or this command with --wait
    Add(Add),
    /// Lists videos, the newest first
    List {
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        /// From the one behind this number on
        #[arg(long, value_name = "NUMBER", value_parser = Number::parse)]
        after: Option<Number>,
    },
    /// Shows a video, its files and what is still to be done for it
    Show {
        #[command(flatten)]
        which: Which,
        /// Prints what editors say of it, as the file that `edit` reads (TOML; JSON with --json)
        #[arg(long)]
        metadata: bool,
    },
    /// Says something else of a video
    Edit {
        #[command(flatten)]
        which: Which,
        /// The file that takes the place of what was said; `-` for standard input
        #[arg(long, value_name = "FILE", required_unless_present = "captions")]
        metadata: Option<PathBuf>,
        /// Captions to add, or to put in the place of those in that language
        #[arg(long, value_name = "LANG=FILE", value_parser = captions)]
        captions: Vec<(Language, PathBuf)>,
    },
    /// Shows a video to nobody any more; it can be restored
    Withdraw {
        #[command(flatten)]
        which: Which,
        /// The reason, for the editors
        #[arg(long, value_name = "TEXT")]
        why: String,
        /// The reason as those who took it are told, each by a letter
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// Shows a withdrawn video again
    Restore(Which),
    /// Removes a video and all its files
    Delete {
        #[command(flatten)]
        which: Which,
        /// Does not ask
        #[arg(long)]
        yes: bool,
    },
    /// Reads all files again and compares their hashes; lists those that belong to nothing
    Verify {
        /// Of these videos only
        #[arg(value_name = "NUMBER", value_parser = Number::parse)]
        numbers: Vec<Number>,
        /// Removes files that have lain in the media store for an hour and belong to nothing
        #[arg(long, conflicts_with = "numbers")]
        clear: bool,
        /// Does not ask
        #[arg(long, requires = "clear")]
        yes: bool,
    },
}

#[derive(Debug, Args)]
struct Which {
    /// The video's number
    #[arg(value_parser = Number::parse)]
    number: Number,
}

#[derive(Debug, Args)]
struct Add {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What editors say of it (TOML or JSON); of one file only
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// Captions in a language, SubRip or WebVTT; of one file only
    #[arg(long, value_name = "LANG=FILE", value_parser = captions)]
    captions: Vec<(Language, PathBuf)>,
    /// Makes what is to be made, and ends when it is done
    #[arg(long)]
    wait: bool,
    /// Leaves out what was taken in once and deleted
    #[arg(long)]
    unless_deleted: bool,
}

/// `fr=FILE`
fn captions(text: &str) -> Result<(Language, PathBuf), String> {
    let (language, file) = text.split_once('=').ok_or("captions are given as LANG=FILE, such as fr=film.srt")?;
    Ok((language.parse()?, file.into()))
}

/// Does what is asked with videos.
pub fn run(media: &Media) -> ExitCode {
    work(&media.common, async |settings| {
        let desk = Desk::open(&settings).await?;
        let vault = Vault::open(&settings)?;
        let counter = Counter { settings: &settings, store: &desk.store, secrets: &desk.secrets, vault, now: desk.now };
        let told = match &media.action {
            Action::Add(add) => counter.add(add, media.common.json).await,
            Action::List { limit, after } => counter.list(*limit, after.as_ref()).await,
            Action::Show { which, metadata } => counter.show(&which.number, *metadata).await,
            Action::Edit { which, metadata, captions } => {
                counter.edit(&which.number, metadata.as_deref(), captions).await
            }
            Action::Withdraw { which, why, reason } => counter.withdraw(&which.number, why, reason).await,
            Action::Restore(which) => counter.restore(&which.number).await,
            Action::Delete { which, yes } => counter.delete(&which.number, *yes).await,
            Action::Verify { numbers, clear, yes } => {
                counter.verify(numbers, clear.then_some(*yes), media.common.json).await
            }
        };
        desk.store.close().await;
        told
    })
}

/// Where videos are handed over.
struct Counter<'a> {
    settings: &'a Settings,
    store: &'a Store,
    secrets: &'a Secrets,
    vault: Vault,
    now: i64,
}

/// `2 files that belong to nothing (123 bytes)`
fn counted(unnamed: &[Stored]) -> String {
    let files =
        if unnamed.len() == 1 { "1 file that belongs" } else { &format!("{} files that belong", unnamed.len()) };
    format!("{files} to nothing ({} bytes)", unnamed.iter().map(|file| file.bytes).sum::<u64>())
}

/// What was refused has its own code.
fn stop(error: NotTaken) -> Stop {
    match error {
        NotTaken::Refused(why) => Stop::refused(why),
        error => error.into(),
    }
}

/// What was done with one file of several.
struct Outcome {
    text: String,
    json: Value,
    /// The video it is now.
    video: Option<i64>,
    /// Whether its fault or the machine's.
    stopped: Option<Stop>,
}

impl Counter<'_> {
    fn plan(&self) -> Result<Arc<Document>, Stop> {
        let folder = self.settings.plan.as_ref().map(|plan| plan.0.as_path());
        Ok(Published::open(folder)?.document(Lang::Fr))
    }

    async fn video(&self, number: &Number) -> Result<Video, Stop> {
        let found = self.store.video(number.as_str()).await?;
        found.ok_or_else(|| Stop::not_found(format!("there is no video {number}")))
    }

    fn metadata(&self, file: &Path) -> Result<Metadata, Stop> {
        let named = |error: io::Error| {
            let line = format!("{}: {error}", file.display());
            if error.kind() == io::ErrorKind::NotFound { Stop::not_found(line) } else { Stop::failed(line) }
        };
        let mut text = String::new();
        let most = metadata::LARGEST as u64 + 1;
        let read = if file == Path::new("-") {
            io::stdin().lock().take(most).read_to_string(&mut text)
        } else {
            fs::File::open(file).and_then(|opened| opened.take(most).read_to_string(&mut text))
        };
        read.map_err(named)?;
        Metadata::read(&text, &*self.plan()?).map_err(|bad| {
            let place = bad.line.map_or_else(String::new, |line| format!("{line}:"));
            Stop::refused(format!("{}:{place} {}", file.display(), bad.why))
        })
    }

    async fn add(&self, add: &Add, as_json: bool) -> Result<Told, Stop> {
        if add.files.len() > 1 && (add.metadata.is_some() || !add.captions.is_empty()) {
            return Err(Stop::usage("--metadata and --captions go with one file: add the others by themselves"));
        }
        let metadata = add.metadata.as_deref().map(|file| self.metadata(file)).transpose()?;
        let mut outcomes = Vec::new();
        for file in &add.files {
            let deleted = if add.unless_deleted { self.deleted(file).await? } else { None };
            outcomes.push(match deleted {
                Some(outcome) => outcome,
                None => self.add_one(file, metadata.as_ref(), &add.captions).await,
            });
        }
        if add.wait {
            let videos: Vec<(usize, i64)> =
                outcomes.iter().enumerate().filter_map(|(at, one)| Some((at, one.video?))).collect();
            let workshop =
                Workshop::open(self.settings, self.store.clone(), self.vault.clone(), Arc::new(SystemClock)).await?;
            for (at, video) in videos {
                let ended = self.wait(&workshop, video, !as_json).await?;
                let outcome = &mut outcomes[at];
                let Some(video) = self.store.video_of(video).await? else { continue };
                let files = self.store.video_files(video.id).await?;
                let work = self.store.video_work(video.id).await?;
                outcome.json["state"] = state(&video, &work, SystemClock.now()).into();
                outcome.json["files"] = files.iter().map(file_json).collect();
                outcome.json["work"] = work.iter().map(work_json).collect();
                match ended {
                    None => outcome.text += &format!("\n  {}", made(&files)),
                    Some(why) => {
                        outcome.text += &format!("\n  {why}");
                        outcome.stopped = Some(Stop::failed(format!("{}: {why}", video.number)));
                    }
                }
            }
        }
        let several = outcomes.len();
        let text = outcomes.iter().map(|one| one.text.as_str()).collect::<Vec<_>>().join("\n");
        let mut json: Vec<Value> = outcomes.iter().map(|one| one.json.clone()).collect();
        let mut stopped: Vec<Stop> = outcomes.into_iter().filter_map(|one| one.stopped).collect();
        match stopped.len() {
            0 if several == 1 => Ok(Told { text, json: json.remove(0) }),
            0 => Ok(Told { text, json: json.into() }),
            _ if several == 1 => Err(stopped.remove(0)),
            bad => {
                // What became of the others is told all the same.
                let _ = if as_json { say(format_args!("{:#}", Value::from(json))) } else { say(text) };
                let why = format!("{bad} of {several} files were not taken in, or are not done");
                Err(stopped.remove(0).saying(why))
            }
        }
    }

    /// What is said of a file that was a video once. One that cannot be read is refused later.
    async fn deleted(&self, file: &Path) -> Result<Option<Outcome>, Stop> {
        let Ok(hash) = self.vault.hash(file).await else { return Ok(None) };
        Ok(self.store.deleted_video(&hash).await?.map(|number| Outcome {
            text: format!("{} was deleted, as {number}: it is not added again.", file.display()),
            json: json!({"file": file, "number": number, "deleted": true}),
            video: None,
            stopped: None,
        }))
    }

    async fn add_one(&self, file: &Path, metadata: Option<&Metadata>, captions: &[(Language, PathBuf)]) -> Outcome {
        let name = file.display();
        let offer = Offer { file, metadata, captions };
        let taken = intake::take_in(self.store, &self.vault, &SystemClock, &offer).await;
        let json = |number: &str, known: bool| json!({"file": file, "number": number, "known": known});
        match taken {
            Ok(Taken::New { id, number }) => Outcome {
                text: format!("{name} is taken in as {number}."),
                json: json(&number, false),
                video: Some(id),
                stopped: None,
            },
            Ok(Taken::Known { id, number }) => Outcome {
                text: format!("{name} was taken in before, as {number}: it is not added again."),
                json: json(&number, true),
                video: Some(id),
                stopped: None,
            },
            Err(error) => {
                let line = format!("{name}: {error}");
                let stopped = match &error {
                    NotTaken::Refused(_) => Stop::refused(&line),
                    NotTaken::Io(error) if error.kind() == io::ErrorKind::NotFound => Stop::not_found(&line),
                    _ => Stop::failed(&line),
                };
                Outcome {
                    json: json!({"file": file, "refused": error.to_string()}),
                    text: line,
                    video: None,
                    stopped: Some(stopped),
                }
            }
        }
    }

    /// Makes what is to be made for a video, together with whoever else does; why it is not done at the end.
    async fn wait(&self, workshop: &Workshop, video: i64, aloud: bool) -> Result<Option<String>, Stop> {
        let aloud = aloud && io::stderr().is_terminal();
        let watched = async {
            loop {
                tokio::time::sleep(LOOK).await;
                if aloud && let Ok(work) = self.store.video_work(video).await {
                    let under_way = work.iter().filter(|step| step.state == "queued" && !step.holder.is_empty());
                    let under_way: Vec<_> =
                        under_way.map(|step| format!("{} {} %", step.step, step.progress / 10)).collect();
                    // Nothing is left to tell it to when standard error is closed.
                    let _ = write!(io::stderr(), "\r\x1b[K{}", under_way.join(", "));
                }
            }
        };
        let made = async {
            let mut stopped = pin!(crate::http::told_to_stop());
            loop {
                if let Some(claim) = workshop.claim(Some(video)).await? {
                    tokio::select! {
                        step = workshop.work(&claim) => { step?; }
                        () = &mut stopped => {
                            workshop.give_back(&claim).await?;
                            return Err(Stop::failed("stopped: `serve` makes the rest, or this command again"));
                        }
                    }
                    continue;
                }
                let work = self.store.video_work(video).await?;
                if work.iter().any(|step| step.state == "queued" && !step.holder.is_empty()) {
                    tokio::time::sleep(LOOK).await;
                    continue;
                }
                let failed = work.iter().find(|step| step.state != "done");
                return Ok(failed.map(|step| match step.state.as_str() {
                    "dead" => format!("{} is given up: {}", step.step, step.why),
                    _ => format!("{} failed and is tried again by `serve`: {}", step.step, step.why),
                }));
            }
        };
        let ended = tokio::select! {
            ended = made => ended,
            () = watched => Ok(None),
        };
        if aloud {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
        ended
    }

    async fn list(&self, limit: u32, after: Option<&Number>) -> Result<Told, Stop> {
        let before = match after {
            Some(number) => self.video(number).await?.id,
            None => i64::MAX,
        };
        let videos = self.store.videos(before, limit.into()).await?;
        let (mut rows, mut json) = (Vec::new(), Vec::new());
        for video in &videos {
            let work = self.store.video_work(video.id).await?;
            let files = self.store.video_files(video.id).await?;
            let details = original(&files);
            let state = state(video, &work, self.now);
            rows.push([
                video.number.clone(),
                state.to_owned(),
                format!("{} × {}", details.width, details.height),
                length(details.seconds),
                to_the_minute(video.created_at),
                title(video),
            ]);
            json.push(video_json(video, state, &details));
        }
        let nothing = "There are no videos yet. `estafette media add FILE` takes one in.";
        let names = ["NUMBER", "STATE", "SIZE", "LENGTH", "SINCE", "TITLE"];
        let mut text = table(names, rows, if after.is_some() { "There are no more." } else { nothing });
        if let Some(last) = videos.last().filter(|_| videos.len() == limit as usize) {
            text += &format!("\n\nThere may be more: --after {}", last.number);
        }
        Ok(Told { text, json: json.into() })
    }

    async fn show(&self, number: &Number, metadata: bool) -> Result<Told, Stop> {
        let video = self.video(number).await?;
        if metadata {
            let said = Metadata::kept(video.metadata)?;
            return Ok(Told { text: said.toml().trim_end().to_owned(), json: said.json() });
        }
        let files = self.store.video_files(video.id).await?;
        let work = self.store.video_work(video.id).await?;
        let details = original(&files);
        let state = state(&video, &work, self.now);
        let mut facts = vec![
            ["Number".to_owned(), video.number.clone()],
            ["Title".to_owned(), title(&video)],
            ["State".to_owned(), state.to_owned()],
            ["File".to_owned(), video.file_name.clone()],
            ["SHA-256".to_owned(), video.sha256.clone()],
            ["Since".to_owned(), to_the_minute(video.created_at)],
            ["Length".to_owned(), format!("{}, {} frames", length(details.seconds), details.frames)],
        ];
        facts.extend(details.timecode.clone().map(|timecode| ["Timecode".to_owned(), timecode]));
        facts.extend(video.published_at.map(|at| ["Published".to_owned(), to_the_minute(at)]));
        facts.extend(video.embargo_until.map(|at| ["Embargo".to_owned(), format!("until {}", to_the_minute(at))]));
        facts.extend(
            video
                .withdrawn_at
                .map(|at| ["Withdrawn".to_owned(), format!("{}: {}", to_the_minute(at), video.withdrawn_why)]),
        );
        let rows = files.iter().map(|file| {
            let details: Details = serde_json::from_value(file.details.clone()).unwrap_or_default();
            let size =
                if details.width > 0 { format!("{} × {}", details.width, details.height) } else { String::new() };
            let cut = if file.index.is_some() { "yes" } else { "" };
            [
                file.role.clone(),
                file.bytes.to_string(),
                file.media_type.clone(),
                size,
                cut.to_owned(),
                file.sha256.to_string(),
            ]
        });
        let mut text = columns(&facts);
        text += &format!("\n\n{}", table(["FILE", "BYTES", "TYPE", "SIZE", "CUT", "SHA-256"], rows, "no files"));
        let left: Vec<_> = work.iter().filter(|step| step.state != "done").collect();
        if !left.is_empty() {
            let rows = left.iter().map(|step| {
                let doing = if step.state == "queued" && !step.holder.is_empty() {
                    format!("under way, {} %", step.progress / 10)
                } else if step.state == "queued" {
                    "waits".to_owned()
                } else {
                    "given up".to_owned()
                };
                [step.step.clone(), doing, step.attempts.to_string(), step.why.clone()]
            });
            text += &format!("\n\n{}", table(["STEP", "STATE", "TRIES", "WHY"], rows, ""));
        }
        let mut json = video_json(&video, state, &details);
        json["metadata"] = video.metadata.clone();
        json["files"] = files.iter().map(file_json).collect();
        json["work"] = work.iter().map(work_json).collect();
        Ok(Told { text, json })
    }

    async fn edit(&self, number: &Number, file: Option<&Path>, captions: &[(Language, PathBuf)]) -> Result<Told, Stop> {
        let video = self.video(number).await?;
        let files = self.store.video_files(video.id).await?;
        let original = files.iter().find(|file| file.role == "original");
        let original = original.ok_or_else(|| Stop::failed(format!("{number} has no original")))?;
        let said = file.map(|file| self.metadata(file)).transpose()?;
        if let (Some(said), Some(index)) = (&said, original.index) {
            let bytes = self.vault.bytes(&index, 1 << 30).await?;
            let index = clip::Index::decode(&bytes)?;
            said.fits(&index).map_err(Stop::refused)?;
        }
        let details: Details = serde_json::from_value(original.details.clone())?;
        let texts: Result<Vec<_>, Stop> = captions
            .iter()
            .map(|(language, file)| Ok((language, intake::read_captions(file, details.seconds).map_err(stop)?)))
            .collect();
        let mut added = Vec::new();
        for (language, text) in texts? {
            added.push(intake::store_captions(&self.vault, language, text).await?);
        }
        let mut tx = self.store.begin().await?;
        let mut now_called = video.number.clone();
        let mut kept = true;
        if let Some(said) = &said {
            if let Some(number) = &said.number {
                now_called = number.to_string();
            }
            let embargo = said.embargo.as_ref().map(metadata::Moment::ms);
            kept = tx.edit_video(video.id, &now_called, &said.json(), embargo, self.now).await?;
        }
        if kept {
            for file in &added {
                tx.put_video_file(video.id, file, self.now).await?;
            }
            tx.commit().await?;
        } else {
            drop(tx);
        }
        // Captions in whose place others came, or those of an edit that was not taken.
        let roles: Vec<&str> = added.iter().map(|file| file.role.as_str()).collect();
        let replaced = files.iter().filter(|file| roles.contains(&file.role.as_str())).map(|file| file.sha256);
        let unneeded = replaced.chain(added.iter().map(|file| file.sha256)).collect();
        intake::discard(self.store, &self.vault, unneeded).await?;
        if !kept {
            return Err(Stop::refused(format!("another video has the number {now_called}")));
        }
        Ok(Told { text: format!("{now_called} is changed."), json: json!({"number": now_called}) })
    }

    async fn withdraw(&self, number: &Number, why: &str, reason: &str) -> Result<Told, Stop> {
        let video = self.video(number).await?;
        let (why, reason) = (why.trim(), reason.trim());
        if why.is_empty() {
            return Err(Stop::usage("--why is empty: the editors want to know"));
        }
        let told = takeaway::withdraw((self.store, self.secrets), &video, why, reason, self.now).await?;
        let told = told.ok_or_else(|| Stop::refused(format!("{number} is withdrawn already")))?;
        let letters = match told {
            0 => "Nobody had taken it.".to_owned(),
            1 => "One account had taken it and is told by letter.".to_owned(),
            many => format!("{many} accounts had taken it and are told, by a letter each."),
        };
        let undo = format!("`estafette media restore {number}` undoes that, but for the letters.");
        let text = format!("{number} is withdrawn: nobody sees it. {letters} {undo}");
        Ok(Told { text, json: json!({"number": number.as_str(), "withdrawn": true, "letters": told}) })
    }

    async fn restore(&self, number: &Number) -> Result<Told, Stop> {
        let video = self.video(number).await?;
        let mut tx = self.store.begin().await?;
        if !tx.withdraw_video(video.id, None, self.now).await? {
            return Err(Stop::refused(format!("{number} is not withdrawn")));
        }
        tx.commit().await?;
        let json = json!({"number": number.as_str(), "withdrawn": false});
        Ok(Told { text: format!("{number} is no longer withdrawn."), json })
    }

    async fn delete(&self, number: &Number, yes: bool) -> Result<Told, Stop> {
        let video = self.video(number).await?;
        confirm(yes, &format!("Delete {number} ({}) with all its files?", title(&video)))?;
        let mut tx = self.store.begin().await?;
        let unneeded = tx.delete_video(video.id, self.now).await?;
        tx.commit().await?;
        let count = unneeded.len();
        for file in unneeded {
            self.vault.delete(&file).await?;
        }
        let text = format!("{number} is deleted; files removed: {count}.");
        Ok(Told { text, json: json!({"deleted": number.as_str(), "files": count}) })
    }

    /// Files that belong to nothing, and are older than any that somebody is about to name.
    async fn unnamed(&self) -> Result<Vec<Stored>, Stop> {
        // In this order: what is named meanwhile is named.
        let mut lying = self.vault.lying(UNNAMED).await?;
        let named = self.store.named_files().await?;
        lying.retain(|file| !named.contains(&file.sha256));
        lying.sort_by_key(|file| file.sha256);
        Ok(lying)
    }

    /// Removes them, once somebody has agreed.
    async fn clear(&self, unnamed: &[Stored], yes: bool) -> Result<(), Stop> {
        confirm(yes, &format!("Remove {}?", counted(unnamed)))?;
        // Somebody may have thought about it for long.
        for file in self.unnamed().await?.iter().filter(|file| unnamed.contains(file)) {
            self.vault.delete(&file.sha256).await?;
        }
        Ok(())
    }

    async fn verify(&self, numbers: &[Number], clear: Option<bool>, as_json: bool) -> Result<Told, Stop> {
        let mut videos = Vec::new();
        for number in numbers {
            videos.push(self.video(number).await?);
        }
        let mut before = i64::MAX;
        while numbers.is_empty() {
            let some = self.store.videos(before, 100).await?;
            let Some(last) = some.last() else { break };
            before = last.id;
            videos.extend(some);
        }
        let (mut read, mut bytes, mut wrong) = (0, 0, Vec::new());
        for video in &videos {
            for file in self.store.video_files(video.id).await? {
                let hashes = [Some((file.sha256, Some(file.bytes))), file.index.map(|index| (index, None))];
                for (hash, length) in hashes.into_iter().flatten() {
                    match self.read_again(&hash, length).await {
                        Ok(length) => bytes += length,
                        Err(why) => wrong.push((video.number.clone(), file.role.clone(), why)),
                    }
                    read += 1;
                }
            }
        }
        let unnamed = if numbers.is_empty() { self.unnamed().await? } else { Vec::new() };
        let cleared = clear.is_some() && !unnamed.is_empty();
        if let Some(yes) = clear.filter(|_| cleared) {
            self.clear(&unnamed, yes).await?;
        }
        let json = json!({
            "videos": videos.len(),
            "files": read,
            "bytes": bytes,
            "wrong": wrong
                .iter()
                .map(|(number, role, why)| json!({"number": number, "file": role, "why": why}))
                .collect::<Vec<_>>(),
            "unnamed": unnamed.iter().map(|file| json!({"sha256": file.sha256, "bytes": file.bytes})).collect::<Vec<_>>(),
            "cleared": cleared,
        });
        let mut lines: Vec<String> = unnamed.iter().map(|file| format!("{} belongs to nothing", file.sha256)).collect();
        match (unnamed.is_empty(), cleared) {
            (true, _) => {}
            (_, true) => lines.push(format!("Removed: {}.", counted(&unnamed))),
            (_, false) => lines.push(format!("{}: `estafette media verify --clear` removes them.", counted(&unnamed))),
        }
        if wrong.is_empty() {
            lines.push(format!("All is as it was stored: {} videos, {read} files, {bytes} bytes.", videos.len()));
            return Ok(Told { text: lines.join("\n"), json });
        }
        lines.extend(wrong.iter().map(|(number, role, why)| format!("{number} {role}: {why}")));
        let _ = if as_json { say(format_args!("{json:#}")) } else { say(lines.join("\n")) };
        Err(Stop::failed(format!("{} of {read} files are missing or damaged", wrong.len())))
    }

    /// Reads a file of the vault again; how long it is, or what is wrong with it.
    async fn read_again(&self, hash: &Sha256, length: Option<u64>) -> Result<u64, String> {
        let read = async {
            let there = self.vault.size(hash).await?.ok_or(VaultError::Missing(*hash))?;
            let (mut reading, mut again) = (pin!(self.vault.read(hash, 0..there).await?), sha2::Sha256::new());
            while let Some(piece) = reading.next().await {
                again.update(&piece?);
            }
            let again: [u8; 32] = again.finalize().into();
            let same = again == *hash.as_bytes() && length.is_none_or(|length| length == there);
            if same { Ok(there) } else { Err(VaultError::Damaged(*hash)) }
        };
        read.await.map_err(|error: VaultError| error.to_string())
    }
}

fn title(video: &Video) -> String {
    let said = |lang: &str| video.metadata["title"][lang].as_str().unwrap_or_default().replace('\n', " ");
    match (said("fr"), said("en")) {
        (fr, en) if fr == en => fr,
        (fr, en) => format!("{fr} / {en}"),
    }
}

fn original(files: &[VideoFile]) -> Details {
    let original = files.iter().find(|file| file.role == "original");
    original.and_then(|file| serde_json::from_value(file.details.clone()).ok()).unwrap_or_default()
}

/// How a video stands, in a word.
fn state(video: &Video, work: &[Work], now: i64) -> &'static str {
    if video.withdrawn_at.is_some() {
        return "withdrawn";
    }
    let given_up = work.iter().any(|step| step.state == "dead");
    match video.published {
        false if given_up => "failed",
        false => "incoming",
        true if !video.visible(now) => "embargoed",
        true => "published",
    }
}

/// `1:02:03.4`
fn length(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    let (hours, minutes, seconds) = (tenths / 36_000, tenths / 600 % 60, tenths / 10 % 60);
    format!("{hours}:{minutes:02}:{seconds:02}.{}", tenths % 10)
}

fn made(files: &[VideoFile]) -> String {
    let names: Vec<_> = files.iter().map(|file| file.role.as_str()).collect();
    format!("There are now: {}.", names.join(", "))
}

fn video_json(video: &Video, state: &str, details: &Details) -> Value {
    json!({
        "number": video.number,
        "state": state,
        "title": video.metadata["title"],
        "file_name": video.file_name,
        "sha256": video.sha256,
        "details": details,
        "created_at": iso(video.created_at),
        "changed_at": iso(video.changed_at),
        "published_at": video.published_at.map(iso),
        "embargo_until": video.embargo_until.map(iso),
        "withdrawn_at": video.withdrawn_at.map(iso),
        "withdrawn_why": video.withdrawn_at.map(|_| &video.withdrawn_why),
    })
}

fn file_json(file: &VideoFile) -> Value {
    json!({
        "role": file.role,
        "sha256": file.sha256.to_string(),
        "bytes": file.bytes,
        "media_type": file.media_type,
        "index_sha256": file.index.map(|index| index.to_string()),
        "details": file.details,
    })
}

fn work_json(work: &Work) -> Value {
    json!({
        "step": work.step,
        "state": work.state,
        "attempts": work.attempts,
        "progress": work.progress,
        "why": work.why,
    })
}
