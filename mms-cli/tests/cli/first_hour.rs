//! First-hour mistakes: each has a hint that leads on.

use crate::support::world::World;

/// What is typed, and a part of the hint.
const MISTAKES: [(&str, &str); 40] = [
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
    ("--sandbox child allocate 20000 Acme", "the child comes first: `mms child allocate Acme 20000`"),
    ("--sandbox child allocate 101 102 20000", "as in 101=20000"),
    ("--sandbox child list --sort colour", "the columns are "),
    ("--sandbox child show Acma", "the nearest is 101 \"Acme Bakery\""),
    ("--sandbox child show 999", "`mms --sandbox child list` shows them all"),
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
