//! Tests of `--check`: the same comparison, and nothing is written.

use std::fs;

use xtask::codegen::{self, Status};

use crate::workspace::{CONTRACT, Workspace};

#[test]
fn a_fresh_workspace_is_fresh() {
    let workspace = Workspace::fresh();
    let outcome = codegen::check(workspace.root());
    assert!(outcome.is_fresh());
    assert_eq!(outcome.status().exit_code(), 0);
    assert!(
        outcome.to_string().ends_with("       Fresh openapi/mms.json\n       Fresh openapi/sandbox.json\n"),
        "{outcome}"
    );
}

#[test]
fn a_changed_description_makes_the_canonical_form_stale() {
    let workspace = Workspace::fresh();
    workspace.edit("The zone's host.", "The host of the zone.");
    let outcome = codegen::check(workspace.root());
    assert_eq!(outcome.status().exit_code(), 4);
    for line in [
        "       Stale openapi/mms.json: it is not what openapi/mms.yaml says\n",
        "--- openapi/mms.json\n+++ openapi/mms.json as cargo xtask codegen writes it\n",
        "-            \"description\": \"The zone's host.\",\n",
        "+            \"description\": \"The host of the zone.\",\n",
        "       Fresh openapi/sandbox.json\n        run: cargo xtask codegen\n",
    ] {
        assert!(outcome.report().contains(line), "{line}{outcome}");
    }
}

#[test]
fn a_canonical_form_that_does_not_exist_is_stale() {
    let workspace = Workspace::with_contract(CONTRACT);
    let outcome = codegen::check(workspace.root());
    assert_eq!(outcome.status(), Status::Stale);
    let expected = "       Stale openapi/mms.json: it does not exist
       Stale openapi/sandbox.json: it does not exist
        run: cargo xtask codegen
";
    assert!(outcome.report().ends_with(expected), "{outcome}");
}

#[test]
fn one_byte_more_is_stale() {
    let workspace = Workspace::fresh();
    let mut written = fs::read(workspace.json()).unwrap();
    written.push(b'\n');
    fs::write(workspace.json(), written).unwrap();
    assert_eq!(codegen::check(workspace.root()).status(), Status::Stale);
}

#[test]
fn a_long_diff_is_cut() {
    let workspace = Workspace::fresh();
    fs::write(workspace.json(), "{}\n").unwrap();
    let outcome = codegen::check(workspace.root());
    assert!(outcome.report().lines().count() < 70, "{}", outcome.report().lines().count());
    assert!(
        outcome.report().contains(" more lines\n       Fresh openapi/sandbox.json\n        run: cargo xtask codegen\n"),
        "{outcome}"
    );
}

#[test]
fn no_file_is_touched_whatever_the_outcome() {
    let fresh = Workspace::fresh();
    let stale = Workspace::fresh();
    stale.edit("The zone's host.", "The host of the zone.");
    let disagreeing = Workspace::fresh();
    disagreeing.edit("required: [id, domain]", "required: [id]");
    let invalid = Workspace::with_contract("openapi: 3.1.0\n");
    for (workspace, code) in [(&fresh, 0), (&stale, 4), (&disagreeing, 4), (&invalid, 100)] {
        let files = workspace.files();
        assert_eq!(codegen::check(workspace.root()).status().exit_code(), code);
        assert_eq!(workspace.files(), files);
    }
}
