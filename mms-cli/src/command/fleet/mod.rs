//! Commands of a fleet: what files ask for, planned and carried out.

mod applied;
pub(super) mod apply;
mod carry_out;
mod confirm;
mod files;
mod ids;
pub(super) mod import;
pub(super) mod plan;
mod progress;
mod rehearsal;
mod saved;
mod show;
mod source;
mod target;
mod view;

#[cfg(test)]
pub(super) use applied::AppliedStep;
#[cfg(test)]
pub(super) use import::ImportRow;
#[cfg(test)]
pub(super) use view::PlanOutput;
