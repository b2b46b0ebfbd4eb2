//! Steps of the workflow that docs/fleet.md shows, as a shell runs them.

use std::path::Path;
use std::process::Command;

use super::{edit, imported, text};
use crate::support::world::{Seen, World};

/// Returns the script of a step, by its name.
fn script(step: &str) -> String {
    let document = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/fleet.md")).unwrap();
    let step = document.split(&format!("- name: {step}\n")).nth(1).unwrap();
    let lines = step.split("run: |\n").nth(1).unwrap().lines();
    lines.take_while(|line| line.starts_with("          ")).map(|line| line[10..].to_owned() + "\n").collect()
}

/// Runs a script as GitHub does, with `mms` at a sandbox.
fn run(world: &World, folder: &str, script: &str) -> Seen {
    let mms = format!("mms() {{ '{}' --sandbox \"$@\"; }}; {script}", env!("CARGO_BIN_EXE_mms"));
    let mut shell = Command::new("bash");
    shell.args(["-e", "-c", &mms]).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", world.path(""));
    shell.env("XDG_DATA_HOME", world.path("data")).env("GITHUB_OUTPUT", world.path("output"));
    world.seen(shell.current_dir(world.path(folder)))
}

#[test]
fn the_comment_has_the_plan_or_every_mistake_and_the_job_fails_after_it() {
    let world = imported();
    let seen = run(&world, "", &script("Plan"));
    assert_eq!((seen.code, text(&world, "output").as_str()), (0, "code=0\n"), "{seen}");
    assert!(text(&world, "plan.md").contains("Nothing to change"));

    edit(&world, "credits: 10000", "credits: 10001");
    edit(&world, "credits: 50000", "credit: 50000");
    std::fs::remove_file(world.path("output")).unwrap();
    let seen = run(&world, "", &script("Plan"));
    assert_eq!((seen.code, text(&world, "output").as_str()), (0, "code=2\n"), "{seen}");
    let comment = text(&world, "plan.md");
    for mistake in
        ["```text\nerror: the fleet has 2 mistakes", "credits 10001 is not a multiple", "did you mean credits?"]
    {
        assert!(comment.contains(mistake), "{comment}");
    }
}

#[test]
fn ids_are_pushed_on_top_of_what_was_merged_meanwhile() {
    let world = World::new();
    let seen = run(
        &world,
        "",
        "git init -q --bare -b main up && git clone -q up one 2> /dev/null && cd one && git config user.name ada \
         && git config user.email ada@agency.example && printf 'Sol:\\n  credits: 1\\n\\n\\n\\n\\nLuna: {}\\n' > fleet.yaml \
         && git add . && git commit -qm one && git push -q origin HEAD:main && cd .. && git clone -q up two && cd one \
         && echo 'Io: {}' >> fleet.yaml && git commit -qam merged && git push -q origin HEAD:main && cd ../two \
         && sed -i '1a\\  id: 101' fleet.yaml",
    );
    assert_eq!(seen.code, 0, "{seen}");
    let seen = run(&world, "two", &script("Commit the ids of new children"));
    assert_eq!(seen.code, 0, "{seen}");
    let seen = run(&world, "one", "git pull -q origin main && cat fleet.yaml");
    assert!(seen.stdout.contains("id: 101") && seen.stdout.contains("Io: {}"), "{seen}");
}
