//! Words of a command that changes allocations, as the journal has them.

use std::path::Path;

use super::Kind;
use super::target::{Request, Target};
use crate::output::failure::shell;
use crate::session::Asked;

/// Most children that are named.
const MOST_NAMED: usize = 10;

/// Returns what a command asks for: its name, the children and their credits, or the file that has them.
pub(super) fn asked(requests: &[Request], file: Option<&Path>, kind: Kind) -> Asked {
    let files: Vec<_> = file.iter().map(|file| file.display().to_string()).collect();
    let words = match (file, kind, requests) {
        (Some(file), ..) => format!("child allocate --file {}", shell::word(&file.to_string_lossy())),
        (None, Kind::Move, [from, to]) => {
            let credits = typed(to.target).trim_start_matches('+').to_owned();
            format!("credits move {} {} {credits}", shell::word(&from.child), shell::word(&to.child))
        }
        (None, Kind::Retire, requests) => {
            format!("child retire {}", listed(requests, |request| shell::word(&request.child).into()))
        }
        (None, _, [request]) => {
            format!("child allocate {} {}", shell::word(&request.child), typed(request.target))
        }
        (None, _, requests) => {
            let pair = |request: &Request| shell::word(&format!("{}={}", request.child, typed(request.target))).into();
            format!("child allocate {}", listed(requests, pair))
        }
    };
    Asked { command: words, files }
}

/// Lists what is asked for, and counts the rest.
fn listed(requests: &[Request], word: impl Fn(&Request) -> String) -> String {
    let more = requests.len().saturating_sub(MOST_NAMED);
    let named: Vec<_> = requests.iter().take(MOST_NAMED).map(word).collect();
    let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    named.join(" ") + &more
}

/// Returns a target as it is typed.
fn typed(target: Target) -> String {
    match target {
        Target::Total(total) => total.to_string(),
        Target::More(more) => format!("+{more}"),
        Target::Less(less) => format!("-{less}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str], kind: Kind) -> String {
        let target = |text: &str| Target::parse(text).unwrap();
        let request = |word: &&str| match word.split_once('=') {
            Some((child, credits)) => Request { child: child.to_owned(), target: target(credits), line: None },
            None => Request { child: (*word).to_owned(), target: target("0"), line: None },
        };
        asked(&words.iter().map(request).collect::<Vec<_>>(), None, kind).command
    }

    #[test]
    fn a_command_is_written_down_as_it_is_typed() {
        for (words, kind, expected) in [
            (&["101=20000"][..], Kind::Allocate, "child allocate 101 20000"),
            (&["101=+10000", "Acme Bakery=0"], Kind::Allocate, "child allocate 101=+10000 'Acme Bakery=0'"),
            (&["101=-20000", "102=+20000"], Kind::Move, "credits move 101 102 20000"),
            (&["101", "Acme Bakery"], Kind::Retire, "child retire 101 'Acme Bakery'"),
        ] {
            assert_eq!(command(words, kind), expected);
        }
        let many: Vec<_> = (0..12).map(|id| format!("{id}=0")).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        assert!(command(&many, Kind::Allocate).ends_with(" 9=0 (and 2 more)"));
    }

    #[test]
    fn a_file_stands_for_what_it_asks() {
        let asked = asked(&[], Some(Path::new("new credits.csv")), Kind::Allocate);
        assert_eq!(asked.command, "child allocate --file 'new credits.csv'");
        assert_eq!(asked.files, ["new credits.csv"]);
    }
}
