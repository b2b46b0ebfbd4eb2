//! Model of the sandbox: its state, and its answers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::call::Call;

/// The operations of the first state, pool and children together.
pub(crate) const TOTAL: u64 = 660_000;

/// The one distributor.
pub(crate) const DISTRIBUTOR: u64 = 11;

#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) pool: u64,
    /// Allocations by id.
    pub(crate) children: BTreeMap<u64, u64>,
    /// The id of the next child.
    pub(crate) next: u64,
}

impl Model {
    /// Begins with the first state of a sandbox.
    pub(crate) fn new() -> Self {
        let children = BTreeMap::from([(101, 10_000), (102, 50_000), (103, 100_000)]);
        Self { pool: 500_000, children, next: 1001 }
    }

    /// Does the work of a call, and returns what [`Call::read`] finds in a success or the status of a refusal.
    pub(crate) fn answer(&mut self, call: &Call) -> Result<Value, u16> {
        match call {
            Call::Create { operations, region } => self.create(*operations, *region),
            Call::Allocate { child, operations } => self.allocate(child.of(&self.ids()), *operations),
            Call::List { limit: Some(0), .. } => Err(400),
            Call::List { limit, offset } => {
                let page = self.children.iter().skip(*offset).take(limit.unwrap_or(100));
                Ok(page.map(|(id, operations)| json!([id, operations])).collect())
            }
            Call::Consumption { organization: DISTRIBUTOR } => Ok(self.children.keys().copied().collect()),
            Call::Consumption { .. } => Err(404),
        }
    }

    /// Returns the ids that a call may name: those of the children, and two that no child has.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.children.keys().copied().chain([self.next, 999]).collect()
    }

    fn create(&mut self, operations: u64, region: u64) -> Result<Value, u16> {
        check(operations)?;
        if region > 2 {
            return Err(404);
        }
        self.pool = self.pool.checked_sub(operations).ok_or(409_u16)?;
        let id = self.next;
        self.next += 1;
        self.children.insert(id, operations);
        Ok(json!([id, self.pool]))
    }

    fn allocate(&mut self, child: u64, operations: u64) -> Result<Value, u16> {
        check(operations)?;
        let old = self.children.get_mut(&child).ok_or(404_u16)?;
        self.pool = (self.pool + *old).checked_sub(operations).ok_or(409_u16)?;
        let difference = operations.cast_signed() - old.cast_signed();
        *old = operations;
        Ok(json!([operations, self.pool, difference, difference > 0]))
    }
}

fn check(operations: u64) -> Result<(), u16> {
    if operations.is_multiple_of(10_000) { Ok(()) } else { Err(400) }
}
