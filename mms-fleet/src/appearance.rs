//! Appearance of a name: what a person sees of it who does not look closely.

use std::sync::LazyLock;

use mms_types::NameKey;
use unicode_security::confusable_detection::skeleton;

/// What a name looks like: its letters and digits, each in the form that Unicode calls confusable with it.
///
/// Two names of one appearance are the same but for punctuation, spaces, marks and letters of another script. They may be two clients,
/// which only a person can say.
///
/// ```
/// use mms_fleet::Appearance;
/// use mms_types::NameKey;
///
/// let appearance = |name| Appearance::of(&NameKey::new(name));
/// assert_eq!(appearance("\u{410}cme-Bakery"), appearance("Acme Bakery"), "the first letter is Cyrillic");
/// assert_ne!(appearance("Client 9"), appearance("Client 10"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Appearance(String);

impl Appearance {
    /// Returns the appearance of a name; nothing where it has no letter or digit.
    #[must_use]
    pub fn of(name: &NameKey) -> Option<Self> {
        let mut letters = String::with_capacity(name.as_str().len());
        for character in name.as_str().chars() {
            match u8::try_from(character).ok().and_then(|code| OF_ASCII.get(usize::from(code))) {
                Some(seen) => letters.push_str(seen),
                None => add_letters(&mut letters, character),
            }
        }
        (!letters.is_empty()).then_some(Self(letters))
    }
}

/// What each ASCII character looks like: names are mostly made of these, and Unicode's table is searched once for each.
static OF_ASCII: LazyLock<Vec<String>> = LazyLock::new(|| {
    let looks = |character| {
        let mut letters = String::new();
        add_letters(&mut letters, character);
        letters
    };
    ('\0'..='\x7f').map(looks).collect()
});

/// Adds the letters and digits that a character looks like.
fn add_letters(letters: &mut String, character: char) {
    // A prototype may be a capital: of "l", "I" and "1" it is "l".
    let mut buffer = [0; 4];
    let seen = skeleton(character.encode_utf8(&mut buffer)).filter(|seen| seen.is_alphanumeric());
    letters.extend(seen.flat_map(char::to_lowercase));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_like(name: &str, other: &str) -> bool {
        let appearance = Appearance::of(&NameKey::new(name));
        appearance.is_some() && appearance == Appearance::of(&NameKey::new(other))
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
    fn the_look_of_a_name_is_that_of_its_characters() {
        assert!(is_like("|illiam 0", "lilliam O"));
        let (ascii, beyond) = ("Acme (1|l) 50% m/n", "A\u{308}cm\u{e9} \u{410}\u{405} \u{1d400} \u{ac00}");
        for text in [ascii, beyond] {
            let whole: String =
                skeleton(text).filter(|seen| seen.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            let mut each = String::new();
            text.chars().for_each(|character| add_letters(&mut each, character));
            assert_eq!(each, whole, "{text}");
        }
    }

    #[test]
    fn another_number_or_word_is_another_name() {
        for (name, other) in [("Client 9", "Client 10"), ("Acme Bakery", "Acme Bakeries"), ("Sol", "Luna"), ("-", "+")]
        {
            assert!(!is_like(name, other), "{name}");
        }
    }
}
