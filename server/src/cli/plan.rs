//! `estafette plan`.

use super::{
    desk::{Common, Stop, Told, confirm, work},
    say,
};
use crate::{
    plans::{Files, Unpublished},
    settings::Settings,
};
use ::plan::content::{self, Found, Manuscript, Problem, Source, name};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What `plan` may be told.
#[derive(Debug, Args)]
pub struct Plan {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Says what is wrong in a text and its gloss, as FILE:LINE: and a sentence
    Check {
        /// Akoma Ntoso (.xml) for each language, a gloss (.toml), synonyms.toml; or the folder that holds them
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Makes a folder for ESTAFETTE_PLAN: of a numbered text, or of such a folder; nothing is written unless all is sound
    Import(Import),
}

#[derive(Debug, Args)]
struct Import {
    /// The text in French, numbered; or a folder with fra.xml
    #[arg(long, value_name = "TEXT")]
    from: PathBuf,
    /// The text in English, paragraph by paragraph and sentence by sentence the same
    #[arg(long, value_name = "TEXT")]
    translation: Option<PathBuf>,
    /// What the text does not say of itself: its title, its date (TOML)
    #[arg(long, value_name = "FILE")]
    about: Option<PathBuf>,
    /// What the text speaks of, and under which words (TOML)
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// The gloss [default: the one in the folder, if it is there]
    #[arg(long, value_name = "FILE")]
    gloss: Option<PathBuf>,
    /// Words that stand for one another in a search [default: those in the folder, if they are there]
    #[arg(long, value_name = "FILE")]
    synonyms: Option<PathBuf>,
    /// The folder [default: ESTAFETTE_PLAN]
    #[arg(short, long = "out", value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Does not ask whether to replace the text that is there
    #[arg(long)]
    yes: bool,
}

/// Does what is asked with texts.
pub fn run(plan: &Plan) -> ExitCode {
    work(&plan.common, async |settings| match &plan.action {
        Action::Check { files } => check(files, plan.common.json),
        Action::Import(import) => import.run(&settings, plan.common.json),
    })
}

/// What was not found has its own code.
fn stop(unpublished: Unpublished) -> Stop {
    match &unpublished {
        Unpublished::Unreadable { why, .. } if why.kind() == io::ErrorKind::NotFound => {
            Stop::not_found(unpublished.to_string())
        }
        _ => unpublished.into(),
    }
}

fn read(file: &Path) -> Result<String, Stop> {
    fs::read_to_string(file).map_err(|why| stop(Unpublished::Unreadable { file: file.to_owned(), why }))
}

fn check(paths: &[PathBuf], as_json: bool) -> Result<Told, Stop> {
    let mut files = Files(Vec::new());
    for path in paths {
        if path.is_dir() {
            files.0.extend(Files::of(path).map_err(stop)?.0);
        } else if path.extension().is_some_and(|end| end == "xml" || end == "toml") {
            files.0.push((path.clone(), read(path)?));
        } else {
            let path = path.display();
            return Err(Stop::refused(format!("{path} is neither a text (.xml) nor a gloss (.toml)")));
        }
    }
    let found = sound(&files, as_json)?;
    if found.documents.is_empty() {
        return Err(Stop::refused("there is no text: name its .xml too, a gloss is held against it"));
    }
    let (counts, mut json) = counts(&found);
    json["problems"] = json!([]);
    Ok(Told { text: format!("Nothing is wrong: {counts}."), json })
}

/// What files hold; what is wrong with them is printed.
fn sound(files: &Files, as_json: bool) -> Result<Found, Stop> {
    files.read().map_err(|problems| wrong(&problems, as_json))
}

fn wrong(problems: &[Problem], as_json: bool) -> Stop {
    let _ = if as_json {
        let problem =
            |Problem { file, problem }: &Problem| json!({"file": file, "line": problem.line, "what": problem.what});
        say(format_args!("{:#}", json!({"problems": problems.iter().map(problem).collect::<Vec<_>>()})))
    } else {
        say(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    };
    Stop::refused(match problems.len() {
        1 => "one thing is wrong".to_owned(),
        many => format!("{many} things are wrong"),
    })
}

/// How much of what there is, for people and for programs.
fn counts(found: &Found) -> (String, Value) {
    let Some(document) = found.documents.first() else { return (String::new(), json!({})) };
    let languages: Vec<_> = found.documents.iter().map(|document| document.lang.tag()).collect();
    let (paragraphs, sentences) = (document.paragraphs().count(), document.sentence_count());
    let commitments = found.gloss.as_ref().map(|gloss| gloss.commitments.len());
    let mut text = format!("{paragraphs} paragraphs, {sentences} sentences in {}", languages.join(" and "));
    match commitments {
        Some(commitments) => text += &format!(", {commitments} commitments"),
        None => text += ", no gloss",
    }
    let json = json!({
        "title": document.title,
        "languages": languages,
        "paragraphs": paragraphs,
        "sentences": sentences,
        "measures": document.measure_count(),
        "commitments": commitments,
    });
    (text, json)
}

impl Import {
    fn run(&self, settings: &Settings, as_json: bool) -> Result<Told, Stop> {
        let folder = self.out.as_deref().or(settings.plan.as_ref().map(|plan| plan.0.as_path()));
        let folder = folder.ok_or_else(|| Stop::refused("where to? Name a folder: -o FOLDER"))?;
        let mut files = if self.from.is_dir() { self.copied()? } else { self.made(as_json)? };
        for (name, given) in [(name::GLOSS, &self.gloss), (name::SYNONYMS, &self.synonyms)] {
            let there = folder.join(name);
            let text = match given {
                Some(given) => read(given)?,
                None if !files.iter().any(|(known, _)| *known == name) && there.exists() => read(&there)?,
                None => continue,
            };
            files.retain(|(known, _)| *known != name);
            files.push((name, text));
        }
        let files = Files(files.into_iter().map(|(name, text)| (folder.join(name), text)).collect());
        let found = sound(&files, as_json)?;
        if folder.join(name::FRENCH).exists() {
            confirm(self.yes, &format!("Replace the text in {}?", folder.display()))?;
        }
        fs::create_dir_all(folder)?;
        for (path, text) in &files.0 {
            // Under its name only when it is whole.
            let new = path.with_extension("new");
            fs::write(&new, text)?;
            fs::rename(&new, path)?;
        }
        let (counts, mut json) = counts(&found);
        json["folder"] = json!(folder);
        let folder = folder.display();
        let mut text = format!("{folder}: {counts}.\n");
        text += &match found.both() {
            Some(_) => format!("ESTAFETTE_PLAN={folder} estafette serve publishes it."),
            None => format!("It can be published once {} is there: import it again with --translation.", name::ENGLISH),
        };
        Ok(Told { text, json })
    }

    /// The files of a folder.
    fn copied(&self) -> Result<Vec<(&'static str, String)>, Stop> {
        if self.about.is_some() || self.translation.is_some() || self.names.is_some() {
            return Err(Stop::refused("--about, --translation and --names go with a numbered text, not with a folder"));
        }
        let there = name::ALL.into_iter().filter(|name| *name == name::FRENCH || self.from.join(name).exists());
        there.map(|name| Ok((name, read(&self.from.join(name))?))).collect()
    }

    /// Akoma Ntoso of a numbered text.
    fn made(&self, as_json: bool) -> Result<Vec<(&'static str, String)>, Stop> {
        let about = self.about.as_deref();
        let about =
            about.ok_or_else(|| Stop::refused("a numbered text does not say its title and date: say --about FILE"))?;
        let (french, about) = (Opened::of(&self.from)?, Opened::of(about)?);
        let english = self.translation.as_deref().map(Opened::of).transpose()?;
        let names = self.names.as_deref().map(Opened::of).transpose()?;
        let manuscript = Manuscript {
            french: french.source(),
            english: english.as_ref().map(Opened::source),
            about: about.source(),
            names: names.as_ref().map(Opened::source),
        };
        content::import(&manuscript).map_err(|problems| wrong(&problems, as_json))
    }
}

/// A file that was read, and how the one who named it called it.
struct Opened {
    name: String,
    text: String,
}

impl Opened {
    fn of(file: &Path) -> Result<Self, Stop> {
        Ok(Self { name: file.display().to_string(), text: read(file)? })
    }

    fn source(&self) -> Source<'_> {
        Source { name: &self.name, text: &self.text }
    }
}
