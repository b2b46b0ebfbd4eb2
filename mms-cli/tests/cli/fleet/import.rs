//! `mms import`.

use insta::assert_snapshot;

use super::{edit, imported, text};
use crate::support::fake_make::{FakeMake, read_answer};
use crate::support::world::World;

#[test]
fn the_first_import_writes_what_exists_and_the_second_changes_no_byte() {
    let world = World::new();
    assert_snapshot!(world.run_line("--sandbox import"), @"
    exit: 0
    ----- stdout -----
    OUTCOME  NAME              ID  DETAIL
    added    Acme Bakery      101
    added    Borealis Travel  102
    added    Cobalt Dental    103
    ----- stderr -----
    fleet.yaml was begun: 3 added.
    ");
    let first = text(&world, "fleet.yaml");
    assert_snapshot!(first, @"
    format: 1
    organization: 11
    children:
      Acme Bakery:
        id: 101
        country: GB
        credits: 10000
      Borealis Travel:
        id: 102
        country: FI
        credits: 50000
      Cobalt Dental:
        id: 103
        country: US
        credits: 100000
    ");

    assert_snapshot!(world.run_line("--sandbox import"), @"
    exit: 0
    ----- stdout -----
    ----- stderr -----
    fleet.yaml has all of it already: nothing was written.
    ");
    assert_eq!(text(&world, "fleet.yaml"), first);
}

#[test]
fn an_import_adds_binds_and_marks_and_keeps_what_a_person_wrote() {
    let world = World::new();
    let before = "\u{feff}# ours\r\nformat: 1\r\norganization: 11\r\nchildren:\r\n  Borealis Travel: # by name\r\n    priority: 3\r\n  \
                  Acme Bread:\r\n    id: 101\r\n  Long Gone:\r\n    id: 999\r\n";
    world.write("fleet.yaml", before);

    assert_snapshot!(world.run_line("--sandbox import"), @r#"
    exit: 0
    ----- stdout -----
    OUTCOME  NAME              ID  DETAIL
    added    Cobalt Dental    103
    bound    Borealis Travel  102
    renamed  Acme Bread       101  it is called "Acme Bakery" in Make: rename one of the two
    gone     Long Gone        999  Make lists no child of this id: remove the entry, or write retired: true
    ----- stderr -----
    fleet.yaml was changed: 1 added, 1 bound, 1 renamed in Make, 1 gone.
    "#);
    let after = text(&world, "fleet.yaml");
    let day = regex::Regex::new("[0-9]{4}-[0-9]{2}-[0-9]{2}").unwrap();
    assert_snapshot!(day.replace_all(&after, "[DAY]").replace('\r', "\\r"), @r#"
    ﻿# ours\r
    format: 1\r
    organization: 11\r
    children:\r
      Borealis Travel: # by name\r
        id: 102\r
        priority: 3\r
      # renamed in Make: "Acme Bakery" on [DAY]\r
      Acme Bread:\r
        id: 101\r
      # gone from Make: no child has the id 999 on [DAY]\r
      Long Gone:\r
        id: 999\r
      Cobalt Dental:\r
        id: 103\r
        country: US\r
        credits: 100000\r
    "#);

    assert_eq!(world.run_line("--sandbox import").code, 0);
    assert_eq!(text(&world, "fleet.yaml"), after);
}

#[test]
fn nothing_is_written_by_a_dry_run_or_a_check() {
    let world = World::new();
    let seen = world.run_line("--sandbox import --dry-run");
    let says = "fleet.yaml was not written. It is not as Make has it: 3 without an entry.";
    assert!(seen.code == 0 && seen.stderr.contains(says), "{seen}");
    let seen = world.run_line("--sandbox import --check -o json");
    assert!(seen.code == 3 && seen.stderr.contains(r#""code":"differences""#), "{seen}");
    assert!(!world.path("fleet.yaml").exists());

    let seen = imported().run_line("--sandbox import --check");
    assert_eq!(seen.code, 0, "{seen}");
}

#[test]
fn a_check_says_what_differs_and_what_to_run() {
    let world = imported();
    edit(&world, "id: 101", "id: 999");
    edit(&world, "    id: 102\n", "");
    let seen = world.run_line("--sandbox import --check");
    assert_snapshot!(seen);

    world.write("other.yaml", &text(&world, "fleet.yaml"));
    let seen = world.run_line("--sandbox import --check other.yaml");
    assert!(seen.stderr.contains("`mms --sandbox import other.yaml` writes what is missing"), "{seen}");
}

#[test]
fn what_no_entry_can_have_is_skipped_with_the_reason() {
    let server = FakeMake::start(read_answer);

    assert_snapshot!(World::of(&server).run_line("import"), @r"
    exit: 0
    ----- stdout -----
    OUTCOME  NAME                   ID  DETAIL
    added    Acme                  123
    skipped  =\u{1b}[31mred\u{9b}  124  its name has characters that no entry may have, or is too long: rename it in Make
    ----- stderr -----
    fleet.yaml was begun: 1 added, 1 skipped.
    ");
    assert!(server.requests("GET").len() < 5 && server.requests("P").is_empty());
}

#[test]
fn a_fleet_of_a_zone_is_refused_at_a_sandbox_with_the_ways_to_rehearse_and_to_train() {
    let world = World::new();
    let before = "format: 1\nzone: eu1.make.com\norganization: 4711\nchildren:\n  Acme: {id: 123, credits: 10000}\n";
    world.write("fleet.yaml", before);
    for command in ["--sandbox import", "--sandbox plan", "--sandbox apply --yes"] {
        let seen = world.run_line(command);
        assert_eq!(seen.code, 2, "{seen}");
        for part in
            ["this is a sandbox, whose ids would come into the file", "`mms apply --rehearse`", "import training.yaml"]
        {
            assert!(seen.stderr.contains(part), "{part}: {seen}");
        }
    }
    assert_eq!(text(&world, "fleet.yaml"), before);
}

#[test]
fn a_fleet_of_another_distributor_or_zone_is_refused_before_anything_is_sent() {
    let server = FakeMake::start(read_answer);
    for (head, says) in [
        ("organization: 12", "fleet.yaml is for distributor 12, and this is 11; nothing was sent"),
        (
            "organization: 11\nzone: eu1.make.com",
            "fleet.yaml is for the zone eu1.make.com, and this is http://127.0.0.1:",
        ),
    ] {
        let world = World::of(&server);
        let before = format!("format: 1\n{head}\n");
        world.write("fleet.yaml", &before);
        for command in ["import", "plan"] {
            let seen = world.run_line(command);
            assert!(seen.code == 2 && seen.stderr.contains(says), "{seen}");
        }
        assert_eq!(text(&world, "fleet.yaml"), before);
    }
    assert!(server.requests("").is_empty());
}

#[test]
fn a_file_with_mistakes_is_not_written() {
    let world = World::new();
    world.write("fleet.yaml", "format: 1\norganization: 11\nchildren:\n  Acme: {credit: 1}\n");

    let seen = world.run_line("--sandbox import");
    assert!(seen.code == 2 && seen.stderr.contains("fleet.yaml:4:10: child \"Acme\" has no key \"credit\""), "{seen}");
}
