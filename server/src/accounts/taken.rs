//! What an account has taken, as its owner sees it.

use super::{Office, Trouble};
use crate::{
    clock::to_the_minute,
    store::{downloads::Download, media::Video},
};
use app::account::contract::{Detail, TakenView, There};
use plan::Lang;
use std::collections::{HashMap, hash_map::Entry};

/// Downloads on a page.
const PAGE: i64 = 20;

impl Office {
    /// The downloads of an account before that row, a page of them.
    pub(super) async fn taken(&self, account_id: &str, before: i64, lang: Lang) -> Result<Detail, Trouble> {
        let mut rows = self.store.downloads_of(account_id, before, PAGE + 1).await?;
        let more = rows.len() > usize::try_from(PAGE).unwrap_or_default();
        if more {
            rows.pop();
        }
        let mut videos: HashMap<i64, Option<Video>> = HashMap::new();
        for row in &rows {
            if let Entry::Vacant(unread) = videos.entry(row.video) {
                unread.insert(self.store.video_of(row.video).await?);
            }
        }
        let before = rows.last().map(|row| row.id).filter(|_| more);
        let now = self.clock.now();
        let taken = rows.into_iter().map(|row| {
            let video = videos.get(&row.video).and_then(Option::as_ref);
            view(row, video, lang, now)
        });
        Ok(Detail::Downloads { taken: taken.collect(), before })
    }
}

fn view(row: Download, video: Option<&Video>, lang: Lang, now: i64) -> TakenView {
    let there = match video {
        Some(video) if video.visible(now) => There::Here,
        Some(video) if video.withdrawn_at.is_some() => There::Withdrawn,
        _ => There::Gone,
    };
    // What is withdrawn is named, so that it can be found and taken out; what is not shown yet, or again, is not.
    let title = video.filter(|_| there != There::Gone).and_then(|video| video.metadata["title"][lang.tag()].as_str());
    TakenView {
        title: title.map(str::to_owned),
        there,
        // By the number it goes by now.
        number: video.map_or(row.number, |video| video.number.clone()),
        rendition: row.rendition,
        part: row.part.map(|part| ((part.frames.start, part.from), (part.frames.end, part.to))),
        edit_safe: row.route == "edit-safe",
        at: to_the_minute(row.began_at),
    }
}
