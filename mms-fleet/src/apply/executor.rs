//! Executor: which step begins when.

use std::collections::{HashMap, VecDeque};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use mms_client::types::OrganizationId;
use mms_client::{CarefulWrites, CreateOncePolicy, ExpectedChild, Purpose, WriteJournal};

use super::consumption::SharedConsumption;
use super::end::{NotBegun, Outlook, StepEnd};
use super::event::Event;
use super::pool::{Admission, ConfirmedPool};
use super::report::StepReport;
use super::result::StepResult;
use super::stop_signal::StopSignal;
use crate::plan::step::{Action, Step};

/// Steps one after the other that could not be sent before the rest is given up.
const MOST_UNSENT: u32 = 3;

/// Writes one after the other without a usable answer before the rest is given up: each costs several looks.
const MOST_UNKNOWN: u32 = 3;

/// What carries steps out.
pub(super) struct Executor<'a, W> {
    pub(super) writes: &'a W,
    pub(super) journal: &'a dyn WriteJournal,
    pub(super) policy: &'a CreateOncePolicy,
    pub(super) parent: OrganizationId,
    pub(super) reserve: u64,
    pub(super) parallel: usize,
    /// What is known of children beside what their steps say.
    pub(super) expected: &'a HashMap<OrganizationId, ExpectedChild>,
    pub(super) consumption: SharedConsumption,
    /// Whether none begins after one that is not done.
    pub(super) is_one_by_one: bool,
}

/// Course of one run.
struct Course<'a> {
    steps: &'a [Step],
    /// Places of the steps that have not begun.
    waiting: VecDeque<usize>,
    ended: Vec<Option<StepReport>>,
    pool: ConfirmedPool,
    /// How many are under way, and whether one of them is a create.
    under_way: usize,
    is_creating: bool,
    /// How many could not be sent since the last that could, and how many had no usable answer since the last that had.
    unsent: u32,
    unknown: u32,
    is_one_by_one: bool,
    /// Why no further step begins.
    stopped: Option<NotBegun>,
}

