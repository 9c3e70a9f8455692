//! The editors' reading, held against the text; and a second text, with a reading of its own.
#![cfg(feature = "content")]
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use plan::{
    Document, Lang, Place, akn,
    content::{self, Manuscript, Source},
    gloss::{self, Commitment, Gloss, Qualifies, Span, Target},
    import,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const GLOSS: &str = include_str!("../content/gloss.toml");
const READING: &str = include_str!("../content/READING.md");

fn texts() -> [Document; 2] {
    Lang::ALL.map(content::load)
}

fn problems(gloss: &str, [fr, en]: &[Document; 2]) -> Vec<gloss::Problem> {
    gloss::check(gloss, &[fr, en]).err().unwrap_or_default()
}

#[test]
fn the_gloss_stands_beside_the_text() {
    let told: String = problems(GLOSS, &texts()).iter().map(|problem| format!("\ngloss.toml:{problem}")).collect();
    assert!(told.is_empty(), "{told}");
}

/// Every span of the gloss with its place, as the file has it: without the help of the check.
fn spans(gloss: &Gloss) -> Vec<(&str, &plan::gloss::Both<Span>)> {
    let mut spans = Vec::new();
    for Commitment { at, trigger, object, .. } in &gloss.commitments {
        spans.extend([(at.as_str(), trigger), (at, object)]);
    }
    spans.extend(gloss.statements.iter().map(|statement| (statement.at.as_str(), &statement.trigger)));
    spans.extend(gloss.qualifiers.iter().map(|qualifier| (qualifier.at.as_str(), &qualifier.words)));
    spans.extend(gloss.references.iter().map(|reference| (reference.at.as_str(), &reference.words)));
    spans.extend(gloss.events.iter().flat_map(|e| &e.said).map(|said| (said.at.as_str(), &said.words)));
    spans.extend(gloss.probes.iter().flat_map(|p| &p.explained).map(|e| (e.at.as_str(), &e.words)));
    spans
}

#[test]
fn every_span_stands_to_the_letter_in_its_place_in_both_languages() {
    let gloss = content::gloss();
    for document in texts() {
        let lang = document.lang;
        for (at, span) in spans(&gloss) {
            let words = match at {
                "preface" => document.preface.plain(),
                at => document.find(at).unwrap_or_else(|| panic!("{at}")).plain(),
            };
            let span = span.get(lang);
            let found = span.find(&words).unwrap_or_else(|| panic!("{lang} {at}: {}", span.text));
            assert_eq!(words[found], span.text);
        }
    }
}

/// The count in READING.md's line of a table whose first cell is `head`.
fn counted(head: &str) -> usize {
    let line =
        READING.lines().find(|line| line.starts_with(&format!("| {head} |"))).unwrap_or_else(|| panic!("{head}"));
    line.trim_end_matches([' ', '|']).rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
fn the_totals_are_those_that_the_reading_tells() {
    let gloss = content::gloss();
    assert_eq!(gloss.commitments.len(), counted("all"));
    for strength in gloss::Strength::ALL {
        let count = gloss.commitments.iter().filter(|commitment| commitment.strength == strength).count();
        assert_eq!(count, counted(&format!("`{}`", strength.id())), "{strength:?}");
    }
    let mut by_actors: BTreeMap<String, usize> = BTreeMap::new();
    for commitment in &gloss.commitments {
        let names: Vec<_> = commitment.actors.iter().map(|id| format!("`{id}`")).collect();
        *by_actors.entry(names.join(" ")).or_default() += 1;
    }
    assert_eq!(by_actors.len(), 7);
    for (actors, count) in by_actors {
        let head = if actors.is_empty() { "nobody" } else { &actors };
        assert_eq!(count, counted(head), "{head}");
    }
    let [fr, _] = texts();
    let numbers = |kind: Qualifies| -> Vec<u16> {
        let of_kind = gloss.qualifiers.iter().filter(|q| q.kind == kind);
        let paragraphs = of_kind.filter_map(|q| match fr.find(&q.at)? {
            Place::Measure(..) => None,
            place => Some(place.paragraph()?.number),
        });
        paragraphs.collect()
    };
    assert_eq!(numbers(Qualifies::Caveat), [7, 9, 10, 10, 14, 18, 33]);
    assert_eq!(numbers(Qualifies::Condition), [15, 30]);
    let headings: Vec<_> = gloss.qualifiers.iter().filter(|q| !q.at.contains('.')).map(|q| q.at.as_str()).collect();
    assert_eq!(headings, ["m7"]);
}

#[test]
fn what_the_text_leaves_open_stays_open() {
    let gloss = content::gloss();
    let plans = [Target::Work("plan-2023".to_owned()), Target::Place("plan".to_owned())];
    let open: Vec<_> = gloss.references.iter().filter(|r| r.to == plans).map(|r| r.at.as_str()).collect();
    assert_eq!(open, ["m4.1.s4", "m5.2.s2"]);
}

/// Verbs that promise or oblige: each is a commitment or a statement with its reason.
#[test]
fn no_verb_of_commitment_is_passed_over() {
    const FRENCH: [&str; 14] = [
        "doit",
        "doivent",
        "devant",
        "peut",
        "peuvent",
        "convenus",
        "engagent",
        "invités",
        "encouragés",
        "déterminés",
        "garantir",
        "vise",
        "entend",
        "important",
    ];
    const ENGLISH: [&str; 14] = [
        "will",
        "would",
        "must",
        "should",
        "could",
        "can",
        "may",
        "shall",
        "commit",
        "agreed",
        "invited",
        "encouraged",
        "determined",
        "aims",
    ];
    // Verbs within a caveat or a relative clause, of which nothing follows.
    const NONE: [(&str, &str); 4] =
        [("intro.7.s2", "seront"), ("intro.7.s2", "will"), ("m1.1.s3", "peut"), ("m7.3.s1", "conviendra")];
    let gloss = content::gloss();
    for document in texts() {
        let is_verb = |word: &str| match document.lang {
            Lang::Fr => {
                FRENCH.contains(&word) || ["ra", "ront", "rait", "raient"].iter().any(|end| word.ends_with(end))
            }
            Lang::En => ENGLISH.contains(&word),
        };
        let mut verbs = 0;
        for place in document.places() {
            if !matches!(place, Place::Sentence(..) | Place::Item(..)) {
                continue;
            }
            let (slug, text) = (place.slug(), place.plain());
            let triggers = gloss.commitments.iter().map(|c| (&c.at, &c.trigger));
            let triggers = triggers.chain(gloss.statements.iter().map(|s| (&s.at, &s.trigger)));
            let covered: Vec<_> = triggers
                .filter(|(at, _)| *at == slug)
                .map(|(_, trigger)| trigger.get(document.lang).find(&text).unwrap())
                .collect();
            for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| is_verb(word)) {
                let at = word.as_ptr() as usize - text.as_ptr() as usize;
                let known = covered.iter().any(|trigger| trigger.contains(&at)) || NONE.contains(&(slug, word));
                assert!(known, "{} {slug}: {word}", document.lang);
                verbs += 1;
            }
        }
        assert!(verbs > 50, "{}: {verbs}", document.lang);
    }
}

#[test]
fn paths_are_short_enough_to_be_read() {
    for path in content::gloss().paths {
        assert!((6..=10).contains(&path.stops.len()), "{}", path.id);
    }
}

// The second text.

const SECOND: &str = include_str!("second-plan/gloss.toml");

fn manuscript() -> Manuscript<'static> {
    Manuscript {
        french: Source { name: "plan.fr.txt", text: include_str!("second-plan/plan.fr.txt") },
        english: Some(Source { name: "plan.en.txt", text: include_str!("second-plan/plan.en.txt") }),
        about: Source { name: "plan.toml", text: include_str!("second-plan/plan.toml") },
        names: Some(Source { name: "entities.toml", text: include_str!("second-plan/entities.toml") }),
    }
}

