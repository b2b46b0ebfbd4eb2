//! Amounts for readers and programs.

use mms_types::{Centicredits, grouped_hundredths};

/// Returns hundredths of a credit as credits, such as `9,412.50`.
pub(crate) fn grouped_amount(amount: Centicredits) -> String {
    grouped_hundredths(amount.get().into())
}

/// Returns hundredths, which may be negative, as credits for a program.
pub(super) fn hundredths(hundredths: i128) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_keeps_its_sign_and_its_hundredths() {
        assert_eq!(grouped_amount(Centicredits::new(941_250)), "9,412.50");
        assert_eq!(hundredths(-990_005), "-9900.05");
    }
}
