//! One answer per request. `front` receives, `server` listens, the rest is what lies between.

mod caller;
mod crossing;
mod dress;
mod encoding;
mod entrance;
mod errors;
mod files;
mod front;
mod frozen;
mod guard;
mod headers;
mod health;
mod language;
mod mapping;
mod metrics;
mod pages;
mod patience;
mod router;
mod server;
mod tls;
mod visitor;

pub use server::{Server, StartError, told_to_stop};
pub(crate) use server::{identity, key_file, open_store};
