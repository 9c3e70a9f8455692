//! An operation: from what is asked to what is answered.

use super::{
    Api,
    asked::{Given, Parameter, Parameters},
    decoded,
    shape::{Says, Schemas, Shape, Url},
};
use crate::http::problem::Problem;
use axum::{body::Bytes, response::Response};
use futures_util::future::BoxFuture;
use http::{Method, StatusCode, request::Parts};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A request that has found its operation.
pub(super) struct Ask<'a> {
    pub(super) api: &'a Api,
    pub(super) path: &'a str,
    pub(super) given: &'a Given,
    pub(super) body: &'a Bytes,
}

impl Ask<'_> {
    /// The address that was asked.
    pub(super) fn own(&self) -> Url {
        self.own_with(&[])
    }

    /// The same address without its parameters.
    pub(super) fn own_path(&self) -> String {
        format!("{}{}", self.api.site.public_url, self.path)
    }

    /// The same address, with some of its parameters changed.
    pub(super) fn own_with(&self, changed: &[(&str, usize)]) -> Url {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.given.query.iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name)));
        query.extend_pairs(changed.iter().map(|(name, value)| (name, value.to_string())));
        let query = query.finish();
        let query = if query.is_empty() { query } else { format!("?{query}") };
        Url(format!("{}{}{query}", self.api.site.public_url, self.path))
    }
}

