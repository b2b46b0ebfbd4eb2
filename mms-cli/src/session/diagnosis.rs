//! What `mms doctor` asks of a session beside its reads: the first answer with its circumstances, and what this machine keeps.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use mms_client::{ConnectPhase, FileJournal, LogTime, SendLogKey, Sent, SystemClock};
use mms_types::{CurrentAuthorization, OrganizationId};

use super::Session;
use crate::output::failure::{Failure, Subject};
use crate::output::time::http_date;

/// First answer of a server, and the circumstances of it.
pub(crate) struct Greeting {
    /// By the clock of this machine.
    pub(crate) sent: SystemTime,
    /// How long it took until the answer was there.
    pub(crate) took: Duration,
    pub(crate) answer: Result<Greeted, FailedGreeting>,
}

/// What the token may do, and the server's time.
pub(crate) struct Greeted {
    pub(crate) authorization: CurrentAuthorization,
    /// `Date` of the answer, to the second.
    pub(crate) date: Option<SystemTime>,
}

/// Why no usable first answer came.
pub(crate) struct FailedGreeting {
    pub(crate) failure: Failure,
    /// The status of the answer, if the server answered at all.
    pub(crate) status: Option<u16>,
    /// Whether the request had no turn within the limit per minute.
    pub(crate) is_unsent: bool,
    /// At which phase no connection came about.
    pub(crate) phase: Option<ConnectPhase>,
}

impl Session {
    /// Asks what the token may do.
    pub(crate) async fn greet(&self) -> Greeting {
        let (sent, began) = (SystemTime::now(), Instant::now());
        let answer = self.client.authorization().await;
        let took = began.elapsed();
        let answer = match answer {
            Ok(answer) => {
                let date = answer.headers().get("date").and_then(|date| http_date(date.to_str().ok()?));
                Ok(Greeted { date, authorization: answer.into_inner().authorization })
            }
            Err(error) => Err(FailedGreeting {
                failure: self.destination().failure(&error, Subject::Other),
                status: error.status().map(|status| status.as_u16()),
                is_unsent: error.is_deadline() && error.attempts() == 0,
                phase: error.connect_phase(),
            }),
        };
        Greeting { sent, took, answer }
    }

    /// Counts the requests of the last minute, as far as this machine knows; nothing where it keeps no log.
    pub(crate) fn sent_this_minute(&self) -> Option<usize> {
        let log = self.connection.send_log.as_ref()?;
        let now = LogTime::read(&SystemClock);
        let since = now.wall.checked_sub(Duration::from_secs(60))?;
        let place = self.connection.base_url.place();
        let key = SendLogKey { base_url: place, organization_id: self.connection.organization_id };
        let mut number = None;
        let exchanged = log.exchange(&key, since, now, &mut |lines| {
            let of = |is_meant: fn(&Sent) -> bool| lines.iter().filter(|line| is_meant(line)).count();
            let (sent, unsent) =
                (of(|line| matches!(line, Sent::Request { .. })), of(|line| matches!(line, Sent::Unsent { .. })));
            number = Some(sent.saturating_sub(unsent));
            None
        });
        exchanged.ok().and(number)
    }

    /// Returns how many requests were sent so far.
    pub(crate) fn requests_sent(&self) -> u64 {
        self.client.requests_sent()
    }

    /// Returns the name by which the journal knows the API.
    pub(crate) fn api_name(&self) -> String {
        self.client.api_name()
    }

    /// Returns the file of what was seen last, where one is kept.
    pub(crate) fn observations(&self) -> Option<PathBuf> {
        self.connection.observations.clone()
    }

    /// Returns every child of the distributor that this machine created, as far as the journal can be read.
    pub(crate) fn created_here(&self) -> BTreeSet<OrganizationId> {
        let (api, parent) = (self.client.api_name(), self.connection.organization_id);
        let claims = FileJournal::read_claims(&self.connection.journal).unwrap_or_default();
        let own = claims.into_iter().filter(|claim| claim.api == api && Some(claim.parent) == parent);
        own.map(|claim| claim.organization_id).collect()
    }
}
