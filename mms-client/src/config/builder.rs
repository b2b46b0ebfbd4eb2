//! Builder of a client: its settings, their defaults and where those come from.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use mms_types::{OrganizationId, PageLimit};

use crate::config::api_name::ApiName;
use crate::config::base_url::BaseUrl;
use crate::config::build_error::BuildError;
use crate::config::settings::{Settings, Shared};
use crate::config::tls::Tls;
use crate::config::token::ApiToken;
use crate::env::clock::{Clock, SystemClock};
use crate::env::random::{Random, SystemRandom};
use crate::error::Error;
use crate::http::events::{Observer, Wait};
use crate::http::generated::Client;
use crate::http::retry::policy::{Budget, RetryPolicy};
use crate::http::transport::MAX_TIMEOUT;
use crate::pace::{Pace, Pacer, PacerConfig, SendLog};
use crate::read::page_size::{PageSize, PageSizeMemory};
use crate::write::look::Looks;

/// How long a connection may take to be made, TLS included. A far zone answers within a second; 5 s leave room for a lost
/// packet or two.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a server may be silent, before its answer and within it. A create may take its time.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// How long an attempt may take from its start to the last byte of the answer. The largest answer known, 100,000 children, is
/// 22 MB, which a line of 2 Mbit/s brings in that time.
const TIMEOUT: Duration = Duration::from_secs(90);

/// How long an operation may take with all its attempts and waits: two windows of Make's limit and two attempts that run out of
/// their time.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(2 * 60 + 3 * 60);

/// The most bytes that are read of an answer: ten times the largest one known.
const ANSWER_LIMIT: u64 = 256 * 1024 * 1024;

/// The largest page of a list that is asked for: 5,000 children take four requests, and an answer some 2 MB.
const LARGEST_PAGE: PageLimit = PageLimit::LARGEST;

/// Make's edge refuses the default agents of libraries with 403.
const USER_AGENT: &str = concat!("mms-client/", env!("CARGO_PKG_VERSION"));

impl Client {
    /// Starts to build a client for a server, a [`ZoneHost`](crate::ZoneHost) or a [`BaseUrl`], and a token.
    ///
    /// A client is cheap to clone, and all clones share their connections.
    ///
    /// ```
    /// use std::time::Duration;
    /// use mms_client::{BaseUrl, Client};
    ///
    /// let sandbox: BaseUrl = "http://127.0.0.1:8787/api/v2".parse()?;
    /// let client = Client::builder(sandbox, "00000000-0000-4000-8000-000000000011".parse()?)
    ///     .user_agent("provisioning/1.0")
    ///     .timeout(Duration::from_secs(10))
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(server: impl Into<BaseUrl>, token: ApiToken) -> ClientBuilder {
        ClientBuilder {
            base_url: server.into(),
            token,
            user_agent: USER_AGENT.to_owned(),
            connect_timeout: CONNECT_TIMEOUT,
            read_timeout: READ_TIMEOUT,
            timeout: TIMEOUT,
            total_timeout: TOTAL_TIMEOUT,
            answer_limit: ANSWER_LIMIT,
            largest_page: LARGEST_PAGE,
            page_size: None,
            retry: RetryPolicy::default(),
            pace: Some(Pace::default()),
            requests_per_minute: None,
            organization_id: None,
            send_log: None,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            api_name: None,
            lost_answer: Observer::default(),
            wait: Observer::default(),
        }
    }
}

/// Builds a [`Client`]; made by [`Client::builder`].
#[derive(Debug, Clone)]
pub struct ClientBuilder {
    base_url: BaseUrl,
    token: ApiToken,
    user_agent: String,
    connect_timeout: Duration,
    read_timeout: Duration,
    timeout: Duration,
    total_timeout: Duration,
    answer_limit: u64,
    largest_page: PageLimit,
    page_size: Option<PageSize>,
    retry: RetryPolicy,
    pace: Option<Pace>,
    requests_per_minute: Option<NonZeroU32>,
    organization_id: Option<OrganizationId>,
    send_log: Option<Arc<dyn SendLog>>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    api_name: Option<String>,
    lost_answer: Observer<Error>,
    wait: Observer<Wait>,
}

impl ClientBuilder {
    /// Sets the `User-Agent`, `mms-client/` and the version by default. Name your own program: Make's edge refuses the default
    /// agents of libraries, and requests without one. An empty one is refused by [`build`](Self::build).
    #[must_use]
    pub fn user_agent(self, user_agent: impl Into<String>) -> Self {
        Self { user_agent: user_agent.into(), ..self }
    }

