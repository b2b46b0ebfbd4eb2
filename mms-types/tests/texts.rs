//! Names and addresses: which are taken, and that they stay as they are.

use std::fmt::Debug;
use std::str::FromStr;

use mms_types::{EmailAddress, OrganizationName, UserName};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::json;

/// Any text: mostly of the characters that decide, now and then of all Unicode.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => r##"[ a-zA-Z0-9'\-.()*+,@_/!"#$%&:;<=>?\[\]^`{|}~\\\t\x00\x1f\x7f\x85äß語\u{a0}\u{ad}\u{200b}\u{200d}\u{202e}\u{2800}\u{3000}\u{3164}\u{feff}\u{e0041}]{0,12}"##,
        1 => any::<String>(),
    ]
}

/// The characters that show nothing, by their Unicode names: controls, direction marks, spaces without width, fillers, tags.
fn is_invisible(character: char) -> bool {
    let code = u32::from(character);
    code < 0x20
        || (0x7f..=0x9f).contains(&code)
        || [0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x180e, 0x200b, 0x200e, 0x200f, 0x2800, 0x3164, 0xfeff, 0xffa0]
            .contains(&code)
        || (0x2028..=0x202e).contains(&code)
        || (0x2060..=0x2069).contains(&code)
        || (0xe0000..=0xe007f).contains(&code)
}

/// A text that parses prints as itself, and travels as itself.
fn assert_round_trip<T>(text: &str) -> Result<(), TestCaseError>
where
    T: FromStr + ToString + serde::Serialize + DeserializeOwned + PartialEq + Debug,
{
    match text.parse::<T>() {
        Ok(parsed) => {
            prop_assert_eq!(parsed.to_string(), text);
            prop_assert_eq!(serde_json::from_value::<T>(json!(text)).ok(), Some(parsed));
        }
        Err(_) => prop_assert!(serde_json::from_value::<T>(json!(text)).is_err(), "refused as text, read from JSON"),
    }
    Ok(())
}

proptest! {
    #[test]
    fn an_organization_name_has_only_what_make_allows(text in any_text()) {
        let allowed = |character: char| {
            !character.is_ascii() || character.is_ascii_alphanumeric() || " '-.()*+,@_/".contains(character)
        };
        let expected = !text.is_empty()
            && text.trim() == text
            && text.chars().all(|character| allowed(character) && !is_invisible(character));
        prop_assert_eq!(text.parse::<OrganizationName>().is_ok(), expected);
        assert_round_trip::<OrganizationName>(&text)?;
    }

    #[test]
    fn a_user_name_has_no_control_character_and_no_space_at_either_end(text in any_text()) {
        let expected = !text.is_empty()
            && text.trim() == text
            && !text.chars().any(is_invisible);
        prop_assert_eq!(text.parse::<UserName>().is_ok(), expected);
        assert_round_trip::<UserName>(&text)?;
    }

    #[test]
    fn an_address_that_parses_is_kept_letter_for_letter(local in "[a-z0-9.+_-]{1,12}", domain in "[a-z0-9]{1,8}\\.[a-z]{2,6}", text in any_text()) {
        let address = format!("{local}@{domain}");
        let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
        prop_assert_eq!(address.parse::<EmailAddress>().is_ok(), !dots, "{}", address);
        assert_round_trip::<EmailAddress>(&address)?;
        assert_round_trip::<EmailAddress>(&text)?;
    }
}

#[test]
fn an_address_is_plain() {
    for text in [
        "Ada <ada@acme.example>",
        "<ada@acme.example>",
        "\"a b\"@acme.example",
        "ada@[127.0.0.1]",
        "ada@localhost",
        "ada",
        "@acme.example",
        "ada@",
        "ada@acme..example",
        "ada@ab--cd.example",
        "ada@XN--kln-sna.example",
        " ada@acme.example",
        "ada@acme.example,bo@acme.example",
    ] {
        let error = text.parse::<EmailAddress>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("{text:?} is not an e-mail address")), "{error}");
    }
    for text in [
        "ada@acme.example",
        "a.b+c@sub.acme.example",
        "o'neil@acme.example",
        "unal@xn--kln-sna.example",
        "a@b--c.example",
    ] {
        assert_eq!(text.parse::<EmailAddress>().unwrap().as_str(), text);
    }
}

#[test]
fn an_address_beyond_ascii_is_refused_with_the_way_out() {
    for text in ["ünal@acme.example", "unal@köln.example", "ünal@köln.example", "ada@acme.examplе"] {
        assert_eq!(
            text.parse::<EmailAddress>().unwrap_err().to_string(),
            format!(
                "{text:?} is not an e-mail address of ASCII characters alone: write a domain of other letters in its \
                 xn-- form"
            )
        );
    }
}

#[test]
fn a_name_with_a_character_that_shows_nothing_is_refused() {
    for character in [
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{1160}',
        '\u{180e}',
        '\u{200b}',
        '\u{2028}',
        '\u{202e}',
        '\u{2060}',
        '\u{2800}',
        '\u{3164}',
        '\u{feff}',
        '\u{ffa0}',
        '\u{e0000}',
        '\u{e0041}',
        '\u{e007f}',
    ] {
        for name in [format!("Ac{character}me"), format!("{character}Acme"), format!("Acme{character}")] {
            assert!(name.parse::<OrganizationName>().is_err(), "{name:?}");
            assert!(name.parse::<UserName>().is_err(), "{name:?}");
        }
    }
    assert!("\u{646}\u{200c}\u{627}".parse::<OrganizationName>().is_ok(), "Persian needs its joiner");
}

#[test]
fn a_name_ends_in_no_white_space_of_any_kind() {
    for space in [' ', '\u{a0}', '\u{1680}', '\u{2000}', '\u{2009}', '\u{202f}', '\u{205f}', '\u{3000}'] {
        for name in [format!("{space}Acme"), format!("Acme{space}"), space.to_string()] {
            assert!(name.parse::<OrganizationName>().is_err(), "{name:?}");
            assert!(name.parse::<UserName>().is_err(), "{name:?}");
        }
    }
    assert!("Acme\u{a0}Bakery".parse::<OrganizationName>().is_ok());
}
