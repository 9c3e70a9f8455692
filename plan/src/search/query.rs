//! From what was typed to the entries that answer it, best first.
//!
//! A query becomes *slots*: one for each word or phrase asked for, each with every term and phrase that may stand for
//! it and how well it does ([`Grade`]). An entry answers if it fills all slots; if none does, those that fill most
//! come, marked as partial. Scores are BM25 in spirit: rare words count more, a third mention less than a first,
//! and no number of poor matches outweighs one that is better in kind.

use super::fold::{fold, is_stop_word, spans};
use super::index::{Index, WHOLE, Word};
use super::stem::family;
use super::typo::near;
use super::{Entry, EntryKind, Hit, Results};
use std::ops::Range;

/// What is typed beyond so many words is ignored; a bit for each fits a `u64`.
const MOST_WORDS: usize = 64;

/// Of so many best entries the nearness of the words is looked at.
const REFINED: usize = 128;

/// Of so many words that the texts do not hold the likes are looked for; each costs a walk through the vocabulary.
const MOST_UNKNOWN: usize = 6;

/// So many words are suggested at most.
const MOST_SUGGESTIONS: usize = 5;

/// In what way a term stands for a word that was typed, the best first.
#[derive(Clone, Copy, Debug)]
enum Grade {
    /// The word, accents and case aside.
    Exact,
    /// Another inflection of it.
    Stem,
    /// A word that begins so.
    Prefix,
    /// Another word for the same.
    Synonym,
    /// A word of the same family: `innovation` for `innover`.
    Kin,
    /// The word as it should have been typed.
    Typo,
    /// A longer word that holds it.
    Part,
}

/// What a [`Grade`] is worth: less than the one before even if that has one mention and this one many, see [`mentions`].
const WORTH: [f32; 7] = [1.0, 0.75, 0.55, 0.42, 0.32, 0.24, 0.18];

/// What a word or phrase of the query may be in the texts.
#[derive(Clone, Debug, Default)]
struct Slot {
    /// Terms, each [packed](pack) with its grade.
    terms: Vec<u64>,
    phrases: Vec<Phrase>,
}

impl Slot {
    fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.phrases.is_empty()
    }

    fn add(&mut self, terms: &[u32], grade: Grade) {
        self.terms.extend(terms.iter().map(|term| pack(*term, grade as u32)));
    }

    /// Each term once, at its best; in order.
    fn tidy(&mut self) {
        self.terms.sort_unstable();
        self.terms.dedup_by_key(|packed| unpack(*packed).0);
    }

    /// The terms, in order.
    fn into_terms(mut self) -> Vec<u32> {
        self.tidy();
        self.terms.into_iter().map(|packed| unpack(packed).0).collect()
    }
}

/// Words that follow each other, for each the terms it may be, in order.
#[derive(Clone, Debug)]
struct Phrase {
    words: Vec<Vec<u32>>,
    grade: Grade,
}

/// A word of the query outside quotation marks, or a compound of several.
struct Unit {
    word: Word,
    /// The typed words that it is made of.
    made_of: Range<usize>,
}

/// An entry while it is weighed.
#[derive(Clone, Copy, Default)]
struct Answer {
    entry: u32,
    score: f32,
    /// How rare the slots that it fills are, together.
    weight: f32,
    /// Which slots it fills, a bit for each.
    filled: u64,
}

/// A query in terms of an index.
struct Asked<'a> {
    index: &'a Index,
    /// The words outside quotation marks.
    typed: Vec<Word>,
    /// The last of them may go on.
    unfinished: bool,
    slots: Vec<Slot>,
    /// Where the last word may go on and yet is a word of its own: its slot and how longer words would begin.
    open: Option<(usize, String)>,
    /// How many words the likes of which were looked for.
    walks: usize,
    /// Words that resemble nothing, folded.
    unknown: Vec<String>,
}

