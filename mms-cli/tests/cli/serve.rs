//! `mms sandbox serve`, as another program uses it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use insta::assert_snapshot;

use crate::support::server::Server;
use crate::support::world::World;

#[cfg(unix)]
#[test]
fn it_prints_what_a_client_needs_and_ends_well_when_it_is_asked_to() {
    for signal in ["-INT", "-TERM"] {
        let server = Server::start(&World::new(), &[]);

        assert_eq!(server.world().run(&["child", "show", "Acme Bakery"]).code, 0);
        assert_eq!(server.end(signal), Some(0), "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn a_data_file_outlives_it() {
    let home = World::new();
    let server = Server::start(&home, &["--data", "served.db"]);
    let allocate = ["child", "allocate", "Cobalt Dental", "50000", "--yes"];
    assert_eq!(server.world().run(&allocate).code, 0);
    assert_eq!(server.end("-TERM"), Some(0));

    let child = home.run(&["--sandbox=served.db", "child", "show", "Cobalt Dental", "-o", "json"]);

    assert_eq!(child.json()["operationsAllocated"], 50_000);
}

#[test]
fn on_every_address_it_prints_one_that_a_client_can_use() {
    let server = Server::listening(&World::new(), "0.0.0.0:0", &[]);

    assert!(server.printed["baseUrl"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!(server.world().run(&["region", "list"]).code, 0);
}

#[test]
fn a_seed_file_says_what_it_begins_with() {
    let world = World::new();
    world.write(
        "seed.yaml",
        "distributors:\n  - {organizationId: 7, operations: 30000, tokens: [{token: seven, scopes: \
         [\"managed-organizations:read\"]}], children: [{organizationName: Client, count: 3}]}\n",
    );
    let server = Server::start(&world, &["--seed", "seed.yaml"]);

    assert_eq!((&server.printed["organizationId"], &server.printed["token"]), (&7.into(), &"seven".into()));
    let children = server.world().run(&["child", "list", "-o", "json"]).json();
    assert_eq!(children.as_array().unwrap().len(), 3);
}

#[cfg(unix)]
#[test]
fn a_file_that_another_seed_began_is_used_with_its_own_distributor_and_token() {
    let home = World::new();
    home.write(
        "seed.yaml",
        "distributors:\n  - {organizationId: 77, operations: 30000, tokens: [{token: reader, scopes: \
         [\"managed-organizations:read\"]}, {token: writer, scopes: [\"managed-organizations:read\", \
         \"managed-organizations:write\"]}], children: [{organizationName: Client}]}\n",
    );
    let server = Server::start(&home, &["--data", "served.db", "--seed", "seed.yaml"]);
    assert_eq!(server.printed["token"], "writer");
    assert_eq!(server.end("-TERM"), Some(0));

    let children = home.run(&["--sandbox=served.db", "child", "list", "-o", "json"]);
    assert_eq!(children.json()[0]["organizationName"], "Client", "{children}");
    assert_eq!(home.run(&["--sandbox=served.db", "child", "allocate", "Client", "20000", "--yes"]).code, 0);
    let again = Server::start(&home, &["--data", "served.db"]);
    assert_eq!((&again.printed["organizationId"], &again.printed["token"]), (&77.into(), &"writer".into()));
}

#[test]
fn switches_set_how_it_behaves() {
    let server = Server::start(&World::new(), &["--set", "foreignOrganization=forbidden", "--set", "pageLimit=2"]);

    let foreign = server.world().run(&["--organization-id", "12", "child", "list"]);
    assert_eq!(foreign.code, 4, "{}", foreign.stderr);
    let children = server.world().run(&["child", "list", "-o", "json"]).json();
    assert_eq!(children.as_array().unwrap().len(), 3, "two pages");
}

#[test]
fn the_control_token_opens_the_control_side() {
    let server = Server::start(&World::new(), &["--freeze-clock=2027-01-01T00:00:00Z"]);

    let answer = http(&server, "GET /_sandbox/clock", server.printed["controlToken"].as_str().unwrap());
    assert!(answer.ends_with(r#"{"now":"2027-01-01T00:00:00Z","frozen":true}"#), "{answer}");
    let refused = http(&server, "GET /_sandbox/clock", server.printed["token"].as_str().unwrap());
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
}

/// Sends a request without a body and returns the answer as it came.
fn http(server: &Server, request: &str, token: &str) -> String {
    let address = server.printed["baseUrl"].as_str().unwrap().trim_start_matches("http://").trim_end_matches("/api/v2");
    let mut stream = TcpStream::connect(address).unwrap();
    let head =
        format!("{request} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Token {token}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[cfg(unix)]
#[test]
fn each_request_leaves_a_line_unless_it_is_told_to_be_quiet() {
    for (arguments, expected) in [(&[][..], 1), (&["--quiet"], 0)] {
        let world = World::new();
        let mut server = Server::start_with(&world, "127.0.0.1:0", arguments, Stdio::piped());
        let mut stderr = server.process.stderr.take().unwrap();
        let token = server.printed["token"].as_str().unwrap().to_owned();
        http(&server, "GET /api/v2/organizations/11?secret=1", &token);
        assert_eq!(server.end("-TERM"), Some(0));

        let mut lines = String::new();
        stderr.read_to_string(&mut lines).unwrap();
        assert_eq!(lines.matches("/api/v2/organizations/11").count(), expected, "{lines}");
        assert!(!lines.contains(&token) && !lines.contains("secret"), "{lines}");
    }
}

#[test]
fn what_cannot_be_served_is_refused_with_the_way_out() {
    let world = World::new();
    world.write("seed.yaml", "distributors:\n  - {organizationId: 7, operation: 30000}\n");
    world.write(
        "twice.yaml",
        "distributors: [{organizationId: 7, operations: 0}, {organizationId: 7, operations: 0}]\n",
    );
    let serve = ["sandbox", "serve", "--listen", "127.0.0.1:0"];
    let run = |arguments: &[&str]| world.run(&[&serve[..], arguments].concat());

    assert_snapshot!(run(&["--set", "paging=sometimes"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --set paging: "sometimes" is not a value of this switch: expected honoured or ignored
    "#);
    assert_snapshot!(run(&["--set", "pages=ignored"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --set: there is no switch "pages": expected one of consumptionRows, createStatus, duplicateNames, foreignOrganization, limitBody, limiter, loweringBelowConsumption, operationsDiff, pageLimit, paging, retryAfter
    "#);
    for (switch, said) in [
        ("limiter=none", "\"none\" is not a value of this switch: expected one of fixed_window, sliding_log, "),
        ("pageLimit=many", "\"many\" is not a value of this switch: expected a whole number from 1\n"),
        ("pageLimit=0", "\"0\" is not a value of this switch: expected a whole number from 1\n"),
        ("paging=5", "\"5\" is not a value of this switch: expected honoured or ignored"),
    ] {
        let seen = run(&["--set", switch]);
        let name = switch.split('=').next().unwrap();
        assert!(seen.code == 2 && seen.stderr.starts_with(&format!("error: --set {name}: {said}")), "{seen}");
        assert!(!seen.stderr.contains("variant") && !seen.stderr.contains("field"), "{seen}");
    }
    assert_snapshot!(run(&["--set", "paging"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --set: "paging" is not a switch, an equals sign and a value
    "#);
    assert_snapshot!(run(&["--seed", "seed.yaml"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: cannot read the seed seed.yaml: distributors[0]: unknown field `operation`, expected one of `organizationId`, `organizationName`, `operations`, `apiLimit`, `restartPeriod`, `lastReset`, `nextReset`, `zoneId`, `countryId`, `timezoneId`, `tokens`, `children` at line 2 column 25
    "#);
    assert_snapshot!(run(&["--seed", "missing.yaml"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: cannot read the seed missing.yaml: No such file or directory (os error 2)
    "#);
    assert_snapshot!(run(&["--seed", "twice.yaml", "--data", "sandbox.db"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: the seed twice.yaml cannot be loaded: two organizations have the id 7
    "#);
    assert_snapshot!(run(&["--freeze-clock=yesterday"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --freeze-clock: "yesterday" is no time: write it like [TIME]
    "#);
    assert_snapshot!(run(&["--durable"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: missing: --data <FILE>
    hint: `mms sandbox serve --help` shows what it takes
    "#);
}

#[test]
fn an_address_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    assert_snapshot!(World::new().run(&["sandbox", "serve", "--listen", &address]), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: cannot listen on 127.0.0.1:[PORT]: Address already in use (os error 98)
    hint: choose another address with --listen; port 0 takes any free one
    "#);
}
