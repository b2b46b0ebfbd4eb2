//! The arguments of `mms`. Their comments are the help that users read, in plain text.

#![expect(clippy::doc_markdown, reason = "a terminal shows backticks as they are")]

pub(crate) mod settle_time;
pub(crate) mod usage_error;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use mms_client::IntentId;
use mms_types::{EmailAddress, Operations, OperationsError, OrganizationId, OrganizationName, UserName};

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

Exit codes:
  0  done
  1  refused or failed, nothing changed
  2  used wrongly, nothing sent
  4  not authorized: no token, or one that the server refuses
  5  a write may have been done: look before running the command again; for a create, see mms child settle";

/// Manage the child organizations of a Make distributor
///
/// Lists, creates and funds the child organizations of a distributor (Make Managed Services), and reports what they
/// consume. Speaks to Make, or with --sandbox to a stand-in on this machine.
#[derive(Debug, Parser)]
#[command(name = "mms", version, after_long_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes, before or after its name; of a repeated one the last counts, so that an alias can be overruled.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Speak to a sandbox on this machine, kept in FILE until you remove it [default: mms/sandbox.db in the user's
    /// data directory]
    #[arg(long, global = true, overrides_with = "sandbox", value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "clap's form of a flag whose value may be left out")]
    pub(crate) sandbox: Option<Option<PathBuf>>,

    /// Make's zone, such as eu1.make.com [env: MAKE_ZONE]
    #[arg(long, global = true, overrides_with = "zone", value_name = "HOST")]
    pub(crate) zone: Option<String>,

    /// Root of the API of any other server, in place of a zone [env: MMS_BASE_URL, which goes before MAKE_ZONE]
    #[arg(long, global = true, overrides_with = "base_url", value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Let --base-url send the token in plain HTTP to a host that is not this machine
    #[arg(long, global = true, overrides_with = "allow_http")]
    pub(crate) allow_http: bool,

    /// The distributor [env: MMS_ORGANIZATION_ID; with --sandbox that does not count, and it is 11 by default]
    #[arg(long, global = true, overrides_with = "organization_id", value_name = "ID", allow_hyphen_values = true)]
    pub(crate) organization_id: Option<OrganizationId>,

    /// File that holds the token, or - for standard input [env: MMS_TOKEN_FILE; or the token in MAKE_API_KEY]
    #[arg(long, global = true, overrides_with = "token_file", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,

    /// Directory of what outlives a command: the journal of creates, and when requests were sent [env: MMS_STATE_DIR]
    /// [default: mms in the user's state directory; a sandbox's journal lies beside its file]
    #[arg(long, global = true, overrides_with = "state_dir", value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,

    /// How long one request may take, with its turn, its attempts and the waits between them; after it the command says so
    #[arg(long, global = true, overrides_with = "timeout", value_name = "SECONDS", default_value_t = 120)]
    #[arg(value_parser = seconds_from_1, allow_negative_numbers = true)]
    pub(crate) timeout: u32,

    /// How data is written to standard output
    #[arg(short, long, global = true, overrides_with = "output", value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,

    /// Do what is asked without asking back
    #[arg(short, long, global = true, overrides_with = "yes")]
    pub(crate) yes: bool,

    /// When to use colour
    #[arg(long, global = true, overrides_with = "color", value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    /// Show what the client does; twice or three times for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Leave out notes, and a server's lines about requests; data, warnings, questions and errors stay
    #[arg(short, long, global = true, overrides_with = "quiet")]
    pub(crate) quiet: bool,
}

/// The longest time that a flag takes, in seconds: a day.
const LONGEST: u32 = 86_400;

/// How data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people
    Table,
    /// The API's own field names and types
    Json,
    /// The API's own field names in a header line
    Csv,
}

/// When colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// In files and pipes too
    Always,
    /// Nowhere
    Never,
}

