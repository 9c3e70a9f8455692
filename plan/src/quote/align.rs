//! Which words of a quotation are which words of the text: first to the word, else the best there is.
//!
//! The second way works like the comparison of two genomes. Rare words that both sides have are
//! points; the best chain of points that goes forward on both sides is the frame; what lies between two points
//! of the frame is compared word by word in a table. Points, tables and steps are bounded, so that no quotation costs
//! more than a few milliseconds.

use super::text::{Corpus, Quotation, UNKNOWN};
use std::ops::Range;

/// One step of an alignment. Words are numbered from the first of the quotation and of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The word is there.
    Keep { quoted: usize, original: usize },
    /// The quotation has a word that the text has not.
    Add { quoted: usize },
    /// The text has a word that the quotation leaves out without saying so.
    LeaveOut { original: usize },
    /// The writer's mark before the word `quoted`: an ellipsis or an insertion, for these words of the text.
    Marked { quoted: usize, original: Range<usize> },
}

impl Step {
    /// The word of the text that it is about.
    pub(super) fn original(&self) -> Option<usize> {
        match self {
            Step::Keep { original, .. } | Step::LeaveOut { original } => Some(*original),
            Step::Add { .. } | Step::Marked { .. } => None,
        }
    }
}

/// As many words may stand for an insertion in brackets: `[les Alliés]` for `ils`.
const MOST_REPLACED: usize = 20;

/// Every place where the words stand as quoted, ellipses and insertions aside. For each place the shortest: of what
/// an ellipsis may stand for, the least.
pub(super) fn exact(corpus: &Corpus, quotation: &Quotation<'_>, steps: &mut usize) -> Vec<Vec<Step>> {
    let ids = quotation.ids(corpus);
    if ids.is_empty() || ids.contains(&UNKNOWN) {
        return Vec::new();
    }
    let mut starts: Vec<usize> = (1..ids.len()).filter(|word| quotation.joints[*word].is_marked()).collect();
    starts.insert(0, 0);
    let segments: Vec<Range<usize>> =
        starts.iter().zip(starts.iter().skip(1).chain([&ids.len()])).map(|(from, to)| *from..*to).collect();
    // For each segment, where it may stand, each with the place of the segment before it.
    let mut reached: Vec<Vec<(usize, usize)>> = Vec::with_capacity(segments.len());
    for segment in &segments {
        let places = corpus.occurrences(&ids[segment.clone()], steps);
        let Some(before) = reached.last() else {
            reached.push(places.into_iter().map(|place| (place, 0)).collect());
            continue;
        };
        let length = segments[reached.len() - 1].len();
        let far = if quotation.joints[segment.start].ellipsis { usize::MAX } else { MOST_REPLACED };
        let mut linked = Vec::new();
        let mut next = 0;
        for place in places {
            *steps += 1;
            while before.get(next).is_some_and(|(start, _)| start + length <= place) {
                next += 1;
            }
            if let Some(last) = next.checked_sub(1)
                && place - before[last].0 - length <= far
            {
                linked.push((place, last));
            }
        }
        reached.push(linked);
    }
    let mut alignments = Vec::new();
    let mut first_before = None;
    for last in 0..reached.last().map_or(0, Vec::len) {
        let mut places = vec![0; segments.len()];
        let mut at = last;
        for (nth, reached) in reached.iter().enumerate().rev() {
            (places[nth], at) = reached[at];
        }
        *steps += segments.len();
        if first_before.replace(places[0]) != Some(places[0]) {
            alignments.push(steps_of(&segments, &places));
        }
    }
    alignments
}

fn steps_of(segments: &[Range<usize>], places: &[usize]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut end = 0;
    for (segment, place) in segments.iter().zip(places) {
        if segment.start > 0 {
            steps.push(Step::Marked { quoted: segment.start, original: end..*place });
        }
        steps.extend(segment.clone().map(|quoted| Step::Keep { quoted, original: place + quoted - segment.start }));
        end = place + segment.len();
    }
    steps
}

/// A word that both sides have.
#[derive(Clone, Copy)]
struct Point {
    quoted: usize,
    original: usize,
}

