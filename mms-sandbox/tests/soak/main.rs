//! Durability: a process is killed under load, again and again, and what it answered is compared with what is there.
//!
//! `cargo test` runs a short form, `cargo xtask soak` the full one. `MMS_SOAK_KILLS` and `MMS_SOAK_SEED` set the number of
//! kills and what the load is drawn from; the moment at which a kill meets the process is up to the machine.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "both fail the test at the right line")]

mod connection;
mod expected_state;
mod load;
mod seeded_random;
mod server_process;

use std::env;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use expected_state::ExpectedState;
use seeded_random::Random;
use server_process::{Mode, ServerProcess};

/// The kills of the short form.
const KILLS: u64 = 5;

/// The longest that a process which is killed while it opens its file may live, in microseconds.
const OPENING: u64 = 30_000;

#[test]
fn an_answered_write_survives_a_kill() {
    soak(Mode::Default);
}

#[test]
fn an_answered_write_survives_a_kill_of_a_durable_sandbox() {
    soak(Mode::Durable);
}

#[expect(clippy::print_stdout, reason = "the seed is for whoever sees the test fail, the figures for the full form")]
fn soak(mode: Mode) {
    let kills = setting("MMS_SOAK_KILLS").unwrap_or(KILLS);
    let seed = setting("MMS_SOAK_SEED").unwrap_or_else(|| getrandom::u64().unwrap());
    println!("MMS_SOAK_SEED={seed} draws this load again");
    let mut random = Random::new(seed);
    // Beside the build, because the directory for temporary files may be kept in memory.
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = directory.path().join("sandbox.db");

    let mut expected = ExpectedState::default();
    let mut log = Vec::new();
    let (mut answered, mut lost, mut kept, mut opening) = (0, 0, 0, 0);
    let mut took = Duration::ZERO;
    for _ in 0..kills {
        while random.below(4) == 0 {
            ServerProcess::kill_while_opening(&file, mode, Duration::from_micros(random.below(OPENING)));
            opening += 1;
        }
        let served = ServerProcess::start(&file, mode);
        kept += expected.compare(&log, &served.state());
        let round = load::until_killed(served, &mut random, &expected.ids());
        answered += round.answered();
        lost += round.unanswered();
        took += round.took;
        log = round.log;
    }
    let served = ServerProcess::start(&file, mode);
    kept += expected.compare(&log, &served.state());
    drop(served);
    assert_sound(&file);
    println!(
        "{mode:?}: {kills} kills under load, {opening} while opening; {answered} writes answered in {:.1} s, {:.0} a \
         second; {lost} not answered, of which {kept} creates were done; {} children",
        took.as_secs_f64(),
        f64::from(u32::try_from(answered).unwrap()) / took.as_secs_f64(),
        expected.ids().len()
    );
}

fn setting(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error}")))
}

/// Checks the file by SQLite's own means.
#[track_caller]
fn assert_sound(file: &Path) {
    let database = Connection::open(file).unwrap();
    let verdict: String = database.query_one("PRAGMA integrity_check", (), |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    assert!(!database.prepare("PRAGMA foreign_key_check").unwrap().exists(()).unwrap());
}
