//! What editors say of a video: one documented file, TOML and JSON alike, after IPTC's Video Metadata Hub 1.7.
//!
//! Everything is checked where it is read, so that what is wrong is named with its line; `docs/media.md` has the table
//! of fields and the properties of the Hub they stand for.

use crate::clock;
use ::plan::{Document, Lang};
use clip::{Index, Point};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{fmt, path::Path, str::FromStr};
use toml::value::{Datetime, Offset};

/// A file longer than that is none of these.
pub const LARGEST: usize = 1 << 20;
const LONGEST_LINE: usize = 300;
const LONGEST_TEXT: usize = 20_000;
const MOST_ROWS: usize = 2000;

/// What editors say of a video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The media number, by which people ask for it. Without one it is given one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Number>,
    /// The language that is spoken (BCP 47); `zxx` where nobody speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Who is to be named wherever it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Line>,
    /// Until when it is shown to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embargo: Option<Moment>,
    /// Who is seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<Line>,
    /// Places of the plan it relates to: `m4`, `m4.2`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Slug>,
    /// Its name.
    pub title: Localised,
    /// What is seen and why it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storyline: Option<Localised>,
    /// When it was made, and when what it shows took place.
    #[serde(default, skip_serializing_if = "Dates::is_empty")]
    pub dates: Dates,
    /// What is shown where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Words to find it by.
    #[serde(default, skip_serializing_if = "Keywords::is_empty")]
    pub keywords: Keywords,
    /// What it is about, in the organisation's own terms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Localised>,
    /// Whose it is, and what one may do with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<Localised>,
    /// What one may not do with it, or with a part of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restrictions: Vec<Restriction>,
    /// What is seen from when to when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shotlist: Vec<Shot>,
}

/// The same in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localised {
    /// In French.
    pub fr: Text,
    /// In English.
    pub en: Text,
}

impl Localised {
    /// The one of `lang`.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr.0,
            Lang::En => &self.en.0,
        }
    }
}

/// When it was made, and when what it shows took place: years, months or days (EDTF level 0).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// When it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Date>,
    /// When what it shows took place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Date>,
}

impl Dates {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Words to find it by, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keywords {
    /// In French.
    #[serde(default)]
    pub fr: Vec<Line>,
    /// In English.
    #[serde(default)]
    pub en: Vec<Line>,
}

impl Keywords {
    fn is_empty(&self) -> bool {
        self.fr.is_empty() && self.en.is_empty()
    }
}

/// Where something is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its name in French.
    pub fr: Text,
    /// Its name in English.
    pub en: Text,
    /// ISO 3166-1, two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
}

/// What one may not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// How it is enforced.
    pub kind: Restricts,
    /// From there on; from the beginning where it is not said.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub from: Option<Mark>,
    /// Up to there; to the end where it is not said.
    #[serde(default, rename = "out", skip_serializing_if = "Option::is_none")]
    pub to: Option<Mark>,
    /// In French.
    pub fr: Text,
    /// In English.
    pub en: Text,
}

/// How a restriction is enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Restricts {
    /// It is not handed out.
    Block,
    /// It is, and whoever takes it is told.
    Warn,
}

/// A row of the shotlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shot {
    /// Its first frame.
    #[serde(rename = "in")]
    pub from: Mark,
    /// The first frame no longer in it.
    #[serde(rename = "out")]
    pub to: Mark,
    /// What is seen, in French.
    pub fr: Text,
    /// In English.
    pub en: Text,
}

