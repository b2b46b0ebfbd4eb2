//! The token: where it may come from, and that it shows nowhere.

use std::fs::File;
#[cfg(unix)]
use std::process::Command;

use insta::assert_snapshot;

use crate::support::fake_make::{Distributor, FakeMake, json};
use crate::support::world::{TOKEN, World, set_mode};

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
    hint: `mms auth login` asks for it and keeps it; or set MAKE_API_KEY, MMS_TOKEN_FILE or --token-file FILE, or try --sandbox
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
    hint: a token stands alone on one line, without spaces, quotes or a word before it
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
    let odd = world.write("my token", TOKEN);
    set_mode(&odd, 0o640);

    let quoted = world.run(&[&LIST[..], &["--token-file", "my token"]].concat());
    assert!(quoted.stderr.contains("hint: chmod 600 'my token', or "), "{quoted}");
    assert_snapshot!(world.run(&[&LIST[..], &["--token-file", file.to_str().unwrap()]].concat()), @"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: the token file [HOME]/token is open to other users: mode 0640
    hint: chmod 600 [HOME]/token, or where that cannot be, as on a mount of secrets, give it by standard input: --token-file - < [HOME]/token
    ");
}

#[test]
fn a_token_file_that_is_missing_is_named() {
    let server = FakeMake::answering_writes(None);

    assert_snapshot!(world(&server).run(&[&LIST[..], &["--token-file", "none"]].concat()), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: the token file none cannot be read: No such file or directory (os error 2)
    hint: write the token into it, readable for you alone, or set MAKE_API_KEY
    "#);
}

#[test]
fn a_token_file_with_a_tilde_empty_or_of_two_lines_gets_its_way_out() {
    let server = FakeMake::answering_writes(None);
    let world = world(&server);
    world.write("empty", "");
    world.write("two", &format!("{TOKEN}\n\n"));

    for (file, hint) in [
        ("~/token", "hint: the shell left ~ as it is: write the whole path, or $HOME in place of ~\n"),
        ("empty", "hint: put the token there, alone and on one line\n"),
        ("two", "hint: a token stands alone on one line, without spaces, quotes or a word before it\n"),
    ] {
        let seen = world.run(&[&LIST[..], &["--token-file", file]].concat());
        assert!(seen.code == 2 && seen.stderr.ends_with(hint), "{seen}");
    }
}

#[cfg(unix)]
#[test]
fn a_token_comes_from_a_pipe_but_not_from_a_directory_or_a_device() {
    let server = FakeMake::answering_writes(None);
    let world = world(&server);
    for path in [world.path(""), "/dev/null".into()] {
        let seen = world.run(&[&LIST[..], &["--token-file", path.to_str().unwrap()]].concat());
        assert_eq!(seen.code, 2, "{seen}");
        assert!(seen.stderr.contains(" is no regular file\n") && !seen.stderr.contains("chmod"), "{seen}");
    }
    let pipe = world.path("pipe");
    assert!(Command::new("mkfifo").args(["-m", "644"]).arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::write(pipe, TOKEN).unwrap()
    });

    assert_eq!(world.run(&[&LIST[..], &["--token-file", pipe.to_str().unwrap()]].concat()).code, 0);
    writer.join().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_token_from_a_file_shows_in_neither_the_arguments_nor_the_environment_of_the_process() {
    let (sender, asked) = std::sync::mpsc::channel();
    let server = FakeMake::start(move |_| {
        sender.send(()).unwrap();
        loop {
            std::thread::park();
        }
    });
    let world = world(&server);
    let file = world.write("token", TOKEN);
    let mut process = world.command(&[&LIST[..], &["--token-file", file.to_str().unwrap()]].concat()).spawn().unwrap();
    asked.recv().unwrap();

    for part in ["cmdline", "environ"] {
        let text = std::fs::read(format!("/proc/{}/{part}", process.id())).unwrap();
        assert!(!String::from_utf8_lossy(&text).contains(TOKEN), "{part}");
    }
    process.kill().unwrap();
    process.wait().unwrap();
}

#[test]
fn every_request_is_one_line_and_their_number_the_last() {
    let server = FakeMake::answering_writes(None);
    let seen = world(&server).with("MAKE_API_KEY", TOKEN).run(&[&LIST[..], &["-v"]].concat());

    assert_eq!(seen.stderr.lines().count(), 2, "{seen}");
    assert!(seen.stderr.ends_with("Requests: 1.\n"), "{seen}");
    assert!(seen.stderr.starts_with("GET /enums/imt-regions 200 in "), "{seen}");
    let traced = world(&server).with("MAKE_API_KEY", TOKEN).with("MMS_LOG", "mms_client=info").run(&LIST);
    assert!(traced.stderr.contains(r#" INFO operation operation_id="list_regions" "#), "{traced}");
}

#[test]
fn no_trace_or_error_shows_the_token() {
    let server = FakeMake::start(|_| json("500 Internal Server Error", r#"{"message":"Oops"}"#));
    let seen = world(&server).with("MAKE_API_KEY", TOKEN).run(&[&LIST[..], &["-vvv", "--color=always"]].concat());

    assert_eq!(seen.code, 8);
    assert!(seen.stderr.contains(r#"operation_id="list_regions""#), "{seen}");
    assert!(!format!("{seen:?}").contains(TOKEN), "{seen}");
}

#[test]
fn a_token_in_the_wrong_argument_is_not_repeated() {
    const OTHER: &str = "01234567-89AB-4def-8123-456789abcdef";
    let server = FakeMake::with_state(Distributor::new(), Distributor::apply);
    let lines = |token: &str| -> Vec<Vec<String>> {
        [
            "child show TOKEN",
            "child show name:TOKEN",
            "child allocate TOKEN 10000 --yes",
            "child allocate Acme TOKEN --yes",
            "child list --organization-id TOKEN",
            "child list --token=TOKEN",
            "child list TOKEN",
            "TOKEN",
            "child TOKEN",
            "--zone TOKEN child list",
            "--base-url TOKEN child list",
            "--token-file TOKEN child list",
            "child settle --intent TOKEN --give-up --reason none",
            "child create --name TOKEN --owner-name Ada --owner-email TOKEN --region EU --country CZ --credits 10000 --yes",
            "child create --name A --owner-name Ada --owner-email a@b.example --region TOKEN --country TOKEN --credits 10000 --yes",
            "sandbox serve --set TOKEN=1",
            "sandbox serve --listen TOKEN",
        ]
        .iter()
        .map(|line| line.split(' ').map(|word| word.replace("TOKEN", token)).collect())
        .collect()
    };
    for token in [OTHER, TOKEN, "s3cr3t-0f-m4k3"] {
        for line in lines(token) {
            let world = World::of(&server).with("MAKE_API_KEY", if token == OTHER { TOKEN } else { token });
            let seen = world.run(&line.iter().map(String::as_str).collect::<Vec<_>>());
            assert!(matches!(seen.code, 1 | 2 | 7), "{line:?}: {seen}");
            let shown = format!("{}{}", seen.stdout, seen.stderr).to_ascii_lowercase();
            assert!(!shown.contains(&token.to_ascii_lowercase()), "{line:?}: {seen}");
            assert!(shown.contains("error: "), "{line:?}: {seen}");
        }
    }
}

#[test]
fn an_id_of_an_intent_is_no_token() {
    let server = FakeMake::with_state(Distributor::new(), |_, _, _| None);
    let intent = "0123456789abcdef0123456789abcdef";
    let seen =
        World::of(&server).run(&["child", "settle", "--intent", intent, "--give-up", "--reason", "none", "--yes"]);
    assert!(seen.code == 1 && seen.stderr.contains(intent), "{seen}");
}
