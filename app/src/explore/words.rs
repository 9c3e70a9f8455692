//! The words of the views, in both languages. Only the server has them: it writes the pages.

use crate::{routes::View, words::words};
use plan::{
    Lang,
    gloss::{ActorKind, Facet, Key, Mark, Strength},
    quote::{By, Caution, Change, Refused, Typography, Verdict},
};

words! {
    /// Every fixed word of the views.
    pub struct Words;

    views: "Le plan exploré", "The plan explored";
    read: "Lire", "Read";
    register: "Registre", "Register";
    matrix: "Matrice", "Matrix";
    network: "Réseau", "Network";
    timeline: "Frise", "Timeline";
    silences: "Silences", "Silences";
    quote: "Citation", "Quotation";
    paths: "Parcours", "Paths";

    register_title: "Registre des engagements", "Register of commitments";
    register_lead: "Chaque promesse du plan dans sa phrase : qui s’engage, à quoi, avec quelle force, sous quelle réserve.",
        "Every promise of the plan in its sentence: who is committed, to what, how firmly, with which caveat.";
    matrix_title: "Matrice des acteurs et des mesures", "Matrix of actors and measures";
    matrix_lead: "Qui s’engage dans quelle mesure : dans chaque case, le verbe le plus ferme. Elle mène aux phrases.",
        "Who is committed in which measure: in each cell, the firmest verb. It leads to the sentences.";
    network_title: "Réseau des acteurs et des renvois", "Network of actors and references";
    network_lead: "Qui agit à quel endroit du texte, au profit de qui, et à quoi le texte renvoie.",
        "Who acts where in the text, for whom, and what the text refers to.";
    timeline_title: "Frise des dates et des rendez-vous", "Timeline of dates and recurring duties";
    timeline_lead: "Ce qui est arrivé et quand, ce qui revient, et où le texte le dit.",
        "What came and when, what comes back, and where the text says so.";
    silences_title: "Ce que le texte ne dit pas", "What the text does not say";
    silences_lead: "Ce qu’un lecteur chercherait, les mots essayés dans tout le texte, et ce qui s’y trouve à la place.",
        "What a reader would look for, the words tried all over the text, and what stands there instead.";
    quote_title: "Vérifier une citation", "Check a quotation";
    quote_lead: "Collez des mots prêtés au plan : sont-ils dans le texte, à la lettre, altérés, ou introuvables ?",
        "Paste words ascribed to the plan: do they stand in the text, to the letter, altered, or not at all?";
    paths_title: "Parcours de lecture", "Reading paths";
    paths_lead: "L’essentiel pour chaque lecteur : un choix de paragraphes, dans un ordre qui a sa raison.",
        "What matters for each reader: a choice of paragraphs, in an order that has its reason.";

    reading: "Lecture de la rédaction", "Editors’ reading";
    reading_text: "Le classement est celui de la rédaction du site ; les mots entre guillemets et les phrases sont ceux du texte.",
        "The classification is the site’s editors’; words in quotation marks and sentences are the text’s.";

    filter: "Filtrer", "Filter";
    filter_close: "Voir les résultats", "See the results";
    word: "Mot ou expression", "Word or expression";
    word_hint: "Sans accents s’il le faut, au singulier ou au pluriel", "Without accents if need be, singular or plural";
    all_shown: "Tout afficher", "Show everything";
    chosen: "Filtres choisis", "Filters chosen";
    remove: "Retirer le filtre :", "Remove the filter:";
    sort: "Trier par", "Sort by";
    who: "Qui s’engage", "Who is committed";
    strength: "Force", "Strength";
    place: "Passage", "Passage";
    what: "À quoi", "To what";
    serves: "Au profit de", "For the benefit of";
    topics: "Sujets", "Topics";
    nobody: "Personne n’est nommé", "Nobody is named";
    caveat: "Réserve", "Caveat";
    condition: "Condition", "Condition";
    note: "Remarque", "Remark";
    take: "Emporter ce qui est affiché", "Take what is shown";
    none: "Aucun engagement ne répond à ces critères.", "No commitment answers these criteria.";
    none_help: "Retirez l’un d’eux, ou repartez de tous les engagements :",
        "Remove one of them, or start from all commitments:";
    none_search: "Chercher ces mots dans tout le texte", "Look for these words in the whole text";

    legend: "Légende", "Legend";
    actor: "Acteur", "Actor";
    all_measures: "Tout le plan", "Whole plan";
    empty_cell: "aucun engagement", "no commitment";
    arrows: "Les flèches du clavier mènent d’une case à l’autre.", "Arrow keys lead from cell to cell.";

    drawing: "Dessin du réseau", "Drawing of the network";
    as_list: "Le même réseau en liste", "The same network as a list";
    acts: "Acteurs engagés", "Committed actors";
    text: "Le texte", "The text";
    spoken: "Bénéficiaires, nommés, documents", "Beneficiaries, named, documents";
    whole_network: "Voir tout le réseau", "See the whole network";
    part_of: "partie de", "part of";
    commits_in: "s’engage dans", "is committed in";
    committed_here: "Engagés ici", "Committed here";
    serves_here: "Au profit de", "For the benefit of";
    served_in: "bénéficiaire dans", "benefits in";
    names_here: "Nomme", "Names";
    named_in: "nommé dans", "named in";
    refers_to: "Renvoie à", "Refers to";
    referred_in: "cité par", "cited by";
    ambiguous: "renvoi ambigu", "ambiguous reference";
    read_here: "Lire ce passage", "Read this passage";
    see_commitments: "Voir ses engagements", "See its commitments";

    dated: "Daté", "Dated";
    recurring: "Ce qui revient", "What comes back";
    no_future: "Toutes ces dates sont passées quand le texte paraît.", "All these dates were past when the text appeared.";
    see_silences: "Voir ce que le texte ne dit pas", "See what the text does not say";
    preface: "Ligne de tête", "Opening line";

    tried: "Mots essayés", "Words tried";
    number: "tout nombre en chiffres", "any number in digits";
    times_none: "absent", "absent";
    found_instead: "Ce que ces mots trouvent, et pourquoi ce n’est pas une réponse",
        "What these words find, and why it is no answer";
    found_nothing: "Aucun de ces mots ne figure dans le texte.", "None of these words stands in the text.";
    not_explained: "La rédaction n’a pas encore lu ce passage sous cet angle.",
        "The editors have not yet read this passage from this angle.";
    verify: "Chaque mot essayé est un lien : vérifiez vous-même par la recherche.",
        "Each word tried is a link: verify it yourself with the search.";
    without_actor: "Des engagements sans acteur", "Commitments without an actor";
    without_actor_question: "Pour quels engagements le texte ne nomme-t-il personne ?",
        "For which commitments does the text name nobody?";
    without_actor_none: "Aucun : chaque engagement a son acteur.", "None: each commitment has its actor.";
    see_in_register: "Les voir dans le registre", "See them in the register";

    for_whom: "Pour qui", "For whom";
    why: "Pourquoi s’arrêter ici", "Why stop here";
    step_by_step: "Une étape à la fois", "One stop at a time";
    all_stops: "Toutes les étapes", "All stops";
    previous_stop: "Étape précédente", "Previous stop";
    next_stop: "Étape suivante", "Next stop";
    print: "Imprimer", "Print";
    quotation: "La citation à vérifier", "The quotation to check";
    quotation_hint: "Avec ou sans guillemets, en français ou en anglais, coupes comprises : […].",
        "With or without quotation marks, in French or in English, cuts included: […].";
    check: "Vérifier", "Check";
    examples: "Par exemple :", "For instance:";
    cautions: "À savoir avant de citer", "To know before quoting";
    comparison: "La citation, mot à mot", "The quotation, word by word";
    comparison_legend: "− barré : dans le texte, pas dans la citation. + souligné : dans la citation, pas dans le texte.",
        "− struck through: in the text, not in the quotation. + underlined: in the quotation, not in the text.";
    taken_away: "retiré :", "taken away:";
    put_in: "ajouté :", "put in:";
    differs_in: "Diffère par la typographie :", "Differs in typography:";
    original: "Ce que dit le texte", "What the text says";
    within: "La phrase du texte est plus longue que la citation.", "The text’s sentence is longer than the quotation.";
    nearest: "La phrase la plus proche", "The nearest sentence";
    cite: "Pour citer :", "To cite:";
    no_gloss: "La rédaction n’a pas encore lu ce texte sous cet angle.",
        "The editors have not yet read this text from this angle.";
}

