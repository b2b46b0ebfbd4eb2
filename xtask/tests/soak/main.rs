//! Tests of `cargo xtask soak`: what it says about itself, and what it runs.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use xtask::soak::{Part, Run, Soak};

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap()
}

fn soak(parts: &[Part]) -> Soak {
    Soak { parts: parts.to_vec(), kills: Some(7), durable: false, seed: Some(11) }
}

/// Returns every run of every part.
fn runs() -> Vec<Run> {
    let durable = Soak { durable: true, ..soak(&[]) };
    [soak(&[]), durable].iter().flat_map(|soak| soak.parts().iter().flat_map(|part| soak.runs(*part))).collect()
}

/// Returns the source of a module of a test binary or a library.
fn source(folder: &Path, modules: &str) -> String {
    let location = folder.join(modules.replace("::", "/"));
    let files = [location.with_extension("rs"), location.join("mod.rs"), location.join("main.rs")];
    files.iter().find_map(|file| fs::read_to_string(file).ok()).unwrap()
}

#[test]
fn the_help_names_every_option_and_exit_code() {
    let output = xtask(&["soak", "--help"]);
    assert_eq!(output.status.code(), Some(0));
    let help = String::from_utf8(output.stdout).unwrap();
    for text in [
        "[PART]...",
        "sandbox:",
        "create:",
        "journal:",
        "pace:",
        "cancellation:",
        "plan:",
        "apply:",
        "command:",
        "--kills <NUMBER>",
        "--durable",
        "--seed <NUMBER>",
        "Exit code 0",
    ] {
        assert!(help.contains(text), "{help}");
    }
}

#[test]
fn a_number_that_is_none_and_an_unknown_part_are_wrong_use() {
    assert_eq!(xtask(&["soak", "everything"]).status.code(), Some(2));
    assert_eq!(xtask(&["soak", "--kills", "many"]).status.code(), Some(2));
}

#[test]
fn the_tests_that_it_runs_exist() {
    // A test runner that finds no test of a name is content.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for run in runs() {
        for test in run.tests {
            let (modules, name) = test.rsplit_once("::").unwrap_or(("", test));
            let declared = format!("#[test]\nfn {name}() {{");
            assert!(source(&root.join(run.folder), modules).contains(&declared), "{test}");
        }
    }
}

#[test]
fn every_part_is_run_unless_some_are_named() {
    assert_eq!(soak(&[]).parts().len(), 8);
    assert_eq!(soak(&[Part::Pace, Part::Create]).parts(), [Part::Pace, Part::Create]);
}

#[test]
fn kills_seed_and_tests_reach_cargo() {
    let soak = soak(&[]);
    for run in runs() {
        let command = soak.command(&run, Path::new("."));
        let set: Vec<_> = command.get_envs().map(|(name, value)| (name, value.unwrap())).collect();
        for (name, value) in [("MMS_SOAK", "1"), ("MMS_SOAK_KILLS", "7"), ("MMS_SOAK_SEED", "11")] {
            assert!(set.contains(&(name.as_ref(), value.as_ref())), "{set:?}");
        }
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_str().unwrap()).collect();
        assert!(arguments.ends_with(run.tests) && arguments.contains(&run.package), "{arguments:?}");
        assert!(arguments.contains(&run.binary.unwrap_or("--lib")), "{arguments:?}");
    }
}

#[test]
fn a_durable_sandbox_is_another_test() {
    let tests = |durable| Soak { durable, ..soak(&[]) }.runs(Part::Sandbox)[0].tests;
    assert_ne!(tests(true), tests(false));
}
