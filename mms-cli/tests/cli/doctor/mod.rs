//! `mms doctor`: each check where it finds something, and the exit code of the first problem.

mod changes;
mod fake;

use insta::assert_snapshot;
use mms_client::FileJournal;
use serde_json::Value;

use crate::support::fake_make::FakeMake;
use crate::support::server::Server;
use crate::support::world::{CREATE, Seen, TOKEN, World, set_mode};
use fake::{Fake, Fleet};

/// Reads the checks.
fn rows(seen: &Seen) -> Vec<Value> {
    seen.json().as_array().unwrap().clone()
}

/// Returns the check of a name: of several the first.
fn row(seen: &Seen, check: &str) -> Value {
    let mut rows = rows(seen).into_iter();
    rows.find(|row| row["check"] == check).unwrap_or_else(|| panic!("no {check}: {seen}"))
}

fn found(seen: &Seen, check: &str) -> String {
    row(seen, check)["found"].as_str().unwrap().to_owned()
}

/// Returns the checks that are in a state.
fn in_state(seen: &Seen, state: &str) -> Vec<String> {
    let rows = rows(seen).into_iter().filter(|row| row["state"] == state);
    rows.map(|row| row["check"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn all_is_well_against_a_sandbox() {
    assert_snapshot!(World::new().run_line("--sandbox doctor -o csv --columns check,state"), @"
    exit: 0
    ----- stdout -----
    check,state
    version,ok
    configuration,ok
    settings,ok
    environment,ok
    proxy,ok
    files,ok
    journal,ok
    open_creates,ok
    connection,ok
    clock,ok
    token,ok
    scopes,ok
    distributor,ok
    limit,ok
    children,ok
    consumption,ok
    changes,skipped
    ----- stderr -----
    Requests: 5.
    ");
}

#[test]
fn a_running_sandbox_is_looked_at_like_make() {
    let server = Server::start(&World::new(), &[]);

    let seen = server.world().run_line("doctor -o json");

    assert_eq!((seen.code, in_state(&seen, "problem"), in_state(&seen, "warning")), (0, vec![], vec![]), "{seen}");
    assert_eq!(in_state(&seen, "skipped"), ["changes"], "the first look");
}

#[test]
fn where_nothing_is_set_up_it_says_what_to_set_up() {
    let seen = World::new().run_line("doctor");

    assert_snapshot!(seen, @"
    exit: 2
    ----- stdout -----
    ok       version             mms [VERSION] (contract 0.1.0)
    ok       configuration       no profiles: [HOME]/.config/mms/config.toml is not there
    problem  settings            no zone, no token, no organization given
                                 hint: `mms auth login` asks for it and keeps it; `mms --sandbox doctor` needs no account
    ok       environment         no variable goes before a profile that says something else
    ok       proxy               no variable names one
    ok       files               none yet
    ok       journal             [HOME]/.local/state/mms/intents, none yet
    ok       open_creates        none: the outcome of every create is known
    skipped  connection          the settings do not say all that it takes
    skipped  clock               the settings do not say all that it takes
    skipped  token               the settings do not say all that it takes
    skipped  scopes              the settings do not say all that it takes
    skipped  distributor         the settings do not say all that it takes
    skipped  limit               the settings do not say all that it takes
    skipped  children            the settings do not say all that it takes
    skipped  consumption         the settings do not say all that it takes
    skipped  changes             the settings do not say all that it takes
    ----- stderr -----
    Requests: 0.
    error: 1 check found a problem: settings
    ");
}

#[test]
fn a_configuration_that_cannot_be_read_is_a_finding_with_its_place() {
    let world = World::new();
    std::fs::create_dir_all(world.path(".config/mms")).unwrap();
    world.write(".config/mms/config.toml", "[profiles.live]\nzone = eu1\n");

    let torn = world.run_line("doctor -o json");

    assert!(torn.code == 2 && found(&torn, "configuration").contains("config.toml, line 2, column 8: "), "{torn}");
    assert_eq!(in_state(&torn, "problem"), ["configuration"]);
    world.write(".config/mms/config.toml", "[profiles.default]\norganization_id = \"x\"\n");
    let wrong = world.run_line("doctor -o json");
    assert!(wrong.code == 2 && found(&wrong, "configuration").contains("organization_id: "), "{wrong}");
}

#[test]
fn a_variable_that_goes_before_the_profile_is_told() {
    let fake = Fake::of(Fleet::default());
    let world = World::of(&fake.server);
    assert_eq!(world.run_line("config set organization_id 12").code, 0);

    let seen = world.run_line("doctor -o json");

    assert_eq!(in_state(&seen, "warning"), ["environment", "consumption"], "{seen}");
    assert!(found(&seen, "environment").starts_with("MMS_ORGANIZATION_ID of the environment goes before"), "{seen}");
    assert_eq!(seen.stderr, "Requests: 5.\n");
}

#[cfg(unix)]
#[test]
fn a_token_file_that_others_can_read_is_a_problem_with_the_command_that_mends_it() {
    let fake = Fake::of(Fleet::default());
    let world = World::new().with("MMS_BASE_URL", fake.server.base_url()).with("MMS_ORGANIZATION_ID", "11");
    let world = world.with("MMS_TOKEN_FILE", "token");
    set_mode(&world.write("token", TOKEN), 0o644);

    let seen = world.run_line("doctor -o json");

    assert_eq!((seen.code, in_state(&seen, "problem")), (2, vec!["files".to_owned(), "token".to_owned()]), "{seen}");
    assert_eq!(row(&seen, "files")["advice"], "`chmod 600 token`");
    assert!(fake.server.requests("").is_empty());
}

#[cfg(unix)]
#[test]
fn files_of_others_in_the_state_directory_are_not_looked_at() {
    let fake = Fake::of(Fleet::default());
    let world = World::of(&fake.server).with("MMS_STATE_DIR", "state");
    assert_eq!(world.run_line("doctor").code, 0);
    set_mode(&world.write("state/observations.csv", ""), 0o666);
    set_mode(&world.path("state/observations"), 0o644);

    let seen = world.run_line("doctor -o json");

    assert!(found(&seen, "files").ends_with("state/observations: mode 0644"), "{seen}");
    assert_eq!(rows(&seen).iter().filter(|row| row["check"] == "files").count(), 1, "{seen}");
}

#[test]
fn a_server_that_cannot_be_reached_says_what_failed_and_skips_what_asks_it() {
    // A port that was free a moment ago may be another test's.
    let closed = "http://127.0.0.1:1/api/v2";
    let world = |url: &str| World::new().with("MAKE_API_KEY", TOKEN).with("MMS_BASE_URL", url);

    let seen = world(closed).with("MMS_ORGANIZATION_ID", "11").run_line("doctor -o json");

    assert_eq!((seen.code, in_state(&seen, "problem")), (8, vec!["connection".to_owned()]), "{seen}");
    assert!(found(&seen, "connection").starts_with("the server cannot be reached: no connection to"), "{seen}");
    assert_eq!(in_state(&seen, "skipped").len(), 8, "{seen}");
    let unknown = world("https://nobody.invalid/api/v2").with("HTTPS_PROXY", "http://proxy").run_line("doctor -o json");
    assert!(found(&unknown, "connection").starts_with("the name of the server has no address"), "{unknown}");
    assert!(row(&unknown, "connection")["advice"].as_str().unwrap().ends_with("mms uses no proxy"), "{unknown}");
}

#[test]
fn a_token_that_the_server_does_not_know_takes_one_request() {
    let server = Server::start(&World::new(), &[]);
    let world = server.world().with("MAKE_API_KEY", "00000000-0000-4000-8000-000000000099");

    let seen = world.run_line("doctor -o json");

    assert_eq!((seen.code, in_state(&seen, "problem")), (4, vec!["token".to_owned()]), "{seen}");
    assert!(seen.stderr.starts_with("Requests: 1.\n"), "{seen}");
}

#[test]
fn an_edge_that_refuses_the_program_says_nothing_of_the_token() {
    let seen = World::of(&FakeMake::start(|_| Some(("403 Forbidden", "text/plain", "error code: 1010".to_owned()))))
        .run_line("doctor -o json");

    assert!(row(&seen, "token")["advice"].as_str().unwrap().contains("not the token"), "{seen}");
    assert_eq!(found(&seen, "children"), "the server does not say what the token may do");
}

#[test]
fn a_missing_scope_is_a_warning_with_the_commands_that_need_it() {
    let fake = Fake::of(Fleet { scopes: vec!["managed-organizations:read", "organizations:read"], ..Fleet::default() });

    let seen = World::of(&fake.server).run_line("doctor -o json");

    assert_eq!(seen.code, 0, "{seen}");
    let expected = "managed-organizations:write is missing for mms child create, mms child allocate, mms child retire, mms credits move";
    assert_eq!(found(&seen, "scopes"), expected);
    assert_eq!(row(&seen, "scopes")["state"], "warning");
}

#[test]
fn a_clock_that_is_off_is_a_warning_that_says_by_how_much_and_which_way() {
    for (status, direction) in [
        ("200 OK\r\ndate: Mon, 01 Jan 2024 00:00:00 GMT", "s ahead of the server's"),
        ("200 OK\r\ndate: Sat, 01 Jan 2124 00:00:00 GMT", "s behind the server's"),
    ] {
        let fake = Fake::of(Fleet { status, ..Fleet::default() });
        let seen = World::of(&fake.server).run_line("doctor -o json");
        assert_eq!((seen.code, row(&seen, "clock")["state"].as_str()), (0, Some("warning")), "{seen}");
        assert!(found(&seen, "clock").ends_with(direction), "{seen}");
    }
}

#[test]
fn a_create_without_a_known_outcome_is_a_problem_until_it_is_settled() {
    let fake = Fake::of(Fleet::default());
    let world = World::of(&fake.server);
    assert_eq!(world.run_line(CREATE).code, 5);

    let seen = world.run_line("doctor -o json");

    assert_eq!((seen.code, in_state(&seen, "problem")), (5, vec!["open_creates".to_owned()]), "{seen}");
    assert!(found(&seen, "open_creates").starts_with("no known outcome: \"Dorado\" from 2"), "{seen}");
    let offline = world.run_line("doctor --offline -o json");
    assert_eq!((offline.code, in_state(&offline, "problem")), (5, vec!["open_creates".to_owned()]), "{offline}");
    let elsewhere = world.run_line("doctor --organization-id 12 --offline -o json");
    assert_eq!((elsewhere.code, in_state(&elsewhere, "warning")), (0, vec!["open_creates".to_owned()]), "{elsewhere}");
}

#[test]
fn a_journal_that_another_process_has_or_nobody_can_read_is_told() {
    let world = World::of(&Fake::of(Fleet::default()).server);
    let path = world.path(".local/state/mms/intents");
    let journal = FileJournal::open(&path).unwrap();

    let held = world.run_line("doctor --offline -o json");

    assert_eq!((held.code, row(&held, "journal")["state"].as_str()), (0, Some("warning")), "{held}");
    assert!(found(&held, "journal").contains(&format!("(process {})", std::process::id())), "{held}");
    drop(journal);
    std::fs::write(&path, "no journal\n").unwrap();
    let damaged = world.run_line("doctor --offline -o json");
    assert_eq!((damaged.code, in_state(&damaged, "problem")), (1, vec!["journal".to_owned()]), "{damaged}");
}

#[test]
fn a_create_that_is_under_way_elsewhere_is_no_problem() {
    let fake = Fake::of(Fleet::default());
    let world = World::of(&fake.server);
    assert_eq!(world.run_line(CREATE).code, 5);
    let journal = FileJournal::open(world.path(".local/state/mms/intents")).unwrap();

    let held = world.run_line("doctor -o json");

    assert_eq!((held.code, in_state(&held, "problem")), (0, vec![]), "{held}");
    let process = format!("(process {}): \"Dorado\" from 2", std::process::id());
    let under_way = found(&held, "open_creates");
    assert!(under_way.starts_with("under way in ") && under_way.contains(&process), "{under_way}");
    drop(journal);
    assert_eq!(world.run_line("doctor").code, 5);
}

#[test]
fn a_token_that_is_refused_counts_before_an_open_create() {
    let fake = Fake::of(Fleet::default());
    let world = World::of(&fake.server);
    assert_eq!(world.run_line(CREATE).code, 5);
    fake.change(|fleet| fleet.is_token_known = false);

    let seen = world.run_line("doctor -o json");

    assert_eq!(
        (seen.code, in_state(&seen, "problem")),
        (4, vec!["open_creates".to_owned(), "token".to_owned()]),
        "{seen}"
    );
}

#[test]
fn a_paused_distributor_is_a_problem_and_children_that_stand_still_are_warnings() {
    let mut fleet = Fleet { is_paused: true, ..Fleet::default() };
    fleet.children.push((125, "Cobalt", 0));

    let seen = World::of(&Fake::of(fleet).server).run_line("doctor -o json");

    assert_eq!((seen.code, in_state(&seen, "problem")), (1, vec!["distributor".to_owned()]), "{seen}");
    assert_eq!(found(&seen, "children"), "3 children, 1 of them without credits: 125 Cobalt");
    assert_eq!(found(&seen, "consumption"), "1 used all of their credits: 123 Acme");
}

#[test]
fn without_an_organization_the_token_is_checked_all_the_same() {
    let fake = Fake::of(Fleet::default());
    let world = World::new().with("MMS_BASE_URL", fake.server.base_url()).with("MAKE_API_KEY", TOKEN);

    let seen = world.run_line("doctor -o json");

    assert_eq!((seen.code, row(&seen, "token")["state"].as_str()), (2, Some("ok")), "{seen}");
    assert_eq!(in_state(&seen, "problem"), ["settings", "distributor"]);
}

#[test]
fn a_look_takes_five_requests_and_one_offline_none() {
    let fake = Fake::of(Fleet::default());
    let world = World::of(&fake.server);

    let offline = world.run_line("doctor --offline");
    assert!(offline.code == 0 && fake.server.requests("").is_empty(), "{offline}");
    let seen = world.run_line("doctor");
    assert_eq!((seen.code, seen.stderr.as_str(), fake.server.requests("").len()), (0, "Requests: 5.\n", 5), "{seen}");
}
