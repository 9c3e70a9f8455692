//! Errors as a visitor meets them: a page in the site's look and the visitor's language, or a line for programs.

use super::{dress::tidied, headers::Policy, language};
use app::Site;
use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use leptos::config::LeptosOptions;
use plan::Lang;

/// Makes the error pages.
pub(crate) struct Errors {
    pub(crate) site: Site,
    pub(crate) options: LeptosOptions,
}

/// In what form and language someone would read of an error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    form: Form,
    lang: Lang,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Page,
    Json,
    Text,
}

impl Reader {
    /// As the request tells. Programs that accept anything are sent one line of text.
    pub(crate) fn of(request: &Request) -> Self {
        let mut accepted =
            request.headers().get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
        let form = accepted.find_map(|accept| {
            if accept.contains("text/html") || accept.contains("application/xhtml+xml") {
                Some(Form::Page)
            } else {
                accept.contains("json").then_some(Form::Json)
            }
        });
        Self { form: form.unwrap_or(Form::Text), lang: language::of(request) }
    }
}

impl Errors {
    /// The answer for `status`. `incident` is a number under which the log tells what happened.
    pub(crate) fn answer(&self, reader: Reader, status: StatusCode, incident: Option<&str>) -> Response {
        let title = status.canonical_reason().unwrap_or("Error");
        let (kind, body) = match reader.form {
            Form::Page => {
                let page = app::errors::render(&self.site, &self.options, reader.lang, status.as_u16(), incident);
                let page = tidied(&page);
                ("text/html; charset=utf-8", page)
            }
            // RFC 9457.
            Form::Json => {
                let mut problem = serde_json::json!({ "title": title, "status": status.as_u16() });
                if let Some(incident) = incident {
                    problem["incident"] = incident.into();
                }
                ("application/problem+json", problem.to_string())
            }
            Form::Text => {
                let incident = incident.map(|incident| format!(" (incident {incident})")).unwrap_or_default();
                ("text/plain; charset=utf-8", format!("{} {title}{incident}\n", status.as_u16()))
            }
        };
        let policy = match reader.form {
            Form::Page => Policy::without_scripts(),
            Form::Json | Form::Text => Policy::nothing(),
        };
        let mut response = (status, Body::from(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, cookie"));
        if matches!(reader.form, Form::Page) {
            headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(reader.lang.tag()));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        // The policy for https only adds that links be upgraded, and these pages link to ourselves.
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.value(false));
        response
    }

    /// Gives a bare refusal, as routers make them, its page; keeps what its headers say (`Allow`).
    pub(crate) fn put_into_words(&self, reader: Reader, response: Response) -> Response {
        let status = response.status();
        let failed = status.is_client_error() || status.is_server_error();
        // That too much is under way is told in words, whoever noticed it.
        let overload = status == StatusCode::SERVICE_UNAVAILABLE && matches!(reader.form, Form::Page);
        if !failed || (response.headers().contains_key(header::CONTENT_TYPE) && !overload) {
            return response;
        }
        let mut worded = self.answer(reader, status, None);
        for (name, value) in response.headers() {
            let of_another =
                [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_SECURITY_POLICY, header::LOCATION];
            if !of_another.contains(name) {
                worded.headers_mut().insert(name, value.clone());
            }
        }
        worded
    }
}
