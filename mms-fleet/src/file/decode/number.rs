//! Whole numbers: as digits alone, whatever YAML reads otherwise.

use mms_types::{Operations, meant_number};

use super::reading::{Decode, Reading};
use crate::file::yaml::Node;
use crate::fleet::guards::Limit;

/// An allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) struct Credits(pub(in crate::file) Operations);

/// A whole number from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) struct Whole(pub(in crate::file) u64);

/// A whole number that may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) struct Priority(pub(in crate::file) i32);

/// A number of children, or a share of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::file) struct Share(pub(in crate::file) Limit);

impl Decode for Credits {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let number = whole(node, key, "a multiple of 10000, such as 20000", reading)?;
        if let Ok(operations) = Operations::new(number) {
            return Some(Self(operations));
        }
        let step = Operations::STEP;
        let (message, help) = if number > Operations::MAX.get() {
            (format!("{key} {number} is too large"), format!("write at most {}", Operations::MAX))
        } else {
            let below = number / step * step;
            // A credit costs money: 0 pauses a child, and is never what was meant by a small number.
            let help = match below {
                0 => format!("write {step}"),
                below if below == Operations::MAX.get() => format!("write {below}"),
                below => format!("write {below} or {}", below + step),
            };
            (format!("{key} {number} is not a multiple of {step}"), help)
        };
        reading.problem(node.at, message, help);
        None
    }
}

impl Decode for Whole {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        whole(node, key, "a whole number, such as 5", reading).map(Self)
    }
}

impl Decode for Priority {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let example = "a whole number, such as 5";
        let scalar = reading.scalar(node, key, example)?;
        let digits = scalar.text.strip_prefix('-').unwrap_or(&scalar.text);
        if scalar.is_plain && is_plain_number(digits) {
            if let Ok(number) = scalar.text.parse() {
                return Some(Self(number));
            }
            let help = format!("write a number from {} to {}", i32::MIN, i32::MAX);
            reading.problem(node.at, format!("{key} {} is too large", scalar.text), help);
            return None;
        }
        whole(node, key, example, reading).and_then(|number| i32::try_from(number).ok()).map(Self)
    }
}

impl Decode for Share {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let example = "a number of children or a share of them, such as 5 or 10%";
        let scalar = reading.scalar(node, key, example)?;
        let text = scalar.text.trim();
        let Some(number) = text.strip_suffix('%') else {
            if scalar.is_plain && text.starts_with("0.") {
                let percent = text.trim_start_matches("0.").chars().chain("00".chars()).take(2).collect::<String>();
                let percent = percent.trim_start_matches('0');
                let percent = if percent.is_empty() { "0" } else { percent };
                reading.problem(node.at, format!("{key} {text} is no number of children"), format!("write {percent}%"));
                return None;
            }
            return whole(node, key, example, reading).map(|number| Self(Limit::Count(number)));
        };
        match number.trim_end().parse() {
            Ok(percent @ 0..=100) if is_plain_number(number) => Some(Self(Limit::Percent(percent))),
            Ok(percent @ 0..=100) => {
                reading.problem(node.at, format!("{key} {text:?} is no share"), format!("write {percent}%"));
                None
            }
            _ => {
                let help = "write whole percents from 0% to 100%";
                reading.problem(node.at, format!("{key} {text:?} is no share"), help);
                None
            }
        }
    }
}

/// Reads a whole number from 0, or reports why it is none and what was probably meant.
pub(super) fn whole(node: &Node<'_>, key: &str, example: &str, reading: &mut Reading<'_>) -> Option<u64> {
    let scalar = reading.scalar(node, key, example)?;
    let text = scalar.text.as_ref();
    if is_plain_number(text) {
        let number: Option<u64> = text.parse().ok();
        match number {
            Some(number) if scalar.is_plain => return Some(number),
            Some(number) => {
                reading.problem(node.at, format!("{key} {text:?} is a text"), format!("write {number} without quotes"));
            }
            None => {
                reading.problem(node.at, format!("{key} {text} is too large"), format!("write {example}"));
            }
        }
        return None;
    }
    let (message, help) = if let Some(digits) = text.strip_prefix('-').filter(|digits| is_plain_number(digits)) {
        (format!("{key} {text} is negative"), format!("write {example}, or {digits} if the sign is a slip"))
    } else {
        let help = meant_number(text).map_or_else(|| format!("write {example}"), |number| format!("write {number}"));
        (format!("{key} {text:?} is not a whole number"), help)
    };
    reading.problem(node.at, message, help);
    None
}

/// Says whether a text is digits alone and has no zero in front, which YAML 1.1 would read as octal.
pub(super) fn is_plain_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}
