//! Help: the command line with its examples, the topics, and what is often typed.

pub(crate) mod examples;
pub(super) mod mistakes;
pub(crate) mod topics;

use std::ffi::OsString;
use std::sync::LazyLock;

use clap::{Arg, Command, CommandFactory};

use super::Cli;

/// Version of the program, the commit that it was built from, and the version of the contract.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let commit = option_env!("MMS_COMMIT").map_or_else(String::new, |commit| format!("commit {commit}, "));
    format!("{} ({commit}contract {})", env!("CARGO_PKG_VERSION"), mms_client::CONTRACT_VERSION)
});

/// Words of the help for what this build lacks.
pub(crate) const NEEDS_FULL: &str = "(needs a build with --features full)";

/// Returns the version, the commit and the version of the contract.
pub(crate) fn version() -> &'static str {
    &VERSION
}

/// Returns the command line as it is read, without the examples of the commands.
pub(super) fn bare_command_line() -> Command {
    Cli::command().version(VERSION.as_str())
}

/// Returns the command line with the examples of each command.
pub(crate) fn command_line() -> Command {
    let cli = bare_command_line().mut_args(told_if_missing);
    let global = cli.get_arguments().filter(|argument| argument.is_global_set());
    let flags = global.filter_map(|argument| Some(format!("--{}", argument.get_long()?))).collect::<Vec<_>>().join(" ");
    decorated(cli, "", &flags)
}

/// Says of a flag that this build lacks how to get it.
fn told_if_missing(argument: Arg) -> Arg {
    match argument.get_help() {
        Some(help) if argument.get_id() == "jq" && !cfg!(feature = "jq") => {
            let help = format!("{help} {NEEDS_FULL}");
            argument.help(help)
        }
        _ => argument,
    }
}

/// Returns the command line for these words. The help of a command has its own options, and the global ones in short.
pub(super) fn command_line_for(words: &[OsString]) -> Command {
    let cli = command_line();
    let is_command = |word: &OsString| word.to_str().is_some_and(|word| cli.find_subcommand(word).is_some());
    if words.iter().skip(1).any(is_command) { without_global_options(cli) } else { cli }
}

/// Hides the global options in the help.
pub(crate) fn without_global_options(cli: Command) -> Command {
    cli.mut_args(|argument| if argument.is_global_set() { argument.hide(true) } else { argument })
}

fn decorated(mut command: Command, path: &str, flags: &str) -> Command {
    let names: Vec<_> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for name in names {
        let path = format!("{path} {name}").trim().to_owned();
        command = command.mut_subcommand(&name, |command| decorated(command, &path, flags));
    }
    if path.is_empty() {
        return command;
    }
    let examples = match examples::of(path) {
        [] => String::new(),
        lines => format!("Examples:\n  {}\n\n", lines.join("\n  ")),
    };
    command.after_help(format!("{examples}Global options, see `mms --help`:\n  {flags}"))
}
