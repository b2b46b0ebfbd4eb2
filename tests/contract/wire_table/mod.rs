//! Wire table: every fault, for every kind of operation, on a fresh connection and on one that was used before; how often the
//! request is sent, how often it arrives, and what the error says.

mod server;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use mms_client::{BaseUrl, Client, Clock, FakeClock, OperationKind, RetryPolicy, operation};
use mms_tests::{Document, RawServer, Reaction, TOKEN};
use tokio::net::{TcpSocket, TcpStream};

use crate::calls::{Call, call_of};
use crate::predicates::predicates;
use server::{Fault, FaultyServer, answer};

/// How long the clients of these tests wait on a socket. Every other wait passes on a fake clock.
const PATIENCE: Duration = Duration::from_millis(50);

/// One operation of each kind.
const OPERATIONS: [(&str, OperationKind); 3] = [
    ("list_child_organizations", OperationKind::Read),
    ("update_child_organization_allocation", OperationKind::AbsoluteWrite),
    ("create_child_organization", OperationKind::Create),
];

/// What sends a request again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    /// Nothing does.
    Never,
    /// It is a read.
    IfRead,
    /// Nothing was done, as far as the server says: again after this many seconds, but for a create, which takes a look first.
    UnlessCreate(u64),
}

/// A line of the table.
struct Row {
    name: &'static str,
    fault: Fault,
    again: Again,
    status: Option<u16>,
    /// Which predicates hold, besides `is_retryable`.
    predicates: &'static [&'static str],
}

fn row(
    name: &'static str,
    fault: Fault,
    again: Again,
    status: impl Into<Option<u16>>,
    predicates: &'static [&'static str],
) -> Row {
    Row { name, fault, again, status: status.into(), predicates }
}

