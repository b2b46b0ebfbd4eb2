//! Tests of the send log in a file: what several processes see of each other, and what a broken file costs.

use tempfile::TempDir;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

struct World {
    directory: TempDir,
    log: FileSendLog,
    key: SendLogKey,
    now: SystemTime,
}

impl World {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let log = FileSendLog::new(directory.path().join("state/pace"));
        let key = SendLogKey { base_url: "https://eu1.make.com/api/v2".to_owned(), organization_id: "11".parse().ok() };
        // Whole milliseconds, as they are written.
        Self { directory, log, key, now: SystemTime::UNIX_EPOCH + Duration::from_millis(1_793_491_200_123) }
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("state/pace/https_3a_2f_2feu1.make.com_2fapi_2fv2_11.sent")
    }

    fn append(&self, ago: u32, sender: u64) -> Sent {
        let sent = Sent::Request { at: self.now - SECOND * ago, sender };
        self.log.exchange(&self.key, self.now, wall(self.now), &mut |_| Some(sent)).unwrap();
        sent
    }

    fn load(&self) -> Vec<Sent> {
        load(&self.log, &self.key, self.now).unwrap()
    }
}

/// Returns a time of which the wall clock alone is known.
fn wall(wall: SystemTime) -> LogTime {
    LogTime { wall, since_boot: None }
}

/// Reads what is of use, and adds nothing.
fn load(log: &FileSendLog, key: &SendLogKey, now: SystemTime) -> io::Result<Vec<Sent>> {
    let mut found = Vec::new();
    log.exchange(key, now - MEMORY, wall(now), &mut |sent| {
        found = sent.to_vec();
        None
    })?;
    Ok(found)
}

#[test]
fn what_was_written_is_read_by_another_and_what_is_too_old_is_not() {
    let world = World::new();
    assert_eq!(world.load(), []);
    world.append(121, 1);
    let sent = [world.append(119, 1), world.append(3, u64::MAX), world.append(0, 0)];
    let another = FileSendLog::new(world.directory.path().join("state/pace"));
    assert_eq!(load(&another, &world.key, world.now).unwrap(), sent);
}

#[test]
fn every_root_and_organization_has_a_file_of_its_own() {
    let world = World::new();
    world.append(0, 1);
    for (base_url, organization_id) in [
        ("https://eu1.make.com/api/v2", "12".parse().ok()),
        ("https://eu2.make.com/api/v2", "11".parse().ok()),
        ("https://eu1.make.com/api_2fv2", "11".parse().ok()),
    ] {
        let key = SendLogKey { base_url: base_url.to_owned(), organization_id };
        assert_eq!(load(&world.log, &key, world.now).unwrap(), [], "{key:?}");
    }
}

#[test]
fn a_damaged_file_says_so_to_everyone_from_then_on() {
    for damage in [&b"\xff\xfe"[..], b"soon 0000000000000001\n", b"1793491200123 1\n", b"1793491200123", b"\n\n"] {
        let world = World::new();
        world.append(3, 1);
        let mut bytes = fs::read(world.file()).unwrap();
        bytes.extend_from_slice(damage);
        fs::write(world.file(), bytes).unwrap();

        let found = world.load();
        assert!(matches!(found[..], [Sent::Unknown { .. }]), "{damage:?}: {found:?}");
        assert_eq!(world.load().len(), 1, "the file is whole again");
        world.append(0, 2);
        assert_eq!(world.load().len(), 2, "and goes on");
    }
}

#[test]
fn a_torn_last_line_is_damage_at_every_byte() {
    let world = World::new();
    world.append(3, 1);
    let whole = fs::read(world.file()).unwrap();
    for length in 1..whole.len() {
        fs::write(world.file(), &whole[..length]).unwrap();
        assert!(matches!(world.load()[..], [Sent::Unknown { .. }]), "{length} bytes");
    }
}

#[test]
fn a_long_file_is_cut_to_what_is_of_use() {
    let world = World::new();
    let sent: String = (0..10_000_u32)
        .map(|number| Sent::Request { at: world.now - SECOND * (10_000 - number), sender: 1 })
        .map(|sent| text(&Line { sent, since_boot: None }))
        .collect();
    world.append(0, 1);
    fs::write(world.file(), sent).unwrap();
    assert_eq!(world.load().len(), 120);
    assert!(fs::metadata(world.file()).unwrap().len() < 10_000);
    assert_eq!(world.load().len(), 120);
}

#[cfg(unix)]
#[test]
fn the_log_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let world = World::new();
    world.append(0, 1);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&world.file()), mode(world.file().parent().unwrap())), (0o600, 0o700));
}

