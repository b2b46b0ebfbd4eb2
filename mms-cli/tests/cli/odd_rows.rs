//! A server whose list has rows without a name or an allocation: every other row is as good as ever.

use insta::assert_snapshot;

use crate::support::fake_make::{FakeMake, json, read_answer};
use crate::support::world::{Seen, World};

const CREATE: &str = "child create --owner-name Ada --owner-email ada@dorado.example --region EU --country CZ \
    --credits 10000 --yes --quiet --name";

/// Starts a server that lists four children, three of them with rows that lack something, and that does every write.
fn odd() -> FakeMake {
    FakeMake::start(|request| match request {
        "GET /api/v2/organizations/11/managed-organizations" => json(
            "200 OK",
            r#"{"managedOrganizations":[
                {"organizationId":" 123 ","organizationName":"Acme","operationsAllocated":"10000"},
                {"organizationId":124,"organizationName":null,"operationsAllocated":10000},
                {"organizationId":125,"organizationName":"Bakery","operationsAllocated":"many"},
                {"organizationId":126}],
                "pg":{"limit":100}}"#,
        ),
        "GET /api/v2/organizations/11/managed-organizations-consumption" => json(
            "200 OK",
            r#"{"managedOrganizationsConsumption":[
                {"organizationId":123,"centicreditsConsumed":null},
                {"organizationId":124,"centicreditsConsumed":"7"}]}"#,
        ),
        "POST /api/v2/organizations/11/managed-organizations" => {
            json("200 OK", r#"{"childOrganizationId":127,"newParentOperations":480000}"#)
        }
        request if request.starts_with("PATCH ") => {
            json("200 OK", r#"{"newParentOperations":480000,"newChildOperations":20000}"#)
        }
        _ => read_answer(request),
    })
}

fn run(server: &FakeMake, command: &str) -> Seen {
    World::of(server).run_line(command)
}

#[test]
fn every_row_is_listed_with_what_it_has_and_the_odd_ones_are_named() {
    assert_snapshot!(run(&odd(), "child list"), @"
    exit: 0
    ----- stdout -----
     ID  NAME    CREDITS  ZONE
    123  Acme      10000  -
    124  -         10000  -
    125  Bakery        -  -
    126  -             -  -
    ----- stderr -----
    warning: the server's list has incomplete rows, which are taken as they are: 124 has no name, 125 has no allocation, 126 has neither name nor allocation
    ");
    assert_snapshot!(run(&odd(), "child list -o csv"), @"
    exit: 0
    ----- stdout -----
    organizationId,organizationName,operationsAllocated,countryId,timezoneId,zoneId,zoneDomain,zoneName
    123,Acme,10000,,,,,
    124,,10000,,,,,
    125,Bakery,,,,,,
    126,,,,,,,
    ----- stderr -----
    warning: the server's list has incomplete rows, which are taken as they are: 124 has no name, 125 has no allocation, 126 has neither name nor allocation
    ");
    let seen = run(&odd(), "child list -o json");
    let ids: Vec<_> = seen.json().as_array().unwrap().iter().map(|row| row["organizationId"].as_u64()).collect();
    assert_eq!(ids, [123, 124, 125, 126].map(Some));
    assert_snapshot!(run(&odd(), "consumption"), @"
    exit: 0
    ----- stdout -----
     ID  NAME    CREDITS  CONSUMED     LEFT  USED  STATE         LAST RESET
    124  -         10000      0.07  9999.93    0%  ok            -
    123  Acme      10000         -        -     -  not_reported  -
    125  Bakery        -         -        -     -  not_reported  -
    126  -             -         -        -     -  not_reported  -
    ----- stderr -----
    warning: the server's list has incomplete rows, which are taken as they are: 124 has no name, 125 has no allocation, 126 has neither name nor allocation
    ");
}

#[test]
fn a_child_is_found_by_what_its_row_has() {
    for (child, id) in [("Acme", 123), ("id:124", 124), ("Bakery", 125), ("126", 126)] {
        let seen = run(&odd(), &format!("child show {child} -o json"));
        assert_eq!(seen.json()["organizationId"], id, "{seen}");
    }
    for nothing in ["name:", "(no name)"] {
        let seen = World::of(&odd()).run(&["child", "show", nothing]);
        assert!(seen.code == 7 && seen.stderr.contains("unknown child organization"), "{seen}");
    }
}

#[test]
fn an_allocation_to_a_child_whose_row_is_whole_is_made() {
    let server = odd();
    let seen = run(&server, "child allocate Acme 20000 --yes");
    assert_eq!((seen.code, server.requests("PATCH").len()), (0, 1), "{seen}");
}

#[test]
fn an_allocation_to_a_child_whose_row_is_odd_takes_a_person_or_is_refused() {
    let server = odd();
    assert_snapshot!(run(&server, "child allocate 124 20000 --yes --quiet"), @"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    warning: the server's list has incomplete rows, which are taken as they are: 124 has no name, 125 has no allocation, 126 has neither name nor allocation
    error: the server lists child organization 124 without its name
    hint: run the command without --yes, on a terminal, and it asks
    ");
    assert_snapshot!(run(&server, "child allocate Bakery 20000 --yes --quiet"), @"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    warning: the server's list has incomplete rows, which are taken as they are: 124 has no name, 125 has no allocation, 126 has neither name nor allocation
    error: the server lists child organization 125 without its allocation; nothing was sent
    hint: try again in a moment, or set it in Make itself
    ");
    assert!(server.requests("PATCH").is_empty());
}

#[test]
fn an_unknown_consumption_is_a_risk_for_a_child_that_gets_less() {
    let server = odd();
    assert_snapshot!(run(&server, "child allocate 123 0 --yes --quiet"), @"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    warning: the server's list has incomplete rows, which are taken as they are: 124 has no name, 125 has no allocation, 126 has neither name nor allocation
    error: the consumption of child organization 123 is unknown: 0 credits may leave it nothing, and its scenarios may pause
    hint: add --allow-pause if that is meant
    ");
    assert!(server.requests("PATCH").is_empty());
}

#[test]
fn a_create_beside_a_child_without_a_name_takes_a_decision() {
    let server = odd();
    assert_snapshot!(run(&server, &format!("{CREATE} Dorado")), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    warning: the server's list has incomplete rows, which are taken as they are: 124 has no name, 125 has no allocation, 126 has neither name nor allocation
    error: "Dorado" in organization 11: nothing was sent, because the server lists children without their names (124, 126), and one may be it: see which they are, or allow a second of the name
    hint: see them with `mms child list`, or add --allow-duplicate-name to create another one
    "#);
    assert_snapshot!(run(&server, &format!("{CREATE} Acme")), @r#"
    exit: 6
    ----- stdout -----
    ----- stderr -----
    warning: the server's list has incomplete rows, which are taken as they are: 124 has no name, 125 has no allocation, 126 has neither name nor allocation
    error: a child organization named "Acme" exists: 123
    hint: choose another name; --if-absent is content with the one that is there, --allow-duplicate-name creates a second one
    "#);
    assert!(server.requests("POST").is_empty());
    let seen = run(&server, &format!("{CREATE} Dorado --allow-duplicate-name"));
    assert_eq!((seen.code, server.requests("POST").len()), (0, 1), "{seen}");
}
