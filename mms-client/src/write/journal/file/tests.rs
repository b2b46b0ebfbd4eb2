//! What a journal in a file survives.

use std::fs::{self, OpenOptions};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use mms_types::OrganizationId;

use super::*;
use crate::env::clock::FakeClock;
use crate::write::journal::samples::{allocation, intent};

fn created(id: u64) -> IntentOutcome {
    IntentOutcome::Created { organization_id: OrganizationId::new(id) }
}

fn now() -> Moment {
    SystemTime::UNIX_EPOCH.into()
}

#[test]
fn what_was_written_down_is_there_when_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/intents");
    let journal = FileJournal::open(&path).unwrap();
    journal.record_intent(&intent("Sol")).unwrap();
    journal.record_intent(&intent("Mar")).unwrap();
    journal.record_outcome(&intent("Sol").id, now(), &created(124)).unwrap();
    drop(journal);

    let journal = FileJournal::open(&path).unwrap();
    let open = journal.open_intents().unwrap();
    assert_eq!(open.iter().map(|open| &open.intent).collect::<Vec<_>>(), [&intent("Mar")]);
    let claims = journal.claims().unwrap();
    assert_eq!(claims.iter().map(|claim| claim.organization_id.get()).collect::<Vec<_>>(), [124]);
}

#[test]
fn a_fleet_is_written_down_once_and_each_open_intent_knows_the_children_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let journal = FileJournal::open(&path).unwrap();
    let size = || fs::read(&path).unwrap().len();
    let fleet = |from: u64, to: u64| Arc::new((from..to).map(OrganizationId::new).collect());
    let of = |name: &str, parent: u64, ids_before| Intent {
        parent: OrganizationId::new(parent),
        ids_before,
        ..intent(name)
    };
    // The second time a child has left the fleet and one has come. Another distributor has children of its own.
    let intents = [of("Sol", 11, fleet(1, 5_000)), of("Mar", 11, fleet(2, 5_001)), of("Luz", 12, fleet(7, 9))];
    let mut sizes = vec![size()];
    for intent in &intents {
        journal.record_intent(intent).unwrap();
        sizes.push(size());
    }
    journal.record_outcome(&intent("Sol").id, now(), &created(9_000)).unwrap();
    assert!(sizes[1] > 20_000 && sizes[3] - sizes[1] < 1_000, "{sizes:?}");
    drop(journal);

    let open = FileJournal::open(&path).unwrap().open_intents().unwrap();
    assert_eq!(open.into_iter().map(|open| open.intent).collect::<Vec<_>>(), intents[1..]);
}

#[test]
fn an_outcome_cut_at_any_byte_leaves_its_intent_open_and_the_file_usable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let journal = FileJournal::open(&path).unwrap();
    journal.record_intent(&intent("Sol")).unwrap();
    let first = fs::read(&path).unwrap().len();
    journal.record_outcome(&intent("Sol").id, now(), &created(124)).unwrap();
    drop(journal);
    let whole = fs::read(&path).unwrap();

    for end in 0..whole.len() {
        fs::write(&path, &whole[..end]).unwrap();
        let journal = FileJournal::open(&path).unwrap();
        let open = journal.open_intents().unwrap().len();
        let claims = journal.claims().unwrap().len();
        if end + 1 < first {
            // Such an intent was not acknowledged, so nothing was sent.
            assert_eq!((open, claims), (0, 0), "cut at {end}");
            journal.record_intent(&intent("Sol")).unwrap();
        } else {
            let is_whole = end + 1 == whole.len();
            assert_eq!((open, claims), (usize::from(!is_whole), usize::from(is_whole)), "cut at {end}");
        }
        if claims == 0 {
            journal.record_outcome(&intent("Sol").id, now(), &created(124)).unwrap();
        }
        drop(journal);
        assert_eq!(fs::read(&path).unwrap(), whole, "cut at {end}");
    }
}

#[test]
fn a_corrupt_record_names_file_and_line_and_the_file_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let journal = FileJournal::open(&path).unwrap();
    for name in ["Sol", "Mar", "Luna"] {
        journal.record_intent(&intent(name)).unwrap();
    }
    drop(journal);
    let text = fs::read_to_string(&path).unwrap().replace("Mar", "Mer");
    // A torn record after it is no reason to cut anything.
    fs::write(&path, format!("{text}{{\"line\":4")).unwrap();
    let damaged = fs::read(&path).unwrap();

    let error = FileJournal::open(&path).unwrap_err();
    assert!(error.is_damaged(), "{error}");
    let place = format!("{}:2: the record cannot be read: its checksum is wrong", path.display());
    assert!(error.to_string().starts_with(&place), "{error}");
    assert_eq!(fs::read(&path).unwrap(), damaged);
}

