//! Traces of a request.

use std::io;
use std::sync::{Arc, Mutex};

use mms_client::{BaseUrl, Client, FakeClock, RetryPolicy, operation};
use mms_tests::{Document, RawServer, Reaction, TOKEN, deviation};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::calls::{call_of, calls};

/// Keeps everything that is traced.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Records every trace of this thread, spans and their fields included, until the guard is dropped.
pub(crate) fn recorded() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

/// Returns the line with which the last span of a log ended.
fn ended(log: &Log) -> String {
    log.text().lines().rfind(|line| line.contains(" close ")).unwrap().to_owned()
}

#[tokio::test]
async fn a_span_says_which_operation_of_which_kind_was_answered_how_and_after_how_many_attempts() {
    let document = Document::contract().unwrap();
    for call in calls() {
        let kind = operation(call.operation).unwrap().kind;
        let body = call.documented(&document).to_string();
        for (status, body) in [(200, body.as_str()), (203, body.as_str()), (404, ""), (502, "<html>")] {
            let (log, _guard) = recorded();
            assert_eq!(call.answered(status, "application/json", body).await.is_ok(), status < 300);
            let fields =
                format!(r#"operation{{operation_id="{}" kind={kind:?} status={status} attempts=1}}"#, call.operation);
            assert!(ended(&log).contains(&fields), "{}", ended(&log));
        }
    }
}

#[tokio::test]
async fn each_attempt_has_a_span_with_its_number_its_wait_and_its_status() {
    let call = call_of("list_regions");
    let server = RawServer::start(Reaction::Answer(deviation::whole(503, &[("retry-after", "1")], ""))).await.unwrap();
    let base_url: BaseUrl = server.base_url().parse().unwrap();
    let builder = Client::builder(base_url, TOKEN.parse().unwrap()).clock(Arc::new(FakeClock::hurrying()));
    let client = builder.retry(RetryPolicy { attempts: 3, ..RetryPolicy::default() }).build().unwrap();
    let (log, _guard) = recorded();
    assert!((call.send)(&client).await.is_err());

    let log = log.text();
    let ended: Vec<&str> = log.lines().filter(|line| line.contains(":attempt{") && line.contains(" close ")).collect();
    let attempts = [
        "attempt{attempt=1 wait=0ns status=503}",
        "attempt{attempt=2 wait=1s status=503}",
        "attempt{attempt=3 wait=1s status=503}",
    ];
    assert_eq!(ended.len(), attempts.len(), "{log}");
    for (line, attempt) in ended.iter().zip(attempts) {
        assert!(line.contains(attempt), "{line}");
    }
    assert!(log.contains("status=503 attempts=3}"), "{log}");
}

#[tokio::test]
async fn the_span_of_a_request_without_an_answer_has_attempts_and_no_status() {
    for call in calls() {
        let (log, _guard) = recorded();
        assert!(call.send_to(Reaction::HangUp).await.0.is_err());
        let kind = operation(call.operation).unwrap().kind;
        let fields = format!(r#"operation{{operation_id="{}" kind={kind:?} attempts=1}}"#, call.operation);
        assert!(ended(&log).contains(&fields), "{}", ended(&log));
    }
}
