//! Creation of one child: intent, one request, outcome.

use std::sync::Arc;
use std::time::Duration;

use mms_types::{ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, OrganizationId};

use super::aftermath::Aftermath;
use super::error::{CreateOnceError, Kind, Looks, Source};
use super::key::{Key, KeyGuard};
use super::matching::Absence;
use super::outcome::CreateOnce;
use super::policy::CreateOncePolicy;
use crate::write::distributor::{Delivery, Distributor, MAX_TURNS};
use crate::write::journal::{
    Claim, Intent, IntentId, IntentOutcome, Journal, JournalError, OpenIntent, milliseconds_since_boot,
};
use crate::write::look::{Children, Look, Purpose, Write};
use crate::write::read_look::{HeldLook, Pool};

/// Reason of an intent whose create was not sent for its look.
const STALE: &str = "its turn would have come too long after the look at the list";

/// Time for which a child that was made under another place counts as recent. Longer than a list may lag, since nothing else tells
/// that it may be this place's.
const RECENT_ELSEWHERE: Duration = Duration::from_secs(3_600);

/// Creations with one distributor, journal and policy.
pub(crate) struct Creation<'a, D> {
    pub(crate) distributor: &'a D,
    pub(crate) journal: &'a dyn Journal,
    pub(crate) policy: &'a CreateOncePolicy,
}

/// Course of one call.
struct Course<'a> {
    request: &'a CreateChildOrganizationRequest,
    since: Duration,
    /// How often the create was sent, or tried to be.
    attempts: u32,
    /// How often its turn would have come too long after the look.
    stale_turns: u32,
}

/// What became of an intent's create.
enum Sent {
    /// The outcome of the call.
    Outcome(Result<CreateOnce, CreateOnceError>),
    /// Nothing was sent, for this reason or because the look was too old; after the wait another look decides, if there is one.
    Nothing(Option<Source>, Option<Duration>),
}

