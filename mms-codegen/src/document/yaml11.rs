//! Plain scalars that readers of YAML 1.1 take for something else than the text that stands there.
//!
//! The reader behind this crate follows YAML 1.2, gives no access to how a scalar is written, and takes `no` for a text.
//! So the source is scanned. The scan knows block and flow collections, keys and values, comments, anchors, quoted scalars of
//! several lines, and block scalars. It judges a plain scalar by its first line, and passes over one with a tag.

use crate::document::violation::Violation;

/// The words that YAML 1.1 reads as booleans; `true` and `false` are booleans to every reader.
const BOOLEANS: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];

/// Returns a violation for every plain scalar that is a boolean or a date to a reader of YAML 1.1, with its line.
pub(crate) fn violations(text: &str) -> Vec<Violation> {
    let mut scan = Scan { expects: true, ..Scan::default() };
    for (index, line) in text.lines().enumerate() {
        scan.number = index + 1;
        scan.line(line);
    }
    scan.violations
}

#[derive(Default)]
struct Scan {
    number: usize,
    /// Whether what comes next is a value, not the rest of a plain scalar.
    expects: bool,
    /// How many flow collections are open.
    depth: usize,
    /// The quote that an open scalar ends with.
    quote: Option<char>,
    /// The column of the node whose block scalar goes on while lines are indented further.
    block: Option<usize>,
    violations: Vec<Violation>,
}

impl Scan {
    fn line(&mut self, line: &str) {
        let indent = line.len() - line.trim_start().len();
        if let Some(column) = self.block {
            if line.trim().is_empty() || indent > column {
                return;
            }
            self.block = None;
        }
        let mut rest = line;
        let mut parent = indent;
        let mut tagged = false;
        if let Some(quote) = self.quote {
            rest = self.quoted(rest, quote);
        }
        loop {
            rest = rest.trim_start();
            let column = line.len() - rest.len();
            let Some(first) = rest.chars().next() else { return };
            let after = &rest[first.len_utf8()..];
            let ends_indicator = after.is_empty() || after.starts_with(' ');
            match first {
                '#' => return,
                '-' | '?' if ends_indicator && self.depth == 0 => {
                    (rest, parent, self.expects) = (after, column, true);
                }
                ':' if ends_indicator || self.depth > 0 => (rest, self.expects) = (after, true),
                '[' | '{' if self.expects || self.depth > 0 => {
                    self.depth += 1;
                    (rest, self.expects) = (after, true);
                }
                ']' | '}' if self.depth > 0 => {
                    self.depth -= 1;
                    (rest, self.expects) = (after, false);
                }
                ',' if self.depth > 0 => (rest, self.expects) = (after, true),
                '"' | '\'' => {
                    parent = column;
                    self.expects = false;
                    rest = self.quoted(after, first);
                }
                '|' | '>' if self.expects && self.depth == 0 => {
                    self.block = Some(parent);
                    self.expects = false;
                    return;
                }
                '&' if self.expects => rest = after.trim_start_matches(|character: char| character != ' '),
                '!' if self.expects => {
                    rest = after.trim_start_matches(|character: char| character != ' ');
                    tagged = true;
                }
                _ => {
                    let (scalar, after) = self.plain(rest);
                    let is_key = after.starts_with(':');
                    if (is_key || self.expects && !tagged) && is_misread(scalar) {
                        let message = format!("{scalar} is no text to a reader of YAML 1.1: quote it");
                        self.violations.push(Violation::new(format!("line {}", self.number), message));
                    }
                    if is_key {
                        parent = column;
                    }
                    (rest, self.expects) = (after, false);
                }
            }
        }
    }

