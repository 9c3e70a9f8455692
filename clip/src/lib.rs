#![doc = include_str!("../README.md")]

mod atoms;
mod cut;
pub mod edl;
mod error;
mod index;
mod packed;
mod point;
mod receipt;
mod route;
mod tables;
mod timecode;
mod write;

pub use cut::{Clip, Extent, Piece};
pub use error::Refused;
pub use index::{Frames, Index, Track};
pub use point::{BadPoint, Point};
pub use receipt::{FramesOf, Receipt, Stretch};
pub use route::{EditSafe, Picture, Proposal, Route, Whole, Why};
pub use timecode::{BadTimecode, Rate, Timecode, TimecodeFormat};
