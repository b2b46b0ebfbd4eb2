//! `cargo xtask soak`: the durability test of mms-sandbox in its full form.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// How the test is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Soak {
    /// How often the sandbox is killed.
    pub kills: u64,
    /// Whether the sandbox waits for the disk at every commit.
    pub durable: bool,
    /// What the load is drawn from; a new number each time without one.
    pub seed: Option<u64>,
}

impl Soak {
    /// Returns the name of the test.
    #[must_use]
    pub fn test(&self) -> &'static str {
        if self.durable {
            "an_answered_write_survives_a_kill_of_a_durable_sandbox"
        } else {
            "an_answered_write_survives_a_kill"
        }
    }

    /// Returns the call of cargo that runs the test in the workspace at `root`, in release mode.
    #[must_use]
    pub fn command(&self, root: &Path) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command
            .current_dir(root)
            .args(["test", "--quiet", "--release", "--package", "mms-sandbox", "--test", "soak"])
            .args(["--", "--exact", self.test(), "--nocapture"])
            .env("MMS_SOAK_KILLS", self.kills.to_string());
        if let Some(seed) = self.seed {
            command.env("MMS_SOAK_SEED", seed.to_string());
        }
        command
    }
}
