//! `mms undo`: back to the allocations before a run, as far as nobody changed them since.

use insta::assert_snapshot;
use mms_client::{FileJournal, Run, WriteJournal};
use mms_types::OrganizationId;
use regex::Regex;

use crate::support::fake_make::{Distributor, FakeMake, json};
use crate::support::world::{CREATE, Seen, World};

/// Returns the newest run.
fn newest(world: &World) -> String {
    let seen = world.run_line("log --limit 1 -o json");
    seen.json()[0]["run"].as_str().unwrap().to_owned()
}

fn distributor(children: &[(u64, i64)]) -> (FakeMake, World) {
    let server = FakeMake::with_state(Distributor::of(children), Distributor::apply);
    let world = World::of(&server).with("MMS_WHO", "ada@office");
    (server, world)
}

fn comparable(seen: &Seen) -> String {
    let text =
        Regex::new(r"  run( +)[0-9a-f]{8} ").unwrap().replace_all(&seen.to_string(), "  run$1[RUN] ").into_owned();
    let text =
        Regex::new(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}").unwrap().replace_all(&text, "[DAY]").into_owned();
    // Changes that are under way at once end in any order.
    let (mut done, rest): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.contains(": child organization "));
    done.sort_unstable_by_key(|line| line.split_once(": ").map(|(_, what)| what));
    let done = done.iter().map(|line| line.split_once(": ").map_or(*line, |(_, what)| what));
    rest.into_iter().chain(done).collect::<Vec<_>>().join("\n")
}

fn credits(world: &World) -> Vec<i64> {
    let rows = world.run_line("child list -o json -q").json();
    rows.as_array().unwrap().iter().map(|row| row["operationsAllocated"].as_i64().unwrap()).collect()
}

