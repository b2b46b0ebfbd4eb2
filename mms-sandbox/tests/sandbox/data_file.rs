//! A sandbox in a file: what it keeps, what it refuses, and who may use it.

use std::fs;
use std::path::Path;
use std::process;
use std::time::Duration;

use mms_sandbox::{Sandbox, SandboxBuilder, SandboxError};
use rusqlite::Connection;
use serde_json::json;

use crate::fixtures::data_file;
use crate::http_client::{CONSUMPTION, Request, a_create, allocate, children, create, pool, total};

fn on(file: &Path) -> SandboxBuilder {
    Sandbox::builder().data(file).lock_wait(Duration::ZERO)
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let (_directory, file) = data_file();
    let sandbox = on(&file).start().await.unwrap();
    create(&sandbox, &a_create()).await.success();
    allocate(&sandbox, 101, 30_000).await.success();
    let before = children(&sandbox).await;
    sandbox.stop().await.unwrap();

    let sandbox = on(&file).start().await.unwrap();
    assert_eq!(children(&sandbox).await, before);
    assert_eq!((pool(&sandbox).await, total(&sandbox).await), (460_000, 660_000));
    let next = create(&sandbox, &a_create()).await.success();
    assert_eq!((&next["childOrganizationId"], &next["userExisted"]), (&json!(1002), &json!(1)));
}

#[tokio::test]
async fn an_answered_write_is_in_the_files_before_anything_is_closed() {
    let (directory, file) = data_file();
    let sandbox = on(&file).start().await.unwrap();
    create(&sandbox, &a_create()).await.success();
    let copies = directory.path().join("copies");
    fs::create_dir(&copies).unwrap();
    for name in ["sandbox.db", "sandbox.db-wal"] {
        fs::copy(directory.path().join(name), copies.join(name)).unwrap();
    }
    let survivor = on(&copies.join("sandbox.db")).start().await.unwrap();
    assert_eq!(children(&survivor).await, children(&sandbox).await);
    assert_eq!(pool(&survivor).await, 480_000);
}

#[tokio::test]
async fn the_id_of_the_last_child_is_not_given_again() {
    let (_directory, file) = data_file();
    let sandbox = on(&file).start().await.unwrap();
    create(&sandbox, &a_create()).await.success();
    sandbox.stop().await.unwrap();
    let database = Connection::open(&file).unwrap();
    database
        .execute_batch("DELETE FROM consumption WHERE child_id = 1001; DELETE FROM child WHERE id = 1001;")
        .unwrap();
    database.close().unwrap();
    let sandbox = on(&file).start().await.unwrap();
    assert_eq!(create(&sandbox, &a_create()).await.success()["childOrganizationId"], 1002);
}

#[tokio::test]
async fn a_file_says_in_its_header_that_it_is_a_sandboxs() {
    let (_directory, file) = data_file();
    on(&file).start().await.unwrap().stop().await.unwrap();
    let header = fs::read(&file).unwrap();
    assert_eq!(&header[60..64], 3_i32.to_be_bytes());
    assert_eq!(&header[68..72], b"mmsb");
}

#[tokio::test]
async fn an_empty_file_is_taken() {
    let (_directory, file) = data_file();
    fs::write(&file, "").unwrap();
    let sandbox = on(&file).start().await.unwrap();
    assert_eq!(children(&sandbox).await.len(), 3);
}

#[tokio::test]
async fn a_file_with_the_name_of_sqlites_memory_is_a_file_all_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join(":memory:");
    on(&file).start().await.unwrap().stop().await.unwrap();
    assert!(fs::metadata(&file).unwrap().len() > 0);
}

#[tokio::test]
async fn a_failing_database_is_a_refusal_in_makes_shape() {
    let (_directory, file) = data_file();
    on(&file).start().await.unwrap().stop().await.unwrap();
    let database = Connection::open(&file).unwrap();
    database.execute_batch("DROP TABLE consumption").unwrap();
    database.close().unwrap();
    let sandbox = on(&file).start().await.unwrap();
    let answer = Request::get(CONSUMPTION).send(&sandbox).await;
    let detail = answer.refusal(500, "Internal Server Error", None);
    assert!(detail.starts_with("The sandbox's database failed: no such table: consumption"), "{detail}");
    create(&sandbox, &a_create()).await.refusal(500, "Internal Server Error", None);
    assert_eq!((children(&sandbox).await.len(), pool(&sandbox).await), (3, 500_000), "half a create is none");
}

