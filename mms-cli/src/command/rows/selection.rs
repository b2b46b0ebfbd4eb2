//! Selection of rows: filter, order and number, as the arguments ask for them.

use std::cell::Cell;
use std::cmp::{Ordering, Reverse};

use mms_types::{CountryId, NameKey};
use wildmatch::WildMatch;

use super::child_row::ChildRow;
use crate::args::Selection;
use crate::output::data::{Column, find_column, grouped};
use crate::output::failure::{ExitCode, Failure};
use crate::output::printer::Printer;
use crate::session::Session;

/// Selection that is known to be possible.
pub(crate) struct Selected<'a> {
    arguments: &'a Selection,
    order: Option<Order>,
    country: Option<CountryId>,
    /// Whether name, zone and country fit no child at all.
    fits_nobody: Cell<bool>,
}

/// Order by one column.
struct Order {
    column: &'static Column<ChildRow>,
    is_descending: bool,
}

impl Order {
    fn parse(text: &str) -> Result<Self, Failure> {
        let (name, is_descending) = match text.rsplit_once(':') {
            Some((name, "desc")) => (name, true),
            Some((name, "asc")) => (name, false),
            _ => (text, false),
        };
        // A column is found with and without its dashes.
        let column = if text.starts_with('-') { None } else { find_column(name).ok() };
        let Some(column) = column else {
            let mistaken = format!("--sort: {text:?} is not a column, or a column with :desc");
            return Err(match Self::near(text) {
                Some(hint) => Failure::usage(mistaken).hint(hint),
                None => find_column::<ChildRow>(name).err().unwrap_or_else(|| Failure::usage(mistaken)).about("--sort"),
            });
        };
        Ok(Self { column, is_descending })
    }

    /// Returns how an order is written that other tools write in another way: `-used`, `used:down`, `used desc` or `name,id`.
    fn near(text: &str) -> Option<String> {
        let named = |name: &str| find_column::<ChildRow>(name.trim()).is_ok().then(|| name.trim().to_owned());
        if let Some((first, _)) = text.split_once(',') {
            return named(first.split(':').next()?).map(|name| format!("rows are sorted by one column: --sort {name}"));
        }
        if let Some(name) = text.strip_prefix('-').and_then(named) {
            return Some(format!("write --sort {name}:desc"));
        }
        let (name, order) = text.split_once([':', ' '])?;
        let (name, order) = (named(name)?, order.trim().to_lowercase());
        Some(match order.as_str() {
            "down" | "desc" | "descending" | "reverse" | "-" => format!("write --sort {name}:desc"),
            "up" | "asc" | "ascending" | "+" => format!("write --sort {name}"),
            _ => format!("write --sort {name}, or --sort {name}:desc for the highest first"),
        })
    }

    fn compare(&self, left: &ChildRow, right: &ChildRow) -> Ordering {
        let order = (self.column.value)(left).compare(&(self.column.value)(right));
        if self.is_descending { order.reverse() } else { order }
    }
}

/// Says whether a selection needs the consumption.
pub(crate) fn needs_usage(arguments: &Selection) -> bool {
    let sort = arguments.sort.as_deref().map(|sort| sort.rsplit_once(':').map_or(sort, |(name, _)| name));
    arguments.above.is_some() || arguments.left_below.is_some() || sort.is_some_and(ChildRow::is_of_usage)
}

/// Refuses a selection that is not possible, before anything is sent.
pub(crate) fn check(arguments: &Selection) -> Result<(), Failure> {
    arguments.sort.as_deref().map(Order::parse).transpose().map(drop)
}

impl<'a> Selected<'a> {
    /// Takes the arguments; the country is looked up.
    pub(crate) async fn new(session: &Session, arguments: &'a Selection) -> Result<Self, Failure> {
        let order = arguments.sort.as_deref().map(Order::parse).transpose()?;
        let country = match &arguments.country {
            Some(text) => Some(session.country(text).await?.id),
            None => None,
        };
        Ok(Self { arguments, order, country, fits_nobody: Cell::new(false) })
    }

    /// Applies the selection. Rows without an order of their own keep the one that they have.
    pub(crate) fn apply(&self, mut rows: Vec<ChildRow>) -> Vec<ChildRow> {
        let name = self.arguments.name.as_deref().map(Pattern::new);
        rows.retain(|row| self.is_meant(row, name.as_ref()));
        self.fits_nobody.set(self.is_narrow() && rows.is_empty());
        rows.retain(|row| self.has_reached(row));
        if let Some(order) = &self.order {
            rows.sort_by(|left, right| order.compare(left, right));
        }
        rows.truncate(self.arguments.limit.unwrap_or(usize::MAX));
        rows
    }

    /// Says whether not all children are meant.
    const fn is_narrow(&self) -> bool {
        let Selection { name, region, .. } = self.arguments;
        name.is_some() || region.is_some() || self.country.is_some()
    }

