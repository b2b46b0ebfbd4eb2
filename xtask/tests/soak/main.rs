//! `cargo xtask soak`: what it says about itself, and what it runs.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use xtask::soak::Soak;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap()
}

fn soak(durable: bool) -> Soak {
    Soak { kills: 7, durable, seed: Some(11) }
}

#[test]
fn the_help_names_every_option_and_exit_code() {
    let output = xtask(&["soak", "--help"]);
    assert_eq!(output.status.code(), Some(0));
    let help = String::from_utf8(output.stdout).unwrap();
    for text in ["--kills <NUMBER>", "[default: 100]", "--durable", "--seed <NUMBER>", "Exit code 0"] {
        assert!(help.contains(text), "{help}");
    }
}

#[test]
fn a_number_that_is_none_is_wrong_use() {
    assert_eq!(xtask(&["soak", "--kills", "many"]).status.code(), Some(2));
}

#[test]
fn the_tests_that_it_runs_exist() {
    // A test runner that finds no test of a name is content.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tests = fs::read_to_string(root.join("mms-sandbox/tests/soak/main.rs")).unwrap();
    for durable in [false, true] {
        let declared = format!("#[test]\nfn {}() {{", soak(durable).test());
        assert!(tests.contains(&declared), "{declared}");
    }
}

#[test]
fn kills_and_seed_reach_the_test() {
    let command = soak(true).command(Path::new("."));
    let set: Vec<_> = command.get_envs().map(|(name, value)| (name, value.unwrap())).collect();
    assert_eq!(set, [("MMS_SOAK_KILLS".as_ref(), "7".as_ref()), ("MMS_SOAK_SEED".as_ref(), "11".as_ref())]);
    assert!(command.get_args().any(|argument| argument == soak(true).test()));
}
