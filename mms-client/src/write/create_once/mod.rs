//! Creating a child organization at most once.

mod error;
mod finding;
#[cfg(test)]
mod journalled;
mod key;
mod outcome;
mod settle;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use mms_types::{ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, OrganizationId};

use crate::http::generated::Client;
use crate::write::distributor::{Children, Delivery, Distributor};
use crate::write::journal::{Claim, Intent, IntentId, IntentOutcome, Journal, JournalError, OpenIntent};
pub use error::CreateOnceError;
use error::Kind;
use key::{Key, Turn};
pub use outcome::{CreateOnce, CreateOncePolicy, SettledIntent};

impl Client {
    /// Creates a child organization at most once, whatever becomes of the answer.
    ///
    /// A child can never be deleted, so this looks before it sends, writes its intent into the journal, sends one create, and
    /// writes the outcome. Where the answer is lost it reads the list - at once and then, with the default policy, over 212 s -
    /// and adopts the one new child that fits. It never sends a create again that may have been carried out. An intent of the
    /// same name that an earlier run left open is settled first, and is then the outcome of this call.
    ///
    /// The error says what is known: [`is_refused`](CreateOnceError::is_refused),
    /// [`is_ambiguous`](CreateOnceError::is_ambiguous), [`is_unproven`](CreateOnceError::is_unproven),
    /// [`is_contradiction`](CreateOnceError::is_contradiction). After the last three the name stays closed until a further call
    /// finds the child, or a person decides: [`Journal::resolve`]. Dropping the future leaves an open intent at worst.
    ///
    /// It costs two reads and the create; the list may be several pages. See the chapter
    /// [What happens when the answer to a create is lost](crate::guide#what-happens-when-the-answer-to-a-create-is-lost).
    ///
    /// ```no_run
    /// use mms_client::types::{CreateChildOrganizationRequest, OrganizationId};
    /// use mms_client::{CreateOnce, CreateOncePolicy, FileJournal};
    ///
    /// # async fn example(client: mms_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = FileJournal::open("/var/lib/provisioning/intents")?;
    /// let request = CreateChildOrganizationRequest {
    ///     organization_name: "Panadería Sol".parse()?,
    ///     user_name: "Ada Owner".parse()?,
    ///     user_email: "ada@sol.example".parse()?,
    ///     region_id: 1.try_into()?,
    ///     country_id: 7.try_into()?,
    ///     operations: "20000".parse()?,
    /// };
    /// let policy = CreateOncePolicy::default();
    /// match client.create_child_once(OrganizationId::new(11), &request, &journal, &policy).await {
    ///     Ok(CreateOnce::Created { answer, .. }) => println!("created {}", answer.child_organization_id),
    ///     Ok(other) => println!("it is {}", other.organization_id()),
    ///     Err(error) if error.maybe_created() => println!("look before anything else: {error}"),
    ///     Err(error) => println!("nothing was created: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_child_once(
        &self,
        parent: OrganizationId,
        request: &CreateChildOrganizationRequest,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<CreateOnce, CreateOnceError> {
        Registrar { distributor: self, journal, policy }.create(parent, request).await
    }

    /// Settles every intent of this API that an earlier run left open, and says of each what became of it.
    ///
    /// It only reads, one list at a time for all intents of a distributor: no create is sent. An intent at which settling stopped
    /// before is looked at once; any other is looked for as after a lost answer. An error of the journal means that the open
    /// intents cannot be read.
    ///
    /// ```
    /// use mms_client::{Client, CreateOncePolicy, MemoryJournal};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = MemoryJournal::new();
    /// for settled in client.settle_open_intents(&journal, &CreateOncePolicy::default()).await? {
    ///     match settled.outcome {
    ///         Ok(child) => println!("{} is {}", settled.intent.organization_name, child.organization_id()),
    ///         Err(error) => println!("{error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settle_open_intents(
        &self,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<Vec<SettledIntent>, JournalError> {
        Registrar { distributor: self, journal, policy }.settle_open(|_| true).await
    }

    /// Settles one intent that an earlier run left open, as [`settle_open_intents`](Self::settle_open_intents) does with all of
    /// them; nothing where no such intent of this API is open.
    ///
    /// ```
    /// use mms_client::{Client, CreateOncePolicy, Journal, MemoryJournal};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = MemoryJournal::new();
    /// if let Some(latest) = journal.open_intents()?.pop() {
    ///     let settled = client.settle_open_intent(&latest.intent.id, &journal, &CreateOncePolicy::default()).await?;
    ///     println!("{settled:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settle_open_intent(
        &self,
        intent: &IntentId,
        journal: &dyn Journal,
        policy: &CreateOncePolicy,
    ) -> Result<Option<SettledIntent>, JournalError> {
        let registrar = Registrar { distributor: self, journal, policy };
        // It is judged with the others in view, since one of those may be what the pool fell for.
        Ok(registrar.settle_open(|open| open.id == *intent).await?.pop())
    }
}

/// Enters children with a distributor, each once.
pub(crate) struct Registrar<'a, D> {
    pub(crate) distributor: &'a D,
    pub(crate) journal: &'a dyn Journal,
    pub(crate) policy: &'a CreateOncePolicy,
}

impl<D: Distributor> Registrar<'_, D> {
    pub(crate) async fn create(
        &self,
        parent: OrganizationId,
        request: &CreateChildOrganizationRequest,
    ) -> Result<CreateOnce, CreateOnceError> {
        let name = request.organization_name.as_str().to_owned();
        let key = Key { api: self.distributor.api().to_owned(), parent, name };
        let Some(_turn) = Turn::take(&key) else {
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
    async fn pool(&self, parent: OrganizationId) -> Option<i64> {
        let read = self.distributor.pool(parent).await;
        read.inspect_err(|error| tracing::debug!(%error, "the pool cannot be read")).ok().flatten()
    }

    /// Writes down the child of an intent, which the caller must not lose where that fails.
    fn record_child(
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
    fn record_stop(&self, intent: &Intent, outcome: &IntentOutcome, error: CreateOnceError) -> CreateOnceError {
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
