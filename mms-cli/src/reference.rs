//! Written reference of the command: `docs/cli.md` and the schemas of its JSON, held to the program by tests.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, Command};
use mms_types::{Country, Region};
use schemars::generate::SchemaSettings;

use crate::args::help::{NEEDS_FULL, command_line, topics, without_global_options};
use crate::command::schemas;
use crate::output::failure::ErrorReport;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// Compares a file with what it should have; with `INSTA_UPDATE=always` it is written.
fn hold(path: &Path, text: &str) {
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == text,
        "{} is not what the program says: `INSTA_UPDATE=always cargo test -p mms-cli` writes it",
        path.display()
    );
}

#[test]
fn the_reference_of_the_command_is_what_its_help_says() {
    let cli = without_global_options(command_line());
    let options = clap_markdown::MarkdownOptions::new().show_footer(false).show_table_of_contents(true);
    let commands = as_the_help_says(clap_markdown::help_markdown_command_custom(&cli, &options), &cli);
    let global = command_line()
        .get_arguments()
        .filter(|argument| argument.is_global_set())
        .map(|argument| {
            let short = argument.get_short().map_or_else(String::new, |short| format!("`-{short}`, "));
            let mut help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            // The reference is that of the small build.
            if argument.get_id() == "jq" && !help.ends_with(NEEDS_FULL) {
                help = format!("{help} {NEEDS_FULL}");
            }
            format!("* {short}`{}` — {help}\n", long(argument))
        })
        .collect::<Vec<_>>()
        .concat();
    let topics = topics::TOPICS
        .iter()
        .map(|(topic, about)| format!("\n## {topic}: {about}\n\n```text\n{}```\n", topics::text(topic).unwrap()))
        .collect::<Vec<_>>()
        .concat();
    let text = format!(
        "<!-- Written by `INSTA_UPDATE=always cargo test -p mms-cli`; a test holds it to the program. -->\n\n{commands}\n\
         # Global options\n\nEvery command takes them, before or after its name.\n\n{global}\n# Topics\n{topics}"
    );
    hold(&docs().join("cli.md"), &text);
}

/// Returns a long flag with its value, as the help writes it.
fn long(argument: &Arg) -> String {
    let name = argument.get_long().unwrap_or_default();
    let value = argument.get_value_names().and_then(|names| names.first());
    match value.filter(|_| argument.get_action().takes_values()) {
        Some(value) if argument.is_require_equals_set() => format!("--{name}[=<{value}>]"),
        Some(value) => format!("--{name} <{value}>"),
        None => format!("--{name}"),
    }
}

/// Mends what clap-markdown writes otherwise than the help: a usage that the command words itself, which it puts behind the name
/// of the noun and on one line, and a value behind an equals sign.
fn as_the_help_says(mut markdown: String, command: &Command) -> String {
    let mut commands = vec![(String::new(), command)];
    while let Some((parent, command)) = commands.pop() {
        let path = format!("{parent}{}", command.get_name());
        let usage = command.clone().render_usage().to_string().replace("Usage: ", "");
        if usage.starts_with(&format!("{path} ")) && !parent.is_empty() {
            let lines: Vec<_> = usage.lines().map(str::trim_start).collect();
            markdown = markdown.replace(
                &format!("**Usage:** `{parent}{usage}`"),
                &format!("**Usage:**\n\n```text\n{}\n```", lines.join("\n")),
            );
        }
        for argument in command.get_arguments().filter(|argument| argument.is_require_equals_set()) {
            let written = long(argument).replace("[=", " ").replace(">]", ">");
            markdown = markdown.replace(&format!("`{written}`"), &format!("`{}`", long(argument)));
        }
        commands.extend(command.get_subcommands().map(|child| (format!("{path} "), child)));
    }
    markdown
}

#[test]
fn the_reference_names_no_command_twice_and_no_value_of_a_flag_without_one() {
    let written = fs::read_to_string(docs().join("cli.md")).unwrap();

    assert!(!written.contains("mms child mms") && !written.contains("--yes <"), "{written}");
    assert!(written.contains("`--watch[=<SECONDS>]`") && written.contains("`-o`, `--output <FORMAT>`"), "{written}");
}

#[test]
fn the_schemas_are_what_the_program_writes() {
    let generator = || SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut all = schemas::all(generator);
    all.push(("error", generator().into_root_schema_for::<ErrorReport>()));
    all.push(("region-list", generator().into_root_schema_for::<Vec<Region>>()));
    all.push(("country-list", generator().into_root_schema_for::<Vec<Country>>()));
    for (name, schema) in all {
        let text = serde_json::to_string_pretty(&schema).unwrap();
        hold(&docs().join("schemas").join(format!("{name}.json")), &format!("{text}\n"));
    }
}