/// So many points are chained, the rarest words first.
const MOST_POINTS: usize = 4_096;
/// A word that stands more often in the text is no point.
const RARE: usize = 40;
/// What a point is worth, in words passed over.
const WORTH: i32 = 12;
/// A chain is continued from one of so many points before it, or from anywhere across an ellipsis.
const LOOK_BACK: usize = 48;
/// As many chains are looked at closely; fewer of long quotations, as many words as this makes in all.
const MOST_CHAINS: usize = 6;
const MOST_WORDS_IN_CHAINS: usize = 600;
/// A table has no more cells: what is longer counts as wholly changed.
const MOST_CELLS: usize = 1 << 16;
/// All tables of one alignment together.
const MOST_CELLS_IN_ALL: usize = 1 << 18;

/// The best alignments there are, in the text's order; none if nothing fits at all.
pub(super) fn nearest(corpus: &Corpus, quotation: &Quotation<'_>, steps: &mut usize) -> Vec<Vec<Step>> {
    let ids = quotation.ids(corpus);
    let mut table = Table { corpus, quotation, ids: &ids, cells: MOST_CELLS_IN_ALL, out: Vec::new() };
    let frames = chains(&points(corpus, &ids, steps), quotation, steps);
    let alignments = frames.iter().map(|frame| table.align(frame)).collect();
    *steps += MOST_CELLS_IN_ALL - table.cells;
    alignments
}

/// What comes before the frame, in a sentence that begins at `start`. What leads into the sentence before is of it only
/// if half of its words are kept: any two texts share some.
fn head_at_home(mut steps: Vec<Step>, start: usize) -> Vec<Step> {
    let outside = |step: &Step| step.original().is_some_and(|original| original < start);
    let rest = steps.split_off(steps.iter().rposition(outside).map_or(0, |last| last + 1));
    let mut steps = unless_a_passage(steps, start);
    steps.extend(rest);
    steps
}

/// The same for what comes after the frame, in a sentence that ends at `end`.
fn tail_at_home(mut steps: Vec<Step>, end: usize) -> Vec<Step> {
    let outside = |step: &Step| step.original().is_some_and(|original| original >= end);
    let abroad = steps.split_off(steps.iter().position(outside).unwrap_or(steps.len()));
    steps.extend(unless_a_passage(abroad, end));
    steps
}

/// The words as the quotation's own, and marks for nothing at the sentence's end, unless half of the words are kept.
fn unless_a_passage(steps: Vec<Step>, end: usize) -> Vec<Step> {
    let kept = steps.iter().filter(|step| matches!(step, Step::Keep { .. })).count();
    let added = steps.iter().filter(|step| matches!(step, Step::Add { .. })).count();
    if kept > 0 && kept >= added {
        return steps;
    }
    let own = |step| match step {
        Step::Keep { quoted, .. } => Some(Step::Add { quoted }),
        Step::LeaveOut { .. } => None,
        Step::Marked { quoted, .. } => Some(Step::Marked { quoted, original: end..end }),
        step @ Step::Add { .. } => Some(step),
    };
    steps.into_iter().filter_map(own).collect()
}

/// The best chain that ends with a point.
struct Link {
    score: i32,
    /// The point before it.
    prior: Option<usize>,
    /// The first point.
    root: usize,
}

/// The rare words that both sides have, in the text's order.
fn points(corpus: &Corpus, ids: &[u32], steps: &mut usize) -> Vec<Point> {
    let count =
        |rare: usize| -> usize { ids.iter().map(|id| corpus.places(*id).len()).filter(|places| *places <= rare).sum() };
    let mut rare = RARE;
    while rare > 1 && count(rare) > MOST_POINTS {
        rare /= 2;
    }
    // As numbers, because the search sorts numbers already: what sorts another type weighs three kilobytes of Wasm.
    let mut points: Vec<u64> = Vec::new();
    for (quoted, id) in ids.iter().enumerate() {
        let places = corpus.places(*id);
        if places.len() <= rare {
            points.extend(places.iter().map(|original| u64::from(*original) << 32 | quoted as u64));
        }
    }
    points.truncate(MOST_POINTS);
    points.sort_unstable();
    *steps += ids.len() + points.len();
    points.into_iter().map(|at| Point { quoted: at as u32 as usize, original: (at >> 32) as usize }).collect()
}

