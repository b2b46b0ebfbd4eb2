//! Where the token comes from: the environment, a file or standard input, never a flag's value.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use mms_client::ApiToken;

use crate::environment::variable;
use crate::failure::Failure;

const KEY: &str = "MAKE_API_KEY";
const FILE: &str = "MMS_TOKEN_FILE";

/// Finds the token: `--token-file`, then `MAKE_API_KEY`, then `MMS_TOKEN_FILE`.
pub(crate) fn find(file: Option<&Path>) -> Result<ApiToken, Failure> {
    if let Some(file) = file {
        return from_file(file);
    }
    if let Some(text) = variable(KEY)? {
        return parse(&text, KEY);
    }
    if let Some(file) = variable(FILE)? {
        return from_file(Path::new(&file));
    }
    Err(Failure::unauthorized("no token given").hint(format!("set {KEY} or {FILE}, or try --sandbox")))
}

fn from_file(path: &Path) -> Result<ApiToken, Failure> {
    let name = path.display().to_string();
    let unreadable = |error: io::Error| Failure::usage(format!("the token file {name} cannot be read: {error}"));
    let mut text = String::new();
    if path == Path::new("-") {
        io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        return parse(without_line_end(&text), "standard input");
    }
    let mut file = File::open(path).map_err(unreadable)?;
    refuse_readable_by_others(&file, &name)?;
    file.read_to_string(&mut text).map_err(unreadable)?;
    parse(without_line_end(&text), &name)
}

fn parse(text: &str, source: &str) -> Result<ApiToken, Failure> {
    text.parse().map_err(|error| Failure::usage(format!("the token from {source} is unusable: {error}")))
}

/// Takes off the one line end that an editor puts after the only line of a file.
fn without_line_end(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.strip_suffix('\r').unwrap_or(line)
}

#[cfg(unix)]
fn refuse_readable_by_others(file: &File, name: &str) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;

    let metadata =
        file.metadata().map_err(|error| Failure::usage(format!("the token file {name} cannot be read: {error}")))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(Failure::usage(format!("the token file {name} is open to other users: mode {mode:04o}"))
            .hint(format!("chmod 600 {name}")));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_: &File, _: &str) -> Result<(), Failure> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_is_taken_off_and_no_more() {
        assert_eq!(without_line_end("token\n"), "token");
        assert_eq!(without_line_end("token\r\n"), "token");
        assert_eq!(without_line_end("token"), "token");
        assert_eq!(without_line_end("token\n\n"), "token\n");
        assert_eq!(without_line_end(" token\n"), " token");
    }
}
