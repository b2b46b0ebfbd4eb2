//! Arguments of the commands of a fleet.

mod apply;
mod import;
mod plan;

pub(crate) use apply::ApplyArgs;
pub(crate) use import::ImportArgs;
pub(crate) use plan::{PlanArgs, PlanCommand, PlanShowArgs};
