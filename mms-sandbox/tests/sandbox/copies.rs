//! Copies of a data file: a log that was left beside another copy, and copies of a sandbox that runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mms_sandbox::{Sandbox, SandboxBuilder};

use crate::fixtures::data_file;
use crate::http_client::{a_create, children, create};

fn on(file: &Path) -> SandboxBuilder {
    Sandbox::builder().data(file).lock_wait(Duration::ZERO)
}

fn log_of(file: &Path) -> PathBuf {
    format!("{}-wal", file.display()).into()
}

/// Copies the files of a sandbox as its death would leave them.
fn kill(file: &Path, to: &Path) {
    fs::copy(file, to).unwrap();
    fs::copy(log_of(file), log_of(to)).unwrap();
}

/// Returns the number of children.
async fn count(sandbox: &Sandbox) -> usize {
    children(sandbox).await.len()
}

#[tokio::test]
async fn a_backup_that_is_put_in_place_of_a_killed_sandboxs_file_is_not_undone_by_the_log_beside_it() {
    let (directory, file) = data_file();
    let (backup, killed) = (directory.path().join("backup.db"), directory.path().join("killed.db"));
    let sandbox = on(&file).start().await.unwrap();
    let before = count(&sandbox).await;
    sandbox.stop().await.unwrap();
    fs::copy(&file, &backup).unwrap();

    let sandbox = on(&file).start().await.unwrap();
    create(&sandbox, &a_create()).await.success();
    kill(&file, &killed);
    fs::copy(&backup, &killed).unwrap();

    let error = on(&killed).start().await.unwrap_err();
    assert!(error.is_database(), "{error}");
    let text = error.to_string();
    assert!(text.starts_with(&format!("{} continues another copy of", log_of(&killed).display())), "{text}");
    assert!(fs::read(&killed).unwrap() == fs::read(&backup).unwrap(), "the file is as it was");
    assert!(fs::read(log_of(&killed)).unwrap() == fs::read(log_of(&file)).unwrap(), "and so is the log");

    fs::rename(log_of(&killed), directory.path().join("away-wal")).unwrap();
    assert_eq!(count(&on(&killed).start().await.unwrap()).await, before, "the backup as it is");
}

#[tokio::test]
async fn a_killed_sandbox_goes_on_with_its_log_wherever_both_are_copied() {
    let (directory, file) = data_file();
    let mut source = file;
    for life in 0..4 {
        let sandbox = on(&source).start().await.unwrap();
        let before = count(&sandbox).await;
        create(&sandbox, &a_create()).await.success();
        let killed = directory.path().join(format!("killed {life}.db"));
        kill(&source, &killed);
        drop(sandbox);
        let sandbox = on(&killed).start().await.unwrap();
        assert_eq!(count(&sandbox).await, before + 1, "life {life}");
        sandbox.stop().await.unwrap();
        source = killed;
    }
}

#[tokio::test]
async fn a_log_that_has_grown_long_is_moved_into_the_file_and_begins_anew() {
    let (directory, file) = data_file();
    let mut state = Sandbox::builder().start().await.unwrap().control().state().await.unwrap();
    state.distributors[0].children[0].organization_id = None;
    state.distributors[0].children[0].count = Some(50_000);
    let sandbox = on(&file).state(state).start().await.unwrap();
    create(&sandbox, &a_create()).await.success();
    let length = |path: &Path| path.metadata().unwrap().len();
    assert!(length(&file) > 4 * 1024 * 1024 && length(&log_of(&file)) < 1024 * 1024);
    let killed = directory.path().join("killed.db");
    kill(&file, &killed);
    let survivor = on(&killed).start().await.unwrap();
    assert_eq!(count(&survivor).await, count(&sandbox).await);
}

#[tokio::test]
async fn a_log_beside_a_missing_or_empty_file_is_nothing_to_go_on_with() {
    let (directory, file) = data_file();
    let sandbox = on(&file).start().await.unwrap();
    create(&sandbox, &a_create()).await.success();
    for (name, is_there) in [("missing.db", false), ("empty.db", true)] {
        let left = directory.path().join(name);
        kill(&file, &left);
        fs::remove_file(&left).unwrap();
        if is_there {
            fs::write(&left, "").unwrap();
        }
        assert_eq!(count(&on(&left).start().await.unwrap()).await, 3, "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_data_file_that_others_may_read_is_taken_from_them() {
    use std::os::unix::fs::PermissionsExt;

    let (_directory, file) = data_file();
    on(&file).start().await.unwrap().stop().await.unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let sandbox = on(&file).start().await.unwrap();
    create(&sandbox, &a_create()).await.success();
    for path in [file.clone(), log_of(&file)] {
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
}
