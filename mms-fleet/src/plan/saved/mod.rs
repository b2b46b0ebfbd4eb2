//! Saved plan: a plan as a document, bound to what it was made by.

mod digest;
mod error;
mod stale;
mod time;

use jiff::Timestamp;
use mms_types::OrganizationId;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::Plan;
use super::needs::{CatalogueNeed, Needs};
use super::step::{Action, Step};
use crate::fleet::Fleet;
use crate::observed::Observed;
pub use error::SavedPlanError;
pub use stale::Stale;

/// Format of the documents that this program writes and reads.
const FORMAT: u32 = 1;

/// A plan as a document: what was planned, by what, for which place, and until when.
///
/// It is exact. Reading refuses a field that it does not know, and any change that was made by hand; the checksum is against mistakes,
/// not against somebody who reckons it anew. That its id is good once is for whoever applies it to remember.
///
/// ```
/// use mms_fleet::{Observed, Origin, Plan, PlanOptions, SavedPlan};
/// use mms_types::OrganizationId;
///
/// let observed = Observed { is_complete: true, ..Observed::default() };
/// let plan = Plan::undo(&[], &observed, &PlanOptions::default());
/// let origin = Origin {
///     id: "7f3a".to_owned(),
///     created_at: "2026-11-28T10:00:00Z".parse()?,
///     expires_at: "2026-11-29T10:00:00Z".parse()?,
///     place: "https://eu1.make.com/api/v2".to_owned(),
///     organization_id: OrganizationId::new(11),
///     files: Vec::new(),
/// };
/// let saved = SavedPlan::new(plan, origin, None, &observed)?;
/// let read = SavedPlan::read(&saved.to_json()?)?;
/// assert_eq!(read, saved);
///
/// let origin = &read.origin;
/// assert!(read.check(origin.created_at, &origin.place, origin.organization_id, &observed).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavedPlan {
    /// Format of the document.
    format: u32,
    /// Version of the program that wrote it.
    version: String,
    /// Where it comes from, and what it is for.
    pub origin: Origin,
    /// Digest of the children and the pool that the plan was made by, for [`SavedPlan::saw`]. An empty list has one, too.
    observed: String,
    /// The children that were there, where the plan creates some: one that has come since may be what a create asks for, under another
    /// name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seen: Vec<OrganizationId>,
    /// Digest of the fleet, for [`SavedPlan::is_of`]; nothing of a plan that was made without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    fleet: Option<String>,
    /// The plan.
    pub plan: Plan,
    /// Digest of all the rest.
    checksum: String,
}

/// What every format of the document has.
#[derive(Deserialize)]
struct Head {
    format: u32,
    version: String,
}

/// What every saved plan has, and no fleet.
#[derive(Deserialize)]
#[expect(dead_code, reason = "only that they are there counts")]
struct Mark {
    version: IgnoredAny,
    origin: IgnoredAny,
    plan: IgnoredAny,
}

/// Returns a document without the white space between its tokens.
fn compact(text: &str) -> String {
    let (mut is_text, mut is_escaped) = (false, false);
    let is_token = |character: &char| {
        let is_end = *character == '"' && !is_escaped;
        is_escaped = *character == '\\' && !is_escaped;
        is_text ^= is_end;
        is_text || is_end || !character.is_ascii_whitespace()
    };
    text.chars().filter(is_token).collect()
}

/// Where a saved plan comes from, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Origin {
    /// The plan's id, which no other plan has. It is good for one apply.
    pub id: String,
    /// When the plan was made.
    #[serde(with = "time")]
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub created_at: Timestamp,
    /// Until when it may be applied.
    #[serde(with = "time")]
    #[cfg_attr(feature = "schemars", schemars(with = "String", extend("format" = "date-time")))]
    pub expires_at: Timestamp,
    /// The place of the API.
    pub place: String,
    /// The distributor.
    pub organization_id: OrganizationId,
    /// The files and directories of the fleet, as they were named; none of a plan that was made without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

