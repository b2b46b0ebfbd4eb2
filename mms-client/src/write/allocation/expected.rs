//! Child as a caller knows it before its allocation is changed.

use mms_types::ChildOrganization;

/// What a caller believes of a child; where it is not so, [`set_allocation`](crate::Client::set_allocation) sends nothing. The
/// default believes nothing.
///
/// ```
/// use mms_client::ExpectedChild;
///
/// let known = ExpectedChild { operations: Some(10_000), name: Some("Acme Bakery".to_owned()), ..10_000.into() };
/// assert_eq!(ExpectedChild::from(10_000).name, None);
/// # let _ = known;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExpectedChild {
    /// What it has.
    pub operations: Option<i64>,
    /// Its name, where the caller found its id by that. It may have been renamed since; only a name that another child has by now
    /// is refused.
    pub name: Option<String>,
    /// What a list may show in place of `operations`, where the caller set those a moment ago and the list is older.
    pub listed: Option<i64>,
    /// Whether the caller created it a moment ago, so that a list need not show it yet. It then has what is expected, as far as is
    /// known; where the answer is lost nobody can read it back.
    pub is_unlisted: bool,
}

impl ExpectedChild {
    /// Returns what a child has by a list that may be older than what is expected.
    pub(super) fn has(&self, listed: Option<i64>) -> Option<i64> {
        self.operations.filter(|_| listed.is_some() && listed == self.listed).or(listed)
    }
}

impl From<Option<i64>> for ExpectedChild {
    fn from(operations: Option<i64>) -> Self {
        Self { operations, ..Self::default() }
    }
}

impl From<i64> for ExpectedChild {
    fn from(operations: i64) -> Self {
        Some(operations).into()
    }
}

impl From<&ChildOrganization> for ExpectedChild {
    fn from(child: &ChildOrganization) -> Self {
        Self {
            operations: child.operations_allocated,
            name: child.organization_name.clone(),
            listed: None,
            is_unlisted: false,
        }
    }
}
