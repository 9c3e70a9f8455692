#![no_main]
use clip::Index;
use std::io::Cursor;

// What is taken can be stored, and cut anywhere.
libfuzzer_sys::fuzz_target!(|film: &[u8]| {
    let Ok(index) = Index::read(&mut Cursor::new(film)) else { return };
    let stored = Index::decode(&index.encode()).unwrap();
    let count = index.frames().end;
    for range in [0..count, count / 2..count / 2 + 1, count / 3..count] {
        let (Ok(clip), Ok(again)) = (index.clip(&range), stored.clip(&range)) else { continue };
        assert_eq!((clip.header(), clip.extents()), (again.header(), again.extents()));
        assert!(clip.extents().iter().all(|extent| extent.start + extent.len <= film.len() as u64));
    }
});
