//! The commands, one file a noun.

mod child;
mod consumption;
mod country;
mod region;
mod sandbox;
mod status;
mod usage;

use crate::args::{ChildCommand, Cli, Command, CountryCommand, RegionCommand, SandboxCommand};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

/// Runs a command to its end.
pub(crate) async fn run(cli: &Cli, printer: &Printer) -> Result<(), Failure> {
    let Cli { global, command } = cli;
    match command {
        Command::Child(ChildCommand::List) => {
            Session::with(global, printer, "child list", async |session| child::list(session, printer).await).await
        }
        Command::Child(ChildCommand::Show { child }) => {
            Session::with(global, printer, "child show", async |session| child::show(session, printer, child).await)
                .await
        }
        Command::Child(ChildCommand::Create(arguments)) => {
            let create = async |session: &Session| child::create(session, printer, arguments, global.yes).await;
            Session::with(global, printer, "child create", create).await
        }
        Command::Child(ChildCommand::Allocate(arguments)) => {
            let allocate = async |session: &Session| child::allocate(session, printer, arguments, global.yes).await;
            Session::with(global, printer, "child allocate", allocate).await
        }
        Command::Child(ChildCommand::Settle(arguments)) => {
            let settle = async |session: &Session| child::settle(session, printer, arguments, global.yes).await;
            Session::with(global, printer, "child settle", settle).await
        }
        Command::Consumption => {
            Session::with(global, printer, "consumption", async |session| consumption::report(session, printer).await)
                .await
        }
        Command::Region(RegionCommand::List) => {
            Session::with_any(global, printer, "region list", async |session| region::list(session, printer).await)
                .await
        }
        Command::Country(CountryCommand::List) => {
            Session::with_any(global, printer, "country list", async |session| country::list(session, printer).await)
                .await
        }
        Command::Status => {
            Session::with(global, printer, "status", async |session| status::show(session, printer).await).await
        }
        Command::Sandbox(SandboxCommand::Serve(arguments)) => sandbox::serve(global, arguments, printer).await,
    }
}