impl Index {
    /// The entries that answer `query`: the best `limit` of them, and how many there are.
    ///
    /// The last word may be unfinished, unless something follows it. An address (`m4.2`, `¶20`) is answered by its
    /// place first. Of a query of more than 64 words the first 64 are read; one of punctuation only has no answer.
    pub fn search(&self, query: &str, limit: usize) -> Results {
        let mut asked = Asked::read(self, query);
        let (mut answers, mut partial) = asked.answers();
        if partial && asked.open_last_word() {
            (answers, partial) = asked.answers();
        }
        let place = self.place(query);
        if let Some(place) = place {
            if partial || query.contains('¶') {
                answers.clear();
            }
            answers.retain(|answer| answer.entry != place);
        }
        let total = answers.len() + usize::from(place.is_some());
        let masks = asked.masks();
        let ranked = asked.rank(&answers, &masks, limit);
        let entries = place.into_iter().chain(ranked).take(limit);
        let hits = entries.map(|entry| asked.hit(entry, &masks, partial && place.is_none())).collect();
        let suggestions = if total == 0 { asked.suggestions() } else { Vec::new() };
        Results { hits, total, suggestions }
    }
}

impl<'a> Asked<'a> {
    /// Reads a query. Quotation marks of any shape open and close in turn; one not closed yet holds to the end.
    fn read(index: &'a Index, query: &str) -> Self {
        let (typed, slots, unknown) = (Vec::new(), Vec::new(), Vec::new());
        let mut asked = Self { index, typed, unfinished: false, slots, open: None, walks: 0, unknown };
        let mut units: Vec<Unit> = Vec::new();
        let mut room = MOST_WORDS;
        let last_piece = query.matches(is_quotation_mark).count();
        for (nth, piece) in query.split(is_quotation_mark).enumerate() {
            let mut quoted = Vec::new();
            let mut starts = Vec::new();
            asked.unfinished = false;
            for span in spans(piece) {
                let word = Word::new(index.lang, &piece[span.start..span.end]);
                let quotes = nth % 2 == 1;
                if span.whole && !quotes {
                    let parts = starts.iter().filter(|start| **start >= span.start).count();
                    units.truncate(units.len() - parts);
                    units.push(Unit { word, made_of: asked.typed.len() - parts..asked.typed.len() });
                } else if !span.whole {
                    if room == 0 {
                        break;
                    }
                    room -= 1;
                    asked.unfinished = nth == last_piece && span.end == piece.len();
                    if quotes {
                        quoted.push(word.folded);
                    } else {
                        starts.push(span.start);
                        units.push(Unit { word: word.clone(), made_of: asked.typed.len()..asked.typed.len() + 1 });
                        asked.typed.push(word);
                    }
                }
            }
            asked.add_phrase(&quoted);
        }
        // What goes on in quotation marks is no word of `typed`.
        asked.unfinished &= last_piece.is_multiple_of(2);
        let is_common = |unit: &Unit| is_stop_word(index.lang, &unit.word.folded);
        if !asked.slots.is_empty() || !units.iter().all(is_common) {
            units.retain(|unit| !is_common(unit));
        }
        for unit in units {
            asked.add_unit(unit);
        }
        asked
    }

    /// A phrase in quotation marks: these forms, in this order, common words included.
    fn add_phrase(&mut self, words: &[String]) {
        let mut sets: Vec<Vec<u32>> = Vec::new();
        for (nth, word) in words.iter().enumerate() {
            let mut slot = Slot::default();
            slot.add(self.index.words.exactly(word), Grade::Exact);
            if self.unfinished && nth + 1 == words.len() {
                slot.add(self.index.words.beginning_with(word), Grade::Exact);
            }
            if slot.is_empty() {
                self.unknown.push(word.clone());
            }
            sets.push(slot.into_terms());
        }
        let mut slot = Slot::default();
        match sets.len() {
            0 => return,
            1 => slot.add(&sets[0], Grade::Exact),
            _ => slot.phrases.push(Phrase { words: sets, grade: Grade::Exact }),
        }
        self.slots.push(slot);
    }

