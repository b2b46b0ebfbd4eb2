//! Fleet: what the files ask for, checked, with every default filled in.

pub(crate) mod child;
pub(crate) mod guards;

use jiff::civil::Date;
use mms_types::OrganizationId;

use child::{Child, Until};
use guards::Guards;

/// What the files of a fleet ask for.
///
/// It is checked as far as it can be without a distributor: no child stands in it twice, and no two names read the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fleet {
    /// The distributor that it is for.
    pub target: Target,
    /// Limits of what one apply may change.
    pub guards: Guards,
    /// The children, in the order of the files. What is not among them is never touched.
    pub children: Vec<Child>,
}

impl Fleet {
    /// Returns the last day on which it asks for what it asks for on a day; nothing where no credits end.
    #[must_use]
    pub fn asks_the_same_until(&self, today: Date) -> Option<Date> {
        let last = |child: &Child| {
            let Until { day, then } = child.until?;
            let is_to_come = day >= today && !child.retired && child.credits != Some(then);
            is_to_come.then_some(day)
        };
        self.children.iter().filter_map(last).min()
    }
}

/// The distributor that a fleet is for; an apply to another is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Host of the zone, such as `eu1.make.com`; nothing where the file does not say.
    pub zone: Option<String>,
    /// The distributor.
    pub organization: OrganizationId,
}