/// The second text in Akoma Ntoso, by language.
fn second() -> [String; 2] {
    let made = content::import(&manuscript()).unwrap();
    let [(french, fr), (english, en)]: [_; 2] = made.try_into().unwrap();
    assert_eq!([french, english], [content::name::FRENCH, content::name::ENGLISH]);
    [fr, en]
}

#[test]
fn a_manuscript_that_is_none_is_refused_with_its_line() {
    let whole = manuscript();
    let says = |manuscript: &Manuscript<'_>| content::import(manuscript).unwrap_err()[0].to_string();
    let text = "Un texte\n\nUn titre\n\n    ni l’un ni l’autre\n";
    let french = Manuscript { french: Source { text, ..whole.french }, ..whole };
    assert!(says(&french).starts_with("plan.fr.txt:5: neither a heading"));
    let english = Manuscript { english: Some(Source { name: "plan.en.txt", text: "" }), ..whole };
    assert!(says(&english).starts_with("plan.en.txt:1: the text is empty"));
    let about = Manuscript { about: Source { name: "plan.toml", text: "work = 1" }, ..whole };
    assert!(says(&about).starts_with("plan.toml:1: "));
    let names = Manuscript { names: Some(Source { name: "entities.toml", text: "\n[[entity]]\nid = 2" }), ..whole };
    assert!(says(&names).starts_with("entities.toml:3: "));
}

