//! Changes as they are typed: a child and what it is to have.

use std::path::Path;
use std::{fmt, fs};

use mms_types::Operations;

use crate::args::operations;
use crate::invocation::Invocation;
use crate::output::failure::{Failure, shell};

/// Columns of a file that name a child.
const CHILD_COLUMNS: [&str; 5] = ["child", "organizationId", "organizationName", "id", "name"];

/// Columns of a file that say what it is to have.
const CREDITS_COLUMNS: [&str; 3] = ["credits", "operations", "operationsAllocated"];

/// A change that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The child, as it was named.
    pub(crate) child: String,
    pub(crate) target: Target,
    /// The line of the file that it comes from, if it comes from one.
    pub(crate) line: Option<usize>,
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
            Ok(vec![Request { child: child.clone(), target, line: None }])
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
    Ok(Request { child: child.to_owned(), target, line: None })
}

/// Reads a CSV file with a column for the child and one for its credits. Where a comma is the decimal separator a spreadsheet
/// writes semicolons between the columns.
pub(crate) fn from_file(path: &Path) -> Result<Vec<Request>, Failure> {
    let name = path.display();
    let bytes = fs::read(path).map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .delimiter(separator(bytes))
        .from_reader(bytes);
    let headers = reader.headers().map_err(|error| Failure::usage(format!("{name}: {error}")))?.clone();
    let column = |names: &[&str]| {
        names.iter().find_map(|name| headers.iter().position(|header| header.eq_ignore_ascii_case(name)))
    };
    let (Some(child), Some(credits)) = (column(&CHILD_COLUMNS), column(&CREDITS_COLUMNS)) else {
        return Err(Failure::usage(format!(
            "{name}: the first line names no column for the child, or none for its credits"
        ))
        .hint(format!(
            "the child is in a column {}, its credits in one {}",
            CHILD_COLUMNS.join(" or "),
            CREDITS_COLUMNS.join(" or ")
        )));
    };
    let mut requests = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        let line = record.position().map_or(0, |position| line_of(bytes, position.byte()));
        let field = |index: usize| record.get(index).unwrap_or_default();
        if field(child).is_empty() {
            return Err(Failure::usage(format!("{name}, line {line}: the child is missing")));
        }
        let target = Target::parse(field(credits))
            .map_err(|reason| Failure::usage(format!("{name}, line {line}, {}: {reason}", field(child))))?;
        // The apostrophe that keeps a spreadsheet from taking a name for a formula.
        let child = field(child).strip_prefix('\'').unwrap_or(field(child)).to_owned();
        requests.push(Request { child, target, line: Some(line) });
    }
    if requests.is_empty() {
        return Err(Failure::usage(format!("{name} has no line but the first: nothing to change")));
    }
    Ok(requests)
}

/// Returns what separates the columns of a file by its first line: a semicolon where that has one and no comma.
fn separator(bytes: &[u8]) -> u8 {
    let is_blank = |line: &[u8]| line.iter().all(u8::is_ascii_whitespace);
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"#") && !is_blank(line));
    let titles = lines.next().unwrap_or_default();
    if titles.contains(&b';') && !titles.contains(&b',') { b';' } else { b',' }
}

/// Returns the line of the record that is read from a place on: behind the blank lines and comments that stand there.
fn line_of(bytes: &[u8], from: u64) -> usize {
    let from = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
    let (before, rest) = bytes.split_at(from);
    let is_skipped = |line: &&[u8]| matches!(line.trim_ascii().first(), None | Some(b'#'));
    let skipped = rest.split(|byte| *byte == b'\n').take_while(is_skipped).count();
    before.split(|byte| *byte == b'\n').count() + skipped
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

    #[test]
    fn a_file_is_read_with_a_byte_order_mark_and_the_line_ends_of_windows() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credits.csv");
        fs::write(&path, "\u{feff}organizationName,credits\r\n'=Acme,20000\r\nBorealis Travel, -10000\r\n").unwrap();

        let requests = from_file(&path).unwrap();

        assert_eq!((requests[0].child.as_str(), requests[1].child.as_str()), ("=Acme", "Borealis Travel"));
        fs::write(&path, "# of May\n\nname;credits\n\"Acme; Sons, and more\";20000\n").unwrap();
        let requests = from_file(&path).unwrap();
        assert_eq!((requests[0].child.as_str(), requests[0].line), ("Acme; Sons, and more", Some(4)));
        fs::write(&path, "name,credits\nAcme,12345\n").unwrap();
        assert!(from_file(&path).unwrap_err().message().contains("line 2, Acme: 12345 is not a multiple"));
        fs::write(&path, "who,what\nAcme,12345\n").unwrap();
        assert!(from_file(&path).unwrap_err().message().contains("names no column"));
    }
}
