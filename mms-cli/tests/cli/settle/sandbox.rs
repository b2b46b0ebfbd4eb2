//! Journals of sandboxes.

use super::*;

#[test]
fn a_sandbox_is_settled_under_another_address() {
    let world = World::new();
    let create = format!("--sandbox {CREATE}");
    assert_eq!(run(&world, &create).code, 0);
    let path = world.path("data/mms/sandbox.db.intents");
    let text = std::fs::read_to_string(&path).unwrap();
    // As if the command had died before the outcome was written down.
    std::fs::write(&path, text.split_inclusive('\n').next().unwrap()).unwrap();

    let seen = run(&world, &format!("--sandbox {SETTLE} -q -o csv"));

    assert_eq!(seen.code, 0, "{seen}");
    assert!(seen.stdout.contains(",Dorado,10000,") && seen.stdout.contains(",adopted,1001,"), "{seen}");
}

#[test]
fn a_sandbox_that_starts_afresh_has_no_creates() {
    let world = World::new();
    let create = format!("--sandbox {CREATE}");
    assert_eq!(run(&world, &create).code, 0);
    std::fs::remove_file(world.path("data/mms/sandbox.db")).unwrap();

    let again = run(&world, &create);

    assert_eq!(again.code, 0, "{again}");
    assert_eq!(FileJournal::open(world.path("data/mms/sandbox.db.intents")).unwrap().claims().unwrap().len(), 1);
}

#[test]
fn a_file_beside_a_sandbox_that_is_no_journal_is_left_alone() {
    let world = World::new();
    let letter = world.write("own.db.intents", "Dear Ada,\n");

    let seen = run(&world, "--sandbox=own.db child list");

    assert_eq!((seen.code, std::fs::read_to_string(&letter).unwrap().as_str()), (1, "Dear Ada,\n"), "{seen}");
    assert!(seen.stderr.contains("the record cannot be read"), "{seen}");
}
