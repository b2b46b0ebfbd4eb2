//! Decision of a person about a create with an unknown outcome.

use super::*;

#[test]
fn a_child_of_another_name_is_not_assigned_by_a_script() {
    let distributor = Distributor::new();
    let server = FakeMake::with_state(distributor, |distributor, request, body| {
        let renamed = serde_json::json!({"organizationName": "Eldorado", "operations": body["operations"]});
        distributor.apply(request, &renamed).and(None)
    });
    let world = World::of(&server);
    assert_eq!(run(&world, CREATE).code, 5);
    let intent = open_intent(&world);

    let seen = run(&world, &format!("child settle --intent {intent} --child 125 --yes --quiet"));

    assert_snapshot!(seen, @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: 125 is named "Eldorado", and the create asked for "Dorado"
    hint: run the command without --yes, on a terminal, and it asks
    "#);
    assert_eq!(open_intent(&world), intent);
}

#[test]
fn a_create_that_is_given_up_can_be_made_again() {
    let server = idle();
    let world = World::of(&server);
    run(&world, CREATE);
    let intent = open_intent(&world);
    let give_up = format!("child settle --intent {intent} --give-up --reason looked --settle-wait 0");

    assert_eq!(run(&world, &give_up).code, 2, "nobody was asked");
    assert_eq!(open_intent(&world), intent);
    assert_snapshot!(run(&world, &format!("{give_up} --yes")), @"
    exit: 0
    ----- stdout -----
    INTENT                            NAME    CREDITS  SENT                  OUTCOME   CHILD  CANDIDATES
    [INTENT]  Dorado    10000  [TIME]  given_up  -      -
    ----- stderr -----
    About to give a create up, so that its name may be created again:
      api          LIVE http://127.0.0.1:[PORT]/api/v2
      distributor  11
      journal      [HOME]/.local/state/mms/intents
      intent       [INTENT]
      name         Dorado
      credits      10000
      sent         [TIME], [AGE] ago
      found        no child
      risk         if its request arrives after all there are two children, and neither can be deleted
    ");
    assert_snapshot!(run(&world, &format!("{give_up} --yes")), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: no create of this distributor is open as intent [INTENT]
    hint: `mms child settle` shows those that are open
    "#);
    assert_eq!(run(&world, SETTLE).code, 0);
    assert_eq!(run(&world, CREATE).code, 5);
    assert_eq!(server.requests("POST").len(), 2);
}

#[test]
fn a_create_whose_child_may_be_there_is_not_given_up() {
    let (distributor, lag) = Distributor::lagging();
    let world = World::of(&losing(distributor));
    run(&world, CREATE);
    let intent = open_intent(&world);
    lag.end();

    let seen = run(&world, &format!("child settle --intent {intent} --give-up --reason haste --settle-wait 0 --yes"));

    assert_snapshot!(seen, @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: 125 has the name of the create and was not there before: it is not to be given up
    hint: `mms child settle --intent [INTENT] --child id:125` says that it came of it
    "#);
    assert_eq!(open_intent(&world), intent);
}

#[test]
fn a_person_says_which_child_it_is() {
    let server = FakeMake::with_state(Distributor::new(), |distributor, request, body| {
        distributor.apply(request, body).and_then(|_| distributor.apply(request, body)).and(None)
    });
    let world = World::of(&server);
    assert_eq!(run(&world, CREATE).code, 5);
    let intent = open_intent(&world);
    let assign = |child: &str| run(&world, &format!("child settle --intent {intent} --child {child} --yes -q -o json"));

    for (child, code, reason) in [
        ("999", 7, "unknown child organization"),
        ("Acme", 1, "123 was there before the create was sent"),
        ("Dorado", 1, "ambiguous"),
    ] {
        let seen = assign(child);
        assert!(seen.code == code && seen.stderr.contains(reason), "{seen}");
    }
    let seen = assign("id:126");
    assert_eq!((seen.code, &seen.json()[0]["outcome"]), (0, &"assigned".into()), "{seen}");
    assert_eq!(seen.json()[0]["childOrganizationId"], 126);
    assert_eq!(journal(&world).claims().unwrap()[0].organization_id.get(), 126);
    assert_eq!(assign("126").code, 1, "it is settled");
}
