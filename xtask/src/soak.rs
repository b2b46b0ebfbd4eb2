//! `cargo xtask soak`: the tests that `cargo test` runs in a short form, in their full form.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::process::Command;

use clap::ValueEnum;

/// What is tested: a promise, with every test that holds it against chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Kills a sandbox under load and compares what it answered with what is there.
    Sandbox,
    /// Create-once under 100,000 schedules of faults, full disks and deaths, and the stock retry rule as control.
    Create,
    /// The file journal, cut at each byte of its last record.
    Journal,
    /// The pace against every way of counting, and a token bucket as control.
    Pace,
    /// Calls dropped at random, in memory and over sockets.
    Cancellation,
    /// Plans of 1,000,000 random fleets, applied in random orders.
    Plan,
    /// Applies that are killed, on a distributor that loses answers, in memory; and `mms apply` killed 500 times.
    Apply,
    /// Kills `mms child create` at every network step, at every system call (with strace) and at random times.
    Command,
}

/// Tests of one binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The package.
    pub package: &'static str,
    /// The integration test that they are in; the library without one.
    pub binary: Option<&'static str>,
    /// Where their modules are, below the root of the workspace.
    pub folder: &'static str,
    /// Their full names.
    pub tests: &'static [&'static str],
    /// How often they kill something, unless that is said; by their own number without it.
    pub kills: Option<u64>,
}

const CLIENT: Run = Run { package: "mms-client", binary: None, folder: "mms-client/src", tests: &[], kills: None };
const SANDBOX: Run = Run {
    package: "mms-sandbox",
    binary: Some("soak"),
    folder: "mms-sandbox/tests/soak",
    tests: &[],
    kills: Some(100),
};
const CONTRACT: Run =
    Run { package: "mms-tests", binary: Some("contract"), folder: "tests/contract", tests: &[], kills: None };
const FLEET: Run =
    Run { package: "mms-fleet", binary: Some("plan"), folder: "mms-fleet/tests/plan", tests: &[], kills: None };
const APPLY: Run =
    Run { package: "mms-fleet", binary: Some("apply"), folder: "mms-fleet/tests/apply", tests: &[], kills: None };
const COMMAND: Run =
    Run { package: "mms-cli", binary: Some("cli"), folder: "mms-cli/tests/cli", tests: &[], kills: None };

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sandbox => "sandbox",
            Self::Create => "create",
            Self::Journal => "journal",
            Self::Pace => "pace",
            Self::Cancellation => "cancellation",
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Command => "command",
        })
    }
}

/// What is run, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soak {
    /// The parts; all without one.
    pub parts: Vec<Part>,
    /// How often the sandbox is killed, 100 times without it; or the command at random times, 500 times for each server.
    pub kills: Option<u64>,
    /// Whether the sandbox waits for the disk at every commit.
    pub durable: bool,
    /// Where chance begins; without it the sandbox's load is new each time, and everything else begins at 0.
    pub seed: Option<u64>,
}

impl Soak {
    /// Returns the parts that are run, in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        if self.parts.is_empty() { Part::value_variants() } else { &self.parts }
    }

    /// Returns the tests of a part.
    #[must_use]
    pub fn runs(&self, part: Part) -> Vec<Run> {
        match part {
            Part::Sandbox if self.durable => {
                vec![Run { tests: &["an_answered_write_survives_a_kill_of_a_durable_sandbox"], ..SANDBOX }]
            }
            Part::Sandbox => vec![Run { tests: &["an_answered_write_survives_a_kill"], ..SANDBOX }],
            Part::Create => vec![Run {
                tests: &[
                    "write::create_once::simulation::no_schedule_of_faults_and_deaths_makes_a_duplicate_and_every_report_is_right",
                    "write::create_once::simulation::the_retry_rule_of_the_generated_client_makes_duplicates_on_the_same_schedules",
                ],
                ..CLIENT
            }],
            Part::Journal => vec![Run {
                tests: &[
                    "write::create_once::journalled::a_journal_cut_at_any_byte_of_its_last_record_loses_no_child_and_makes_no_second_one",
                ],
                ..CLIENT
            }],
            Part::Pace => vec![Run {
                tests: &[
                    "pace::simulation::no_way_of_counting_ever_refuses_the_pace_and_little_time_is_lost",
                    "pace::simulation::slow_answers_few_workers_and_quiet_times_are_no_reason_to_be_refused",
                    "pace::simulation::a_token_bucket_is_refused_by_everything_but_a_bucket",
                ],
                ..CLIENT
            }],
            Part::Cancellation => vec![
                Run {
                    tests: &[
                        "http::attempts::tests::cancellation::calls_dropped_at_any_point_leave_no_permit_no_place_and_no_sleep_behind",
                    ],
                    ..CLIENT
                },
                Run {
                    tests: &["cancellation::calls_dropped_at_any_point_leave_no_connection_and_no_task_behind"],
                    ..CONTRACT
                },
            ],
            Part::Plan => {
                vec![Run { tests: &["properties::no_plan_of_a_random_fleet_breaks_a_promise"], ..FLEET }]
            }
            Part::Apply => vec![
                Run {
                    tests: &[
                        "chaos::an_apply_that_is_killed_at_random_moments_ends_as_the_file_asks_without_a_duplicate",
                        "chaos::lost_answers_refusals_and_lagging_lists_change_nothing_of_that",
                        "chaos::five_hundred_deaths_cost_few_writes_more_than_the_least",
                    ],
                    ..APPLY
                },
                Run {
                    tests: &[
                        "fleet::killed_apply::an_apply_that_is_killed_again_and_again_ends_as_its_file_asks_without_a_duplicate",
                    ],
                    ..COMMAND
                },
            ],
            Part::Command => vec![Run {
                tests: &["killed::a_create_that_dies_at_any_call_or_time_is_settled_by_the_next_command"],
                ..COMMAND
            }],
        }
    }

    /// Returns the call of cargo that runs tests in the workspace at `root`, in release mode.
    #[must_use]
    pub fn command(&self, run: &Run, root: &Path) -> Command {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command.current_dir(root).args(["test", "--quiet", "--release", "--package", run.package]);
        match run.binary {
            Some(binary) => command.args(["--test", binary]),
            None => command.arg("--lib"),
        };
        command.args(["--", "--exact", "--nocapture"]).args(run.tests).env("MMS_SOAK", "1");
        if let Some(kills) = self.kills.or(run.kills) {
            command.env("MMS_SOAK_KILLS", kills.to_string());
        }
        if let Some(seed) = self.seed {
            command.env("MMS_SOAK_SEED", seed.to_string());
        }
        command
    }
}
