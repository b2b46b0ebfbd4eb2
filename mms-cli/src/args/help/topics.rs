//! Help on what is the same for all commands.

use crate::output::failure::ExitCode;

/// Topics, with a line about each.
pub(crate) const TOPICS: [(&str, &str); 5] = [
    ("exit-codes", "how a script learns what happened"),
    ("environment", "variables and files, and which of them counts"),
    ("output", "tables, JSON, CSV, columns, colour"),
    ("sandbox", "the API on this machine"),
    ("safety", "what keeps a client from harm"),
];

/// Returns the text of a topic.
pub(crate) fn text(topic: &str) -> Option<String> {
    match topic {
        "exit-codes" | "exit-code" => Some(exit_codes()),
        "environment" => Some(ENVIRONMENT.to_owned()),
        "output" => Some(OUTPUT.to_owned()),
        "sandbox" => Some(SANDBOX.to_owned()),
        "safety" => Some(SAFETY.to_owned()),
        _ => None,
    }
}

fn exit_codes() -> String {
    let codes = ExitCode::ALL.iter().map(|(code, words)| format!("{:>5}  {words}\n", *code as u8));
    format!(
        "Exit codes:\n\n{}\nWith -o json an error is JSON on standard error: its code as a word and as a number, message, hint,\n\
         steps, the operation whose call failed, and whether its request may have been sent.\n\n\
         A script that creates clients again and again:\n\n  \
         mms child create --if-absent --yes ... || exit $?\n\n\
         Checks for cron:\n\n  mms consumption --above 80% --exit-code > report 2>&1 || mail -s \"mms: exit code $?\" ops@agency.example < report\n  \
         mms doctor > found.txt 2>&1 || mail -s 'mms doctor' ops@agency.example < found.txt\n",
        codes.collect::<String>()
    )
}

const ENVIRONMENT: &str = "\
What a command needs may come from a flag, a profile or the environment. In this order, the first that says it counts:

  1. the flag
  2. the profile that --profile names
  3. the environment
  4. the profile that MMS_PROFILE names, or else the default one
  5. the default

  setting          flag                environment          profile
  server           --sandbox[=FILE]                         sandbox = true, sandbox_file
                   --base-url URL      MMS_BASE_URL         base_url
                   --zone HOST         MAKE_ZONE            zone
                   --allow-http                             allow_http
  distributor      --organization-id   MMS_ORGANIZATION_ID  organization_id
  token                                MAKE_API_KEY
                                                            token_command
                   --token-file FILE   MMS_TOKEN_FILE       token_file
                                                            token_store (mms auth login)
  state            --state-dir DIR     MMS_STATE_DIR        state_dir
  near its limit                                            near_percent, 80 by default

Of the settings of a server, or of a token, in one place that which stands further up counts. Where the environment goes
before a profile that says something else, a note says so. The token of a profile goes to the server of that profile and
to no other. A sandbox has a distributor and a token of its own: those of the environment do not count for it.
The token never stands in a flag, where others could read it.
mms auth login keeps it in the keyring of the operating system, or where none answers in a file; token_store says in which
of the two it is. The entry is that of the service mms and the user \"PROFILE in PATH\", where PATH is that of config.toml.

Files, in the user's directories ($XDG_CONFIG_HOME, $XDG_STATE_HOME and $XDG_DATA_HOME, or ~/.config, ~/.local/state and
~/.local/share):

  mms/config.toml   the profiles; MMS_CONFIG_DIR names another directory
  mms/tokens/       the tokens that mms auth login was given and no keyring has, for their owner alone
  mms/intents       in the state directory: the journal of every write, which mms log shows
  mms/names         in the state directory: names that completions offer for 10 minutes, with MMS_KEEP_NAMES
  mms/observations  in the state directory: what mms doctor saw last
  mms/sandbox.db    in the data directory: the sandbox of --sandbox

Of the terminal:

  NO_COLOR        no colour
  CLICOLOR_FORCE  colour in files and pipes too, unless NO_COLOR is set
  TERM=dumb       no colour, and no line that is drawn anew
  BROWSER         the program that mms open runs with an address, in place of the desktop's own
  COLUMNS         the width, in place of the terminal's own
  LC_ALL=C        no sign beyond ASCII of this command's own

MMS_WHO says who asks for a write, as the journal has it, in place of the user and the machine: in CI, a person.
MMS_KEEP_NAMES=1 keeps the names of children, regions and countries for completions: mms completion SHELL --dynamic sets it.
MMS_LOG names what is traced and how much, as in MMS_LOG=mms_client=debug; -v shows a line for each request.
A proxy that the environment names is not used: it would see the token.
";

const OUTPUT: &str = "\
Data goes to standard output, everything else to standard error.

  -o table    columns for people; on a terminal with grouped numbers, relative times, a bar and totals
  -o json     the API's own field names and types, beside what this command works out; errors are JSON, too
  -o ndjson   the same, one record a line
  -o csv      the API's own field names in a header line; a text that a spreadsheet takes for a formula gets an apostrophe
  -o tsv      the same with tabs, without quotes and apostrophes
  -o markdown a table for a pull request or an issue; of a plan all of it, with the owners' addresses shortened

  --columns id,name,left   these columns alone, by their titles or field names
  --jq '.[].organizationName'   filtered in the language of jq; a text is written without quotes
  --no-header              without titles and field names
  --color always|never     in place of what terminal and environment say
  -q, --quiet              no notes

Amounts are hundredths of a credit where the API's own fields hold them (centicreditsConsumed), and credits with decimals
in creditsConsumed and creditsLeft. The state of a child is ok, near (80 % or more are used), over (all of it is used),
paused (it has no credits) or not_reported; near_percent in a profile says another threshold.

The schema of every command's JSON is in docs/schemas; that of mms api takes anything, for what the server says is the
server's. mms api writes it as it came, and takes no csv, tsv and --columns.
";

const SANDBOX: &str = "\
The sandbox answers like Make, on this machine, without an account:

  mms --sandbox child list             speak to it; its data is kept in a file until you remove it
  mms --sandbox=other.db child list    another file
  mms sandbox serve                    the same for other programs, over HTTP

Every plan says SANDBOX or LIVE in its first line. What Make leaves open is a switch (--set SWITCH=VALUE), and it
misbehaves on command: it loses answers, lets lists lag, cuts bodies. docs/sandbox.md has all of it.
";

const SAFETY: &str = "\
What keeps a client from harm:

  A write shows what it would do, and asks; the answer is no unless it is yes. --yes is for scripts. Without a terminal and
  without --yes nothing is sent.
  --dry-run does everything but the write, with a client that cannot write.
  A create is written down before it is sent, and sent once. If no usable answer comes, the child is looked for; exit code 5
  says that it may exist: mms child settle.
  Every write is in the journal before it is sent: mms log shows who did what, when, and with which answer. What a command
  that died left open, the next one finds out first. Commands that write take turns; mms lock hold keeps all of them back.
  mms undo RUN gives children what they had before a run, and stops where somebody changed one since.
  A name that exists is refused, and one that looks like it asks. --if-absent is content with the one that is there.
  A total that leaves a child nothing needs --allow-pause, which --yes does not say.
  A change is sent only while the child has what was shown, and read back where no usable answer comes.
  Of several changes those that free credits come first. Where one fails, the rest is not tried, and what was done is told.
  Ctrl-C ends after the answer to a write that is under way.
  Requests keep the limit per minute, over all commands on this machine.
  Of this mms api keeps the question, --dry-run, Ctrl-C and the limit. What it writes is sent once and as it is: without a
  journal, without checks, and without a look at what became of it.
";
