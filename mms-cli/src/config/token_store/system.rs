//! Keyring of the operating system: the secret service of a Linux desktop, the keychain of macOS, or the credential manager of
//! Windows.

use keyring::{Entry, Error};

use super::keyring::{Keyring, Refusal};

/// Service under which the entries stand.
const SERVICE: &str = "mms";

/// Keyring of the operating system.
#[derive(Debug)]
pub(super) struct SystemKeyring;

impl Keyring for SystemKeyring {
    fn set(&self, entry: &str, token: &str) -> Result<(), Refusal> {
        open(entry)?.set_password(token).map_err(|error| refusal(&error))
    }

    fn get(&self, entry: &str) -> Result<Option<String>, Refusal> {
        match open(entry)?.get_password() {
            Ok(token) => Ok(Some(token)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal(&error)),
        }
    }

    fn remove(&self, entry: &str) -> Result<bool, Refusal> {
        match open(entry)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(refusal(&error)),
        }
    }
}

fn open(entry: &str) -> Result<Entry, Refusal> {
    Entry::store_status().as_ref().map_err(refusal)?;
    Entry::new(SERVICE, entry).map_err(|error| refusal(&error))
}

/// Says in words what went wrong. What an entry has is no part of them.
fn refusal(error: &Error) -> Refusal {
    match error {
        Error::PlatformFailure(cause) => {
            Refusal::new(cause.source().map_or_else(|| cause.to_string(), ToString::to_string))
        }
        Error::NoStorageAccess(cause) => {
            Refusal::new(format!("it is locked, or has no place for passwords yet ({cause})"))
        }
        Error::BadEncoding(_) | Error::BadDataFormat(..) => Refusal::new("what it has there is no text"),
        Error::Ambiguous(_) => Refusal::new("it has several entries of this name"),
        error => Refusal::new(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_shows_nothing_of_what_an_entry_has() {
        let damaged = || std::io::Error::other("it ends with t0ken").into();

        for error in [Error::BadEncoding(b"t0ken".to_vec()), Error::BadDataFormat(b"t0ken".to_vec(), damaged())] {
            assert_eq!(refusal(&error).to_string(), "what it has there is no text");
        }
    }

    #[test]
    fn a_refusal_says_what_the_system_said() {
        let error = Error::PlatformFailure(std::io::Error::other("no secret service").into());

        assert_eq!(refusal(&error).to_string(), "no secret service");

        let error = Error::NoStorageAccess(std::io::Error::other("prompt dismissed").into());

        assert_eq!(refusal(&error).to_string(), "it is locked, or has no place for passwords yet (prompt dismissed)");
    }
}
