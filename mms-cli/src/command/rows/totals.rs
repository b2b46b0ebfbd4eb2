//! Totals of a list of children, for the person at a terminal.

use super::child_row::ChildRow;
use super::usage::Credits;
use crate::output::data::{Value, grouped};
use crate::output::failure::Failure;
use crate::output::printer::Printer;
use crate::session::Session;

/// Sums of what is shown, and the distributor's pool beside them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Totals {
    rows: usize,
    allocated: i128,
    /// In hundredths; nothing where no consumption was read.
    consumed: Option<i128>,
    left: Option<i128>,
    pool: Option<i64>,
}

impl Totals {
    /// Reads the pool, if a person is there to see it: that is worth a request.
    pub(crate) async fn pool(session: &Session) -> Result<Option<i64>, Failure> {
        if !session.printer().is_read_by_a_person() {
            return Ok(None);
        }
        let organization = session.organization().await?;
        Ok(organization.and_then(|organization| organization.license?.operations))
    }

    /// Adds up rows. A value that is unknown counts as nothing.
    pub(crate) fn of(rows: &[ChildRow], pool: Option<i64>) -> Self {
        let usages = || rows.iter().filter_map(|row| row.usage.as_deref());
        let of_usage = |sum: i128| rows.iter().any(|row| row.usage.is_some()).then_some(sum);
        Self {
            rows: rows.len(),
            allocated: rows.iter().filter_map(|row| row.child.operations_allocated).map(i128::from).sum(),
            consumed: of_usage(usages().filter_map(|usage| usage.credits_consumed).map(|credits| credits.0).sum()),
            left: of_usage(usages().filter_map(|usage| usage.credits_left).map(|credits| credits.0.max(0)).sum()),
            pool,
        }
    }

    /// Returns the sum of what is allocated, in credits.
    pub(crate) const fn allocated(self) -> i128 {
        self.allocated
    }

    /// Returns the sum of what is consumed.
    pub(crate) fn consumed(self) -> Credits {
        Credits(self.consumed.unwrap_or_default())
    }

    /// Returns the sum of what is left. What one child has consumed beyond its allocation takes nothing from another.
    pub(crate) fn left(self) -> Credits {
        Credits(self.left.unwrap_or_default())
    }

    /// Returns the line under the table; nothing where there are no rows.
    pub(crate) fn line(self) -> Vec<(&'static str, Value<'static>)> {
        if self.rows == 0 {
            return Vec::new();
        }
        let mut line = vec![
            (
                "organizationName",
                format!("Total of {}", grouped(i128::try_from(self.rows).unwrap_or(i128::MAX))).into(),
            ),
            ("operationsAllocated", Value::Integer(self.allocated)),
        ];
        line.extend(self.consumed.map(|consumed| ("centicreditsConsumed", Value::Credits(consumed))));
        line.extend(self.left.map(|left| ("creditsLeft", Value::Credits(left))));
        line
    }

    /// Says what is in the pool.
    pub(crate) fn note(self, printer: &Printer) {
        if let Some(pool) = self.pool {
            printer.note(&format!("In the pool: {} credits.", grouped(pool)));
        }
    }
}
