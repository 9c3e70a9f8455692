//! The search in the browser: the text is fetched once and indexed in slices, then every keystroke is answered here.

use super::{
    contract::{Corpus, LIMIT, get_corpus},
    found::Found,
};
use crate::browser;
use leptos::{prelude::*, task::spawn_local};
use plan::{
    Lang,
    search::{Builder, Index},
};
use std::{collections::BTreeMap, sync::Arc};

/// Milliseconds of indexing between two breaths: half a frame, so that a text of any length freezes nothing.
const SLICE: f64 = 8.0;

/// The text with its index.
pub(crate) struct Library {
    lang: Lang,
    index: Index,
    /// The name of each entry's place, by its slug.
    labels: BTreeMap<String, String>,
}

impl Library {
    /// The passages that answer `query`.
    pub(crate) fn found(&self, query: &str) -> Found {
        let label = |slug: &str| self.labels.get(slug).cloned().unwrap_or_default();
        Found::by(self.lang, query, label, |query| self.index.search(query, LIMIT))
    }
}

/// How far the search is.
#[derive(Clone)]
pub(crate) enum Stage {
    /// Nobody has asked yet.
    Asleep,
    /// The text is on its way.
    Loading,
    /// Every keystroke is answered here.
    Ready(Arc<Library>),
    /// The text could not be had; the server still answers.
    Failed,
}

/// The search of this page: one for the dialog and the search page.
#[derive(Clone, Copy)]
pub(crate) struct Finder {
    lang: Lang,
    /// How far it is.
    pub(crate) stage: RwSignal<Stage>,
    /// The dialog that shows it anywhere.
    pub(crate) dialog: NodeRef<leptos::html::Dialog>,
}

impl Finder {
    /// A search that sleeps until asked.
    pub(crate) fn new(lang: Lang) -> Self {
        Finder { lang, stage: RwSignal::new(Stage::Asleep), dialog: NodeRef::new() }
    }

    /// Opens the dialog.
    pub(crate) fn open(self) {
        self.wake();
        if let Some(dialog) = self.dialog.get_untracked().filter(|dialog| !dialog.open()) {
            browser::toggle_modal(&dialog);
        }
    }

    /// Closes the dialog, if it is open.
    pub(crate) fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// Fetches and indexes the text, once.
    pub(crate) fn wake(self) {
        if !matches!(self.stage.get_untracked(), Stage::Asleep | Stage::Failed) {
            return;
        }
        self.stage.set(Stage::Loading);
        spawn_local(async move {
            let corpus = get_corpus(self.lang).await.ok().and_then(|corpus| corpus.read::<Corpus>());
            let stage = match corpus {
                Some(corpus) => Stage::Ready(Arc::new(index(self.lang, corpus).await)),
                None => Stage::Failed,
            };
            self.stage.set(stage);
        });
    }
}

async fn index(lang: Lang, Corpus { entries, synonyms }: Corpus) -> Library {
    let mut builder = Builder::new(lang, &synonyms);
    let mut labels = BTreeMap::new();
    let mut since = browser::now();
    for (entry, label) in entries {
        labels.insert(entry.slug.clone(), label);
        builder.add(entry);
        if browser::now() - since > SLICE {
            browser::breathe().await;
            since = browser::now();
        }
    }
    Library { lang, index: builder.finish(), labels }
}
