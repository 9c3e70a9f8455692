//! The basket: ranges of footage put aside, to take them all at once. The server writes the page, its forms are ordinary
//! ones, and no script knows of it.

pub mod contract;
mod page;
mod readme;
mod words;

pub(crate) use page::{beside, html, title, with_it};
pub use readme::{Packed, readme};