impl Words {
    /// A view's name in the row of views, its title and what it is good for.
    pub(super) const fn view(&self, view: View) -> (&'static str, &'static str, &'static str) {
        match view {
            View::Register => (self.register, self.register_title, self.register_lead),
            View::Matrix => (self.matrix, self.matrix_title, self.matrix_lead),
            View::Network => (self.network, self.network_title, self.network_lead),
            View::Timeline => (self.timeline, self.timeline_title, self.timeline_lead),
            View::Silences => (self.silences, self.silences_title, self.silences_lead),
            View::Quote => (self.quote, self.quote_title, self.quote_lead),
            View::Paths => (self.paths, self.paths_title, self.paths_lead),
        }
    }

    /// A facet's name.
    pub(super) const fn facet(&self, facet: Facet) -> &'static str {
        match facet {
            Facet::Actor => self.who,
            Facet::Strength => self.strength,
            Facet::Measure => self.place,
            Facet::Beneficiary => self.serves,
            Facet::Caveat => self.caveat,
            Facet::Topic => self.topics,
        }
    }

    /// What rows are sorted by.
    pub(super) const fn key(&self, key: Key) -> &'static str {
        match key {
            Key::Text => self.place,
            Key::Actor => self.who,
            Key::Strength => self.strength,
            Key::Verb => self.what,
        }
    }

    /// What a mark in a sentence means; nothing where it needs no words.
    pub(super) const fn mark(&self, mark: &Mark<'_>) -> &'static str {
        match mark {
            Mark::Caveat => self.caveat,
            Mark::Condition => self.condition,
            _ => "",
        }
    }
}

