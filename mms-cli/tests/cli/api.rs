//! `mms api`: any path of the API, as it is, with the care of every other command.

use std::process::Stdio;

use crate::support::fake_make::{Answer, FakeMake, json, read_answer};
use crate::support::world::{Seen, TOKEN, World};

const CHILDREN: &str = "/organizations/11/managed-organizations";

/// Starts a server that answers every request with this body.
fn answering(status: &'static str, body: &'static str) -> FakeMake {
    FakeMake::start(move |_| json(status, body))
}

/// Runs `mms api` with words that may have spaces.
fn api(server: &FakeMake, words: &[&str]) -> Seen {
    World::of(server).run(&[&["api"], words].concat())
}

/// Runs `mms api` on a server that answers with what it was sent.
fn echoed(words: &[&str]) -> String {
    let server = FakeMake::answering(|request, body| json("200 OK", &format!("{request}\n{body}")));
    let seen = api(&server, words);
    assert_eq!(seen.code, 0, "{seen}");
    seen.stdout.replacen(" /api/v2", " ", 1)
}

#[test]
fn a_body_is_written_as_it_came_and_laid_out_as_json() {
    let body = r#"{"b":1.50, "a": ["x"],"a":{}}"#;
    let server = answering("200 OK", body);
    for (form, written) in [
        ("table", body),
        ("json", "{\n  \"b\": 1.50,\n  \"a\": [\n    \"x\"\n  ],\n  \"a\": {}\n}\n"),
        ("ndjson", "{\"b\":1.50,\"a\":[\"x\"],\"a\":{}}\n"),
    ] {
        assert_eq!(api(&server, &["GET", "/x", "-o", form]).stdout, written, "{form}");
    }
    let seen = api(&answering("200 OK", "<p>"), &["GET", "/x", "-o", "json"]);
    assert_eq!((seen.code, seen.stdout.as_str()), (0, "<p>"), "{seen}");
    assert!(seen.stderr.contains("warning: the answer is no JSON: it is written as it came"), "{seen}");
    let seen = api(&answering("204 No Content", ""), &["POST", "/x", "-o", "json", "--yes", "-q"]);
    assert_eq!((seen.code, seen.stdout.as_str(), seen.stderr.as_str()), (0, "", ""), "{seen}");
}

