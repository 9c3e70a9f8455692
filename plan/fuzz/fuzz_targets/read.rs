#![no_main]
libfuzzer_sys::fuzz_target!(|xml: &str| {
    drop(plan::akn::read(xml));
});