/// What a strength means, in a sentence with the words of the text.
pub(super) const fn strength_means(strength: Strength, lang: Lang) -> &'static str {
    match (strength, lang) {
        (Strength::Must, Lang::Fr) => "Une obligation : « doivent ».",
        (Strength::Must, Lang::En) => "An obligation: “must”.",
        (Strength::Firm, Lang::Fr) => "Un futur simple, sans détour : « feront progresser ».",
        (Strength::Firm, Lang::En) => "A plain future, without detour: “will advance”.",
        (Strength::Continues, Lang::Fr) => "Ce qui se fait déjà se poursuit : « continueront ».",
        (Strength::Continues, Lang::En) => "What is already done goes on: “will continue”.",
        (Strength::Explores, Lang::Fr) => "On examine, sans promettre le résultat : « étudieront ».",
        (Strength::Explores, Lang::En) => "It is looked into, the outcome is not promised: “will explore”.",
        (Strength::Invited, Lang::Fr) => "Une invitation : « sont invités à ».",
        (Strength::Invited, Lang::En) => "An invitation: “are invited to”.",
        (Strength::Encouraged, Lang::Fr) => "Un encouragement : « sont encouragés à ».",
        (Strength::Encouraged, Lang::En) => "An encouragement: “are encouraged to”.",
    }
}

/// What kind of actor it is.
pub(super) const fn kind(kind: ActorKind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (ActorKind::Alliance, Lang::Fr) => "l’Alliance",
        (ActorKind::Alliance, Lang::En) => "the Alliance",
        (ActorKind::Members, Lang::Fr) => "ses membres",
        (ActorKind::Members, Lang::En) => "its members",
        (ActorKind::Body, Lang::Fr) => "organe de l’Alliance",
        (ActorKind::Body, Lang::En) => "body of the Alliance",
        (ActorKind::State, Lang::Fr) => "État",
        (ActorKind::State, Lang::En) => "state",
        (ActorKind::Organisation, Lang::Fr) => "autre organisation",
        (ActorKind::Organisation, Lang::En) => "other organisation",
        (ActorKind::Sector, Lang::Fr) => "secteur",
        (ActorKind::Sector, Lang::En) => "sector",
        (ActorKind::Adversary, Lang::Fr) => "adversaire",
        (ActorKind::Adversary, Lang::En) => "adversary",
    }
}

/// So many commitments.
pub(super) fn commitments(lang: Lang, count: usize) -> String {
    match (count, lang) {
        (0, Lang::Fr) => "Aucun engagement".to_owned(),
        (1, Lang::Fr) => "1 engagement".to_owned(),
        (n, Lang::Fr) => format!("{n} engagements"),
        (0, Lang::En) => "No commitments".to_owned(),
        (1, Lang::En) => "1 commitment".to_owned(),
        (n, Lang::En) => format!("{n} commitments"),
    }
}

/// So many of so many commitments.
pub(super) fn of(lang: Lang, shown: usize, all: usize) -> String {
    let shown_words = commitments(lang, shown);
    match lang {
        _ if shown == all => shown_words,
        Lang::Fr => format!("{shown_words} sur {all}"),
        Lang::En => format!("{shown_words} of {all}"),
    }
}

/// How often words stand in the text.
pub(super) fn times(lang: Lang, count: usize) -> String {
    match (count, lang) {
        (0, _) => Words::of(lang).times_none.to_owned(),
        (n, Lang::Fr) => format!("{n} fois"),
        (1, Lang::En) => "once".to_owned(),
        (n, Lang::En) => format!("{n} times"),
    }
}

