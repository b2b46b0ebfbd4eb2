//! What data looks like where it could do harm, and where nobody reads it.

use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::support::fake_make::{FakeMake, json};
use crate::support::world::{TOKEN, World};

fn world() -> World {
    let server = FakeMake::answering_writes(None);
    World::of(&server)
}

#[test]
fn a_name_can_not_steer_a_terminal_or_a_spreadsheet() {
    let world = world();

    assert_snapshot!(world.run(&["child", "list"]), @r#"
    exit: 0
    ----- stdout -----
     ID  NAME                  CREDITS  ZONE
    123  Acme                    10000  eu1.make.com
    124  =\u{1b}[31mred\u{9b}        0  -
    ----- stderr -----
    "#);
    assert_snapshot!(world.run(&["child", "list", "--output=csv"]), @r"
    exit: 0
    ----- stdout -----
    organizationId,organizationName,operationsAllocated,countryId,timezoneId,zoneId,zoneDomain,zoneName
    123,Acme,10000,,,,eu1.make.com,
    124,'=\u{1b}[31mred\u{9b},0,,,,,
    ----- stderr -----
    ");
}

#[test]
fn json_keeps_a_name_as_it_is_without_raw_control_characters() {
    let seen = world().run(&["child", "list", "-o", "json"]);

    assert_eq!(seen.json()[1]["organizationName"], "=\u{1b}[31mred\u{9b}");
    assert!(!seen.stdout.chars().any(|character| character.is_control() && character != '\n'));
}

#[test]
fn json_spells_out_what_would_reorder_or_hide_what_is_read() {
    let server = FakeMake::start(|_| {
        json(
            "200 OK",
            r#"{"managedOrganizations":[{"organizationId":1,"organizationName":"A\u202eb\u200bc","operationsAllocated":0}]}"#,
        )
    });
    let world = World::new().with("MMS_BASE_URL", server.base_url()).with("MAKE_API_KEY", TOKEN);

    let seen = world.run(&["child", "list", "-o", "json", "--organization-id=11"]);

    assert!(seen.stdout.contains(r#""A\u202eb\u200bc""#), "{seen}");
    assert_eq!(seen.json()[0]["organizationName"], "A\u{202e}b\u{200b}c");
}

#[test]
fn consumption_keeps_what_only_one_list_knows() {
    assert_snapshot!(world().run(&["consumption"]), @r"
    exit: 0
    ----- stdout -----
     ID  NAME                  CREDITS  CONSUMED     LEFT  USED  STATE         LAST RESET
    124  =\u{1b}[31mred\u{9b}        0      0.07    -0.07    7%  paused        -
    123  Acme                    10000   5000.00  5000.00   50%  ok            -
    125  -                           -      0.09        -     -  not_reported  [TIME]
    ----- stderr -----
    ");
}

#[test]
fn colour_comes_off_a_terminal_only_if_asked_for() {
    let plain = world().run(&["child", "list"]);
    let colored = world().run(&["child", "list", "--color", "always"]);

    assert!(!plain.stdout.contains('\u{1b}'));
    assert!(colored.stdout.starts_with(" \u{1b}[1mID\u{1b}[0m"), "{colored:?}");
}

#[test]
fn an_empty_list_is_still_a_list() {
    let server = FakeMake::start(|_| json("200 OK", r#"{"managedOrganizations":[]}"#));
    let world = World::of(&server);

    assert_eq!(world.run(&["child", "list", "-o", "json"]).stdout, "[]\n");
    assert_eq!(world.run(&["child", "list"]).stdout, "ID  NAME  CREDITS  ZONE\n");
}

#[test]
fn a_reader_that_goes_away_ends_the_command_quietly() {
    let mut reader = Command::new("true").stdin(Stdio::piped()).spawn().unwrap();
    let pipe = reader.stdin.take().unwrap();
    reader.wait().unwrap();
    let world = World::new();

    let seen = world.seen(world.command(&["--sandbox", "country", "list"]).stdout(pipe));

    assert_eq!((seen.code, seen.stderr.as_str()), (0, ""));
}

#[cfg(feature = "jq")]
#[test]
fn json_is_filtered_in_the_language_of_jq() {
    let seen = world().run(&["child", "list", "--jq", ".[] | select(.operationsAllocated > 0) | .organizationName"]);
    assert_eq!((seen.code, seen.stdout.as_str()), (0, "Acme\n"));

    let server = FakeMake::answering_writes(None);
    let seen = World::of(&server).run(&["child", "allocate", "Acme", "20000", "--yes", "--jq", ".["]);
    assert!(seen.code == 2 && seen.stderr.contains("is no filter: it cannot be read"), "{seen}");
    assert!(server.requests("").is_empty(), "a filter is read before anything is sent");
}

#[cfg(not(feature = "jq"))]
#[test]
fn a_filter_that_this_program_cannot_apply_is_refused_before_anything_is_sent() {
    let server = FakeMake::answering_writes(None);

    let seen = World::of(&server).run(&["child", "allocate", "Acme", "20000", "--yes", "--jq", "."]);

    assert!(seen.code == 2 && seen.stderr.contains("build it with --features full, or pipe -o json into jq"), "{seen}");
    assert!(server.requests("").is_empty());
}
