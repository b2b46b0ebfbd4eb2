//! Login: where the token goes, and what a profile keeps when it is logged in again.

use crate::support::fake_make::FakeMake;
#[cfg(unix)]
use crate::support::world::set_mode;
use crate::support::world::{Seen, TOKEN, World};

const CONFIG: &str = ".config/mms/config.toml";

/// Logs in to a server with a token from a file.
fn login(world: &World, server: &FakeMake, arguments: &[&str]) -> Seen {
    world.write("key", TOKEN);
    let base_url = server.base_url();
    let all = ["auth", "login", "--profile", "live", "--base-url", &base_url, "--token-file", "key"];
    let seen = world.run(&[&all[..], &["--organization-id", "11", "-o", "json"], arguments].concat());
    assert!(!seen.stdout.contains(TOKEN) && !seen.stderr.contains(TOKEN), "{seen}");
    seen
}

/// Makes a world with a profile.
fn world_of(profile: &str) -> World {
    let world = World::new();
    std::fs::create_dir_all(world.path(".config/mms/tokens")).unwrap();
    world.write(CONFIG, &format!("[profiles.live]\n{profile}\n"));
    world
}

fn config(world: &World) -> String {
    std::fs::read_to_string(world.path(CONFIG)).unwrap()
}

fn has_token_file(world: &World) -> bool {
    world.path(".config/mms/tokens/live").exists()
}

#[test]
fn a_store_that_is_asked_for_keeps_the_token_without_a_word_about_others() {
    let (server, world) = (FakeMake::agency(), World::new());

    let seen = login(&world, &server, &["--token-store", "file"]);

    assert_eq!((seen.code, seen.json()["tokenStore"].as_str()), (0, Some("file")), "{seen}");
    assert!(has_token_file(&world) && !seen.stderr.contains("keyring"), "{seen}");
}

#[cfg(unix)]
#[test]
fn a_token_that_others_can_read_is_a_warning() {
    let (server, world) = (FakeMake::agency(), World::new());
    login(&world, &server, &["--token-store", "file"]);
    let status = ["auth", "status", "--profile", "live", "-q"];
    assert_eq!(world.run(&status).stderr, "");
    set_mode(&world.path(".config/mms/tokens/live"), 0o640);

    let seen = world.run(&status);

    assert!(
        seen.code == 0 && seen.stderr.contains("tokens/live is open to other users: mode 0640; chmod 600 "),
        "{seen}"
    );
}

#[cfg(not(feature = "keyring"))]
#[test]
fn a_program_without_the_keyring_keeps_the_token_in_a_file_and_refuses_the_keyring_before_anything_is_sent() {
    let (server, world) = (FakeMake::agency(), World::new());

    let seen = login(&world, &server, &["--token-store", "keyring"]);
    assert!(seen.code == 2 && seen.stderr.contains("--token-store keyring: this mms is built without it"), "{seen}");
    assert!(server.requests("").is_empty() && !world.path(".config").exists());

    let seen = login(&world, &server, &[]);
    assert_eq!((seen.code, seen.json()["tokenStore"].as_str()), (0, Some("file")), "{seen}");
    assert!(!seen.stderr.contains("keyring"), "{seen}");
}

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[test]
fn without_a_keyring_a_login_keeps_the_token_in_a_file_and_says_why() {
    let (server, world) = (FakeMake::agency(), World::new());

    let seen = login(&world, &server, &[]);

    assert_eq!((seen.code, seen.json()["tokenStore"].as_str()), (0, Some("file")), "{seen}");
    let file = world.path(".config/mms/tokens/live").display().to_string();
    let note = format!("The token is kept in {file}, for you alone: no keyring answers here: ");
    let notes: Vec<_> = seen.stderr.lines().filter(|line| line.contains("keyring")).collect();
    assert!(notes.len() == 1 && notes[0].starts_with(&note) && notes[0].contains("unix:path=/nonexistent"), "{seen}");
    assert!(has_token_file(&world));
}

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[test]
fn a_keyring_that_is_asked_for_and_not_there_leaves_everything_as_it_was() {
    let (server, world) = (FakeMake::agency(), World::new());

    let seen = login(&world, &server, &["--token-store", "keyring"]);

    assert!(seen.code == 1 && seen.stderr.contains("the token cannot be kept in the keyring: "), "{seen}");
    assert!(!world.path(".config").exists());
}

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[test]
fn a_login_that_waits_for_the_keyring_ends_at_a_signal() {
    use std::os::unix::net::UnixListener;
    use std::process::{Command, Stdio};

    let (server, world) = (FakeMake::agency(), World::new());
    world.write("key", TOKEN);
    let bus = UnixListener::bind(world.path("bus")).unwrap();
    let base_url = server.base_url();
    let mut login = world.command(&["auth", "login", "--base-url", &base_url, "--organization-id=11"]);
    login
        .args(["--token-file", "key"])
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", world.path("bus").display()));
    let process = login.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();

    // It is connected, and nobody answers.
    let connection = bus.accept().unwrap();
    assert!(Command::new("kill").args(["-INT", &process.id().to_string()]).status().unwrap().success());

    let seen = world.ended(process.wait_with_output().unwrap());
    assert!(seen.code == 130 && seen.stderr.ends_with("error: interrupted: nothing was changed\n"), "{seen}");
    assert!(!world.path(".config").exists());
    drop(connection);
}

