//! Credits that a child is to have: a total, or a difference.

use std::fmt;
use std::str::FromStr;

use mms_types::Operations;

use super::credits::credits;

/// What a child is to have.
///
/// ```
/// use mms_fleet::WantedCredits;
///
/// let more: WantedCredits = "+10000".parse()?;
/// assert_eq!(more.of(20_000)?.get(), 30_000);
/// assert_eq!(more.to_string(), "+10000");
/// # Ok::<(), mms_fleet::WantedCreditsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedCredits {
    /// This total, which is the same when it is asked for again.
    Total(Operations),
    /// So much more than it has.
    More(Operations),
    /// So much less than it has.
    Less(Operations),
}

impl WantedCredits {
    /// Returns the total of a child that has so many credits.
    pub fn of(self, allocated: i64) -> Result<Operations, WantedCreditsError> {
        let (total, change) = match self {
            Self::Total(total) => return Ok(total),
            Self::More(more) => (i128::from(allocated) + i128::from(more.get()), format!("raised by {more}")),
            Self::Less(less) => (i128::from(allocated) - i128::from(less.get()), format!("lowered by {less}")),
        };
        let fits = u64::try_from(total)
            .map_err(|_| WantedCreditsError(format!("it has {allocated} credits, which cannot be {change}")))?;
        Operations::new(fits)
            .map_err(|error| WantedCreditsError(format!("it has {allocated} credits, and {change}: {error}")))
    }
}

/// Shows it as it is typed: `30000`, `+10000` or `-10000`.
impl fmt::Display for WantedCredits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Total(total) => total.fmt(formatter),
            Self::More(more) => write!(formatter, "+{more}"),
            Self::Less(less) => write!(formatter, "-{less}"),
        }
    }
}

impl FromStr for WantedCredits {
    type Err = WantedCreditsError;

    fn from_str(text: &str) -> Result<Self, WantedCreditsError> {
        wanted(text).map_err(|(message, help)| WantedCreditsError(format!("{message}: {help}")))
    }
}

/// Reads `30000`, `+10000` or `-10000`, or says what is wrong and what to write.
pub(super) fn wanted(text: &str) -> Result<WantedCredits, (String, String)> {
    match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(more), _) => credits("+", more).map(WantedCredits::More),
        (_, Some(less)) => credits("-", less).map(WantedCredits::Less),
        _ => credits("", text).map(WantedCredits::Total),
    }
}

/// Says why a text is no [`WantedCredits`], and what to write, or why a child cannot have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedCreditsError(String);

impl fmt::Display for WantedCreditsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WantedCreditsError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<WantedCredits, String> {
        text.parse().map_err(|error: WantedCreditsError| error.to_string())
    }

    fn of(text: &str, allocated: i64) -> Result<u64, String> {
        parse(text)?.of(allocated).map(Operations::get).map_err(|error| error.to_string())
    }

    #[test]
    fn credits_are_a_total_or_a_difference() {
        assert_eq!(of("30000", 10_000), Ok(30_000));
        assert_eq!(of("+10000", 30_000), Ok(40_000));
        assert_eq!(of("-10000", 30_000), Ok(20_000));
        assert_eq!(of("-10000", 0).unwrap_err(), "it has 0 credits, which cannot be lowered by 10000");
        assert!(of("+10000", 5).unwrap_err().contains("and raised by 10000: 10005 is not a multiple"));
    }

    #[test]
    fn credits_show_as_they_are_typed() {
        for text in ["0", "30000", "+10000", "-10000"] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_hint_is_what_was_meant_and_keeps_the_sign() {
        let hint = |text: &str| parse(text).unwrap_err();
        assert_eq!(
            hint("20000.00"),
            r#""20000.00" is not a number of credits: write 20000, without a separator or a unit"#
        );
        assert_eq!(hint("+20k"), r#""+20k" is not a number of credits: write +20000, without a separator or a unit"#);
        assert_eq!(hint("-12345"), "-12345 is not a multiple of 10000: write -10000 or -20000");
        assert_eq!(hint("-5"), "-5 is not a multiple of 10000: write -10000");
        for text in ["1.5", "many", "-", ""] {
            assert!(hint(text).ends_with(": write a multiple of 10000, such as 20000"), "{text}");
        }
    }
}
