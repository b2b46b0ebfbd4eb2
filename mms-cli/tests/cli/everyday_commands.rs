//! What an operator does all day, on a sandbox that keeps its data from command to command.

use insta::assert_snapshot;

use crate::support::fake_make::FakeMake;
use crate::support::server::Server;
use crate::support::world::{TOKEN, World};

const CREATE: &str = "child create --name Dorado --owner-name Ada --owner-email ada@dorado.example \
    --region us --country CZE --credits=20000 --yes --sandbox";

#[test]
fn children_are_listed() {
    assert_snapshot!(World::new().run(&["--sandbox", "child", "list"]), @r#"
    exit: 0
    ----- stdout -----
     ID  NAME             CREDITS  ZONE
    101  Acme Bakery        10000  eu1.make.com
    102  Borealis Travel    50000  eu1.make.com
    103  Cobalt Dental     100000  us1.make.com
    ----- stderr -----
    "#);
}

#[test]
fn a_created_child_is_there_for_the_next_command() {
    let world = World::new();

    assert_snapshot!(world.run_line(CREATE), @"
    exit: 0
    ----- stdout -----
    ID           1001
    NAME         Dorado
    CREDITS      20000
    ZONE         us1.make.com
    OWNER ID     4
    OWNER NAME   Ada
    OWNER EMAIL  ada@dorado.example
    POOL         480000
    ----- stderr -----
    About to create a child organization, which can never be deleted:
      api          SANDBOX [HOME]/data/mms/sandbox.db
      distributor  11 Sandbox Distributor
      name         Dorado
      owner        Ada <ada@dorado.example>
      region       2 US (can never be changed)
      country      58 Czechia
      credits      20,000
      pool         500,000 -> 480,000
      journal      [HOME]/data/mms/sandbox.db.intents, 0 creates known
    ");
    assert_snapshot!(world.run(&["--sandbox", "child", "list", "-o", "csv"]), @r#"
    exit: 0
    ----- stdout -----
    organizationId,organizationName,operationsAllocated,countryId,timezoneId,zoneId,zoneDomain,zoneName
    101,Acme Bakery,10000,234,7,1,eu1.make.com,EU1
    102,Borealis Travel,50000,75,9,1,eu1.make.com,EU1
    103,Cobalt Dental,100000,236,4,3,us1.make.com,US1
    1001,Dorado,20000,58,8,3,us1.make.com,US1
    ----- stderr -----
    "#);
    assert_snapshot!(world.run(&["--sandbox", "child", "show", "dorado"]), @"
    exit: 0
    ----- stdout -----
    ID           1001
    NAME         Dorado
    COUNTRY ID   58
    TIMEZONE ID  8
    ZONE         us1.make.com
    CREDITS      20000
    CONSUMED     0.00
    LEFT         20000.00
    EXTRA        0.00
    USED         0%
    STATE        ok
    OPERATIONS   0
    TRANSFER     0
    LAST RESET   [TIME]
    ----- stderr -----
    ");
}

#[test]
fn a_created_child_comes_as_json_in_the_apis_own_fields() {
    assert_snapshot!(World::new().run_line(&format!("{CREATE} -q -o json")), @r#"
    exit: 0
    ----- stdout -----
    {
      "childOrganizationId": 1001,
      "userId": 4,
      "userEmail": "ada@dorado.example",
      "userName": "Ada",
      "userLanguage": "en",
      "userExisted": 0,
      "newParentOperations": 480000,
      "domain": "us1.make.com",
      "organizationId": 1001,
      "organizationName": "Dorado",
      "operationsAllocated": 20000,
      "outcome": "created"
    }
    ----- stderr -----
    "#);
}

#[test]
fn a_second_child_of_one_name_is_refused_unless_it_is_asked_for() {
    let world = World::new();
    world.run_line(CREATE);

    assert_snapshot!(world.run_line(CREATE), @r#"
    exit: 6
    ----- stdout -----
    ----- stderr -----
    error: a child organization named "Dorado" exists: 1001
    hint: choose another name; --if-absent is content with the one that is there, --allow-duplicate-name creates a second one
    "#);
    let same = world.run_line(&CREATE.replace("Dorado", "DORADO"));
    assert!(same.stderr.starts_with(r#"error: a child organization named "Dorado" exists: 1001"#), "{same}");
    let second = world.run_line(&format!("{CREATE} --allow-duplicate-name -o json"));
    assert_eq!((second.code, &second.json()["childOrganizationId"]), (0, &serde_json::json!(1002)));
}

#[test]
fn an_allocation_is_a_new_total_taken_from_the_pool() {
    let world = World::new();

    assert_snapshot!(world.run(&["--sandbox", "child", "allocate", "Cobalt Dental", "120000", "--yes"]), @"
    exit: 0
    ----- stdout -----
    ID       103
    NAME     Cobalt Dental
    CREDITS  120000
    CHANGE   20000
    POOL     480000
    ----- stderr -----
    About to change the allocation of a child organization:
      api       SANDBOX [HOME]/data/mms/sandbox.db
      child     103 Cobalt Dental
      credits   100,000 -> 120,000 (+20,000)
      consumed  0.00
      pool      500,000 -> 480,000
    ");
    let status = world.run(&["--sandbox", "status", "-o", "json"]);
    assert_eq!(status.json()["organization"]["license"]["operations"], 480_000);
}

#[test]
fn an_allocation_that_is_there_already_changes_nothing() {
    let world = World::new();

    assert_snapshot!(world.run(&["--sandbox", "child", "allocate", "103", "100000", "-y", "-o", "json"]), @r#"
    exit: 0
    ----- stdout -----
    {
      "organizationId": 103,
      "organizationName": "Cobalt Dental",
      "operationsAllocated": 100000,
      "newChildOperations": 100000,
      "operationsDiff": 0,
      "limitIncreased": false,
      "newParentOperations": 500000,
      "outcome": "unchanged"
    }
    ----- stderr -----
    Child organization 103 already has 100,000 credits: nothing to do.
    "#);
}

#[test]
fn consumption_is_joined_with_names_and_comes_worst_first() {
    let world = World::new();

    assert_snapshot!(world.run(&["--sandbox", "consumption"]), @"
    exit: 0
    ----- stdout -----
     ID  NAME             CREDITS  CONSUMED       LEFT  USED  STATE  LAST RESET
    101  Acme Bakery        10000   9412.50     587.50   94%  near   [TIME]
    102  Borealis Travel    50000  12003.00   37997.00   24%  ok     [TIME]
    103  Cobalt Dental     100000      0.00  100000.00    0%  ok     [TIME]
    ----- stderr -----
    ");
    assert_snapshot!(world.run(&["--sandbox", "consumption", "--output", "csv"]), @"
    exit: 0
    ----- stdout -----
    organizationId,organizationName,operationsAllocated,centicreditsConsumed,centicreditsExtra,operationsConsumed,operationsExtra,transferConsumed,transferExtra,usedPercent,lastReset,creditsConsumed,creditsLeft,state,countryId,timezoneId,zoneId,zoneDomain,zoneName
    101,Acme Bakery,10000,941250,0,8730,0,734003200,0,94,[TIME],9412.50,587.50,near,234,7,1,eu1.make.com,EU1
    102,Borealis Travel,50000,1200300,0,12003,0,1288490188,0,24,[TIME],12003.00,37997.00,ok,75,9,1,eu1.make.com,EU1
    103,Cobalt Dental,100000,0,0,0,0,0,0,0,[TIME],0.00,100000.00,ok,236,4,3,us1.make.com,US1
    ----- stderr -----
    ");
    let rows = world.run(&["--sandbox", "consumption", "--output", "json"]).json();
    assert_eq!(rows[0]["organizationName"], "Acme Bakery");
    assert_eq!(rows[0]["centicreditsConsumed"], "941250");
    assert_eq!(rows[0]["usedPercent"], 94);
}

#[test]
fn status_shows_where_commands_go_and_what_is_allowed() {
    let world = World::new();

    assert_snapshot!(world.run(&["--sandbox", "status"]), @"
    exit: 0
    ----- stdout -----
    API             sandbox [HOME]/data/mms/sandbox.db
    ORGANIZATION    11
    NAME            Sandbox Distributor
    ZONE            eu1.make.com
    POOL            500000
    REQUESTS/MIN    240
    LAST RESET      [TIME]
    NEXT RESET      [TIME]
    AUTHORIZED BY   token
    SCOPES          managed-organizations:read managed-organizations:write organizations:read
    OPEN CREATES    0
    MISSING SCOPES  none
    ----- stderr -----
    ");
    assert_snapshot!(world.run(&["--sandbox", "status", "-o", "csv"]), @"
    exit: 0
    ----- stdout -----
    baseUrl,organizationId,name,zone,operations,apiLimit,lastReset,nextReset,authUsed,scope,missingScopes,openCreates
    ,11,Sandbox Distributor,eu1.make.com,500000,240,[TIME],[TIME],token,managed-organizations:read managed-organizations:write organizations:read,,0
    ----- stderr -----
    ");
    assert_eq!(world.run(&["--sandbox", "status", "-o", "json"]).json()["baseUrl"], serde_json::Value::Null);
}

#[test]
fn regions_are_listed_in_every_format() {
    let world = World::new();

    assert_snapshot!(world.run(&["--sandbox", "region", "list"]), @r#"
    exit: 0
    ----- stdout -----
    ID  NAME
     1  EU
     2  US
    ----- stderr -----
    "#);
    assert_snapshot!(world.run(&["region", "list", "--sandbox", "-o", "json"]), @r#"
    exit: 0
    ----- stdout -----
    [
      {
        "id": 1,
        "name": "EU"
      },
      {
        "id": 2,
        "name": "US"
      }
    ]
    ----- stderr -----
    "#);
}

#[test]
fn every_country_is_listed_with_its_codes() {
    let countries = World::new().run(&["--sandbox", "country", "list", "-o", "json"]).json();

    let countries = countries.as_array().unwrap();
    assert_eq!(countries.len(), 249);
    assert!(countries.iter().any(|country| country["code"] == "CZE" && country["code2"] == "cz"));
}

#[test]
fn a_file_of_its_own_keeps_a_sandbox_apart() {
    let world = World::new();
    let file = format!("--sandbox={}", world.path("elsewhere/own.db").display());
    assert_eq!(world.run_line(&CREATE.replace("--sandbox", &file)).code, 0);

    let own = world.run(&[&file, "child", "list", "-o", "json"]).json();
    let default = world.run(&["--sandbox", "child", "list", "-o", "json"]).json();

    assert_eq!((own.as_array().unwrap().len(), default.as_array().unwrap().len()), (4, 3));
    assert!(world.path("elsewhere/own.db").exists());
    assert!(world.path("data/mms/sandbox.db").exists());
}

#[test]
fn the_sandbox_goes_before_the_environment() {
    let world = World::new()
        .with("MAKE_ZONE", "eu1.make.com")
        .with("MMS_BASE_URL", "http://127.0.0.1:1/api/v2")
        .with("MMS_ORGANIZATION_ID", "12")
        .with("MAKE_API_KEY", "another");

    assert_eq!(world.run(&["--sandbox", "child", "list"]).code, 0);
}

#[test]
fn a_base_url_of_the_environment_goes_before_its_zone_and_no_proxy_sees_a_request() {
    let server = FakeMake::answering_writes(None);
    let world = World::new()
        .with("MAKE_ZONE", "eu1.make.com")
        .with("MMS_BASE_URL", server.base_url())
        .with("MMS_ORGANIZATION_ID", "11")
        .with("MAKE_API_KEY", TOKEN)
        .with("HTTP_PROXY", "http://127.0.0.1:1")
        .with("http_proxy", "http://127.0.0.1:1")
        .with("ALL_PROXY", "http://127.0.0.1:1");

    let list = world.run(&["region", "list"]);
    assert_eq!((list.code, server.requests("GET").len()), (0, 1), "{list}");
}

#[test]
fn commands_that_create_side_by_side_take_turns() {
    let server = Server::start(&World::new(), &["--set", "limiter=off"]);
    let world = server.world();
    let create = |name: &str| {
        world.run(&[
            "child",
            "create",
            "--name",
            name,
            "--owner-name",
            "Ada",
            "--owner-email",
            "ada@sol.example",
            "--region",
            "EU",
            "--country",
            "CZ",
            "--credits",
            "10000",
            "--yes",
            "--quiet",
        ])
    };
    std::thread::scope(|scope| {
        let creates = ["Uno", "Dos", "Tres", "Cuatro"].map(|name| scope.spawn(|| create(name)));
        for seen in creates.map(|create| create.join().unwrap()) {
            assert_eq!(seen.code, 0, "{seen}");
        }
    });
    assert_eq!(world.run(&["child", "list", "--output", "json"]).json().as_array().unwrap().len(), 3 + 4);
}
