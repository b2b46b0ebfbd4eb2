//! How this command reaches its other side, so that a hint can name another command that reaches the same.

use crate::args::GlobalArgs;
use crate::output::failure::shell;

/// The flags that say with whom, and for which distributor, a command speaks, and what it knows of earlier ones. What the environment says holds for the next
/// command anyway.
#[derive(Debug, Default)]
pub(crate) struct Invocation {
    flags: Vec<String>,
}

impl Invocation {
    /// Takes the flags that were given.
    pub(crate) fn new(arguments: &GlobalArgs) -> Self {
        let mut flags = Vec::new();
        match &arguments.sandbox {
            Some(Some(file)) => flags.push(format!("--sandbox={}", shell::word(&file.to_string_lossy()))),
            Some(None) => flags.push("--sandbox".to_owned()),
            None => {}
        }
        if let Some(host) = &arguments.zone {
            flags.push(format!("--zone {}", shell::word(host)));
        }
        if let Some(url) = &arguments.base_url {
            flags.push(format!("--base-url {}", shell::word(url)));
        }
        if arguments.allow_http {
            flags.push("--allow-http".to_owned());
        }
        if let Some(id) = arguments.organization_id {
            flags.push(format!("--organization-id {id}"));
        }
        if let Some(file) = &arguments.token_file {
            flags.push(format!("--token-file {}", shell::word(&file.to_string_lossy())));
        }
        if let Some(directory) = &arguments.state_dir {
            flags.push(format!("--state-dir {}", shell::word(&directory.to_string_lossy())));
        }
        Self { flags }
    }

    /// Returns another command with the same flags, in backticks: `words` are its name and arguments.
    pub(crate) fn command(&self, words: &str) -> String {
        let flags = self.flags.iter().map(String::as_str);
        let line: Vec<_> = std::iter::once("mms").chain(flags).chain([words]).collect();
        format!("`{}`", line.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Cli;

    fn list_after(flags: &[&str]) -> String {
        let words = [&["mms"], flags, &["status"]].concat();
        Invocation::new(&Cli::try_parse_from(words).unwrap().global).command("child list")
    }

    #[test]
    fn a_hint_reaches_the_same_sandbox() {
        assert_eq!(list_after(&["--sandbox"]), "`mms --sandbox child list`");
        assert_eq!(list_after(&["--sandbox=own.db"]), "`mms --sandbox=own.db child list`");
        assert_eq!(list_after(&["--sandbox=my own.db"]), "`mms --sandbox='my own.db' child list`");
    }

    #[test]
    fn a_hint_reaches_the_same_server_and_distributor() {
        assert_eq!(
            list_after(&["--zone", "eu1.make.com", "--organization-id=11", "--token-file=key"]),
            "`mms --zone eu1.make.com --organization-id 11 --token-file key child list`"
        );
        assert_eq!(
            list_after(&["--allow-http", "--base-url=http://make.example/api/v2"]),
            "`mms --base-url http://make.example/api/v2 --allow-http child list`"
        );
    }

    #[test]
    fn what_the_environment_says_is_not_repeated() {
        assert_eq!(list_after(&["--output=json", "--yes"]), "`mms child list`");
    }
}
