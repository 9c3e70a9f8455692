//! The library in memory: which videos there are, in every order, and what they are sorted out by. The words are asked of
//! the store; counting a hundred thousand videos by seven facets is not for a database.

use super::card::{Entry, Named, days};
use crate::store::library::Answers;
use ::plan::{Lang, search::fold};
use app::media::contract::{Facet, Found, Length, Page, Query, Resolution, Restricts, Sort, Value};
use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, HashMap},
};

/// Videos on a page.
const PAGE: usize = 24;
/// Values of a facet that are offered.
const VALUES: usize = 30;
/// Characters of a title that an address holds.
const TITLE: usize = 40;

/// Every published video that is not withdrawn.
#[derive(Default)]
pub(super) struct Shelf {
    items: Vec<Item>,
    /// Of each item what it is sorted out by: all that is looked at of those that are not shown, close together, as a
    /// query may look at every one.
    marks: Vec<Marks>,
    /// The values of one item after the other, each by its place in `known`.
    values: Vec<u32>,
    known: Vec<Known>,
    years: Vec<String>,
    /// The videos' places by their rows, which are numbered one after the other.
    by_id: Vec<Option<u32>>,
    /// Of each order the videos' places in it.
    ranks: Vec<(Order, Vec<u32>)>,
    /// Their places by their numbers.
    by_number: Vec<u32>,
}

/// A video that answers, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    item: u32,
    /// How well: the higher, the better.
    score: u64,
}

/// A video that is found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Passed {
    /// What comes first has less.
    rank: (u64, u32),
    item: u32,
}

/// A video and what it is ordered by.
struct Item {
    id: i64,
    entry: Entry,
    /// The first day of its date.
    day: String,
    /// Its title in each language as it is compared.
    titles: [String; 2],
}

/// What a video is sorted out by.
struct Marks {
    /// When it is shown from.
    from: i64,
    /// The first and the last day of its date, as [`numeral`] has them.
    days: (u32, u32),
    /// By its place in `years`.
    year: u32,
    /// Where its values begin and end.
    values: (u32, u32),
}

/// A value of a facet that a video has.
struct Known {
    facet: Facet,
    id: String,
    name: Option<Named>,
}

/// An order that needs no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Order {
    sort: Sort,
    lang: Lang,
}

impl Order {
    /// What a query asks for.
    fn of(query: &Query, lang: Lang, worded: bool) -> Order {
        let sort = if query.sort == Sort::Best && !worded { Sort::Newest } else { query.sort };
        Order { sort, lang }
    }

    /// What it goes by, as text that an address can hold.
    fn key(self, item: &Item, score: u64) -> String {
        match self.sort {
            Sort::Best => format!("{score:015}"),
            Sort::Newest | Sort::Oldest => item.day.clone(),
            Sort::Shortest | Sort::Longest => format!("{:012}", item.entry.length),
            Sort::Title => item.titles[usize::from(self.lang == Lang::En)].clone(),
        }
    }

    /// Which comes first; numbers are unique.
    fn compare(self, (one, number): (&str, &str), (other, other_number): (&str, &str)) -> Ordering {
        let ordering = one.cmp(other);
        let ordering =
            if matches!(self.sort, Sort::Best | Sort::Newest | Sort::Longest) { ordering.reverse() } else { ordering };
        ordering.then_with(|| number.cmp(other_number))
    }
}

/// A score as a number that an address can hold. Scores are small: six digits behind the point tell them apart.
fn whole(score: f64) -> u64 {
    (score.clamp(0.0, 1e8) * 1e6) as u64
}

/// `2026-11-20` as a number: what is later is greater.
fn numeral(day: &str) -> u32 {
    day.bytes().filter(u8::is_ascii_digit).take(8).fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}

