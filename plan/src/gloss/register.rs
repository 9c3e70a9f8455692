//! The register: the commitments that answer a filter, and how many each other choice would leave.

use super::{Commitment, Gloss, Mark, Qualifies, Strength, marks::foreign};
use crate::{
    Document, Lang, Place, Text,
    search::{Wanted, fold},
};
use serde::Serialize;
use std::ops::Range;

/// What commitments are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Who is committed; [`NOBODY`] where nobody is named.
    Actor,
    /// How firmly.
    Strength,
    /// The measure or section it stands in.
    Measure,
    /// Whom it serves.
    Beneficiary,
    /// What softens it: [`ANY`], [`CONDITION`], [`WITHOUT`], or the words of one caveat.
    Caveat,
    /// Its subject.
    Topic,
}

/// The actor of what nobody is named for.
pub const NOBODY: &str = "nobody";
/// Softened by some caveat.
pub const ANY: &str = "any";
/// Under some condition.
pub const CONDITION: &str = "condition";
/// Neither softened nor conditioned.
pub const WITHOUT: &str = "without";

impl Facet {
    /// Every facet.
    pub const ALL: [Facet; 6] =
        [Facet::Actor, Facet::Strength, Facet::Measure, Facet::Beneficiary, Facet::Caveat, Facet::Topic];

    /// Its name in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Facet::Actor => "actor",
            Facet::Strength => "strength",
            Facet::Measure => "measure",
            Facet::Beneficiary => "beneficiary",
            Facet::Caveat => "caveat",
            Facet::Topic => "topic",
        }
    }
}

/// By what rows are put in order; what is equal stays in reading order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Key {
    /// As the text goes.
    #[default]
    Text,
    /// Who is committed, by name.
    Actor,
    /// The firmest first.
    Strength,
    /// What is done.
    Verb,
}

impl Key {
    /// Every key.
    pub const ALL: [Key; 4] = [Key::Text, Key::Actor, Key::Strength, Key::Verb];

    /// Its name in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Key::Text => "text",
            Key::Actor => "actor",
            Key::Strength => "strength",
            Key::Verb => "verb",
        }
    }
}

/// An order of rows. Written `strength`, or `-strength` for the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sort {
    /// By what.
    pub by: Key,
    /// From the end.
    pub reversed: bool,
}

/// Which commitments are asked for: of each facet any of the chosen values, of the words all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// In the order of the facets, no pair twice.
    chosen: Vec<(Facet, String)>,
    /// Words that stand in the sentence or in what the editors say of it.
    pub word: String,
    /// In which order.
    pub sort: Sort,
}

/// Choices that are read from an address; more are nobody's.
const MOST_CHOICES: usize = 64;
/// Characters of the words that are read.
const MOST_CHARS: usize = 200;

impl Filter {
    /// Reads the pairs of a query: `actor=nato&strength=must&q=munitions&sort=-strength`. What it does not know it leaves
    /// aside.
    pub fn read<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> Filter {
        let mut filter = Filter::default();
        for (key, value) in pairs {
            let (key, value) = (key.as_ref(), value.as_ref().trim());
            match key {
                _ if value.is_empty() => {}
                "q" => filter.word = value.chars().take(MOST_CHARS).collect(),
                "sort" => {
                    let (id, reversed) = value.strip_prefix('-').map_or((value, false), |id| (id, true));
                    if let Some(by) = Key::ALL.into_iter().find(|by| by.id() == id) {
                        filter.sort = Sort { by, reversed };
                    }
                }
                _ => {
                    let facet = Facet::ALL.into_iter().find(|facet| facet.id() == key);
                    if let Some(facet) = facet.filter(|_| filter.chosen.len() < MOST_CHOICES && value.len() <= 80) {
                        filter.choose(facet, value);
                    }
                }
            }
        }
        filter
    }