    /// A word or compound: itself, its inflections, its synonyms, and what it may become; what it may have been meant
    /// to be only if there is nothing of all that.
    fn add_unit(&mut self, unit: Unit) {
        let Unit { word, made_of } = unit;
        let index = self.index;
        if word.folded.is_empty() {
            return;
        }
        let last = self.unfinished && made_of.end == self.typed.len();
        let mut slot = Slot::default();
        let exact = index.words.exactly(&word.folded);
        slot.add(exact, Grade::Exact);
        self.add_stems(&mut slot, &word, Grade::Stem);
        let mut is_a_word = !exact.is_empty() || self.has_plural(&word.folded);
        if made_of.len() > 1 {
            let is_open = |nth| last && nth + 1 == made_of.end;
            let words: Vec<Vec<u32>> =
                made_of.clone().map(|nth| self.inflections(&self.typed[nth], is_open(nth))).collect();
            if words.iter().all(|terms| !terms.is_empty()) {
                slot.phrases.push(Phrase { words, grade: Grade::Stem });
            }
        } else {
            self.add_joined(&mut slot, made_of.start);
        }
        is_a_word |= self.add_synonyms(&mut slot, &made_of);
        if last && is_a_word && !slot.is_empty() {
            self.open = Some((self.slots.len(), word.folded.clone()));
        } else if last {
            slot.add(index.words.beginning_with(&word.folded), Grade::Prefix);
        }
        if slot.is_empty() && made_of.len() > 1 {
            for part in made_of {
                let word = self.typed[part].clone();
                if !is_stop_word(index.lang, &word.folded) {
                    self.add_unit(Unit { word, made_of: part..part + 1 });
                }
            }
            return;
        }
        if slot.is_empty() {
            self.add_nearest(&mut slot, &word);
        }
        if slot.is_empty() {
            self.unknown.push(word.folded);
        }
        slot.tidy();
        self.slots.push(slot);
    }

    /// Whether the texts hold the word in the plural: then `standard` is finished and does not go on to
    /// `standardisation`.
    fn has_plural(&self, folded: &str) -> bool {
        let has = |ending| !self.index.words.exactly(&[folded, ending].concat()).is_empty();
        folded.len() > 3 && (has("s") || has("x"))
    }

    fn add_stems(&self, slot: &mut Slot, word: &Word, grade: Grade) {
        for stem in &word.stems {
            slot.add(self.index.stems.exactly(stem), grade);
        }
    }

    fn add_family(&self, slot: &mut Slot, word: &Word) {
        for root in family(self.index.lang, &word.written) {
            slot.add(self.index.roots.exactly(&root), Grade::Kin);
        }
    }

    /// The word and its inflections, and what it may become if it is open, in order.
    fn inflections(&self, word: &Word, is_open: bool) -> Vec<u32> {
        let mut slot = Slot::default();
        slot.add(self.index.words.exactly(&word.folded), Grade::Exact);
        self.add_stems(&mut slot, word, Grade::Stem);
        if is_open {
            slot.add(self.index.words.beginning_with(&word.folded), Grade::Prefix);
        }
        slot.into_terms()
    }

    /// Typed in two, written in one: `start ups`, `anti missile`.
    fn add_joined(&self, slot: &mut Slot, at: usize) {
        for first in at.saturating_sub(1)..=at {
            if let Some([one, two]) = self.typed.get(first..first + 2) {
                let joined = [one.folded.as_str(), two.folded.as_str()].concat();
                slot.add(self.index.words.exactly(&joined), Grade::Stem);
                self.add_stems(slot, &Word::new(self.index.lang, &joined), Grade::Stem);
            }
        }
    }

    /// What may stand for a phrase that the words `made_of` are part of. Whether they are one to the letter.
    fn add_synonyms(&self, slot: &mut Slot, made_of: &Range<usize>) -> bool {
        let mut to_the_letter = false;
        for group in &self.index.synonyms {
            for (nth, phrase) in group.iter().enumerate() {
                let first = made_of.end.saturating_sub(phrase.len());
                for start in first..=made_of.start {
                    let Some(typed) = self.typed.get(start..start + phrase.len()) else { break };
                    let pairs = || typed.iter().zip(phrase);
                    if phrase.is_empty() || !pairs().all(|(one, other)| one.akin(other)) {
                        continue;
                    }
                    to_the_letter |= pairs().all(|(one, other)| one.folded == other.folded);
                    for (_, other) in group.iter().enumerate().filter(|(other, _)| *other != nth) {
                        self.add_synonym(slot, other);
                    }
                }
            }
        }
        to_the_letter
    }

