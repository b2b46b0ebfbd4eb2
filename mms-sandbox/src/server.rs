//! The sandbox as a server: builder, start and stop.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use mms_types::OrganizationId;
use mms_types::sandbox::{Behaviour, ClockReading, SandboxState};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::api;
use crate::app_state::{AppState, InitialState};
use crate::clock::{TimeSource, rfc3339};
use crate::control::Control;
use crate::http::host_check::AllowedHosts;
use crate::http::listener;
use crate::middleware::Middleware;
use crate::sandbox_error::SandboxError;
use crate::seed::{self, SCOPES, SEED_ORGANIZATION, SEED_TOKEN};
use crate::seed_file;
use crate::store::tables::tokens;
use crate::store::{Durability, LockedFile, Store, WorkerHandle};

/// A running sandbox. It stops when it is dropped; [`Sandbox::stop`] stops it in good order.
#[derive(Debug)]
pub struct Sandbox {
    base_url: String,
    token: String,
    organization: OrganizationId,
    control_token: String,
    control: Control,
    /// Sent, or dropped, to end the server.
    stop: oneshot::Sender<()>,
    /// The one task of the server, in a set because a set ends its tasks when it is dropped.
    server: JoinSet<()>,
    closed: WorkerHandle,
}

impl Sandbox {
    /// Returns a builder: in memory, on a free port of this machine, until told otherwise.
    #[must_use]
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// Returns the API root without a trailing slash, such as `http://127.0.0.1:41234/api/v2`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns a token of [`organization_id`](Self::organization_id), as the state had it after the start: the first, by its
    /// letters, of those with every scope, or else with the most. [`SEED_TOKEN`] where there is none.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the distributor with the lowest id in the state that was there after the start, whether a seed said it or a file
    /// had it. [`SEED_ORGANIZATION`] where there is none.
    #[must_use]
    pub fn organization_id(&self) -> OrganizationId {
        self.organization
    }

    /// Returns the token that opens the control side under `/_sandbox/`, drawn anew at every start unless one was given.
    #[must_use]
    pub fn control_token(&self) -> &str {
        &self.control_token
    }

    /// Returns the handle that steers this sandbox: its state, its clock, its faults.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Stops: takes no new connection, answers the requests that are under way, at most 5 seconds long, and closes the
    /// state. The file is free for another process when this returns.
    pub async fn stop(self) -> Result<(), SandboxError> {
        let Self { stop, mut server, closed, control, .. } = self;
        // Nobody receives this where the server has ended already, and then there is nothing left to stop.
        let _ = stop.send(());
        while server.join_next().await.is_some() {}
        control.app.store.close();
        Ok(closed.join().await?)
    }
}

/// Says where a sandbox keeps its state, where it listens, and how it behaves.
#[derive(Debug, Clone)]
pub struct SandboxBuilder {
    data: Option<PathBuf>,
    durability: Durability,
    seed: Seed,
    behaviour: Behaviour,
    listen: SocketAddr,
    hosts: Vec<String>,
    control_token: Option<String>,
    lock_wait: Duration,
    holder: String,
    freeze: Option<FreezeAt>,
    clock: TimeSource,
}

/// The time at which the clock is frozen.
#[derive(Debug, Clone)]
enum FreezeAt {
    AtStart,
    At(mms_types::Timestamp),
}

/// Source of the first state.
#[derive(Debug, Clone)]
enum Seed {
    Default,
    State(Box<SandboxState>),
    File(PathBuf),
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            data: None,
            durability: Durability::default(),
            seed: Seed::Default,
            behaviour: Behaviour::default(),
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            hosts: Vec::new(),
            control_token: None,
            lock_wait: Duration::from_secs(5),
            holder: "mms-sandbox".to_owned(),
            freeze: None,
            clock: Timestamp::now,
        }
    }
}

impl SandboxBuilder {
    /// Keeps the state in a file, which outlives the sandbox, instead of memory.
    ///
    /// A missing file is created and seeded, and so are missing directories, for the user alone. A write that was answered
    /// survives the death of the process. A file that is not a sandbox's, or of a later version, is left as it is.
    #[must_use]
    pub fn data(self, file: impl Into<PathBuf>) -> Self {
        Self { data: Some(file.into()), ..self }
    }

    /// Makes an answered write in the file survive a power cut too: each commit waits for the disk, and requests that come
    /// at the same time share one. Without this it survives the death of the process alone. Means nothing in memory.
    #[must_use]
    pub fn durable(self) -> Self {
        Self { durability: Durability::Power, ..self }
    }

    /// Begins with this state instead of the built-in one. A file that has a state already keeps it, until a reset.
    #[must_use]
    pub fn state(self, state: SandboxState) -> Self {
        Self { seed: Seed::State(Box::new(state)), ..self }
    }