#[cfg(unix)]
#[tokio::test]
async fn missing_directories_are_created_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a/b/sandbox.db");
    let _sandbox = on(&file).start().await.unwrap();
    for created in ["a", "a/b"] {
        let mode = fs::metadata(directory.path().join(created)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

async fn refused(file: &Path) -> SandboxError {
    let before = fs::read(file).unwrap();
    let error = on(file).start().await.unwrap_err();
    assert_eq!(fs::read(file).unwrap(), before);
    let beside = fs::read_dir(file.parent().unwrap()).unwrap().count();
    assert_eq!(beside, 1, "nothing is left beside the file");
    assert!(!error.is_locked() && !error.is_address_in_use());
    error
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let (_directory, file) = data_file();
    for text in ["SQL", "Dear diary, today I was no database at all.", &"x".repeat(5_000)] {
        fs::write(&file, text).unwrap();
        let error = refused(&file).await;
        assert_eq!(error.to_string(), format!("{} is no sandbox's file: it is no SQLite database", file.display()));
    }
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_as_it_is() {
    let (_directory, file) = data_file();
    let database = Connection::open(&file).unwrap();
    database.execute_batch("CREATE TABLE note (text TEXT); PRAGMA application_id = 7").unwrap();
    database.close().unwrap();
    let error = refused(&file).await;
    assert_eq!(
        error.to_string(),
        format!("{} is no sandbox's file: it is a database of another program", file.display())
    );
}

#[tokio::test]
async fn a_file_of_a_later_version_is_refused_and_left_as_it_is() {
    let (_directory, file) = data_file();
    let database = Connection::open(&file).unwrap();
    let mark = i32::from_be_bytes(*b"mmsb");
    database
        .execute_batch(&format!("CREATE TABLE t (x); PRAGMA application_id = {mark}; PRAGMA user_version = 4"))
        .unwrap();
    database.close().unwrap();
    let error = refused(&file).await;
    assert_eq!(
        error.to_string(),
        format!("{} has version 4, written by a later release: this one reads up to version 3", file.display())
    );
}

#[tokio::test]
async fn a_path_that_is_no_file_is_refused_with_nothing_beside_it() {
    let directory = tempfile::tempdir().unwrap();
    for path in [directory.path(), Path::new("/dev/null")] {
        let error = on(path).start().await.unwrap_err();
        let expected = format!("{} is no sandbox's file: it is a directory or a device", path.display());
        assert_eq!(error.to_string(), expected);
        assert!(!Path::new(&format!("{}.lock", path.display())).exists());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_to_a_file_in_use_is_in_use_too() {
    let (directory, file) = data_file();
    let holder = on(&file).start().await.unwrap();
    let link = directory.path().join("link.db");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert!(on(&link).start().await.unwrap_err().is_locked());
    holder.stop().await.unwrap();
    on(&link).start().await.unwrap();
}

#[tokio::test]
async fn a_file_in_use_is_refused_by_the_name_of_its_holder() {
    let (_directory, file) = data_file();
    let holder = on(&file).holder("mms sandbox serve").start().await.unwrap();
    let error = on(&file).start().await.unwrap_err();
    assert!(error.is_locked());
    let (id, base_url) = (process::id(), holder.base_url());
    assert_eq!(
        error.to_string(),
        format!("{} is in use by process {id} (mms sandbox serve, {base_url})", file.display())
    );
}

#[tokio::test]
async fn a_file_with_a_lock_that_says_nothing_is_in_use_all_the_same() {
    let (directory, file) = data_file();
    let lock = fs::File::create(directory.path().join("sandbox.db.lock")).unwrap();
    lock.lock().unwrap();
    let error = on(&file).start().await.unwrap_err();
    assert_eq!(error.to_string(), format!("{} is in use by another process", file.display()));
}

#[tokio::test]
async fn a_stopped_sandbox_frees_its_file() {
    let (_directory, file) = data_file();
    on(&file).start().await.unwrap().stop().await.unwrap();
    on(&file).start().await.unwrap();
}

#[tokio::test]
async fn a_wait_without_end_is_a_wait_all_the_same() {
    let (_directory, file) = data_file();
    Sandbox::builder().data(&file).lock_wait(Duration::MAX).start().await.unwrap();
}

#[tokio::test]
async fn a_waiting_sandbox_starts_as_soon_as_the_file_is_free() {
    let (_directory, file) = data_file();
    for dropped in [false, true] {
        let first = on(&file).start().await.unwrap();
        let second = Sandbox::builder().data(&file).lock_wait(Duration::from_secs(60)).start();
        let (second, ()) = tokio::join!(second, async {
            if dropped {
                drop(first);
            } else {
                first.stop().await.unwrap();
            }
        });
        assert_eq!(children(second.as_ref().unwrap()).await.len(), 3);
        second.unwrap().stop().await.unwrap();
    }
}

#[tokio::test]
async fn the_lock_file_says_since_when() {
    let (directory, file) = data_file();
    fs::write(directory.path().join("sandbox.db.lock"), "a longer text of an earlier holder ".repeat(20)).unwrap();
    let before = jiff::Timestamp::now().as_second();
    let sandbox = on(&file).holder("a test").start().await.unwrap();
    let text = fs::read_to_string(directory.path().join("sandbox.db.lock")).unwrap();
    let (holder, since) = text.strip_suffix('\n').unwrap().split_once("\nsince ").unwrap();
    assert_eq!(holder, format!("process {} (a test, {})", process::id(), sandbox.base_url()));
    let since: jiff::Timestamp = since.parse().unwrap();
    assert!((before..=jiff::Timestamp::now().as_second()).contains(&since.as_second()));
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;

    let (directory, file) = data_file();
    let _sandbox = on(&file).start().await.unwrap();
    for name in ["sandbox.db", "sandbox.db-wal"] {
        let mode = fs::metadata(directory.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_dangling_link_and_its_target_have_one_lock() {
    let (directory, file) = data_file();
    let link = directory.path().join("link.db");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let _sandbox = on(&link).start().await.unwrap();
    assert!(on(&file).start().await.unwrap_err().is_locked());
}
