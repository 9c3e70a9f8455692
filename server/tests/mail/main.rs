//! Letters: what they say, and how they leave, by a real mail server that does what mail servers do.

mod judges;
mod kill;
mod letters;
mod recall;
mod sending;
mod server;
