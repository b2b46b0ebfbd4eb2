//! Numbers for readers: the thousands apart.

/// Returns a number with a comma between its thousands, such as `-1,250,000`.
///
/// ```
/// assert_eq!(mms_types::grouped(-1_250_000), "-1,250,000");
/// ```
#[must_use]
pub fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "-".to_owned() } else { String::new() };
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns hundredths of a credit, which may be negative, as credits, such as `9,412.50`.
#[must_use]
pub fn grouped_hundredths(hundredths: i128) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    format!("{sign}{}.{rest:02}", grouped(i128::try_from(whole).unwrap_or(i128::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (-12_345, "-12,345"), (1_250_000, "1,250,000")]
        {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn an_amount_below_nothing_keeps_its_sign() {
        assert_eq!(grouped_hundredths(941_250), "9,412.50");
        assert_eq!(grouped_hundredths(-50), "-0.50");
        assert_eq!(grouped_hundredths(-990_000), "-9,900.00");
    }
}
