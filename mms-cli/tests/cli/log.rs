//! `mms log`: which writes it shows, without a request.

use crate::support::fake_make::{Distributor, FakeMake};
use crate::support::world::{CREATE, Seen, World};

fn fields(seen: &Seen, field: &str) -> Vec<String> {
    let rows = seen.json();
    let text = |row: &serde_json::Value| row[field].as_str().map_or_else(|| row[field].to_string(), str::to_owned);
    rows.as_array().unwrap().iter().map(text).collect()
}

/// A distributor with three writes of two children, and the create of a third.
fn written() -> (FakeMake, World) {
    let server = FakeMake::with_state(Distributor::of(&[(1, 10_000), (2, 10_000)]), Distributor::apply);
    let world = World::of(&server);
    for command in
        ["child allocate 1 20000 -y -q", "child allocate 2 30000 -y -q", "child allocate 1 40000 -y -q", CREATE]
    {
        assert_eq!(world.run_line(command).code, 0, "{command}");
    }
    (server, world)
}

#[test]
fn the_newest_write_stands_last_and_nothing_is_sent() {
    let (server, world) = written();
    let before = server.requests("").len();
    let world = world.with("MAKE_API_KEY", "");

    let seen = world.run_line("log -o json");

    assert_eq!(fields(&seen, "operations"), ["20000", "30000", "40000", "10000"]);
    assert_eq!(server.requests("").len(), before);
}

#[test]
fn writes_are_chosen_by_child_time_run_and_number() {
    let (_server, world) = written();
    let operations = |flags: &str| fields(&world.run_line(&format!("log {flags} -o json")), "operations");
    assert_eq!(operations("--child 1"), ["20000", "40000"]);
    assert_eq!(operations("--child id:1 --limit 1"), ["40000"]);
    assert_eq!(operations("--child dorado"), ["10000"]);
    assert_eq!(operations("--child name:Dora"), Vec::<String>::new(), "a name in full");
    assert_eq!(operations("--child Dora"), ["10000"]);
    assert_eq!(operations("--since 1h --limit 2"), ["40000", "10000"]);
    assert_eq!(operations("--since 2999-01-01"), Vec::<String>::new());
    assert_eq!(operations("--since 2026-01-01T00:00:00Z").len(), 4);
    let run = &fields(&world.run_line("log --child 2 -o json"), "run")[0];
    assert_eq!(operations(&format!("--run {}", &run[..8])), ["30000"]);

    let unknown = world.run_line("log --run ffffffffffffffffffffffffffffffff");
    assert!(unknown.code == 7 && unknown.stderr.contains("hint: `mms log` shows the runs"), "{unknown}");
    for wrong in ["log --run xyz", "log --since yesterday", "log --limit -1"] {
        assert_eq!(world.run_line(wrong).code, 2, "{wrong}");
    }
}

#[test]
fn writes_at_another_place_are_shown_with_all_alone() {
    let (_server, world) = written();
    let other = FakeMake::with_state(Distributor::new(), Distributor::apply);
    let there = format!("--base-url {}", other.base_url());
    assert_eq!(world.run_line(&format!("{there} child allocate 123 20000 -y -q")).code, 0);

    let number = |flags: &str| fields(&world.run_line(&format!("log {flags} -o json")), "operations").len();
    assert_eq!((number(""), number(&there), number("--organization-id 12"), number("--all")), (4, 1, 0, 5));

    let nowhere = World::new();
    let seen = nowhere.run_line("log");
    assert!(seen.code == 2 && seen.stderr.contains("--all shows the writes of every server"), "{seen}");
    let seen = nowhere.run_line("log --all");
    assert!(seen.code == 0 && seen.stderr.starts_with("No such write is in "), "{seen}");
}

#[test]
fn a_create_of_an_unknown_outcome_is_open() {
    let server = FakeMake::with_state(Distributor::new(), |_, _, _| None);
    let world = World::of(&server);
    assert_eq!(world.run_line(CREATE).code, 5);

    let rows = world.run_line("log -o json").json();
    assert_eq!((&rows[0]["outcome"], &rows[0]["organizationId"]), (&"open".into(), &serde_json::Value::Null), "{rows}");
}

#[test]
fn a_journal_that_cannot_be_read_is_said_with_its_line() {
    let (_server, world) = written();
    std::fs::write(world.path(".local/state/mms/intents"), "torn\nand damaged\n").unwrap();

    let seen = world.run_line("log");

    assert!(seen.code == 1 && seen.stderr.contains("intents:1: the record cannot be read"), "{seen}");
}
