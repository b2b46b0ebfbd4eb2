//! Examples of every command, as its help shows them. A test runs each of them against a sandbox.

/// A command, and lines that a reader can run as they are.
type Example = (&'static str, &'static [&'static str]);

/// The examples, by command.
pub(crate) const EXAMPLES: &[Example] = &[
    (
        "child list",
        &[
            "mms --sandbox child list",
            "mms --sandbox child list --name 'acme*' --sort credits:desc",
            "mms --sandbox child list --above 80% --columns id,name,left",
            "mms --sandbox child list -o ndjson",
        ],
    ),
    ("child show", &["mms --sandbox child show 101", "mms --sandbox child show acme borealis -o json"]),
    (
        "child create",
        &[
            "mms --sandbox child create --name 'Dorado Foods' --owner-name 'Ada Owner' \\\n    \
             --owner-email ada@dorado.example --region EU --country CZ --credits 20000 --yes",
            "mms --sandbox child create --name 'Dorado Foods' --owner-name 'Ada Owner' --if-absent \\\n    \
             --owner-email ada@dorado.example --region EU --country CZ --credits 20000 --yes -o json",
            "mms --sandbox child create --name 'Eiger Tours' --owner-name 'Ada Owner' --dry-run \\\n    \
             --owner-email ada@eiger.example --region EU --country CH --credits 0",
            "printf 'company;e-mail\\nFuji Cargo;ada@fuji.example\\n' | mms --sandbox child create --from - \\\n    \
             --owner-name 'Ada Owner' --region EU --country CZ --credits 10000 --report report.csv --yes",
        ],
    ),
    (
        "child allocate",
        &[
            "mms --sandbox child allocate 'Acme Bakery' 30000 --yes",
            "mms --sandbox child allocate 101=+10000 'Borealis Travel=-10000' --yes",
            "mms --sandbox child allocate 103 50000 --dry-run",
            "mms --sandbox child list -o csv | mms --sandbox child allocate --from - --yes",
        ],
    ),
    ("child retire", &["mms --sandbox child retire 'Cobalt Dental' --dry-run"]),
    ("child settle", &["mms --sandbox child settle"]),
    (
        "consumption",
        &[
            "mms --sandbox consumption",
            "mms --sandbox consumption --left-below 500 --exit-code",
            "mms --sandbox consumption -o csv --columns organizationName,usedPercent,state",
        ],
    ),
    ("pool", &["mms --sandbox pool", "mms --sandbox pool --below 50% -o json"]),
    ("credits move", &["mms --sandbox credits move 'Cobalt Dental' 'Acme Bakery' 20000 --yes"]),
    ("import", &["mms --sandbox import", "mms --sandbox import fleet.yaml --dry-run"]),
    (
        "plan",
        &[
            "mms --sandbox import && mms --sandbox plan",
            "mms --sandbox plan --out plan.json --expires 8h",
            "mms --sandbox plan fleet.yaml --max-change 10% --pool-reserve 50000 -o markdown",
        ],
    ),
    (
        "apply",
        &[
            "mms --sandbox import && mms --sandbox apply --yes",
            "mms --sandbox import && mms --sandbox plan --out plan.json && mms --sandbox apply plan.json --yes",
        ],
    ),
    ("plan show", &["mms --sandbox import && mms --sandbox plan --out plan.json && mms plan show plan.json"]),
    (
        "log",
        &[
            "mms --sandbox log --since 7d",
            "mms --sandbox log --child 'Acme Bakery' --limit 20",
            "mms log --all -o csv > writes.csv",
        ],
    ),
    (
        "undo",
        &[
            "mms --sandbox child allocate 101 30000 --yes",
            "mms --sandbox undo \"$(mms --sandbox log --limit 1 -o tsv --no-header --columns run)\" --yes",
        ],
    ),
    ("lock show", &["mms lock show"]),
    ("lock hold", &["mms lock hold --reason 'month-end, ask ada' --for 1s"]),
    ("region list", &["mms --sandbox region list"]),
    ("country list", &["mms --sandbox country list -o csv"]),
    ("status", &["mms --sandbox status"]),
    ("open", &["mms open --zone eu1.make.com --organization-id 11", "mms open 123 --zone eu1.make.com --print"]),
    (
        "api",
        &[
            "mms --sandbox api GET /organizations/{organizationId}",
            "mms --sandbox api GET /organizations/{organizationId}/managed-organizations --paginate -o ndjson",
            "mms --sandbox api GET /enums/countries -f 'pg[limit]=5' --include",
            "mms --sandbox api PATCH /organizations/11/managed-organizations/101 -f operations=20000 --yes",
            "mms --sandbox api POST /scenarios -f teamId=3 -f 'scheduling[type]=on-demand' --dry-run",
        ],
    ),
    (
        "doctor",
        &[
            "mms --sandbox doctor",
            "mms --sandbox doctor --offline",
            "mms --sandbox doctor -o ndjson --columns check,state",
        ],
    ),
    ("sandbox serve", &["mms sandbox serve --listen 127.0.0.1:8787 --data sandbox.db"]),
    (
        "auth login",
        &[
            "mms auth login --profile test --sandbox",
            "mms auth login --profile local --base-url http://127.0.0.1:8787/api/v2 --token-file token \\\n    \
             --token-store file",
        ],
    ),
    ("auth status", &["mms --sandbox auth status"]),
    ("auth logout", &["mms auth logout"]),
    ("auth token", &["MAKE_API_KEY=0123 mms auth token"]),
    ("config show", &["mms config show --origin"]),
    (
        "config set",
        &[
            "mms config set near_percent 90",
            "mms config set token_command 'pass show make' --profile live",
            "mms config set default_profile live",
        ],
    ),
    ("config unset", &["mms config unset near_percent"]),
    ("config edit", &["EDITOR=true mms config edit"]),
    ("config path", &["mms config path"]),
    ("config profiles", &["mms config profiles"]),
    ("completion", &["mms completion bash > mms.bash", "mms completion zsh --dynamic > _mms"]),
    ("man", &["mms man --out man"]),
    ("help", &["mms help exit-codes", "mms help child create"]),
];

/// Returns the examples of a command, such as `child list`.
pub(crate) fn of(command: &str) -> &'static [&'static str] {
    EXAMPLES.iter().find(|(name, _)| *name == command).map_or(&[], |(_, lines)| lines)
}
