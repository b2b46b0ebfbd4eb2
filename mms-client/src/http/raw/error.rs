//! Refusal of a text that is no method, or no path.

use std::fmt;

use crate::config::base_url::presentable;

/// Says why a text is no method, or no path below the root of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRequestError {
    text: String,
    defect: Defect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Defect {
    Method,
    Empty,
    Server,
    Climbing,
    Fragment,
    Placeholder,
    Spelling,
}

impl RawRequestError {
    pub(super) fn new(text: &str, defect: Defect) -> Self {
        Self { text: presentable(text), defect }
    }
}

impl fmt::Display for RawRequestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match self.defect {
            Defect::Method => {
                write!(formatter, "{text:?} is not a method: expected GET, HEAD, POST, PUT, PATCH or DELETE")
            }
            Defect::Empty => formatter.write_str("the path is empty: expected one below the root of the API"),
            Defect::Server => {
                write!(formatter, "{text:?} names a server: a request goes below the root of the API, and nowhere else")
            }
            Defect::Climbing => {
                write!(formatter, "{text:?} has . or .. in its path, and may leave the root of the API")
            }
            Defect::Fragment => write!(formatter, "{text:?} has a fragment, which no server gets"),
            Defect::Placeholder => write!(formatter, "{text:?} has braces: a placeholder was not replaced"),
            Defect::Spelling => write!(
                formatter,
                "{text:?} is not spelled as a path: write it without blanks, line breaks, backslashes and empty segments"
            ),
        }
    }
}

impl std::error::Error for RawRequestError {}
