//! Footage: what is done with it beyond computing, which `clip` does.

pub(crate) mod beside;
pub(crate) mod captions;
pub(crate) mod clips;
pub mod delivery;
pub(crate) mod edit_safe;
pub(crate) mod ffmpeg;
pub(crate) mod intake;
pub(crate) mod made;
pub mod metadata;
pub(crate) mod output;
pub mod probe;
pub(crate) mod renditions;
pub(crate) mod stills;
pub mod vault;
pub(crate) mod watch;
pub(crate) mod waveform;
pub(crate) mod worker;
pub(crate) mod working;
pub(crate) mod zip;
