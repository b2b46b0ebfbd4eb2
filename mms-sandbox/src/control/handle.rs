//! Handle of the control side, for the program that embeds the sandbox.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use mms_types::OrganizationId;
use mms_types::sandbox::{
    Behaviour, ChildState, ClockAdvance, ClockReading, ClockSetting, ConsumeRequest, Fault, FaultId, FaultList,
    FaultRule, RequestList, SandboxCopy, SandboxState, StateSummary, UsageProfile,
};

use super::error::ControlError;
use crate::app_state::AppState;
use crate::clock::{Clock, rfc3339, saturating_add};
use crate::http::request_log::RequestFilter;
use crate::store::tables::consumption::{self, Counters};
use crate::store::tables::usage::{self, Usage};
use crate::store::{StoreError, state};

/// A handle that steers a sandbox of this process: its state, its clock, its faults.
///
/// The same can be done over HTTP, below `/_sandbox/`, as `openapi/sandbox.yaml` describes.
///
/// ```
/// use std::time::Duration;
///
/// use mms_sandbox::Sandbox;
/// use mms_sandbox::types::{FaultKind, FaultRule};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::builder().start().await?;
/// let control = sandbox.control();
///
/// // The next create is done, but its answer is lost.
/// let rule = FaultRule::from(FaultKind::CloseAfter).on("create_child_organization").times(1);
/// let fault = control.add_fault(rule)?;
/// // ... the code under test creates a child, and has to cope ...
/// assert_eq!(control.fault(fault.id)?.acted, 0);
///
/// // A month later every counter is back at 0.
/// control.advance_clock(Duration::from_secs(31 * 24 * 60 * 60)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Control {
    pub(crate) app: Arc<AppState>,
}

impl Control {
    /// Returns the whole state: restored later, the sandbox goes on from here.
    pub async fn state(&self) -> Result<SandboxState, ControlError> {
        self.app.catch_up().await?;
        let clock = Arc::clone(&self.app.clock);
        let read = self
            .app
            .store
            .read(move |connection| Ok(SandboxState { clock: Some(reading(&clock)), ..state::dump(connection)? }));
        let (state, _) = read.await?;
        Ok(state)
    }

    /// Puts a state in place of the one that is there. What contradicts itself is refused, and changes nothing.
    pub async fn replace_state(&self, state: SandboxState) -> Result<StateSummary, ControlError> {
        let app = Arc::clone(&self.app);
        to_its_end(async move { app.load(state).await }).await?;
        self.summary().await
    }

    /// Goes back to the state that the sandbox began with, without faults and without a log of requests. The switches stay.
    pub async fn reset(&self) -> Result<StateSummary, ControlError> {
        let app = Arc::clone(&self.app);
        to_its_end(async move { app.reset().await }).await?;
        self.summary().await
    }

    /// Copies the sandbox, in a file or in memory, into a new data file, which opens as another sandbox with an identity of its own.
    ///
    /// The path is absolute, in a folder that is there. Nothing is overwritten; the file is for the user alone, and has its name
    /// only when it is whole.
    pub async fn copy_to(&self, path: impl Into<PathBuf>) -> Result<SandboxCopy, ControlError> {
        let path = path.into();
        let copied = self.app.store.copy(path.clone()).await?;
        Ok(SandboxCopy { path: path.display().to_string(), bytes: copied.bytes, sandbox_id: copied.identity })
    }

    /// Returns what the clock shows.
    #[must_use]
    pub fn clock(&self) -> ClockReading {
        reading(&self.app.clock)
    }

    /// Sets the clock, or lets it stand still or run. It is never set back: what happened cannot be undone.
    pub async fn set_clock(&self, setting: ClockSetting) -> Result<ClockReading, ControlError> {
        let asked = setting.now.as_ref().map(state::parse_time).transpose()?;
        self.change_clock(move |old, was_frozen| {
            let now = asked.unwrap_or(old);
            // The clock is shown to the second, and may be set to what it shows.
            if now.as_second() < old.as_second() {
                return Err(format!("the clock shows {} and does not go back to {}", rfc3339(old), rfc3339(now)));
            }
            Ok((now.max(old), setting.frozen.unwrap_or(was_frozen)))
        })
        .await
    }

    /// Turns the clock by so much, at most ten years at once; what falls due on the way happens.
    pub async fn advance_clock(&self, by: Duration) -> Result<ClockReading, ControlError> {
        if by.as_secs() > ClockAdvance::MAX_SECONDS {
            return Err(ControlError::invalid(format!(
                "{} seconds are too far: at most {} at once",
                by.as_secs(),
                ClockAdvance::MAX_SECONDS
            )));
        }
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.change_clock(move |old, was_frozen| Ok((saturating_add(old, by), was_frozen))).await
    }

