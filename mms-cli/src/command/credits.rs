//! `mms credits`: credits between the children.

use mms_fleet::WantedCredits;

use super::changes::target::Request;
use super::changes::{self, Allocated, Kind, Options};
use crate::args::{CreditsCommand, GlobalArgs, MoveArgs};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::{Access, Session};

/// Runs a command about credits.
pub(super) async fn run(command: &CreditsCommand, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    match command {
        CreditsCommand::Move(arguments) => transfer(arguments, global, printer).await,
    }
}

/// Takes credits from one child, and then gives them to another: the pool is never short, and never gets them for good.
async fn transfer(arguments: &MoveArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    let MoveArgs { from, to, credits, write } = arguments;
    printer.check_columns::<Allocated>()?;
    if credits.get() == 0 {
        return Err(Failure::usage("CREDITS: 0 credits are nothing to move"));
    }
    let requests = [
        Request::new(from.clone(), WantedCredits::Less(*credits)),
        Request::new(to.clone(), WantedCredits::More(*credits)),
    ];
    let options = Options { kind: Kind::Move, allow_pause: write.allow_pause, dry_run: write.dry_run, yes: global.yes };
    let make = async |session: &Session| changes::make(session, &requests, options).await;
    Session::with_access(Access::of_write(write.dry_run), global, printer, "credits move", make).await
}
