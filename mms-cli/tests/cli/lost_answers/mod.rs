//! Writes whose outcome nobody knows: sent once, never again, and said so.

mod allocation;
mod create;

use crate::support::fake_make::{Answer, FakeMake, json, read_answer};
use crate::support::world::{ALLOCATE, CREATE, Seen, TOKEN, World};

fn run(server: &FakeMake, command: &str) -> Seen {
    World::of(server).run(&command.split_whitespace().collect::<Vec<_>>())
}

#[test]
fn a_note_names_why_no_answer_is_of_use() {
    let page = |status| -> Answer { Some((status, "text/html", format!("<title>Oops {TOKEN}</title>\n<p>nginx"))) };
    for (answer, cause) in [
        (page("502 Bad Gateway"), "502 Bad Gateway"),
        (page("599 Whatever"), "599"),
        (page("307 Temporary Redirect"), "307 Temporary Redirect"),
        (page("200 OK"), "200 OK, but unreadable"),
        (None, "the connection broke off"),
    ] {
        let server = FakeMake::answering_writes(answer);

        let create = run(&server, &CREATE.replace("--quiet", ""));
        let note = format!("No usable answer to the create ({cause}): looking for the child, once.\n");
        assert!(create.stderr.contains(&note), "{create}");
        assert!(!create.stderr.contains(TOKEN) && !create.stderr.contains("was lost"), "{create}");
    }
    let server = FakeMake::answering_writes(page("502 Bad Gateway"));
    let allocate = run(&server, &ALLOCATE.replace("-q", ""));
    let note = "No usable answer to the change (502 Bad Gateway): reading the child, and sending it again if nothing changed.\n";
    assert!(allocate.stderr.contains(note) && !allocate.stderr.contains("was lost"), "{allocate}");
}

#[test]
fn a_write_that_takes_too_long_is_noted_as_timed_out() {
    let server = FakeMake::start(|request| {
        if request.starts_with("GET ") {
            return read_answer(request);
        }
        loop {
            std::thread::park();
        }
    });

    let seen = run(&server, &format!("{} --timeout 2", CREATE.replace("--quiet", "")));

    assert!(seen.stderr.contains("\nNo usable answer to the create (timed out): looking"), "{seen}");
}

#[test]
fn every_answer_that_proves_nothing_leaves_the_outcome_unknown() {
    let html = |status| -> Answer { Some((status, "text/html", "<html><title>Bad</title></html>".to_owned())) };
    for answer in [
        html("502 Bad Gateway"),
        html("503 Service Unavailable"),
        html("408 Request Timeout"),
        html("307 Temporary Redirect"),
        html("200 OK"),
        json("200 OK", r#"{"userId":7}"#),
    ] {
        let server = FakeMake::answering_writes(answer.clone());

        assert_eq!(run(&server, CREATE).code, 5, "{answer:?}");
        assert_eq!(server.requests("POST").len(), 1, "{answer:?}");
    }
}

#[test]
fn a_write_that_is_refused_changed_nothing() {
    for (status, code) in [
        ("400 Bad Request", 1),
        ("404 Not Found", 7),
        ("409 Conflict", 1),
        ("401 Unauthorized", 4),
        ("403 Forbidden", 4),
    ] {
        let server = FakeMake::answering_writes(json(status, r#"{"message":"No","detail":"Not today."}"#));

        for command in [CREATE, ALLOCATE] {
            // Too short a time to wait for another minute of the limit.
            let seen = run(&server, &format!("{command} --timeout 5"));
            assert_eq!(seen.code, code, "{seen}");
            assert!(seen.stderr.contains("Not today"), "{seen}");
        }
        assert_eq!(server.requests("P").len(), 2, "{status}");
    }
}

#[test]
fn a_429_without_the_time_for_another_look_leaves_the_outcome_unknown() {
    let server = FakeMake::answering_writes(json("429 Too Many Requests", r#"{"message":"No","detail":"Not today."}"#));

    for command in [CREATE, ALLOCATE] {
        // Too short a time to wait for another minute of the limit.
        let seen = run(&server, &format!("{command} --timeout 5"));
        assert_eq!(seen.code, 5, "{seen}");
        assert!(seen.stderr.contains("Not today"), "{seen}");
    }
    assert_eq!(server.requests("P").len(), 2);
}
