//! The API token, which must not be seen.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use reqwest::header::HeaderValue;

/// From how many characters on a token is a secret and not a word of ours by chance. Make's have 36.
const SECRET: usize = 6;

/// What stands before the token in the `Authorization` header.
const SCHEME: &str = "Token ";

/// An API token of Make. It shows in no `Debug`, error, log or trace.
///
/// ```
/// use mms_client::ApiToken;
///
/// let token: ApiToken = "00000000-0000-4000-8000-000000000011".parse()?;
/// assert_eq!(format!("{token:?}"), "ApiToken(..)");
/// assert!("with a\nline break".parse::<ApiToken>().is_err());
/// # Ok::<(), mms_client::ApiTokenError>(())
/// ```
#[derive(Clone)]
pub struct ApiToken(HeaderValue);

impl ApiToken {
    /// Returns the value of the `Authorization` header, marked sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl ApiToken {
    /// Returns a text with the token blotted out, for the words of a server that repeats what it was sent.
    pub(crate) fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let token = self.0.to_str().ok().and_then(|header| header.strip_prefix(SCHEME));
        match token {
            Some(token) if token.len() >= SECRET && text.contains(token) => Cow::Owned(text.replace(token, "[token]")),
            _ => Cow::Borrowed(text),
        }
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiToken(..)")
    }
}

/// Takes the bare token, without the word `Token` before it.
impl FromStr for ApiToken {
    type Err = ApiTokenError;

    fn from_str(text: &str) -> Result<Self, ApiTokenError> {
        if text.is_empty() {
            return Err(ApiTokenError(Defect::Empty));
        }
        if let Some(position) = text.bytes().position(|byte| !byte.is_ascii_graphic()) {
            return Err(ApiTokenError(Defect::Character(position + 1)));
        }
        let mut header =
            HeaderValue::try_from(format!("{SCHEME}{text}")).map_err(|_| ApiTokenError(Defect::Character(1)))?;
        header.set_sensitive(true);
        Ok(Self(header))
    }
}

/// Says why a text is no token, without showing any of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokenError(Defect);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Defect {
    Empty,
    Character(usize),
}

impl fmt::Display for ApiTokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Defect::Empty => formatter.write_str("the API token is empty"),
            Defect::Character(position) => write!(
                formatter,
                "the API token has a space, a line break or another character that no token has, at position {position}"
            ),
        }
    }
}

impl std::error::Error for ApiTokenError {}
