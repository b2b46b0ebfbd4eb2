//! Comparison key for names: the one rule for when two names read the same.

use std::fmt;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::scalar::text::is_invisible;

/// A name reduced to what a reader sees: two names that read the same have equal keys.
///
/// Left out are case, full-width and other compatible forms (Unicode NFKC), characters that show nothing, and which white
/// space there is and how much. Accents and punctuation count. A key is for comparison and search; it is not a name to send.
///
/// ```
/// use mms_types::NameKey;
///
/// assert_eq!(NameKey::new("ACME  Bakery"), NameKey::new("acme bakery"));
/// assert_ne!(NameKey::new("Cafe"), NameKey::new("Café"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameKey(String);

impl NameKey {
    /// Returns the key of a name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        // Most names are plain, and a plan or a report makes thousands of keys.
        if name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Self(with_single_spaces(&name.to_ascii_lowercase()));
        }
        let seen = compatible(name.chars().filter_map(seen).collect());
        // Upper case unites what lower case alone keeps apart, such as ß and SS.
        let folded = compatible(seen.to_uppercase().to_lowercase());
        Self(with_single_spaces(&folded))
    }

    /// Returns the key as text, for search within it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Says whether nothing of the name can be seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for NameKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Returns the compatible form of a text (NFKC), which most have already.
fn compatible(text: String) -> String {
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text,
        IsNormalized::No | IsNormalized::Maybe => text.nfkc().collect(),
    }
}

/// Returns a text without blanks around it, and with one space for each run of them.
fn with_single_spaces(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !single.is_empty() {
            single.push(' ');
        }
        single.push_str(word);
    }
    single
}

/// Returns what a reader sees of a character: the character, a space, or nothing.
fn seen(character: char) -> Option<char> {
    match character {
        space if space.is_whitespace() => Some(' '),
        // The fillers of Hangul and the empty pattern of Braille are as wide as a letter.
        '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}' => Some(' '),
        hidden if is_invisible(hidden) || is_ignorable(hidden) => None,
        other => Some(other),
    }
}

/// Says whether Unicode lets a reader's program leave a character out (`Default_Ignorable_Code_Point`). A name of Persian
/// may need one, so that it is no invisible character; two names that differ in it alone still look alike.
/// See <https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>.
fn is_ignorable(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_read_the_same_have_the_same_key() {
        for (name, read) in [
            ("ACME \u{2009}  Bakery\u{a0}", "acme bakery"),
            ("Ａｃｍｅ\u{3000}Ｂａｋｅｒｙ", "acme bakery"),
            ("Ac\u{ad}me\u{200d} \u{200b}Bak\u{e0061}ery", "acme bakery"),
            ("Acme\u{3164}Bakery\u{2800}", "acme bakery"),
            ("Cafe\u{301}", "café"),
            ("e\u{200c}\u{301}", "é"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("ΟΔΟΣ", "οδος"),
            ("ﬁne", "fine"),
            ("１０２", "102"),
        ] {
            assert_eq!(NameKey::new(name), NameKey::new(read), "{name:?}");
        }
    }

    #[test]
    fn a_plain_name_has_the_key_of_its_full_width_form() {
        for plain in ["  Acme   (Bakery) ", "A'-.()*+,@_/~z", "0 9", " ", ""] {
            let wide = |character: char| match character {
                ' ' => '\u{3000}',
                other => char::from_u32(u32::from(other) + 0xfee0).unwrap(),
            };
            let wide: String = plain.chars().map(wide).collect();
            assert_eq!(NameKey::new(plain), NameKey::new(&wide), "{plain:?}");
        }
    }

    #[test]
    fn names_that_differ_to_a_reader_stay_apart() {
        for (left, right) in [("AcmeBakery", "Acme Bakery"), ("Cafe", "Café"), ("Acme", "Acme.")] {
            assert_ne!(NameKey::new(left), NameKey::new(right));
        }
    }
}
