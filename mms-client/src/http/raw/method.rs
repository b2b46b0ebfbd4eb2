//! Methods of raw requests.

use std::fmt;
use std::str::FromStr;

use reqwest::Method;

use super::error::{Defect, RawRequestError};

/// A method of HTTP that an API takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawMethod {
    /// Reads.
    Get,
    /// Reads status and headers alone.
    Head,
    /// Makes something, or starts it.
    Post,
    /// Puts something in the place of another.
    Put,
    /// Changes a part of something.
    Patch,
    /// Removes something.
    Delete,
}

impl RawMethod {
    const ALL: [Self; 6] = [Self::Get, Self::Head, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// Says whether a request of this method changes nothing.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }

    /// Returns the name of the method, in upper case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for RawMethod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Takes upper and lower case.
impl FromStr for RawMethod {
    type Err = RawRequestError;

    fn from_str(text: &str) -> Result<Self, RawRequestError> {
        let named = Self::ALL.into_iter().find(|method| text.eq_ignore_ascii_case(method.as_str()));
        named.ok_or_else(|| RawRequestError::new(text, Defect::Method))
    }
}

impl From<RawMethod> for Method {
    fn from(method: RawMethod) -> Self {
        match method {
            RawMethod::Get => Self::GET,
            RawMethod::Head => Self::HEAD,
            RawMethod::Post => Self::POST,
            RawMethod::Put => Self::PUT,
            RawMethod::Patch => Self::PATCH,
            RawMethod::Delete => Self::DELETE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_taken_in_either_case() {
        assert_eq!("patch".parse::<RawMethod>(), Ok(RawMethod::Patch));
        for text in ["", "FETCH", "CONNECT", "TRACE", "GET "] {
            assert!(text.parse::<RawMethod>().is_err(), "{text:?}");
        }
        for method in RawMethod::ALL {
            assert_eq!(method.as_str(), Method::from(method).as_str());
        }
    }
}
