#![doc = include_str!("../README.md")]

#[cfg(feature = "xml")]
pub mod akn;
pub mod cite;
#[cfg(feature = "content")]
pub mod content;
pub mod date;
#[cfg(feature = "export")]
pub mod export;
pub mod gloss;
#[cfg(feature = "xml")]
pub mod import;
pub mod model;
pub mod quote;
pub mod search;

pub use model::*;
