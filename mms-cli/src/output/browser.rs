//! Browser of the user: the program of `BROWSER`, or else what the desktop has for addresses.

use std::process::Command;
use std::{env, io};

/// Variable that names the browser, with arguments before the address.
const BROWSER: &str = "BROWSER";

/// Opens an address. A program of `BROWSER` is waited for, since it may show the page on this terminal. Which programs of the
/// desktop failed, and how, is only told where `is_verbose`.
pub(crate) fn open(url: &str, is_verbose: bool) -> io::Result<()> {
    let chosen = env::var(BROWSER).unwrap_or_default();
    let mut words = chosen.split_whitespace();
    let Some(program) = words.next() else {
        return open::that_detached(url).map_err(|error| of_desktop(error, is_verbose));
    };
    let status = Command::new(program).args(words).arg(url).status();
    match status.map_err(|error| io::Error::new(error.kind(), format!("{program} of {BROWSER}: {error}")))? {
        status if status.success() => Ok(()),
        status => Err(io::Error::other(format!("{program} of {BROWSER} failed: {status}"))),
    }
}

fn of_desktop(error: io::Error, is_verbose: bool) -> io::Error {
    if is_verbose { error } else { io::Error::other(format!("the desktop has none, and {BROWSER} names none")) }
}