/// The commands, one noun each.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Child organizations: list, show, create, allocate, settle
    #[command(subcommand)]
    Child(ChildCommand),
    /// What the child organizations have consumed since their last reset, worst first
    ///
    /// Joins the consumption with names and allocations. The order is by the share of the allocation that is used.
    Consumption,
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
    /// A stand-in for Make on this machine
    #[command(subcommand)]
    Sandbox(SandboxCommand),
}

/// What can be done with child organizations.
#[derive(Debug, Subcommand)]
pub(crate) enum ChildCommand {
    /// List the child organizations
    List,
    /// Show one child organization with its consumption
    Show {
        /// The child's id or name; id:X or name:X says which, where one child's id is another's name
        #[arg(value_name = "ID|NAME")]
        child: String,
    },
    /// Create a child organization, which can never be deleted
    ///
    /// Shows what would be created, and asks. A child whose name exists already is refused; that is looked up before
    /// sending, so that another program at the same moment can still create it too. The intent is written down before
    /// anything is sent, and the create is sent once: again only after a 429, or where no connection came about, which
    /// are taken for proof that the server did nothing. Where no usable answer comes the child is looked for; if exactly
    /// one new child fits, it is taken for it. Exit code 5 says that the child may exist: see `mms child settle`. A
    /// create of the same name that an earlier run left open is settled in place of a new one.
    Create(CreateArgs),
    /// Set the allocation of a child organization
    ///
    /// Shows allocation and pool before and after, and asks. Nothing is sent if the child's allocation changed in
    /// between. Where no usable answer comes the child is read again, at once and after 2 s and 8 s; while it has what it had
    /// before, the same total is sent again, three times in all.
    Allocate(AllocateArgs),
    /// Find out what became of creates that got no usable answer
    ///
    /// Looks for the child of every create of this distributor that has no known outcome, because no usable answer came
    /// or its command died. Sends nothing but reads. Exit code 5 says that one is still unknown: look for the child in
    /// Make, and then say what you found, with --intent and --child or --give-up.
    Settle(SettleArgs),
}

/// What a create needs.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// Name of the child organization
    #[arg(long)]
    pub(crate) name: OrganizationName,
    /// Name of its owner
    #[arg(long, value_name = "NAME")]
    pub(crate) owner_name: UserName,
    /// E-mail address of its owner, with or without a Make account
    #[arg(long, value_name = "EMAIL")]
    pub(crate) owner_email: EmailAddress,
    /// Region that hosts it, for ever: id or name, also as id:X or name:X, see `mms region list`
    #[arg(long, allow_negative_numbers = true)]
    pub(crate) region: String,
    /// Its country: id, name, or ISO code of two or three letters, also as id:X or name:X, see `mms country list`
    #[arg(long, allow_negative_numbers = true)]
    pub(crate) country: String,
    /// Its first allocation, a multiple of 10000 or 0, taken from the distributor's pool
    #[arg(long, value_parser = credits, allow_hyphen_values = true)]
    pub(crate) credits: Operations,
    /// Create it even if a child has this name, or one that reads the same
    #[arg(long)]
    pub(crate) allow_duplicate_name: bool,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// How patiently the child of a create is looked for.
#[derive(Debug, Args)]
pub(crate) struct WaitArgs {
    /// How long to go on looking for a child whose create went unanswered; 0 looks once. A create at which looking stopped
    /// before is looked at once, and none is given up before it is that old. Another command that has the journal is waited
    /// for as long as that, and --timeout
    #[arg(long, value_name = "SECONDS", default_value_t = 212)]
    #[arg(value_parser = seconds_from_0, allow_negative_numbers = true)]
    pub(crate) settle_wait: u32,
}

