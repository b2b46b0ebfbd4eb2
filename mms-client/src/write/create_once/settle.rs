//! Settlement of open intents: looks for their children, one list at a time for all of a distributor.

use std::collections::BTreeMap;
use std::iter;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use mms_types::{CreatedChildOrganization, OrganizationId};

use super::creation::Creation;
use super::error::{CreateOnceError, Kind, Looks, Source};
use super::key::{Key, KeyGuard};
use super::matching::{Absence, Context, Match, doubled, find_match};
use super::outcome::{CreateOnce, SettledIntent};
use crate::config::api_name::{may_be_one, place_of};
use crate::write::distributor::Distributor;
use crate::write::journal::{Claim, Intent, IntentOutcome, JournalError, Moment, OpenIntent};
use crate::write::look::{Children, Look, Purpose};
use crate::write::read_look::{Pool, read_pool};

/// One look at a distributor.
struct Reading {
    /// The list, or why there is none.
    children: Result<Children, Source>,
    /// The pool; nothing where it was not read, or cannot be.
    pool: Option<i64>,
    /// What the journal says of the distributor, or why it says nothing.
    journal: Result<Known, Source>,
}

/// Journal of one distributor.
struct Known {
    claims: Vec<Claim>,
    open: Vec<Intent>,
}

impl Known {
    /// Adds that an intent became a child.
    fn settle(&mut self, intent: &Intent, organization_id: OrganizationId, at: Moment) {
        self.open.retain(|open| open.id != intent.id);
        self.claims.push(Claim::new(intent, organization_id, at));
    }
}

