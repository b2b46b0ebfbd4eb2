//! `mms apply`: what it makes so, what it refuses, and how it ends.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::world::{Seen, World};

/// The seed's three children, as an import writes them.
const SEED: &str = "format: 1\norganization: 11\nchildren:\n  Acme Bakery: {id: 101, credits: 10000}\n  Borealis Travel: {id: 102, \
                    credits: 50000}\n  Cobalt Dental: {id: 103, credits: 100000}\n";

fn dorado(credits: u64) -> String {
    format!(
        "  Dorado:\n    owner: {{email: ada@dorado.example, name: Ada}}\n    region: EU\n    country: CZ\n    credits: {credits}\n"
    )
}

/// A user with a file of a fleet.
fn with_fleet(text: &str) -> World {
    let world = World::new();
    world.write("fleet.yaml", text);
    world
}

fn outcomes(seen: &Seen) -> Vec<(String, String)> {
    let rows = seen.json();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    rows.as_array().unwrap().iter().map(|row| (text(row, "organizationName"), text(row, "outcome"))).collect()
}

fn credits(world: &World, child: &str) -> i64 {
    world.run(&["--sandbox", "child", "show", child, "-o", "json"]).json()["operationsAllocated"].as_i64().unwrap()
}

#[test]
fn an_apply_makes_it_so_writes_the_ids_and_leaves_nothing_to_do() {
    let text = SEED.replace("credits: 10000}", "credits: 30000}").replace("credits: 50000", "credits: 20000");
    let world = with_fleet(&format!("{text}{}", dorado(20_000)));

    let seen = world.run_line("--sandbox apply --yes -o json");
    assert_eq!(seen.code, 0, "{seen:?}");
    let done: Vec<_> = outcomes(&seen).into_iter().map(|(name, outcome)| format!("{name} {outcome}")).collect();
    assert_eq!(done, ["Borealis Travel done", "Acme Bakery done", "Dorado done"], "the decrease comes first");
    assert!(seen.stderr.contains("SANDBOX") && seen.stderr.contains("3 of 3 done"), "{seen:?}");

    let file = std::fs::read_to_string(world.path("fleet.yaml")).unwrap();
    assert!(file.contains("  Dorado:\n    id: 1001\n    owner:"), "{file}");
    let again = world.run_line("--sandbox apply --yes -o json");
    assert_eq!((again.code, again.stdout.trim()), (0, ""), "{again:?}");
}

#[test]
fn a_plan_that_something_stands_against_sends_nothing() {
    let world = with_fleet(&SEED.replace("credits: 10000}", "credits: 900000}"));
    let seen = world.run_line("--sandbox apply --yes");
    assert_eq!(seen.code, 1, "{seen:?}");
    assert!(seen.stderr.contains("the pool lacks"), "{seen:?}");
    assert_eq!(credits(&world, "101"), 10_000);
}

#[test]
fn a_dry_run_shows_the_plan_and_sends_nothing() {
    let world = with_fleet(&SEED.replace("credits: 10000}", "credits: 30000}"));
    let seen = world.run_line("--sandbox apply --dry-run");
    assert_eq!(seen.code, 0, "{seen:?}");
    assert!(seen.stderr.contains("nothing was sent") && seen.stdout.contains("Acme Bakery"), "{seen:?}");
    assert_eq!(credits(&world, "101"), 10_000);
}

#[test]
fn where_nobody_can_be_asked_the_plan_is_shown_and_the_command_that_does_it_and_nothing_is_sent() {
    let world = with_fleet(&SEED.replace("credits: 10000}", "credits: 30000}"));
    let seen = world.run_line("--sandbox apply --max-change 5 --parallel 2");
    assert_eq!((seen.code, seen.stdout.as_str()), (2, ""), "{seen:?}");
    for part in ["Plan for SANDBOX", "+20,000", "nobody to ask", "nothing was sent"] {
        assert!(seen.stderr.contains(part), "{part}: {seen:?}");
    }
    let command = "`mms --sandbox apply --max-change 5 --parallel 2 --yes` does it";
    assert!(seen.stderr.contains(command), "{seen:?}");
    assert_eq!(credits(&world, "101"), 10_000);
}

