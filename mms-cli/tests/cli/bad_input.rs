//! Mistakes that users make. Each gets one line that names the value, the way out where there is one, and its exit code.

use insta::assert_snapshot;

use crate::support::fake_make::{FakeMake, json, list, read_answer};
use crate::support::world::World;

#[test]
fn an_unknown_child_gets_close_candidates_or_all_where_they_are_few() {
    assert_snapshot!(World::new().run(&["--sandbox", "child", "show", "Acme Backery"]), @r#"
    exit: 7
    ----- stdout -----
    ----- stderr -----
    error: unknown child organization "Acme Backery"
    hint: the nearest is 101 "Acme Bakery"; `mms --sandbox child list` shows them all
    "#);
    assert_snapshot!(World::new().run(&["--sandbox", "child", "show", "999"]), @r#"
    exit: 7
    ----- stdout -----
    ----- stderr -----
    error: unknown child organization "999"
    hint: the choice is 101 "Acme Bakery", 102 "Borealis Travel", 103 "Cobalt Dental"; `mms --sandbox child list` shows them all
    "#);
}

#[test]
fn two_children_of_one_name_are_told_apart_by_id() {
    let server = FakeMake::start(|request| match request {
        "GET /api/v2/organizations/11/managed-organizations" => {
            list([(123, "Acme", 10_000), (124, "Acme", 20_000)], None)
        }
        _ => read_answer(request),
    });
    let world = World::of(&server);

    assert_snapshot!(world.run(&["child", "allocate", "Acme", "30000", "--yes"]), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: child organization "Acme" is ambiguous: 123 "Acme", 124 "Acme"
    hint: name the one that is meant by its id: id:123 or id:124
    "#);
    assert!(server.requests("PATCH").is_empty());
    assert_eq!(world.run(&["child", "show", "124", "-o", "json"]).json()["operationsAllocated"], 20_000);
}

#[test]
fn credits_off_the_step_are_wrong_use() {
    assert_snapshot!(World::new().run(&["--sandbox", "child", "allocate", "Acme Bakery", "12345"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: CREDITS: 12345 is not a multiple of 10000: write 10000 or 20000
    "#);
    assert_snapshot!(World::new().run(&["--sandbox", "child", "allocate", "Acme Bakery", "20,000"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: CREDITS: "20,000" is not a number of credits: write 20000, without a separator or a unit
    "#);
}

#[test]
fn a_pool_that_is_too_small_is_seen_before_anything_is_sent() {
    let server = FakeMake::answering_writes(None);
    let world = World::of(&server);

    assert_snapshot!(world.run(&["child", "allocate", "Acme", "510000", "--yes"]), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: the pool is too small: it holds 490000 credits, 500000 are needed
    hint: ask for less, or take credits from another child with `mms child allocate` first
    "#);
    assert_snapshot!(world.run(&create("EU", "cz", "500000")), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: the pool is too small: it holds 490000 credits, 500000 are needed
    hint: ask for less, or take credits from another child with `mms child allocate` first
    "#);
    assert!(server.requests("P").is_empty());
}

#[test]
fn a_region_or_country_that_does_not_exist_is_named_with_candidates() {
    assert_snapshot!(World::new().run(&[&create("Mars", "cz", "0")[..], &["--sandbox"]].concat()), @r#"
    exit: 7
    ----- stdout -----
    ----- stderr -----
    error: unknown region "Mars"
    hint: the choice is 1 "EU", 2 "US"; `mms --sandbox region list` shows them all
    "#);
    assert_snapshot!(World::new().run(&[&create("EU", "Germny", "0")[..], &["--sandbox"]].concat()), @r#"
    exit: 7
    ----- stdout -----
    ----- stderr -----
    error: unknown country "Germny"
    hint: the nearest is 83 "Germany"; `mms --sandbox country list` shows them all
    "#);
}

#[test]
fn a_write_that_nobody_can_confirm_is_not_begun() {
    let server = FakeMake::answering_writes(None);
    let world = World::of(&server);
    let create = create("EU", "cz", "10000");

    let unconfirmed = &create[..create.len() - 1];
    assert_snapshot!(world.run(unconfirmed), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: nobody to ask: standard input is no terminal
    hint: add --yes to do it without asking
    "#);
    assert_eq!(world.run(&["child", "allocate", "Acme", "20000"]).code, 2);
    assert!(server.requests("").is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn a_question_that_nobody_would_see_is_not_asked() {
    use std::os::unix::fs::OpenOptionsExt;

    /// `O_NONBLOCK` of Linux: who asks all the same finds no answer, and does not wait for one.
    const NONBLOCK: i32 = 0o4000;

    let server = FakeMake::answering_writes(None);
    let world = World::of(&server);
    let terminal = std::fs::File::options().read(true).write(true).custom_flags(NONBLOCK).open("/dev/ptmx").unwrap();
    let mut command = world.command(&["child", "allocate", "Acme", "20000"]);

    assert_snapshot!(world.seen(command.stdin(terminal)), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: nobody to ask: standard error is no terminal
    hint: add --yes to do it without asking
    "#);
    assert!(server.requests("").is_empty());
}

#[test]
fn a_name_or_address_that_make_would_refuse_is_wrong_use() {
    let mut arguments = create("EU", "cz", "10000");
    arguments[3] = "Acme;";
    assert_snapshot!(World::new().run(&arguments), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --name: "Acme;" is not an organization name: it has ';'; letters, digits, spaces and ' - . ( ) * + , @ _ / can be in one
    "#);
    arguments[3] = "Acme";
    arguments[7] = "ada";
    assert_snapshot!(World::new().run(&arguments), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --owner-email: "ada" is not an e-mail address: expected a plain one like ada@acme.example
    "#);
}

#[test]
fn status_says_what_a_token_lacks_and_shows_the_rest() {
    let server = FakeMake::start(|request| match request {
        "GET /api/v2/organizations/11" => json("403 Forbidden", r#"{"message":"Access denied","code":"SC403"}"#),
        _ => read_answer(request),
    });

    assert_snapshot!(World::of(&server).run(&["status"]), @"
    exit: 0
    ----- stdout -----
    API             http://127.0.0.1:[PORT]/api/v2
    ORGANIZATION    11
    NAME            -
    ZONE            -
    POOL            -
    REQUESTS/MIN    -
    LAST RESET      -
    NEXT RESET      -
    AUTHORIZED BY   token
    SCOPES          managed-organizations:read
    OPEN CREATES    0
    MISSING SCOPES  managed-organizations:write for create_child_organization, update_child_organization_allocation; organizations:read for list_organizations, get_organization
    ----- stderr -----
    The token may not read the organization: its name, pool, limit and reset dates are unknown.
    ");
    let csv = World::of(&server).run(&["status", "-o", "csv"]);
    assert!(csv.stdout.ends_with(",managed-organizations:write organizations:read,0\n"), "{csv}");
}

#[test]
fn a_number_that_is_the_id_of_one_child_and_the_name_of_another_is_asked_about() {
    let server = FakeMake::start(|request| match request {
        "GET /api/v2/organizations/11/managed-organizations" => {
            list([(123, "Acme", 10_000), (124, "123", 20_000), (125, "0123", 30_000)], None)
        }
        _ => read_answer(request),
    });
    let world = World::of(&server);

    assert_snapshot!(world.run(&["child", "allocate", "123", "40000", "--yes"]), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: child organization "123" is ambiguous: 123 "Acme", 124 "123"
    hint: name the one that is meant by its id: id:123 or id:124
    "#);
    assert!(server.requests("PATCH").is_empty());
    for (child, id) in [("id:123", 123), ("name:123", 124), ("0123", 125), ("124", 124)] {
        assert_eq!(world.run(&["child", "show", child, "-o", "json"]).json()["organizationId"], id, "{child}");
    }
}

#[test]
fn a_name_that_reads_like_an_id_is_warned_about() {
    let mut arguments = create("id:1", "name:Czechia", "10000");
    arguments[3] = "0102";
    arguments.push("--sandbox");

    let seen = World::new().run(&arguments);

    assert_eq!(seen.code, 0, "{seen}");
    assert!(
        seen.stderr.starts_with("warning: the name 0102 reads like an id: write name:0102 to mean this child\n"),
        "{seen}"
    );
}

#[test]
fn the_initials_of_a_country_find_it_among_the_candidates() {
    let seen = World::new().run(&[&create("EU", "UK", "0")[..], &["--sandbox"]].concat());

    assert!(seen.stderr.contains("hint: the nearest are 234 \"United Kingdom of Great Britain"), "{seen}");
}

fn create<'a>(region: &'a str, country: &'a str, credits: &'a str) -> Vec<&'a str> {
    let owner = ["--name", "Dorado", "--owner-name", "Ada", "--owner-email", "ada@dorado.example"];
    let place = ["--region", region, "--country", country];
    [&["child", "create"], &owner[..], &place, &["--credits", credits, "--yes"]].concat()
}
