//! `mms child list`.

use mms_client::ChildWithConsumption;

use crate::args::Selection;
use crate::command::consumption::{joined, warn_of_unreported};
use crate::command::rows::{ChildRow, Round, Selected, Totals, needs_usage, show};
use crate::output::failure::Failure;
use crate::session::Session;

/// Lists the children in the server's order, and behind them what this machine created and the server does not list yet. Their
/// consumption is read where the selection or a column needs it.
pub(super) async fn list(session: &Session, arguments: &Selection) -> Result<(), Failure> {
    let selected = Selected::new(session, arguments).await?;
    let needs_usage = needs_usage(arguments) || session.printer().columns().any(ChildRow::is_of_usage);
    let read = async || {
        let consumption = async { if needs_usage { session.consumption().await.map(Some) } else { Ok(None) } };
        let (children, consumption, pool) = tokio::try_join!(session.children(), consumption, Totals::pool(session))?;
        children.warn_if_cut(session.printer());
        let (rows, view) = match consumption {
            Some(consumption) => {
                let mut rows = ChildWithConsumption::join(children.into_all(), consumption);
                // What only the consumption knows is not in the list.
                rows.retain(|row| row.child.is_some());
                (joined(rows, session.near()), ChildRow::USAGE)
            }
            None => (children.into_all().into_iter().map(ChildRow::listed).collect(), ChildRow::LIST),
        };
        if needs_usage {
            warn_of_unreported(session, arguments, &rows);
        }
        Ok(Round { rows: selected.apply(rows), view, pool })
    };
    selected.alert(show(session, arguments.watch, read).await?, session.printer())
}
