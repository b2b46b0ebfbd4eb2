//! The help of every command, so that no flag changes by accident.

use insta::{assert_snapshot, with_settings};

use crate::support::world::World;

#[test]
fn the_help_of_every_command_is_pinned() {
    let mut commands = vec![String::new()];
    while let Some(command) = commands.pop() {
        let mut arguments: Vec<_> = command.split_whitespace().collect();
        arguments.push("--help");

        let seen = World::new().run(&arguments);

        commands.extend(subcommands(&seen.stdout).map(|name| format!("{command} {name}").trim().to_owned()));
        // The help of all flags says of one that a small build lacks it.
        if cfg!(feature = "jq") && command.is_empty() {
            continue;
        }
        with_settings!({ omit_expression => true }, {
            assert_snapshot!(format!("mms {command}").trim().replace(' ', "_"), seen);
        });
    }
}

/// Reads the commands that a help lists, without `help` itself.
pub(crate) fn subcommands(help: &str) -> impl Iterator<Item = &str> {
    let listed = help.lines().skip_while(|line| line.trim() != "Commands:").skip(1);
    listed.take_while(|line| !line.trim().is_empty()).filter_map(|line| {
        // The text of a command that takes a second line stands further in.
        line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next()
    })
}

#[test]
fn the_help_says_of_a_flag_that_this_build_lacks_how_to_get_it() {
    let help = World::new().run(&["--help"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");

    assert_eq!(help.contains("without quotes (needs a build with --features full)"), !cfg!(feature = "jq"), "{help}");
}

#[test]
fn the_version_is_the_crates() {
    assert_snapshot!(World::new().run(&["--version"]), @"
    exit: 0
    ----- stdout -----
    mms [VERSION] (contract 0.1.0)
    ----- stderr -----
    ");
}

#[test]
fn no_arguments_are_wrong_use_and_show_the_help() {
    let seen = World::new().run(&[]);

    assert_eq!(seen.code, 2);
    assert!(seen.stdout.is_empty());
    assert!(seen.stderr.contains("Usage: mms [OPTIONS] <COMMAND>"), "{seen}");
}