    /// The pairs of the address that [`Filter::read`] reads back; none where everything is shown in its order.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<_> = self.chosen.iter().map(|(facet, value)| (facet.id(), value.clone())).collect();
        if !self.word.is_empty() {
            pairs.push(("q", self.word.clone()));
        }
        if self.sort != Sort::default() {
            let sign = if self.sort.reversed { "-" } else { "" };
            pairs.push(("sort", format!("{sign}{}", self.sort.by.id())));
        }
        pairs
    }

    /// The choices, in the order of the facets.
    pub fn chosen(&self) -> &[(Facet, String)] {
        &self.chosen
    }

    /// Whether nothing is left out.
    pub fn is_open(&self) -> bool {
        self.chosen.is_empty() && self.word.is_empty()
    }

    /// Whether the value is among the chosen.
    pub fn has(&self, facet: Facet, value: &str) -> bool {
        self.chosen.iter().any(|(f, v)| *f == facet && v == value)
    }

    /// This filter with one choice more.
    #[must_use]
    pub fn with(&self, facet: Facet, value: &str) -> Filter {
        let mut filter = self.clone();
        filter.choose(facet, value);
        filter
    }

    /// This filter with one choice less.
    #[must_use]
    pub fn without(&self, facet: Facet, value: &str) -> Filter {
        let mut filter = self.clone();
        filter.chosen.retain(|(f, v)| (*f, v.as_str()) != (facet, value));
        filter
    }

    /// This filter with other words.
    #[must_use]
    pub fn saying(&self, word: &str) -> Filter {
        Filter { word: word.to_owned(), ..self.clone() }
    }

    /// This filter in another order.
    #[must_use]
    pub fn sorted(&self, sort: Sort) -> Filter {
        Filter { sort, ..self.clone() }
    }

    fn choose(&mut self, facet: Facet, value: &str) {
        if !self.has(facet, value) {
            self.chosen.push((facet, value.to_owned()));
            self.chosen.sort_by_key(|(facet, _)| *facet);
        }
    }

    /// Whether these values of a facet answer what is chosen of it.
    fn admits(&self, facet: Facet, values: &[String]) -> bool {
        let mut chosen = self.chosen.iter().filter(|(f, _)| *f == facet).peekable();
        chosen.peek().is_none() || chosen.any(|(_, value)| values.contains(value))
    }
}

/// A commitment in its place.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// What is promised.
    pub commitment: &'a Commitment,
    /// Its sentence's place.
    pub place: Place<'a>,
    /// Its sentence.
    pub text: &'a Text,
    /// What lies over the sentence's words, in bytes.
    pub marks: Vec<(Range<usize>, Mark<'a>)>,
}

/// A value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Value {
    /// As addresses hold it.
    pub id: String,
    /// In the language of the document.
    pub name: String,
    /// How many commitments it would leave, given what is chosen of the other facets and the words.
    pub count: usize,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What answers a filter.
#[derive(Clone, Debug)]
pub struct Register<'a> {
    /// In the order asked for.
    pub rows: Vec<Row<'a>>,
    /// How many commitments there are in all.
    pub of: usize,
    /// Every facet with the values that occur, in their own order.
    pub facets: Vec<(Facet, Vec<Value>)>,
}

/// The commitments of `gloss` that answer `filter`, in the words of `document`.
pub fn register<'a>(gloss: &'a Gloss, document: &'a Document, filter: &Filter) -> Register<'a> {
    let lang = document.lang;
    let wanted = Wanted::read(lang, &filter.word);
    let places = document.places();
    let candidates: Vec<Candidate<'a>> = gloss
        .commitments
        .iter()
        .filter_map(|commitment| {
            let place = places.iter().find(|place| place.slug() == commitment.at).copied()?;
            let text = place.text()?;
            let plain = text.plain();
            let stands = wanted.is_empty() || wanted.stands_in(&said(gloss, commitment, lang, &plain));
            let values = Facet::ALL.map(|facet| gloss.values(commitment, facet));
            Some(Candidate { commitment, place, text, plain, values, stands })
        })
        .collect();
    let admitted = |candidate: &Candidate<'_>, but: Option<Facet>| {
        let mut facets = Facet::ALL.into_iter().zip(&candidate.values);
        candidate.stands && facets.all(|(facet, values)| Some(facet) == but || filter.admits(facet, values))
    };
    let facets = Facet::ALL.into_iter().enumerate().map(|(nth, facet)| {
        let values = gloss.every_value(facet, document).into_iter().filter_map(|(id, name)| {
            let has = |candidate: &&Candidate<'_>| candidate.values[nth].contains(&id);
            let chosen = filter.has(facet, &id);
            let count = candidates.iter().filter(has).filter(|candidate| admitted(candidate, Some(facet))).count();
            (chosen || candidates.iter().any(|c| has(&c))).then_some(Value { id, name, count, chosen })
        });
        (facet, values.collect())
    });
    let facets = facets.collect();
    let mut rows: Vec<Row<'a>> = Vec::new();
    for candidate in candidates.iter().filter(|candidate| admitted(candidate, None)) {
        let Candidate { commitment, place, text, ref plain, .. } = *candidate;
        let mut marks = gloss.marks(commitment, lang, plain);
        marks.extend(foreign(text));
        if !wanted.is_empty() {
            marks.extend(wanted.marks(plain).into_iter().map(|at| (at, Mark::Found)));
        }
        rows.push(Row { commitment, place, text, marks });
    }
    sort(gloss, lang, filter.sort, &mut rows);
    Register { rows, of: candidates.len(), facets }
}

