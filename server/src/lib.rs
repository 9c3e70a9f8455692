#![doc = include_str!("../README.md")]

pub mod cli;
pub mod http;
pub mod logging;
mod plans;
pub mod settings;
pub mod store;
