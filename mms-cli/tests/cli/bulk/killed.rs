//! kill -9 in the middle of a table: the same command goes on where it stopped, and no child is made twice.

use std::collections::BTreeMap;
use std::process::Stdio;

use mms_client::{Random, SeededRandom};

use super::{outcomes, write};
use crate::support::proxy::Proxy;
use crate::support::server::Server;
use crate::support::world::{Seen, World};

const COMMAND: [&str; 10] = [
    "child",
    "create",
    "--from=new.csv",
    "--report=report.csv",
    "--creates=11",
    "--settle-wait=0",
    "--yes",
    "-q",
    "-o",
    "json",
];

/// Runs a command. What earlier ones sent is forgotten, so that nobody waits for the next minute.
fn run(world: &World, words: &[&str]) -> Seen {
    drop(std::fs::remove_dir_all(world.path(".local/state/mms/sent")));
    world.run(words)
}

/// Gives up the creates of which a person finds nothing, as the hint says.
fn give_up_what_is_not_there(world: &World) {
    let settled = run(world, &["child", "settle", "--settle-wait=0", "-q", "-o", "json"]);
    for row in settled.json().as_array().unwrap() {
        if row["outcome"] == "absent_unproven" {
            let intent = row["intent"].as_str().unwrap();
            let because = "--reason=it is not there";
            let decide =
                ["child", "settle", "--intent", intent, "--give-up", because, "--settle-wait=0", "--yes", "-q"];
            assert_eq!(run(world, &decide).code, 0);
        }
    }
}

#[test]
fn a_table_that_is_killed_again_and_again_creates_each_child_once() {
    let home = World::new();
    let server = Server::start(&home, &["--data", "served.db", "--set", "limiter=off"]);
    let proxy = Proxy::to(server.address().parse().unwrap());
    let world = home
        .with("MMS_BASE_URL", proxy.base_url())
        .with("MAKE_API_KEY", server.printed["token"].as_str().unwrap())
        .with("MMS_ORGANIZATION_ID", server.printed["organizationId"].to_string());
    let names: Vec<_> = (1..=11).map(|number| format!("Client {number}")).collect();
    write(&world, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let random = SeededRandom::new(12);
    let (mut deaths, mut settled) = (0, 0);

    loop {
        drop(std::fs::remove_dir_all(world.path(".local/state/mms/sent")));
        let mut command = world.command(&COMMAND);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Some steps into the writes, whatever was read before them.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some forty steps")]
        let step = 28 + (random.fraction() * 22.0) as usize;
        let died = proxy.kill_at(step, || command.spawn().unwrap());
        proxy.settle_down();
        if !died {
            break;
        }
        deaths += 1;
        assert!(deaths < 60, "it does not get on");
        if run(&world, &["child", "settle", "--settle-wait=0", "-q"]).code == 5 {
            settled += 1;
            give_up_what_is_not_there(&world);
        }
    }

    let last = run(&world, &COMMAND);
    assert_eq!(last.code, 0, "{last}");
    assert_eq!(outcomes(&world), ["existed"; 11]);
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for row in run(&world, &["child", "list", "--name=Client *", "-o", "json"]).json().as_array().unwrap() {
        *found.entry(row["organizationName"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(found.len(), 11, "{found:?}");
    assert!(found.values().all(|count| *count == 1), "{found:?}");
    assert!(deaths >= 3, "{deaths} deaths, {settled} of them with an open create");
}
