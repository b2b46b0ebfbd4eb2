//! Words of other tools, and of the first hour with this one: each leads on to what does the same here.

/// What to do instead of a rename.
const RENAME: &str = "a name cannot be changed here, but in Make's web application: `mms open NAME` opens its page";

/// Commands that are no commands here, below which noun - nothing for the top - and what to do.
const COMMANDS: [(&str, &[&str], &str); 39] = [
    ("", &["version"], "`mms --version` shows it"),
    ("", &["login", "signin", "authenticate"], "`mms auth login` asks for zone and token, and keeps them"),
    ("", &["logout", "signout"], "`mms auth logout` forgets the token"),
    ("", &["whoami", "me", "user"], "`mms auth status` shows whose token it is"),
    ("", &["init", "setup", "configure"], "`mms auth login` sets up once; `mms --sandbox child list` needs no account"),
    (
        "",
        &["list", "ls", "children", "childs", "clients", "organizations", "orgs"],
        "`mms child list` lists the child organizations",
    ),
    ("", &["show", "get", "describe", "info"], "`mms child show NAME` shows one"),
    ("", &["create", "add", "new"], "`mms child create` creates a child organization, which can never be deleted"),
    (
        "",
        &["allocate", "alloc", "set", "topup", "top-up"],
        "`mms child allocate NAME CREDITS` sets the credits of a child",
    ),
    ("", &["move", "transfer"], "`mms credits move FROM TO CREDITS` moves credits between children"),
    (
        "",
        &["usage", "report", "stats", "consumptions", "consume", "consumed"],
        "`mms consumption` shows what every child has used",
    ),
    (
        "",
        &["check", "diagnose", "health", "ping", "verify"],
        "`mms doctor` checks settings, files, connection, token and children",
    ),
    ("", &["balance"], "`mms pool` shows what can be handed out"),
    (
        "",
        &["credit"],
        "`mms credits move FROM TO CREDITS` moves credits between children; `mms pool` shows what can be handed out",
    ),
    ("", &["history", "journal", "audit"], "`mms log` shows who wrote what, when, and with which answer"),
    ("", &["revert", "rollback"], "`mms undo RUN` gives children what they had before a run; `mms log` shows the runs"),
    ("", &["unlock"], "there is nothing to unlock: the lock ends with its process, which `mms lock show` names"),
    ("", &["token"], "`mms auth token` prints the token; `mms auth login` keeps one"),
    ("", &["profile", "profiles"], "`mms config profiles` lists the profiles"),
    ("", &["settings", "setting"], "`mms config show` shows the settings that count"),
    ("", &["rename"], RENAME),
    ("", &["serve", "mock", "server"], "`mms sandbox serve` runs the sandbox for other programs"),
    (
        "",
        &["completions", "complete"],
        "`mms completion bash` prints the script; zsh, fish and powershell are there, too",
    ),
    ("", &["browse", "browser", "web", "dashboard"], "`mms open` opens the page in Make's web application"),
    ("", &["request", "curl", "raw", "rest", "call"], "`mms api GET PATH` reaches any path of the API"),
    (
        "child",
        &["delete", "remove", "rm", "destroy", "archive", "close"],
        "a child organization can never be deleted; `mms child retire NAME` takes all its credits",
    ),
    ("child", &["ls", "all", "index"], "`mms child list` lists them"),
    ("child", &["get", "describe", "info", "view", "status"], "`mms child show NAME` shows one with its consumption"),
    (
        "child",
        &["alloc", "update", "set", "edit", "credits", "topup", "top-up", "fund"],
        "`mms child allocate NAME CREDITS` sets its credits; a name, region or country cannot be changed here",
    ),
    ("child", &["rename", "renamed"], RENAME),
    ("child", &["move", "transfer"], "`mms credits move FROM TO CREDITS` moves credits between children"),
    ("credits", &["transfer", "mv"], "`mms credits move FROM TO CREDITS` moves credits between children"),
    (
        "credits",
        &["show", "list", "status"],
        "`mms pool` shows what can be handed out, `mms child list` what each child has",
    ),
    (
        "config",
        &["list", "ls", "get", "view", "print"],
        "`mms config show` shows the settings that count, each with its value",
    ),
    ("config", &["profile", "use"], "`mms config profiles` lists the profiles; --profile NAME chooses one"),
    ("sandbox", &["start", "run", "up", "launch"], "`mms sandbox serve` runs the sandbox for other programs"),
    ("country", &["show", "get", "ls"], "`mms country list` lists the countries"),
    ("region", &["show", "get", "ls"], "`mms region list` lists the regions"),
    ("child", &["add", "new"], "`mms child create` creates one, which can never be deleted"),
];

