//! Documents of an earlier revision, read through git.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report::Failure;

/// A commit of the workspace's repository.
#[derive(Debug)]
pub(crate) struct Revision {
    root: PathBuf,
    name: String,
    commit: String,
}

impl Revision {
    /// Finds the commit that git means by a name: a tag, a branch, a hash.
    pub(crate) fn find(root: &Path, name: &str) -> Result<Self, Failure> {
        let mut revision = Self { root: root.to_owned(), name: name.to_owned(), commit: String::new() };
        // An empty name would mean the index to `git show`: a document compared with itself.
        let commit = revision.git(&["rev-parse", "--verify", "--end-of-options", &format!("{name}^{{commit}}")])?;
        String::from_utf8_lossy(&commit).trim().clone_into(&mut revision.commit);
        Ok(revision)
    }

    /// Returns the name by which the revision was found.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Says whether the revision has a file.
    pub(crate) fn has(&self, path: &str) -> Result<bool, Failure> {
        let found = self.git(&["ls-tree", "--name-only", "--end-of-options", &self.commit, path])?;
        Ok(!found.is_empty())
    }

    /// Returns the text of a file of the revision.
    pub(crate) fn text(&self, path: &str) -> Result<String, Failure> {
        let text = self.git(&["show", "--end-of-options", &format!("{}:./{path}", self.commit)])?;
        String::from_utf8(text).map_err(|error| Failure::Invalid(format!("{}:{path}: not UTF-8: {error}", self.name)))
    }

    /// Runs git at the root and returns what it writes; a failure has the first line of why it does not.
    fn git(&self, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
        let crashed = |reason: String| Failure::Crashed(format!("revision {:?}: {reason}", self.name));
        let output = Command::new("git").current_dir(&self.root).env("LC_ALL", "C").args(arguments).output();
        let output = output.map_err(|error| crashed(format!("git cannot be run: {error}")))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let reason = String::from_utf8_lossy(&output.stderr);
        Err(crashed(format!("git {}: {}", arguments[0], reason.lines().next().unwrap_or("no reason given"))))
    }
}
