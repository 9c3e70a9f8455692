//! The plan explored: as a register, a matrix, a network, a timeline, by what it does not say, by quotation, by paths.
//!
//! The server writes each view as HTML ([`page`]). Every state of a view has an address, reached by links and by forms
//! that are sent as GET: without a script all of it works. The browser's half ([`quick`]) follows the same addresses
//! without a new page; no word of a view is part of the Wasm.

#[cfg(feature = "ssr")]
mod matrix;
#[cfg(feature = "ssr")]
mod network;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod paths;
mod quick;
#[cfg(feature = "ssr")]
mod quote;
#[cfg(feature = "ssr")]
mod register;
#[cfg(feature = "ssr")]
mod silences;
#[cfg(feature = "ssr")]
mod timeline;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub(crate) use page::{html, title, ways};
pub(crate) use quick::{Media, Plan};
#[cfg(feature = "ssr")]
pub use register::{Format, download};

use crate::data::Json;
#[cfg(feature = "ssr")]
use crate::routes::To;
use leptos::prelude::*;

/// Characters of a quotation that an address holds; a longer one travels in a form's body.
pub const IN_ADDRESS: usize = 2_000;

/// The HTML of the view or of the library's page at that address of ours, path and query; empty where there is none.
///
/// # Errors
/// Where the server cannot be reached, or the library cannot be asked.
#[server(endpoint = "plan/view", input = leptos::server_fn::codec::GetUrl)]
pub(crate) async fn get_view(address: String) -> Result<Json, ServerFnError> {
    let path = address.split('?').next().unwrap_or_default();
    if let Some((_, To::Media | To::Basket | To::Video(_))) = To::parse(path) {
        return Json::of(&crate::media::html(&address).await.map_err(ServerFnError::new)?);
    }
    let plans = expect_context::<std::sync::Arc<dyn crate::plan::contract::Plans>>();
    Json::of(&html(&*plans, &crate::Site::current(), &address).unwrap_or_default())
}
