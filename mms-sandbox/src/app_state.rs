//! State of the application: what every request works with, beside the database and in it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use mms_types::sandbox::{Behaviour, SandboxState};

use crate::clock::{Clock, ClockSetting, Source};
use crate::faults::Faults;
use crate::http::request_log::RequestLog;
use crate::limits::Limits;
use crate::list_cache::ListCache;
use crate::store::state::{self, initial};
use crate::store::tables::tokens;
use crate::store::tables::tokens::Grant;
use crate::store::{Store, StoreError, clock, periods};

/// A state that is due at once.
const NOW: i64 = i64::MIN;

/// The state that a sandbox begins with, unless its file has one.
#[derive(Debug)]
pub(crate) struct InitialState {
    pub(crate) state: SandboxState,
    /// Whether somebody chose it at this start, so that a reset goes back to it and not to what the file was planted with.
    pub(crate) is_chosen: bool,
    /// Whether the clock is to stand still, whatever the file says.
    pub(crate) is_frozen: bool,
}

/// A sandbox without its socket.
#[derive(Debug)]
pub(crate) struct AppState {
    pub(crate) store: Store,
    pub(crate) clock: Arc<Clock>,
    pub(crate) answers: ListCache,
    pub(crate) faults: Faults,
    pub(crate) requests: RequestLog,
    behaviour: RwLock<Behaviour>,
    /// The tokens of the state, by token: they change only when a whole state is loaded.
    grants: RwLock<HashMap<String, Arc<Grant>>>,
    limits: Mutex<Limits>,
    /// What opens the control side.
    control_token: String,
    /// What a reset goes back to.
    first_state: SandboxState,
    /// When the passing of time changes the state next, in seconds since 1970.
    due: AtomicI64,
    /// How often `due` was withdrawn, so that who found it out before does not set it after.
    withdrawn: Mutex<u64>,
}

impl AppState {
    /// Takes an opened store, loads the first state where nothing was ever loaded, and brings the state up to date.
    pub(crate) async fn start(
        store: Store,
        source: Source,
        behaviour: Behaviour,
        first: InitialState,
        control_token: String,
    ) -> Result<Self, StoreError> {
        let read = store.read(|connection| {
            Ok((state::is_planted(connection)?, clock::hand(connection)?, initial::recall(connection)?))
        });
        let ((is_planted, hand, recorded), _) = read.await?;
        let app = Self {
            store,
            clock: Arc::new(Clock::new(source)),
            answers: ListCache::default(),
            faults: Faults::default(),
            requests: RequestLog::default(),
            behaviour: RwLock::new(behaviour),
            grants: RwLock::default(),
            limits: Mutex::default(),
            control_token,
            first_state: recorded.filter(|_| !first.is_chosen).unwrap_or(first.state),
            due: AtomicI64::new(NOW),
            withdrawn: Mutex::default(),
        };
        if !is_planted {
            let state = app.first_state.clone();
            app.store.write(move |connection| initial::remember(connection, &state)).await?;
            app.load(app.first_state.clone()).await?;
            return Ok(app);
        }
        app.clock.turn(hand);
        if first.is_frozen {
            // Nothing refuses to stand still where it is.
            let _ = app.turn(|now, _| Ok((now, true))).await?;
        }
        app.refresh().await?;
        Ok(app)
    }

    /// Returns how the sandbox behaves where Make leaves it open.
    pub(crate) fn behaviour(&self) -> Behaviour {
        *self.behaviour.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_behaviour(&self, behaviour: Behaviour) {
        *self.behaviour.write().unwrap_or_else(PoisonError::into_inner) = behaviour;
    }

    pub(crate) fn control_token(&self) -> &str {
        &self.control_token
    }

    /// Returns what a token allows; the case of its letters does not matter.
    pub(crate) fn grant(&self, token: &str) -> Option<Arc<Grant>> {
        self.grants.read().unwrap_or_else(PoisonError::into_inner).get(&token.to_ascii_lowercase()).cloned()
    }

    /// Counts a request against the limit of the token's organization. Refused, it says in how many seconds to come back.
    pub(crate) fn admit(&self, grant: &Grant) -> Result<(), u64> {
        let limiter = self.behaviour().limiter;
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.admit(grant.organization, grant.api_limit, limiter, self.clock.now())
    }

    /// Lets the time that has passed change the state: counters are reset, profiles played. Cheap where nothing is due.
    pub(crate) async fn settle(&self) -> Result<(), StoreError> {
        if self.clock.now().as_second() < self.due.load(Ordering::Acquire) {
            return Ok(());
        }
        let clock = Arc::clone(&self.clock);
        let withdrawn = *self.withdrawn.lock().unwrap_or_else(PoisonError::into_inner);
        let due = self.store.write(move |connection| periods::settle(connection, clock.now())).await?;
        let still = self.withdrawn.lock().unwrap_or_else(PoisonError::into_inner);
        if *still == withdrawn {
            self.due.store(due.map_or(i64::MAX, Timestamp::as_second), Ordering::Release);
        }
        Ok(())
    }

    /// Makes the next request settle the state, after the clock or a profile was changed.
    pub(crate) fn unsettle(&self) {
        *self.withdrawn.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.due.store(NOW, Ordering::Release);
    }

    /// Turns the clock to what `change` makes of its time and of whether it is frozen, or returns why it must not be turned.
    ///
    /// The clock is read and turned where the state is changed, so that no turn is lost and no change sees a time of another
    /// state.
    pub(crate) async fn turn(
        &self,
        change: impl FnOnce(Timestamp, bool) -> Result<(Timestamp, bool), String> + Send + 'static,
    ) -> Result<Result<(), String>, StoreError> {
        let clock = Arc::clone(&self.clock);
        let turned = self.store.write(move |connection| {
            let (now, frozen) = match change(clock.now(), clock.is_frozen()) {
                Ok(turned) => turned,
                Err(reason) => return Ok(Err(reason)),
            };
            let hand = clock.hand_at(now, frozen);
            clock::set_hand(connection, hand)?;
            clock.turn(hand);
            Ok(Ok(()))
        });
        let turned = turned.await?;
        self.settle().await?;
        Ok(turned)
    }

    /// Loads a state in place of the one that is there, with its clock or else the real time.
    pub(crate) async fn load(&self, new: SandboxState) -> Result<(), StoreError> {
        let hand = match &new.clock {
            Some(reading) => self.clock.hand_at(state::time(&reading.now)?, reading.frozen),
            None => ClockSetting::Running { ahead: SignedDuration::ZERO },
        };
        let clock = Arc::clone(&self.clock);
        self.store
            .write(move |connection| {
                state::load(connection, &new, clock.shown_by(hand))?;
                clock::set_hand(connection, hand)?;
                clock.turn(hand);
                Ok(())
            })
            .await?;
        self.faults.forget_children();
        self.limits.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.refresh().await
    }

    /// Goes back to the first state, without faults and without a log of requests. The switches stay.
    pub(crate) async fn reset(&self) -> Result<(), StoreError> {
        self.load(self.first_state.clone()).await?;
        self.faults.clear();
        self.requests.clear();
        Ok(())
    }

    async fn refresh(&self) -> Result<(), StoreError> {
        self.unsettle();
        self.settle().await?;
        let (grants, _) = self.store.read(tokens::all).await?;
        let grants = grants.into_iter().map(|(token, grant)| (token, Arc::new(grant))).collect();
        *self.grants.write().unwrap_or_else(PoisonError::into_inner) = grants;
        Ok(())
    }
}
