//! Names that look alike: the same but for punctuation, spaces, marks and letters of another script.

use mms_types::{ChildOrganization, NameKey};
use unicode_security::confusable_detection::skeleton;

/// Returns the children whose name looks like this one.
pub(crate) fn lookalikes<'a>(name: &str, all: &'a [ChildOrganization]) -> Vec<&'a ChildOrganization> {
    let key = appearance(name);
    let is_alike =
        |child: &&ChildOrganization| child.organization_name.as_deref().is_some_and(|name| appearance(name) == key);
    if key.is_empty() { Vec::new() } else { all.iter().filter(is_alike).collect() }
}

/// Returns what a name looks like: its letters and digits, each in the form that Unicode calls confusable with it.
pub(crate) fn appearance(name: &str) -> String {
    let skeleton: String = skeleton(NameKey::new(name).as_str()).collect();
    // A prototype may be a capital: of "l", "I" and "1" it is "l".
    let letters = skeleton.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use mms_types::samples;

    use super::*;

    fn is_like(name: &str, other: &str) -> bool {
        !lookalikes(name, &[samples::child(101, other, 0)]).is_empty()
    }

    #[test]
    fn punctuation_and_letters_of_another_script_make_no_other_name() {
        for name in
            ["Acme-Bakery", "Acme.Bakery", "AcmeBakery", "\u{410}cme Bakery", "Acme B\u{430}kery", "Acme Bakery."]
        {
            assert!(is_like(name, "Acme Bakery"), "{name}");
        }
        assert!(is_like("Client l", "Client 1"));
    }

    #[test]
    fn another_number_or_word_is_another_name() {
        for (name, other) in [("Client 9", "Client 10"), ("Acme Bakery", "Acme Bakeries"), ("Sol", "Luna"), ("-", "+")]
        {
            assert!(!is_like(name, other), "{name}");
        }
    }
}
