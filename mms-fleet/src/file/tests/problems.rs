//! Problems: each with its place and what to write instead, all at once.

use std::fmt::Write;

use proptest::prelude::*;

use crate::{Child, Edit, Fleet, FleetFiles, NewChild};

/// The problems of files.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    match Fleet::parse(files) {
        Ok(fleet) => panic!("{files:?} is read as {fleet:?}"),
        Err(problems) => problems.to_string().lines().map(str::to_owned).collect(),
    }
}

/// The one problem of a text below format and organization, in line 3.
fn problem(text: &str) -> String {
    let text = format!("format: 1\norganization: 11\n{text}\n");
    let found = problems(&[("f", &text)]);
    assert_eq!(found.len(), 1, "{text}: {found:#?}");
    found.into_iter().next().unwrap()
}

#[test]
fn a_number_in_another_form_says_which_was_meant() {
    for (written, column, expected) in [
        ("0123", 25, "credits \"0123\" is not a whole number: write 123"),
        ("1_000", 25, "credits \"1_000\" is not a whole number: write 1000"),
        ("1e4", 25, "credits \"1e4\" is not a whole number: write 10000"),
        ("20k", 25, "credits \"20k\" is not a whole number: write 20000"),
        ("20.000", 25, "credits \"20.000\" is not a whole number: write 20000"),
        ("20000.0", 25, "credits \"20000.0\" is not a whole number: write 20000"),
        ("\"20000\"", 25, "credits \"20000\" is a text: write 20000 without quotes"),
        (
            "-10000",
            25,
            "credits -10000 is negative: write a multiple of 10000, such as 20000, or 10000 if the sign is a slip",
        ),
        ("12345", 25, "credits 12345 is not a multiple of 10000: write 10000 or 20000"),
        ("500", 25, "credits 500 is not a multiple of 10000: write 10000"),
        (
            "99999999999999999999",
            25,
            "credits 99999999999999999999 is too large: write a multiple of 10000, such as 20000",
        ),
        ("9999999999999990000", 25, "credits 9999999999999990000 is too large: write at most 9223372036854770000"),
        ("many", 25, "credits \"many\" is not a whole number: write a multiple of 10000, such as 20000"),
        ("", 23, "credits has no value: write a multiple of 10000, such as 20000, or remove the key"),
        ("[1]", 25, "credits is a list: write a multiple of 10000, such as 20000, or remove the key"),
        ("{a: 1}", 25, "credits has keys of its own: write a multiple of 10000, such as 20000, or remove the key"),
    ] {
        assert_eq!(problem(&format!("children: {{A: {{credits: {written}}}}}")), format!("f:3:{column}: {expected}"));
    }
    // In braces the comma ends the value.
    let found = problems(&[("f", "format: 1\norganization: 11\nchildren: {A: {credits: 20,000}}\n")]);
    assert_eq!(found[1], "f:3:28: child \"A\" has no key \"000\": write a number without commas, such as 20000");
}

#[test]
fn a_value_of_another_type_says_what_to_write() {
    for (entry, expected) in [
        ("allow_pause: yes", "f:3:29: allow_pause \"yes\" is neither true nor false: write true"),
        ("allow_pause: \"false\"", "f:3:29: allow_pause \"false\" is neither true nor false: write false"),
        ("retired: 1", "f:3:25: retired \"1\" is neither true nor false: write true"),
        ("id: New", "f:3:20: id \"New\" is no id: write new"),
        ("id: 0", "f:3:20: id 0 is no id: write the id of an organization, a whole number from 1"),
        ("id: 1.5", "f:3:20: id \"1.5\" is not a whole number: write the id of an organization, such as 123"),
        ("priority: high", "f:3:26: priority \"high\" is not a whole number: write a whole number, such as 5"),
        (
            "priority: 9999999999",
            "f:3:26: priority 9999999999 is too large: write a number from -2147483648 to 2147483647",
        ),
        ("labels: gold", "f:3:24: labels is no list: write [gold]"),
        ("labels: [Hold]", "f:3:25: label \"Hold\" freezes nothing: write hold to freeze the child"),
        ("labels: [[a]]", "f:3:25: label is a list: write a word, such as gold, or remove the key"),
        ("country: ", "f:3:23: country has no value: write an id, a name or a code, or remove the key"),
        (
            "owner: ada@acme.example",
            "f:3:23: owner is no mapping: write keys and values, such as email: ada@acme.example",
        ),
        ("owner: {email: ada@acme.example}", "f:3:23: owner has no name: write one, such as name: Ada Owner"),
        ("hold: false, labels: [hold]", "f:3:22: hold is false, and the label hold is there: keep one of them"),
        (
            "then: 0",
            "f:3:22: then says what follows, and no day is the last: write until: and the last day of the credits, such as until: 2026-12-31",
        ),
        (
            "credits: 0, until: 2026-12-31",
            "f:3:35: the credits end on 2026-12-31, and nothing says what follows: write then: and the allocation of the days after, such as then: 10000",
        ),
        (
            "until: 2026-12-31, then: 0",
            "f:3:23: credits end, and there are none: write credits: and the allocation up to that day",
        ),
        (
            "retired: true, credits: 10000",
            "f:3:40: a retired child cannot have 10000 credits: remove credits, or retired",
        ),
        (
            "retired: true, id: new",
            "f:3:35: a retired child cannot be new: remove the entry, or write the id of the child",
        ),
        ("credit: 10000", "f:3:16: child \"A\" has no key \"credit\": did you mean credits?"),
        ("allow-pause: true", "f:3:16: child \"A\" has no key \"allow-pause\": did you mean allow_pause?"),
        (
            "<<: 1",
            "f:3:16: child \"A\" has no key \"<<\": merge keys are of YAML 1.1 and not read: use defaults, or write the keys themselves",
        ),
        ("id: 1, id: 2", "f:3:23: id stands twice in child \"A\", first in line 3: keep one of them"),
        (
            "id: !!int 1",
            "f:3:20: there is a tag: remove the word that begins with !; what a value is follows from its key",
        ),
    ] {
        assert_eq!(problem(&format!("children: {{A: {{{entry}}}}}")), expected);
    }
}

