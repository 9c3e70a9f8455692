//! A video is withdrawn: whoever took any of it is told, by one letter each.

use crate::{
    mail::{Letter, Taken},
    secrets::{self, Secrets},
    store::{Store, StoreError, downloads::Download, media::Video, outbox::NewLetter},
};
use plan::Lang;

/// Withdraws a video and queues the letters to all who took of it, together or not at all: so each is written once, even
/// if whoever does this dies in the middle. `why` is for the editors, `reason` for those who are written to. How many are;
/// none where it was withdrawn already.
///
/// # Errors
/// If the database fails.
pub(crate) async fn withdraw(
    (store, secrets): (&Store, &Secrets),
    video: &Video,
    why: &str,
    reason: &str,
    now: i64,
) -> Result<Option<usize>, StoreError> {
    let mut tx = store.begin().await?;
    if !tx.withdraw_video(video.id, Some(why), now).await? {
        return Ok(None);
    }
    // By account: each has its downloads in a row.
    let taken = tx.taken_of(video.id).await?;
    let takers: Vec<_> = taken.chunk_by(|one, next| one.download.account_id == next.download.account_id).collect();
    for downloads in &takers {
        let Some(taker) = downloads.first() else { continue };
        let lang: Lang = taker.lang.parse().unwrap_or(Lang::ALL[0]);
        let letter = Letter::Recall {
            number: video.number.clone(),
            title: video.metadata["title"][lang.tag()].as_str().unwrap_or_default().to_owned(),
            reason: reason.to_owned(),
            taken: downloads.iter().map(|one| told(&one.download)).collect(),
        };
        let id = secrets::id();
        tx.queue_letter(&NewLetter {
            sealed: secrets.seal(&id, &letter.to_bytes()),
            id,
            to: taker.email.clone(),
            lang: taker.lang.clone(),
            priority: letter.priority(),
            expires_at: None,
            created_at: now,
        })
        .await?;
    }
    tx.commit().await?;
    Ok(Some(takers.len()))
}

fn told(download: &Download) -> Taken {
    Taken {
        rendition: download.rendition.clone(),
        part: download.part.as_ref().map(|part| (part.from.clone(), part.to.clone())),
        at: download.began_at,
    }
}
