//! Signals that arrive while a write is under way: its outcome is unknown, and said so.

use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use insta::assert_snapshot;

use crate::fake_make::{FakeMake, read_answer};
use crate::world::{Seen, TOKEN, World};

const CREATE: &str = "child create --name Dorado --owner-name Ada --owner-email ada@dorado.example \
    --region EU --country CZ --credits 10000 --yes --quiet";
const ALLOCATE: &str = "child allocate Acme 20000 -y -q";

/// Starts a server that reads writes and never answers them. It says when it has read one.
fn silent_server() -> (FakeMake, Receiver<()>) {
    let (sender, written) = channel();
    let server = FakeMake::start(move |request| {
        if request.starts_with("GET ") {
            return read_answer(request);
        }
        sender.send(()).unwrap();
        loop {
            thread::park();
        }
    });
    (server, written)
}

/// Runs a command, and sends it a signal once its write has arrived.
fn interrupted(command: &str, signal: &str) -> Seen {
    let (server, written) = silent_server();
    let world = World::new()
        .with("MMS_BASE_URL", server.base_url())
        .with("MMS_ORGANIZATION_ID", "11")
        .with("MAKE_API_KEY", TOKEN);
    let mut command = world.command(&command.split_whitespace().collect::<Vec<_>>());
    let process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    written.recv().unwrap();
    let kill = Command::new("kill").args([signal, &process.id().to_string()]).status().unwrap();
    assert!(kill.success());
    world.ended(process.wait_with_output().unwrap())
}

#[test]
fn an_interrupted_create_may_have_been_carried_out() {
    let seen = interrupted(CREATE, "-INT");

    assert_snapshot!(seen, @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: interrupted: the create may have been carried out
    hint: look at `mms child list` first: the child may exist, and it was not sent again
    "#);
    for signal in ["-TERM", "-HUP"] {
        assert_eq!(interrupted(CREATE, signal).to_string(), seen.to_string(), "{signal}");
    }
}

#[test]
fn an_interrupted_allocation_may_have_been_carried_out() {
    assert_snapshot!(interrupted(ALLOCATE, "-INT"), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: interrupted: the change of the allocation may have been carried out
    hint: look at `mms child show 123` first: the allocation may have changed
    "#);
}
