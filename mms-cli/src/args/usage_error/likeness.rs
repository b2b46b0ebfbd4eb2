//! Likeness of a mistyped word to what there is. What writes is offered for a misspelling alone, and never for a word that only
//! looks like it.

use clap::CommandFactory;

use crate::args::Cli;

/// Commands that change something, at Make or in the settings.
const WRITES: [&str; 8] = ["create", "allocate", "retire", "move", "settle", "logout", "set", "unset"];

/// Says whether a word is a misspelling of another: one letter in three is wrong, left out or in another place.
pub(super) fn is_misspelling(word: &str, right: &str) -> bool {
    let allowed = (right.chars().count() / 3).min(2);
    strsim::damerau_levenshtein(&word.to_lowercase(), right) <= allowed
}

/// Says whether a command may be offered for a word that clap finds similar.
pub(super) fn may_offer(command: &str, word: &str) -> bool {
    !WRITES.contains(&command) || is_misspelling(word, command)
}

/// Returns the command of any noun whose last word this one is, or is a misspelling of.
pub(super) fn command_of_any_noun(word: &str) -> Option<String> {
    let mut paths = Vec::new();
    leaves(&Cli::command(), "", &mut paths);
    let last = |path: &String| path.rsplit(' ').next().unwrap_or_default().to_owned();
    paths.retain(|path| is_misspelling(word, &last(path)));
    paths.into_iter().min_by_key(|path| strsim::damerau_levenshtein(&last(path), word))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_writes_is_offered_for_a_misspelling_alone() {
        for (word, command) in [("creat", "create"), ("alocate", "allocate"), ("retier", "retire"), ("mvoe", "move")] {
            assert!(may_offer(command, word), "{word}");
        }
        for (word, command) in [("rename", "create"), ("get", "unset"), ("remove", "move"), ("rotate", "allocate")] {
            assert!(!may_offer(command, word), "{word}");
        }
        assert!(may_offer("show", "shoo-in"));
    }

    #[test]
    fn every_command_that_writes_is_there() {
        let mut paths = Vec::new();
        leaves(&Cli::command(), "", &mut paths);
        for write in WRITES {
            assert!(paths.iter().any(|path| path.ends_with(write)), "{write}");
        }
    }
}
