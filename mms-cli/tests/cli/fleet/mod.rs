//! A fleet in files: what is written into them, planned by them, and saved.

mod apply;
mod import;
mod killed_apply;
mod markdown;
mod plan;
mod renames;
mod saved;
#[cfg(target_os = "linux")]
mod workflow;

use crate::support::world::World;

/// Returns a world whose sandbox is in fleet.yaml.
fn imported() -> World {
    let world = World::new();
    let seen = world.run_line("--sandbox import -q");
    assert_eq!(seen.code, 0, "{seen}");
    world
}

/// Returns the text of a file.
fn text(world: &World, file: &str) -> String {
    std::fs::read_to_string(world.path(file)).unwrap()
}

/// Replaces a part of fleet.yaml, which is there.
fn edit(world: &World, from: &str, to: &str) {
    let fleet = text(world, "fleet.yaml");
    assert!(fleet.contains(from), "{fleet}");
    world.write("fleet.yaml", &fleet.replacen(from, to, 1));
}

/// Adds entries to fleet.yaml.
fn add(world: &World, entries: &str) {
    world.write("fleet.yaml", &(text(world, "fleet.yaml") + entries));
}