struct Candidate<'a> {
    commitment: &'a Commitment,
    place: Place<'a>,
    text: &'a Text,
    plain: String,
    /// Of each facet, in the order of [`Facet::ALL`].
    values: [Vec<String>; 6],
    /// Whether the words looked for are there.
    stands: bool,
}

/// All that words are looked for in.
fn said(gloss: &Gloss, commitment: &Commitment, lang: Lang, sentence: &str) -> String {
    let mut said = vec![sentence, commitment.verb.get(lang)];
    let actors = commitment.actors.iter().chain(&commitment.beneficiaries).filter_map(|id| gloss.actor(id));
    for actor in actors {
        said.push(actor.name.get(lang));
        said.extend(actor.full.as_ref().map(|full| full.get(lang).as_str()));
    }
    said.extend(commitment.topics.iter().filter_map(|id| Some(gloss.topic(id)?.name.get(lang).as_str())));
    said.join("\n")
}

fn sort(gloss: &Gloss, lang: Lang, sort: Sort, rows: &mut Vec<Row<'_>>) {
    let key = |nth: usize, row: &Row<'_>| match sort.by {
        Key::Text => (nth, Vec::new()),
        // What nobody is named for comes last.
        Key::Actor => {
            let names: Vec<_> = gloss.actor_names(&row.commitment.actors, lang).into_iter().map(fold).collect();
            (usize::from(names.is_empty()), names)
        }
        Key::Strength => (row.commitment.strength as usize, Vec::new()),
        Key::Verb => (0, vec![fold(row.commitment.verb.get(lang))]),
    };
    let mut keyed: Vec<_> = rows.drain(..).enumerate().map(|(nth, row)| (key(nth, &row), row)).collect();
    // Either way what is equal stays in reading order.
    keyed.sort_by(|(a, _), (b, _)| if sort.reversed { b.cmp(a) } else { a.cmp(b) });
    rows.extend(keyed.into_iter().map(|(_, row)| row));
}

impl<'a> Place<'a> {
    /// The one text that stands there: a sentence's, a bullet's, a heading's. A paragraph has several.
    pub fn text(&self) -> Option<&'a Text> {
        match self {
            Place::Section(section) => Some(&section.heading),
            Place::Measure(_, measure) => Some(&measure.heading),
            Place::Paragraph(..) => None,
            Place::Sentence(.., sentence) => Some(&sentence.text),
            Place::Item(.., item) => Some(&item.text),
        }
    }
}

impl Strength {
    /// Its name, short enough for a cell.
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Strength::Must, Lang::Fr) => "Doit",
            (Strength::Must, Lang::En) => "Must",
            (Strength::Firm, Lang::Fr) => "Futur ferme",
            (Strength::Firm, Lang::En) => "Firm future",
            (Strength::Continues, Lang::Fr) => "Continue",
            (Strength::Continues, Lang::En) => "Continues",
            (Strength::Explores, Lang::Fr) => "Étudie",
            (Strength::Explores, Lang::En) => "Explores",
            (Strength::Invited, Lang::Fr) => "Invité",
            (Strength::Invited, Lang::En) => "Invited",
            (Strength::Encouraged, Lang::Fr) => "Encouragé",
            (Strength::Encouraged, Lang::En) => "Encouraged",
        }
    }
}

impl Gloss {
    /// The actors' names, in their order.
    pub fn actor_names(&self, ids: &[String], lang: Lang) -> Vec<&str> {
        ids.iter().filter_map(|id| Some(self.actor(id)?.name.get(lang).as_str())).collect()
    }

    /// What lies over the words of a commitment's sentence.
    pub fn marks(&self, commitment: &Commitment, lang: Lang, plain: &str) -> Vec<(Range<usize>, Mark<'static>)> {
        let spans = [(commitment.trigger.get(lang), Mark::Trigger), (commitment.object.get(lang), Mark::Object)];
        let qualifiers = self.qualifiers_of(&commitment.id).filter(|qualifier| qualifier.at == commitment.at);
        let qualifiers = qualifiers.map(|qualifier| {
            let mark = match qualifier.kind {
                Qualifies::Caveat => Mark::Caveat,
                Qualifies::Condition => Mark::Condition,
            };
            (qualifier.words.get(lang), mark)
        });
        spans.into_iter().chain(qualifiers).filter_map(|(span, mark)| Some((span.find(plain)?, mark))).collect()
    }