#[test]
fn a_day_in_another_form_says_which_was_meant() {
    for (written, help) in [
        ("31.12.2026", "write 2026-12-31"),
        ("2026-12-31T00:00:00Z", "write 2026-12-31"),
        ("2026-1-5", "write 2026-01-05"),
        ("12/31/2026", "write year, month and day, such as 2026-12-31"),
        ("2026-02-30", "write year, month and day, such as 2026-12-31"),
        ("tomorrow", "write year, month and day, such as 2026-12-31"),
    ] {
        let found = problem(&format!("children: {{A: {{credits: 0, then: 0, until: {written}}}}}"));
        assert_eq!(found, format!("f:3:44: until {written:?} is no day: {help}"));
    }
}

#[test]
fn a_guard_is_a_number_or_a_whole_share() {
    for (written, expected) in [
        ("0.1", "max_change 0.1 is no number of children: write 10%"),
        ("10 %", "max_change \"10 %\" is no share: write 10%"),
        ("150%", "max_change \"150%\" is no share: write whole percents from 0% to 100%"),
        ("1.5%", "max_change \"1.5%\" is no share: write whole percents from 0% to 100%"),
    ] {
        assert_eq!(problem(&format!("guards: {{max_change: {written}}}")), format!("f:3:22: {expected}"));
    }
}

#[test]
fn credits_stay_between_minimum_and_maximum() {
    for (entry, expected) in [
        ("credits: 0, minimum: 10000", "credits 0 is less than minimum 10000"),
        ("credits: 20000, maximum: 10000", "credits 20000 is more than maximum 10000"),
        ("minimum: 20000, maximum: 10000", "minimum 20000 is more than maximum 10000"),
        ("credits: 10000, minimum: 10000, until: 2026-01-01, then: 0", "then 0 is less than minimum 10000"),
    ] {
        assert!(problem(&format!("children: {{A: {{{entry}}}}}")).contains(expected), "{entry}");
    }
    assert!(
        problem("defaults: {minimum: 20000}\nchildren: {A: {credits: 10000}}")
            .starts_with("f:4:25: credits 10000 is less")
    );
    // Defaults that cannot be together are one problem, however many children there are.
    assert!(
        problem("defaults: {minimum: 20000, credits: 0}\nchildren: {A: , B: {id: 1}}")
            .starts_with("f:3:37: defaults: credits 0")
    );
}

/// The messages of a text below format and organization, without their places.
fn messages(text: &str) -> Vec<String> {
    let found = problems(&[("f", &format!("format: 1\norganization: 11\n{text}\n"))]);
    found.iter().map(|line| line.split(": ").nth(1).unwrap().to_owned()).collect()
}

