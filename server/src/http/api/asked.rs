//! What can be asked: parameters, read and described where they are declared.

use super::shape::{Says, says};
use crate::http::problem::Problem;
use ::plan::{
    Lang,
    gloss::{Key, Strength},
};
use percent_encoding::percent_decode_str;
use serde_json::{Value as Json, json};

/// A parameter as the documentation tells of it.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) says: Says,
    pub(super) schema: Json,
    pub(super) required: bool,
}

/// The parameters of an operation.
pub(super) trait Parameters: Sized {
    /// Each of them.
    fn list() -> Vec<Parameter>;

    /// As they were given.
    ///
    /// # Errors
    /// 400 that names the first one that cannot be read.
    fn read(given: &Given) -> Result<Self, Problem>;
}

/// Where there are none.
impl Parameters for () {
    fn list() -> Vec<Parameter> {
        Vec::new()
    }

    fn read(_: &Given) -> Result<Self, Problem> {
        Ok(())
    }
}

/// The value of a parameter.
pub(super) trait Value: Sized {
    /// What it means, where a field does not say more.
    const SAYS: Says = says("", "");

    /// Its schema, with its default.
    fn schema() -> Json;

    /// If it is one.
    fn read(text: &str) -> Option<Self>;

    /// What holds where it is not given. `None`: it must be given.
    fn absent() -> Option<Self> {
        None
    }

    /// Of all that is given under its name.
    ///
    /// # Errors
    /// Why not, in a few words.
    fn gather(values: &[&str]) -> Result<Self, String> {
        match values {
            [] => Self::absent().ok_or_else(|| "is missing".to_owned()),
            [value] => Self::read(value).ok_or_else(|| format!("must fit this schema: {}", Self::schema())),
            _ => Err("is given more than once".to_owned()),
        }
    }
}

/// What a request gives: the variable segments of its path, and its query.
pub(super) struct Given {
    pub(super) path: Vec<(&'static str, String)>,
    pub(super) query: Vec<(String, String)>,
}

impl Given {
    /// The query's pairs (WHATWG URL §5.1), but bytes that are no UTF-8 are refused and not replaced.
    ///
    /// # Errors
    /// 400 where they are.
    pub(super) fn new(path: Vec<(&'static str, String)>, query: &str) -> Result<Self, Problem> {
        if percent_decode_str(query).decode_utf8().is_err() {
            return Err(Problem::of(http::StatusCode::BAD_REQUEST).detail("The query is not UTF-8."));
        }
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Ok(Self { path, query: pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect() })
    }

    /// The value of a parameter.
    pub(super) fn one<T: Value>(&self, name: &str) -> Result<T, Problem> {
        let in_path = self.path.iter().filter(|(key, _)| *key == name).map(|(_, value)| value);
        let in_query = self.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let values: Vec<&str> = in_path.chain(in_query).map(String::as_str).collect();
        T::gather(&values).map_err(|why| Problem::parameter(name, format!("{name} {why}.")))
    }

    /// Refuses what nobody reads: a misspelt filter must not look like one that finds everything.
    pub(super) fn refuse_others(&self, known: &[Parameter]) -> Result<(), Problem> {
        let names = || known.iter().map(|p| p.name).filter(|name| !self.path.iter().any(|(key, _)| key == name));
        let Some((name, _)) = self.query.iter().find(|(name, _)| !names().any(|known| known == name)) else {
            return Ok(());
        };
        let known: Vec<&str> = names().collect();
        Err(Problem::parameter(name, format!("There is no such parameter here; there are: {}.", known.join(", "))))
    }
}

/// Declares the parameters of an operation: each with its type and, where that does not tell enough, its meaning. One
/// whose name is no name in Rust has both: `"in" from: Mark`.
macro_rules! parameters {
    ($(struct $name:ident { $($($wire:literal)? $field:ident: $type:ty $(= $fr:literal, $en:literal)?;)* })*) => {$(
        pub(super) struct $name {
            $(pub(super) $field: $type,)*
        }

        impl $crate::http::api::asked::Parameters for $name {
            fn list() -> Vec<$crate::http::api::asked::Parameter> {
                use $crate::http::api::asked::{Parameter, Value};
                vec![$(Parameter {
                    name: [$($wire,)? stringify!($field)][0],
                    says: [$($crate::http::api::shape::says($fr, $en),)? <$type as Value>::SAYS][0],
                    schema: <$type as Value>::schema(),
                    required: <$type as Value>::absent().is_none(),
                },)*]
            }

            fn read(
                given: &$crate::http::api::asked::Given,
            ) -> Result<Self, $crate::http::problem::Problem> {
                Ok(Self { $($field: given.one([$($wire,)? stringify!($field)][0])?,)* })
            }
        }
    )*};
}
pub(super) use parameters;

impl Value for Lang {
    const SAYS: Says = says(
        "La langue de la réponse. L’original est en français.",
        "The language of the answer. The original is in French.",
    );

