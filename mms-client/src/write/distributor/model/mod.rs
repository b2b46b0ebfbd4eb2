//! Model of a distributor in memory, with faults that a test sets beforehand or draws.

mod calls;
mod fault;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mms_types::{
    ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, Operations, OrganizationId, samples,
};

use super::Delivery;
use crate::env::clock::{Clock, FakeClock};
use crate::env::random::{Random, SeededRandom};
use crate::write::look::Looks;
pub(crate) use fault::{Chaos, Fault, LIMITED, ListFault, ModelError};

#[derive(Debug)]
pub(crate) struct Model {
    api: String,
    pub(crate) clock: FakeClock,
    random: SeededRandom,
    pub(super) kept_looks: Looks,
    state: Mutex<State>,
}

/// What the token may not read.
#[derive(Debug, Default)]
pub(crate) struct Hidden {
    pub(crate) pool: bool,
    pub(crate) consumption: bool,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) pool: i64,
    pub(crate) children: Vec<ModelChild>,
    /// What they have consumed, in centicredits; a child that is not here is not reported.
    pub(crate) consumed: BTreeMap<OrganizationId, u64>,
    /// The faults of the next writes, in their order; none after the last.
    pub(crate) writes: VecDeque<Fault>,
    /// The faults of the next lists.
    pub(crate) lists: VecDeque<ListFault>,
    /// What happens by chance where nothing is written down.
    pub(crate) chaos: Option<Chaos>,
    /// How long a new child is not in the list.
    pub(crate) lag: Duration,
    /// Whether names are stored in upper case.
    pub(crate) normalises: bool,
    pub(crate) hidden: Hidden,
    /// Whether no write is answered, nor carried out.
    pub(crate) answers_no_write: bool,
    /// How many writes were refused because the pool did not suffice.
    pub(crate) short: usize,
    sent: usize,
    looks: usize,
    /// How often the pool was read.
    pub(crate) pools: usize,
    late: Vec<(Duration, CreateChildOrganizationRequest)>,
    next_id: u64,
}

#[derive(Debug)]
pub(crate) struct ModelChild {
    pub(crate) row: ChildOrganization,
    /// Whether a create of the client made it.
    pub(crate) is_ours: bool,
    pub(crate) visible_from: Duration,
}

impl Model {
    /// Returns a distributor with a pool of 1,000,000 and two children, "Mar" and "Luna". `api` must be its alone in a process.
    pub(crate) fn new(api: &str, seed: u64) -> Self {
        let model = Self::empty(api, 1_000_000, seed);
        for name in ["Mar", "Luna"] {
            model.state().add(name, 10_000, Duration::ZERO);
        }
        model
    }

    /// Returns a distributor without children.
    pub(crate) fn empty(api: &str, pool: i64, seed: u64) -> Self {
        let state = State {
            pool,
            children: Vec::new(),
            consumed: BTreeMap::new(),
            writes: VecDeque::new(),
            lists: VecDeque::new(),
            chaos: None,
            lag: Duration::ZERO,
            normalises: false,
            hidden: Hidden::default(),
            answers_no_write: false,
            short: 0,
            sent: 0,
            looks: 0,
            pools: 0,
            late: Vec::new(),
            next_id: 101,
        };
        Self {
            api: api.to_owned(),
            clock: FakeClock::new(),
            random: SeededRandom::new(seed),
            kept_looks: Looks::default(),
            state: state.into(),
        }
    }

