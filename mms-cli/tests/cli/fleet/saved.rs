//! Saved plans: `mms plan --out` and `mms plan show`.

use mms_fleet::{Observed, Origin, Plan, PlanOptions, SavedPlan};
use mms_types::OrganizationId;

use super::{add, edit, imported, text};
use crate::support::world::World;

/// Returns a world with a saved plan.
fn saved() -> World {
    let world = imported();
    edit(&world, "credits: 50000", "credits: 60000");
    let seen = world.run_line("--sandbox plan --out plan.json");
    assert_eq!(seen.code, 0, "{seen}");
    world
}

#[test]
fn a_saved_plan_is_shown_without_its_server() {
    let world = saved();
    std::fs::remove_dir_all(world.path("data")).unwrap();

    let seen = world.run_line("plan show plan.json");

    assert!(seen.code == 0 && seen.stdout.contains("Plan for SANDBOX") && seen.stdout.contains("good until"), "{seen}");
    assert!(seen.stdout.contains("Borealis Travel  102  50,000  →  60,000  +10,000"), "{seen}");
    assert!(!world.path("data").exists(), "no sandbox is begun");
    let behind_a_flag = world.run_line("plan --sandbox show plan.json");
    assert_eq!(behind_a_flag.stdout, seen.stdout);
}

#[cfg(unix)]
#[test]
fn a_saved_plan_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let world = saved();
    assert_eq!(std::fs::metadata(world.path("plan.json")).unwrap().permissions().mode() & 0o777, 0o600);
    let beside: Vec<_> = std::fs::read_dir(world.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        !beside.iter().any(|name| name.to_string_lossy().starts_with("plan.") && name != "plan.json"),
        "{beside:?}"
    );
}

#[test]
fn each_saved_plan_has_an_id_of_its_own_and_a_time_until_which_it_is_good() {
    let world = saved();
    let first = SavedPlan::read(&text(&world, "plan.json")).unwrap();
    assert_eq!(world.run_line("--sandbox plan --out plan.json --expires 90m").code, 0);
    let second = SavedPlan::read(&text(&world, "plan.json")).unwrap();

    assert_ne!(first.origin.id, second.origin.id);
    let minutes = |plan: &SavedPlan| plan.origin.expires_at.duration_since(plan.origin.created_at).as_secs() / 60;
    assert_eq!((minutes(&first), minutes(&second)), (24 * 60, 90));
    assert!(first.origin.place.starts_with("sandbox /"), "{}", first.origin.place);
    assert_eq!(first.origin.files, ["fleet.yaml"]);
}

#[test]
fn a_plan_that_is_expired_is_shown_and_says_so() {
    let observed = Observed { is_complete: true, ..Observed::default() };
    let plan = Plan::undo(&[], &observed, &PlanOptions::default());
    let origin = Origin {
        id: "7f3a".to_owned(),
        created_at: "2026-01-01T10:00:00Z".parse().unwrap(),
        expires_at: "2026-01-02T10:00:00Z".parse().unwrap(),
        place: "https://eu1.make.com/api/v2".to_owned(),
        organization_id: OrganizationId::new(11),
        files: Vec::new(),
    };
    let world = World::new();
    let plan = SavedPlan::new(plan, origin, None, &observed).unwrap();
    world.write("plan.json", &plan.to_json().unwrap());

    insta::assert_snapshot!(world.run_line("plan show plan.json"), @"
    exit: 0
    ----- stdout -----
    Nothing to change on LIVE https://eu1.make.com/api/v2, distributor 11: 0 children are as they should be
    Saved     plan.json, plan 7f3a, EXPIRED at [TIME]
    Made      [TIME] by mms [VERSION]
    ----- stderr -----
    ");
    assert_eq!(world.run_line("plan show plan.json -o json").json()["saved"]["isExpired"], true);
}

#[test]
fn a_plan_of_an_older_file_is_refused_until_the_file_says_the_same_again() {
    let world = saved();
    edit(&world, "credits: 10000", "credits: 20000");
    let seen = world.run_line("--sandbox apply plan.json --yes");
    let says = "nothing was sent: fleet.yaml asks for something else than when the plan was made";
    assert!(seen.code == 1 && seen.stderr.contains(says) && seen.stderr.contains("make a new plan"), "{seen}");

    edit(&world, "credits: 20000", "credits: ten");
    let seen = world.run_line("--sandbox apply plan.json --yes");
    assert!(seen.code == 1 && seen.stderr.contains("cannot be now: fleet.yaml:"), "{seen}");

    edit(&world, "credits: ten", "credits: 10000 # as before");
    let seen = world.run_line("--sandbox apply plan.json --yes");
    assert!(seen.code == 0 && !seen.stderr.contains("has changed"), "{seen}");
}

#[test]
fn a_plan_is_applied_without_its_files_and_writes_the_ids_where_they_are() {
    let world = imported();
    add(
        &world,
        "  Dorado:\n    owner: {email: ada@dorado.example, name: Ada}\n    region: EU\n    country: CZ\n    credits: 20000\n",
    );
    assert_eq!(world.run_line("--sandbox plan --out plan.json").code, 0);
    assert_eq!(world.run_line("--sandbox child allocate 102 60000 --yes").code, 0);
    std::fs::create_dir(world.path("elsewhere")).unwrap();
    let seen = world.seen(
        world
            .command(&["--sandbox", "apply", "../plan.json", "--yes", "--dry-run"])
            .current_dir(world.path("elsewhere")),
    );
    let says = "Since the plan was made the distributor has changed, but nothing that the plan touches.";
    assert!(seen.code == 0 && seen.stderr.contains(says), "{seen}");

    let seen = world.run_line("--sandbox apply plan.json --yes");
    assert!(seen.code == 0 && seen.stderr.contains("Wrote 1 id"), "{seen}");
    assert!(text(&world, "fleet.yaml").contains("  Dorado:\n    id: 1001\n"));
    let again = world.run_line("--sandbox apply plan.json --yes");
    assert!(again.code == 1 && again.stderr.contains("good once"), "the id is no other fleet: {again}");
}

#[test]
fn a_plan_is_good_no_longer_than_the_fleet_asks_for_the_same() {
    let world = imported();
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::system()).date();
    edit(&world, "credits: 50000", &format!("credits: 60000\n    until: {today}\n    then: 50000"));
    let seen = world.run_line("--sandbox plan --out plan.json --expires 30d");
    assert!(seen.code == 0 && seen.stderr.contains("plan.json is good until the end of"), "{seen}");
    let plan = SavedPlan::read(&text(&world, "plan.json")).unwrap();
    let expires = plan.origin.expires_at.to_zoned_datetime(jiff::tz::TimeZone::system());
    assert_eq!(expires.date().yesterday().unwrap(), today);
    assert_eq!(expires.time(), jiff::civil::time(0, 0, 0, 0));
}

