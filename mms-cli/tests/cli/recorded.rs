//! Writes in the journal: every one of them, before it is sent, and what a killed command left open is found out by the next.

use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use mms_client::{AllocationIntent, FileJournal, History, WriteJournal, Written};

use crate::support::fake_make::{Answer, Distributor, FakeMake, json};
use crate::support::world::{ALLOCATE, CREATE, Seen, World};

const JOURNAL: &str = ".local/state/mms/intents";

const MINUTE: Duration = Duration::from_secs(60);

fn history(world: &World) -> History {
    FileJournal::read_history(world.path(JOURNAL)).unwrap()
}

#[test]
fn every_write_is_written_down_with_who_asked_for_it_when_and_by_which_command() {
    let world = World::new().with("MMS_WHO", "ada@office");
    world.write("credits.csv", "name,credits\nAcme Bakery,40000\n");
    for command in [
        "--sandbox child allocate 101 +10000 --yes",
        "--sandbox credits move 103 101 10000 --yes",
        "--sandbox child retire 102 --yes",
        "--sandbox child allocate --file credits.csv --yes",
        &format!("--sandbox {CREATE}"),
    ] {
        let seen = world.run_line(command);
        assert_eq!(seen.code, 0, "{seen}");
    }

    let rows = world.run_line("--sandbox log -o json").json();

    let rows = rows.as_array().unwrap();
    let shown = |row: &serde_json::Value| {
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        (text("command"), text("action"), row["operationsBefore"].as_i64(), row["operations"].as_u64().unwrap())
    };
    let expected = [
        ("child allocate 101 +10000", "allocate", Some(10_000), 20_000),
        ("credits move 103 101 10000", "allocate", Some(100_000), 90_000),
        ("credits move 103 101 10000", "allocate", Some(20_000), 30_000),
        ("child retire 102", "allocate", Some(50_000), 0),
        ("child allocate --from credits.csv", "allocate", Some(30_000), 40_000),
        ("child create --name Dorado --credits 10000", "create", None, 10_000),
    ];
    let expected =
        expected.map(|(command, action, before, after)| (command.to_owned(), action.to_owned(), before, after));
    assert_eq!(rows.iter().map(shown).collect::<Vec<_>>(), expected);
    assert!(rows.iter().all(|row| row["outcome"] == "done" && row["who"] == "ada@office"), "{rows:?}");
    assert_eq!(rows[1]["run"], rows[2]["run"], "a move is one run");
    assert_ne!(rows[0]["run"], rows[1]["run"]);
    assert_eq!(rows[4]["files"][0], "credits.csv");
    assert_eq!(rows[5]["organizationName"], "Dorado");
}