fn second_texts() -> [Document; 2] {
    second().map(|xml| akn::read(&xml).unwrap())
}

#[test]
fn another_text_is_read_like_ours() {
    let [fr, en] = second();
    let sources = [
        Source { name: "fra.xml", text: &fr },
        Source { name: "eng.xml", text: &en },
        Source { name: "gloss.toml", text: SECOND },
        Source { name: "synonyms.toml", text: include_str!("second-plan/synonyms.toml") },
    ];
    let content = content::read(&sources).unwrap().both().unwrap();
    let document = &content.documents.fr;
    assert_eq!((document.title.as_str(), document.measure_count()), ("Plan des archives ouvertes", 3));
    assert_eq!((document.paragraphs().count(), document.sentence_count()), (8, 10));
    assert_eq!(document.find("m2.1.s2").unwrap().label(Lang::Fr), "Action 2, § 1, phrase 2");
    assert_eq!(content.documents.en.find("p2.obj.1").unwrap().label(Lang::En), "Pillar 2, objective 1");
    assert_eq!(document.synonyms, [["scanner", "numérisera"]]);
    assert_eq!(content.gloss.commitments.len(), 6);

    let bare = content::read(&sources[..2]).unwrap().both().unwrap();
    assert_eq!(bare.gloss, Gloss::default());
    assert!(content::read(&sources[..1]).unwrap().both().is_none(), "one language is not both");
}

#[test]
fn texts_that_do_not_go_together_are_refused_with_their_line() {
    let [fr, en] = second();
    let told = |name: &str, text: &str| -> Vec<String> {
        let sources = [Source { name: "fra.xml", text: &fr }, Source { name, text }];
        content::read(&sources).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    };
    assert!(told("eng.xml", &en).is_empty());
    let line = |xml: &str, needle: &str| 1 + xml.lines().position(|line| line.contains(needle)).unwrap();
    for (name, text, says) in [
        ("other.xml", fr.clone(), format!("other.xml:{}: there is another text in fra", line(&fr, "FRBRlanguage"))),
        (
            "eng.xml",
            en.replace("m2.1.s2", "m2.1.s3"),
            format!("eng.xml:{}: m2.1.s3 stands where", line(&en, "m2.1.s2")),
        ),
        ("eng.xml", en.replace("open-archives/", "closed/"), format!("eng.xml:{}: this is", line(&en, "FRBRuri"))),
        ("eng.xml", en.replace("m2.1.s2", "m2.1.s1"), format!("eng.xml:{}: the address", line(&en, "m2.1.s1"))),
        ("eng.xml", en.replace("</mainBody>", ""), "eng.xml:".to_owned()),
        ("eng.xml", String::new(), "eng.xml:1: this is not".to_owned()),
        ("eng.xml", "<a/>".to_owned(), "eng.xml:1: something is missing".to_owned()),
        ("synonyms.toml", "fr = []\nen = 1".to_owned(), "synonyms.toml:2: ".to_owned()),
    ] {
        let told = told(name, &text);
        assert!(told.iter().any(|told| told.starts_with(&says)), "{says}: {told:#?}");
    }
}

