//! Log of the latest requests, for tests to inspect. In memory, bounded.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use http::{Method, Uri};
use jiff::Timestamp;
use mms_types::OrganizationId;
use mms_types::sandbox::{FaultId, HttpMethod, OperationId, RequestList, RequestRecord, RequestSequence};

use crate::clock::rfc3339;
use crate::http::operation::Target;

/// The most requests in the log.
const MAX_REQUESTS: usize = 10_000;

/// The most bytes of bodies in the log.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Which requests are asked for; what is left out does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestFilter {
    /// Only requests of this operation, by its `operationId`.
    pub operation_id: Option<String>,
    /// Only requests of this method.
    pub method: Option<String>,
    /// Only requests with this child in the path.
    pub child_organization_id: Option<OrganizationId>,
    /// Only requests after this one.
    pub after: Option<RequestSequence>,
}

impl RequestFilter {
    fn matches(&self, request: &Entry) -> bool {
        self.operation_id.as_deref().is_none_or(|id| request.operation_id() == Some(id))
            && self.method.as_deref().is_none_or(|method| request.method.as_str().eq_ignore_ascii_case(method))
            && self.child_organization_id.is_none_or(|child| request.target.child == Some(child))
            && self.after.is_none_or(|after| request.sequence > after.0)
    }
}

/// The log of requests. It ends with the sandbox.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Log>);

#[derive(Debug, Default)]
struct Log {
    entries: VecDeque<Entry>,
    /// The sequence of the newest request.
    last: u64,
    dropped: u64,
    bodies: usize,
}

/// A request in the log: copied, so that it holds no buffer of a connection.
#[derive(Debug)]
struct Entry {
    sequence: u64,
    time: Timestamp,
    method: Method,
    path: Box<str>,
    query: Option<Box<str>>,
    target: Target,
    body: Box<[u8]>,
    status: Option<u16>,
    fault: Option<FaultId>,
}

impl Entry {
    fn operation_id(&self) -> Option<&'static str> {
        self.target.operation.map(|operation| operation.id)
    }

    fn record(&self) -> RequestRecord {
        RequestRecord {
            sequence: RequestSequence(self.sequence),
            time: mms_types::Timestamp::new(rfc3339(self.time)),
            method: HttpMethod(self.method.to_string()),
            path: self.path.to_string(),
            query: self.query.as_deref().map(str::to_owned),
            operation_id: self.operation_id().map(|id| OperationId(id.to_owned())),
            child_organization_id: self.target.child,
            body: Some(&self.body)
                .filter(|body| !body.is_empty())
                .map(|body| String::from_utf8_lossy(body).into_owned()),
            status: self.status,
            fault_id: self.fault,
        }
    }
}

impl RequestLog {
    /// Records a request, and returns its sequence.
    pub(crate) fn record_request(
        &self,
        time: Timestamp,
        method: &Method,
        uri: &Uri,
        target: Target,
        body: &Bytes,
    ) -> u64 {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.last += 1;
        let sequence = log.last;
        log.bodies += body.len();
        log.entries.push_back(Entry {
            sequence,
            time,
            method: method.clone(),
            path: uri.path().into(),
            query: uri.query().map(Into::into),
            target,
            body: body.as_ref().into(),
            status: None,
            fault: None,
        });
        while log.entries.len() > MAX_REQUESTS || log.bodies > MAX_BODY_BYTES {
            let Some(oldest) = log.entries.pop_front() else { break };
            log.bodies -= oldest.body.len();
            log.dropped += 1;
        }
        sequence
    }

    /// Records how a request was answered, with nothing where its connection was closed instead.
    pub(crate) fn record_answer(&self, sequence: u64, status: Option<u16>, fault: Option<FaultId>) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = log.entries.front().map_or(u64::MAX, |oldest| oldest.sequence);
        let index = sequence.checked_sub(first).and_then(|index| usize::try_from(index).ok());
        // The entry may have been dropped or cleared in the meantime.
        if let Some(entry) = index.and_then(|index| log.entries.get_mut(index)) {
            entry.status = status;
            entry.fault = fault;
        }
    }

    /// Returns the requests that match a filter, in the order in which they came.
    pub(crate) fn list(&self, filter: &RequestFilter) -> RequestList {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).list(filter)
    }

    /// Forgets every request, and returns what was forgotten. Sequences go on.
    pub(crate) fn clear(&self) -> RequestList {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let list = log.list(&RequestFilter::default());
        *log = Log { last: log.last, ..Log::default() };
        list
    }
}

