//! Tests of the published schema of a fleet file.

use std::fs;
use std::path::Path;

use xtask::codegen::Status;
use xtask::fleet_schema::{PUBLISHED, check, command, publish};

#[test]
fn a_schema_that_is_missing_or_old_is_stale_until_it_is_written() {
    let workspace = tempfile::tempdir().unwrap();
    let root = workspace.path();
    fs::create_dir(root.join("docs")).unwrap();

    let missing = check(root, "{\n  \"new\": 1\n}\n");
    assert_eq!(missing.status(), Status::Stale);
    assert!(missing.report().contains("docs/fleet.schema.json: it does not exist"), "{missing}");
    fs::write(root.join(PUBLISHED), "{\n  \"old\": 1\n}\n").unwrap();
    let old = check(root, "{\n  \"new\": 1\n}\n");
    assert_eq!(old.status(), Status::Stale);
    assert!(old.report().contains("-  \"old\": 1\n+  \"new\": 1\n"), "{old}");
    assert!(old.report().ends_with("        run: cargo xtask codegen\n"), "{old}");

    assert_eq!(publish(root, "{\n  \"new\": 1\n}\n").report(), "       Wrote docs/fleet.schema.json\n");
    assert_eq!(publish(root, "{\n  \"new\": 1\n}\n").report(), "       Fresh docs/fleet.schema.json\n");
    assert!(check(root, "{\n  \"new\": 1\n}\n").is_fresh());
}

#[test]
fn cargo_is_asked_for_the_schema_only_in_a_workspace_that_has_the_reader() {
    let workspace = tempfile::tempdir().unwrap();
    assert!(command(workspace.path()).is_none());
    assert!(command(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).is_some());
}
