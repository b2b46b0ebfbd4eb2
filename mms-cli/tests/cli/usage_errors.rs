//! Arguments that make no command: each mistake is one line that names argument and value once, and the way out.

use crate::support::world::World;

const INTENT: &str = "0123456789abcdef0123456789abcdef";

/// Runs a command that is used wrongly and returns what it says, without the exit code.
fn said(arguments: &[&str]) -> String {
    let seen = World::new().run(arguments);
    assert_eq!((seen.code, seen.stdout.as_str()), (2, ""), "{seen}");
    seen.stderr
}

#[test]
fn a_malformed_value_is_named_once_with_its_flag() {
    for (arguments, line) in [
        (
            &["child", "create", "--credits", "12345"][..],
            "--credits: 12345 is not a multiple of 10000: write 10000 or 20000",
        ),
        (&["status", "--organization-id=x"], r#"--organization-id: "x" is not an id: expected a whole number from 1"#),
        (&["child", "create", "--name", ""], r#"--name: "" is not an organization name: "#),
        (&["status", "-o", "xml"], r#"--output: "xml" is not one of table, json, ndjson, csv, tsv"#),
        (&["status", "--output="], "--output: a value is missing"),
        (&["status", "--zone"], "--zone: a value is missing"),
    ] {
        let said = said(arguments);
        assert!(said.starts_with(&format!("error: {line}")), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_negative_number_is_refused_as_a_value_and_not_taken_for_a_flag() {
    for (arguments, value) in [
        (&["child", "create", "--credits", "-10000"][..], r#"--credits: "-10000" is not a number of credits"#),
        (&["child", "allocate", "Acme", "-5"], "CREDITS: -5 is not a multiple of 10000: write -10000"),
        (&["--organization-id", "-1", "status"], r#"--organization-id: "-1" is not an id"#),
    ] {
        let said = said(arguments);
        assert!(said.starts_with(&format!("error: {value}")), "{said}");
    }
}

#[test]
fn a_time_that_is_none_or_too_long_is_told_its_range() {
    for (value, flag, least) in [
        ("0", "--timeout", 1),
        ("-1", "--timeout", 1),
        ("2m", "--timeout", 1),
        ("86401", "--timeout", 1),
        ("4294967296", "--timeout", 1),
        ("", "--settle-wait", 0),
        ("-1", "--settle-wait", 0),
        ("1.5", "--settle-wait", 0),
        ("86401", "--settle-wait", 0),
    ] {
        assert_eq!(
            said(&["child", "settle", flag, value]),
            format!("error: {flag}: \"{value}\" is not a time: expected whole seconds from {least} to 86400\n")
        );
    }
}

#[test]
fn an_address_without_a_host_or_a_port_is_told_what_one_looks_like() {
    for address in ["localhost:8787", ":8787", "8787", "-1"] {
        assert_eq!(
            said(&["sandbox", "serve", "--listen", address]),
            format!(
                "error: --listen: \"{address}\" is not an address with a port\nhint: an address looks like 127.0.0.1:8787\n"
            )
        );
    }
}

#[test]
fn a_file_behind_a_bare_sandbox_is_told_its_place() {
    assert_eq!(
        said(&["--sandbox", "foo.db", "child", "list"]),
        "error: unknown command \"foo.db\"\nhint: a file goes behind an equals sign: --sandbox=foo.db\n"
    );
    assert_eq!(
        said(&["child", "list", "--sandbox", "my foo.db"]),
        "error: unexpected argument \"my foo.db\"\nhint: a file goes behind an equals sign: --sandbox='my foo.db'\n"
    );
}

#[test]
fn what_is_unknown_gets_what_may_be_meant_or_the_help() {
    for (arguments, words) in [
        (
            &["child", "list", "--zones"][..],
            "unexpected argument \"--zones\"\nhint: did you mean `mms child list --zone`?\n",
        ),
        (&["chidl"], "unknown command \"chidl\"\nhint: did you mean `mms child`?\n"),
        (
            &["child", "list", "-ojs"],
            "--output: \"js\" is not one of table, json, ndjson, csv, tsv, markdown\nhint: did you mean `mms child list -ojson`?\n",
        ),
        (&["child", "list", "x"], "unexpected argument \"x\"\nhint: `mms child list --help` shows what it takes\n"),
        (
            &["child", "allocate"],
            "missing: <CHILD CREDITS>...\nhint: `mms child allocate --help` shows what it takes\n",
        ),
        (
            &["status", "--yes=1"],
            "--yes: \"1\" is too much, it takes no value\nhint: `mms status --help` shows what it takes\n",
        ),
        (
            &["child", "-y"],
            "no command given: expected one of list, show, create, allocate, retire, settle\nhint: `mms child --help`",
        ),
        (&["child", "create", "--name=a", "--name=b"], "--name: given more than once\n"),
        (
            &["child", "settle", "--intent", INTENT, "--child=1", "--give-up", "--reason=x"],
            "--child and --give-up exclude each other\n",
        ),
        (
            &["child", "settle", "--intent", INTENT],
            "--intent alone decides nothing: add --child ID|NAME if the create became that child, or --give-up with \
             --reason TEXT if it came to nothing\n",
        ),
        (&["child", "settle", "--intent", INTENT, "--give-up"], "missing: --reason <TEXT>\n"),
        (&["child", "settle", "--child=1"], "missing: --intent <ID>\n"),
        (&["child", "settle", "--give-up", "--reason=x"], "missing: --intent <ID>\n"),
        (&["child", "settle", "--intent=0123"], "--intent: \"0123\" is not an intent: "),
    ] {
        let said = said(arguments);
        assert!(said.starts_with(&format!("error: {words}")), "{said}");
    }
}

#[test]
fn nothing_that_was_typed_steers_the_terminal() {
    let typed = "x\u{1b}[31m\u{202e}\u{200b}\u{9b}\n";
    for arguments in [
        &[typed][..],
        &["status", "--zone", typed],
        &["status", "--output", typed],
        &["status", typed],
        &["child", "create", "--name", typed],
        &["child", "create", "--owner-email", typed],
        &["--sandbox", typed, "status"],
        &["sandbox", "serve", "--listen", typed],
        &["status", &format!("--{typed}")],
    ] {
        let said = said(arguments);
        let raw =
            |character: char| character != '\n' && (character.is_control() || "\u{202e}\u{200b}".contains(character));
        assert!(!said.contains(raw) && said.contains("\\u{202e}"), "{said:?}");
    }
}

#[test]
fn mistakes_obey_the_choice_of_colour() {
    assert!(said(&["--color", "always", "chidl"]).starts_with("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m "));
    for arguments in [&["--color=never", "chidl"][..], &["chidl"]] {
        assert!(said(arguments).starts_with("error: "));
    }
}

#[test]
fn of_a_repeated_global_flag_the_last_counts() {
    let world = World::new();
    let zone = |words: &[&str]| {
        let seen = world.run(words);
        assert_eq!(seen.code, 2, "{seen}");
        seen.stderr
    };

    for words in [
        &["-o", "csv", "-o", "json", "--sandbox", "region", "list"][..],
        &["-o", "csv", "--sandbox=other.db", "--sandbox", "region", "list", "-o", "json"],
        &["--output=csv", "--yes", "region", "-y", "--output=table", "list", "--yes", "-qqo", "json", "--sandbox"],
        &["--color=always", "--sandbox", "region", "list", "-o=json", "--color", "never", "--sandbox"],
    ] {
        assert_eq!(world.run(words).json()[0]["name"], "EU", "{words:?}");
    }
    assert!(!world.path("other.db").exists());
    assert!(zone(&["--zone=a", "status", "--zone=b"]).starts_with(r#"error: --zone: "b" is"#));
    let seen = world.run(&["--sandbox", "--organization-id=11", "child", "list", "--organization-id=12"]);
    assert!(seen.stderr.starts_with("error: organization 12"), "{seen}");
}
