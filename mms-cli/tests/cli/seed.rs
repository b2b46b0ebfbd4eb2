//! Seeds of `mms sandbox serve`: files and pipes, and signals while one is read.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use insta::assert_snapshot;

use crate::support::server::Server;
use crate::support::world::World;

const SEED: &str = "distributors: [{organizationId: 7, operations: 30000, tokens: [{token: seven, scopes: []}]}]\n";

/// Makes a pipe with a name.
fn pipe(world: &World) -> PathBuf {
    let path = world.path("seed.pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// Starts a sandbox with a seed, and does not wait for what it prints.
fn serve(world: &World, seed: &str) -> Child {
    let mut command = world.command(&["sandbox", "serve", "--listen", "127.0.0.1:0", "--quiet", "--seed", seed]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Sends a signal, and expects that it ends the process as it ends one that serves.
fn ends_well(process: Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &process.id().to_string()]).status().unwrap().success());
    let output = process.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{signal}: {output:?}");
    assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{signal}: {output:?}");
}

#[test]
fn a_pipe_is_read_like_a_file() {
    let world = World::new();
    let path = pipe(&world);
    let writer = thread::spawn(move || fs::write(path, SEED).unwrap());

    let server = Server::start(&world, &["--seed", "seed.pipe"]);

    assert_eq!((&server.printed["organizationId"], &server.printed["token"]), (&7.into(), &"seven".into()));
    writer.join().unwrap();
}

#[test]
fn the_token_that_is_printed_of_a_seed_without_one_is_accepted() {
    let world = World::new();
    world.write("seed.yaml", "distributors: [{organizationId: 7, operations: 30000}]\n");
    let server = Server::start(&world, &["--seed", "seed.yaml"]);

    let list = server.world().run_line("child list --organization-id 7");

    assert_eq!(list.code, 0, "{list}");
}

#[test]
fn standard_input_is_read_like_a_file_where_it_is_a_pipe() {
    let mut process = serve(&World::new(), "/dev/stdin");
    process.stdin.take().unwrap().write_all(SEED.as_bytes()).unwrap();

    let mut printed = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);

    assert!(printed.any(|line| line.contains("seven")));
    ends_well(process, "-TERM");
}

#[test]
fn a_signal_ends_it_while_a_pipe_is_open_and_says_nothing() {
    for signal in ["-INT", "-TERM"] {
        let world = World::new();
        let path = pipe(&world);
        let process = serve(&world, "seed.pipe");
        // Opened as soon as the other end is.
        let _writer: File = OpenOptions::new().write(true).open(path).unwrap();

        ends_well(process, signal);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_it_while_it_waits_for_a_pipe_that_nobody_writes() {
    for signal in ["-INT", "-TERM"] {
        let world = World::new();
        pipe(&world);
        let process = serve(&world, "seed.pipe");
        while !has_thread(&process, "mms-sandbox-see") {
            thread::yield_now();
        }

        ends_well(process, signal);
    }
}

/// Says whether a process has a thread of this name, of which the system keeps 15 bytes.
#[cfg(target_os = "linux")]
fn has_thread(process: &Child, name: &str) -> bool {
    let threads = fs::read_dir(format!("/proc/{}/task", process.id())).unwrap();
    // A thread may have ended since it was listed.
    let names = threads.filter_map(|thread| fs::read_to_string(thread.unwrap().path().join("comm")).ok());
    names.into_iter().any(|found| found.trim_end() == name)
}

#[test]
fn what_is_neither_a_file_nor_a_pipe_is_refused() {
    let world = World::new();
    fs::create_dir(world.path("folder")).unwrap();
    let run = |seed: &str| world.run(&["sandbox", "serve", "--listen", "127.0.0.1:0", "--seed", seed]);

    assert_snapshot!(run("/dev/zero"), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: cannot read the seed /dev/zero: it is a device or a socket: a seed is a regular file or a pipe
    "#);
    assert_snapshot!(run("folder"), @r#"
    exit: 2
    ----- stdout -----
    ----- stderr -----
    error: cannot read the seed folder: it is a folder: a seed is a regular file or a pipe
    "#);
}
