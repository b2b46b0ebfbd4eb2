//! `mms child`: the child organizations of a distributor.

mod create;
mod create_record;
mod decision;
mod earlier_creates;
mod list;
mod settle;
mod settle_record;
mod show;

use super::changes::target::{self, Request};
use super::changes::{self, Allocated, Batch, Kind, Options};
use super::fleet::bulk::{self, Report};
use super::rows::{self, ChildRow};
use crate::args::{AllocateArgs, ChildCommand, GlobalArgs, RetireArgs};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::{Access, Session};
use create_record::Created;
use mms_fleet::WantedCredits;
use mms_types::Operations;
pub(super) use settle_record::Settlement;

/// What a create writes: the child, what a dry run would have sent, or the rows of a table.
#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum CreateOutput {
    Created(Box<Created>),
    Planned(Box<create_record::Planned>),
    Onboarded(Vec<bulk::Onboarded>),
}

/// Runs a command about child organizations.
pub(super) async fn run(command: &ChildCommand, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    let yes = global.yes;
    match command {
        ChildCommand::List(selection) => {
            printer.check_columns::<ChildRow>()?;
            rows::check(selection)?;
            let list = async |session: &Session| list::list(session, selection).await;
            Session::with_distributor(global, printer, "child list", list).await
        }
        ChildCommand::Show { children } => {
            printer.check_columns::<ChildRow>()?;
            let show = async |session: &Session| show::show(session, children).await;
            Session::with_distributor(global, printer, "child show", show).await
        }
        ChildCommand::Create(arguments) => {
            if let Some(from) = &arguments.table.from {
                return bulk::create(arguments, from, global, printer).await;
            }
            let Some(arguments) = &arguments.one() else { return Err(Failure::usage("missing: --from")) };
            printer.check_columns::<Created>()?;
            let access = Access::of_write(arguments.dry_run);
            let create = async |session: &Session| create::create(session, arguments, yes).await;
            Session::with_access(access, global, printer, "child create", create).await
        }
        ChildCommand::Allocate(arguments) => allocate(arguments, global, printer).await,
        ChildCommand::Retire(arguments) => retire(arguments, global, printer).await,
        ChildCommand::Settle(arguments) => {
            printer.check_columns::<Settlement>()?;
            let settle = async |session: &Session| settle::settle(session, arguments, yes).await;
            Session::with_distributor(global, printer, "child settle", settle).await
        }
    }
}

/// Sets the allocations of children.
async fn allocate(arguments: &AllocateArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    let AllocateArgs { words, table, write } = arguments;
    let options =
        Options { kind: Kind::Allocate, allow_pause: write.allow_pause, dry_run: write.dry_run, yes: global.yes };
    let Some(from) = &table.from else {
        return change("child allocate", &target::from_words(words, &global.invocation())?, options, global, printer)
            .await;
    };
    printer.check_columns::<Allocated>()?;
    let (name, rows) = bulk::allocations(from, printer)?;
    let report = table.report.as_deref().map(Report::checked).transpose()?;
    let batch = Batch { name, parallel: table.parallel.map(usize::from), allow_pause: write.allow_pause, report };
    let requests: Vec<_> = rows.rows().iter().map(Request::from).collect();
    let make = async |session: &Session| changes::make_table(session, &requests, options, &batch).await;
    Session::with_access(Access::of_write(options.dry_run), global, printer, "child allocate", make).await
}

/// Takes all credits from children.
async fn retire(arguments: &RetireArgs, global: &GlobalArgs, printer: &Printer) -> Result<(), Failure> {
    let none = WantedCredits::Total(Operations::default());
    let requests = arguments.children.iter().map(|child| Request::new(child.clone(), none));
    let requests: Vec<_> = requests.collect();
    let options = Options { kind: Kind::Retire, allow_pause: true, dry_run: arguments.dry_run, yes: global.yes };
    change("child retire", &requests, options, global, printer).await
}

async fn change(
    name: &str,
    requests: &[Request],
    options: Options,
    global: &GlobalArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    printer.check_columns::<Allocated>()?;
    let make = async |session: &Session| changes::make(session, requests, options).await;
    Session::with_access(Access::of_write(options.dry_run), global, printer, name, make).await
}