/// A kind of text that is checked where it is read.
macro_rules! checked {
    ($(#[doc = $doc:literal])+ $name:ident, $check:expr) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// As it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                let check: fn(&str) -> Result<(), String> = $check;
                check(&text).map(|()| Self(text))
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::try_from(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn or(holds: bool, why: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}

fn words(text: &str, most: usize, lines: bool) -> Result<(), String> {
    or(!text.trim().is_empty(), "a text is expected, and this is empty")?;
    or(text.chars().count() <= most, &format!("it is longer than {most} characters"))?;
    let good = |c: char| !c.is_control() || (lines && c == '\n');
    or(text.chars().all(good), "it holds control characters")
}

checked! {
    /// A text, perhaps of several paragraphs.
    Text, |text| words(text, LONGEST_TEXT, true)
}

checked! {
    /// A text on one line.
    Line, |text| words(text, LONGEST_LINE, false)
}

checked! {
    /// A media number: capital letters, digits and hyphens.
    Number, |text| {
        let bytes = text.as_bytes();
        let good = (3..=40).contains(&bytes.len())
            && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        or(good, "a number is of 3 to 40 capital letters, digits and hyphens, such as ES-2026-014")?;
        let own = text.strip_prefix('V').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
        or(!own, "numbers such as V000001 are given by the program")
    }
}

impl Number {
    /// The number of the video that was added as the `nth`, where editors gave none.
    #[must_use]
    pub fn given(nth: i64) -> Self {
        Self(format!("V{nth:06}"))
    }

    /// A number as an argument or in an address: the program's own too, in any case.
    ///
    /// # Errors
    /// What it is instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let upper = text.to_ascii_uppercase();
        match upper.strip_prefix('V') {
            Some(digits) if digits.len() >= 6 && digits.bytes().all(|b| b.is_ascii_digit()) => Ok(Self(upper)),
            _ => upper.parse(),
        }
    }
}

checked! {
    /// A language (BCP 47): a language's two or three letters, perhaps more after a hyphen.
    Language, |text| {
        let mut parts = text.split('-');
        let primary = parts.next().unwrap_or_default();
        let good = (2..=3).contains(&primary.len())
            && primary.bytes().all(|b| b.is_ascii_lowercase())
            && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        or(good, "a language is written fr, en or pt-BR (BCP 47); zxx where nobody speaks")
    }
}

checked! {
    /// A country (ISO 3166-1, two letters).
    Country, |text| or(COUNTRIES.split(' ').any(|code| code == text), "a country is two capital letters of ISO 3166-1: BE")
}

checked! {
    /// A day, a month or a year (EDTF level 0).
    Date, |text| or(::plan::date::is_date(text), "a date is written 2026-11-23, 2026-11 or 2026, in quotes")
}

checked! {
    /// A place of the plan.
    Slug, |text| or(
        !text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b)),
        "a place of the plan is written m4 or m4.2",
    )
}

checked! {
    /// A point in the video: timecode, frame or seconds.
    Mark, |text| text.parse::<Point>().map(drop).map_err(|bad| bad.to_string())
}

impl Mark {
    /// As `clip` reads it.
    #[must_use]
    pub fn point(&self) -> Option<Point> {
        self.0.parse().ok()
    }
}

checked! {
    /// A moment (RFC 3339).
    Moment, |text| or(moment(text).is_some(), "a moment is written 2026-12-01T06:00:00+01:00 (RFC 3339), in quotes")
}

impl Moment {
    /// Milliseconds since 1970.
    #[must_use]
    pub fn ms(&self) -> i64 {
        moment(&self.0).unwrap_or_default()
    }
}

fn moment(text: &str) -> Option<i64> {
    let Datetime { date: Some(date), time: Some(time), offset: Some(offset) } = text.parse().ok()? else {
        return None;
    };
    let day = clock::day(date.year.into(), date.month.into(), date.day.into());
    let seconds = i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + i64::from(time.second.unwrap_or(0));
    let minutes = match offset {
        Offset::Z => 0,
        Offset::Custom { minutes } => i64::from(minutes),
    };
    Some(day * clock::DAY + seconds * clock::SECOND - minutes * clock::MINUTE)
}

/// Why a file of metadata is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{why}", .line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct BadMetadata {
    /// Where, where that can be told.
    pub line: Option<usize>,
    /// What is wrong.
    pub why: String,
}

impl Metadata {
    /// Of a video of which nothing is known but its file's name.
    #[must_use]
    pub fn of_file(name: &Path) -> Self {
        let stem = name.file_stem().unwrap_or_default().to_string_lossy();
        let words: String =
            stem.chars().map(|c| if c.is_control() || c == '_' { ' ' } else { c }).take(LONGEST_LINE).collect();
        let words = if words.trim().is_empty() { "Sans titre / Untitled".to_owned() } else { words.trim().to_owned() };
        Self {
            number: None,
            language: None,
            credit: None,
            embargo: None,
            persons: Vec::new(),
            related: Vec::new(),
            title: Localised { fr: Text(words.clone()), en: Text(words) },
            storyline: None,
            dates: Dates::default(),
            place: None,
            keywords: Keywords::default(),
            topics: Vec::new(),
            rights: None,
            restrictions: Vec::new(),
            shotlist: Vec::new(),
        }
    }