    /// Sets how long a connection may take to be made; 5 s by default. Nothing was sent when it runs out.
    #[must_use]
    pub fn connect_timeout(self, connect_timeout: Duration) -> Self {
        Self { connect_timeout, ..self }
    }

    /// Sets how long the server may be silent, before its answer and between two pieces of it; 30 s by default. A write that
    /// runs out of it may have been done: [`Error::maybe_sent`](crate::Error::maybe_sent).
    #[must_use]
    pub fn read_timeout(self, read_timeout: Duration) -> Self {
        Self { read_timeout, ..self }
    }

    /// Sets how long one attempt may take from its start to the last byte of the answer; 90 s by default. A write that runs out
    /// of it may have been done: [`Error::maybe_sent`](crate::Error::maybe_sent).
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets the deadline of a whole call: its turn, every attempt and the waits between them; 5 minutes by default. A wait that
    /// would end after it is not begun, and neither is a write in its last 5 s, or tenth if that is less, since its answer would
    /// hardly come. Set it higher to start many calls at once: they queue at the pace.
    #[must_use]
    pub fn total_timeout(self, total_timeout: Duration) -> Self {
        Self { total_timeout, ..self }
    }

    /// Sets how many bytes of an answer are read at most, 256 MiB by default. A longer one is an error:
    /// [`Error::is_too_large`](crate::Error::is_too_large). Of a refusal the first 64 KiB are read, whatever this says.
    #[must_use]
    pub fn answer_limit(self, bytes: u64) -> Self {
        Self { answer_limit: bytes, ..self }
    }

    /// Sets the largest page of a list that is asked for, where the server's own is smaller; 10,000 rows by default, some 2 MB. With
    /// 1 every page is of the server's own size.
    #[must_use]
    pub fn largest_page(self, rows: PageLimit) -> Self {
        Self { largest_page: rows, ..self }
    }

    /// Takes over the sizes of pages of children that worked for another client of the same server: [`Client::page_size`]. They are
    /// asked for at once, for a day; a server that refuses them is asked for its own.
    #[must_use]
    pub fn page_size(self, size: PageSize) -> Self {
        Self { page_size: Some(size), ..self }
    }

    /// Sets how requests are sent again.
    #[must_use]
    pub fn retry(self, policy: RetryPolicy) -> Self {
        Self { retry: policy, ..self }
    }

    /// Sets how many requests a minute the server allows an organization. Without it the client goes by 60, the least of Make's
    /// paid plans, and asks for `license.apiLimit` before it would have to wait for that.
    #[must_use]
    pub fn requests_per_minute(self, limit: NonZeroU32) -> Self {
        Self { requests_per_minute: Some(limit), ..self }
    }

    /// Names the organization whose limit the requests count against that are about none, such as those for countries. Without
    /// it these go by a count of their own.
    #[must_use]
    pub fn organization_id(self, id: OrganizationId) -> Self {
        Self { organization_id: Some(id), ..self }
    }

    /// Sets the pace, [`Pace::Even`] by default.
    #[must_use]
    pub fn pace(self, pace: Pace) -> Self {
        Self { pace: Some(pace), ..self }
    }

    /// Sends requests as they come. For a server without a limit, such as a sandbox whose limiter is off, and for callers that
    /// keep a pace of their own; Make answers 429, to every tool of the organization.
    #[must_use]
    pub fn unpaced(self) -> Self {
        Self { pace: None, ..self }
    }

    /// Sets where it is written down when requests were sent; by default only this client and its clones know. Clients of one
    /// process keep the limit together with a [`MemorySendLog`](crate::MemorySendLog), programs that run one after the other
    /// or side by side with a [`FileSendLog`](crate::FileSendLog).
    #[must_use]
    pub fn send_log(self, log: Arc<dyn SendLog>) -> Self {
        Self { send_log: Some(log), ..self }
    }

    /// Sets the clock by which the client waits, and dates what it sent.
    #[must_use]
    pub fn clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Sets what spreads the waits before another attempt.
    #[must_use]
    pub fn random(self, random: Arc<dyn Random>) -> Self {
        Self { random, ..self }
    }

    /// Sets by what name a [`Journal`](crate::Journal) knows the API, in place of its [place](BaseUrl::place) and, for a sandbox, of
    /// the identity that its answers carry. For a server whose address changes while its data stay, such as a sandbox on a free
    /// port: its open intents are found again under the same name.
    #[must_use]
    pub fn api_name(self, name: impl Into<String>) -> Self {
        Self { api_name: Some(name.into()), ..self }
    }

