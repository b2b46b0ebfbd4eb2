//! Which children are shown, in which order and with which columns.

use insta::assert_snapshot;

use crate::support::fake_make::{FakeMake, json};
use crate::support::world::World;

/// Starts a server with a child that stands still, one of which nothing is reported, and two that are fine.
fn server() -> FakeMake {
    FakeMake::start(|request| {
        let body = match request.trim_start_matches("GET /api/v2") {
            "/organizations/11/managed-organizations" => {
                r#"{"managedOrganizations":[
                    {"organizationId":1,"organizationName":"Client 10","operationsAllocated":10000,"countryId":60,"zoneDomain":"eu1.make.com"},
                    {"organizationId":2,"organizationName":"Client 9","operationsAllocated":0,"countryId":1,"zoneDomain":"us1.make.com"},
                    {"organizationId":3,"organizationName":"Acme","operationsAllocated":20000,"zoneDomain":"eu2.make.com"},
                    {"organizationId":4,"organizationName":"Sol","operationsAllocated":10000,"countryId":60}],
                    "pg":{"limit":100}}"#
            }
            "/organizations/11/managed-organizations-consumption" => {
                r#"{"managedOrganizationsConsumption":[
                    {"organizationId":1,"centicreditsConsumed":"941250"},
                    {"organizationId":2,"centicreditsConsumed":"990000"},
                    {"organizationId":3,"centicreditsConsumed":"2000000"}]}"#
            }
            "/enums/countries" => r#"{"countries":[{"id":60,"name":"Czechia","code":"CZE","code2":"cz"}]}"#,
            other => panic!("nobody should ask for {other}"),
        };
        json("200 OK", body)
    })
}

fn ids(arguments: &str) -> String {
    let server = server();
    let seen = World::of(&server).run_line(&format!("{arguments} --columns id -o tsv --no-header -q"));
    assert_eq!(seen.code, 0, "{seen}");
    seen.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn children_are_chosen_by_name_zone_and_country() {
    assert_eq!(ids("child list --name CLIENT"), "1 2");
    assert_eq!(ids("child list --name *9"), "2");
    assert_eq!(ids("child list --region EU"), "1 3");
    assert_eq!(ids("child list --country cz"), "1 4");
    assert_eq!(ids("child list --sort name"), "3 2 1 4");
    assert_eq!(ids("child list --sort credits:desc --limit 1"), "3");
}

#[test]
fn who_runs_dry_is_one_question_and_who_stands_still_is_in_the_answer() {
    assert_snapshot!(World::of(&server()).run_line("consumption --above 80 --exit-code"), @"
    exit: 9
    ----- stdout -----
    ID  NAME       CREDITS  CONSUMED      LEFT   USED  STATE   LAST RESET
     2  Client 9         0   9900.00  -9900.00  >999%  paused  -
     3  Acme         20000  20000.00      0.00   100%  over    -
     1  Client 10    10000   9412.50    587.50    94%  near    -
    ----- stderr -----
    warning: 1 child organization is left out, since consumption or allocation are not reported
    error: 3 child organizations have used 80% or more
    ");
    assert_eq!(ids("consumption --left-below 1000"), "2 3 1");
    assert_eq!(ids("child list --above 100%"), "2 3");
}

#[test]
fn every_row_has_a_state_what_is_left_and_a_number_that_sorts() {
    let seen =
        World::of(&server()).run_line("consumption -o ndjson --columns organizationId,usedPercent,creditsLeft,state");

    assert_snapshot!(seen, @r#"
    exit: 0
    ----- stdout -----
    {"creditsLeft":-9900,"organizationId":2,"state":"paused","usedPercent":990000}
    {"creditsLeft":0,"organizationId":3,"state":"over","usedPercent":100}
    {"creditsLeft":587.5,"organizationId":1,"state":"near","usedPercent":94}
    {"creditsLeft":null,"organizationId":4,"state":"not_reported","usedPercent":null}
    ----- stderr -----
    "#);
}

#[test]
fn a_check_that_finds_nothing_is_done_and_one_of_nobody_is_an_error() {
    let check = |arguments: &str| World::of(&server()).run_line(&format!("consumption {arguments} --exit-code"));

    assert_eq!(check("--name sol --above 80").code, 0);
    for arguments in ["--name nobody --above 80", "--region Europe --above 80"] {
        let seen = check(arguments);
        assert_eq!(seen.code, 7, "{seen}");
        assert!(seen.stderr.contains("error: no child organization has this name, zone or country"), "{seen}");
    }
}

#[test]
fn a_list_of_nobody_says_so() {
    let seen = World::of(&server()).run_line("child list --name nobody");
    assert_eq!((seen.code, seen.stderr.lines().count()), (0, 1), "{seen}");
    assert!(seen.stderr.starts_with("Nothing is shown: no child organization has this name"), "{seen}");
}

#[test]
fn consumption_is_read_only_where_it_is_needed() {
    for (command, asks) in [
        ("child list", false),
        ("child list --sort name --columns id,zone", false),
        ("child list --sort left", true),
        ("child list --columns id,state", true),
    ] {
        let server = server();
        assert_eq!(World::of(&server).run_line(command).code, 0);
        let asked = server.requests("GET").iter().any(|request| request.ends_with("consumption"));
        assert_eq!(asked, asks, "{command}");
    }
}

#[test]
fn a_column_that_is_not_there_costs_no_request() {
    let server = server();
    for command in
        ["child list --columns colour", "consumption --sort colour", "child allocate 1 20000 --yes --columns colour"]
    {
        let seen = World::of(&server).run_line(command);
        assert!(
            seen.code == 2 && seen.stderr.contains("there is no column \"colour\"\nhint: the columns are "),
            "{seen}"
        );
    }
    assert!(server.requests("").is_empty());
}

#[test]
fn a_child_is_shown_by_the_beginning_or_a_part_of_its_name_and_several_at_once() {
    let world = World::of(&server());

    assert_eq!(world.run_line("child show acm -o json").json()["organizationId"], 3);
    assert_eq!(world.run_line("child show ol -o json").json()["organizationId"], 4);
    let several = world.run_line("child show Acme 1 3 -o json").json();
    assert_eq!(
        several.as_array().unwrap().iter().map(|row| row["organizationId"].as_u64().unwrap()).collect::<Vec<_>>(),
        [3, 1]
    );
    let ambiguous = world.run_line("child show client");
    assert!(
        ambiguous.code == 1 && ambiguous.stderr.contains("is ambiguous: 1 \"Client 10\", 2 \"Client 9\""),
        "{ambiguous}"
    );
    let write = world.run_line("child allocate acm 30000 --yes");
    assert!(write.code == 7 && write.stderr.contains("the whole name, which may be 3 \"Acme\";"), "{write}");
}

#[test]
fn the_pool_says_what_can_be_handed_out_and_what_could_be_freed() {
    assert_snapshot!(World::new().run_line("--sandbox pool -o json"), @r#"
    exit: 0
    ----- stdout -----
    {
      "organizationId": 11,
      "operations": 500000,
      "children": 3,
      "operationsAllocated": 160000,
      "creditsConsumed": 21415.5,
      "creditsLeft": 138584.5,
      "belowPercent": 20,
      "childrenBelow": 1,
      "freeable": 90000
    }
    ----- stderr -----
    "#);
}
