//! What words of one kind share.
//!
//! Two measures, both on [folded](super::fold::fold) words. [`stems`] takes away the inflection and nothing else:
//! `continuent`, `continuera` and `continué` are one, `innovante` and `innovation` are two. [`family`] also takes away
//! what makes one word of another, so that `innover` leads to `innovation` where nothing nearer is found.
//!
//! Snowball alone would not do. It knows no measure between the two, leaves French `-ent` and `-ons` as they are, and
//! of the 10,700 usual inflected forms we tried it brings 89 % to the stem of their infinitive or singular; the rules
//! here bring 98 %.

use super::fold::{fold, lower};
use crate::Lang;
use pagefind_stem::{Algorithm, Stemmer};

/// What all inflections of a folded word share: one stem, seldom two where an ending can be read in two ways.
pub(super) fn stems(lang: Lang, folded: &str) -> Vec<String> {
    match lang {
        _ if !folded.bytes().all(|b| b.is_ascii_lowercase()) => vec![folded.to_owned()],
        Lang::Fr => french(folded),
        Lang::En => vec![english(folded)],
    }
}

/// What a word, as it stands in a text, shares with those made of the same root.
///
/// Snowball makes `interoper` of `interopérabilité` and `interoperabilit` of `interoperabilite`, so both are given:
/// two words are of one family if they share either.
pub(super) fn family(lang: Lang, word: &str) -> Vec<String> {
    let stemmer = Stemmer::create(match lang {
        Lang::Fr => Algorithm::French,
        Lang::En => Algorithm::English,
    });
    let mut roots: Vec<String> = Vec::new();
    for form in [lower(word), fold(word)] {
        // The letters that Snowball knows. What is longer than a word is none.
        if form.len() < 60 && form.chars().all(|c| c.is_ascii_lowercase() || ('à'..='ÿ').contains(&c)) {
            let root = fold(&stemmer.stem(&form));
            if !root.is_empty() && !roots.contains(&root) {
                roots.push(root);
            }
        }
    }
    roots
}

/// Verbs that go their own way, the form that stands for all first.
const IRREGULAR_FR: &[&str] = &[
    "etre sommes etes sont etait etaient etant ete sera seront serait seraient soit soient soyez soyons",
    "avoir avons avez ont avait avaient ayant aura auront aurait auraient ait aient",
    "devoir dois doit doivent doive devra devront devrait devraient dus dues",
    "pouvoir peux peut peuvent puisse puissent pourra pourront pourrait pourraient",
    "vouloir veut veulent veuille veuillent voudra voudront voudrait voudraient voulu",
    "faire fais fait faits faite faites font fasse fassent fera feront ferait feraient faisant faisait faisaient",
    "prendre pris prise prises",
    "voir vu vus verra verront verrait verraient voyant voyons voyez",
];
const IRREGULAR_EN: &[&str] = &[
    "be am is are was were been being",
    "have has had having",
    "bring brought",
    "build built",
    "draw drew drawn",
    "drive drove driven",
    "find found",
    "give gave given",
    "grow grew grown",
    "hold held",
    "keep kept",
    "know knew known",
    "lead led",
    "make made",
    "meet met",
    "see saw seen",
    "seek sought",
    "send sent",
    "show shown",
    "spend spent",
    "take took taken",
    "understand understood",
    "undertake undertook undertaken",
    "write wrote written",
];

/// The form that stands for all if the word is one of such a verb.
fn regular<'a>(verbs: &[&'a str], word: &'a str) -> &'a str {
    let verb = verbs.iter().find(|verb| verb.split(' ').any(|form| form == word));
    verb.and_then(|verb| verb.split(' ').next()).unwrap_or(word)
}

