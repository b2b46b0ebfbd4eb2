//! `mms lock`: who has the journal, and that nobody else writes meanwhile.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::fake_make::{Distributor, FakeMake};
use crate::support::world::World;

/// Starts a command that holds the journal, and returns once it does.
fn hold(world: &World, words: &[&str]) -> (Child, serde_json::Value) {
    let hold = ["lock", "hold", "--reason", "month-end, ask ada"];
    let mut command = world.command(&[&hold[..], words, &["-o", "ndjson"]].concat());
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (process, serde_json::from_str(&line).unwrap())
}

fn send(signal: &str, process: &Child) {
    let kill = Command::new("kill").args([signal, &process.id().to_string()]).status().unwrap();
    assert!(kill.success());
}

fn shown(world: &World) -> serde_json::Value {
    let seen = world.run_line("lock show -o json");
    assert_eq!(seen.code, 0, "{seen}");
    seen.json()
}

#[test]
fn a_journal_that_is_held_is_shown_with_the_reason_and_is_free_when_the_command_ends() {
    let world = World::new();
    assert_eq!(shown(&world)["held"], false);
    assert!(!world.path(".local").exists(), "nothing is made");

    for signal in ["-INT", "-TERM"] {
        let (mut process, printed) = hold(&world, &["--for", "1h"]);
        let lock = shown(&world);
        assert_eq!((&lock["held"], &lock["reason"]), (&true.into(), &"month-end, ask ada".into()), "{lock}");
        assert_eq!(lock["holder"], format!("mms (process {})", process.id()));
        assert_eq!((&lock["since"], &printed["reason"]), (&printed["since"], &lock["reason"]));
        assert!(printed["until"].as_str() > printed["since"].as_str(), "{printed}");
        assert_eq!(lock["until"], printed["until"]);
        send(signal, &process);
        assert_eq!(process.wait().unwrap().code(), Some(0), "{signal}");
        assert_eq!(shown(&world)["held"], false);
    }
}

#[test]
fn the_lock_ends_at_its_time_and_with_its_process() {
    let world = World::new();
    let (mut process, _) = hold(&world, &["--for", "1s"]);
    assert_eq!(process.wait().unwrap().code(), Some(0));

    let (mut process, _) = hold(&world, &["--for", "1h"]);
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(shown(&world)["held"], false, "nothing is left to unlock");
}

#[test]
fn a_command_that_writes_waits_and_names_the_holder_and_the_reason() {
    let server = FakeMake::with_state(Distributor::new(), Distributor::apply);
    let world = World::of(&server);
    let (mut holder, _) = hold(&world, &["--for", "1h"]);
    let words = ["child", "allocate", "123", "20000", "--yes"];
    let mut process = world.command(&words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stderr.take().unwrap()).read_line(&mut line).unwrap();

    assert!(line.starts_with("Waiting for another command: the journal "), "{line}");
    assert!(line.contains(&format!("is in use by mms (process {}), for ", holder.id())), "{line}");
    assert!(line.ends_with(" s and up to 60 min more: month-end, ask ada.\n"), "{line}");
    assert!(server.requests("").is_empty(), "nothing is sent meanwhile");

    send("-INT", &holder);
    assert_eq!(holder.wait().unwrap().code(), Some(0));
    assert_eq!(process.wait().unwrap().code(), Some(0));
    assert_eq!(server.requests("PATCH").len(), 1);
}

#[test]
fn a_second_holder_gives_up_after_its_time_and_names_the_first() {
    let world = World::new();
    let (mut holder, _) = hold(&world, &["--for", "1h"]);

    let seen = world.run(&["lock", "hold", "--reason=mine", "--for=1h", "--timeout=1", "-q"]);

    assert!(
        seen.code == 8 && seen.stderr.contains(" s and up to 60 min more: month-end, ask ada; nothing was sent"),
        "{seen}"
    );
    holder.kill().unwrap();
    holder.wait().unwrap();
    for wrong in ["lock hold --reason mine", "lock hold --for 1h", "lock hold --reason mine --for 2d"] {
        assert_eq!(world.run_line(wrong).code, 2, "{wrong}");
    }
}
