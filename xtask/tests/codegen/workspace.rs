//! Workspace of a test: the documents, and what is written from them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use mms_codegen::DocumentKind;
use serde_json::Value;
use tempfile::TempDir;
use xtask::codegen::Codegen;

/// The contract of this workspace.
pub(crate) const CONTRACT: &str = include_str!("../../../openapi/mms.yaml");
/// The document of the control side of this workspace.
pub(crate) const CONTROL: &str = include_str!("../../../openapi/sandbox.yaml");

/// A directory with an `openapi/` as the real one has it.
pub(crate) struct Workspace {
    directory: TempDir,
}

impl Workspace {
    /// Makes a workspace with the real documents and what is written from them.
    pub(crate) fn fresh() -> Self {
        let workspace = Self::with_contract(CONTRACT);
        let outcome = workspace.codegen().regenerate();
        assert!(outcome.is_fresh(), "{outcome}");
        workspace
    }

    /// Makes a workspace with a contract, the real control side, and nothing written from them.
    pub(crate) fn with_contract(text: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("openapi")).unwrap();
        let workspace = Self { directory };
        workspace.write(text);
        workspace.write_control(CONTROL);
        workspace
    }

    pub(crate) fn root(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn codegen(&self) -> Codegen {
        Codegen::new(self.root())
    }

    pub(crate) fn json(&self) -> PathBuf {
        self.root().join(DocumentKind::CONTRACT.json)
    }

    pub(crate) fn control_json(&self) -> PathBuf {
        self.root().join(DocumentKind::CONTROL.json)
    }

    /// Replaces the contract.
    pub(crate) fn write(&self, text: &str) {
        fs::write(self.root().join(DocumentKind::CONTRACT.yaml), text).unwrap();
    }

    /// Replaces the document of the control side.
    pub(crate) fn write_control(&self, text: &str) {
        fs::write(self.root().join(DocumentKind::CONTROL.yaml), text).unwrap();
    }

    /// Replaces a piece of the control side that stands in its document.
    pub(crate) fn edit_control(&self, from: &str, to: &str) {
        assert!(CONTROL.contains(from), "{from:?} is not in the document");
        self.write_control(&CONTROL.replacen(from, to, 1));
    }

    /// Replaces a piece of the contract that stands in it.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        assert!(CONTRACT.contains(from), "{from:?} is not in the contract");
        self.write(&CONTRACT.replacen(from, to, 1));
    }

    /// Returns content and time of change of every file.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        let entries = fs::read_dir(self.root().join("openapi")).unwrap();
        entries
            .map(|entry| {
                let path = entry.unwrap().path();
                let content = fs::read(&path).unwrap();
                let modified = fs::metadata(&path).unwrap().modified().unwrap();
                (path, (content, modified))
            })
            .collect()
    }

    /// Commits everything to git; the first commit makes the repository.
    pub(crate) fn commit(&self) {
        self.git(&["init", "--quiet"]);
        self.git(&["add", "--all"]);
        self.git(&["-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "c"]);
    }

    /// Runs git without the settings of this machine, and outside of whatever git may have started this test.
    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
        let output = git.current_dir(self.root()).args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Returns a document as a text that is YAML too.
pub(crate) fn text(document: &Value) -> String {
    serde_json::to_string_pretty(document).unwrap()
}

/// Returns the real contract as a document.
pub(crate) fn document() -> Value {
    mms_codegen::read_earlier(CONTRACT).unwrap()
}

/// Removes a key that is there.
pub(crate) fn remove(value: &mut Value, key: &str) -> Value {
    value.as_object_mut().unwrap().remove(key).unwrap()
}
