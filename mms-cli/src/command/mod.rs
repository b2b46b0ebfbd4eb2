//! Commands, one file a noun. Each reads, decides without I/O, writes and prints.

mod child;
mod consumption;
mod country;
mod region;
mod sandbox;
mod status;
mod usage;

use crate::args::{Cli, Command};
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Runs a command to its end.
pub(crate) async fn run(cli: &Cli, printer: &Printer) -> Result<(), Failure> {
    let Cli { global, command } = cli;
    match command {
        Command::Child(command) => child::run(command, global, printer).await,
        Command::Consumption => consumption::run(global, printer).await,
        Command::Region(command) => region::run(command, global, printer).await,
        Command::Country(command) => country::run(command, global, printer).await,
        Command::Status => status::run(global, printer).await,
        Command::Sandbox(command) => sandbox::run(command, global, printer).await,
    }
}
