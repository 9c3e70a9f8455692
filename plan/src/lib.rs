#![doc = include_str!("../README.md")]

#[cfg(feature = "xml")]
pub mod akn;
#[cfg(feature = "content")]
pub mod content;
#[cfg(feature = "xml")]
pub mod import;
pub mod model;
pub mod search;

pub use model::*;
