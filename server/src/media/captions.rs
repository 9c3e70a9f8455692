//! Captions: SubRip and WebVTT, read strictly, kept as WebVTT (W3C).

use std::fmt::Write as _;

/// A file longer than that holds no captions.
pub(crate) const LARGEST: usize = 4 << 20;
const MOST_CUES: usize = 50_000;

/// What is said from when to when, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cue {
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// Where it stands, as WebVTT says it; empty where nothing is said of that.
    pub(crate) settings: String,
    /// As WebVTT writes it.
    pub(crate) text: String,
}

/// What is wrong with captions, and in which line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub(crate) struct BadCaptions {
    pub(crate) line: usize,
    pub(crate) why: &'static str,
}

/// Reads captions of a film that long.
///
/// # Errors
/// The first thing that is wrong.
pub(crate) fn read(bytes: &[u8], seconds: f64) -> Result<Vec<Cue>, BadCaptions> {
    let bad = |line, why| BadCaptions { line, why };
    if bytes.len() > LARGEST {
        return Err(bad(1, "it is longer than captions can be"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        bad(line, "it is not UTF-8")
    })?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    if let Some(at) = text.find(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return Err(bad(text[..at].matches('\n').count() + 1, "it holds control characters"));
    }
    let mut lines = text.split('\n').zip(1..).peekable();
    let webvtt = text.starts_with("WEBVTT");
    if webvtt {
        let header = lines.next().map_or("", |(line, _)| line);
        if !["WEBVTT"].contains(&header) && !header.starts_with("WEBVTT ") && !header.starts_with("WEBVTT\t") {
            return Err(bad(1, "the first line is WEBVTT, or SubRip begins with the number 1"));
        }
        while lines.next_if(|(line, _)| !line.is_empty()).is_some() {}
    }
    let mut cues: Vec<Cue> = Vec::new();
    while let Some((first, number)) = lines.find(|(line, _)| !line.trim().is_empty()) {
        // Notes, styles and regions are for editors and players of their own.
        if webvtt && !first.contains("-->") && ["NOTE", "STYLE", "REGION"].iter().any(|word| block(first, word)) {
            while lines.next_if(|(line, _)| !line.trim().is_empty()).is_some() {}
            continue;
        }
        let (timing, number) = if first.contains("-->") {
            (first, number)
        } else {
            if !webvtt && !first.trim().bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(bad(
                    number,
                    "a caption begins with its number or its times: 00:00:01,000 --> 00:00:03,000",
                ));
            }
            lines.next().filter(|(line, _)| line.contains("-->")).ok_or(bad(number, "its times are missing"))?
        };
        let (from, rest) = timing.split_once("-->").ok_or(bad(number, "its times are missing"))?;
        let rest = rest.trim();
        let (to, settings) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
        let times = time(from.trim(), webvtt).zip(time(to, webvtt));
        let (from, to) =
            times.ok_or(bad(number, "a time is written 00:00:01,000 (SubRip) or 00:00:01.000 (WebVTT)"))?;
        if from >= to {
            return Err(bad(number, "it ends before it begins"));
        }
        if cues.last().is_some_and(|last| last.from > from) {
            return Err(bad(number, "it begins before the one above it"));
        }
        if from as f64 / 1000.0 >= seconds {
            return Err(bad(number, "it begins after the film's end"));
        }
        let mut words = Vec::new();
        while let Some((line, number)) = lines.next_if(|(line, _)| !line.trim().is_empty()) {
            if line.contains("-->") {
                return Err(bad(number, "an empty line is missing above it"));
            }
            words.push(if webvtt { line.to_owned() } else { escaped(line) });
        }
        if words.is_empty() {
            return Err(bad(number, "it says nothing"));
        }
        if cues.len() == MOST_CUES {
            return Err(bad(number, "there are more captions than are read"));
        }
        // SubRip has coordinates there, which WebVTT does not know.
        let settings = if webvtt { placed(settings) } else { String::new() };
        cues.push(Cue { from, to, settings, text: words.join("\n") });
    }
    if cues.is_empty() {
        return Err(bad(1, "there are no captions in it"));
    }
    Ok(cues)
}

