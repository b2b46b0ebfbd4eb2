//! Problems of fleet files: all of them at once.

use std::fmt;

use crate::place::Problem;

/// The most problems of one file that are kept.
const LIMIT: usize = 1_000;

/// Every problem of the files of a fleet, by file and place; at least one.
///
/// [`Display`](fmt::Display) writes one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Takes problems in order, of which there is at least one.
    pub(crate) fn new(problems: Vec<Problem>) -> Self {
        Self(problems)
    }

    /// Returns the problems in order: file by file, each from its beginning to its end.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// Returns how many there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is at least one")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(formatter)?;
            }
            write!(formatter, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Sorts the problems of one file by place and leaves out what is said twice: a value that two aliases share is read twice.
pub(crate) fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by(|left, right| left.place.cmp(&right.place));
    problems.dedup();
    let rest = problems.len().saturating_sub(LIMIT);
    if rest > 0 {
        problems.truncate(LIMIT);
        problems.push(Problem {
            place: None,
            message: format!("{rest} more problems are not shown"),
            help: "mend those above first".to_owned(),
        });
    }
    problems
}
