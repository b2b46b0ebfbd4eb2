//! Settlement of creates with an unknown outcome, by the next command.

mod decision;
mod sandbox;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use mms_client::{FileJournal, IntentId, Journal};

use crate::support::fake_make::{Distributor, FakeMake, json, read_answer};
use crate::support::world::{CREATE, Seen, World};

const SETTLE: &str = "child settle --settle-wait 0";

fn run(world: &World, command: &str) -> Seen {
    world.run_line(command)
}

/// Starts a server that does what it is asked to and answers no write.
fn losing(distributor: Distributor) -> FakeMake {
    FakeMake::with_state(distributor, |distributor, request, body| distributor.apply(request, body).and(None))
}

/// Starts a server that hangs up and does nothing.
fn idle() -> FakeMake {
    FakeMake::with_state(Distributor::new(), |_, _, _| None)
}

fn journal(world: &World) -> FileJournal {
    FileJournal::open(world.path(".local/state/mms/intents")).unwrap()
}

fn open_intent(world: &World) -> IntentId {
    journal(world).open_intents().unwrap().remove(0).intent.id
}

#[test]
fn a_child_that_appears_later_is_found_by_settling() {
    let (distributor, lag) = Distributor::lagging();
    let world = World::of(&losing(distributor));
    assert_eq!(run(&world, CREATE).code, 5);

    assert_snapshot!(run(&world, SETTLE), @r#"
    exit: 5
    ----- stdout -----
    INTENT                            NAME    CREDITS  SENT                  OUTCOME        CHILD  CANDIDATES
    [INTENT]  Dorado    10000  [TIME]  contradiction  -      -
    ----- stderr -----
    warning: no usable answer came to the create of "Dorado", and no new child fits, and yet the pool fell as if there were one
    error: creates without a known outcome: 1 of 1
    hint: do not create it by another way before you know what became of it:
      1. look again: `mms child settle`
      2. look in Make, and at what is listed: `mms child list`
      3. if it is there: `mms child settle --intent [INTENT] --child ID`
      4. if it is nowhere, 212 s after it was sent: `mms child settle --intent [INTENT] --give-up --reason TEXT`
    "#);
    lag.end();
    assert_snapshot!(run(&world, SETTLE), @r#"
    exit: 0
    ----- stdout -----
    INTENT                            NAME    CREDITS  SENT                  OUTCOME  CHILD  CANDIDATES
    [INTENT]  Dorado    10000  [TIME]  adopted    125  -
    ----- stderr -----
    "#);
    assert_snapshot!(run(&world, &format!("{SETTLE} -o json")), @r#"
    exit: 0
    ----- stdout -----
    []
    ----- stderr -----
    No create is open: the outcome of each is known.
    "#);
    assert_eq!(journal(&world).claims().unwrap().len(), 1);
}

#[test]
fn what_became_of_a_create_comes_as_json_and_csv_too() {
    let world = World::of(&idle());
    run(&world, CREATE);
    let intent = open_intent(&world);

    let seen = run(&world, &format!("{SETTLE} -q -o json"));
    assert_eq!(seen.code, 5);
    let row = &seen.json()[0];
    assert_eq!((&row["outcome"], &row["childOrganizationId"]), (&"absent_unproven".into(), &serde_json::Value::Null));
    assert_eq!((&row["intent"], &row["candidates"]), (&intent.to_string().into(), &serde_json::json!([])));
    let csv = run(&world, &format!("{SETTLE} -q -o csv")).stdout;
    assert!(
        csv.starts_with("intent,organizationName,operations,sentAt,outcome,childOrganizationId,candidates\n"),
        "{csv}"
    );
}

#[test]
fn a_create_of_the_same_name_is_settled_in_place_of_a_new_one() {
    let (distributor, lag) = Distributor::lagging();
    let server = losing(distributor);
    let world = World::of(&server);
    assert_eq!(run(&world, CREATE).code, 5);
    let still = run(&world, &CREATE.replace("--yes", ""));
    assert_eq!(still.code, 2, "it asks as ever: {still}");
    assert_eq!(run(&world, CREATE).code, 5);
    lag.end();

    assert_snapshot!(run(&world, &CREATE.replace("--quiet", "")), @"
    exit: 0
    ----- stdout -----
    ID           125
    NAME         Dorado
    CREDITS      10000
    ZONE         -
    OWNER ID     -
    OWNER NAME   -
    OWNER EMAIL  ada@dorado.example
    POOL         480000
    ----- stderr -----
    A create of this name from [TIME] has no known outcome: looking for its child. Nothing is sent.
    warning: an earlier create had this name, and no usable answer came to it: 125 is the one new child organization that fits, and so it is taken for it; nothing was sent now
    ");
    assert_snapshot!(run(&world, CREATE), @r#"
    exit: 6
    ----- stdout -----
    ----- stderr -----
    error: a child organization named "Dorado" exists: 125
    hint: choose another name; --if-absent is content with the one that is there, --allow-duplicate-name creates a second one
    "#);
    assert_eq!(server.requests("POST").len(), 1);
}

#[test]
fn an_earlier_create_that_asked_for_something_else_is_no_success() {
    let (distributor, lag) = Distributor::lagging();
    let server = losing(distributor);
    let world = World::of(&server);
    run(&world, CREATE);
    lag.end();

    assert_snapshot!(run(&world, &CREATE.replace("10000", "20000")), @"
    exit: 6
    ----- stdout -----
    ----- stderr -----
    warning: an earlier create had this name, and no usable answer came to it: 125 is the one new child organization that fits, and so it is taken for it; nothing was sent now
    error: 125 was created with 10000 credits, which is not what was asked for now
    hint: choose another name, or change what can be changed of that child
    ");
    assert_eq!(server.requests("POST").len(), 1);
}

#[test]
fn a_child_that_was_just_created_and_is_not_listed_yet_is_not_created_again() {
    let (distributor, _) = Distributor::lagging();
    let server = FakeMake::with_state(distributor, Distributor::apply);
    let world = World::of(&server);
    assert_eq!(run(&world, CREATE).code, 0);

    assert_snapshot!(run(&world, CREATE), @r#"
    exit: 6
    ----- stdout -----
    ----- stderr -----
    error: 125 was created under the name "Dorado" a moment ago, and the list does not show it yet; nothing was sent
    hint: see `mms child list` in some minutes, or add --allow-duplicate-name to create a second one
    "#);
    let content = run(&world, &format!("{CREATE} --if-absent -o json"));
    assert_eq!(
        (content.code, &content.json()["outcome"], &content.json()["organizationId"]),
        (0, &"existed".into(), &125.into())
    );
    assert_eq!(server.requests("POST").len(), 1);
    assert_eq!(run(&world, &format!("{CREATE} --allow-duplicate-name")).code, 0);
    assert_eq!(server.requests("POST").len(), 2);
}

#[test]
fn a_name_that_reads_like_an_open_one_has_to_wait_for_its_outcome() {
    let server = idle();
    let world = World::of(&server);
    run(&world, CREATE);

    assert_snapshot!(run(&world, &CREATE.replace("Dorado", "DORADO")), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: "DORADO" reads like "Dorado", whose create from [TIME] has no known outcome; nothing was sent
    hint: settle that one first, or say that this is another:
      1. find out what became of it: `mms child settle`
      2. create another one all the same: add --allow-duplicate-name
    "#);
    assert_eq!(server.requests("POST").len(), 1);
    run(&world, &CREATE.replace("Dorado", "DORADO --allow-duplicate-name"));
    assert_eq!(server.requests("POST").len(), 2, "it is the way out");
}

#[test]
fn several_open_creates_leave_open_which_is_meant() {
    let world = World::of(&idle());
    run(&world, CREATE);
    run(&world, &CREATE.replace("Dorado", "Eldorado"));

    let seen = run(&world, SETTLE);

    assert!(seen.stderr.contains("error: creates without a known outcome: 2 of 2\n"), "{seen}");
    assert!(seen.stderr.contains("\n  3. if it is there: `mms child settle --intent INTENT --child ID`\n"), "{seen}");
    assert!(seen.stderr.ends_with("`mms child settle --intent INTENT --give-up --reason TEXT`\n"), "{seen}");
}

#[test]
fn the_creates_of_another_distributor_are_left_alone() {
    let world = World::of(&idle());
    run(&world, CREATE);

    let seen = run(&world, &format!("{SETTLE} --organization-id 12"));

    assert_snapshot!(seen, @"
    exit: 0
    ----- stdout -----
    ----- stderr -----
    1 create is open under http://127.0.0.1:[PORT]/api/v2, organization 11: settle them there.
    No create is open: the outcome of each is known.
    ");
    assert_eq!(journal(&world).open_intents().unwrap().len(), 1);
}

#[test]
fn a_server_that_refuses_the_list_leaves_the_creates_as_they_are() {
    let is_denied = Arc::new(AtomicBool::new(false));
    let denied = Arc::clone(&is_denied);
    let server = FakeMake::start(move |request| match request {
        _ if denied.load(Ordering::SeqCst) => json("401 Unauthorized", r#"{"message":"Access denied."}"#),
        _ if request.starts_with("GET ") => read_answer(request),
        _ => None,
    });
    let world = World::of(&server);
    run(&world, CREATE);
    let kept = || std::fs::read_to_string(world.path(".local/state/mms/intents")).unwrap();
    let before = kept();
    is_denied.store(true, Ordering::SeqCst);

    let seen = run(&world, SETTLE);

    assert_eq!((seen.code, kept()), (4, before), "{seen}");
}

#[test]
fn a_journal_that_another_process_keeps_is_named_with_its_holder() {
    let server = idle();
    let world = World::of(&server);
    let held = journal(&world);

    for command in [CREATE, SETTLE] {
        let seen = run(&world, &format!("{command} --timeout 1"));
        let said = seen.stderr.replace(&std::process::id().to_string(), "[PID]");
        assert_eq!(seen.code, 8, "{seen}");
        assert!(
            said.contains("/.local/state/mms/intents is in use by cli-")
                && said.contains(" (process [PID]), for ")
                && said.contains(" s; nothing was sent"),
            "{said}"
        );
        assert!(said.ends_with("hint: run the command again when that process has ended\n"), "{said}");
    }
    drop(held);
    assert!(server.requests("").is_empty());
    assert_eq!(run(&world, SETTLE).code, 0);
}

#[test]
fn a_create_of_the_same_name_that_another_command_left_meanwhile_is_settled_in_place_of_a_new_one() {
    let (distributor, lag) = Distributor::lagging();
    let distributor = Mutex::new(distributor);
    // What happens right after the next list is answered: the other command leaves its intent, and its child shows.
    let meanwhile: Arc<Mutex<Option<(PathBuf, PathBuf)>>> = Arc::default();
    let next = Arc::clone(&meanwhile);
    let server = FakeMake::answering(move |request, body| {
        let mut distributor = distributor.lock().unwrap();
        if !request.starts_with("GET ") {
            return distributor.apply(request, &serde_json::from_str(body).unwrap()).and(None);
        }
        let answer = distributor.read(request);
        if request.ends_with("/managed-organizations")
            && let Some((from, to)) = next.lock().unwrap().take()
        {
            std::fs::copy(from, to).unwrap();
            lag.end();
        }
        answer
    });
    let (other, world) = (World::of(&server), World::of(&server));
    assert_eq!(run(&other, CREATE).code, 5);
    let intents = |world: &World| world.path(".local/state/mms/intents");
    *meanwhile.lock().unwrap() = Some((intents(&other), intents(&world)));

    let seen = run(&world, &CREATE.replace("10000", "20000"));

    assert_eq!(seen.code, 6, "{seen}");
    assert!(seen.stderr.contains("125 was created with 10000 credits, which is not what was asked for now"), "{seen}");
    assert_eq!(server.requests("POST").len(), 1);
}
