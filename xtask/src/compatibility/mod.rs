//! Compatibility with an earlier contract: what its callers would break on.
//!
//! A caller breaks in two ways. On the wire: a request that was valid is refused, or an answer holds what it did not
//! before. And at compile time: the generated client has another name for something. What becomes of the fields of
//! `mms-types` - an optional one that turns required, a new one in a struct literal - is a matter of that crate's version.

mod constraint;
mod dereference;
mod operations;
mod schemas;
mod with_drift;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use dereference::Dereferenced;
use schemas::SchemaComparison;

/// A change that breaks callers, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    location: String,
    message: String,
}

impl Finding {
    fn new(location: impl Into<String>, message: impl Into<String>) -> Self {
        Self { location: location.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.location, self.message)
    }
}

/// A document that cannot be compared.
#[derive(Debug)]
pub(crate) struct Incomparable {
    /// Whether it is the earlier one.
    pub(crate) in_earlier: bool,
    /// What is wrong with it.
    pub(crate) message: String,
}

/// Returns everything that callers of `earlier` would break on in `current`, by location.
pub(crate) fn findings(earlier: &Value, current: &Value) -> Result<BTreeSet<Finding>, Incomparable> {
    let old = Dereferenced::new(earlier).map_err(|message| Incomparable { in_earlier: true, message })?;
    let new = Dereferenced::new(current).map_err(|message| Incomparable { in_earlier: false, message })?;
    // Nobody breaks on what did not change, and to see that so takes a tenth of the time.
    if earlier == current {
        return Ok(BTreeSet::new());
    }
    let mut schemas = SchemaComparison::new(old.document(), new.document());
    let mut findings = operations::findings(&old, &new, &mut schemas);
    findings.extend(with_drift::findings(&old, &new, &schemas)?);
    findings.append(&mut schemas.into_findings());
    Ok(findings)
}
