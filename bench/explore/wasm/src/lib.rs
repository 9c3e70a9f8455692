//! The register and the quote checker for a page to measure.

use plan::gloss::{Filter, Gloss, register};
use plan::quote::Checker;
use plan::{Document, Lang, content};
use wasm_bindgen::prelude::*;

/// The plan in both languages with its gloss.
#[wasm_bindgen]
pub struct Explorer {
    documents: [Document; 2],
    gloss: Gloss,
    checker: Checker,
}

#[wasm_bindgen]
impl Explorer {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Explorer {
        let documents = Lang::ALL.map(content::load);
        let gloss = content::gloss();
        let checker = Checker::with_gloss(&documents.each_ref(), &gloss);
        Explorer { documents, gloss, checker }
    }

    /// How many rows the register has for the pairs `key=value` of `query`, a line each.
    pub fn rows(&self, lang: usize, query: &str) -> usize {
        let filter = Filter::read(query.lines().filter_map(|line| line.split_once('=')));
        register(&self.gloss, &self.documents[lang], &filter).rows.len()
    }

    /// Every filter of one value, a line each.
    pub fn filters(&self, lang: usize) -> String {
        let facets = register(&self.gloss, &self.documents[lang], &Filter::default()).facets;
        let lines = facets.iter().flat_map(|(facet, values)| {
            values.iter().map(move |value| format!("{}={}\n", facet.id(), value.id))
        });
        lines.collect()
    }

    /// In how many places a quotation stands.
    pub fn check(&self, quotation: &str) -> usize {
        self.checker.check(quotation).map_or(0, |report| report.total)
    }
}