    fn add_synonym(&self, slot: &mut Slot, phrase: &[Word]) {
        let words: Vec<Vec<u32>> = phrase.iter().map(|word| self.inflections(word, false)).collect();
        match words.as_slice() {
            [terms] => slot.add(terms, Grade::Synonym),
            words if words.iter().any(Vec::is_empty) => {}
            _ => slot.phrases.push(Phrase { words, grade: Grade::Synonym }),
        }
    }

    /// What a word that the texts do not hold may have been meant to be.
    fn add_nearest(&mut self, slot: &mut Slot, word: &Word) {
        let (words, folded) = (&self.index.words, word.folded.as_str());
        let letters = folded.chars().count();
        if letters < 3 {
            return;
        }
        slot.add(words.beginning_with(folded), Grade::Prefix);
        if slot.is_empty() {
            self.add_family(slot, word);
        }
        // No typing error makes another year of a year.
        if letters < 4 || !slot.is_empty() || folded.contains(|c: char| c.is_numeric()) || self.walks == MOST_UNKNOWN {
            return;
        }
        self.walks += 1;
        for errors in 1..=if letters < 8 { 1 } else { 2 } {
            let found = near(words, folded, errors, errors == 1 && letters > 4);
            // Better a word so mistyped than an inflection of one, better that than a longer word begun so.
            for near in found.iter().filter(|near| !near.beginning) {
                let meant = Word::new(self.index.lang, words.string(near.at));
                slot.add(&[words.term(near.at)], Grade::Typo);
                self.add_stems(slot, &meant, Grade::Typo);
            }
            if slot.is_empty() {
                let stems = word.stems.iter().filter(|stem| stem.len() > 3);
                for near in stems.flat_map(|stem| near(&self.index.stems, stem, errors, false)) {
                    slot.add(&[self.index.stems.term(near.at)], Grade::Typo);
                }
            }
            if slot.is_empty() {
                found.iter().for_each(|near| slot.add(&[words.term(near.at)], Grade::Typo));
            }
            if !slot.is_empty() {
                return;
            }
        }
        if letters > 4 {
            slot.add(&words.containing(folded), Grade::Part);
        }
    }

    /// Lets the last word go on although it is a word of its own: `act` towards `action`.
    fn open_last_word(&mut self) -> bool {
        let Some((at, beginning)) = self.open.take() else { return false };
        let slot = &mut self.slots[at];
        slot.add(self.index.words.beginning_with(&beginning), Grade::Prefix);
        slot.tidy();
        true
    }

    /// For every term the slots it fills, a bit for each.
    fn masks(&self) -> Vec<u64> {
        let mut masks = vec![0; self.index.terms()];
        for (nth, slot) in self.slots.iter().enumerate() {
            for packed in &slot.terms {
                masks[unpack(*packed).0 as usize] |= 1 << nth;
            }
        }
        masks
    }

