//! The video library: found, watched, marked, taken away.
//!
//! The server writes each page as HTML (`search`, `video`); what changes with the address stands in the page's
//! `data-part`s, and the handlers of the plan's views follow it (`explore::quick`). Marks are fields of a form, so a page
//! without a script has them too. The browser's half knows no word: `player` plays, steps and marks, `board` shows
//! what is in a video under a finger or a pointer.

#[cfg(feature = "ssr")]
pub mod basket;
mod board;
#[cfg(feature = "ssr")]
mod cards;
#[cfg(feature = "ssr")]
pub mod contract;
#[cfg(feature = "ssr")]
pub mod feed;
mod player;
#[cfg(test)]
mod samples;
#[cfg(feature = "ssr")]
mod search;
pub mod timing;
#[cfg(feature = "ssr")]
mod video;
#[cfg(feature = "ssr")]
pub(crate) mod words;

#[cfg(feature = "ssr")]
pub(crate) use cards::{beside, strip};
#[cfg(feature = "ssr")]
pub(crate) use video::{describe, head};
pub(crate) use {board::watch, player::begin};

#[cfg(feature = "ssr")]
use crate::{
    account::contract::{Accounts, Caller},
    plan::contract::Plans,
    routes::To,
    site::{Site, Who},
};
#[cfg(feature = "ssr")]
use basket::contract::{Baskets, Choice, Uploaded};
#[cfg(feature = "ssr")]
use contract::{Library, Sought, Unavailable};
#[cfg(feature = "ssr")]
use http::{HeaderValue, header, request::Parts};
#[cfg(feature = "ssr")]
use leptos::prelude::{expect_context, use_context};
#[cfg(feature = "ssr")]
use leptos_axum::ResponseOptions;
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// The video of a page's address, looked up before the page is begun: its head needs it too. In the server's context.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct Shown(pub Sought);

/// The HTML of the library's page at that address, path and query; empty where it is none of them.
///
/// # Errors
/// Where the library cannot answer.
#[cfg(feature = "ssr")]
pub(crate) async fn html(address: &str) -> Result<String, Unavailable> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let library = expect_context::<Arc<dyn Library>>();
    let plans = expect_context::<Arc<dyn Plans>>();
    let (site, shown) = (Site::current(), use_context::<Shown>());
    match To::parse(path) {
        Some((lang, To::Media)) => {
            let query = contract::Query::read(form_urlencoded::parse(query.as_bytes()));
            let found = library.search(lang, &query).await?;
            Ok(search::html(lang, &site, &plans.document(lang), &query, &found))
        }
        Some((lang, To::Video(number))) => {
            keep_to_oneself();
            let may = may().await;
            let sought = match shown {
                Some(Shown(sought)) => sought,
                None => library.video(&number).await?,
            };
            let Sought::Found(video) = sought else { return Ok(video::missing(lang, &site, &sought)) };
            let asked = video::Asked::read(&video, query);
            let part = match asked.wanted(&video) {
                Some((rendition, frames)) => library.part(&video.number, rendition, frames).await?,
                None => None,
            };
            let held = match (use_context::<Arc<dyn Baskets>>(), use_context::<Caller>()) {
                (Some(baskets), Some(caller)) if may != video::May::SignIn => {
                    baskets.beside(&caller, &video.number).await?
                }
                _ => None,
            };
            let reader = video::Reader { may, held };
            Ok(video::html(lang, &site, &plans.document(lang), &video, &asked, part.as_ref(), &reader))
        }
        Some((lang, To::Basket)) => {
            keep_to_oneself();
            let choice = Choice::read(query);
            let basket = match (use_context::<Arc<dyn Baskets>>(), use_context::<Caller>()) {
                (Some(baskets), Some(caller)) => baskets.basket(&caller, &choice).await?,
                _ => None,
            };
            let sent = use_context::<Uploaded>().map(|Uploaded(sent)| sent);
            let accepted = may().await == video::May::Take;
            Ok(basket::html(lang, &site, &choice, (basket.as_ref(), accepted), sent.as_deref()))
        }
        _ => Ok(String::new()),
    }
}

/// What a script fetches differs by who is signed in, like the page: nothing on the way keeps it.
#[cfg(feature = "ssr")]
fn keep_to_oneself() {
    let fetched = use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/api/"));
    if let Some(response) = use_context::<ResponseOptions>().filter(|_| fetched) {
        response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// What who asks may do: the page's request says whether somebody is signed in, or the session of a script's.
#[cfg(feature = "ssr")]
async fn may() -> video::May {
    let (accounts, caller) = (use_context::<Arc<dyn Accounts>>(), use_context::<Caller>());
    let Some((accounts, caller)) = accounts.zip(caller).filter(|(_, caller)| caller.session.is_some()) else {
        return video::May::SignIn;
    };
    let signed_in = match use_context::<Who>() {
        Some(Who(who)) => !who.is_empty(),
        None => accounts.who(&caller).await.is_some(),
    };
    match signed_in {
        false => video::May::SignIn,
        true if accounts.accepts(&caller).await => video::May::Take,
        true => video::May::Accept,
    }
}
