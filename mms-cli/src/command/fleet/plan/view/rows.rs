//! Rows of a plan's tables.

use mms_fleet::{Action, Catalogue, Drift, HeldChild, ListedChild, Step};
use mms_types::{CreateChildOrganizationRequest, OrganizationId};
use serde::Serialize;

use crate::output::data::{Column, Record, Tone, Value};

/// A change of an allocation, or one that is not made.
#[derive(Debug, Serialize)]
pub(super) struct ChangeRow {
    #[serde(skip)]
    sign: (&'static str, Tone),
    name: String,
    id: Option<OrganizationId>,
    before: Option<i64>,
    arrow: &'static str,
    after: u64,
    pauses: bool,
}

impl ChangeRow {
    pub(super) fn of_step(step: &Step, arrow: &'static str) -> Self {
        let (before, after) = match &step.action {
            Action::Create { request } => (None, request.operations),
            Action::Allocate { before, after, .. } => (Some(*before), *after),
        };
        let pauses = step.pauses();
        let sign = match (step.is_create(), pauses) {
            (true, _) => ("+", Tone::Good),
            (false, true) => ("~", Tone::Bad),
            (false, false) => ("~", Tone::Warning),
        };
        Self { sign, name: step.name.clone(), id: step.organization_id(), before, arrow, after: after.get(), pauses }
    }

    pub(super) fn of_held(held: &HeldChild, arrow: &'static str) -> Self {
        let HeldChild { name, organization_id, before, after } = held;
        let sign = ("=", Tone::Warning);
        let (name, after) = (name.clone(), after.get());
        Self { sign, name, id: *organization_id, before: *before, arrow, after, pauses: false }
    }

    fn change(&self) -> i128 {
        i128::from(self.after) - i128::from(self.before.unwrap_or_default())
    }
}

impl Record for ChangeRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::table_only("", |row| Value::Word(row.sign.0, row.sign.1)),
        Column::table_only("NAME", |row| (&row.name).into()),
        Column::table_only("ID", |row| row.id.map(|id| Value::Id(id.get())).into()),
        Column::table_only("BEFORE", |row| row.before.into()),
        Column::table_only("", |row| row.arrow.into()),
        Column::table_only("AFTER", |row| row.after.into()),
        Column::table_only("CHANGE", |row| Value::Change(row.change())),
        Column::table_only("", |row| if row.pauses { Value::Word("pauses", Tone::Bad) } else { "".into() }),
    ];
}

/// A child organization that would be created.
#[derive(Debug, Serialize)]
pub(super) struct CreateRow {
    name: String,
    credits: u64,
    owner: String,
    region: String,
    country: String,
}

impl CreateRow {
    /// Takes the request of a create. Regions and countries are named where the catalogue has them, and else told by their ids.
    pub(super) fn new(
        request: &CreateChildOrganizationRequest,
        catalogue: Option<&Catalogue>,
        mail: impl Fn(&str) -> String,
    ) -> Self {
        let region = catalogue.and_then(|catalogue| {
            let region = catalogue.regions.iter().find(|region| region.id == request.region_id)?;
            Some(region.name.clone())
        });
        let country = catalogue.and_then(|catalogue| {
            let country = catalogue.countries.iter().find(|country| country.id == request.country_id)?;
            country.code2.as_ref().map(|code| code.to_uppercase()).or_else(|| Some(country.name.clone()))
        });
        Self {
            name: request.organization_name.as_str().to_owned(),
            credits: request.operations.get(),
            owner: mail(request.user_email.as_str()),
            region: region.unwrap_or_else(|| format!("id {}", request.region_id)),
            country: country.unwrap_or_else(|| format!("id {}", request.country_id)),
        }
    }
}

impl Record for CreateRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::table_only("", |_| Value::Word("+", Tone::Good)),
        Column::table_only("NAME", |row| (&row.name).into()),
        Column::table_only("CREDITS", |row| row.credits.into()),
        Column::table_only("OWNER", |row| (&row.owner).into()),
        Column::table_only("REGION", |row| (&row.region).into()),
        Column::table_only("COUNTRY", |row| (&row.country).into()),
    ];
}

/// A difference that no call of the API can mend.
#[derive(Debug, Serialize)]
pub(super) struct DriftRow {
    name: String,
    id: OrganizationId,
    what: String,
    wanted: String,
    found: String,
}

impl From<&Drift> for DriftRow {
    fn from(drift: &Drift) -> Self {
        let Drift { name, organization_id, kind, wanted, found } = drift.clone();
        Self { name, id: organization_id, what: kind.to_string(), wanted, found }
    }
}

impl Record for DriftRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::table_only("", |_| Value::Word("!", Tone::Warning)),
        Column::table_only("NAME", |row| (&row.name).into()),
        Column::table_only("ID", |row| Value::Id(row.id.get())),
        Column::table_only("WHAT", |row| (&row.what).into()),
        Column::table_only("IN THE FLEET", |row| (&row.wanted).into()),
        Column::table_only("IN MAKE", |row| (&row.found).into()),
    ];
}

/// A child that is left as it is.
#[derive(Debug, Serialize)]
pub(super) struct ListedRow {
    name: Option<String>,
    id: OrganizationId,
    credits: Option<i64>,
}

impl From<&ListedChild> for ListedRow {
    fn from(child: &ListedChild) -> Self {
        let ListedChild { organization_id, name, credits } = child.clone();
        Self { name, id: organization_id, credits }
    }
}

impl Record for ListedRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::table_only("NAME", |row| row.name.as_ref().into()),
        Column::table_only("ID", |row| Value::Id(row.id.get())),
        Column::table_only("CREDITS", |row| row.credits.into()),
    ];
}
