//! Outcome of a creation, and its policy.

use std::time::Duration;

use mms_types::{ChildOrganization, CreatedChildOrganization, OrganizationId};

use super::error::CreateOnceError;
use crate::write::journal::{Intent, IntentId};

/// A child organization that exists, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CreateOnce {
    /// The server answered with the new child.
    Created {
        /// The intent.
        intent: IntentId,
        /// The server's answer.
        answer: Box<CreatedChildOrganization>,
    },
    /// The child was there before, and nothing was sent.
    Existed {
        /// The child.
        organization_id: OrganizationId,
        /// The child as the list shows it; nothing where the journal alone knows it, because it was created a moment ago and
        /// the list lags behind.
        child: Option<Box<ChildOrganization>>,
    },
    /// The answer was lost, now or in an earlier run, and exactly one new child fits what was asked for.
    Adopted {
        /// The intent.
        intent: IntentId,
        /// The child as the list shows it.
        child: Box<ChildOrganization>,
    },
}

impl CreateOnce {
    /// Returns the child's id.
    #[must_use]
    pub fn organization_id(&self) -> OrganizationId {
        match self {
            Self::Created { answer, .. } => answer.child_organization_id,
            Self::Existed { organization_id, .. } => *organization_id,
            Self::Adopted { child, .. } => child.organization_id,
        }
    }
}

/// What became of an intent of an earlier run; made by [`settle_open_intents`](crate::Client::settle_open_intents).
#[derive(Debug)]
#[non_exhaustive]
pub struct SettledIntent {
    /// The intent.
    pub intent: Intent,
    /// The child that it became, always [`CreateOnce::Adopted`], or why that is not known.
    pub outcome: Result<CreateOnce, CreateOnceError>,
}

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
    /// as these waits take together, a child that the journal knows counts as existing though the list does not show it; after that it is a contradiction.
    pub waits: Vec<Duration>,
    /// Whether a child may be created although one of its name exists; false by default. Of what is open in the journal it is
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
    pub(super) fn patience(&self) -> Duration {
        self.waits.iter().fold(Duration::ZERO, |sum, wait| sum.saturating_add(*wait))
    }
}
