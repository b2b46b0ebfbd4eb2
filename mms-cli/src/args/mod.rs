//! Arguments of `mms`: one file a noun. Their comments are the help that users read, in plain text.

mod global;
pub(crate) mod help;
mod noun;
mod selection;
pub(crate) mod usage_error;
mod value;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{FromArgMatches, Parser, Subcommand};

pub(crate) use global::GlobalArgs;
pub(crate) use noun::{
    AllocateArgs, ApiArgs, ApplyArgs, AuthCommand, ChildCommand, CompletionArgs, ConfigCommand, CountryCommand,
    CreateArgs, CreateChildArgs, CreditsCommand, DEFAULT_FLEET, DoctorArgs, HelpArgs, HoldArgs, ImportArgs,
    LockCommand, LogArgs, LoginArgs, ManArgs, MoveArgs, OpenArgs, PlanArgs, PlanCommand, PlanShowArgs, PoolArgs,
    RegionCommand, RetireArgs, SandboxCommand, ServeArgs, SettleArgs, UndoArgs,
};
pub(crate) use selection::Selection;
pub(crate) use value::SettleTime;

const EXAMPLES: &str = "\
Examples:
  Try it without an account, on a sandbox that keeps its data between commands:
    mms --sandbox child list
    mms --sandbox child create --name 'Dorado Foods' --owner-name 'Ada Owner' \\
        --owner-email ada@dorado.example --region EU --country CZ --credits 20000

  Speak to a sandbox that serves others too:
    mms sandbox serve --data sandbox.db
    MAKE_API_KEY=00000000-0000-4000-8000-000000000011 \\
        mms --base-url http://127.0.0.1:8787/api/v2 --organization-id 11 child list

  Speak to Make:
    export MAKE_ZONE=eu1.make.com MMS_ORGANIZATION_ID=11
    export MMS_TOKEN_FILE=~/.config/mms/token
    mms status
    mms child list --output json
    mms child allocate 'Acme Bakery' 30000
    mms consumption --output csv > consumption.csv

Exit codes: see mms help exit-codes.";

