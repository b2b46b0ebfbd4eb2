//! Arguments of `mms open`.

use clap::Args;

/// Page of the web application.
#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    /// A child's id, its name, the beginning of its name or a part of it; name:X says that a number is a name [default: the
    /// distributor]
    #[arg(value_name = "ID|NAME")]
    pub(crate) child: Option<String>,
    /// Print the address, and open nothing
    #[arg(long)]
    pub(crate) print: bool,
}