impl<D: Distributor> Creation<'_, D> {
    /// Settles those open intents of this API that are wanted, oldest first.
    pub(crate) async fn settle_open(
        &self,
        is_wanted: impl Fn(&Intent) -> bool,
    ) -> Result<Vec<SettledIntent>, JournalError> {
        if !self.distributor.is_api_known()
            && let Some(unknown) = self.learn_api_to_settle(&is_wanted).await?
        {
            return Ok(unknown);
        }
        let api = self.distributor.api();
        let wanted = || -> Result<Vec<OpenIntent>, JournalError> {
            let mut open = self.journal.open_intents()?;
            open.retain(|open| open.intent.api == api && is_wanted(&open.intent));
            Ok(open)
        };
        let mut guards = BTreeMap::new();
        for open in wanted()? {
            guards.entry(Key::from(&open.intent)).or_insert_with_key(KeyGuard::acquire);
        }
        let (mut settled, mut by_distributor) = (Vec::new(), BTreeMap::<OrganizationId, Vec<OpenIntent>>::new());
        // Read anew: who had the key before may have settled its intent with it.
        for open in wanted()? {
            let key = Key::from(&open.intent);
            match guards.get(&key) {
                Some(Some(_)) => by_distributor.entry(key.parent).or_default().push(open),
                Some(None) => {
                    let outcome = Err(CreateOnceError::new(&key, Kind::InFlight, None));
                    settled.push(SettledIntent { intent: open.intent, outcome });
                }
                None => {}
            }
        }
        let looked = join_all(by_distributor.into_iter().map(|(parent, open)| self.look_for(parent, open, None))).await;
        settled.extend(looked.into_iter().flatten());
        settled.sort_by_key(|settled| settled.intent.at);
        Ok(settled)
    }

    /// Reads a list, so that an answer says which sandbox this is, if it is one; returns what is open at its place where there is no
    /// answer.
    async fn learn_api_to_settle(
        &self,
        is_wanted: impl Fn(&Intent) -> bool,
    ) -> Result<Option<Vec<SettledIntent>>, JournalError> {
        let (api, mut open) = (self.distributor.api(), self.journal.open_intents()?);
        open.retain(|open| open.intent.place() == place_of(&api) && is_wanted(&open.intent));
        let Some(first) = open.first() else { return Ok(Some(Vec::new())) };
        let Err(error) = self.distributor.children(first.intent.parent, Purpose::Allocate).await else {
            return Ok(None);
        };
        let error: Source = Arc::new(error);
        let unknown = |OpenIntent { intent, .. }| {
            let outcome = Err(unread(&intent, Looks { number: 1, seconds: 0 }, Arc::clone(&error)));
            SettledIntent { intent, outcome }
        };
        Ok(Some(open.into_iter().map(unknown).collect()))
    }

    /// Settles an intent whose key the caller has; after a lost answer, with `lost`.
    pub(super) async fn settle(&self, open: OpenIntent, lost: Option<Source>) -> Result<CreateOnce, CreateOnceError> {
        let key = Key::from(&open.intent);
        let unknown = Kind::Absent(open.intent.id.clone(), Absence::default(), Looks { number: 0, seconds: 0 });
        let settled = self.look_for(key.parent, vec![open], lost).await.pop();
        settled.map_or_else(|| Err(CreateOnceError::new(&key, unknown, None)), |settled| settled.outcome)
    }

    /// Settles an intent by a last look, after those at which its refusal was in doubt.
    pub(super) async fn settle_refused(
        &self,
        open: &OpenIntent,
        looks: Looks,
        refusal: Source,
    ) -> Result<CreateOnce, CreateOnceError> {
        let reading = self.read(open.intent.parent, true).await;
        let matched = reading.find(&open.intent).map_err(|error| unread(&open.intent, looks, error))?;
        self.conclude(open, matched, looks, reading.children.is_ok(), Some(refusal))
    }

    /// Returns the match of an intent in a list, by what the journal knows.
    pub(super) fn matched(&self, intent: &Intent, children: &Children) -> Result<Match, Source> {
        let known = self.known(intent.parent).map_err(|error| -> Source { Arc::new(error) })?;
        Ok(find_match(intent, children, Context { claims: &known.claims, open: &known.open, pool: None }))
    }

    /// Returns the other children that may have come of a create that was answered, where the pool fell by twice its allocation:
    /// see [`CreateOnce::Doubled`]. It looks at once, and again after a moment.
    pub(super) async fn doubled(
        &self,
        intent: &Intent,
        before: &Look,
        answer: &CreatedChildOrganization,
    ) -> Option<Vec<OrganizationId>> {
        let (pool, left) = (i128::from(before.pool()?), i128::from(answer.new_parent_operations?));
        let ours = i128::from(intent.operations.get());
        if ours == 0 || pool - left < 2 * ours {
            return None;
        }
        let mut found = None;
        for wait in iter::once(Duration::ZERO).chain(self.policy.waits.first().copied()) {
            self.distributor.sleep(wait).await;
            let Ok(now) = Look::read(self.distributor, intent.parent, Purpose::Create, Pool::After).await else {
                continue;
            };
            let claims = self.known(intent.parent).map(|known| known.claims).unwrap_or_default();
            found = doubled(intent, answer.child_organization_id, before, &now, &claims);
            if found.as_ref().is_none_or(|others| !others.is_empty()) {
                break;
            }
        }
        found
    }

    /// Looks for the children of a distributor's intents, until each is found or its looks are used up.
    async fn look_for(
        &self,
        parent: OrganizationId,
        mut open: Vec<OpenIntent>,
        lost: Option<Source>,
    ) -> Vec<SettledIntent> {
        let (mut settled, mut has_seen, mut waited) = (Vec::new(), false, Duration::ZERO);
        let waits = iter::once(Duration::ZERO).chain(self.policy.waits.iter().copied());
        for (number, wait) in (1..).zip(waits) {
            if number > 1 {
                self.distributor.sleep(wait).await;
                waited = waited.saturating_add(wait);
            }
            let is_last = |open: &OpenIntent| open.stopped.is_some() || number > self.policy.waits.len();
            let mut reading = self.read(parent, open.iter().any(is_last)).await;
            has_seen |= reading.children.is_ok();
            let looks = Looks { number, seconds: waited.as_secs() };
            let mut left = Vec::new();
            for open in open {
                match reading.find(&open.intent) {
                    Ok(Match::Absent(_)) if !is_last(&open) => left.push(open),
                    matched => {
                        let source = reading.children.as_ref().err().or(lost.as_ref()).cloned();
                        let outcome = matched
                            .map_err(|error| unread(&open.intent, looks, error))
                            .and_then(|matched| self.conclude(&open, matched, looks, has_seen, source));
                        if let (Ok(child), Ok(known)) = (&outcome, &mut reading.journal) {
                            known.settle(&open.intent, child.organization_id(), self.distributor.clock().wall().into());
                        }
                        settled.push(SettledIntent { intent: open.intent, outcome });
                    }
                }
            }
            open = left;
            if open.is_empty() {
                break;
            }
        }
        settled
    }

    /// Looks once. A last look reads the pool too, before the list, for the same reason for which it is read after it before a
    /// create.
    async fn read(&self, parent: OrganizationId, is_last: bool) -> Reading {
        let pool = if is_last { read_pool(self.distributor, parent).await } else { None };
        self.distributor.begin_look(1);
        let children =
            self.distributor.children(parent, Purpose::Create).await.map_err(|error| -> Source { Arc::new(error) });
        let journal = self.known(parent).map_err(|error| -> Source { Arc::new(error) });
        Reading { children, pool, journal }
    }

    /// Reads what the journal knows of a distributor, under every name that may be this server's.
    fn known(&self, parent: OrganizationId) -> Result<Known, JournalError> {
        let own = self.distributor.api();
        let is_here = |api: &str, of: OrganizationId| may_be_one(&own, api) && of == parent;
        let (mut claims, open) = (self.journal.claims()?, self.journal.open_intents()?);
        claims.retain(|claim| is_here(&claim.api, claim.parent));
        let open = open.into_iter().map(|open| open.intent).filter(|open| is_here(&open.api, open.parent));
        Ok(Known { claims, open: open.collect() })
    }

    /// Records what was found, and returns it.
    pub(super) fn conclude(
        &self,
        open: &OpenIntent,
        matched: Match,
        looks: Looks,
        has_seen: bool,
        source: Option<Source>,
    ) -> Result<CreateOnce, CreateOnceError> {
        let OpenIntent { intent, stopped } = open;
        let (stop, kind) = match matched {
            Match::One(child) => {
                let organization_id = child.organization_id;
                self.record_child(intent, &IntentOutcome::Adopted { organization_id }, organization_id)?;
                return Ok(CreateOnce::Adopted { intent: intent.id.clone(), child });
            }
            Match::Several(ids) => {
                (IntentOutcome::Ambiguous { candidates: ids.clone() }, Kind::Ambiguous(intent.id.clone(), ids))
            }
            Match::Absent(absence) => {
                let is_contradiction = absence.missing.is_some();
                let stop = if is_contradiction { IntentOutcome::Contradiction } else { IntentOutcome::Unproven };
                (stop, Kind::Absent(intent.id.clone(), absence, looks))
            }
        };
        let error = CreateOnceError::new(&Key::from(intent), kind, source);
        // Where no list could be read nobody has looked, and the next run has all its looks still to come.
        if has_seen && stopped.as_ref() != Some(&stop) {
            return Err(self.record_stop(intent, &stop, error));
        }
        Err(error)
    }
}

impl Reading {
    /// Judges it for an intent.
    fn find(&self, intent: &Intent) -> Result<Match, Source> {
        let Ok(children) = &self.children else { return Ok(Match::Absent(Absence::default())) };
        let Known { claims, open } = self.journal.as_ref().map_err(Arc::clone)?;
        Ok(find_match(intent, children, Context { claims, open, pool: self.pool }))
    }
}

/// Returns the error of an intent that cannot be judged, because the journal or a list cannot be read.
pub(super) fn unread(intent: &Intent, looks: Looks, error: Source) -> CreateOnceError {
    let kind = Kind::Absent(intent.id.clone(), Absence::default(), looks);
    CreateOnceError::new(&Key::from(intent), kind, Some(error))
}
