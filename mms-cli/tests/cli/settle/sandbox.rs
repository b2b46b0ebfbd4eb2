//! Journals of sandboxes.

use super::*;
use crate::support::server::Server;

#[test]
fn a_sandbox_is_settled_under_another_address() {
    let world = World::new();
    let create = format!("--sandbox {CREATE}");
    assert_eq!(run(&world, &create).code, 0);
    let path = world.path("data/mms/sandbox.db.intents");
    let text = std::fs::read_to_string(&path).unwrap();
    // As if the command had died before the outcome was written down, behind the run and the intent.
    std::fs::write(&path, text.split_inclusive('\n').take(2).collect::<String>()).unwrap();

    let seen = run(&world, &format!("--sandbox {SETTLE} -q -o csv"));

    assert_eq!(seen.code, 0, "{seen}");
    assert!(seen.stdout.contains(",Dorado,10000,") && seen.stdout.contains(",adopted,1001,"), "{seen}");
}

#[test]
fn a_sandbox_that_starts_afresh_has_no_creates() {
    let world = World::new();
    let create = format!("--sandbox {CREATE}");
    assert_eq!(run(&world, &create).code, 0);
    std::fs::remove_file(world.path("data/mms/sandbox.db")).unwrap();

    let again = run(&world, &create);

    assert_eq!(again.code, 0, "{again}");
    assert_eq!(FileJournal::open(world.path("data/mms/sandbox.db.intents")).unwrap().claims().unwrap().len(), 1);
}

#[test]
fn a_file_beside_a_sandbox_that_is_no_journal_is_left_alone() {
    let world = World::new();
    let letter = world.write("own.db.intents", "Dear Ada,\n");

    let seen = run(&world, "--sandbox=own.db child list");

    assert_eq!((seen.code, std::fs::read_to_string(&letter).unwrap().as_str()), (1, "Dear Ada,\n"), "{seen}");
    assert!(seen.stderr.contains("the record cannot be read"), "{seen}");
}

/// Serves a sandbox at an address, in which the next create is lost before any work.
fn losing(world: &World, listen: &str) -> Server {
    let server = Server::listening(world, listen, &[]);
    let rule =
        serde_json::json!({"operationId": "create_child_organization", "action": {"kind": "close_before"}, "times": 1});
    server.control("POST", "/faults", &rule);
    server
}

#[test]
fn an_open_create_of_a_sandbox_that_is_gone_does_not_block_the_next_at_its_address() {
    let home = World::new();
    let gone = losing(&home, "127.0.0.1:0");
    let world = gone.world();
    let address = gone.address();
    assert_eq!(run(&world, CREATE).code, 5);
    drop(gone);

    let next = Server::listening(&home, &address, &[]);
    let seen = run(&world, SETTLE);
    assert_eq!(seen.code, 0, "{seen}");
    assert!(
        seen.stderr.contains("1 create is open under http://127.0.0.1:") && seen.stderr.contains("(the sandbox "),
        "{seen}"
    );
    let seen = run(&world, CREATE);
    assert_eq!(seen.code, 0, "{seen}");
    drop(next);

    // Ids begin anew in every sandbox: the child of the next is no child of the last.
    let third = Server::listening(&home, &address, &[]);
    let seen = run(&world, CREATE);
    assert_eq!(seen.code, 0, "{seen}");
    drop(third);
}

#[test]
fn an_open_create_of_one_sandbox_does_not_block_another_at_another_address() {
    let home = World::new();
    let (one, other) = (losing(&home, "127.0.0.1:0"), Server::start(&home, &[]));
    let world = one.world();
    assert_eq!(run(&world, CREATE).code, 5);
    let create = format!("--base-url {} {CREATE}", other.printed["baseUrl"].as_str().unwrap());
    let seen = run(&world, &create);
    assert_eq!(seen.code, 0, "{seen}");
}

#[test]
fn a_sandbox_that_is_served_again_from_its_file_is_settled() {
    let home = World::new();
    let first = Server::start(&home, &["--data", "own.db"]);
    let (world, address) = (first.world(), first.address());
    let rule =
        serde_json::json!({"operationId": "create_child_organization", "action": {"kind": "close_after"}, "times": 1});
    first.control("POST", "/faults", &rule);
    let lag = serde_json::json!({"operationId": "list_child_organizations", "action": {"kind": "lagging_list", "seconds": 600}});
    first.control("POST", "/faults", &lag);
    assert_eq!(run(&world, CREATE).code, 5);
    drop(first);

    let _again = Server::listening(&home, &address, &["--data", "own.db"]);
    let seen = run(&world, SETTLE);
    assert_eq!(seen.code, 0, "{seen}");
    assert!(seen.stdout.contains("adopted"), "{seen}");
}