    /// Begins with the state in this file, YAML, or JSON where its name ends in `.json`: a regular file or a pipe, of at most
    /// 512 MiB. See [`SandboxBuilder::state`]. Where it gives the distributor with the lowest id no token, that one has
    /// [`SEED_TOKEN`].
    #[must_use]
    pub fn seed_file(self, file: impl Into<PathBuf>) -> Self {
        Self { seed: Seed::File(file.into()), ..self }
    }

    /// Lets the clock stand still from the start on, at a time or at the time of the start. A file that has a state already keeps
    /// its time, and stands still there. A reset comes back to this.
    #[must_use]
    pub fn freeze_clock(self, at: Option<mms_types::Timestamp>) -> Self {
        Self { freeze: Some(at.map_or(FreezeAt::AtStart, FreezeAt::At)), ..self }
    }

    /// Sets how the sandbox behaves where Make leaves it open; [`Control::set_behaviour`] does it later.
    #[must_use]
    pub fn behaviour(self, behaviour: Behaviour) -> Self {
        Self { behaviour, ..self }
    }

    /// Listens on this address; port 0 takes a free one. Default: `127.0.0.1:0`, so that only this machine gets in.
    #[must_use]
    pub fn listen(self, address: SocketAddr) -> Self {
        Self { listen: address, ..self }
    }

    /// Answers to this host name too, without a port. Otherwise only to this machine's own names and addresses, because a web
    /// page could reach the sandbox under a name of its owner's.
    #[must_use]
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// Opens the control side with this token instead of one that is drawn at the start.
    #[must_use]
    pub fn control_token(self, token: impl Into<String>) -> Self {
        Self { control_token: Some(token.into()), ..self }
    }

    /// Waits this long for a file that another process holds. Default: 5 seconds.
    #[must_use]
    pub fn lock_wait(self, wait: Duration) -> Self {
        Self { lock_wait: wait, ..self }
    }

    /// Names this process to those who find its file in use, such as `mms sandbox serve`. Default: `mms-sandbox`.
    #[must_use]
    pub fn holder(self, description: impl Into<String>) -> Self {
        Self { holder: description.into(), ..self }
    }

    /// Starts the sandbox on the current tokio runtime, which needs its I/O and time drivers.
    ///
    /// Fails where the address is in use, where another process keeps the file, where the file is not a sandbox's, and where
    /// the seed cannot be read or contradicts itself.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let is_chosen = !matches!(self.seed, Seed::Default) || self.freeze.is_some();
        let (mut state, seed_file) = match self.seed {
            Seed::Default => (seed::default_state()?, None),
            Seed::State(state) => (*state, None),
            Seed::File(file) => (seed::with_token(seed_file::read(file.clone()).await?), Some(file)),
        };
        let is_frozen = self.freeze.is_some();
        if let Some(freeze) = self.freeze {
            let now = match freeze {
                FreezeAt::AtStart => mms_types::Timestamp::new(rfc3339((self.clock)())),
                FreezeAt::At(time) => time,
            };
            state.clock = Some(ClockReading { now, frozen: true });
        }
        let initial = InitialState { state, is_chosen, is_frozen };
        let control_token = self.control_token.map_or_else(random_token, Ok)?;

        let failed = |source| SandboxError::listen(self.listen, source);
        let listener = TcpListener::bind(self.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let base_url = format!("http://{address}{}", api::ROOT);
        let file = match self.data {
            Some(file) => {
                let since = rfc3339((self.clock)());
                let holder = format!("process {} ({}, {base_url})\nsince {since}\n", process::id(), self.holder);
                Some(LockedFile::acquire(file, &holder, self.lock_wait).await?)
            }
            None => None,
        };
        let path = file.as_ref().map(|file| file.path().to_owned());
        let (store, closed) = Store::open(file, self.durability).await?;
        let app = AppState::start(store, self.clock, self.behaviour, initial, control_token.clone()).await;
        let app = Arc::new(app.map_err(|error| SandboxError::state(path.clone(), seed_file, error))?);
        let first = app.store.read(|connection| tokens::first(connection, SCOPES)).await;
        let (first, _) = first.map_err(|error| SandboxError::state(path, None, error))?;
        let (organization, token) = first.unwrap_or((SEED_ORGANIZATION, None));
        let token = token.unwrap_or_else(|| SEED_TOKEN.to_owned());
        let middleware = Middleware {
            app: Arc::clone(&app),
            hosts: Arc::new(AllowedHosts::new(address, self.hosts)),
            router: api::router(Arc::clone(&app)),
        };
        let (stop, stopped) = oneshot::channel();
        let mut server = JoinSet::new();
        server.spawn(listener::serve(listener, middleware, stopped));
        Ok(Sandbox { base_url, token, organization, control_token, control: Control { app }, stop, server, closed })
    }
}

/// Draws 128 bits, in hexadecimal digits.
fn random_token() -> Result<String, SandboxError> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(SandboxError::random)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bits)))
}
