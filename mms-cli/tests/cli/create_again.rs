//! Creates that are run again, whose name is taken or looks taken, and whose owner is somebody else.

use insta::assert_snapshot;

use crate::support::fake_make::{Distributor, FakeMake, json};
use crate::support::world::{Seen, World};

fn create(world: &World, name: &str, more: &str) -> Seen {
    let name = format!("--name={name}");
    let flags =
        "child create --owner-name Ada --owner-email ada@dorado.example --region EU --country CZ --credits 10000";
    let mut words: Vec<_> = flags.split(' ').chain(more.split_whitespace()).collect();
    words.push(&name);
    world.run(&words)
}

fn world() -> (FakeMake, World) {
    let server = FakeMake::with_state(Distributor::new(), Distributor::apply);
    let world = World::of(&server);
    (server, world)
}

#[test]
fn a_name_that_exists_has_an_exit_code_of_its_own() {
    let (server, world) = world();

    assert_snapshot!(create(&world, "acme", "--yes"), @r#"
    exit: 6
    ----- stdout -----
    ----- stderr -----
    error: a child organization named "Acme" exists: 123
    hint: choose another name; --if-absent is content with the one that is there, --allow-duplicate-name creates a second one
    "#);
    assert!(server.requests("POST").is_empty());
}

#[test]
fn an_onboarding_that_is_run_again_goes_on() {
    let (server, world) = world();
    assert_eq!(create(&world, "Dorado", "--yes --if-absent -o json").json()["outcome"], "created");

    let again = create(&world, "Dorado", "--yes --if-absent --quiet -o json");

    assert_snapshot!(again, @r#"
    exit: 0
    ----- stdout -----
    {
      "childOrganizationId": 125,
      "newParentOperations": 480000,
      "organizationId": 125,
      "organizationName": "Dorado",
      "operationsAllocated": 10000,
      "outcome": "existed"
    }
    ----- stderr -----
    "#);
    let other = create(&world, "Acme", "--yes --if-absent -o json");
    assert_eq!((other.code, &other.json()["outcome"]), (0, &"existed".into()));
    assert_eq!(server.requests("POST").len(), 1);
    assert_eq!(create(&world, "Acme", "--if-absent --allow-duplicate-name --yes").code, 2);
}

#[test]
fn a_child_that_is_there_with_other_credits_is_told() {
    let server = FakeMake::with_state(Distributor::of(&[(1, 50_000)]), |_, request, _| panic!("{request}"));

    let seen = create(&World::of(&server), "Child 1", "--yes --if-absent");

    assert!(
        seen.code == 0 && seen.stderr.contains("warning: it has 50,000 credits and not the 10,000 of this command"),
        "{seen}"
    );
}

#[test]
fn a_name_that_looks_like_another_asks_and_yes_does_not_answer_that() {
    let (server, world) = world();

    for name in ["Ac-me", "\u{410}cme", "Acme."] {
        let seen = create(&world, name, "--yes");
        assert_eq!(seen.code, 1, "{seen}");
        assert!(
            seen.stderr.contains("  looks like   123 Acme\n")
                && seen.stderr.contains("hint: choose another name, or add --allow-similar-name"),
            "{seen}"
        );
    }
    assert!(server.requests("POST").is_empty());
    assert_eq!(create(&world, "Ac-me", "--yes --allow-similar-name").code, 0);
}

#[test]
fn an_account_that_was_there_before_is_named_as_the_owner() {
    let server = FakeMake::with_state(Distributor::new(), |distributor, request, body| {
        drop(distributor.apply(request, body));
        json(
            "200 OK",
            r#"{"childOrganizationId":125,"userId":7,"userName":"Grace Hopper","userEmail":"ada@dorado.example","userExisted":1,"newParentOperations":480000}"#,
        )
    });

    assert_snapshot!(create(&World::of(&server), "Dorado", "--yes --quiet -o json"), @r#"
    exit: 0
    ----- stdout -----
    {
      "childOrganizationId": 125,
      "userId": 7,
      "userEmail": "ada@dorado.example",
      "userName": "Grace Hopper",
      "userExisted": 1,
      "newParentOperations": 480000,
      "organizationId": 125,
      "organizationName": "Dorado",
      "operationsAllocated": 10000,
      "outcome": "created"
    }
    ----- stderr -----
    warning: ada@dorado.example has an account with Make already: the child belongs to that account, "Grace Hopper", and the name "Ada" of this command counts for nothing
    "#);
}
