//! Report of an apply: what became of each step, and what a last look shows.

use mms_client::types::OrganizationId;
use serde::Serialize;

use super::end::StepEnd;
use super::result::StepResult;
use crate::plan::step::Step;

/// What became of an apply.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The steps, in the order of the plan.
    pub steps: Vec<StepReport>,
    /// What the last look shows.
    pub read_back: ReadBack,
}

/// What became of a step.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StepReport {
    /// The step.
    pub step: Step,
    /// What became of it.
    #[serde(flatten)]
    pub end: StepEnd,
    /// What its write returned; nothing where it was not begun.
    #[serde(skip)]
    pub result: Option<StepResult>,
}

/// What a look after the last step shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReadBack {
    /// Children that were given what the list does not show: somebody else has changed them since, or the list lags behind.
    pub differences: Vec<Difference>,
    /// Why there was no look; nothing where there was one, or nothing was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub error: Option<String>,
    /// What is left in the pool; nothing where that was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub pool: Option<i64>,
}

/// A child that does not have what it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The child.
    pub organization_id: OrganizationId,
    /// Its name by the plan.
    pub name: String,
    /// What it was given.
    pub expected: u64,
    /// What the list shows; nothing where it does not show the child.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "i64"))]
    pub found: Option<i64>,
}

impl Report {
    /// Says whether every step is done, and a look shows it.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.steps.iter().all(|report| report.end.is_done())
            && self.read_back.differences.is_empty()
            && self.read_back.error.is_none()
    }

    /// Says whether something may have been done that nobody knows of, or is not there although it was done.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.steps.iter().any(|report| report.end.is_unknown())
            || !self.read_back.differences.is_empty()
            || self.read_back.error.is_some()
    }

    /// Counts the steps of an end.
    pub fn count(&self, is_wanted: impl Fn(&StepEnd) -> bool) -> usize {
        self.steps.iter().filter(|report| is_wanted(&report.end)).count()
    }
}