/// How many stops, words and minutes a path has.
pub(super) fn length(lang: Lang, stops: usize, minutes: usize) -> String {
    match lang {
        Lang::Fr => format!("{stops} étape{}, environ {minutes} min de lecture", if stops > 1 { "s" } else { "" }),
        Lang::En => format!("{stops} stop{}, about {minutes} min to read", if stops > 1 { "s" } else { "" }),
    }
}

/// Which stop of how many.
pub(super) fn stop(lang: Lang, nth: usize, of: usize) -> String {
    match lang {
        Lang::Fr => format!("Étape {nth} sur {of}"),
        Lang::En => format!("Stop {nth} of {of}"),
    }
}

/// At which rate times are counted, and who says so.
pub(super) fn rate(lang: Lang, words: usize) -> String {
    match lang {
        Lang::Fr => format!(
            "Durées comptées à {words} mots par minute, la moyenne mesurée d’adultes lisant à voix haute en français \
             (Trauzettel-Klosinski et Dietz, IReST, 2012)."
        ),
        Lang::En => format!(
            "Times are counted at {words} words a minute, the mean measured of adults reading aloud in English \
             (Trauzettel-Klosinski and Dietz, IReST, 2012)."
        ),
    }
}

/// A value after its name.
pub(super) fn labelled(lang: Lang, name: &str, value: &str) -> String {
    match lang {
        Lang::Fr => format!("{name}\u{a0}: {value}"),
        Lang::En => format!("{name}: {value}"),
    }
}

/// Words in the quotation marks of the language.
pub(super) fn quoted(lang: Lang, words: &str) -> String {
    match lang {
        Lang::Fr => format!("«\u{a0}{words}\u{a0}»"),
        Lang::En => format!("“{words}”"),
    }
}

/// A verdict: its sign, its name, what it means.
pub(super) const fn outcome(lang: Lang, verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match (verdict, lang) {
        (Verdict::Exact, Lang::Fr) => ("✓", "À la lettre", "Le texte porte exactement ces mots."),
        (Verdict::Exact, Lang::En) => ("✓", "To the letter", "The text has exactly these words."),
        (Verdict::Typography, Lang::Fr) => (
            "✓",
            "À la lettre, à la typographie près",
            "Tous les mots y sont ; seuls des signes d’imprimerie diffèrent.",
        ),
        (Verdict::Typography, Lang::En) => {
            ("✓", "To the letter, but for typography", "Every word is there; only printers’ marks differ.")
        }
        (Verdict::Marked, Lang::Fr) => (
            "…",
            "Coupée ou complétée, et le dit",
            "Les mots sont ceux du texte ; des points ou des crochets signalent le reste.",
        ),
        (Verdict::Marked, Lang::En) => {
            ("…", "Cut or completed, and says so", "The words are the text’s; dots or brackets say what is not.")
        }
        (Verdict::Altered, Lang::Fr) => {
            ("×", "Altérée", "Un passage s’en approche, mais la citation en change les mots sans le dire.")
        }
        (Verdict::Altered, Lang::En) => {
            ("×", "Altered", "A passage comes near, but the quotation changes its words without saying so.")
        }
        (Verdict::NotFound, Lang::Fr) => {
            ("×", "Introuvable", "Aucun passage du texte ne dit cela, ni rien d’approchant.")
        }
        (Verdict::NotFound, Lang::En) => ("×", "Not found", "No passage of the text says this, nor anything near it."),
    }
}

/// Why something cannot be checked.
pub(super) fn refusal(lang: Lang, refused: Refused) -> String {
    match (refused, lang) {
        (Refused::Empty | Refused::NoWords, Lang::Fr) => "Il n’y a pas de mot à vérifier.".to_owned(),
        (Refused::Empty | Refused::NoWords, Lang::En) => "There is no word to check.".to_owned(),
        (Refused::TooShort, Lang::Fr) => {
            "C’est trop court : ces mots figurent en bien des endroits. Ajoutez-en quelques-uns.".to_owned()
        }
        (Refused::TooShort, Lang::En) => {
            "This is too short: these words stand in many places. Add a few more.".to_owned()
        }
        (Refused::TooLong { characters }, Lang::Fr) => {
            format!("C’est trop long : {characters} caractères. Vérifiez un passage à la fois.")
        }
        (Refused::TooLong { characters }, Lang::En) => {
            format!("This is too long: {characters} characters. Check one passage at a time.")
        }
        (Refused::TooManyMarks { marks }, Lang::Fr) => {
            format!("Il y a trop de coupes ({marks}). Vérifiez un passage à la fois.")
        }
        (Refused::TooManyMarks { marks }, Lang::En) => {
            format!("There are too many cuts ({marks}). Check one passage at a time.")
        }
    }
}