#[test]
fn what_cannot_be_together_is_told_beside_every_other_mistake_of_the_entry_and_of_the_file() {
    for (entry, together) in [
        ("then: 0", "then says what follows, and no day is the last"),
        ("credits: 0, until: 2026-12-31", "the credits end on 2026-12-31, and nothing says what follows"),
        ("credits: 0, minimum: 10000", "credits 0 is less than minimum 10000"),
        ("credits: 50000, maximum: 40000", "credits 50000 is more than maximum 40000"),
        ("minimum: 20000, maximum: 10000", "minimum 20000 is more than maximum 10000"),
        ("credits: 10000, minimum: 10000, until: 2026-12-31, then: 0", "then 0 is less than minimum 10000"),
        ("retired: true, credits: 10000", "a retired child cannot have 10000 credits"),
    ] {
        let priority = "priority \"high\" is not a whole number";
        let same = messages(&format!("children: {{A: {{{entry}, priority: high, nonsense: 1}}}}"));
        assert!(same.iter().any(|message| message == together), "{same:?}");
        assert!(same.iter().any(|message| message == priority), "{same:?}");
        assert_eq!(same.len(), 3, "{same:?}");
        let other = messages(&format!("defaults: {{priority: high}}\nchildren: {{A: {{{entry}}}}}"));
        assert_eq!(other, [priority, together]);
    }
    let both = messages("children: {A: {credits: 0, minimum: 10000, until: 2026-12-31, then: 0}}");
    assert_eq!(both, ["credits 0 is less than minimum 10000", "then 0 is less than minimum 10000"]);
}

#[test]
fn nothing_is_told_that_only_follows_from_a_value_that_cannot_be_used() {
    for text in [
        "children: {A: {credits: 20k, until: 2026-12-31, then: 0}}",
        "children: {A: {credit: 20000, until: 2026-12-31, then: 0}}",
        "children: {A: {credits: 0, until: 31.12.2026, then: 0}}",
        "children: {A: {credits: 0, until: 2026-12-31, then: 5}}",
        "children: {A: {credits: 0, untill: 2026-12-31, then: 0}}",
        "children: {A: {retired: yes, credits: 0, until: 2026-12-31}}",
        "defaults: {credits: 50000}\nchildren: {A: {credits: 5, minimum: 10000, maximum: 20000}}",
        "defaults: {minimum: 50000}\nchildren: {A: {credits: 10000, minimum: 5}}",
        "defaults: {credits: 5}\nchildren: {A: {until: 2026-12-31, then: 0}}",
        "defaults: []\nchildren: {A: {until: 2026-12-31, then: 0}}",
        "defaults: {credits: 10000}\nchildren: {A: []}",
    ] {
        assert_eq!(messages(text).len(), 1, "{text}");
    }
}

#[test]
fn one_child_in_two_places_is_an_error_that_names_both() {
    let head = "format: 1\norganization: 11\nchildren:\n";
    let first = format!("{head}  Acme Bakery: {{id: 1, external_id: X}}\n");
    for (second, expected) in [
        ("ACME  bakery: {}", "b:4:3: child \"ACME  bakery\" is there already, at a:4:3"),
        ("Other: {id: 1}", "b:4:15: id 1 is there already, at a:4:21"),
        ("Other: {external_id: X}", "b:4:24: external_id \"X\" is there already, at a:4:37"),
    ] {
        let found = problems(&[("a", &first), ("b", &format!("{head}  {second}\n"))]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with(expected), "{found:?}");
    }
    assert!(problem("children:\n  A: {}\n  A: {}").starts_with("f:5:3: child \"A\" is there already, at f:4:3"));
}

#[test]
fn files_that_are_for_different_distributors_are_no_fleet() {
    for (second, expected) in [
        ("organization: 12", "b:2:15: organization 12 is not 11, as at a:2:15"),
        ("zone: us1.make.com", "b:2:7: zone us1.make.com is not eu1.make.com, as at a:3:7"),
        ("guards: {max_creates: 2}", "b:2:9: the guards differ from those at a:4:9"),
    ] {
        let first = "format: 1\norganization: 11\nzone: eu1.make.com\nguards: {max_creates: 1}\n";
        let found = problems(&[("a", first), ("b", &format!("format: 1\n{second}\n"))]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with(expected), "{found:?}");
    }
}

#[test]
fn a_head_that_is_missing_or_wrong_is_said() {
    for (text, expected) in [
        ("", "f:1:1: the file is empty"),
        ("# nothing\n", "f:1:1: the file is empty"),
        ("[]", "f:1:1: the file is no mapping"),
        ("organization: 11", "f:1:1: the file has no format: write one, such as format: 1"),
        ("format: 1", "f:1:1: no file has the organization: write organization:"),
        ("format: 2\norganization: 11", "f:1:9: format 2 is not known: write 1, or read the file with a newer mms"),
        ("format: 1\norganization: x", "f:2:15: organization \"x\" is not a whole number"),
        ("format: 1\norganization: 11\nzone: eu1", "f:3:7: zone \"eu1\" is not a zone of Make: write eu1.make.com"),
        (
            "format: 1\norganization: 11\nzone: eu1.mak.com",
            "f:3:7: zone \"eu1.mak.com\" is not a zone of Make: did you mean eu1.make.com?",
        ),
        ("format: 1\norganization: 11\nchildren: []", "f:3:11: children is no mapping"),
        ("format: 1\norganization: 11\nchildren: {A&B: }", "f:3:12: \"A&B\" is not an organization name"),
    ] {
        let found = problems(&[("f", text)]);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].starts_with(expected), "{found:?}");
    }
}