    /// The entries that fill all slots; else, and that is said by `true`, those that fill most.
    fn answers(&self) -> (Vec<Answer>, bool) {
        let index = self.index;
        let size = index.entries.len();
        let average = index.total_length() as f32 / size.max(1) as f32;
        let mut tally = vec![Answer::default(); size];
        // Mentions and best grade of the slot at hand.
        let mut found = vec![(0, 0); size];
        let mut touched: Vec<u32> = Vec::new();
        for (nth, slot) in self.slots.iter().enumerate() {
            let mut note = |entry: u32, count: u32, grade: u32| {
                let found = &mut found[entry as usize];
                if found.0 == 0 {
                    touched.push(entry);
                    found.1 = grade;
                }
                *found = (found.0 + count, found.1.min(grade));
            };
            for packed in &slot.terms {
                let (term, grade) = unpack(*packed);
                index.holders(term).for_each(|(entry, count)| note(entry, count, grade));
            }
            for phrase in &slot.phrases {
                self.each_holder(phrase, |entry, count| note(entry, count, phrase.grade as u32));
            }
            let share = touched.len() as f32;
            let rarity = (1.0 + (size as f32 - share + 0.5) / (share + 0.5)).ln();
            for entry in touched.drain(..) {
                let (count, grade) = std::mem::take(&mut found[entry as usize]);
                let length = index.tokens(entry).len() as f32 / average;
                let answer = &mut tally[entry as usize];
                answer.entry = entry;
                answer.score += rarity * WORTH[grade as usize] * mentions(count as f32, length);
                answer.weight += rarity;
                answer.filled |= 1 << nth;
            }
        }
        let all = self.slots.iter().enumerate().fold(0, |all, (nth, _)| all | 1 << nth);
        let partial = tally.iter().all(|answer| answer.filled != all);
        if partial {
            let most = tally.iter().fold(0.0, |most: f32, answer| most.max(answer.weight));
            tally.retain(|answer| answer.filled != 0 && answer.weight >= most * 0.75);
        } else {
            tally.retain(|answer| answer.filled == all && all != 0);
        }
        (tally, partial)
    }

    /// Tells the entries that hold a phrase, each with how often it does.
    fn each_holder(&self, phrase: &Phrase, mut found: impl FnMut(u32, u32)) {
        let frequency = |terms: &&Vec<u32>| terms.iter().map(|term| self.index.frequency(*term)).sum::<usize>();
        let rarest = phrase.words.iter().min_by_key(frequency).into_iter().flatten();
        let mut entries: Vec<u64> =
            rarest.flat_map(|term| self.index.holders(*term)).map(|(entry, _)| u64::from(entry)).collect();
        entries.sort_unstable();
        entries.dedup();
        for entry in entries {
            let mut count = 0;
            self.occurrences(phrase, entry as u32, |_, _| count += 1);
            if count > 0 {
                found(entry as u32, count);
            }
        }
    }

    /// Where a phrase stands in an entry: tells the numbers of its first and its last word.
    fn occurrences(&self, phrase: &Phrase, entry: u32, mut found: impl FnMut(usize, usize)) {
        let [first_word, more @ ..] = phrase.words.as_slice() else { return };
        let tokens = self.index.tokens(entry);
        for (first, token) in tokens.iter().enumerate() {
            if !holds(first_word, *token) {
                continue;
            }
            let mut last = first;
            let fits = more.iter().all(|terms| {
                // A compound has no place of its own among its parts.
                let next = (last + 1..tokens.len()).find(|at| tokens[*at] & WHOLE == 0);
                last = next.unwrap_or(last);
                next.is_some_and(|at| holds(terms, tokens[at]))
            });
            if fits {
                found(first, last);
            }
        }
    }

    /// The numbers of the best `limit` answers, in order. Equals stay in the order of the texts.
    fn rank(&self, answers: &[Answer], masks: &[u64], limit: usize) -> Vec<u32> {
        // As positive numbers do not lose their order when read as integers, the best come first in this one.
        let key = |score: f32, entry: u32| pack(!score.to_bits(), entry);
        let title = |entry: u32| self.index.entries[entry as usize].kind == EntryKind::Title;
        let weight = |answer: &Answer| if title(answer.entry) { 2.0 * answer.score } else { answer.score };
        let mut ranked: Vec<u64> = answers.iter().map(|answer| key(weight(answer), answer.entry)).collect();
        ranked.sort_unstable();
        if self.slots.len() > 1 {
            let refined = ranked.len().min(REFINED);
            for packed in &mut ranked[..refined] {
                let (score, entry) = unpack(*packed);
                *packed = key(f32::from_bits(!score) * self.nearness(entry, masks), entry);
            }
            ranked[..refined].sort_unstable();
        }
        ranked.into_iter().take(limit).map(|packed| unpack(packed).1).collect()
    }

