//! Application state that every request shares: the store, the clock, the behaviour, and what is kept in memory beside them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use mms_types::sandbox::{Behaviour, SandboxState};
use rusqlite::Connection;

use crate::clock::{Clock, ClockMode, TimeSource};
use crate::faults::Faults;
use crate::http::request_log::RequestLog;
use crate::limits::Limits;
use crate::list_cache::ListCache;
use crate::store::tables::tokens::Grant;
use crate::store::tables::{settings, tokens};
use crate::store::{Store, StoreError, catch_up, state};

/// A time that has always passed.
const DUE_NOW: i64 = i64::MIN;

/// The state to load where the store has none.
#[derive(Debug)]
pub(crate) struct InitialState {
    pub(crate) state: SandboxState,
    /// Whether it was given at this start, so that a reset goes back to it and not to the first state in the file.
    pub(crate) is_chosen: bool,
    /// Whether the clock is frozen at the start, whatever the file says.
    pub(crate) is_frozen: bool,
}

/// The application state, shared by all connections.
pub(crate) type SharedAppState = Arc<AppState>;

/// A sandbox without its server.
#[derive(Debug)]
pub(crate) struct AppState {
    pub(crate) store: Store,
    pub(crate) clock: Arc<Clock>,
    pub(crate) list_cache: ListCache,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
    behaviour: RwLock<Behaviour>,
    /// The grants of the state, by token. They change only when a whole state is loaded.
    grants: RwLock<HashMap<String, Arc<Grant>>>,
    /// The identity of the state, which every answer carries.
    identity: RwLock<HeaderValue>,
    limits: Mutex<Limits>,
    /// The token of the control side.
    control_token: String,
    /// The state that a reset loads.
    first_state: SandboxState,
    /// When the state has to catch up with the clock next, in seconds since 1970.
    next_due: AtomicI64,
    /// How often `next_due` was reset, so that a value that was computed before a reset is not stored after it.
    due_changes: Mutex<u64>,
}

impl AppState {
    /// Builds the state over an open store: loads the first state where the store has none, and catches up with the clock.
    pub(crate) async fn start(
        store: Store,
        source: TimeSource,
        behaviour: Behaviour,
        initial: InitialState,
        control_token: String,
    ) -> Result<Self, StoreError> {
        let read = store.read(|connection| {
            Ok((
                settings::has_state(connection)?,
                settings::clock_mode(connection)?,
                settings::first_state(connection)?,
            ))
        });
        let ((has_state, mode, recorded), _) = read.await?;
        let app = Self {
            store,
            clock: Arc::new(Clock::new(source)),
            list_cache: ListCache::default(),
            faults: Faults::default(),
            requests: RequestLog::default(),
            behaviour: RwLock::new(behaviour),
            grants: RwLock::default(),
            identity: RwLock::new(HeaderValue::from_static("")),
            limits: Mutex::default(),
            control_token,
            first_state: recorded.filter(|_| !initial.is_chosen).unwrap_or(initial.state),
            next_due: AtomicI64::new(DUE_NOW),
            due_changes: Mutex::default(),
        };
        if !has_state {
            let state = app.first_state.clone();
            app.store.write(move |connection| settings::set_first_state(connection, &state)).await?;
            app.load(app.first_state.clone()).await?;
            return Ok(app);
        }
        app.clock.set_mode(mode);
        if initial.is_frozen {
            // Freezing at the current time is never refused.
            let _ = app.change_clock(|now, _| Ok((now, true))).await?;
        }
        app.reload_grants().await?;
        Ok(app)
    }

