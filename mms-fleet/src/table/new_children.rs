//! Table of new children: a row for each organization that is to be created.

use std::collections::{BTreeSet, HashMap, HashSet};

use mms_types::{EmailAddress, NameKey, Operations, OrganizationId, OrganizationName, UserName};

use super::cell::{At, Cell, Row};
use super::column::{Column, Columns, Titles};
use super::credits::credits;
use super::reading::{BEGINNING, Reading};
use crate::file::Problems;
use crate::fleet::child::{Child, CreateWhen, EnumRef, Owner};
use crate::fleet::guards::Guards;
use crate::fleet::{Fleet, Target};
use crate::observed::{Catalogue, Observed};
use crate::plan::entries::enums::Enums;
use crate::plan::stop::StopKind;

const TITLES: &[Titles] = &[
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
            "child",
        ],
    ),
    (Column::OwnerName, "owner_name", &["userName", "contact", "contactName"]),
    (Column::OwnerEmail, "owner_email", &["userEmail", "email", "mail", "contactEmail"]),
    (Column::Region, "region", &["regionId"]),
    (Column::Country, "country", &["countryId", "countryCode"]),
    (Column::Credits, "credits", &["operations", "operationsAllocated", "allocation"]),
    (Column::ExternalId, "external_id", &["crmId", "clientId", "customerId", "reference"]),
];

const COLUMNS: Columns = Columns {
    read: TITLES,
    passed_over: &[],
    refused: &[
        ("id", "a new child has no id: remove the column, or change the allocations of children that are there"),
        (
            "organizationId",
            "a new child has no id: remove the column, or change the allocations of children that are there",
        ),
        ("owner", "write owner_name for the name, or owner_email for the address"),
    ],
};

/// Children that a table asks for, each a row.
///
/// The rows are new clients: each is created, unless a child of exactly its name is there already, which is then left as it is. So a
/// table may be run again, on any day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChildTable {
    children: Vec<Child>,
    ignored: Vec<String>,
}

/// What a row has where its table does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewChildDefaults {
    /// Name of the owner.
    pub owner_name: Option<UserName>,
    /// E-mail address of the owner.
    pub owner_email: Option<EmailAddress>,
    /// The region: an id, name or code.
    pub region: Option<String>,
    /// The country: an id, name or code.
    pub country: Option<String>,
    /// The allocation.
    pub credits: Option<Operations>,
}

