//! `mms help`, `mms completion` and `mms man`: the command line about itself.

use crate::args::help::{command_line, topics, without_global_options};
use crate::args::{CompletionArgs, HelpArgs, ManArgs};
use crate::completion;
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Prints help on a topic or a command.
pub(super) fn help(arguments: &HelpArgs, printer: &Printer) -> Result<(), Failure> {
    let [topic] = arguments.words.as_slice() else { return help_on_command(&arguments.words, printer) };
    match topics::text(topic) {
        Some(text) => printer.raw(&text),
        None => help_on_command(&arguments.words, printer),
    }
}

fn help_on_command(words: &[String], printer: &Printer) -> Result<(), Failure> {
    let cli = command_line();
    let mut command = if words.is_empty() { cli } else { without_global_options(cli) };
    command.build();
    for word in words {
        let Some(next) = command.find_subcommand(word).cloned() else {
            let topics: Vec<_> = topics::TOPICS.iter().map(|(topic, _)| *topic).collect();
            return Err(Failure::usage(format!("there is no help on {word:?}"))
                .hint(format!("the topics are {}; `mms --help` lists the commands", topics.join(", "))));
        };
        command = next;
    }
    let name = ["mms"].into_iter().chain(words.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    let mut text = command.bin_name(name).render_long_help().to_string();
    if words.is_empty() {
        text.push_str("\nTopics of mms help:\n");
        text.extend(topics::TOPICS.iter().map(|(topic, about)| format!("  {topic:<12}  {about}\n")));
    }
    printer.raw(&text)
}

/// Prints the completions of a shell.
pub(super) fn completion(arguments: &CompletionArgs, printer: &Printer) -> Result<(), Failure> {
    if arguments.dynamic {
        return completion::registration(&arguments.shell.to_string(), printer);
    }
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command_line(), "mms", &mut script);
    printer.raw(&String::from_utf8_lossy(&script))
}

/// Writes the man pages.
pub(super) fn man(arguments: &ManArgs, printer: &Printer) -> Result<(), Failure> {
    let out = &arguments.out;
    let write = || {
        std::fs::create_dir_all(out)?;
        clap_mangen::generate_to(command_line(), out)
    };
    write()
        .map_err(|error| Failure::failed(format!("the man pages cannot be written to {}: {error}", out.display())))?;
    printer.note(&format!("The man pages are in {}.", out.display()));
    Ok(())
}
