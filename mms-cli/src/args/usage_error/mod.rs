//! Usage errors: what clap refuses, said like every other failure, in one line that names argument and value once.

mod context;
mod hint;
mod likeness;
mod typed_flags;

use std::error::Error;
use std::ffi::OsString;

use clap::ValueEnum;
use clap::error::{ContextKind, ErrorKind};

use crate::output::appearance::Appearance;
use crate::output::failure::Failure;
use crate::output::format::{Color, Format};
use context::{argument, flags, texts, unexpected};

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
    match hint::of(error, arguments) {
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
