#![doc = include_str!("../README.md")]

mod accounts;
mod basket;
pub mod cli;
pub mod clock;
pub mod http;
pub mod library;
pub mod logging;
pub mod mail;
pub mod media;
mod plans;
pub mod secrets;
pub mod settings;
pub mod store;
mod takeaway;
mod tally;
mod workers;
