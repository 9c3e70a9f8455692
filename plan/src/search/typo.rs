//! Words of the vocabulary that resemble a word: Damerau–Levenshtein over a sorted list.
//!
//! Neighbours in a sorted list share their beginnings, so the rows of the distance table for a shared beginning are
//! computed once, and where a beginning is already too far off, all words with it are passed over. That makes of the
//! list the trie it has no need to be. Distances are counted in bytes: folded French and English is ASCII.

use super::index::Lexicon;

/// Longer words are compared with nothing: none of either language comes near.
const LONGEST: usize = 40;

/// A word that resembles the one asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Near {
    /// Its place in the lexicon.
    pub(super) at: usize,
    /// Letters left out, put in, mistaken, or swapped with their neighbour.
    pub(super) distance: u8,
    /// Only its beginning resembles.
    pub(super) beginning: bool,
}

/// The words at most `most` errors from `word`; if `beginnings`, also those that begin like that.
pub(super) fn near(lexicon: &Lexicon, word: &str, most: u8, beginnings: bool) -> Vec<Near> {
    let word = word.as_bytes();
    let width = word.len();
    let mut found = Vec::new();
    if width > LONGEST {
        return found;
    }
    // rows[depth][column]: from the first `depth` letters of the candidate to the first `column` of the word.
    let mut rows = vec![[0u8; LONGEST + 1]; width + usize::from(most) + 2];
    rows[0] = std::array::from_fn(|column| column as u8);
    // The least distance of the word to any beginning of the candidate, by depth.
    let mut best = vec![width as u8; rows.len()];
    let (mut known, mut dead) = (0, usize::MAX);
    for at in 0..lexicon.len() {
        let shared = lexicon.shared(at);
        if shared < dead {
            let candidate = lexicon.string(at).as_bytes();
            dead = usize::MAX;
            known = known.min(shared);
            while known < candidate.len() {
                known += 1;
                let least = next_row(&mut rows, known, candidate, word);
                best[known] = best[known - 1].min(rows[known][width]);
                if least > most {
                    dead = known;
                    break;
                }
            }
        }
        if dead == usize::MAX && rows[known][width] <= most {
            found.push(Near { at, distance: rows[known][width], beginning: false });
        } else if beginnings && best[known] <= most {
            found.push(Near { at, distance: best[known], beginning: true });
        }
    }
    found
}

/// Fills the row at `depth` and gives its least value, below which nothing deeper can fall.
fn next_row(rows: &mut [[u8; LONGEST + 1]], depth: usize, candidate: &[u8], word: &[u8]) -> u8 {
    let letter = candidate[depth - 1];
    rows[depth][0] = depth as u8;
    let mut least = depth as u8;
    for column in 1..=word.len() {
        let mistaken = rows[depth - 1][column - 1] + u8::from(word[column - 1] != letter);
        let mut distance = mistaken.min(rows[depth - 1][column] + 1).min(rows[depth][column - 1] + 1);
        if depth > 1 && column > 1 && word[column - 2] == letter && candidate[depth - 2] == word[column - 1] {
            distance = distance.min(rows[depth - 2][column - 2] + 1);
        }
        rows[depth][column] = distance;
        least = least.min(distance);
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lexicon(words: &[String]) -> Lexicon {
        Lexicon::of(words.iter().zip(0..).map(|(word, term)| (word.as_str().into(), term)).collect())
    }

    /// The textbook, a table per pair.
    fn distance(one: &[u8], other: &[u8]) -> usize {
        let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
        for i in 0..=one.len() {
            for j in 0..=other.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let mistaken = table[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                    let least = mistaken.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    let swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                    if swapped { least.min(table[i - 2][j - 2] + 1) } else { least }
                };
            }
        }
        table[one.len()][other.len()]
    }

    proptest! {
        #[test]
        fn the_walk_finds_what_the_textbook_finds(
            words in proptest::collection::vec("[a-d]{0,7}", 0..40),
            word in "[a-d]{0,7}",
            most in 1..4u8,
        ) {
            let lexicon = lexicon(&words);
            let whole = near(&lexicon, &word, most, false);
            let either = near(&lexicon, &word, most, true);
            for at in 0..lexicon.len() {
                let candidate = lexicon.string(at).as_bytes();
                let far = distance(candidate, word.as_bytes());
                let found = whole.iter().find(|near| near.at == at).map(|near| usize::from(near.distance));
                prop_assert_eq!(found, Some(far).filter(|far| *far <= usize::from(most)));
                let begins = (0..=candidate.len()).map(|end| distance(&candidate[..end], word.as_bytes())).min();
                let found = either.iter().find(|near| near.at == at);
                prop_assert_eq!(found.is_some(), begins.unwrap_or(far) <= usize::from(most));
                if let Some(found) = found {
                    prop_assert_eq!(found.beginning, far > usize::from(most));
                }
            }
        }
    }
}
