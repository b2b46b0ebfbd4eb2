//! Creation of one child: intent, one request, outcome.

use std::sync::Arc;

use mms_types::{ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, OrganizationId};

use super::error::{CreateOnceError, Kind};
use super::key::{Key, KeyGuard};
use super::outcome::{CreateOnce, CreateOncePolicy};
use crate::write::distributor::{Children, Delivery, Distributor};
use crate::write::journal::{Claim, Intent, IntentId, IntentOutcome, Journal, JournalError, OpenIntent};

/// Creations with one distributor, journal and policy.
pub(crate) struct Creation<'a, D> {
    pub(crate) distributor: &'a D,
    pub(crate) journal: &'a dyn Journal,
    pub(crate) policy: &'a CreateOncePolicy,
}

impl<D: Distributor> Creation<'_, D> {
    pub(crate) async fn create(
        &self,
        parent: OrganizationId,
        request: &CreateChildOrganizationRequest,
    ) -> Result<CreateOnce, CreateOnceError> {
        let name = request.organization_name.as_str().to_owned();
        let key = Key { api: self.distributor.api().to_owned(), parent, name };
        let Some(_turn) = KeyGuard::acquire(&key) else {
            return Err(CreateOnceError::new(&key, Kind::InFlight, None));
        };
        let open = self.journal.open_intents().map_err(|error| unusable(&key, error))?;
        if let Some(open) = open.into_iter().find(|open| Key::from(&open.intent) == key) {
            return self.settle(open, None).await;
        }

        let read = self.distributor.children(parent).await;
        let children = read.map_err(|error| CreateOnceError::new(&key, Kind::Unseen, Some(Arc::new(error))))?;
        if !self.policy.allow_same_name
            && let Some(existed) = self.existing(&key, &children)?
        {
            return Ok(existed);
        }
        if !children.is_complete {
            return Err(CreateOnceError::new(&key, Kind::Unseen, None));
        }
        // After the list: what others create in between makes the pool look smaller than it was, and then an absence is
        // reported as unproven rather than as a contradiction that is none.
        let pool = self.pool(parent).await;
        let intent = self.intent(&key, request, &children, pool);
        self.journal.record_intent(&intent).map_err(|error| unusable(&key, error))?;
        self.send(intent, request).await
    }

    /// Returns the child of a key that is there already. What the journal knows of it goes before its name.
    fn existing(&self, key: &Key, children: &Children) -> Result<Option<CreateOnce>, CreateOnceError> {
        let claims = self.journal.claims().map_err(|error| unusable(key, error))?;
        let claims: Vec<&Claim> = claims.iter().filter(|claim| key.is_of(claim)).collect();
        let is_known =
            |child: &&ChildOrganization| claims.iter().any(|claim| claim.organization_id == child.organization_id);
        let (known, namesakes): (Vec<_>, Vec<_>) = children
            .rows
            .iter()
            .filter(|child| child.organization_name == key.name || is_known(child))
            .partition(is_known);
        let listed = |child: &ChildOrganization| CreateOnce::Existed {
            organization_id: child.organization_id,
            child: Some(Box::new(child.clone())),
        };
        match (&known[..], &namesakes[..], claims.last()) {
            ([child], _, _) | ([], [child], None) => Ok(Some(listed(child))),
            ([], [], None) => Ok(None),
            ([], _, Some(claim)) if self.is_recent(claim) => {
                Ok(Some(CreateOnce::Existed { organization_id: claim.organization_id, child: None }))
            }
            ([], _, Some(_)) if !children.is_complete => Ok(None),
            ([], [], Some(claim)) => Err(CreateOnceError::new(key, Kind::Vanished(claim.organization_id), None)),
            _ => {
                let vanished = claims.last().filter(|_| known.is_empty()).map(|claim| claim.organization_id);
                let there = known.iter().chain(&namesakes).map(|child| child.organization_id);
                Err(CreateOnceError::new(key, Kind::Namesakes(there.chain(vanished).collect()), None))
            }
        }
    }

    /// Says whether a child became known so short a time ago that a list need not show it yet.
    fn is_recent(&self, claim: &Claim) -> bool {
        let age = self.distributor.clock().wall().duration_since(claim.at.time()).unwrap_or_default();
        age < self.policy.patience()
    }

    fn intent(
        &self,
        key: &Key,
        request: &CreateChildOrganizationRequest,
        children: &Children,
        pool: Option<i64>,
    ) -> Intent {
        Intent {
            id: IntentId::draw(self.distributor.random()),
            at: self.distributor.clock().wall().into(),
            api: key.api.clone(),
            parent: key.parent,
            organization_name: key.name.clone(),
            region_id: request.region_id,
            country_id: request.country_id,
            operations: request.operations,
            user_email: request.user_email.as_str().to_owned(),
            ids_before: Arc::new(children.rows.iter().map(|child| child.organization_id).collect()),
            allocated_before: children.allocated(),
            pool_before: pool,
        }
    }

    /// Sends the create of an intent that is written down, once, and writes down what became of it.
    async fn send(
        &self,
        intent: Intent,
        request: &CreateChildOrganizationRequest,
    ) -> Result<CreateOnce, CreateOnceError> {
        let key = Key::from(&intent);
        let (kind, error) = match self.distributor.create(intent.parent, request.clone()).await {
            Delivery::Done(answer) if self.is_new(&answer, &intent) => {
                let organization_id = answer.child_organization_id;
                self.record_child(&intent, &IntentOutcome::Created { organization_id }, organization_id)?;
                return Ok(CreateOnce::Created { intent: intent.id, answer: Box::new(answer) });
            }
            Delivery::Done(_) => return self.settle(OpenIntent { intent, stopped: None }, None).await,
            Delivery::Unknown(error) => {
                return self.settle(OpenIntent { intent, stopped: None }, Some(Arc::new(error))).await;
            }
            Delivery::Refused(error) => (Kind::Refused, error),
            Delivery::Unsent(error) => (Kind::Unsent, error),
        };
        let reason = error.to_string();
        let outcome = match kind {
            Kind::Refused => IntentOutcome::Refused { reason },
            _ => IntentOutcome::Unsent { reason },
        };
        Err(self.record_stop(&intent, &outcome, CreateOnceError::new(&key, kind, Some(Arc::new(error)))))
    }

    /// Says whether an answer names a child that was not there before, and came of no other intent. One that does not is as good
    /// as lost.
    fn is_new(&self, answer: &CreatedChildOrganization, intent: &Intent) -> bool {
        let id = answer.child_organization_id;
        let is_it =
            |claim: &Claim| claim.organization_id == id && claim.parent == intent.parent && claim.api == intent.api;
        // A journal that cannot be read takes no outcome either, which the caller is then told.
        let is_claimed = self.journal.claims().is_ok_and(|claims| claims.iter().any(is_it));
        id.get() > 0 && !intent.ids_before.contains(&id) && !is_claimed
    }

    /// Reads the pool. Without it creates are as safe, and only a contradiction is told from an absence no more.
    pub(super) async fn pool(&self, parent: OrganizationId) -> Option<i64> {
        let read = self.distributor.pool(parent).await;
        read.inspect_err(|error| tracing::debug!(%error, "the pool cannot be read")).ok().flatten()
    }

    /// Writes down the child of an intent, which the caller must not lose where that fails.
    pub(super) fn record_child(
        &self,
        intent: &Intent,
        outcome: &IntentOutcome,
        organization_id: OrganizationId,
    ) -> Result<(), CreateOnceError> {
        let at = self.distributor.clock().wall().into();
        self.journal.record_outcome(&intent.id, at, outcome).map_err(|error| {
            let kind = Kind::Unrecorded(intent.id.clone(), organization_id);
            CreateOnceError::new(&Key::from(intent), kind, Some(Arc::new(error)))
        })
    }

    /// Writes down that there is no child, or that nobody knows, which `error` says. Where that fails the intent stays open as
    /// it was, which is safe.
    pub(super) fn record_stop(
        &self,
        intent: &Intent,
        outcome: &IntentOutcome,
        error: CreateOnceError,
    ) -> CreateOnceError {
        let at = self.distributor.clock().wall().into();
        match self.journal.record_outcome(&intent.id, at, outcome) {
            Ok(()) => error,
            Err(journal) => error.unrecorded(&intent.id, journal),
        }
    }
}

fn unusable(key: &Key, error: JournalError) -> CreateOnceError {
    CreateOnceError::new(key, Kind::Journal, Some(Arc::new(error)))
}
