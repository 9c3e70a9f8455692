//! A small text with a gloss, for tests: two measures, three commitments.

use super::Gloss;
use crate::{Body, Document, Lang, Measure, Paragraph, Run, Section, SectionKind, Sentence, Text};

fn text(plain: &str) -> Text {
    Text { runs: vec![Run { text: plain.to_owned(), names: None, lang: None }] }
}

fn paragraph(slug: &str, number: u16, sentences: &[&str]) -> Paragraph {
    let sentence = |(nth, plain): (usize, &&str)| Sentence {
        slug: format!("{slug}.s{}", nth + 1),
        text: text(plain),
        gap: if nth + 1 < sentences.len() { " ".to_owned() } else { String::new() },
    };
    let body = Body::Prose(sentences.iter().enumerate().map(sentence).collect());
    Paragraph { slug: slug.to_owned(), number, printed: "1.".to_owned(), eid: slug.to_owned(), body }
}

/// The text.
pub(super) fn document(lang: Lang) -> Document {
    let say = |fr: &'static str, en: &'static str| if lang == Lang::Fr { fr } else { en };
    let measure = |number: u16, paragraphs| Measure {
        slug: format!("m{number}"),
        number,
        heading: text(say("Mesure : agir", "Measure: act")),
        paragraphs,
    };
    let first = [
        say(
            "Les Alliés doivent, le cas échéant, livrer des munitions.",
            "Allies must, where needed, deliver munitions.",
        ),
        say("L’Ukraine s’en réjouit, comme en 2023.", "Ukraine is glad, as in 2023."),
    ];
    let second = [
        say("L’OTAN et les Alliés étudieront la norme.", "NATO and the Allies will look at the standard."),
        say("Un bilan sera dressé chaque année.", "A review will be made every year."),
    ];
    Document {
        lang,
        title: "Plan".to_owned(),
        preface: text(say("13 février 2025", "13 February 2025")),
        work: "/akn/test".to_owned(),
        date: "2025-02-13".to_owned(),
        sha256: String::new(),
        sections: vec![Section {
            slug: "p1".to_owned(),
            kind: SectionKind::Pillar(1),
            heading: text(say("Agir", "Acting")),
            paragraphs: Vec::new(),
            measures: vec![
                measure(1, vec![paragraph("m1.1", 1, &first)]),
                measure(2, vec![paragraph("m2.1", 2, &second)]),
            ],
        }],
        entities: Vec::new(),
        synonyms: Vec::new(),
    }
}

/// What there is to say about it.
pub(super) fn gloss() -> Gloss {
    toml::from_str(GLOSS).unwrap()
}

const GLOSS: &str = r##"
[[actor]]
id = "nato"
kind = "alliance"
name = { fr = "OTAN", en = "NATO" }
forms = { fr = ["OTAN"], en = ["NATO"] }

[[actor]]
id = "allies"
kind = "members"
part_of = "nato"
name = { fr = "Alliés", en = "Allies" }
forms = { fr = ["Les Alliés", "les Alliés"], en = ["Allies"] }

[[actor]]
id = "ukraine"
kind = "state"
name = { fr = "Ukraine", en = "Ukraine" }
forms = { fr = ["Ukraine"], en = ["Ukraine"] }

[[topic]]
id = "munitions"
name = { fr = "Munitions", en = "Munitions" }

[[commitment]]
id = "m1.1.s1.c1"
at = "m1.1.s1"
actors = ["allies"]
strength = "must"
trigger = { fr = "doivent", en = "must" }
verb = { fr = "livrer", en = "deliver" }
object = { fr = "des munitions", en = "munitions" }
beneficiaries = ["ukraine"]
topics = ["munitions"]

[[commitment]]
id = "m2.1.s1.c1"
at = "m2.1.s1"
actors = ["nato", "allies"]
strength = "explores"
trigger = { fr = "étudieront", en = "will look at" }
verb = { fr = "étudier", en = "look at" }
object = { fr = "la norme", en = "the standard" }
topics = []

[[commitment]]
id = "m2.1.s2.c1"
at = "m2.1.s2"
strength = "firm"
trigger = { fr = "sera dressé", en = "will be made" }
verb = { fr = "dresser", en = "make" }
object = { fr = "Un bilan", en = "A review" }
topics = []
note = { fr = "Voix passive, « par qui ? »", en = "Passive voice, \"by whom?\"" }

[[qualifier]]
kind = "caveat"
at = "m1.1.s1"
words = { fr = "le cas échéant", en = "where needed" }
of = ["m1.1.s1.c1"]

[[event]]
id = "review"
recurs = "yearly"
name = { fr = "Bilan", en = "Review" }
said = [{ at = "m2.1.s2", words = { fr = "chaque année", en = "every year" } }]

[[event]]
id = "this"
date = "2025-02-13"
name = { fr = "Ce texte", en = "This text" }
said = [{ at = "preface", words = { fr = "13 février 2025", en = "13 February 2025" } }]

[[event]]
id = "before"
date = "2023"
name = { fr = "Réjouissances", en = "Joy" }
said = [{ at = "m1.1.s2", words = { fr = "2023", en = "2023" } }]

[[work]]
id = "norm"
name = { fr = "La norme", en = "The standard" }
about = { fr = "Une norme", en = "A standard" }

[[reference]]
at = "m2.1.s1"
words = { fr = "la norme", en = "the standard" }
to = [{ work = "norm" }, { place = "m1.1" }]

[[probe]]
id = "deadlines"
name = { fr = "Des échéances", en = "Deadlines" }
question = { fr = "Quand ?", en = "When?" }
words = { fr = ["#", "au plus tard", "échéant"], en = ["#", "deadline", "needed"] }
explained = [
    { at = "m1.1.s2", words = { fr = "en 2023", en = "in 2023" }, why = { fr = "Du passé", en = "Past" } },
]

[[path]]
id = "press"
name = { fr = "Presse", en = "Press" }
intro = { fr = "Court", en = "Short" }
stops = [
    { at = "m2.1", why = { fr = "La norme", en = "The standard" } },
    { at = "m1.1", why = { fr = "Les munitions", en = "The munitions" } },
]
"##;