/// The chains of most worth: the best, and those nearly as good that begin elsewhere. A word passed over on either side costs one, forty at most, one for another only once; what
/// an ellipsis stands for, little; a leap across one to wherever, ten.
fn chains(points: &[Point], quotation: &Quotation<'_>, steps: &mut usize) -> Vec<Vec<Point>> {
    // The ellipses (and insertions) before each word.
    let mut before = Vec::with_capacity(quotation.joints.len());
    let mut count = 0;
    for (word, joint) in quotation.joints.iter().enumerate() {
        count += usize::from(word > 0 && joint.is_marked());
        before.push(count);
    }
    let mut best: Vec<Link> = Vec::with_capacity(points.len());
    // The best chain that ends within each stretch between ellipses.
    let mut stretches: Vec<Option<(i32, usize)>> = vec![None; count + 1];
    for (nth, point) in points.iter().enumerate() {
        let stretch = before[point.quoted];
        let mut ahead = (0, None);
        for prior in (nth.saturating_sub(LOOK_BACK)..nth).rev() {
            let from = points[prior];
            if from.quoted >= point.quoted || from.original >= point.original {
                continue;
            }
            let (added, left_out) = (point.quoted - from.quoted - 1, point.original - from.original - 1);
            let left_out = if before[from.quoted] < stretch { (left_out / 8).min(10) } else { left_out.min(40) };
            let score = best[prior].score - added.min(40).max(left_out) as i32;
            if score > ahead.0 {
                ahead = (score, Some(prior));
            }
        }
        for (score, prior) in stretches[..stretch].iter().flatten() {
            if score - 10 > ahead.0 && points[*prior].original < point.original {
                ahead = (score - 10, Some(*prior));
            }
        }
        *steps += LOOK_BACK + stretch;
        let score = ahead.0 + WORTH;
        let prior: Option<usize> = ahead.1;
        best.push(Link { score, prior, root: prior.map_or(nth, |prior| best[prior].root) });
        if stretches[stretch].is_none_or(|(other, _)| score > other) {
            stretches[stretch] = Some((score, nth));
        }
    }
    // The best ends, each of a chain that begins elsewhere.
    let mut ends: Vec<usize> = Vec::new();
    let most = (MOST_WORDS_IN_CHAINS / quotation.words.len().max(1)).clamp(1, MOST_CHAINS);
    while ends.len() < most {
        let others = (0..points.len()).filter(|nth| ends.iter().all(|end| best[*end].root != best[*nth].root));
        *steps += points.len();
        // The first of equals.
        let Some(end) = others.rev().max_by_key(|nth| best[*nth].score) else { break };
        if ends.first().is_some_and(|first| 4 * best[end].score < 3 * best[*first].score) {
            break;
        }
        ends.push(end);
    }
    let chain = |end: usize| {
        let mut chain: Vec<Point> =
            std::iter::successors(Some(end), |nth| best[*nth].prior).map(|nth| points[nth]).collect();
        chain.reverse();
        chain
    };
    ends.sort_unstable();
    ends.into_iter().map(chain).collect()
}

/// The comparison of a stretch word by word (Needleman and Wunsch 1970), in which the ends of the text, and what an
/// ellipsis stands for, cost nothing.
struct Table<'a> {
    corpus: &'a Corpus,
    quotation: &'a Quotation<'a>,
    ids: &'a [u32],
    cells: usize,
    out: Vec<Step>,
}

#[derive(Clone, Copy)]
enum From {
    Both,
    Quoted,
    Original,
}

