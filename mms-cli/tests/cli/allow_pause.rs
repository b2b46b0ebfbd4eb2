//! Totals that may leave a child nothing: first the plan, then the risk, and no write that nobody asked for.

use insta::assert_snapshot;

use crate::support::fake_make::{FakeMake, json, list, read_answer};
use crate::support::world::World;

#[test]
fn a_total_below_the_consumption_needs_a_yes_of_its_own() {
    let world = World::new();

    assert_snapshot!(world.run(&["--sandbox", "child", "allocate", "102", "10000", "--yes"]), @"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    About to change the allocation of a child organization:
      api       SANDBOX [HOME]/data/mms/sandbox.db
      child     102 Borealis Travel
      credits   50,000 -> 10,000 (-40,000)
      consumed  12,003.00
      risk      10,000 credits leave nothing to child organization 102, which has consumed 12,003.00: its scenarios may pause
      pool      500,000 -> 540,000
    error: 10,000 credits leave nothing to child organization 102, which has consumed 12,003.00: its scenarios may pause
    hint: add --allow-pause if that is meant
    ");
    assert_snapshot!(world.run(&["--sandbox", "child", "allocate", "102", "10000", "--yes", "--allow-pause"]), @"
    exit: 0
    ----- stdout -----
    ID       102
    NAME     Borealis Travel
    CREDITS  10000
    CHANGE   -40000
    POOL     540000
    ----- stderr -----
    About to change the allocation of a child organization:
      api       SANDBOX [HOME]/data/mms/sandbox.db
      child     102 Borealis Travel
      credits   50,000 -> 10,000 (-40,000)
      consumed  12,003.00
      risk      10,000 credits leave nothing to child organization 102, which has consumed 12,003.00: its scenarios may pause
      pool      500,000 -> 540,000
    ");
}

#[test]
fn a_total_of_0_needs_a_yes_of_its_own_even_where_nothing_is_consumed() {
    let world = World::new();

    let refused = world.run(&["--sandbox", "child", "allocate", "103", "0", "--yes"]);
    assert_eq!((refused.code, refused.stderr.contains("--allow-pause")), (1, true), "{refused}");
    assert_eq!(world.run(&["--sandbox", "child", "allocate", "103", "0", "--yes", "--allow-pause"]).code, 0);
    let raised = world.run(&["--sandbox", "child", "allocate", "103", "10000", "--yes"]);
    assert_eq!(raised.code, 0, "more than before pauses nobody: {raised}");
}

#[test]
fn an_unknown_consumption_is_a_risk_too() {
    let server = FakeMake::start(|request| match request {
        "GET /api/v2/organizations/11/managed-organizations" => list([(101, "Acme", 20_000)], Some(100)),
        "PATCH /api/v2/organizations/11/managed-organizations/101" => json(
            "200 OK",
            r#"{"newParentOperations":500000,"newChildOperations":10000,"operationsDiff":-10000,"limitIncreased":false}"#,
        ),
        _ => read_answer(request),
    });
    let world = World::of(&server);
    let lower = ["child", "allocate", "Acme", "10000", "--yes"];

    assert_snapshot!(world.run(&lower), @"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    About to change the allocation of a child organization:
      api       LIVE http://127.0.0.1:[PORT]/api/v2
      child     101 Acme
      credits   20,000 -> 10,000 (-10,000)
      consumed  unknown
      risk      the consumption of child organization 101 is unknown: 10,000 credits may leave it nothing, and its scenarios may pause
      pool      490,000 -> 500,000
    error: the consumption of child organization 101 is unknown: 10,000 credits may leave it nothing, and its scenarios may pause
    hint: add --allow-pause if that is meant
    ");
    assert!(server.requests("PATCH").is_empty());
    assert_eq!(world.run(&[&lower[..], &["--allow-pause"]].concat()).code, 0);
}

#[test]
fn more_than_before_is_no_risk_whatever_is_consumed() {
    for consumption in ["", r#"{"organizationId":101,"centicreditsConsumed":"9000000"}"#] {
        let server = FakeMake::start(move |request| match request {
            "GET /api/v2/organizations/11/managed-organizations" => list([(101, "Acme", 20_000)], Some(100)),
            "GET /api/v2/organizations/11/managed-organizations-consumption" => {
                json("200 OK", &format!(r#"{{"managedOrganizationsConsumption":[{consumption}]}}"#))
            }
            "PATCH /api/v2/organizations/11/managed-organizations/101" => {
                json("200 OK", r#"{"newParentOperations":480000,"newChildOperations":30000}"#)
            }
            _ => read_answer(request),
        });
        let world = World::of(&server);

        let raised = world.run(&["child", "allocate", "Acme", "30000", "--yes"]);
        assert_eq!((raised.code, server.requests("PATCH").len()), (0, 1), "{raised}");
    }
}
