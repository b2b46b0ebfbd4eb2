//! Words of a command that changes allocations, as the journal has them.

use super::Kind;
use super::target::Request;
use crate::output::failure::shell;
use crate::session::Asked;

/// Most children that are named.
const MOST_NAMED: usize = 10;

/// Returns what a command asks for: its name, the children and their credits.
pub(super) fn asked(requests: &[Request], kind: Kind) -> Asked {
    let words = match (kind, requests) {
        (Kind::Move, [from, to]) => {
            let credits = to.target.to_string().trim_start_matches('+').to_owned();
            format!("credits move {} {} {credits}", shell::word(&from.child), shell::word(&to.child))
        }
        (Kind::Retire, requests) => {
            format!("child retire {}", listed(requests, |request| shell::word(&request.child).into()))
        }
        (_, [request]) => {
            format!("child allocate {} {}", shell::word(&request.child), request.target)
        }
        (_, requests) => {
            let pair = |request: &Request| shell::word(&format!("{}={}", request.child, request.target)).into();
            format!("child allocate {}", listed(requests, pair))
        }
    };
    Asked::command(words)
}

/// Lists what is asked for, and counts the rest.
fn listed(requests: &[Request], word: impl Fn(&Request) -> String) -> String {
    let more = requests.len().saturating_sub(MOST_NAMED);
    let named: Vec<_> = requests.iter().take(MOST_NAMED).map(word).collect();
    let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    named.join(" ") + &more
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str], kind: Kind) -> String {
        let target = |text: &str| text.parse().unwrap();
        let request = |word: &&str| match word.split_once('=') {
            Some((child, credits)) => Request::new(child.to_owned(), target(credits)),
            None => Request::new((*word).to_owned(), target("0")),
        };
        asked(&words.iter().map(request).collect::<Vec<_>>(), kind).command
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
}