impl<W: CarefulWrites> Executor<'_, W> {
    /// Carries the steps out, and says of each what became of it, in their order.
    pub(super) async fn carry_out(
        &self,
        steps: &[Step],
        stop: &StopSignal,
        observer: &(dyn Fn(Event<'_>) + Sync),
    ) -> Vec<StepReport> {
        let mut course = Course {
            steps,
            waiting: (0..steps.len()).collect(),
            ended: steps.iter().map(|_| None).collect(),
            pool: ConfirmedPool::new(self.writes.known_pool(self.parent), self.reserve),
            under_way: 0,
            is_creating: false,
            unsent: 0,
            unknown: 0,
            is_one_by_one: self.is_one_by_one,
            stopped: None,
        };
        let mut under_way = FuturesUnordered::new();
        loop {
            loop {
                if stop.is_given() {
                    course.stopped.get_or_insert(NotBegun::Interrupted);
                }
                match course.next(self.parallel, observer) {
                    Next::Begin(index, next) => under_way.push(async move { (index, self.make(next).await) }),
                    Next::Look => course.pool.look(self.read_pool().await),
                    Next::Wait => break,
                }
            }
            let Some((index, made)) = under_way.next().await else { break };
            let known = self.writes.known_pool(self.parent);
            course.end(index, made, known, observer);
        }
        course.report()
    }

    /// Reads what is in the pool, before a step is given up for it; nothing where that fails.
    async fn read_pool(&self) -> Option<i64> {
        let look = self.writes.look(self.parent, Purpose::Allocate).await.ok()?;
        look.organization()?.license.as_ref()?.operations
    }

    /// Makes the write of a step, unless its child would be paused by it although it may not be.
    async fn make(&self, step: &Step) -> Made {
        let result = match self.pause(step).await {
            Ok(Some(end)) => return Made { end, outlook: Outlook::GoOn, result: None },
            Ok(None) => self.write(step).await,
            Err(error) => StepResult::Unread { step: step.clone(), error: error.into() },
        };
        let (end, outlook) = StepEnd::of(&result);
        Made { end, outlook, result: Some(result) }
    }

    /// Returns the end of a decrease that is not sent for what its child has consumed by now; nothing where it may be sent.
    async fn pause(&self, step: &Step) -> Result<Option<StepEnd>, W::Error> {
        let Action::Allocate { organization_id, after, consumed, .. } = step.action else { return Ok(None) };
        if !step.may_not_pause() {
            return Ok(None);
        }
        let read = self.consumption.of(self.writes, self.parent, organization_id).await?;
        let asked = format!("allocation of {after} to child {organization_id}: nothing was sent");
        Ok(match read.or(consumed) {
            Some(consumed) if !consumed.exhausts(after) => None,
            Some(consumed) => {
                let reason =
                    format!("{asked}: by now it has consumed {consumed} credits, and its scenarios would pause");
                Some(StepEnd::WouldPause { consumed: Some(consumed), reason })
            }
            None => {
                let reason = format!("{asked}: what it has consumed is not known, and its scenarios may pause");
                Some(StepEnd::WouldPause { consumed: None, reason })
            }
        })
    }

    async fn write(&self, step: &Step) -> StepResult {
        match step.action {
            Action::Create { ref request } => {
                StepResult::Create(self.writes.create_child_once(self.parent, request, self.journal, self.policy).await)
            }
            Action::Allocate { organization_id, before, after, .. } => {
                let expected = self.expected.get(&organization_id).cloned().unwrap_or_default();
                let expected = ExpectedChild { operations: Some(before), ..expected };
                let set =
                    self.writes.set_allocation_recorded(self.parent, organization_id, after, expected, self.journal);
                StepResult::Allocation { organization_id, set: set.await }
            }
        }
    }
}

/// What became of a step, and what that means for the others.
struct Made {
    end: StepEnd,
    outlook: Outlook,
    result: Option<StepResult>,
}

/// What an executor does next.
enum Next<'a> {
    /// It carries this step out.
    Begin(usize, &'a Step),
    /// It looks what is in the pool.
    Look,
    /// It waits for what is under way.
    Wait,
}

impl<'a> Course<'a> {
    /// Begins the next step, if one may begin. A create goes alone: only then does the pool prove what came of it.
    fn next(&mut self, parallel: usize, observer: &(dyn Fn(Event<'_>) + Sync)) -> Next<'a> {
        while let Some(&index) = self.waiting.front() {
            let step = &self.steps[index];
            if let Some(why) = self.stopped {
                self.not_begun(index, why, observer);
                continue;
            }
            if self.under_way >= parallel || self.is_creating || (step.is_create() && self.under_way > 0) {
                return Next::Wait;
            }
            match self.pool.admits(step, self.under_way) {
                Admission::Later => return Next::Wait,
                Admission::Never { .. } if !self.pool.is_fresh() => return Next::Look,
                Admission::Never { pool } => self.not_begun(index, NotBegun::PoolTooSmall { pool }, observer),
                Admission::Now => {
                    self.waiting.pop_front();
                    self.pool.begin(step);
                    self.under_way += 1;
                    self.is_creating = step.is_create();
                    observer(Event::Begun { index, step });
                    return Next::Begin(index, step);
                }
            }
        }
        Next::Wait
    }

    fn not_begun(&mut self, index: usize, why: NotBegun, observer: &(dyn Fn(Event<'_>) + Sync)) {
        self.waiting.pop_front();
        self.finish(index, StepEnd::NotBegun { why }, None, observer);
    }

    fn end(&mut self, index: usize, made: Made, known: Option<i64>, observer: &(dyn Fn(Event<'_>) + Sync)) {
        let Made { end, outlook, result } = made;
        self.under_way -= 1;
        self.is_creating = false;
        self.pool.end(&self.steps[index], &end, known);
        self.unsent = if outlook == Outlook::Unsent { self.unsent + 1 } else { 0 };
        self.unknown = if end.is_unknown() { self.unknown + 1 } else { 0 };
        let is_clean = end.is_done() && !result.as_ref().is_some_and(StepResult::has_overwritten_again);
        match outlook {
            Outlook::Stop(why) => self.stopped = self.stopped.or(Some(why)),
            Outlook::Unsent if self.unsent >= MOST_UNSENT => {
                self.stopped = self.stopped.or(Some(NotBegun::Unreachable));
            }
            Outlook::GoOn if self.unknown >= MOST_UNKNOWN => {
                self.stopped = self.stopped.or(Some(NotBegun::Unanswered));
            }
            Outlook::GoOn | Outlook::Unsent if self.is_one_by_one && !is_clean => {
                self.stopped = self.stopped.or(Some(NotBegun::EarlierNotDone));
            }
            Outlook::GoOn | Outlook::Unsent => {}
        }
        self.finish(index, end, result, observer);
    }

    fn finish(
        &mut self,
        index: usize,
        end: StepEnd,
        result: Option<StepResult>,
        observer: &(dyn Fn(Event<'_>) + Sync),
    ) {
        let step = &self.steps[index];
        observer(Event::Ended { index, step, end: &end, result: result.as_ref() });
        self.ended[index] = Some(StepReport { step: step.clone(), end, result });
    }

    fn report(self) -> Vec<StepReport> {
        let why = self.stopped.unwrap_or(NotBegun::Interrupted);
        let not_begun = |step: &Step| StepReport { step: step.clone(), end: StepEnd::NotBegun { why }, result: None };
        let ended = self.steps.iter().zip(self.ended);
        ended.map(|(step, ended)| ended.unwrap_or_else(|| not_begun(step))).collect()
    }
}