    /// Says whether a child is meant: by name, zone and country.
    fn is_meant(&self, row: &ChildRow, name: Option<&Pattern>) -> bool {
        let Selection { region, .. } = self.arguments;
        let is_of_region = |region: &str| {
            let key = region.to_lowercase();
            let zone = [&row.child.zone_name, &row.child.zone_domain];
            zone.into_iter().flatten().any(|zone| zone.to_lowercase().starts_with(&key))
        };
        name.is_none_or(|name| row.child.organization_name.as_deref().is_some_and(|text| name.fits(text)))
            && region.as_deref().is_none_or(is_of_region)
            && self.country.is_none_or(|country| row.child.country_id == Some(country))
    }

    /// Says whether a child has used so much, or has so little left.
    fn has_reached(&self, row: &ChildRow) -> bool {
        let (Selection { above, left_below, .. }, usage) = (self.arguments, row.usage.as_ref());
        above.is_none_or(|above| usage.and_then(|usage| usage.used_percent).is_some_and(|used| used >= above))
            && left_below.is_none_or(|below| {
                let left = usage.and_then(|usage| usage.credits_left);
                left.is_some_and(|left| left.0 < i128::from(below) * 100)
            })
    }

    /// Ends a check: any row is an alert where `--exit-code` asks for that, and a check of nobody is none.
    pub(crate) fn alert(&self, rows: usize, printer: &Printer) -> Result<(), Failure> {
        if self.fits_nobody.get() {
            let nobody = "no child organization has this name, zone or country";
            if self.arguments.exit_code {
                return Err(Failure::new(ExitCode::NotFound, format!("{nobody}: nothing was checked")));
            }
            printer.note(&format!("Nothing is shown: {nobody}."));
        }
        if !self.arguments.exit_code || rows == 0 {
            return Ok(());
        }
        Err(Failure::new(ExitCode::Alert, self.found(rows)))
    }

    /// Says how many rows a check found, and of what.
    fn found(&self, rows: usize) -> String {
        let Selection { above, left_below, limit, .. } = self.arguments;
        let (noun, have, fit) =
            if rows == 1 { ("child organization", "has", "fits") } else { ("child organizations", "have", "fit") };
        let is_other = self.is_narrow() || limit.is_some();
        match (above, left_below) {
            (Some(above), None) if !is_other => format!("{rows} {noun} {have} used {above}% or more"),
            (None, Some(below)) if !is_other => {
                format!("{rows} {noun} {have} less than {} credits left", grouped(*below))
            }
            _ => format!("{rows} {noun} {fit} the selection"),
        }
    }
}

/// Pattern of names: a part of one, or with `*` or `?` all of it.
struct Pattern {
    key: NameKey,
    glob: Option<WildMatch>,
}

impl Pattern {
    fn new(text: &str) -> Self {
        let key = NameKey::new(text);
        let glob = text.contains(['*', '?']).then(|| WildMatch::new(key.as_str()));
        Self { key, glob }
    }

    fn fits(&self, name: &str) -> bool {
        let name = NameKey::new(name);
        match &self.glob {
            Some(glob) => glob.matches(name.as_str()),
            None => name.as_str().contains(self.key.as_str()),
        }
    }
}

/// Sorts rows by the share that is used, the highest first, and behind them those of which it is unknown.
pub(crate) fn worst_first(rows: &mut [ChildRow]) {
    rows.sort_by_cached_key(|row| (Reverse(row.share()), row.child.organization_id));
}

#[cfg(test)]
mod tests {
    use mms_client::ChildWithConsumption;
    use mms_types::samples::{self, consumption};
    use mms_types::{ChildOrganization, ChildOrganizationConsumption};

    use super::*;

    fn rows(children: Vec<ChildOrganization>, used: Vec<ChildOrganizationConsumption>) -> Vec<ChildRow> {
        ChildWithConsumption::join(children, used).into_iter().map(|row| ChildRow::with_usage(row, 80)).collect()
    }

    fn ids(rows: &[ChildRow]) -> Vec<u64> {
        rows.iter().map(|row| row.child.organization_id.get()).collect()
    }

    fn selected(arguments: &Selection) -> Vec<u64> {
        let children = [(1, "Client 10", 10_000), (2, "Client 9", 10_000), (3, "Acme", 0), (4, "acme bakery", 20_000)];
        let used = [(1, 941_250), (2, 100), (3, 990_000), (4, 2_000_000)];
        let rows = rows(
            children.into_iter().map(|(id, name, allocated)| samples::child(id, name, allocated)).collect(),
            used.into_iter().map(|(id, used)| consumption(id, used)).collect(),
        );
        let order = arguments.sort.as_deref().map(|sort| Order::parse(sort).unwrap());
        ids(&Selected { arguments, order, country: None, fits_nobody: Cell::default() }.apply(rows))
    }

