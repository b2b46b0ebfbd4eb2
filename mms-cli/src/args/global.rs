//! Arguments that every command takes.

#![expect(clippy::doc_markdown, reason = "a terminal shows backticks as they are")]

use std::path::PathBuf;

use clap::Args;
use mms_types::OrganizationId;

use crate::args::value::parser;
use crate::config::Key;
use crate::invocation::Invocation;
use crate::output::appearance::Appearance;
use crate::output::data::Choice;
use crate::output::failure::shell;
use crate::output::format::{Color, Format};

/// What every command takes, before or after its name; of a repeated one the last counts, so that an alias can be overruled.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct GlobalArgs {
    /// Profile whose settings count before the environment, see mms help environment [env: MMS_PROFILE, which counts after it]
    #[arg(long, global = true, overrides_with = "profile", value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Speak to a sandbox on this machine, kept in FILE until you remove it [default: mms/sandbox.db in the user's
    /// data directory]
    #[arg(long, global = true, overrides_with = "sandbox", value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "clap's form of a flag whose value may be left out")]
    pub(crate) sandbox: Option<Option<PathBuf>>,

    /// Make's zone, such as eu1.make.com [env: MAKE_ZONE]
    #[arg(long, global = true, overrides_with = "zone", value_name = "HOST")]
    pub(crate) zone: Option<String>,

    /// Root of the API of any other server, in place of a zone [env: MMS_BASE_URL, which goes before MAKE_ZONE]
    #[arg(long, global = true, overrides_with = "base_url", value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Let --base-url send the token in plain HTTP to a host that is not this machine
    #[arg(long, global = true, overrides_with = "allow_http")]
    pub(crate) allow_http: bool,

    /// The distributor [env: MMS_ORGANIZATION_ID; with --sandbox that does not count, and it is 11 by default]
    #[arg(long, global = true, overrides_with = "organization_id", value_name = "ID", allow_hyphen_values = true)]
    pub(crate) organization_id: Option<OrganizationId>,

    /// File that holds the token, or - for standard input [env: MMS_TOKEN_FILE; or the token in MAKE_API_KEY]
    #[arg(long, global = true, overrides_with = "token_file", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,

    /// Directory of what outlives a command: the journal of writes, and when requests were sent [env: MMS_STATE_DIR]
    /// [default: mms in the user's state directory; a sandbox's journal lies beside its file]
    #[arg(long, global = true, overrides_with = "state_dir", value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,

    /// How long one request may take, with its turn, its attempts and the waits between them; after it the command says so
    #[arg(long, global = true, overrides_with = "timeout", value_name = "SECONDS", default_value_t = 120)]
    #[arg(value_parser = parser::seconds_from_1, allow_negative_numbers = true)]
    pub(crate) timeout: u32,

    /// How data is written to standard output
    #[arg(short, long, global = true, overrides_with = "output", value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,

    /// Show these columns alone: titles or field names, with commas between
    #[arg(long, global = true, overrides_with = "columns", value_name = "COLUMN,...", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,

    /// Leave out titles and field names
    #[arg(long, global = true, overrides_with = "no_header")]
    pub(crate) no_header: bool,

    /// Filter the JSON in the language of jq, as in '.[].organizationName'; a text is written without quotes
    #[arg(long, global = true, overrides_with = "jq", value_name = "FILTER")]
    pub(crate) jq: Option<String>,

    /// Do what is asked without asking back
    #[arg(short, long, global = true, overrides_with = "yes")]
    pub(crate) yes: bool,

    /// When to use colour
    #[arg(long, global = true, overrides_with = "color", value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    /// Show a line for each request; twice or three times for traces [env: MMS_LOG, such as mms_client=debug]
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Leave out notes, and a server's lines about requests; data, warnings, questions and errors stay
    #[arg(short, long, global = true, overrides_with = "quiet")]
    pub(crate) quiet: bool,
}

impl GlobalArgs {
    /// Returns what the user wants to see.
    pub(crate) fn appearance(&self) -> Appearance {
        Appearance {
            format: if self.jq.is_some() { Format::Json } else { self.output },
            jq: self.jq.clone(),
            columns: Choice::new(self.columns.clone()),
            is_headless: self.no_header,
            quiet: self.quiet,
            names_operations: self.verbose > 0,
            color: self.color,
        }
    }

    /// Returns the settings that flags say.
    pub(crate) fn settings(&self) -> Vec<(Key, String)> {
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let sandbox = self.sandbox.as_ref().map(|file| file.as_ref().map_or_else(|| "true".to_owned(), text));
        let said = [
            (Key::Sandbox, sandbox),
            (Key::BaseUrl, self.base_url.clone()),
            (Key::Zone, self.zone.clone()),
            (Key::AllowHttp, self.allow_http.then(|| "true".to_owned())),
            (Key::OrganizationId, self.organization_id.map(|id| id.to_string())),
            (Key::TokenFile, self.token_file.as_ref().map(text)),
            (Key::StateDir, self.state_dir.as_ref().map(text)),
        ];
        said.into_iter().filter_map(|(key, text)| Some((key, text?))).collect()
    }

    /// Returns how this command was called, for hints that name another one.
    pub(crate) fn invocation(&self) -> Invocation {
        let profile = self.profile.as_ref().map(|profile| format!("--profile {}", shell::word(profile)));
        let mut flags = Vec::new();
        match &self.sandbox {
            Some(Some(file)) => flags.push(format!("--sandbox={}", shell::word(&file.to_string_lossy()))),
            Some(None) => flags.push("--sandbox".to_owned()),
            None => {}
        }
        if let Some(host) = &self.zone {
            flags.push(format!("--zone {}", shell::word(host)));
        }
        if let Some(url) = &self.base_url {
            flags.push(format!("--base-url {}", shell::word(url)));
        }
        if self.allow_http {
            flags.push("--allow-http".to_owned());
        }
        if let Some(id) = self.organization_id {
            flags.push(format!("--organization-id {id}"));
        }
        if let Some(file) = &self.token_file {
            flags.push(format!("--token-file {}", shell::word(&file.to_string_lossy())));
        }
        if let Some(directory) = &self.state_dir {
            flags.push(format!("--state-dir {}", shell::word(&directory.to_string_lossy())));
        }
        Invocation::new(profile, flags)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::args::Cli;

    fn list_after(flags: &[&str]) -> String {
        let words = [&["mms"], flags, &["status"]].concat();
        Cli::try_parse_from(words).unwrap().global.invocation().command("child list")
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