impl Table<'_> {
    const ADD: u32 = 3;
    const LEAVE_OUT: u32 = 2;
    const CHANGE: u32 = 3;

    /// The whole quotation along a chain.
    fn align(&mut self, chain: &[Point]) -> Vec<Step> {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return Vec::new() };
        let words = self.ids.len();
        let room = first.original.saturating_sub(2 * first.quoted + 4);
        self.fill(0..first.quoted, room..first.original, (true, false));
        let mut steps = head_at_home(std::mem::take(&mut self.out), self.corpus.words_beside(first.original).start);
        for (nth, point) in chain.iter().enumerate() {
            self.out.push(Step::Keep { quoted: point.quoted, original: point.original });
            if let Some(next) = chain.get(nth + 1) {
                self.fill(point.quoted + 1..next.quoted, point.original + 1..next.original, (false, false));
            }
        }
        steps.append(&mut self.out);
        let room = last.original + 2 * (words - last.quoted) + 3;
        self.fill(last.quoted + 1..words, last.original + 1..room.min(self.corpus.words.len()), (false, true));
        steps.extend(tail_at_home(std::mem::take(&mut self.out), self.corpus.words_beside(last.original).end));
        steps
    }

    /// Aligns these words of the quotation with these of the text; `free` says whether words of the text at the
    /// beginning and at the end may be passed over.
    fn fill(&mut self, quoted: Range<usize>, original: Range<usize>, free: (bool, bool)) {
        // A mark before the first word of the quotation, or after its last, stands for nothing between words.
        let marked = |row: usize| {
            let word = quoted.start + row;
            word > 0 && word < self.ids.len() && self.quotation.joints[word].is_marked()
        };
        let (rows, columns) = (quoted.len(), original.len());
        let width = columns + 1;
        let cells = (rows + 1).saturating_mul(width);
        if cells > MOST_CELLS.min(self.cells) || rows == 0 || columns == 0 {
            return self.wholesale(quoted, original, free);
        }
        self.cells -= cells;
        let mut from = vec![From::Both; cells];
        let mut above: Vec<u32> = vec![0; width];
        for row in 0..=rows {
            let skip = if marked(row) || row == 0 && free.0 || row == rows && free.1 { 0 } else { Self::LEAVE_OUT };
            let mut line: Vec<u32> = Vec::with_capacity(width);
            for column in 0..width {
                let mut best = (u32::MAX, From::Both);
                if row > 0 && column > 0 {
                    let same = self.ids[quoted.start + row - 1] == self.corpus.words[original.start + column - 1].id;
                    best = (above[column - 1] + if same { 0 } else { Self::CHANGE }, From::Both);
                }
                if row > 0 && above[column] + Self::ADD < best.0 {
                    best = (above[column] + Self::ADD, From::Quoted);
                }
                if column > 0 && line[column - 1] + skip < best.0 {
                    best = (line[column - 1] + skip, From::Original);
                }
                if row == 0 && column == 0 {
                    best.0 = 0;
                }
                line.push(best.0);
                from[row * width + column] = best.1;
            }
            above = line;
        }
        // Back from the end, the steps in reverse.
        let mut steps = Vec::new();
        let (mut row, mut column) = (rows, columns);
        loop {
            let here = column;
            while column > 0 && (row == 0 || matches!(from[row * width + column], From::Original)) {
                column -= 1;
            }
            let passed = original.start + column..original.start + here;
            if marked(row) {
                steps.push(Step::Marked { quoted: quoted.start + row, original: passed });
            } else if !(row == 0 && free.0 || row == rows && free.1) {
                steps.extend(passed.rev().map(|original| Step::LeaveOut { original }));
            }
            if row == 0 {
                break;
            }
            row -= 1;
            let word = quoted.start + row;
            if matches!(from[(row + 1) * width + column], From::Quoted) {
                steps.push(Step::Add { quoted: word });
                continue;
            }
            column -= 1;
            let other = original.start + column;
            if self.ids[word] == self.corpus.words[other].id {
                steps.push(Step::Keep { quoted: word, original: other });
            } else {
                steps.extend([Step::Add { quoted: word }, Step::LeaveOut { original: other }]);
            }
        }
        steps.reverse();
        self.out.append(&mut steps);
    }

    /// All of the one for all of the other: what is too long for a table, and where one side is empty.
    fn wholesale(&mut self, quoted: Range<usize>, original: Range<usize>, free: (bool, bool)) {
        let marks: Vec<usize> = (quoted.start..=quoted.end)
            .filter(|word| *word > 0 && *word < self.ids.len() && self.quotation.joints[*word].is_marked())
            .collect();
        if marks.is_empty() && !free.0 && !free.1 {
            self.out.extend(original.clone().map(|original| Step::LeaveOut { original }));
        }
        // All that is left out is left out at the first mark.
        let mut passed = original.start..original.end;
        if free.0 {
            passed.start = passed.end;
        }
        if free.1 {
            passed.end = passed.start;
        }
        for word in quoted.start..=quoted.end {
            if marks.contains(&word) {
                self.out.push(Step::Marked { quoted: word, original: passed.clone() });
                passed.start = passed.end;
            }
            if word < quoted.end {
                self.out.push(Step::Add { quoted: word });
            }
        }
    }
}
