//! The help of every command, so that no flag changes by accident.

use insta::{assert_snapshot, with_settings};

use crate::support::world::World;

#[test]
fn the_help_of_every_command_is_pinned() {
    for command in [
        "",
        "child",
        "child list",
        "child show",
        "child create",
        "child allocate",
        "child settle",
        "consumption",
        "region",
        "region list",
        "country",
        "country list",
        "status",
        "sandbox",
        "sandbox serve",
    ] {
        let mut arguments: Vec<_> = command.split_whitespace().collect();
        arguments.push("--help");

        let seen = World::new().run(&arguments);

        with_settings!({ omit_expression => true }, {
            assert_snapshot!(format!("mms {command}").trim().replace(' ', "_"), seen);
        });
    }
}

#[test]
fn the_version_is_the_crates() {
    assert_snapshot!(World::new().run(&["--version"]), @r#"
    exit: 0
    ----- stdout -----
    mms [VERSION]
    ----- stderr -----
    "#);
}

#[test]
fn no_arguments_are_wrong_use_and_show_the_help() {
    let seen = World::new().run(&[]);

    assert_eq!(seen.code, 2);
    assert!(seen.stdout.is_empty());
    assert!(seen.stderr.contains("Usage: mms [OPTIONS] <COMMAND>"), "{seen}");
}