/// In how many places a quotation stands.
pub(super) fn places(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Fr => format!("À {count} endroits."),
        Lang::En => format!("In {count} places."),
    }
}

/// How much of the words is the same.
pub(super) fn share(lang: Lang, percent: u8) -> String {
    match lang {
        Lang::Fr => format!("Mots en commun : {percent}\u{a0}%."),
        Lang::En => format!("Words in common: {percent}%."),
    }
}

/// A kind of typography.
pub(super) const fn typography(lang: Lang, kind: Typography) -> &'static str {
    let (fr, en) = match kind {
        Typography::Apostrophes => ("apostrophes", "apostrophes"),
        Typography::QuotationMarks => ("guillemets", "quotation marks"),
        Typography::Spaces => ("espaces", "spaces"),
        Typography::LineBreaks => ("retours à la ligne", "line breaks"),
        Typography::Dashes => ("tirets", "dashes"),
        Typography::Invisible => ("caractères invisibles", "invisible characters"),
        Typography::Letters => ("lettres liées ou composées", "ligatures and composed letters"),
        Typography::CapitalAccents => ("accents sur les capitales", "accents on capitals"),
        Typography::FirstLetter => ("capitale initiale", "first capital"),
        Typography::BracketedLetter => ("lettre entre crochets", "letter in brackets"),
        Typography::Hyphenation => ("mot coupé en fin de ligne", "word divided at the end of a line"),
        Typography::Numbering => ("numéros de paragraphe", "paragraph numbers"),
        Typography::EndMark => ("ponctuation finale", "final punctuation"),
    };
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// Something to know before quoting.
pub(super) fn caution(lang: Lang, caution: &Caution) -> String {
    match caution {
        Caution::Caveat { by, phrase, .. } => {
            let phrase = quoted(lang, phrase);
            match lang {
                Lang::Fr => format!("La phrase porte une réserve qui manque ici : {phrase} ({}).", by_what(lang, *by)),
                Lang::En => {
                    format!("The sentence has a caveat that is missing here: {phrase} ({}).", by_what(lang, *by))
                }
            }
        }
        Caution::Negation(change) => match lang {
            Lang::Fr => format!("Une négation a changé : {}.", changed(lang, change)),
            Lang::En => format!("A negation has changed: {}.", changed(lang, change)),
        },
        Caution::Strength(change) => match lang {
            Lang::Fr => format!("La force de l’engagement a changé : {}.", changed(lang, change)),
            Lang::En => format!("The strength of the commitment has changed: {}.", changed(lang, change)),
        },
        Caution::Number(change) => match lang {
            Lang::Fr => format!("Un nombre a changé : {}.", changed(lang, change)),
            Lang::En => format!("A number has changed: {}.", changed(lang, change)),
        },
    }
}

const fn by_what(lang: Lang, by: By) -> &'static str {
    match (by, lang) {
        (By::Ellipsis, Lang::Fr) => "les points de suspension l’ont emportée",
        (By::Ellipsis, Lang::En) => "the ellipsis took it away",
        (By::Insertion, Lang::Fr) => "des crochets la remplacent",
        (By::Insertion, Lang::En) => "brackets replace it",
        (By::Change, Lang::Fr) => "retirée sans le dire",
        (By::Change, Lang::En) => "removed without saying so",
        (By::Cut, Lang::Fr) => "la citation s’arrête avant, ou commence après",
        (By::Cut, Lang::En) => "the quotation ends before it, or begins after it",
    }
}

fn changed(lang: Lang, Change { original, quoted: put, .. }: &Change) -> String {
    match (original.is_empty(), put.is_empty(), lang) {
        (true, _, Lang::Fr) => format!("{} est ajouté", quoted(lang, put)),
        (true, _, Lang::En) => format!("{} is put in", quoted(lang, put)),
        (_, true, Lang::Fr) => format!("{} est retiré", quoted(lang, original)),
        (_, true, Lang::En) => format!("{} is taken away", quoted(lang, original)),
        (_, _, Lang::Fr) => format!("le texte dit {}, la citation {}", quoted(lang, original), quoted(lang, put)),
        (_, _, Lang::En) => format!("the text says {}, the quotation {}", quoted(lang, original), quoted(lang, put)),
    }
}

/// What follows the words in a citation: title, date, place, address.
pub(super) fn address(title: &str, date: &str, place: &str, url: &str) -> String {
    format!("{title}, {date}, {place}, {url}")
}
