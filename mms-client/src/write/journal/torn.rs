//! Torn record of a journal: what is kept of it, and what can be read.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use mms_types::NameKey;

use super::private_file;
use super::record::Moment;

/// Most characters of a torn record that are shown.
const EXCERPT: usize = 200;

/// A record whose writer died in the midst of it, or that the disk lost a part of.
///
/// Nothing is sent before its intent is on disk, as far as the disk says. One that acknowledges what it has not written can lose the
/// end of an intent whose create was sent: whoever creates the same name again looks in Make first. The text says where it is:
///
/// ```text
/// line 12 of /var/lib/provisioning/intents was torn and is kept in /var/lib/provisioning/intents.torn: {"line":12,"record":{"int
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Torn {
    /// The journal.
    pub journal: PathBuf,
    /// The line, from 1.
    pub line: u64,
    /// When it was found.
    pub found_at: Moment,
    /// The file that has its bytes now, behind those of earlier ones.
    pub kept_in: PathBuf,
    /// Its beginning, as far as it is text.
    pub text: String,
    /// Whether it may be an intent: a create that nobody knows of.
    pub is_intent: bool,
}

/// Returns the file in which the torn records of a journal are kept.
pub(super) fn kept_in(journal: &Path) -> PathBuf {
    let mut kept_in = journal.as_os_str().to_owned();
    kept_in.push(".torn");
    kept_in.into()
}

/// Says whether one of the records that are kept may be an intent to create a name: its own, as far as it can be read, or one that was
/// torn before its name.
pub(super) fn has_intent_of(name: &str, kept: &[u8]) -> bool {
    let kept = String::from_utf8_lossy(kept).replace('\0', "");
    let records = kept.lines().filter(|record| !record.trim().is_empty() && is_intent(record));
    records.map(name_in).any(|found| match found {
        None => true,
        Some((whole, true)) => NameKey::new(whole) == NameKey::new(name),
        Some((beginning, false)) => NameKey::new(name).as_str().starts_with(NameKey::new(beginning).as_str()),
    })
}

/// Returns the name in a torn intent and whether it is whole; nothing where it was torn before that.
fn name_in(record: &str) -> Option<(&str, bool)> {
    let (_, rest) = record.split_once(r#""organizationName":""#)?;
    // No name has a quotation mark or a backslash.
    Some(rest.split_once('"').map_or((rest, false), |(name, _)| (name, true)))
}

/// Says whether a record may be an intent to create: it is not an outcome, an allocation or a run.
fn is_intent(text: &str) -> bool {
    !["o", "a", "r"].iter().any(|kind| text.contains(&format!("\"record\":{{\"{kind}")))
}

impl Torn {
    pub(super) fn new(journal: &Path, line: u64, bytes: &[u8], now: SystemTime) -> Self {
        let text = String::from_utf8_lossy(bytes);
        Self {
            journal: journal.to_owned(),
            line,
            found_at: now.into(),
            kept_in: kept_in(journal),
            is_intent: is_intent(&text),
            text: text.chars().filter(|character| *character != '\0').take(EXCERPT).collect(),
        }
    }

    /// Adds the bytes to the file of those that were torn, durably.
    pub(super) fn keep(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = private_file::options().append(true).open(&self.kept_in)?;
        file.write_all(bytes)?;
        file.write_all(b"\n")?;
        file.sync_all()
    }
}

impl fmt::Display for Torn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { journal, line, kept_in, text, .. } = self;
        write!(formatter, "line {line} of {} was torn and is kept in {}: {text}", journal.display(), kept_in.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_intent_is_of_the_name_that_it_shows_or_of_any() {
        let of = |kept: &str, name: &str| has_intent_of(name, kept.as_bytes());
        let intent =
            r#"{"line":3,"record":{"intent":{"intent":{"id":"0a","organizationName":"Acme Bakery","regionId":1"#;
        for (end, name, expected) in [
            (intent.len(), "ACME  bakery", true),
            (intent.len(), "Acme", false),
            (intent.find(" Bakery").unwrap(), "Acme Bakery", true),
            (intent.find(" Bakery").unwrap(), "acmeology", true),
            (intent.find(" Bakery").unwrap(), "Bakery", false),
            (intent.find("organization").unwrap(), "Bakery", true),
            (1, "Bakery", true),
        ] {
            assert_eq!(of(&intent[..end], name), expected, "{} {name}", &intent[..end]);
        }
        let outcome = r#"{"line":4,"record":{"outcome":{"int"#;
        assert!(!of(r#"{"line":4,"record":{"all"#, "Bakery") && !of(r#"{"line":4,"record":{"run":{"#, "Bakery"));
        assert!(!of(outcome, "Bakery") && !of("", "Bakery") && !of("\0\0\n\n", "Bakery"));
        assert!(of(&format!("{outcome}\n{intent}\n"), "Acme Bakery"));
    }
}
