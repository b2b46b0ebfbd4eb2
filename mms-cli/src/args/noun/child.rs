//! Arguments of `mms child`.

use clap::{Args, Subcommand};
use mms_client::IntentId;
use mms_types::{EmailAddress, Operations, OrganizationName, UserName};

use super::fleet::{AllocationTableArgs, CreateTableArgs};
use crate::args::selection::Selection;
use crate::args::value::SettleTime;
use crate::args::value::parser;

/// What can be done with child organizations.
#[derive(Debug, Subcommand)]
pub(crate) enum ChildCommand {
    /// List the child organizations
    ///
    /// Their consumption is read only where the selection or a column needs it. On a terminal the totals stand below.
    List(Selection),
    /// Show child organizations with their consumption
    Show {
        /// A child's id, its name, the beginning of its name or a part of it; id:X or name:X says which, where one child's
        /// id is another's name
        #[arg(value_name = "ID|NAME", required = true)]
        children: Vec<String>,
    },
    /// Create a child organization, which can never be deleted
    ///
    /// Shows what would be created, and asks. A child whose name exists already is refused; that is looked up at most 2 s
    /// before sending, so that another program at the same moment can still create it too. The intent is written down
    /// before anything is sent. After a 429, or where no connection came about, the list is read again, and the create is
    /// sent again only if the pool proves that nothing came of it. Where no usable answer comes the child is looked for;
    /// if exactly one new child fits, it is taken for it. Exit code 5 says that the child may exist: see `mms child settle`. A
    /// create of the same name that an earlier run left open is settled in place of a new one.
    ///
    /// With --from it creates the children of a table, one after the other, at the pace that the limit allows. The table is
    /// checked whole before the first request. A row whose child exists is left as it is, so that the command can be run again
    /// after a failure, or on another day, and goes on where it stopped.
    Create(CreateChildArgs),
    /// Set the allocations of child organizations
    ///
    /// CREDITS is a new total, such as 30000, or a difference, such as +10000 or -10000. Of several children those that give
    /// credits back come first. Shows allocation and pool before and after, and asks. Nothing is sent if the child's allocation changed in
    /// between, or if its name belongs to another child by now. After a 429 it is read again, too. Where no usable answer comes the child is read again, at once and after 2 s and 8 s; while it has what it had
    /// before, the same total is sent again, three times in all.
    /// Each change is written down before it is sent, and mms log shows it; what a command that died left open is found out
    /// first.
    ///
    /// With --from it makes the changes of a table, several at once as far as the pool has the credits. A child that somebody
    /// else changed meanwhile is told, and the rest goes on.
    Allocate(AllocateArgs),
    /// Take all credits from child organizations, and say what is left to do in Make
    ///
    /// Their scenarios pause. A child organization can never be deleted; what else there is to do is the web application's.
    Retire(RetireArgs),
    /// Find out what became of creates that got no usable answer
    ///
    /// Looks for the child of every create of this distributor that has no known outcome, because no usable answer came
    /// or its command died. Sends nothing but reads. Exit code 5 says that one is still unknown: look for the child in
    /// Make, and then say what you found, with --intent and --child or --give-up.
    Settle(SettleArgs),
}

