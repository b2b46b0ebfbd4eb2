//! Profiles: which of flag, profile and environment counts, and what is kept where.

use insta::assert_snapshot;

use crate::support::fake_make::{FakeMake, json, read_answer};
use crate::support::server::Server;
use crate::support::world::{Seen, TOKEN, World, set_mode};

const PROFILES: &str = "\
[profiles.one]
base_url = \"https://one.example/api/v2\"
organization_id = 1
token_file = \"/one\"
state_dir = \"/state-one\"

[profiles.two]
base_url = \"https://two.example/api/v2\"
organization_id = 2
token_file = \"/two\"
state_dir = \"/state-two\"
";

/// Makes a world with profiles.
fn world(profiles: &str) -> World {
    let world = World::new();
    std::fs::create_dir_all(world.path(".config/mms")).unwrap();
    world.write(".config/mms/config.toml", profiles);
    world
}

fn shown(seen: &Seen, setting: &str) -> (String, String) {
    let rows = seen.json();
    let row = rows.as_array().unwrap().iter().find(|row| row["setting"] == setting).unwrap().clone();
    (row["value"].as_str().unwrap_or("-").to_owned(), row["origin"].as_str().unwrap().to_owned())
}

/// A setting with its flag, the variable that says the same, and what each place says.
const CELLS: [(&str, &str, &str, [&str; 4]); 4] = [
    (
        "base_url",
        "--base-url",
        "MMS_BASE_URL",
        ["https://f.example", "https://one.example/api/v2", "https://e.example", "https://two.example/api/v2"],
    ),
    ("organization_id", "--organization-id", "MMS_ORGANIZATION_ID", ["9", "1", "8", "2"]),
    ("token_file", "--token-file", "MMS_TOKEN_FILE", ["/flag", "/one", "/env", "/two"]),
    ("state_dir", "--state-dir", "MMS_STATE_DIR", ["/f", "/state-one", "/e", "/state-two"]),
];

#[test]
fn a_flag_goes_before_everything() {
    for (setting, flag, variable, [by_flag, _, by_environment, _]) in CELLS {
        let world = world(PROFILES).with(variable, by_environment).with("MMS_PROFILE", "two");
        let seen = world.run(&["config", "show", "-o", "json", "--profile", "one", flag, by_flag]);
        assert_eq!(shown(&seen, setting), (by_flag.to_owned(), flag.to_owned()));
    }
}

#[test]
fn an_explicit_profile_goes_before_the_environment() {
    for (setting, _, variable, [_, by_profile, by_environment, _]) in CELLS {
        let world = world(PROFILES).with(variable, by_environment).with("MMS_PROFILE", "two");
        let seen = world.run(&["config", "show", "-o", "json", "--profile", "one"]);
        assert_eq!(shown(&seen, setting), (by_profile.to_owned(), "the profile one".to_owned()));
    }
}

#[test]
fn the_environment_goes_before_the_profile_that_nobody_names_in_the_command() {
    for (setting, _, variable, [_, _, by_environment, _]) in CELLS {
        for (name, profiles) in
            [("MMS_PROFILE", PROFILES.to_owned()), ("LANG", format!("default_profile = \"two\"\n{PROFILES}"))]
        {
            let world = world(&profiles).with(variable, by_environment).with(name, "two");
            let seen = world.run(&["config", "show", "-o", "json"]);
            assert_eq!(shown(&seen, setting), (by_environment.to_owned(), variable.to_owned()));
        }
    }
}

#[test]
fn the_profile_of_the_environment_goes_before_the_default_profile() {
    for (setting, _, _, [_, by_one, _, by_two]) in CELLS {
        let profiles = format!("default_profile = \"two\"\n{PROFILES}");
        let seen = world(&profiles).with("MMS_PROFILE", "one").run(&["config", "show", "-o", "json"]);
        assert_eq!(shown(&seen, setting), (by_one.to_owned(), "the profile one".to_owned()));
        let seen = world(&profiles).run(&["config", "show", "-o", "json"]);
        assert_eq!(shown(&seen, setting), (by_two.to_owned(), "the profile two".to_owned()));
    }
}

#[test]
fn an_environment_that_overrides_a_profile_is_told() {
    let server = FakeMake::start(read_answer);
    let profiles = format!("[profiles.default]\nbase_url = \"{}\"\norganization_id = 12\n", server.base_url());
    let world = world(&profiles).with("MMS_ORGANIZATION_ID", "11").with("MAKE_API_KEY", TOKEN);

    let seen = world.run(&["child", "list"]);

    assert_eq!(seen.code, 0, "{seen}");
    let note = "MMS_ORGANIZATION_ID of the environment goes before the profile default, which says 12: --profile puts the profile first.";
    assert!(seen.stderr.contains(note), "{seen}");
}

