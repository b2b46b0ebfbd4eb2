//! Changes of allocations: differences, several in one call, moves, retirements and dry runs.

use insta::assert_snapshot;

use crate::support::fake_make::{Distributor, FakeMake, json};
use crate::support::world::World;

/// Runs a command on a sandbox of its own.
fn run(command: &str) -> crate::support::world::Seen {
    World::new().run_line(&format!("--sandbox {command}"))
}

#[test]
fn a_difference_is_added_to_what_the_child_has() {
    let world = World::new();

    assert_eq!(
        world.run_line("--sandbox child allocate 101 +10000 -y -q -o json").json()["newChildOperations"],
        20_000
    );
    assert_eq!(
        world.run_line("--sandbox child allocate 102 -20000 -y -q -o json").json()["newChildOperations"],
        30_000
    );
    let too_low = world.run_line("--sandbox child allocate 101 -30000 -y");
    assert!(
        too_low.code == 1 && too_low.stderr.contains("it has 20000 credits, which cannot be lowered by 30000"),
        "{too_low}"
    );
}

#[test]
fn several_changes_are_made_in_one_call_and_those_that_free_credits_come_first() {
    assert_snapshot!(run("child allocate 101=500000 103=-100000 102=50000 --allow-pause --yes"), @"
    exit: 0
    ----- stdout -----
     ID  NAME             CREDITS   CHANGE    POOL
    102  Borealis Travel    50000        0  500000
    103  Cobalt Dental          0  -100000  600000
    101  Acme Bakery       500000   490000  110000
    ----- stderr -----
    Child organization 102 already has 50,000 credits: nothing to do.
    About to change the allocation of 2 child organizations:
      api       SANDBOX [HOME]/data/mms/sandbox.db
      child     103 Cobalt Dental
      credits   100,000 -> 0 (-100,000)
      consumed  0.00
      risk      0 credits leave nothing to child organization 103, which has consumed 0.00: its scenarios may pause
      child     101 Acme Bakery
      credits   10,000 -> 500,000 (+490,000)
      consumed  9,412.50
      pool      500,000 -> 110,000
    1 of 2: child organization 103 now has 0 credits.
    2 of 2: child organization 101 now has 500,000 credits.
    ");
}

#[test]
fn a_batch_that_the_pool_cannot_pay_is_refused_before_its_first_change() {
    let seen = run("child allocate 101=400000 102=400000 --yes");

    assert!(
        seen.code == 1 && seen.stderr.contains("the pool is too small: it holds 500000 credits, 740000 are needed"),
        "{seen}"
    );
}

#[test]
fn a_child_that_is_named_twice_is_wrong_use() {
    let seen = run("child allocate 101=20000 id:101=30000 --yes");

    assert!(seen.code == 2 && seen.stderr.contains("child organization 101 Acme Bakery is named twice"), "{seen}");
}

#[test]
fn changes_come_from_a_file_too() {
    let world = World::new();
    world.write("credits.csv", "\u{feff}organizationName,credits\r\nAcme Bakery,+10000\r\nBorealis Travel,30000\r\n");

    let seen = world.run_line("--sandbox child allocate --file credits.csv --yes -q -o json");

    let set = [0, 1].map(|row| seen.json()[row]["newChildOperations"].as_u64().unwrap());
    assert_eq!(set, [20_000, 30_000], "in the order of the file, whatever is made first: {seen}");
    assert_eq!(world.run_line("--sandbox child allocate 101 20000 --file credits.csv").code, 2);
}

#[test]
fn every_line_of_a_file_that_names_no_child_is_told() {
    let world = World::new();
    world.write("credits.csv", "name;credits\nAcme Bakery;20000\nAcme;20000\nNobody;10000\nCobalt Dental;-900000\n");

    assert_snapshot!(world.run_line("--sandbox child allocate --file credits.csv --yes"), @r#"
    exit: 7
    ----- stdout -----
    ----- stderr -----
    error: 3 lines of the file are refused
    hint: mend these lines, nothing was sent:
      1. line 3: unknown child organization "Acme"
      2. line 4: unknown child organization "Nobody"
      3. line 5: child organization 103 Cobalt Dental: it has 100000 credits, which cannot be lowered by 900000
    "#);
    world.write("credits.csv", "name,credits\nAcme Bakery,20000\n\nNobody,10000\n");
    let one = world.run_line("--sandbox child allocate --file credits.csv --yes");
    assert!(one.code == 7 && one.stderr.starts_with("error: line 4: unknown child organization \"Nobody\""), "{one}");
}

#[test]
fn the_requests_of_a_batch_are_one_look_and_a_write_each() {
    let server = FakeMake::with_state(Distributor::of(&[(1, 10_000), (2, 10_000), (3, 10_000)]), Distributor::apply);
    let world = World::of(&server);

    assert_eq!(world.run_line("child allocate 1=20000 2=20000 3=20000 --yes --allow-pause").code, 0);

    assert_eq!(server.requests("PATCH").len(), 3);
    assert_eq!(server.requests("GET").len(), 3, "list, pool, consumption: {:?}", server.requests("GET"));
}

#[test]
fn a_move_of_more_than_the_child_has_says_what_it_has() {
    assert_snapshot!(run("credits move 101 102 990000 --yes"), @"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: child organization 101 Acme Bakery has only 10,000 credits: 990,000 cannot be moved from it
    hint: `mms --sandbox child show 101` shows what it has and has consumed
    ");
}

#[test]
fn credits_are_moved_from_one_child_to_another() {
    let world = World::new();

    assert_snapshot!(world.run_line("--sandbox credits move 103 101 20000 --yes"), @"
    exit: 0
    ----- stdout -----
     ID  NAME           CREDITS  CHANGE    POOL
    103  Cobalt Dental    80000  -20000  520000
    101  Acme Bakery      30000   20000  500000
    ----- stderr -----
    About to move credits from one child organization to another:
      api       SANDBOX [HOME]/data/mms/sandbox.db
      child     103 Cobalt Dental
      credits   100,000 -> 80,000 (-20,000)
      consumed  0.00
      child     101 Acme Bakery
      credits   10,000 -> 30,000 (+20,000)
      consumed  9,412.50
      pool      500,000 -> 500,000
    1 of 2: child organization 103 now has 80,000 credits.
    2 of 2: child organization 101 now has 30,000 credits.
    ");
    let pool = world.run_line("--sandbox pool -o json").json();
    assert_eq!(pool["operations"], 500_000);
}

#[test]
fn a_move_whose_second_half_fails_says_where_the_credits_are() {
    let server = FakeMake::with_state(Distributor::of(&[(1, 50_000), (2, 10_000)]), |distributor, request, body| {
        if request.ends_with("/2") {
            return json("400 Bad Request", r#"{"message":"Not today."}"#);
        }
        distributor.apply(request, body)
    });

    assert_snapshot!(World::of(&server).run_line("credits move 1 2 20000 --yes --quiet --allow-pause"), @"
    exit: 5
    ----- stdout -----
    ID  NAME     CREDITS  CHANGE    POOL
     1  Child 1    30000  -20000  510000
    ----- stderr -----
    warning: the consumption of child organization 1 is unknown: 30,000 credits may leave it nothing, and its scenarios may pause
    error: 20000 credits left 1 and are in the pool, 2 did not get them: 400 Not today. (1 attempt, [ELAPSED])
    hint: nothing is lost; look, and then go on or back:
      1. look: `mms child show 1 2`
      2. on: `mms child allocate 2 30000`
      3. back: `mms child allocate 1 50000`
    ");
}

#[test]
fn a_batch_that_fails_half_way_tells_what_is_done() {
    let server = FakeMake::with_state(Distributor::of(&[(1, 50_000), (2, 10_000)]), |distributor, request, body| {
        if request.ends_with("/2") {
            return json("400 Bad Request", r#"{"message":"Not today."}"#);
        }
        distributor.apply(request, body)
    });

    assert_snapshot!(World::of(&server).run_line("child allocate 1=60000 2=20000 --yes --quiet"), @"
    exit: 5
    ----- stdout -----
    ID  NAME     CREDITS  CHANGE    POOL
     1  Child 1    60000   10000  480000
    ----- stderr -----
    error: child organization 1 now has 60,000 credits, and then: 400 Not today. (1 attempt, [ELAPSED])
    hint: see `mms child list`; a total that is set already is not sent again: run the command again for the rest, if it names totals
    ");
}

#[test]
fn a_retired_child_has_no_credits_and_the_rest_is_told() {
    assert_snapshot!(run("child retire 103 --yes"), @"
    exit: 0
    ----- stdout -----
    ID       103
    NAME     Cobalt Dental
    CREDITS  0
    CHANGE   -100000
    POOL     600000
    ----- stderr -----
    About to take all credits from a child organization, whose scenarios then pause:
      api       SANDBOX [HOME]/data/mms/sandbox.db
      child     103 Cobalt Dental
      credits   100,000 -> 0 (-100,000)
      consumed  0.00
      risk      0 credits leave nothing to child organization 103, which has consumed 0.00: its scenarios may pause
      pool      500,000 -> 600,000
    103 Cobalt Dental has no credits. What is left can only be done in Make: switch its scenarios off, remove its connections and its members. The organization itself stays: it cannot be deleted here.
    ");
}

#[test]
fn a_dry_run_sends_no_write_and_ends_as_the_command_would() {
    let server =
        FakeMake::with_state(Distributor::of(&[(1, 50_000), (2, 10_000)]), |_, request, _| panic!("{request}"));
    let world = World::of(&server);

    assert_snapshot!(world.run_line("child allocate 1=60000 2=20000 --dry-run"), @"
    exit: 0
    ----- stdout -----
    ID  NAME     CREDITS  CHANGE    POOL
     1  Child 1    60000   10000  480000
     2  Child 2    20000   10000  470000
    ----- stderr -----
    About to change the allocation of 2 child organizations:
      api       LIVE http://127.0.0.1:[PORT]/api/v2
      child     1 Child 1
      credits   50,000 -> 60,000 (+10,000)
      consumed  unknown
      child     2 Child 2
      credits   10,000 -> 20,000 (+10,000)
      consumed  unknown
      pool      490,000 -> 470,000
    Dry run: nothing was sent.
    ");
    assert_snapshot!(world.run_line("credits move 1 2 20000 --dry-run --allow-pause --quiet -o ndjson"), @r#"
    exit: 0
    ----- stdout -----
    {"organizationId":1,"organizationName":"Child 1","operationsAllocated":30000,"newChildOperations":30000,"operationsDiff":-20000,"limitIncreased":false,"newParentOperations":510000,"outcome":"planned"}
    {"organizationId":2,"organizationName":"Child 2","operationsAllocated":30000,"newChildOperations":30000,"operationsDiff":20000,"limitIncreased":true,"newParentOperations":490000,"outcome":"planned"}
    ----- stderr -----
    "#);
    assert_eq!(world.run_line("child allocate 1 900000 --dry-run").code, 1);
    assert_eq!(world.run_line("child allocate 9 10000 --dry-run").code, 7);
    assert_eq!(world.run_line("child retire 1 --dry-run").code, 0);
    let create =
        "child create --name Dorado --owner-name Ada --owner-email ada@dorado.example --region EU --country CZ";
    assert_snapshot!(world.run_line(&format!("{create} --credits 10000 --dry-run -o json")), @r#"
    exit: 0
    ----- stdout -----
    {
      "organizationName": "Dorado",
      "operationsAllocated": 10000,
      "region": {
        "id": 1,
        "name": "EU"
      },
      "country": {
        "id": 60,
        "name": "Czechia",
        "code": "CZE",
        "code2": "cz"
      },
      "userName": "Ada",
      "userEmail": "ada@dorado.example",
      "newParentOperations": 480000,
      "outcome": "planned"
    }
    ----- stderr -----
    About to create a child organization, which can never be deleted:
      api          LIVE http://127.0.0.1:[PORT]/api/v2
      distributor  11 Distributor
      name         Dorado
      owner        Ada <ada@dorado.example>
      region       1 EU (can never be changed)
      country      60 Czechia
      credits      10,000
      pool         490,000 -> 480,000
      journal      [HOME]/.local/state/mms/intents, 0 creates known
    Dry run: nothing was sent.
    "#);
    assert_eq!(world.run_line(&format!("{create} --credits 900000 --dry-run")).code, 1);
}
