//! Outcome of a creation.

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
    /// The server answered with the new child, and the pool fell by twice its allocation or more, which nothing else explains:
    /// somebody on the way may have sent the create a second time. Look before anything else.
    Doubled {
        /// The intent.
        intent: IntentId,
        /// The server's answer.
        answer: Box<CreatedChildOrganization>,
        /// The other new children that fit; none where no list shows one yet.
        others: Vec<OrganizationId>,
    },
    /// The child was there before, or came while the create waited for its turn, and nothing was sent.
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
            Self::Created { answer, .. } | Self::Doubled { answer, .. } => answer.child_organization_id,
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
