//! Usage errors: what clap refuses, said like every other failure, in one line that names argument and value once.

use std::error::Error;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, ValueEnum};

use super::Cli;
use super::help::mistakes;
use crate::output::appearance::Appearance;
use crate::output::failure::{Failure, shell};
use crate::output::format::{Color, Format};

/// Says whether clap was asked for help or the version, or has help to offer, and found no mistake.
pub(crate) fn is_help(error: &clap::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// Turns what clap found into a failure of wrong use.
pub(crate) fn failure(error: &clap::Error, arguments: &[OsString]) -> Failure {
    let failure = Failure::usage(message(error));
    match hint(error, arguments) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Finds how a user wants to be told of a mistake, which clap does not tell beside one.
pub(crate) fn appearance(arguments: &[OsString]) -> Appearance {
    let format = last_value(arguments, "--output", Some("-o")).unwrap_or(Format::Table);
    Appearance::plain(format, last_value(arguments, "--color", None).unwrap_or(Color::Auto))
}

/// Finds the last value of a flag that is one of its own.
fn last_value<T: ValueEnum>(arguments: &[OsString], long: &str, short: Option<&str>) -> Option<T> {
    let mut words = arguments.iter().map(|word| word.to_str().unwrap_or_default()).take_while(|word| *word != "--");
    let mut found = None;
    while let Some(word) = words.next() {
        let rest = word.strip_prefix(long).or_else(|| word.strip_prefix(short?));
        let value = match rest {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('=').or_else(|| (!word.starts_with("--")).then_some(rest)),
            None => None,
        };
        found = value.and_then(|value| T::from_str(value, false).ok()).or(found);
    }
    found
}

fn message(error: &clap::Error) -> String {
    let argument = argument(error);
    let value = texts(error, ContextKind::InvalidValue).concat();
    match error.kind() {
        ErrorKind::ValueValidation => match error.source() {
            Some(reason) => format!("{argument}: {reason}"),
            None => format!("{argument}: {value:?} is refused"),
        },
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument}: a value is missing"),
        ErrorKind::InvalidValue => {
            format!("{argument}: {value:?} is not one of {}", texts(error, ContextKind::ValidValue).join(", "))
        }
        ErrorKind::TooManyValues => format!("{argument}: {value:?} is too much, it takes no value"),
        ErrorKind::ArgumentConflict => {
            match flags(error, ContextKind::PriorArg).into_iter().find(|other| *other != argument) {
                Some(other) => format!("{argument} and {other} exclude each other"),
                None => format!("{argument}: given more than once"),
            }
        }
        ErrorKind::UnknownArgument => format!("unexpected argument {:?}", unexpected(error)),
        ErrorKind::InvalidSubcommand => format!("unknown command {:?}", unexpected(error)),
        ErrorKind::MissingRequiredArgument => missing(&texts(error, ContextKind::InvalidArg)),
        ErrorKind::MissingSubcommand => {
            format!("no command given: expected one of {}", texts(error, ContextKind::ValidSubcommand).join(", "))
        }
        other => other.to_string(),
    }
}

/// Says which arguments are missing. The one choice between two flags is that of a person about an open create.
fn missing(arguments: &[String]) -> String {
    if arguments.iter().any(|argument| argument.contains("--child") && argument.contains("--give-up")) {
        return "--intent alone decides nothing: add --child ID|NAME if the create became that child, or --give-up with --reason TEXT \
                if it came to nothing"
            .to_owned();
    }
    format!("missing: {}", arguments.join(", "))
}

/// Returns the way out: what is meant, or may be, or else where to read on.
fn hint(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    if let Some(known) = known_mistake(error) {
        return Some(known.to_owned());
    }
    for (kind, noun) in [
        (ContextKind::SuggestedSubcommand, "command"),
        (ContextKind::SuggestedArg, "argument"),
        (ContextKind::SuggestedValue, "value"),
    ] {
        let similar = texts(error, kind);
        match similar.as_slice() {
            [] => {}
            [one] => {
                return Some(
                    corrected(error, arguments, one).unwrap_or_else(|| format!("a similar {noun} exists: {one}")),
                );
            }
            several => return Some(format!("a similar {noun} exists: {}", several.join(", "))),
        }
    }
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(command) = similar_command(&unexpected(error))
    {
        return Some(format!("did you mean `mms {command}`?"));
    }
    if let Some(file) = detached_file(error, arguments) {
        return Some(format!("a file goes behind an equals sign: --sandbox={}", shell::word(&file)));
    }
    if argument(error) == "--listen" {
        return Some("an address looks like 127.0.0.1:8787".to_owned());
    }
    let tips = texts(error, ContextKind::Suggested);
    if !tips.is_empty() {
        return Some(tips.join("; "));
    }
    let command = command_of(error);
    (!command.is_empty()).then(|| format!("`{command} --help` shows what it takes"))
}

/// Returns the command, of any noun, whose last word is most like this one.
fn similar_command(word: &str) -> Option<String> {
    let mut paths = Vec::new();
    leaves(&Cli::command(), "", &mut paths);
    let likeness = |path: &String| strsim::jaro_winkler(path.rsplit(' ').next().unwrap_or_default(), word);
    let most = paths.into_iter().rev().max_by(|left, right| likeness(left).total_cmp(&likeness(right)))?;
    (likeness(&most) >= 0.8).then_some(most)
}

fn leaves(command: &clap::Command, path: &str, paths: &mut Vec<String>) {
    for command in command.get_subcommands() {
        let path = format!("{path} {}", command.get_name()).trim().to_owned();
        leaves(command, &path, paths);
        if !command.has_subcommands() {
            paths.push(path);
        }
    }
}

/// Returns the command that the usage in an error is of, such as `mms child`.
fn command_of(error: &clap::Error) -> String {
    let usage = texts(error, ContextKind::Usage).concat();
    let command = usage.split_whitespace().skip(1).take_while(|word| !word.starts_with(['-', '[', '<']));
    command.collect::<Vec<_>>().join(" ")
}

/// Returns the way on from a word that other tools know, or that is often typed.
fn known_mistake(error: &clap::Error) -> Option<&'static str> {
    let (word, command) = (unexpected(error), command_of(error));
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            mistakes::of_command(command.strip_prefix("mms").unwrap_or(&command).trim(), &word)
        }
        ErrorKind::UnknownArgument => mistakes::of_flag(&word),
        _ => None,
    }
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
    let line = words.iter().enumerate().map(|(index, word)| {
        let word = if index == place { word.replacen(&wrong, right, 1) } else { (*word).to_owned() };
        shell::word(&word).into_owned()
    });
    Some(format!("did you mean `mms {}`?", line.collect::<Vec<_>>().join(" ")))
}

