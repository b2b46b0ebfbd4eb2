//! Policy of a creation.

use std::time::Duration;

/// By what rules a child is created once.
///
/// ```
/// use mms_client::CreateOncePolicy;
///
/// let second_of_the_name = CreateOncePolicy { allow_same_name: true, ..CreateOncePolicy::default() };
/// # let _ = second_of_the_name;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateOncePolicy {
    /// How long to wait before each further look at the list, after one at once that shows no child; 2, 30, 60 and 120 s by
    /// default, 212 s together: lists of Make that lag behind have caught up by then, as far as anybody has said. For as long
    /// as these waits take together, a
    /// child that the journal knows counts as existing though the list does not show it; after that it is a contradiction.
    pub waits: Vec<Duration>,
    /// Whether a child may be created although one exists whose name reads the same; false by default. Of what is open in the journal it is
    /// settled first all the same.
    pub allow_same_name: bool,
}

impl Default for CreateOncePolicy {
    fn default() -> Self {
        Self { waits: [2, 30, 60, 120].map(Duration::from_secs).to_vec(), allow_same_name: false }
    }
}

impl CreateOncePolicy {
    /// Returns how long it takes until an absence counts.
    pub(crate) fn settle_time(&self) -> Duration {
        self.waits.iter().fold(Duration::ZERO, |sum, wait| sum.saturating_add(*wait))
    }
}
