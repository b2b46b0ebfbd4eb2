//! Row of a child: what the list says of it, and beside that what it has consumed, where that was read.

use std::collections::HashMap;

use mms_client::ChildWithConsumption;
use mms_types::{ChildOrganization, OrganizationId};
use serde::Serialize;

use super::usage::{Share, Usage};
use crate::output::data::{Column, Record, Tone, Value, View, column_name};

/// Title of the column that marks what changed.
const CHANGED: &str = "CHANGED";

/// A child as commands show it. Of a child that only the consumption knows, name and allocation are null.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ChildRow {
    #[serde(flatten)]
    pub(crate) child: ChildOrganization,
    /// Nothing where it was not read. In a box, so that rows without it are small.
    #[serde(flatten)]
    pub(crate) usage: Option<Box<Usage>>,
    /// Whether it is other than in the round before.
    #[serde(skip)]
    is_changed: bool,
}

impl ChildRow {
    /// Columns of children whose consumption was not read.
    pub(crate) const LIST: View = View {
        marks: None,
        table: &["organizationId", "organizationName", "operationsAllocated", "zoneDomain"],
        data: &[
            "organizationId",
            "organizationName",
            "operationsAllocated",
            "countryId",
            "timezoneId",
            "zoneId",
            "zoneDomain",
            "zoneName",
        ],
    };

    /// Columns of children with their consumption.
    pub(crate) const USAGE: View = View {
        marks: None,
        table: &[
            "organizationId",
            "organizationName",
            "operationsAllocated",
            "centicreditsConsumed",
            "creditsLeft",
            "usedPercent",
            "bar",
            "state",
            "lastReset",
        ],
        data: &[
            "organizationId",
            "organizationName",
            "operationsAllocated",
            "centicreditsConsumed",
            "centicreditsExtra",
            "operationsConsumed",
            "operationsExtra",
            "transferConsumed",
            "transferExtra",
            "usedPercent",
            "lastReset",
            "creditsConsumed",
            "creditsLeft",
            "state",
            "countryId",
            "timezoneId",
            "zoneId",
            "zoneDomain",
            "zoneName",
        ],
    };

    /// Adds the column that marks what changed.
    pub(super) const fn watched(view: View) -> View {
        View { marks: Some(CHANGED), ..view }
    }

    /// Makes the row of a listed child.
    pub(crate) const fn listed(child: ChildOrganization) -> Self {
        Self { child, usage: None, is_changed: false }
    }

    /// Makes the row of a child with its consumption. `near` is the share in percent from which it counts as near its limit.
    pub(crate) fn with_usage(row: ChildWithConsumption, near: u64) -> Self {
        let child = row.child.unwrap_or_else(|| unlisted(row.organization_id));
        let usage = Usage::new(row.consumption, child.operations_allocated, near);
        Self::new(child, usage)
    }

    /// Makes the row of a child with what is known of its consumption.
    pub(crate) fn new(child: ChildOrganization, usage: Usage) -> Self {
        Self { child, usage: Some(Box::new(usage)), is_changed: false }
    }

    /// Marks the rows that are not as they were.
    pub(super) fn mark_changes(rows: &mut [Self], before: &[Self]) {
        let known: HashMap<_, _> = before.iter().map(|row| (row.child.organization_id, row)).collect();
        for row in rows {
            let before = known.get(&row.child.organization_id);
            row.is_changed = before.is_none_or(|before| (&before.child, &before.usage) != (&row.child, &row.usage));
        }
    }

    /// Returns the share of the allocation that is used, if it is known.
    pub(crate) fn share(&self) -> Option<Share> {
        let usage = self.usage.as_ref()?;
        Share::new(usage.centicredits_consumed, self.child.operations_allocated)
    }

    /// Says whether a column needs the consumption: all but those of the list do, and the marks of changes.
    pub(crate) fn is_of_usage(column: &str) -> bool {
        column_name::<Self>(column).is_some_and(|name| !Self::LIST.data.contains(&name) && name != CHANGED)
    }

    fn usage<'a, T: Into<Value<'a>>>(&'a self, field: impl Fn(&'a Usage) -> T) -> Value<'a> {
        self.usage.as_deref().map_or(Value::Nothing, |usage| field(usage).into())
    }
}

/// Makes the row of a child that only the consumption knows.
fn unlisted(organization_id: OrganizationId) -> ChildOrganization {
    ChildOrganization {
        organization_id,
        organization_name: None,
        operations_allocated: None,
        country_id: None,
        timezone_id: None,
        zone_id: None,
        zone_domain: None,
        zone_name: None,
    }
}