#[test]
fn a_plan_and_a_fleet_are_told_apart_by_what_is_in_them() {
    let world = saved();
    std::fs::copy(world.path("plan.json"), world.path("myplan")).unwrap();
    let fleet = r#"{"format": 1, "organization": 11, "children": {"Acme Bakery": {"id": 101, "credits": 30000}}}"#;
    world.write("f.json", fleet);

    let seen = world.run_line("--sandbox plan myplan");
    assert!(seen.code == 2 && seen.stderr.contains("`mms plan show myplan` shows it"), "{seen}");
    assert_eq!(world.run_line("plan show myplan").code, 0);
    let seen = world.run_line("plan show f.json");
    assert!(seen.code == 2 && seen.stderr.contains("this is no saved plan"), "{seen}");
    let seen = world.run_line("--sandbox apply fleet.yaml myplan --yes");
    assert!(seen.code == 2 && seen.stderr.contains("myplan is a saved plan, and more files are named"), "{seen}");

    let seen = world.run_line("--sandbox apply myplan --yes");
    assert!(seen.code == 0 && seen.stdout.contains("Borealis Travel"), "{seen}");
    let seen = world.run_line("--sandbox apply f.json --yes");
    assert!(seen.code == 0 && seen.stdout.contains("Acme Bakery"), "{seen}");
    let cut = text(&world, "myplan");
    world.write("cut.json", &cut[..cut.len() / 2]);
    let seen = world.run_line("--sandbox apply cut.json --yes");
    assert!(seen.code == 2 && seen.stderr.contains("this is no saved plan: EOF"), "{seen}");
}

#[test]
fn a_plan_that_was_changed_or_is_none_is_refused() {
    let world = saved();
    let plan = text(&world, "plan.json");
    for (file, text, says) in [
        ("changed.json", plan.replace("60000", "70000"), "was changed since it was saved"),
        ("format.json", plan.replacen("\"format\": 1", "\"format\": 9", 1), "has format 9"),
        ("none.json", "{}".to_owned(), "this is no saved plan"),
        ("empty.json", String::new(), "this is no saved plan"),
    ] {
        world.write(file, &text);
        let seen = world.run_line(&format!("plan show {file}"));
        assert!(seen.code == 2 && seen.stderr.contains(file) && seen.stderr.contains(says), "{seen}");
    }
    assert_eq!(world.run_line("plan show nowhere.json").code, 2);
}

#[test]
fn nothing_but_a_saved_plan_is_written_over() {
    let world = saved();
    for (file, text) in [("fleet.yaml", text(&world, "fleet.yaml")), ("notes.json", "{\"plan\": 1}".to_owned())] {
        world.write(file, &text);
        let seen = world.run_line(&format!("--sandbox plan --out {file}"));
        assert!(seen.code == 2 && seen.stderr.contains("something else than a saved plan"), "{seen}");
        assert_eq!(super::text(&world, file), text);
    }
    let seen = world.run_line("--sandbox plan --out nowhere/plan.json");
    assert!(seen.code == 2 && seen.stderr.contains("there is no folder nowhere"), "{seen}");
}

#[test]
fn a_plan_that_an_apply_refuses_is_shown_and_not_saved() {
    let world = saved();
    let before = text(&world, "plan.json");
    add(&world, "  Eiger: {credits: 10000}\n");

    let seen = world.run_line("--sandbox plan --out plan.json");

    assert!(seen.code == 1 && seen.stdout.contains("An apply refuses this: 1"), "{seen}");
    assert!(seen.stderr.contains("plan.json was not written: an apply refuses this plan, for a reason"), "{seen}");
    assert_eq!(text(&world, "plan.json"), before);
}

#[test]
fn a_saved_plan_takes_no_flag_of_a_new_one() {
    let world = saved();
    for flags in ["--exit-code", "--out other.json", "--partial", "--max-creates 3"] {
        let seen = world.run_line(&format!("plan {flags} show plan.json"));
        assert!(seen.code == 2 && seen.stderr.contains("a saved plan is as it is"), "{seen}");
    }
    assert_eq!(world.run_line("--sandbox plan --expires 3h").code, 2);
}
