//! The texts: read once when the program starts, answered from memory.

use ::plan::{
    Document, Lang,
    content::{self, Content, Problem, Source, name},
    gloss::Gloss,
    quote::{Checker, Refused, Report},
    search,
};
use app::plan::contract::Plans;
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The plan in every language, with an index of each.
pub(crate) struct Published {
    french: Edition,
    english: Edition,
    gloss: Arc<Gloss>,
    checker: Checker,
    version: u64,
}

struct Edition {
    document: Arc<Document>,
    index: search::Index,
}

/// Why the text in a folder cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum Unpublished {
    /// It cannot be read.
    #[error("{} cannot be read: {why}", .file.display())]
    Unreadable {
        /// Which file or folder.
        file: PathBuf,
        /// The system's word.
        why: io::Error,
    },
    /// A language is missing.
    #[error(
        "the text in {} is not in both languages: there must be {} and {}; `estafette plan import` makes them",
        .0.display(), name::FRENCH, name::ENGLISH
    )]
    Untranslated(PathBuf),
    /// It contradicts itself.
    #[error("the text in {} is not sound: `estafette plan check {}` says what is wrong ({})",
        .folder.display(), .folder.display(), .problems.first().map(ToString::to_string).unwrap_or_default())]
    Wrong {
        /// Where it lies.
        folder: PathBuf,
        /// All that is wrong.
        problems: Vec<Problem>,
    },
}

/// Files of a text, by the path under which problems name them.
pub(crate) struct Files(pub(crate) Vec<(PathBuf, String)>);

impl Files {
    /// Those of a folder that have the names of a text's files.
    pub(crate) fn of(folder: &Path) -> Result<Self, Unpublished> {
        let unreadable = |file: &Path| {
            let file = file.to_owned();
            |why| Unpublished::Unreadable { file, why }
        };
        fs::read_dir(folder).map_err(unreadable(folder))?;
        let paths = name::ALL.iter().map(|name| folder.join(name)).filter(|path| path.exists());
        let read = paths.map(|path| {
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            Ok((path, text))
        });
        read.collect::<Result<_, _>>().map(Files)
    }

    /// What they hold, if they go together.
    pub(crate) fn read(&self) -> Result<content::Found, Vec<Problem>> {
        let names: Vec<_> = self.0.iter().map(|(path, _)| path.to_string_lossy()).collect();
        let sources = names.iter().zip(&self.0).map(|(name, (_, text))| Source { name, text });
        content::read(&sources.collect::<Vec<_>>())
    }
}

impl Edition {
    fn of(document: Document) -> Self {
        Self { index: search::Index::of(&document), document: Arc::new(document) }
    }
}

impl Published {
    /// The text in a folder, or the one that the program carries.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, Unpublished> {
        let Some(folder) = folder else { return Ok(Self::of(Content::embedded())) };
        let wrong = |problems| Unpublished::Wrong { folder: folder.to_owned(), problems };
        let found = Files::of(folder)?.read().map_err(wrong)?;
        found.both().map(Self::of).ok_or_else(|| Unpublished::Untranslated(folder.to_owned()))
    }

    fn of(content: Content) -> Self {
        let mut version = DefaultHasher::new();
        for document in [&content.documents.fr, &content.documents.en] {
            (&document.sha256, &document.title).hash(&mut version);
        }
        let checker = Checker::with_gloss(&[&content.documents.fr, &content.documents.en], &content.gloss);
        Self {
            french: Edition::of(content.documents.fr),
            english: Edition::of(content.documents.en),
            gloss: Arc::new(content.gloss),
            checker,
            version: version.finish(),
        }
    }

    fn edition(&self, lang: Lang) -> &Edition {
        match lang {
            Lang::Fr => &self.french,
            Lang::En => &self.english,
        }
    }
}

impl Plans for Published {
    fn document(&self, lang: Lang) -> Arc<Document> {
        Arc::clone(&self.edition(lang).document)
    }

    fn gloss(&self) -> Arc<Gloss> {
        Arc::clone(&self.gloss)
    }

    fn search(&self, lang: Lang, query: &str, limit: usize) -> search::Results {
        self.edition(lang).index.search(query, limit)
    }

    fn check(&self, quotation: &str) -> Result<Report, Refused> {
        self.checker.check(quotation)
    }

    fn version(&self) -> u64 {
        self.version
    }
}
