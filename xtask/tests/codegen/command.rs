//! Tests of the command itself, run in this workspace.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use xtask::fleet_schema::PUBLISHED;

use crate::workspace::Workspace;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).current_dir(std::env::temp_dir()).args(arguments).output().unwrap()
}

/// The check asks cargo for the schema of a fleet file; here a script answers, because tests call no cargo.
#[cfg(unix)]
#[test]
fn the_check_runs_from_any_directory_and_ends_as_the_library_says() {
    use std::os::unix::fs::PermissionsExt;

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let cargo = folder.path().join("cargo");
    fs::write(&cargo, format!("#!/bin/sh\ncat '{}'\n", root.join(PUBLISHED).display())).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let documents = xtask::codegen::check(&root);
    let schema = xtask::fleet_schema::check(&root, &fs::read_to_string(root.join(PUBLISHED)).unwrap());

    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output =
        command.current_dir(std::env::temp_dir()).args(["codegen", "--check"]).env("CARGO", &cargo).output().unwrap();

    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{}{}", documents.report(), schema.report()));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), documents.error());
}

/// Runs the check of a workspace through the command, which says what the library says.
fn ends(workspace: &Workspace, code: i32) {
    let expected = workspace.codegen().check();
    let output = xtask(&["codegen", "--check", "--root", workspace.root().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(code));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected.report());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected.error());
}

#[test]
fn each_outcome_has_its_exit_code() {
    let workspace = Workspace::fresh();
    ends(&workspace, 0);
    workspace.edit("The zone's host.", "The host of the zone.");
    ends(&workspace, 4);
    workspace.edit("operationId: list_zones", "operationId: listZones");
    ends(&workspace, 100);
    fs::remove_file(workspace.root().join("openapi/mms.yaml")).unwrap();
    ends(&workspace, 1);
}

#[test]
fn a_breaking_change_ends_with_4() {
    let workspace = Workspace::fresh();
    workspace.commit();
    workspace.edit("operationId: list_zones", "operationId: list_installations");
    let output = xtask(&["codegen", "--against", "HEAD", "--root", workspace.root().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4));
}

#[test]
fn a_panic_of_the_generator_is_one_line_on_stderr() {
    let workspace = Workspace::fresh();
    workspace.edit("x-operation-kind: read", "x-operation-kind: read\n      x-dropshot-websocket: true");
    let output = xtask(&["codegen", "--check", "--root", workspace.root().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(100));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("error: openapi/mms.yaml: GET "), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn the_help_names_every_exit_code() {
    let help = String::from_utf8(xtask(&["codegen", "--help"]).stdout).unwrap();
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for code in ["Exit code 0: ", "; 4: ", "; 100: ", "; 1: ", "; 2: "] {
        assert!(help.contains(code), "{code:?} in {help}");
    }
}

#[test]
fn an_unknown_revision_ends_with_1_and_an_error_on_stderr() {
    let output = xtask(&["codegen", "--against", "no-such-revision"]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("error: revision \"no-such-revision\": git rev-parse: "), "{error}");
}

#[test]
fn two_modes_at_once_are_wrong_use() {
    let output = xtask(&["codegen", "--check", "--against", "HEAD"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_client_is_emitted_for_reading() {
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("a/new/directory");
    let output = xtask(&["codegen", "--emit-client", target.to_str().unwrap()]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{report}");
    for name in ["client.rs", "mocks.rs", "operations.rs"] {
        assert!(report.contains(&format!("       Wrote {}\n", target.join(name).display())), "{report}");
    }
    let read = |name: &str| fs::read_to_string(target.join(name)).unwrap();
    let (client, mocks) = (read("client.rs"), read("mocks.rs"));
    syn::parse_file(&client).unwrap();
    syn::parse_file(&mocks).unwrap();
    syn::parse_str::<syn::Expr>(&read("operations.rs")).unwrap();
    assert!(!client.contains("progenitor_client"));
    assert!(client.contains("pub fn create_child_organization("));
    assert!(mocks.contains("fn create_child_organization<F>("));
}

#[test]
fn emitting_the_client_leaves_the_workspace_alone() {
    let workspace = Workspace::fresh();
    let files = workspace.files();
    let directory = tempfile::tempdir().unwrap();
    assert!(workspace.codegen().emit_client(directory.path()).is_fresh());
    assert_eq!(workspace.files(), files);
}

#[test]
fn a_directory_that_cannot_be_made_is_a_crash() {
    let workspace = Workspace::fresh();
    let blocked = workspace.json().join("client");
    let outcome = workspace.codegen().emit_client(&blocked);
    assert_eq!(outcome.status().exit_code(), 1);
    assert!(outcome.error().starts_with(&format!("error: {}: ", blocked.display())), "{outcome}");
}
