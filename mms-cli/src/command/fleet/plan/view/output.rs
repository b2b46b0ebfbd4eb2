//! JSON of a plan.

use mms_fleet::Plan;
use mms_types::OrganizationId;
use serde::Serialize;

use super::PlanContext;

/// A plan with what it is for and what it costs.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(in crate::command) struct PlanOutput<'a> {
    /// The server as a person knows it: the root of its API, or the file of a sandbox.
    server: &'a str,
    /// Whether the server is a sandbox.
    is_sandbox: bool,
    organization_id: OrganizationId,
    /// The files that ask for it; none of a plan that was made without them.
    files: &'a [String],
    /// Children that would be created.
    creates: u64,
    /// Children whose allocation would change.
    changes: u64,
    plan: &'a Plan,
    /// What an apply costs; null where the limit is not known.
    estimate: Option<EstimateOutput>,
    /// The saved plan; null where none was read or written.
    saved: Option<SavedOutput<'a>>,
}

/// What an apply costs.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct EstimateOutput {
    requests: u64,
    /// Seconds at the limit, without the time of the answers.
    seconds: u64,
    /// The limit.
    requests_per_minute: u32,
}

/// A saved plan, and whether it is still good.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct SavedOutput<'a> {
    file: &'a str,
    /// The id, which is good for one apply.
    id: &'a str,
    /// The version of mms that made it.
    version: &'a str,
    created_at: String,
    expires_at: String,
    is_expired: bool,
}

impl<'a> PlanOutput<'a> {
    pub(super) fn new(plan: &'a Plan, context: &PlanContext<'a>) -> Self {
        Self {
            server: context.place,
            is_sandbox: context.is_sandbox,
            organization_id: context.organization_id,
            files: context.files,
            creates: plan.creates(),
            changes: plan.changes(),
            plan,
            estimate: context.cost.map(|cost| EstimateOutput {
                requests: cost.estimate.requests,
                seconds: cost.estimate.seconds,
                requests_per_minute: cost.requests_per_minute,
            }),
            saved: context.saved.map(|saved| SavedOutput {
                file: saved.file,
                id: &saved.origin.id,
                version: saved.version,
                created_at: saved.origin.created_at.to_string(),
                expires_at: saved.origin.expires_at.to_string(),
                is_expired: saved.is_expired(),
            }),
        }
    }
}
