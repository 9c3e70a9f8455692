//! What the files say in the product's own words.

use crate::Lang;

pub(super) struct Words {
    pub(super) version: &'static str,
    pub(super) language: &'static str,
    pub(super) language_name: &'static str,
    pub(super) standing_of: &'static str,
    pub(super) address: &'static str,
    pub(super) fingerprint: &'static str,
    pub(super) made: &'static str,
    /// Between a name and what it names.
    pub(super) colon: &'static str,
    pub(super) contents: &'static str,
    pub(super) about: &'static str,
    pub(super) beginning: &'static str,
    pub(super) permalink: &'static str,
    /// On every page of a translation; empty for the original.
    pub(super) unofficial: &'static str,
    /// How a reader who cannot see reads the file (EPUB Accessibility 1.1, §3).
    pub(super) accessibility: &'static str,
}

const FRENCH: Words = Words {
    version: "Version",
    language: "Langue",
    language_name: "français",
    standing_of: "Valeur",
    address: "Adresse",
    fingerprint: "SHA-256 du texte",
    made: "Fichier établi",
    colon: "\u{a0}: ",
    contents: "Sommaire",
    about: "À propos de ce fichier",
    beginning: "Début du texte",
    permalink: "Lien permanent\u{a0}:",
    unofficial: "",
    accessibility: "Texte seul, structuré par des titres, avec une table des matières ; aucune image, aucun son, aucun \
                    mouvement.",
};

const ENGLISH: Words = Words {
    version: "Version",
    language: "Language",
    language_name: "English",
    standing_of: "Standing",
    address: "Address",
    fingerprint: "SHA-256 of text",
    made: "File made",
    colon: ": ",
    contents: "Contents",
    about: "About this file",
    beginning: "Beginning of the text",
    permalink: "Permalink:",
    unofficial: "Unofficial translation",
    accessibility: "Text only, structured by headings, with a table of contents; no images, no sound, nothing that \
                    moves.",
};

pub(super) const fn of(lang: Lang) -> &'static Words {
    match lang {
        Lang::Fr => &FRENCH,
        Lang::En => &ENGLISH,
    }
}

/// Whether the text is the original, in a sentence or two.
pub(super) fn standing(lang: Lang, site: &str) -> String {
    match lang {
        Lang::Fr => "Texte original, reproduit à la lettre. Seul le texte publié par ses auteurs fait foi.".to_owned(),
        Lang::En => {
            format!("Courtesy translation made by {site}. It is unofficial: only the French text is authentic.")
        }
    }
}

/// The same for programs.
pub(super) const fn standing_token(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => "original",
        Lang::En => "unofficial-translation",
    }
}

/// Year, month and day of `2025-02-13`.
pub(super) fn civil(iso: &str) -> Option<(u16, u8, u8)> {
    let mut parts = iso.split('-');
    let date = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    ((1..=12).contains(&date.1) && (1..=31).contains(&date.2) && parts.next().is_none()).then_some(date)
}