    /// A commitment's values of a facet, as [`Filter`] knows them.
    fn values(&self, commitment: &Commitment, facet: Facet) -> Vec<String> {
        match facet {
            Facet::Actor if commitment.actors.is_empty() => vec![NOBODY.to_owned()],
            Facet::Actor => commitment.actors.clone(),
            Facet::Strength => vec![commitment.strength.id().to_owned()],
            Facet::Measure => vec![commitment.division().to_owned()],
            Facet::Beneficiary => commitment.beneficiaries.clone(),
            Facet::Topic => commitment.topics.clone(),
            Facet::Caveat => {
                let mut values = Vec::new();
                for qualifier in self.qualifiers_of(&commitment.id) {
                    match qualifier.kind {
                        Qualifies::Caveat => values.extend([ANY.to_owned(), named(&qualifier.words.fr.text)]),
                        Qualifies::Condition => values.push(CONDITION.to_owned()),
                    }
                }
                if values.is_empty() {
                    values.push(WITHOUT.to_owned());
                }
                values
            }
        }
    }

    /// Every value a facet may have, with its name, in the order in which they are shown.
    fn every_value(&self, facet: Facet, document: &Document) -> Vec<(String, String)> {
        let lang = document.lang;
        let actors = || self.actors.iter().map(|actor| (actor.id.clone(), actor.name.get(lang).clone()));
        let word = |id: &str, fr: &str, en: &str| (id.to_owned(), if lang == Lang::Fr { fr } else { en }.to_owned());
        match facet {
            Facet::Actor => actors().chain([word(NOBODY, "Personne n’est nommé", "Nobody is named")]).collect(),
            Facet::Beneficiary => actors().collect(),
            Facet::Strength => {
                Strength::ALL.map(|strength| (strength.id().to_owned(), strength.name(lang).to_owned())).to_vec()
            }
            Facet::Measure => {
                let divisions = divisions(document);
                divisions.iter().map(|place| (place.slug().to_owned(), place.label(lang))).collect()
            }
            Facet::Topic => self.topics.iter().map(|topic| (topic.id.clone(), topic.name.get(lang).clone())).collect(),
            Facet::Caveat => {
                let mut values = vec![
                    word(ANY, "Une réserve, quelle qu’elle soit", "Any caveat"),
                    word(CONDITION, "Une condition", "A condition"),
                    word(WITHOUT, "Ni réserve ni condition", "Neither caveat nor condition"),
                ];
                let caveats = self.qualifiers.iter().filter(|q| q.kind == Qualifies::Caveat && !q.of.is_empty());
                for qualifier in caveats {
                    let id = named(&qualifier.words.fr.text);
                    if !values.iter().any(|(known, _)| *known == id) {
                        let words = &qualifier.words.get(lang).text;
                        values.push((id, if lang == Lang::Fr { format!("« {words} »") } else { format!("“{words}”") }));
                    }
                }
                values
            }
        }
    }
}

/// The words of a caveat as addresses hold them: `le-cas-echeant`. The French ones, in both languages.
fn named(words: &str) -> String {
    let words = words.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// The divisions that hold paragraphs of prose: sections without measures, and measures.
pub(super) fn divisions(document: &Document) -> Vec<Place<'_>> {
    let mut divisions = Vec::new();
    for section in &document.sections {
        if section.measures.is_empty() {
            divisions.push(Place::Section(section));
        }
        divisions.extend(section.measures.iter().map(|measure| Place::Measure(section, measure)));
    }
    divisions
}

/// A row on its own, for programs and spreadsheets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// [`Commitment::id`].
    pub id: String,
    /// Where the sentence can be read.
    pub url: String,
    /// The place as people name it.
    pub place: String,
    /// Names of who is committed; none where the text names nobody.
    pub actors: Vec<String>,
    /// [`Strength::id`].
    pub strength: &'static str,
    /// The words that show it.
    pub trigger: String,
    /// What is done.
    pub verb: String,
    /// To what.
    pub object: String,
    /// Names of whom it serves.
    pub beneficiaries: Vec<String>,
    /// Words that soften it.
    pub caveats: Vec<String>,
    /// Words that condition it.
    pub conditions: Vec<String>,
    /// Names of its subjects.
    pub topics: Vec<String>,
    /// The editors' remark.
    pub note: Option<String>,
    /// The sentence, to the letter.
    pub sentence: String,
}

