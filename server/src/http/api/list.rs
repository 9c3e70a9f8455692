//! Lists, a page at a time.

use super::{
    asked::{Limit, Offset},
    operation::Ask,
    shape::{Schemas, Shape, Url, says},
};
use serde::Serialize;
use serde_json::{Value, json};

/// A page of a list.
#[derive(Serialize)]
pub(super) struct Page<T> {
    #[serde(rename = "self")]
    own: Url,
    total: usize,
    limit: usize,
    offset: usize,
    previous: Option<Url>,
    next: Option<Url>,
    items: Vec<T>,
    #[serde(skip)]
    ends: [Url; 2],
}

impl<T> Page<T> {
    /// Of everything there is, what was asked for.
    pub(super) fn of<U>(
        ask: &Ask<'_>,
        all: impl IntoIterator<Item = U>,
        (Limit(limit), Offset(offset)): (Limit, Offset),
        item: impl FnMut(U) -> T,
    ) -> Self {
        let all: Vec<U> = all.into_iter().collect();
        let total = all.len();
        let items = all.into_iter().skip(offset).take(limit).map(item).collect();
        Self::found(ask, total, items, (Limit(limit), Offset(offset)))
    }

    /// Those that were asked for, of so many.
    pub(super) fn found(
        ask: &Ask<'_>,
        total: usize,
        items: Vec<T>,
        (Limit(limit), Offset(offset)): (Limit, Offset),
    ) -> Self {
        let at = |offset: usize| ask.own_with(&[("offset", offset)]);
        let last = total.saturating_sub(1) / limit * limit;
        Self {
            own: ask.own(),
            total,
            limit,
            offset,
            previous: (offset > 0).then(|| at(offset.min(last + limit).saturating_sub(limit))),
            next: (offset + limit < total).then(|| at(offset + limit)),
            items,
            ends: [at(0), at(last)],
        }
    }
}

impl<T: Shape> Shape for Page<T> {
    fn schema(schemas: &mut Schemas) -> Value {
        let item = T::schema(schemas);
        let name = item["$ref"].as_str().and_then(|r| r.rsplit('/').next()).unwrap_or("Item").to_owned();
        schemas.named(&format!("{name}List"), |schemas| {
            let (count, url) = (usize::schema(schemas), Url::schema(schemas));
            let other = Option::<Url>::schema(schemas);
            let items = json!({ "type": "array", "items": item });
            schemas.object(
                says("Une page d’une liste.", "A page of a list."),
                vec![
                    ("self", url, says("L’adresse de cette page.", "The address of this page.")),
                    ("total", count.clone(), says("Combien d’éléments en tout.", "How many items in all.")),
                    ("limit", count.clone(), says("Combien ici au plus.", "How many here at most.")),
                    ("offset", count, says("Combien ont été passés.", "How many were passed over.")),
                    ("previous", other.clone(), says("La page d’avant.", "The page before.")),
                    ("next", other, says("La page d’après.", "The page after.")),
                    ("items", items, says("Les éléments.", "The items.")),
                ],
            )
        })
    }

    fn links(&self) -> Vec<(&'static str, String)> {
        let [first, last] = &self.ends;
        let all = [
            ("first", Some(first)),
            ("prev", self.previous.as_ref()),
            ("next", self.next.as_ref()),
            ("last", Some(last)),
        ];
        all.into_iter().filter_map(|(rel, url)| Some((rel, url?.0.clone()))).collect()
    }
}

/// A list, with something about the whole of it beside.
#[derive(Serialize)]
pub(super) struct With<P, E> {
    #[serde(flatten)]
    pub(super) list: P,
    #[serde(flatten)]
    pub(super) beside: E,
}

impl<P: Shape, E: Shape> Shape for With<P, E> {
    fn schema(schemas: &mut Schemas) -> Value {
        json!({ "allOf": [P::schema(schemas), E::schema(schemas)] })
    }

    fn links(&self) -> Vec<(&'static str, String)> {
        self.list.links()
    }
}
