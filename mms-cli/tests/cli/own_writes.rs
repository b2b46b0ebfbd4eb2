//! What a command wrote a moment ago is seen by the next, whatever the list shows.

use crate::support::fake_make::{Distributor, FakeMake, json, read_answer};
use crate::support::world::{CREATE, World};

/// Starts a server whose lists show no allocation that was set, and that sets each.
fn lagging() -> FakeMake {
    FakeMake::answering(|request, body| {
        if request.starts_with("GET ") {
            return read_answer(request);
        }
        let total = serde_json::from_str::<serde_json::Value>(body).unwrap()["operations"].clone();
        json("200 OK", &format!(r#"{{"newParentOperations":480000,"newChildOperations":{total}}}"#))
    })
}

#[test]
fn an_allocation_that_was_set_is_shown_while_the_list_is_older() {
    let server = lagging();
    let world = World::of(&server);
    assert_eq!(world.run_line("child allocate Acme 20000 --yes").code, 0);

    for command in ["child show Acme", "child list", "consumption"] {
        let seen = world.run_line(&format!("{command} -o json"));
        assert!(seen.stdout.contains(r#""operationsAllocated": 20000"#), "{seen}");
        let told =
            "123 Acme was given 20000 credits a moment ago, and the list shows 10000 still: it is taken to have 20000";
        assert!(seen.stderr.contains(told), "{seen}");
    }
    let seen = world.run_line("child allocate Acme 20000 --yes");
    assert!(seen.code == 0 && seen.stderr.contains("nothing to do"), "{seen}");
    let seen = world.run_line("child allocate Acme 30000 --yes");
    assert!(seen.code == 0 && seen.stderr.contains("20,000 -> 30,000"), "{seen}");
    assert_eq!(server.requests("PATCH").len(), 2);
    let seen = world.run_line("child show Acme -o json");
    assert!(seen.stdout.contains(r#""operationsAllocated": 30000"#), "{seen}");
}

#[test]
fn a_third_value_in_the_list_is_somebody_elses_and_shown() {
    let server = FakeMake::with_state(Distributor::new(), Distributor::apply);
    let world = World::of(&server);
    assert_eq!(world.run_line("child allocate Acme 20000 --yes").code, 0);
    let other = World::of(&server);
    assert_eq!(other.run_line("child allocate Acme 70000 --yes").code, 0);
    let seen = world.run_line("child show Acme -o json");
    assert!(seen.stdout.contains(r#""operationsAllocated": 70000"#) && !seen.stderr.contains("a moment ago"), "{seen}");
}

#[test]
fn status_says_which_creates_are_open_here_and_elsewhere() {
    let losing = || FakeMake::with_state(Distributor::new(), |_, _, _| None);
    let (one, other) = (losing(), losing());
    let world = World::of(&one);
    assert_eq!(world.run_line(CREATE).code, 5);

    let here = world.run_line("status -o json").json();
    assert_eq!((&here["openCreates"], here["openCreatesElsewhere"].as_array().unwrap().len()), (&1.into(), 0));
    let seen = world.run_line(&format!("--base-url {} status -o json", other.base_url()));
    let elsewhere = seen.json();
    assert_eq!(elsewhere["openCreates"], 0, "{seen}");
    assert_eq!(elsewhere["openCreatesElsewhere"][0]["number"], 1, "{seen}");
    assert!(
        seen.stderr.contains(&format!("1 create is open under {}, organization 11: settle", one.base_url())),
        "{seen}"
    );

    std::fs::write(world.path(".local/state/mms/intents"), "torn\nand damaged\n").unwrap();
    let seen = world.run_line("status -o json");
    assert_eq!((seen.code, &seen.json()["openCreates"]), (0, &serde_json::Value::Null), "{seen}");
    assert!(
        seen.stderr.contains("warning: which creates are open is not known, for the journal cannot be read: "),
        "{seen}"
    );
}

#[test]
fn a_create_of_a_name_that_a_torn_record_may_mean_asks_until_a_person_has_looked() {
    let server = FakeMake::with_state(Distributor::new(), Distributor::apply);
    let world = World::of(&server);
    assert_eq!(world.run_line("child settle").code, 0);
    let journal = world.path(".local/state/mms/intents");
    std::fs::write(&journal, r#"{"line":1,"record":{"intent":{"intent":{"id":"0a","organizationName":"Dor"#).unwrap();

    let seen = world.run_line("child settle");
    assert!(seen.code == 0 && seen.stderr.contains("if it was a create, look in Make"), "{seen}");
    for _ in 0..2 {
        let seen = world.run_line(CREATE);
        assert_eq!(seen.code, 1, "{seen}");
        let told =
            "intents.torn, may be a create of this name\nhint: look in Make for the child; if it is not there, remove";
        assert!(seen.stderr.contains(told), "{seen}");
    }
    world.write(
        "new.csv",
        "name,owner_name,owner_email,region,country,credits\nDorado,Ada,ada@dorado.example,EU,CZ,10000\n",
    );
    let dorado = "{owner: {email: ada@dorado.example, name: Ada}, region: EU, country: CZ, credits: 10000, id: new}";
    world.write("fleet.yaml", &format!("format: 1\norganization: 11\nchildren:\n  Dorado: {dorado}\n"));
    for many in ["child create --from new.csv --yes", "apply --yes"] {
        let seen = world.run_line(many);
        assert!(
            seen.code == 1 && seen.stderr.contains("intents.torn, may be a create of \"Dorado\"; nothing was"),
            "{seen}"
        );
    }
    assert!(server.requests("POST").is_empty());
    let other = world.run_line(&CREATE.replace("Dorado", "Bakery"));
    assert_eq!(other.code, 0, "{other}");

    std::fs::remove_file(world.path(".local/state/mms/intents.torn")).unwrap();
    let seen = world.run_line(CREATE);
    assert_eq!(seen.code, 0, "{seen}");
}