    /// Returns the behaviour where Make leaves it open.
    pub(crate) fn behaviour(&self) -> Behaviour {
        *self.behaviour.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_behaviour(&self, behaviour: Behaviour) {
        *self.behaviour.write().unwrap_or_else(PoisonError::into_inner) = behaviour;
    }

    /// Returns the identity of the state.
    pub(crate) fn identity(&self) -> HeaderValue {
        self.identity.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn control_token(&self) -> &str {
        &self.control_token
    }

    /// Returns the grant of a token, whose case does not matter.
    pub(crate) fn grant(&self, token: &str) -> Option<Arc<Grant>> {
        self.grants.read().unwrap_or_else(PoisonError::into_inner).get(&token.to_ascii_lowercase()).cloned()
    }

    /// Counts a request against the rate limit of the organization. An error is the number of seconds to wait.
    pub(crate) fn admit(&self, grant: &Grant) -> Result<(), u64> {
        let limiter = self.behaviour().limiter;
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.admit(grant.organization, grant.api_limit, limiter, self.clock.now())
    }

    /// Applies what fell due since the last call: counters are reset, usage profiles are played. Cheap where nothing is due.
    pub(crate) async fn catch_up(&self) -> Result<(), StoreError> {
        if self.clock.now().as_second() < self.next_due.load(Ordering::Acquire) {
            return Ok(());
        }
        let clock = Arc::clone(&self.clock);
        let due_changes = *self.due_changes.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.store.write(move |connection| catch_up::catch_up(connection, clock.now())).await?;
        let still = self.due_changes.lock().unwrap_or_else(PoisonError::into_inner);
        if *still == due_changes {
            self.next_due.store(due.map_or(i64::MAX, Timestamp::as_second), Ordering::Release);
        }
        Ok(())
    }

    /// Makes the next request catch up, after the clock or a profile was changed.
    pub(crate) fn mark_due(&self) {
        *self.due_changes.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.next_due.store(DUE_NOW, Ordering::Release);
    }

    /// Sets the clock to what `change` makes of its time and of whether it is frozen, or returns why `change` refused.
    ///
    /// The clock is read and set on the thread of the store, so that no change of it is lost and no write sees the time of
    /// another state.
    pub(crate) async fn change_clock(
        &self,
        change: impl FnOnce(Timestamp, bool) -> Result<(Timestamp, bool), String> + Send + 'static,
    ) -> Result<Result<(), String>, StoreError> {
        let clock = Arc::clone(&self.clock);
        let changed = self.store.write(move |connection| {
            let (now, frozen) = match change(clock.now(), clock.is_frozen()) {
                Ok(changed) => changed,
                Err(reason) => return Ok(Err(reason)),
            };
            let mode = clock.mode_showing(now, frozen);
            settings::set_clock_mode(connection, mode)?;
            clock.set_mode(mode);
            Ok(Ok(()))
        });
        let changed = changed.await?;
        self.catch_up().await?;
        Ok(changed)
    }

    /// Replaces the state, with the clock that the new one names or else the real time.
    pub(crate) async fn load(&self, new: SandboxState) -> Result<(), StoreError> {
        let mode = match &new.clock {
            Some(reading) => self.clock.mode_showing(state::parse_time(&reading.now)?, reading.frozen),
            None => ClockMode::Running { ahead: SignedDuration::ZERO },
        };
        let clock = Arc::clone(&self.clock);
        self.store
            .write(move |connection| {
                state::load(connection, &new, clock.time_in(mode))?;
                settings::set_clock_mode(connection, mode)?;
                clock.set_mode(mode);
                Ok(())
            })
            .await?;
        self.faults.forget_children();
        self.limits.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.reload_grants().await
    }

    /// Goes back to the first state, and clears faults and request log. The behaviour stays.
    pub(crate) async fn reset(&self) -> Result<(), StoreError> {
        self.load(self.first_state.clone()).await?;
        self.faults.clear();
        self.requests.clear();
        Ok(())
    }

    async fn reload_grants(&self) -> Result<(), StoreError> {
        self.mark_due();
        self.catch_up().await?;
        let read = |connection: &Connection| Ok((tokens::all(connection)?, settings::identity(connection)?));
        let ((grants, identity), _) = self.store.read(read).await?;
        let identity = HeaderValue::try_from(identity);
        let identity =
            identity.map_err(|_| StoreError::Contradiction("the sandbox's identity is no text".to_owned()))?;
        *self.identity.write().unwrap_or_else(PoisonError::into_inner) = identity;
        let grants = grants.into_iter().map(|(token, grant)| (token, Arc::new(grant))).collect();
        *self.grants.write().unwrap_or_else(PoisonError::into_inner) = grants;
        Ok(())
    }
}
