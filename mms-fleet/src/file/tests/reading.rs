//! Reading: what a file means.

use jiff::civil::date;
use mms_types::{Operations, OrganizationId};

use crate::{Child, CreateWhen, Fleet, Guards, Limit};

pub(super) const WHOLE: &str = "\
# yaml-language-server: $schema=fleet.schema.json
format: 1
zone: eu1.make.com
organization: 11
defaults: { region: EU, country: ES, credits: 10000, owner: {email: ada@acme.example, name: Ada}, labels: [gold], priority: 1 }
guards: { max_creates: 5, max_change: 10%, pool_reserve: 25000 }
children:
  Acme Bakery:
    id: 123
    external_id: CRM-77
    owner: { email: bob@acme.example, name: Bob Owner }
    region: 3
    country: NO
    credits: 30000
    until: 2026-12-31 # the end of the offer
    then: 10000
    minimum: 10000
    maximum: 200000
    labels: [hold, 2024, no, 0123, 1_000]
    priority: -5
    allow_pause: true
  Beta:
  'Gamma, Inc.': {id: new, external_id: 0077}
  Delta: {id: 5, retired: true, labels: []}
";

fn fleet(text: &str) -> Fleet {
    Fleet::parse(&[("fleet.yaml", text)]).unwrap_or_else(|problems| panic!("{problems}"))
}

fn credits(number: u64) -> Option<Operations> {
    Operations::new(number).ok()
}

fn only(text: &str) -> Child {
    let text = format!("format: 1\norganization: 11\n{text}");
    let [child] = <[Child; 1]>::try_from(fleet(&text).children).unwrap();
    child
}

#[test]
fn every_key_of_the_format_is_read() {
    let fleet = fleet(WHOLE);

    assert_eq!(fleet.target.zone.as_deref(), Some("eu1.make.com"));
    assert_eq!(fleet.target.organization, OrganizationId::new(11));
    let limits = (Some(Limit::Count(5)), Some(Limit::Percent(10)));
    assert_eq!(fleet.guards, Guards { max_creates: limits.0, max_change: limits.1, pool_reserve: 25_000 });
    let [acme, beta, gamma, delta] = <[Child; 4]>::try_from(fleet.children).unwrap();
    assert_eq!((acme.name.as_str(), acme.id), ("Acme Bakery", Some(OrganizationId::new(123))));
    assert_eq!(acme.external_id.as_deref(), Some("CRM-77"));
    assert_eq!(acme.owner.unwrap().name.as_str(), "Bob Owner");
    assert_eq!((acme.credits, acme.minimum, acme.maximum), (credits(30_000), credits(10_000), credits(200_000)));
    let until = acme.until.unwrap();
    assert_eq!((until.day, Some(until.then)), (date(2026, 12, 31), credits(10_000)));
    assert_eq!((acme.priority, acme.allow_pause, acme.retired, acme.hold), (-5, true, false, true));
    assert_eq!(acme.place.unwrap().to_string(), "fleet.yaml:8:3");
    let region = acme.region.unwrap();
    assert_eq!((region.text.as_str(), region.place.unwrap().to_string().as_str()), ("3", "fleet.yaml:12:13"));

    assert_eq!((beta.id, beta.create, beta.credits), (None, CreateWhen::NotRenamed, credits(10_000)));
    assert_eq!((beta.owner.unwrap().email.as_str(), beta.priority), ("ada@acme.example", 1));
    assert_eq!(beta.region.unwrap().place.unwrap().to_string(), "fleet.yaml:5:21");
    assert_eq!((gamma.name.as_str(), gamma.create), ("Gamma, Inc.", CreateWhen::Always));
    assert_eq!(gamma.external_id.as_deref(), Some("0077"));
    assert_eq!((delta.retired, delta.credits, delta.labels.len()), (true, None, 1));
}

#[test]
fn texts_are_what_is_written_whatever_type_yaml_gives_them() {
    let acme = fleet(WHOLE).children.remove(0);

    assert_eq!(acme.country.unwrap().text, "NO");
    assert_eq!(Vec::from_iter(acme.labels), ["0123", "1_000", "2024", "gold", "hold", "no"]);
    for (written, read) in
        [("1e4", "1e4"), ("2026-01-01", "2026-01-01"), ("'no'", "no"), ("\"a\\u0062\"", "ab"), ("yes", "yes")]
    {
        let child = only(&format!("children: {{A: {{external_id: {written}}}}}"));
        assert_eq!(child.external_id.as_deref(), Some(read), "{written}");
    }
    for name in ["no", "123", "2026-01-01", "1e4", "null", "true"] {
        assert_eq!(only(&format!("children:\n  {name}: {{}}")).name.as_str(), name);
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing_but_no_place_either() {
    let windows = format!("\u{feff}{}", WHOLE.replace('\n', "\r\n"));
    assert_eq!(fleet(&windows), fleet(WHOLE));
}

#[test]
fn a_column_counts_characters() {
    let problems =
        Fleet::parse(&[("f", "format: 1\norganization: 11\nchildren: {Äöü: {}, Ä: {credits: x}}\n")]).unwrap_err();
    assert_eq!(problems.iter().next().unwrap().place.as_ref().unwrap().to_string(), "f:3:34");
}

#[test]
fn a_value_that_is_repeated_by_an_alias_is_read_at_each_place() {
    let text = "format: 1\norganization: 11\nchildren:\n  A: &a\n    owner: &ada {email: ada@acme.example, name: Ada}\n    credits: &ten 10000\n  B: {owner: *ada, credits: *ten}\n  C: *a\n";
    let fleet = fleet(text);
    for child in &fleet.children {
        assert_eq!(child.owner.as_ref().unwrap().name.as_str(), "Ada");
        assert_eq!(child.credits, credits(10_000));
    }
}

#[test]
fn labels_of_an_entry_and_of_the_defaults_add_up_so_that_a_file_that_is_held_stays_held() {
    for labels in ["", "labels: []", "labels: [gold]", "hold: true"] {
        let child = only(&format!("defaults: {{labels: [hold]}}\nchildren: {{A: {{{labels}}}}}"));
        assert!(child.hold && child.labels.contains("hold"), "{labels}");
        assert_eq!(child.labels.contains("gold"), labels.contains("gold"));
    }
    let child = only("defaults: {labels: [gold]}\nchildren: {A: {hold: true}}");
    assert_eq!((child.hold, Vec::from_iter(child.labels)), (true, vec!["gold".to_owned(), "hold".to_owned()]));
}

#[test]
fn files_are_one_fleet_in_their_order_each_with_its_own_defaults() {
    let fleet = Fleet::parse(&[
        ("a.yaml", "format: 1\norganization: 11\ndefaults: {credits: 10000}\nchildren: {A: }\n"),
        ("b.yaml", "format: 1\nzone: eu1.make.com\nguards: {max_creates: 0}\nchildren: {B: }\n"),
        ("c.yaml", "format: 1\norganization: 11\nguards: {max_creates: 0}\n"),
    ])
    .unwrap();

    assert_eq!(fleet.target.zone.as_deref(), Some("eu1.make.com"));
    assert_eq!(fleet.guards.max_creates, Some(Limit::Count(0)));
    let read: Vec<_> = fleet.children.iter().map(|child| (child.name.as_str(), child.credits)).collect();
    assert_eq!(read, [("A", credits(10_000)), ("B", None)]);
}
