//! Choice of columns: those of a view, or those that `--columns` names.

use super::record::{Column, Record};
use crate::output::failure::Failure;

/// Columns that a command shows where nobody names any, by the names of their fields or by their titles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    /// A column before those of the table.
    pub(crate) marks: Option<&'static str>,
    /// The columns of a table.
    pub(crate) table: &'static [&'static str],
    /// The columns of CSV and TSV. JSON has what the record has.
    pub(crate) data: &'static [&'static str],
}

/// Columns as they were asked for: by `--columns`, or by nobody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice(Vec<String>);

impl Choice {
    /// Takes the names of `--columns`; none means that nobody asked.
    pub(crate) const fn new(names: Vec<String>) -> Self {
        Self(names)
    }

    /// Says whether somebody asked for columns.
    pub(in crate::output) const fn is_given(&self) -> bool {
        !self.0.is_empty()
    }

    /// Returns the names that were given.
    pub(in crate::output) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Returns the columns that were asked for. An unknown name is wrong use.
    pub(in crate::output) fn named<R: Record>(&self) -> Result<Vec<&'static Column<R>>, Failure> {
        self.0.iter().map(|name| find(name)).collect()
    }

    /// Returns the columns of a table.
    pub(in crate::output) fn of_table<R: Record>(
        &self,
        view: Option<View>,
    ) -> Result<Vec<&'static Column<R>>, Failure> {
        match view {
            _ if self.is_given() => self.named(),
            Some(view) => view.marks.iter().chain(view.table).map(|name| find(name)).collect(),
            None => Ok(R::COLUMNS.iter().filter(|column| column.title.is_some()).collect()),
        }
    }

    /// Returns the columns of separated values: those with a field's name.
    pub(in crate::output) fn of_data<R: Record>(&self, view: Option<View>) -> Result<Vec<&'static Column<R>>, Failure> {
        let columns: Vec<&Column<R>> = match view {
            _ if self.is_given() => self.named()?,
            Some(view) => view.data.iter().map(|name| find(name)).collect::<Result<_, _>>()?,
            None => R::COLUMNS.iter().filter(|column| column.field.is_some()).collect(),
        };
        match columns.iter().find(|column| column.field.is_none()) {
            Some(column) => Err(Failure::usage(format!("--columns: {} is drawn in tables alone", column.heading()))),
            None => Ok(columns),
        }
    }
}

/// Finds a column by its field's name or its title, in any case, with or without its spaces and dashes.
pub(crate) fn find<R: Record>(name: &str) -> Result<&'static Column<R>, Failure> {
    let key = key(name);
    let is_meant = |column: &&Column<R>| {
        [column.field, column.title].into_iter().flatten().any(|name| !key.is_empty() && self::key(name) == key)
    };
    R::COLUMNS.iter().find(is_meant).ok_or_else(|| {
        let names: Vec<_> = R::COLUMNS.iter().filter_map(|column| column.field).collect();
        Failure::usage(format!("there is no column {name:?}")).hint(format!("the columns are {}", names.join(", ")))
    })
}

/// Returns the name of the column that is meant: that of its field, or the title of one that has none.
pub(crate) fn name<R: Record>(name: &str) -> Option<&'static str> {
    find::<R>(name).ok().and_then(|column| column.field.or(column.title))
}

/// Returns the field names of a view.
#[cfg(test)]
pub(crate) fn header<R: Record>(view: View) -> Vec<String> {
    let columns = Choice::default().of_data::<R>(Some(view)).unwrap();
    columns.iter().filter_map(|column| column.field).map(str::to_owned).collect()
}

fn key(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::super::record::samples::Row;
    use super::*;

    fn fields(choice: &[&str]) -> Result<Vec<&'static str>, Failure> {
        let choice = Choice::new(choice.iter().map(|name| (*name).to_owned()).collect());
        Ok(choice.of_data::<Row>(None)?.iter().filter_map(|column| column.field).collect())
    }

    #[test]
    fn a_column_is_named_by_its_field_or_its_title_in_any_case() {
        assert_eq!(fields(&["NUMBER", "name"]).unwrap(), ["number", "name"]);
        assert_eq!(fields(&[]).unwrap(), ["name", "code", "number"]);
    }

    #[test]
    fn an_unknown_column_names_those_that_there_are() {
        let failure = fields(&["colour"]).unwrap_err();

        assert_eq!(failure.message(), r#"there is no column "colour""#);
        assert_eq!(failure.hint_line(), Some("the columns are name, code, number"));
    }

    #[test]
    fn what_is_drawn_is_no_data() {
        assert_eq!(fields(&["bar"]).unwrap_err().message(), "--columns: BAR is drawn in tables alone");
    }
}
