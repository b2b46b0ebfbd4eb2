//! More than ten organizations for ever: a person types their number, and a script states it.

use super::{outcomes, write};
use crate::support::world::World;

fn table(world: &World, count: usize) {
    let names: Vec<_> = (1..=count).map(|number| format!("Client {number}")).collect();
    write(world, &names.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_script_states_the_number_and_may_be_run_again_as_it_is() {
    let world = World::new();
    table(&world, 12);
    let run = |more: &str| {
        world.run_line(&format!("--sandbox child create --from new.csv --report report.csv --yes -q {more}"))
    };

    let silent = run("");
    assert!(silent.code == 1 && silent.stderr.contains("with --yes, add --creates 12"), "{silent}");
    let wrong = run("--creates 11");
    assert!(
        wrong.code == 1 && wrong.stderr.contains("12 organizations would be created, and --creates says 11"),
        "{wrong}"
    );
    assert_eq!(run("--creates 12").code, 0);
    assert_eq!(outcomes(&world), ["created"; 12]);
    assert_eq!(run("--creates 12").code, 0);
    assert_eq!(outcomes(&world), ["existed"; 12]);
    table(&world, 24);
    assert_eq!(run("--creates 13").code, 1);
    assert_eq!(run("--creates 24").code, 0, "twelve are new, and twelve were made before");
}

#[test]
fn another_number_than_the_stated_one_is_refused_however_few_there_are() {
    let world = World::new();
    table(&world, 2);
    for more in ["--yes", "--dry-run"] {
        let wrong = world.run_line(&format!("--sandbox child create --from new.csv -q {more} --creates 5"));
        let says = "2 organizations would be created, and --creates says 5";
        assert!(wrong.code == 1 && wrong.stderr.contains(says), "{more}: {wrong}");
    }
    assert_eq!(world.run_line("--sandbox child create --from new.csv --yes -q --creates 2").code, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_person_types_the_number() {
    use crate::support::terminal;

    let world = World::new();
    table(&world, 11);
    let command = "--sandbox child create --from new.csv --report report.csv";

    for wrong in ["y\n", "12\n", "\n"] {
        let refused = terminal::run(&world, command, &[("Type the number of new organizations, 11", wrong)]);
        assert!(refused.code == 1 && refused.screen.contains("not confirmed: nothing was done"), "{refused:?}");
    }
    let done = terminal::run(&world, command, &[("Type the number of new organizations, 11", "11\n")]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(outcomes(&world), ["created"; 11]);
}
