//! Completions that know names: of profiles, and of the children, regions and countries that commands saw lately.
//!
//! A shell calls `mms` with the words of its line whenever the tab key is pressed. Nothing is sent, asked or said.

mod bash;
mod candidates;
mod line;
mod quoting;

use std::ffi::OsString;

use clap_complete::engine::ArgValueCompleter;
use clap_complete::env::Shells;

use crate::args::help::command_line;
use crate::config::KEEP_NAMES;
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use bash::BashLine;
use candidates::Kind;
use line::Line;
use quoting::Quoting;

/// Variable by which a shell asks for completions, with its own name as the value.
const VARIABLE: &str = "MMS_COMPLETE";

/// Returns the shell that asks for completions.
pub(crate) fn asking_shell() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|shell| !shell.is_empty())
}

/// Prints the script that makes a shell ask, and its commands keep names.
pub(crate) fn registration(shell: &str, printer: &Printer) -> Result<(), Failure> {
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let completer = shells.completer(shell).ok_or_else(|| unknown_shell(shell, &shells))?;
    completer.write_registration(VARIABLE, "mms", "mms", "mms", &mut script).map_err(|error| unwritable(&error))?;
    let script = String::from_utf8_lossy(&script);
    let script = if shell == "bash" { bash::script(&script, VARIABLE) } else { script.into_owned() };
    let keep = match shell {
        "fish" => format!("set -gx {KEEP_NAMES} 1"),
        "elvish" => format!("set-env {KEEP_NAMES} 1"),
        "powershell" => format!("$env:{KEEP_NAMES} = \"1\""),
        _ => format!("export {KEEP_NAMES}=1"),
    };
    printer.raw(&format!("{}\n{keep}\n", script.trim_end()))
}

/// Prints the completions of a line: the words behind `--`.
pub(crate) fn answer(shell: &str, arguments: &[OsString], printer: &Printer) -> Result<(), Failure> {
    let shells = Shells::builtins();
    let completer = shells.completer(shell).ok_or_else(|| unknown_shell(shell, &shells))?;
    let words = arguments.iter().skip_while(|word| *word != "--").skip(1).cloned().collect::<Vec<_>>();
    if words.is_empty() {
        return registration(shell, printer);
    }
    let directory = std::env::current_dir().ok();
    if shell == "bash" {
        let bash = BashLine::read(&words);
        let line = Line::read(&bash.words, Quoting::of(shell, Some(&bash.word)), printer);
        let answer = bash.answer(&mut with_names(command_line(), &line), directory.as_deref());
        return printer.raw(&answer.map_err(|error| unwritable(&error))?);
    }
    let line = Line::read(&words, Quoting::of(shell, None), printer);
    let mut answer = Vec::new();
    let written =
        completer.write_complete(&mut with_names(command_line(), &line), words, directory.as_deref(), &mut answer);
    written.map_err(|error| unwritable(&error))?;
    printer.raw(&String::from_utf8_lossy(&answer))
}

/// Gives every argument that names something its candidates.
fn with_names(command: clap::Command, line: &Line) -> clap::Command {
    let command = command.mut_args(|argument| match Kind::of(&argument) {
        Some(kind) => {
            let line = line.clone();
            argument.add(ArgValueCompleter::new(move |word: &std::ffi::OsStr| line.candidates(kind, word)))
        }
        None => argument,
    });
    command.mut_subcommands(|command| with_names(command, line))
}

fn unknown_shell(shell: &str, shells: &Shells) -> Failure {
    let known = shells.names().collect::<Vec<_>>().join(", ");
    Failure::usage(format!("{VARIABLE}: there are no completions for {shell:?}"))
        .hint(format!("they are there for {known}"))
}

fn unwritable(error: &std::io::Error) -> Failure {
    Failure::failed(format!("the completions cannot be written: {error}"))
}
