//! Written reference of the command: `docs/cli.md` and the schemas of its JSON, held to the program by tests.

use std::fs;
use std::path::{Path, PathBuf};

use mms_types::{Country, Region};
use schemars::generate::SchemaSettings;

use crate::args::help::{command_line, topics, without_global_options};
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
    let commands = clap_markdown::help_markdown_command_custom(&cli, &options);
    let global = command_line()
        .get_arguments()
        .filter(|argument| argument.is_global_set())
        .map(|argument| {
            let short = argument.get_short().map_or_else(String::new, |short| format!("-{short}, "));
            let value = argument.get_value_names().and_then(|names| names.first());
            let value = value.map_or_else(String::new, |value| format!(" <{value}>"));
            let long = argument.get_long().unwrap_or_default();
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            format!("* `{short}--{long}{value}` — {help}\n")
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