impl NewChildTable {
    /// Titles of the columns, each with its other names. Case, spaces and punctuation of a title do not matter.
    pub fn titles() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
        TITLES.iter().map(|(_, title, others)| (*title, *others))
    }

    /// Reads a table, or says everything that is wrong with it. `file` is its name in what is said.
    ///
    /// - The first line has the titles; a comma, a semicolon or a tab separates the cells. Or else each line is an object in JSON.
    /// - UTF-8 with or without a byte order mark, any line ends, any quotes: none of that matters.
    /// - Two rows whose names read the same are a mistake, and so is an external id that stands twice.
    /// - A column that is not known is [left out](Self::ignored_columns), unless it may be a misspelt one, or another name of one that
    ///   the table lacks.
    ///
    /// ```
    /// use mms_fleet::{NewChildDefaults, NewChildTable};
    ///
    /// let defaults = NewChildDefaults { region: Some("EU".to_owned()), country: Some("CZ".to_owned()), ..Default::default() };
    /// let text = "Company;Owner name;E-mail;Credits\r\nDorado Foods;Ada Owner;ada@dorado.example;20000\r\n";
    /// let table = NewChildTable::read("customers.csv", text.as_bytes(), &defaults)?;
    /// assert_eq!(table.children()[0].name.as_str(), "Dorado Foods");
    ///
    /// let wrong = text.replace("20000", "20k");
    /// let problems = NewChildTable::read("customers.csv", wrong.as_bytes(), &defaults).unwrap_err();
    /// assert!(problems.to_string().starts_with("customers.csv:2:43: \"20k\" is not a number of credits: write 20000"));
    /// # Ok::<(), mms_fleet::Problems>(())
    /// ```
    pub fn read(file: &str, bytes: &[u8], defaults: &NewChildDefaults) -> Result<Self, Problems> {
        Self::read_checked(file, bytes, defaults, None)
    }

    /// Reads a table as [`read`](Self::read) does, and finds each region and country among those of Make, where they are known: what is
    /// none of them is told with all the rest.
    pub fn read_checked(
        file: &str,
        bytes: &[u8],
        defaults: &NewChildDefaults,
        catalogue: Option<&Catalogue>,
    ) -> Result<Self, Problems> {
        let mut reading = Reading::new(file, &COLUMNS);
        let rows = reading.rows(bytes);
        let mut enums = catalogue.map(|catalogue| Enums::new(Some(catalogue)));
        if let Some(enums) = &mut enums {
            for (text, find) in [(&defaults.region, REGION), (&defaults.country, COUNTRY)] {
                let named = text.as_ref().map(|text| EnumRef { text: text.clone(), place: None });
                reading.stopped_by(named.and_then(|named| find(enums, &named)), None);
            }
        }
        let mut absent = Vec::new();
        if !rows.list.is_empty() {
            let has_default = [
                (Column::Name, false),
                (Column::OwnerName, defaults.owner_name.is_some()),
                (Column::OwnerEmail, defaults.owner_email.is_some()),
                (Column::Region, defaults.region.is_some()),
                (Column::Country, defaults.country.is_some()),
                (Column::Credits, defaults.credits.is_some()),
            ];
            let is_absent = |(column, has_default): &(Column, bool)| !has_default && !rows.columns.contains(column);
            absent.extend(has_default.into_iter().filter(is_absent).map(|(column, _)| column));
        }
        for column in &absent {
            let title = COLUMNS.title(*column);
            let flag = match column {
                Column::Name => String::new(),
                _ => format!(", or give one for all rows: --{}", title.replace('_', "-")),
            };
            reading.problem(
                BEGINNING,
                format!("no column has the {}", words(*column)),
                format!("add a column {title}{flag}"),
            );
        }
        let mut table = Table { reading, defaults, enums, absent, names: HashMap::new(), external_ids: HashMap::new() };
        let children = rows.list.iter().filter_map(|row| table.child(row)).collect();
        table.reading.finish(Self { children, ignored: rows.ignored })
    }

    /// Returns the titles of columns that are left out, because another system has them for itself. What may be a misspelt column of
    /// the table is never among them.
    #[must_use]
    pub fn ignored_columns(&self) -> &[String] {
        &self.ignored
    }

    /// Returns the children, in the order of the rows. The place of each is its row.
    #[must_use]
    pub fn children(&self) -> &[Child] {
        &self.children
    }

    /// Returns for each row the child that is there already: of exactly its name, or the one that a create of this machine made of it
    /// and that has another name by now.
    #[must_use]
    pub fn existing(&self, observed: &Observed) -> Vec<Option<OrganizationId>> {
        let mut named: HashMap<&str, Option<OrganizationId>> = HashMap::with_capacity(observed.children.len());
        for child in &observed.children {
            if let Some(name) = child.name.as_deref() {
                // Of two that have one name nobody knows which is meant.
                named
                    .entry(name)
                    .and_modify(|known| *known = known.filter(|id| *id == child.id))
                    .or_insert(Some(child.id));
            }
        }
        let ids: HashSet<_> = observed.children.iter().map(|child| child.id).collect();
        let made: HashMap<&str, OrganizationId> = observed
            .known
            .iter()
            .filter(|known| ids.contains(&known.id))
            .map(|known| (known.name.as_str(), known.id))
            .collect();
        let find = |child: &Child| match named.get(child.name.as_str()) {
            Some(found) => *found,
            None => made.get(child.name.as_str()).copied(),
        };
        self.children.iter().map(find).collect()
    }

    /// Returns the fleet that a plan of the creates is made of: a row whose child is there already asks for nothing. The rows are
    /// created in their order.
    #[must_use]
    pub fn fleet(&self, organization: OrganizationId, observed: &Observed) -> Fleet {
        let rows = self.children.iter().zip(self.existing(observed)).zip((i32::MIN..0).rev());
        let children = rows.map(|((child, existing), priority)| match existing {
            // Nothing of it is compared, either: whoever owns or moved it by now, it is not the table's matter.
            Some(id) => {
                Child { id: Some(id), credits: None, owner: None, region: None, country: None, ..child.clone() }
            }
            None => Child { priority, ..child.clone() },
        });
        let target = Target { zone: None, organization };
        Fleet { target, guards: Guards::default(), children: children.collect() }
    }
}

/// Returns what stands against a region or country; nothing where it is one.
type Find = fn(&mut Enums<'_>, &EnumRef) -> Option<StopKind>;
const REGION: Find = |enums, region| enums.region(region).err();
const COUNTRY: Find = |enums, country| enums.country(country).err();

/// Says what a column has.
const fn words(column: Column) -> &'static str {
    match column {
        Column::OwnerName => "name of the owner",
        Column::OwnerEmail => "e-mail address of the owner",
        Column::Region => "region",
        Column::Country => "country",
        Column::Credits => "credits",
        _ => "name of the child",
    }
}

