//! kill -9 of an apply at random moments: the next one goes on, creates nothing twice, and ends as the file asks.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use mms_client::{FileJournal, Journal, Random, Resolution, SeededRandom};
use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::world::World;

/// A distributor whose limit nobody reaches, with three children.
const SEED: &str = r#"{"distributors":[{"organizationId":11,"operations":1000000,"apiLimit":1000000,
    "tokens":[{"token":"00000000-0000-4000-8000-000000000011",
        "scopes":["managed-organizations:read","managed-organizations:write","organizations:read"]}],
    "children":[{"organizationId":101,"organizationName":"Acme Bakery"},
        {"organizationId":102,"organizationName":"Borealis Travel","operationsAllocated":50000},
        {"organizationId":103,"organizationName":"Cobalt Dental","operationsAllocated":100000}]}]}"#;

/// Longest life of an apply that is killed.
const LIFE: u64 = 700;

/// Waits for so long, or for the end of a process if that comes first.
fn wait(process: &mut Child, until: Instant) -> bool {
    loop {
        if process.try_wait().unwrap().is_some() {
            return true;
        }
        if Instant::now() >= until {
            return false;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Gives the creates up that came to nothing: what they asked for is in no list, and their process is dead.
fn give_up(world: &World) {
    let listed = world.run(&["child", "list", "-o", "json"]).stdout;
    let journal = FileJournal::open(world.path(".local/state/mms/intents")).unwrap();
    for open in journal.open_intents().unwrap() {
        if !listed.contains(&format!("{:?}", open.intent.organization_name)) {
            let reason = "it never came".to_owned();
            journal.resolve(&open.intent.id, Resolution::GivenUp { reason }, SystemTime::now()).unwrap();
        }
    }
}

#[test]
fn an_apply_that_is_killed_again_and_again_ends_as_its_file_asks_without_a_duplicate() {
    let deaths: usize = std::env::var("MMS_DEATHS").map_or(12, |deaths| deaths.parse().unwrap());
    let seed: u64 = std::env::var("MMS_SOAK_SEED").map_or(1, |seed| seed.parse().unwrap());
    println!("MMS_SOAK_SEED={seed}");
    let random = SeededRandom::new(seed);
    let home = World::new();
    home.write("seed.json", SEED);
    let server = Server::start(&home, &["--seed", "seed.json", "--set", "limiter=off"]);
    let fault = |rule: Value| server.control("POST", "/faults", &rule);
    fault(json!({ "action": { "kind": "delay_before", "milliseconds": 15 } }));
    for (operation, kind) in [
        ("update_child_organization_allocation", "close_after"),
        ("update_child_organization_allocation", "bad_gateway"),
        ("create_child_organization", "close_after"),
    ] {
        fault(json!({ "operationId": operation, "probability": 0.02, "seed": seed, "action": { "kind": kind } }));
    }
    let world = server.world();
    let mut text = "format: 1\norganization: 11\nchildren:\n".to_owned();
    for (name, id, credits) in
        [("Acme Bakery", 101, 20_000), ("Borealis Travel", 102, 10_000), ("Cobalt Dental", 103, 40_000)]
    {
        writeln!(text, "  {name}: {{id: {id}, credits: {credits}}}").unwrap();
    }
    for index in 0..20 {
        writeln!(
            text,
            "  New {index}: {{owner: {{email: ada@new.example, name: Ada}}, region: EU, country: CZ, credits: 10000}}"
        )
        .unwrap();
    }
    world.write("fleet.yaml", &text);

    let mut killed = 0;
    let mut lives = 0;
    loop {
        lives += 1;
        assert!(lives < deaths + 60, "it never ends");
        // Fewer are left with each life: their number is that of the plan.
        let left = world.run(&["plan", "-o", "json"]).json();
        let creates =
            left["plan"]["steps"].as_array().unwrap().iter().filter(|step| step["action"]["kind"] == "create").count();
        let mut command =
            world.command(&["apply", "--yes", "--settle-wait", "0", "-q", "--creates", &creates.to_string()]);
        let mut apply = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let until = if killed < deaths {
            Instant::now() + Duration::from_millis(random.next_u64() % LIFE)
        } else {
            Instant::now() + Duration::from_secs(400)
        };
        if !wait(&mut apply, until) {
            apply.kill().unwrap();
            apply.wait().unwrap();
            killed += 1;
            continue;
        }
        let ended = world.ended(apply.wait_with_output().unwrap());
        if ended.code == 0 && world.run(&["plan", "--exit-code"]).code == 0 {
            break;
        }
        // A create whose process died before its answer may have come to nothing, and a person decides.
        give_up(&world);
    }
    let listed = world.run(&["child", "list", "-o", "json"]).json();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for child in listed.as_array().unwrap() {
        *names.entry(child["organizationName"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(names.len(), 23, "{names:?}");
    assert!(names.values().all(|count| *count == 1), "seed {seed}: {names:?}");
}
