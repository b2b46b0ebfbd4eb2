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
         A check for cron:\n\n  mms consumption --above 80% --exit-code || [ $? -ne 9 ] || mail -s 'nearly dry' ops@agency.example\n",
        codes.collect::<String>()
    )
}

const ENVIRONMENT: &str = "\
What a command needs, and where it may come from; what stands further left counts before what stands further right:

  setting        flag                environment
  server         --sandbox[=FILE]
                 --base-url URL      MMS_BASE_URL
                 --zone HOST         MAKE_ZONE
  distributor    --organization-id   MMS_ORGANIZATION_ID
  token          --token-file FILE   MAKE_API_KEY, MMS_TOKEN_FILE
  state          --state-dir DIR     MMS_STATE_DIR, $XDG_STATE_HOME/mms, ~/.local/state/mms
  sandbox file   --sandbox=FILE      $XDG_DATA_HOME/mms/sandbox.db, ~/.local/share/mms/sandbox.db

MMS_BASE_URL goes before MAKE_ZONE. With --sandbox the environment names neither server nor distributor nor token.
The token never stands in a flag, where others could read it.

Of the terminal:

  NO_COLOR        no colour
  CLICOLOR_FORCE  colour in files and pipes too, unless NO_COLOR is set
  TERM=dumb       no colour, and no line that is drawn anew
  COLUMNS         the width, in place of the terminal's own
  LC_ALL=C        no sign beyond ASCII of this command's own

A proxy that the environment names is not used: it would see the token.
";

const OUTPUT: &str = "\
Data goes to standard output, everything else to standard error.

  -o table    columns for people; on a terminal with grouped numbers, relative times, a bar and totals
  -o json     the API's own field names and types, beside what this command works out; errors are JSON, too
  -o ndjson   the same, one record a line
  -o csv      the API's own field names in a header line; a text that a spreadsheet takes for a formula gets an apostrophe
  -o tsv      the same with tabs, without quotes and apostrophes

  --columns id,name,left   these columns alone, by their titles or field names
  --no-header              without titles and field names
  --color always|never     in place of what terminal and environment say
  -q, --quiet              no notes

Amounts are hundredths of a credit where the API's own fields hold them (centicreditsConsumed), and credits with decimals
in creditsConsumed and creditsLeft. The state of a child is ok, near (80 % or more are used), over (all of it is used),
paused (it has no credits) or not_reported.

The schema of every command's JSON is in docs/schemas.
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
  A name that exists is refused, and one that looks like it asks. --if-absent is content with the one that is there.
  A total that leaves a child nothing needs --allow-pause, which --yes does not say.
  A change is sent only while the child has what was shown, and read back where no usable answer comes.
  Of several changes those that free credits come first. Where one fails, the rest is not tried, and what was done is told.
  Ctrl-C ends after the answer to a write that is under way.
  Requests keep the limit per minute, over all commands on this machine.
";