    /// From 1 to 1.5, for words that stand side by side.
    fn nearness(&self, entry: u32, masks: &[u64]) -> f32 {
        let mut seen = [usize::MAX; MOST_WORDS];
        let tokens = self.index.tokens(entry);
        let mask = |token: &u32| masks[(token & !WHOLE) as usize];
        let in_entry = tokens.iter().fold(0, |all, token| all | mask(token));
        let words = in_entry.count_ones() as usize;
        if words < 2 {
            return 1.0;
        }
        let (mut at, mut shortest) = (0, usize::MAX);
        for token in tokens {
            at += usize::from(token & WHOLE == 0);
            let mask = mask(token);
            if mask != 0 {
                let mut first = at;
                for (nth, seen) in seen.iter_mut().enumerate() {
                    if mask >> nth & 1 == 1 {
                        *seen = at;
                    }
                    if in_entry >> nth & 1 == 1 {
                        first = first.min(if *seen == usize::MAX { 0 } else { *seen });
                    }
                }
                if first > 0 {
                    shortest = shortest.min(at + 1 - first);
                }
            }
        }
        1.0 + 1.0 / (2 + shortest.saturating_sub(words)) as f32
    }

    /// An entry as the page shows it.
    fn hit(&self, entry: u32, masks: &[u64], partial: bool) -> Hit {
        let Entry { slug, kind, text } = self.index.entries[entry as usize].clone();
        let spans = spans(&text);
        let tokens = self.index.tokens(entry).iter().zip(&spans);
        let matched = tokens.filter(|(token, _)| masks[(*token & !WHOLE) as usize] != 0);
        let mut found: Vec<u64> = matched.map(|(_, span)| pack(span.start as u32, span.end as u32)).collect();
        for phrase in self.slots.iter().flat_map(|slot| &slot.phrases) {
            self.occurrences(phrase, entry, |first, last| {
                found.push(pack(spans[first].start as u32, spans[last].end as u32));
            });
        }
        found.sort_unstable();
        let mut marks: Vec<(usize, usize)> = Vec::new();
        for packed in found {
            let (start, end) = unpack(packed);
            let (start, end) = (start as usize, end as usize);
            match marks.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => marks.push((start, end)),
            }
        }
        let (mut because, mut known) = (Vec::new(), Vec::new());
        for (start, end) in &marks {
            let word = fold(&text[*start..*end]);
            if !known.contains(&word) {
                because.push(text[*start..*end].to_owned());
                known.push(word);
            }
        }
        Hit { slug, kind, text, marks, because, partial }
    }

    /// The words of the vocabulary nearest to those that resemble nothing, as they stand in the texts.
    fn suggestions(&self) -> Vec<String> {
        let index = self.index;
        let mut found: Vec<u64> = Vec::new();
        for word in self.unknown.iter().take(2) {
            let most = (word.chars().count().saturating_add(1) / 3).clamp(1, 4) as u8;
            for near in near(&index.words, word, most, false) {
                let term = index.words.term(near.at);
                if index.words.string(near.at).chars().count() > 2 {
                    // Among those equally near the frequent first; there are fewer than 2^24 entries.
                    let rareness = (1 << 24) - index.frequency(term) as u32;
                    found.push(pack(u32::from(near.distance) << 25 | rareness, term));
                }
            }
        }
        found.sort_unstable();
        let mut words: Vec<String> = Vec::new();
        for word in found.iter().filter_map(|packed| index.as_written(unpack(*packed).1)) {
            if words.len() == MOST_SUGGESTIONS {
                break;
            }
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }
}

/// Two numbers in one, ordered by the first. All that is sorted here is packed so: the browser loads one sort
/// instead of six.
const fn pack(first: u32, second: u32) -> u64 {
    (first as u64) << 32 | second as u64
}

const fn unpack(packed: u64) -> (u32, u32) {
    ((packed >> 32) as u32, packed as u32)
}

/// Whether a term is among some, which are in order. Most often it is one.
fn holds(terms: &[u32], term: u32) -> bool {
    match terms {
        [one] => *one == term,
        terms => terms.binary_search(&term).is_ok(),
    }
}

/// What the number of mentions in an entry is worth, from 0.8 to 1; fewer weigh as much in a shorter entry.
fn mentions(count: f32, length: f32) -> f32 {
    0.8 + 0.2 * count / (count + 0.6 + 0.6 * length)
}

fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}
