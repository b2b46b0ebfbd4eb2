//! The child organizations of a distributor as one file: read it, plan what would change, and make it so.
//!
//! - [`Fleet`] is what the files ask for. Reading them names every mistake with its place.
//! - [`NewChildTable`] and [`AllocationTable`] are what a table asks for once, as a spreadsheet writes it.
//! - [`Plan`] is what would change, by an [`Observed`] distributor: pure, without a clock of its own.
//! - [`Apply`] carries the steps of a plan out, through the careful writes of `mms-client`, and writes each into the journal.

mod appearance;
mod apply;
mod file;
mod fleet;
mod observed;
mod place;
mod plan;
mod table;

pub use appearance::Appearance;
pub use apply::consumption::Consumption;
pub use apply::end::{How, NotBegun, StepEnd};
pub use apply::error::ApplyError;
pub use apply::event::Event;
pub use apply::report::{Difference, ReadBack, Report, StepReport};
pub use apply::result::StepResult;
pub use apply::stop_signal::StopSignal;
pub use apply::{Apply, Settled};
#[cfg(feature = "schemars")]
pub use file::schema::fleet_schema;
pub use file::{
    ByHand, Edit, EditError, EditedFiles, FleetFiles, ImportOptions, ImportReport, NewChild, Problems, Renamed,
    SkipReason, Skipped,
};
pub use fleet::child::{Child, CreateWhen, EnumRef, Owner, Until};
pub use fleet::guards::{Guards, Limit};
pub use fleet::{Fleet, Target};
pub use observed::{Catalogue, KnownChild, Observed, ObservedChild};
pub use place::{Place, Problem};
pub use plan::drift::{Drift, DriftKind, NotCompared};
pub use plan::estimate::Estimate;
pub use plan::guards::{Allowance, GuardOverrides};
pub use plan::needs::{CatalogueNeed, Needs};
pub use plan::pool::{PoolCourse, Shortage};
pub use plan::saved::{Origin, SavedPlan, SavedPlanError, Stale};
pub use plan::step::{Action, Step};
pub use plan::stop::{Candidate, Stop, StopKind};
pub use plan::undo::Past;
pub use plan::{Binding, HeldChild, ListedChild, Plan, PlanOptions};
pub use table::{AllocationRow, AllocationTable, NewChildDefaults, NewChildTable, WantedCredits, WantedCreditsError};
