//! Completions that know names.

use std::process::Command;

use crate::support::fake_make::{FakeMake, json};
use crate::support::server::Server;
use crate::support::world::{Seen, World};

/// Starts a server with two children, two regions and a country.
fn server() -> FakeMake {
    FakeMake::start(|request| {
        let body = match request.trim_start_matches("GET /api/v2") {
            "/organizations/11/managed-organizations" => {
                r#"{"managedOrganizations":[
                    {"organizationId":101,"organizationName":"Acme Bakery","operationsAllocated":10000},
                    {"organizationId":102,"organizationName":"Ada's Foods","operationsAllocated":10000}],"pg":{"limit":100}}"#
            }
            "/enums/imt-regions" => r#"{"imtRegions":[{"id":1,"name":"EU"},{"id":2,"name":"US"}]}"#,
            "/enums/countries" => r#"{"countries":[{"id":60,"name":"Czechia","code":"CZE","code2":"cz"}]}"#,
            other => panic!("nobody should ask for {other}"),
        };
        json("200 OK", body)
    })
}

/// Presses the tab key behind words, in fish, which passes them as they are.
fn complete(world: &World, words: &[&str]) -> Seen {
    world.seen(world.command(&[&["--", "mms"], words].concat()).env("MMS_COMPLETE", "fish"))
}

/// Returns what is offered, without options.
fn offered(world: &World, words: &[&str]) -> Vec<String> {
    let seen = complete(world, words);
    assert_eq!((seen.code, seen.stderr.as_str()), (0, ""), "{seen}");
    let text = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
    seen.stdout.lines().map(text).filter(|text| !text.starts_with('-')).collect()
}

/// Makes a world whose commands have just read all names of a server.
fn after_reading() -> World {
    after_reading_of(&server())
}

fn after_reading_of(server: &FakeMake) -> World {
    let world = World::of(server).with("MMS_KEEP_NAMES", "1");
    for command in ["child list", "region list", "country list"] {
        assert_eq!(world.run_line(command).code, 0);
    }
    world
}

#[test]
fn names_that_a_command_read_are_offered_without_a_request_and_without_a_word() {
    let server = server();
    let world = after_reading_of(&server);
    let requests = server.requests("GET").len();

    assert_eq!(offered(&world, &["child", "show", "a"]), ["Acme Bakery", "Ada's Foods"]);
    assert_eq!(offered(&world, &["child", "show", "102"]), ["102"]);
    assert_eq!(offered(&world, &["child", "allocate", "Acme B"]), ["Acme Bakery"]);
    assert_eq!(offered(&world, &["credits", "move", "Acme Bakery", "Ad"]), ["Ada's Foods"]);
    assert_eq!(offered(&world, &["child", "create", "--region", ""]), ["EU", "US"]);
    assert_eq!(offered(&world, &["child", "create", "--country", "C"]), ["Czechia"]);
    assert_eq!(offered(&world, &["child", "create", "--country", "cze"]), ["Czechia"]);
    assert_eq!(server.requests("GET").len(), requests);
}

#[test]
fn names_are_offered_for_ten_minutes() {
    let world = after_reading();
    let file = world.path(".local/state/mms/names");
    let mut names: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let mut grow_old = |seconds: u64| {
        for entry in names.as_object_mut().unwrap().values_mut() {
            for dated in entry["value"].as_object_mut().unwrap().values_mut().filter(|dated| dated.is_object()) {
                dated["at"] = (dated["at"].as_u64().unwrap() - seconds).into();
            }
        }
        std::fs::write(&file, names.to_string()).unwrap();
    };

    grow_old(9 * 60);
    assert_eq!(offered(&world, &["child", "show", "Ac"]), ["Acme Bakery"]);
    grow_old(60);
    for words in [&["child", "show", "Ac"][..], &["child", "create", "--region", ""]] {
        assert!(offered(&world, words).is_empty(), "{words:?}");
    }
}

#[test]
fn names_of_another_distributor_or_server_are_not_offered() {
    let world = after_reading();
    for other in [["--organization-id", "12"], ["--zone", "eu1.make.com"]] {
        assert!(offered(&world, &[&other[..], &["child", "show", "Ac"]].concat()).is_empty(), "{other:?}");
    }
}

