//! World of a test: a user's directories and environment, and nothing of the machine's.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use regex::Regex;
use tempfile::TempDir;

use crate::support::fake_make::FakeMake;

/// The token of a sandbox's first start.
pub(crate) const TOKEN: &str = "00000000-0000-4000-8000-000000000011";

/// Address of a bus that is not there, and no keyring with it.
const NO_BUS: &str = "unix:path=/nonexistent";

/// A create that looks once for its child where no usable answer comes.
pub(crate) const CREATE: &str = "child create --name Dorado --owner-name Ada --owner-email ada@dorado.example \
    --region EU --country CZ --credits 10000 --settle-wait 0 --yes --quiet";

/// A change of the allocation of the first child.
pub(crate) const ALLOCATE: &str = "child allocate Acme 20000 -y -q";

/// Splits a command line without quotes into its words.
pub(crate) fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().collect()
}

/// What differs from run to run, and what stands for it in a snapshot.
static VARYING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"127\.0\.0\.1:[0-9]+", "127.0.0.1:[PORT]"),
        (r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "[TIME]"),
        (r"[0-9]+\.[0-9] s\)", "[ELAPSED])"),
        (r"until [0-9]{2}:[0-9]{2}:[0-9]{2}", "until [CLOCK]"),
        (r"within [0-9]+ ms", "within [RTT]"),
        (r"[0-9a-f]{32}", "[INTENT]"),
        (r", [0-9]+ s ago", ", [AGE] ago"),
        (r"mms [0-9]+\.[0-9]+\.[0-9]+", "mms [VERSION]"),
        (r"commit [0-9a-f]{7,}(-dirty)?, ", ""),
    ]
    .into_iter()
    .map(|(pattern, name)| (Regex::new(pattern).unwrap(), name))
    .collect()
});

/// A home directory and an environment.
pub(crate) struct World {
    directory: TempDir,
    variables: Vec<(String, String)>,
}

impl World {
    /// Makes an empty world.
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    /// Makes a world that speaks to a server and has all that it needs.
    pub(crate) fn of(server: &FakeMake) -> Self {
        let world = Self::new().with("MMS_BASE_URL", server.base_url());
        world.with("MMS_ORGANIZATION_ID", "11").with("MAKE_API_KEY", TOKEN)
    }

    /// Sets an environment variable for all commands to come.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// Returns the path of a file in this world.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file that only its owner can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        set_mode(&path, 0o600);
        path
    }

    /// Returns `mms`, ready to be run in this world.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mms"));
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env_clear()
            .env("HOME", self.directory.path())
            .env("XDG_DATA_HOME", self.path("data"))
            // No keyring is that of the machine.
            .env("DBUS_SESSION_BUS_ADDRESS", NO_BUS)
            .envs(self.variables.iter().cloned());
        command
    }

    /// Runs `mms` and returns what a user sees of it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Seen {
        self.seen(&mut self.command(arguments))
    }

    /// Runs `mms` with a command line without quotes.
    pub(crate) fn run_line(&self, command: &str) -> Seen {
        self.run(&words(command))
    }

    /// Runs a command, without a terminal, and returns what a user sees of it.
    pub(crate) fn seen(&self, command: &mut Command) -> Seen {
        self.ended(command.output().unwrap())
    }

    /// Returns what a user sees of a command that has ended.
    pub(crate) fn ended(&self, output: Output) -> Seen {
        Seen {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            directory: self.directory.path().to_owned(),
        }
    }
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    directory: PathBuf,
}

impl Seen {
    /// Reads standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// All three together, without what differs from run to run.
impl std::fmt::Display for Seen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, stdout, stderr, directory } = self;
        let text = format!("exit: {code}\n----- stdout -----\n{stdout}----- stderr -----\n{stderr}");
        formatter.write_str(&comparable(&text, directory))
    }
}

/// Returns a text without what differs from run to run.
pub(crate) fn comparable(text: &str, home: &Path) -> String {
    let mut text = text.replace(home.display().to_string().trim_end_matches('/'), "[HOME]");
    for (pattern, name) in VARYING.iter() {
        text = pattern.replace_all(&text, *name).into_owned();
    }
    text
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_: &Path, _: u32) {}
