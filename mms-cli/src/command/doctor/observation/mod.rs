//! Observation: what a look saw, and what changed since the one before. Pure.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use mms_types::{ChildOrganization, CountryId, OrganizationId};
use serde::{Deserialize, Serialize};

use crate::command::doctor::check::Check;
use crate::invocation::Invocation;
use crate::output::failure::ExitCode;

/// Seconds by which the clock may be off.
pub(in crate::command::doctor) const MOST_DRIFT: u64 = 30;

/// What a look saw. Nothing stands for what it could not see. Allocations are no part of it, for they change every day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::command::doctor) struct Observation {
    /// Seconds since 1970.
    pub(in crate::command::doctor) at: u64,
    pub(in crate::command::doctor) token: Option<SeenToken>,
    /// Whether the token sees the distributor.
    pub(in crate::command::doctor) is_visible: Option<bool>,
    pub(in crate::command::doctor) children: Option<SeenChildren>,
    /// Seconds by which this machine's clock is ahead of the server's.
    pub(in crate::command::doctor) clock_ahead: Option<i64>,
}

/// What the server said of the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
pub(in crate::command::doctor) enum SeenToken {
    Accepted { scopes: BTreeSet<String> },
    Refused,
}

/// The children of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::command::doctor) struct SeenChildren {
    /// Whether the list was proven whole, so that what it lacks is not there.
    pub(in crate::command::doctor) is_whole: bool,
    pub(in crate::command::doctor) rows: BTreeMap<OrganizationId, SeenChild>,
}

/// What a list said of a child.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::command::doctor) struct SeenChild {
    name: Option<String>,
    zone: Option<String>,
    country_id: Option<CountryId>,
}

impl From<&ChildOrganization> for SeenChild {
    fn from(child: &ChildOrganization) -> Self {
        Self {
            name: child.organization_name.clone(),
            zone: child.zone_domain.clone().or_else(|| child.zone_name.clone()),
            country_id: child.country_id,
        }
    }
}

impl SeenChild {
    /// Names it behind its id.
    fn named(&self, id: OrganizationId) -> String {
        self.name.as_ref().map_or_else(|| format!("child {id}"), |name| format!("child {id} {name:?}"))
    }

    /// Keeps what was said before where nothing is said now.
    fn or(self, before: &Self) -> Self {
        Self {
            name: self.name.or_else(|| before.name.clone()),
            zone: self.zone.or_else(|| before.zone.clone()),
            country_id: self.country_id.or(before.country_id),
        }
    }
}

impl SeenChildren {
    /// Returns the children that a whole list lacks.
    pub(in crate::command::doctor) fn vanished_in(&self, now: &Self) -> BTreeSet<OrganizationId> {
        let is_gone = |id: &&OrganizationId| now.is_whole && !now.rows.contains_key(id);
        self.rows.keys().filter(is_gone).copied().collect()
    }
}

impl Observation {
    /// Returns what is known after this look: what it could not see stays as it was.
    pub(in crate::command::doctor) fn after(mut self, before: Option<&Self>) -> Self {
        let Some(before) = before else { return self };
        self.token = self.token.or_else(|| before.token.clone());
        self.is_visible = self.is_visible.or(before.is_visible);
        self.clock_ahead = self.clock_ahead.or(before.clock_ahead);
        self.children = match (self.children, &before.children) {
            (Some(mut now), Some(before)) => {
                let is_whole = now.is_whole;
                for (id, earlier) in &before.rows {
                    if let Some(child) = now.rows.remove(id) {
                        now.rows.insert(*id, child.or(earlier));
                    } else if !is_whole {
                        now.rows.insert(*id, earlier.clone());
                    }
                }
                now.is_whole |= before.is_whole;
                Some(now)
            }
            (now, before) => now.or_else(|| before.clone()),
        };
        self
    }
}

/// Change between two looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command::doctor) enum Finding {
    TokenRefused,
    TokenAccepted,
    ScopeGone(String),
    DistributorGone,
    DistributorBack,
    ChildVanished(String),
    /// Of which child, what, from and to.
    ChildChanged(String, &'static str, String, String),
    /// A child that this machine did not create.
    ChildNew(String),
    /// By how many seconds the clock is ahead.
    ClockDrifted(i64),
}

