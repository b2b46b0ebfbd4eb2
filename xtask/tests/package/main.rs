//! Tests of `cargo xtask package`: what the packages of a release have differently. They build nothing.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test at the right line")]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use xtask::codegen::Status;
use xtask::package::Package;

const CONTRACT: &str = include_str!("../../../openapi/mms.yaml");
const WORKSPACE: &str = include_str!("../../../Cargo.toml");

/// A repository with the manifests and the contract of this workspace, and a directory for what is built.
struct Repository {
    root: TempDir,
    target: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { root: tempfile::tempdir().unwrap(), target: tempfile::tempdir().unwrap() };
        repository.write("Cargo.toml", WORKSPACE);
        repository.write("openapi/mms.yaml", CONTRACT);
        repository.write("mms-client/build.rs", "fn main() {}\n");
        for member in members(WORKSPACE) {
            let manifest = format!("{member}/Cargo.toml");
            let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(&manifest)).unwrap();
            repository.write(&manifest, &text);
        }
        repository.commit();
        repository
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self) {
        for arguments in [
            &["init", "--quiet"][..],
            &["add", "--all"],
            &["-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "c"],
        ] {
            let mut git = Command::new("git");
            git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
            git.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
            assert!(git.current_dir(self.root.path()).args(arguments).status().unwrap().success());
        }
    }

    fn package(&self) -> Package {
        Package::new(self.root.path(), self.target.path())
    }

    /// Returns a file of the clone.
    fn staged(&self, name: &str) -> String {
        fs::read_to_string(self.package().staging().join(name)).unwrap()
    }
}

/// Returns the members that the manifest of a workspace has, on one line.
fn members(workspace: &str) -> Vec<&str> {
    let line = workspace.lines().find(|line| line.starts_with("members = ")).unwrap();
    line.split('"').skip(1).step_by(2).collect()
}

#[test]
fn every_crate_that_may_be_published_is_packaged_except_the_generator() {
    let repository = Repository::new();
    let outcome = repository.package().stage();
    assert_eq!(outcome.status(), Status::Fresh, "{outcome}");
    let workspace = repository.staged("Cargo.toml");
    let packaged = members(&workspace);
    for published in ["mms-types", "mms-client", "mms-sandbox", "mms-cli"] {
        assert!(packaged.contains(&published), "{packaged:?}");
    }
    for kept in ["mms-codegen", "xtask", "tests", "bench/client"] {
        assert!(members(WORKSPACE).contains(&kept) && !packaged.contains(&kept), "{packaged:?}");
    }
}

#[test]
fn the_package_of_the_client_has_the_generated_code_and_no_generator() {
    let repository = Repository::new();
    let outcome = repository.package().stage();
    assert_eq!(outcome.status(), Status::Fresh, "{outcome}");
    assert!(repository.staged("mms-client/generated/client.rs").contains("pub struct Client"));
    assert!(repository.staged("mms-client/generated/operations.rs").contains("create_child_organization"));
    assert!(repository.staged("mms-client/generated/servers.rs").contains("https://"));
    assert!(!repository.staged("mms-client/Cargo.toml").contains("mms-codegen"));
    assert!(!repository.staged("mms-client/build.rs").contains("mms_codegen"));
}

#[test]
fn the_last_commit_is_packaged_without_earlier_packages_and_the_work_tree_is_left_alone() {
    let repository = Repository::new();
    repository.write("mms-types/not_committed.rs", "");
    let manifest = fs::read_to_string(repository.root.path().join("mms-client/Cargo.toml")).unwrap();
    let old = repository.target.path().join("release-packages/0/package/old.crate");
    fs::create_dir_all(old.parent().unwrap()).unwrap();
    fs::write(&old, "").unwrap();
    // A second run finds what the first one left.
    for _ in 0..2 {
        assert!(repository.package().stage().is_fresh());
    }
    assert!(!old.exists(), "a package of an earlier commit is taken for one of this");
    assert!(!repository.package().staging().join("mms-types/not_committed.rs").exists());
    assert_eq!(fs::read_to_string(repository.root.path().join("mms-client/Cargo.toml")).unwrap(), manifest);
    assert!(!repository.root.path().join("mms-client/generated").exists());
}

#[test]
fn a_client_that_does_not_build_with_the_generator_is_refused() {
    let repository = Repository::new();
    repository.write("mms-client/Cargo.toml", "[package]\nname = \"mms-client\"\n");
    repository.commit();
    let outcome = repository.package().stage();
    assert_eq!(outcome.status(), Status::Invalid);
    assert!(
        outcome.error().starts_with("error: mms-client/Cargo.toml: no build-dependency on mms-codegen"),
        "{outcome}"
    );
}

#[test]
fn a_directory_without_a_repository_is_a_crash_that_names_git() {
    let (root, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let outcome = Package::new(root.path(), target.path()).stage();
    assert_eq!(outcome.status(), Status::Crashed);
    assert!(outcome.error().starts_with("error: git clone: "), "{outcome}");
}

#[test]
fn cargo_packages_the_clone_in_a_directory_of_its_commit() {
    let repository = Repository::new();
    let package = repository.package();
    assert!(package.stage().is_fresh());
    let command = package.command().unwrap();
    assert_eq!(command.get_current_dir(), Some(package.staging().as_path()));
    let arguments: Vec<&str> = command.get_args().filter_map(|argument| argument.to_str()).collect();
    let (target, options) = arguments.split_last().unwrap();
    assert_eq!(options, ["package", "--workspace", "--allow-dirty", "--target-dir"]);
    let commit = Path::new(target).strip_prefix(repository.target.path().join("release-packages")).unwrap();
    assert_eq!(commit.to_str().unwrap().len(), 12, "{commit:?}");
}