#[test]
fn who_has_a_journal_is_told_without_taking_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    FileJournal::check_free(&path).unwrap();
    assert!(!path.exists());

    let journal = FileJournal::open(&path).unwrap();
    let error = FileJournal::check_free(&path).unwrap_err();
    assert!(error.is_locked() && error.to_string().contains(&std::process::id().to_string()), "{error}");
    drop(journal);
    FileJournal::check_free(&path).unwrap();
}

#[test]
fn a_second_journal_on_the_file_is_told_who_has_it_and_for_how_long() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let clock = FakeClock::new();
    let journal = FileJournal::open_by(path.clone(), None, &clock).unwrap();
    clock.advance(Duration::from_secs(75));
    let error = FileJournal::open_by(path.clone(), None, &clock).unwrap_err();
    assert!(error.is_locked(), "{error}");
    let owner = format!("(process {}), for 75 s: open it once, and share it", std::process::id());
    assert!(error.to_string().ends_with(&owner), "{error}");
    assert!(error.to_string().contains("mms_client"), "the program: {error}");
    drop(journal);
    FileJournal::open(&path).unwrap();
}

#[test]
fn who_holds_a_journal_for_a_reason_is_told_with_it_and_what_steers_a_terminal_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let clock = FakeClock::new();
    let held =
        FileJournal::open_by(path.clone(), Some(("month-end,\u{1b} ask ada", Duration::from_secs(3_600))), &clock)
            .unwrap();
    clock.advance(Duration::from_secs(12));
    let error = FileJournal::open_by(path.clone(), None, &clock).unwrap_err();
    assert!(error.to_string().contains(", for 12 s and up to 60 min more: month-end, ask ada"), "{error}");
    assert_eq!(error.reason().as_deref(), Some("month-end, ask ada"));
    assert_eq!(error.held_since(), Some((clock.wall() - Duration::from_secs(12)).into()));
    assert_eq!(error.held_until(), Some((clock.wall() + Duration::from_secs(3_588)).into()));
    clock.advance(Duration::from_secs(3_500));
    let error = FileJournal::open_by(path.clone(), None, &clock).unwrap_err();
    assert!(error.to_string().contains(" and up to 88 s more: "), "{error}");
    drop(held);
    let at_work = FileJournal::open(&path).unwrap();
    let error = FileJournal::open(&path).unwrap_err();
    assert_eq!((error.reason(), error.held_until()), (None, None));
    drop(at_work);
}

#[test]
fn an_outcome_without_an_intent_a_second_one_and_one_of_anothers_child_are_refused_and_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let journal = FileJournal::open(&path).unwrap();
    journal.record_outcome(&intent("Sol").id, now(), &created(124)).unwrap_err();
    journal.record_intent(&intent("Sol")).unwrap();
    journal.record_intent(&intent("Sol")).unwrap_err();
    journal.record_outcome(&intent("Sol").id, now(), &IntentOutcome::Unproven).unwrap();
    journal.record_outcome(&intent("Sol").id, now(), &created(124)).unwrap();
    journal.record_outcome(&intent("Sol").id, now(), &created(125)).unwrap_err();
    journal.record_intent(&intent("Mar")).unwrap();
    let error = journal.record_outcome(&intent("Mar").id, now(), &created(124)).unwrap_err();
    assert_eq!(error.to_string(), format!("child 124 came of intent {}", intent("Sol").id));
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4);
}

#[cfg(target_os = "linux")]
#[test]
fn after_a_write_to_a_full_disk_nothing_is_written_until_the_file_is_opened_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let journal = FileJournal::open(&path).unwrap();
    journal.record_intent(&intent("Sol")).unwrap();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut file = std::mem::replace(&mut journal.state().file, full);
    let error = journal.record_outcome(&intent("Sol").id, now(), &created(124)).unwrap_err();
    assert!(error.to_string().contains("cannot write"), "{error}");
    assert_eq!(journal.open_intents().unwrap().len(), 1, "what is not on disk does not count");

    // A part of it may be on disk. There is room again, and yet nothing may follow that part.
    file.write_all(b"{\"line\":2,").unwrap();
    journal.state().file = file;
    let error = journal.record_intent(&intent("Mar")).unwrap_err();
    assert!(error.to_string().ends_with("open the journal anew before going on"), "{error}");
    drop(journal);
    let journal = FileJournal::open(&path).unwrap();
    assert_eq!(journal.open_intents().unwrap().len(), 1);
    journal.record_outcome(&intent("Sol").id, now(), &created(124)).unwrap();
    drop(journal);
    assert_eq!(FileJournal::open(&path).unwrap().claims().unwrap().len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_burst_of_allocations_waits_for_the_disk_once_a_second() {
    let at = |milliseconds| Moment::from(SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds));
    assert!(is_due(None, at(5_000)), "the first one");
    assert!(!is_due(Some(at(5_000)), at(5_000)) && !is_due(Some(at(5_000)), at(5_999)));
    assert!(is_due(Some(at(5_000)), at(6_000)));
    assert!(is_due(Some(at(5_000)), at(4_999)), "the clock was set back");
}