/// Compares two looks. `created_here` are the children that this machine created, which are no news.
pub(in crate::command::doctor) fn compare(
    before: &Observation,
    now: &Observation,
    created_here: &BTreeSet<OrganizationId>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    match (&before.token, &now.token) {
        (Some(SeenToken::Accepted { .. }), Some(SeenToken::Refused)) => findings.push(Finding::TokenRefused),
        (Some(SeenToken::Refused), Some(SeenToken::Accepted { .. })) => findings.push(Finding::TokenAccepted),
        (Some(SeenToken::Accepted { scopes: before }), Some(SeenToken::Accepted { scopes: now })) => {
            findings.extend(before.difference(now).cloned().map(Finding::ScopeGone));
        }
        _ => {}
    }
    match (before.is_visible, now.is_visible) {
        (Some(true), Some(false)) => findings.push(Finding::DistributorGone),
        (Some(false), Some(true)) => findings.push(Finding::DistributorBack),
        _ => {}
    }
    if let (Some(before), Some(now)) = (&before.children, &now.children) {
        compare_children(before, now, created_here, &mut findings);
    }
    let is_off = |ahead: Option<i64>| ahead.is_some_and(|ahead| ahead.unsigned_abs() >= MOST_DRIFT);
    if let (Some(ahead), true, false) = (now.clock_ahead, is_off(now.clock_ahead), is_off(before.clock_ahead)) {
        findings.push(Finding::ClockDrifted(ahead));
    }
    findings
}

fn compare_children(
    before: &SeenChildren,
    now: &SeenChildren,
    created_here: &BTreeSet<OrganizationId>,
    findings: &mut Vec<Finding>,
) {
    for id in before.vanished_in(now) {
        findings.extend(before.rows.get(&id).map(|child| Finding::ChildVanished(child.named(id))));
    }
    for (id, child) in &now.rows {
        let Some(earlier) = before.rows.get(id) else {
            if before.is_whole && !created_here.contains(id) {
                findings.push(Finding::ChildNew(child.named(*id)));
            }
            continue;
        };
        let country = |child: &SeenChild| child.country_id.map(|id| id.to_string());
        let fields = [
            ("name", earlier.name.clone(), child.name.clone()),
            ("zone", earlier.zone.clone(), child.zone.clone()),
            ("country", country(earlier), country(child)),
        ];
        for (field, before, now) in fields {
            if let (Some(before), Some(now)) = (before, now)
                && before != now
            {
                findings.push(Finding::ChildChanged(earlier.named(*id), field, before, now));
            }
        }
    }
}

impl Finding {
    /// Makes the check that tells of it. `since` says since when.
    pub(in crate::command::doctor) fn check(&self, since: &str, invocation: &Invocation) -> Check {
        let lost = |check, found: String, advice: &str| {
            Check::problem(check, ExitCode::Alert, format!("since {since}: {found}"), advice).change()
        };
        let told = |check, found: String, advice: &str| {
            Check::warning(check, format!("since {since}: {found}"), advice).change()
        };
        let login = || invocation.command("auth login");
        match self {
            Self::TokenRefused => lost(
                "token_refused",
                "the server no longer knows the token".to_owned(),
                &format!("somebody revoked it, or it ran out: make a new one in Make, and {}", login()),
            ),
            Self::TokenAccepted => {
                told("token_accepted", "the server knows the token again".to_owned(), "nothing, if that was you")
            }
            Self::ScopeGone(scope) => lost(
                "scope_gone",
                format!("the token no longer has the scope {scope}"),
                &format!("make a token with it in Make, and {}", login()),
            ),
            Self::DistributorGone => lost(
                "distributor_gone",
                "the token no longer sees the distributor".to_owned(),
                "see in Make whether the token's user is still a member of it",
            ),
            Self::DistributorBack => {
                told("distributor_back", "the token sees the distributor again".to_owned(), "nothing, if that was you")
            }
            Self::ChildVanished(child) => lost(
                "child_vanished",
                format!("{child} vanished from the list"),
                "see in Make whether somebody unlinked it; unlinking is final",
            ),
            Self::ChildChanged(child, field, before, now) => told(
                "child_changed",
                format!("the {field} of {child} is {now:?}, and was {before:?}"),
                "see in Make who changed it, and what names the child by it",
            ),
            Self::ChildNew(child) => told(
                "child_new",
                format!("{child} is new, and this machine did not create it"),
                "see in Make who created it: its credits come from the same pool",
            ),
            Self::ClockDrifted(ahead) => {
                told("clock_drifted", format!("this machine's clock is {}", drift_words(*ahead)), CLOCK_ADVICE)
            }
        }
    }
}

/// What to do about a clock, and why.
pub(in crate::command::doctor) const CLOCK_ADVICE: &str =
    "set the clock, as with `timedatectl set-ntp true`: the windows of the limit and the ages in the journal go by it";

/// Says in words by how much the clock is off.
pub(in crate::command::doctor) fn drift_words(ahead: i64) -> String {
    let direction = if ahead < 0 { "behind" } else { "ahead of" };
    format!("{} s {direction} the server's", ahead.unsigned_abs())
}
