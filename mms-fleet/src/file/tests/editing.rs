//! Editing: what a person wrote stays, and what cannot be edited safely is refused.

use std::fs;

use crate::{Edit, EditError, FleetFiles, NewChild};

const HEAD: &str = "format: 1\norganization: 11\n";

fn bind(name: &str, id: u64) -> Edit {
    Edit::Bind { name: name.parse().unwrap(), id: id.try_into().unwrap() }
}

fn new(name: &str, id: u64, credits: u64) -> Edit {
    let mut child = NewChild::new(name.parse().unwrap());
    child.id = Some(id.try_into().unwrap());
    child.credits = Some(credits.try_into().unwrap());
    Edit::Add(child)
}

fn edited(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let text = format!("{HEAD}{text}");
    let files = FleetFiles::parse(&[("f", &text)]).unwrap_or_else(|problems| panic!("{text}{problems}"));
    let edited = files.edit(edits)?;
    let (_, text) = edited.files().texts().next().unwrap();
    Ok(text.strip_prefix(HEAD).unwrap().to_owned())
}

fn assert_edited(text: &str, edits: &[Edit], expected: &str) {
    let result = edited(text, edits).unwrap_or_else(|error| panic!("{text}{error}"));
    assert_eq!(result, expected, "{text}");
}

#[test]
fn an_id_comes_first_in_an_entry_in_its_own_style() {
    for (before, after) in [
        ("children:\n  A:\n    credits: 0\n", "children:\n  A:\n    id: 7\n    credits: 0\n"),
        (
            "children:\n  A: # ours\n      # much\n      credits: 0\n",
            "children:\n  A: # ours\n      id: 7\n      # much\n      credits: 0\n",
        ),
        ("children:\n A:\n  credits: 0", "children:\n A:\n  id: 7\n  credits: 0"),
        ("children:\n  A: {credits: 0}\n", "children:\n  A: {id: 7, credits: 0}\n"),
        ("children:\n  A: { credits: 0 } # x\n", "children:\n  A: { id: 7, credits: 0 } # x\n"),
        ("children:\n  A: {\n    credits: 0,\n  }\n", "children:\n  A: {\n    id: 7, credits: 0,\n  }\n"),
        ("children:\n  A: {}\n", "children:\n  A: {id: 7}\n"),
        ("children:\n  A:\n  B:\n      credits: 0\n", "children:\n  A:\n      id: 7\n  B:\n      credits: 0\n"),
        ("children:\n  A: # ours\n", "children:\n  A: # ours\n    id: 7\n"),
        ("children:\n  A:", "children:\n  A:\n    id: 7"),
        ("children:\n  A: ~ # x\n", "children:\n  A: {id: 7} # x\n"),
        ("children:\n  A: {id: new, credits: 0}\n", "children:\n  A: {id: 7, credits: 0}\n"),
        ("children:\n  A:\n    id: new # yet\n", "children:\n  A:\n    id: 7 # yet\n"),
        ("children: {A, B: }\n", "children: {A: {id: 7}, B: }\n"),
        ("children: {\"A\": , B}\n", "children: {\"A\": {id: 7} , B}\n"),
        ("children: {\n  'A' # ours\n  }\n", "children: {\n  'A': {id: 7} # ours\n  }\n"),
        ("children: {\n  'A' # ours\n  : # it\n  }\n", "children: {\n  'A' # ours\n  : {id: 7} # it\n  }\n"),
        ("children:\n  A: {id: 'new' # yet\n  }\n", "children:\n  A: {id: 7 # yet\n  }\n"),
        ("children:\n  A:\n    id: \"new\" # yet\n", "children:\n  A:\n    id: 7 # yet\n"),
        ("children:\n  A: &a # {x}\n    {}\n", "children:\n  A: &a # {x}\n    {id: 7}\n"),
        ("children:\n  A: &a\n    credits: 0\n", "children:\n  A: &a\n    id: 7\n    credits: 0\n"),
        ("children:\n  A:\n    &a\n    credits: 0\n", "children:\n  A:\n    &a\n    id: 7\n    credits: 0\n"),
        ("children:\r\n  'A':\r\n    credits: 0\r\n", "children:\r\n  'A':\r\n    id: 7\r\n    credits: 0\r\n"),
    ] {
        // The line end of a file is that of its first line.
        let is_windows = before.contains('\r');
        if is_windows {
            let files = FleetFiles::parse(&[("f", &format!("{}{before}", HEAD.replace('\n', "\r\n")))]).unwrap();
            let edited = files.edit(&[bind("A", 7)]).unwrap();
            assert!(edited.files().texts().next().unwrap().1.ends_with(after));
        } else {
            assert_edited(before, &[bind("A", 7)], after);
        }
    }
}

