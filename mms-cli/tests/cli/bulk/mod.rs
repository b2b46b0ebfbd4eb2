//! Tables: many children in one command.

mod allocate;
mod create;
#[cfg(unix)]
mod interrupted;
#[cfg(target_os = "linux")]
mod killed;
mod question;

use crate::support::world::World;

/// Titles of a table of new children.
const TITLES: &str = "name,owner_name,owner_email,region,country,credits\n";

/// Returns a row of such a table.
fn row(name: &str) -> String {
    format!("{name},Ada,ada@agency.example,EU,CZ,10000\n")
}

/// Writes a table of new children.
fn write(world: &World, names: &[&str]) {
    world.write("new.csv", &(TITLES.to_owned() + &names.iter().map(|name| row(name)).collect::<String>()));
}

/// Reads the outcomes of a report, in its order.
fn outcomes(world: &World) -> Vec<String> {
    let report = std::fs::read_to_string(world.path("report.csv")).unwrap();
    report.lines().skip(1).map(|line| line.split(',').nth(3).unwrap().to_owned()).collect()
}
