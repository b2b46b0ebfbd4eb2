//! What changed since the last look: told once, and nothing concluded from a list that may be cut.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::fake::{Fake, Fleet};
use super::{found, row, rows};
use crate::support::world::World;

/// Takes a first look, changes the fleet and takes a second one: its exit code and the names of the changes.
fn changed(change: impl FnOnce(&mut Fleet)) -> (i32, Vec<String>, World, Fake) {
    let fake = Fake::of(Fleet::default());
    let world = World::of(&fake.server);
    let first = world.run_line("doctor -o json");
    assert_eq!((first.code, row(&first, "changes")["state"].as_str()), (0, Some("skipped")), "{first}");
    fake.change(change);
    let second = world.run_line("doctor -o json");
    let behind = rows(&second).into_iter().skip_while(|row| row["check"] != "consumption").skip(1);
    let names = behind.map(|row| row["check"].as_str().unwrap().to_owned()).collect();
    (second.code, names, world, fake)
}

#[test]
fn nothing_that_changed_is_told_with_the_time_of_the_last_look() {
    let (code, names, world, _fake) = changed(|_| {});

    assert_eq!((code, names), (0, vec!["changes".to_owned()]));
    assert!(found(&world.run_line("doctor -o json"), "changes").starts_with("none since 2"));
}

#[test]
fn a_child_that_vanished_is_an_alert_and_told_once() {
    let (code, names, world, _fake) = changed(|fleet| fleet.children.truncate(1));

    assert_eq!((code, names), (9, vec!["child_vanished".to_owned()]));
    assert_eq!(world.run_line("doctor").code, 0);
}

#[test]
fn a_child_that_the_second_list_has_did_not_vanish() {
    let (code, names, _world, fake) = changed(|fleet| fleet.stumbles = 1);

    assert_eq!((code, names), (0, vec!["changes".to_owned()]));
    let lists = fake.server.requests("GET").into_iter().filter(|request| request.ends_with("/managed-organizations"));
    assert_eq!(lists.count(), 3, "one, and two where a child was missing");
}

#[test]
fn a_list_that_may_be_cut_lacks_nothing() {
    let (code, names, world, fake) = changed(|fleet| {
        fleet.is_whole = false;
        fleet.children.remove(1);
    });

    assert_eq!((code, names), (0, vec!["changes".to_owned()]));
    // What it did not show is remembered, and missed by the next list that is whole.
    fake.change(|fleet| fleet.is_whole = true);
    let whole = world.run_line("doctor -o json");
    assert!(whole.code == 9 && found(&whole, "child_vanished").contains("124 \"Borealis\""), "{whole}");
}

#[test]
fn a_child_with_another_name_and_a_new_one_are_warnings() {
    let (code, names, ..) = changed(|fleet| {
        fleet.children[0].1 = "Acme Ltd";
        fleet.children.push((125, "Cobalt", 0));
    });

    assert_eq!((code, names), (0, vec!["child_changed".to_owned(), "child_new".to_owned()]));
}

#[test]
fn a_token_that_is_refused_is_an_alert_once_and_then_the_tokens_own_problem() {
    let fake = Fake::of(Fleet::default());
    let world = World::of(&fake.server);
    assert_eq!(world.run_line("doctor").code, 0);
    fake.change(|fleet| fleet.is_token_known = false);

    let revoked = world.run_line("doctor -o json");

    assert!(revoked.code == 9 && row(&revoked, "token_refused")["state"] == "problem", "{revoked}");
    assert_eq!(world.run_line("doctor").code, 4);
    fake.change(|fleet| fleet.is_token_known = true);
    let again = world.run_line("doctor -o json");
    assert!(again.code == 0 && row(&again, "token_accepted")["state"] == "warning", "{again}");
}

#[test]
fn a_scope_that_is_gone_and_a_distributor_that_is_no_longer_visible_are_alerts() {
    let (code, names, ..) = changed(|fleet| fleet.scopes.truncate(1));
    assert_eq!((code, names), (9, vec!["scope_gone".to_owned(), "scope_gone".to_owned()]));

    let (code, names, world, _fake) = changed(|fleet| fleet.is_visible = false);
    assert_eq!((code, names), (9, vec!["distributor_gone".to_owned()]));
    assert_eq!(world.run_line("doctor").code, 7, "told once, and then what it is");
}

#[test]
fn a_look_that_reaches_nobody_forgets_nothing() {
    let fake = Fake::of(Fleet::default());
    let world = World::of(&fake.server);
    assert_eq!(world.run_line("doctor").code, 0);
    fake.change(|fleet| fleet.status = "503 Service Unavailable");
    let down = world.run_line("doctor -o json --timeout 1");
    assert_eq!((down.code, row(&down, "changes")["state"].as_str()), (8, Some("skipped")), "{down}");
    assert_eq!(found(&down, "children"), "the server does not say what the token may do");
    fake.change(|fleet| {
        fleet.status = "200 OK";
        fleet.children.truncate(1);
    });

    assert_eq!(world.run_line("doctor").code, 9);
}

#[test]
fn a_watch_needs_the_token_more_than_once() {
    let seen = World::new().run_line("doctor --watch --token-file -");

    assert_eq!(seen.code, 2);
    assert!(seen.stderr.starts_with("error: --watch needs the token at every look"), "{seen}");
}

#[cfg(unix)]
#[test]
fn what_was_seen_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let (.., world, _fake) = changed(|_| {});

    let file = world.path(".local/state/mms/observations");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("Borealis") && !text.contains(crate::support::world::TOKEN), "{text}");
}

#[cfg(unix)]
#[test]
fn a_watch_tells_what_changed_alone_a_line_each_and_ends_well_by_a_signal() {
    let fake = Fake::of(Fleet { is_paused: true, ..Fleet::default() });
    let world = World::of(&fake.server);
    let mut command = world.command(&["doctor", "--watch=1", "--quiet"]);
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut line = || serde_json::from_str::<serde_json::Value>(&lines.next().unwrap().unwrap()).unwrap();

    let (first, used) = (line(), line());
    assert_eq!((&first["check"], &first["state"]), (&"distributor".into(), &"problem".into()));
    assert_eq!(used["check"], "consumption");
    fake.change(|fleet| fleet.children[1].1 = "Boreal");
    let second = line();
    fake.change(|fleet| fleet.children[1].1 = "Borealis");
    assert_eq!(line()["check"], "child_changed", "another change of the same kind");
    fake.change(|fleet| fleet.is_paused = false);
    assert_eq!(line()["state"], "ok", "the distributor goes on");
    assert_eq!((&second["check"], &second["state"]), (&"child_changed".into(), &"warning".into()));
    assert!(second["time"].as_str().unwrap().ends_with('Z') && second["advice"].is_string(), "{second}");

    assert!(Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap().success());
    assert_eq!(process.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_a_watch_tells_each_change_on_a_line_with_its_time() {
    let fake = Fake::of(Fleet { is_paused: true, ..Fleet::default() });
    let world = World::of(&fake.server).with("NO_COLOR", "1");

    let seen = crate::support::terminal::run(&world, "doctor --watch=60", &[("stand still", "\u{3}")]);

    let line = seen.screen.lines().find(|line| line.contains("distributor")).unwrap();
    let (time, rest) = line.split_once("  ").unwrap();
    assert_eq!((time.len(), rest), (8, "problem  distributor         11 Agency is paused"), "{seen:?}");
    assert_eq!(seen.code, 0, "{seen:?}");
}
