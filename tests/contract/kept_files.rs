//! Files that the client keeps: no token in them, and for their owner alone.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mms_client::types::{Operations, OrganizationId};
use mms_client::{
    ApiToken, BaseUrl, Client, CreateOnce, CreateOncePolicy, FileJournal, FileSendLog, Journal as _, Resolution,
};
use mms_sandbox::Sandbox;
use mms_sandbox::types::{FaultKind, FaultRule};

use crate::sandbox::a_child;
use crate::traces::recorded;

const DISTRIBUTOR: OrganizationId = OrganizationId::new(11);

/// Returns every file and folder below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { [vec![path.clone()], below(&path)].concat() } else { vec![path] })
        .collect()
}

#[tokio::test]
async fn journal_send_log_errors_and_traces_of_careful_writes_have_no_token() {
    let state = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::builder().start().await.unwrap();
    let token = sandbox.token().to_owned();
    let url: BaseUrl = sandbox.base_url().parse().unwrap();
    let client = Client::builder(url, token.parse::<ApiToken>().unwrap())
        .send_log(Arc::new(FileSendLog::new(state.path().join("sent"))))
        .build()
        .unwrap();
    let journal = FileJournal::open(state.path().join("journal/intents")).unwrap();
    let policy = CreateOncePolicy { waits: Vec::new(), ..CreateOncePolicy::default() };
    let (log, _guard) = recorded();
    let mut shown = Vec::new();

    // Adopted, refused, unproven and then given up.
    let lost = |kind| FaultRule::from(kind).on("create_child_organization").times(1);
    sandbox.control().add_fault(lost(FaultKind::CloseAfter)).unwrap();
    let adopted = client.create_child_once(DISTRIBUTOR, &a_child("Adopted"), &journal, &policy).await.unwrap();
    assert!(matches!(adopted, CreateOnce::Adopted { .. }), "{adopted:?}");
    let too_much = {
        let mut request = a_child("Refused");
        request.operations = Operations::MAX;
        request
    };
    let refused = client.create_child_once(DISTRIBUTOR, &too_much, &journal, &policy).await.unwrap_err();
    assert!(refused.is_refused(), "{refused}");
    sandbox.control().add_fault(lost(FaultKind::CloseBefore)).unwrap();
    let unproven = client.create_child_once(DISTRIBUTOR, &a_child("Unproven"), &journal, &policy).await.unwrap_err();
    assert!(unproven.is_unproven(), "{unproven}");
    let give_up = Resolution::GivenUp { reason: "it never came".to_owned() };
    journal.resolve(unproven.intent().unwrap(), give_up, std::time::SystemTime::now()).unwrap();
    // An allocation that the pool cannot bear.
    let child = adopted.organization_id();
    let over = client.set_allocation(DISTRIBUTOR, child, Operations::MAX, None).await.unwrap_err();
    assert!(over.is_refused(), "{over}");

    shown.push(format!("{adopted:?} {refused} {refused:?} {unproven} {unproven:?} {over} {over:?} {journal:?}"));
    shown.push(format!("{client:?} {client:#?} {:?}", journal.open_intents().unwrap()));
    shown.push(log.text());
    for path in below(state.path()) {
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        if path.is_file() {
            let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
            assert!(!text.is_empty(), "{}", path.display());
            shown.push(text);
        }
    }
    assert!(shown.len() >= 6, "a journal, its lock and a send log were looked at");
    for text in shown {
        assert!(!text.contains(&token), "{text}");
    }
}
