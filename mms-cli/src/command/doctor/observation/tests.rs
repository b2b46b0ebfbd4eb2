use super::*;

fn with_scopes(scopes: &[&str]) -> Observation {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    Observation { token: Some(SeenToken::Accepted { scopes }), ..Observation::default() }
}

fn child(name: &str, zone: &str) -> SeenChild {
    SeenChild { name: Some(name.to_owned()), zone: Some(zone.to_owned()), country_id: Some(CountryId::new(58)) }
}

fn with_children(is_whole: bool, rows: &[(u64, SeenChild)]) -> Observation {
    let rows = rows.iter().map(|(id, child)| (OrganizationId::new(*id), child.clone())).collect();
    Observation { children: Some(SeenChildren { is_whole, rows }), ..Observation::default() }
}

fn findings(before: &Observation, now: &Observation) -> Vec<Finding> {
    compare(before, now, &BTreeSet::new())
}

#[test]
fn a_token_that_is_refused_and_one_that_is_accepted_again_are_told() {
    let accepted = with_scopes(&["a"]);
    let refused = Observation { token: Some(SeenToken::Refused), ..Observation::default() };

    assert_eq!(findings(&accepted, &refused), [Finding::TokenRefused]);
    assert_eq!(findings(&refused, &accepted), [Finding::TokenAccepted]);
    assert_eq!(findings(&refused, &refused), []);
    assert_eq!(findings(&accepted, &Observation::default()), [], "nobody knows");
}

#[test]
fn a_scope_that_is_gone_is_told_and_a_new_one_is_not() {
    let before = with_scopes(&["a", "b"]);
    let now = with_scopes(&["b", "c"]);

    assert_eq!(findings(&before, &now), [Finding::ScopeGone("a".to_owned())]);
}

#[test]
fn a_distributor_that_is_gone_or_back_is_told() {
    let of = |is_visible| Observation { is_visible, ..Observation::default() };

    assert_eq!(findings(&of(Some(true)), &of(Some(false))), [Finding::DistributorGone]);
    assert_eq!(findings(&of(Some(false)), &of(Some(true))), [Finding::DistributorBack]);
    assert_eq!(findings(&of(Some(true)), &of(None)), [], "nobody knows");
}

#[test]
fn a_child_that_a_whole_list_lacks_has_vanished_and_of_one_that_may_be_cut_nobody_knows() {
    let before = with_children(true, &[(1, child("Acme", "eu1")), (2, child("Borealis", "eu1"))]);
    let rest = [(2, child("Borealis", "eu1"))];

    let whole = findings(&before, &with_children(true, &rest));
    assert_eq!(whole, [Finding::ChildVanished("child 1 \"Acme\"".to_owned())]);
    assert_eq!(findings(&before, &with_children(false, &rest)), []);
    assert_eq!(findings(&before, &Observation::default()), []);
}

#[test]
fn a_child_with_another_name_zone_or_country_has_changed_and_what_a_row_lacks_is_no_change() {
    let before = with_children(true, &[(1, child("Acme", "eu1"))]);
    let other = SeenChild { country_id: Some(CountryId::new(7)), ..child("Acme Ltd", "us1") };
    let changed = findings(&before, &with_children(false, &[(1, other)]));

    let named = "child 1 \"Acme\"".to_owned();
    let change =
        |field, before: &str, now: &str| Finding::ChildChanged(named.clone(), field, before.to_owned(), now.to_owned());
    assert_eq!(
        changed,
        [change("name", "Acme", "Acme Ltd"), change("zone", "eu1", "us1"), change("country", "58", "7")]
    );
    assert_eq!(findings(&before, &with_children(true, &[(1, SeenChild::default())])), []);
}

#[test]
fn a_new_child_is_told_unless_this_machine_created_it_or_the_list_before_may_have_been_cut() {
    let rows = [(1, child("Acme", "eu1"))];
    let now = with_children(true, &rows);

    let new = findings(&with_children(true, &[]), &now);
    assert_eq!(new, [Finding::ChildNew("child 1 \"Acme\"".to_owned())]);
    assert_eq!(findings(&with_children(false, &[]), &now), []);
    assert_eq!(compare(&with_children(true, &[]), &now, &BTreeSet::from([OrganizationId::new(1)])), []);
}

#[test]
fn a_clock_that_went_wrong_is_told_once() {
    let of = |clock_ahead| Observation { clock_ahead, ..Observation::default() };

    assert_eq!(findings(&of(Some(0)), &of(Some(-95))), [Finding::ClockDrifted(-95)]);
    assert_eq!(findings(&of(None), &of(Some(30))), [Finding::ClockDrifted(30)]);
    assert_eq!(findings(&of(Some(0)), &of(Some(29))), []);
    assert_eq!(findings(&of(Some(95)), &of(Some(96))), []);
}

#[test]
fn what_a_look_could_not_see_stays_as_it_was() {
    let children = with_children(true, &[(1, child("Acme", "eu1")), (2, child("Borealis", "eu1"))]).children;
    let before = Observation {
        at: 1,
        token: with_scopes(&["a"]).token,
        is_visible: Some(true),
        clock_ahead: Some(0),
        children: children.clone(),
    };
    let blind = Observation { at: 2, ..Observation::default() };
    assert_eq!(blind.after(Some(&before)), Observation { at: 2, ..before.clone() });

    let part = Observation { at: 2, ..with_children(false, &[(2, child("Boreal", "eu1"))]) };
    let known = part.after(Some(&before)).children.unwrap();
    assert!(known.is_whole, "it has every child of the whole list before");
    let names: Vec<_> = known.rows.values().map(|child| child.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["Acme", "Boreal"]);

    let whole = with_children(true, &[(2, SeenChild::default())]).after(Some(&before)).children.unwrap();
    assert_eq!(whole.rows.into_values().collect::<Vec<_>>(), [child("Borealis", "eu1")]);
}

#[test]
fn lost_access_is_an_alert_and_other_changes_are_warnings() {
    let lost = [
        Finding::TokenRefused,
        Finding::ScopeGone("a".to_owned()),
        Finding::DistributorGone,
        Finding::ChildVanished("child 1".to_owned()),
    ];
    for finding in lost {
        assert_eq!(finding.check("then", &Invocation::default()).code, ExitCode::Alert, "{finding:?}");
    }
    for finding in [Finding::TokenAccepted, Finding::ChildNew("child 1".to_owned()), Finding::ClockDrifted(40)] {
        assert_eq!(finding.check("then", &Invocation::default()).code, ExitCode::Done, "{finding:?}");
    }
}
