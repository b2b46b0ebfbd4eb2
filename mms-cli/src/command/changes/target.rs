//! Changes as they are typed: a child and what it is to have.

use mms_fleet::{AllocationRow, WantedCredits, WantedCreditsError};

use crate::invocation::Invocation;
use crate::output::failure::{Failure, shell};

/// A change that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The child, as it was named.
    pub(crate) child: String,
    pub(crate) target: WantedCredits,
    /// The line of the table that it comes from, if it comes from one.
    pub(crate) line: Option<usize>,
    /// What the child of that id has to be called; nothing where that does not matter.
    pub(crate) expected_name: Option<String>,
    /// The id that another system has for the child.
    pub(crate) external_id: Option<String>,
}

impl Request {
    /// Asks for a change on the command line.
    pub(crate) const fn new(child: String, target: WantedCredits) -> Self {
        Self { child, target, line: None, expected_name: None, external_id: None }
    }
}

impl From<&AllocationRow> for Request {
    fn from(row: &AllocationRow) -> Self {
        let child = match (row.id, &row.name) {
            (Some(id), _) => format!("id:{id}"),
            // What reads like an id is one where nothing says otherwise.
            (None, Some(name)) if name.bytes().all(|byte| byte.is_ascii_digit()) || name.contains(':') => {
                format!("name:{name}")
            }
            (None, Some(name)) => name.clone(),
            (None, None) => row.child.clone().unwrap_or_default(),
        };
        let expected_name = row.name.clone().filter(|_| row.id.is_some());
        Self {
            line: Some(row.place.line),
            expected_name,
            external_id: row.external_id.clone(),
            ..Self::new(child, row.credits)
        }
    }
}

/// Reads the words of a command line: a child and its credits, or several `CHILD=CREDITS`.
pub(crate) fn from_words(words: &[String], invocation: &Invocation) -> Result<Vec<Request>, Failure> {
    match words {
        [child, credits] if !child.contains('=') && !credits.contains('=') => {
            let target = credits
                .parse()
                .map_err(|reason: WantedCreditsError| swapped_or(child, credits, &reason, invocation))?;
            Ok(vec![Request::new(child.clone(), target)])
        }
        [child] if !child.contains('=') => {
            Err(Failure::usage("missing: <CREDITS>").hint("`mms child allocate --help` shows what it takes"))
        }
        pairs => pairs.iter().map(|pair| from_pair(pair)).collect(),
    }
}

/// Refuses a number of credits; where the other word is one, they stand in the wrong order.
fn swapped_or(child: &str, credits: &str, reason: &WantedCreditsError, invocation: &Invocation) -> Failure {
    let failure = Failure::usage(format!("CREDITS: {reason}"));
    if child.parse::<WantedCredits>().is_ok() {
        let allocate = invocation.command(&format!("child allocate {} {child}", shell::word(credits)));
        return failure.hint(format!("the child comes first: {allocate}"));
    }
    failure
}

fn from_pair(pair: &str) -> Result<Request, Failure> {
    let cut = pair.rsplit_once('=').filter(|(child, credits)| !child.is_empty() && !credits.is_empty());
    let Some((child, credits)) = cut else {
        return Err(Failure::usage(format!("{pair:?} is no CHILD=CREDITS")).hint(
            "name one child and its credits, as in 101 20000, or several, as in 101=20000 'Acme Bakery=+10000'",
        ));
    };
    let target = credits.parse().map_err(|reason: WantedCreditsError| Failure::usage(format!("{child}: {reason}")))?;
    Ok(Request::new(child.to_owned(), target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Result<Vec<Request>, Failure> {
        from_words(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), &Invocation::default())
    }

    #[test]
    fn one_child_or_several_pairs_are_read() {
        assert_eq!(words(&["Acme", "20000"]).unwrap().len(), 1);
        let pairs = words(&["101=20000", "Acme Bakery=+10000"]).unwrap();
        assert_eq!((pairs[1].child.as_str(), pairs[1].target), ("Acme Bakery", "+10000".parse().unwrap()));
        assert!(words(&["101", "102", "20000"]).unwrap_err().hint_line().unwrap().contains("101=20000"));
    }

    #[test]
    fn swapped_arguments_are_put_right_in_the_hint() {
        let failure = words(&["20000", "Acme Bakery"]).unwrap_err();

        assert_eq!(failure.hint_line(), Some("the child comes first: `mms child allocate 'Acme Bakery' 20000`"));
    }
}