#[test]
fn a_write_that_is_refused_is_written_down_with_the_reason() {
    let server = FakeMake::answering_writes(json("400 Bad Request", r#"{"message":"Not today."}"#));
    let world = World::of(&server);
    assert_eq!(world.run_line("child allocate 123 20000 --yes").code, 1);

    let row = world.run_line("log -o json").json()[0].clone();

    assert_eq!(row["outcome"], "refused", "{row}");
    assert!(row["reason"].as_str().unwrap().contains("Not today."), "{row}");
}

#[test]
fn a_dry_run_and_a_change_of_nothing_write_nothing_down() {
    let server = FakeMake::with_state(Distributor::new(), Distributor::apply);
    let world = World::of(&server);
    assert_eq!(world.run_line("child allocate 123 20000 --dry-run").code, 0);
    assert!(!world.path(JOURNAL).exists());
    assert_eq!(world.run_line("child allocate 123 10000 --yes").code, 0);
    assert!(history(&world).runs.is_empty());
}

#[test]
fn without_a_journal_no_allocation_is_sent() {
    let server = FakeMake::with_state(Distributor::new(), Distributor::apply);
    let world = World::of(&server);
    std::fs::create_dir_all(world.path(JOURNAL)).unwrap();

    let seen = world.run_line("child allocate 123 20000 --yes");

    assert!(seen.code == 1 && seen.stderr.contains("; nothing was sent"), "{seen}");
    assert!(server.requests("PATCH").is_empty() && server.requests("GET").is_empty(), "before a request is spent");
}

/// A distributor whose first write is never answered, and is done if `is_done`; the journal has it as so old.
fn killed_in_the_midst(is_done: bool, age: Duration) -> (FakeMake, World) {
    killed_before(&Arc::default(), is_done, age)
}

/// The same, and its reads get an answer of their own as soon as there is one.
fn killed_before(reads: &Arc<Mutex<Option<Answer>>>, is_done: bool, age: Duration) -> (FakeMake, World) {
    let reads = Arc::clone(reads);
    let (sender, arrived) = channel();
    let distributor = Arc::new(Mutex::new(Distributor::new()));
    let sender = Mutex::new(Some(sender));
    let server = FakeMake::answering(move |request, body| {
        if request.starts_with("GET ") {
            if let Some(answer) = &*reads.lock().unwrap() {
                return answer.clone();
            }
            return distributor.lock().unwrap().read(request);
        }
        let first = sender.lock().unwrap().take();
        let body = serde_json::from_str(body).unwrap();
        let Some(first) = first else { return distributor.lock().unwrap().apply(request, &body) };
        if is_done {
            distributor.lock().unwrap().apply(request, &body);
        }
        first.send(()).unwrap();
        loop {
            thread::park();
        }
    });
    let world = World::of(&server);
    let words: Vec<_> = ALLOCATE.split_whitespace().collect();
    let mut process = world.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    arrived.recv().unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    make_older(&world.path(JOURNAL), age);
    (server, world)
}

/// Writes a journal anew, as if its writes were so old, so that nobody waits for them to arrive.
fn make_older(path: &Path, age: Duration) {
    let history = FileJournal::read_history(path).unwrap();
    std::fs::remove_file(path).unwrap();
    let journal = FileJournal::open(path).unwrap();
    history.runs.iter().for_each(|run| journal.record_run(run).unwrap());
    for written in history.writes {
        let Written::Allocation { mut intent, outcome: None } = written else { panic!("{written:?}") };
        intent.at = (SystemTime::now() - age).into();
        intent.since_boot = None;
        journal.record_allocation(&intent).unwrap();
    }
}

fn open(world: &World) -> Vec<AllocationIntent> {
    FileJournal::read_open_allocations(world.path(JOURNAL)).unwrap()
}

fn outcome(world: &World) -> String {
    world.run_line("log --limit 1 -o tsv --no-header --columns outcome").stdout.trim().to_owned()
}

fn told(seen: &Seen) -> &str {
    seen.stderr.lines().find(|line| line.starts_with("The allocation of 20,000 credits to 123 Acme from ")).unwrap()
}

#[test]
fn an_allocation_whose_command_was_killed_is_found_out_by_the_next_and_told() {
    for (is_done, age, end, as_written) in [
        (true, MINUTE, " was carried out.", "read_back"),
        (false, MINUTE, " was not seen to be carried out yet: it has 10,000; the next command looks again.", "open"),
        (false, 5 * MINUTE, " was not carried out: it has 10,000.", "not_done"),
    ] {
        let (server, world) = killed_in_the_midst(is_done, age);
        assert_eq!((open(&world).len(), outcome(&world).as_str()), (1, "open"));

        let seen = world.run_line("child allocate Acme 20000 --yes");

        assert!(seen.code == 0 && told(&seen).ends_with(end), "{seen}");
        assert!(seen.stderr.starts_with("An earlier command left 1 allocation open: "), "{seen}");
        let history = history(&world);
        assert_eq!(open(&world).len(), usize::from(as_written == "open"));
        assert_eq!(server.requests("PATCH").len(), if is_done { 1 } else { 2 });
        assert_eq!(history.writes.len(), if is_done { 1 } else { 2 }, "what is there already is no write");
        let rows = world.run_line("log -o json").json();
        assert_eq!(rows[0]["outcome"], as_written, "{rows}");
        if as_written == "open" {
            let seen = world.run_line("child allocate Acme 20000 --yes");
            assert!(seen.code == 0 && told(&seen).ends_with(" was carried out.") && open(&world).is_empty(), "{seen}");
        }
    }
}

#[test]
fn a_command_that_cannot_look_what_became_of_it_exits_as_one_that_cannot_read() {
    let unauthorized = json("401 Unauthorized", r#"{"message":"Unauthorized"}"#);
    for (answer, code, told) in [(unauthorized, 4, "\nhint: "), (None, 8, "error: no answer from 127.0.0.1")] {
        let reads = Arc::default();
        let (server, world) = killed_before(&reads, true, MINUTE);
        world.write("fleet.yaml", "format: 1\norganization: 11\nchildren:\n  Acme: {id: 123, credits: 30000}\n");
        *reads.lock().unwrap() = Some(answer);

        for command in ["child allocate Acme 30000 --yes", "apply fleet.yaml --yes"] {
            let seen = world.run_line(command);
            assert_eq!(seen.code, code, "{command}: {seen}");
            assert!(seen.stderr.contains(told) && !seen.stderr.contains("journal"), "{command}: {seen}");
        }
        assert_eq!((open(&world).len(), server.requests("PATCH").len()), (1, 1));
    }
}

#[test]
fn a_create_finds_out_what_a_killed_allocation_left_open_before_it_is_sent() {
    let (server, world) = killed_in_the_midst(true, MINUTE);

    let seen = world.run_line(&CREATE.replace(" --quiet", ""));

    assert!(seen.code == 0 && told(&seen).ends_with(" was carried out."), "{seen}");
    assert_eq!((open(&world).len(), server.requests("POST").len()), (0, 1));
}

#[test]
fn the_doctor_names_an_allocation_that_is_open() {
    let (_server, world) = killed_in_the_midst(true, MINUTE);

    let seen = world.run_line("doctor --offline -o json");

    let checks = seen.json();
    let check = checks.as_array().unwrap().iter().find(|check| check["check"] == "open_allocations").unwrap();
    assert_eq!(check["state"], "warning", "{check}");
    assert!(check["found"].as_str().unwrap().contains("\"Acme\""), "{check}");
}