/// What settling takes.
#[derive(Debug, Args)]
pub(crate) struct SettleArgs {
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
    /// Decide by hand about this one create, after you have looked
    #[arg(long, value_name = "ID", requires = "decision")]
    pub(crate) intent: Option<IntentId>,
    /// With --intent: it became this child, by id or name; id:X or name:X says which
    #[arg(long, value_name = "ID|NAME", requires = "intent", group = "decision")]
    pub(crate) child: Option<String>,
    /// With --intent: it came to nothing, so that its name may be created again. If its request arrives after all, there
    /// are two children for ever
    #[arg(long, requires_all = ["intent", "reason"], group = "decision")]
    pub(crate) give_up: bool,
    /// Why you decide so, for those who read the journal later
    #[arg(long, value_name = "TEXT", requires = "intent", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) reason: Option<String>,
}

/// What a change of an allocation needs.
#[derive(Debug, Args)]
pub(crate) struct AllocateArgs {
    /// The child's id or name; id:X or name:X says which, where one child's id is another's name
    #[arg(value_name = "ID|NAME")]
    pub(crate) child: String,
    /// The child's new total, not a difference: a multiple of 10000, or 0
    #[arg(value_parser = credits, allow_negative_numbers = true)]
    pub(crate) credits: Operations,
    /// Allow a total below what the child has consumed, or may have, which may pause its scenarios
    #[arg(long)]
    pub(crate) allow_pause: bool,
}

/// What can be done with regions.
#[derive(Debug, Subcommand)]
pub(crate) enum RegionCommand {
    /// List the regions
    List,
}

/// What can be done with countries.
#[derive(Debug, Subcommand)]
pub(crate) enum CountryCommand {
    /// List the countries with their ISO codes
    List,
}

/// What can be done with the sandbox itself.
#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Run the sandbox alone until it is interrupted, and print its base URL and token
    Serve(ServeArgs),
}

/// Where a sandbox listens and what it keeps.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    #[arg(value_parser = address, allow_hyphen_values = true)]
    pub(crate) listen: SocketAddr,
    /// File that keeps the data [default: memory, forgotten at the end]
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    /// Make an answered write survive a power cut too, not only the end of the process
    #[arg(long, requires = "data")]
    pub(crate) durable: bool,
    /// Begin with the distributors, tokens and children of this file, YAML or .json; a data file that has some keeps them
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// Set how the sandbox behaves where Make leaves it open, such as paging=ignored; may be repeated
    #[arg(long, value_name = "SWITCH=VALUE", value_parser = switch)]
    pub(crate) set: Vec<(String, String)>,
    /// Let the clock stand still, at TIME such as 2026-11-01T00:00:00Z or at the time of the start; a data file that has a
    /// state keeps its time
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "clap's form of a flag whose value may be left out")]
    pub(crate) freeze_clock: Option<Option<String>>,
    /// Answer to this host name too; may be repeated [default: only the names and addresses of this machine]
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
}

/// Cuts a switch from its value.
fn switch(text: &str) -> Result<(String, String), String> {
    let cut = text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty());
    cut.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("{text:?} is not a switch, an equals sign and a value"))
}

/// Reads how long something may take.
fn seconds_from_1(text: &str) -> Result<u32, String> {
    seconds(text, 1)
}

/// Reads how long something may take, or that it is not to be waited for.
fn seconds_from_0(text: &str) -> Result<u32, String> {
    seconds(text, 0)
}

/// Reads seconds, up to a day.
fn seconds(text: &str, least: u32) -> Result<u32, String> {
    let read = text.parse().ok().filter(|seconds| (least..=LONGEST).contains(seconds));
    read.ok_or_else(|| format!("{text:?} is not a time: expected whole seconds from {least} to {LONGEST}"))
}

/// Reads an allocation. What the flags call credits the API calls operations.
fn credits(text: &str) -> Result<Operations, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        let step = Operations::STEP;
        return Err(format!("{text:?} is not a number of credits: expected a multiple of {step}, such as 20000"));
    }
    text.parse().map_err(|error: OperationsError| error.to_string())
}

/// Reads an address with its port, and names the text that is none.
fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not an address with a port"))
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
