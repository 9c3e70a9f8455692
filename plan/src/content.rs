//! A text as it is kept in files: Akoma Ntoso in each language, the editors' gloss, the words that stand for one
//! another in a search. The product comes with one; [`read`] takes any other.

use crate::{
    Document, Lang, akn,
    gloss::{self, Both, Gloss},
    import,
};
use serde::{Deserialize, de::DeserializeOwned};

const FRENCH: &str = include_str!("../content/fra.xml");
const ENGLISH: &str = include_str!("../content/eng.xml");
const GLOSS: &str = include_str!("../content/gloss.toml");
const SYNONYMS: &str = include_str!("../content/synonyms.toml");

/// The names of the files in a folder that holds a text.
pub mod name {
    /// The text in French. It must be there.
    pub const FRENCH: &str = "fra.xml";
    /// The text in English. It must be there before the text can be published.
    pub const ENGLISH: &str = "eng.xml";
    /// The editors' reading.
    pub const GLOSS: &str = "gloss.toml";
    /// Words that stand for one another in a search.
    pub const SYNONYMS: &str = "synonyms.toml";
    /// All of them.
    pub const ALL: [&str; 4] = [FRENCH, ENGLISH, GLOSS, SYNONYMS];
}

/// A text in both languages, with what the editors say of it.
#[derive(Clone, Debug)]
pub struct Content {
    /// The text.
    pub documents: Both<Document>,
    /// Empty where there is none.
    pub gloss: Gloss,
}

/// A file, under the name by which problems call it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its end tells what it is: `.xml` a text, `synonyms.toml` synonyms, any other a gloss.
    pub name: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// What is wrong in a file, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{problem}")]
pub struct Problem {
    /// The [`Source`]'s name.
    pub file: String,
    /// Where in it, and what.
    pub problem: gloss::Problem,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Synonyms {
    fr: Vec<Vec<String>>,
    en: Vec<Vec<String>>,
}

/// What could be read.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The text, with its synonyms: in one language or both, in the order of the files.
    pub documents: Vec<Document>,
    /// Its gloss, if it has one.
    pub gloss: Option<Gloss>,
}

