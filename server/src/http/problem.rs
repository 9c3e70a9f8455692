//! Errors as programs read them: problem details (RFC 9457).

use app::account::limits::Refusal;
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

/// What a problem brings along that is no part of its text.
#[derive(Clone, Debug, Default)]
struct Beside {
    headers: HeaderMap,
    /// The same to people, who are shown a page instead.
    refusal: Option<Refusal>,
}

/// What went wrong. The type is `about:blank`, which leaves it to the status; only what is registered has its own.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    #[serde(serialize_with = "number")]
    pub(crate) status: StatusCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Box<str>>,
    /// The parameter at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<Box<str>>,
    /// Under which the log tells what happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<Box<str>>,
    #[serde(rename = "violated-policies", skip_serializing_if = "Option::is_none")]
    violated_policies: Option<[&'static str; 1]>,
    #[serde(skip)]
    beside: Option<Box<Beside>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes every field so")]
fn number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    /// The problem that a status tells of by itself.
    pub(crate) fn of(status: StatusCode) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status,
            detail: None,
            parameter: None,
            incident: None,
            violated_policies: None,
            beside: None,
        }
    }

    /// What is wrong with this request, in a sentence.
    pub(crate) fn detail(self, detail: impl Into<Box<str>>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// The parameter at fault.
    pub(crate) fn about(self, name: &str) -> Self {
        Self { parameter: Some(name.into()), ..self }
    }

    /// What is wrong with one parameter (400).
    pub(crate) fn parameter(name: &str, detail: impl Into<Box<str>>) -> Self {
        Self { parameter: Some(name.into()), ..Self::of(StatusCode::BAD_REQUEST).detail(detail) }
    }

    /// With the number under which the log tells more.
    pub(crate) fn incident(self, incident: Option<&str>) -> Self {
        Self { incident: incident.map(Into::into), ..self }
    }

    /// With more headers.
    pub(crate) fn headers(mut self, headers: HeaderMap) -> Self {
        self.beside.get_or_insert_default().headers.extend(headers);
        self
    }

    /// As it is said to people.
    pub(crate) fn for_people(mut self, refusal: Refusal) -> Self {
        self.beside.get_or_insert_default().refusal = Some(refusal);
        self
    }

    /// Too much was asked for (draft-ietf-httpapi-ratelimit-headers-11 §5).
    pub(crate) fn quota_exceeded(policy: &'static str) -> Self {
        Self {
            kind: "https://iana.org/assignments/http-problem-types#quota-exceeded",
            violated_policies: Some([policy]),
            ..Self::of(StatusCode::TOO_MANY_REQUESTS)
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status, Body::from(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 6750 §3. Whoever is a person signs in instead; HTTP has no scheme for that.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(beside) = self.beside {
            headers.extend(beside.headers);
            if let Some(refusal) = beside.refusal {
                response.extensions_mut().insert(refusal);
            }
        }
        response
    }
}