    /// Returns what follows a quoted scalar, or nothing where it goes on in the next line.
    fn quoted<'a>(&mut self, text: &'a str, quote: char) -> &'a str {
        let mut escaped = false;
        for (index, character) in text.char_indices() {
            match character {
                _ if escaped => escaped = false,
                '\\' if quote == '"' => escaped = true,
                // The second half of `''` opens a scalar anew, which comes to the same.
                _ if character == quote => {
                    self.quote = None;
                    return &text[index + 1..];
                }
                _ => {}
            }
        }
        self.quote = Some(quote);
        ""
    }

    /// Splits a plain scalar from what follows it in its line.
    fn plain<'a>(&self, text: &'a str) -> (&'a str, &'a str) {
        let end = text.char_indices().find(|(index, character)| {
            let after = &text[index + character.len_utf8()..];
            match character {
                ':' => after.is_empty() || after.starts_with(' '),
                '#' => text[..*index].ends_with(' '),
                ',' | '[' | ']' | '{' | '}' => self.depth > 0,
                _ => false,
            }
        });
        let (scalar, rest) = text.split_at(end.map_or(text.len(), |(index, _)| index));
        (scalar.trim_end(), rest)
    }
}

fn is_misread(scalar: &str) -> bool {
    BOOLEANS.contains(&scalar.to_ascii_lowercase().as_str()) || is_date(scalar)
}

/// Says whether a scalar is a date, with or without a time: `2026-11-01`, `2026-11-01T00:00:00Z`, `2026-1-1 0:00:00`.
fn is_date(scalar: &str) -> bool {
    let (date, time) = match scalar.find(['T', 't', ' ']) {
        Some(index) => (&scalar[..index], &scalar[index + 1..]),
        None => (scalar, "0:00:00"),
    };
    let has_digits = |part: &str, count: std::ops::RangeInclusive<usize>| {
        count.contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit())
    };
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let is_day = has_digits(year, 4..=4) && has_digits(month, 1..=2) && has_digits(day, 1..=2);
    is_day && time.starts_with(|first: char| first.is_ascii_digit()) && time.matches(':').count() >= 2
}

#[cfg(test)]
mod tests {
    use super::violations;

    fn lines(text: &str) -> Vec<String> {
        violations(text).iter().map(|violation| violation.location().to_owned()).collect()
    }

    #[test]
    fn a_word_that_yaml_1_1_reads_as_a_boolean_is_found_wherever_it_stands() {
        for text in [
            "a: no",
            "a: NO # Norway",
            "- on",
            "- - Off",
            "a: [x, yes]",
            "a: {b: n}",
            "a: [\n  x, Yes\n]",
            "on: push",
            "- y: 1",
            "{\"a\":no}",
            "a:\n  no",
            "a: &anchor no",
        ] {
            assert_eq!(lines(text).len(), 1, "{text}");
        }
        assert_eq!(lines("a: 1\nb:\n  - no\n"), ["line 3"]);
    }

    #[test]
    fn a_date_is_found_with_and_without_a_time() {
        for text in ["a: 2026-11-01", "a: 2026-11-01T00:00:00Z", "- 2026-1-1 0:00:00"] {
            assert_eq!(lines(text), ["line 1"], "{text}");
        }
        for text in ["a: 2026-11", "a: 2026-11-01x", "a: 2026-11-01 was a Sunday"] {
            assert_eq!(lines(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_every_reader_takes_for_the_same_passes() {
        for text in [
            "a: \"no\"",
            "a: 'no'",
            "'no': 1",
            "a: true",
            "a: False",
            "a: none",
            "a: no more",
            "a: x # no: yes",
            "a: it's on",
            "a: 'it''s: no'",
            "a: \"\\\": no\"",
            "a: \"first\n  b: no\n  last\"",
            "a: !!str no",
            "a: a text goes\n  on",
            "{\"a\": \"on\"}",
        ] {
            assert_eq!(lines(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_block_scalar_is_text_to_its_end() {
        assert_eq!(lines("a: |\n  b: no\n\n  - yes\nc: no\n"), ["line 5"]);
        assert_eq!(lines("- a: >-\n    b: no\n  c: no\n"), ["line 3"]);
        assert_eq!(lines("a: !!str |\n  - no\n").len(), 0);
        assert_eq!(lines("- |\n  no: no\n- no\n"), ["line 3"]);
        assert_eq!(lines("a:\n  \"200\": |\n    on: off\n  b: off\n"), ["line 4"]);
    }
}