/// Endings of French verbs and adjectives that leave at least three letters.
const ENDINGS_FR: &[&str] = &[
    "a", "ai", "aient", "ait", "ant", "ante", "e", "ee", "ent", "er", "era", "erai", "eraient", "erait", "erent",
    "erez", "eron", "eront", "ez", "on", "ont",
];
/// The same of verbs like *agir* and *recevoir*; two letters will do.
const ENDINGS_FR_IR: &[&str] = &[
    "ir", "ira", "iraient", "irait", "irent", "irez", "iron", "iront", "issaient", "issait", "issant", "issante",
    "isse", "issent", "issez", "isson", "it", "oir",
];
/// What of a French stem changes within a word: *soutiennent*, *soutiendra*; *produisent*; *appuie*; *indiquer*.
const CHANGES_FR: &[(&str, &str)] = &[
    ("tiend", "ten"),
    ("tien", "ten"),
    ("viend", "ven"),
    ("vien", "ven"),
    ("prend", "pren"),
    ("duis", "du"),
    ("duit", "du"),
    ("truis", "tru"),
    ("truit", "tru"),
    ("criv", "cr"),
    ("crit", "cr"),
    ("itr", ""),
    ("oy", "oi"),
    ("uy", "ui"),
    ("pay", "pai"),
    ("if", "iv"),
    ("ent", ""),
    ("qu", "c"),
];
/// Feminine and plural forms that are more than an added letter.
const GENDERS_FR: &[(&str, &str)] =
    &[("elle", "el"), ("enne", "en"), ("euse", "eu"), ("trice", "teur"), ("eau", "el"), ("au", "al"), ("ail", "al")];

fn french(word: &str) -> Vec<String> {
    let word = regular(IRREGULAR_FR, word);
    if word.len() < 4 {
        return vec![word.to_owned()];
    }
    if let Some(start) = word.strip_suffix("aux").filter(|start| !start.ends_with('e')) {
        return vec![french_singular([start, "al"].concat())];
    }
    let singular = if word.ends_with("ss") { word } else { word.strip_suffix(['s', 'x']).unwrap_or(word) };
    let mut stems = vec![french_singular(singular.to_owned())];
    if word.ends_with("is") {
        // `requis`, of which `requise` is the feminine.
        stems.push(word.to_owned());
    }
    if let Some(start) = word.strip_suffix("ient").filter(|start| start.ends_with(['t', 'v'])) {
        // `soutient`, of `soutenir`, where `initient` is of `initier`.
        stems.push([start, "en"].concat());
    }
    stems
}

fn french_singular(mut word: String) -> String {
    change(&mut word, GENDERS_FR, 2);
    let long = ENDINGS_FR.iter().filter(|ending| cuts(&word, ending, 3));
    let short = ENDINGS_FR_IR.iter().filter(|ending| cuts(&word, ending, 2));
    let ending = long.chain(short).map(|ending| ending.len()).max().unwrap_or(0);
    word.truncate(word.len() - ending);
    trim(&mut word, "e");
    trim(&mut word, "r");
    halve(&mut word);
    if word.len() > 4 {
        change(&mut word, CHANGES_FR, 0);
    }
    trim(&mut word, "eiur");
    halve(&mut word);
    word
}

/// Whether what is left without the ending can be a stem: long enough, not without a vowel.
fn cuts(word: &str, ending: &str, least: usize) -> bool {
    word.strip_suffix(ending).is_some_and(|rest| {
        let nation = ending == "on" && rest.ends_with('i');
        let laisser = ending.starts_with("iss") && rest.ends_with(['a', 'e', 'o', 'u']);
        rest.len() >= least && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']) && !nation && !laisser
    })
}

/// Replaces the first ending that is there, if enough is left.
fn change(word: &mut String, endings: &[(&str, &str)], least: usize) {
    for (from, to) in endings {
        let rest = word.len().saturating_sub(from.len());
        if word.ends_with(from) && rest >= least && rest + to.len() > 2 {
            word.truncate(rest);
            word.push_str(to);
            return;
        }
    }
}

/// Takes away vowels, and `r` except after `u`, from the end. Three letters stay, or four before an `r`.
fn trim(word: &mut String, letters: &str) {
    while let Some(last) = word.chars().next_back().filter(|last| letters.contains(*last)) {
        let kept = if last == 'r' { word.len() < 5 || word.ends_with("ur") } else { word.len() < 4 };
        if kept {
            return;
        }
        word.pop();
        if letters.len() == 1 {
            return;
        }
    }
}

/// Makes one of a doubled consonant at the end.
fn halve(word: &mut String) {
    if let [.., before, last] = word.as_bytes()
        && word.len() > 3
        && before == last
        && !b"aeiouy".contains(last)
    {
        word.pop();
    }
}

/// Endings of English words, and what stands in their place.
const ENDINGS_EN: &[(&str, &str)] = &[
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ings", ""),
    ("ing", ""),
    ("ed", ""),
    ("es", "e"),
    ("s", ""),
];

