//! Plan of a write, as it is shown before it is confirmed.

use std::fmt;

use super::safe::printable;

/// Lines of title and value under a heading.
#[derive(Debug)]
pub(crate) struct Plan {
    heading: &'static str,
    lines: Vec<(&'static str, String)>,
}

impl Plan {
    /// Begins a plan.
    pub(crate) const fn new(heading: &'static str) -> Self {
        Self { heading, lines: Vec::new() }
    }

    /// Adds a line.
    pub(crate) fn line(mut self, title: &'static str, value: impl fmt::Display) -> Self {
        self.lines.push((title, value.to_string()));
        self
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.heading)?;
        let width = self.lines.iter().map(|(title, _)| title.len()).max().unwrap_or_default();
        for (title, value) in &self.lines {
            write!(formatter, "\n  {title:width$}  {}", printable(value))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_lines_up_its_values_and_defuses_them() {
        let plan = Plan::new("About to do this:").line("name", "A\u{1b}c").line("distributor", 11);

        assert_eq!(plan.to_string(), "About to do this:\n  name         A\\u{1b}c\n  distributor  11");
    }
}
