//! The network: who acts where in the text, for whom, and what the text refers to. Laid out here, the same way each
//! time: the actors in a column, the text's divisions in the next, and whom and what it speaks of in the last.

use super::{Actor, Gloss, Strength, Target, Work, register::divisions};
use crate::{Document, Place};

/// What a node stands for.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// Somebody.
    Actor(&'a Actor),
    /// A measure or section.
    Division(Place<'a>),
    /// Another document.
    Work(&'a Work),
}

/// A column of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Who is committed.
    Acts,
    /// The text.
    Text,
    /// Who is served or named, and what is referred to.
    Spoken,
}

/// A point of the drawing.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// Unique: `actor-dipb`, `m4`, `work-plan-2023`; who acts and is spoken of as well has two, the other `to-dipb`.
    pub id: String,
    /// What it stands for.
    pub subject: Subject<'a>,
    /// Where it belongs.
    pub column: Column,
    /// Steps in from the column's edge: 1 below the actor it is part of.
    pub indent: usize,
    /// Its middle, from the upper edge of the drawing, in units of which a line of writing takes [`LINE`].
    pub y: f32,
}

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// An actor is committed in a division.
    Commits {
        /// The firmest of the commitments.
        strongest: Strength,
        /// How many they are.
        count: usize,
    },
    /// A division's commitments serve somebody.
    Serves {
        /// How many do.
        count: usize,
    },
    /// A division names somebody.
    Names,
    /// A division refers to a document or to another division.
    Refers {
        /// How often.
        count: usize,
        /// Whether some of it may mean something else.
        ambiguous: bool,
    },
}

/// A line of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Index of the node where it begins.
    pub from: usize,
    /// Index of the node where it ends.
    pub to: usize,
    /// What it says.
    pub tie: Tie,
}

/// Nodes and edges, laid out.
#[derive(Clone, Debug)]
pub struct Network<'a> {
    /// Column by column, from top to bottom.
    pub nodes: Vec<Node<'a>>,
    /// In the order of their beginnings.
    pub edges: Vec<Edge>,
    /// Of the drawing, in the same units as [`Node::y`].
    pub height: f32,
}

/// Height of a node with its label.
pub const LINE: f32 = 26.0;
/// How often the columns are put in order anew, each after the other.
const ROUNDS: usize = 8;

/// The network of `gloss` over `document`.
pub fn network<'a>(gloss: &'a Gloss, document: &'a Document) -> Network<'a> {
    let mut draft = Draft::default();
    let texts: Vec<(Place<'a>, String)> =
        divisions(document).into_iter().map(|place| (place, whole(document, &place))).collect();
    for actor in gloss.actors.iter().filter(|actor| gloss.commitments.iter().any(|c| c.actors.contains(&actor.id))) {
        draft.node(format!("actor-{}", actor.id), Subject::Actor(actor), Column::Acts);
    }
    for (place, _) in &texts {
        draft.node(place.slug().to_owned(), Subject::Division(*place), Column::Text);
    }
    for actor in &gloss.actors {
        for (place, text) in &texts {
            let here = || gloss.commitments.iter().filter(|c| c.division() == place.slug());
            let mine: Vec<_> = here().filter(|c| c.actors.contains(&actor.id)).collect();
            if let Some(strongest) = mine.iter().map(|c| c.strength).min() {
                draft.tie(&format!("actor-{}", actor.id), place.slug(), Tie::Commits { strongest, count: mine.len() });
            }
            let count = here().filter(|c| c.beneficiaries.contains(&actor.id)).count();
            let acts = draft.index(&format!("actor-{}", actor.id)).is_some();
            let named = || actor.forms.get(document.lang).iter().any(|form| names(text, form));
            let tie = match count {
                0 if acts || !named() => continue,
                0 => Tie::Names,
                count => Tie::Serves { count },
            };
            let to = draft.node(format!("to-{}", actor.id), Subject::Actor(actor), Column::Spoken);
            draft.tie(place.slug(), &to, tie);
        }
    }
    for reference in &gloss.references {
        let from = reference.at.split('.').next().unwrap_or_default();
        let ambiguous = reference.to.len() > 1;
        for target in &reference.to {
            let to = match target {
                Target::Work(id) => match gloss.work(id) {
                    Some(work) => draft.node(format!("work-{id}"), Subject::Work(work), Column::Spoken),
                    None => continue,
                },
                Target::Place(slug) => slug.split('.').next().unwrap_or_default().to_owned(),
            };
            if to != from {
                draft.refer(from, &to, ambiguous);
            }
        }
    }
    draft.laid_out(gloss)
}

/// Everything that is written under a heading, with the heading.
fn whole(document: &Document, place: &Place<'_>) -> String {
    let mut whole = place.plain();
    for (section, measure, paragraph) in document.paragraphs() {
        if measure.map_or(&section.slug, |measure| &measure.slug) == place.slug() {
            whole += "\n";
            whole += &paragraph.plain();
        }
    }
    whole
}

/// Whether a name stands in a text, not as a part of another word.
fn names(text: &str, form: &str) -> bool {
    text.match_indices(form).any(|(at, form)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + form.len()..].chars().next());
        !form.is_empty() && ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

#[derive(Default)]
struct Draft<'a> {
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge>,
}