impl SavedPlan {
    /// Makes the document of a plan, of what it was made by, and of the fleet unless there was none.
    ///
    /// It fails where a request of the plan cannot be written, such as one with a region id of 0.
    pub fn new(plan: Plan, origin: Origin, fleet: Option<&Fleet>, observed: &Observed) -> Result<Self, SavedPlanError> {
        let mut saved = Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            origin,
            observed: digest::observation(observed),
            seen: if plan.creates() > 0 { sorted_ids(observed) } else { Vec::new() },
            fleet: fleet.map(digest::fleet),
            // What was not read cannot be told from a document.
            plan: Plan { needs: Needs::default(), ..plan },
            checksum: String::new(),
        };
        saved.checksum = saved.reckoned()?;
        Ok(saved)
    }

    /// Writes the document.
    pub fn to_json(&self) -> Result<String, SavedPlanError> {
        serde_json::to_string_pretty(self).map_err(SavedPlanError::unwritable)
    }

    /// Reads a document. It fails with one of another format, one that is no plan, and one that was changed since it was saved.
    pub fn read(text: &str) -> Result<Self, SavedPlanError> {
        let Head { format, version } = serde_json::from_str(text).map_err(SavedPlanError::unreadable)?;
        if format != FORMAT {
            return Err(SavedPlanError::OtherFormat { format, version });
        }
        let saved: Self = serde_json::from_str(text).map_err(SavedPlanError::unreadable)?;
        // A number in another form, or a field that a type passes over, is a change, too; white space is none.
        let is_exact = serde_json::to_string(&saved).is_ok_and(|read| read == compact(text));
        if is_exact && saved.reckoned()? == saved.checksum { Ok(saved) } else { Err(SavedPlanError::Changed) }
    }

    /// Says whether a text is meant to be a saved plan, be it one that can be used or not: a fleet in JSON is none.
    ///
    /// ```
    /// use mms_fleet::SavedPlan;
    ///
    /// assert!(SavedPlan::is_meant(r#"{ "format": 9, "version": "9.0.0", "origin": {}, "plan": {} }"#));
    /// assert!(!SavedPlan::is_meant(r#"{ "format": 1, "organization": 11, "children": {} }"#));
    /// ```
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        if !text.trim_start().starts_with('{') {
            return false;
        }
        match serde_json::from_str::<Mark>(text) {
            Ok(_) => true,
            // What is cut off, or was damaged, has its first fields.
            Err(error) if error.is_eof() || error.is_syntax() => {
                let compact = compact(text);
                let rest = compact.strip_prefix("{\"format\":").unwrap_or_default();
                rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).starts_with(",\"version\":")
            }
            Err(_) => false,
        }
    }

    /// Says whether it was made of a fleet that asks for the same, wherever that stands.
    #[must_use]
    pub fn is_of(&self, fleet: &Fleet) -> bool {
        self.fleet.as_ref().is_some_and(|digest| *digest == digest::fleet(fleet))
    }

    /// Says whether it was made by the same children and the same pool: then nothing has moved, not even what it does not touch.
    #[must_use]
    pub fn saw(&self, observed: &Observed) -> bool {
        self.observed == digest::observation(observed)
    }

    /// Returns the version of the program that wrote it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns what has to be read before [`SavedPlan::check`].
    #[must_use]
    pub fn needs(&self) -> Needs {
        let may_pause = |step: &Step| matches!(step.action, Action::Allocate { may_pause: true, .. });
        Needs {
            proven_list: self.plan.steps.iter().any(Step::is_create),
            consumption: self.plan.steps.iter().any(|step| step.is_decrease() && !may_pause(step)),
            catalogue: CatalogueNeed::None,
        }
    }

    /// Returns the digest of all but the checksum.
    fn reckoned(&self) -> Result<String, SavedPlanError> {
        let unsigned = Self { checksum: String::new(), ..self.clone() };
        serde_json::to_vec(&unsigned).map(|bytes| digest::bytes(&bytes)).map_err(SavedPlanError::unwritable)
    }
}

fn sorted_ids(observed: &Observed) -> Vec<OrganizationId> {
    let mut ids: Vec<_> = observed.children.iter().map(|child| child.id).collect();
    ids.sort_unstable();
    ids
}