impl Row<'_> {
    /// The row in words; `url` makes an address of a slug.
    pub fn record(&self, gloss: &Gloss, lang: Lang, url: impl Fn(&str) -> String) -> Record {
        let Row { commitment, place, text, .. } = self;
        let names = |ids: &[String]| gloss.actor_names(ids, lang).into_iter().map(str::to_owned).collect();
        let qualifiers = |kind: Qualifies| {
            let of = gloss.qualifiers_of(&commitment.id).filter(|qualifier| qualifier.kind == kind);
            of.map(|qualifier| qualifier.words.get(lang).text.clone()).collect()
        };
        Record {
            id: commitment.id.clone(),
            url: url(&commitment.at),
            place: place.label(lang),
            actors: names(&commitment.actors),
            strength: commitment.strength.id(),
            trigger: commitment.trigger.get(lang).text.clone(),
            verb: commitment.verb.get(lang).clone(),
            object: commitment.object.get(lang).text.clone(),
            beneficiaries: names(&commitment.beneficiaries),
            caveats: qualifiers(Qualifies::Caveat),
            conditions: qualifiers(Qualifies::Condition),
            topics: commitment.topics.iter().filter_map(|id| Some(gloss.topic(id)?.name.get(lang).clone())).collect(),
            note: commitment.note.as_ref().map(|note| note.get(lang).clone()),
            sentence: text.plain(),
        }
    }
}

/// Records as CSV (RFC 4180): a line of names, then one line each; several values in one field between semicolons.
pub fn csv<'a>(records: impl IntoIterator<Item = &'a Record>) -> String {
    let mut out = String::from(
        "id,url,place,actors,strength,trigger,verb,object,beneficiaries,caveats,conditions,topics,note,sentence\r\n",
    );
    for record in records {
        let many = |values: &[String]| values.join("; ");
        let fields = [
            record.id.clone(),
            record.url.clone(),
            record.place.clone(),
            many(&record.actors),
            record.strength.to_owned(),
            record.trigger.clone(),
            record.verb.clone(),
            record.object.clone(),
            many(&record.beneficiaries),
            many(&record.caveats),
            many(&record.conditions),
            many(&record.topics),
            record.note.clone().unwrap_or_default(),
            record.sentence.clone(),
        ];
        out.push_str(&fields.map(field).join(","));
        out.push_str("\r\n");
    }
    out
}

fn field(value: String) -> String {
    if value.contains([',', '"', '\r', '\n']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value }
}

#[cfg(test)]
mod tests {
    use super::{super::sample, *};

