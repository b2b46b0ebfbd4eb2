//! Records: rows of data with one description of their columns for tables and CSV.

use mms_types::{Centicredits, Timestamp};
use serde::Serialize;

/// A row of data with its columns for table and CSV. As JSON it is written through serde.
pub(crate) trait Record: Serialize + Sized + 'static {
    /// The columns, in the order of the table and of the CSV.
    const COLUMNS: &'static [Column<Self>];
}

/// One column of a record.
pub(crate) struct Column<R> {
    pub(super) title: Option<&'static str>,
    pub(super) field: Option<&'static str>,
    pub(super) value: fn(&R) -> Value,
}

impl<R> Column<R> {
    /// Makes a column with its title in the table and its name in the CSV, which is the API's own.
    pub(crate) const fn new(title: &'static str, field: &'static str, value: fn(&R) -> Value) -> Self {
        Self { title: Some(title), field: Some(field), value }
    }

    /// Makes a column that the table leaves out.
    pub(crate) const fn csv_only(field: &'static str, value: fn(&R) -> Value) -> Self {
        Self { title: None, field: Some(field), value }
    }

    /// Makes a column that the CSV leaves out.
    pub(crate) const fn table_only(title: &'static str, value: fn(&R) -> Value) -> Self {
        Self { title: Some(title), field: None, value }
    }
}

/// Value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// The server did not say.
    Nothing,
    /// A text, which may have been written by anybody.
    Text(String),
    /// A whole number.
    Integer(i128),
    /// A share in whole percent.
    Percent(u64),
    /// An amount, shown as credits with two decimals and written as centicredits.
    Centicredits(Centicredits),
    /// A point in time.
    Time(Timestamp),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Text(flag.to_string())
    }
}

impl From<Centicredits> for Value {
    fn from(amount: Centicredits) -> Self {
        Self::Centicredits(amount)
    }
}

impl From<&Timestamp> for Value {
    fn from(timestamp: &Timestamp) -> Self {
        Self::Time(timestamp.clone())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

#[cfg(test)]
pub(super) mod samples {
    //! Records for the tests of table and CSV.

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
        ];
    }

    pub(in crate::output) const ROWS: [Row; 2] =
        [Row { name: "a", number: Some(-12_345) }, Row { name: "long name", number: None }];
}