#[test]
fn a_mistake_of_syntax_has_its_place_and_hides_no_problem_of_another_file() {
    let good = "format: 1\norganization: 11\nchildren: {A: {credits: 1}}\n";
    for (text, place, help) in [
        ("format: 1\nchildren:\n\tA: {}\n", "a:3:", "indent with spaces"),
        ("format: 1\nchildren: {A: {}\n", "a:", "close every {"),
        ("format: 1\nzone: \"eu1\n", "a:", "close the quotation mark"),
        ("format: 1\nchildren: *x\n", "a:2:11", "define it with &"),
        ("format: 1\n---\nformat: 1\n", "a:2:1: a second document begins here", "several files are one fleet"),
        ("format: 1\0\n", "a:1:10: there is a NUL character", "UTF-8"),
        ("format: 1\nchildren: &a {A: *a}\n", "a:2:18: the alias stands within", "write the value itself"),
    ] {
        let found = problems(&[("a", text), ("b", good)]);
        assert!(found.iter().any(|line| line.starts_with(place) && line.contains(help)), "{text}: {found:#?}");
        assert!(found.last().unwrap().starts_with("b:3:25: credits 1 is not a multiple"), "{found:#?}");
    }
}

#[test]
fn a_deep_or_unfolding_file_is_refused_and_takes_no_memory() {
    let deep = format!("format: {}", "[".repeat(100_000));
    assert!(problems(&[("f", &deep)])[0].contains("too many levels"));
    let block = format!("format: {}1", "\n- ".to_owned() + &"- ".repeat(100_000));
    assert!(problems(&[("f", &block)])[0].contains("more than 32 levels"));

    let mut laughs = String::from("format: 1\norganization: 11\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(laughs, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    assert!(problems(&[("f", &laughs)])[0].contains("more than 2000000 values"));
    // A chain of aliases, each a level deeper, ends at the limit too.
    let mut chain = String::from("a0: &a0 [x]\n");
    for level in 1..100 {
        writeln!(chain, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    assert!(problems(&[("f", &chain)])[0].contains("more than 32 levels"));
}

#[test]
fn a_fleet_of_5000_with_20_errors_shows_20_errors_with_places() {
    let mistakes = ["credits: 12345", "credits: 20k", "contry: ES", "until: 2026-12-31", "allow_pause: yes"];
    let mut text = String::from("format: 1\norganization: 11\ndefaults: {credits: 10000}\nchildren:\n");
    let mut expected = Vec::new();
    for number in 0..5_000 {
        let entry = if number % 250 == 17 {
            expected.push(number + 5);
            mistakes[number / 250 % mistakes.len()]
        } else {
            "credits: 20000"
        };
        writeln!(text, "  Client {number}: {{id: {}, {entry}}}", number + 1).unwrap();
    }

    let problems = Fleet::parse(&[("fleet.yaml", &text)]).unwrap_err();

    assert_eq!(problems.len(), 20);
    let lines: Vec<usize> = problems.iter().map(|problem| problem.place.as_ref().unwrap().line).collect();
    assert_eq!(lines, expected);
    assert!(problems.iter().all(|problem| !problem.help.is_empty() && problem.place.as_ref().unwrap().column > 3));
}

proptest! {
    /// Whatever a file has, it is read or refused, and so is an edit of it.
    #[test]
    fn no_text_is_too_odd_to_be_read_and_edited_or_refused(
        text in "(format|children|A|defaults|[0-9]{1,3}|[ \t\n\r]|[-?:,\\[\\]{}#&*!|>'\"%@`~\u{feff}\u{85}\u{0}]|: |\n  |ä){0,40}",
    ) {
        drop(Fleet::parse(&[("f", &text)]));
        for (above, below) in [("children:\n  ", ""), ("children:\n  A", "\n"), ("children: {'A'", "\n }")] {
            let file = format!("format: 1\norganization: 11\n{above}{text}{below}");
            let Ok(files) = FleetFiles::parse(&[("f", &file)]) else { continue };
            let id = 7.try_into().unwrap();
            let name = |child: &Child| child.name.clone();
            let mut edits = vec![Edit::Add(NewChild::new("New".parse().unwrap()))];
            edits.extend(files.fleet().children.iter().map(name).map(|name| Edit::Bind { name, id }));
            for edit in edits {
                drop(files.edit(&[edit]));
            }
        }
    }
}
