//! `mms child settle`: finds out what became of creates whose answer was lost.

use mms_client::{CreateOnceError, Journal as _, SettledIntent};

use super::decision;
use super::settle_record::Settlement;
use crate::args::SettleArgs;
use crate::output::failure::{ExitCode, Failure, journal_unusable, look_in_make};
use crate::session::Session;

/// Settles the open creates of the distributor, or ends one by decision.
pub(super) async fn settle(session: &Session, arguments: &SettleArgs, yes: bool) -> Result<(), Failure> {
    if let Some(id) = &arguments.intent {
        return decision::decide(session, arguments, id, yes).await;
    }
    let (printer, settle_time) = (session.printer(), arguments.wait.settle_wait);
    let journal = session.journal(settle_time).await?;
    let mut open = Vec::new();
    if session.is_any_open_here(&journal)? {
        // A list that cannot be read fails here, before any intent counts as looked for.
        session.children().await?.warn_if_cut(printer);
        open = session.open_intents(&journal)?;
    }
    let everywhere = journal.open_intents().map_err(|error| journal_unusable(&error))?;
    session.note_elsewhere(&session.open_elsewhere(everywhere)?);
    if open.is_empty() {
        printer.note("No create is open: the outcome of each is known.");
        return printer.nothing::<Settlement>();
    }
    if open.iter().any(|open| open.stopped.is_none()) {
        let (count, how_long) = (open.len(), settle_time.in_words());
        printer.note(&format!("Open creates: {count}. Looking for their children, {how_long}."));
    }
    let settled = session.settle(&journal, None, settle_time).await?;

    printer.list(&settled.iter().map(Settlement::from).collect::<Vec<_>>())?;
    let unsettled: Vec<_> =
        settled.iter().filter_map(|settled| session.unsettled(settled).map(|failure| (settled, failure))).collect();
    for (_, failure) in &unsettled {
        printer.warn(failure.message());
    }
    let (intent, candidates) = match unsettled[..] {
        [] => return Ok(()),
        [(SettledIntent { intent, outcome, .. }, _)] => {
            (Some(&intent.id), outcome.as_ref().err().map_or(&[][..], CreateOnceError::candidates))
        }
        _ => (None, &[][..]),
    };
    // This command sends reads alone.
    Err(Failure::new(
        ExitCode::Unknown,
        format!("creates without a known outcome: {} of {}", unsettled.len(), settled.len()),
    )
    .hint(look_in_make(session.invocation(), intent, candidates)))
}