/// Reads the files of one text and holds them against each other.
///
/// # Errors
/// Everything that is wrong in them, file by file.
pub fn read(sources: &[Source<'_>]) -> Result<Found, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut found = Found::default();
    let mut fault = |file: &str, line: usize, what: String| {
        problems.push(Problem { file: file.to_owned(), problem: gloss::Problem { line: line.max(1), what } });
    };
    for &Source { name, text } in sources.iter().filter(|source| is_text(source.name)) {
        match akn::read(text) {
            Err(error) => fault(name, error.line(), error.what()),
            Ok(document) => {
                for (line, what) in beside(&found.documents, &document, text) {
                    fault(name, line, what);
                }
                found.documents.push(document);
            }
        }
    }
    let texts: Vec<&Document> = found.documents.iter().collect();
    let mut synonyms = Synonyms::default();
    for &Source { name, text } in sources.iter().filter(|source| !is_text(source.name)) {
        if name.ends_with(name::SYNONYMS) {
            match toml::from_str::<Synonyms>(text).map_err(|error| gloss::toml_problem(text, &error)) {
                Err(gloss::Problem { line, what }) => fault(name, line, what),
                Ok(read) => synonyms = read,
            }
        } else {
            match gloss::check(text, &texts) {
                Err(problems) => problems.into_iter().for_each(|problem| fault(name, problem.line, problem.what)),
                Ok(_) if found.gloss.is_some() => fault(name, 1, "a text has one gloss: give one".to_owned()),
                Ok(gloss) => found.gloss = Some(gloss),
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    for document in &mut found.documents {
        document.synonyms = match document.lang {
            Lang::Fr => synonyms.fr.clone(),
            Lang::En => synonyms.en.clone(),
        };
    }
    Ok(found)
}

/// A numbered text, to be made into Akoma Ntoso.
#[derive(Clone, Copy, Debug)]
pub struct Manuscript<'a> {
    /// The text in French.
    pub french: Source<'a>,
    /// The text in English, sentence by sentence the same.
    pub english: Option<Source<'a>>,
    /// What the text does not say of itself: an [`import::Profile`] in TOML.
    pub about: Source<'a>,
    /// What the text speaks of: [`import::Names`] in TOML.
    pub names: Option<Source<'a>>,
}

/// Makes Akoma Ntoso of a numbered text: each file with its name in the folder.
///
/// # Errors
/// What is wrong in the files, with its line.
pub fn import(manuscript: &Manuscript<'_>) -> Result<Vec<(&'static str, String)>, Vec<Problem>> {
    fn toml<T: DeserializeOwned>(file: Source<'_>) -> Result<T, Vec<Problem>> {
        toml::from_str(file.text)
            .map_err(|e| vec![Problem { file: file.name.to_owned(), problem: gloss::toml_problem(file.text, &e) }])
    }
    let profile: import::Profile = toml(manuscript.about)?;
    let names: import::Names = manuscript.names.map(toml).transpose()?.unwrap_or_default();
    let texts = [(Lang::Fr, name::FRENCH, Some(manuscript.french)), (Lang::En, name::ENGLISH, manuscript.english)];
    let made =
        texts.into_iter().filter_map(|(lang, name, text)| Some((lang, name, text?))).map(|(lang, name, text)| {
            let document = import::import(text.text, lang, &profile, &names).map_err(|error| {
                let problem = gloss::Problem { line: error.line, what: error.what.to_owned() };
                vec![Problem { file: text.name.to_owned(), problem }]
            })?;
            Ok((name, akn::write(&document)))
        });
    made.collect()
}

fn is_text(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".xml")
}

/// What is wrong with a text beside those before it, with its line.
fn beside(others: &[Document], document: &Document, xml: &str) -> Vec<(usize, String)> {
    let mut problems = Vec::new();
    let line_of = |needle: &str| 1 + xml.lines().position(|line| line.contains(needle)).unwrap_or_default();
    let slugs = |document: &Document| document.places().iter().map(|p| p.slug().to_owned()).collect::<Vec<_>>();
    let own = slugs(document);
    for (nth, slug) in own.iter().enumerate() {
        if own[..nth].contains(slug) {
            let what = format!("the address {slug} stands for two places: give each its own wId");
            problems.push((line_of(&format!("wId=\"{slug}\"")), what));
        }
    }
    for other in others {
        if other.lang == document.lang {
            let what = format!("there is another text in {}: give each language once", other.lang.alpha3());
            problems.push((line_of("FRBRlanguage"), what));
            continue;
        }
        if other.work != document.work {
            let what = format!("this is {}, the other text is {}: give two of one work", document.work, other.work);
            problems.push((line_of("FRBRuri"), what));
        }
        let others = slugs(other);
        let differ = (0..own.len().max(others.len())).find(|nth| own.get(*nth) != others.get(*nth));
        if let Some(nth) = differ {
            let place = |slugs: &[String]| slugs.get(nth).cloned().unwrap_or_else(|| "the end".to_owned());
            let (here, there) = (place(&own), place(&others));
            let what = format!(
                "{here} stands where the other language has {there}: both must have the same paragraphs and sentences"
            );
            let line = own.get(nth).map_or_else(|| xml.lines().count(), |slug| line_of(&format!("wId=\"{slug}\"")));
            problems.push((line, what));
        }
    }
    problems
}

impl Found {
    /// The text in both languages; none where one is missing.
    pub fn both(self) -> Option<Content> {
        let of = |lang| self.documents.iter().find(|document| document.lang == lang).cloned();
        let documents = Both { fr: of(Lang::Fr)?, en: of(Lang::En)? };
        Some(Content { documents, gloss: self.gloss.unwrap_or_default() })
    }
}

impl Content {
    /// The action plan that the product comes with.
    pub fn embedded() -> Self {
        Self { documents: Both { fr: load(Lang::Fr), en: load(Lang::En) }, gloss: gloss() }
    }
}

/// The action plan in `lang`, with the words that stand for one another in a search.
///
/// # Panics
/// Never: the files are part of the program and a test reads them.
#[expect(clippy::expect_used, reason = "the content is compiled in, and a test reads it whole")]
pub fn load(lang: Lang) -> Document {
    let synonyms: Synonyms = toml::from_str(SYNONYMS).expect("synonyms.toml fits its schema");
    let (xml, synonyms) = match lang {
        Lang::Fr => (FRENCH, synonyms.fr),
        Lang::En => (ENGLISH, synonyms.en),
    };
    let document = akn::read(xml).expect("the embedded Akoma Ntoso is readable");
    Document { synonyms, ..document }
}

/// The editors' reading of the action plan.
///
/// # Panics
/// Never: the file is part of the program and a test reads it.
#[expect(clippy::expect_used, reason = "the content is compiled in, and a test reads it whole")]
pub fn gloss() -> Gloss {
    toml::from_str(GLOSS).expect("gloss.toml fits its schema")
}

/// The embedded Akoma Ntoso in `lang`, as it stands in the file.
pub const fn xml(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => FRENCH,
        Lang::En => ENGLISH,
    }
}
