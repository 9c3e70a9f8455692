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
    for column in 0..=width {
        rows[0][column] = column as u8;
    }
    // The least distance of the word to any beginning of the candidate, by depth.
    let mut best = vec![width as u8; rows.len()];
    let (mut known, mut dead) = (0, usize::MAX);
    let mut previous: &[u8] = &[];
    for at in 0..lexicon.len() {
        let candidate = lexicon.string(at).as_bytes();
        let shared = previous.iter().zip(candidate).take_while(|(a, b)| a == b).count();
        previous = candidate;
        if shared < dead {
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