    #[test]
    fn a_name_is_a_part_or_a_whole_pattern_in_any_case() {
        let named = |name: &str| selected(&Selection { name: Some(name.to_owned()), ..Selection::default() });

        assert_eq!(named("ACME"), [3, 4]);
        assert_eq!(named("acme"), [3, 4]);
        assert_eq!(named("acme*"), [3, 4]);
        assert_eq!(named("acme?"), [] as [u64; 0]);
        assert_eq!(named("client ?"), [2]);
    }

    #[test]
    fn who_stands_still_without_credits_is_above_every_share() {
        assert_eq!(selected(&Selection { above: Some(80), ..Selection::default() }), [1, 3, 4]);
        assert_eq!(selected(&Selection { above: Some(100), ..Selection::default() }), [3, 4]);
        assert_eq!(selected(&Selection { left_below: Some(0), ..Selection::default() }), [3]);
        assert_eq!(selected(&Selection { left_below: Some(588), ..Selection::default() }), [1, 3, 4]);
    }

    #[test]
    fn rows_are_sorted_by_any_column_and_cut_after_that() {
        let sorted =
            |sort: &str, limit| selected(&Selection { sort: Some(sort.to_owned()), limit, ..Selection::default() });

        assert_eq!(sorted("name", None), [3, 4, 2, 1]);
        assert_eq!(sorted("left", Some(2)), [3, 4]);
        assert_eq!(sorted("CREDITS:desc", Some(1)), [4]);
        assert!(Order::parse("colour").is_err());
    }

    #[test]
    fn an_order_of_another_tool_is_told_as_it_is_written_here() {
        for (typed, hint) in [
            ("-used", "write --sort used:desc"),
            ("used:down", "write --sort used:desc"),
            ("name:DESC", "write --sort name:desc"),
            ("name asc", "write --sort name"),
            ("used:x", "write --sort used, or --sort used:desc for the highest first"),
            ("name,id", "rows are sorted by one column: --sort name"),
            ("used:desc,name", "rows are sorted by one column: --sort used"),
        ] {
            let failure = Order::parse(typed).err().unwrap();
            assert_eq!(failure.hint_line(), Some(hint), "{typed}");
            assert!(failure.message().starts_with(&format!("--sort: {typed:?} is not a column")), "{failure:?}");
        }
        assert!(Order::parse("-colour").err().unwrap().message().contains("there is no column"));
    }

    #[test]
    fn an_alert_says_what_was_found() {
        let found = |arguments: &Selection, rows| {
            Selected { arguments, order: None, country: None, fits_nobody: Cell::default() }.found(rows)
        };
        let above = Selection { above: Some(80), ..Selection::default() };
        let below = Selection { left_below: Some(5_000), ..Selection::default() };

        assert_eq!(found(&above, 94), "94 child organizations have used 80% or more");
        assert_eq!(found(&above, 1), "1 child organization has used 80% or more");
        assert_eq!(found(&below, 2), "2 child organizations have less than 5,000 credits left");
        let named = Selection { name: Some("acme".to_owned()), ..above };
        assert_eq!(found(&named, 2), "2 child organizations fit the selection");
        assert_eq!(found(&Selection::default(), 1), "1 child organization fits the selection");
    }

    #[test]
    fn the_highest_share_comes_first_and_equal_shares_by_id() {
        let child = |id, allocated| samples::child(id, "Child", allocated);
        let children = vec![child(1, 20_000), child(2, 10_000), child(3, 0), child(4, 10_000), child(5, 0)];
        let used = [(5, 0), (4, 500_000), (3, 1), (2, 999_999), (1, 1_000_000)];
        let mut rows = rows(children, used.into_iter().map(|(id, used)| consumption(id, used)).collect());

        worst_first(&mut rows);

        assert_eq!(ids(&rows), [3, 2, 1, 4, 5]);
    }

    #[test]
    fn a_row_that_one_side_lacks_is_kept_with_nulls_at_the_end() {
        let children = vec![samples::child(1, "Child 1", 10_000), samples::child(2, "Child 2", 10_000)];
        let mut rows = rows(children, vec![consumption(2, 1), consumption(9, 1_000_000)]);

        worst_first(&mut rows);

        assert_eq!(ids(&rows), [2, 1, 9]);
        let json = serde_json::to_value(&rows).unwrap();
        assert_eq!(json[1]["centicreditsConsumed"], serde_json::Value::Null);
        assert_eq!((&json[1]["organizationName"], &json[1]["state"]), (&"Child 1".into(), &"not_reported".into()));
        for field in ["organizationName", "operationsAllocated", "usedPercent"] {
            assert_eq!(json[2][field], serde_json::Value::Null);
        }
        assert_eq!(json[2]["centicreditsConsumed"], "1000000");
    }
}