    /// Returns what is kept of a child, whoever its distributor is.
    pub async fn child(&self, child: OrganizationId) -> Result<ChildState, ControlError> {
        self.app.catch_up().await?;
        let (child, _) = self.app.store.read(move |connection| state::find_child(connection, child)).await?;
        Ok(child)
    }

    /// Lets a child consume at once, whether its allocation has as much left or not.
    pub async fn consume(&self, child: OrganizationId, amount: ConsumeRequest) -> Result<ChildState, ControlError> {
        let more = Counters {
            centicredits: amount.centicredits.get(),
            operations: amount.operations,
            transfer: amount.transfer,
        };
        self.change_child(child, move |connection, _| consumption::add(connection, child, &more)).await
    }

    /// Lets a child consume as the clock goes on from now, in place of the profile that it may have.
    pub async fn set_usage(&self, child: OrganizationId, profile: UsageProfile) -> Result<ChildState, ControlError> {
        usage::check(&profile)?;
        self.change_child(child, move |connection, now| {
            usage::set(connection, child, &Usage { profile, since: now, played_until: now })
        })
        .await
    }

    /// Lets a child consume nothing more by itself.
    pub async fn remove_usage(&self, child: OrganizationId) -> Result<ChildState, ControlError> {
        self.change_child(child, move |connection, _| usage::remove(connection, child)).await
    }

    /// Returns how the sandbox behaves where Make leaves it open.
    #[must_use]
    pub fn behaviour(&self) -> Behaviour {
        self.app.behaviour()
    }

    /// Sets how the sandbox behaves where Make leaves it open.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        self.app.set_behaviour(behaviour);
    }

    /// Adds a rule; it holds from the next request on. A rule that contradicts itself is refused.
    pub fn add_fault(&self, rule: FaultRule) -> Result<Fault, ControlError> {
        self.app.faults.add(rule).map_err(ControlError::rule)
    }

    /// Returns every rule that was added and not removed, oldest first, with how often it acted.
    #[must_use]
    pub fn faults(&self) -> FaultList {
        self.app.faults.list()
    }

    /// Returns one rule, with how often it acted.
    pub fn fault(&self, id: FaultId) -> Result<Fault, ControlError> {
        self.app.faults.find(id).ok_or_else(|| ControlError::no_fault(id))
    }

    /// Removes one rule and returns it, with how often it acted.
    pub fn remove_fault(&self, id: FaultId) -> Result<Fault, ControlError> {
        self.app.faults.remove(id).ok_or_else(|| ControlError::no_fault(id))
    }

    /// Removes every rule and returns them.
    #[expect(clippy::must_use_candidate, reason = "most callers want the rules gone and nothing more")]
    pub fn remove_faults(&self) -> FaultList {
        self.app.faults.clear()
    }

    /// Returns the requests to the API that came last, in the order in which they came: at most 10,000, and as many as have
    /// bodies of 4 MiB together.
    #[must_use]
    pub fn requests(&self, filter: &RequestFilter) -> RequestList {
        self.app.requests.list(filter)
    }

    /// Forgets every request and returns what was forgotten.
    #[expect(clippy::must_use_candidate, reason = "most callers want the log empty and nothing more")]
    pub fn forget_requests(&self) -> RequestList {
        self.app.requests.clear()
    }

    async fn summary(&self) -> Result<StateSummary, ControlError> {
        let ((distributors, children), _) = self.app.store.read(state::count).await?;
        Ok(StateSummary { distributors, children, clock: self.clock() })
    }

    async fn change_clock(
        &self,
        change: impl FnOnce(Timestamp, bool) -> Result<(Timestamp, bool), String> + Send + 'static,
    ) -> Result<ClockReading, ControlError> {
        self.app.change_clock(change).await?.map_err(ControlError::past)?;
        Ok(self.clock())
    }

    /// Changes a child that exists, and returns its new state.
    async fn change_child(
        &self,
        child: OrganizationId,
        change: impl FnOnce(&rusqlite::Connection, Timestamp) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<ChildState, ControlError> {
        self.app.catch_up().await?;
        let clock = Arc::clone(&self.app.clock);
        let changed = self.app.store.write(move |connection| {
            state::find_child(connection, child)?;
            change(connection, clock.now())?;
            state::find_child(connection, child)
        });
        let changed = changed.await?;
        self.app.mark_due();
        Ok(changed)
    }
}

/// Runs a change of the whole state to its end, even where its caller hangs up: what is kept beside the database follows it.
async fn to_its_end(change: impl Future<Output = Result<(), StoreError>> + Send + 'static) -> Result<(), StoreError> {
    tokio::spawn(change).await.unwrap_or(Err(StoreError::Stopped))
}

fn reading(clock: &Clock) -> ClockReading {
    ClockReading { now: mms_types::Timestamp::new(rfc3339(clock.now())), frozen: clock.is_frozen() }
}
