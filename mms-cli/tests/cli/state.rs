//! The state directory: where it is, who may read it, and what is never in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use insta::assert_snapshot;
use mms_client::{FileSendLog, LogTime, SendLog, SendLogKey, Sent};
use mms_types::OrganizationId;

use crate::support::fake_make::{Distributor, FakeMake};
use crate::support::world::{CREATE, TOKEN, World, words};

fn working() -> FakeMake {
    FakeMake::with_state(Distributor::new(), Distributor::apply)
}

/// Returns every directory and file under a path, itself included.
fn tree(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![path.to_owned()];
    if path.is_dir() {
        found.extend(std::fs::read_dir(path).unwrap().flat_map(|entry| tree(&entry.unwrap().path())));
    }
    found
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_users_directory() {
    let server = working();
    let world = World::of(&server);
    assert_eq!(world.run(&["child", "settle"]).code, 0);
    assert!(world.path(".local/state/mms/intents").exists());

    let world = World::of(&server).with("XDG_STATE_HOME", world.path("xdg").to_str().unwrap());
    assert_eq!(world.run(&["region", "list"]).code, 0);
    assert!(!world.path(".local").exists());

    let world = World::of(&server).with("MMS_STATE_DIR", "by-environment");
    assert_eq!(world.run(&["child", "settle"]).code, 0);
    assert_eq!(world.run(&["child", "settle", "--state-dir", "by-flag"]).code, 0);
    assert!(world.path("by-environment/intents").exists() && world.path("by-flag/intents").exists());
    assert!(!world.path(".local").exists());
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_its_owners_alone_under_any_umask() {
    use std::os::unix::fs::PermissionsExt;

    for umask in ["000", "022", "077"] {
        let server = working();
        let world = World::of(&server);
        let mms = world.command(&words(CREATE));
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &format!("umask {umask}; exec \"$@\""), "sh"]).arg(mms.get_program()).args(mms.get_args());
        shell.current_dir(mms.get_current_dir().unwrap()).env_clear();
        shell.envs(mms.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let seen = world.seen(&mut shell);
        assert_eq!(seen.code, 0, "{seen}");

        let kept = tree(&world.path(".local"));
        assert!(kept.len() >= 7, "{kept:?}");
        for path in kept {
            let mode = path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{umask} {}: {mode:o}", path.display());
        }
    }
}

#[test]
fn no_file_that_is_kept_has_the_token() {
    let server = FakeMake::with_state(Distributor::new(), |_, _, _| None);
    let world = World::of(&server).with("MMS_KEEP_NAMES", "1");
    assert_eq!(world.run_line(CREATE).code, 5);
    assert_eq!(world.run(&["child", "settle", "--settle-wait=0", "-vvv"]).code, 5);

    let files: Vec<_> = tree(&world.path(".local")).into_iter().filter(|path| path.is_file()).collect();
    assert_eq!(files.len(), 6, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.is_empty(), "{}", file.display());
        for secret in [TOKEN, "uthorization", "Token "] {
            assert!(!text.contains(secret), "{}: {text}", file.display());
        }
    }
}

#[test]
fn two_commands_in_one_minute_share_the_limit() {
    let server = working();
    let world = World::of(&server);
    assert_eq!(world.run(&["region", "list"]).code, 0);
    assert_eq!(world.run(&["region", "list"]).code, 0);
    let log: Arc<dyn SendLog> = Arc::new(FileSendLog::new(world.path(".local/state/mms/sent")));
    let key = SendLogKey { base_url: server.base_url(), organization_id: Some(OrganizationId::new(11)) };
    let now = SystemTime::now();
    let note = |next: &mut dyn FnMut(&[Sent]) -> Option<Sent>| {
        log.exchange(&key, now - std::time::Duration::from_secs(60), LogTime { wall: now, since_boot: None }, next)
            .unwrap();
    };
    note(&mut |earlier| {
        assert_eq!(earlier.len(), 2, "{earlier:?}");
        None
    });
    // With these two, 58: what fits into a minute of the limit that is assumed.
    for sender in 0..56 {
        note(&mut |_| Some(Sent::Request { at: now, sender }));
    }

    let seen = world.run(&["region", "list", "--timeout=5"]);

    assert_snapshot!(seen, @"
    exit: 8
    ----- stdout -----
    ----- stderr -----
    error: not sent: its turn would come only after the deadline, or too short a time before it (0 attempts, [ELAPSED])
    hint: the requests of this minute are used up, by other commands too: wait, or raise --timeout above 60, which is 5
    ");
    assert_eq!(server.requests("GET /api/v2/enums/imt-regions").len(), 2);
}

#[test]
fn a_directory_that_cannot_be_used_costs_a_minute_and_lets_nobody_create() {
    let server = working();
    let world = World::of(&server);
    world.write("occupied", "");

    // A minute is too long for this one; with the time for it, it waits and reads.
    assert_snapshot!(world.run(&["region", "list", "--state-dir", "occupied", "--timeout=5"]), @"
    exit: 8
    ----- stdout -----
    ----- stderr -----
    The state directory is [HOME]/occupied: name it so from other folders.
    warning: the state directory [HOME]/occupied cannot be used (Not a directory (os error 20)): nobody knows what other commands have sent in this minute, so that this one waits for the next
    error: not sent: its turn would come only after the deadline, or too short a time before it (0 attempts, [ELAPSED])
    hint: the requests of this minute are used up, by other commands too: wait, or raise --timeout above 60, which is 5
    ");
    let create = world.run_line(&format!("{CREATE} --state-dir occupied"));
    assert_eq!(create.code, 1, "{create}");
    assert!(server.requests("POST").is_empty());
}

#[test]
fn a_command_in_a_hint_knows_of_the_same_creates() {
    let server = FakeMake::with_state(Distributor::new(), |_, _, _| None);

    let seen = World::of(&server).run_line(&format!("{CREATE} --state-dir elsewhere"));

    assert!(seen.stderr.contains("hint: `mms --state-dir elsewhere child settle` looks again"), "{seen}");
}

#[test]
fn a_child_that_was_created_a_moment_ago_is_part_of_what_every_command_sees_while_the_list_lags() {
    let (distributor, lag) = Distributor::lagging();
    let server = FakeMake::with_state(distributor, Distributor::apply);
    let world = World::of(&server);
    assert_eq!(world.run_line(CREATE).code, 0);

    assert_snapshot!(world.run(&["child", "list"]), @"
    exit: 0
    ----- stdout -----
     ID  NAME    CREDITS  ZONE
    123  Acme      10000  -
    125  Dorado    10000  -
    ----- stderr -----
    warning: 125 Dorado was created a moment ago and is not listed yet: it is taken to be as it was asked for
    ");
    for text in ["Dorado", "125"] {
        assert_eq!(world.run(&["child", "show", text]).code, 0);
    }
    assert_snapshot!(world.run(&["child", "allocate", "Dorado", "30000", "--yes", "--quiet"]), @"
    exit: 0
    ----- stdout -----
    ID       125
    NAME     Dorado
    CREDITS  30000
    CHANGE   20000
    POOL     460000
    ----- stderr -----
    warning: 125 Dorado was created a moment ago and is not listed yet: it is taken to be as it was asked for
    ");

    lag.end();
    let listed = world.run(&["child", "list"]);
    assert!(listed.stderr.is_empty() && listed.stdout.contains("30000"), "{listed}");
}