    /// Sets whom to tell that the answer to a careful write was lost, before its outcome is looked for, which may take minutes:
    /// [`create_child_once`](Client::create_child_once), [`set_allocation`](Client::set_allocation). The error names the
    /// operation.
    #[must_use]
    pub fn on_lost_answer(self, listener: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        Self { lost_answer: Observer::new(listener), ..self }
    }

    /// Sets whom to tell of a wait before it begins: for the pace, after a 429, or before another attempt. Of requests that queue
    /// behind one another the first alone tells. Some waits last milliseconds, and one after a 429 a minute.
    ///
    /// ```
    /// # use mms_client::{ClientBuilder, WaitReason};
    /// # use std::time::Duration;
    /// # fn example(builder: ClientBuilder) -> ClientBuilder {
    /// builder.on_wait(|wait| {
    ///     if wait.reason == WaitReason::Limit && wait.duration >= Duration::from_secs(3) {
    ///         eprintln!("waiting {} s for the limit of requests per minute", wait.duration.as_secs());
    ///     }
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn on_wait(self, listener: impl Fn(Wait) + Send + Sync + 'static) -> Self {
        Self { wait: Observer::new(move |wait: &Wait| listener(*wait)), ..self }
    }

    /// Builds the client. Nothing is sent; the platform's certificates are read if the API is spoken to over TLS.
    pub fn build(self) -> Result<Client, BuildError> {
        if self.user_agent.trim().is_empty() {
            return Err(BuildError::no_user_agent());
        }
        let tls = Tls::new(&self.base_url)?;
        let http = self.http_client(&tls, None)?;
        let unpooled = self.http_client(&tls, Some(0))?;
        let base_url = self.base_url.as_str();
        let pacer = self.pace.map(|pace| {
            let config = PacerConfig {
                pace,
                limit: self.requests_per_minute,
                own: self.organization_id,
                base_url: self.base_url.place(),
                log: self.send_log,
                wait: self.wait.clone(),
            };
            // Two clients that drew the same number would take each other's requests in a log for their own.
            Pacer::new(config, self.clock.clone(), Arc::new(SystemRandom))
        });
        let settings = Settings::from(Shared {
            api: ApiName::new(self.api_name, &self.base_url),
            token: self.token,
            unpooled,
            timeout: self.timeout,
            read_timeout: self.read_timeout,
            total_timeout: self.total_timeout,
            answer_limit: self.answer_limit,
            page_sizes: PageSizeMemory::new(self.largest_page, self.page_size, self.clock.now()),
            organization_page_sizes: PageSizeMemory::new(self.largest_page, None, self.clock.now()),
            sent: AtomicU64::default(),
            looks: Looks::default(),
            budget: Budget::new(&self.retry),
            retry: self.retry,
            pacer,
            clock: self.clock,
            random: self.random,
            lost_answer: self.lost_answer,
            wait: self.wait,
        });
        Ok(Client::new_with_client(base_url, http, settings))
    }

    /// Builds an HTTP client that keeps so many idle connections, or as many as there are.
    fn http_client(&self, tls: &Tls, max_idle: Option<usize>) -> Result<reqwest::Client, BuildError> {
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            // reqwest panics over what no clock holds.
            .connect_timeout(self.connect_timeout.min(MAX_TIMEOUT))
            .https_only(self.base_url.is_https())
            // A redirect or a retry inside the stack could send a write twice; a proxy would see the token of plain HTTP.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy();
        let builder = max_idle.into_iter().fold(builder, reqwest::ClientBuilder::pool_max_idle_per_host);
        tls.configure(builder).build().map_err(|error| BuildError::new("the HTTP client cannot be built", error))
    }
}

#[cfg(all(test, feature = "rustls"))]
mod tests {
    use progenitor_client::ClientInfo as _;

    use super::*;

    #[tokio::test]
    async fn a_client_for_https_sends_nothing_over_plain_http() {
        let base_url: BaseUrl = "https://127.0.0.1:1/api/v2".parse().unwrap();
        let client = Client::builder(base_url, "token".parse().unwrap()).build().unwrap();
        let error = client.client().get("http://127.0.0.1:1/").send().await.unwrap_err();
        assert!(error.is_builder(), "{error:?}");
    }

    #[test]
    fn a_journal_knows_an_api_by_its_root_unless_it_has_a_name() {
        let base_url: BaseUrl = "http://127.0.0.1:1/api/v2".parse().unwrap();
        let builder = Client::builder(base_url, "token".parse().unwrap());
        assert_eq!(builder.clone().build().unwrap().inner().api.name(), "http://127.0.0.1:1/api/v2");
        assert_eq!(builder.api_name("sandbox").build().unwrap().inner().api.name(), "sandbox");
    }
}
