#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "the component macro writes `pub` for components of the crate's own")]

pub mod account;
#[cfg(feature = "ssr")]
mod api;
pub mod browser;
mod data;
#[cfg(feature = "ssr")]
pub mod errors;
pub mod explore;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
mod head;
#[cfg(feature = "ssr")]
mod home;
mod html;
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "some are drawn by the server alone"))]
mod icons;
mod layout;
pub mod media;
pub mod plan;
mod prose;
pub mod routes;
#[cfg(feature = "ssr")]
mod shell;
mod site;
mod words;

#[cfg(feature = "ssr")]
pub use api::OpenApi;
pub use layout::{App, who_html};
#[cfg(feature = "ssr")]
pub use shell::shell;
pub use site::{Localised, Site, Who};