    fn schema() -> Json {
        json!({ "type": "string", "enum": ["fr", "en"], "default": "fr" })
    }

    fn read(text: &str) -> Option<Self> {
        Lang::ALL.into_iter().find(|lang| lang.tag() == text)
    }

    fn absent() -> Option<Self> {
        Some(Lang::Fr)
    }
}

impl<T: Value> Value for Option<T> {
    const SAYS: Says = T::SAYS;

    fn schema() -> Json {
        T::schema()
    }

    fn read(text: &str) -> Option<Self> {
        T::read(text).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// Any of several values, each given by itself: `actor=nato&actor=allies`.
impl<T: Value> Value for Vec<T> {
    const SAYS: Says = T::SAYS;

    fn schema() -> Json {
        json!({ "type": "array", "items": T::schema(), "maxItems": MOST_VALUES })
    }

    fn read(text: &str) -> Option<Self> {
        Some(vec![T::read(text)?])
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn gather(values: &[&str]) -> Result<Self, String> {
        if values.len() > MOST_VALUES {
            return Err(format!("is given more than {MOST_VALUES} times"));
        }
        values.iter().map(|value| T::gather(&[value])).collect()
    }
}

/// Values of one parameter: those of all filters together are within what a register reads.
const MOST_VALUES: usize = 10;

/// An integer as JSON writes it: no sign, no leading zero.
pub(super) fn integer(text: &str) -> Option<usize> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

/// How many items an answer holds at most.
#[derive(Clone, Copy)]
pub(super) struct Limit(pub(super) usize);

const MOST: usize = 100;

impl Value for Limit {
    const SAYS: Says = says("Combien d’éléments au plus.", "How many items at most.");

    fn schema() -> Json {
        json!({ "type": "integer", "minimum": 1, "maximum": MOST, "default": 20 })
    }

    fn read(text: &str) -> Option<Self> {
        integer(text).filter(|n| (1..=MOST).contains(n)).map(Limit)
    }

    fn absent() -> Option<Self> {
        Some(Limit(20))
    }
}

/// How many items are left out at the beginning.
#[derive(Clone, Copy)]
pub(super) struct Offset(pub(super) usize);

const FARTHEST: usize = 1_000_000;

impl Value for Offset {
    const SAYS: Says = says("Combien d’éléments passer d’abord.", "How many items to pass over first.");

    fn schema() -> Json {
        json!({ "type": "integer", "minimum": 0, "maximum": FARTHEST, "default": 0 })
    }

    fn read(text: &str) -> Option<Self> {
        integer(text).filter(|n| *n <= FARTHEST).map(Offset)
    }

    fn absent() -> Option<Self> {
        Some(Offset(0))
    }
}

/// Text of one to so many characters.
pub(super) struct Text<const MOST: usize>(pub(super) String);

impl<const MOST: usize> Value for Text<MOST> {
    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1, "maxLength": MOST })
    }

    fn read(text: &str) -> Option<Self> {
        (1..=MOST).contains(&text.chars().count()).then(|| Text(text.to_owned()))
    }
}

/// The value of a filter: lower-case words, joined by hyphens.
pub(super) struct Choice(pub(super) String);

impl Value for Choice {
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^[a-z0-9-]{1,80}$" })
    }

    fn read(text: &str) -> Option<Self> {
        let fits =
            (1..=80).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        fits.then(|| Choice(text.to_owned()))
    }
}

impl Value for Strength {
    fn schema() -> Json {
        json!({ "type": "string", "enum": Strength::ALL.map(Strength::id) })
    }

    fn read(text: &str) -> Option<Self> {
        Strength::ALL.into_iter().find(|strength| strength.id() == text)
    }
}

/// An order of commitments.
pub(super) struct Order(pub(super) String);

impl Order {
    fn all() -> impl Iterator<Item = String> {
        Key::ALL.into_iter().flat_map(|key| [key.id().to_owned(), format!("-{}", key.id())])
    }
}

impl Value for Order {
    const SAYS: Says = says(
        "Dans quel ordre : celui du texte, par acteur, par fermeté, par verbe. Un `-` le renverse.",
        "In which order: as the text goes, by actor, by strength, by verb. A `-` reverses it.",
    );

    fn schema() -> Json {
        json!({ "type": "string", "enum": Self::all().collect::<Vec<_>>(), "default": Key::default().id() })
    }

    fn read(text: &str) -> Option<Self> {
        Self::all().find(|order| order == text).map(Order)
    }
}

/// The name of a resource in its path.
pub(super) struct Name(pub(super) String);

impl Value for Name {
    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1 })
    }

    fn read(text: &str) -> Option<Self> {
        Some(Name(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_written_in_one_way() {
        assert_eq!(["0", "7", "100"].map(integer), [Some(0), Some(7), Some(100)]);
        for text in ["", "+7", "-7", "07", "7.0", "7e0", " 7", "٧", "99999999999999999999999"] {
            assert_eq!(integer(text), None, "{text}");
        }
    }
}
