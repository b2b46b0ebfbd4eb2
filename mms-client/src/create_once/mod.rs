//! Creating a child organization at most once.

mod error;
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
use std::time::Duration;

use futures_util::{StreamExt, stream};
use mms_types::{ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, OrganizationId};

use crate::distributor::{Children, Delivery, Distributor};
use crate::generated::Client;
use crate::journal::{Claim, Intent, IntentId, IntentOutcome, Journal, JournalError, OpenIntent};
pub use error::CreateOnceError;
use error::{Kind, Looks};
use key::{Key, Turn};
pub use outcome::{CreateOnce, CreateOncePolicy, SettledIntent};
use settle::{Absence, Context, Finding, judge};

/// How many intents are settled side by side; the pace spreads what they read.
const SIDE_BY_SIDE: usize = 16;

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
    /// It only reads: no create is sent. An intent at which settling stopped before is looked at once; any other is looked for
    /// as after a lost answer, 16 intents side by side. An error of the journal means that the open intents cannot be read.
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
        Registrar { distributor: self, journal, policy }.settle_all().await
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
        Registrar { distributor: self, journal, policy }.settle_by_id(intent).await
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
        if let Some(open) = open.iter().find(|open| Key::from(&open.intent) == key) {
            return self.settle(open, None).await;
        }

        let read = self.distributor.children(parent).await;
        let children = read.map_err(|error| CreateOnceError::new(&key, Kind::Unseen, Some(error.into())))?;
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

    /// Settles the open intents of this API.
    pub(crate) async fn settle_all(&self) -> Result<Vec<SettledIntent>, JournalError> {
        let settled = stream::iter(self.open()?.map(|intent| self.settle_one(intent))).buffered(SIDE_BY_SIDE);
        Ok(settled.filter_map(|settled| async { settled }).collect().await)
    }

    /// Settles one of them. It is judged with the others in view, since one of those may be what the pool fell for.
    async fn settle_by_id(&self, id: &IntentId) -> Result<Option<SettledIntent>, JournalError> {
        match self.open()?.find(|intent| intent.id == *id) {
            Some(intent) => Ok(self.settle_one(intent).await),
            None => Ok(None),
        }
    }

    /// Returns the open intents of this API, oldest first.
    fn open(&self) -> Result<impl Iterator<Item = Intent>, JournalError> {
        let intents = self.journal.open_intents()?.into_iter().map(|open| open.intent);
        Ok(intents.filter(|intent| intent.api == self.distributor.api()))
    }

    /// Settles an intent that was open when it was read; nothing where somebody has settled it since.
    async fn settle_one(&self, intent: Intent) -> Option<SettledIntent> {
        let key = Key::from(&intent);
        let Some(_turn) = Turn::take(&key) else {
            let outcome = Err(CreateOnceError::new(&key, Kind::InFlight, None));
            return Some(SettledIntent { intent, outcome });
        };
        let outcome = match self.journal.open_intents() {
            Ok(open) => self.settle(open.iter().find(|open| open.intent.id == intent.id)?, None).await,
            Err(error) => Err(unread(&intent, error)),
        };
        Some(SettledIntent { intent, outcome })
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
            Delivery::Done(answer) if is_new(&answer, &intent) => {
                let organization_id = answer.child_organization_id;
                self.record_child(&intent, &IntentOutcome::Created { organization_id }, organization_id)?;
                return Ok(CreateOnce::Created { intent: intent.id, answer: Box::new(answer) });
            }
            Delivery::Done(_) => return self.settle(&OpenIntent { intent, stopped: None }, None).await,
            Delivery::Unknown(error) => {
                return self.settle(&OpenIntent { intent, stopped: None }, Some(error)).await;
            }
            Delivery::Refused(error) => (Kind::Refused, error),
            Delivery::Unsent(error) => (Kind::Unsent, error),
        };
        let reason = error.to_string();
        let outcome = match kind {
            Kind::Refused => IntentOutcome::Refused { reason },
            _ => IntentOutcome::Unsent { reason },
        };
        self.record_stop(&intent, &outcome);
        Err(CreateOnceError::new(&key, kind, Some(error.into())))
    }

    /// Looks for the child of an intent whose answer was lost, with `lost`, until it is found or the looks are used up.
    async fn settle(&self, open: &OpenIntent, lost: Option<D::Error>) -> Result<CreateOnce, CreateOnceError> {
        let intent = &open.intent;
        let key = Key::from(intent);
        let waits = if open.stopped.is_some() { &[][..] } else { &self.policy.waits };
        let mut number = 1;
        let mut look = self.look(intent, waits.is_empty()).await?;
        let mut has_seen = look.error.is_none();
        for wait in waits {
            if !matches!(look, Look { finding: Finding::Absent(_), .. }) {
                break;
            }
            self.distributor.clock().sleep(*wait).await;
            number += 1;
            look = self.look(intent, number > waits.len()).await?;
            has_seen |= look.error.is_none();
        }

        let source = look.error.or(lost).map(Into::into);
        let (stop, kind) = match look.finding {
            Finding::One(child) => {
                let organization_id = child.organization_id;
                self.record_child(intent, &IntentOutcome::Adopted { organization_id }, organization_id)?;
                return Ok(CreateOnce::Adopted { intent: intent.id.clone(), child });
            }
            Finding::Several(ids) => {
                (IntentOutcome::Ambiguous { candidates: ids.clone() }, Kind::Ambiguous(intent.id.clone(), ids))
            }
            Finding::Absent(absence) => {
                let stop = match absence.missing {
                    Some(_) => IntentOutcome::Contradiction,
                    None => IntentOutcome::Unproven,
                };
                let seconds = waits.iter().map(Duration::as_secs).sum();
                (stop, Kind::Absent(intent.id.clone(), absence, Looks { number, seconds }))
            }
        };
        // Where no list could be read nobody has looked, and the next run has all its looks still to come.
        if has_seen && open.stopped.as_ref() != Some(&stop) {
            self.record_stop(intent, &stop);
        }
        Err(CreateOnceError::new(&key, kind, source))
    }

    /// Reads the list once and judges it. The last look reads the pool too, before the list, for the same reason for which it
    /// is read after it before a create.
    async fn look(&self, intent: &Intent, is_last: bool) -> Result<Look<D::Error>, CreateOnceError> {
        let pool = if is_last { self.pool(intent.parent).await } else { None };
        let children = match self.distributor.children(intent.parent).await {
            Ok(children) => children,
            Err(error) => return Ok(Look { finding: Finding::Absent(Absence::default()), error: Some(error) }),
        };
        let is_here = |api: &str, parent: OrganizationId| api == intent.api && parent == intent.parent;
        let mut claims = self.journal.claims().map_err(|error| unread(intent, error))?;
        claims.retain(|claim| is_here(&claim.api, claim.parent));
        let open =
            if is_last { self.journal.open_intents().map_err(|error| unread(intent, error))? } else { Vec::new() };
        let others = open.into_iter().map(|open| open.intent);
        let others: Vec<Intent> =
            others.filter(|other| other.id != intent.id && is_here(&other.api, other.parent)).collect();
        let context = Context { claims: &claims, others: &others, pool };
        Ok(Look { finding: judge(intent, &children, context), error: None })
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
            CreateOnceError::new(&Key::from(intent), kind, Some(error.into()))
        })
    }

    /// Writes down that there is no child, or that nobody knows. Where that fails the intent stays open, which is safe.
    fn record_stop(&self, intent: &Intent, outcome: &IntentOutcome) {
        let at = self.distributor.clock().wall().into();
        if let Err(error) = self.journal.record_outcome(&intent.id, at, outcome) {
            tracing::warn!(%error, intent = %intent.id, "an outcome is not in the journal: its intent stays open");
        }
    }
}

/// What one look at the list brought.
struct Look<E> {
    finding: Finding,
    /// Why there was no list.
    error: Option<E>,
}

/// Says whether an answer names a child that was not there before. One that does not is as good as lost.
fn is_new(answer: &CreatedChildOrganization, intent: &Intent) -> bool {
    let id = answer.child_organization_id;
    id.get() > 0 && !intent.ids_before.contains(&id)
}

fn unusable(key: &Key, error: JournalError) -> CreateOnceError {
    CreateOnceError::new(key, Kind::Journal, Some(error.into()))
}

/// Says of an open intent that nothing is known, because the journal cannot be read.
fn unread(intent: &Intent, error: JournalError) -> CreateOnceError {
    let kind = Kind::Absent(intent.id.clone(), Absence::default(), Looks { number: 0, seconds: 0 });
    CreateOnceError::new(&Key::from(intent), kind, Some(error.into()))
}
