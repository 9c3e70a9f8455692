//! Reading paths: an order of paragraphs, and how long it takes to read them.

use super::{Gloss, Path, Stop};
use crate::{Document, Lang, Paragraph, Place};

/// Words a minute. The mean of adults reading aloud, which a text of this kind is not read much faster than:
/// Trauzettel-Klosinski and Dietz, "Standardized Assessment of Reading Performance: The New International Reading Speed
/// Texts IReST", Investigative Ophthalmology & Visual Science 53 (2012), table 3.
pub const fn words_per_minute(lang: Lang) -> usize {
    match lang {
        Lang::Fr => 195,
        Lang::En => 228,
    }
}

/// A path in the words of a document.
#[derive(Clone, Debug)]
pub struct Way<'a> {
    /// For whom, and why.
    pub path: &'a Path,
    /// In order.
    pub stops: Vec<Halt<'a>>,
}

/// A paragraph on the way.
#[derive(Clone, Debug)]
pub struct Halt<'a> {
    /// What to look for there.
    pub stop: &'a Stop,
    /// Its place.
    pub place: Place<'a>,
    /// Its text.
    pub paragraph: &'a Paragraph,
    /// How many words it has.
    pub words: usize,
}

impl Way<'_> {
    /// Words of all its paragraphs.
    pub fn words(&self) -> usize {
        self.stops.iter().map(|halt| halt.words).sum()
    }

    /// Minutes it takes to read, rounded up.
    pub fn minutes(&self, lang: Lang) -> usize {
        minutes(lang, self.words())
    }
}

/// Minutes it takes to read so many words, rounded up.
pub fn minutes(lang: Lang, words: usize) -> usize {
    words.div_ceil(words_per_minute(lang))
}

/// How many words a text has: what stands between blanks and holds a letter or a digit.
pub fn count_words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// The paths of `gloss` in the words of `document`.
pub fn paths<'a>(gloss: &'a Gloss, document: &'a Document) -> Vec<Way<'a>> {
    let halt = |stop: &'a Stop| {
        let place = document.find(&stop.at)?;
        let paragraph = place.paragraph()?;
        Some(Halt { stop, place, paragraph, words: count_words(&paragraph.plain()) })
    };
    gloss.paths.iter().map(|path| Way { path, stops: path.stops.iter().filter_map(halt).collect() }).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::sample, *};

    #[test]
    fn a_path_keeps_its_order_and_counts_its_words() {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::Fr));
        let paths = paths(&gloss, &document);
        let stops: Vec<_> = paths[0].stops.iter().map(|halt| (halt.place.slug(), halt.words)).collect();
        assert_eq!(stops, [("m2.1", 13), ("m1.1", 15)]);
        assert_eq!((paths[0].words(), paths[0].minutes(Lang::Fr)), (28, 1));
    }

    #[test]
    fn minutes_are_rounded_up_and_signs_are_no_words() {
        assert_eq!([0, 1, 195, 196].map(|words| minutes(Lang::Fr, words)), [0, 1, 1, 2]);
        assert_eq!(count_words("« mot » – l’autre : 12 %"), 3);
    }
}
