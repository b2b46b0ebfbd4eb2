//! Ways out: they fit what was called, and the commands that they name reach the same place.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};

use insta::assert_snapshot;

use crate::support::fake_make::{Answer, FakeMake, json, list, read_answer};
use crate::support::world::{Seen, TOKEN, World};

/// Runs a command against a server that is named by flags.
fn run(server: &FakeMake, command: &str) -> Seen {
    let flags = format!("--base-url {} --organization-id 11 {command}", server.base_url());
    World::new().with("MAKE_API_KEY", TOKEN).run_line(&flags)
}

fn hint(seen: &Seen) -> &str {
    seen.stderr.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap_or_default()
}

fn not_found() -> Answer {
    json("404 Not Found", r#"{"message":"Not Found"}"#)
}

#[test]
fn a_command_in_a_hint_reaches_the_same_server() {
    let server = FakeMake::answering_writes(None);

    assert_snapshot!(run(&server, "child show Nobody"), @r#"
    exit: 7
    ----- stdout -----
    ----- stderr -----
    error: unknown child organization "Nobody"
    hint: the choice is 123 "Acme", 124 "=\u{1b}[31mred\u{9b}"; `mms --base-url http://127.0.0.1:[PORT]/api/v2 --organization-id 11 child list` shows them all
    "#);
    let disobedient =
        FakeMake::answering_writes(json("200 OK", r#"{"newParentOperations":1,"newChildOperations":30000}"#));
    assert!(
        hint(&run(&disobedient, "child allocate Acme 20000 --yes")).contains("--organization-id 11 child show 123`")
    );
}

#[test]
fn a_command_in_a_hint_reaches_the_same_sandbox() {
    let world = World::new();

    let unknown = world.run(&["--sandbox=my own.db", "child", "show", "Nobody"]);
    assert!(hint(&unknown).ends_with("`mms --sandbox='my own.db' child list` shows them all"), "{unknown}");
    let poor = world.run(&["--sandbox", "child", "allocate", "101", "900000", "--yes"]);
    assert!(hint(&poor).contains("`mms --sandbox child allocate`"), "{poor}");
}

#[test]
fn a_404_at_a_base_url_doubts_the_base_url_too() {
    let server = FakeMake::start(|_| not_found());
    let root = |setting| format!("{setting} must be the root of an API, like https://eu1.make.com/api/v2");

    assert_eq!(hint(&run(&server, "region list")), root("--base-url"));
    let by_flag = run(&server, "child list");
    assert!(by_flag.stderr.starts_with("error: organization 11: "), "{by_flag}");
    assert!(
        hint(&by_flag).starts_with("the token must belong to a member")
            && hint(&by_flag).ends_with(&root("--base-url"))
    );
    let by_environment = World::new().with("MAKE_API_KEY", TOKEN).with("MMS_BASE_URL", server.base_url());
    assert_eq!(hint(&by_environment.run(&["region", "list"])), root("MMS_BASE_URL"));
}

#[test]
fn what_a_profile_says_is_named_once_and_in_words_that_fit() {
    let refusing = |status: &'static str| FakeMake::start(move |_| json(status, r#"{"message":"No"}"#));
    let hint_of = |server: &FakeMake| {
        let world = World::new().with("MAKE_API_KEY", TOKEN);
        let profile = format!("[profiles.live]\nbase_url = \"{}\"\norganization_id = 11\n", server.base_url());
        std::fs::create_dir_all(world.path(".config/mms")).unwrap();
        world.write(".config/mms/config.toml", &profile);
        hint(&world.run_line("--profile live child list")).to_owned()
    };

    assert_eq!(
        hint_of(&refusing("404 Not Found")),
        "the token must belong to a member of the distributor: check the organization_id of the profile live; the base URL of \
         the profile live must be the root of an API, like https://eu1.make.com/api/v2"
    );
    assert_eq!(
        hint_of(&refusing("401 Unauthorized")),
        "the server does not know the token from MAKE_API_KEY: check it, and that the base URL of the profile live is the server \
         that it was made at"
    );
}

#[test]
fn a_404_of_an_allocation_names_the_child() {
    let server = FakeMake::answering_writes(not_found());

    let seen = run(&server, "child allocate Acme 20000 --yes --quiet");

    assert!(seen.stderr.starts_with("error: child organization 123: 404 Not Found ("), "{seen}");
    assert!(hint(&seen).contains("child list` shows the children that are there"), "{seen}");
}

#[test]
fn an_answer_that_no_api_gives_asks_for_the_root() {
    for answer in [
        Some(("200 OK", "text/html", "<html><title>Welcome</title></html>".to_owned())),
        Some(("302 Found", "text/html", String::new())),
        json("200 OK", "[]"),
    ] {
        let server = FakeMake::start(move |_| answer.clone());

        let seen = run(&server, "child list");

        assert_eq!(seen.code, 1, "{seen}");
        assert_eq!(
            hint(&seen),
            "is --base-url the root of Make's API, like https://eu1.make.com/api/v2? if it is, the API has changed",
            "{seen}"
        );
    }
}

#[test]
fn a_missing_scope_names_the_command_that_shows_the_scopes() {
    let server = FakeMake::start(|_| json("403 Forbidden", r#"{"message":"Permission denied","code":"SC403"}"#));

    let seen = run(&server, "child list");

    assert_eq!(seen.code, 4, "{seen}");
    assert!(hint(&seen).starts_with("the call needs the scope managed-organizations:read: `mms --base-url"), "{seen}");
    assert!(hint(&seen).ends_with("--organization-id 11 status` shows what the token has"), "{seen}");
}

#[test]
fn a_403_before_make_blames_neither_the_token_nor_its_scopes() {
    let edge = FakeMake::start(|_| Some(("403 Forbidden", "text/plain", "error code: 1010".to_owned())));
    let no_scope = FakeMake::start(|_| json("403 Forbidden", r#"{"message":"Permission denied","code":"SC403"}"#));

    for seen in [run(&edge, "child list"), run(&no_scope, "region list")] {
        assert_eq!(seen.code, 4, "{seen}");
        let edge = "the server's edge refused this program, not the token: check the network and --base-url";
        assert_eq!(hint(&seen), edge, "{seen}");
    }
}

#[test]
fn a_list_whose_next_page_is_refused_is_not_cut_silently() {
    let server = FakeMake::start(|request| match request {
        "GET /api/v2/organizations/11/managed-organizations" => json(
            "200 OK",
            r#"{"managedOrganizations":[{"organizationId":123,"organizationName":"Acme","operationsAllocated":0}],
                "pg":{"limit":1,"offset":0}}"#,
        ),
        _ => json("400 Bad Request", r#"{"message":"Bad Request","code":"SC400"}"#),
    });

    let seen = run(&server, "child list");

    assert_eq!((seen.code, seen.stdout.as_str()), (1, ""), "{seen}");
    let more = "the list has more pages, and the server refused to give the next: nothing was cut silently";
    assert_eq!(hint(&seen), more, "{seen}");
}

#[test]
fn a_list_whose_first_page_is_refused_has_no_further_page_to_blame() {
    let server = FakeMake::start(|_| json("400 Bad Request", r#"{"message":"Bad Request","code":"SC400"}"#));

    let seen = run(&server, "child list");

    assert_eq!((seen.code, hint(&seen)), (1, ""), "{seen}");
}

/// Starts a server that refuses every write with 409, after which its pool holds so much; nothing stands for a pool that nobody may
/// read.
fn conflicting(pool: Option<i64>) -> FakeMake {
    let refused = AtomicBool::new(false);
    FakeMake::start(move |request| match request {
        "GET /api/v2/organizations/11" if refused.load(Ordering::SeqCst) => match pool {
            Some(pool) => json(
                "200 OK",
                &format!(r#"{{"organization":{{"id":11,"name":"D","license":{{"operations":{pool}}}}}}}"#),
            ),
            None => json("403 Forbidden", r#"{"message":"Forbidden"}"#),
        },
        // What the pool lost another child has.
        "GET /api/v2/organizations/11/managed-organizations" if refused.load(Ordering::SeqCst) => {
            list([(123, "Acme", 10_000), (124, "Bakery", 490_000 - pool.unwrap_or(490_000))], Some(100))
        }
        request if request.starts_with("GET ") => read_answer(request),
        _ => {
            refused.store(true, Ordering::SeqCst);
            json("409 Conflict", r#"{"message":"Conflict","detail":"No."}"#)
        }
    })
}

#[test]
fn the_hint_of_a_conflict_follows_what_the_pool_holds() {
    let create = "child create --name Dorado --owner-name Ada --owner-email ada@dorado.example --region EU --country CZ \
        --credits 10000";
    for (command, pool, starts, contains) in [
        (
            create,
            Some(5_000),
            "the pool holds 5000 credits, 10000 are needed: ask for less, or take",
            "child allocate` first",
        ),
        (
            create,
            Some(490_000),
            "it is not the credits: the pool holds 490000, 10000 are needed; ",
            "choose another name",
        ),
        (create, None, "the pool cannot be read: if it is too small, ask for less", "choose another name"),
        (
            "child allocate Acme 20000",
            Some(5_000),
            "the pool holds 5000 credits, 10000 are needed: ask for less",
            "first",
        ),
        ("child allocate Acme 20000", Some(490_000), "it is not the credits: ", "see what the server says"),
        ("child allocate Acme 20000", None, "the pool cannot be read: ", "see what the server says"),
    ] {
        let seen = run(&conflicting(pool), &format!("{command} --yes --quiet"));
        assert_eq!(seen.code, 1, "{seen}");
        assert!(hint(&seen).starts_with(starts) && hint(&seen).contains(contains), "{seen}");
        assert_eq!(hint(&seen).contains("name"), command == create && pool != Some(5_000), "{seen}");
    }
}

#[test]
fn a_failed_connection_says_that_no_proxy_is_used_where_one_is_named() {
    // A port that was free a moment ago may be another test's.
    let check = "check --base-url, and the network";
    let arguments = ["--base-url", "http://127.0.0.1:1/api/v2", "region", "list"];

    for proxy in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let world = World::new().with("MAKE_API_KEY", TOKEN).with(proxy, "http://127.0.0.1:1");
        assert_eq!(hint(&world.run(&arguments)), format!("{check}; {proxy} is set, but mms uses no proxy"));
    }
    let world = World::new().with("MAKE_API_KEY", TOKEN).with("HTTPS_PROXY", "");
    assert_eq!(hint(&world.run(&arguments)), check);
}

#[test]
fn what_is_no_sandbox_is_not_taken_for_one() {
    let world = World::new();
    let file = world.write("letter.db", "Dear Ada");

    let seen = world.run(&["--sandbox=letter.db", "child", "list"]);

    assert_eq!(seen.code, 1, "{seen}");
    assert!(hint(&seen).starts_with("name another file with --sandbox=FILE"), "{seen}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "Dear Ada");
}

#[test]
fn a_hint_names_the_setting_that_was_used_and_no_other() {
    let settings =
        ["--base-url", "MMS_BASE_URL", "--zone", "MAKE_ZONE", "--token-file", "MMS_TOKEN_FILE", "MAKE_API_KEY"];
    let settings = settings.into_iter().chain(["--organization-id", "MMS_ORGANIZATION_ID", "standard input"]);
    let settings: Vec<_> = settings.collect();
    let server = |status: &'static str| FakeMake::start(move |_| json(status, r#"{"message":"No"}"#));
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = format!("http://{nobody}/api/v2");
    let (unauthorized, not_found) = (server("401 Unauthorized"), server("404 Not Found"));
    // The server, the flags, and the settings that the hint names.
    for (url, flags, expected) in [
        (&nobody, "--base-url", "--base-url"),
        (&nobody, "", "MMS_BASE_URL"),
        (&unauthorized.base_url(), "--base-url", "--base-url MAKE_API_KEY"),
        (&unauthorized.base_url(), "--base-url --token-file", "--base-url --token-file"),
        (&not_found.base_url(), "--base-url", "--base-url MMS_ORGANIZATION_ID"),
        (&not_found.base_url(), "--organization-id", "MMS_BASE_URL --organization-id"),
    ] {
        let world =
            World::new().with("MAKE_API_KEY", TOKEN).with("MMS_ORGANIZATION_ID", "11").with("MMS_BASE_URL", url);
        let file = world.write("key", TOKEN);
        let mut line = Vec::new();
        for flag in flags.split_whitespace() {
            let value = match flag {
                "--base-url" => url,
                "--token-file" => file.to_str().unwrap(),
                _ => "12",
            };
            line.extend([flag, value]);
        }
        let seen = world.run(&[&line[..], &["child", "list"]].concat());
        let named: Vec<_> = settings.iter().filter(|setting| hint(&seen).contains(**setting)).copied().collect();
        assert_eq!(named.join(" "), expected, "{flags:?}: {seen}");
    }
}