impl Record for ChildRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::optional(CHANGED, |row| if row.is_changed { Value::Word("*", Tone::Warning) } else { "".into() }),
        Column::new("ID", "organizationId", |row| Value::Id(row.child.organization_id.get())),
        Column::new("NAME", "organizationName", |row| row.child.organization_name.as_ref().into()),
        Column::new("COUNTRY ID", "countryId", |row| row.child.country_id.map(|id| Value::Id(id.get())).into()),
        Column::new("TIMEZONE ID", "timezoneId", |row| row.child.timezone_id.map(|id| Value::Id(id.get())).into()),
        Column::csv_only("zoneId", |row| row.child.zone_id.map(|id| Value::Id(id.get())).into()),
        Column::new("ZONE", "zoneDomain", |row| row.child.zone_domain.as_ref().into()),
        Column::csv_only("zoneName", |row| row.child.zone_name.as_ref().into()),
        Column::new("CREDITS", "operationsAllocated", |row| row.child.operations_allocated.into()),
        Column::new("CONSUMED", "centicreditsConsumed", |row| row.usage(|usage| usage.centicredits_consumed)),
        Column::csv_only("creditsConsumed", |row| row.usage(|usage| usage.credits_consumed)),
        Column::new("LEFT", "creditsLeft", |row| row.usage(|usage| usage.credits_left)),
        Column::new("EXTRA", "centicreditsExtra", |row| row.usage(|usage| usage.centicredits_extra)),
        Column::new("USED", "usedPercent", |row| row.usage(|usage| usage.used_percent.map(Percent))),
        Column::optional("BAR", |row| {
            let bar = |usage: &Usage| Some(Value::Bar(usage.used_percent?, usage.state.tone()));
            row.usage.as_deref().and_then(bar).unwrap_or(Value::Nothing)
        }),
        Column::new("STATE", "state", |row| row.usage(|usage| usage.state)),
        Column::new("OPERATIONS", "operationsConsumed", |row| row.usage(|usage| usage.operations_consumed)),
        Column::csv_only("operationsExtra", |row| row.usage(|usage| usage.operations_extra)),
        Column::new("TRANSFER", "transferConsumed", |row| row.usage(|usage| usage.transfer_consumed)),
        Column::csv_only("transferExtra", |row| row.usage(|usage| usage.transfer_extra)),
        Column::new("LAST RESET", "lastReset", |row| row.usage(|usage| usage.last_reset.as_ref())),
    ];
}

/// Whole percent.
struct Percent(u64);

impl From<Percent> for Value<'_> {
    fn from(Percent(percent): Percent) -> Self {
        Self::Percent(percent)
    }
}

#[cfg(test)]
mod tests {
    use mms_types::{CountryId, TimezoneId, ZoneId, samples};

    use super::*;
    use crate::output::data::csv_header;

    /// Returns a child of which the server says everything.
    fn whole() -> ChildOrganization {
        ChildOrganization {
            country_id: Some(CountryId::new(58)),
            timezone_id: Some(TimezoneId::new(113)),
            zone_id: Some(ZoneId::new(1)),
            zone_domain: Some("eu1.make.com".to_owned()),
            zone_name: Some("EU1".to_owned()),
            ..samples::child(1, "Acme", 10_000)
        }
    }

    fn row() -> ChildRow {
        let joined = ChildWithConsumption::join(vec![whole()], vec![samples::consumption(1, 5)]);
        ChildRow::with_usage(joined.into_iter().next().unwrap(), 80)
    }

    fn keys(json: &serde_json::Value) -> Vec<String> {
        let mut keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        keys.sort_unstable();
        keys
    }

    fn header(view: View) -> Vec<String> {
        let mut header = csv_header::<ChildRow>(view);
        header.sort_unstable();
        header
    }

    #[test]
    fn json_and_csv_have_the_same_fields() {
        assert_eq!(keys(&serde_json::to_value(row()).unwrap()), header(ChildRow::USAGE));
        assert_eq!(keys(&serde_json::to_value(ChildRow::listed(whole())).unwrap()), header(ChildRow::LIST));
    }

    #[test]
    fn a_list_without_consumption_has_no_column_of_it() {
        assert!(!ChildRow::LIST.data.iter().chain(ChildRow::LIST.table).any(|column| ChildRow::is_of_usage(column)));
        for column in ["USED", "last-reset", "bar", "state", "left", "centicreditsExtra"] {
            assert!(ChildRow::is_of_usage(column), "{column}");
        }
        assert!(!ChildRow::is_of_usage("changed") && !ChildRow::is_of_usage("colour"));
    }
}
