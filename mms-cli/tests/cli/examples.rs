//! Examples of the help: every command has some, and each of them runs as it is.

use std::process::Command;

use crate::support::server::Server;
use crate::support::world::{TOKEN, World};

/// Address of `mms sandbox serve` in the examples.
const SERVED: &str = "127.0.0.1:8787";

/// Returns the help of every command, by the command.
fn helps() -> Vec<(String, String)> {
    let (mut open, mut helps) = (vec![String::new()], Vec::new());
    while let Some(command) = open.pop() {
        let mut arguments: Vec<_> = command.split_whitespace().collect();
        arguments.push("--help");
        let help = World::new().run(&arguments).stdout;
        let commands = super::help::subcommands(&help).map(|name| format!("{command} {name}").trim().to_owned());
        open.extend(commands);
        helps.push((command, help));
    }
    helps
}

/// Reads the examples of a help. One may go on over several lines.
fn examples(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let text = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    text.replace("\\\n", " ").lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn every_example_runs_as_it_is() {
    let mut number = 0;
    for (command, help) in helps() {
        let is_leaf = super::help::subcommands(&help).next().is_none();
        let lines = if command.is_empty() { Vec::new() } else { examples(&help) };
        assert!(!lines.is_empty() || !is_leaf || command.is_empty(), "{command} has no example");
        let world = World::new();
        world.write("token", TOKEN);
        for line in lines.iter().filter(|line| !line.starts_with("mms sandbox serve")) {
            let server = line.contains(SERVED).then(|| Server::start(&World::new(), &[]));
            let line = server.as_ref().map_or_else(|| line.clone(), |server| line.replace(SERVED, &server.address()));
            let mut shell = Command::new("sh");
            let binary = env!("CARGO_BIN_EXE_mms");
            shell.args(["-c", &format!("mms() {{ '{binary}' \"$@\"; }}; {line}")]);
            let seen = world.seen(
                shell.env_clear().env("HOME", world.path("")).env("PATH", "/usr/bin:/bin").current_dir(world.path("")),
            );
            assert!(seen.code == 0 || (seen.code == 9 && line.contains("--exit-code")), "{line}: {seen}");
            number += 1;
        }
    }
    assert!(number > 20, "{number}");
}
