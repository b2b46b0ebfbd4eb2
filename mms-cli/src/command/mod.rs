//! Commands, one file a noun. Each reads, decides without I/O, writes and prints.

mod account;
mod api;
mod changes;
mod child;
mod consumption;
mod country;
mod credits;
mod doctor;
mod fleet;
mod open;
mod pool;
mod region;
mod rows;
mod sandbox;
#[cfg(test)]
pub(crate) mod schemas;
mod shell;
mod status;

use crate::args::{Cli, Command};
use crate::output::failure::Failure;
use crate::output::printer::Printer;

/// Runs a command to its end.
pub(crate) async fn run(cli: &Cli, printer: &Printer) -> Result<(), Failure> {
    let Cli { global, command } = cli;
    match command {
        Command::Child(command) => child::run(command, global, printer).await,
        Command::Consumption(selection) => consumption::run(selection, global, printer).await,
        Command::Pool(arguments) => pool::run(arguments, global, printer).await,
        Command::Credits(command) => credits::run(command, global, printer).await,
        Command::Import(arguments) => fleet::import::run(arguments, global, printer).await,
        Command::Plan(arguments) => fleet::plan::run(arguments, global, printer).await,
        Command::Apply(arguments) => fleet::apply::run(arguments, global, printer).await,
        Command::Log(arguments) => fleet::log(arguments, global, printer),
        Command::Undo(arguments) => fleet::undo(arguments, global, printer).await,
        Command::Lock(command) => fleet::lock(command, global, printer).await,
        Command::Region(command) => region::run(command, global, printer).await,
        Command::Country(command) => country::run(command, global, printer).await,
        Command::Status => status::run(global, printer).await,
        Command::Doctor(arguments) => doctor::run(*arguments, global, printer).await,
        Command::Auth(command) => account::run(command, global, printer).await,
        Command::Config(command) => account::run_config(command, global, printer),
        Command::Completion(arguments) => shell::completion(arguments, printer),
        Command::Man(arguments) => shell::man(arguments, printer),
        Command::Help(arguments) => shell::help(arguments, printer),
        Command::Open(arguments) => open::run(arguments, global, printer).await,
        Command::Api(arguments) => api::run(arguments, global, printer).await,
        Command::Sandbox(command) => sandbox::run(command, global, printer).await,
    }
}