    fn ids(query: &[(&str, &str)]) -> Vec<String> {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::Fr));
        let rows = register(&gloss, &document, &Filter::read(query.iter().copied())).rows;
        rows.iter().map(|row| row.commitment.id.clone()).collect()
    }

    #[test]
    fn a_facet_admits_any_of_its_values_and_facets_add_up() {
        assert_eq!(ids(&[]).len(), 3);
        assert_eq!(ids(&[("actor", "allies")]), ["m1.1.s1.c1", "m2.1.s1.c1"]);
        assert_eq!(ids(&[("actor", "allies"), ("strength", "must")]), ["m1.1.s1.c1"]);
        assert_eq!(ids(&[("strength", "must"), ("strength", "firm")]), ["m1.1.s1.c1", "m2.1.s2.c1"]);
        assert_eq!(ids(&[("actor", NOBODY)]), ["m2.1.s2.c1"]);
        assert_eq!(ids(&[("caveat", ANY)]), ids(&[("caveat", "le-cas-echeant")]));
        assert_eq!(ids(&[("caveat", WITHOUT), ("measure", "m2")]).len(), 2);
        assert_eq!(ids(&[("beneficiary", "ukraine")]), ids(&[("topic", "munitions")]));
        assert_eq!(ids(&[("actor", "who?")]), [""; 0]);
    }

    #[test]
    fn words_are_looked_for_in_the_sentence_and_in_the_reading() {
        assert_eq!(ids(&[("q", "MUNITION")]), ["m1.1.s1.c1"]);
        assert_eq!(ids(&[("q", "etudier")]), ["m2.1.s1.c1"]);
        assert_eq!(ids(&[("q", "ukraine")]), ["m1.1.s1.c1"], "as a beneficiary");
        assert_eq!(ids(&[("q", "licorne")]), [""; 0]);
    }

    #[test]
    fn rows_come_in_the_order_asked_for() {
        let text = ["m1.1.s1.c1", "m2.1.s1.c1", "m2.1.s2.c1"];
        assert_eq!(ids(&[("sort", "-text")]), [text[2], text[1], text[0]]);
        assert_eq!(ids(&[("sort", "strength")]), [text[0], text[2], text[1]]);
        assert_eq!(ids(&[("sort", "-strength")]), [text[1], text[2], text[0]]);
        assert_eq!(ids(&[("sort", "actor")]), [text[0], text[1], text[2]], "nobody comes last");
        assert_eq!(ids(&[("sort", "verb")]), [text[2], text[1], text[0]], "accents do not count");
        assert_eq!(ids(&[("sort", "colour")]), text);
    }

    #[test]
    fn a_count_says_what_a_choice_would_leave() {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::En));
        for filter in [
            Filter::default(),
            Filter::read([("actor", "allies")]),
            Filter::read([("strength", "must"), ("q", "munitions")]),
        ] {
            let shown = register(&gloss, &document, &filter);
            assert_eq!(shown.of, 3);
            for (facet, values) in &shown.facets {
                for value in values {
                    let only = filter.chosen().iter().filter(|(f, _)| f == facet);
                    let alone = only.fold(filter.clone(), |filter, (f, v)| filter.without(*f, v));
                    let alone = register(&gloss, &document, &alone.with(*facet, &value.id));
                    assert_eq!(alone.rows.len(), value.count, "{facet:?} {}", value.id);
                }
            }
        }
        let shown = register(&gloss, &document, &Filter::default());
        let caveats = &shown.facets.iter().find(|(facet, _)| *facet == Facet::Caveat).unwrap().1;
        let names: Vec<_> = caveats.iter().map(|value| value.name.as_str()).collect();
        assert_eq!(names, ["Any caveat", "Neither caveat nor condition", "“where needed”"]);
    }

    #[test]
    fn a_filter_is_read_back_from_its_address() {
        let pairs = [("strength", "must"), ("actor", "nato"), ("actor", "nato"), ("q", " étude "), ("sort", "-actor")];
        let filter = Filter::read(pairs);
        assert_eq!(Filter::read(filter.pairs()), filter);
        assert_eq!(
            filter.pairs(),
            [("actor", "nato"), ("strength", "must"), ("q", "étude"), ("sort", "-actor")]
                .map(|(k, v)| (k, v.to_owned()))
        );
        assert!(Filter::read([("page", "2"), ("actor", ""), ("sort", "text")]).pairs().is_empty());
        let many: Vec<_> = (0..1000).map(|nth| ("actor", nth.to_string())).collect();
        assert_eq!(Filter::read(many).chosen().len(), MOST_CHOICES);
    }

    #[test]
    fn the_sentence_is_marked_where_the_gloss_says() {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::Fr));
        let shown = register(&gloss, &document, &Filter::read([("q", "munitions")]));
        let plain = shown.rows[0].text.plain();
        let marked: Vec<_> = shown.rows[0].marks.iter().map(|(at, mark)| (&plain[at.clone()], *mark)).collect();
        assert_eq!(
            marked,
            [
                ("doivent", Mark::Trigger),
                ("des munitions", Mark::Object),
                ("le cas échéant", Mark::Caveat),
                ("munitions", Mark::Found),
            ]
        );
    }

    #[test]
    fn fields_with_commas_quotes_and_lines_are_quoted() {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::En));
        let shown = register(&gloss, &document, &Filter::default());
        let records: Vec<_> =
            shown.rows.iter().map(|row| row.record(&gloss, Lang::En, |slug| format!("/{slug}"))).collect();
        let csv = csv(&records);
        let lines: Vec<_> = csv.split("\r\n").collect();
        assert_eq!(
            lines[1],
            "m1.1.s1.c1,/m1.1.s1,\"Measure 1, § 1, sentence 1\",Allies,must,must,deliver,munitions,Ukraine,where \
             needed,,Munitions,,\"Allies must, where needed, deliver munitions.\""
        );
        assert!(lines[3].contains("\"Passive voice, \"\"by whom?\"\"\""), "{}", lines[3]);
        assert_eq!((lines.len(), lines[4]), (5, ""));
    }
}
