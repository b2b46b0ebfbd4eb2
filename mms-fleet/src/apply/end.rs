//! End of a step: what became of its write.

use mms_client::types::OrganizationId;
use mms_client::{CreateOnce, CreateOnceError, Error, Proof, SetAllocation, SetAllocationError};
use mms_types::{Centicredits, grouped};
use serde::Serialize;

use super::result::StepResult;
use crate::plan::step::{Action, Step};

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "end", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum StepEnd {
    /// It is as the step asks.
    Done {
        /// The child.
        organization_id: OrganizationId,
        /// How that came about.
        how: How,
        /// What was left in the pool by the server's answer; nothing where there was none.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
        pool: Option<i64>,
        /// What is odd about it, in words: somebody else wrote at the same time, or two children may have come of one create.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "String"))]
        remark: Option<String>,
    },
    /// Somebody else has changed the child since the plan: nothing was sent, or the child has a third value after it.
    Changed {
        /// What it has now; nothing where it is there no more, or another child has its name by now.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
        found: Option<i64>,
        /// The error.
        reason: String,
    },
    /// Nothing was sent: by now the child has consumed so much that it would be paused, and it may not be.
    WouldPause {
        /// What it has consumed; nothing where the server does not say.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "Centicredits"))]
        consumed: Option<Centicredits>,
        /// The error.
        reason: String,
    },
    /// Nothing was changed: the server refused, or the request never left.
    Failed {
        /// The error.
        reason: String,
    },
    /// It may have been done: look before anything else. The journal keeps it open.
    Unknown {
        /// The error.
        reason: String,
    },
    /// It was not begun.
    NotBegun {
        /// Why.
        why: NotBegun,
    },
}

/// How a step came to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The server answered so.
    Answered,
    /// The list shows it, though no answer says so.
    ReadBack,
    /// It was so before, and nothing was sent.
    Already,
}

/// Why a step was not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum NotBegun {
    /// The run was to end.
    Interrupted,
    /// The pool does not have so much, above its reserve.
    PoolTooSmall {
        /// What the pool had.
        pool: i64,
    },
    /// The journal cannot be written.
    Journal,
    /// The server cannot be reached.
    Unreachable,
    /// The token may not write, or is no longer valid.
    NotAuthorized,
    /// No usable answer came to three writes one after the other.
    Unanswered,
    /// The steps go one by one, and one before it was not done.
    EarlierNotDone,
}

/// What the end of a step says of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlook {
    /// Nothing.
    GoOn,
    /// It could not be sent.
    Unsent,
    /// No other will fare better.
    Stop(NotBegun),
}

impl StepEnd {
    /// Says whether it is as the step asks.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. })
    }

    /// Says whether the write may have been carried out although nobody knows.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// Says of what a write returned what it means for its step, and for the others.
    pub(super) fn of(result: &StepResult) -> (Self, Outlook) {
        match result {
            StepResult::Create(created) => Self::of_create(created),
            StepResult::Allocation { organization_id, set } => Self::of_allocation(*organization_id, set),
            StepResult::Unread { step, error } => {
                let child = step.organization_id().map_or_else(|| step.name.clone(), |id| id.to_string());
                let asked = format!("allocation of {} to child {child}: nothing was sent", step.after());
                let reason = format!("{asked}: what it has consumed cannot be read: {error}");
                (Self::Failed { reason }, outlook(&**error, true))
            }
        }
    }

    fn of_create(created: &Result<CreateOnce, CreateOnceError>) -> (Self, Outlook) {
        match created {
            Ok(created) => (Self::created(created), Outlook::GoOn),
            Err(error) => {
                let reason = error.to_string();
                if error.is_journal() {
                    let end = if error.maybe_created() { Self::Unknown { reason } } else { Self::Failed { reason } };
                    (end, Outlook::Stop(NotBegun::Journal))
                } else if error.maybe_created() {
                    (Self::Unknown { reason }, Outlook::GoOn)
                } else {
                    (Self::Failed { reason }, outlook(error, error.is_unseen() || error.is_unsent()))
                }
            }
        }
    }

    fn created(created: &CreateOnce) -> Self {
        let organization_id = created.organization_id();
        let (how, pool, remark) = match created {
            CreateOnce::Created { answer, .. } => (How::Answered, answer.new_parent_operations, None),
            CreateOnce::Doubled { answer, others, .. } => {
                let others = others.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let others = if others.is_empty() { "no list shows another yet".to_owned() } else { others };
                let remark = format!(
                    "the pool fell by twice its credits: somebody on the way may have sent the create twice ({others})"
                );
                (How::Answered, answer.new_parent_operations, Some(remark))
            }
            CreateOnce::Adopted { .. } => (How::ReadBack, None, None),
            _ => (How::Already, None, None),
        };
        Self::Done { organization_id, how, pool, remark }
    }

    fn of_allocation(
        organization_id: OrganizationId,
        set: &Result<SetAllocation, SetAllocationError>,
    ) -> (Self, Outlook) {
        match set {
            Ok(set) => {
                let how = match set.proof {
                    Proof::Answered => How::Answered,
                    Proof::Unchanged => How::Already,
                    _ => How::ReadBack,
                };
                let remark = set.shows_another_writer().then(|| remark(set));
                (Self::Done { organization_id, how, pool: set.pool, remark }, Outlook::GoOn)
            }
            Err(error) => {
                let reason = error.to_string();
                let journal = error.is_journal().then_some(Outlook::Stop(NotBegun::Journal));
                if error.maybe_set() && !error.is_other_writer() {
                    (Self::Unknown { reason }, journal.unwrap_or(Outlook::GoOn))
                } else if error.is_unexpected() || error.is_other_writer() || error.is_not_found() {
                    (Self::Changed { found: error.found(), reason }, Outlook::GoOn)
                } else {
                    (Self::Failed { reason }, journal.unwrap_or_else(|| outlook(error, error.is_unsent())))
                }
            }
        }
    }
}

fn remark(set: &SetAllocation) -> String {
    match (set.overwritten, set.pool, set.expected_pool) {
        (Some(_), ..) => format!(
            "it had other than {} credits when they were set: somebody else changed it meanwhile, which is overwritten",
            grouped(set.before)
        ),
        (None, Some(pool), Some(expected)) => format!(
            "the pool holds {} credits where {} were expected: somebody else moved some at the same time",
            grouped(pool),
            grouped(expected)
        ),
        _ => "somebody else wrote at the same time".to_owned(),
    }
}

/// Says what a failure means for the other steps.
fn outlook(error: &(dyn std::error::Error + 'static), is_unsent: bool) -> Outlook {
    let of_server = |error: &(dyn std::error::Error + 'static)| error.downcast_ref::<Error>().and_then(Error::status);
    let status = of_server(error).or_else(|| error.source().and_then(of_server));
    match status.map(|status| status.as_u16()) {
        Some(401 | 403) => Outlook::Stop(NotBegun::NotAuthorized),
        _ if is_unsent => Outlook::Unsent,
        _ => Outlook::GoOn,
    }
}

impl Step {
    /// Returns what its child has after it.
    pub(super) const fn after(&self) -> u64 {
        match &self.action {
            Action::Create { request } => request.operations.get(),
            Action::Allocate { after, .. } => after.get(),
        }
    }
}
