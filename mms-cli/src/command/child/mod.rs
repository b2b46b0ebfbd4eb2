//! `mms child`: the child organizations of a distributor.

mod allocate;
mod create;
mod create_record;
mod decision;
mod earlier_creates;
mod list;
mod pool;
mod settle;
mod settle_record;
mod show;

use crate::args::{ChildCommand, GlobalArgs};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

/// Runs a command about child organizations.
pub(super) async fn run(command: &ChildCommand, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    let yes = global.yes;
    match command {
        ChildCommand::List => Session::with_distributor(global, printer, "child list", list::list).await,
        ChildCommand::Show { child } => {
            let show = async |session: &Session| show::show(session, child).await;
            Session::with_distributor(global, printer, "child show", show).await
        }
        ChildCommand::Create(arguments) => {
            let create = async |session: &Session| create::create(session, arguments, yes).await;
            Session::with_distributor(global, printer, "child create", create).await
        }
        ChildCommand::Allocate(arguments) => {
            let allocate = async |session: &Session| allocate::allocate(session, arguments, yes).await;
            Session::with_distributor(global, printer, "child allocate", allocate).await
        }
        ChildCommand::Settle(arguments) => {
            let settle = async |session: &Session| settle::settle(session, arguments, yes).await;
            Session::with_distributor(global, printer, "child settle", settle).await
        }
    }
}
