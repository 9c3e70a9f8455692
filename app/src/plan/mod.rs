//! The plan: read, searched.

pub mod contract;
mod finder;
mod found;
mod page;
mod passage;
mod reader;
mod search;

pub(crate) use finder::Finder;
pub(crate) use reader::Reader;
pub(crate) use search::{SearchDialog, SearchPage};
