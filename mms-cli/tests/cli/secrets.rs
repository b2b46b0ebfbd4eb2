//! The token: where it may come from, and that it shows nowhere.

use std::fs::File;

use insta::assert_snapshot;

use crate::fake_make::{FakeMake, json};
use crate::world::{TOKEN, World, set_mode};

const LIST: [&str; 3] = ["region", "list", "--output=csv"];

fn world(server: &FakeMake) -> World {
    World::new().with("MMS_BASE_URL", server.base_url())
}

#[test]
fn no_token_is_not_authorized_and_nothing_is_sent() {
    let server = FakeMake::answering_writes(None);

    assert_snapshot!(world(&server).run(&LIST), @r#"
    exit: 4
    ----- stdout -----
    ----- stderr -----
    error: no token given
    hint: set MAKE_API_KEY or MMS_TOKEN_FILE, or try --sandbox
    "#);
    assert!(server.requests("").is_empty());
}

#[test]
fn a_token_with_a_newline_is_wrong_use_and_not_shown() {
    let server = FakeMake::answering_writes(None);
    let seen = world(&server).with("MAKE_API_KEY", format!("{TOKEN}\n")).run(&LIST);

    assert_snapshot!(seen, @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: the token from MAKE_API_KEY is unusable: the API token has a space, a line break or another character that no token has, at position 37
    "#);
    assert!(server.requests("").is_empty());
}

#[test]
fn a_token_is_read_from_a_file_without_its_line_end() {
    let server = FakeMake::answering_writes(None);
    let world = world(&server);
    let file = world.write("token", &format!("{TOKEN}\n"));

    assert_eq!(world.run(&[&LIST[..], &["--token-file", file.to_str().unwrap()]].concat()).code, 0);
    assert_eq!(world.with("MMS_TOKEN_FILE", "token").run(&LIST).code, 0);
}

#[test]
fn a_token_is_read_from_standard_input() {
    let server = FakeMake::answering_writes(None);
    let world = world(&server);
    let input = File::open(world.write("input", &format!("{TOKEN}\n"))).unwrap();
    let mut command = world.command(&[&LIST[..], &["--token-file", "-"]].concat());

    assert_eq!(world.seen(command.stdin(input)).code, 0);
}

#[cfg(unix)]
#[test]
fn a_token_file_that_others_can_read_is_refused_with_the_way_out() {
    let server = FakeMake::answering_writes(None);
    let world = world(&server);
    let file = world.write("token", TOKEN);
    set_mode(&file, 0o640);

    assert_snapshot!(world.run(&[&LIST[..], &["--token-file", file.to_str().unwrap()]].concat()), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: the token file [HOME]/token is open to other users: mode 0640
    hint: chmod 600 [HOME]/token
    "#);
}

#[test]
fn a_token_file_that_is_missing_is_named() {
    let server = FakeMake::answering_writes(None);

    assert_snapshot!(world(&server).run(&[&LIST[..], &["--token-file", "none"]].concat()), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: the token file none cannot be read: No such file or directory (os error 2)
    "#);
}

#[test]
fn no_trace_or_error_shows_the_token() {
    let server = FakeMake::start(|_| json("500 Internal Server Error", r#"{"message":"Oops"}"#));
    let seen = world(&server).with("MAKE_API_KEY", TOKEN).run(&[&LIST[..], &["-vvv", "--color=always"]].concat());

    assert_eq!(seen.code, 1);
    assert!(seen.stderr.contains(r#"operation_id="list_regions""#), "{seen}");
    assert!(!format!("{seen:?}").contains(TOKEN), "{seen}");
}
