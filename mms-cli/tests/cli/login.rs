//! Login: where the token goes, and what a profile keeps when it is logged in again.

use crate::support::fake_make::{FakeMake, json, read_answer};
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

    assert_eq!(world.run_line("auth login --profile live --sandbox --yes").code, 0);

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

    assert_eq!(world.run(&["auth", "login", "--profile", "live", "--sandbox", "--organization-id=13", "-y"]).code, 0);
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
    assert_eq!(login(&["--base-url", &server.base_url(), "--yes"]).code, 0);
    assert!(!config(&world).contains("allow_http"), "a server that does not need it: {}", config(&world));
}

/// A fake that shows the token no organization.
fn without_organizations() -> FakeMake {
    FakeMake::start(|request| match request.split('?').next().unwrap() {
        "GET /api/v2/organizations" | "GET /api/v2/users/me" => json("403 Forbidden", r#"{"message":"Access denied"}"#),
        _ => read_answer(request),
    })
}

/// Logs in with a token from a file, and says no more than that.
fn plain_login(world: &World, arguments: &str) -> Seen {
    world.write("key", TOKEN);
    world.run_line(&format!("auth login --token-file key --token-store file {arguments}"))
}

#[test]
fn a_login_to_another_server_names_what_the_profile_loses_and_changes_nothing_without_a_yes() {
    let (server, other, world) = (FakeMake::agency(), FakeMake::agency(), World::new());
    assert_eq!(login(&world, &server, &["--token-store", "file"]).code, 0);
    let before = config(&world);
    let place = server.base_url();

    let sandbox = world.run_line("auth login --profile live --sandbox");

    assert_eq!(sandbox.code, 2, "{sandbox}");
    let loss = format!("error: the profile live speaks to {place} and has a token in the token file: ");
    assert!(
        sandbox.stderr.starts_with(&loss) && sandbox.stderr.contains("\nhint: name another profile"),
        "{sandbox:?}"
    );
    let elsewhere = login(&world, &other, &["--token-store", "file"]);
    assert!(elsewhere.code == 2 && elsewhere.stderr.contains(loss.trim_start_matches("error: ")), "{elsewhere:?}");
    assert!(other.requests("").is_empty() && has_token_file(&world) && config(&world) == before);
    let yes = login(&world, &other, &["--token-store", "file", "--yes"]);
    assert!(yes.code == 0 && config(&world).contains(&other.base_url()), "{yes}");
}

#[test]
fn a_login_to_the_same_server_asks_nothing_however_its_address_is_spelled() {
    let (server, world) = (FakeMake::agency(), World::new());
    assert_eq!(login(&world, &server, &["--token-store", "file"]).code, 0);

    let spelled = server.base_url().replace("127.0.0.1", "localhost");
    let again = plain_login(&world, &format!("--profile live --organization-id 11 --base-url {spelled}/"));

    assert_eq!(again.code, 0, "{again}");
}

#[cfg(unix)]
#[test]
fn a_person_is_asked_before_a_profile_loses_its_server_and_the_answer_is_no_by_default() {
    use crate::support::terminal;

    let (server, world) = (FakeMake::agency(), World::new());
    assert_eq!(login(&world, &server, &["--token-store", "file"]).code, 0);
    let before = config(&world);

    let enter = terminal::run(&world, "auth login --profile live --sandbox", &[("[y/N] ", "\n")]);

    assert!(enter.code == 1 && enter.screen.contains("has a token in the token file"), "{enter:?}");
    assert!(has_token_file(&world) && config(&world) == before);
    let yes = terminal::run(&world, "auth login --profile live --sandbox", &[("[y/N] ", "y\n")]);
    assert!(yes.code == 0 && !has_token_file(&world), "{yes:?}");
}

#[test]
fn a_token_that_shows_no_organization_leaves_the_profile_the_distributor_of_the_same_server() {
    let (server, world) = (without_organizations(), World::new());
    let base_url = server.base_url();
    assert_eq!(plain_login(&world, &format!("--profile live --base-url {base_url} --organization-id 11")).code, 0);

    let again = plain_login(&world, "--profile live -o json");

    assert_eq!((again.code, again.json()["organizationId"].as_u64()), (0, Some(11)), "{again}");
    assert!(again.stderr.contains("The token shows no organization: the distributor stays 11."), "{again}");
    assert!(config(&world).contains("organization_id = 11"));
    let other = without_organizations();
    let elsewhere = plain_login(&world, &format!("--profile live --yes --base-url {}", other.base_url()));
    assert!(elsewhere.code == 0 && !config(&world).contains("organization_id"), "{elsewhere}");
}

#[test]
fn the_commands_that_a_login_names_reach_its_profile() {
    let (server, world) = (without_organizations(), World::new());

    let seen = plain_login(&world, &format!("--profile live --base-url {}", server.base_url()));

    assert!(seen.stderr.contains("`mms --profile live config set organization_id ID` names"), "{seen}");
    assert!(seen.stderr.contains("`mms --profile live status` shows what for"), "{seen}");
}

#[test]
fn a_login_that_saves_a_sandbox_again_says_so_and_how_another_profile_is_made() {
    let world = World::new();
    let first = world.run_line("auth login --profile test --sandbox");
    assert!(!first.stderr.contains("another profile"), "{first}");

    let again = world.run_line("auth login");

    let note =
        "The profile test speaks to a sandbox, as before; `mms auth login --profile NAME` makes another profile.\n";
    assert!(again.code == 0 && again.stderr.contains(note), "{again}");
}

#[cfg(unix)]
#[test]
fn a_zone_is_asked_for_three_times_and_its_first_word_is_enough() {
    use crate::support::terminal;

    const ZONE: &str = "such as eu1.make.com:";
    let world = World::new();

    let found = terminal::run(&world, "auth login", &[(ZONE, "\n"), (ZONE, "eu1\n"), ("Token:", "\u{3}")]);
    assert!(found.code == 130 && found.screen.contains("\"\" is not a zone of Make"), "{found:?}");
    let wrong = terminal::run(&world, "auth login", &[(ZONE, "eu9\n"), (ZONE, "x\n"), (ZONE, "y\n")]);
    assert!(wrong.code == 2 && wrong.screen.contains("zone: \"y\" is not a zone of Make"), "{wrong:?}");
}
