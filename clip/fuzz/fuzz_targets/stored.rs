#![no_main]
use clip::Index;

// What begins as stored indexes do, with anything after it.
libfuzzer_sys::fuzz_target!(|rest: &[u8]| {
    let Ok(index) = Index::decode(&[b"clip\x01", rest].concat()) else { return };
    let count = index.frames().end;
    for range in [0..count, count / 2..count / 2 + 1] {
        drop(index.clip(&range));
    }
});
