//! Accounts: what the dialogs ask, what they answer, and how they look.
//!
//! The server writes each page as HTML ([`page`]) and each form is an ordinary one, sent to a server function. The
//! browser's half only makes it quicker: rules ticked off while one types, times counted down, answers without a new
//! page.

#[cfg(feature = "ssr")]
pub mod contract;
#[cfg(feature = "ssr")]
pub mod email;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
pub mod limits;
#[cfg(feature = "ssr")]
mod page;
pub mod policy;
mod quick;
#[cfg(feature = "ssr")]
pub(crate) mod words;

#[cfg(feature = "ssr")]
pub(crate) use page::title;
pub(crate) use quick::Account;
