//! With whom a command speaks, for whom, and what is said where that is missing, wrong or does not answer.

use std::net::TcpListener;
use std::sync::Mutex;

use insta::assert_snapshot;

use crate::support::fake_make::{FakeMake, json, read_answer};
use crate::support::world::{TOKEN, World};

#[test]
fn all_that_is_missing_is_said_at_once() {
    assert_snapshot!(World::new().run(&["child", "list"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: no zone, no token, no organization given
    hint: `mms auth login` asks for all of it and keeps it; or try --sandbox, or say it yourself:
      1. zone: set MAKE_ZONE or --zone to the host that you sign in to, such as eu1.make.com
      2. token: set MAKE_API_KEY, MMS_TOKEN_FILE or --token-file FILE
      3. organization: set MMS_ORGANIZATION_ID or --organization-id to the distributor's id, which stands in the address of its page
    "#);
    let catalogue = World::new().run(&["region", "list"]);
    assert!(catalogue.stderr.starts_with("error: no zone, no token given\n"), "no distributor is needed: {catalogue}");
    let zoned = World::new().run(&["status", "--zone", "eu1.make.com"]);
    assert!(zoned.code == 2 && zoned.stderr.starts_with("error: no token, no organization given\n"), "{zoned}");
}

#[test]
fn the_commands_that_give_what_is_missing_reach_the_same_profile() {
    let world = World::new();
    let empty = world.run_line("config set near_percent 90 --profile live");
    assert_eq!(empty.code, 0, "{empty}");

    let all = world.run_line("--profile live child list");
    assert!(all.stderr.contains("hint: `mms --profile live auth login` asks for all of it"), "{all}");
    let url = "--base-url http://127.0.0.1:1/api/v2";
    let no_token = world.run_line(&format!("--profile live {url} region list"));
    let login = format!("hint: `mms --profile live {url} auth login` asks for it");
    assert!(no_token.stderr.contains(&login), "{no_token:?}");
    let world = world.with("MAKE_API_KEY", TOKEN);
    let no_organization = world.run_line(&format!("--profile live {url} child list"));
    let set = "hint: `mms --profile live config set organization_id ID` keeps it";
    assert!(no_organization.stderr.contains(set), "{no_organization:?}");
}

#[test]
fn no_zone_is_wrong_use() {
    let world = World::new().with("MAKE_API_KEY", TOKEN).with("MMS_ORGANIZATION_ID", "11");

    assert_snapshot!(world.run(&["child", "list"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: no zone given
    hint: `mms auth login` asks for it and keeps it; or set MAKE_ZONE or --zone to the host that you sign in to, such as eu1.make.com, or try --sandbox
    "#);
}

#[test]
fn a_wrong_zone_lists_the_right_ones() {
    assert_snapshot!(World::new().run(&["child", "list", "--zone", "eu9.make.com"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --zone: "eu9.make.com" is not a zone of Make: expected one of eu1.make.com, eu2.make.com, us1.make.com, us2.make.com, eu1.make.celonis.com, us1.make.celonis.com
    hint: another host needs --base-url with the root of its API
    "#);
    assert_snapshot!(World::new().with("MAKE_ZONE", "https://eu1.make.com").run(&["status"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: MAKE_ZONE: "https://eu1.make.com" is not a zone of Make: expected one of eu1.make.com, eu2.make.com, us1.make.com, us2.make.com, eu1.make.celonis.com, us1.make.celonis.com
    hint: write the host alone: MAKE_ZONE=eu1.make.com
    "#);
}

#[test]
fn a_url_where_a_zone_is_meant_is_told_what_to_write() {
    for url in [
        "https://eu1.make.com/",
        "https://eu1.make.com/api/v2",
        "http://EU1.make.com:443/organization/11",
        "eu1.make.com/",
    ] {
        let by_environment = World::new().with("MAKE_ZONE", url).run(&["status"]);
        assert!(
            by_environment.code == 2
                && by_environment.stderr.ends_with("\nhint: write the host alone: MAKE_ZONE=eu1.make.com\n"),
            "{by_environment}"
        );
        let by_flag = World::new().run(&["status", "--zone", url]);
        assert!(by_flag.stderr.ends_with("\nhint: write the host alone: --zone eu1.make.com\n"), "{by_flag}");
    }
}

#[test]
fn a_base_url_without_scheme_is_refused() {
    assert_snapshot!(World::new().run(&["child", "list", "--base-url", "eu1.make.com/api/v2"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --base-url: "eu1.make.com/api/v2" does not begin with https:// (or http:// for a loopback address)
    hint: a base URL looks like https://eu1.make.com/api/v2
    "#);
}

#[test]
fn plain_http_to_another_machine_is_refused() {
    assert_snapshot!(World::new().run(&["child", "list", "--base-url", "http://make.example/api/v2"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --base-url: "http://make.example/api/v2" is plain http to a host that is not loopback: the token could be read on the way
    hint: use https, or add --allow-http if the way there is private
    "#);
}

#[test]
fn plain_http_to_another_machine_is_allowed_if_asked_for() {
    let world = World::new().with("MAKE_API_KEY", TOKEN);
    let seen = world.run(&["region", "list", "--allow-http", "--base-url", "http://mms.invalid/api/v2"]);

    assert_eq!(seen.code, 8);
    assert!(seen.stderr.contains("no connection"), "{seen}");
}

#[test]
fn a_slash_at_the_end_of_a_base_url_is_accepted() {
    let server = FakeMake::answering_writes(None);
    let url = format!("{}/", server.base_url());
    let seen = World::of(&server).run(&["--base-url", &url, "region", "list"]);

    assert_eq!(seen.code, 0, "{seen}");
    assert_eq!(server.requests("GET"), ["GET /api/v2/enums/imt-regions"]);
}

#[test]
fn servers_exclude_each_other() {
    assert_snapshot!(World::new().run(&["--sandbox", "child", "list", "--zone", "eu1.make.com"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --sandbox and --zone exclude each other
    "#);
    let both = ["--zone", "eu1.make.com", "child", "list", "--base-url", "https://eu1.make.com/api/v2"];
    assert_snapshot!(World::new().run(&both), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --base-url and --zone exclude each other
    "#);
}

#[test]
fn a_flag_goes_before_the_environment() {
    let server = FakeMake::answering_writes(None);
    let world = World::new()
        .with("MAKE_API_KEY", TOKEN)
        .with("MMS_BASE_URL", "http://127.0.0.1:1/api/v2")
        .with("MMS_ORGANIZATION_ID", "12");

    let seen = world.run(&["--base-url", &server.base_url(), "--organization-id", "11", "child", "list"]);

    assert_eq!(seen.code, 0, "{seen}");
}

#[test]
fn no_organization_is_wrong_use_and_nothing_is_sent() {
    let server = FakeMake::answering_writes(None);
    let world = World::new().with("MMS_BASE_URL", server.base_url()).with("MAKE_API_KEY", TOKEN);

    assert_snapshot!(world.run(&["child", "list"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: no organization given
    hint: `mms config set organization_id ID` keeps it; or set MMS_ORGANIZATION_ID or --organization-id to the distributor's id, which stands in the address of its page
    "#);
    assert_snapshot!(world.run(&["child", "list", "--organization-id", "eleven"]), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: --organization-id: "eleven" is not an id: expected a whole number from 1
    "#);
    assert!(server.requests("").is_empty());
}

#[test]
fn an_organization_that_is_not_yours_is_named() {
    assert_snapshot!(World::new().run(&["--sandbox", "--organization-id", "12", "child", "list"]), @"
    exit: 7
    ----- stdout -----
    ----- stderr -----
    error: organization 12: 404 Not Found: There is no organization 12 (1 attempt, [ELAPSED])
    hint: the sandbox has distributor 11: leave --organization-id out
    ");
}

#[test]
fn an_unreachable_server_changes_nothing() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let world = World::new().with("MMS_BASE_URL", format!("http://{nobody}/api/v2")).with("MAKE_API_KEY", TOKEN);
    let seen = world.run(&["region", "list"]);

    assert_eq!(seen.code, 8, "{seen}");
    assert!(seen.stderr.contains("hint: check MMS_BASE_URL"), "{seen}");
}

#[test]
fn a_refused_token_is_not_authorized() {
    for (status, code) in [("401 Unauthorized", 4), ("403 Forbidden", 4), ("404 Not Found", 7), ("429 Too Many", 8)] {
        let server = FakeMake::start(move |_| json(status, r#"{"message":"No."}"#));

        let seen = World::of(&server).run(&["child", "list", "--timeout", "5"]);

        assert_eq!(seen.code, code, "{seen}");
        assert!(seen.stderr.starts_with("error: ") && seen.stderr.contains("\nhint: "), "{seen}");
    }
}

#[test]
fn a_limit_that_stays_used_up_beyond_the_time_given_is_said_at_once() {
    let server = FakeMake::start(|_| Some(("429 Too Many Requests", "text/plain", "Not now.".to_owned())));

    assert_snapshot!(World::of(&server).run(&["region", "list", "--timeout", "59"]), @"
    exit: 8
    ----- stdout -----
    ----- stderr -----
    error: 429 Too Many Requests: Not now (1 attempt, 0.0 s; the next would have to wait 60.0 s, past the deadline)
    hint: every tool of the organization shares its requests per minute: wait a minute
    ");
    assert_eq!(server.requests("GET").len(), 1);
}

#[test]
fn a_call_that_runs_out_of_its_time_is_told_how_to_get_more() {
    let server = FakeMake::start(|_| {
        loop {
            std::thread::park();
        }
    });

    let seen = World::of(&server).run(&["region", "list", "--timeout", "1"]);

    assert_eq!(seen.code, 8, "{seen}");
    assert!(seen.stderr.ends_with("\nhint: raise --timeout SECONDS, which is 1, to give it more time\n"), "{seen}");
}

#[test]
fn a_gateways_page_that_repeats_its_status_is_said_once() {
    let page = "<html><title>502 Bad Gateway</title>";
    let server = FakeMake::start(|_| Some(("502 Bad Gateway", "text/html", page.to_owned())));

    let seen = World::of(&server).run(&["region", "list"]);

    assert!(seen.stderr.starts_with("error: 502 Bad Gateway (4 attempts, "), "{seen}");
}

#[test]
fn a_read_that_meets_a_fault_of_the_server_is_sent_again() {
    let faults = Mutex::new(2);
    let server = FakeMake::start(move |request| {
        let mut left = faults.lock().unwrap();
        if *left == 0 {
            return read_answer(request);
        }
        *left -= 1;
        Some(("502 Bad Gateway", "text/html", "<html><title>Oops</title>".to_owned()))
    });

    let seen = World::of(&server).run(&["region", "list"]);

    assert_eq!((seen.code, server.requests("GET").len()), (0, 3), "{seen}");
}

#[test]
fn a_server_fault_on_a_read_changes_nothing() {
    let server = FakeMake::start(|_| Some(("502 Bad Gateway", "text/html", "<html><title>Oops</title>".to_owned())));

    let seen = World::of(&server).run(&["child", "list"]);

    assert_eq!((seen.code, seen.stderr.lines().count()), (8, 1), "{seen}");
}

#[test]
fn serve_takes_nothing_that_says_whom_to_speak_to() {
    let serve = ["sandbox", "serve", "--listen", "127.0.0.1:0"];
    for (flags, hint) in [
        (&["--sandbox=own.db"][..], "name its file with --data FILE"),
        (&["--zone", "eu1.make.com"], "it speaks to nobody: leave that out"),
        (&["--base-url=https://eu1.make.com/api/v2"], "it speaks to nobody: leave that out"),
        (&["--allow-http"], "it speaks to nobody: leave that out"),
        (&["--organization-id=12"], "it says itself which distributor it has"),
        (&["--token-file", "token"], "it says itself which token it takes"),
    ] {
        let seen = World::new().run(&[&serve, flags].concat());

        let flag = flags[0].split('=').next().unwrap();
        assert_eq!((seen.code, seen.stdout.as_str()), (2, ""), "{seen}");
        assert_eq!(seen.stderr, format!("error: `mms sandbox serve` takes no {flag}\nhint: {hint}\n"));
    }
}
