#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "the component macro writes `pub` for components of the crate's own")]

pub mod account;
pub mod browser;
mod data;
#[cfg(feature = "ssr")]
pub mod errors;
#[cfg(feature = "ssr")]
mod head;
#[cfg(feature = "ssr")]
mod home;
mod html;
mod icons;
mod layout;
pub mod plan;
mod prose;
pub mod routes;
#[cfg(feature = "ssr")]
mod shell;
mod site;
mod words;

pub use layout::{App, who_html};
#[cfg(feature = "ssr")]
pub use shell::shell;
pub use site::{Localised, Site, Who};
