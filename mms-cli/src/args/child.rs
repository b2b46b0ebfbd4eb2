//! Arguments of `mms child`.

use clap::{Args, Subcommand};
use mms_client::IntentId;
use mms_types::{EmailAddress, Operations, OrganizationName, UserName};

use super::settle_time::SettleTime;
use super::value_parser;

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
    /// Shows what would be created, and asks. A child whose name exists already is refused; that is looked up at most 2 s
    /// before sending, so that another program at the same moment can still create it too. The intent is written down
    /// before anything is sent. After a 429, or where no connection came about, the list is read again, and the create is
    /// sent again only if the pool proves that nothing came of it. Where no usable answer comes the child is looked for;
    /// if exactly one new child fits, it is taken for it. Exit code 5 says that the child may exist: see `mms child settle`. A
    /// create of the same name that an earlier run left open is settled in place of a new one.
    Create(CreateArgs),
    /// Set the allocation of a child organization
    ///
    /// Shows allocation and pool before and after, and asks. Nothing is sent if the child's allocation changed in
    /// between, or if its name belongs to another child by now. After a 429 it is read again, too. Where no usable answer comes the child is read again, at once and after 2 s and 8 s; while it has what it had
    /// before, the same total is sent again, three times in all.
    Allocate(AllocateArgs),
    /// Find out what became of creates that got no usable answer
    ///
    /// Looks for the child of every create of this distributor that has no known outcome, because no usable answer came
    /// or its command died. Sends nothing but reads. Exit code 5 says that one is still unknown: look for the child in
    /// Make, and then say what you found, with --intent and --child or --give-up.
    Settle(SettleArgs),
}

/// Arguments of a create.
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
    #[arg(long, value_parser = value_parser::credits, allow_hyphen_values = true)]
    pub(crate) credits: Operations,
    /// Create it even if a child has this name, or one that reads the same
    #[arg(long)]
    pub(crate) allow_duplicate_name: bool,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// Time for which the child of a create is looked for.
#[derive(Debug, Args)]
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

/// Arguments of a change of an allocation.
#[derive(Debug, Args)]
pub(crate) struct AllocateArgs {
    /// The child's id or name; id:X or name:X says which, where one child's id is another's name
    #[arg(value_name = "ID|NAME")]
    pub(crate) child: String,
    /// The child's new total, not a difference: a multiple of 10000, or 0
    #[arg(value_parser = value_parser::credits, allow_negative_numbers = true)]
    pub(crate) credits: Operations,
    /// Allow a total below what the child has consumed, or may have, which may pause its scenarios
    #[arg(long)]
    pub(crate) allow_pause: bool,
}
