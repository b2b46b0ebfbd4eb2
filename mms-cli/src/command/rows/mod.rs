//! Rows of children: what is known of each, which of them are shown, in which order, and their totals.

mod child_row;
mod selection;
mod totals;
mod usage;
mod watch;

pub(crate) use child_row::ChildRow;
pub(crate) use selection::{Selected, check, needs_usage, worst_first};
pub(crate) use totals::Totals;
pub(crate) use usage::{Credits, State, Usage, row_of};
pub(crate) use watch::{Round, show};
