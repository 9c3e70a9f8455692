//! The server from outside: the real one on port 0, spoken to over sockets.

mod accounts;
mod entrance;
mod errors;
mod figures;
mod files;
mod headers;
mod limits;
mod pages;
mod person;
#[path = "../support/postgres.rs"]
mod postgres;
mod site;
mod wire;
