//! The matrix: who is committed in which measure, and how firmly at the most.

use super::{Actor, Commitment, Gloss, Strength, register::divisions};
use crate::{Document, Place};

/// Actors down, measures across.
#[derive(Clone, Debug)]
pub struct Matrix<'a> {
    /// The measures, empty ones too, and the sections that hold a commitment, in reading order.
    pub columns: Vec<Place<'a>>,
    /// Whoever is committed to something, in the gloss's order; last, if it occurs, nobody.
    pub rows: Vec<Line<'a>>,
}

/// What one actor is committed to.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Who; none where the text names nobody.
    pub actor: Option<&'a Actor>,
    /// One for each column.
    pub cells: Vec<Cell<'a>>,
    /// All of them.
    pub all: Cell<'a>,
}

/// Commitments, the firmest first, then in reading order.
#[derive(Clone, Debug, Default)]
pub struct Cell<'a>(pub Vec<&'a Commitment>);

impl<'a> Cell<'a> {
    fn of(commitments: impl Iterator<Item = &'a Commitment>) -> Self {
        let mut commitments: Vec<_> = commitments.collect();
        commitments.sort_by_key(|commitment| commitment.strength);
        Cell(commitments)
    }

    /// The firmest strength in it, if there is any.
    pub fn strongest(&self) -> Option<Strength> {
        self.0.first().map(|commitment| commitment.strength)
    }
}

/// The matrix of `gloss` over `document`.
pub fn matrix<'a>(gloss: &'a Gloss, document: &'a Document) -> Matrix<'a> {
    let holds = |slug: &str| gloss.commitments.iter().any(|commitment| commitment.division() == slug);
    let is_column = |place: &Place<'a>| matches!(place, Place::Measure(..)) || holds(place.slug());
    let columns: Vec<_> = divisions(document).into_iter().filter(is_column).collect();
    let line = |actor: Option<&'a Actor>| {
        let of = move |commitment: &&Commitment| match actor {
            Some(actor) => commitment.actors.contains(&actor.id),
            None => commitment.actors.is_empty(),
        };
        let mine = move || gloss.commitments.iter().filter(of);
        let cells = columns.iter().map(|place| Cell::of(mine().filter(|c| c.division() == place.slug())));
        Line { actor, cells: cells.collect(), all: Cell::of(mine()) }
    };
    let rows = gloss.actors.iter().map(Some).chain([None]).map(line).filter(|line| !line.all.0.is_empty()).collect();
    Matrix { columns, rows }
}

#[cfg(test)]
mod tests {
    use super::{super::sample, *};
    use crate::Lang;

    #[test]
    fn a_cell_holds_the_firmest_first_and_nobody_comes_last() {
        let (gloss, document) = (sample::gloss(), sample::document(Lang::Fr));
        let matrix = matrix(&gloss, &document);
        let columns: Vec<_> = matrix.columns.iter().map(|place| place.slug()).collect();
        assert_eq!(columns, ["m1", "m2"]);
        let rows: Vec<_> = matrix.rows.iter().map(|line| line.actor.map(|actor| actor.id.as_str())).collect();
        assert_eq!(rows, [Some("nato"), Some("allies"), None]);
        let strongest: Vec<_> = matrix.rows[1].cells.iter().map(Cell::strongest).collect();
        assert_eq!(strongest, [Some(Strength::Must), Some(Strength::Explores)]);
        assert_eq!(matrix.rows[0].cells[0].strongest(), None);
        assert_eq!(matrix.rows[1].all.0.len(), 2);
        assert_eq!(matrix.rows[1].all.strongest(), Some(Strength::Must));
    }
}
