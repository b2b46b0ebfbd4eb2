//! The line of a bash, which cuts words at `=` and `:` and passes the word at the cursor without its opening quote.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use clap_complete::engine;

/// Variable in which the script passes the word at the cursor as it stands in the line.
const WORD: &str = "MMS_COMPLETE_WORD";
/// Variable in which the script passes the line.
const LINE: &str = "MMS_COMPLETE_LINE";
/// Variables of the script of the library: the position of the word at the cursor, and what stands between candidates.
const INDEX: &str = "_CLAP_COMPLETE_INDEX";
const SEPARATOR: &str = "_CLAP_IFS";

/// Line of a bash.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BashLine {
    /// Words of the command, the one at the cursor as far as it is typed.
    pub(super) words: Vec<OsString>,
    index: usize,
    /// What stands before the cut in the word at the cursor, which candidates do not repeat.
    cut: String,
    /// The word at the cursor behind the cut, as it stands in the line.
    pub(super) word: String,
}

impl BashLine {
    /// Reads the words that the script passed.
    pub(super) fn read(words: &[OsString]) -> Self {
        let variable = |name| std::env::var(name).unwrap_or_default();
        let words = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        Self::of(words, variable(INDEX).parse().unwrap_or_default(), variable(WORD), &variable(LINE))
    }

    fn of(mut words: Vec<String>, index: usize, word: String, line: &str) -> Self {
        let typed = words.get_mut(index).map(|passed| std::mem::replace(passed, word.clone()));
        let (mut joined, mut at, mut cut) = (Vec::<String>::new(), 0, String::new());
        let mut rest = line;
        for (position, piece) in words.iter().enumerate() {
            let trimmed = rest.trim_start();
            let is_cut = trimmed.len() == rest.len();
            rest = trimmed.strip_prefix(piece.as_str()).unwrap_or_default();
            match joined.last_mut().filter(|_| is_cut && !piece.is_empty()) {
                Some(last) if position == index => {
                    cut.clone_from(last);
                    last.push_str(typed.as_deref().unwrap_or_default());
                }
                Some(last) => last.push_str(piece),
                None => joined.push(if position == index { typed.clone().unwrap_or_default() } else { piece.clone() }),
            }
            if position == index {
                at = joined.len() - 1;
                // What stands behind the cursor is no part of the word.
                rest = rest.find(char::is_whitespace).map_or("", |end| &rest[end..]);
            }
        }
        Self { words: joined.into_iter().map(Into::into).collect(), index: at, cut, word }
    }

    /// Returns the candidates as the script takes them.
    pub(super) fn answer(self, command: &mut clap::Command, directory: Option<&Path>) -> io::Result<String> {
        let candidates = engine::complete(command, self.words, self.index, directory)?;
        let text = |candidate: &engine::CompletionCandidate| {
            let text = candidate.get_value().to_string_lossy();
            text.strip_prefix(&self.cut).map(str::to_owned)
        };
        let texts: Vec<_> = candidates.iter().filter_map(text).collect();
        Ok(texts.join(&std::env::var(SEPARATOR).unwrap_or_else(|_| "\n".to_owned())))
    }
}

/// Returns the script of the library with what [`BashLine::read`] needs beside it.
pub(super) fn script(script: &str, variable: &str) -> String {
    let asked = format!(r#"{variable}="bash""#);
    script.replace(&asked, &format!(r#"{WORD}="${{COMP_WORDS[COMP_CWORD]}}" {LINE}="$COMP_LINE" {asked}"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &[&str], index: usize, word: &str, line: &str) -> (Vec<String>, usize, String) {
        let words = words.iter().map(ToString::to_string).collect();
        let line = BashLine::of(words, index, word.to_owned(), line);
        (line.words.into_iter().map(|word| word.into_string().unwrap()).collect(), line.index, line.cut)
    }

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn words_that_bash_cut_are_one_again() {
        let (words, index, cut) = line(
            &["mms", "--sandbox", "=", "own.db", "--base-url", "http", ":", "//127.0.0.1", ":", "8787", "show", "Ac"],
            11,
            "Ac",
            "mms --sandbox=own.db  --base-url http://127.0.0.1:8787 show Ac",
        );
        assert_eq!(words, owned(&["mms", "--sandbox=own.db", "--base-url", "http://127.0.0.1:8787", "show", "Ac"]));
        assert_eq!((index, cut.as_str()), (5, ""));
    }

    #[test]
    fn a_candidate_goes_on_behind_the_cut() {
        let (words, index, cut) = line(&["mms", "--output", "=", "js", "status"], 3, "js", "mms --output=js status");
        assert_eq!(words, owned(&["mms", "--output=js", "status"]));
        assert_eq!((index, cut.as_str()), (1, "--output="));
    }

    #[test]
    fn a_word_is_as_long_as_it_is_typed_and_may_be_empty() {
        let (words, index, _) = line(&["mms", "show", "\"Acme B"], 2, "\"Acme B", "mms show \"Acme B");
        assert_eq!((words, index), (owned(&["mms", "show", "\"Acme B"]), 2));
        let (words, index, _) = line(&["mms", "show", ""], 2, "", "mms show ");
        assert_eq!((words, index), (owned(&["mms", "show", ""]), 2));
    }
}
