//! Step of a plan: one write.

use mms_types::{Centicredits, CreateChildOrganizationRequest, Operations, OrganizationId};
use serde::{Deserialize, Serialize};

/// One write of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// The child's name as the fleet has it; of a change without a fleet, as the list has it.
    pub name: String,
    /// The priority by which it is served.
    pub priority: i32,
    /// What is written.
    pub action: Action,
}

/// What a step writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Action {
    /// A child organization is created.
    Create {
        /// What is sent.
        request: CreateChildOrganizationRequest,
    },
    /// The allocation of a child is set.
    Allocate {
        /// The child.
        organization_id: OrganizationId,
        /// What it has: with another allocation nothing is sent.
        before: i64,
        /// What it is to have.
        after: Operations,
        /// What it has consumed; nothing where that was not read or reported.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "Centicredits"))]
        consumed: Option<Centicredits>,
        /// Whether it may be left with no more than it has consumed, so that its scenarios pause.
        may_pause: bool,
    },
}

impl Step {
    /// Returns by how many credits the pool falls; negative where it rises.
    #[must_use]
    pub fn taken(&self) -> i128 {
        match &self.action {
            Action::Create { request } => i128::from(request.operations.get()),
            Action::Allocate { before, after, .. } => i128::from(after.get()) - i128::from(*before),
        }
    }

    /// Says whether the child is left with no more than it has consumed, so that its scenarios pause.
    #[must_use]
    pub fn pauses(&self) -> bool {
        match &self.action {
            Action::Create { .. } => false,
            Action::Allocate { after, consumed, .. } => {
                self.is_decrease() && consumed.unwrap_or_default().exhausts(*after)
            }
        }
    }

    /// Says whether it lowers a child that may not be paused.
    #[must_use]
    pub fn may_not_pause(&self) -> bool {
        self.is_decrease() && matches!(self.action, Action::Allocate { may_pause: false, .. })
    }

    /// Says whether it creates a child.
    #[must_use]
    pub const fn is_create(&self) -> bool {
        matches!(self.action, Action::Create { .. })
    }

    /// Says whether it lowers an allocation.
    #[must_use]
    pub fn is_decrease(&self) -> bool {
        self.taken() < 0
    }

    /// Returns the child whose allocation it sets; nothing of a create.
    #[must_use]
    pub const fn organization_id(&self) -> Option<OrganizationId> {
        match self.action {
            Action::Create { .. } => None,
            Action::Allocate { organization_id, .. } => Some(organization_id),
        }
    }
}