#[test]
fn credits_are_replaced_where_they_stand_and_added_where_they_do_not() {
    let credits = |credits: u64| Edit::SetCredits { name: "A".parse().unwrap(), credits: credits.try_into().unwrap() };
    for (before, after) in [
        ("children:\n  A: {credits: 0, id: 1} # x\n", "children:\n  A: {credits: 20000, id: 1} # x\n"),
        ("children:\n  A:\n    id: 1\n", "children:\n  A:\n    credits: 20000\n    id: 1\n"),
    ] {
        assert_edited(before, &[credits(20_000)], after);
    }
    for (before, after) in [
        ("children:\n  A: {} # x\n", "children:\n  A: {id: 7, credits: 20000} # x\n"),
        ("children:\n  A: ~ # x\n", "children:\n  A: {id: 7, credits: 20000} # x\n"),
        ("children:\n  A: # x\n", "children:\n  A: # x\n    id: 7\n    credits: 20000\n"),
        ("children: {A, B: {}}\n", "children: {A: {id: 7, credits: 20000}, B: {}}\n"),
    ] {
        assert_edited(before, &[bind("A", 7), credits(20_000)], after);
    }
    // The text means other credits for B, too: nothing is written.
    let shared = "children:\n  A: {credits: &c 0}\n  B: {credits: *c}\n";
    assert!(edited(shared, &[credits(20_000)]).unwrap_err().to_string().contains("A: {credits: 20000}"));
}

#[test]
fn a_child_is_added_after_the_last_one_and_its_comments() {
    for (before, after) in [
        ("children:\n  B: {}\n", "children:\n  B: {}\n  A:\n    id: 7\n    credits: 0\n"),
        ("children:\n  B: {}", "children:\n  B: {}\n  A:\n    id: 7\n    credits: 0"),
        (
            "children:\n    B:\n     id: 1\n     # credits: 5\n\n    # the end\n\n# below\nzone: eu1.make.com\n",
            "children:\n    B:\n     id: 1\n     # credits: 5\n\n    # the end\n    A:\n     id: 7\n     credits: 0\n\n# below\nzone: eu1.make.com\n",
        ),
        ("children:\n", "children:\n  A:\n    id: 7\n    credits: 0\n"),
        ("children:\n  # none yet\n", "children:\n  # none yet\n  A:\n    id: 7\n    credits: 0\n"),
        (
            "children: {} # none\nzone: eu1.make.com\n",
            "children: # none\n  A:\n    id: 7\n    credits: 0\nzone: eu1.make.com\n",
        ),
        ("children: ~\n", "children:\n  A:\n    id: 7\n    credits: 0\n"),
        ("", "children:\n  A:\n    id: 7\n    credits: 0\n"),
        (
            "zone: eu1.make.com\n# the end\n",
            "zone: eu1.make.com\nchildren:\n  A:\n    id: 7\n    credits: 0\n# the end\n",
        ),
        ("children: {B: {}}\n", "children: {B: {}, A: {id: 7, credits: 0}}\n"),
        ("children: {B, }\n", "children: {B, A: {id: 7, credits: 0}, }\n"),
        ("children: {\n  B: {},\n}\n", "children: {\n  B: {},\n  A: {id: 7, credits: 0},\n}\n"),
        ("children: {\n  'B' # last\n  }\n", "children: {\n  'B',\n  A: {id: 7, credits: 0} # last\n  }\n"),
        ("children: {\n  \"B\": # last\n  }\n", "children: {\n  \"B\":,\n  A: {id: 7, credits: 0} # last\n  }\n"),
        (
            "children: {\n  'it''s B': {\n    external_id: \"\\\"\" # last\n  } # B\n  }\n",
            "children: {\n  'it''s B': {\n    external_id: \"\\\"\" # last\n  },\n  A: {id: 7, credits: 0} # B\n  }\n",
        ),
        ("children: # none\n  {}\n", "children: # none\n  {A: {id: 7, credits: 0}}\n"),
        ("children: # none\n  ~\n", "children: # none\n  {A: {id: 7, credits: 0}}\n"),
        (
            "children:\n  B:\n    external_id: |-\n      x # y\n",
            "children:\n  B:\n    external_id: |-\n      x # y\n  A:\n    id: 7\n    credits: 0\n",
        ),
    ] {
        assert_edited(before, &[new("A", 7, 0)], after);
    }
}