/// Manage the child organizations of a Make distributor
///
/// Lists, creates and funds the child organizations of a distributor (Make Managed Services), and reports what they
/// consume. Speaks to Make, or with --sandbox to a stand-in on this machine.
#[derive(Debug, Parser)]
#[command(name = "mms", version, after_long_help = EXAMPLES, arg_required_else_help = true)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands, one noun each.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Child organizations: list, show, create, allocate, retire, settle
    #[command(subcommand)]
    Child(ChildCommand),
    /// What the child organizations have consumed since their last reset, worst first
    ///
    /// Joins the consumption with names and allocations. The order is by the share of the allocation that is used.
    Consumption(Selection),
    /// What the distributor can still hand out, and what its children hold
    Pool(PoolArgs),
    /// Credits between the children
    #[command(subcommand)]
    Credits(CreditsCommand),
    /// Write the fleet file from what exists: add, bind and mark, and never remove
    ///
    /// A child that the files do not name is added with its id, country and credits. An entry without an id gets that of
    /// the one child of its name. An entry whose child has another name by now, or is gone, gets a comment. Nothing else in the
    /// files changes, and a second import changes nothing. Nothing is sent but reads. What cannot be written is shown, to be
    /// written by hand.
    Import(ImportArgs),
    /// What would make the distributor as the fleet files ask, or a saved plan
    ///
    /// Reads files, list and pool, and shows every write in its order, what differs and cannot be changed, why an apply would
    /// refuse, and what becomes of the pool. Writes nothing. A child that no file names is never touched. Credits that end on a
    /// day are looked up for today, by the time zone of this machine.
    ///
    /// What an apply refuses is shown and leaves the exit code as it is; with --out it is 1, because such a plan is not saved.
    #[command(subcommand_precedence_over_arg = true)]
    Plan(PlanArgs),
    /// Make the distributor as the fleet files ask, or carry a saved plan out
    ///
    /// Settles what an earlier run left open, plans, shows the plan and asks. Then decreases are sent, and creates and increases
    /// by priority, several at a time where the pool bears it whichever of them ends first. A child that somebody else changed
    /// since the plan is left alone and reported, and the rest goes on. At the end everything is read back. The ids of new children
    /// are written into the files.
    ///
    /// It may be killed at any moment: the next run goes on where it stopped, and creates nothing twice. Ctrl-C lets what is under
    /// way end, twice stops at once. Another apply on this machine is waited for.
    Apply(ApplyArgs),
    /// What was written: who did what, when, with which answer
    ///
    /// Reads the journal, which has every write of this machine's commands but those of mms api, and takes it from nobody.
    /// Nothing is sent, and no token is needed. The newest stands last. A run is all that one command wrote; mms undo takes it
    /// back. An open write has no known outcome: the next command that writes looks what became of an allocation, and
    /// mms child settle what became of a create. Creates of versions that wrote no runs down have none.
    Log(LogArgs),
    /// Take a run back: give its children what they had before it
    ///
    /// Shows what would change, and asks. Each child is given what it had before the run, if it has what the run left; one that
    /// somebody changed since stops all of it, unless --skip-changed leaves it out. What the run created stays, for no
    /// organization can be deleted. It is a run of its own, so that it can be undone, too. Those that give credits back come
    /// first, and each child is looked at again before its write.
    Undo(UndoArgs),
    /// The lock of the journal: show, hold
    #[command(subcommand)]
    Lock(LockCommand),
    /// Regions that can host an organization
    #[command(subcommand)]
    Region(RegionCommand),
    /// Countries that an organization can belong to
    #[command(subcommand)]
    Country(CountryCommand),
    /// Where commands go, and what the organization and the token allow
    ///
    /// Shows the API's root, the organization with its pool, API limit and reset dates, the token's scopes, and which
    /// calls it lacks a scope for.
    Status,
    /// The page of the distributor or of a child in Make's web application
    ///
    /// Opens it in the browser, and prints its address; off a terminal, or with --print, it prints the address alone. An id is
    /// taken as it is, without a request and without a token, and its page is sought in the zone of the settings. A name is
    /// looked up, and the child's own zone counts. Who may see the page is Make's matter: of a child that is its owner,
    /// whom you named at its creation. Make documents no address; this is the one that its web application shows. A
    /// sandbox has no web application.
    Open(OpenArgs),
    /// Any path of the API, as it is: what the other commands do not know
    ///
    /// Sends one request with the token of the settings, at the pace of every other command, and writes the body of the
    /// answer as it came; on a terminal, and with -o json, it is laid out. A read is sent again where a read may be. A write
    /// shows what it sends and asks; it is sent once, and nobody looks what became of it: exit code 5 says that it may have
    /// been carried out. An answer that refuses is written, too, and then said as an error. The path counts from the root of
    /// the API and cannot leave it, so that the token goes to no other server.
    ///
    /// A POST of a child organization keeps no journal and looks for no child of the same name, and a PATCH of one looks at
    /// nothing: `mms child create` and `mms child allocate` do.
    Api(ApiArgs),
    /// Check what the other commands need, and what changed since the last look
    ///
    /// Checks configuration, rights of files, journal, connection, clock, token, limit, distributor and children, a line each:
    /// ok, warning, problem, or skipped where it depends on one that failed. A check that is not ok says what to do. It
    /// sends five requests, one more for each further page of the children, and says at the end how many.
    ///
    /// What it saw is kept, and the next look says what changed since: a token that is refused, a scope that is gone, a
    /// distributor that is no longer visible, a child that vanished from the list, changed or is new. A child counts as vanished
    /// if a list that is proven whole lacks it twice. With --watch it goes on looking; once a day from cron does the same.
    ///
    /// Exit code 9 says that access was lost since the last look; else that of the first problem counts, see mms help
    /// exit-codes: 2 for settings and files, 4 for the token, 5 for a create without a known outcome, 7 for what is not there, 8 for what may
    /// pass, 1 for the rest. A token that is refused counts before a create without a known outcome. Warnings leave it 0.
    Doctor(DoctorArgs),
    /// A stand-in for Make on this machine
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    /// Who commands speak as: login, status, logout, token
    #[command(subcommand)]
    Auth(AuthCommand),
    /// Settings and profiles: show, set, unset, edit, path, profiles
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the completions of a shell
    ///
    /// They complete commands, flags and their values. Load them as the shell does: bash from
    /// ~/.local/share/bash-completion/completions/mms, zsh from a directory of $fpath as _mms, fish from
    /// ~/.config/fish/completions/mms.fish. With --dynamic they know names, too, and are to be loaded anew with each version
    /// of mms: source <(mms completion bash --dynamic) in ~/.bashrc.
    Completion(CompletionArgs),
    /// Write the man pages into a directory
    Man(ManArgs),
    /// Help on a topic or a command
    ///
    /// Topics: exit-codes, environment, output, sandbox, safety.
    Help(HelpArgs),
}

impl Cli {
    /// Reads the words of a command line. The help that stands below the commands is made only where clap has something to say: it
    /// takes longer than to read the words.
    pub(crate) fn parse_from_words(words: &[OsString]) -> Result<Self, clap::Error> {
        let matches = match help::bare_command_line().try_get_matches_from(words) {
            Err(error) if error.kind() != ErrorKind::DisplayVersion => {
                help::command_line_for(words).try_get_matches_from(words)?
            }
            outcome => outcome?,
        };
        Self::from_arg_matches(&matches)
    }

    /// Says how much is traced. A server leaves a line for each request unless it is told to be quiet.
    pub(crate) fn verbosity(&self) -> u8 {
        self.global.verbose.max(u8::from(self.is_server() && !self.global.quiet))
    }

    /// Says whether the command is a server itself.
    pub(crate) const fn is_server(&self) -> bool {
        matches!(self.command, Command::Sandbox(SandboxCommand::Serve(_)))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
