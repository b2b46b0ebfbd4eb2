//! Plans of tables: what is there already is left alone, and what reads like it stops.

use mms_types::{Country, OrganizationId, Region};

use super::{NewChildDefaults, NewChildTable, table};
use crate::{Catalogue, KnownChild, Observed, ObservedChild, Plan, PlanOptions, StopKind};

const HEAD: &str = "name,owner_name,owner_email,region,country,credits\n";

fn child(id: u64, name: &str, credits: i64) -> ObservedChild {
    ObservedChild { id: OrganizationId::new(id), name: Some(name.to_owned()), credits: Some(credits), country: None }
}

fn observed(children: Vec<ObservedChild>) -> Observed {
    let region: Region = serde_json::from_str(r#"{"id":1,"name":"EU"}"#).unwrap();
    let country: Country = serde_json::from_str(r#"{"id":60,"name":"Czechia","code":"CZE","code2":"cz"}"#).unwrap();
    let catalogue = Some(Catalogue { regions: vec![region], countries: vec![country] });
    Observed { children, is_complete: true, pool: Some(500_000), catalogue, ..Observed::default() }
}

fn plan(names: &[&str], observed: &Observed) -> Plan {
    let rows = names.iter().map(|name| format!("{name},Ada,ada@sol.example,EU,CZ,20000\n"));
    let table = table(format!("{HEAD}{}", rows.collect::<String>()).as_bytes());
    Plan::new(&table.fleet(OrganizationId::new(11), observed), observed, &PlanOptions::default())
}

#[test]
fn a_row_whose_child_is_there_is_left_as_it_is() {
    let plan = plan(&["Sol", "Luna"], &observed(vec![child(1, "Sol", 90_000)]));

    assert_eq!((plan.steps.len(), plan.creates(), plan.unchanged), (1, 1, 1));
    assert!(plan.stops.is_empty() && plan.drift.is_empty(), "{plan:?}");
}

#[test]
fn creates_come_in_the_order_of_the_rows_whatever_they_are_called_and_ask_for() {
    let rows = [("Terra", 10_000), ("Sol", 30_000), ("Luna", 10_000), ("Mar", 20_000)];
    let rows = rows.map(|(name, credits)| format!("{name},Ada,ada@sol.example,EU,CZ,{credits}\n"));
    let (table, observed) = (table(format!("{HEAD}{}", rows.concat()).as_bytes()), observed(vec![child(1, "Sol", 0)]));

    let plan = Plan::new(&table.fleet(OrganizationId::new(11), &observed), &observed, &PlanOptions::default());

    let names: Vec<_> = plan.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["Terra", "Luna", "Mar"]);
}

#[test]
fn an_applied_table_plans_nothing_though_a_child_was_renamed() {
    let mut observed = observed(vec![child(1, "Sol", 20_000), child(2, "Moon", 20_000)]);
    observed.known =
        vec![KnownChild { id: OrganizationId::new(2), name: "Luna".to_owned(), owner: None, region: None }];

    assert!(plan(&["Sol", "Luna"], &observed).is_empty());
}

#[test]
fn a_name_that_reads_like_that_of_a_child_stops_and_any_other_new_name_does_not() {
    let plan = plan(&["SOL", "Terra"], &observed(vec![child(1, "Sol", 0), child(2, "Terre", 0)]));

    assert_eq!(plan.creates(), 1);
    let [stop] = &plan.stops[..] else { panic!("{plan:?}") };
    assert!(matches!(stop.kind, StopKind::NameTaken { .. }), "{stop:?}");
    assert_eq!(stop.place.as_ref().unwrap().to_string(), "new.csv:2:1");
}

#[test]
fn a_region_that_does_not_exist_is_told_at_its_cell() {
    let table = table(format!("{HEAD}Sol,Ada,ada@sol.example,EUU,CZ,0\n").as_bytes());
    let observed = observed(Vec::new());

    let plan = Plan::new(&table.fleet(OrganizationId::new(11), &observed), &observed, &PlanOptions::default());

    assert_eq!(plan.stops[0].to_string(), "new.csv:2:25: \"Sol\": there is no region \"EUU\": write \"EU\"");
}

#[test]
fn regions_and_countries_are_told_with_all_other_mistakes_where_they_are_known() {
    let rows = "Sol,Ada,ada@sol.example,EUU,CZ,5\nLuna,,ada@sol.example,EU,Utopia,0\nLuna,Ada,ada,1,60,0\n";
    let catalogue = observed(Vec::new()).catalogue;
    let defaults = NewChildDefaults { region: Some("XX".to_owned()), ..NewChildDefaults::default() };

    let read =
        NewChildTable::read_checked("new.csv", format!("{HEAD}{rows}").as_bytes(), &defaults, catalogue.as_ref());

    let told: Vec<_> = read.unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "there is no region \"XX\": write \"EU\"",
            "new.csv:2:25: there is no region \"EUU\": write \"EU\"",
            "new.csv:2:32: 5 is not a multiple of 10000: write 0 or 10000",
            "new.csv:3:1: the name of the owner is missing: write it into the column owner_name",
            "new.csv:3:26: there is no country \"Utopia\": write \"Czechia\"",
            "new.csv:4:1: child \"Luna\" is there already, in line 3: keep one of them: names that differ in case or spaces alone are \
             one name",
            "new.csv:4:10: \"ada\" is not an e-mail address: expected a plain one like ada@acme.example: write an address, such as \
             ada@acme.example",
        ]
    );
}

#[test]
fn two_children_of_one_name_are_a_stop_and_no_guess() {
    let plan = plan(&["Sol"], &observed(vec![child(1, "Sol", 0), child(2, "Sol", 0)]));

    assert!(matches!(plan.stops[0].kind, StopKind::SeveralOfThatName { .. }), "{plan:?}");
}
