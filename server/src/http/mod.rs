//! One answer per request. `front` receives, `server` listens, the rest is what lies between.

mod api;
mod basket;
mod caller;
mod citations;
mod crossing;
mod downloads;
mod dress;
mod encoding;
mod entrance;
mod errors;
mod exports;
mod feeds;
mod files;
mod front;
mod frozen;
mod guard;
mod headers;
mod health;
mod language;
pub(crate) mod library;
mod mapping;
mod metrics;
mod pages;
mod patience;
mod problem;
mod quotation;
mod router;
mod server;
mod throttle;
mod tls;
mod visitor;

pub use server::{Server, StartError, told_to_stop};
pub(crate) use server::{identity, key_file, open_store};
