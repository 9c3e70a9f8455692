//! Reading a gloss from its file, and holding it against the text.
//!
//! What is wrong is said with the line of the file, in a sentence that tells what to do.

use super::{Both, Found, Gloss, Said, Span, Spoken, Target, silences};
use crate::{Document, Lang, Place, date::is_date};
use std::{
    collections::{HashMap, HashSet},
    fmt,
};
use toml::de::{DeTable, DeValue};

/// What is wrong in a file, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{line}: {what}")]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// A sentence.
    pub what: String,
}

/// What is wrong in a gloss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: the keys of the file with a point between, entries counted from 0: `commitment.3.trigger.fr`.
    pub path: String,
    /// A sentence that says what to do.
    pub what: String,
}

/// Reads a gloss, as far as its file is well formed; whether it fits a text, [`Gloss::check`] says.
///
/// # Errors
/// The first thing that is no TOML or does not fit the schema.
pub fn read(file: &str) -> Result<Gloss, Problem> {
    toml::from_str(file).map_err(|error| toml_problem(file, &error))
}

/// Reads a gloss and holds it against its text, in one language or both.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn check(file: &str, documents: &[&Document]) -> Result<Gloss, Vec<Problem>> {
    let gloss = read(file).map_err(|problem| vec![problem])?;
    let faults = gloss.check(documents);
    if faults.is_empty() {
        return Ok(gloss);
    }
    let parsed = DeTable::parse(file);
    let line = |path: &str| parsed.as_ref().map_or(1, |table| line_of(file, locate(table.get_ref(), path)));
    let mut problems: Vec<_> =
        faults.into_iter().map(|fault| Problem { line: line(&fault.path), what: fault.what }).collect();
    problems.sort();
    problems.dedup();
    Err(problems)
}

/// A TOML file's error, with its line.
pub(crate) fn toml_problem(file: &str, error: &toml::de::Error) -> Problem {
    let at = error.span().map_or(0, |span| span.start);
    Problem { line: line_of(file, at), what: error.message().split_whitespace().collect::<Vec<_>>().join(" ") }
}

fn line_of(file: &str, at: usize) -> usize {
    1 + file.as_bytes()[..at.min(file.len())].iter().filter(|b| **b == b'\n').count()
}

/// Where the value at `path` begins, or the nearest one around it.
fn locate(table: &DeTable<'_>, path: &str) -> usize {
    let mut steps = path.split('.');
    let first = steps.next().and_then(|key| table.get(key));
    let Some(mut here) = first else { return 0 };
    for step in steps {
        let next = match here.get_ref() {
            DeValue::Table(table) => table.get(step),
            DeValue::Array(items) => step.parse::<usize>().ok().and_then(|nth| items.get(nth)),
            _ => None,
        };
        match next {
            Some(next) => here = next,
            None => break,
        }
    }
    here.span().start
}

/// What stands in one place of a text.
struct Spot<'a> {
    /// None: the line above the first heading.
    place: Option<Place<'a>>,
    /// Where it stands among the others.
    order: usize,
    words: String,
}

impl Spot<'_> {
    fn is_sentence_or_bullet(&self) -> bool {
        matches!(self.place, Some(Place::Sentence(..) | Place::Item(..)))
    }

    fn is_paragraph(&self) -> bool {
        matches!(self.place, Some(Place::Paragraph(..)))
    }
}

/// The name of the line above the first heading.
const PREFACE: &str = "preface";
/// The name of the whole text.
const WHOLE: &str = "plan";

impl Gloss {
    /// What is wrong with it beside `documents`: one text, in one language or in both. Words of a language whose text is
    /// not there are not looked for.
    pub fn check(&self, documents: &[&Document]) -> Vec<Fault> {
        let mut check =
            Check { gloss: self, texts: documents.iter().map(|d| Words::of(d)).collect(), faults: Vec::new() };
        check.actors();
        check.topics();
        check.terms();
        check.commitments();
        check.statements();
        check.qualifiers();
        check.events();
        check.works();
        check.references();
        check.probes(documents);
        check.paths();
        check.faults
    }
}

/// A text, by address.
struct Words<'a> {
    lang: Lang,
    spots: HashMap<&'a str, Spot<'a>>,
}

