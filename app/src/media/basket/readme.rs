//! What stands in the README of a basket that is taken: for who opens it weeks later, without the site.

use super::{contract::LeftOut, words::Words};
use crate::{routes::To, site::Site};
use plan::Lang;
use std::fmt::Write as _;

/// A range in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The film's file.
    pub name: String,
    /// The video's number.
    pub number: String,
    /// Its title, in the reader's language.
    pub title: String,
    /// Its first frame's timecode and that of the first no longer in it, or their numbers.
    pub points: [String; 2],
    /// The rendition it was cut from.
    pub rendition: String,
    /// What its owner said of it.
    pub note: String,
    /// Who is to be named.
    pub credit: String,
    /// Whose it is.
    pub rights: String,
    /// What is to be heeded.
    pub restrictions: Vec<String>,
    /// Whether frames travel in it that are not shown.
    pub hidden: bool,
    /// Whether its captions lack, as they could not be read.
    pub mute: bool,
}

/// The README of an archive: what is in it, and what is not: number, points and reason.
pub fn readme(
    lang: Lang,
    site: &Site,
    date: &str,
    packed: &[Packed],
    left_out: &[(String, [String; 2], LeftOut)],
    several_lists: bool,
) -> String {
    let words = Words::of(lang);
    let colon = if lang == Lang::Fr { "\u{a0}:" } else { ":" };
    let mut text = format!(
        "{} – {}, {date}\n{}{}\n\n{}\n",
        site.name,
        words.basket,
        site.public_url,
        To::Basket.href(lang),
        words.readme_lead
    );
    // Writing into memory does not fail.
    if several_lists {
        let _ = writeln!(text, "{}", words.readme_rates);
    }
    if packed.iter().any(|one| one.hidden) {
        let _ = writeln!(text, "{}", words.readme_hidden);
    }
    let _ = writeln!(text, "\n{}\n", words.packed);
    for one in packed {
        let _ = writeln!(text, "{}\n    {} – {}", one.name, one.number, one.title);
        let _ = writeln!(text, "    {} → {} ({})", one.points[0], one.points[1], one.rendition);
        let page = To::Video(one.number.clone()).href(lang);
        let _ = writeln!(text, "    {}{page}", site.public_url);
        for (word, value) in [(words.note, &one.note), (words.credit, &one.credit), (words.rights, &one.rights)] {
            if !value.is_empty() {
                let _ = writeln!(text, "    {word}{colon} {}", value.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        for restriction in &one.restrictions {
            let _ = writeln!(text, "    {}{colon} {restriction}", words.restrictions);
        }
        if one.mute {
            let _ = writeln!(text, "    {}", words.no_captions);
        }
    }
    if !left_out.is_empty() {
        let _ = writeln!(text, "\n{}\n", words.not_in);
        for (number, points, why) in left_out {
            let _ = writeln!(text, "{number} {} → {}\n    {}", points[0], points[1], words.left_out(lang, why));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::samples::site;
    use plan::gloss::Both;

    #[test]
    fn a_readme_tells_what_is_in_it_and_what_is_not() {
        let packed = Packed {
            name: "ES-2026-014_10-00-02-23.mp4".to_owned(),
            number: "ES-2026-014".to_owned(),
            title: "Trials".to_owned(),
            points: ["10:00:02:23".to_owned(), "10:00:08:12".to_owned()],
            rendition: "1080p".to_owned(),
            note: "for\nthe opening".to_owned(),
            credit: "Ada".to_owned(),
            rights: String::new(),
            restrictions: vec!["No use in advertising.".to_owned()],
            hidden: true,
            mute: false,
        };
        let why = LeftOut::Blocked(Both { fr: "Tiers".to_owned(), en: "Third party".to_owned() });
        let left = [("ES-2026-014".to_owned(), ["f1".to_owned(), "f2".to_owned()], why)];
        let text = readme(Lang::En, &site(), "2026-11-23", &[packed], &left, false);
        for said in [
            "Estafette – Basket, 2026-11-23\nhttps://example.org/en/media/basket\n",
            "ES-2026-014_10-00-02-23.mp4\n    ES-2026-014 – Trials\n    10:00:02:23 → 10:00:08:12 (1080p)\n",
            "    Note: for the opening\n    Credit: Ada\n    To be heeded: No use in advertising.\n",
            "may travel hidden",
            "What is not in it\n\nES-2026-014 f1 → f2\n    The part touches a passage that cannot be handed out: Third party\n",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        assert!(!text.contains("Rights:"));
    }
}
