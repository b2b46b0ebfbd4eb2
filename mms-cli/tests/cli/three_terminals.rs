//! What every command shows: on a wide terminal with colour, on one of 80 columns without, and in a pipe.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::support::terminal;
use crate::support::world::{TOKEN, World, comparable};

/// Every command, with what comes before it in the same home.
const COMMANDS: &[(&str, &[&str])] = &[
    ("api GET /organizations/{organizationId}/managed-organizations", &[]),
    ("apply --yes", &["import", "child allocate 101=20000 103=90000 --yes"]),
    ("auth login --profile test --sandbox", &[]),
    ("auth logout", &[]),
    ("auth status", &[]),
    ("auth token --yes", &[]),
    ("child allocate 'Acme Bakery=+10000' 'Borealis Travel=30000' --yes", &[]),
    (
        "child create --name 'Dorado Foods' --owner-name 'Ada Owner' --owner-email ada@dorado.example --region EU \
         --country CZ --credits 20000 --yes",
        &[],
    ),
    ("child list", &[]),
    ("child retire 'Borealis Travel' --yes", &[]),
    ("child settle", &[]),
    ("child show 101 Bor", &[]),
    ("completion fish --dynamic", &[]),
    ("config edit", &[]),
    ("config path", &[]),
    ("config profiles", &[]),
    ("config set near_percent 70", &[]),
    ("config show --origin", &[]),
    ("config unset near_percent", &["config set near_percent 70"]),
    ("consumption", &[]),
    ("country list", &[]),
    ("credits move 'Cobalt Dental' 'Acme Bakery' 20000 --yes", &[]),
    ("doctor", &[]),
    ("help safety", &[]),
    ("lock show", &[]),
    ("log", &["child allocate 101=20000 103=90000 --yes"]),
    ("import", &[]),
    ("man --out man", &[]),
    ("open --zone eu1.make.com --organization-id 11 --print", &[]),
    ("plan", &["import", "child allocate 101=20000 103=20000 --yes"]),
    ("plan show plan.json", &["import", "child allocate 101=20000 103=20000 --yes", "plan --out plan.json"]),
    ("pool", &[]),
    ("region list", &[]),
    ("status", &[]),
];

/// Commands that have no place here, and why.
const ELSEWHERE: [(&str, &str); 3] = [
    ("lock hold", "it holds until it is stopped: lock.rs has it"),
    ("sandbox serve", "it serves until it is stopped: serve.rs has it"),
    ("undo", "it names a run, which has its id by chance: undo.rs has it"),
];

/// Most lines of one command in one terminal.
const MOST: usize = 60;

/// Times that a terminal shows from now on.
static RELATIVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("([0-9]+ (second|minute|hour|day|week|month)s? ago|in [0-9]+ [a-z]+|just now)").unwrap()
});

/// Times of the last minute.
static CLOCK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[0-9]{2}:[0-9]{2}:[0-9]{2}\b").unwrap());

/// Beginning of a run's id.
static RUN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[0-9a-f]{8}\b").unwrap());

/// Makes a home with a sandbox as the default profile.
fn world(command: &str, before: &[&str]) -> World {
    let world = World::new().with("EDITOR", "true").with("MMS_WHO", "ada@office");
    let world = if command.starts_with("auth token") { world.with("MAKE_API_KEY", TOKEN) } else { world };
    if !command.starts_with("auth login") {
        assert_eq!(world.run_line("auth login --profile test --sandbox").code, 0);
    }
    for command in before {
        assert_eq!(world.run_line(command).code, 0, "{command}");
    }
    world
}

fn on_terminal(command: &str, before: &[&str], variables: &[(&str, &str)]) -> String {
    let world = variables.iter().fold(world(command, before), |world, (name, value)| world.with(name, *value));
    let seen = terminal::run(&world, command, &[]);
    let screen = seen.screen.replace('\u{1b}', "\\e");
    let screen = RELATIVE.replace_all(&screen, "[RELATIVE]").into_owned();
    let screen = CLOCK.replace_all(&screen, "[TIME]").into_owned();
    comparable(&format!("exit: {}\n{screen}", seen.code), &world.path(""))
}

fn in_pipe(command: &str, before: &[&str]) -> String {
    let world = world(command, before);
    let words = shlex::split(command).unwrap();
    world.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).to_string()
}

/// Returns the beginning of a text: a list of 249 countries shows nothing more.
fn beginning(text: &str) -> String {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    if lines.len() > MOST {
        let rest = lines.split_off(MOST).len();
        lines.push(format!("[{rest} more lines]"));
    }
    lines.join("\n") + "\n"
}

#[test]
fn every_command_shows_the_same_in_each_kind_of_terminal() {
    for (command, before) in COMMANDS {
        let shown = [
            (
                "a wide terminal with colour",
                on_terminal(command, before, &[("COLUMNS", "200"), ("CLICOLOR_FORCE", "1")]),
            ),
            (
                "a terminal of 80 columns without colour",
                on_terminal(command, before, &[("COLUMNS", "80"), ("NO_COLOR", "1")]),
            ),
            ("a pipe", in_pipe(command, before)),
        ];
        let is_log = command.starts_with("log");
        let without_run = |text: String| if is_log { RUN.replace_all(&text, "[RUN ID]").into_owned() } else { text };
        let shown = shown.map(|(terminal, text)| (terminal, without_run(text)));
        let shown = shown.map(|(terminal, text)| format!("===== {terminal} =====\n{}", beginning(&text)));
        let is_name = |word: &&str| word.chars().all(|character| character.is_ascii_lowercase());
        let name = command.split_whitespace().take_while(is_name).collect::<Vec<_>>().join("_");
        insta::with_settings!({ description => format!("mms {command}"), omit_expression => true }, {
            insta::assert_snapshot!(name, shown.join("\n"));
        });
    }
}

#[test]
fn no_command_is_left_out() {
    let mut open = vec![String::new()];
    let mut leaves = BTreeSet::new();
    while let Some(command) = open.pop() {
        let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let help = World::new().run(&arguments).stdout;
        let below: Vec<_> =
            super::help::subcommands(&help).map(|name| format!("{command} {name}").trim().to_owned()).collect();
        if below.is_empty() {
            leaves.insert(command);
        }
        open.extend(below);
    }
    let is_shown = |leaf: &String| {
        let begins = |command: &str| command == leaf || command.starts_with(&format!("{leaf} "));
        COMMANDS.iter().any(|(command, _)| begins(command)) || ELSEWHERE.iter().any(|(command, _)| begins(command))
    };
    let left_out: Vec<_> = leaves.iter().filter(|leaf| !is_shown(leaf)).collect();
    assert!(leaves.len() > 20 && left_out.is_empty(), "{left_out:?}");
}
