//! Reads of a session, each with the explanation of its failure.

use std::time::Duration;

use mms_client::{Claim, CreateOncePolicy, Error, FileJournal, Look, Purpose, RawAnswer, RawRequest, ResponseValue};
use mms_fleet::Consumption;
use mms_types::{
    ChildOrganization, ChildOrganizationConsumption, Country, CurrentAuthorization, CurrentUser, Organization,
    OrganizationSummary, Region,
};

use super::Session;
use super::cache::Cache;
use super::recent_allocations::RecentAllocation;
use crate::lookup::{Children, name_of, resolve};
use crate::output::failure::{Failure, Subject};
use crate::output::progress::Progress;
use crate::output::time::age;

impl Session {
    /// Takes the answer to a read. `subject` is what a 404 says is not there.
    fn answer<T>(&self, answer: Result<ResponseValue<T>, Error>, subject: Subject) -> Result<T, Failure> {
        answer.map(ResponseValue::into_inner).map_err(|error| self.destination().failure(&error, subject))
    }

    /// Returns every child of the distributor that the server lists.
    pub(crate) async fn children(&self) -> Result<Children, Failure> {
        let id = self.organization_id()?;
        let mut stream = self.client.child_organizations(id);
        let mut listed = Vec::new();
        let mut progress = Progress::begin(&self.printer, "children listed");
        loop {
            let subject = if listed.is_empty() { Subject::Organization(id) } else { Subject::FurtherPage(id) };
            match stream.try_next_rows().await {
                Ok(Some(page)) => {
                    // The first page is often all of them, and is not copied.
                    if listed.is_empty() {
                        listed = page;
                    } else {
                        listed.extend(page);
                    }
                    progress.advance(listed.len());
                }
                Ok(None) => {
                    self.printer.clear_passing();
                    self.names.iter().for_each(|names| names.keep_children(&listed));
                    return Ok(self.with_own_writes(Children::new(listed, stream.is_complete())));
                }
                Err(error) => return Err(self.destination().failure(&error, subject)),
            }
        }
    }

    /// Returns what the distributor's children have consumed.
    pub(crate) async fn consumption(&self) -> Result<Vec<ChildOrganizationConsumption>, Failure> {
        Ok(self.read_consumption().await?.0)
    }

    /// Returns the same by child.
    pub(crate) async fn consumption_by_child(&self) -> Result<Consumption, Failure> {
        Ok(self.read_consumption().await?.1)
    }

    /// Reads it, and keeps it for the writes of this command.
    async fn read_consumption(&self) -> Result<(Vec<ChildOrganizationConsumption>, Consumption), Failure> {
        let (id, asked_at) = (self.organization_id()?, self.client.now());
        let list = self.answer(self.client.consumption(id).await, Subject::Organization(id))?;
        let rows = list.managed_organizations_consumption;
        let consumption = Consumption::new(asked_at, &rows);
        self.consumption.replace(Some(consumption.clone()));
        Ok((rows, consumption))
    }

    /// Returns the distributor itself, or nothing where the token may not read it.
    pub(crate) async fn organization(&self) -> Result<Option<Organization>, Failure> {
        let id = self.organization_id()?;
        match self.client.organization(id).await {
            Ok(answer) => Ok(Some(answer.into_inner().organization)),
            Err(error) if error.is_forbidden() => Ok(None),
            Err(error) => Err(self.destination().failure(&error, Subject::Organization(id))),
        }
    }

    /// Returns what the token may do.
    pub(crate) async fn authorization(&self) -> Result<CurrentAuthorization, Failure> {
        Ok(self.answer(self.client.authorization().await, Subject::Other)?.authorization)
    }

    /// Returns whose token it is; nothing where the token may not read that.
    pub(crate) async fn user(&self) -> Result<Option<CurrentUser>, Failure> {
        match self.client.user().await {
            Ok(answer) => Ok(Some(answer.into_inner().auth_user)),
            Err(error) if error.is_forbidden() => Ok(None),
            Err(error) => Err(self.destination().failure(&error, Subject::Other)),
        }
    }

    /// Returns the organizations that the token may see; nothing where it may not read them.
    pub(crate) async fn organizations(&self) -> Result<Option<Vec<OrganizationSummary>>, Failure> {
        match self.client.organizations().await {
            Ok(organizations) => Ok(Some(organizations)),
            Err(error) if error.is_forbidden() => Ok(None),
            Err(error) => Err(self.destination().failure(&error, Subject::Other)),
        }
    }

