//! What a `Range` header asks for (RFC 9110 §14).

use std::ops::Range;

/// More in one answer serve nobody but who wants to make work.
const MOST: usize = 16;

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Everything.
    All,
    /// Nothing that there is.
    None,
    /// These bytes.
    One(Range<u64>),
    /// These, in the order asked for.
    Several(Vec<Range<u64>>),
}

/// What `text` asks for, of so many bytes. What cannot be read counts as not said (§14.2). So do ranges that overlap,
/// and more than [`MOST`]: such a request would get more bytes than there are.
pub(super) fn wanted(text: &[u8], length: u64) -> Wanted {
    let Some(specs) = specs(text) else { return Wanted::All };
    let mut there: Vec<Range<u64>> = specs.iter().filter_map(|spec| spec.of(length)).collect();
    match there.len() {
        0 => return Wanted::None,
        1 => return Wanted::One(there.remove(0)),
        2..=MOST => {}
        _ => return Wanted::All,
    }
    let mut sorted = there.clone();
    sorted.sort_unstable_by_key(|range| range.start);
    let apart = sorted.is_sorted_by(|one, next| one.end <= next.start);
    if apart { Wanted::Several(there) } else { Wanted::All }
}

/// One of a list.
enum Spec {
    /// `first-`, `first-last`
    From(u64, Option<u64>),
    /// `-length`
    Last(u64),
}

impl Spec {
    /// `None` where none of these bytes are there.
    fn of(&self, length: u64) -> Option<Range<u64>> {
        let range = match *self {
            Spec::From(first, last) => first..last.map_or(length, |last| last.saturating_add(1).min(length)),
            Spec::Last(count) => length.saturating_sub(count)..length,
        };
        (!range.is_empty()).then_some(range)
    }
}

/// The list behind `bytes=`. `None` where it is none.
fn specs(text: &[u8]) -> Option<Vec<Spec>> {
    let (unit, list) = str::from_utf8(text).ok()?.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let elements =
        list.split(',').map(|element| element.trim_matches([' ', '\t'])).filter(|element| !element.is_empty());
    let specs: Vec<Spec> = elements.map(spec).collect::<Option<_>>()?;
    (!specs.is_empty()).then_some(specs)
}

fn spec(text: &str) -> Option<Spec> {
    let (first, last) = text.split_once('-')?;
    match (first, last) {
        ("", last) => Some(Spec::Last(number(last)?)),
        (first, "") => Some(Spec::From(number(first)?, None)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Spec::From(first, Some(last)))
        }
    }
}

/// A number of any size; past 2^64 it makes no difference which.
fn number(digits: &str) -> Option<u64> {
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Wanted, wanted};

    #[test]
    fn ranges_are_read_as_the_standard_has_them() {
        let of_1000 = |text: &str| wanted(text.as_bytes(), 1000);
        let one = |first: u64, end: u64| Wanted::One(first..end);
        for (text, expected) in [
            ("bytes=0-0", one(0, 1)),
            ("bytes=0-499", one(0, 500)),
            ("Bytes=500-", one(500, 1000)),
            ("bytes=-500", one(500, 1000)),
            ("bytes=-5000", one(0, 1000)),
            ("bytes=999-99999999999999999999999", one(999, 1000)),
            ("bytes=1000-", Wanted::None),
            ("bytes=-0", Wanted::None),
            ("bytes=99999999999999999999999-", Wanted::None),
            ("bytes= 0-0 ,, -1", Wanted::Several(vec![0..1, 999..1000])),
            ("bytes=-1,0-0", Wanted::Several(vec![999..1000, 0..1])),
            ("bytes=0-0,1000-", one(0, 1)),
            ("bytes=0-9,9-10", Wanted::All),
            ("bytes=0-,0-,0-", Wanted::All),
        ] {
            assert_eq!(of_1000(text), expected, "{text}");
        }
        for text in
            ["", "bytes", "bytes=", "bytes=,", "bytes=a-b", "bytes=5-4", "bytes=--1", "frames=0-1", "bytes=+1-2"]
        {
            assert_eq!(of_1000(text), Wanted::All, "{text}");
        }
        let many = (0..17).map(|n| format!("{0}-{0}", 2 * n)).collect::<Vec<_>>().join(",");
        assert_eq!(of_1000(&format!("bytes={many}")), Wanted::All);
        assert_eq!(wanted(b"bytes=0-", 0), Wanted::None);
    }
}