#[test]
fn the_token_of_a_profile_goes_to_no_other_server() {
    let server = FakeMake::start(read_answer);
    let world =
        world("[profiles.default]\nzone = \"eu1.make.com\"\norganization_id = 11\ntoken_command = \"echo s3cr3t\"\n");

    let seen = world.run(&["child", "list", "--base-url", &server.base_url()]);

    assert!(seen.code == 2 && seen.stderr.contains("the token of the profile default is for eu1.make.com"), "{seen}");
    assert!(server.requests("").is_empty());
}

#[cfg(unix)]
#[test]
fn a_token_comes_from_a_program() {
    let server = Server::start(&World::new(), &[]);
    let base_url = server.printed["baseUrl"].as_str().unwrap();
    let profile = |command: &str| {
        world(&format!(
            "[profiles.default]\nbase_url = \"{base_url}\"\norganization_id = 11\ntoken_command = \"{command}\"\n"
        ))
    };

    assert_eq!(profile(&format!("printf '{TOKEN}\\\\nnotes\\\\n'")).run(&["child", "list"]).code, 0);
    let failing = profile("echo no >&2; exit 3").run(&["child", "list"]);
    assert!(failing.code == 4 && failing.stderr.contains("gave no token: exit status: 3"), "{failing}");
}

#[test]
fn a_sandbox_can_be_a_profile_and_every_plan_says_which_it_is() {
    let world = World::new();
    assert_eq!(world.run(&["auth", "login", "--profile", "test", "--sandbox=own.db"]).code, 0);

    let seen = world.run(&["child", "allocate", "101", "+10000", "--yes"]);

    assert!(seen.code == 0 && seen.stderr.contains("  api       SANDBOX ") && seen.stderr.contains("own.db"), "{seen}");
    assert!(world.path("own.db").exists());
    let elsewhere = world.with("MMS_ORGANIZATION_ID", "999").run(&["child", "list"]);
    assert_eq!(elsewhere.code, 0, "the distributor of the environment is not the sandbox's: {elsewhere}");
}