/// Returns a word that clap did not expect and that stands behind a bare `--sandbox`.
fn detached_file(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let word = unexpected(error);
    arguments.windows(2).any(|pair| pair[0] == "--sandbox" && pair[1] == *word).then_some(word)
}

/// Returns the word that clap did not expect.
fn unexpected(error: &clap::Error) -> String {
    [ContextKind::InvalidArg, ContextKind::InvalidSubcommand].map(|kind| texts(error, kind).concat()).concat()
}

/// Names the argument as it is typed, without what stands for its value: `--credits`, or `CREDITS` where it has no flag.
fn argument(error: &clap::Error) -> String {
    flag(&texts(error, ContextKind::InvalidArg).concat())
}

/// Names the arguments of a kind of context as they are typed.
fn flags(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    texts(error, kind).iter().map(|text| flag(text)).collect()
}

fn flag(argument: &str) -> String {
    match argument.split([' ', '[', '.']).next() {
        Some(flag) if flag.starts_with("--") => flag.to_owned(),
        _ => argument.trim_matches(['<', '>', '[', ']']).to_owned(),
    }
}

fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color_of(words: &[&str]) -> Color {
        appearance(&words.iter().map(OsString::from).collect::<Vec<_>>()).color
    }

    #[test]
    fn the_colour_is_found_in_both_spellings() {
        assert_eq!(color_of(&["mms", "--color", "never", "--bogus"]), Color::Never);
        assert_eq!(color_of(&["mms", "--bogus", "--color=always"]), Color::Always);
        assert_eq!(color_of(&["mms", "--color=always", "--bogus", "--color", "never"]), Color::Never);
    }

    #[test]
    fn the_format_is_found_in_all_spellings() {
        for words in [
            &["mms", "-o", "json"][..],
            &["-ojson"],
            &["--output=json"],
            &["-o=json"],
            &["--output", "json", "--bogus"],
        ] {
            let words: Vec<_> = words.iter().map(OsString::from).collect();
            assert_eq!(appearance(&words).format, Format::Json, "{words:?}");
        }
    }

    #[test]
    fn no_colour_that_is_known_means_auto() {
        for words in [&["mms", "--bogus"][..], &["--color"], &["--color", "mauve"], &["--", "--color=never"]] {
            assert_eq!(color_of(words), Color::Auto, "{words:?}");
        }
    }
}