#[test]
fn a_broken_gloss_of_each_kind_is_refused_with_its_line() {
    let texts = second_texts();
    assert_eq!(problems(SECOND, &texts), []);
    // What is changed, into what, which line of the change is named (from 0), and what is said.
    for (from, to, line, says) in [
        ("kind = \"body\"", "kind = \"god\"", 0, "unknown variant"),
        ("[[topic]]\nid", "[[topic]]\nname_ = 1\nid", 1, "unknown field"),
        ("[[topic]]", "[[topic]", 0, ""),
        ("[[work]]\nid = \"charter\"", "[[work]]\nid = \"Charter\"", 1, "no id"),
        ("id = \"secretariat\"", "id = \"members\"", 0, "another actor"),
        ("part_of = \"members\"", "part_of = \"league\"", 0, "no actor “league”"),
        ("part_of = \"members\"", "part_of = \"secretariat\"", 0, "part of itself"),
        ("[\"secrétariat\"]", "[\"secrétaria\"]", 0, "stands nowhere"),
        ("[\"secrétariat\"]", "[]", 0, "give the words that name it"),
        ("[\"secrétariat\"]", "[\"registres\", \"secrétariat\"]", 0, "longest first"),
        ("fr = \"Accès\"", "fr = \" \"", 0, "no words here"),
        ("meaning = { fr = \"Ce qu’un service d’archives conserve.\"", "meaning = { fr = \"\"", 0, "no words here"),
        ("at = \"m1.1.s1\"\nactors", "at = \"m1.1.s7\"\nactors", 0, "no “m1.1.s7” in the text"),
        ("at = \"m1.1.s1\"\nactors", "at = \"m1.1\"\nactors", 0, "no sentence"),
        ("id = \"m1.1.s2.c1\"", "id = \"m1.1.s2.c2\"", 0, "should be m1.1.s2.c1"),
        ("id = \"m2.1.s1.c1\"\nat = \"m2.1.s1\"", "id = \"m1.1.s1.c2\"\nat = \"m1.1.s1\"", 1, "reading order"),
        ("actors = [\"secretariat\"]", "actors = [\"nobody\"]", 0, "no actor “nobody”"),
        ("actors = [\"secretariat\"]", "actors = [\"secretariat\", \"secretariat\"]", 0, "named twice"),
        ("topics = [\"access\"]", "topics = [\"excess\"]", 0, "no topic “excess”"),
        ("\"sont invités à\"", "\"sont priés de\"", 0, "does not stand in m1.1.s2"),
        ("\"ouvriront\"", "{ text = \"ouvriront\", nth = 2 }", 0, "stands 1 times"),
        ("\"ouvriront\"", "{ text = \"ouvriront\", nth = 0 }", 0, "stands 1 times"),
        ("\"ouvriront\"", "3", 0, "expected words"),
        ("en = \"opening hours\"", "en = \"open hours\"", 0, "does not stand"),
        ("verb = { fr = \"ouvrir\"", "verb = { fr = \"\"", 0, "no words here"),
        ("at = \"preamble.1.s2\"", "at = \"preamble\"", 0, "no sentence"),
        ("of = [\"m1.1.s1.c1\"]", "of = [\"m1.1.s1.c9\"]", 0, "no commitment"),
        ("date = \"2019\"\nname", "date = \"2019-02-30\"\nname", 0, "no date"),
        ("[[event]]\nid = \"charter\"\ndate = \"2019\"", "[[event]]\nid = \"charter\"", 0, "either date or recurs"),
        (
            "[[event]]\nid = \"charter\"\ndate = \"2019\"",
            "[[event]]\nid = \"charter\"\ndate = \"2019\"\nrecurs = \"regularly\"",
            0,
            "either date or recurs",
        ),
        ("recurs = \"yearly\"", "date = \"2001\"", 0, "order of time"),
        ("said = [{ at = \"m3.1.s1\"", "said = [{ at = \"m3.1.s2\"", 0, "does not stand in m3.1.s2"),
        ("date = \"2019\"\n\n[[reference]]", "date = \"then\"\n\n[[reference]]", 0, "no date"),
        ("{ work = \"charter\" }", "{ work = \"letter\" }", 0, "no work “letter”"),
        ("{ place = \"m1\" }", "{ place = \"m9\" }", 0, "no “m9”"),
        ("to = [{ place = \"m1\" }]", "to = []", 0, "leads nowhere"),
        ("words = { fr = [\"#\", \"million\"]", "words = { fr = [\"#\", \"liste\"]", 0, "“liste” stands in m2.1.s2"),
        ("words = { fr = [\"#\", \"million\"]", "words = { fr = [\"#\", \"#\"]", 0, "looked for twice"),
        (
            "words = { fr = \"2019\", en = \"2019\" }",
            "words = { fr = \"Gand\", en = \"Ghent\" }",
            0,
            "no word that is looked",
        ),
        ("{ at = \"p1.obj\"", "{ at = \"p1.obj.1\"", 0, "no paragraph"),
        ("{ at = \"m1.1\"", "{ at = \"p1.obj\"", 0, "comes twice"),
    ] {
        let at = SECOND.find(from).unwrap_or_else(|| panic!("{from}"));
        let found = problems(&SECOND.replacen(from, to, 1), &texts);
        let expected = 1 + SECOND[..at].matches('\n').count() + line;
        let told = found.iter().any(|problem| problem.line == expected && problem.what.contains(says));
        assert!(told, "{from} → {to}: line {expected}, “{says}”: {found:#?}");
    }
}

