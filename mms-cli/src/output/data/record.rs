//! Records: rows of data with one description of their columns for every form but JSON.

use std::borrow::Cow;
use std::cmp::Ordering;

use mms_types::{Centicredits, NameKey, Timestamp};
use serde::Serialize;

/// A row of data with its columns for tables and for separated values. As JSON it is written through serde.
pub(crate) trait Record: Serialize + Sized + 'static {
    /// The columns, in the order of the table and of the CSV.
    const COLUMNS: &'static [Column<Self>];
}

/// One column of a record.
pub(crate) struct Column<R> {
    pub(super) title: Option<&'static str>,
    pub(super) field: Option<&'static str>,
    pub(super) fit: Fit,
    pub(crate) value: fn(&R) -> Value<'_>,
}

/// What a table does with a column for which it has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Its texts are cut.
    Cut,
    /// It is left out; only a terminal shows it at all.
    LeftOut,
    /// Its texts are never cut: on a terminal each goes on lines of its own, under its row.
    OwnLines,
    /// The same, and it is left out where no row says anything.
    OwnLinesIfAny,
}

impl Fit {
    /// Says whether no text is cut.
    pub(super) const fn is_whole(self) -> bool {
        matches!(self, Self::OwnLines | Self::OwnLinesIfAny)
    }
}

impl<R> Column<R> {
    /// Makes a column with its title in the table and its name in the CSV, which is the API's own.
    pub(crate) const fn new(title: &'static str, field: &'static str, value: fn(&R) -> Value<'_>) -> Self {
        Self { title: Some(title), field: Some(field), fit: Fit::Cut, value }
    }

    /// Makes a column of sentences, which are never cut.
    pub(crate) const fn sentences(title: &'static str, field: &'static str, value: fn(&R) -> Value<'_>) -> Self {
        Self { fit: Fit::OwnLines, ..Self::new(title, field, value) }
    }

    /// Makes a column of sentences that a table shows only where a row has one.
    pub(crate) const fn rare_sentences(title: &'static str, field: &'static str, value: fn(&R) -> Value<'_>) -> Self {
        Self { fit: Fit::OwnLinesIfAny, ..Self::new(title, field, value) }
    }

    /// Makes a column that the table leaves out, unless it is asked for by its field's name.
    pub(crate) const fn csv_only(field: &'static str, value: fn(&R) -> Value<'_>) -> Self {
        Self { title: None, field: Some(field), fit: Fit::Cut, value }
    }

    /// Makes a column that the CSV leaves out.
    pub(crate) const fn table_only(title: &'static str, value: fn(&R) -> Value<'_>) -> Self {
        Self { title: Some(title), field: None, fit: Fit::Cut, value }
    }

    /// Makes a column that only a terminal with room for it shows.
    pub(crate) const fn optional(title: &'static str, value: fn(&R) -> Value<'_>) -> Self {
        Self { title: Some(title), field: None, fit: Fit::LeftOut, value }
    }

    /// Returns the title of the column in a table.
    pub(super) fn heading(&self) -> &'static str {
        self.title.or(self.field).unwrap_or_default()
    }
}

/// Value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// The server did not say.
    Nothing,
    /// A text, which may have been written by anybody.
    Text(Cow<'a, str>),
    /// A word of this command, with what it means for a reader.
    Word(&'static str, Tone),
    /// An id, which is written as it is typed.
    Id(u64),
    /// A whole number.
    Integer(i128),
    /// A whole number by which something changes, with its sign.
    Change(i128),
    /// A share in whole percent.
    Percent(u64),
    /// A share in whole percent, drawn.
    Bar(u64, Tone),
    /// An amount, shown as credits with two decimals and written as centicredits.
    Centicredits(Centicredits),
    /// Credits with two decimals, as hundredths of a credit; negative where something is exceeded.
    Credits(i128),
    /// A point in time.
    Time(&'a Timestamp),
}

/// What a value means for a reader, who sees it as a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing to do.
    Good,
    /// Worth a look.
    Warning,
    /// Something stands still, or will.
    Bad,
}

impl Value<'_> {
    /// Says whether the value stands at the right.
    pub(super) const fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Id(_)
                | Self::Integer(_)
                | Self::Change(_)
                | Self::Percent(_)
                | Self::Centicredits(_)
                | Self::Credits(_)
        )
    }

    /// Compares two values of one column. Names are in natural order: "Client 9" before "Client 10".
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match (self.number(), other.number()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => {
                alphanumeric_sort::compare_str(NameKey::new(self.text()).as_str(), NameKey::new(other.text()).as_str())
            }
        }
    }

    fn number(&self) -> Option<i128> {
        match self {
            Self::Id(id) => Some((*id).into()),
            Self::Integer(number) | Self::Change(number) | Self::Credits(number) => Some(*number),
            Self::Percent(percent) | Self::Bar(percent, _) => Some((*percent).into()),
            Self::Centicredits(amount) => Some(amount.get().into()),
            Self::Nothing | Self::Text(_) | Self::Word(..) | Self::Time(_) => None,
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Word(word, _) => word,
            Self::Time(time) => time.as_str(),
            _ => "",
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Text(if flag { "true" } else { "false" }.into())
    }
}

impl From<Centicredits> for Value<'_> {
    fn from(amount: Centicredits) -> Self {
        Self::Centicredits(amount)
    }
}

impl<'a> From<&'a Timestamp> for Value<'a> {
    fn from(timestamp: &'a Timestamp) -> Self {
        Self::Time(timestamp)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

#[cfg(test)]
pub(super) mod samples {
    //! Records for the tests of the forms.

    use super::*;

    #[derive(Serialize)]
    pub(in crate::output) struct Row {
        name: &'static str,
        number: Option<i64>,
    }

    impl Record for Row {
        const COLUMNS: &'static [Column<Self>] = &[
            Column::new("NAME", "name", |row| row.name.into()),
            Column::csv_only("code", |_| Value::Nothing),
            Column::new("NUMBER", "number", |row| row.number.into()),
            Column::optional("BAR", |_| Value::Bar(50, Tone::Good)),
        ];
    }

    pub(in crate::output) const ROWS: [Row; 2] =
        [Row { name: "a", number: Some(-12_345) }, Row { name: "long name", number: None }];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_natural_order_whatever_their_case() {
        let mut names = ["Client 10", "client 9", "Client 1", "Acme"].map(Value::from);
        names.sort_by(Value::compare);

        assert_eq!(names, ["Acme", "Client 1", "client 9", "Client 10"].map(Value::from));
    }

    #[test]
    fn numbers_are_in_the_order_of_numbers() {
        assert_eq!(Value::from(-1_i64).compare(&Value::from(9_u64)), Ordering::Less);
        assert_eq!(Value::Credits(-990_000).compare(&Value::Credits(5)), Ordering::Less);
    }
}
