//! Model of a distributor in memory, with faults that a test sets beforehand or draws.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mms_types::{
    Allocation, ChildOrganization, CreateChildOrganizationRequest, CreatedChildOrganization, Operations, Organization,
    OrganizationId, samples,
};

use super::fault::NOT_FOUND;
pub(crate) use super::fault::{Chaos, Fault, ListFault, ModelError};
use super::{Delivery, Distributor};
use crate::env::clock::{Clock, FakeClock};
use crate::env::random::{Random, SeededRandom};
use crate::write::look::{Children, Looks, Purpose};

#[derive(Debug)]
pub(crate) struct Model {
    api: String,
    pub(crate) clock: FakeClock,
    random: SeededRandom,
    kept_looks: Looks,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) pool: i64,
    pub(crate) children: Vec<ModelChild>,
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
    pub(crate) hides_pool: bool,
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
        let state = State {
            pool: 1_000_000,
            children: Vec::new(),
            writes: VecDeque::new(),
            lists: VecDeque::new(),
            chaos: None,
            lag: Duration::ZERO,
            normalises: false,
            hides_pool: false,
            sent: 0,
            looks: 0,
            pools: 0,
            late: Vec::new(),
            next_id: 101,
        };
        let model = Self {
            api: api.to_owned(),
            clock: FakeClock::new(),
            random: SeededRandom::new(seed),
            kept_looks: Looks::default(),
            state: state.into(),
        };
        for name in ["Mar", "Luna"] {
            model.state().add(name, 10_000, Duration::ZERO);
        }
        model
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

impl Distributor for Model {
    type Error = ModelError;

    fn api(&self) -> String {
        self.api.clone()
    }

    fn is_api_known(&self) -> bool {
        true
    }

    fn clock(&self) -> &dyn Clock {
        &self.clock
    }

    fn random(&self) -> &dyn Random {
        &self.random
    }

    fn begin_look(&self, _: usize) {}

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }

    fn is_batch(&self) -> bool {
        false
    }

    fn looks(&self) -> &Looks {
        &self.kept_looks
    }

    async fn children(&self, _: OrganizationId, _: Purpose) -> Result<Children, ModelError> {
        self.travel().await;
        let now = self.clock.now();
        let fault = self.next_list();
        let mut state = self.state();
        state.looks += 1;
        let visible = state.children.iter().filter(|child| child.visible_from <= now);
        let mut rows: Vec<_> = visible.map(|child| child.row.clone()).collect();
        if fault == ListFault::Odd {
            rows.first_mut().unwrap().operations_allocated = None;
            rows.last_mut().unwrap().organization_name = None;
        }
        match fault {
            ListFault::None | ListFault::Odd => {
                Ok(Children { rows, is_complete: true, is_confirmed: true, requests: 1 })
            }
            ListFault::Cut => {
                rows.truncate(rows.len() / 2);
                Ok(Children { rows, is_complete: false, is_confirmed: true, requests: 1 })
            }
            ListFault::Failed => Err(ModelError("no list")),
        }
    }

    async fn organization(&self, parent: OrganizationId) -> Result<Organization, ModelError> {
        self.travel().await;
        let mut state = self.state();
        state.pools += 1;
        if state.hides_pool { Err(ModelError("403")) } else { Ok(samples::distributor(parent.get(), Some(state.pool))) }
    }

    async fn create(
        &self,
        _: OrganizationId,
        request: CreateChildOrganizationRequest,
        latest: Duration,
    ) -> Delivery<CreatedChildOrganization, ModelError> {
        let fault = self.next_write();
        if let Some(unsent) = self.unsent(fault, latest).await {
            return unsent;
        }
        let now = self.clock.now();
        let answer = {
            let mut state = self.state();
            state.sent += 1;
            match fault {
                Fault::Refused => return Delivery::Refused(ModelError("400")),
                Fault::Limited => return Delivery::Limited(ModelError("429")),
                Fault::RefusedAfter | Fault::LimitedAfter => {
                    state.create(&request, now);
                    return if fault == Fault::RefusedAfter {
                        Delivery::Refused(NOT_FOUND)
                    } else {
                        Delivery::Limited(ModelError("429"))
                    };
                }
                Fault::LostBefore => Err("no answer"),
                Fault::Late(by) => {
                    state.late.push((now + by, request));
                    Err("no answer")
                }
                Fault::Doubled => {
                    state.create(&request, now);
                    state.create(&request, now);
                    Err("no answer")
                }
                Fault::LostAfter => {
                    state.create(&request, now);
                    Err("502")
                }
                Fault::Unreadable => {
                    state.create(&request, now);
                    Ok(serde_json::from_str(r#"{"childOrganizationId":0}"#).unwrap())
                }
                Fault::Misnamed => {
                    let before = state.children.last().map(|child| child.row.organization_id);
                    let answer = state.create(&request, now);
                    Ok(CreatedChildOrganization { child_organization_id: before.unwrap(), ..answer })
                }
                Fault::DoubledAndAnswered => {
                    state.create(&request, now);
                    Ok(state.create(&request, now))
                }
                Fault::OfAnotherOwner => {
                    let user_email = Some("eve@luna.example".to_owned());
                    Ok(CreatedChildOrganization { user_email, ..state.create(&request, now) })
                }
                Fault::None | Fault::Unsent | Fault::Held => Ok(state.create(&request, now)),
            }
        };
        self.travel().await;
        answer.map_or_else(|reason| Delivery::Unknown(ModelError(reason)), Delivery::Done)
    }

    async fn allocate(
        &self,
        _: OrganizationId,
        child: OrganizationId,
        operations: Operations,
        latest: Duration,
    ) -> Delivery<Allocation, ModelError> {
        let fault = self.next_write();
        if let Some(unsent) = self.unsent(fault, latest).await {
            return unsent;
        }
        let mut state = self.state();
        state.sent += 1;
        match fault {
            Fault::Refused => return Delivery::Refused(ModelError("409")),
            Fault::Limited => return Delivery::Limited(ModelError("429")),
            Fault::LostBefore => return Delivery::Unknown(ModelError("no answer")),
            _ => {}
        }
        let target = amount(operations);
        let row = state.children.iter_mut().find(|known| known.row.organization_id == child);
        let row = &mut row.unwrap().row;
        let diff = target - row.operations_allocated.unwrap();
        row.operations_allocated = Some(target);
        state.pool -= diff;
        let answer = Allocation {
            new_parent_operations: state.pool,
            new_child_operations: target,
            operations_diff: Some(diff),
            limit_increased: Some(diff > 0),
        };
        match fault {
            Fault::None => Delivery::Done(answer),
            Fault::RefusedAfter => Delivery::Refused(NOT_FOUND),
            Fault::LimitedAfter => Delivery::Limited(ModelError("429")),
            _ => Delivery::Unknown(ModelError("502")),
        }
    }

    fn pause(&self, attempts: u32, error: &ModelError, _: Duration) -> Option<Duration> {
        let wait = if *error == ModelError("429") { 60 } else { 1 };
        (attempts < 4).then_some(Duration::from_secs(wait))
    }

    fn is_not_found(&self, error: &ModelError) -> bool {
        *error == NOT_FOUND
    }
}