impl<'a> Draft<'a> {
    fn index(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.id == id)
    }

    fn node(&mut self, id: String, subject: Subject<'a>, column: Column) -> String {
        if self.index(&id).is_none() {
            self.nodes.push(Node { id: id.clone(), subject, column, indent: 0, y: 0.0 });
        }
        id
    }

    fn tie(&mut self, from: &str, to: &str, tie: Tie) {
        if let (Some(from), Some(to)) = (self.index(from), self.index(to)) {
            self.edges.push(Edge { from, to, tie });
        }
    }

    fn refer(&mut self, from: &str, to: &str, ambiguous: bool) {
        let (Some(from_index), Some(to_index)) = (self.index(from), self.index(to)) else { return };
        let known = self.edges.iter_mut().find(|edge| (edge.from, edge.to) == (from_index, to_index));
        if let Some(Edge { tie: Tie::Refers { count, ambiguous: doubt }, .. }) = known {
            *count += 1;
            *doubt |= ambiguous;
        } else {
            self.edges.push(Edge { from: from_index, to: to_index, tie: Tie::Refers { count: 1, ambiguous } });
        }
    }

    /// Puts the outer columns into an order in which few lines cross: each node to the middle of its neighbours
    /// (barycentres, Sugiyama 1981). The text's own order stays as it is.
    fn laid_out(mut self, gloss: &Gloss) -> Network<'a> {
        let column = |nodes: &[Node<'_>], column| -> Vec<usize> {
            (0..nodes.len()).filter(|nth| nodes[*nth].column == column).collect()
        };
        let (mut acts, text, mut spoken) =
            (column(&self.nodes, Column::Acts), column(&self.nodes, Column::Text), column(&self.nodes, Column::Spoken));
        let tallest = [acts.len(), text.len(), spoken.len()].into_iter().max().unwrap_or_default();
        let height = (tallest as f32 + 1.0) * LINE;
        self.spread(&text, height);
        for _ in 0..ROUNDS {
            for column in [&mut acts, &mut spoken] {
                let middles: Vec<f32> = (0..self.nodes.len()).map(|nth| self.middle(nth)).collect();
                column.sort_by(|a, b| middles[*a].total_cmp(&middles[*b]));
                under_their_own(&self.nodes, gloss, column);
                self.spread(column, height);
            }
        }
        let order: Vec<usize> = [acts, text, spoken].concat();
        let place = |old: usize| order.iter().position(|nth| *nth == old).unwrap_or_default();
        let mut edges: Vec<Edge> =
            self.edges.iter().map(|edge| Edge { from: place(edge.from), to: place(edge.to), ..*edge }).collect();
        edges.sort_by_key(|edge| (edge.from, edge.to));
        let mut nodes: Vec<Node<'a>> = order.iter().map(|nth| self.nodes[*nth].clone()).collect();
        for nth in 0..nodes.len() {
            nodes[nth].indent = usize::from(parent(&nodes, gloss, nth).is_some());
        }
        Network { nodes, edges, height }
    }

    /// Gives a column's nodes their places, evenly from top to bottom.
    fn spread(&mut self, column: &[usize], height: f32) {
        let step = height / (column.len() as f32 + 1.0);
        for (row, nth) in column.iter().enumerate() {
            self.nodes[*nth].y = step * (row as f32 + 1.0);
        }
    }

    /// The mean height of a node's neighbours in the text.
    fn middle(&self, nth: usize) -> f32 {
        let ends = self.edges.iter().filter(|edge| edge.from == nth || edge.to == nth);
        let other = ends.map(|edge| self.nodes[if edge.from == nth { edge.to } else { edge.from }].y);
        let (sum, count) = other.fold((0.0, 0.0), |(sum, count), y| (sum + y, count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    }
}

/// The index of the actor in the same column that the nth belongs to.
fn parent(nodes: &[Node<'_>], gloss: &Gloss, nth: usize) -> Option<usize> {
    let Subject::Actor(actor) = nodes[nth].subject else { return None };
    // From the nearest up: a working group's committee may be in another column, its Alliance in this one.
    let mut above = actor.part_of.as_deref();
    let mut steps = 0;
    while let Some(id) = above.filter(|_| steps < gloss.actors.len()) {
        let is_it = |node: &Node<'_>| {
            node.column == nodes[nth].column && matches!(node.subject, Subject::Actor(other) if other.id == id)
        };
        if let Some(found) = nodes.iter().position(is_it) {
            return Some(found);
        }
        above = gloss.actor(id).and_then(|actor| actor.part_of.as_deref());
        steps += 1;
    }
    None
}

/// Moves those that are part of another in the column right below it, their order kept.
fn under_their_own(nodes: &[Node<'_>], gloss: &Gloss, column: &mut Vec<usize>) {
    let before = std::mem::take(column);
    // Of a ring, which makes no sense, everybody is at the top.
    let root = |nth: usize| {
        let mut line = std::iter::successors(Some(nth), |nth| parent(nodes, gloss, *nth)).take(nodes.len() + 1);
        let end = line.by_ref().last().unwrap_or(nth);
        if parent(nodes, gloss, end).is_some() { nth } else { end }
    };
    for top in before.iter().filter(|nth| root(**nth) == **nth) {
        column.push(*top);
        column.extend(before.iter().filter(|nth| *nth != top && root(**nth) == *top));
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sample, *};
    use crate::Lang;

    fn told(network: &Network<'_>) -> Vec<String> {
        let name = |nth: usize| network.nodes[nth].id.as_str();
        network.edges.iter().map(|edge| format!("{} {:?} {}", name(edge.from), edge.tie, name(edge.to))).collect()
    }

    #[test]
    fn actors_divisions_and_works_are_tied_by_what_the_text_says() {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::Fr));
        let mut told = told(&network(&gloss, &document));
        told.sort();
        assert_eq!(
            told,
            [
                "actor-allies Commits { strongest: Explores, count: 1 } m2",
                "actor-allies Commits { strongest: Must, count: 1 } m1",
                "actor-nato Commits { strongest: Explores, count: 1 } m2",
                "m1 Serves { count: 1 } to-ukraine",
                "m2 Refers { count: 1, ambiguous: true } m1",
                "m2 Refers { count: 1, ambiguous: true } work-norm",
            ]
        );
    }

    #[test]
    fn the_layout_is_the_same_each_time_and_no_labels_overlap() {
        for lang in Lang::ALL {
            let (gloss, document) = (sample::gloss(), sample::document(lang));
            let (one, other) = (network(&gloss, &document), network(&gloss, &document));
            assert_eq!(told(&one), told(&other));
            for pair in one.nodes.windows(2).filter(|pair| pair[0].column == pair[1].column) {
                assert!(pair[1].y - pair[0].y >= LINE, "{} {}", pair[0].id, pair[1].id);
            }
            assert!(one.nodes.iter().all(|node| 0.0 < node.y && node.y < one.height));
        }
    }

    #[test]
    fn who_is_part_of_another_stands_right_below() {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::Fr));
        let network = network(&gloss, &document);
        let acts: Vec<_> = network.nodes.iter().filter(|node| node.column == Column::Acts).collect();
        assert_eq!(
            acts.iter().map(|node| (node.id.as_str(), node.indent)).collect::<Vec<_>>(),
            [("actor-nato", 0), ("actor-allies", 1)]
        );
    }

    #[test]
    fn a_ring_of_parts_ends() {
        let mut gloss = sample::gloss();
        gloss.actors[0].part_of = Some("allies".to_owned());
        assert_eq!(network(&gloss, &sample::document(Lang::Fr)).nodes.len(), 6);
    }

    #[test]
    fn a_name_is_a_word_of_its_own() {
        assert!(names("L’OTAN agit", "OTAN") && !names("ACTION", "ACT") && !names("texte", ""));
    }
}
