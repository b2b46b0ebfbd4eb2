//! Children that somebody renames in Make: what plan and import say of an entry that may be one, and that none is created twice.

use insta::assert_snapshot;
use rusqlite::Connection;

use super::text;
use crate::support::world::World;

/// Returns a user with a fleet and a sandbox.
fn with_fleet(fleet: &str) -> World {
    let world = World::new();
    assert_eq!(world.run_line("--sandbox child list -q").code, 0);
    world.write("fleet.yaml", fleet);
    world
}

fn sandbox(world: &World) -> Connection {
    Connection::open(world.path("data/mms/sandbox.db")).unwrap()
}

/// Renames a child as somebody does in Make.
fn rename(world: &World, id: u64, name: &str) {
    let renamed = sandbox(world).execute("UPDATE child SET name = ?2 WHERE id = ?1", (id, name)).unwrap();
    assert_eq!(renamed, 1);
}

fn children(world: &World) -> u64 {
    sandbox(world).query_one("SELECT count(*) FROM child", (), |row| row.get(0)).unwrap()
}

const HEAD: &str = "format: 1\norganization: 11\ndefaults: {region: EU, country: GB, owner: {email: ada@acme.example, name: \
                    Ada}}\nchildren:\n";
const OTHERS: &str = "  Borealis Travel: {id: 102}\n  Cobalt Dental: {id: 103}\n";

#[test]
fn an_import_leaves_out_what_an_entry_without_an_id_may_be_so_that_no_apply_creates_it_again() {
    let fleet = format!("{HEAD}{OTHERS}  Acme Bakery Ltd: {{credits: 10000}}\n");
    let world = with_fleet(&fleet);

    assert_snapshot!(world.run_line("--sandbox import"), @r#"
    exit: 0
    ----- stdout -----
    OUTCOME  NAME          ID  DETAIL
    skipped  Acme Bakery  101  it may be the entry "Acme Bakery Ltd" by another name: write id: 101 there if it is, else id: new
    ----- stderr -----
    fleet.yaml was not written: what is missing has to be written by hand.
    "#);
    assert_eq!(text(&world, "fleet.yaml"), fleet);
    let seen = world.run_line("--sandbox import --check");
    assert!(seen.code == 3 && seen.stderr.contains("1 left out"), "{seen}");
    let seen = world.run_line("--sandbox apply --yes");
    assert!(seen.code == 1 && seen.stderr.contains("write the id of 101 \"Acme Bakery\" if it is"), "{seen}");

    world.write("fleet.yaml", &fleet.replace("{credits: 10000}", "{id: 101, credits: 10000}"));
    assert_eq!(world.run_line("--sandbox apply --yes").code, 0);
    assert_eq!(children(&world), 3);

    world.write("fleet.yaml", &fleet.replace("{credits: 10000}", "{id: new, credits: 10000}"));
    let seen = world.run_line("--sandbox import");
    assert!(seen.code == 0 && seen.stderr.contains("fleet.yaml was changed: 1 added."), "{seen}");
}

#[test]
fn an_import_binds_a_new_child_that_a_saved_plan_created() {
    let fleet = format!("{HEAD}{OTHERS}  Acme Bakery: {{id: 101}}\n  Dorado: {{id: new, credits: 10000}}\n");
    let world = with_fleet(&fleet);
    assert_eq!(world.run_line("--sandbox plan --out plan.json").code, 0);
    // As where the plan is applied without its files.
    std::fs::remove_file(world.path("fleet.yaml")).unwrap();
    let seen = world.run_line("--sandbox apply plan.json --yes");
    assert!(seen.code == 0 && seen.stderr.contains("`mms --sandbox import` writes the ids"), "{seen}");

    world.write("fleet.yaml", &fleet);
    let seen = world.run_line("--sandbox import");
    assert!(seen.code == 0 && seen.stderr.contains("fleet.yaml was changed: 1 bound."), "{seen}");
    assert!(text(&world, "fleet.yaml").contains("  Dorado: {id: 1001, credits: 10000}\n"));
    rename(&world, 1001, "Dorado Inc");
    let seen = world.run_line("--sandbox apply --yes");
    assert!(seen.code == 0 && children(&world) == 4, "{seen}");
}

#[test]
fn a_child_that_this_machine_created_is_not_created_again_after_a_rename_whatever_its_entry_says() {
    let entry = |id: &str| format!("{HEAD}{OTHERS}  Acme Bakery: {{id: 101}}\n  Dorado: {{{id}credits: 10000}}\n");
    let world = with_fleet(&entry("id: new, "));
    assert_eq!(world.run_line("--sandbox apply --yes").code, 0);
    rename(&world, 1001, "Foods of Prague");

    for id in ["id: new, ", ""] {
        world.write("fleet.yaml", &entry(id));
        let seen = world.run_line("--sandbox apply --yes");
        let says = "it was created before from this machine as 1001, which is called \"Foods of Prague\" in Make: write `id: 1001`";
        assert!(seen.code == 1 && seen.stderr.contains(says), "{seen}");
        let seen = world.run_line("--sandbox import");
        let says = "this machine created it as \"Dorado\": write id: 1001 at that entry";
        assert!(seen.code == 0 && seen.stdout.contains(says), "{seen}");

        world.write("fleet.yaml", &format!("{}  Foods of Prague: {{id: 1001}}\n", entry(id)));
        let seen = world.run_line("--sandbox apply --yes");
        let says = "and the entry \"Foods of Prague\" has its id: remove one of the two entries";
        assert!(seen.code == 1 && seen.stderr.contains(says), "{seen}");
        assert!(world.run_line("--sandbox plan").stdout.contains("Plan      nothing to write"));
    }
    assert_eq!(children(&world), 4);
}

#[test]
fn a_wrong_country_hides_no_rename_and_a_child_that_is_given_up_is_not_called_gone() {
    let known = "  Acme Bakery: {id: 101}\n  Borealis Travel: {id: 102}\n";
    let world = with_fleet(&format!("{HEAD}{known}  Cobalt Dental: {{country: DE, credits: 100000}}\n"));
    rename(&world, 103, "Cobalt Dental Inc");
    let seen = world.run_line("--sandbox apply --yes");
    assert!(seen.code == 1 && seen.stderr.contains("write the id of 103 \"Cobalt Dental Inc\" if it is"), "{seen}");

    world.write("fleet.yaml", &format!("{HEAD}{known}  Cobalt Dental: {{retired: true}}\n"));
    let seen = world.run_line("--sandbox apply --yes");
    let says = "it is given up, and may be a child of another name in Make: write the id of 103 \"Cobalt Dental Inc\" if it is, \
                else remove the entry";
    assert!(seen.code == 1 && seen.stderr.contains(says), "{seen}");
    let seen = world.run_line("--sandbox import");
    let says = "it may be the entry \"Cobalt Dental\", which is given up, by another name: write id: 103 there";
    assert!(seen.code == 0 && seen.stdout.contains(says), "{seen}");
    assert_eq!(children(&world), 3);
}
