//! Errors as a visitor meets them: a page in the site's look and the visitor's language, or a line for programs.

use super::{api, dress::tidied, headers::Policy, language, problem::Problem};
use app::{Site, account::limits::Refusal};
use axum::{
    extract::Request,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
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
    /// As the request tells. Programs that accept anything are sent one line of text, those of the API what it promises.
    pub(crate) fn of(request: &Request) -> Self {
        if api::serves(request.uri().path()) {
            return Self { form: Form::Json, lang: Lang::ALL[0] };
        }
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
        let mut response = match reader.form {
            Form::Page => {
                let page = app::errors::render(&self.site, &self.options, reader.lang, status.as_u16(), incident);
                let language = HeaderValue::from_static(reader.lang.tag());
                // The policy for https only adds that links be upgraded, and these pages link to ourselves.
                let policy = Policy::without_scripts().value(false);
                let headers = [(header::CONTENT_LANGUAGE, language), (header::CONTENT_SECURITY_POLICY, policy)];
                (status, headers, Html(tidied(&page))).into_response()
            }
            Form::Json => Problem::of(status).incident(incident).into_response(),
            Form::Text => {
                let title = status.canonical_reason().unwrap_or("Error");
                let incident = incident.map(|incident| format!(" (incident {incident})")).unwrap_or_default();
                (status, format!("{} {title}{incident}\n", status.as_u16())).into_response()
            }
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, cookie"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }

    /// An answer of the API's that says to people why it is none, as a page where one is asked for.
    pub(crate) fn to_people(&self, asked: &HeaderMap, response: Response) -> Response {
        let accept = asked.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        let Some(refusal) = response.extensions().get::<Refusal>().filter(|_| accept.contains("text/html")) else {
            return response;
        };
        let lang = language::preferred(asked);
        let page = app::errors::refused(&self.site, &self.options, lang, response.status().as_u16(), refusal);
        let mut worded = (response.status(), Html(tidied(&page))).into_response();
        let headers = worded.headers_mut();
        for (name, value) in response.headers() {
            if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
                headers.append(name, value.clone());
            }
        }
        headers.insert(header::CONTENT_SECURITY_POLICY, Policy::without_scripts().value(false));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language, cookie"));
        worded
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