#[test]
fn profiles_are_offered_and_a_program_that_gives_the_token_is_not_run() {
    let world = World::new();
    std::fs::create_dir_all(world.path(".config/mms")).unwrap();
    world.write(
        ".config/mms/config.toml",
        "[profiles.prague]\nzone = \"eu1.make.com\"\norganization_id = 11\ntoken_command = \"touch run\"\n[profiles.test]\nsandbox = true\n",
    );

    assert_eq!(offered(&world, &["--profile", ""]), ["prague", "test"]);
    assert!(offered(&world, &["--profile", "prague", "child", "show", ""]).is_empty());
    assert!(!world.path("run").exists());
}

#[test]
fn a_configuration_that_cannot_be_read_offers_nothing_and_says_nothing() {
    let world = World::new();
    std::fs::create_dir_all(world.path(".config/mms")).unwrap();
    world.write(".config/mms/config.toml", "[profiles.one\n");
    assert!(offered(&world, &["child", "show", ""]).is_empty());
    assert!(offered(&world, &["--profile", ""]).is_empty());
}

#[test]
fn a_sandbox_file_has_names_of_its_own() {
    let world = World::new().with("MMS_KEEP_NAMES", "1");
    assert_eq!(world.run_line("--sandbox=own.db child list").code, 0);
    assert_eq!(offered(&world, &["--sandbox=own.db", "child", "show", "Ac"]), ["Acme Bakery"]);
    assert!(offered(&world, &["--sandbox=other.db", "child", "show", "Ac"]).is_empty());
}

#[test]
fn the_names_of_a_running_sandbox_are_readable_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let world = World::new();
    let server = Server::start(&world, &[]);
    let world = server.world().with("MMS_KEEP_NAMES", "1");
    assert_eq!(world.run_line("child list").code, 0);
    let mode = std::fs::metadata(world.path(".local/state/mms/names")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_shell_that_is_none_is_named() {
    let world = World::new();
    let seen = world.seen(world.command(&["--", "mms", ""]).env("MMS_COMPLETE", "tcsh"));
    insta::assert_snapshot!(seen, @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: MMS_COMPLETE: there are no completions for "tcsh"
    hint: they are there for bash, elvish, fish, powershell, zsh
    "#);
}

/// Presses the tab key in bash: at the word with this index of words as bash cuts them.
fn bash(world: &World, line: &str, words: &[&str], passed: &str) -> String {
    let script = world.run(&["completion", "bash", "--dynamic"]);
    assert_eq!(script.code, 0, "{script}");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_mms")).parent().unwrap();
    let seen = world.seen(
        Command::new("bash")
            .arg("-c")
            .arg(format!(
                "{}\nCOMP_LINE=$1 passed=$2; shift 2; COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1)) COMP_TYPE=9\n\
                 _clap_complete_mms mms \"$passed\" \"\" 2>&1; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
                script.stdout
            ))
            .args(["bash", line, passed])
            .args(words)
            .current_dir(world.path(""))
            .env_clear()
            .env("HOME", world.path(""))
            .env("PATH", format!("{}:/usr/bin:/bin", program.display())),
    );
    seen.stdout.trim_end().to_owned()
}

#[test]
fn bash_gets_names_that_fit_the_quotes_and_the_line() {
    let world = World::new().with("MMS_KEEP_NAMES", "1");
    assert_eq!(world.run_line("--sandbox=own.db child list").code, 0);
    let sandbox = ["mms", "--sandbox", "=", "own.db", "child", "show"];
    let tab = |word: &str, passed: &str| {
        bash(&world, &format!("mms --sandbox=own.db child show {word}"), &[&sandbox[..], &[word]].concat(), passed)
    };

    assert_eq!(tab("Ac", "Ac"), r"Acme\ Bakery");
    assert_eq!(tab(r"Acme\ B", r"Acme\ B"), r"Acme\ Bakery");
    assert_eq!(tab("\"Acme B", "Acme B"), "Acme Bakery");
    assert_eq!(bash(&world, "mms --output=js", &["mms", "--output", "=", "js"], "js"), "json");
}

#[test]
fn names_are_kept_for_nobody_but_a_shell_that_offers_them() {
    let world = World::of(&server());
    assert_eq!(world.run_line("child list").code, 0);
    assert!(!world.path(".local/state/mms/names").exists());
    for (shell, line) in [
        ("bash", "export MMS_KEEP_NAMES=1"),
        ("zsh", "export MMS_KEEP_NAMES=1"),
        ("fish", "set -gx MMS_KEEP_NAMES 1"),
        ("elvish", "set-env MMS_KEEP_NAMES 1"),
        ("powershell", "$env:MMS_KEEP_NAMES = \"1\""),
    ] {
        let script = world.run(&["completion", shell, "--dynamic"]).stdout;
        assert_eq!(script.lines().last(), Some(line), "{shell}");
    }
}