#[test]
fn the_command_for_who_could_not_be_asked_names_the_file_and_the_number_of_creates() {
    let world = World::new();
    let new: String = (0..11).map(|number| dorado(0).replace("Dorado", &format!("Dorado {number}"))).collect();
    world.write("more.yaml", &format!("{SEED}{new}"));
    let seen = world.run_line("--sandbox apply more.yaml");
    assert!(seen.stderr.contains("`mms --sandbox apply more.yaml --yes --creates 11` does it"), "{seen:?}");

    world.write("more.yaml", &format!("{SEED}{}", dorado(0)));
    let seen = world.run_line("--sandbox apply more.yaml --creates 1");
    assert!(seen.stderr.contains("`mms --sandbox apply more.yaml --yes --creates 1` does it"), "{seen:?}");
}

#[test]
fn an_apply_of_nothing_needs_nobody_to_ask_and_writes_the_ids_that_it_found() {
    let world = with_fleet(&SEED.replace("id: 102, ", ""));
    let seen = world.run_line("--sandbox apply");
    assert_eq!(seen.code, 0, "{seen}");
    assert!(seen.stderr.contains("Nothing to change on SANDBOX") && seen.stderr.contains("Wrote 1 id"), "{seen}");
    let seen = world.run_line("--sandbox apply");
    assert!(seen.code == 0 && !seen.stderr.contains("nobody to ask"), "{seen}");
}

#[test]
fn another_number_of_creates_than_the_stated_one_is_refused_however_few_there_are() {
    let world = with_fleet(&format!("{SEED}{}", dorado(10_000)));
    for line in ["--yes --creates 0", "--yes --creates 5", "--dry-run --creates 2", "--creates 2"] {
        let seen = world.run_line(&format!("--sandbox apply {line}"));
        assert!(
            seen.code == 1 && seen.stderr.contains("1 organization would be created, and --creates says"),
            "{seen}"
        );
    }
    assert_eq!(world.run_line("--sandbox child list -o json").json().as_array().unwrap().len(), 3);
    assert_eq!(world.run_line("--sandbox apply --yes --creates 1").code, 0);
    assert_eq!(world.run_line("--sandbox apply --yes --creates 1").code, 0, "there is nothing to create any more");
}

#[test]
fn a_saved_plan_takes_no_guard_and_says_how_to_plan_with_it() {
    let world = with_fleet(&SEED.replace("credits: 10000}", "credits: 30000}"));
    assert_eq!(world.run_line("--sandbox plan --out plan.json").code, 0);
    for flags in ["--pool-reserve 490000 --max-change 0", "--partial", "--max-creates 3"] {
        let seen = world.run_line(&format!("--sandbox apply plan.json --yes {flags}"));
        assert_eq!(seen.code, 2, "{seen}");
        assert!(seen.stderr.contains("plan.json is a saved plan, which is as it was made"), "{seen}");
    }
    let seen = world.run_line("--sandbox apply plan.json --max-change 0");
    assert!(seen.stderr.contains("`mms plan --out plan.json --max-change 0`"), "{seen}");
    assert_eq!(credits(&world, "101"), 10_000);
}

#[test]
fn a_saved_plan_is_applied_once() {
    let world = with_fleet(&SEED.replace("credits: 10000}", "credits: 30000}"));
    assert_eq!(world.run_line("--sandbox plan --out plan.json").code, 0);

    let seen = world.run_line("--sandbox apply plan.json --yes -o json");
    assert_eq!(outcomes(&seen), [("Acme Bakery".to_owned(), "done".to_owned())], "{seen:?}");

    world.run_line("--sandbox child allocate 101 10000 --yes");
    let again = world.run_line("--sandbox apply plan.json --yes");
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.stderr.contains("good once"), "{again:?}");
    assert_eq!(credits(&world, "101"), 10_000);
}

#[test]
fn a_saved_plan_is_refused_where_what_it_touches_has_moved_and_names_it() {
    let world = with_fleet(&SEED.replace("credits: 10000}", "credits: 30000}"));
    world.run_line("--sandbox plan --out plan.json");
    world.run_line("--sandbox child allocate 102 60000 --yes");
    assert_eq!(world.run_line("--sandbox child allocate 101 20000 --yes").code, 0);

    let seen = world.run_line("--sandbox apply plan.json --yes");
    assert_eq!(seen.code, 1, "{seen:?}");
    assert!(seen.stderr.contains("Acme Bakery") && !seen.stderr.contains("Borealis"), "{seen:?}");
    assert_eq!(credits(&world, "101"), 20_000);
}