/// Arguments of a create: of one child, or of those of a table.
#[derive(Debug, Args)]
#[command(override_usage = "mms child create [OPTIONS] --name <NAME> --owner-name <NAME> --owner-email <EMAIL> \
    --region <REGION> --country <COUNTRY> --credits <CREDITS>\n       \
    mms child create [OPTIONS] --from <FILE>")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct CreateChildArgs {
    /// Name of the child organization
    #[arg(long, required_unless_present = "from")]
    pub(crate) name: Option<OrganizationName>,
    /// Name of its owner
    #[arg(long, value_name = "NAME", required_unless_present = "from")]
    pub(crate) owner_name: Option<UserName>,
    /// E-mail address of its owner, with or without a Make account
    #[arg(long, value_name = "EMAIL", required_unless_present = "from")]
    pub(crate) owner_email: Option<EmailAddress>,
    /// Region that hosts it, for ever: id or name, also as id:X or name:X, see `mms region list`
    #[arg(long, allow_negative_numbers = true, required_unless_present = "from")]
    pub(crate) region: Option<String>,
    /// Its country: id, name, or ISO code of two or three letters, also as id:X or name:X, see `mms country list`
    #[arg(long, allow_negative_numbers = true, required_unless_present = "from")]
    pub(crate) country: Option<String>,
    /// Its first allocation, a multiple of 10000 or 0, taken from the distributor's pool
    #[arg(long, value_parser = parser::credits, allow_hyphen_values = true, required_unless_present = "from")]
    pub(crate) credits: Option<Operations>,
    /// Be content with a child that has this name already: exit code 0, and "existed" as the outcome
    #[arg(long, conflicts_with = "allow_duplicate_name")]
    pub(crate) if_absent: bool,
    /// Create it even if a child has a name that looks like this one, as Acme-Bakery looks like Acme Bakery
    #[arg(long)]
    pub(crate) allow_similar_name: bool,
    /// Create it even if a child has this name, or one that reads the same
    #[arg(long)]
    pub(crate) allow_duplicate_name: bool,
    /// Do everything but the create itself
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) table: CreateTableArgs,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// Create of one child, with all that it needs.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct CreateArgs {
    pub(crate) name: OrganizationName,
    pub(crate) owner_name: UserName,
    pub(crate) owner_email: EmailAddress,
    pub(crate) region: String,
    pub(crate) country: String,
    pub(crate) credits: Operations,
    pub(crate) if_absent: bool,
    pub(crate) allow_similar_name: bool,
    pub(crate) allow_duplicate_name: bool,
    pub(crate) dry_run: bool,
    pub(crate) wait: WaitArgs,
}

impl CreateChildArgs {
    /// Returns the create of one child; nothing where a flag is missing, which only a table makes up for.
    pub(crate) fn one(&self) -> Option<CreateArgs> {
        Some(CreateArgs {
            name: self.name.clone()?,
            owner_name: self.owner_name.clone()?,
            owner_email: self.owner_email.clone()?,
            region: self.region.clone()?,
            country: self.country.clone()?,
            credits: self.credits?,
            if_absent: self.if_absent,
            allow_similar_name: self.allow_similar_name,
            allow_duplicate_name: self.allow_duplicate_name,
            dry_run: self.dry_run,
            wait: self.wait,
        })
    }
}

/// Time for which the child of a create is looked for.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct WaitArgs {
    /// How long to go on looking for a child whose create went unanswered; 0 looks once. A create at which looking stopped
    /// before is looked at once, and none is given up before it is that old. Another command that has the journal is waited
    /// for as long as that, and --timeout
    #[arg(long, value_name = "SECONDS", default_value = SettleTime::DEFAULT)]
    #[arg(value_parser = SettleTime::parse, allow_negative_numbers = true)]
    pub(crate) settle_wait: SettleTime,
}

/// Arguments of settling.
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

/// Arguments of changes of allocations.
#[derive(Debug, Args)]
#[command(override_usage = "mms child allocate [OPTIONS] <CHILD> <CREDITS>\n       \
    mms child allocate [OPTIONS] <CHILD=CREDITS>...\n       \
    mms child allocate [OPTIONS] --from <FILE>")]
pub(crate) struct AllocateArgs {
    /// A child and its credits, or several as CHILD=CREDITS. A child is its id or whole name; id:X or name:X says which,
    /// where one child's id is another's name. Credits are a multiple of 10000 or 0, or a difference with its sign
    #[arg(value_name = "CHILD CREDITS", required_unless_present = "from", allow_negative_numbers = true)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) table: AllocationTableArgs,
    #[command(flatten)]
    pub(crate) write: ChangeArgs,
}

/// Arguments of every change of allocations.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ChangeArgs {
    /// Allow a total below what a child has consumed, or may have, which may pause its scenarios
    #[arg(long)]
    pub(crate) allow_pause: bool,
    /// Do everything but the change itself
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Arguments of a retirement.
#[derive(Debug, Args)]
pub(crate) struct RetireArgs {
    /// A child's id or whole name; id:X or name:X says which, where one child's id is another's name
    #[arg(value_name = "ID|NAME", required = true)]
    pub(crate) children: Vec<String>,
    /// Do everything but the change itself
    #[arg(long)]
    pub(crate) dry_run: bool,
}
