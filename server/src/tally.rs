//! Where parts of the program count what they do, for Prometheus. A command counts nowhere.

use metrics::{Key, Label, Level, Metadata, Recorder};
use std::{fmt, sync::Arc};

/// Letters that were queued, by kind.
pub(crate) const QUEUED: &str = "estafette_letters_queued_total";
/// What became of letters: each try of each counts.
pub(crate) const LETTERS: &str = "estafette_letters_total";
/// What happened to accounts: the events of the audit.
pub(crate) const ACCOUNTS: &str = "estafette_account_events_total";

const META: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, None);

/// Counts by names.
#[derive(Clone, Default)]
pub(crate) struct Tally(Option<Arc<dyn Recorder + Send + Sync>>);

impl Tally {
    pub(crate) fn of(recorder: Arc<dyn Recorder + Send + Sync>) -> Self {
        Self(Some(recorder))
    }

    /// Once more. The values of labels come from the program, so that they are few.
    pub(crate) fn count(&self, name: &'static str, labels: &[(&'static str, &str)]) {
        if let Some(recorder) = &self.0 {
            let labels =
                labels.iter().map(|(label, value)| Label::new(*label, (*value).to_owned())).collect::<Vec<_>>();
            recorder.register_counter(&Key::from_parts(name, labels), &META).increment(1);
        }
    }
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tally")
    }
}
