//! Columns of a table: what their titles may be, and what becomes of one that is not known.

/// What a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Column {
    /// The name of a child.
    Name,
    /// The name of its owner.
    OwnerName,
    /// The owner's e-mail address.
    OwnerEmail,
    /// The region.
    Region,
    /// The country.
    Country,
    /// The allocation.
    Credits,
    /// The id that another system has for the child.
    ExternalId,
    /// The id.
    Id,
    /// The id or name, as it is typed on a command line.
    Child,
}

/// A column with its title and what it may be called beside that.
pub(super) type Titles = (Column, &'static str, &'static [&'static str]);

/// Columns of one kind of table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// Those that are read.
    pub(super) read: &'static [Titles],
    /// Titles that such a table may have and that are not read, because they change nothing.
    pub(super) passed_over: &'static [&'static str],
    /// Titles that it must not have, and why.
    pub(super) refused: &'static [(&'static str, &'static str)],
}

/// What a title stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Read(Column),
    PassedOver,
}

impl Columns {
    /// Finds what a title stands for. Case, spaces and punctuation of it do not matter.
    pub(super) fn meaning(&self, title: &str) -> Option<Meaning> {
        let key = key(title);
        let is_title = |known: &str| self::key(known) == key;
        let read = self.read.iter().find(|(_, name, aliases)| is_title(name) || aliases.iter().any(|a| is_title(a)));
        match read {
            Some((column, ..)) => Some(Meaning::Read(*column)),
            None => self.passed_over.iter().any(|known| is_title(known)).then_some(Meaning::PassedOver),
        }
    }

    /// Says of a title that stands for nothing what is wrong, and what to write.
    pub(super) fn unknown(&self, title: &str) -> (String, String) {
        let key = key(title);
        if let Some((_, why)) = self.refused.iter().find(|(known, _)| self::key(known) == key) {
            return (format!("the column {title:?} has no place here"), (*why).to_owned());
        }
        let message = format!("the column {title:?} is not known");
        let titles = self.read.iter().flat_map(|(_, name, aliases)| std::iter::once(name).chain(*aliases));
        let scored = titles.map(|known| (strsim::jaro_winkler(&key, &self::key(known)), *known));
        let nearest = scored.filter(|(score, _)| *score > 0.85).max_by(|left, right| left.0.total_cmp(&right.0));
        let help = match nearest {
            Some((_, near)) => format!("did you mean {near}? If not, remove the column"),
            None => format!("write one of {}, or remove the column", self.names()),
        };
        (message, help)
    }

    /// Returns the title of a column.
    pub(super) fn title(&self, column: Column) -> &'static str {
        self.read.iter().find(|(known, ..)| *known == column).map_or("", |(_, name, _)| name)
    }

    /// Returns the titles, as a list for a person.
    pub(super) fn names(&self) -> String {
        self.read.iter().map(|(_, name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// Returns what counts of a title.
fn key(title: &str) -> String {
    title.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
