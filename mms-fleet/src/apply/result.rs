//! What a careful write returned, whole.

use std::error::Error;

use mms_client::types::OrganizationId;
use mms_client::{CreateOnce, CreateOnceError, SetAllocation, SetAllocationError};

use crate::plan::step::Step;

/// What the careful write of a step returned, or what kept it from being sent: the server's answer, or the error with its sources.
///
/// A [`StepEnd`](crate::StepEnd) says of it what a report needs, in words.
#[derive(Debug)]
#[non_exhaustive]
pub enum StepResult {
    /// A create.
    Create(Result<CreateOnce, CreateOnceError>),
    /// An allocation.
    Allocation {
        /// The child.
        organization_id: OrganizationId,
        /// What became of it.
        set: Result<SetAllocation, SetAllocationError>,
    },
    /// A decrease that was not sent, because what its child has consumed cannot be read.
    Unread {
        /// The step.
        step: Step,
        /// The error of the reading: a [`mms_client::Error`] where the steps are written by a [`Client`](mms_client::Client).
        error: Box<dyn Error + Send + Sync>,
    },
}

impl StepResult {
    /// Says whether a total was sent again and overwrote what somebody else had set in between: nobody knows which of both is wanted.
    #[must_use]
    pub fn has_overwritten_again(&self) -> bool {
        matches!(self, Self::Allocation { set: Ok(set), .. } if set.is_resent && set.overwritten.is_some())
    }
}