    /// Sends a read of any path.
    pub(crate) async fn raw_read(&self, request: &RawRequest) -> Result<RawAnswer, Failure> {
        match self.client.raw(request).await {
            Some(answer) => answer.map_err(|error| self.raw_failure(&error, request)),
            None => Err(Failure::failed("this command reads and writes nothing; nothing was sent")),
        }
    }

    /// Explains why a request of any path failed, or was refused.
    pub(crate) fn raw_failure(&self, error: &Error, request: &RawRequest) -> Failure {
        self.destination().raw_failure(error, request)
    }

    /// Returns the regions.
    pub(crate) async fn regions(&self) -> Result<Vec<Region>, Failure> {
        let list = self.answer(self.client.regions().await, Subject::Other)?;
        self.cache.iter().for_each(|cache| cache.keep_regions(&list.imt_regions));
        self.names.iter().for_each(|names| names.keep_regions(&list.imt_regions));
        Ok(list.imt_regions)
    }

    /// Returns the countries.
    pub(crate) async fn countries(&self) -> Result<Vec<Country>, Failure> {
        let list = self.answer(self.client.countries().await, Subject::Other)?;
        self.cache.iter().for_each(|cache| cache.keep_countries(&list.countries));
        self.names.iter().for_each(|names| names.keep_countries(&list.countries));
        Ok(list.countries)
    }

    /// Finds the region that a text means, in the cache or else at the server.
    pub(crate) async fn region(&self, text: &str) -> Result<Region, Failure> {
        if let Some(known) = self.cache.as_ref().and_then(Cache::regions)
            && let Ok(region) = resolve(text, &known, self.invocation())
        {
            return Ok(region.clone());
        }
        resolve(text, &self.regions().await?, self.invocation()).cloned()
    }

    /// Finds the country that a text means, in the cache or else at the server.
    pub(crate) async fn country(&self, text: &str) -> Result<Country, Failure> {
        if let Some(known) = self.cache.as_ref().and_then(Cache::countries)
            && let Ok(country) = resolve(text, &known, self.invocation())
        {
            return Ok(country.clone());
        }
        resolve(text, &self.countries().await?, self.invocation()).cloned()
    }

    /// Adds what commands on this machine did so short a time ago that a list may not show it, and says what: children that they
    /// created, and allocations that they set.
    pub(crate) fn with_own_writes(&self, mut children: Children) -> Children {
        let settle_time = CreateOncePolicy::default().waits.iter().sum::<Duration>().as_secs();
        let claims = FileJournal::read_claims(&self.connection.journal).unwrap_or_else(|error| {
            tracing::debug!(%error, "the journal cannot be read");
            Vec::new()
        });
        let api = self.client.api_name();
        let is_recent = |claim: &Claim| {
            claim.api == api && Some(claim.parent) == self.connection.organization_id && age(claim.at) < settle_time
        };
        let created = claims.into_iter().filter(is_recent).map(|claim| ChildOrganization {
            organization_id: claim.organization_id,
            organization_name: Some(claim.organization_name),
            operations_allocated: i64::try_from(claim.operations.get()).ok(),
            country_id: Some(claim.country_id),
            timezone_id: None,
            zone_id: None,
            zone_domain: None,
            zone_name: None,
        });
        children.warn_if_incomplete(&self.printer);
        let recent = self.recent_allocations.iter().flat_map(|recent| recent.of(&api));
        for allocation in recent {
            if let Some(name) = children.take_over(allocation.organization_id, allocation.before, allocation.now) {
                let RecentAllocation { organization_id, before, now, .. } = allocation;
                self.printer.warn(&format!(
                    "{organization_id} {name} was given {now} credits a moment ago, and the list shows {before} still: it is taken to \
                     have {now}"
                ));
            }
        }
        for child in children.add_created(created) {
            let (id, name) = (child.organization_id, name_of(child));
            self.printer.warn(&format!(
                "{id} {name} was created a moment ago and is not listed yet: it is taken to be as it was \
                 asked for"
            ));
        }
        children
    }

    /// Reads what a write is decided on: the children and the distributor, which the write itself does not read again. A list that
    /// grows between two of its pages proves no end, and is read once more.
    pub(crate) async fn look(&self, purpose: Purpose) -> Result<Look, Failure> {
        let id = self.organization_id()?;
        let failed = |error| self.destination().failure(&error, Subject::Organization(id));
        let mut look = self.client.look(id, purpose).await.map_err(failed)?;
        if !look.is_complete() {
            look = self.client.look(id, purpose).await.map_err(failed)?;
        }
        self.names.iter().for_each(|names| names.keep_children(look.children()));
        Ok(look)
    }
}