#[cfg(any(not(feature = "keyring"), target_os = "linux"))]
#[test]
fn a_token_in_a_keyring_that_is_not_there_leads_on() {
    let (server, world) = (FakeMake::agency(), World::new());
    assert_eq!(login(&world, &server, &["--token-store", "file"]).code, 0);
    assert_eq!(world.run(&["config", "set", "token_store", "keyring"]).code, 0);

    let list = world.run(&["child", "list"]);
    assert!(list.code == 4 && list.stderr.contains("error: the token of the profile live is in the keyring"), "{list}");
    let way_out = if cfg!(feature = "keyring") { "hint: unlock the keyring, or give" } else { "hint: build it with" };
    assert!(list.stderr.contains(way_out), "{list}");
    let logout = world.run(&["auth", "logout"]);
    assert!(logout.code == 1 && logout.stderr.contains("the token of the profile live may still be in"), "{logout}");
    assert!(logout.stderr.contains("remove the entry \"live in "), "{logout}");
    assert!(config(&world).contains("token_store"), "it is not forgotten where the token is: {}", config(&world));
}

#[test]
fn a_login_to_a_sandbox_forgets_the_token_of_the_server_before() {
    let (server, world) = (FakeMake::agency(), World::new());
    assert_eq!(login(&world, &server, &["--token-store", "file"]).code, 0);

    assert_eq!(world.run(&["auth", "login", "--profile", "live", "--sandbox"]).code, 0);

    assert!(!has_token_file(&world) && !config(&world).contains("token_store"), "{}", config(&world));
}

#[test]
fn a_sandbox_has_no_token_to_keep() {
    let seen = World::new().run(&["auth", "login", "--sandbox", "--token-store", "file"]);

    assert!(seen.code == 2 && seen.stderr.contains("hint: leave --token-store out"), "{seen}");
}

#[test]
fn a_profile_of_a_sandbox_that_is_logged_in_again_keeps_its_file_and_its_distributor() {
    let world = world_of("sandbox = true\nsandbox_file = \"/data/own.db\"\norganization_id = 12");
    let before = config(&world);

    assert_eq!(world.run(&["auth", "login", "--profile", "live"]).code, 0);
    let after = config(&world);
    assert!(after.ends_with(&before), "{after}");

    assert_eq!(world.run(&["auth", "login", "--profile", "live", "--sandbox", "--organization-id=13"]).code, 0);
    let after = config(&world);
    assert!(after.ends_with("[profiles.live]\nsandbox = true\norganization_id = 13\n"), "a flag says it anew: {after}");
}

#[cfg(unix)]
#[test]
fn a_profile_of_a_server_in_plain_http_that_is_logged_in_again_still_takes_it() {
    let (server, world) = (FakeMake::agency(), World::new());
    let base_url = server.base_url().replace("127.0.0.1", "0.0.0.0");
    let login = |arguments: &[&str]| {
        world.write("key", TOKEN);
        let fixed = ["auth", "login", "--profile", "live", "--token-file", "key", "--organization-id=11"];
        world.run(&[&fixed[..], &["--token-store", "file"], arguments].concat())
    };
    assert_eq!(login(&["--base-url", &base_url, "--allow-http"]).code, 0);

    let again = login(&[]);

    assert!(again.code == 0 && config(&world).contains("allow_http = true"), "{again}");
    assert_eq!(login(&["--base-url", &server.base_url()]).code, 0);
    assert!(!config(&world).contains("allow_http"), "a server that does not need it: {}", config(&world));
}