#[cfg(feature = "jq")]
#[test]
fn an_answer_is_filtered() {
    let server = answering("200 OK", r#"{"scenarios":[{"name":"Sol"}]}"#);
    assert_eq!(api(&server, &["GET", "/x", "--jq", ".scenarios[].name"]).stdout, "Sol\n");
    assert_eq!(api(&server, &["GET", "/x", "--jq", ".["]).code, 2);
    assert_eq!(server.requests("").len(), 1);
}

#[test]
fn the_distributor_stands_in_the_path_and_fields_of_a_read_in_the_query() {
    let seen = echoed(&["get", "organizations/{organizationId}/x?a=b", "-f", "pg[limit]=5", "-f", "name=Sol & Mar"]);
    assert_eq!(seen, "GET /organizations/11/x?a=b&pg%5Blimit%5D=5&name=Sol+%26+Mar\n");
    let seen = echoed(&["delete", "/scenarios/7", "-f", "confirmed=true", "--yes"]);
    assert_eq!(seen, "DELETE /scenarios/7?confirmed=true\n");
}

#[test]
fn fields_of_a_write_are_its_body_and_input_is_sent_as_it_is() {
    let seen = echoed(&["post", "/x", "-f", "n=7", "-f", "a[b]=true", "-f", "ids[]=1", "-f", "name=Sol", "--yes"]);
    assert_eq!(seen, "POST /x\n{\"a\":{\"b\":true},\"ids\":[1],\"n\":7,\"name\":\"Sol\"}");

    let server = FakeMake::answering(|_, body| json("200 OK", body));
    let world = World::of(&server);
    let body = "{ \"name\" :\"Sol\",\n\"n\":1.50}";
    world.write("body.json", body);
    let seen = world.run_line("api PUT /x --input body.json --yes");
    assert_eq!((seen.code, seen.stdout.as_str()), (0, body), "{seen}");

    world.write("marked.json", "\u{feff}{\"a\":1}\r\n");
    assert_eq!(world.run_line("api PUT /x --input marked.json --yes").stdout, "{\"a\":1}\r\n");

    let mut command = world.command(&["api", "PATCH", "/x", "--input", "-", "--yes"]);
    let file = std::fs::File::open(world.path("body.json")).unwrap();
    let seen = world.ended(command.stdin(Stdio::from(file)).output().unwrap());
    assert_eq!((seen.code, seen.stdout.as_str()), (0, body), "{seen}");
}

#[test]
fn a_path_that_leads_elsewhere_is_refused_before_anything_is_sent() {
    let server = answering("200 OK", "{}");
    for path in [
        "https://elsewhere.example/x",
        "//elsewhere.example/x",
        "../admin",
        "/organizations/%2e%2e/admin",
        "/x#y",
        "/organizations/{teamId}",
        "/api/v2/organizations",
        "",
    ] {
        let seen = api(&server, &["GET", path]);
        assert_eq!(seen.code, 2, "{path}: {seen}");
        assert!(seen.stderr.starts_with("error: PATH: ") && seen.stderr.contains("\nhint: "), "{path}: {seen}");
    }
    assert_eq!(server.requests("").len(), 0);
}

#[test]
fn what_cannot_be_is_wrong_use_and_nothing_is_sent() {
    let server = answering("200 OK", "{}");
    let world = World::of(&server);
    world.write("body.json", "{}");
    world.write("torn.json", "{\"a\":");
    std::fs::write(world.path("latin1.json"), b"{\"a\":\"\xe9\"}").unwrap();
    for (command, said) in [
        ("FETCH /x", "METHOD: \"FETCH\" is not a method: expected GET, HEAD, POST, PUT, PATCH or DELETE"),
        ("GET /x -o csv", "--output: an answer of any shape has no columns for csv or tsv"),
        ("GET /x --columns id", "--columns: an answer of any shape has no columns"),
        ("GET /x -i -o json", "--include and --output exclude each other"),
        ("GET /x -f name", "\"name\" is not a key, an equals sign and a value"),
        ("GET /x --input body.json", "--input: a GET has no body"),
        ("POST /x --input body.json -f a=b -y", "--input and --field exclude each other"),
        ("POST /x --input torn.json -y", "--input: torn.json is no JSON: EOF"),
        ("POST /x --input latin1.json -y", "--input: latin1.json is no JSON: it is not UTF-8"),
        ("POST /x --input absent.json -y", "--input: absent.json cannot be read: "),
        ("POST /x --input - --token-file - -y", "--input and --token-file: standard input holds one of them"),
        ("POST /x -f a=1 -f a=2 -y", "--field a: no place for it"),
        ("POST /x --paginate -y", "--paginate: a POST has no pages"),
        ("GET /x?pg[offset]=5 --paginate", "--paginate and pg[offset] exclude each other"),
        ("POST /x", "nobody to ask: standard input is no terminal"),
    ] {
        let seen = world.run_line(&format!("api {command}"));
        assert!(seen.code == 2 && seen.stderr.contains(said), "{command}: {seen}");
    }
    assert_eq!(server.requests("").len(), 0);
}

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    let server = answering("200 OK", "{}");
    let words = ["POST", CHILDREN, "-f", "organizationName=Sol", "-f", "operations=10000", "--dry-run"];
    let seen = api(&server, &words);
    insta::assert_snapshot!(seen, @r#"
    exit: 0
    ----- stdout -----
    {"method":"POST","path":"/organizations/11/managed-organizations","body":{"operations":10000,"organizationName":"Sol"},"outcome":"planned"}
    ----- stderr -----
    About to send a request as it is, without the checks of other commands:
      api      LIVE http://127.0.0.1:[PORT]/api/v2 (nothing was asked of it yet: it may be a sandbox)
      request  POST http://127.0.0.1:[PORT]/api/v2/organizations/11/managed-organizations
      body     {"operations":10000,"organizationName":"Sol"}
      sent     once; without an answer nobody looks whether it was carried out
      effect   creates a child organization, which can never be deleted, without a journal and without a look for one of the same name: `mms child create` has both
    Dry run: nothing was sent.
    "#);
    assert_eq!(api(&server, &["GET", "/x", "--dry-run", "-q"]).stderr, "");
    assert_eq!(server.requests("").len(), 0);
}

#[test]
fn a_write_of_a_child_says_what_it_leaves_out() {
    let server = answering("200 OK", "{}");
    let seen = api(&server, &["PATCH", &format!("{CHILDREN}/123"), "-f", "operations=20000", "--yes"]);
    let told = "sets the credits of a child without a look at what it has and has consumed: `mms child allocate` looks";
    assert!(seen.code == 0 && seen.stderr.contains(told), "{seen}");
    let seen = api(&server, &["POST", CHILDREN, "-f", "organizationName=Sol", "--yes"]);
    assert!(seen.stderr.contains("No journal knows of this create"), "{seen}");
    let seen = api(&server, &["POST", "/scenarios", "--yes"]);
    assert!(!seen.stderr.contains("child") && !seen.stderr.contains("ournal"), "{seen}");
}

#[test]
fn an_answer_that_refuses_is_written_and_said_with_the_usual_exit_code() {
    for (method, status, code) in [
        ("GET", "404 Not Found", 7),
        ("GET", "401 Unauthorized", 4),
        ("POST", "403 Forbidden", 4),
        ("POST", "404 Not Found", 7),
        ("POST", "400 Bad Request", 1),
        ("PATCH", "429 Too Many Requests", 8),
        ("DELETE", "500 Internal Server Error", 5),
        ("PUT", "307 Temporary Redirect", 5),
    ] {
        let server = answering(status, r#"{"message":"Not today.","code":"IM007"}"#);
        let seen = api(&server, &[method, "/scenarios/7", "--yes", "-q"]);
        assert_eq!((seen.code, server.requests("").len()), (code, 1), "{method} {status}: {seen}");
        assert_eq!(seen.stdout, r#"{"message":"Not today.","code":"IM007"}"#);
        assert!(seen.stderr.starts_with(&format!("error: {method} /scenarios/7: {}", &status[..3])), "{seen}");
    }
}

#[test]
fn a_refusal_leads_on_by_what_it_says() {
    for (status, body, path, hint) in [
        ("403 Forbidden", r#"{"code":"SC403"}"#, "/scenarios", "the token lacks the scope of this call"),
        ("403 Forbidden", r#"{"code":"SC403"}"#, "/organizations/11", "the call needs the scope organizations:read"),
        ("403 Forbidden", "error code: 1010", "/scenarios", "the server's edge refused this program, not the token"),
        ("404 Not Found", "", "/Scenarios", "the path counts from the root of the API and in exact case"),
        ("401 Unauthorized", "", "/scenarios", "the server does not know the token from MAKE_API_KEY"),
    ] {
        let server = FakeMake::start(move |_| json(status, body));
        let seen = api(&server, &["GET", path]);
        assert!(seen.stderr.contains(&format!("hint: {hint}")), "{seen}");
    }
}

#[test]
fn head_shows_status_and_headers() {
    let seen = api(&answering("200 OK", ""), &["HEAD", "/x"]);
    assert!(seen.code == 0 && seen.stdout.starts_with("HTTP 200 OK\ncontent-type: application/json\n"), "{seen}");
}

#[test]
fn a_write_without_an_answer_is_sent_once_and_says_where_to_look() {
    let server = FakeMake::start(|_| None);
    for (words, look) in [
        (["POST", "/scenarios"], "look with `mms api GET /scenarios`, or in Make, before you send it again"),
        (["POST", CHILDREN], "`mms child list` shows whether the child is there; no journal knows of it"),
        (["DELETE", "/scenarios/7"], "look with `mms api GET /scenarios/7`"),
    ] {
        let seen = api(&server, &[words[0], words[1], "--yes", "-q"]);
        assert!(seen.code == 5 && seen.stderr.contains(look), "{seen}");
    }
    assert_eq!(server.requests("").len(), 3);
}

#[test]
fn an_error_is_json_that_says_whether_the_request_was_sent() {
    let server = FakeMake::start(|_| None);
    let seen = api(&server, &["POST", "/scenarios", "--yes", "-q", "-o", "json"]);
    let report: serde_json::Value = serde_json::from_str(seen.stderr.lines().last().unwrap()).unwrap();
    let error = &report["error"];
    assert_eq!(
        (error["code"].as_str(), error["requestSent"].as_bool()),
        (Some("unknown_outcome"), Some(true)),
        "{seen}"
    );
    assert_eq!(error["operation"], "raw_write");
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_printed_hides_nothing_of_what_became_of_the_write() {
    for (status, body, code, sent) in [
        ("502 Bad Gateway", "<html>", 5, "502 Bad Gateway"),
        ("400 Bad Request", r#"{"message":"Not today."}"#, 1, "Not today"),
        ("200 OK", "{}", 5, "the request was carried out: standard output cannot be written"),
    ] {
        let server = answering(status, body);
        let world = World::of(&server);
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = world.command(&["api", "POST", "/it's", "--yes", "-q", "-o", "json"]);
        let seen = world.seen(command.stdout(full));
        let report: serde_json::Value = serde_json::from_str(seen.stderr.lines().last().unwrap()).unwrap();
        let error = &report["error"];
        assert_eq!((seen.code, error["requestSent"].as_bool()), (code, Some(true)), "{seen}");
        assert!(error["message"].as_str().unwrap().contains(sent), "{seen}");
        let hint = error["hint"].as_str().unwrap_or_default();
        assert_eq!(hint.contains(r"`mms api GET '/it'\''s'`"), code == 5, "{seen}");
    }
}

/// Answers with pages of two of five rows.
fn page(request: &str) -> Answer {
    let offset = request.split_once("offset%5D=").map_or("0", |(_, rest)| rest.split('&').next().unwrap_or_default());
    let offset: usize = offset.parse().unwrap();
    let rows: Vec<_> = (offset..(offset + 2).min(5)).map(|id| format!(r#"{{"name": "é{id}","id":{id}}}"#)).collect();
    json("200 OK", &format!(r#"{{"scenarios":[{}],"pg":{{"limit":2,"offset":{offset}}}}}"#, rows.join(",")))
}

#[test]
fn pages_are_joined_to_one_document_or_a_row_a_line() {
    let server = FakeMake::start(page);
    let seen = api(&server, &["GET", "/scenarios?teamId=3", "--paginate"]);
    let rows: Vec<_> = (0..5).map(|id| format!(r#"{{"name": "é{id}","id":{id}}}"#)).collect();
    assert_eq!((seen.code, seen.stdout.as_str()), (0, format!("{{\"scenarios\":[{}]}}\n", rows.join(",")).as_str()));
    let sent = ["", "&pg%5Boffset%5D=2&pg%5Blimit%5D=2", "&pg%5Boffset%5D=4&pg%5Blimit%5D=2"];
    assert_eq!(server.requests(""), sent.map(|query| format!("GET /api/v2/scenarios?teamId=3{query}")));

    let seen = api(&server, &["GET", "/scenarios", "--paginate", "-o", "ndjson"]);
    assert_eq!(seen.stdout.lines().nth(4), Some(r#"{"name":"é4","id":4}"#), "{seen}");
}

#[test]
fn pages_that_prove_no_end_are_told_and_what_is_no_list_is_refused() {
    let server = answering("200 OK", r#"{"scenarios":[{"id":1}],"pg":{"limit":1}}"#);
    let seen = api(&server, &["GET", "/scenarios", "--paginate"]);
    assert!(seen.code == 0 && seen.stderr.contains("warning: the list may be cut"), "{seen}");
    let server = answering("200 OK", r#"{"organization":{}}"#);
    let seen = api(&server, &["GET", "/organizations/11", "--paginate"]);
    assert!(seen.code == 1 && seen.stderr.contains("page by page: it has no list"), "{seen}");
}

#[test]
fn status_and_headers_are_shown_without_secrets() {
    let headers = "text/plain\r\nset-cookie: sid=hidden-cookie\r\nx-request-id: 7";
    let server = FakeMake::start(move |_| Some(("200 OK", headers, format!("your token is {TOKEN}"))));
    let seen = api(&server, &["GET", "/x", "-i"]);
    let (head, body) = seen.stdout.split_once("\n\n").unwrap();
    assert!(head.starts_with("HTTP 200 OK\n") && head.contains("\nx-request-id: 7\n"), "{seen}");
    assert!(head.contains("\nset-cookie: [hidden]\n"), "{seen}");
    assert_eq!(body, "your token is [token]");
}

#[test]
fn what_a_command_kept_is_forgotten_before_a_write() {
    let server = FakeMake::answering(|request, body| {
        if request.starts_with("GET ") {
            return read_answer(request);
        }
        let total = serde_json::from_str::<serde_json::Value>(body).unwrap()["operations"].clone();
        json("200 OK", &format!(r#"{{"newParentOperations":480000,"newChildOperations":{total}}}"#))
    });
    let world = World::of(&server);
    assert_eq!(world.run_line("child allocate Acme 20000 --yes").code, 0);
    assert!(world.run_line("child show Acme").stderr.contains("was given 20000 credits a moment ago"));

    // The list shows 10,000 from here on because that is what the child has.
    assert_eq!(world.run_line(&format!("api PATCH {CHILDREN}/123 -f operations=10000 --yes")).code, 0);
    let seen = world.run_line("child show Acme -o json");
    assert!(seen.stdout.contains(r#""operationsAllocated": 10000"#) && !seen.stderr.contains("a moment ago"), "{seen}");
}

#[test]
fn a_line_of_v_names_the_request() {
    let seen = api(&answering("200 OK", "{}"), &["GET", "/scenarios?key=hidden", "-v"]);
    assert!(seen.stderr.starts_with("GET /scenarios 200 in ") && !seen.stderr.contains("hidden"), "{seen}");
}

#[test]
fn a_token_that_was_typed_into_a_path_is_in_no_line_of_v() {
    for verbose in ["-v", "-vvv"] {
        let seen = api(&answering("200 OK", "{}"), &["GET", &format!("/users/{TOKEN}"), verbose]);
        assert!(seen.code == 0 && seen.stderr.contains("/users/[hidden: it looks like a token]"), "{seen}");
        assert!(!seen.stderr.contains(TOKEN), "{seen}");
    }
}

#[test]
fn a_request_that_names_no_distributor_needs_none() {
    let server = answering("200 OK", "{}");
    let world = World::new().with("MMS_BASE_URL", server.base_url()).with("MAKE_API_KEY", TOKEN);
    assert_eq!(world.run_line("api GET /users/me").code, 0);
    let seen = world.run_line("api GET /organizations/{organizationId}");
    assert!(seen.code == 2 && seen.stderr.contains("no organization given"), "{seen}");
}

#[cfg(target_os = "linux")]
mod on_a_terminal {
    use super::*;
    use crate::support::terminal;

    #[test]
    fn a_write_asks_and_the_answer_is_no() {
        let server = answering("200 OK", r#"{"a":[1]}"#);
        let world = World::of(&server);
        let command = "api POST /scenarios/7/start -f 'data[x]=1'";
        let seen = terminal::run(&world, command, &[("[y/N] ", "\n")]);
        assert!(seen.code == 1 && seen.screen.contains("not confirmed: nothing was done"), "{seen:?}");
        assert_eq!(server.requests("").len(), 0);

        let seen = terminal::run(&world, command, &[("[y/N] ", "y\n")]);
        assert!(seen.code == 0 && seen.screen.contains(r#"{"data":{"x":1}}"#), "{seen:?}");
        assert!(seen.screen.contains("{\n  \"a\": [\n    1\n  ]\n}\n"), "laid out: {seen:?}");
        assert_eq!(server.requests("POST").len(), 1);
    }

    #[test]
    fn what_steers_a_terminal_does_not_reach_it() {
        for body in ["\"\u{202e}x\u{9b}2J\"", "<p>\u{1b}[2J\u{7}</p>"] {
            let server = answering("200 OK", body);
            let seen = terminal::run(&World::of(&server), "api GET /x", &[]);
            assert!(!seen.screen.contains(['\u{1b}', '\u{202e}', '\u{9b}', '\u{7}']), "{seen:?}");
        }
    }
}
