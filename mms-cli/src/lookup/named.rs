//! Things that have an id, a name and codes: children, regions and countries.

use mms_types::{ChildOrganization, Country, OrganizationSummary, Region};

/// Words for a name that the server did not send.
pub(crate) const NO_NAME: &str = "(no name)";

/// Thing that a person can name.
pub(crate) trait Named {
    /// Noun for it, such as `region`.
    const NOUN: &'static str;
    /// The command that lists all of them.
    const LIST: &'static str;

    /// Returns the id.
    fn id(&self) -> u64;
    /// Returns the name; nothing where the server sent none.
    fn name(&self) -> Option<&str>;
    /// Returns its codes, which stand for its name.
    fn codes(&self) -> impl Iterator<Item = &str>;
}

impl Named for ChildOrganization {
    const NOUN: &'static str = "child organization";
    const LIST: &'static str = "child list";

    fn id(&self) -> u64 {
        self.organization_id.get()
    }

    fn name(&self) -> Option<&str> {
        self.organization_name.as_deref()
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

impl Named for OrganizationSummary {
    const NOUN: &'static str = "organization";
    const LIST: &'static str = "auth login";

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

impl Named for Region {
    const NOUN: &'static str = "region";
    const LIST: &'static str = "region list";

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

impl Named for Country {
    const NOUN: &'static str = "country";
    const LIST: &'static str = "country list";

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        self.code.as_deref().into_iter().chain(self.code2.as_deref())
    }
}