    /// Returns the state, with what has arrived late by now.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        while let Some(place) = state.late.iter().position(|(at, _)| *at <= now) {
            let (at, request) = state.late.remove(place);
            state.create(&request, at);
        }
        state
    }

    /// Returns the ids of the children of a name, those that no list shows yet included.
    pub(crate) fn named(&self, name: &str) -> Vec<OrganizationId> {
        let state = self.state();
        let children = state.children.iter().filter(|child| child.row.organization_name.as_deref() == Some(name));
        children.map(|child| child.row.organization_id).collect()
    }

    /// Returns how many creates of the client with this name were carried out, or will be when they arrive.
    pub(crate) fn made(&self, name: &str) -> usize {
        let state = self.state();
        let children =
            state.children.iter().filter(|child| child.is_ours && child.row.organization_name.as_deref() == Some(name));
        let late = state.late.iter().filter(|(_, request)| request.organization_name.as_str() == name);
        children.count() + late.count()
    }

    /// Returns how many writes arrived or were lost on the way.
    pub(crate) fn sent(&self) -> usize {
        self.state().sent
    }

    /// Returns how many readings of the list were asked for.
    pub(crate) fn looks(&self) -> usize {
        self.state().looks
    }

    /// Draws a number below another.
    fn draw(&self, below: u64) -> u64 {
        self.random.next_u64() % below
    }

    /// Decides what becomes of the next write, and of the list after it.
    fn next_write(&self) -> Fault {
        let mut state = self.state();
        if let Some(fault) = state.writes.pop_front() {
            return fault;
        }
        if state.answers_no_write {
            return Fault::LostBefore;
        }
        let Some(chaos) = state.chaos else { return Fault::None };
        let is_late = self.draw(100) < chaos.lags;
        state.lag = Duration::from_millis(self.draw(if is_late { 400_000 } else { 1_500 }));
        if self.draw(100) >= chaos.writes {
            return Fault::None;
        }
        match self.draw(10) {
            6 => Fault::RefusedAfter,
            7 => Fault::Limited,
            8 => Fault::LimitedAfter,
            9 => Fault::Held,
            0 => Fault::Unsent,
            1 => Fault::Refused,
            2 => Fault::LostBefore,
            3 => Fault::Late(Duration::from_secs(1 + self.draw(600))),
            4 => Fault::Unreadable,
            _ => Fault::LostAfter,
        }
    }

    fn next_list(&self) -> ListFault {
        let mut state = self.state();
        if let Some(fault) = state.lists.pop_front() {
            return fault;
        }
        match state.chaos {
            Some(chaos) if self.draw(100) < chaos.lists => {
                [ListFault::Cut, ListFault::Failed, ListFault::Odd][usize::try_from(self.draw(3)).unwrap()]
            }
            _ => ListFault::None,
        }
    }

    /// Brings a write to the wire; nothing if it gets there. It is never there later than its look allows.
    async fn unsent<T>(&self, fault: Fault, latest: Duration) -> Option<Delivery<T, ModelError>> {
        if fault == Fault::Held {
            self.clock.sleep(Duration::from_secs(60)).await;
        }
        if self.clock.now() >= latest {
            return Some(Delivery::Stale);
        }
        self.travel().await;
        (fault == Fault::Unsent).then_some(Delivery::Unsent(ModelError("no connection")))
    }

    /// Waits as a request on the wire does.
    pub(crate) async fn travel(&self) {
        let milliseconds = 10 + self.draw(90);
        self.clock.sleep(Duration::from_millis(milliseconds)).await;
    }
}

impl State {
    /// Adds a child that shows in lists from a time on.
    pub(crate) fn add(&mut self, name: &str, operations: i64, visible_from: Duration) -> OrganizationId {
        let organization_id = OrganizationId::new(self.next_id);
        self.next_id += 1;
        self.pool -= operations;
        let child = samples::child(organization_id.get(), name, operations);
        let row = ChildOrganization { country_id: Some(7.try_into().unwrap()), ..child };
        self.children.push(ModelChild { row, is_ours: false, visible_from });
        organization_id
    }

    /// Gives a child another name, as anybody may.
    pub(crate) fn rename(&mut self, child: OrganizationId, name: &str) {
        if let Some(known) = self.children.iter_mut().find(|known| known.row.organization_id == child) {
            known.row.organization_name = Some(name.to_owned());
        }
    }

    /// Gives a child an allocation, as anybody may.
    pub(crate) fn set(&mut self, child: OrganizationId, operations: i64) {
        if let Some(known) = self.children.iter_mut().find(|known| known.row.organization_id == child) {
            let before = known.row.operations_allocated.replace(operations).unwrap_or_default();
            self.pool -= operations - before;
        }
    }

    /// Says whether the pool has so much, and counts where it does not.
    fn suffices(&mut self, taken: i64) -> bool {
        let suffices = taken <= self.pool;
        self.short += usize::from(!suffices);
        suffices
    }

    fn create(&mut self, request: &CreateChildOrganizationRequest, now: Duration) -> CreatedChildOrganization {
        let name = request.organization_name.as_str();
        let name = if self.normalises { name.to_uppercase() } else { name.to_owned() };
        let child_organization_id = self.add(&name, amount(request.operations), now + self.lag);
        self.children.last_mut().unwrap().is_ours = true;
        serde_json::from_value(serde_json::json!({
            "childOrganizationId": child_organization_id,
            "newParentOperations": self.pool,
        }))
        .unwrap()
    }
}

pub(crate) fn amount(operations: Operations) -> i64 {
    operations.get().try_into().unwrap()
}
