//! Files and directories on disk.

use std::fs;
use std::path::PathBuf;

use crate::{Fleet, FleetFiles, Problems};

fn names(paths: &[PathBuf]) -> Vec<String> {
    let fleet = Fleet::read(paths).unwrap_or_else(|problems| panic!("{problems}"));
    fleet.children.into_iter().map(|child| child.name.as_str().to_owned()).collect()
}

fn lines(result: Result<Fleet, Problems>) -> Vec<String> {
    result.unwrap_err().to_string().lines().map(str::to_owned).collect()
}

#[test]
fn a_directory_is_read_by_name_and_each_file_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    for name in ["b.yaml", "a.yml", "c.txt", ".hidden.yaml"] {
        let child = name.split('.').find(|part| !part.is_empty()).unwrap();
        fs::write(file(name), format!("format: 1\norganization: 11\nchildren: {{{child}: }}\n")).unwrap();
    }
    let folder_path = folder.path().to_owned();
    assert_eq!(names(std::slice::from_ref(&folder_path)), ["a", "b"]);
    assert_eq!(
        names(&[file("b.yaml"), folder_path.clone(), file("b.yaml"), folder_path.join(".").join("a.yml")]),
        ["b", "a"]
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(file("b.yaml"), file("z.yaml")).unwrap();
        assert_eq!(names(&[folder_path]), ["a", "b"]);
    }
}

#[test]
fn a_sub_directory_with_yaml_files_is_not_read_and_named_and_any_other_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    for folder in ["clients", "deep/er", "notes", ".git", "empty.yaml"] {
        fs::create_dir_all(file(folder)).unwrap();
    }
    for name in ["a.yaml", "clients/b.yml", "deep/er/c.yaml", "notes/d.txt", ".git/e.yaml"] {
        let child = name.split('/').next_back().unwrap();
        fs::write(file(name), format!("format: 1\norganization: 11\nchildren: {{{child}: }}\n")).unwrap();
    }
    let files = FleetFiles::read(&[folder.path()]).unwrap();
    assert_eq!((files.fleet().children.len(), files.unread()), (1, &[file("clients"), file("deep")][..]));
    let files = FleetFiles::read(&[folder.path(), &file("clients")]).unwrap();
    assert_eq!((files.fleet().children.len(), files.unread()), (2, &[file("deep")][..]));

    let found = lines(Fleet::read(&[file("deep")]));
    let help = format!("name {}: sub-directories are not read by themselves", file("deep/er").display());
    assert!(found.len() == 1 && found[0].ends_with(&help), "{found:?}");
}

#[test]
fn what_cannot_be_read_is_named_and_hides_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    fs::write(file("latin.yaml"), b"format: 1\n# caf\xe9\n").unwrap();
    fs::write(file("wrong.yaml"), "format: 1\nchildren: {A: {credits: 1}}\n").unwrap();
    fs::create_dir(file("empty")).unwrap();

    let found = lines(Fleet::read(&[file("missing.yaml"), file("latin.yaml"), file("wrong.yaml"), file("empty")]));

    let expected = [
        format!("{} cannot be read: ", file("missing.yaml").display()),
        format!("{}:2:6: the file is no UTF-8: save it as UTF-8", file("latin.yaml").display()),
        format!("{} has no file that ends in .yaml or .yml", file("empty").display()),
        format!("{}:2:25: credits 1 is not a multiple of 10000", file("wrong.yaml").display()),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (line, expected) in found.iter().zip(expected) {
        assert!(line.starts_with(&expected), "{line}");
    }
}
