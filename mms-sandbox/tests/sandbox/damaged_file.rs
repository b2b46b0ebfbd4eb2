//! A data file that is damaged is refused, and left as it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mms_sandbox::{Sandbox, SandboxError};
use tempfile::TempDir;

/// SQLite's default.
const PAGE: usize = 4096;

/// A file that was closed well, so that everything is in its pages and nothing beside it.
async fn closed_file() -> (TempDir, PathBuf, Vec<u8>) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sandbox.db");
    let mut state = Sandbox::builder().start().await.unwrap().control().state().await.unwrap();
    state.distributors[0].children[0].organization_id = None;
    state.distributors[0].children[0].count = Some(300);
    Sandbox::builder().data(&file).state(state).start().await.unwrap().stop().await.unwrap();
    let bytes = fs::read(&file).unwrap();
    (directory, file, bytes)
}

async fn refused(file: &Path, bytes: &[u8]) -> SandboxError {
    fs::write(file, bytes).unwrap();
    let before: Vec<_> =
        fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let error = Sandbox::builder().data(file).lock_wait(Duration::ZERO).start().await.unwrap_err();
    assert!(fs::read(file).unwrap() == bytes, "the file is as it was");
    let after: Vec<_> = fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(after, before, "nothing is left beside the file");
    error
}

#[tokio::test]
async fn a_page_of_nonsense_is_noticed_wherever_it_is() {
    let (_directory, file, whole) = closed_file().await;
    let pages = whole.len() / PAGE;
    assert!(pages > 20, "{pages} pages");
    for page in 1..pages {
        let mut bytes = whole.clone();
        for (index, byte) in bytes[page * PAGE..(page + 1) * PAGE].iter_mut().enumerate() {
            *byte = u8::try_from((index * 37 + page) % 251).unwrap();
        }
        let error = refused(&file, &bytes).await;
        assert!(error.is_database(), "page {page}");
        assert!(error.to_string().starts_with(&format!("{} is damaged: ", file.display())), "page {page}: {error}");
    }
}

#[tokio::test]
async fn a_file_that_was_cut_short_is_noticed() {
    let (_directory, file, whole) = closed_file().await;
    for length in [whole.len() - 1, whole.len() - PAGE, PAGE, 200] {
        let error = refused(&file, &whole[..length]).await;
        assert!(error.to_string().contains(" is damaged: "), "{length} bytes: {error}");
    }
}

#[tokio::test]
async fn a_header_that_asks_for_an_unknown_journal_is_noticed() {
    let (_directory, file, whole) = closed_file().await;
    for place in [18, 19] {
        let mut bytes = whole.clone();
        bytes[place] = 77;
        assert!(refused(&file, &bytes).await.to_string().contains(" is damaged: "));
    }
}
