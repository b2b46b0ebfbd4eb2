//! Token: from a file, standard input or the environment, never from a flag's value.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use mms_client::ApiToken;

use super::environment::{API_KEY, TOKEN_FILE, is_set, variable};
use super::required::{self, Setting};
use crate::output::failure::{Failure, shell};

/// Most bytes that are read of a file with a token.
const MAX_FILE: u64 = 64 * 1024;

/// Finds the token: `--token-file`, then `MAKE_API_KEY`, then `MMS_TOKEN_FILE`.
pub(super) fn find(file: Option<&Path>) -> Result<ApiToken, Failure> {
    if let Some(file) = file {
        return from_file(file);
    }
    if let Some(text) = variable(API_KEY)? {
        return parse(&text, API_KEY);
    }
    if let Some(file) = variable(TOKEN_FILE)? {
        return from_file(Path::new(&file));
    }
    Err(required::missing(&[Setting::Token]))
}

/// Returns the setting that the token comes from.
pub(super) fn source(file: Option<&Path>) -> &'static str {
    match file {
        Some(file) if file == Path::new("-") => "standard input",
        Some(_) => "--token-file",
        None if is_set(API_KEY) => API_KEY,
        None => TOKEN_FILE,
    }
}

/// Says whether a source of a token is given, without reading it.
pub(super) fn is_given(file: Option<&Path>) -> bool {
    file.is_some() || is_set(API_KEY) || is_set(TOKEN_FILE)
}

fn from_file(path: &Path) -> Result<ApiToken, Failure> {
    let mut text = String::new();
    if path == Path::new("-") {
        let read = io::stdin().lock().take(MAX_FILE + 1).read_to_string(&mut text);
        read.map_err(|error| Failure::usage(format!("the token cannot be read from standard input: {error}")))?;
        return parse(bare(within_limit(&text, "standard input")?), "standard input");
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    check_file(path, &file.metadata().map_err(|error| unreadable(path, &error))?)?;
    file.take(MAX_FILE + 1).read_to_string(&mut text).map_err(|error| unreadable(path, &error))?;
    let name = path.display().to_string();
    parse(bare(within_limit(&text, &name)?), &name)
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

fn parse(text: &str, source: &str) -> Result<ApiToken, Failure> {
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