    /// Reads a file's text: JSON if it begins with a brace, else TOML. `plan` is the text that `related` points into.
    ///
    /// # Errors
    /// The first thing that is wrong, and in which line.
    pub fn read(text: &str, plan: &Document) -> Result<Self, BadMetadata> {
        let bad =
            |line, why: String| BadMetadata { line, why: why.replace('\n', ", ").trim_end_matches(", ").to_owned() };
        if text.len() > LARGEST {
            return Err(bad(None, format!("it is longer than {LARGEST} bytes")));
        }
        let text = text.trim_start_matches('\u{feff}');
        let read: Self = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| {
                let said = error.to_string();
                let why = said.rsplit_once(" at line ").map_or(said.as_str(), |(why, _)| why);
                bad((error.line() > 0).then(|| error.line()), why.to_owned())
            })?
        } else {
            toml::from_str(text).map_err(|error: toml::de::Error| {
                let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
                bad(line, error.message().to_owned())
            })?
        };
        if let Some(slug) = read.related.iter().find(|slug| plan.find(&slug.0).is_none()) {
            let quoted = format!("\"{slug}\"");
            let line = text.lines().position(|line| line.contains(&quoted)).map(|line| line + 1);
            return Err(bad(line, format!("the plan has no place {slug}")));
        }
        for (what, count) in [("shotlist", read.shotlist.len()), ("restrictions", read.restrictions.len())] {
            if count > MOST_ROWS {
                return Err(bad(None, format!("{what} has more than {MOST_ROWS} rows")));
            }
        }
        Ok(read)
    }

    /// What was kept as JSON.
    ///
    /// # Errors
    /// It was written by another version of the program.
    pub fn kept(json: Value) -> Result<Self, BadMetadata> {
        serde_json::from_value(json).map_err(|error| BadMetadata { line: None, why: error.to_string() })
    }

    /// As JSON, to be kept.
    #[must_use]
    pub fn json(&self) -> Value {
        // Texts, lists and tables: nothing in it could fail.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// As the file that reads back to it.
    #[must_use]
    pub fn toml(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// Whether every mark is a point of that file, and every range one.
    ///
    /// # Errors
    /// The first that is not, named as an editor would find it.
    pub fn fits(&self, index: &Index) -> Result<(), String> {
        let frame = |mark: &Mark, of: &str| {
            let point = mark.point().ok_or_else(|| format!("{of}: {mark} is no point"))?;
            index.frame(point).map_err(|refused| format!("{of}: {mark}: {refused}"))
        };
        let range = |from: Option<&Mark>, to: Option<&Mark>, of: String| {
            let from = from.map_or(Ok(0), |mark| frame(mark, &of))?;
            let to = to.map_or(Ok(index.frames().end), |mark| frame(mark, &of))?;
            if from < to { Ok(()) } else { Err(format!("{of}: out must lie after in")) }
        };
        for (row, shot) in self.shotlist.iter().enumerate() {
            range(Some(&shot.from), Some(&shot.to), format!("shotlist, row {}", row + 1))?;
        }
        for (row, restriction) in self.restrictions.iter().enumerate() {
            range(restriction.from.as_ref(), restriction.to.as_ref(), format!("restrictions, row {}", row + 1))?;
        }
        Ok(())
    }
}

/// ISO 3166-1 alpha-2, and XK, which is not in it but in use.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR \
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET \
    FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ \
    IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML \
    MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS \
    PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL \
    TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

#[cfg(test)]
mod tests {
    use super::*;
    use ::plan::content;

    const EXAMPLE: &str = include_str!("example.toml");

    fn read(text: &str) -> Result<Metadata, BadMetadata> {
        Metadata::read(text, &content::load(Lang::Fr))
    }

    #[track_caller]
    fn refused(text: &str) -> (Option<usize>, String) {
        let BadMetadata { line, why } = read(text).expect_err(text);
        assert!(!why.contains('\n'), "one line: {why}");
        (line, why)
    }

    #[test]
    fn the_documented_example_reads_and_is_the_one_in_the_documents() {
        let example = read(EXAMPLE).expect("it reads");
        assert_eq!(example.shotlist.len(), 2);
        assert_eq!(example.embargo.as_ref().map(Moment::ms), Some(1_796_101_200_000));
        let documents = include_str!("../../../docs/media.md");
        assert!(documents.contains(EXAMPLE.trim()), "docs/media.md has another one");
    }

    #[test]
    fn it_reads_back_from_toml_and_from_json_alike() {
        let example = read(EXAMPLE).expect("it reads");
        assert_eq!(read(&example.toml()).expect("TOML"), example);
        assert_eq!(read(&example.json().to_string()).expect("JSON"), example);
        assert_eq!(Metadata::kept(example.json()).expect("kept"), example);
        let bare = Metadata::of_file(Path::new("/tmp/a_day.at sea.mp4"));
        assert_eq!(bare.title.of(Lang::En), "a day.at sea");
        assert_eq!(read(&bare.toml()).expect("TOML"), bare);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let with = |line: &str| format!("{line}\n[title]\nfr = \"Un\"\nen = \"One\"\n");
        for (text, line, part) in [
            ("credit = \"x\"".to_owned(), None, "title"),
            ("[title]\nfr = \"Un\"\n".to_owned(), Some(1), "en"),
            (with("titel = 1"), Some(1), "titel"),
            (with("\nnumber = \"a b\""), Some(2), "capital letters"),
            (with("number = \"V000001\""), Some(1), "given by the program"),
            (with("embargo = \"tomorrow\""), Some(1), "RFC 3339"),
            (with("embargo = \"2026-12-01T06:00:00\""), Some(1), "RFC 3339"),
            (with("language = \"French\""), Some(1), "BCP 47"),
            (with("\n\nrelated = [\n  \"m4\",\n  \"m44.9\",\n]"), Some(5), "no place m44.9"),
            (with("persons = [\"\"]"), Some(1), "empty"),
            (with("credit = 3"), Some(1), "string"),
            (with("credit = \"x"), Some(1), ""),
            (with("") + "[dates]\ncreated = \"2026-02-30\"\n", Some(6), "2026-11-23"),
            (with("") + "[place]\nfr = \"Ici\"\nen = \"Here\"\ncountry = \"QQ\"\n", Some(8), "ISO 3166-1"),
            (with("") + "[[shotlist]]\nin = \"soon\"\nout = \"2s\"\nfr = \"x\"\nen = \"x\"\n", Some(6), "timecode"),
            (with("") + "[[restrictions]]\nkind = \"maybe\"\nfr = \"x\"\nen = \"x\"\n", Some(6), "maybe"),
            (
                "{\n\"title\": {\"fr\": \"Un\", \"en\": \"One\"},\n\"number\": \"-\"}".to_owned(),
                Some(3),
                "capital letters",
            ),
            ("{\n\"title\": {\"fr\": \"Un\", \"en\": \"One\"},\n\"colour\": 1}".to_owned(), Some(3), "colour"),
            ("{".to_owned(), Some(1), "EOF"),
        ] {
            let (where_, why) = refused(&text);
            assert!(why.contains(part), "{text}: {why}");
            if part != "title" {
                assert_eq!(where_, line, "{text}: {why}");
            }
        }
    }

    #[test]
    fn moments_are_counted_in_any_zone() {
        let ms = |text: &str| text.parse::<Moment>().expect(text).ms();
        assert_eq!(ms("2026-11-23T08:00:59Z"), 1_795_420_859_000);
        assert_eq!(ms("2026-11-23T09:00:59+01:00"), ms("2026-11-23T08:00:59Z"));
        assert_eq!(ms("2026-11-22T20:00:59-12:00"), ms("2026-11-23T08:00:59Z"));
        "2026-02-29T08:00:00Z".parse::<Moment>().expect_err("no such day");
    }

    #[test]
    fn numbers_are_read_in_any_case() {
        assert_eq!(Number::parse("v000012").expect("given"), Number::given(12));
        assert_eq!(Number::parse("es-2026-014").expect("an editor's").as_str(), "ES-2026-014");
        for text in ["", "v12", "a", "é12", "-A1", "a b c"] {
            Number::parse(text).expect_err(text);
        }
    }
}
