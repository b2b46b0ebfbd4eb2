//! Changes as they are typed: a child and what it is to have.

use std::fmt;

use mms_fleet::{AllocationRow, WantedCredits};
use mms_types::Operations;

use crate::args::operations;
use crate::invocation::Invocation;
use crate::output::failure::{Failure, shell};

/// A change that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The child, as it was named.
    pub(crate) child: String,
    pub(crate) target: Target,
    /// The line of the table that it comes from, if it comes from one.
    pub(crate) line: Option<usize>,
    /// What the child of that id has to be called; nothing where that does not matter.
    pub(crate) expected_name: Option<String>,
    /// The id that another system has for the child.
    pub(crate) external_id: Option<String>,
}

impl Request {
    /// Asks for a change on the command line.
    pub(crate) const fn new(child: String, target: Target) -> Self {
        Self { child, target, line: None, expected_name: None, external_id: None }
    }
}

impl From<&AllocationRow> for Request {
    fn from(row: &AllocationRow) -> Self {
        let target = match row.credits {
            WantedCredits::Total(total) => Target::Total(total),
            WantedCredits::More(more) => Target::More(more),
            WantedCredits::Less(less) => Target::Less(less),
        };
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
            ..Self::new(child, target)
        }
    }
}

/// What a child is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// This total.
    Total(Operations),
    /// So much more than it has.
    More(Operations),
    /// So much less than it has.
    Less(Operations),
}

impl Target {
    /// Reads `30000`, `+10000` or `-10000`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(more), _) => operations(more, text).map(Self::More),
            (_, Some(less)) => operations(less, text).map(Self::Less),
            _ => operations(text, text).map(Self::Total),
        }
    }

    /// Returns the total of a child that has so much.
    pub(crate) fn of(self, allocated: i64) -> Result<Operations, String> {
        let total = match self {
            Self::Total(total) => return Ok(total),
            Self::More(more) => i128::from(allocated) + i128::from(more.get()),
            Self::Less(less) => i128::from(allocated) - i128::from(less.get()),
        };
        let fits = u64::try_from(total).map_err(|_| format!("it has {allocated} credits, which cannot be {self}"))?;
        Operations::new(fits).map_err(|error| format!("it has {allocated} credits, and {self}: {error}"))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Total(total) => total.fmt(formatter),
            Self::More(more) => write!(formatter, "raised by {more}"),
            Self::Less(less) => write!(formatter, "lowered by {less}"),
        }
    }
}

/// Reads the words of a command line: a child and its credits, or several `CHILD=CREDITS`.
pub(crate) fn from_words(words: &[String], invocation: &Invocation) -> Result<Vec<Request>, Failure> {
    match words {
        [child, credits] if !child.contains('=') && !credits.contains('=') => {
            let target = Target::parse(credits).map_err(|reason| swapped_or(child, credits, &reason, invocation))?;
            Ok(vec![Request::new(child.clone(), target)])
        }
        [child] if !child.contains('=') => {
            Err(Failure::usage("missing: <CREDITS>").hint("`mms child allocate --help` shows what it takes"))
        }
        pairs => pairs.iter().map(|pair| from_pair(pair)).collect(),
    }
}

/// Refuses a number of credits; where the other word is one, they stand in the wrong order.
fn swapped_or(child: &str, credits: &str, reason: &str, invocation: &Invocation) -> Failure {
    let failure = Failure::usage(format!("CREDITS: {reason}"));
    if Target::parse(child).is_ok() {
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
    let target = Target::parse(credits).map_err(|reason| Failure::usage(format!("{child}: {reason}")))?;
    Ok(Request::new(child.to_owned(), target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Result<Vec<Request>, Failure> {
        from_words(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), &Invocation::default())
    }

    fn credits(number: u64) -> Operations {
        Operations::new(number).unwrap()
    }

    #[test]
    fn credits_are_a_total_or_a_difference() {
        assert_eq!(Target::parse("30000"), Ok(Target::Total(credits(30_000))));
        assert_eq!(Target::parse("+10000"), Ok(Target::More(credits(10_000))));
        assert_eq!(Target::parse("-10000").unwrap().of(30_000), Ok(credits(20_000)));
        assert!(
            Target::parse("-10000")
                .unwrap()
                .of(0)
                .unwrap_err()
                .contains("it has 0 credits, which cannot be lowered by 10000")
        );
        assert!(Target::parse("+10000").unwrap().of(5).unwrap_err().contains("10005 is not a multiple"));
    }

    #[test]
    fn a_number_that_is_written_for_people_is_told_as_it_has_to_be() {
        for (text, plain) in [
            ("20,000", "20000"),
            ("20_000", "20000"),
            ("20 000", "20000"),
            ("20.000", "20000"),
            ("20k", "20000"),
            ("1.5m", "1500000"),
            ("20000 credits", "20000"),
        ] {
            assert!(Target::parse(text).unwrap_err().contains(&format!("write {plain},")), "{text}");
        }
        for text in ["", "many", "k", "1.2345678m", "-"] {
            assert!(Target::parse(text).unwrap_err().contains("such as 20000"), "{text}");
        }
    }

    #[test]
    fn one_child_or_several_pairs_are_read() {
        assert_eq!(words(&["Acme", "20000"]).unwrap().len(), 1);
        let pairs = words(&["101=20000", "Acme Bakery=+10000"]).unwrap();
        assert_eq!((pairs[1].child.as_str(), pairs[1].target), ("Acme Bakery", Target::More(credits(10_000))));
        assert!(words(&["101", "102", "20000"]).unwrap_err().hint_line().unwrap().contains("101=20000"));
    }

    #[test]
    fn swapped_arguments_are_put_right_in_the_hint() {
        let failure = words(&["20000", "Acme Bakery"]).unwrap_err();

        assert_eq!(failure.hint_line(), Some("the child comes first: `mms child allocate 'Acme Bakery' 20000`"));
    }
}
