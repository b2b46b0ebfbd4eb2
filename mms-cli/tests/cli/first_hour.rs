//! First-hour mistakes: each has a hint that leads on.

use crate::support::world::World;

/// What is typed, and a part of the hint.
const MISTAKES: [(&str, &str); 72] = [
    ("version", "`mms --version`"),
    ("login", "`mms auth login`"),
    ("logout", "`mms auth logout`"),
    ("whoami", "`mms auth status`"),
    ("init", "`mms auth login`"),
    ("ls", "`mms child list`"),
    ("clients", "`mms child list`"),
    ("lst", "did you mean `mms child list`?"),
    ("create", "`mms child create`"),
    ("topup", "`mms child allocate NAME CREDITS`"),
    ("transfer", "`mms credits move FROM TO CREDITS`"),
    ("usage", "`mms consumption`"),
    ("balance", "`mms pool`"),
    ("serve", "`mms sandbox serve`"),
    ("completions", "`mms completion bash`"),
    ("chidl list", "did you mean `mms child list`?"),
    ("child delete Acme", "can never be deleted; `mms child retire NAME`"),
    ("child ls", "`mms child list`"),
    ("child get Acme", "`mms child show NAME`"),
    ("child update Acme", "`mms child allocate NAME CREDITS`"),
    ("child lsit", "did you mean `mms child list`?"),
    ("child list --json", "write -o json"),
    ("child list --format json", "write --output json"),
    ("child list --token abc", "MAKE_API_KEY"),
    ("child list --org 11", "write --organization-id ID"),
    ("child list --url x", "write --zone eu1.make.com"),
    ("child allocate 101 20000 --force", "write --yes"),
    ("child list --dry-run", "this command only reads"),
    ("child list --no-color", "write --color never"),
    ("child list --debug", "write -v"),
    ("child create --email x", "write --owner-email EMAIL"),
    ("child list --zones", "did you mean `mms child list --zone`?"),
    ("child list -o jsn", "did you mean `mms child list -o json`?"),
    ("child list --sandbox my.db", "--sandbox=my.db"),
    ("--sandbox child allocate 20000 Acme", "the child comes first: `mms --sandbox child allocate Acme 20000`"),
    ("--sandbox child allocate 101 102 20000", "as in 101=20000"),
    ("--sandbox child list --sort colour", "the columns are "),
    ("--sandbox child list --sort used:down", "write --sort used:desc"),
    ("--sandbox child list --sort -used", "write --sort used:desc"),
    ("--sandbox child list --sort=-used", "write --sort used:desc"),
    ("-plive status", "write --profile NAME"),
    ("child alloc 101 20000", "`mms child allocate NAME CREDITS`"),
    ("--sandbox child list --sort name,id", "rows are sorted by one column: --sort name"),
    (
        "--sandbox child allocate acme 20000 --yes",
        "an id or the whole name, which may be 101 \"Acme Bakery\"; `mms --sandbox",
    ),
    ("--sandbox child show Acma", "the nearest is 101 \"Acme Bakery\""),
    ("--sandbox child show 999", "`mms --sandbox child list` shows them all"),
    ("token", "`mms auth token`"),
    ("profiles", "`mms config profiles`"),
    ("profile list", "`mms config profiles`"),
    ("config list", "`mms config show`"),
    ("config get zone", "`mms config show`"),
    ("credit move 101 102 10000", "`mms credits move FROM TO CREDITS`"),
    ("sandbox start", "`mms sandbox serve`"),
    ("country show CZ", "`mms country list`"),
    ("region show EU", "`mms region list`"),
    ("consumptions", "`mms consumption`"),
    ("child rename 101 Foo", "a name cannot be changed here, but in Make's web application: `mms open NAME`"),
    ("child rotate 101", "`mms child --help`"),
    ("child creat --name Foo", "did you mean `mms child create --name Foo`?"),
    ("child mov 101", "`mms child --help`"),
    ("config sett zone x", "did you mean `mms config set zone x`?"),
    ("settel", "did you mean `mms child settle`?"),
    ("-p live status", "did you mean `mms --profile live status`?"),
    ("status --output=jsonl", "did you mean `mms status --output=ndjson`?"),
    ("status -o jsonl", "did you mean `mms status -o ndjson`?"),
    ("child allocate 101 --credits 20000", "the credits have no flag: `mms child allocate 101 20000`"),
    ("--sandbox child allocate 101 --amount=20000", "`mms --sandbox child allocate 101 20000`"),
    ("child allocate 101 --whatever 20000", "`mms child allocate --help` shows what it takes"),
    ("child show 101 --nam", "`mms child show --help` shows what it takes"),
    ("child list --watch 30", "behind an equals sign, from 1 on: --watch=30"),
    ("doctor --watch 0", "behind an equals sign, from 1 on: --watch=60"),
    ("help exit-code-list", "the topics are exit-codes"),
];

#[test]
fn a_mistake_of_the_first_hour_leads_on() {
    for (typed, hint) in MISTAKES {
        let seen = World::new().run_line(typed);

        let said = seen.stderr.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap_or_default();
        assert!(matches!(seen.code, 2 | 7) && said.contains(hint), "{typed}: {seen}");
    }
}

#[test]
fn a_number_for_people_is_told_as_it_has_to_be_typed() {
    for (typed, plain) in [("20,000", "20000"), ("20k", "20000"), ("20_000", "20000"), ("1.5m", "1500000")] {
        let seen = World::new().run(&["--sandbox", "child", "allocate", "101", typed, "--yes"]);

        assert!(
            seen.code == 2 && seen.stderr.contains(&format!("write {plain}, without a separator or a unit")),
            "{seen}"
        );
        let seen = World::new().run(&["--sandbox", "child", "create", "--credits", typed]);
        assert!(
            seen.code == 2 && seen.stderr.contains(&format!("write {plain}, without a separator or a unit")),
            "{seen}"
        );
    }
}

#[test]
fn a_name_with_a_character_that_make_refuses_names_it() {
    let seen = World::new().run(&["--sandbox", "child", "create", "--name", "Acme & Sons"]);

    assert!(seen.code == 2 && seen.stderr.contains("'&'"), "{seen}");
}

#[test]
fn a_hint_keeps_the_global_flags_that_were_typed() {
    for (typed, hint) in [
        ("--profile live child allocate 20000 Acme", "`mms --profile live child allocate Acme 20000`"),
        ("--profile live childs", "`mms --profile live child list`"),
        ("childs --profile=live -o json", "`mms --profile live child list`"),
        ("--profile live child delete 101", "`mms --profile live child retire NAME`"),
        ("--sandbox move 101 102 10000", "`mms --sandbox credits move FROM TO CREDITS`"),
        ("--profile live login", "`mms --profile live auth login`"),
        ("--zone eu1.make.com --organization-id 11 lst", "`mms --zone eu1.make.com --organization-id 11 child list`"),
        ("--sandbox=own.db child lsit", "`mms --sandbox=own.db child list`"),
    ] {
        let seen = World::new().run_line(typed);

        assert!(seen.code == 2 && seen.stderr.contains(hint), "{typed}: {seen}");
    }
}
