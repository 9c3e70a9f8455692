//! The texts: read once when the program starts, answered from memory.

use ::plan::{Document, Lang, content, search};
use app::plan::contract::Plans;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// The plan in every language, with an index of each.
pub(crate) struct Published {
    french: Edition,
    english: Edition,
    version: u64,
}

struct Edition {
    document: Arc<Document>,
    index: search::Index,
}

impl Edition {
    fn of(lang: Lang) -> Self {
        let document = content::load(lang);
        Self { index: search::Index::of(&document), document: Arc::new(document) }
    }
}

impl Published {
    /// The texts that the program carries.
    pub(crate) fn embedded() -> Self {
        let (french, english) = (Edition::of(Lang::Fr), Edition::of(Lang::En));
        let mut version = DefaultHasher::new();
        (&french.document.sha256, &english.document.sha256).hash(&mut version);
        Self { french, english, version: version.finish() }
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

    fn search(&self, lang: Lang, query: &str, limit: usize) -> search::Results {
        self.edition(lang).index.search(query, limit)
    }

    fn version(&self) -> u64 {
        self.version
    }
}
