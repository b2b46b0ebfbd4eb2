//! Ctrl-C in the middle of a table: what is under way is finished, and the rest is told.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::channel;

use super::{outcomes, write};
use crate::support::fake_make::{Distributor, FakeMake};
use crate::support::world::World;

#[test]
fn an_interrupted_table_finishes_what_is_under_way_and_goes_on_when_it_is_run_again() {
    let (sender, begun) = channel();
    let (go_on, may_go_on) = channel::<()>();
    let may_go_on = Mutex::new(may_go_on);
    let server = FakeMake::with_state(Distributor::new(), move |distributor, request, body| {
        sender.send(()).unwrap();
        // Later ones find the sender gone.
        let _ = may_go_on.lock().unwrap().recv();
        distributor.apply(request, body)
    });
    let world = World::of(&server);
    write(&world, &["Acme", "Luna", "Sol", "Terra"]);
    let mut command = world.command(&["child", "create", "--from=new.csv", "--report=report.csv", "--yes"]);
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();

    begun.recv().unwrap();
    assert!(Command::new("kill").args(["-INT", &process.id().to_string()]).status().unwrap().success());
    let mut told = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Interrupted: what is under way is finished") {
        line.clear();
        assert!(told.read_line(&mut line).unwrap() > 0, "it ended");
    }
    drop(go_on);

    let rest = told.lines().map(Result::unwrap).collect::<Vec<_>>().join("\n");
    assert_eq!(process.wait().unwrap().code(), Some(130), "{rest}");
    assert!(rest.contains("error: interrupted: 2 steps not begun"), "{rest}");
    assert_eq!(outcomes(&world), ["existed", "created", "not_begun", "not_begun"]);
    assert_eq!(server.requests("POST").len(), 1);
    assert_eq!(world.run_line("child create --from new.csv --yes -q").code, 0);
    assert_eq!(server.requests("POST").len(), 3);
}