#[test]
fn a_directory_that_cannot_be_made_is_an_error_and_not_a_panic() {
    let world = World::new();
    fs::write(world.directory.path().join("file"), "").unwrap();
    let log = FileSendLog::new(world.directory.path().join("file/pace"));
    assert!(load(&log, &world.key, world.now).is_err());
}

#[test]
fn a_refusal_is_read_by_another_with_its_end() {
    let world = World::new();
    let refused = Sent::Refused { at: world.now, sender: 7, until: world.now + SECOND * 60 };
    world.log.exchange(&world.key, world.now, wall(world.now), &mut |_| Some(refused)).unwrap();
    assert_eq!(world.load(), [refused]);
}

#[test]
fn a_line_from_the_future_is_one_of_now_from_then_on() {
    let mut world = World::new();
    world.now += SECOND * 3_600;
    world.append(0, 1);
    world.now -= SECOND * 3_600;
    let now = world.now;
    assert_eq!(world.load(), [Sent::Request { at: now, sender: 1 }]);
    world.now += SECOND * 60;
    assert_eq!(world.load(), [Sent::Request { at: now, sender: 1 }]);
}

#[test]
fn a_lock_that_is_not_given_back_is_an_error_and_no_endless_wait() {
    let world = World::new();
    world.append(0, 1);
    let holder = options().open(world.file()).unwrap();
    holder.lock().unwrap();
    assert_eq!(load(&world.log, &world.key, world.now).unwrap_err().kind(), io::ErrorKind::WouldBlock);
}

#[test]
fn what_names_no_organization_counts_for_every_one_of_its_root_and_once() {
    let world = World::new();
    let key = |organization_id: &str, root: &str| SendLogKey {
        base_url: format!("https://{root}.make.com/api/v2"),
        organization_id: organization_id.parse().ok(),
    };
    let note =
        |key: &SendLogKey, sent| world.log.exchange(key, world.now, wall(world.now), &mut |_| Some(sent)).unwrap();
    let load = |key: &SendLogKey| load(&world.log, key, world.now).unwrap();
    let request = |sender| Sent::Request { at: world.now, sender };
    // Noted under its own organization, too.
    note(&key("11", "eu1"), request(1));
    note(&key("none", "eu1"), request(1));
    note(&key("none", "eu1"), request(2));
    note(&key("none", "eu1"), request(3));
    note(&key("none", "eu1"), Sent::Unsent { at: world.now, sender: 3 });
    for (organization_id, root, expected) in [("11", "eu1", 2), ("12", "eu1", 2), ("none", "eu1", 2), ("11", "eu2", 0)]
    {
        assert_eq!(load(&key(organization_id, root)).len(), expected, "{organization_id} {root}");
    }
    for sender in 10..20 {
        note(&key("12", "eu1"), request(sender));
    }
    assert_eq!(load(&key("none", "eu1")).len(), 12, "beside the busiest organization");
    assert_eq!(load(&key("11", "eu1")).len(), 2);
}

#[test]
fn a_clock_that_was_set_forward_makes_nothing_old_that_was_sent_since_the_machine_was_started() {
    let world = World::new();
    let note = |at: LogTime| {
        let sent = Sent::Request { at: at.wall, sender: 1 };
        world.log.exchange(&world.key, at.wall, at, &mut |_| Some(sent)).unwrap();
    };
    let start = LogTime { wall: world.now, since_boot: Some(SECOND * 500) };
    note(start);
    let later = LogTime { wall: world.now + SECOND * 3_610, since_boot: Some(SECOND * 510) };
    for since_boot in [10, 60] {
        let now =
            LogTime { wall: later.wall + SECOND * (since_boot - 10), since_boot: Some(SECOND * (500 + since_boot)) };
        let mut ages = Vec::new();
        let show = &mut |sent: &[Sent]| {
            ages.extend(sent.iter().map(|sent| now.wall.duration_since(sent.at()).unwrap()));
            None
        };
        world.log.exchange(&world.key, now.wall - MEMORY, now, show).unwrap();
        assert_eq!(ages, [SECOND * since_boot]);
    }
    // After a restart the wall clock is all there is, and it was set back to what it should be.
    let restarted = LogTime { wall: world.now + SECOND * 700, since_boot: Some(SECOND * 20) };
    let mut shown = 0;
    let count = &mut |sent: &[Sent]| {
        shown = sent.len();
        None
    };
    world.log.exchange(&world.key, restarted.wall - MEMORY, restarted, count).unwrap();
    assert_eq!(shown, 1, "a line in the future is one of now");
}
