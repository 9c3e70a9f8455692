//! What the API answers with, described where it is declared: a value's schema (JSON Schema 2020-12, as OpenAPI 3.1 takes
//! it) comes from the same line as its field, with its meaning in both languages.

use ::plan::{
    Lang,
    gloss::{ActorKind, Qualifies, Recurrence, Strength},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A meaning, in French and in English.
#[derive(Clone, Copy, Debug)]
pub(super) struct Says(&'static str, &'static str);

/// French, then English.
pub(super) const fn says(fr: &'static str, en: &'static str) -> Says {
    Says(fr, en)
}

impl Says {
    /// The words of `lang`.
    pub(super) const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Fr => self.0,
            Lang::En => self.1,
        }
    }
}

/// A value that can tell its schema.
pub(super) trait Shape: Serialize {
    /// Its schema, or a reference to it in `schemas`.
    fn schema(schemas: &mut Schemas) -> Value;

    /// Links that go with it in the header (RFC 8288): relation and address.
    fn links(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// The schemas that have a name, described in one language.
pub(super) struct Schemas {
    pub(super) lang: Lang,
    pub(super) named: Map<String, Value>,
}

impl Schemas {
    /// A reference to the schema of that name, which is described once.
    pub(super) fn named(&mut self, name: &str, describe: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.named.contains_key(name) {
            // Its place is taken before it is described: it may hold itself.
            self.named.insert(name.to_owned(), Value::Null);
            let schema = describe(self);
            self.named.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// An object with every field it always has.
    pub(super) fn object(&self, says: Says, fields: Vec<(&str, Value, Says)>) -> Value {
        let required: Vec<&str> = fields.iter().map(|(name, ..)| *name).collect();
        let described = fields.iter().map(|(name, schema, says)| ((*name).to_owned(), self.described(schema, *says)));
        let properties: Map<String, Value> = described.collect();
        json!({ "type": "object", "description": says.get(self.lang), "properties": properties, "required": required })
    }

    /// A schema with its meaning in this place.
    pub(super) fn described(&self, schema: &Value, says: Says) -> Value {
        let mut schema = schema.clone();
        schema["description"] = says.get(self.lang).into();
        schema
    }
}

/// Declares objects: name, meaning, and each field with its type and its meaning. A field whose name in JSON is no name in
/// Rust has both: `"self" own: Url`. Every field is always there; what may be absent is `null`.
macro_rules! shapes {
    ($(struct $name:ident = $fr:literal, $en:literal; {
        $($($wire:literal)? $field:ident: $type:ty = $field_fr:literal, $field_en:literal;)*
    })*) => {$(
        #[derive(serde::Serialize)]
        pub(super) struct $name {
            $($(#[serde(rename = $wire)])? pub(super) $field: $type,)*
        }

        impl $crate::http::api::shape::Shape for $name {
            fn schema(schemas: &mut $crate::http::api::shape::Schemas) -> serde_json::Value {
                use $crate::http::api::shape::says;
                schemas.named(stringify!($name), |schemas| {
                    let fields = vec![$((
                        [$($wire,)? stringify!($field)][0],
                        <$type as $crate::http::api::shape::Shape>::schema(schemas),
                        says($field_fr, $field_en),
                    ),)*];
                    schemas.object(says($fr, $en), fields)
                })
            }
        }
    )*};
}
pub(super) use shapes;

macro_rules! plainly {
    ($($type:ty: $schema:tt;)*) => {$(
        impl Shape for $type {
            fn schema(_: &mut Schemas) -> Value {
                json!($schema)
            }
        }
    )*};
}

plainly! {
    String: { "type": "string" };
    &'static str: { "type": "string" };
    bool: { "type": "boolean" };
    u8: { "type": "integer", "minimum": 0, "maximum": 255 };
    u16: { "type": "integer", "minimum": 0, "maximum": 65_535 };
    usize: { "type": "integer", "minimum": 0 };
    u64: { "type": "integer", "minimum": 0 };
    f64: { "type": "number" };
    Value: {};
}

/// Types whose values are a few names.
macro_rules! named {
    ($($type:ty: $($name:literal)|+;)*) => {$(
        impl $crate::http::api::shape::Shape for $type {
            fn schema(_: &mut $crate::http::api::shape::Schemas) -> serde_json::Value {
                serde_json::json!({ "type": "string", "enum": [$($name),+] })
            }
        }
    )*};
}
pub(super) use named;

named! {
    Lang: "fr" | "en";
    Qualifies: "caveat" | "condition";
    ActorKind: "alliance" | "members" | "body" | "state" | "organisation" | "sector" | "adversary";
    Recurrence: "yearly" | "regularly";
}

impl Shape for Strength {
    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "string", "enum": Strength::ALL.map(Strength::id) })
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn schema(schemas: &mut Schemas) -> Value {
        json!({ "type": "array", "items": T::schema(schemas) })
    }
}

impl<T: Shape> Shape for Option<T> {
    fn schema(schemas: &mut Schemas) -> Value {
        json!({ "anyOf": [T::schema(schemas), { "type": "null" }] })
    }
}

/// An absolute address (RFC 3986).
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Url(pub(super) String);

impl Shape for Url {
    fn schema(_: &mut Schemas) -> Value {
        json!({ "type": "string", "format": "uri" })
    }
}

shapes! {
    struct Span = "Des mots tels qu’ils figurent dans un texte, et où. Le texte est celui qui les accompagne.",
        "Words as they stand in a text, and where. The text is the one they come with.";
    {
        words: String = "Les mots.", "The words.";
        bytes: [usize; 2] = "Début et fin (exclue) dans le texte, en octets UTF-8.",
            "Start and end (exclusive) in the text, in bytes of UTF-8.";
        chars: [usize; 2] = "Début et fin (exclue), en caractères (points de code Unicode).",
            "Start and end (exclusive), in characters (Unicode code points).";
    }
}

impl Shape for [usize; 2] {
    fn schema(schemas: &mut Schemas) -> Value {
        json!({ "type": "array", "items": usize::schema(schemas), "minItems": 2, "maxItems": 2 })
    }
}

impl Span {
    /// What lies in `range` (bytes) of `text`.
    pub(super) fn of(text: &str, range: std::ops::Range<usize>) -> Self {
        let words = &text[range.clone()];
        let start = text[..range.start].chars().count();
        Self { words: words.to_owned(), bytes: [range.start, range.end], chars: [start, start + words.chars().count()] }
    }
}
