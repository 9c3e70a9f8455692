//! Who asks, for the account's dialogs: the request's cookies and what else it tells.

use super::visitor::Visitor;
use crate::accounts::cookies::Cookie;
use app::account::contract::Caller;
use http::{HeaderMap, header};

/// Bytes of a cookie's value that are looked at. Ours are shorter.
const LONGEST: usize = 4096;

/// The caller of a request.
pub(crate) fn of(headers: &HeaderMap, visitor: &Visitor, secure: bool) -> Caller {
    let value = |cookie: Cookie| find(headers, cookie.name(secure));
    Caller {
        session: value(Cookie::Session),
        flow: value(Cookie::Flow),
        // One of ours: 32 bytes in base64url.
        device: value(Cookie::Device).filter(|token| token.len() == 43),
        notice: value(Cookie::Notice),
        address: visitor.address,
        agent: headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned(),
        secure,
    }
}

/// Whether the request carries a session's cookie at all: most do not, and need nobody to be looked up.
pub(crate) fn has_session(headers: &HeaderMap, secure: bool) -> bool {
    find(headers, Cookie::Session.name(secure)).is_some()
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let mut values = pairs.filter(|(key, value)| *key == name && !value.is_empty() && value.len() <= LONGEST);
    values.next().map(|(_, value)| value.to_owned())
}
