//! Values of one word: version, id, day, yes or no.

use jiff::civil::Date;
use mms_types::OrganizationId;

use super::number;
use super::reading::{Decode, Reading};
use crate::file::yaml::Node;

/// The version of the format that is read.
pub(in crate::file) const FORMAT: u64 = 1;

/// The version of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) struct Format;

/// The id of a child, or that it surely has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) enum Id {
    Known(OrganizationId),
    New,
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) struct Day(pub(in crate::file) Date);

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) struct Flag(pub(in crate::file) bool);

impl Decode for Format {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let number = number::whole(node, key, "1", reading)?;
        if number == FORMAT {
            return Some(Self);
        }
        reading.problem(
            node.at,
            format!("format {number} is not known"),
            format!("write {FORMAT}, or read the file with a newer mms"),
        );
        None
    }
}

impl Decode for OrganizationId {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let id = number::whole(node, key, "the id of an organization, such as 123", reading)?;
        if let Ok(id) = Self::try_from(id) {
            return Some(id);
        }
        reading.problem(
            node.at,
            format!("{key} {id} is no id"),
            "write the id of an organization, a whole number from 1",
        );
        None
    }
}

impl Decode for Id {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let scalar = reading.scalar(node, key, "the id of the child, or new")?;
        match scalar.text.as_ref() {
            "new" => Some(Self::New),
            word if word.eq_ignore_ascii_case("new") => {
                reading.problem(node.at, format!("{key} {word:?} is no id"), "write new");
                None
            }
            _ => OrganizationId::decode(node, key, reading).map(Self::Known),
        }
    }
}

impl Decode for Day {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let scalar = reading.scalar(node, key, "a day, such as 2026-12-31")?;
        let text = scalar.text.as_ref();
        if let Some(day) = day(text) {
            return Some(Self(day));
        }
        let help = match meant(text) {
            Some(day) => format!("write {day}"),
            None => "write year, month and day, such as 2026-12-31".to_owned(),
        };
        reading.problem(node.at, format!("{key} {text:?} is no day"), help);
        None
    }
}

impl Decode for Flag {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let scalar = reading.scalar(node, key, "true or false")?;
        let text = scalar.text.as_ref();
        match text {
            "true" | "True" | "TRUE" if scalar.is_plain => return Some(Self(true)),
            "false" | "False" | "FALSE" if scalar.is_plain => return Some(Self(false)),
            _ => {}
        }
        let help = match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "on" | "1" => "write true",
            "false" | "no" | "n" | "off" | "0" => "write false",
            _ => "write true or false",
        };
        reading.problem(node.at, format!("{key} {text:?} is neither true nor false"), help);
        None
    }
}

/// Reads a day as it has to be written.
fn day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let is_day = bytes.len() == 10
        && bytes.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    is_day.then(|| text.parse().ok()).flatten()
}

/// Returns the day that was probably meant, where only one can be: `31.12.2026`, `2026-1-5`, `2026-12-31T00:00:00Z`.
fn meant(text: &str) -> Option<Date> {
    let text = text.split(['T', ' ']).next()?;
    let parts: Vec<i16> = text.split(['-', '.', '/']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [first, month, last] = parts[..] else { return None };
    let (year, day) = match (first, last) {
        (year @ 1000.., day) => (year, day),
        // With slashes the month may come first.
        (day, year @ 1000..) if !text.contains('/') => (year, day),
        _ => return None,
    };
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}
