#![no_main]
use clip::{Point, Timecode, TimecodeFormat};

libfuzzer_sys::fuzz_target!(|text: &str| {
    drop(text.parse::<Point>());
    for format in [(30, true), (25, false), (60, true)] {
        let format = TimecodeFormat::new(format.0, format.1).unwrap();
        if let Ok(timecode) = Timecode::parse(text, format) {
            assert_eq!(Timecode::parse(&timecode.to_string(), format), Ok(timecode));
        }
    }
});