/// A table in the course of being read.
struct Table<'a> {
    reading: Reading<'a>,
    defaults: &'a NewChildDefaults,
    /// Regions and countries of Make; nothing where they are not known.
    enums: Option<Enums<'a>>,
    /// Columns that are not there, which has been told.
    absent: Vec<Column>,
    names: HashMap<NameKey, At>,
    external_ids: HashMap<String, At>,
}

impl Table<'_> {
    /// Reads a row; nothing where something of it cannot be used, which is told.
    fn child(&mut self, row: &Row) -> Option<Child> {
        let before = self.reading.count();
        let defaults = self.defaults;
        let name: Option<OrganizationName> =
            self.value(row, Column::Name, None, |reading, cell| reading.parsed(cell, "write another name"));
        let owner_name = self.value(row, Column::OwnerName, defaults.owner_name.as_ref(), |reading, cell| {
            reading.parsed(cell, "write a name, such as Ada Owner")
        });
        let owner_email = self.value(row, Column::OwnerEmail, defaults.owner_email.as_ref(), |reading, cell| {
            reading.parsed(cell, "write an address, such as ada@acme.example")
        });
        let of_enum = |reading: &mut Reading<'_>, cell: &Cell| {
            Some(EnumRef { text: cell.text.clone(), place: Some(reading.place(cell.at)) })
        };
        if let Some(enums) = &mut self.enums {
            for (column, find) in [(Column::Region, REGION), (Column::Country, COUNTRY)] {
                let named = row.cell(column).and_then(|cell| of_enum(&mut self.reading, cell));
                let stop = named.as_ref().and_then(|named| find(enums, named));
                self.reading.stopped_by(stop, row.cell(column).map(|cell| cell.at));
            }
        }
        let of_flag = |text: &String| EnumRef { text: text.clone(), place: None };
        let region = self.value(row, Column::Region, defaults.region.as_ref().map(of_flag).as_ref(), of_enum);
        let country = self.value(row, Column::Country, defaults.country.as_ref().map(of_flag).as_ref(), of_enum);
        let credits = self.value(row, Column::Credits, defaults.credits.as_ref(), |reading, cell| {
            let read = credits("", &cell.text);
            read.map_err(|(message, help)| reading.problem(cell.at, message, help)).ok()
        });
        if let (Some(name), Some(cell)) = (&name, row.cell(Column::Name)) {
            let what = format!("child {:?}", name.as_str());
            let help = "keep one of them: names that differ in case or spaces alone are one name";
            self.reading.once(&mut self.names, NameKey::new(name.as_str()), cell.at, &what, help);
        }
        if let Some(cell) = row.cell(Column::ExternalId) {
            let what = format!("external_id {:?}", cell.text);
            self.reading.once(&mut self.external_ids, cell.text.clone(), cell.at, &what, "keep it at one child");
        }
        if self.reading.count() > before {
            return None;
        }
        Some(Child {
            name: name?,
            id: None,
            create: CreateWhen::Always,
            external_id: row.cell(Column::ExternalId).map(|cell| cell.text.clone()),
            owner: Some(Owner { email: owner_email?, name: owner_name? }),
            region: Some(region?),
            country: Some(country?),
            credits: Some(credits?),
            until: None,
            minimum: None,
            maximum: None,
            labels: BTreeSet::new(),
            hold: false,
            priority: 0,
            allow_pause: false,
            retired: false,
            place: Some(self.reading.place(row.at)),
        })
    }

    /// Reads the value of a column, or takes its default. A cell that is empty is told; a column that is not there has been.
    fn value<T: Clone>(
        &mut self,
        row: &Row,
        column: Column,
        default: Option<&T>,
        read: impl FnOnce(&mut Reading<'_>, &Cell) -> Option<T>,
    ) -> Option<T> {
        match (row.cell(column), default) {
            (Some(cell), _) => read(&mut self.reading, cell),
            (None, Some(default)) => Some(default.clone()),
            (None, None) => {
                if !self.absent.contains(&column) {
                    let help = format!("write it into the column {}", COLUMNS.title(column));
                    let is = if column == Column::Credits { "are" } else { "is" };
                    self.reading.problem(row.at, format!("the {} {is} missing", words(column)), help);
                }
                None
            }
        }
    }
}