/// Counts what is traced as a warning.
struct Warnings(Arc<std::sync::atomic::AtomicUsize>);

impl tracing::Subscriber for Warnings {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::WARN
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[cfg(target_os = "linux")]
#[test]
fn the_end_of_a_burst_of_allocations_is_put_on_disk_when_the_journal_is_dropped_and_a_failure_traced() {
    let folder = tempfile::tempdir().unwrap();
    let ends: [(&str, &[u64], bool); 4] =
        [("none", &[], false), ("one", &[0], false), ("two", &[0, 400], true), ("later", &[0, 400, 1_000], false)];
    for (name, times, is_behind) in ends {
        let journal = FileJournal::open(folder.path().join(name)).unwrap();
        for (index, milliseconds) in times.iter().enumerate() {
            let at = SystemTime::UNIX_EPOCH + Duration::from_millis(*milliseconds);
            journal.record_allocation(&allocation(&format!("{name} {index}"), at.into())).unwrap();
        }
        assert_eq!(journal.state().is_behind, is_behind, "{name}");
        // This one cannot be synchronised.
        journal.state().file = File::open("/dev/null").unwrap();
        let warnings = Arc::default();
        tracing::subscriber::with_default(Warnings(Arc::clone(&warnings)), || drop(journal));
        assert_eq!(warnings.load(std::sync::atomic::Ordering::Relaxed), usize::from(is_behind), "{name}");
    }
}

#[test]
fn a_journal_that_is_synchronised_has_nothing_to_lose_and_takes_nothing_more_after_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path().join("intents")).unwrap();
    journal.record_allocation(&allocation("Sol", now())).unwrap();
    journal.record_allocation(&allocation("Mar", now())).unwrap();
    journal.synchronise().unwrap();
    assert!(!journal.state().is_behind);

    journal.record_allocation(&allocation("Luz", now())).unwrap();
    journal.state().file = File::open("/dev/null").unwrap();
    assert!(journal.synchronise().unwrap_err().is_io());
    let error = journal.record_allocation(&allocation("Ola", now())).unwrap_err();
    assert!(error.to_string().ends_with("open the journal anew before going on"), "{error}");
}

#[test]
fn a_device_is_no_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    let error = FileJournal::open(&path).unwrap_err();
    assert!(error.to_string().ends_with("it is not a regular file"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_was_removed_takes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let journal = FileJournal::open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let error = journal.record_intent(&intent("Sol")).unwrap_err();
    assert!(error.to_string().ends_with("the file was removed or moved while it was open"), "{error}");
    let error = journal.record_intent(&intent("Mar")).unwrap_err();
    assert!(error.to_string().ends_with("open the journal anew before going on"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_was_moved_or_replaced_takes_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let journal = FileJournal::open(&path).unwrap();
    fs::rename(&path, folder.path().join("moved")).unwrap();
    let error = journal.record_intent(&intent("Sol")).unwrap_err();
    assert!(error.to_string().ends_with("the file was removed or moved while it was open"), "{error}");
    drop(journal);

    let journal = FileJournal::open(&path).unwrap();
    fs::rename(&path, folder.path().join("moved again")).unwrap();
    fs::write(&path, "").unwrap();
    assert!(journal.record_intent(&intent("Sol")).is_err());
}

#[test]
fn a_torn_record_is_kept_beside_the_journal_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    FileJournal::open(&path).unwrap().record_intent(&intent("Sol")).unwrap();
    let whole = fs::read(&path).unwrap();
    assert_eq!(FileJournal::open(&path).unwrap().torn(), None);

    for (number, torn) in
        [r#"{"line":2,"record":{"intent":{"inte"#, r#"{"line":2,"record":{"outcome"#].iter().enumerate()
    {
        fs::write(&path, [&whole[..], torn.as_bytes()].concat()).unwrap();
        let journal = FileJournal::open(&path).unwrap();
        let found = journal.torn().unwrap();
        assert_eq!((found.line, found.text.as_str(), found.is_intent), (2, *torn, number == 0));
        assert!(fs::read_to_string(&found.kept_in).unwrap().ends_with(&format!("{torn}\n")), "{found}");
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    assert_eq!(
        fs::read_to_string(folder.path().join("intents.torn")).unwrap().lines().count(),
        2,
        "none is overwritten"
    );
}

#[test]
fn a_journal_whose_lock_was_removed_is_locked_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intents");
    let journal = FileJournal::open(&path).unwrap();
    fs::remove_file(folder.path().join("intents.lock")).unwrap();
    assert!(FileJournal::open(&path).unwrap_err().is_locked());
    drop(journal);
    assert!(FileJournal::open(&path).is_ok());
}
