//! A video such as tests need.

use super::{contract::*, timing::Timing};
use crate::site::{Localised, Site};
use plan::gloss::Both;

pub(super) fn site() -> Site {
    Site {
        name: "Estafette".to_owned(),
        organisation: Localised { fr: "OTAN".to_owned(), en: "NATO".to_owned() },
        public_url: "https://example.org".to_owned(),
    }
}

fn both(fr: &str, en: &str) -> Both<String> {
    Both { fr: fr.to_owned(), en: en.to_owned() }
}

fn still(number: &str) -> Picture {
    Picture { path: format!("/media/{number}/still.jpg"), width: 960, height: 540 }
}

fn board(number: &str) -> Board {
    let path = |name: &str| format!("/media/{number}/{name}");
    Board { path: path("storyboard.jpg"), track: path("storyboard.vtt"), columns: 10, tiles: 30 }
}

/// Thirty seconds at 25 frames a second from 10:00:00:00 on; frames 300 to 385 are not handed out.
pub(super) fn video() -> Video {
    let rendition = |id: &str, size, bytes| Rendition {
        id: id.to_owned(),
        bytes,
        media_type: "video/mp4".to_owned(),
        size: Some(size),
        video: "H.264".to_owned(),
        audio: "AAC".to_owned(),
        sha256: "ab".repeat(32),
        cuts: true,
    };
    Video {
        number: "ES-2026-014".to_owned(),
        title: both("Essais de munitions de 155 mm", "Trials of 155 mm ammunition"),
        storyline: both("Quatre Alliés comparent.\nLes résultats servent.", "Four Allies compare.\nThe results serve."),
        timing: Timing { rate: 25, seconds: 1, drop_frame: false, start: 900_000, frames: 750 },
        size: (1920, 1080),
        shots: vec![
            Shot { frames: 0..200, text: both("Plan d’ensemble du banc", "Wide shot of the bench") },
            Shot { frames: 200..300, text: both("Gros plan d’un obus", "Close-up of a shell") },
        ],
        place: Some(Place {
            id: "bourg-leopold".to_owned(),
            name: both("Bourg-Léopold", "Leopoldsburg"),
            country: Some("BE".to_owned()),
        }),
        event: Some("2026-11".to_owned()),
        created: Some("2026-11-20".to_owned()),
        published: "2026-11-23T08:00:00Z".to_owned(),
        persons: vec!["Ada Martin".to_owned()],
        keywords: Both { fr: vec!["munitions".to_owned()], en: vec!["ammunition".to_owned()] },
        topics: vec![("normes".to_owned(), both("Normes", "Standards"))],
        language: Some("fr".to_owned()),
        credit: Some("Estafette / Ada Martin".to_owned()),
        rights: Some(both("Usage journalistique libre.", "Free for journalistic use.")),
        restrictions: vec![
            Restriction {
                blocks: false,
                frames: None,
                text: both("Pas d’usage publicitaire.", "No use in advertising."),
            },
            Restriction {
                blocks: true,
                frames: Some(300..385),
                text: both("Visage d’un tiers.", "Face of a third party."),
            },
        ],
        related: vec!["m4".to_owned(), "m4.2".to_owned()],
        renditions: vec![
            rendition("original", (1920, 1080), 62_000_000),
            rendition("1080p", (1920, 1080), 22_000_000),
            rendition("720p", (1280, 720), 9_000_000),
        ],
        proxy: Some(Proxy { path: "/media/ES-2026-014/proxy.mp4".to_owned(), media_type: "video/mp4".to_owned() }),
        still: Some(still("ES-2026-014")),
        board: Some(board("ES-2026-014")),
        waveform: vec![0, 20, 100, 40],
        captions: vec![Captions { lang: "fr".to_owned(), path: "/media/ES-2026-014/captions.fr.vtt".to_owned() }],
    }
}

/// The same in a list.
pub(super) fn card(number: &str) -> Card {
    Card {
        number: number.to_owned(),
        title: "Essais de munitions de 155 mm".to_owned(),
        still: Some(still(number)),
        board: Some(board(number)),
        length: 30_000,
        date: Some("2026-11".to_owned()),
        place: Some("Bourg-Léopold".to_owned()),
        resolution: Resolution::Full,
        restricts: Restricts::Block,
        shot: Some(CardShot {
            start: 200,
            end: 300,
            timecode: "10:00:08:00".to_owned(),
            text: "Gros plan d’un obus".to_owned(),
        }),
    }
}