#[test]
fn more_than_ten_new_organizations_need_their_number() {
    let new = |index| dorado(10_000).replace("Dorado", &format!("Dorado {index}"));
    let world = with_fleet(&format!("{SEED}{}", (0..11).map(new).collect::<String>()));

    let seen = world.run_line("--sandbox apply --yes");
    assert_eq!(seen.code, 1, "{seen:?}");
    assert!(seen.stderr.contains("add --creates 11"), "{seen:?}");
    assert_eq!(world.run_line("--sandbox apply --yes --creates 12").code, 1);
    assert_eq!(world.run_line("--sandbox child list -o json").json().as_array().unwrap().len(), 3);

    let seen = world.run_line("--sandbox apply --yes --creates 11");
    assert_eq!(seen.code, 0, "{seen:?}");
    assert_eq!(world.run_line("--sandbox child list -o json").json().as_array().unwrap().len(), 14);
}

#[test]
fn a_rehearsal_bears_lost_answers_and_then_it_is_done() {
    let new = |index| dorado(10_000).replace("Dorado", &format!("Dorado {index}"));
    let text = SEED.replace("credits: 10000}", "credits: 30000}").replace("credits: 50000", "credits: 20000");
    let world = with_fleet(&format!("{text}{}", (0..6).map(new).collect::<String>()));

    let seen = world.run_line("--sandbox apply --yes --rehearse");
    assert_eq!(seen.code, 0, "{seen:?}");
    assert!(
        seen.stderr.contains("Rehearsed on a sandbox, with ") && seen.stderr.contains("8 of 8 steps done"),
        "{seen:?}"
    );
    assert_eq!(credits(&world, "101"), 30_000);
}

#[test]
fn the_first_write_of_each_kind_meets_faults_and_those_that_acted_are_told() {
    let change = SEED.replace("credits: 10000}", "credits: 30000}");
    let create = format!("{SEED}{}", dorado(20_000));
    let changes = change.replace("credits: 50000", "credits: 60000");
    for (text, says) in [
        (change, "with 1 lost answer, 1 answer 429: 1 of 1 steps done"),
        (create, "with 1 lost answer, 1 answer 429: 1 of 1 steps done"),
        (changes, "with 1 lost answer, 1 closed connection, 1 answer 429: 2 of 2 steps done"),
    ] {
        let seen = with_fleet(&text).run_line("--sandbox apply --yes --rehearse");
        assert!(seen.code == 0 && seen.stderr.contains(&format!("Rehearsed on a sandbox, {says}")), "{seen}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_person_is_told_all_requests_and_a_child_may_work_while_the_question_stands() {
    use mms_sandbox::RequestFilter;
    use mms_sandbox::types::ConsumeRequest;
    use mms_types::Centicredits;
    use tokio::runtime::Builder;

    use crate::support::terminal;

    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sandbox = runtime.block_on(mms_sandbox::Sandbox::builder().start()).unwrap();
    let world = World::new()
        .with("MMS_BASE_URL", sandbox.base_url())
        .with("MAKE_API_KEY", sandbox.token())
        .with("MMS_ORGANIZATION_ID", "11");
    assert_eq!(world.run_line("import -q").code, 0);
    world.write("fleet.yaml", &format!("{}{}", SEED.replace("credits: 50000", "credits: 30000"), dorado(10_000)));
    sandbox.control().forget_requests();

    let consume = || {
        let amount = ConsumeRequest { centicredits: Centicredits::new(100), operations: 1, transfer: 1 };
        let consumed = sandbox.control().consume(102.try_into().unwrap(), amount);
        runtime.block_on(consumed).unwrap();
    };
    let seen = terminal::run_meanwhile(&world, "apply", &[("Make 1 create and 1 change on", "y\n")], &consume);

    assert_eq!(seen.code, 0, "{seen:?}");
    let sent = sandbox.control().requests(&RequestFilter::default()).requests.len();
    assert!(seen.screen.contains(&format!("{sent}, all at once at 240 a minute")), "{sent}: {seen:?}");
    runtime.block_on(sandbox.stop()).unwrap();
}

#[test]
fn each_step_is_a_line_as_it_happens() {
    let text = SEED.replace("credits: 10000}", "credits: 30000}").replace("credits: 50000", "credits: 20000");
    let world = with_fleet(&text);
    let seen = world.run_line("--sandbox apply --yes -o ndjson");
    let lines: Vec<Value> = seen.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| &line["outcome"]).collect::<Vec<_>>(), ["done", "done"], "{seen:?}");
}

