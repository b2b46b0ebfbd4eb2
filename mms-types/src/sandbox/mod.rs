//! Types of the control side of the sandbox: `openapi/sandbox.yaml`.
//!
//! A sandbox is told here what Make would never let a caller tell: its whole state, its clock, what its children consume,
//! how it fails. What is read here is written by hand, in tests and seed files, so an unknown field is a mistake.

mod behaviour;
mod clock;
mod copy;
mod fault;
mod registry;
mod request;
mod state;
mod usage;

pub use behaviour::{
    Behaviour, ConsumptionRows, CreateStatus, DiffSign, Foreign, LimitBody, Limiter, Paging, RetryAfter, Verdict,
};
pub use clock::{ClockAdvance, ClockReading, ClockSetting};
pub use copy::{CopyRequest, SandboxCopy};
pub use fault::{Fault, FaultAction, FaultId, FaultKind, FaultList, FaultRule};
pub use registry::SCHEMA_NAMES;
#[cfg(feature = "schemars")]
pub use registry::schemas;
pub use request::{HttpMethod, OperationId, RequestList, RequestRecord, RequestSequence};
pub use state::{ChildState, DistributorState, RestartPeriod, SandboxState, StateSummary, TokenState};
pub use usage::{ConsumeRequest, UsageProfile, UsageShape};