fn status(name: &'static str, status: u16, again: Again, predicates: &'static [&'static str]) -> Row {
    let body = r#"{"message":"No","detail":"Not today."}"#;
    row(name, Fault::answer(status, "content-type: application/json\r\n", body), again, status, predicates)
}

fn table() -> Vec<Row> {
    use Again::{IfRead, Never, UnlessCreate};

    let page = "<html><title>502 Bad Gateway</title></html>";
    let limited =
        |fields| Fault::answer(429, fields, "Requests limit for organization exceeded, please try again later.");
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_owned();
    let half_a_limit = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 100\r\n\r\nReq".to_owned();
    vec![
        row("closed with the request unread", Fault::CloseUnread, IfRead, None, &["maybe_sent"]),
        row("closed after the request", Fault::Close, IfRead, None, &["maybe_sent"]),
        row("reset after the request", Fault::Reset, IfRead, None, &["maybe_sent"]),
        row("half a head", Fault::Cut("HTTP/1.1 200 OK\r\nconte".to_owned()), IfRead, None, &["maybe_sent"]),
        row("no HTTP", Fault::Cut("SSH-2.0-OpenSSH_9.6\r\n".to_owned()), IfRead, None, &["maybe_sent"]),
        row("a cut body", Fault::Cut(half.clone()), IfRead, 200, &["maybe_sent"]),
        row("silence", Fault::Stall(String::new()), IfRead, None, &["is_timeout", "maybe_sent"]),
        row("silence within the body", Fault::Stall(half), IfRead, 200, &["is_timeout", "maybe_sent"]),
        row("no JSON", Fault::answer(200, "", "{"), Never, 200, &["is_undocumented", "maybe_sent"]),
        row("nothing in a 200", Fault::answer(200, "", ""), Never, 200, &["is_undocumented", "maybe_sent"]),
        status("400", 400, Never, &["is_invalid"]),
        status("401", 401, Never, &["is_unauthorized"]),
        status("403", 403, Never, &["is_forbidden"]),
        status("404", 404, Never, &["is_not_found"]),
        status("406", 406, Never, &[]),
        status("408", 408, IfRead, &["maybe_sent"]),
        status("409", 409, Never, &["is_conflict"]),
        status("413", 413, Never, &[]),
        status("415", 415, Never, &[]),
        status("422", 422, Never, &["is_invalid"]),
        status("402", 402, Never, &[]),
        status("405", 405, Never, &[]),
        status("407", 407, Never, &[]),
        status("410", 410, Never, &[]),
        status("412", 412, Never, &[]),
        status("417", 417, Never, &[]),
        status("426", 426, Never, &[]),
        status("428", 428, Never, &[]),
        status("431", 431, Never, &[]),
        status("451", 451, Never, &[]),
        // Whatever a gateway may invent: nobody knows what it did before.
        status("418", 418, Never, &["maybe_sent"]),
        status("423", 423, Never, &["maybe_sent"]),
        status("440", 440, Never, &["maybe_sent"]),
        status("444", 444, Never, &["maybe_sent"]),
        status("449", 449, Never, &["maybe_sent"]),
        status("460", 460, Never, &["maybe_sent"]),
        status("499", 499, Never, &["maybe_sent"]),
        status("424", 424, IfRead, &["maybe_sent"]),
        status("425", 425, IfRead, &["maybe_sent"]),
        row("429", limited(""), UnlessCreate(60), 429, &["is_rate_limited"]),
        row("429 with seconds", limited("retry-after: 7\r\n"), UnlessCreate(7), 429, &["is_rate_limited"]),
        // The clock of these tests begins there.
        row(
            "429 with a date",
            limited("retry-after: Sun, 01 Nov 2026 00:00:30 GMT\r\n"),
            UnlessCreate(30),
            429,
            &["is_rate_limited"],
        ),
        row("429 with seconds and half a body", Fault::Cut(half_a_limit), UnlessCreate(7), 429, &["is_rate_limited"]),
        row("429 with a year", limited("retry-after: 31536000\r\n"), Never, 429, &["is_rate_limited"]),
        status("500", 500, IfRead, &["maybe_sent"]),
        row("502 in HTML", Fault::answer(502, "content-type: text/html\r\n", page), IfRead, 502, &["maybe_sent"]),
        row("502 with half a page", Fault::Cut(answer(502, "", page)[..80].to_owned()), IfRead, 502, &["maybe_sent"]),
        status("503", 503, IfRead, &["maybe_sent"]),
        status("504", 504, IfRead, &["maybe_sent"]),
        redirect("301", 301),
        redirect("302", 302),
        redirect("303", 303),
        redirect("307", 307),
        redirect("308", 308),
    ]
}

fn redirect(name: &'static str, status: u16) -> Row {
    let fault = Fault::answer(status, "location: /api/v2/elsewhere\r\n", "");
    row(name, fault, Again::Never, status, &["is_undocumented", "maybe_sent"])
}

/// Returns a client that sends twice at most, gives an attempt so much time, and waits on a clock of its own.
fn client(base_url: &str, timeout: Duration) -> (Client, FakeClock) {
    let clock = FakeClock::hurrying();
    let policy = RetryPolicy { attempts: 2, base: Duration::ZERO, ..RetryPolicy::default() };
    let client = Client::builder(base_url.parse::<BaseUrl>().unwrap(), TOKEN.parse().unwrap())
        .connect_timeout(PATIENCE)
        .timeout(timeout)
        .retry(policy)
        .unpaced()
        .clock(Arc::new(clock.clone()))
        .build()
        .unwrap();
    (client, clock)
}

/// Sends a call into a fault, after `good` requests that went well on the same connection, and compares what came of it.
async fn check(row: &Row, call: &Call, kind: OperationKind, good: usize) {
    let name = format!("{}, {kind:?}, after {good} on the connection", row.name);
    let server = FaultyServer::start(vec![r#"{"imtRegions":[]}"#.to_owned(); good], row.fault.clone()).await;
    let (client, clock) = client(&server.base_url(), PATIENCE);
    for _ in 0..good {
        client.list_regions().send().await.unwrap();
    }
    let error = (call.send)(&client).await.unwrap_err();

    let is_again = match row.again {
        Again::Never => false,
        Again::IfRead => kind == OperationKind::Read,
        Again::UnlessCreate(_) => kind != OperationKind::Create,
    };
    let attempts = if is_again { 2 } else { 1 };
    let arrived = if row.fault.reads() { attempts } else { 0 };
    assert_eq!(error.attempts(), attempts, "{name}: {error}");
    assert_eq!(server.requests(), good + usize::try_from(arrived).unwrap(), "{name}: {error}");
    assert_eq!(error.status().map(|status| status.as_u16()), row.status, "{name}: {error}");
    assert_eq!(predicates(&error), row.predicates, "{name}: {error}");
    let is_told_too_long = row.name == "429 with a year";
    assert_eq!(
        error.is_retryable(),
        is_again || (is_told_too_long && kind != OperationKind::Create),
        "{name}: {error}"
    );
    let keeps = matches!(row.fault, Fault::Answer(_));
    // A create takes a connection of its own.
    let is_apart = u32::from(kind == OperationKind::Create && good > 0);
    let connections = is_apart + if keeps { 1 } else { attempts };
    assert_eq!(server.connections(), usize::try_from(connections).unwrap(), "{name}: {error}");
    if let (Again::UnlessCreate(seconds), true) = (row.again, is_again) {
        assert_eq!(clock.now(), Duration::from_secs(seconds), "{name}");
    }
}

#[tokio::test]
async fn every_fault_has_the_attempts_the_arrivals_and_the_predicates_of_the_table() {
    for row in table() {
        for (id, kind) in OPERATIONS {
            assert_eq!(operation(id).unwrap().kind, kind);
            for good in [0, 1, 3] {
                check(&row, &call_of(id), kind, good).await;
            }
        }
    }
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_is_tried_again_unless_it_is_for_a_create() {
    // Bound and not listening: nobody else gets the port, and nobody answers.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    for (id, kind) in OPERATIONS {
        let (client, _) = client(&format!("http://{}/api/v2", socket.local_addr().unwrap()), PATIENCE);
        let error = (call_of(id).send)(&client).await.unwrap_err();
        let attempts = if kind == OperationKind::Create { 1 } else { 2 };
        assert_eq!((error.attempts(), predicates(&error)), (attempts, vec!["is_connect"]), "{error}");
        assert!(error.is_retryable(), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_tried_again_unless_it_is_for_a_create() {
    // With a queue of one that is full and that nobody empties, the system lets further greetings lapse.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let _queued = TcpStream::connect(address).await.unwrap();
    for (id, kind) in OPERATIONS {
        let (client, _) = client(&format!("http://{address}/api/v2"), 100 * PATIENCE);
        let error = (call_of(id).send)(&client).await.unwrap_err();
        let attempts = if kind == OperationKind::Create { 1 } else { 2 };
        assert_eq!((error.attempts(), predicates(&error)), (attempts, vec!["is_connect", "is_timeout"]), "{error}");
        assert!(error.is_retryable(), "{error}");
    }
}

#[tokio::test]
async fn a_call_that_succeeds_the_second_time_is_a_success() {
    let document = Document::contract().unwrap();
    let call = call_of("list_child_organizations");
    let body = call.documented(&document).to_string();
    let (fault, good) = (Fault::answer(200, "", &body), Vec::new());
    let server = FaultyServer::start(good, fault).await;
    let (client, _) = client(&server.base_url(), PATIENCE);
    assert!((call.send)(&client).await.is_ok());
}

#[tokio::test]
async fn an_answer_longer_than_allowed_is_an_error_however_it_comes_and_is_not_asked_for_again() {
    let body = format!(r#"{{"imtRegions":[]{}}}"#, " ".repeat(2_000));
    let chunked =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for bytes in [answer(200, "", &body), chunked] {
        for (limit, fits) in [(1_000, false), (body.len() - 1, false), (body.len(), true)] {
            let server = FaultyServer::start(Vec::new(), Fault::Cut(bytes.clone())).await;
            let builder = Client::builder(server.base_url().parse::<BaseUrl>().unwrap(), TOKEN.parse().unwrap());
            let client = builder.answer_limit(limit.try_into().unwrap()).build().unwrap();
            let outcome = client.list_regions().send().await;
            assert_eq!(outcome.is_ok(), fits, "{limit}");
            if let Err(error) = outcome {
                assert_eq!((error.attempts(), predicates(&error)), (1, vec!["is_too_large", "maybe_sent"]), "{error}");
                assert!(error.to_string().contains(&format!("200 with a body of more than {limit} bytes")), "{error}");
                assert!(!error.is_retryable());
            }
        }
    }
}

#[tokio::test]
async fn a_stalled_body_ends_with_the_read_timeout_long_before_the_attempts() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_owned();
    let server = FaultyServer::start(Vec::new(), Fault::Stall(head)).await;
    let builder = Client::builder(server.base_url().parse::<BaseUrl>().unwrap(), TOKEN.parse().unwrap());
    let client = builder.read_timeout(PATIENCE).retry(RetryPolicy::never()).build().unwrap();
    let error = client.list_regions().send().await.unwrap_err();
    assert!(error.is_timeout() && error.status().is_some(), "{error}");
}

/// Writes bytes as hexadecimal digits say.
fn bytes(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// One region, and none with 100,000 spaces, as gzip has them.
const COMPRESSED: [&str; 2] = [
    "1f8b08000000000002ffab56cacc2d094a4dcfcccf2b56b28aae56ca4c51b232d451ca4bcc4d55b252720d55aa8dad0500a8ced62825000000",
    "1f8b08000000000002ffedc1b10d00110000c055c418c6f85694228af7c5ebc4eed650dcdd8afd9d4f6dfd1b7f4cb9ec000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000005ceb00b400f268b1860100",
];

#[tokio::test]
async fn an_answer_may_come_compressed_and_counts_as_what_it_unpacks_to() {
    for (digits, limit, fits) in
        [(COMPRESSED[0], 1_000, true), (COMPRESSED[1], 200_000, true), (COMPRESSED[1], 1_000, false)]
    {
        let body = bytes(digits);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let server = RawServer::start(Reaction::Answer([head.into_bytes(), body].concat())).await.unwrap();
        let builder = Client::builder(server.base_url().parse::<BaseUrl>().unwrap(), TOKEN.parse().unwrap());
        let client = builder.answer_limit(limit).retry(RetryPolicy::never()).build().unwrap();
        let outcome = client.list_regions().send().await;
        assert_eq!(outcome.is_ok(), fits, "{outcome:?}");
        assert!(outcome.is_ok() || outcome.unwrap_err().is_too_large());
    }
}
