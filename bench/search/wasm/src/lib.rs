//! The product's search for a page to measure. Built without `json` it is the engine and nothing else.

use plan::Lang;
use plan::search::{Builder, Entry, EntryKind, Index};
use wasm_bindgen::prelude::*;

fn language(tag: &str) -> Lang {
    tag.parse().unwrap_or(Lang::Fr)
}

/// The slugs of the paragraphs among the hits, best first.
fn slugs(index: &Index, query: &str, limit: usize) -> String {
    let mut out = String::new();
    for hit in index.search(query, limit).hits {
        if hit.kind == EntryKind::Text {
            out.push_str(&hit.slug);
            out.push('\n');
        }
    }
    out
}

/// An index made entry by entry.
#[wasm_bindgen]
pub struct Search {
    lang: Lang,
    builder: Option<Builder>,
    index: Option<Index>,
}

#[wasm_bindgen]
impl Search {
    #[wasm_bindgen(constructor)]
    pub fn new(lang: &str) -> Search {
        let lang = language(lang);
        Search { lang, builder: Some(Builder::new(lang, &[])), index: None }
    }

    pub fn add(&mut self, slug: String, title: bool, text: String) {
        let kind = if title { EntryKind::Title } else { EntryKind::Text };
        self.builder.get_or_insert_with(|| Builder::new(self.lang, &[])).add(Entry { slug, kind, text });
    }

    pub fn finish(&mut self) {
        self.index = self.builder.take().map(Builder::finish);
    }

    pub fn search(&self, query: &str, limit: usize) -> String {
        self.index.as_ref().map(|index| slugs(index, query, limit)).unwrap_or_default()
    }
}

#[cfg(feature = "json")]
mod document {
    use super::*;
    use plan::Document;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance)]
        fn now() -> f64;
    }

    /// A document with its index, made as `app/src/plan/finder.rs` makes it: `step` until it says that it is done.
    #[wasm_bindgen]
    pub struct Library {
        document: Document,
        entries: Option<std::vec::IntoIter<Entry>>,
        builder: Option<Builder>,
        index: Option<Index>,
    }

    #[wasm_bindgen]
    impl Library {
        /// Reads the JSON that `GET /api/plan` packs into a string.
        #[wasm_bindgen(constructor)]
        pub fn new(json: &str) -> Result<Library, JsError> {
            Ok(Library { document: serde_json::from_str(json)?, entries: None, builder: None, index: None })
        }

        /// One slice of indexing, of about `budget` milliseconds; the last one finishes the index and says true.
        pub fn step(&mut self, budget: f64) -> bool {
            let since = now();
            let document = &self.document;
            let builder = self.builder.get_or_insert_with(|| Builder::new(document.lang, &document.synonyms));
            for entry in self.entries.get_or_insert_with(|| document.entries().into_iter()) {
                builder.add(entry);
                if now() - since > budget {
                    return false;
                }
            }
            self.index = self.builder.take().map(Builder::finish);
            self.entries = None;
            true
        }

        /// The paragraphs found, best first, a line each.
        pub fn search(&self, query: &str, limit: usize) -> String {
            self.index.as_ref().map(|index| slugs(index, query, limit)).unwrap_or_default()
        }

        /// The entries, for the peers to index the same: JSON of `[{slug, kind, text}]`.
        pub fn entries(&self) -> Result<String, JsError> {
            Ok(serde_json::to_string(&self.document.entries())?)
        }
    }
}
