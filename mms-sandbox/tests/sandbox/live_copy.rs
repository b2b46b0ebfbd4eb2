//! Copy of a sandbox that runs, into a new data file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mms_sandbox::{Sandbox, SandboxBuilder};
use mms_types::SANDBOX_ID_HEADER;
use serde_json::{Value, json};

use crate::fixtures::data_file;
use crate::http_client::{Answer, CHILDREN, Request, a_create, a_create_with, children, create, pool, total};

fn on(file: &Path) -> SandboxBuilder {
    Sandbox::builder().data(file).lock_wait(Duration::ZERO)
}

async fn copy(sandbox: &Sandbox, to: &Path) -> Answer {
    Request::control(sandbox, "POST", "/copy").json(&json!({ "path": to })).send(sandbox).await
}

async fn identity(sandbox: &Sandbox) -> String {
    let answer = Request::get(CHILDREN).send(sandbox).await;
    answer.headers[SANDBOX_ID_HEADER].clone()
}

/// Returns the names of what is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_copy_has_what_was_answered_and_is_another_sandbox_from_then_on() {
    let (directory, file) = data_file();
    let to = tempfile::tempdir().unwrap();
    for (name, sandbox) in [("of file.db", on(&file).start().await), ("of memory.db", Sandbox::builder().start().await)]
    {
        let sandbox = sandbox.unwrap();
        create(&sandbox, &a_create()).await.success();
        let path = to.path().join(name);
        let copied = copy(&sandbox, &path).await.success();
        let bytes = path.metadata().unwrap().len();
        assert_eq!((&copied["path"], &copied["bytes"]), (&json!(path), &json!(bytes)));
        let expected = children(&sandbox).await;
        create(&sandbox, &a_create_with("organizationName", json!("Later"))).await.success();

        let second = on(&path).start().await.unwrap();
        assert_eq!(children(&second).await, expected, "{name}");
        assert_eq!((pool(&second).await, pool(&sandbox).await), (480_000, 460_000));
        assert_eq!(copied["sandboxId"], identity(&second).await);
        assert_ne!(identity(&second).await, identity(&sandbox).await);
        assert_eq!(create(&second, &a_create()).await.success()["childOrganizationId"], 1002, "no id is given again");
        second.stop().await.unwrap();
        assert_eq!(on(&path).start().await.unwrap().control().reset().await.unwrap().children, 3, "the first state");
    }
    assert!(!names(directory.path()).concat().contains("copy"), "nothing is left of the making");
    assert!(!names(to.path()).concat().contains("copy"), "nothing is left of the making");
}

#[cfg(unix)]
#[tokio::test]
async fn a_copy_is_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;

    let (_directory, path) = data_file();
    let sandbox = Sandbox::builder().start().await.unwrap();
    sandbox.control().copy_to(&path).await.unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn copies_amid_writes_are_of_one_moment() {
    let (directory, file) = data_file();
    let sandbox = on(&file).start().await.unwrap();
    let expected = total(&sandbox).await;
    let writes = async {
        for number in 0..60 {
            create(&sandbox, &a_create_with("operations", json!(if number % 2 == 0 { 10_000 } else { 0 })))
                .await
                .success();
        }
    };
    let copies = async {
        for number in 0..6 {
            sandbox.control().copy_to(directory.path().join(format!("copy {number}.db"))).await.unwrap();
        }
    };
    tokio::join!(writes, copies);
    for number in 0..6 {
        let copy = on(&directory.path().join(format!("copy {number}.db"))).start().await.unwrap();
        assert_eq!(total(&copy).await, expected, "copy {number}");
    }
}

/// Returns what the sandbox says to a path at which it makes no copy, and checks that nothing was left.
async fn refused(sandbox: &Sandbox, path: &Path, status: u16, folder: &Path) -> String {
    let before = names(folder);
    let answer = copy(sandbox, path).await;
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(names(folder), before);
    children(sandbox).await;
    answer.body["detail"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_path_at_which_no_file_can_be_made_is_refused() {
    let (directory, file) = data_file();
    let folder = directory.path();
    fs::write(folder.join("letter"), "a letter").unwrap();
    let sandbox = on(&file).start().await.unwrap();
    let (missing, long) = (folder.join("missing/copy.db"), folder.join("x".repeat(300)));
    let nul = PathBuf::from(format!("{}/a\0b", folder.display()));
    for (path, expected) in [
        (Path::new("copy.db"), "\"copy.db\" is no absolute path: write it from the root on.".to_owned()),
        (Path::new("/"), "/ is a folder: name a file in it.".to_owned()),
        (&missing, format!("There is no folder {}/missing.", folder.display())),
        (&folder.join("letter/copy.db"), format!("There is no folder {}/letter.", folder.display())),
        (&long, format!("No file can be made at {}: ", long.display())),
        (&nul, "No file can be made at ".to_owned()),
    ] {
        let detail = refused(&sandbox, path, 400, folder).await;
        assert!(detail.starts_with(&expected), "{detail}");
    }
    let error = sandbox.control().copy_to("copy.db").await.unwrap_err();
    assert!(error.is_invalid() && !error.is_not_found(), "{error}");
}

#[tokio::test]
async fn a_copy_overwrites_nothing_and_is_put_beside_no_log() {
    let (directory, file) = data_file();
    let folder = directory.path();
    let sandbox = on(&file).start().await.unwrap();
    let (letter, new) = (folder.join("letter"), folder.join("copy.db"));
    fs::write(&letter, "a letter").unwrap();
    for path in [file.as_path(), &letter, folder] {
        let detail = refused(&sandbox, path, 409, folder).await;
        assert_eq!(detail, format!("{} is there already, and a copy overwrites nothing.", path.display()));
    }
    assert_eq!(fs::read(&letter).unwrap(), b"a letter");
    for suffix in ["-wal", "-journal"] {
        let log = folder.join(format!("copy.db{suffix}"));
        fs::write(&log, "").unwrap();
        let detail = refused(&sandbox, &new, 409, folder).await;
        assert!(detail.starts_with(&format!("{} was left by another file", log.display())), "{detail}");
        fs::remove_file(log).unwrap();
    }
    copy(&sandbox, &new).await.success();
    assert_eq!(refused(&sandbox, &new, 409, folder).await.matches("is there already").count(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_to_nothing_is_something_too() {
    let (directory, file) = data_file();
    let sandbox = on(&file).start().await.unwrap();
    let link = directory.path().join("link.db");
    std::os::unix::fs::symlink(directory.path().join("nothing"), &link).unwrap();
    refused(&sandbox, &link, 409, directory.path()).await;
}

#[tokio::test]
async fn the_log_of_the_first_sandbox_does_not_continue_its_copy() {
    let (directory, file) = data_file();
    let sandbox = on(&file).start().await.unwrap();
    let killed = directory.path().join("killed.db");
    sandbox.control().copy_to(&killed).await.unwrap();
    create(&sandbox, &a_create()).await.success();
    fs::copy(directory.path().join("sandbox.db-wal"), directory.path().join("killed.db-wal")).unwrap();
    let error = on(&killed).start().await.unwrap_err().to_string();
    assert!(error.contains("killed.db-wal continues another copy"), "{error}");
}

#[tokio::test]
async fn a_body_that_names_no_path_is_refused() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    for body in
        [json!({}), json!({ "path": 1 }), json!({ "path": null }), json!({ "path": "/a", "mode": 1 }), Value::Null]
    {
        let answer = Request::control(&sandbox, "POST", "/copy").json(&body).send(&sandbox).await;
        answer.refusal(400, "Bad Request", None);
    }
}