fn block(line: &str, word: &str) -> bool {
    line.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// `01:02:03.004`; in WebVTT the hours may be missing.
fn time(text: &str, webvtt: bool) -> Option<u64> {
    let (rest, thousandths) = text.split_once(if webvtt { '.' } else { ',' })?;
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let good = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u64>().ok().filter(|_| good)
    };
    let parts: Vec<&str> = rest.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes, seconds] => (number(hours, if webvtt { 2..=4 } else { 1..=4 })?, minutes, seconds),
        [minutes, seconds] if webvtt => (0, minutes, seconds),
        _ => return None,
    };
    let (minutes, seconds) = (number(minutes, 2..=2)?, number(seconds, 2..=2)?);
    let good = minutes < 60 && seconds < 60;
    good.then_some((hours * 3600 + minutes * 60 + seconds) * 1000 + number(thousandths, 3..=3)?)
}

/// The settings of a cue that WebVTT knows.
fn placed(settings: &str) -> String {
    const KNOWN: [&str; 5] = ["vertical:", "line:", "position:", "size:", "align:"];
    let known = |word: &&str| {
        KNOWN.iter().any(|name| word.strip_prefix(name).is_some_and(|value| !value.is_empty()))
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":%,.-".contains(&byte))
    };
    settings.split_whitespace().filter(known).collect::<Vec<_>>().join(" ")
}

