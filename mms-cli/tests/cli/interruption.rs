//! Signals that arrive while a write is under way: its outcome is unknown, and said so.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use insta::assert_snapshot;
use mms_client::{FileJournal, Journal};

use crate::support::fake_make::{Distributor, FakeMake, read_answer};
use crate::support::world::{ALLOCATE, Seen, World};

const CREATE: &str = "child create --name Dorado --owner-name Ada --owner-email ada@dorado.example \
    --region EU --country CZ --credits 10000 --yes --quiet";

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

fn send(signal: &str, process: &Child) {
    let kill = Command::new("kill").args([signal, &process.id().to_string()]).status().unwrap();
    assert!(kill.success());
}

/// Runs a command, and sends it signals once its write has arrived. One of another kind is not taken for the same.
fn interrupted(command: &str, signals: &[&str]) -> Seen {
    let (server, written) = silent_server();
    let world = World::of(&server);
    let mut command = world.command(&command.split_whitespace().collect::<Vec<_>>());
    let process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    written.recv().unwrap();
    for signal in signals {
        send(signal, &process);
    }
    world.ended(process.wait_with_output().unwrap())
}

#[test]
fn an_interrupted_create_may_have_been_carried_out() {
    let seen = interrupted(CREATE, &["-INT", "-TERM"]);

    assert_snapshot!(seen, @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: interrupted: the create may have been carried out
    hint: `mms child settle` tells whether the child exists; the create is not sent again
    "#);
    for signal in ["-TERM", "-HUP"] {
        assert_eq!(interrupted(CREATE, &[signal, "-INT"]).to_string(), seen.to_string(), "{signal}");
    }
}

#[test]
fn an_interrupted_allocation_waits_ten_seconds_for_its_answer_and_may_have_been_carried_out() {
    assert_snapshot!(interrupted(ALLOCATE, &["-INT"]), @r#"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: interrupted: the change of the allocation may have been carried out
    hint: look at `mms child show 123` first: the allocation may have changed
    "#);
}

#[test]
fn an_interrupted_request_of_any_path_may_have_been_carried_out() {
    assert_snapshot!(interrupted("api POST /scenarios -y -q", &["-INT", "-TERM"]), @r"
    exit: 5
    ----- stdout -----
    ----- stderr -----
    error: interrupted: the POST of /scenarios may have been carried out
    hint: look with `mms api GET /scenarios`, or in Make, before you send it again
    ");
}

#[test]
fn an_interrupted_read_of_the_pool_keeps_no_child_back_that_was_found() {
    let (sender, asked) = channel();
    let (distributor, wrote) = (Mutex::new(Distributor::new()), AtomicBool::new(false));
    let server = FakeMake::answering(move |request, body| {
        if request == "GET /api/v2/organizations/11" && wrote.load(Ordering::SeqCst) {
            sender.send(()).unwrap();
            loop {
                thread::park();
            }
        }
        let mut distributor = distributor.lock().unwrap();
        if request.starts_with("GET ") {
            return distributor.read(request);
        }
        wrote.store(true, Ordering::SeqCst);
        distributor.apply(request, &serde_json::from_str(body).unwrap()).and(None)
    });
    let world = World::of(&server);
    let mut command = world.command(&CREATE.split_whitespace().collect::<Vec<_>>());
    let process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    asked.recv().unwrap();
    send("-INT", &process);

    let seen = world.ended(process.wait_with_output().unwrap());

    assert_eq!(seen.code, 0, "{seen}");
    assert!(seen.stdout.starts_with("ID           125\n") && seen.stdout.ends_with("POOL         -\n"), "{seen}");
}

#[test]
fn an_interrupted_search_for_a_lost_create_leaves_it_to_the_next_command() {
    let server = FakeMake::with_state(Distributor::new(), |_, _, _| None);
    let world = World::of(&server);
    let create: Vec<_> = CREATE.split_whitespace().filter(|word| *word != "--quiet").collect();
    let mut process = world.command(&create).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("No usable answer to the create") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "it looked for nothing");
    }
    send("-INT", &process);

    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(5));
    assert_snapshot!(format!("{line}{rest}"), @r#"
    No usable answer to the create (the connection broke off): looking for the child, for up to 212 s.
    error: interrupted: the create may have been carried out
    hint: `mms child settle` tells whether the child exists; the create is not sent again
    "#);

    let journal = FileJournal::open(world.path(".local/state/mms/intents")).unwrap();
    let id = journal.open_intents().unwrap()[0].intent.id.to_string();
    drop(journal);
    let hasty = world.run(&["child", "settle", "--intent", &id, "--give-up", "--reason=none", "--yes"]);
    assert_eq!(hasty.code, 1);
    assert!(hasty.stderr.starts_with("error: nobody has looked for the child of this create yet"), "{hasty}");
    world.write("fleet.yaml", "format: 1\norganization: 11\nchildren: {}\n");
    let apply = world.run(&["apply", "--yes", "--settle-wait=0"]);
    let told = "An earlier run does not know whether it created a child: looking for it, once.\n";
    assert!(apply.stderr.starts_with(told), "{apply}");
    assert_eq!(world.run(&["child", "settle", "--settle-wait=0"]).code, 5);
    let early = world.run(&["child", "settle", "--intent", &id, "--give-up", "--reason=none", "--yes"]);
    assert_eq!(early.code, 1);
    assert!(early.stderr.contains(" s ago, and its child may take 212 s to appear in the list"), "{early}");
    let give_up = ["child", "settle", "--intent", &id, "--give-up", "--reason=none", "--settle-wait=0", "--yes"];
    assert_eq!(world.run(&give_up).code, 0);
    assert_eq!(server.requests("POST").len(), 1);
}

#[test]
fn an_interrupted_read_changed_nothing() {
    let (sender, asked) = channel();
    let server = FakeMake::start(move |_| {
        sender.send(()).unwrap();
        loop {
            thread::park();
        }
    });
    let world = World::of(&server);
    let process = world.command(&["child", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    asked.recv().unwrap();
    send("-INT", &process);

    let seen = world.ended(process.wait_with_output().unwrap());

    assert_eq!((seen.code, seen.stderr.as_str()), (130, "error: interrupted: nothing was changed\n"));
}

#[test]
fn a_batch_that_is_interrupted_ends_after_the_write_in_hand_and_says_what_is_done() {
    let (sender, written) = channel();
    let (release, go_on) = channel();
    let go_on = Mutex::new(go_on);
    let server =
        FakeMake::with_state(Distributor::of(&[(1, 10_000), (2, 10_000)]), move |distributor, request, body| {
            sender.send(()).unwrap();
            go_on.lock().unwrap().recv().unwrap();
            distributor.apply(request, body)
        });
    let world = World::of(&server);
    let mut command = world.command(&["child", "allocate", "1=20000", "2=20000", "--yes"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    written.recv().unwrap();
    send("-INT", &process);
    // The command says that it waits; only then the answer comes.
    let mut said = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Interrupted: waiting for the answer to the change of the allocation.") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0);
    }
    release.send(()).unwrap();
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    let output = process.wait_with_output().unwrap();

    assert_eq!(output.status.code(), Some(130), "{rest}");
    assert!(
        rest.ends_with("error: interrupted; done before that: child organization 1 now has 20,000 credits\n"),
        "{rest}"
    );
    assert!(String::from_utf8(output.stdout).unwrap().contains("Child 1    20000"));
    assert_eq!(server.requests("PATCH").len(), 1);
}

#[test]
fn a_watched_list_is_a_line_of_json_each_round_until_a_signal_ends_it_well() {
    let server = FakeMake::start(read_answer);
    let world = World::of(&server);
    let mut command = world.command(&["consumption", "--watch=1", "--above", "1"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    for _ in 0..2 {
        let round: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(round["children"][0]["organizationId"], 124, "{round}");
        assert!(round["time"].as_str().unwrap().ends_with('Z'), "{round}");
    }
    send("-INT", &process);

    assert_eq!(process.wait().unwrap().code(), Some(0));
}
