//! What has to be read before a plan is whole.

/// What else has to be read: with it, the plan is made again.
///
/// A plan that changes nothing needs no more than the list and the distributor, two requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// The list, with its end proven, as [`Purpose::Create`](mms_client::Purpose::Create) asks for it: a child would be created. It is
    /// asked for whatever look the plan was made on, since an observation does not say what its look was for.
    pub proven_list: bool,
    /// The consumption: an allocation would be lowered.
    pub consumption: bool,
    /// Regions and countries.
    pub catalogue: CatalogueNeed,
}

/// What regions and countries are needed for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CatalogueNeed {
    /// Nothing, or they have been read.
    #[default]
    None,
    /// To compare a country or region of the fleet that stands there as a name. Without them it is not compared, and everything
    /// else of the plan is as it is with them.
    Drift,
    /// To create a child.
    Create,
}

impl Needs {
    /// Says whether nothing else has to be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Notes what else the catalogue is needed for.
    pub(super) fn catalogue(&mut self, need: CatalogueNeed) {
        self.catalogue = self.catalogue.max(need);
    }
}
