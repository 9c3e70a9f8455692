#![doc = include_str!("../README.md")]

mod accounts;
pub mod cli;
pub mod clock;
pub mod http;
pub mod logging;
pub mod mail;
mod plans;
pub mod secrets;
pub mod settings;
pub mod store;