impl Log {
    fn list(&self, filter: &RequestFilter) -> RequestList {
        let requests = self.entries.iter().filter(|entry| filter.matches(entry)).map(Entry::record).collect();
        RequestList { requests, dropped: self.dropped }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(requests: &RequestLog, method: &Method, path: &str, body: &str) -> u64 {
        let target = Target::of(method, path);
        requests.record_request(
            Timestamp::UNIX_EPOCH,
            method,
            &path.parse().unwrap(),
            target,
            &Bytes::from(body.to_owned()),
        )
    }

    #[test]
    fn requests_are_told_in_order_with_their_bodies_and_answers() {
        let requests = RequestLog::default();
        let first = sent(&requests, &Method::GET, "/organizations/11", "");
        let second = sent(&requests, &Method::PATCH, "/organizations/11/managed-organizations/101", "{}");
        requests.record_answer(second, None, Some(FaultId(3)));
        requests.record_answer(first, Some(200), None);
        let list = requests.list(&RequestFilter::default());
        let [get, patch] = list.requests.as_slice() else { panic!("{list:?}") };
        assert_eq!((get.sequence.0, get.status, get.body.as_deref()), (1, Some(200), None));
        assert_eq!((patch.sequence.0, patch.status, patch.body.as_deref()), (2, None, Some("{}")));
        assert_eq!(patch.fault_id, Some(FaultId(3)));
        assert_eq!(patch.child_organization_id, Some(OrganizationId::new(101)));
    }

    #[test]
    fn a_filter_takes_what_matches_all_of_it() {
        let requests = RequestLog::default();
        for child in [101, 102] {
            sent(&requests, &Method::PATCH, &format!("/organizations/11/managed-organizations/{child}"), "{}");
        }
        sent(&requests, &Method::GET, "/organizations/11", "");
        let sequences = |filter: RequestFilter| -> Vec<u64> {
            requests.list(&filter).requests.iter().map(|request| request.sequence.0).collect()
        };
        let all = RequestFilter::default;
        assert_eq!(sequences(RequestFilter { method: Some("patch".to_owned()), ..all() }), [1, 2]);
        assert_eq!(sequences(RequestFilter { child_organization_id: Some(OrganizationId::new(102)), ..all() }), [2]);
        assert_eq!(sequences(RequestFilter { operation_id: Some("get_organization".to_owned()), ..all() }), [3]);
        assert_eq!(sequences(RequestFilter { after: Some(RequestSequence(1)), ..all() }), [2, 3]);
    }

    #[test]
    fn the_log_is_bounded_and_says_what_it_dropped() {
        let requests = RequestLog::default();
        for _ in 0..MAX_REQUESTS + 5 {
            sent(&requests, &Method::GET, "/organizations/11", "");
        }
        let list = requests.list(&RequestFilter::default());
        assert_eq!((list.requests.len(), list.dropped, list.requests[0].sequence.0), (MAX_REQUESTS, 5, 6));
        let large = "x".repeat(MAX_BODY_BYTES);
        sent(&requests, &Method::POST, "/", &large);
        assert_eq!(requests.list(&RequestFilter::default()).requests.len(), MAX_REQUESTS);
        sent(&requests, &Method::POST, "/", "y");
        assert_eq!(requests.list(&RequestFilter::default()).requests.len(), 1, "bodies count too");
    }

    #[test]
    fn a_forgotten_request_may_still_be_answered() {
        let requests = RequestLog::default();
        let sequence = sent(&requests, &Method::GET, "/", "");
        assert_eq!(requests.clear().requests.len(), 1);
        requests.record_answer(sequence, Some(200), None);
        assert_eq!(sent(&requests, &Method::GET, "/", ""), 2, "sequences go on");
        assert_eq!(requests.list(&RequestFilter::default()).requests[0].status, None);
    }
}