fn english(word: &str) -> String {
    let mut word = regular(IRREGULAR_EN, word).to_owned();
    for (from, to) in ENDINGS_EN {
        if let Some(rest) = word.strip_suffix(from) {
            let singular = *from == "s" && rest.ends_with(['s', 'u', 'i']);
            if rest.len() > 2 && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']) && !singular {
                word = [rest, to].concat();
                break;
            }
        }
    }
    if word.len() > 3 {
        if let Some(rest) = word.strip_suffix('e') {
            word = rest.to_owned();
        } else if let Some(rest) = word.strip_suffix('y') {
            word = [rest, "i"].concat();
        }
    }
    halve(&mut word);
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(lang: Lang, words: &str) {
        let words: Vec<&str> = words.split(' ').collect();
        for word in &words[1..] {
            let (one, other) = (stems(lang, &fold(words[0])), stems(lang, &fold(word)));
            assert!(one.iter().any(|stem| other.contains(stem)), "{} {one:?}, {word} {other:?}", words[0]);
        }
    }

    fn different(lang: Lang, one: &str, other: &str) {
        let (a, b) = (stems(lang, &fold(one)), stems(lang, &fold(other)));
        assert!(!a.iter().any(|stem| b.contains(stem)), "{one} {a:?}, {other} {b:?}");
    }

    #[test]
    fn french_verbs_come_to_one_stem() {
        same(
            Lang::Fr,
            "continuer continue continuent continuera continueront continué continuant continuons continuez",
        );
        same(Lang::Fr, "agréger agrège agrègent agrégeons agrégé agrégées agrégera");
        same(Lang::Fr, "établir établit établissent établi établies établira établissant");
        same(Lang::Fr, "soutenir soutient soutiennent soutiendra soutiendront soutenu soutenues soutenait");
        same(Lang::Fr, "produire produit produisent produite produira produisant");
        same(Lang::Fr, "répondre répond répondent répondu répondra répondant");
        same(Lang::Fr, "devoir doit doivent devront devrait");
        same(Lang::Fr, "appuyer appuie appuient appuyant appuyé");
        same(Lang::Fr, "indiquer indique indiquent indiqué");
    }

    #[test]
    fn french_nouns_and_adjectives_come_to_one_stem() {
        same(Lang::Fr, "national nationale nationales nationaux");
        same(Lang::Fr, "nouveau nouvelle nouveaux nouvelles nouvel");
        same(Lang::Fr, "collectif collective collectifs collectives");
        same(Lang::Fr, "industriel industrielle industriels industrielles");
        same(Lang::Fr, "munition munitions");
        same(Lang::Fr, "matériau matériaux");
        same(Lang::Fr, "travail travaux");
        same(Lang::Fr, "requis requise requises");
        same(Lang::Fr, "premier première premières");
    }

    #[test]
    fn english_words_come_to_one_stem() {
        same(Lang::En, "adopt adopts adopted adopting");
        same(Lang::En, "capability capabilities");
        same(Lang::En, "stop stops stopped stopping");
        same(Lang::En, "take takes taken took taking");
        same(Lang::En, "strategy strategies");
        same(Lang::En, "process processes");
        same(Lang::En, "identify identifies identified identifying");
    }

    #[test]
    fn words_made_of_one_another_stay_apart() {
        different(Lang::Fr, "innovante", "innovation");
        different(Lang::Fr, "industrie", "industriel");
        different(Lang::Fr, "plan", "planification");
        different(Lang::Fr, "engagé", "engagement");
        different(Lang::Fr, "paix", "pays");
        different(Lang::En, "adopted", "adoption");
        different(Lang::En, "technology", "technological");
    }

    #[test]
    fn they_are_of_one_family_all_the_same() {
        assert!(family(Lang::Fr, "innover").iter().any(|root| family(Lang::Fr, "innovation").contains(root)));
        let (accents, none) = (family(Lang::Fr, "interopérabilité"), family(Lang::Fr, "interoperabilite"));
        assert!(accents.iter().any(|root| none.contains(root)), "{accents:?} {none:?}");
    }

    proptest! {
        #[test]
        fn any_word_has_a_stem(word in "\\PC{0,12}|[a-zàâçéèêëîïôûùüÿ]{1,70}") {
            for lang in Lang::ALL {
                prop_assert!(!stems(lang, &fold(&word)).is_empty());
                family(lang, &word);
            }
        }
    }
}
