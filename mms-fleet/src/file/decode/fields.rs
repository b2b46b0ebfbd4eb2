//! Mapping with known keys. The struct, its reader and its JSON Schema are one definition, so that they cannot drift apart.

use super::reading::Reading;
use crate::file::yaml::{At, Entry, Node};

/// Declares a mapping of the document: a struct of what was found, its reader and its JSON Schema.
///
/// `required` are the keys that have to be there, each with an example; `null` says whether nothing at all is an empty mapping.
macro_rules! fields {
    (
        $(#[doc = $about:literal])+
        $name:ident, as $example:literal, required $required:expr, null $null:literal {
            $($(#[doc = $doc:literal])+ $key:ident: $type:ty,)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub(in crate::file) struct $name {
            $($(#[doc = $doc])+ pub(in crate::file) $key: Option<$crate::file::decode::Found<$type>>,)+
            /// The keys that are there, as they are or misspelt, and whose values cannot be used.
            pub(in crate::file) unusable: $crate::file::decode::Unusable,
        }

        impl $name {
            /// The keys, in the order of the document.
            pub(in crate::file) const KEYS: &'static [&'static str] = &[$(stringify!($key)),+];
        }

        impl $crate::file::decode::Decode for $name {
            fn decode(
                node: &$crate::file::yaml::Node<'_>,
                key: &str,
                reading: &mut $crate::file::decode::Reading<'_>,
            ) -> Option<Self> {
                let entries = reading.entries(node, key, $example)?;
                reading.require(entries, $required, key, node.at);
                let (known, unusable) = reading.known(entries, key, Self::KEYS);
                let mut fields = Self { unusable, ..Self::default() };
                for (name, value) in known {
                    let before = reading.count();
                    let is_usable = match name {
                        $(stringify!($key) => {
                            fields.$key = $crate::file::decode::Found::decode(value, stringify!($key), reading);
                            fields.$key.is_some()
                        })+
                        _ => true,
                    };
                    if !is_usable || reading.count() > before {
                        fields.unusable.push(name);
                    }
                }
                Some(fields)
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = $crate::file::decode::object_schema::object(concat!($($about),+), $required, $null);
                $($crate::file::decode::object_schema::property::<$type>(
                    &mut schema, generator, stringify!($key), concat!($($doc),+),
                );)+
                schema
            }
        }
    };
}
pub(in crate::file) use fields;

/// The keys of a mapping that are there, as they are or misspelt, and whose values cannot be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::file) struct Unusable(Vec<&'static str>);

impl Unusable {
    /// Takes every key: the mapping cannot be read.
    pub(in crate::file) fn all(keys: &[&'static str]) -> Self {
        Self(keys.to_vec())
    }

    pub(in crate::file) fn push(&mut self, key: &'static str) {
        self.0.push(key);
    }

    /// Says whether a key is among them: what only follows from its absence is no mistake.
    pub(in crate::file) fn has(&self, key: &str) -> bool {
        self.0.contains(&key)
    }
}

impl Reading<'_> {
    /// Reports the keys that have to be there and are not.
    pub(in crate::file) fn require(&mut self, entries: &[Entry<'_>], keys: &[(&str, &str)], of: &str, at: At) {
        for (key, example) in keys {
            if !entries.iter().any(|entry| entry.key.scalar().is_some_and(|scalar| scalar.text == *key)) {
                self.problem(at, format!("{of} has no {key}"), format!("write one, such as {example}"));
            }
        }
    }

    /// Returns the entries whose key is one of `keys`, and reports every other and each that stands twice. Second are the keys that those
    /// were probably meant to be.
    pub(in crate::file) fn known<'n, 't>(
        &mut self,
        entries: &'n [Entry<'t>],
        of: &str,
        keys: &'static [&'static str],
    ) -> (Vec<(&'static str, &'n Node<'t>)>, Unusable) {
        let mut unusable = Unusable::default();
        let mut known: Vec<(&'static str, At, &'n Node<'t>)> = Vec::new();
        for Entry { key, value } in entries {
            let Some(name) = key.scalar() else {
                self.problem(
                    key.at,
                    format!("{of} has a key that is no text"),
                    format!("write one of {}", keys.join(", ")),
                );
                continue;
            };
            let Some(name) = keys.iter().find(|known| **known == name.text) else {
                let (message, help) = unknown(&name.text, value, of, keys);
                self.problem(key.at, message, help);
                unusable.0.extend(nearest(&name.text, keys.iter().copied()));
                continue;
            };
            if let Some((_, at, _)) = known.iter().find(|(known, ..)| known == name) {
                let message = format!("{name} stands twice in {of}, first in line {}", at.line);
                self.problem(key.at, message, "keep one of them");
                unusable.push(name);
                continue;
            }
            known.push((name, key.at, value));
        }
        (known.into_iter().map(|(name, _, value)| (name, value)).collect(), unusable)
    }
}

/// Returns what is wrong with a key that does not exist, and what to write.
fn unknown(name: &str, value: &Node<'_>, of: &str, keys: &[&str]) -> (String, String) {
    let message = format!("{of} has no key {name:?}");
    let help = match name {
        "<<" => "merge keys are of YAML 1.1 and not read: use defaults, or write the keys themselves".to_owned(),
        // `{credits: 20,000}` is the key `credits` and the key `000`.
        digits if value.is_null() && digits.starts_with(|first: char| first.is_ascii_digit()) => {
            "write a number without commas, such as 20000".to_owned()
        }
        _ => match nearest(name, keys.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("write one of {}", keys.join(", ")),
        },
    };
    (message, help)
}

/// Returns the candidate that a word was probably meant to be.
pub(in crate::file) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace(['-', ' '], "_");
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro_winkler(&word, candidate), candidate));
    scored.filter(|(score, _)| *score > 0.8).max_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, near)| near)
}
