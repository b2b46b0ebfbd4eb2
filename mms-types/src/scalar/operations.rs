//! Operations: the allocation in a request, a multiple of 10,000.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An allocation in operations, as Make accepts it: a multiple of 10,000, 0 included.
///
/// The web application calls the same number credits. An allocation is a child's new total, not a difference. At 0 every
/// scenario of the child pauses. Only requests use this type: an answer with an odd number still decodes.
///
/// ```
/// use mms_types::Operations;
///
/// assert_eq!(Operations::new(20_000)?.to_string(), "20000");
/// assert!("20000".parse::<Operations>().is_ok());
/// assert!(Operations::new(12_345).is_err());
/// # Ok::<(), mms_types::OperationsError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(extend("format" = "int64", "minimum" = 0, "maximum" = Self::MAX.0, "multipleOf" = Self::STEP))
)]
#[serde(try_from = "u64", into = "u64")]
pub struct Operations(u64);

impl Operations {
    /// The step in which Make moves operations between a distributor's pool and a child.
    pub const STEP: u64 = 10_000;

    /// The largest allocation that the contract can say: the last multiple that fits a signed 64-bit integer.
    pub const MAX: Self = Self(i64::MAX.unsigned_abs() / Self::STEP * Self::STEP);

    /// Takes a number of operations, if it is a multiple of [`Operations::STEP`] up to [`Operations::MAX`].
    pub const fn new(operations: u64) -> Result<Self, OperationsError> {
        if operations > Self::MAX.0 {
            Err(OperationsError(Refusal::TooLarge(operations)))
        } else if operations.is_multiple_of(Self::STEP) {
            Ok(Self(operations))
        } else {
            Err(OperationsError(Refusal::OffStep(operations)))
        }
    }

    /// Returns the bare number of operations.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Operations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Operations {
    type Err = OperationsError;

    fn from_str(text: &str) -> Result<Self, OperationsError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(OperationsError(Refusal::NotANumber(text.to_owned())));
        }
        text.parse().map_err(|_| OperationsError(Refusal::Overflow(text.to_owned()))).and_then(Self::new)
    }
}

impl TryFrom<u64> for Operations {
    type Error = OperationsError;

    fn try_from(operations: u64) -> Result<Self, OperationsError> {
        Self::new(operations)
    }
}

impl From<Operations> for u64 {
    fn from(operations: Operations) -> Self {
        operations.0
    }
}

/// Says why a number or a text is no allocation, and which neighbours are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationsError(Refusal);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    OffStep(u64),
    TooLarge(u64),
    /// Digits beyond 64 bits.
    Overflow(String),
    NotANumber(String),
}

impl fmt::Display for OperationsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = Operations::STEP;
        match &self.0 {
            Refusal::OffStep(operations) => {
                let below = operations / step * step;
                write!(formatter, "{operations} is not a multiple of {step}: try {below}")?;
                match below.checked_add(step).filter(|above| *above <= Operations::MAX.0) {
                    Some(above) => write!(formatter, " or {above}"),
                    None => Ok(()),
                }
            }
            Refusal::TooLarge(operations) => {
                write!(formatter, "{operations} is too large: at most {}", Operations::MAX)
            }
            Refusal::Overflow(digits) => write!(formatter, "{digits} is too large: at most {}", Operations::MAX),
            Refusal::NotANumber(text) => {
                write!(
                    formatter,
                    "{text:?} is not a number of operations: expected a multiple of {step}, such as 20000"
                )
            }
        }
    }
}

impl std::error::Error for OperationsError {}