impl<'a> Words<'a> {
    fn of(document: &'a Document) -> Self {
        let preface = (PREFACE, Spot { place: None, order: 0, words: document.preface.plain() });
        let places = document.places().into_iter().enumerate();
        let spot = |(nth, place): (usize, Place<'a>)| {
            (place.slug(), Spot { place: Some(place), order: nth + 1, words: place.plain() })
        };
        Words { lang: document.lang, spots: places.map(spot).chain([preface]).collect() }
    }
}

struct Check<'a> {
    gloss: &'a Gloss,
    texts: Vec<Words<'a>>,
    faults: Vec<Fault>,
}

impl<'a> Check<'a> {
    fn fault(&mut self, path: impl fmt::Display, what: impl Into<String>) {
        self.faults.push(Fault { path: path.to_string(), what: what.into() });
    }

    /// What stands at `at`; it is said when nothing does.
    fn spot(&mut self, path: &str, at: &str) -> Option<&Spot<'a>> {
        let known = self.texts.first()?.spots.contains_key(at);
        if !known {
            self.fault(
                format!("{path}.at"),
                format!("there is no “{at}” in the text: give the address of a sentence, such as m1.1.s1"),
            );
        }
        self.texts.first()?.spots.get(at)
    }

    /// That `at` is a sentence or a bullet; its order.
    fn sentence(&mut self, path: &str, at: &str) -> Option<usize> {
        let spot = self.spot(path, at)?;
        let (order, fits) = (spot.order, spot.is_sentence_or_bullet());
        if !fits {
            self.fault(format!("{path}.at"), format!("“{at}” is no sentence and no bullet: name the one that says it"));
        }
        Some(order)
    }

    /// That something is written in both languages.
    fn said(&mut self, path: &str, words: &Both<String>) {
        for lang in Lang::ALL {
            if words.get(lang).trim().is_empty() {
                self.fault(format!("{path}.{lang}"), "there are no words here: write some, or leave the entry out");
            }
        }
    }

    /// That the words stand where they are said to.
    fn span(&mut self, path: &str, at: &str, words: &Both<Span>) {
        let mut faults = Vec::new();
        for text in &self.texts {
            let (Some(spot), span) = (text.spots.get(at), words.get(text.lang)) else { continue };
            if span.find(&spot.words).is_some() {
                continue;
            }
            let (words, nth) = (&span.text, span.nth);
            let what = match spot.words.matches(words.as_str()).count() {
                _ if words.trim().is_empty() => "there are no words here: copy some from the text".to_owned(),
                0 => format!(
                    "“{words}” does not stand in {at}: copy the words from the text, with its apostrophes and spaces"
                ),
                times => format!("“{words}” stands {times} times in {at}: nth is {nth}, make it 1 to {times}"),
            };
            faults.push(Fault { path: format!("{path}.{}", text.lang), what });
        }
        self.faults.extend(faults);
    }

    /// That ids are such, and each is given once.
    fn ids(&mut self, table: &str, ids: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for (nth, id) in ids.enumerate() {
            let path = format!("{table}.{nth}.id");
            if id.is_empty() || !id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.')) {
                self.fault(path, format!("“{id}” is no id: use small letters a to z, digits and hyphens"));
            } else if !seen.insert(id) {
                self.fault(path, format!("there is another {table} “{id}”: give each its own id"));
            }
        }
    }

    /// That ids name something, and each at most once.
    fn known(&mut self, path: &str, table: &str, ids: &[String], exists: impl Fn(&str) -> bool) {
        for (nth, id) in ids.iter().enumerate() {
            if !exists(id) {
                self.fault(format!("{path}.{nth}"), format!("there is no {table} “{id}”: add it, or name another"));
            } else if ids[..nth].contains(id) {
                self.fault(format!("{path}.{nth}"), format!("“{id}” is named twice: once is enough"));
            }
        }
    }

    /// That each form stands somewhere in the text as words of its own, the longest first.
    fn forms(&mut self, path: &str, forms: &Both<Vec<String>>) {
        let mut faults = Vec::new();
        for lang in Lang::ALL {
            let forms = forms.get(lang);
            let text = self.texts.iter().find(|text| text.lang == lang);
            for (nth, form) in forms.iter().enumerate() {
                let what = if form.trim().is_empty() {
                    "there are no words here: copy some from the text".to_owned()
                } else if text.is_some_and(|text| !text.spots.values().any(|spot| names(&spot.words, form))) {
                    format!("“{form}” stands nowhere in the text: copy the words from it, or leave them out")
                } else if nth > 0 && forms[nth - 1].chars().count() < form.chars().count() {
                    format!("“{form}” is longer than the one before it: put the longest first")
                } else {
                    continue;
                };
                faults.push(Fault { path: format!("{path}.{lang}.{nth}"), what });
            }
        }
        self.faults.extend(faults);
    }

    fn actors(&mut self) {
        let gloss = self.gloss;
        self.ids("actor", gloss.actors.iter().map(|actor| actor.id.as_str()));
        for (nth, actor) in gloss.actors.iter().enumerate() {
            let path = format!("actor.{nth}");
            self.said(&format!("{path}.name"), &actor.name);
            if let Some(full) = &actor.full {
                self.said(&format!("{path}.full"), full);
            }
            for lang in Lang::ALL {
                if actor.forms.get(lang).is_empty() {
                    self.fault(
                        format!("{path}.forms.{lang}"),
                        "an actor stands in the text: give the words that name it",
                    );
                }
            }
            self.forms(&format!("{path}.forms"), &actor.forms);
            let mut above = actor;
            let mut passed = vec![actor.id.as_str()];
            while let Some(whole) = &above.part_of {
                let Some(next) = gloss.actor(whole) else {
                    if above.id == actor.id {
                        let what = format!("there is no actor “{whole}”: add it, or name another");
                        self.fault(format!("{path}.part_of"), what);
                    }
                    break;
                };
                if passed.contains(&next.id.as_str()) {
                    self.fault(format!("{path}.part_of"), "an actor is part of itself here: leave one part_of out");
                    break;
                }
                passed.push(&next.id);
                above = next;
            }
        }
    }

    fn topics(&mut self) {
        let gloss = self.gloss;
        self.ids("topic", gloss.topics.iter().map(|topic| topic.id.as_str()));
        for (nth, topic) in gloss.topics.iter().enumerate() {
            self.said(&format!("topic.{nth}.name"), &topic.name);
        }
    }

    fn terms(&mut self) {
        let gloss = self.gloss;
        self.ids("term", gloss.terms.iter().map(|term| term.id.as_str()));
        for (nth, term) in gloss.terms.iter().enumerate() {
            self.said(&format!("term.{nth}.name"), &term.name);
            self.said(&format!("term.{nth}.meaning"), &term.meaning);
            self.forms(&format!("term.{nth}.forms"), &term.forms);
        }
    }

    fn commitments(&mut self) {
        let gloss = self.gloss;
        self.ids("commitment", gloss.commitments.iter().map(|commitment| commitment.id.as_str()));
        let mut counted: HashMap<&str, usize> = HashMap::new();
        let mut last = 0;
        for (nth, commitment) in gloss.commitments.iter().enumerate() {
            let path = format!("commitment.{nth}");
            let at = commitment.at.as_str();
            if let Some(order) = self.sentence(&path, at) {
                if order < last {
                    let what =
                        format!("{at} stands before the sentence of the commitment above: keep to reading order");
                    self.fault(format!("{path}.at"), what);
                }
                last = order;
            }
            let count = counted.entry(at).or_default();
            *count += 1;
            let id = format!("{at}.c{count}");
            if commitment.id != id {
                self.fault(
                    format!("{path}.id"),
                    format!("“{}” should be {id}: the sentence, then c and its number there", commitment.id),
                );
            }
            self.known(&format!("{path}.actors"), "actor", &commitment.actors, |id| gloss.actor(id).is_some());
            self.known(&format!("{path}.beneficiaries"), "actor", &commitment.beneficiaries, |id| {
                gloss.actor(id).is_some()
            });
            self.known(&format!("{path}.topics"), "topic", &commitment.topics, |id| gloss.topic(id).is_some());
            self.span(&format!("{path}.trigger"), at, &commitment.trigger);
            self.said(&format!("{path}.verb"), &commitment.verb);
            self.span(&format!("{path}.object"), at, &commitment.object);
            if let Some(note) = &commitment.note {
                self.said(&format!("{path}.note"), note);
            }
        }
    }

    fn statements(&mut self) {
        let gloss = self.gloss;
        for (nth, statement) in gloss.statements.iter().enumerate() {
            let path = format!("statement.{nth}");
            self.sentence(&path, &statement.at);
            self.span(&format!("{path}.trigger"), &statement.at, &statement.trigger);
            self.said(&format!("{path}.why"), &statement.why);
        }
    }

    fn qualifiers(&mut self) {
        let gloss = self.gloss;
        for (nth, qualifier) in gloss.qualifiers.iter().enumerate() {
            let path = format!("qualifier.{nth}");
            self.spot(&path, &qualifier.at);
            self.span(&format!("{path}.words"), &qualifier.at, &qualifier.words);
            let exists = |id: &str| gloss.commitments.iter().any(|commitment| commitment.id == id);
            self.known(&format!("{path}.of"), "commitment", &qualifier.of, exists);
        }
    }

    fn events(&mut self) {
        let gloss = self.gloss;
        self.ids("event", gloss.events.iter().map(|event| event.id.as_str()));
        let mut last: Option<&str> = None;
        let mut recurring = false;
        for (nth, event) in gloss.events.iter().enumerate() {
            let path = format!("event.{nth}");
            self.said(&format!("{path}.name"), &event.name);
            if let Some(words) = &event.date_words {
                self.said(&format!("{path}.date_words"), words);
            }
            match (&event.date, event.recurs) {
                (Some(date), None) => {
                    self.date(&format!("{path}.date"), date);
                    if recurring || last.is_some_and(|last| later(last, date)) {
                        let what = format!(
                            "{date} stands behind something later: keep to the order of time, what comes back last"
                        );
                        self.fault(format!("{path}.date"), what);
                    }
                    last = Some(date);
                }
                (None, Some(_)) => recurring = true,
                _ => self.fault(&path, "an event has a date or comes back: give it either date or recurs"),
            }
            if event.said.is_empty() {
                self.fault(format!("{path}.said"), "the text says it somewhere: give the place and the words");
            }
            for (nth, Said { at, words }) in event.said.iter().enumerate() {
                let path = format!("{path}.said.{nth}");
                self.spot(&path, at);
                self.span(&format!("{path}.words"), at, words);
            }
        }
    }

    fn date(&mut self, path: &str, date: &str) {
        if !is_date(date) {
            self.fault(path, format!("“{date}” is no date: write 2025, 2025-02 or 2025-02-13"));
        }
    }

    fn works(&mut self) {
        let gloss = self.gloss;
        self.ids("work", gloss.works.iter().map(|work| work.id.as_str()));
        for (nth, work) in gloss.works.iter().enumerate() {
            self.said(&format!("work.{nth}.name"), &work.name);
            self.said(&format!("work.{nth}.about"), &work.about);
            if let Some(date) = &work.date {
                self.date(&format!("work.{nth}.date"), date);
            }
        }
    }

    fn references(&mut self) {
        let gloss = self.gloss;
        for (nth, reference) in gloss.references.iter().enumerate() {
            let path = format!("reference.{nth}");
            self.spot(&path, &reference.at);
            self.span(&format!("{path}.words"), &reference.at, &reference.words);
            if let Some(note) = &reference.note {
                self.said(&format!("{path}.note"), note);
            }
            if reference.to.is_empty() {
                self.fault(format!("{path}.to"), "it leads nowhere: name a place or a work");
            }
            for (nth, target) in reference.to.iter().enumerate() {
                let what = match target {
                    Target::Place(place) if place == WHOLE => continue,
                    Target::Place(place)
                        if self.texts.first().is_none_or(|text| text.spots.contains_key(place.as_str())) =>
                    {
                        continue;
                    }
                    Target::Place(place) => {
                        format!("there is no “{place}” in the text: name a place, or plan for the whole")
                    }
                    Target::Work(work) if gloss.work(work).is_some() => continue,
                    Target::Work(work) => format!("there is no work “{work}”: add it, or name another"),
                };
                self.fault(format!("{path}.to.{nth}"), what);
            }
        }
    }

    fn probes(&mut self, documents: &[&Document]) {
        let gloss = self.gloss;
        self.ids("probe", gloss.probes.iter().map(|probe| probe.id.as_str()));
        let found: Vec<_> = documents.iter().map(|document| (document.lang, silences(gloss, document))).collect();
        for (nth, probe) in gloss.probes.iter().enumerate() {
            let path = format!("probe.{nth}");
            self.said(&format!("{path}.name"), &probe.name);
            self.said(&format!("{path}.question"), &probe.question);
            for lang in Lang::ALL {
                let words = probe.words.get(lang);
                if words.is_empty() {
                    self.fault(
                        format!("{path}.words.{lang}"),
                        "nothing is looked for: give the words that a reader would try",
                    );
                }
                for (nth, word) in words.iter().enumerate() {
                    if word.trim().is_empty() {
                        self.fault(
                            format!("{path}.words.{lang}.{nth}"),
                            "there are no words here: give some, or leave it out",
                        );
                    } else if words[..nth].contains(word) {
                        self.fault(
                            format!("{path}.words.{lang}.{nth}"),
                            format!("“{word}” is looked for twice: once is enough"),
                        );
                    }
                }
            }
            for (lang, silences) in &found {
                for Found { spoken, .. } in silences[nth].found.iter().filter(|found| found.why.is_none()) {
                    let (at, words) = (place_of(spoken), &spoken.text[spoken.words.clone()]);
                    let what = format!(
                        "“{words}” stands in {at} and is not explained: say in explained why it is no answer, or look \
                         for other words"
                    );
                    self.fault(format!("{path}.words.{lang}"), what);
                }
            }
            for (nth_explained, explained) in probe.explained.iter().enumerate() {
                let path = format!("{path}.explained.{nth_explained}");
                self.spot(&path, &explained.at);
                self.span(&format!("{path}.words"), &explained.at, &explained.words);
                self.said(&format!("{path}.why"), &explained.why);
                // In one language the words may be others: only where no text has them are they explained in vain.
                let is_hit = found.iter().any(|(lang, silences)| {
                    silences[nth].found.iter().any(|Found { spoken, .. }| {
                        let words = explained.words.get(*lang).find(&spoken.text);
                        place_of(spoken) == explained.at && words.is_some_and(|words| words == spoken.words)
                    })
                });
                if found.len() == Lang::ALL.len() && !is_hit {
                    let what = format!("no word that is looked for stands there in {}: leave it out", explained.at);
                    self.fault(format!("{path}.words"), what);
                }
            }
        }
    }

    fn paths(&mut self) {
        let gloss = self.gloss;
        self.ids("path", gloss.paths.iter().map(|path| path.id.as_str()));
        for (nth, way) in gloss.paths.iter().enumerate() {
            let path = format!("path.{nth}");
            self.said(&format!("{path}.name"), &way.name);
            self.said(&format!("{path}.intro"), &way.intro);
            if way.stops.is_empty() {
                self.fault(format!("{path}.stops"), "it leads nowhere: name the paragraphs to read");
            }
            for (nth, stop) in way.stops.iter().enumerate() {
                let path = format!("{path}.stops.{nth}");
                self.said(&format!("{path}.why"), &stop.why);
                if self.spot(&path, &stop.at).is_some_and(|spot| !spot.is_paragraph()) {
                    self.fault(
                        format!("{path}.at"),
                        format!("“{}” is no paragraph: stops are paragraphs, such as m1.1", stop.at),
                    );
                } else if way.stops[..nth].iter().any(|other| other.at == stop.at) {
                    self.fault(format!("{path}.at"), format!("“{}” comes twice on this path: once is enough", stop.at));
                }
            }
        }
    }
}

/// The address of what is spoken.
fn place_of<'a>(spoken: &Spoken<'a>) -> &'a str {
    spoken.place.map_or(PREFACE, |place| place.slug())
}

/// Whether `form` stands in `text` with no letter or digit at its ends.
fn names(text: &str, form: &str) -> bool {
    text.match_indices(form).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + form.len()..]);
        !before.chars().next_back().is_some_and(char::is_alphanumeric)
            && !after.chars().next().is_some_and(char::is_alphanumeric)
    })
}

/// Whether `a` is later than `b`, as far as both are exact.
fn later(a: &str, b: &str) -> bool {
    a.split('-').zip(b.split('-')).find_map(|(a, b)| (a != b).then(|| a > b)).unwrap_or_default()
}
