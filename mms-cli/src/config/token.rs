//! Token: from a file, standard input, the environment, a program or where `mms auth login` put it; never from a flag's value.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use mms_client::ApiToken;

use super::environment::API_KEY;
use super::key::Key;
use super::profile::warn_if_open;
use super::settings::{Found, Origin, Settings};
use super::token_store::{TokenStore, TokenStores};
use crate::output::failure::{Failure, shell};
use crate::output::printer::Printer;

/// Most bytes that are read of a file with a token.
const MAX_FILE: u64 = 64 * 1024;

/// Settings that lead to a token, in the order in which they count where one place has several.
pub(crate) const KEYS: [Key; 4] = [Key::Token, Key::TokenCommand, Key::TokenFile, Key::TokenStore];

/// Source of the token.
#[derive(Debug, Clone)]
pub(crate) struct TokenSource {
    found: Found,
    profile: Option<String>,
}

impl TokenSource {
    /// Finds where the token comes from, without reading it; nothing where none is given.
    pub(crate) fn find(settings: &Settings, printer: &Printer) -> Result<Option<Self>, Failure> {
        let Some(found) = settings.find(&KEYS)? else { return Ok(None) };
        settings.tell_of_override(&found, &KEYS, printer)?;
        Ok(Some(Self { found, profile: settings.profile().map(|profile| profile.name.clone()) }))
    }

    /// Returns where the setting comes from.
    pub(crate) const fn origin(&self) -> &Origin {
        &self.found.origin
    }

    /// Names the source for a person.
    pub(crate) fn name(&self) -> String {
        match (&self.found.origin, self.found.key) {
            (Origin::Flag(_), _) if self.found.text == "-" => "standard input".to_owned(),
            (origin, Key::TokenCommand) => format!("the program of {origin}"),
            (origin, Key::TokenStore) => format!("{} of {origin}", self.store().words()),
            (origin, _) => origin.to_string(),
        }
    }

    /// Reads the token.
    pub(crate) async fn read(&self, printer: &Printer) -> Result<ApiToken, Failure> {
        parse(&self.read_text(printer).await?, &self.name())
    }

    /// Reads the text of the token, which is known to be one.
    pub(crate) async fn read_text(&self, printer: &Printer) -> Result<String, Failure> {
        let text = &self.found.text;
        let text = match self.found.key {
            Key::Token => text.clone(),
            Key::TokenCommand => from_command(text, &self.name())?,
            Key::TokenStore => {
                let profile = self.profile.as_deref().unwrap_or_default();
                let stores = TokenStores::of_user()?;
                if let Some(file) = stores.file_of(self.store(), profile)? {
                    warn_if_open(&file, printer);
                }
                bare(&stores.read(self.store(), profile, |text| printer.note(text)).await?).to_owned()
            }
            _ => from_file(Path::new(text))?,
        };
        parse(&text, &self.name()).map(|_| text)
    }

    /// Returns the store that the setting names, which was checked when the profile was read.
    fn store(&self) -> TokenStore {
        TokenStore::parse(&self.found.text).unwrap_or(TokenStore::File)
    }
}

/// Runs the program of a profile, and takes what it prints for the token. Its standard error is the user's to see.
fn from_command(command: &str, source: &str) -> Result<String, Failure> {
    let failed = |reason: &str| {
        Failure::unauthorized(format!("{source} gave no token: {reason}"))
            .hint(format!("run it by hand: {}", shell::word(command)))
    };
    let shell = if cfg!(windows) { ["cmd", "/C"] } else { ["sh", "-c"] };
    let output =
        Command::new(shell[0]).args([shell[1], command]).stderr(Stdio::inherit()).stdin(Stdio::inherit()).output();
    let output = output.map_err(|error| failed(&error.to_string()))?;
    if !output.status.success() {
        return Err(failed(&output.status.to_string()));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| failed("what it prints is not UTF-8"))?;
    // A password manager may keep notes below the secret.
    let first = text.lines().next().unwrap_or_default();
    Ok(bare(within_limit(first, source)?).to_owned())
}

