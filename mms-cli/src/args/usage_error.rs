//! Usage errors: what clap refuses, said like every other failure, in one line that names argument and value once.

use std::error::Error;
use std::ffi::OsString;

use clap::ValueEnum;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::output::failure::{Failure, shell};
use crate::output::format::Color;

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

/// Finds what `--color` says last, which clap does not tell beside a mistake.
pub(crate) fn color(arguments: &[OsString]) -> Color {
    let mut words = arguments.iter().map(|word| word.to_str().unwrap_or_default()).take_while(|word| *word != "--");
    let mut found = Color::Auto;
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--color") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if let Some(color) = value.and_then(|value| Color::from_str(value, false).ok()) {
            found = color;
        }
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

/// Returns the way out: what may be meant, or else where to read on.
fn hint(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    for (kind, noun) in [
        (ContextKind::SuggestedSubcommand, "command"),
        (ContextKind::SuggestedArg, "argument"),
        (ContextKind::SuggestedValue, "value"),
    ] {
        let similar = texts(error, kind);
        if !similar.is_empty() {
            return Some(format!("a similar {noun} exists: {}", similar.join(", ")));
        }
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
    let usage = texts(error, ContextKind::Usage).concat();
    let command = usage.split_whitespace().skip(1).take_while(|word| !word.starts_with(['-', '[', '<']));
    let command = command.collect::<Vec<_>>().join(" ");
    (!command.is_empty()).then(|| format!("`{command} --help` shows what it takes"))
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
        color(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_colour_is_found_in_both_spellings() {
        assert_eq!(color_of(&["mms", "--color", "never", "--bogus"]), Color::Never);
        assert_eq!(color_of(&["mms", "--bogus", "--color=always"]), Color::Always);
        assert_eq!(color_of(&["mms", "--color=always", "--bogus", "--color", "never"]), Color::Never);
    }

    #[test]
    fn no_colour_that_is_known_means_auto() {
        for words in [&["mms", "--bogus"][..], &["--color"], &["--color", "mauve"], &["--", "--color=never"]] {
            assert_eq!(color_of(words), Color::Auto, "{words:?}");
        }
    }
}
