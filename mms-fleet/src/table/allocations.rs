//! Table of allocations: a row for each child whose credits are to change.

use std::collections::HashMap;

use mms_types::{NameKey, OrganizationId};

use super::cell::{At, Row};
use super::column::{Column, Columns, Titles};
use super::reading::{BEGINNING, Reading};
use super::wanted_credits::{WantedCredits, wanted};
use crate::file::Problems;
use crate::place::Place;

const TITLES: &[Titles] = &[
    (Column::Child, "child", &[]),
    (Column::Id, "id", &["organizationId", "childOrganizationId", "childId"]),
    (
        Column::Name,
        "name",
        &[
            "organizationName",
            "organization",
            "company",
            "companyName",
            "client",
            "clientName",
            "customer",
            "customerName",
        ],
    ),
    (Column::Credits, "credits", &["operations", "operationsAllocated", "allocation"]),
    (Column::ExternalId, "external_id", &["crmId", "clientId", "customerId", "reference"]),
];

const COLUMNS: Columns = Columns {
    read: TITLES,
    // A list of children, or a table of new ones, may have its credits edited and be used as it is.
    passed_over: &[
        "ownerName",
        "userName",
        "contact",
        "contactName",
        "ownerEmail",
        "userEmail",
        "email",
        "mail",
        "contactEmail",
        "region",
        "regionId",
        "country",
        "countryId",
        "countryCode",
        "timezoneId",
        "zoneId",
        "zoneDomain",
        "zoneName",
        "centicreditsConsumed",
        "creditsConsumed",
        "creditsLeft",
        "centicreditsExtra",
        "usedPercent",
        "state",
        "operationsConsumed",
        "operationsExtra",
        "transferConsumed",
        "transferExtra",
        "lastReset",
    ],
    refused: &[],
};

/// Allocations that a table asks for, each a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllocationTable {
    rows: Vec<AllocationRow>,
    ignored: Vec<String>,
}

/// A child, and the allocation that it is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllocationRow {
    /// The child by its id; nothing where the row has none.
    pub id: Option<OrganizationId>,
    /// The child's name: which child it is where there is no id, and else what the child of that id has to be called.
    pub name: Option<String>,
    /// The child by its id or name, as the column `child` has it; nothing where the row has an id or a name.
    pub child: Option<String>,
    /// The id that another system has for it.
    pub external_id: Option<String>,
    /// What it is to have.
    pub credits: WantedCredits,
    /// Where the row begins.
    pub place: Place,
}

impl AllocationTable {
    /// Titles of the columns, each with its other names. Case, spaces and punctuation of a title do not matter.
    pub fn titles() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
        TITLES.iter().map(|(_, title, others)| (*title, *others))
    }

    /// Reads a table, or says everything that is wrong with it. `file` is its name in what is said.
    ///
    /// The form is that of [`NewChildTable::read`](crate::NewChildTable::read). Columns of a list of children, and of a table of new
    /// ones, may be there and are passed over.
    ///
    /// ```
    /// use mms_fleet::{AllocationTable, WantedCredits};
    ///
    /// let table = AllocationTable::read("credits.csv", b"id,name,credits\n101,Sol,20000\n102,,+10000\n")?;
    /// assert_eq!(table.rows()[0].credits, WantedCredits::Total("20000".parse().unwrap()));
    /// assert_eq!(table.rows()[1].credits, WantedCredits::More("10000".parse().unwrap()));
    /// # Ok::<(), mms_fleet::Problems>(())
    /// ```
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Problems> {
        let mut reading = Reading::new(file, &COLUMNS);
        let rows = reading.rows(bytes);
        let has = |column| rows.list.is_empty() || rows.columns.contains(&column);
        let names_child = has(Column::Child) || has(Column::Id) || has(Column::Name);
        if !names_child {
            reading.problem(BEGINNING, "no column has the child", "add a column id, name or child");
        }
        let has_credits = has(Column::Credits);
        if !has_credits {
            reading.problem(BEGINNING, "no column has the credits", "add a column credits");
        }
        let mut table = Table { reading, seen: Seen::default() };
        let mut read = Vec::new();
        if names_child && has_credits {
            read.extend(rows.list.iter().filter_map(|row| table.row(row)));
        }
        table.reading.finish(Self { rows: read, ignored: rows.ignored })
    }

    /// Returns the titles of columns that are left out, as [`NewChildTable::ignored_columns`](crate::NewChildTable::ignored_columns)
    /// does.
    #[must_use]
    pub fn ignored_columns(&self) -> &[String] {
        &self.ignored
    }

    /// Returns the rows, in their order.
    #[must_use]
    pub fn rows(&self) -> &[AllocationRow] {
        &self.rows
    }
}

/// A table in the course of being read.
struct Table<'a> {
    reading: Reading<'a>,
    seen: Seen,
}

/// Where each child stands.
#[derive(Default)]
struct Seen {
    ids: HashMap<OrganizationId, At>,
    names: HashMap<NameKey, At>,
}

impl Table<'_> {
    /// Reads a row; nothing where something of it cannot be used, which is told.
    fn row(&mut self, row: &Row) -> Option<AllocationRow> {
        let before = self.reading.count();
        let text = |column| row.cell(column).map(|cell| cell.text.clone());
        let id: Option<OrganizationId> = row.cell(Column::Id).and_then(|cell| self.id(&cell.text, cell.at));
        let (name, child) = (text(Column::Name), text(Column::Child));
        if row.cell(Column::Id).is_none() && name.is_none() && child.is_none() {
            self.reading.problem(row.at, "the child is missing", "write its id or its name");
        }
        self.once(row, id);
        let credits = if let Some(cell) = row.cell(Column::Credits) {
            let read = wanted(&cell.text);
            read.map_err(|(message, help)| self.reading.problem(cell.at, message, help)).ok()
        } else {
            self.reading.problem(row.at, "the credits are missing", "write them into the column credits");
            None
        };
        if self.reading.count() > before {
            return None;
        }
        let child = child.filter(|_| id.is_none() && name.is_none());
        let (external_id, place) = (text(Column::ExternalId), self.reading.place(row.at));
        Some(AllocationRow { id, name, child, external_id, credits: credits?, place })
    }

    fn id(&mut self, text: &str, at: At) -> Option<OrganizationId> {
        let id = text.parse().ok().and_then(|number: u64| OrganizationId::try_from(number).ok());
        if id.is_none() {
            self.reading.problem(
                at,
                format!("{text:?} is no id"),
                "write the id of a child, such as 123, or use the column name",
            );
        }
        id
    }

    /// Reports a child that stands in another row, too: by its id, or else by its name.
    fn once(&mut self, row: &Row, id: Option<OrganizationId>) {
        const HELP: &str = "give each child one row";
        if let (Some(id), Some(cell)) = (id, row.cell(Column::Id)) {
            self.reading.once(&mut self.seen.ids, id, cell.at, &format!("child {id}"), HELP);
        } else if let Some(cell) = row.cell(Column::Name).or_else(|| row.cell(Column::Child)) {
            let what = format!("child {:?}", cell.text);
            self.reading.once(&mut self.seen.names, NameKey::new(&cell.text), cell.at, &what, HELP);
        }
    }
}