impl<D: Distributor> Creation<'_, D> {
    pub(crate) async fn create(
        &self,
        parent: OrganizationId,
        request: &CreateChildOrganizationRequest,
    ) -> Result<CreateOnce, CreateOnceError> {
        let name = request.organization_name.as_str();
        if !self.distributor.is_api_known() {
            self.learn_api(&Key::new(&self.distributor.api(), parent, name)).await?;
        }
        let key = Key::new(&self.distributor.api(), parent, name);
        let Some(_guard) = KeyGuard::acquire(&key) else {
            return Err(CreateOnceError::new(&key, Kind::InFlight, None));
        };
        if let Some(open) = self.open_intent(&key)? {
            return self.settle(open, None).await;
        }
        if !self.policy.allow_same_name {
            self.refuse_elsewhere(&key)?;
        }
        let mut course = Course { request, since: self.distributor.clock().now(), attempts: 0, stale_turns: 0 };
        loop {
            // A pool that was read before the list proves nothing after a 429, so that it has to be the reason of the delay.
            let pool = if course.stale_turns > 1 { Pool::Before } else { Pool::After };
            let read = Look::kept_or_read(self.distributor, parent, Purpose::Create, pool).await;
            let mut look = read.map_err(|error| CreateOnceError::new(&key, Kind::Unseen, Some(Arc::new(error))))?;
            if !self.policy.allow_same_name
                && let Some(existed) = self.existing(&key, &look.children)?
            {
                return Ok(existed);
            }
            if !look.children.is_complete {
                return Err(CreateOnceError::new(&key, Kind::Unseen, None));
            }
            // A process that dies while it waits for its turn leaves no intent behind.
            if !self.distributor.take_turn(look.latest_turn(self.distributor.is_batch())).await {
                drop(look.begin_write(self.distributor, parent, None));
                course.attempts += 1;
                course.stale_turns += 1;
                if course.attempts < MAX_TURNS {
                    continue;
                }
                return Err(CreateOnceError::new(&key, Kind::Unsent, None));
            }
            let intent = self.intent(&key, request, &look);
            self.journal.record_intent(&intent).map_err(|error| unusable(&key, error))?;
            let open = OpenIntent { intent, stopped: None };
            let (error, wait) = match self.send(&open, look, &mut course).await {
                Sent::Outcome(outcome) => return outcome,
                Sent::Nothing(error, wait) => (error, wait),
            };
            let reason = error.as_ref().map_or_else(|| STALE.to_owned(), ToString::to_string);
            let unsent = CreateOnceError::new(&key, Kind::Unsent, error);
            let unsent = self.record_stop(&open.intent, &IntentOutcome::Unsent { reason }, unsent);
            // What exists may have changed since the look: a new one decides, and has an intent of its own.
            let (Some(wait), false) = (wait, unsent.is_unrecorded()) else { return Err(unsent) };
            self.distributor.sleep(wait).await;
        }
    }

    /// Reads a look, on which the create is decided then, so that an answer says which sandbox this is, if it is one.
    async fn learn_api(&self, key: &Key) -> Result<(), CreateOnceError> {
        let read = Look::read(self.distributor, key.parent, Purpose::Create, Pool::After).await;
        let error = match read {
            Ok(look) => {
                self.distributor.looks().keep(key.parent, Arc::new(look));
                return Ok(());
            }
            Err(error) => Some(Arc::new(error) as Source),
        };
        // What an earlier call left open may be of this server.
        let open = self.journal.open_intents().map_err(|error| unusable(key, error))?;
        let kind = match open.iter().find(|open| key.is_at_the_place_of(&Key::from(&open.intent))) {
            Some(open) => Kind::Absent(open.intent.id.clone(), Absence::default(), Looks { number: 1, seconds: 0 }),
            None => Kind::Unseen,
        };
        Err(CreateOnceError::new(key, kind, error))
    }

    /// Returns the open intent of a key: of this very name, or else of one that reads the same, unless a second is wanted.
    fn open_intent(&self, key: &Key) -> Result<Option<OpenIntent>, CreateOnceError> {
        let mut open = self.journal.open_intents().map_err(|error| unusable(key, error))?;
        open.retain(|open| Key::from(&open.intent) == *key);
        let named = open.iter().position(|open| open.intent.organization_name == key.name);
        let similar = if self.policy.allow_same_name || open.is_empty() { None } else { Some(0) };
        Ok(named.or(similar).map(|index| open.swap_remove(index)))
    }

    /// Refuses a name that an open or recent intent has for a distributor of the same id at another place, which may be this one
    /// by another name: a gateway, say.
    fn refuse_elsewhere(&self, key: &Key) -> Result<(), CreateOnceError> {
        let open = self.journal.open_intents().map_err(|error| unusable(key, error))?;
        let claims = self.journal.claims().map_err(|error| unusable(key, error))?;
        let open = open.into_iter().map(|OpenIntent { intent, .. }| (Key::from(&intent), intent.api));
        let recent =
            claims.into_iter().filter(|claim| self.age(claim) < RECENT_ELSEWHERE.max(self.policy.settle_time()));
        let recent = recent.map(|claim| (Key::new(&claim.api, claim.parent, &claim.organization_name), claim.api));
        match open.chain(recent).find(|(other, _)| key.is_elsewhere(other)) {
            Some((_, api)) => Err(CreateOnceError::new(key, Kind::Elsewhere(api), None)),
            None => Ok(()),
        }
    }

    /// Returns the child of a key that is there already. What the journal knows of it goes before its name.
    fn existing(&self, key: &Key, children: &Children) -> Result<Option<CreateOnce>, CreateOnceError> {
        let all_claims = self.journal.claims().map_err(|error| unusable(key, error))?;
        let claims: Vec<&Claim> = all_claims.iter().filter(|claim| key.is_of(claim)).collect();
        let is_known =
            |child: &&ChildOrganization| claims.iter().any(|claim| claim.organization_id == child.organization_id);
        let (known, namesakes): (Vec<_>, Vec<_>) = children
            .rows
            .iter()
            .filter(|child| {
                child.organization_name.as_deref().is_some_and(|name| key.reads_like(name)) || is_known(child)
            })
            .partition(is_known);
        let listed = |child: &ChildOrganization| CreateOnce::Existed {
            organization_id: child.organization_id,
            child: Some(Box::new(child.clone())),
        };
        match (&known[..], &namesakes[..], claims.last()) {
            ([child], _, _) | ([], [child], None) => Ok(Some(listed(child))),
            ([], [], None) => match nameless(children, key, &all_claims) {
                ids if ids.is_empty() => Ok(None),
                ids => Err(CreateOnceError::new(key, Kind::Nameless(ids), None)),
            },
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
        self.age(claim) < self.policy.settle_time()
    }

    /// Returns how long ago a child became known.
    fn age(&self, claim: &Claim) -> Duration {
        self.distributor.clock().wall().duration_since(claim.at.time()).unwrap_or_default()
    }

    fn intent(&self, key: &Key, request: &CreateChildOrganizationRequest, look: &Look) -> Intent {
        Intent {
            id: IntentId::draw(self.distributor.random()),
            at: self.distributor.clock().wall().into(),
            since_boot: milliseconds_since_boot(self.distributor.clock()),
            api: key.api.clone(),
            parent: key.parent,
            organization_name: key.name.clone(),
            region_id: request.region_id,
            country_id: request.country_id,
            operations: request.operations,
            user_email: request.user_email.as_str().to_owned(),
            ids_before: Arc::new(look.children.rows.iter().map(|child| child.organization_id).collect()),
            allocated_before: look.children.allocated().unwrap_or_default(),
            // Without the sum of the allocations the pool proves nothing.
            pool_before: look.pool().filter(|_| look.children.allocated().is_some()),
            run: None,
        }
    }

    /// Sends the create of an intent that is written down: once, and again where the server's limit refused it and another look
    /// proves that nothing came of that.
    async fn send(&self, open: &OpenIntent, mut look: HeldLook, course: &mut Course<'_>) -> Sent {
        let (mut latest, mut limited) = (look.latest_turn(self.distributor.is_batch()), None::<Source>);
        loop {
            course.attempts += 1;
            let write = look.begin_write(self.distributor, open.intent.parent, None);
            let attempt = self.distributor.create(open.intent.parent, course.request.clone(), latest).await;
            let wait = match attempt {
                Delivery::Done(answer) => return Sent::Outcome(self.answered(open, look, answer, write).await),
                Delivery::Unknown(error) => {
                    return Sent::Outcome(self.settle(open.clone(), Some(Arc::new(error))).await);
                }
                Delivery::Refused(error) => {
                    let is_doubtful = limited.is_some() || self.distributor.is_not_found(&error);
                    return Sent::Outcome(self.refused(open, &look, Arc::new(error), is_doubtful).await);
                }
                Delivery::Stale => {
                    course.stale_turns += 1;
                    (course.attempts < MAX_TURNS).then_some(Duration::ZERO)
                }
                Delivery::Unsent(error) if limited.is_none() => {
                    let wait = self.distributor.pause(course.attempts, &error, course.since);
                    return Sent::Nothing(Some(Arc::new(error)), wait);
                }
                Delivery::Limited(error) | Delivery::Unsent(error) => {
                    let wait = self.distributor.pause(course.attempts, &error, course.since);
                    limited = Some(Arc::new(error));
                    wait
                }
            };
            let Some(error) = &limited else { return Sent::Nothing(None, wait) };
            let Some(wait) = wait else {
                return Sent::Outcome(self.refused(open, &look, Arc::clone(error), true).await);
            };
            self.distributor.sleep(wait).await;
            match self.look_after(open, &look, error, true).await {
                Aftermath::Outcome(outcome) => return Sent::Outcome(outcome),
                Aftermath::Nothing(Some(now)) => latest = now.latest_turn(self.distributor.is_batch()),
                Aftermath::Nothing(None) => return Sent::Outcome(self.believe(open, Arc::clone(error))),
            }
        }
    }

    /// Takes the server's answer.
    async fn answered(
        &self,
        open: &OpenIntent,
        look: HeldLook,
        answer: CreatedChildOrganization,
        write: Write<'_>,
    ) -> Result<CreateOnce, CreateOnceError> {
        let intent = &open.intent;
        if !self.is_new(&answer, intent) {
            return self.settle(open.clone(), None).await;
        }
        let organization_id = answer.child_organization_id;
        self.record_child(intent, &IntentOutcome::Created { organization_id }, organization_id)?;
        // With another write under way the pool proves nothing.
        let doubled = if write.was_alone() { self.doubled(intent, &look, &answer).await } else { None };
        let (intent, answer) = (intent.id.clone(), Box::new(answer));
        if let Some(others) = doubled {
            return Ok(CreateOnce::Doubled { intent, answer, others });
        }
        drop(look);
        write.keep(|look| look.add_created(&open.intent, &answer));
        Ok(CreateOnce::Created { intent, answer })
    }

    /// Ends a create that the server refused, after a look. `is_doubtful` says that only a proof counts.
    async fn refused(
        &self,
        open: &OpenIntent,
        look: &Look,
        error: Source,
        is_doubtful: bool,
    ) -> Result<CreateOnce, CreateOnceError> {
        match self.look_after(open, look, &error, is_doubtful).await {
            Aftermath::Outcome(outcome) => outcome,
            Aftermath::Nothing(_) => self.believe(open, error),
        }
    }

    /// Ends a create of which the refusal is believed.
    fn believe(&self, open: &OpenIntent, error: Source) -> Result<CreateOnce, CreateOnceError> {
        let reason = error.to_string();
        let refused = CreateOnceError::new(&Key::from(&open.intent), Kind::Refused, Some(error));
        Err(self.record_stop(&open.intent, &IntentOutcome::Refused { reason }, refused))
    }

    /// Says whether an answer names a child that was not there before, of the owner that was asked for, and came of no other
    /// intent. One that does not is as good as lost.
    fn is_new(&self, answer: &CreatedChildOrganization, intent: &Intent) -> bool {
        let id = answer.child_organization_id;
        let is_it =
            |claim: &Claim| claim.organization_id == id && claim.parent == intent.parent && claim.api == intent.api;
        // A journal that cannot be read takes no outcome either, which the caller is then told.
        let is_claimed = self.journal.claims().is_ok_and(|claims| claims.iter().any(is_it));
        let is_owner = |email: &String| email.eq_ignore_ascii_case(&intent.user_email);
        id.get() > 0
            && !intent.ids_before.contains(&id)
            && !is_claimed
            && answer.user_email.as_ref().is_none_or(is_owner)
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

/// Returns the children that have no name in a list, and none by the journal.
fn nameless(children: &Children, key: &Key, claims: &[Claim]) -> Vec<OrganizationId> {
    let is_claimed = |id| claims.iter().any(|claim| claim.organization_id == id && key.is_beside(claim));
    let nameless = children.rows.iter().filter(|child| child.organization_name.is_none());
    nameless.map(|child| child.organization_id).filter(|id| !is_claimed(*id)).collect()
}

fn unusable(key: &Key, error: JournalError) -> CreateOnceError {
    CreateOnceError::new(key, Kind::Journal, Some(Arc::new(error)))
}
