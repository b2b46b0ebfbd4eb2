//! Client that can only read. A dry run has no other.

use std::time::Duration;

use futures_util::TryStreamExt;
use mms_client::{
    CarefulWrites, ChildOrganizations, Client, CreateOncePolicy, Error, IntentId, Journal, JournalError, Look,
    PageSize, Purpose, RawAnswer, RawRequest, ResponseValue, SettledIntent,
};
use mms_types::{
    ChildOrganizationConsumptionList, CountryList, CurrentAuthorizationResponse, CurrentUserResponse, OrganizationId,
    OrganizationResponse, OrganizationSummary, RegionList,
};

/// The reads of a client. Nothing here sends a request that could change anything.
#[derive(Debug)]
pub(super) struct ReadClient(Client);

type Answer<T> = Result<ResponseValue<T>, Error>;

impl ReadClient {
    pub(super) const fn new(client: Client) -> Self {
        Self(client)
    }

    /// Returns the time of the clock by which writes wait.
    pub(super) fn now(&self) -> Duration {
        CarefulWrites::clock(&self.0).now()
    }

    pub(super) fn child_organizations(&self, id: OrganizationId) -> ChildOrganizations {
        self.0.child_organizations(id)
    }

    pub(super) async fn consumption(&self, id: OrganizationId) -> Answer<ChildOrganizationConsumptionList> {
        self.0.list_child_organization_consumption().organization_id(id).send().await
    }

    pub(super) async fn organization(&self, id: OrganizationId) -> Answer<OrganizationResponse> {
        self.0.get_organization().organization_id(id).send().await
    }

    pub(super) async fn authorization(&self) -> Answer<CurrentAuthorizationResponse> {
        self.0.get_current_authorization().send().await
    }

    pub(super) async fn user(&self) -> Answer<CurrentUserResponse> {
        self.0.get_current_user().send().await
    }

    pub(super) async fn organizations(&self) -> Result<Vec<OrganizationSummary>, Error> {
        self.0.organizations().try_collect().await
    }

    pub(super) async fn regions(&self) -> Answer<RegionList> {
        self.0.list_regions().send().await
    }

    pub(super) async fn countries(&self) -> Answer<CountryList> {
        self.0.list_countries().send().await
    }

    pub(super) async fn look(&self, id: OrganizationId, purpose: Purpose) -> Result<Look, Error> {
        Box::pin(self.0.look(id, purpose)).await
    }

    /// Looks for the children of open intents, or of one of them.
    pub(super) async fn settle(
        &self,
        only: Option<&IntentId>,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<Vec<SettledIntent>, JournalError> {
        match only {
            Some(intent) => {
                let settled = self.0.settle_open_intent(intent, journal, policy).await?;
                Ok(settled.into_iter().collect())
            }
            None => self.0.settle_open_intents(journal, policy).await,
        }
    }

    /// Sends a raw request; nothing, where it is no read.
    pub(super) async fn raw(&self, request: &RawRequest) -> Option<Result<RawAnswer, Error>> {
        if request.method().is_read() { Some(self.0.send_raw(request).await) } else { None }
    }

    pub(super) fn api_name(&self) -> String {
        self.0.api_name()
    }

    pub(super) fn page_size(&self) -> Option<PageSize> {
        self.0.page_size()
    }

    pub(super) fn requests_sent(&self) -> u64 {
        self.0.requests_sent()
    }
}