#[test]
fn a_login_off_a_terminal_takes_the_token_from_standard_input_and_keeps_it_for_its_owner() {
    let server = Server::start(&World::new(), &[]);
    let base_url = server.printed["baseUrl"].as_str().unwrap();
    let world = World::new();
    world.write("key", &format!("\u{feff}{TOKEN}\r\n"));
    let login = ["auth", "login", "--profile", "live", "--base-url", base_url, "--token-store", "file", "-o", "json"];
    let mut login = world.command(&login);

    let seen = world.seen(login.stdin(std::fs::File::open(world.path("key")).unwrap()));

    assert_eq!(
        (seen.json()["organizationId"].as_u64(), seen.json()["tokenStore"].as_str()),
        (Some(11), Some("file")),
        "{seen}"
    );
    assert!(!seen.stdout.contains(TOKEN) && !seen.stderr.contains(TOKEN), "{seen}");
    #[cfg(unix)]
    for file in [".config/mms/config.toml", ".config/mms/tokens/live"] {
        use std::os::unix::fs::PermissionsExt;

        let mode = std::fs::metadata(world.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    assert_eq!(world.run(&["child", "list"]).code, 0, "the first profile is the default one");
    assert_eq!(world.run(&["auth", "token"]).stdout, format!("{TOKEN}\n"));
    let status = world.run(&["auth", "status", "-o", "json"]).json();
    assert_eq!(status["tokenSource"], "the token file of the profile live");
    assert_eq!(world.run(&["auth", "logout"]).code, 0);
    let seen = world.run(&["child", "list"]);
    assert!(seen.code == 4 && seen.stderr.contains("no token given"), "{seen}");
}

#[test]
fn a_login_leaves_nothing_of_the_server_that_the_profile_had_before() {
    let world = world(
        "[profiles.live]\nzone = \"eu1.make.com\"\norganization_id = 7\ntoken_file = \"/old\"\nnear_percent = 90\n",
    );

    assert_eq!(world.run_line("auth login --profile live --sandbox --yes").code, 0);

    let text = std::fs::read_to_string(world.path(".config/mms/config.toml")).unwrap();
    assert!(text.starts_with("default_profile = \"live\"\n"), "{text}");
    assert!(text.ends_with("[profiles.live]\nnear_percent = 90\nsandbox = true\n"), "{text}");
}

#[test]
fn a_login_with_a_token_that_is_refused_keeps_nothing() {
    let server = FakeMake::start(|_| json("401 Unauthorized", r#"{"message":"Access denied"}"#));
    let world = World::new();
    world.write("key", TOKEN);

    let seen = world.run(&["auth", "login", "--base-url", &server.base_url(), "--token-file", "key"]);

    assert_eq!(seen.code, 4, "{seen}");
    assert!(!world.path(".config").exists());
}

#[test]
fn a_login_without_a_terminal_asks_nobody() {
    let seen = World::new().run(&["auth", "login"]);

    assert!(seen.code == 2 && seen.stderr.contains("no zone given, and nobody to ask"), "{seen}");
}

#[test]
fn settings_are_changed_in_the_file_and_its_comments_stay() {
    let world = world("# ours\n[profiles.default]\nzone = \"eu1.make.com\"\n");

    assert_eq!(world.run(&["config", "set", "near_percent", "90"]).code, 0);
    assert_eq!(world.run(&["config", "unset", "zone"]).code, 0);
    let text = std::fs::read_to_string(world.path(".config/mms/config.toml")).unwrap();
    assert_eq!(text, "# ours\n[profiles.default]\nnear_percent = 90\n");
    for (key, value, reason) in [
        ("zoen", "x", "there is no setting \"zoen\""),
        ("token", "x", "a token does not stand in the profile"),
        ("near_percent", "0", "near_percent: \"0\" is not a share"),
        ("zone", "https://eu1.make.com", "zone: "),
    ] {
        let seen = world.run(&["config", "set", key, value]);
        assert!(seen.code == 2 && seen.stderr.contains(reason), "{seen}");
    }
    assert_eq!(
        world.run(&["config", "profiles", "-o", "tsv"]).stdout,
        "profile\tapi\torganizationId\tisDefault\ndefault\t\t\tyes\n"
    );
}

#[test]
fn the_threshold_of_a_profile_decides_who_is_near() {
    let world = world("[profiles.default]\nsandbox = true\nnear_percent = 95\n");

    let seen = world.run(&["child", "show", "101", "-o", "json"]);

    assert_eq!((seen.json()["usedPercent"].as_u64(), seen.json()["state"].as_str()), (Some(94), Some("ok")));
}

#[test]
fn what_is_set_is_shown_with_where_it_comes_from_and_no_token() {
    let world = world("[profiles.default]\nzone = \"eu1.make.com\"\n").with("MAKE_API_KEY", TOKEN);

    assert_snapshot!(world.run(&["config", "show", "--organization-id=11"]), @"
    exit: 0
    ----- stdout -----
    SETTING          VALUE         ORIGIN
    zone             eu1.make.com  the profile default
    organization_id  11            --organization-id
    token            ********      MAKE_API_KEY
    ----- stderr -----
    ");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_draws_a_warning() {
    let world = world("[profiles.default]\nsandbox = true\n");
    set_mode(&world.path(".config/mms/config.toml"), 0o644);

    let seen = world.run(&["child", "list"]);

    assert!(seen.code == 0 && seen.stderr.contains("is open to other users: mode 0644; chmod 600 "), "{seen}");
}

#[test]
fn a_file_of_windows_is_read_and_one_that_is_torn_is_named_with_its_line() {
    let marked = world("\u{feff}[profiles.default]\r\nsandbox = true\r\n");
    assert_eq!(marked.run(&["child", "list"]).code, 0);

    let torn = world("[profiles.default]\nzone = \n").run(&["child", "list"]);
    assert!(torn.code == 2 && torn.stderr.contains("config.toml, line 2, column "), "{torn}");
}

#[test]
fn without_a_home_everything_can_be_said_by_flags() {
    let world = World::new();
    let mut command = world.command(&["--sandbox=own.db", "child", "list"]);

    let seen = world.seen(command.env_remove("HOME").env_remove("XDG_DATA_HOME"));

    assert_eq!(seen.code, 0, "{seen}");
}

#[test]
fn a_home_with_spaces_is_a_home_like_any_other() {
    let world = World::new();
    let home = world.path("my home");
    std::fs::create_dir_all(&home).unwrap();
    let run = |arguments: &[&str]| world.seen(world.command(arguments).env("HOME", &home).env_remove("XDG_DATA_HOME"));

    assert_eq!(run(&["auth", "login", "--sandbox", "--profile", "test"]).code, 0);
    assert_eq!(run(&["child", "list"]).code, 0);
    let unknown = run(&["--sandbox=my own.db", "child", "show", "Nobody"]);
    assert!(unknown.stderr.contains("`mms --sandbox='my own.db' child list`"), "{unknown}");
    assert!(home.join(".config/mms/config.toml").exists() && home.join(".local/share/mms/sandbox.db").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_home_that_cannot_be_written_is_named_with_the_way_out() {
    let world = World::new();
    let run =
        |arguments: &[&str]| world.seen(world.command(arguments).env("HOME", "/proc").env_remove("XDG_DATA_HOME"));

    let sandbox = run(&["--sandbox", "child", "list"]);
    assert!(sandbox.code == 1 && sandbox.stderr.contains("/proc/.local/share/mms"), "{sandbox}");
    assert!(sandbox.stderr.contains("hint: name another file with --sandbox=FILE"), "{sandbox}");
    assert_eq!(run(&["--sandbox=own.db", "child", "list"]).code, 0);
    let login = run(&["auth", "login", "--sandbox"]);
    assert!(login.code == 1 && login.stderr.contains("hint: name another directory with MMS_CONFIG_DIR"), "{login}");
}

#[test]
fn the_token_of_a_sandbox_profile_is_nobodys_to_print() {
    let world = World::new();
    assert_eq!(world.run_line("auth login --profile test --sandbox").code, 0);
    assert_snapshot!(world.run_line("auth token"), @"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: the profile test is a sandbox, whose commands need no token
    hint: `mms sandbox serve` prints the token of a sandbox, for other programs
    ");
}

#[test]
fn a_default_profile_that_is_not_there_is_named_with_those_that_are() {
    let world = world(&format!("default_profile = \"tow\"\n{PROFILES}"));

    assert_snapshot!(world.run_line("child list"), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: default_profile: there is no profile "tow" in [HOME]/.config/mms/config.toml
    hint: the profiles are one, two; `mms config set default_profile NAME` names another; `mms auth login --profile tow` makes it
    "#);
    assert_eq!(world.run_line("config set default_profile two").code, 0);
    assert_eq!(shown(&world.run_line("config show -o json"), "organization_id").0, "2");
}

#[test]
fn the_default_profile_is_set_to_one_that_is_there_and_unset() {
    let world = world(PROFILES);
    let text = || std::fs::read_to_string(world.path(".config/mms/config.toml")).unwrap();

    let set = world.run_line("config set default-profile two");
    assert_eq!((set.code, set.stderr.as_str()), (0, "default_profile is two.\n"), "{set}");
    assert_eq!(text(), format!("default_profile = \"two\"\n{PROFILES}"));
    let profiles = world.run_line("config profiles -o csv --columns profile,isDefault").stdout;
    assert_eq!(profiles, "profile,isDefault\none,no\ntwo,yes\n");
    let unknown = world.run_line("config set default_profile three");
    assert!(unknown.code == 2 && unknown.stderr.contains("there is no profile \"three\""), "{unknown}");
    let unset = world.run_line("config unset default_profile");
    assert_eq!(unset.stderr, "default_profile is no longer set: the profile default is used.\n");
    assert_eq!(text(), PROFILES);
}

#[test]
fn of_two_settings_that_name_a_server_or_a_token_the_one_that_does_not_count_says_why() {
    let world = world(PROFILES).with("MAKE_ZONE", "eu1.make.com").with("MAKE_API_KEY", TOKEN);

    let by_environment = world.run_line("config show -o json");
    assert_eq!(shown(&by_environment, "zone").1, "MAKE_ZONE");
    let world = world.with("MMS_PROFILE", "one");
    let beside_profile = world.run_line("config show -o json");
    assert_eq!(shown(&beside_profile, "base_url").1, "the profile one, not used: MAKE_ZONE goes before it");
    assert_eq!(shown(&beside_profile, "token_file").1, "the profile one, not used: MAKE_API_KEY goes before it");
    let explicit = world.run_line("config show -o json --profile one");
    assert_eq!(shown(&explicit, "base_url").1, "the profile one");
    assert_eq!(shown(&explicit, "zone").1, "MAKE_ZONE, not used: the profile one goes before it");
    let both = world.with("MMS_BASE_URL", "https://e.example").run_line("config show -o json");
    assert_eq!(shown(&both, "zone").1, "MAKE_ZONE, not used: MMS_BASE_URL goes before it");
}

#[test]
fn of_two_servers_of_one_profile_the_one_that_does_not_count_says_why() {
    let world = world("[profiles.default]\nsandbox = true\nzone = \"eu1.make.com\"\n");

    let seen = world.run_line("config show -o json");

    assert_eq!(shown(&seen, "zone").1, "the profile default, not used: sandbox goes before it");
}

#[test]
fn a_logout_of_a_profile_that_is_not_there_is_refused() {
    let world = world(PROFILES);

    let seen = world.run_line("auth logout --profile nosuch");

    assert!(seen.code == 2 && seen.stderr.contains("--profile: there is no profile \"nosuch\""), "{seen}");
    assert!(seen.stderr.contains("the profiles are one, two"), "{seen}");
}
