//! Hints of usage errors: what is meant, or may be, or else where to read on. A command in a hint has the global flags that
//! were typed.

use std::ffi::OsString;

use clap::CommandFactory;
use clap::error::{ContextKind, ErrorKind};

use super::context::{argument, command_of, noun_of, texts, unexpected};
use super::likeness::{command_of_any_noun, may_offer};
use super::typed_flags;
use crate::args::Cli;
use crate::args::help::mistakes;
use crate::output::failure::shell;

/// Returns the way out of a mistake.
pub(super) fn of(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    known_mistake(error, arguments)
        .or_else(|| similar(error, arguments))
        .or_else(|| other_noun(error, arguments))
        .or_else(|| downwards(arguments))
        .or_else(|| detached_value(error, arguments))
        .or_else(|| (argument(error) == "--listen").then(|| "an address looks like 127.0.0.1:8787".to_owned()))
        .or_else(|| {
            let command = command_of(error);
            (!command.is_empty()).then(|| format!("`{command} --help` shows what it takes"))
        })
}

/// Returns the way on from a word that other tools know, or that is often typed.
fn known_mistake(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let (word, noun) = (unexpected(error), noun_of(error));
    let known = match error.kind() {
        ErrorKind::InvalidSubcommand => mistakes::of_command(&noun, &word)?,
        ErrorKind::UnknownArgument => {
            if let Some(right) = mistakes::short_flag(&word) {
                return corrected(error, arguments, right).or_else(|| Some(format!("write {right} NAME")));
            }
            if let Some(line) = credits_as_a_word(&noun, &word, arguments) {
                return Some(line);
            }
            mistakes::of_flag(&word)?
        }
        ErrorKind::InvalidValue => {
            let value = texts(error, ContextKind::InvalidValue).concat();
            return corrected(error, arguments, mistakes::of_value(&argument(error), &value)?);
        }
        _ => return None,
    };
    Some(typed_flags::invocation(arguments).in_text(known))
}

/// Returns what clap finds similar.
fn similar(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    for (kind, noun) in [
        (ContextKind::SuggestedSubcommand, "command"),
        (ContextKind::SuggestedArg, "argument"),
        (ContextKind::SuggestedValue, "value"),
    ] {
        let mut similar = texts(error, kind);
        if kind == ContextKind::SuggestedSubcommand {
            similar.retain(|command| may_offer(command, &unexpected(error)));
        }
        match similar.as_slice() {
            [] => {}
            [one] => {
                let corrected = corrected(error, arguments, one);
                return Some(corrected.unwrap_or_else(|| format!("a similar {noun} exists: {one}")));
            }
            several => return Some(format!("a similar {noun} exists: {}", several.join(", "))),
        }
    }
    None
}

/// Returns the command of another noun that a word at the top is the name of.
fn other_noun(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    if error.kind() != ErrorKind::InvalidSubcommand || !noun_of(error).is_empty() {
        return None;
    }
    let command = command_of_any_noun(&unexpected(error))?;
    Some(format!("did you mean {}?", typed_flags::invocation(arguments).command(&command)))
}

/// Returns the command line with the one word that is wrong put right, ready to be run; nothing where a secret may be in it.
fn corrected(error: &clap::Error, arguments: &[OsString], right: &str) -> Option<String> {
    let wrong = match error.kind() {
        ErrorKind::InvalidValue => texts(error, ContextKind::InvalidValue).concat(),
        _ => unexpected(error),
    };
    let is_flag = |before: &str| before.ends_with('=') || (before.starts_with('-') && before.len() == 2);
    let words: Vec<_> = arguments.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let place = words.iter().position(|word| {
        *word == wrong
            || word.split('=').next() == Some(&wrong)
            || word.strip_suffix(wrong.as_str()).is_some_and(is_flag)
    })?;
    let line = words
        .iter()
        .enumerate()
        .map(|(index, word)| if index == place { word.replacen(&wrong, right, 1) } else { (*word).to_owned() });
    Some(format!("did you mean {}?", command_line(line)))
}

/// Returns an allocation whose credits stand behind a flag, with the credits in their place.
fn credits_as_a_word(noun: &str, flag: &str, arguments: &[OsString]) -> Option<String> {
    let flag = flag.split('=').next().unwrap_or(flag);
    let is_credits = ["--credits", "--credit", "--operations", "--ops", "--amount"].contains(&flag);
    if !is_credits || !matches!(noun, "child allocate" | "credits move") {
        return None;
    }
    let words: Vec<_> = arguments.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    // Of several changes each has its credits already.
    if words.iter().any(|word| !word.starts_with('-') && word.contains('=')) {
        return None;
    }
    let line = words.iter().filter(|word| **word != flag).map(|word| {
        let value = word.strip_prefix(flag).and_then(|rest| rest.strip_prefix('='));
        value.unwrap_or(word).to_owned()
    });
    Some(format!("the credits have no flag: {}", command_line(line)))
}

/// Returns how an order is written that other tools write with a dash, as in `--sort -used`.
fn downwards(arguments: &[OsString]) -> Option<String> {
    let pair = arguments.windows(2).find(|pair| pair[0] == "--sort")?;
    let column = pair[1].to_str()?.strip_prefix('-').filter(|column| column.len() > 1 && !column.starts_with('-'))?;
    Some(format!("write --sort {}:desc", shell::word(column)))
}

/// Returns the place of a value that stands behind a flag, as a word of its own, where it needs an equals sign.
fn detached_value(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let word = unexpected(error);
    let pair = arguments.windows(2).find(|pair| pair[1] == *word)?;
    let flag = pair[0].to_str()?;
    if flag == "--sandbox" {
        return Some(format!("a file goes behind an equals sign: --sandbox={}", shell::word(&word)));
    }
    let is_time = word.parse::<u32>().is_ok_and(|seconds| seconds > 0);
    let takes_time = |command: &clap::Command| {
        let arguments = command.get_arguments();
        arguments
            .filter(|argument| argument.is_require_equals_set())
            .any(|argument| argument.get_long() == flag.strip_prefix("--"))
    };
    let cli = Cli::command();
    let noun = noun_of(error);
    let command = noun.split(' ').try_fold(&cli, |command, name| command.find_subcommand(name))?;
    takes_time(command).then(|| {
        let seconds = if is_time { word.as_str() } else { "60" };
        format!("the seconds go behind an equals sign, from 1 on: {flag}={seconds}")
    })
}

/// Returns a command line as a shell reads it, in backticks.
fn command_line(words: impl Iterator<Item = String>) -> String {
    let words = words.map(|word| shell::word(&word).into_owned());
    format!("`{}`", std::iter::once("mms".to_owned()).chain(words).collect::<Vec<_>>().join(" "))
}
