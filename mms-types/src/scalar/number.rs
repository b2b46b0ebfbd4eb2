//! Numbers that a server may send as a number, as a string or as a boolean.
//!
//! This is how answers are read. What a caller types is read by each type's `FromStr`, which takes digits alone.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};

use crate::scalar::lenient::{self, Lenient};

/// The largest float that is read: beyond 15 digits, reading JSON may turn one integer into its neighbour.
const LARGEST_FLOAT: f64 = 999_999_999_999_999.0;

/// Reads an integer from a JSON number or from a string of decimal digits, before which a signed one may have a `-`.
///
/// A number may be written with a fraction of 0, such as `100.0`, up to [`LARGEST_FLOAT`], and a string may have ASCII blanks
/// around the number. No other fraction is read, and none in a string.
pub(crate) fn integer<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i128>,
{
    deserializer.deserialize_any(Integer(PhantomData))
}

/// Reads an [`integer`], or nothing where there is none to be read.
pub(crate) fn optional_integer<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i128>,
{
    deserializer.deserialize_any(Lenient(Integer(PhantomData)))
}

struct Integer<T>(PhantomData<T>);

impl<T: TryFrom<i128>> Integer<T> {
    fn convert<E: Error>(value: i128, unexpected: Unexpected<'_>) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(unexpected, &"an integer in range"))
    }

    /// Returns the digits of a decimal number. Rust's own reading would take a `+` too, and `-0` where there is no sign.
    fn digits(text: &str) -> Option<&str> {
        let is_signed = T::try_from(-1).is_ok();
        let digits = text.strip_prefix('-').filter(|_| is_signed).unwrap_or(text);
        let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        decimal.then_some(text)
    }

    /// Returns the integer that a float stands for.
    fn whole(value: f64) -> Option<i128> {
        // A float is printed without an exponent, and with a point only where it has a fraction.
        if value.abs() <= LARGEST_FLOAT { value.to_string().parse().ok() } else { None }
    }
}

impl<T: TryFrom<i128>> Visitor<'_> for Integer<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an integer, or a string of decimal digits")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        Self::convert(value.into(), Unexpected::Unsigned(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        Self::convert(value.into(), Unexpected::Signed(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        let number = Self::whole(value).ok_or_else(|| E::invalid_type(Unexpected::Float(value), &self))?;
        Self::convert(number, Unexpected::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        let number = Self::digits(value.trim_ascii()).and_then(|value| value.parse().ok());
        let number = number.ok_or_else(|| E::invalid_value(Unexpected::Str(value), &self))?;
        Self::convert(number, Unexpected::Str(value))
    }
}

/// A yes or no, which is read from a boolean, from 1 or 0, and from either in a string.
pub(crate) mod boolean {
    use super::{Deserialize, Deserializer, Error, Visitor, fmt, lenient};
    use serde::Serializer;

    /// Writes 1 or 0, as Make documents it for one field.
    #[expect(clippy::trivially_copy_pass_by_ref, clippy::ref_option, reason = "serde passes the field by reference")]
    pub(crate) fn as_number<S: Serializer>(value: &Option<bool>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_u8(u8::from(*value)),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a yes or no, or nothing where there is none to be read.
    pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
        Ok(lenient::optional::<D, Boolean>(deserializer)?.map(|value| value.0))
    }

    struct Boolean(bool);

    impl<'de> Deserialize<'de> for Boolean {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(BooleanVisitor)
        }
    }

    struct BooleanVisitor;

    impl Visitor<'_> for BooleanVisitor {
        type Value = Boolean;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("0, 1 or a boolean")
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<Boolean, E> {
            Ok(Boolean(value))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Boolean, E> {
            Ok(Boolean(value != 0))
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<Boolean, E> {
            match value {
                "0" | "false" => Ok(Boolean(false)),
                "1" | "true" => Ok(Boolean(true)),
                other => Err(E::invalid_value(super::Unexpected::Str(other), &self)),
            }
        }
    }
}
