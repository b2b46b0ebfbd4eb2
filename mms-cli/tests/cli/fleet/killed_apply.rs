//! kill -9 of an apply at random moments: the next one goes on, creates nothing twice, and ends as the file asks.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use mms_client::{FileJournal, Journal, Random, Resolution, SeededRandom};
use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::world::{TOKEN, World};

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

/// A distributor whose limit nobody reaches, with so many children of 50,000 credits.
fn seed_of(children: usize) -> String {
    let child = |index| json!({ "organizationId": 2_000 + index, "organizationName": format!("Child {index}"), "operationsAllocated": 50_000 });
    let scopes = ["managed-organizations:read", "managed-organizations:write", "organizations:read"];
    let distributor = json!({
        "organizationId": 11,
        "operations": 1_000_000,
        "apiLimit": 1_000_000,
        "tokens": [{ "token": TOKEN, "scopes": scopes }],
        "children": (0..children).map(child).collect::<Vec<_>>(),
    });
    json!({ "distributors": [distributor] }).to_string()
}

/// A fleet that changes every child, half of them down and half of them up, and has new ones.
fn fleet_of(children: usize, creates: usize) -> String {
    let mut text = "format: 1\norganization: 11\nchildren:\n".to_owned();
    for index in 0..children {
        let credits = if index % 2 == 0 { 20_000 } else { 60_000 };
        writeln!(text, "  Child {index}: {{id: {}, credits: {credits}}}", 2_000 + index).unwrap();
    }
    for index in 0..creates {
        let owner = "{email: ada@new.example, name: Ada}";
        writeln!(text, "  New {index}: {{owner: {owner}, region: EU, country: CZ, credits: 10000}}").unwrap();
    }
    text
}

/// What goes wrong at the server: 429s, lost answers before and after the work, lists that lag behind.
fn let_it_fail(server: &Server, seed: u64) {
    let (create, allocate) = ("create_child_organization", "update_child_organization_allocation");
    let fault = |rule: Value| server.control("POST", "/faults", &rule);
    fault(json!({ "action": { "kind": "delay_before", "milliseconds": 15 } }));
    fault(json!({ "operationId": "list_child_organizations", "action": { "kind": "lagging_list", "lists": 1 } }));
    for (operation, action) in [
        (allocate, json!({ "kind": "close_after" })),
        (allocate, json!({ "kind": "close_before" })),
        (allocate, json!({ "kind": "bad_gateway" })),
        (create, json!({ "kind": "close_after" })),
        (allocate, json!({ "kind": "too_many_requests", "retryAfterSeconds": 1 })),
        (allocate, json!({ "kind": "too_many_requests", "retryAfterSeconds": 1, "afterWork": true })),
    ] {
        fault(json!({ "operationId": operation, "probability": 0.01, "seed": seed, "action": action }));
    }
}

/// Applies a fleet whose applies are killed, until it is as its file asks. Returns how many died.
fn round(seed: u64, children: usize, creates: usize, most_deaths: usize) -> usize {
    let (home, random) = (World::new(), SeededRandom::new(seed));
    home.write("seed.json", &seed_of(children));
    let server = Server::start(&home, &["--seed", "seed.json", "--set", "limiter=off"]);
    let_it_fail(&server, seed);
    let world = server.world();
    world.write("fleet.yaml", &fleet_of(children, creates));
    let (mut deaths, mut lives) = (0, 0);
    loop {
        lives += 1;
        assert!(lives < most_deaths + 60, "seed {seed}: it never ends");
        // Fewer are left with each life: their number is that of the plan.
        let plan = world.run(&["plan", "-o", "json"]).json();
        let steps = plan["plan"]["steps"].as_array().unwrap().clone();
        let creates = steps.iter().filter(|step| step["action"]["kind"] == "create").count().to_string();
        let mut command = world.command(&["apply", "--yes", "--settle-wait", "0", "-q", "--creates", &creates]);
        let mut apply = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let life = if deaths < most_deaths { random.next_u64() % LIFE } else { 400_000 };
        if !wait(&mut apply, Instant::now() + Duration::from_millis(life)) {
            apply.kill().unwrap();
            apply.wait().unwrap();
            deaths += 1;
            if random.next_u64() % 4 == 0 {
                // Somebody else, of whom the journal knows nothing.
                let child = 2_000 + random.next_u64() % children as u64;
                let path = format!("/organizations/11/managed-organizations/{child}");
                world.run(&["api", "PATCH", &path, "-f", "operations=70000", "--yes", "-q"]);
            }
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
    let names: BTreeSet<_> =
        listed.as_array().unwrap().iter().map(|child| child["organizationName"].as_str().unwrap()).collect();
    assert_eq!(names.len(), children + creates, "seed {seed}");
    assert_eq!(listed.as_array().unwrap().len(), children + creates, "seed {seed}: {listed}");
    deaths
}

#[test]
fn an_apply_that_is_killed_again_and_again_ends_as_its_file_asks_without_a_duplicate() {
    let is_soak = env::var_os("MMS_SOAK").is_some();
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seed = number("MMS_SOAK_SEED").unwrap_or(1);
    let kills = number("MMS_SOAK_KILLS").unwrap_or(if is_soak { 500 } else { 10 });
    println!("MMS_SOAK_SEED={seed} begins with these times");
    let (children, creates) = if is_soak { (280, 20) } else { (12, 8) };
    let mut left = usize::try_from(kills).unwrap();
    for seed in seed.. {
        left = left.saturating_sub(round(seed, children, creates, left));
        if left == 0 {
            break;
        }
    }
}
