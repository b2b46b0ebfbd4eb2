//! Registry of the types that are schemas of the control side.

#[cfg(feature = "schemars")]
#[allow(clippy::wildcard_imports, reason = "every type that the list below names, and no other")]
use {super::*, crate::*};

use crate::registry::registry;

registry! {
    "openapi/sandbox.yaml":
    ApiError,
    ApiSuberror,
    Behaviour,
    Centicredits,
    ChildState,
    ClockAdvance,
    ClockReading,
    ClockSetting,
    ConsumeRequest,
    ConsumptionRows,
    CopyRequest,
    CountryId,
    CreateStatus,
    DiffSign,
    DistributorState,
    EmailAddress,
    Fault,
    FaultAction,
    FaultId,
    FaultKind,
    FaultList,
    FaultRule,
    Foreign,
    HttpMethod,
    LimitBody,
    Limiter,
    OperationId,
    Operations,
    OrganizationId,
    OrganizationName,
    PageLimit,
    Paging,
    RequestList,
    RequestRecord,
    RequestSequence,
    RestartPeriod,
    RetryAfter,
    SandboxCopy,
    SandboxState,
    StateSummary,
    TimezoneId,
    TokenState,
    UsageProfile,
    UsageShape,
    UserId,
    UserName,
    Verdict,
    ZoneId,
}
