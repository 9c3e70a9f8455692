//! Which language a visitor is answered in where the address does not say it.

use super::{citations, encoding::weighted, exports};
use axum::extract::Request;
use http::{HeaderMap, HeaderValue, header};
use plan::Lang;

/// The cookie in which a visitor's choice is kept.
const COOKIE: &str = "lang";

/// The address's language, else [`preferred`].
pub(crate) fn of(request: &Request) -> Lang {
    app::routes::lang_of(request.uri().path()).unwrap_or_else(|| preferred(request.headers()))
}

/// By past choice, else by `Accept-Language` (RFC 9110 §12.5.4), else the original's.
pub(crate) fn preferred(headers: &HeaderMap) -> Lang {
    chosen(headers).or_else(|| accepted(headers)).unwrap_or(Lang::ALL[0])
}

/// The language a visitor has just chosen: a page was reached from one of ours in the other language. Only the link
/// in the bar leads there, so no script and no address of its own is needed to see the choice. Who takes a file away in
/// the other language goes on reading in this one.
pub(crate) fn newly_chosen(request: &Request) -> Option<Lang> {
    let path = request.uri().path();
    let is_file = exports::is_file(path) || citations::is_file(path);
    let to = app::routes::lang_of(path).filter(|_| !is_file)?;
    let headers = request.headers();
    let text = |name| headers.get(name)?.to_str().ok();
    let host = request.uri().authority().map(|a| a.as_str()).or_else(|| text(header::HOST))?;
    let from = text(header::REFERER)?.split_once("://")?.1;
    let from = app::routes::lang_of(from.strip_prefix(host)?.split(['?', '#']).next()?)?;
    (from != to && chosen(headers) != Some(to)).then_some(to)
}

/// Keeps the choice for a year.
pub(crate) fn keep(lang: Lang, https: bool, headers: &mut HeaderMap) {
    let secure = if https { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={lang}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, cookie);
        // This answer is one visitor's: no shared cache may hand the choice to another.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
}

fn chosen(headers: &HeaderMap) -> Option<Lang> {
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then(|| value.parse().ok()).flatten())
}

fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let ranges: Vec<(&str, u16)> = weighted(headers, header::ACCEPT_LANGUAGE).collect();
    let weight = |lang: Lang| {
        let named = ranges.iter().filter(|(range, _)| {
            let primary = range.split('-').next().unwrap_or_default();
            primary.eq_ignore_ascii_case(lang.tag())
        });
        let any = || ranges.iter().find(|(range, _)| *range == "*");
        named.max_by_key(|(_, weight)| *weight).or_else(any).map_or(0, |(_, weight)| *weight)
    };
    // Of equal weight, the one named first.
    let place = |lang: Lang| ranges.iter().position(|(range, _)| range.get(..2) == Some(lang.tag()));
    let best = |lang: &Lang| (weight(*lang), std::cmp::Reverse(place(*lang).unwrap_or(usize::MAX)));
    Lang::ALL.into_iter().filter(|lang| weight(*lang) > 0).rev().max_by_key(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(accept: &str, cookie: &str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().expect("a header value"));
        headers.insert(header::COOKIE, cookie.parse().expect("a header value"));
        preferred(&headers)
    }

    #[test]
    fn accept_language_is_weighed() {
        assert_eq!(lang("en", ""), Lang::En);
        assert_eq!(lang("fr-CA, en;q=0.8", ""), Lang::Fr);
        assert_eq!(lang("fr;q=0.3, en-GB;q=0.7", ""), Lang::En);
        assert_eq!(lang("de, en;q=0.5, fr;q=0.4", ""), Lang::En);
        assert_eq!(lang("en, fr", ""), Lang::En);
        assert_eq!(lang("fr, en", ""), Lang::Fr);
        assert_eq!(lang("fr;q=0, *", ""), Lang::En);
        assert_eq!(lang("EN-us", ""), Lang::En);
    }

    #[test]
    fn the_original_is_what_remains() {
        assert_eq!(lang("", ""), Lang::Fr);
        assert_eq!(lang("de", ""), Lang::Fr);
        assert_eq!(lang("*", ""), Lang::Fr);
        assert_eq!(lang(";;;q=,,;q=9,x", ""), Lang::Fr);
    }

    #[test]
    fn a_past_choice_wins() {
        assert_eq!(lang("fr", "a=b; lang=en"), Lang::En);
        assert_eq!(lang("en", "lang=xx"), Lang::En);
        assert_eq!(lang("en", "slang=fr"), Lang::En);
    }
}
