//! A data file that is damaged is refused, and left as it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mms_sandbox::{Sandbox, SandboxError};
use tempfile::TempDir;

use crate::fixtures::data_file;

/// SQLite's default.
const PAGE: usize = 4096;

/// A file that was closed well, so that everything is in its pages and nothing beside it.
async fn closed_file() -> (TempDir, PathBuf, Vec<u8>) {
    let (directory, file) = data_file();
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

/// Returns the page number and the page of every frame of a write-ahead log.
fn frames(log: &[u8]) -> Vec<(usize, &[u8])> {
    log[32..]
        .chunks_exact(24 + PAGE)
        .map(|frame| {
            let number = u32::from_be_bytes(*frame.first_chunk().unwrap());
            (usize::try_from(number).unwrap(), &frame[24..])
        })
        .collect()
}

#[tokio::test]
async fn a_file_whose_process_died_while_it_moved_its_log_into_the_pages_is_whole() {
    let (directory, file, _) = closed_file().await;
    let running = Sandbox::builder().data(&file).start().await.unwrap();
    let mut state = running.control().state().await.unwrap();
    let children = &mut state.distributors[0].children;
    children.pop();
    for child in children.iter_mut() {
        child.organization_name = format!("Renamed {:?}", child.organization_id).parse().unwrap();
    }
    running.control().replace_state(state.clone()).await.unwrap();
    let expected = running.control().state().await.unwrap();
    let log = fs::read(directory.path().join("sandbox.db-wal")).unwrap();
    let pages = fs::read(&file).unwrap();
    running.stop().await.unwrap();

    // Of a page the last frame counts, and the pages go into the file in their order.
    let last: BTreeMap<_, _> = frames(&log).into_iter().collect();
    assert!(last.len() > 10, "{} pages", last.len());
    for moved in 0..=last.len() {
        let mut bytes = pages.clone();
        for (number, page) in last.iter().take(moved) {
            bytes.resize(bytes.len().max(number * PAGE), 0);
            bytes[(number - 1) * PAGE..number * PAGE].copy_from_slice(page);
        }
        let copy = directory.path().join(format!("{moved}.db"));
        fs::write(&copy, bytes).unwrap();
        fs::write(directory.path().join(format!("{moved}.db-wal")), &log).unwrap();

        let opened = Sandbox::builder().data(&copy).start().await.unwrap();
        assert_eq!(opened.control().state().await.unwrap().distributors, expected.distributors, "{moved}");
        opened.stop().await.unwrap();
    }
}