fn place(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

impl Shelf {
    /// Of these videos.
    pub(super) fn of(entries: &BTreeMap<i64, Entry>) -> Self {
        let mut shelf = Self::default();
        let mut places: HashMap<(Facet, String), u32> = HashMap::new();
        for (id, entry) in entries {
            let begin = place(shelf.values.len());
            for (facet, value, name) in entry.values() {
                let known = &mut shelf.known;
                shelf.values.push(*places.entry((facet, value.clone())).or_insert_with(|| {
                    known.push(Known { facet, id: value, name: name.cloned() });
                    place(known.len() - 1)
                }));
            }
            let (first, last) = days(&entry.date);
            let year = first.get(..4).unwrap_or_default();
            let known = shelf.years.iter().position(|known| known == year);
            let year = known.unwrap_or_else(|| {
                shelf.years.push(year.to_owned());
                shelf.years.len() - 1
            });
            shelf.marks.push(Marks {
                from: entry.embargo_until.unwrap_or(i64::MIN),
                days: (numeral(&first), numeral(&last)),
                year: place(year),
                values: (begin, place(shelf.values.len())),
            });
            let row = usize::try_from(*id).unwrap_or_default();
            shelf.by_id.resize(row + 1, None);
            shelf.by_id[row] = Some(place(shelf.items.len()));
            let title = |lang| fold_all(entry.title.get(lang));
            let titles = [title(Lang::Fr), title(Lang::En)];
            shelf.items.push(Item { id: *id, day: first, titles, entry: entry.clone() });
        }
        let mut by_number: Vec<usize> = (0..shelf.items.len()).collect();
        by_number.sort_unstable_by_key(|item| shelf.number(*item));
        shelf.by_number = vec![0; by_number.len()];
        for (rank, item) in by_number.into_iter().enumerate() {
            shelf.by_number[item] = place(rank);
        }
        for sort in Sort::ALL.into_iter().filter(|sort| *sort != Sort::Best) {
            for lang in Lang::ALL.into_iter().filter(|lang| sort == Sort::Title || *lang == Lang::Fr) {
                let order = Order { sort, lang };
                shelf.ranks.push((order, shelf.ranks_of(order)));
            }
        }
        shelf
    }

    fn ranks_of(&self, order: Order) -> Vec<u32> {
        let keyed = self.items.iter().enumerate().map(|(nth, item)| (order.key(item, 0), nth));
        let mut sorted: Vec<(String, usize)> = keyed.collect();
        sorted.sort_unstable_by(|(one, a), (other, b)| order.compare((one, self.number(*a)), (other, self.number(*b))));
        let mut ranks = vec![0; sorted.len()];
        for (rank, (_, item)) in sorted.into_iter().enumerate() {
            ranks[item] = place(rank);
        }
        ranks
    }

    fn ranks(&self, order: Order) -> &[u32] {
        let of = |(kept, _): &&(Order, Vec<u32>)| {
            kept.sort == order.sort && (order.sort != Sort::Title || kept.lang == order.lang)
        };
        self.ranks.iter().find(of).map(|(_, ranks)| ranks.as_slice()).unwrap_or_default()
    }

    fn visible(&self, now: i64) -> impl Iterator<Item = &Entry> {
        let shown = self.items.iter().zip(&self.marks).filter(move |(_, marks)| marks.from <= now);
        shown.map(|(item, _)| &item.entry)
    }

    /// The numbers of all that are shown, the first first.
    pub(super) fn numbers(&self, now: i64) -> Vec<String> {
        self.visible(now).map(|entry| entry.number.clone()).collect()
    }

    /// The videos published last.
    pub(super) fn latest(&self, now: i64, most: usize) -> Vec<&Entry> {
        let mut latest: Vec<&Entry> = self.visible(now).collect();
        if latest.len() > most {
            latest.select_nth_unstable_by(most, |one, other| by_release(one, other));
            latest.truncate(most);
        }
        latest.sort_by(|one, other| by_release(one, other));
        latest
    }

    /// What relates to each place of the plan, the latest first.
    pub(super) fn beside_plan(&self, now: i64, most: usize) -> BTreeMap<&str, Vec<&Entry>> {
        let mut beside: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in self.visible(now) {
            entry.related.iter().for_each(|slug| beside.entry(slug).or_default().push(entry));
        }
        for entries in beside.values_mut() {
            entries.sort_by(|one, other| by_release(one, other));
            entries.truncate(most);
        }
        beside
    }

    /// How many videos there are, and how many of them are under embargo.
    pub(super) fn counts(&self, now: i64) -> (usize, usize) {
        (self.items.len(), self.marks.iter().filter(|marks| marks.from > now).count())
    }

    /// The videos that answer, and how well. Of those that are too many for the store to tell, the ones with the words in
    /// their titles come first, then the newest.
    pub(super) fn weighed(&self, answers: Answers) -> Vec<Match> {
        let item = |id: i64| usize::try_from(id).ok().and_then(|id| *self.by_id.get(id)?);
        let (all, titled) = match answers {
            Answers::Few(ranked) => {
                let matches =
                    ranked.into_iter().map(|(id, score)| Some(Match { item: item(id)?, score: whole(score) }));
                return matches.flatten().collect();
            }
            Answers::Many { all, titled } => (all, titled),
        };
        let mut in_title = vec![false; self.items.len()];
        titled.into_iter().filter_map(item).for_each(|item| in_title[item as usize] = true);
        let score = |item: u32| {
            u64::from(self.marks[item as usize].days.0) + if in_title[item as usize] { 100_000_000 } else { 0 }
        };
        all.into_iter().filter_map(item).map(|item| Match { item, score: score(item) }).collect()
    }

    /// A page of what answers a query, without its shots, and the rows of the videos on it. `matches` are the videos that
    /// have its words, with how well they answer; none where it asks for no words.
    pub(super) fn search(&self, lang: Lang, now: i64, query: &Query, matches: Option<&[Match]>) -> (Found, Vec<i64>) {
        let order = Order::of(query, lang, matches.is_some());
        let ranks = self.ranks(order);
        let rank = |nth: usize, score: u64| match order.sort {
            Sort::Best => (u64::MAX - score, self.by_number[nth]),
            _ => (ranks[nth].into(), 0),
        };
        let mut tally = Tally { counts: vec![0; self.known.len()], years: vec![0; self.years.len()] };
        let chosen = self.chosen(query);
        let from = query.from.as_deref().map_or(0, |date| numeral(&days(date).0));
        let to = query.to.as_deref().map_or(u32::MAX, |date| numeral(&days(date).1));
        let mut passed: Vec<Passed> = Vec::new();
        let mut look = |nth: usize, score: u64| {
            let marks = &self.marks[nth];
            if marks.from > now {
                return;
            }
            let values = &self.values[marks.values.0 as usize..marks.values.1 as usize];
            let dated = marks.days.1 >= from && marks.days.0 <= to;
            let mut lacks = chosen.iter().filter(|(_, wanted)| !values.iter().any(|value| wanted.contains(value)));
            match (lacks.next(), lacks.next()) {
                (None, _) => {
                    // Years are a choice of dates: they count without the one that is made.
                    tally.years[marks.year as usize] += 1;
                    if dated {
                        values.iter().for_each(|value| tally.counts[*value as usize] += 1);
                        passed.push(Passed { rank: rank(nth, score), item: place(nth) });
                    }
                }
                // With one value more of that facet it would be there too.
                (Some((facet, _)), None) if dated => {
                    let of = |value: &&u32| self.known[**value as usize].facet == *facet;
                    values.iter().filter(of).for_each(|value| tally.counts[*value as usize] += 1);
                }
                _ => {}
            }
        };
        match matches {
            None => (0..self.items.len()).for_each(|nth| look(nth, 0)),
            Some(matches) => matches.iter().for_each(|found| look(found.item as usize, found.score)),
        }
        if query.page == Page::First && passed.len() > PAGE {
            // One page of a hundred thousand is found sooner than they are put in order.
            passed.select_nth_unstable(PAGE);
            passed[..PAGE].sort_unstable();
        } else {
            passed.sort_unstable();
        }
        self.page(lang, query, order, &passed, tally)
    }

    fn number(&self, nth: usize) -> &str {
        &self.items[nth].entry.number
    }

    /// What is chosen of each facet, by the values' places. What no video has is chosen too: nothing has it.
    fn chosen(&self, query: &Query) -> Vec<(Facet, Vec<u32>)> {
        let facets = Facet::ALL.into_iter().filter(|facet| query.chosen.iter().any(|(of, _)| of == facet));
        facets
            .map(|facet| {
                let of = |(_, known): &(usize, &Known)| known.facet == facet && query.has(facet, &known.id);
                (facet, self.known.iter().enumerate().filter(of).map(|(nth, _)| place(nth)).collect())
            })
            .collect()
    }

    fn page(&self, lang: Lang, query: &Query, order: Order, passed: &[Passed], tally: Tally) -> (Found, Vec<i64>) {
        let item = |video: &Passed| &self.items[video.item as usize];
        let key = |video: &Passed| {
            let item = item(video);
            let key: String = order.key(item, u64::MAX - video.rank.0).chars().take(TITLE).collect();
            (key, item.entry.number.as_str())
        };
        let place_of = |cursor: &str, orderings: &[Ordering]| {
            let (wanted, number) = cursor.rsplit_once('~').unwrap_or(("", cursor));
            passed.partition_point(|video| {
                let (key, its_number) = key(video);
                orderings.contains(&order.compare((&key, its_number), (wanted, number)))
            })
        };
        let range = match &query.page {
            Page::First => 0..PAGE,
            Page::After(cursor) => {
                let start = place_of(cursor, &[Ordering::Less, Ordering::Equal]);
                start..start + PAGE
            }
            Page::Before(cursor) => {
                let end = place_of(cursor, &[Ordering::Less]);
                end.saturating_sub(PAGE)..end
            }
        };
        let shown = &passed[range.start.min(passed.len())..range.end.min(passed.len())];
        let written = |video: &Passed| {
            let (key, number) = key(video);
            format!("{key}~{number}")
        };
        let mut years: Vec<(String, u64)> = self.years.iter().cloned().zip(tally.years).collect();
        years.retain(|(_, count)| *count > 0);
        years.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
        let found = Found {
            videos: shown.iter().map(|video| item(video).entry.card(lang)).collect(),
            total: passed.len() as u64,
            before: range.start.min(passed.len()) as u64,
            previous: shown.first().filter(|_| range.start > 0).map(|video| Page::Before(written(video))),
            next: shown.last().filter(|_| range.end < passed.len()).map(|video| Page::After(written(video))),
            facets: Facet::ALL
                .into_iter()
                .map(|facet| (facet, self.offered(lang, query, facet, &tally.counts)))
                .collect(),
            years,
            meant: Vec::new(),
        };
        (found, shown.iter().map(|video| item(video).id).collect())
    }

    /// The values of a facet: those that lengths and resolutions come in by size, the others the most frequent first.
    fn offered(&self, lang: Lang, query: &Query, facet: Facet, counts: &[u64]) -> Vec<Value> {
        let of = self.known.iter().zip(counts).filter(|(known, _)| known.facet == facet);
        let there = of.filter(|(known, count)| **count > 0 || query.has(facet, &known.id));
        let mut values: Vec<(&Known, &str, u64)> = there
            .map(|(known, count)| (known, known.name.as_ref().map_or("", |name| name.get(lang)), *count))
            .collect();
        let steps: Vec<&str> = match facet {
            Facet::Duration => Length::ALL.iter().map(|step| step.id()).collect(),
            Facet::Resolution => Resolution::ALL.iter().map(|step| step.id()).collect(),
            Facet::Restriction => Restricts::ALL.iter().map(|step| step.id()).collect(),
            _ => Vec::new(),
        };
        if steps.is_empty() {
            values.sort_unstable_by_key(|(known, name, count)| (Reverse(*count), *name, known.id.as_str()));
        } else {
            values.sort_by_key(|(known, ..)| steps.iter().position(|step| *step == known.id));
        }
        let offered =
            values.into_iter().enumerate().filter(|(nth, (known, ..))| *nth < VALUES || query.has(facet, &known.id));
        let value = |(_, (known, name, count)): (usize, (&Known, &str, u64))| Value {
            id: known.id.clone(),
            name: name.to_owned(),
            count,
        };
        offered.map(value).collect()
    }
}

/// How many there are of each known value, and of each year.
struct Tally {
    counts: Vec<u64>,
    years: Vec<u64>,
}

fn by_release(one: &Entry, other: &Entry) -> Ordering {
    other.published_at.cmp(&one.published_at).then_with(|| one.number.cmp(&other.number))
}

/// A title as it is compared, its words apart.
fn fold_all(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(TITLE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(nth: i64) -> Entry {
        let named = |text: &str| Named { fr: text.to_owned(), en: text.to_owned() };
        Entry {
            number: format!("ES-{nth:03}"),
            title: named(&format!("Vidéo {}", nth % 7)),
            still: None,
            board: None,
            length: u64::try_from(nth % 5).expect("positive") * 25_000,
            date: format!("20{:02}-0{}", 20 + nth % 6, 1 + nth % 9),
            place: (nth % 2 == 0).then(|| named("Évere")),
            size: (1920, 1080),
            blocks: nth % 10 == 0,
            warns: false,
            topics: vec![named(if nth % 3 == 0 { "Normes" } else { "Munitions" })],
            language: Some(if nth % 4 == 0 { "en" } else { "fr" }.to_owned()),
            related: vec!["m4.2".to_owned()],
            published_at: nth,
            embargo_until: (nth == 99).then_some(1000),
        }
    }

    fn shelf() -> Shelf {
        Shelf::of(&(0..100).map(|nth| (nth, entry(nth))).collect())
    }

    fn query(pairs: &[(&str, &str)]) -> Query {
        Query::read(pairs.iter().copied())
    }

    /// Page after page, forwards and back again.
    fn all(shelf: &Shelf, query: &Query, matches: Option<&[Match]>) -> Vec<String> {
        let mut numbers = Vec::new();
        let mut query = query.clone();
        let mut last = loop {
            let (found, rows) = shelf.search(Lang::Fr, 0, &query, matches);
            assert_eq!(found.before, numbers.len() as u64);
            assert_eq!(rows.len(), found.videos.len());
            numbers.extend(found.videos.iter().map(|card| card.number.clone()));
            match found.next.clone() {
                Some(next) => query.page = next,
                None => break found,
            }
        };
        let mut back: Vec<Vec<String>> = Vec::new();
        loop {
            back.push(last.videos.iter().map(|card| card.number.clone()).collect());
            let Some(previous) = last.previous.clone() else { break };
            query.page = previous;
            last = shelf.search(Lang::Fr, 0, &query, matches).0;
        }
        assert_eq!(back.into_iter().rev().flatten().collect::<Vec<_>>(), numbers);
        assert_eq!(last.total, numbers.len() as u64);
        numbers
    }

    #[test]
    fn every_order_shows_every_video_once_and_none_under_embargo() {
        let shelf = shelf();
        for sort in Sort::ALL {
            let mut numbers = all(&shelf, &query(&[("sort", sort.id())]), None);
            assert_eq!(numbers.len(), 99, "{sort:?}");
            numbers.sort();
            numbers.dedup();
            assert_eq!(numbers.len(), 99, "{sort:?}");
            assert!(!numbers.contains(&"ES-099".to_owned()));
        }
        assert_eq!(shelf.search(Lang::Fr, 1000, &Query::default(), None).0.total, 100, "the embargo is over");
    }

    #[test]
    fn what_answers_best_comes_first() {
        let shelf = shelf();
        let ranked = (0..60).map(|nth| (nth, (nth % 13) as f64 / 7.0)).chain([(4711, 9.0)]).collect();
        let matches = shelf.weighed(Answers::Few(ranked));
        let numbers = all(&shelf, &Query { words: "x".to_owned(), ..Query::default() }, Some(&matches));
        assert_eq!(numbers.len(), 60);
        assert_eq!(numbers[..2], ["ES-012", "ES-025"]);
    }

    #[test]
    fn of_very_many_answers_those_with_the_words_in_the_title_come_first_then_the_newest() {
        let shelf = shelf();
        let answers = Answers::Many { all: (0..60).collect(), titled: vec![7, 3, 4711] };
        let numbers = all(&shelf, &Query { words: "x".to_owned(), ..Query::default() }, Some(&shelf.weighed(answers)));
        assert_eq!(numbers.len(), 60);
        // 2023-04, 2021-08; then those of 2025-09 by their numbers.
        assert_eq!(numbers[..4], ["ES-003", "ES-007", "ES-017", "ES-035"]);
    }

    #[test]
    fn a_page_goes_on_where_it_ended_though_the_video_there_is_gone() {
        let mut entries: BTreeMap<i64, Entry> = (0..100).map(|nth| (nth, entry(nth))).collect();
        let newest = query(&[("sort", "newest")]);
        let first = Shelf::of(&entries).search(Lang::Fr, 0, &newest, None).0;
        let second = Query { page: first.next.clone().expect("more"), ..newest.clone() };
        let before = Shelf::of(&entries).search(Lang::Fr, 0, &second, None).0;
        let last = first.videos.last().expect("a video").number.clone();
        entries.retain(|_, entry| entry.number != last);
        entries.insert(500, Entry { number: "NEW".to_owned(), date: "2030".to_owned(), ..entry(1) });
        let after = Shelf::of(&entries).search(Lang::Fr, 0, &second, None).0;
        assert_eq!(after.videos, before.videos);
    }

    #[test]
    fn counts_say_how_many_there_would_be() {
        let shelf = shelf();
        let count = |query: &Query, facet: Facet, id: &str| {
            let (found, _) = shelf.search(Lang::Fr, 0, query, None);
            let values = found.facets.into_iter().find(|(of, _)| *of == facet).expect("a facet").1;
            (values.into_iter().find(|value| value.id == id).map_or(0, |value| value.count), found.total)
        };
        let total = |query: &Query| shelf.search(Lang::Fr, 0, query, None).0.total;
        let base = query(&[("topic", "normes"), ("from", "2022"), ("to", "2023-06")]);
        for (facet, key, id) in [
            (Facet::Topic, "topic", "munitions"),
            (Facet::Place, "place", "evere"),
            (Facet::Duration, "duration", "short"),
            (Facet::Resolution, "resolution", "1080"),
            (Facet::Language, "lang", "en"),
            (Facet::Restriction, "restriction", "block"),
            (Facet::Measure, "measure", "m4"),
        ] {
            let (said, before) = count(&base, facet, id);
            let mut with = base.clone();
            with.chosen.push((facet, id.to_owned()));
            let more = if facet == Facet::Topic { total(&with) - before } else { total(&with) };
            assert_eq!(said, more, "{key}={id}");
        }
        assert_eq!(total(&query(&[("topic", "nowhere")])), 0);
    }

    #[test]
    fn years_count_without_the_dates_that_are_chosen() {
        let (found, _) = shelf().search(Lang::Fr, 0, &query(&[("from", "2022-01-01"), ("to", "2022-12-31")]), None);
        assert_eq!(found.years.iter().map(|(_, count)| count).sum::<u64>(), 99);
        let of_2022 = found.years.iter().find(|(year, _)| year == "2022").expect("2022").1;
        assert_eq!(found.total, of_2022);
        assert!(found.years.is_sorted_by(|(one, _), (other, _)| one > other));
    }

    #[test]
    fn the_latest_were_published_last() {
        let shelf = shelf();
        let latest: Vec<&str> = shelf.latest(0, 3).iter().map(|entry| entry.number.as_str()).collect();
        assert_eq!(latest, ["ES-098", "ES-097", "ES-096"]);
        let beside = shelf.beside_plan(0, 2);
        assert_eq!(beside["m4.2"].len(), 2);
        assert_eq!(shelf.counts(0), (100, 1));
    }
}
