//! Credits in a cell: a multiple of 10,000, in digits alone.

use mms_types::Operations;

/// Signs that stand between the digits of a number that is written for people.
const SEPARATORS: [char; 8] = [',', '.', '_', ' ', '\'', '\u{a0}', '\u{202f}', '\u{2019}'];

/// Reads an allocation, or says what is wrong with `text` and what to write. `whole` is the text with its sign, if it has one.
pub(super) fn credits(text: &str, whole: &str) -> Result<Operations, (String, String)> {
    let step = Operations::STEP;
    if !is_number(text) {
        let help = match meant(text) {
            Some(number) => format!("write {number}, without a separator or a unit"),
            None => format!("write a multiple of {step}, such as {}", step * 2),
        };
        return Err((format!("{whole:?} is not a number of credits"), help));
    }
    let number: u64 = text.parse().map_err(|_| too_large(whole))?;
    if !number.is_multiple_of(step) {
        let below = number / step * step;
        let help = match below.checked_add(step) {
            Some(above) => format!("write {below} or {above}"),
            None => format!("write {below}"),
        };
        return Err((format!("{whole} is not a multiple of {step}"), help));
    }
    Operations::new(number).map_err(|_| too_large(whole))
}

fn too_large(text: &str) -> (String, String) {
    (
        format!("{text} is too large"),
        format!("write a multiple of {}, such as {}", Operations::STEP, Operations::STEP * 2),
    )
}

/// Returns the number that a person means by `20,000`, `20 000`, `20.000`, `20000.00`, `20k` or `1.5m`.
fn meant(text: &str) -> Option<u64> {
    let lower = text.trim().to_lowercase();
    let lower = lower.strip_suffix("credits").unwrap_or(&lower).trim_end();
    let (digits, factor) = match lower.strip_suffix(['k', 'm']) {
        Some(digits) => (digits.trim_end(), if lower.ends_with('k') { 1_000 } else { 1_000_000 }),
        None => (lower, 1_u64),
    };
    let (whole, decimals) = match digits.rsplit_once(['.', ',']) {
        Some((whole, decimals)) if is_number(decimals) && decimals.len() != 3 => (whole, decimals),
        _ => (digits, ""),
    };
    let mut parts = whole.split(SEPARATORS);
    let first = parts.next().filter(|first| is_number(first))?;
    let rest: Vec<_> = parts.collect();
    if !rest.iter().all(|part| part.len() == 3 && is_number(part)) {
        return None;
    }
    let number = [first, &rest.concat()].concat().parse::<u64>().ok()?.checked_mul(factor)?;
    let scale = 10_u64.checked_pow(decimals.len().try_into().ok()?)?;
    let share = if decimals.is_empty() { 0 } else { decimals.parse::<u64>().ok()?.checked_mul(factor)? };
    share.is_multiple_of(scale).then(|| number.checked_add(share / scale)).flatten()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_written_for_people_is_told_as_it_has_to_be() {
        for text in [
            "20,000",
            "20.000",
            "20 000",
            "20_000",
            "20'000",
            "20k",
            "20 K",
            "0.02m",
            "20000.00",
            "20.000,00",
            "20000 credits",
        ] {
            assert_eq!(credits(text, text).unwrap_err().1, "write 20000, without a separator or a unit", "{text}");
        }
        for text in ["", "many", "k", "1.5", "2,00,00", "1e4", "0x10", "\u{661}"] {
            assert!(credits(text, text).unwrap_err().1.contains("such as 20000"), "{text}");
        }
    }

    #[test]
    fn credits_are_multiples_of_ten_thousand() {
        assert_eq!(credits("0", "0").unwrap().get(), 0);
        assert_eq!(credits("20000", "20000").unwrap().get(), 20_000);
        let (message, help) = credits("12345", "+12345").unwrap_err();
        assert_eq!((message.as_str(), help.as_str()), ("+12345 is not a multiple of 10000", "write 10000 or 20000"));
        assert!(credits("99999999999999999999", "99999999999999999999").unwrap_err().0.contains("too large"));
        assert!(credits("18446744073709550000", "18446744073709550000").unwrap_err().0.contains("too large"));
    }
}