#[test]
fn a_second_apply_waits_for_the_first() {
    let server = Server::start(&World::new(), &["--set", "limiter=off"]);
    server.control("POST", "/faults", &json!({ "action": { "kind": "delay_before", "milliseconds": 150 } }));
    let world = server.world();
    world.write("one.yaml", &SEED.replace("credits: 10000}", "credits: 30000}"));
    world.write("two.yaml", &SEED.replace("credits: 50000}", "credits: 60000}"));
    let run = |file: &str| {
        let mut command = world.command(&["apply", file, "--yes", "-o", "json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let (first, second) = (run("one.yaml"), run("two.yaml"));
    let (first, second) =
        (world.ended(first.wait_with_output().unwrap()), world.ended(second.wait_with_output().unwrap()));
    assert_eq!((first.code, second.code), (0, 0), "{first:?}, {second:?}");
    // Whoever came second saw what the first one did, and undid it by its own file.
    let has = |child: &str| world.run(&["child", "show", child, "-o", "json"]).json()["operationsAllocated"].clone();
    let ends = [has("101"), has("102")];
    assert!(ends == [30_000, 50_000] || ends == [10_000, 60_000], "{ends:?}");
}

#[test]
fn an_undo_says_that_the_files_still_ask_and_names_what_stays_once() {
    let new: String = (0..7).map(|number| dorado(0).replace("Dorado", &format!("Dorado {number}"))).collect();
    let world = with_fleet(&format!("{}{new}", SEED.replace("credits: 10000}", "credits: 30000}")));
    assert_eq!(world.run_line("--sandbox apply --yes").code, 0);
    let log = world.run_line("--sandbox log -o json").json();
    let seen = world.run_line(&format!("--sandbox undo {} --yes", log[0]["run"].as_str().unwrap()));
    assert_eq!(seen.code, 0, "{seen}");
    assert_eq!(seen.stderr.matches("created by this run").count(), 1, "{seen}");
    assert!(
        seen.stderr.contains("7 children were created by this run and stay") && seen.stderr.contains(" and 2 more.")
    );
    let says =
        "fleet.yaml asks for what is taken back here: correct it, or the next `mms --sandbox apply` sets it again";
    assert!(seen.stderr.contains(says), "{seen}");
    assert_eq!(credits(&world, "101"), 10_000);
}

#[test]
fn each_id_that_can_be_written_is_written_and_the_others_are_told() {
    let new = "credits: 0, owner: {email: ada@ox.example, name: Ada}, region: EU, country: CZ";
    let entries = format!("  Ox One: &x {{{new}, id: new}}\n  Ox Two: *x\n  Ox Three: {{id: new, {new}}}\n");
    let world = with_fleet(&format!("{SEED}{entries}"));
    let seen = world.run_line("--sandbox apply --yes");
    assert_eq!(seen.code, 1, "{seen:?}");
    for part in [
        "Wrote 1 id into the fleet's files",
        "the entry \"Ox One\" has no id yet: write `id: 100",
        "the entry \"Ox Two\" has no id yet: write `id: 100",
        "2 ids were not written into the fleet's files, where an edit would change more than that",
    ] {
        assert!(seen.stderr.contains(part), "{part}: {seen:?}");
    }
    assert!(!seen.stderr.contains("\"Ox Three\" has no id"), "{seen:?}");
    let file = std::fs::read_to_string(world.path("fleet.yaml")).unwrap();
    assert!(file.contains("  Ox Two: *x\n  Ox Three: {id: 100"), "{file}");
    assert_eq!(world.run_line("--sandbox plan --exit-code").code, 0, "they are found by their names");
}
