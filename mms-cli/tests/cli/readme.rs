//! README: its console examples run, and every flag that the documents name exists.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use regex::Regex;

use crate::support::world::World;

/// Beginnings of the commands of README that no test can run, and why.
const NOT_RUN: [(&str, &str); 6] = [
    ("mms auth login --profile live", "it needs an account with Make"),
    ("mms doctor", "it shows a bad day with an account"),
    ("mms --sandbox child settle", "it needs a create whose command was killed"),
    ("mms sandbox serve", "it serves until it is stopped, on a port that may be taken"),
    ("curl", "it needs the server"),
    ("cargo xtask", "it builds another program, which has tests of its own"),
];

/// Flags that the documents name and that belong to other programs.
const OF_OTHERS: [&str; 16] = [
    "--abort",
    "--against",
    "--body-file",
    "--check",
    "--exclude",
    "--features",
    "--ignore-missing",
    "--locked",
    "--musl",
    "--open",
    "--path",
    "--rebase",
    "--target-dir",
    "--version",
    "--workspace",
    "--zig",
];

fn document(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// Reads the console blocks of a document: commands, each with what it shows.
fn sessions(document: &str) -> Vec<Vec<(String, String)>> {
    let blocks = document.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let session = |block: &str| {
        let joined = block.replace("\\\n", " ");
        let mut steps: Vec<(String, String)> = Vec::new();
        for line in joined.lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push((command.to_owned(), String::new())),
                (None, Some((_, shown))) => shown.extend([line, "\n"]),
                (None, None) => panic!("{line:?} stands before a command"),
            }
        }
        steps
    };
    blocks.map(session).collect()
}

/// Makes what differs between two runs and two machines the same. A question is left out, since nobody is there to answer it.
fn comparable(text: &str, home: &str) -> String {
    let text = text.replace(home, "/home/ada");
    let times = Regex::new("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z").unwrap();
    let runs = Regex::new(r"\b[0-9a-f]{8}\b").unwrap();
    let text = runs.replace_all(&text, "[RUN]");
    let lines = text.lines().filter(|line| !line.contains("[y/N]"));
    times.replace_all(&lines.collect::<Vec<_>>().join("\n"), "[TIME]").trim_end().to_owned()
}

/// Runs the console examples of a document in a home of their own, one after the other, and compares what they show.
fn run(document: &str) -> BTreeSet<&'static str> {
    let world = World::new();
    let mut left_out = BTreeSet::new();
    for (command, shown) in sessions(document).into_iter().flatten() {
        if let Some((beginning, _)) = NOT_RUN.iter().find(|(beginning, _)| command.starts_with(beginning)) {
            left_out.insert(*beginning);
            continue;
        }
        let answered = if shown.contains("[y/N] y") { format!("{command} --yes") } else { command.clone() };
        let line = format!("mms() {{ '{}' \"$@\"; }}; {answered}", env!("CARGO_BIN_EXE_mms"));
        let mut shell = Command::new("sh");
        let variables = [("PATH", "/usr/bin:/bin"), ("MMS_WHO", "ada@office")];
        shell.args(["-c", &line]).env_clear().env("HOME", world.path("")).envs(variables);
        let seen = world.seen(shell.current_dir(world.path("")));

        let home = world.path("");
        let home = home.to_str().unwrap().trim_end_matches('/');
        let both = format!("{}{}", seen.stderr, seen.stdout);
        assert_eq!(comparable(&both, home), comparable(&shown, home), "{command}");
    }
    left_out
}

#[test]
fn the_console_examples_show_what_they_say() {
    assert_eq!(run(&document("README.md")).len(), NOT_RUN.len(), "README has no more of what is not run");
}

#[test]
fn the_tutorial_of_the_fleet_shows_what_it_says() {
    assert!(run(&document("docs/fleet.md")).is_empty());
}

#[test]
fn every_flag_that_the_documents_name_exists() {
    let reference = document("docs/cli.md");
    let flags = |text: &str| {
        let flag = Regex::new("(^|[^-a-z0-9])(--[a-z][a-z0-9-]*)").unwrap();
        flag.captures_iter(text).map(|found| found[2].to_owned()).collect::<BTreeSet<_>>()
    };
    let known = flags(&reference);
    assert!(known.contains("--settle-wait"), "{known:?}");
    for path in ["README.md", "docs/fleet.md", "docs/sandbox.md", "docs/install.md", "CHANGELOG.md"] {
        let named = flags(&document(path));
        let unknown: Vec<_> =
            named.iter().filter(|flag| !known.contains(*flag) && !OF_OTHERS.contains(&flag.as_str())).collect();
        assert!(unknown.is_empty(), "{path} names {unknown:?}");
    }
    for topic in ["exit-codes", "environment", "output", "sandbox", "safety"] {
        let named = flags(&World::new().run(&["help", topic]).stdout);
        let unknown: Vec<_> = named.difference(&known).collect();
        assert!(unknown.is_empty(), "mms help {topic} names {unknown:?}");
    }
}
