//! Where the account's forms are sent: `POST /api/account/…`, one server function for each method of [`Accounts`].
#![expect(dead_code, reason = "called by their addresses alone")]

use super::contract::{Accounts, Answer, Caller, Registration};
use crate::{
    Site,
    data::Json,
    routes::{Step, To, lang_of},
};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_axum::ResponseOptions;
use plan::Lang;
use std::sync::Arc;

/// Who answers, and who asks.
fn asked() -> (Arc<dyn Accounts>, Caller) {
    (expect_context(), expect_context())
}

/// The language a form names.
fn language(tag: &str) -> Lang {
    lang_of(tag).unwrap_or(Lang::Fr)
}

/// Declares forms: where each is sent, its fields, and what is asked with them. A field that lacks is empty: what is
/// to be said of that is the dialog's to say.
macro_rules! forms {
    ($($endpoint:tt $name:ident($($field:ident),*) => $method:ident($($argument:expr),*);)*) => {$(
        #[server(endpoint = $endpoint)]
        pub async fn $name(
            #[server(default)] lang: String,
            $(#[server(default)] $field: String,)*
        ) -> Result<(), ServerFnError> {
            let (accounts, caller) = asked();
            respond(accounts.$method(&caller, language(&lang), $($argument),*).await);
            Ok(())
        }
    )*};
}

forms! {
    "account/register" register(email, sure, password, terms, website, return_to) => register(
        Registration { email, sure, password, terms: !terms.is_empty(), website, return_to }
    );
    "account/verify" verify(code) => verify(code);
    "account/send-code" send_code() => send_code();
    "account/mend" mend(email, password) => mend(email, password);
    "account/sign-in" sign_in(email, password, return_to) => sign_in(email, password, return_to);
    "account/sign-out" sign_out(return_to) => sign_out(return_to);
    "account/reset" reset(email, return_to) => reset(email, return_to);
    "account/reset-code" reset_code(code) => check_code(code);
    "account/new-password" new_password(password) => renew(password);
    "account/change-password" change_password(current, password) => change_password(current, password);
    "account/letters" letters(letters) => choose_letters(language(&letters));
    "account/newsletter" newsletter(on, step) => newsletter(!on.is_empty(), Step::of_path(&step).unwrap_or(Step::Account));
    "account/end-sessions" end_sessions(id) => end_sessions(id);
    "account/accept-terms" accept_terms(return_to) => accept_terms(return_to);
    "account/make-token" make_token(name, days, proof) => make_token(name, days, proof);
    "account/end-token" end_token(id) => end_token(id);
    "account/delete" delete(password) => delete(password);
}

/// An account's page as HTML, by its path and query; empty where one must go elsewhere first, as the response says.
#[server(endpoint = "account/page", input = GetUrl)]
pub async fn page(address: String) -> Result<Json, ServerFnError> {
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    let Some((lang, To::Account(step))) = To::parse(path) else {
        return Err(ServerFnError::new("no page of an account"));
    };
    let (accounts, caller) = asked();
    let site = Site::current();
    match accounts.view(&caller, lang, step, query).await {
        Ok((view, cookies)) => {
            keep_nothing(&cookies);
            Json::of(&super::page::html(&view, lang, &site))
        }
        Err(answer) => {
            let html = answer.retry_after.map(|_| super::page::busy(lang)).unwrap_or_default();
            respond(answer);
            Json::of(&html)
        }
    }
}

/// How hard a password is to guess, from 0 to 4: asked while one is chosen.
#[server(endpoint = "account/strength")]
pub async fn strength(#[server(default)] password: String) -> Result<u8, ServerFnError> {
    let (accounts, _) = asked();
    keep_nothing(&[]);
    Ok(accounts.strength(password).await)
}

/// The address that is signed in, or nothing: a page that the browser has kept asks whether it is still right.
#[server(endpoint = "account/who", input = GetUrl)]
pub async fn who() -> Result<String, ServerFnError> {
    let (accounts, caller) = asked();
    keep_nothing(&[]);
    Ok(accounts.who(&caller).await.unwrap_or_default())
}

/// The stems of passwords that have leaked, for the browser to tell at once: separated by spaces, so that in JSON
/// nothing is escaped.
#[server(endpoint = "account/leaked", input = GetUrl)]
pub async fn leaked() -> Result<String, ServerFnError> {
    set(header::CACHE_CONTROL, "public, max-age=86400");
    Ok(super::policy::LEAKED.replace('\n', " "))
}

fn set(name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        expect_context::<ResponseOptions>().insert_header(name, value);
    }
}

/// What is one visitor's own: never kept on the way, and with these cookies.
fn keep_nothing(cookies: &[String]) {
    let response = expect_context::<ResponseOptions>();
    for cookie in cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.append_header(header::SET_COOKIE, cookie);
    }
    set(header::CACHE_CONTROL, "no-store");
}

/// Leads on: a browser by itself, a script by what it reads in the header `location`.
///
/// Leptos would lead a form back to where it was sent from; what stands here comes last and overrules it.
fn respond(answer: Answer) {
    let response = expect_context::<ResponseOptions>();
    keep_nothing(&answer.cookies);
    if let Some(seconds) = answer.retry_after {
        set(header::RETRY_AFTER, &seconds.to_string());
        response.set_status(StatusCode::SERVICE_UNAVAILABLE);
        return;
    }
    set(header::LOCATION, &answer.location);
    let parts = expect_context::<Parts>();
    let accept = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if accept.contains("text/html") || !parts.uri.path().starts_with("/api/") {
        response.set_status(StatusCode::SEE_OTHER);
    }
}
