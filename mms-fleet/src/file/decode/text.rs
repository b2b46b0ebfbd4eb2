//! Texts: taken as they are written, whatever type YAML would give them.

use mms_client::{ZoneHost, zones};
use mms_types::{EmailAddress, UserName, is_invisible};

use super::fields::nearest;
use super::reading::{Decode, Reading};
use crate::file::yaml::Node;

/// A region or country: its id, name or code. `NO` is Norway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) struct EnumText(pub(in crate::file) String);

/// The id that another system has for a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) struct ExternalId(pub(in crate::file) String);

/// The e-mail address of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) struct Mail(pub(in crate::file) EmailAddress);

/// The name of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) struct OwnerName(pub(in crate::file) UserName);

/// The host of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::file) struct Zone(pub(in crate::file) String);

impl Decode for EnumText {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        visible(node, key, "an id, a name or a code", reading).map(Self)
    }
}

impl Decode for ExternalId {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        visible(node, key, "the id that the other system has", reading).map(Self)
    }
}

impl Decode for Mail {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let scalar = reading.scalar(node, key, "an address, such as ada@acme.example")?;
        match scalar.text.parse() {
            Ok(address) => Some(Self(address)),
            Err(error) => {
                reading.problem(node.at, error.to_string(), "write an address, such as ada@acme.example");
                None
            }
        }
    }
}

impl Decode for OwnerName {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let scalar = reading.scalar(node, key, "a name, such as Ada Owner")?;
        match scalar.text.parse() {
            Ok(name) => Some(Self(name)),
            Err(error) => {
                reading.problem(node.at, error.to_string(), "write a name, such as Ada Owner");
                None
            }
        }
    }
}

impl Decode for Zone {
    fn decode(node: &Node<'_>, key: &str, reading: &mut Reading<'_>) -> Option<Self> {
        let scalar = reading.scalar(node, key, "a zone, such as eu1.make.com")?;
        if let Ok(zone) = scalar.text.parse::<ZoneHost>() {
            return Some(Self(zone.as_str().to_owned()));
        }
        let help = match zones().find(|zone| zone.split('.').next() == Some(&scalar.text)) {
            Some(zone) => format!("write {zone}"),
            None => match nearest(&scalar.text, zones()) {
                Some(zone) => format!("did you mean {zone}?"),
                None => format!(
                    "write one of {}, or remove the key for another server",
                    zones().collect::<Vec<_>>().join(", ")
                ),
            },
        };
        reading.problem(node.at, format!("{key} {:?} is not a zone of Make", scalar.text), help);
        None
    }
}

/// Reads a text that can be seen whole.
pub(super) fn visible(node: &Node<'_>, key: &str, example: &str, reading: &mut Reading<'_>) -> Option<String> {
    let scalar = reading.scalar(node, key, example)?;
    let text = scalar.text.as_ref();
    if let Some(bad) = text.chars().find(|character| is_invisible(*character)) {
        reading.problem(node.at, format!("{key} {text:?} has {bad:?}, which shows nothing"), "remove the character");
        return None;
    }
    if text.trim().is_empty() || text.trim() != text {
        let message = format!("{key} {text:?} is empty, or begins or ends with a space");
        reading.problem(node.at, message, format!("write {example}"));
        return None;
    }
    Some(text.to_owned())
}
