//! Numbers as people write them, for the hint that says what to write in place of them.

/// Signs that stand between groups of three digits.
const SEPARATORS: [char; 8] = [',', '.', '_', ' ', '\'', '\u{a0}', '\u{202f}', '\u{2019}'];

/// Returns the whole number that a person means by a text, such as `20,000`, `20.000,00`, `20k`, `1.5m`, `2e4` or `20000 credits`;
/// nothing where there is a doubt.
///
/// It is for hints: what is read by it is shown to the person, and never used.
///
/// ```
/// use mms_types::meant_number;
///
/// assert_eq!(meant_number("20,000"), Some(20_000));
/// assert_eq!(meant_number("20000.00"), Some(20_000));
/// assert_eq!(meant_number("1.5"), None);
/// ```
#[must_use]
pub fn meant_number(text: &str) -> Option<u64> {
    let lower = text.trim().to_lowercase();
    let lower = lower.strip_prefix('+').unwrap_or(&lower);
    let lower = lower.strip_suffix("credits").unwrap_or(lower).trim_end();
    if let Some((mantissa, exponent)) = lower.split_once('e') {
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
        return scaled(mantissa, exponent.parse().ok().filter(|_| is_number(exponent))?);
    }
    match (lower.strip_suffix('k'), lower.strip_suffix('m')) {
        (Some(thousands), _) => scaled(thousands.trim_end(), 3),
        (_, Some(millions)) => scaled(millions.trim_end(), 6),
        _ => scaled(lower, 0),
    }
}

/// Returns a number with so many zeros after it. Its decimals take the place of some of them.
fn scaled(text: &str, zeros: u32) -> Option<u64> {
    let (whole, decimals) = match text.rsplit_once(['.', ',']) {
        // Three digits are a group of thousands.
        Some((whole, decimals)) if is_number(decimals) && decimals.len() != 3 => {
            (whole, decimals.trim_end_matches('0'))
        }
        _ => (text, ""),
    };
    // Nobody knows whether 1.500k are 1,500 or 1,500,000.
    let whole = if zeros == 0 { ungrouped(whole)? } else { Some(whole.to_owned()).filter(|whole| is_number(whole))? };
    let zeros = zeros.checked_sub(decimals.len().try_into().ok()?)?;
    (whole + decimals).parse::<u64>().ok()?.checked_mul(10_u64.checked_pow(zeros)?)
}

/// Returns the digits of a number whose groups of three have one and the same sign between them.
fn ungrouped(text: &str) -> Option<String> {
    if is_number(text) {
        return Some(text.to_owned());
    }
    let separator = text.chars().find(|sign| SEPARATORS.contains(sign))?;
    let (first, rest) = text.split_once(separator)?;
    let begins = is_number(first) && first.len() <= 3 && !first.starts_with('0');
    let is_grouped = begins && rest.split(separator).all(|group| group.len() == 3 && is_number(group));
    is_grouped.then(|| text.split(separator).collect())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_written_for_people_is_recognized() {
        for text in [
            "20000",
            "20,000",
            "20.000",
            "20 000",
            "20_000",
            "20'000",
            "20\u{2019}000",
            "20\u{a0}000",
            "20k",
            "20 K",
            "0.02m",
            "2e4",
            "2E+04",
            "20000.0",
            "20000.00",
            "20000,00",
            "20.000,00",
            "+20000",
            "020000",
            "20000 credits",
            "20k credits",
        ] {
            assert_eq!(meant_number(text), Some(20_000), "{text}");
        }
        assert_eq!(meant_number("1.5m"), Some(1_500_000));
        assert_eq!(meant_number("2m"), Some(2_000_000));
        assert_eq!(meant_number("1.234.567"), Some(1_234_567));
    }

    #[test]
    fn a_number_of_which_there_is_a_doubt_is_none() {
        for text in [
            "",
            "many",
            "credits",
            "k",
            "e",
            "1.5",
            "2,5",
            "2,00,00",
            "20000.000",
            "0.020",
            "1,234.567",
            "1.500k",
            "1.2345678m",
            "1e99",
            "99999999999999999999",
            "0x10",
            "-5",
            "\u{661}",
        ] {
            assert_eq!(meant_number(text), None, "{text}");
        }
    }
}
