//! Length of time, such as `90s`, `30m`, `1h` or `7d`.

use std::time::Duration;

/// Units, and their seconds.
const UNITS: [(char, u64); 5] = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];

/// Parses a whole number and its unit; nothing where a text is none, or is 0.
pub(super) fn length(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let (_, seconds) = UNITS.into_iter().find(|(sign, _)| *sign == unit)?;
    let digits = text.strip_suffix(unit)?;
    let number: u64 = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
    number.checked_mul(seconds).filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

/// Parses a time of up to a day.
pub(crate) fn up_to_a_day(text: &str) -> Result<Duration, String> {
    up_to(text, 1, "30m or 1h")
}

/// Parses a time of up to 30 days.
pub(crate) fn up_to_30_days(text: &str) -> Result<Duration, String> {
    up_to(text, 30, "30m or 24h")
}

fn up_to(text: &str, days: u64, examples: &str) -> Result<Duration, String> {
    let most = Duration::from_secs(days * 86_400);
    length(text).filter(|length| *length <= most).ok_or_else(|| {
        format!("{text:?} is not a time: expected a whole number with s, m, h or d, up to {days}d, such as {examples}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_has_a_number_and_a_unit() {
        for (text, seconds) in [("90s", 90), ("30m", 1_800), ("1h", 3_600), ("7d", 604_800), ("2w", 1_209_600)] {
            assert_eq!(length(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "h", "1", "+1h", "-1h", "1.5h", "1 h", "0h", "1y", "99999999999999999999d", "1h30m"] {
            assert_eq!(length(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_has_the_same_units_wherever_it_stands_and_an_end() {
        assert_eq!((up_to_a_day("1s"), up_to_30_days("1s")), (Ok(Duration::from_secs(1)), Ok(Duration::from_secs(1))));
        assert_eq!(up_to_a_day("1d"), Ok(Duration::from_secs(86_400)));
        assert!(up_to_a_day("25h").unwrap_err().starts_with("\"25h\" is not a time"));
        assert_eq!(up_to_30_days("30d"), Ok(Duration::from_secs(2_592_000)));
        for text in ["", "24", "h", "0m", "31d", "-1h", "1.5h", "1 h", "24H", "18446744073709551615d", "5é"] {
            assert!(up_to_30_days(text).unwrap_err().contains("up to 30d, such as 30m or 24h"), "{text}");
        }
    }
}