/// A line of SubRip as WebVTT writes it: italics, bold and underlined stay, other signs stand for themselves.
fn escaped(line: &str) -> String {
    const KEPT: [&str; 6] = ["<i>", "</i>", "<b>", "</b>", "<u>", "</u>"];
    let (mut out, mut rest) = (String::new(), line);
    while let Some(c) = rest.chars().next() {
        let lower: String = rest.chars().take(4).collect::<String>().to_ascii_lowercase();
        if let Some(tag) = KEPT.iter().find(|tag| lower.starts_with(**tag)) {
            out += tag;
            rest = &rest[tag.len()..];
            continue;
        }
        // Colours and typefaces are the player's.
        let font = (lower == "<fon" || lower == "</fo").then(|| rest.find('>')).flatten();
        if let Some(end) = font {
            rest = &rest[end + 1..];
            continue;
        }
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// Captions as WebVTT.
pub(crate) fn webvtt(cues: &[Cue]) -> String {
    let mut out = String::from("WEBVTT\n");
    for Cue { from, to, settings, text } in cues {
        let space = if settings.is_empty() { "" } else { " " };
        // Writing into memory does not fail.
        let _ = write!(out, "\n{} --> {}{space}{settings}\n{text}\n", stamp(*from), stamp(*to));
    }
    out
}

/// `00:00:01.000`
pub(crate) fn stamp(ms: u64) -> String {
    let (seconds, ms) = (ms / 1000, ms % 1000);
    format!("{:02}:{:02}:{:02}.{ms:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Captions as SubRip, which knows neither places nor voices: italics, bold and underlined stay.
pub(crate) fn subrip(cues: &[Cue]) -> String {
    let mut out = String::new();
    for (Cue { from, to, text, .. }, nth) in cues.iter().zip(1..) {
        let space = if nth > 1 { "\n" } else { "" };
        let (from, to) = (stamp(*from).replace('.', ","), stamp(*to).replace('.', ","));
        // Writing into memory does not fail.
        let _ = write!(out, "{space}{nth}\n{from} --> {to}\n{}\n", plain(text));
    }
    out
}

/// A cue's text without the marks that WebVTT alone has.
fn plain(text: &str) -> String {
    let marked = without_tags(text, |tag| ["i", "b", "u", "/i", "/b", "/u"].contains(&tag));
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{a0}"), ("&lrm;", ""), ("&rlm;", ""), ("&amp;", "&")];
    signs.iter().fold(marked, |text, (written, sign)| text.replace(written, sign))
}

/// A cue's text with those of its tags that are kept.
fn without_tags(text: &str, kept: impl Fn(&str) -> bool) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, tag, after)) =
        rest.split_once('<').and_then(|(before, tag)| tag.split_once('>').map(|(tag, after)| (before, tag, after)))
    {
        out += before;
        if kept(tag) {
            out.extend(["<", tag, ">"]);
        }
        rest = after;
    }
    out + rest
}

/// What is said from one millisecond to another, told from there on.
pub(crate) fn cut(cues: &[Cue], from: u64, to: u64) -> Vec<Cue> {
    let within = cues.iter().filter(|cue| cue.from < to && from < cue.to);
    let retimed = within.map(|cue| Cue {
        from: cue.from.saturating_sub(from),
        to: cue.to.min(to) - from,
        settings: cue.settings.clone(),
        // A time within a cue says when each of its words comes; it would be that of the whole film.
        text: without_tags(&cue.text, |tag| !tag.starts_with(|c: char| c.is_ascii_digit())),
    });
    retimed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_of_a_part_begin_with_it() {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000 align:start\nOne\n\n00:02.500 --> 00:04.000\n\
                    <v Ada>R&amp;D <i>is</i> <00:03.000>here &lt;now&gt;\n\n00:04.000 --> 00:05.000\nThree\n";
        let cues = read(text.as_bytes(), 6.0).expect("it is good");
        let part = cut(&cues, 1_500, 3_000);
        assert_eq!(
            webvtt(&part),
            "WEBVTT\n\n00:00:00.000 --> 00:00:00.500 align:start\nOne\n\n00:00:01.000 --> 00:00:01.500\n\
             <v Ada>R&amp;D <i>is</i> here &lt;now&gt;\n"
        );
        assert_eq!(
            subrip(&part),
            "1\n00:00:00,000 --> 00:00:00,500\nOne\n\n2\n00:00:01,000 --> 00:00:01,500\nR&D <i>is</i> here <now>\n"
        );
        assert_eq!(cut(&cues, 2_000, 2_500), []);
        assert_eq!(cut(&cues, 0, u64::MAX).len(), 3);
    }

    #[test]
    fn subrip_becomes_webvtt() {
        let subrip = "\u{feff}1\r\n00:00:01,000 --> 00:00:02,500\r\nR&D <i>first</i> <font color=\"red\">a < b</font>\r\n\r\n2\r\n00:00:02,500 --> 00:00:03,000 X1:10\r\n- Oui.\r\n- Non.\r\n";
        let cues = read(subrip.as_bytes(), 4.0).expect("it is good");
        assert_eq!(
            webvtt(&cues),
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nR&amp;D <i>first</i> a &lt; b\n\n\
             00:00:02.500 --> 00:00:03.000\n- Oui.\n- Non.\n"
        );
    }

    #[test]
    fn webvtt_reads_back() {
        let text = "WEBVTT - a title\nKind: captions\n\nNOTE nothing\nmore\n\nSTYLE\n::cue {}\n\nintro\n00:01.000 --> 00:02.000 align:start evil:x\n<v Ada>Bonjour &amp; merci\n\n00:00:02.000 --> 01:00:03.000\nHi\n";
        let cues = read(text.as_bytes(), 4.0).expect("it is good");
        assert_eq!(cues.len(), 2);
        assert_eq!(cues[0].settings, "align:start");
        assert_eq!(read(webvtt(&cues).as_bytes(), 4.0).expect("ours"), cues);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, line, part) in [
            (&b""[..], 1, "no captions"),
            (b"Hello\n", 1, "begins with its number"),
            (b"1\n00:00:01,000 -> 00:00:02,000\nx\n", 1, "times are missing"),
            (b"1\n00:00:01.000 --> 00:00:02.000\nx\n", 2, "SubRip"),
            (b"1\n00:00:01,000 --> 00:00:61,000\nx\n", 2, "SubRip"),
            (b"1\n00:00:02,000 --> 00:00:01,000\nx\n", 2, "ends before"),
            (b"1\n00:00:02,000 --> 00:00:03,000\nx\n\n2\n00:00:01,000 --> 00:00:03,000\nx\n", 6, "above it"),
            (b"1\n00:00:05,000 --> 00:00:06,000\nx\n", 2, "film's end"),
            (b"1\n00:00:01,000 --> 00:00:02,000\n\n", 2, "says nothing"),
            (b"1\n00:00:01,000 --> 00:00:02,000\nx\n00:00:02,000 --> 00:00:03,000\n", 4, "empty line"),
            (b"1\n00:00:01,000 --> 00:00:02,000\n\xe9t\xe9\n", 3, "UTF-8"),
            (b"WEBVTT!\n\n", 1, "first line"),
        ] {
            let bad = read(text, 4.0).expect_err(part);
            assert!(bad.why.contains(part) && bad.line == line, "{bad}, not line {line}: {part}");
        }
    }
}
