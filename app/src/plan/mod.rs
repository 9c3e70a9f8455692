//! The plan: read, searched.

mod card;
pub mod contract;
mod finder;
mod found;
#[cfg(feature = "ssr")]
mod page;
mod reader;
mod search;

pub(crate) use finder::Finder;
pub(crate) use reader::Reader;
pub(crate) use search::{SearchDialog, SearchPage};