#[test]
fn a_gloss_of_a_text_in_one_language_is_checked_in_that_one() {
    let [fr, en] = second_texts();
    let broken = SECOND.replacen("en = \"opening hours\"", "en = \"—\"", 1);
    assert!(gloss::check(&broken, &[&fr]).is_ok());
    assert!(gloss::check(&broken, &[&fr, &en]).is_err());
}

proptest! {
    #[test]
    fn any_file_is_checked_or_refused(file in "\\PC{0,200}") {
        drop(gloss::check(&file, &[]));
        drop(content::read(&[Source { name: "a.xml", text: &file }, Source { name: "synonyms.toml", text: &file }]));
    }

    #[test]
    fn a_damaged_gloss_is_checked_or_refused(at in 0usize..7_000, with in "[\\[\\]{}=\",.a-z0-9é\n]{0,8}", length in 0usize..60) {
        let floor = |mut at: usize| { while !SECOND.is_char_boundary(at) { at -= 1; } at };
        let from = floor(at.min(SECOND.len()));
        let to = floor((from + length).min(SECOND.len()));
        let file = format!("{}{with}{}", &SECOND[..from], &SECOND[to..]);
        let lines = file.lines().count() + 1;
        for problem in problems(&file, &second_texts()) {
            prop_assert!((1..=lines).contains(&problem.line), "{problem}");
        }
    }

    #[test]
    fn a_gloss_beside_any_text_is_checked(preface in "\\PC{0,20}", words in "\\PC{0,40}") {
        let source = format!("A{preface}\n\nB\n\n  1. {words}x\n");
        let profile = toml::from_str(include_str!("second-plan/plan.toml")).unwrap();
        if let Ok(document) = import::import(&source, Lang::Fr, &profile, &import::Names::default()) {
            drop(gloss::check(SECOND, &[&document]));
        }
    }
}
