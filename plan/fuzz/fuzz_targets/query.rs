#![no_main]
use plan::{Lang, content, search::Index};
use std::sync::LazyLock;

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(&content::load(Lang::Fr)));

libfuzzer_sys::fuzz_target!(|query: &str| {
    for hit in INDEX.search(query, 50).hits {
        drop(hit.excerpt(280));
        assert!(hit.marks.iter().all(|(from, to)| hit.text.get(*from..*to).is_some()));
    }
});
