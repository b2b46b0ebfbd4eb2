//! Sandboxes that do not start or stop: exit code and hint for each of their errors.

use mms_sandbox::SandboxError;

use super::{Failure, sandbox_lock, shell};

impl From<SandboxError> for Failure {
    fn from(error: SandboxError) -> Self {
        if error.is_seed() {
            return Self::usage(error.to_string());
        }
        if error.is_locked() {
            return Self::try_later(error.to_string()).hint(sandbox_lock::hint(error.lock_holder()));
        }
        let failure = Self::failed(error.to_string());
        if error.is_address_in_use() {
            return failure.hint("choose another address with --listen; port 0 takes any free one");
        }
        if let Some(log) = error.foreign_log() {
            let (from, to) = (log.display().to_string(), format!("{}.old", log.display()));
            let (from, to) = (shell::word(&from), shell::word(&to));
            return failure.hint(format!("`mv {from} {to}` opens the file as it is and keeps the log"));
        }
        if error.is_busy() {
            return failure.hint("another program, such as a database browser, has it open: close it there");
        }
        if error.is_denied() {
            return failure.hint(
                "name another file with --sandbox=FILE (serve: --data FILE), where there is room and you may write",
            );
        }
        if error.is_database() {
            // The file may be another program's, so that only a sandbox's own is to be removed.
            return failure.hint(
                "name another file with --sandbox=FILE (serve: --data FILE), or remove this one, if it is a sandbox's, to start afresh",
            );
        }
        failure
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mms_sandbox::Sandbox;

    use super::*;
    use crate::output::failure::ExitCode;

    #[tokio::test]
    async fn a_file_in_use_is_a_failure_that_names_the_holder_and_the_way_out() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sandbox.db");
        let holder = Sandbox::builder().data(&file).holder(sandbox_lock::SERVE).start().await.unwrap();
        let refusal = Sandbox::builder().data(&file).lock_wait(Duration::ZERO).start().await.err().unwrap();

        let failure = Failure::from(refusal);

        assert!(failure.message().contains("mms sandbox serve"), "{failure:?}");
        assert!(failure.message().contains(&std::process::id().to_string()), "{failure:?}");
        assert!(failure.hint_line().unwrap().contains(&format!("--base-url {} ", holder.base_url())), "{failure:?}");
        assert_eq!(failure.code(), ExitCode::TryLater);
        holder.stop().await.unwrap();
    }

    #[tokio::test]
    async fn a_file_that_is_no_sandboxs_or_broken_can_be_left_alone_or_removed() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sandbox.db");
        Sandbox::builder().data(&file).start().await.unwrap().stop().await.unwrap();
        let mut broken = std::fs::read(&file).unwrap();
        broken[100..].fill(0xff);

        for content in [b"a letter".to_vec(), broken] {
            std::fs::write(&file, content).unwrap();

            let failure = Failure::from(Sandbox::builder().data(&file).start().await.err().unwrap());

            let way_out = failure.hint_line().unwrap_or_default();
            assert!(way_out.starts_with("name another file with --sandbox=FILE"), "{failure:?}");
            assert!(way_out.ends_with("to start afresh"), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn a_log_of_another_copy_is_to_be_moved_away_and_the_file_not_to_be_removed() {
        let directory = tempfile::tempdir().unwrap();
        let (file, backup) = (directory.path().join("sandbox.db"), directory.path().join("backup.db"));
        let sandbox = Sandbox::builder().data(&file).start().await.unwrap();
        sandbox.control().copy_to(&backup).await.unwrap();
        std::fs::copy(directory.path().join("sandbox.db-wal"), directory.path().join("backup.db-wal")).unwrap();

        let failure = Failure::from(Sandbox::builder().data(&backup).start().await.err().unwrap());

        let log = directory.path().canonicalize().unwrap().join("backup.db-wal").display().to_string();
        let way_out = format!("`mv {log} {log}.old` opens the file as it is and keeps the log");
        assert_eq!(failure.hint_line(), Some(way_out.as_str()), "{failure:?}");
        assert_eq!(failure.code(), ExitCode::Failed);
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_there_is_not_to_be_removed() {
        let directory = tempfile::tempdir().unwrap();
        let letter = directory.path().join("letter");
        std::fs::write(&letter, "a letter").unwrap();

        let refusal = Sandbox::builder().data(letter.join("sandbox.db")).start().await.err().unwrap();
        let failure = Failure::from(refusal);

        let way_out = failure.hint_line().unwrap_or_default();
        assert!(way_out.contains("name another file") && !way_out.contains("remove"), "{failure:?}");
    }

    #[tokio::test]
    async fn a_seed_at_fault_is_wrong_use_and_blames_no_data_file() {
        let directory = tempfile::tempdir().unwrap();
        let (seed, data) = (directory.path().join("seed.json"), directory.path().join("sandbox.db"));

        for content in [None, Some("{"), Some(r#"{"distributors":[{"organizationId":7,"operations":0,"zoneId":999}]}"#)]
        {
            if let Some(content) = content {
                std::fs::write(&seed, content).unwrap();
            }

            let error = Sandbox::builder().seed_file(&seed).data(&data).start().await.err().unwrap();
            let failure = Failure::from(error);

            assert!(failure.message().contains("seed.json"), "{failure:?}");
            assert_eq!((failure.code(), failure.hint_line()), (ExitCode::Usage, None), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn a_file_that_another_program_has_open_is_busy() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sandbox.db");
        Sandbox::builder().data(&file).start().await.unwrap().stop().await.unwrap();
        let browser = rusqlite::Connection::open(&file).unwrap();
        browser.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();

        let failure = Failure::from(Sandbox::builder().data(&file).start().await.err().unwrap());

        assert!(failure.hint_line().unwrap_or_default().contains("such as a database browser"), "{failure:?}");
    }
}
