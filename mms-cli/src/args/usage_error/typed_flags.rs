//! Global flags of a command line that clap refused, for hints that reach the same server.

use std::ffi::OsString;

use clap::{Arg, CommandFactory, FromArgMatches};

use crate::args::{Cli, GlobalArgs};
use crate::invocation::Invocation;

/// A command without arguments of its own.
const ANY_COMMAND: &str = "status";

/// Returns the flags that say which server is meant, wherever they stand in the line.
pub(super) fn invocation(arguments: &[OsString]) -> Invocation {
    let cli = Cli::command();
    let globals: Vec<_> = cli.get_arguments().filter(|argument| argument.is_global_set()).collect();
    let mut line = vec![OsString::from("mms")];
    let mut words = arguments.iter().skip(1).take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        let Some(text) = word.to_str() else { continue };
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let long = name.strip_prefix("--");
        let Some(flag) = globals.iter().find(|argument| long.is_some() && argument.get_long() == long) else {
            continue;
        };
        if value.is_some() || !takes_next(flag) {
            line.push(word.clone());
        } else if let Some(value) = words.next() {
            line.extend([word, value].map(Clone::clone));
        }
    }
    line.push(ANY_COMMAND.into());
    let matches = cli.ignore_errors(true).try_get_matches_from(line);
    let global = matches.ok().and_then(|matches| GlobalArgs::from_arg_matches(&matches).ok());
    global.map_or_else(Invocation::default, |global| global.invocation())
}

/// Says whether the value of a flag may be the next word.
fn takes_next(flag: &Arg) -> bool {
    flag.get_action().takes_values() && !flag.is_require_equals_set()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list_after(words: &[&str]) -> String {
        let words: Vec<_> = std::iter::once(&"mms").chain(words).map(OsString::from).collect();
        invocation(&words).command("child list")
    }

    #[test]
    fn flags_are_found_on_both_sides_of_a_word_that_is_wrong() {
        assert_eq!(list_after(&["--profile", "live", "childs"]), "`mms --profile live child list`");
        assert_eq!(list_after(&["childs", "--sandbox=my own.db", "-v"]), "`mms --sandbox='my own.db' child list`");
        assert_eq!(
            list_after(&["--sandbox", "childs", "--organization-id=12", "--yes"]),
            "`mms --sandbox --organization-id 12 child list`"
        );
    }

    #[test]
    fn a_value_that_is_none_and_what_is_behind_the_dashes_are_left_out() {
        assert_eq!(list_after(&["--organization-id", "x", "childs", "--", "--sandbox"]), "`mms child list`");
        assert_eq!(list_after(&["childs", "--profile"]), "`mms child list`");
    }
}