fn from_file(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    if path == Path::new("-") {
        let read = io::stdin().lock().take(MAX_FILE + 1).read_to_string(&mut text);
        read.map_err(|error| Failure::usage(format!("the token cannot be read from standard input: {error}")))?;
        return Ok(bare(within_limit(&text, "standard input")?).to_owned());
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    check_file(path, &file.metadata().map_err(|error| unreadable(path, &error))?)?;
    file.take(MAX_FILE + 1).read_to_string(&mut text).map_err(|error| unreadable(path, &error))?;
    let name = path.display().to_string();
    Ok(bare(within_limit(&text, &name)?).to_owned())
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::usage(format!("the token file {} cannot be read: {error}", path.display()));
    if path.starts_with("~") {
        return failure.hint("the shell left ~ as it is: write the whole path, or $HOME in place of ~");
    }
    if error.kind() == io::ErrorKind::NotFound {
        return failure.hint(format!("write the token into it, readable for you alone, or set {API_KEY}"));
    }
    failure
}

/// Reads the token from standard input.
pub(crate) fn from_stdin() -> Result<String, Failure> {
    from_file(Path::new("-"))
}

/// Takes a text for a token.
pub(crate) fn parse(text: &str, source: &str) -> Result<ApiToken, Failure> {
    text.parse().map_err(|error| {
        Failure::usage(format!("the token from {source} is unusable: {error}")).hint(if text.is_empty() {
            "put the token there, alone and on one line"
        } else {
            "a token stands alone on one line, without spaces, quotes or a word before it"
        })
    })
}

/// Refuses what is too long to be a token.
fn within_limit<'a>(text: &'a str, source: &str) -> Result<&'a str, Failure> {
    if u64::try_from(text.len()).is_ok_and(|length| length <= MAX_FILE) {
        return Ok(text);
    }
    Err(Failure::usage(format!("{source} holds more than {} KiB: that is no token", MAX_FILE / 1024))
        .hint("put the token there, alone and on one line"))
}

/// Returns the token in a file: without what editors put before and after it, and without the scheme of a header.
fn bare(text: &str) -> &str {
    let text = without_line_end(text.strip_prefix('\u{feff}').unwrap_or(text));
    match text.split_once(' ') {
        Some((scheme, token)) if ["token", "bearer"].contains(&scheme.to_ascii_lowercase().as_str()) => token,
        _ => text,
    }
}

/// Removes the one line end that an editor puts after the only line of a file.
fn without_line_end(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.strip_suffix('\r').unwrap_or(line)
}

/// Accepts pipes, as in `<(pass show make)`, and regular files that nobody else can read.
#[cfg(unix)]
fn check_file(path: &Path, metadata: &Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};

    let (name, mode) = (path.display(), metadata.permissions().mode() & 0o777);
    if metadata.file_type().is_fifo() {
        return Ok(());
    }
    if !metadata.is_file() {
        return Err(irregular(path));
    }
    if mode & 0o077 != 0 {
        return Err(Failure::usage(format!("the token file {name} is open to other users: mode {mode:04o}"))
            .hint(format!(
                "chmod 600 {file}, or where that cannot be, as on a mount of secrets, give it by standard input: --token-file - < {file}",
                file = shell::word(&name.to_string())
            )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_file(path: &Path, metadata: &Metadata) -> Result<(), Failure> {
    if metadata.is_file() { Ok(()) } else { Err(irregular(path)) }
}

fn irregular(path: &Path) -> Failure {
    Failure::usage(format!("the token file {} is no regular file", path.display()))
        .hint("name a file that holds the token alone, or - for standard input")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_editor_or_a_header_puts_around_a_token_is_left_out() {
        for text in ["token\n", "\u{feff}token", "Token token\r\n", "bearer token", "\u{feff}Bearer token\n"] {
            assert_eq!(bare(text), "token", "{text:?}");
        }
        assert_eq!(bare("to ken"), "to ken");
    }

    #[test]
    fn a_file_that_is_too_long_is_no_token() {
        assert!(within_limit(&"x".repeat(64 * 1024), "f").is_ok());
        let failure = within_limit(&"x".repeat(64 * 1024 + 1), "f").unwrap_err();
        assert_eq!(failure.message(), "f holds more than 64 KiB: that is no token");
    }

    #[test]
    fn one_line_end_is_taken_off_and_no_more() {
        assert_eq!(without_line_end("token\n"), "token");
        assert_eq!(without_line_end("token\r\n"), "token");
        assert_eq!(without_line_end("token"), "token");
        assert_eq!(without_line_end("token\n\n"), "token\n");
        assert_eq!(without_line_end(" token\n"), " token");
    }
}