/// An answer on its way: its JSON, and links for the header.
pub(super) struct Made {
    pub(super) json: Vec<u8>,
    pub(super) links: Vec<(&'static str, String)>,
}

/// What is answered when more was asked than the text in memory.
pub(super) enum Served {
    /// JSON, to be dressed as all of it is.
    Json(Made),
    /// An answer with headers and a status of its own.
    Whole(Response),
}

type Now = Box<dyn Fn(&Ask<'_>) -> Result<Made, Problem> + Send + Sync>;
/// Asks the store, or the media store; sees the request's head.
pub(super) type Later = for<'a> fn(&'a Ask<'a>, &'a Parts) -> BoxFuture<'a, Result<Served, Problem>>;

enum Answer {
    Now(Now),
    Later(Later),
}

/// What an operation answers with.
pub(super) enum Returns {
    /// JSON of that schema.
    Json(fn(&mut Schemas) -> Value),
    /// Bytes, whole or in ranges; and, where they must be made first, how far they have come.
    Film(Option<fn(&mut Schemas) -> Value>),
    /// How far something has come that is made on order, in JSON of that schema.
    Job(fn(&mut Schemas) -> Value),
    /// A file of that media type.
    File(&'static str),
}

/// What a request's body holds.
pub(super) struct Takes {
    pub(super) schema: fn(&mut Schemas) -> Value,
    pub(super) example: Value,
}

/// Something that can be asked, and everything that is told of it.
pub(super) struct Operation {
    pub(super) id: &'static str,
    pub(super) method: Method,
    /// Below [`super::BASE`], variable segments in braces.
    pub(super) path: &'static str,
    /// What it answers, in a line.
    pub(super) says: Says,
    /// Path and query of a request that shows it, below [`super::BASE`]; [`super::openapi`] puts something of the text in
    /// the place of what stands in braces.
    pub(super) example: &'static str,
    pub(super) parameters: Vec<Parameter>,
    pub(super) takes: Option<Takes>,
    pub(super) returns: Returns,
    /// Why it may be refused, beside the usual.
    pub(super) refuses: &'static [StatusCode],
    answer: Answer,
}

impl Operation {
    /// A GET: `answer` makes a `T` of the parameters `P`.
    pub(super) fn get<P: Parameters, T: Shape>(
        id: &'static str,
        path: &'static str,
        example: &'static str,
        says: Says,
        answer: impl Fn(&Ask<'_>, P) -> Result<T, Problem> + Send + Sync + 'static,
    ) -> Self {
        let answer = Answer::Now(Box::new(move |ask| made(&answer(ask, P::read(ask.given)?)?)));
        let (parameters, returns) = (P::list(), Returns::Json(T::schema));
        Self { id, method: Method::GET, path, says, example, parameters, takes: None, returns, refuses: &[], answer }
    }

    /// A GET that is answered later, of the parameters `P`.
    pub(super) fn later<P: Parameters>(
        id: &'static str,
        path: &'static str,
        says: Says,
        (returns, refuses): (Returns, &'static [StatusCode]),
        answer: Later,
    ) -> Self {
        let (parameters, answer) = (P::list(), Answer::Later(answer));
        Self { id, method: Method::GET, path, says, example: path, parameters, takes: None, returns, refuses, answer }
    }

    /// A POST without a body, answered later, of the parameters `P`.
    pub(super) fn ordered<P: Parameters>(
        id: &'static str,
        path: &'static str,
        says: Says,
        (returns, refuses): (Returns, &'static [StatusCode]),
        answer: Later,
    ) -> Self {
        Self { method: Method::POST, ..Self::later::<P>(id, path, says, (returns, refuses), answer) }
    }

    /// A POST: `answer` makes a `T` of the parameters `P` and of the `B` in the body.
    pub(super) fn post<P: Parameters, B: Shape + DeserializeOwned, T: Shape>(
        id: &'static str,
        path: &'static str,
        (query, body): (&'static str, Value),
        says: Says,
        answer: impl Fn(&Ask<'_>, P, B) -> Result<T, Problem> + Send + Sync + 'static,
    ) -> Self {
        let answer = Answer::Now(Box::new(move |ask| {
            let parameters = P::read(ask.given)?;
            made(&answer(ask, parameters, read(ask.body)?)?)
        }));
        let takes = Some(Takes { schema: B::schema, example: body });
        let (parameters, returns) = (P::list(), Returns::Json(T::schema));
        Self { id, method: Method::POST, path, says, example: query, parameters, takes, returns, refuses: &[], answer }
    }

    /// The variable segments of a path below [`super::BASE`], if it is one of this operation's.
    pub(super) fn matches(&self, path: &str) -> Option<Vec<(&'static str, String)>> {
        let (mut ours, mut theirs) = (self.path.split('/'), path.split('/'));
        let mut variables = Vec::new();
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return Some(variables),
                (Some(ours), Some(theirs)) => match variable(ours) {
                    Some(name) => variables.push((name, decoded(theirs).filter(|value| !value.is_empty())?)),
                    None if ours == theirs => {}
                    None => return None,
                },
                _ => return None,
            }
        }
    }

    /// Whether a parameter stands in the path.
    pub(super) fn in_path(&self, name: &str) -> bool {
        self.path.split('/').any(|segment| variable(segment) == Some(name))
    }

    pub(super) async fn answer(&self, ask: &Ask<'_>, request: &Parts) -> Result<Served, Problem> {
        match &self.answer {
            Answer::Now(answer) => answer(ask).map(Served::Json),
            Answer::Later(answer) => answer(ask, request).await,
        }
    }

    /// Its own example answered. What is answered later depends on more than the text, and has none.
    pub(super) fn example(&self, ask: &Ask<'_>) -> Option<Made> {
        match &self.answer {
            Answer::Now(answer) => answer(ask).ok(),
            Answer::Later(_) => None,
        }
    }
}

fn variable(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

pub(super) fn made<T: Shape>(value: &T) -> Result<Made, Problem> {
    let json = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "an answer of the API has no form in JSON");
        Problem::of(StatusCode::INTERNAL_SERVER_ERROR)
    })?;
    Ok(Made { json, links: value.links() })
}

/// A body: 400 where it is no JSON, 422 where it is not what is asked for.
fn read<B: DeserializeOwned>(body: &Bytes) -> Result<B, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        let status = if error.is_data() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        Problem::of(status).detail(format!("The body: {error}."))
    })
}
