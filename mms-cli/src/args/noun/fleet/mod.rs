//! Arguments of the commands about many writes: what is planned, made, written down and undone.

mod apply;
mod bulk;
mod import;
mod lock;
mod log;
mod plan;
mod undo;

pub(crate) use apply::ApplyArgs;
pub(super) use bulk::{AllocationTableArgs, CreateTableArgs};
pub(crate) use import::ImportArgs;
pub(crate) use lock::{HoldArgs, LockCommand};
pub(crate) use log::LogArgs;
pub(crate) use plan::{PlanArgs, PlanCommand, PlanShowArgs};
pub(crate) use undo::UndoArgs;

/// File of a fleet where none is named.
pub(crate) const DEFAULT_FLEET: &str = "fleet.yaml";
