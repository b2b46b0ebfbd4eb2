//! Simulated journal on a disk in memory that may be full, whose process may die at every step of a write.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::JournalError;
use super::ledger::Ledger;
use super::line::{encode, read};
use super::record::{AllocationIntent, AllocationOutcome, Intent, IntentId, IntentOutcome, Moment, Record, Run};
use super::{Claim, History, Journal, OpenIntent, WriteJournal};
use crate::env::random::{Random, SeededRandom};

/// More steps than a life has.
pub(crate) const FOR_EVER: u64 = u64::MAX;

/// Steps that a process has to live.
#[derive(Debug)]
pub(crate) struct Fuse {
    steps: AtomicU64,
    is_dead: AtomicBool,
    random: SeededRandom,
}

impl Fuse {
    pub(crate) fn new(steps: u64) -> Arc<Self> {
        Arc::new(Self { steps: steps.into(), is_dead: false.into(), random: SeededRandom::new(steps) })
    }

    /// Takes a step, and says whether the process is alive after it.
    pub(crate) fn step(&self) -> bool {
        if self.steps.fetch_sub(1, Ordering::Relaxed) <= 1 {
            self.steps.store(1, Ordering::Relaxed);
            self.is_dead.store(true, Ordering::Relaxed);
        }
        !self.is_dead()
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.is_dead.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
pub(crate) struct SimulatedJournal {
    disk: Arc<Mutex<Vec<u8>>>,
    ledger: Mutex<Ledger>,
    fuse: Arc<Fuse>,
    /// How many writes find the disk full, in percent.
    full: u64,
    /// Whether one did. As with a file, nothing follows it.
    is_full: AtomicBool,
}

impl SimulatedJournal {
    /// Reads the disk, and cuts off what is torn.
    pub(crate) fn open(disk: &Arc<Mutex<Vec<u8>>>, fuse: &Arc<Fuse>) -> Self {
        let mut bytes = disk.lock().unwrap();
        let contents = read(&bytes).unwrap();
        bytes.truncate(contents.whole);
        if contents.lacks_end {
            bytes.push(b'\n');
        }
        let ledger = Ledger::read(contents.records).unwrap().into();
        Self { disk: disk.clone(), ledger, fuse: fuse.clone(), full: 0, is_full: false.into() }
    }

    /// Lets so many writes fail in their midst, in percent.
    pub(crate) fn on_a_disk_that_fills(self, percent: u64) -> Self {
        Self { full: percent, ..self }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Relaxed)
    }

    /// Returns every outcome on a disk, in order.
    pub(crate) fn outcomes(disk: &[u8]) -> Vec<(IntentId, IntentOutcome)> {
        let outcome = |record| match record {
            Record::Outcome { intent, outcome, .. } => Some((intent, outcome)),
            _ => None,
        };
        read(disk).unwrap().records.into_iter().filter_map(outcome).collect()
    }

    fn ledger(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, record: impl FnOnce(&Ledger) -> Record) -> Result<(), JournalError> {
        if self.is_full() {
            return Err(JournalError::other("an earlier write failed"));
        }
        let was_alive = !self.fuse.is_dead();
        let mut disk = self.disk.lock().unwrap();
        let number = read(&disk).unwrap().records.len() + 1;
        let record = record(&self.ledger());
        let line = encode(number.try_into().unwrap(), &record).unwrap();
        let draw = |below: usize| usize::try_from(self.fuse.random.next_u64()).unwrap() % below;
        if !self.fuse.step() {
            if was_alive {
                disk.extend_from_slice(&line[..draw(line.len())]);
            }
            return Err(JournalError::other("the process is dead"));
        }
        if self.full > 0 && self.fuse.random.next_u64() % 100 < self.full {
            self.is_full.store(true, Ordering::Relaxed);
            disk.extend_from_slice(&line[..draw(line.len())]);
            return Err(JournalError::other("the disk is full"));
        }
        self.ledger().check_new(&record).map_err(JournalError::misfit)?;
        disk.extend_from_slice(&line);
        if !self.fuse.step() {
            return Err(JournalError::other("the process is dead"));
        }
        self.ledger().apply(record);
        Ok(())
    }
}

impl Journal for SimulatedJournal {
    fn open_intents(&self) -> Result<Vec<OpenIntent>, JournalError> {
        Ok(self.ledger().open_intents())
    }

    fn claims(&self) -> Result<Vec<Claim>, JournalError> {
        Ok(self.ledger().claims())
    }

    fn record_intent(&self, intent: &Intent) -> Result<(), JournalError> {
        self.record(|ledger| ledger.record(intent))
    }

    fn record_outcome(&self, intent: &IntentId, at: Moment, outcome: &IntentOutcome) -> Result<(), JournalError> {
        self.record(|_| Record::Outcome { intent: intent.clone(), at, outcome: outcome.clone() })
    }
}

impl WriteJournal for SimulatedJournal {
    fn open_allocations(&self) -> Result<Vec<AllocationIntent>, JournalError> {
        Ok(self.ledger().open_allocations())
    }

    fn history(&self) -> Result<History, JournalError> {
        Ok(self.ledger().history())
    }

    fn record_run(&self, run: &Run) -> Result<(), JournalError> {
        self.record(|_| Record::Run(run.clone()))
    }

    fn record_allocation(&self, intent: &AllocationIntent) -> Result<(), JournalError> {
        self.record(|_| Record::Allocation(intent.clone()))
    }

    fn record_allocation_outcome(
        &self,
        intent: &IntentId,
        at: Moment,
        outcome: &AllocationOutcome,
    ) -> Result<(), JournalError> {
        self.record(|_| Record::Allocated { intent: intent.clone(), at, outcome: outcome.clone() })
    }
}
