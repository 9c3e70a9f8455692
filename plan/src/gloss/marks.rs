//! Marks in a text: what lies over its words, cut where one begins or ends.

use crate::Text;
use std::ops::Range;

/// What a stretch of words is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark<'a> {
    /// It shows that, and how firmly, something is promised.
    Trigger,
    /// What is promised.
    Object,
    /// A caveat.
    Caveat,
    /// A condition.
    Condition,
    /// Looked for.
    Found,
    /// In another language, BCP 47.
    Foreign(&'a str),
}

/// The stretches of a text's words that are in another language.
pub fn foreign(text: &Text) -> Vec<(Range<usize>, Mark<'_>)> {
    let mut at = 0;
    let mut marks = Vec::new();
    for run in &text.runs {
        if let Some(lang) = &run.lang {
            marks.push((at..at + run.text.len(), Mark::Foreign(lang)));
        }
        at += run.text.len();
    }
    marks
}

/// `text` in pieces, each with the marks that lie over it, in the order given.
///
/// ```
/// use plan::gloss::pieces;
///
/// let marks = [(0..4, 'a'), (2..6, 'b')];
/// let cut = pieces("abcdefgh", &marks);
/// assert_eq!(cut, [("ab", vec!['a']), ("cd", vec!['a', 'b']), ("ef", vec!['b']), ("gh", vec![])]);
/// ```
///
/// # Panics
/// Where a mark does not begin and end between characters of the text.
pub fn pieces<'a, T: Copy>(text: &'a str, marks: &[(Range<usize>, T)]) -> Vec<(&'a str, Vec<T>)> {
    let mut cuts: Vec<usize> = marks.iter().flat_map(|(at, _)| [at.start, at.end]).chain([0, text.len()]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let over = |from: usize| marks.iter().filter(move |(at, _)| at.contains(&from)).map(|(_, mark)| *mark).collect();
    cuts.windows(2).map(|cut| (&text[cut[0]..cut[1]], over(cut[0]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Run;

    #[test]
    fn pieces_are_the_text_whatever_lies_over_it() {
        let marks = [(2..5, 1), (0..2, 2), (8..8, 3)];
        let cut = pieces("à été", &marks);
        assert_eq!(cut, [("à", vec![2]), (" é", vec![1]), ("té", vec![])]);
        assert!(pieces::<u8>("", &[]).is_empty());
    }

    #[test]
    fn words_of_another_language_are_marked() {
        let run = |text: &str, lang: Option<&str>| Run { text: text.into(), names: None, lang: lang.map(Into::into) };
        let text = Text { runs: vec![run("le ", None), run("homeshoring", Some("en")), run(".", None)] };
        assert_eq!(foreign(&text), [(3..14, Mark::Foreign("en"))]);
    }
}
