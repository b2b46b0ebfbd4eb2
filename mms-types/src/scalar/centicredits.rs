//! Centicredits: consumption in hundredths of a credit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scalar::number;
use crate::scalar::operations::Operations;

/// An exact amount of consumption in hundredths of a credit.
///
/// Travels as a string of decimal digits and is read from a JSON number too. Prints as credits with two decimals, and
/// takes width, fill and alignment like a number; a precision changes nothing, so that no digit is ever lost.
///
/// ```
/// use mms_types::Centicredits;
///
/// let consumed: Centicredits = "123456".parse()?;
/// assert_eq!(consumed.get(), 123_456);
/// assert_eq!(consumed.to_string(), "1234.56");
/// assert_eq!(format!("{consumed:>9.1}"), "  1234.56");
/// # Ok::<(), mms_types::CenticreditsError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Centicredits(u64);

impl Centicredits {
    /// Takes a number of centicredits.
    #[must_use]
    pub const fn new(centicredits: u64) -> Self {
        Self(centicredits)
    }

    /// Returns the bare number of centicredits.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Says whether this consumption leaves nothing of an allocation, so that the scenarios of its child pause. Of 0 nothing is left
    /// from the beginning.
    ///
    /// ```
    /// use mms_types::Centicredits;
    ///
    /// let allocation = "10000".parse()?;
    /// assert!(!Centicredits::new(999_999).exhausts(allocation));
    /// assert!(Centicredits::new(1_000_000).exhausts(allocation));
    /// # Ok::<(), mms_types::OperationsError>(())
    /// ```
    #[must_use]
    pub fn exhausts(self, allocation: Operations) -> bool {
        u128::from(self.0) >= u128::from(allocation.get()) * 100
    }
}

impl fmt::Display for Centicredits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad_integral(true, "", &format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}

/// Reads a bare number of centicredits: decimal digits alone, the form in which it travels.
impl FromStr for Centicredits {
    type Err = CenticreditsError;

    fn from_str(text: &str) -> Result<Self, CenticreditsError> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten().map(Self).ok_or_else(|| CenticreditsError(text.to_owned()))
    }
}

/// Says why a text is no number of centicredits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CenticreditsError(String);

impl fmt::Display for CenticreditsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not a number of centicredits: expected decimal digits up to {}", self.0, u64::MAX)
    }
}

impl std::error::Error for CenticreditsError {}

impl Serialize for Centicredits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Centicredits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number::integer(deserializer).map(Self)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Centicredits {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Centicredits".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]+$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allocation_that_is_all_consumed_is_exhausted_and_one_of_0_always() {
        let allocation = Operations::new(10_000).unwrap();
        assert!(!Centicredits::new(999_999).exhausts(allocation));
        assert!(Centicredits::new(1_000_000).exhausts(allocation));
        assert!(!Centicredits::new(u64::MAX).exhausts(Operations::MAX));
        assert!(Centicredits::default().exhausts(Operations::default()));
    }
}
