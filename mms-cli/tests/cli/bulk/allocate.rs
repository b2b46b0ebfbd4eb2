//! `mms child allocate --from`.

use insta::assert_snapshot;

use super::outcomes;
use crate::support::fake_make::{Distributor, FakeMake, json};
use crate::support::world::World;

#[test]
fn a_table_is_carried_out_with_what_frees_credits_first_and_told_in_its_own_order() {
    let world = World::new();
    world.write("credits.csv", "id;name;credits\n101;Acme Bakery;500000\n103;;20000\n102;;50000\n");

    assert_snapshot!(world.run_line("--sandbox child allocate --from credits.csv --report report.csv --parallel 1 --yes"), @"
    exit: 0
    ----- stdout -----
     ID  NAME             CREDITS  CHANGE    POOL
    101  Acme Bakery       500000  490000   90000
    103  Cobalt Dental      20000  -80000  580000
    102  Borealis Travel    50000       0  500000
    ----- stderr -----
    Child organization 102 already has 50,000 credits: nothing to do.
    About to change the allocation of 2 child organizations:
      api       SANDBOX [HOME]/data/mms/sandbox.db
      child     103 Cobalt Dental
      credits   100,000 -> 20,000 (-80,000)
      consumed  0.00
      child     101 Acme Bakery
      credits   10,000 -> 500,000 (+490,000)
      consumed  9,412.50
      pool      500,000 -> 90,000
    ");
    assert_snapshot!(std::fs::read_to_string(world.path("report.csv")).unwrap(), @"
    line,name,external_id,outcome,id,credits,error
    4,Borealis Travel,,unchanged,102,50000,
    3,Cobalt Dental,,changed,103,20000,
    2,Acme Bakery,,changed,101,500000,
    ");
    let again =
        world.run_line("--sandbox child allocate --file credits.csv --yes -q -o csv --columns organizationId,outcome");
    assert_snapshot!(again, @"
    exit: 0
    ----- stdout -----
    organizationId,outcome
    101,unchanged
    103,unchanged
    102,unchanged
    ----- stderr -----
    ");
}

#[test]
fn a_child_that_cannot_be_changed_is_told_and_the_rest_goes_on() {
    let server = FakeMake::with_state(
        Distributor::of(&[(1, 50_000), (2, 10_000), (3, 10_000)]),
        |distributor, request, body| {
            if request.ends_with("/2") {
                return json("400 Bad Request", r#"{"message":"Not today."}"#);
            }
            distributor.apply(request, body)
        },
    );
    let world = World::of(&server);
    world.write("credits.csv", "id,credits\n1,60000\n2,20000\n3,30000\n");

    assert_snapshot!(world.run_line("child allocate --from credits.csv --report report.csv --parallel 1 --yes -q"), @"
    exit: 5
    ----- stdout -----
    ID  NAME     CREDITS  CHANGE    POOL
     1  Child 1    60000   10000  480000
     3  Child 3    30000   20000  460000
    ----- stderr -----
    error: 2 steps done: 1 step failed
    hint: what is done is not done again: run the command again, once these are looked after:
      1. allocation of 20000 to child 2: refused, and nothing was changed: 400 Not today. (1 attempt, [ELAPSED])
    ");
    assert_eq!(outcomes(&world), ["changed", "failed", "changed"]);
}

#[test]
fn an_id_with_the_name_of_another_child_changes_nothing() {
    let world = World::new();
    world.write(
        "credits.csv",
        "organizationId,organizationName,operationsAllocated\n101,Borealis Travel,20000\n102,Acme Bakery,60000\n",
    );

    assert_snapshot!(world.run_line("--sandbox child allocate --from credits.csv --yes"), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: 2 lines of the file are refused
    hint: mend these lines, nothing was sent:
      1. line 2: child organization 101 is called "Acme Bakery" and not "Borealis Travel", as the table says; nothing was sent
      2. line 3: child organization 102 is called "Borealis Travel" and not "Acme Bakery", as the table says; nothing was sent
    "#);
}

#[test]
fn a_list_of_children_is_a_table_of_allocations() {
    let world = World::new();
    let list = world.run_line("--sandbox child list -o csv").stdout;
    world.write("credits.csv", &list);

    let same = world.run_line("--sandbox child allocate --from credits.csv --yes -o csv --columns outcome");

    assert_eq!((same.code, same.stdout.as_str()), (0, "outcome\nunchanged\nunchanged\nunchanged\n"), "{same}");
    world.write("credits.csv", &list.replace("name", "nom").replace("operationsAllocated", "kredits"));
    let unknown = world.run_line("--sandbox child allocate --from credits.csv --yes");
    assert!(
        unknown.code == 2 && unknown.stderr.contains("the column \"kredits\" is not known: did you mean credits?"),
        "{unknown}"
    );
}

#[test]
fn of_a_long_table_the_beginning_is_shown_and_what_is_risky() {
    let children: Vec<_> = (1..=45).map(|id| (id, if id == 45 { 20_000 } else { 10_000 })).collect();
    let server = FakeMake::with_state(Distributor::of(&children), |_, request, _| panic!("{request}"));
    let world = World::of(&server);
    let rows = (1..=45)
        .map(|id| format!("{id},{}\n", if id > 22 { 0 } else { 10_000 } + if id > 22 && id < 45 { 20_000 } else { 0 }));
    world.write("credits.csv", &format!("id,credits\n{}", rows.collect::<String>()));

    let seen = world.run_line("child allocate --from credits.csv --dry-run --allow-pause -o csv");

    assert_eq!(seen.stderr.matches("\n  child     ").count(), 21, "twenty, and how many more: {seen}");
    assert!(
        seen.stderr.contains("  child     and 3 more\n") && seen.stderr.contains("2 more children already have"),
        "{seen}"
    );
    assert!(seen.stderr.contains("risk      the consumption of child organization 45 is unknown"), "{seen}");
    assert_eq!(seen.stdout.lines().count(), 46, "{seen}");
}
