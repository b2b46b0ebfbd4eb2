//! Timestamps in the database: RFC 3339 in UTC, whose texts sort by time.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Error, Row};

use crate::clock::rfc3339;

/// Writes a time, to the second.
pub(in crate::store) fn to_text(time: Timestamp) -> String {
    rfc3339(time)
}

/// Reads a column that holds a time or nothing.
pub(in crate::store) fn from_column(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let index = row.as_ref().column_index(column)?;
    let text: Option<String> = row.get(index)?;
    text.map(|text| text.parse().map_err(|error| Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))))
        .transpose()
}

/// Reads a column that always holds a time.
pub(in crate::store) fn required(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    from_column(row, column)?.ok_or_else(|| Error::InvalidColumnName(column.to_owned()))
}
