//! The lines that requests leave in the log.
//!
//! In a process of their own: a place that logs decides on its first use whether anyone listens, and that must not be the use
//! of another test without a subscriber.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

#[expect(dead_code, reason = "the client of the other tests, who use more of it")]
#[path = "../http_client/mod.rs"]
mod http_client;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use mms_sandbox::types::{FaultKind, FaultRule};
use serde_json::json;

use crate::http_client::{CHILDREN, Request, a_create, sandbox};

/// Collects the lines of the log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_request_leaves_one_line_without_its_query_its_token_and_its_body() {
    let sandbox = sandbox().await;
    let rule = FaultRule::from(FaultKind::CloseBefore).on("create_child_organization");
    sandbox.control().add_fault(rule).unwrap();
    let path = format!("{CHILDREN}/101");
    let refused = || Request::new("PATCH", &format!("{path}?secret=1")).json(&json!({ "operations": 770_000 }));
    let closed = || Request::new("POST", CHILDREN).json(&a_create());

    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let control = sandbox.control_token().to_owned();
    let quoted = format!("\"/api/v2{path}\"");
    let list = format!("\"/api/v2{CHILDREN}\"");
    for (request, parts) in [
        (refused(), &["INFO", "answered", "PATCH", quoted.as_str(), "status=409"][..]),
        (closed(), &["INFO", "closed", "POST", list.as_str()]),
        (Request::control(&sandbox, "GET", "/requests?secret=1"), &["GET", "\"/_sandbox/requests\"", "status=400"]),
        (refused().header("Host", "evil.example"), &["PATCH", quoted.as_str(), "status=403"]),
        (Request::bare("GET", "/nowhere?secret=1"), &["GET", "\"/nowhere\"", "status=404"]),
    ] {
        request.exchange(&sandbox).await.unwrap();
        let text = lines.take();
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in parts {
            assert!(text.contains(part), "{part} in {text}");
        }
        for part in [sandbox.token(), &control, "secret", "770000", "Delta"] {
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
}
