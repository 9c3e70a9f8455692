//! A list of cuts, sent to fill a basket: each event is looked for among the videos, and what is not found is told.

use super::{Footage, Keeper, between};
use crate::store::{
    StoreError,
    basket::{Came, Put as Range},
};
use app::media::basket::contract::{Left, LeftWhy, NoList, Put, Report};
use clip::edl::{self, BadEdl, Edl, Event, Transition, Why};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Characters of a clip's name among which a number is looked for.
const NAME: usize = 80;

/// What videos are called, in lists of cuts.
struct Names {
    numbers: HashSet<String>,
    reels: HashMap<String, Vec<String>>,
}

impl Names {
    fn of(numbers: Vec<String>) -> Self {
        let mut reels: HashMap<String, Vec<String>> = HashMap::new();
        for number in &numbers {
            reels.entry(edl::reel(number)).or_default().push(number.clone());
        }
        Self { numbers: numbers.into_iter().collect(), reels }
    }

    /// The number at the beginning of a file's name: `ESSAI-1_1080p.mp4`. The longest that is one.
    fn in_name(&self, name: &str) -> Option<&str> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name).trim();
        let name: String = file.chars().take(NAME).map(|c| c.to_ascii_uppercase()).collect();
        let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
        let ends = ends.filter(|end| !name[*end..].starts_with(|c: char| c.is_ascii_alphanumeric()));
        let ends: Vec<usize> = ends.collect();
        ends.into_iter().rev().find_map(|end| self.numbers.get(&name[..end])).map(String::as_str)
    }

    fn of_event(&self, event: &Event) -> Result<&str, LeftWhy> {
        let named = event.clip_name.as_deref().and_then(|name| self.in_name(name));
        if let Some(number) = named.or_else(|| self.in_name(&event.reel)) {
            return Ok(number);
        }
        match self.reels.get(&edl::reel(&event.reel)).map(Vec::as_slice) {
            Some([number]) => Ok(number),
            Some([_, _, ..]) => Err(LeftWhy::Several),
            _ => Err(LeftWhy::NoVideo),
        }
    }
}

fn why(why: Why) -> LeftWhy {
    match why {
        Why::Black => LeftWhy::Black,
        Why::Auxiliary => LeftWhy::Auxiliary,
        Why::NoLength => LeftWhy::NoLength,
        Why::Key => LeftWhy::Key,
        Why::NoTrack => LeftWhy::NoTrack,
        Why::Timecodes => LeftWhy::Timecodes,
        Why::Unknown => LeftWhy::Unknown,
    }
}

/// An event as its list has it.
fn written(event: &Event) -> String {
    let Event { number, reel, channels, source: [from, to], clip_name, .. } = event;
    let name = clip_name.as_ref().map(|name| format!(" * {name}")).unwrap_or_default();
    format!("{number} {reel} {channels} {from} {to}{name}")
}

impl Keeper {
    /// Puts the ranges of a list into a basket. What it holds that is no range of a video of ours is told, line by line.
    pub(crate) async fn take_list(&self, account: &str, bytes: &[u8]) -> Result<Result<Report, NoList>, StoreError> {
        let list = match Edl::read(bytes) {
            Ok(list) => list,
            Err(BadEdl::NoEvents) if bytes.is_empty() => return Ok(Err(NoList::Nothing)),
            Err(BadEdl::NoEvents) => return Ok(Err(NoList::NoEvents)),
            Err(BadEdl::TooLarge | BadEdl::TooMany) => return Ok(Err(NoList::TooLarge)),
        };
        let names = Names::of(self.catalogue.numbers());
        let mut report = Report { title: list.title, ..Report::default() };
        let leave = |line, text, why| Left { line, text, why };
        report.left.extend(list.passed_over.into_iter().map(|passed| leave(passed.line, passed.text, why(passed.why))));
        let mut known: HashMap<&str, Option<Arc<Footage>>> = HashMap::new();
        let mut found = Vec::new();
        for event in &list.events {
            let matched = match names.of_event(event) {
                Ok(number) => {
                    let video = match known.get(number) {
                        Some(video) => video.clone(),
                        None => known.entry(number).or_insert(self.named(number).await?).clone(),
                    };
                    // Withdrawn a moment ago.
                    video.ok_or(LeftWhy::NoVideo)
                }
                Err(why) => Err(why),
            };
            let ranged = matched.and_then(|video| {
                let [from, to] = &event.source;
                let frames = between(&video.film.timing, from, to).ok_or(LeftWhy::Outside)?;
                Ok((video, frames))
            });
            match ranged {
                Ok((video, frames)) => {
                    let note = if report.title.is_empty() {
                        event.number.clone()
                    } else {
                        format!("{} {}", report.title, event.number)
                    };
                    found.push((event, video.row.number.clone(), Range { video: video.row.id, frames, note }));
                }
                Err(why) => report.left.push(leave(event.line, written(event), why)),
            }
        }
        let ranges: Vec<Range> = found.iter().map(|(.., range)| range.clone()).collect();
        let mut tx = self.library.store.begin().await?;
        let came = tx.put_into_basket(account, &ranges).await?;
        tx.commit().await?;
        for ((event, number, _), came) in found.into_iter().zip(came) {
            if came == Came::Full {
                report.left.push(leave(event.line, written(event), LeftWhy::Full));
                continue;
            }
            let transition = match event.transition {
                Transition::Cut => None,
                Transition::Dissolve(frames) | Transition::Wipe(frames) => Some(frames),
            };
            report.put.push(Put {
                line: event.line,
                event: event.number.clone(),
                number,
                timecodes: event.source.clone(),
                was_in: came == Came::WasIn,
                transition,
            });
        }
        report.left.sort_by_key(|left| left.line);
        Ok(Ok(report))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_video_is_found_by_what_lists_call_it() {
        let names = Names::of(
            ["ESSAI-1", "ESSAI-10", "ES-2026-014", "ES-2026", "A-12345678", "B-12345678"].map(str::to_owned).into(),
        );
        for (name, number) in [
            ("ESSAI-1", Some("ESSAI-1")),
            ("essai-1_1080p_10-00-00-00.mp4", Some("ESSAI-1")),
            ("C:\\Footage\\ESSAI-10.mov", Some("ESSAI-10")),
            ("ES-2026-014 graded.mov", Some("ES-2026-014")),
            ("ES-2026-014x.mov", Some("ES-2026")),
            ("ES-2026-01.mov", Some("ES-2026")),
            ("ESSAI-11.mov", None),
            ("été.mov", None),
            ("", None),
        ] {
            assert_eq!(names.in_name(name), number, "{name}");
        }
        let event = |reel: &str, name: Option<&str>| Event {
            line: 1,
            number: "001".to_owned(),
            reel: reel.to_owned(),
            channels: "V".to_owned(),
            transition: Transition::Cut,
            source: ["00:00:00:00".to_owned(), "00:00:01:00".to_owned()],
            record: ["01:00:00:00".to_owned(), "01:00:01:00".to_owned()],
            clip_name: name.map(str::to_owned),
        };
        assert_eq!(names.of_event(&event("ESSAI1", None)), Ok("ESSAI-1"));
        assert_eq!(names.of_event(&event("S2026014", None)), Ok("ES-2026-014"));
        assert_eq!(names.of_event(&event("ESSAI1", Some("ESSAI-10.mp4"))), Ok("ESSAI-10"), "the name comes first");
        assert_eq!(names.of_event(&event("12345678", None)), Err(LeftWhy::Several));
        assert_eq!(names.of_event(&event("TAPE", Some("other.mov"))), Err(LeftWhy::NoVideo));
    }
}