#[test]
fn a_file_in_braces_takes_its_first_child_where_nothing_is_written_yet() {
    for (before, after) in [
        ("", ", children: {A: {id: 7, credits: 0}}"),
        (", zone: 'eu1.make.com'", ", zone: 'eu1.make.com', children: {A: {id: 7, credits: 0}}"),
        (", 'children'", ", 'children': {A: {id: 7, credits: 0}}"),
        (", children:", ", children: {A: {id: 7, credits: 0}}"),
        (", children: ~", ", children: {A: {id: 7, credits: 0}}"),
    ] {
        let text = |written: &str| format!("{{format: 1, organization: 11{written} # last\n}}\n");
        let files = FleetFiles::parse(&[("f", &text(before))]).unwrap();
        let edited = files.edit(&[new("A", 7, 0)]).unwrap_or_else(|error| panic!("{before}: {error}"));
        assert_eq!(edited.files().texts().next().unwrap().1, text(after));
    }
}

#[test]
fn a_comment_above_an_entry_stands_after_what_is_put_at_the_end_of_the_one_before_it() {
    let remark = Edit::Remark { name: "B".parse().unwrap(), text: "gone".to_owned() };
    assert_edited("children:\n  A:\n  B:\n", &[remark, bind("A", 7)], "children:\n  A:\n    id: 7\n  # gone\n  B:\n");
}

#[test]
fn a_child_is_added_after_a_last_one_in_braces_without_a_value_whatever_stands_beside_it() {
    for last in ["A", "'A'", "'it''s'", "\"A\"", "\"\\x41\"", "A:", "'A':", "A :"] {
        for beside in ["", " ", " # it's \"last\"", "\n  # last", " ,", ", # last", " # one\n  , # two"] {
            assert_edited(
                &format!("children: {{\n  {last}{beside}\n  }}\n"),
                &[new("B", 7, 0)],
                &format!("children: {{\n  {last},\n  B: {{id: 7, credits: 0}}{beside}\n  }}\n"),
            );
        }
    }
}

#[test]
fn a_name_that_yaml_takes_for_something_else_is_quoted() {
    let edits = [new("NO", 7, 0), new("123", 8, 0), new("A, B", 9, 0), new("- x", 10, 0), new("* (x)", 11, 0)];
    let text = edited("", &edits).unwrap();
    for name in ["\"NO\":", "\"123\":", "  A, B:", "\"- x\":", "\"* (x)\":"] {
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn what_cannot_be_edited_is_named_and_nothing_is_changed() {
    for (text, edit, expected) in [
        ("children:\n  A: &a {}\n  B: *a\n", bind("B", 7), "B: {id: 7}"),
        ("children:\n  A: &a {}\n  B: *a\n", bind("A", 7), "A: {id: 7}"),
        ("children:\n  ? A\n  : credits: 0\n", bind("A", 7), "A: {id: 7}"),
        ("children:\n  A: {}\n", bind("C", 7), "C: {id: 7}"),
        ("children:\n  A: {}\n  B: {id: 7}\n", bind("A", 7), "A: {id: 7}"),
    ] {
        let error = edited(text, &[edit]).unwrap_err();
        assert!(error.to_string().ends_with(&format!("write by hand: {expected}")), "{text}{error}");
        assert!(!error.is_changed() && !error.entries().is_empty());
    }
}

#[test]
fn a_file_is_replaced_in_one_step_with_its_permissions_and_through_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fleet.yaml");
    fs::write(&path, format!("{HEAD}children: {{A: {{}}}}\n")).unwrap();
    let named = if cfg!(unix) { folder.path().join("link.yaml") } else { path.clone() };
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &named).unwrap();
    }

    let edited = FleetFiles::read(&[&named]).unwrap().edit(&[bind("A", 7)]).unwrap();
    assert!(edited.is_changed());
    edited.write().unwrap();

    assert!(fs::read_to_string(&path).unwrap().ends_with("children: {A: {id: 7}}\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&named).unwrap().is_symlink());
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), if cfg!(unix) { 2 } else { 1 });
}

#[test]
fn a_file_that_somebody_has_changed_meanwhile_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["a.yaml", "b.yaml"].map(|name| folder.path().join(name));
    fs::write(&first, format!("{HEAD}children: {{A: }}\n")).unwrap();
    fs::write(&second, format!("{HEAD}children: {{B: }}\n")).unwrap();
    let edited = FleetFiles::read(&[folder.path()]).unwrap().edit(&[bind("A", 7), bind("B", 8)]).unwrap();
    let theirs = format!("{HEAD}children: {{B: , C: }}\n");
    fs::write(&second, &theirs).unwrap();

    let error = edited.write().unwrap_err();

    assert!(error.is_changed());
    assert_eq!(error.to_string(), format!("{} was changed since it was read", second.display()));
    assert!(fs::read_to_string(&first).unwrap().ends_with("{A: }\n"));
    assert_eq!(fs::read_to_string(&second).unwrap(), theirs);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}
