#![no_main]
use plan::{Lang, content, quote::Checker};
use std::sync::LazyLock;

static CHECKER: LazyLock<Checker> = LazyLock::new(|| {
    let documents = Lang::ALL.map(content::load);
    Checker::new(&documents.each_ref(), &[])
});

libfuzzer_sys::fuzz_target!(|quotation: &str| {
    for found in CHECKER.check(quotation).map(|report| report.found).unwrap_or_default() {
        let originals: String = found.pieces.iter().map(|piece| piece.original.as_str()).collect();
        assert_eq!(originals, found.words);
    }
});