#[test]
fn a_run_is_taken_back_and_so_is_that() {
    let (server, world) = distributor(&[(1, 10_000), (2, 50_000)]);
    assert_eq!(world.run_line("child allocate 1=30000 2=20000 --yes -q --allow-pause").code, 0);
    let run = newest(&world);

    let seen = world.run_line(&format!("undo {} --yes --allow-pause", &run[..8]));

    assert_snapshot!(comparable(&seen), @"
    exit: 0
    ----- stdout -----
    ID  NAME     BEFORE  CREDITS  CHANGE  OUTCOME
     1  Child 1   30000    10000  -20000  done
     2  Child 2   20000    50000   30000  done
    ----- stderr -----
    About to give children what they had before a run:
      api      LIVE http://127.0.0.1:[PORT]/api/v2
      run      [RUN] child allocate 1=30000 2=20000, by ada@office, [DAY]
      child    1 Child 1
      credits  30,000 -> 10,000 (-20,000)
      child    2 Child 2
      credits  20,000 -> 50,000 (+30,000)
      pool     500,000 -> 490,000
    child organization 1 now has 10,000 credits.
    child organization 2 now has 50,000 credits.
    ");
    assert_eq!(credits(&world), [10_000, 50_000]);
    let undo = world.run_line("log --limit 1 -o json").json();
    assert_eq!((&undo[0]["command"], &undo[0]["who"]), (&format!("undo {run}").into(), &"ada@office".into()));
    let again = world.run_line(&format!("undo {run} --yes -o json"));
    assert!(again.code == 0 && again.json().as_array().unwrap().is_empty(), "{again}");
    assert!(again.stderr.starts_with("Nothing to undo"), "{again}");
    assert_eq!(server.requests("PATCH").len(), 4);

    assert_eq!(world.run_line(&format!("undo {} --yes -q --allow-pause", newest(&world))).code, 0);
    assert_eq!(credits(&world), [30_000, 20_000], "an undo is a run like any other");
}

#[test]
fn a_child_that_was_changed_since_stops_it_unless_it_is_left_out() {
    let (server, world) = distributor(&[(1, 10_000), (2, 10_000)]);
    assert_eq!(world.run_line("child allocate 1=30000 2=20000 --yes -q").code, 0);
    let run = newest(&world);
    assert_eq!(world.run_line("child allocate 2=70000 --yes -q").code, 0);
    let sent = server.requests("PATCH").len();

    let stopped = world.run_line(&format!("undo {run} --yes -q --allow-pause"));
    assert_snapshot!(comparable(&stopped), @"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: Child 2: the run left 20,000 credits and the child has 70,000: somebody changed it since
    hint: add --skip-changed to leave out what somebody changed since
    ");
    assert_eq!(server.requests("PATCH").len(), sent);

    let seen = world.run_line(&format!("undo {run} --yes -q --allow-pause --skip-changed"));
    assert_snapshot!(comparable(&seen), @"
    exit: 0
    ----- stdout -----
    ID  NAME     BEFORE  CREDITS  CHANGE  OUTCOME
     1  Child 1   30000    10000  -20000  done
     2  Child 2   70000    70000       0  skipped
    ----- stderr -----
    warning: 2 Child 2: skipped: the run left 20,000 credits and the child has 70,000: somebody changed it since
    ");
    assert_eq!(credits(&world), [10_000, 70_000]);
}

#[test]
fn a_total_that_leaves_a_child_nothing_needs_a_flag_of_its_own() {
    let (server, world) = distributor(&[(1, 10_000)]);
    assert_eq!(world.run_line("child allocate 1 30000 --yes -q").code, 0);
    let run = newest(&world);

    let seen = world.run_line(&format!("undo {run} --yes -q"));

    assert_snapshot!(comparable(&seen), @"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: Child 1: its consumption is unknown: 10,000 credits may leave it nothing, and its scenarios may pause
    hint: add --allow-pause if a child may be left nothing
    ");
    assert_eq!(server.requests("PATCH").len(), 1);
}

#[test]
fn a_dry_run_shows_the_plan_and_what_was_created_stays() {
    let (server, world) = distributor(&[(1, 10_000)]);
    assert_eq!(world.run_line("child allocate 1 30000 --yes -q").code, 0);
    let allocated = newest(&world);
    assert_eq!(world.run_line(CREATE).code, 0);

    let created = world.run_line(&format!("undo {} --yes", newest(&world)));
    assert!(created.stderr.contains("125 Dorado was created by this run and stays"), "{created}");
    assert!(created.code == 0 && created.stderr.contains("Nothing to undo"), "{created}");
    let dry = world.run_line(&format!("undo {allocated} --dry-run --allow-pause -o json -q")).json();
    assert_eq!((&dry[0]["outcome"], &dry[0]["newChildOperations"]), (&"planned".into(), &10_000.into()), "{dry}");
    assert_eq!((server.requests("PATCH").len(), server.requests("POST").len()), (1, 1));
}

#[test]
fn a_run_that_is_not_there_or_not_meant_by_one_is_an_error() {
    let (server, world) = distributor(&[(1, 10_000)]);
    let seen = world.run_line("undo 0f3a9c21 --yes");
    assert!(seen.code == 7 && seen.stderr.contains("hint: `mms log` shows the runs that there are"), "{seen}");
    assert_eq!(world.run_line("undo latest --yes").code, 2);
    let journal = FileJournal::open(world.path(".local/state/mms/intents")).unwrap();
    for id in ["ab1", "ab2"] {
        let run = Run {
            id: format!("{id:0<32}").parse().unwrap(),
            at: std::time::SystemTime::now().into(),
            api: server.base_url(),
            parent: OrganizationId::new(11),
            who: "ada@office".to_owned(),
            command: "apply".to_owned(),
            files: Vec::new(),
            plan: None,
        };
        journal.record_run(&run).unwrap();
    }
    drop(journal);
    let several = world.run_line("undo ab --yes");
    assert!(several.code == 1 && several.stderr.starts_with("error: 2 runs begin with ab: ab1"), "{several}");
    assert_eq!(world.run_line("undo ab1 --yes").code, 0);
}

#[test]
fn a_pool_that_does_not_suffice_stops_it() {
    let (_server, world) = distributor(&[(1, 400_000), (2, 10_000)]);
    assert_eq!(world.run_line("child allocate 1 0 --yes -q --allow-pause").code, 0);
    let run = newest(&world);
    assert_eq!(world.run_line("child allocate 2 890000 --yes -q").code, 0);

    let seen = world.run_line(&format!("undo {run} --yes -q"));

    assert!(seen.code == 1 && seen.stderr.contains("the pool lacks 390,000 credits for it"), "{seen}");
}

#[test]
fn what_the_server_refuses_is_named_and_the_rest_is_done() {
    let refusing = |distributor: &mut Distributor, request: &str, body: &serde_json::Value| {
        if body["operations"] == 50_000 {
            return json("400 Bad Request", r#"{"message":"Not today."}"#);
        }
        distributor.apply(request, body)
    };
    let server = FakeMake::with_state(Distributor::of(&[(1, 10_000), (2, 50_000)]), refusing);
    let world = World::of(&server).with("MMS_WHO", "ada@office");
    assert_eq!(world.run_line("child allocate 1=30000 2=20000 --yes -q --allow-pause").code, 0);

    let seen = world.run_line(&format!("undo {} --yes -q --allow-pause", newest(&world)));

    assert_eq!(seen.code, 5, "{seen}");
    assert!(seen.stdout.contains("failed") && seen.stdout.contains("done"), "{seen}");
    assert!(
        seen.stderr.starts_with("error: 1 step done: 1 step failed\nhint: what is done is not done again"),
        "{seen}"
    );
    assert!(
        seen.stderr.contains("  1. allocation of 50000 to child 2: ") && seen.stderr.contains("Not today."),
        "{seen}"
    );
    assert_eq!(credits(&world), [10_000, 20_000]);
}
