//! The server from outside: the real one on port 0, spoken to over sockets.

mod accounts;
mod api;
mod basket;
mod entrance;
mod errors;
mod exports;
mod figures;
mod files;
#[path = "../support/films.rs"]
mod films;
mod fuzz;
mod headers;
mod limits;
mod media;
mod pages;
mod person;
#[path = "../support/postgres.rs"]
mod postgres;
mod site;
mod taken;
mod views;
mod wire;
