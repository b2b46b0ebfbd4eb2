//! Observation of the distributor, for a plan.

use mms_client::{FileJournal, Purpose};
use mms_fleet::{Catalogue, CatalogueNeed, Fleet, KnownChild, Needs, Observed, Plan, PlanOptions};

use crate::output::failure::Failure;
use crate::session::Session;

impl Session {
    /// Observes the distributor and plans a fleet: by two requests where nothing would change, and with what else is needed where
    /// something would.
    pub(crate) async fn plan(&self, fleet: &Fleet, options: &PlanOptions) -> Result<(Plan, Observed), Failure> {
        self.plan_with(|observed| Plan::new(fleet, observed, options)).await
    }

    /// Does the same with a plan of another kind.
    pub(crate) async fn plan_with(&self, plan: impl Fn(&Observed) -> Plan) -> Result<(Plan, Observed), Failure> {
        let mut observed = self.observe(Purpose::Allocate).await?;
        let first = plan(&observed);
        let needs = first.missing();
        if needs.is_empty() {
            return Ok((first, observed));
        }
        // Once: an observation does not say what its look was for, so that it would be asked for again.
        self.observe_more(&mut observed, needs).await?;
        Ok((plan(&observed), observed))
    }

    /// Reads the list and the distributor, and what the journal knows of its children.
    pub(crate) async fn observe(&self, purpose: Purpose) -> Result<Observed, Failure> {
        let look = self.look(purpose).await?;
        let mut observed = Observed::from(&look);
        observed.known = self.known_children();
        // What this machine created or set a moment ago need not be listed yet.
        let children = self.with_own_writes(crate::lookup::Children::from(&look));
        observed.children = children.all().iter().map(Into::into).collect();
        Ok(observed)
    }

    /// Reads what else a plan needs.
    pub(crate) async fn observe_more(&self, observed: &mut Observed, needs: Needs) -> Result<(), Failure> {
        if needs.proven_list {
            let again = self.observe(Purpose::Create).await?;
            *observed =
                Observed { consumption: observed.consumption.take(), catalogue: observed.catalogue.take(), ..again };
        }
        if needs.consumption {
            observed.consumption = Some(self.consumption_by_child().await?.known());
        }
        let may_ask = match needs.catalogue {
            CatalogueNeed::None => return Ok(()),
            // Not worth a request: without it a country is not compared, which the plan tells, and what is written is the same. Where
            // nothing is kept from command to command, as of a sandbox of one, no other would read it.
            CatalogueNeed::Drift => self.cache.is_none(),
            CatalogueNeed::Create => true,
        };
        observed.catalogue = self.catalogue(may_ask).await?;
        Ok(())
    }

    /// Returns how many requests a look at so many children takes: the list and the distributor.
    pub(crate) fn requests_of_a_look(&self, children: usize) -> u64 {
        let pages =
            self.client.page_size().map_or(1, |size| (children as u64).div_ceil(size.worked.get().into()).max(1));
        pages + 1
    }

    /// Returns regions and countries, of the cache or else of the server, if that may be asked.
    pub(crate) async fn catalogue(&self, may_ask: bool) -> Result<Option<Catalogue>, Failure> {
        let cached = self.cache.as_ref().and_then(|cache| Some((cache.regions()?, cache.countries()?)));
        let (regions, countries) = match cached {
            Some(cached) => cached,
            None if may_ask => (self.regions().await?, self.countries().await?),
            None => return Ok(None),
        };
        Ok(Some(Catalogue { regions, countries }))
    }

    /// Counts the writes of the distributor that have no known outcome, without taking the journal.
    pub(crate) fn count_open_writes(&self) -> Result<usize, Failure> {
        let (api, id) = (self.client.api_name(), self.organization_id()?);
        let creates = self.peek_open_intents().unwrap_or_default();
        let allocations = FileJournal::read_open_allocations(&self.connection.journal).unwrap_or_default();
        let creates = creates.iter().filter(|open| open.intent.api == api && open.intent.parent == id).count();
        Ok(creates + allocations.iter().filter(|open| open.api == api && open.parent == id).count())
    }

    /// Returns the children of the distributor that creates of this machine made.
    fn known_children(&self) -> Vec<KnownChild> {
        let claims = FileJournal::read_claims(&self.connection.journal).unwrap_or_default();
        let api = self.client.api_name();
        let own = claims
            .into_iter()
            .filter(|claim| claim.api == api && Some(claim.parent) == self.connection.organization_id);
        own.map(|claim| KnownChild {
            id: claim.organization_id,
            name: claim.organization_name,
            owner: Some(claim.user_email),
            region: Some(claim.region_id),
        })
        .collect()
    }
}
