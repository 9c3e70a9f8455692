//! Letters: what they say, and how they leave, by a real mail server that does what mail servers do.

mod kill;
mod letters;
mod sending;
mod server;