/// Short flags that other tools have, and the flag here.
const SHORT_FLAGS: [(&str, &str); 1] = [("-p", "--profile")];

/// Values that are none here: flag, values, and the value that is meant.
const VALUES: [(&str, &[&str], &str); 1] =
    [("--output", &["jsonl", "jsonlines", "json-lines", "ldjson", "nd-json", "lines"], "ndjson")];

/// Flags that are no flags here, and what to do.
const FLAGS: [(&[&str], &str); 13] = [
    (
        &["--allow-pause"],
        "leave it out: `mms child retire` pauses by what it is, and the changes of credits take --allow-pause",
    ),
    (&["--json"], "write -o json"),
    (&["--csv"], "write -o csv"),
    (&["--format", "--output-format"], "write --output json, or -o json"),
    (
        &["--token", "--api-key", "--api-token", "--key"],
        "a token never stands in a flag, where others could read it: put it into MAKE_API_KEY, or a file and --token-file FILE",
    ),
    (&["--org", "--organization", "--org-id", "--distributor"], "write --organization-id ID"),
    (
        &["--url", "--host", "--endpoint", "--server", "--api-url"],
        "write --zone eu1.make.com, or --base-url URL for any other server",
    ),
    (
        &["--force", "--confirm", "--no-confirm", "--assume-yes"],
        "write --yes; what may pause a client needs --allow-pause, too",
    ),
    (
        &["--dry-run", "--dryrun", "--what-if", "--plan"],
        "this command only reads, or sends nothing: writes take --dry-run",
    ),
    (&["--credit", "--operations", "--ops", "--amount"], "the credits of a new child are called --credits"),
    (&["--email"], "write --owner-email EMAIL"),
    (&["--no-color", "--no-colour", "--nocolor"], "write --color never, or set NO_COLOR"),
    (&["--verbose=1", "--debug", "--trace"], "write -v, or -vv for more"),
];

/// Returns the way on from a word that is no command, below a noun.
pub(crate) fn of_command(noun: &str, word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let mut rows = COMMANDS.iter().filter(|(below, words, _)| *below == noun && words.contains(&word.as_str()));
    rows.next().map(|(_, _, hint)| *hint)
}

/// Returns the way on from a flag that is none.
pub(crate) fn of_flag(flag: &str) -> Option<&'static str> {
    let flag = flag.split('=').next().unwrap_or(flag).to_ascii_lowercase();
    FLAGS.iter().find(|(flags, _)| flags.contains(&flag.as_str())).map(|(_, hint)| *hint)
}

/// Returns the flag that is meant by a short one that is none.
pub(crate) fn short_flag(flag: &str) -> Option<&'static str> {
    SHORT_FLAGS.iter().find(|(short, _)| *short == flag).map(|(_, long)| *long)
}

/// Returns the value of a flag that is meant by one that is none.
pub(crate) fn of_value(flag: &str, value: &str) -> Option<&'static str> {
    let value = value.to_ascii_lowercase();
    let mut rows = VALUES.iter().filter(|(of, values, _)| *of == flag && values.contains(&value.as_str()));
    rows.next().map(|(_, _, right)| *right)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::args::Cli;

    #[test]
    fn no_word_that_leads_on_is_a_command_itself() {
        let cli = Cli::command();
        for (noun, words, _) in COMMANDS {
            let parent = if noun.is_empty() { Some(&cli) } else { cli.find_subcommand(noun) };
            for word in words {
                assert!(parent.unwrap().find_subcommand(word).is_none(), "{noun} {word}");
            }
        }
    }

    #[test]
    fn every_command_that_a_hint_names_is_there() {
        let hints = COMMANDS.iter().map(|(_, _, hint)| *hint).chain(FLAGS.iter().map(|(_, hint)| *hint));
        let named = hints.flat_map(|hint| hint.split('`').skip(1).step_by(2)).filter(|text| text.starts_with("mms "));
        for command in named {
            let mut at = Cli::command();
            for word in
                command.split(' ').skip(1).take_while(|word| word.chars().all(|letter| letter.is_ascii_lowercase()))
            {
                if !at.has_subcommands() {
                    break;
                }
                let next = at.find_subcommand(word).cloned();
                at = next.unwrap_or_else(|| panic!("{command}: {word}"));
            }
        }
    }
}
