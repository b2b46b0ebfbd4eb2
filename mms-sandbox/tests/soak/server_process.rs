//! Server process that is killed: this test binary, run again.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use std::{env, thread};

use mms_sandbox::types::{Behaviour, Limiter, SandboxState};
use mms_sandbox::{SEED_TOKEN, Sandbox};
use serde_json::json;
use tokio::runtime::Builder;

use crate::connection::Connection;

/// The operations of the first state, pool and children together: more than any load uses up.
pub(crate) const TOTAL: u64 = 1_000_000_000;

/// The file to serve. Set, it turns this binary into a server.
const FILE: &str = "MMS_SOAK_SERVE_FILE";

/// Set where the server is to be durable.
const DURABLE: &str = "MMS_SOAK_SERVE_DURABLE";

const CONTROL_TOKEN: &str = "soak";

/// What stands before the address in the line that says that the server is ready.
const READY: &str = "serving at http://";

/// How the sandbox makes writes durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Default,
    Durable,
}

/// A sandbox in a process of its own. Dropped, it dies by SIGKILL.
#[derive(Debug)]
pub(crate) struct ServerProcess {
    #[expect(dead_code, reason = "dropping it kills the process")]
    process: Process,
    address: SocketAddr,
}

impl ServerProcess {
    /// Starts a process on a file and waits until it serves.
    #[track_caller]
    pub(crate) fn start(file: &Path, mode: Mode) -> Self {
        let mut process = Process::spawn(file, mode);
        let address = process.address();
        Self { process, address }
    }

    /// Starts a process on a file and kills it so much later, wherever it may be.
    pub(crate) fn kill_while_opening(file: &Path, mode: Mode, after: Duration) {
        let process = Process::spawn(file, mode);
        thread::sleep(after);
        drop(process);
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::open(self.address, SEED_TOKEN).unwrap()
    }

    /// Returns everything that the sandbox keeps.
    pub(crate) fn state(&self) -> SandboxState {
        let mut connection = Connection::open(self.address, CONTROL_TOKEN).unwrap();
        let (status, body) = connection.exchange("GET", "/_sandbox/state", None).unwrap();
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }
}

#[derive(Debug)]
struct Process {
    child: Child,
    /// Kept open, because a process that cannot write to it would fail.
    output: BufReader<ChildStdout>,
}

impl Process {
    fn spawn(file: &Path, mode: Mode) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["--exact", "server_process::the_file_that_the_environment_names_is_served", "--nocapture"])
            .env(FILE, file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if mode == Mode::Durable {
            command.env(DURABLE, "1");
        }
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// Waits for the line that names the address.
    #[track_caller]
    fn address(&mut self) -> SocketAddr {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some((_, address)) = line.split_once(READY) {
                return address.trim_end().parse().unwrap();
            }
            line.clear();
        }
        panic!("the process ended before it served");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Serves until standard input ends, as it does when whoever started this is gone. A test in name only: see [`Process`].
#[test]
fn the_file_that_the_environment_names_is_served() {
    let Some(file) = env::var_os(FILE) else { return };
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut builder = Sandbox::builder()
        .data(file)
        .state(first_state())
        .behaviour(Behaviour { limiter: Limiter::Off, ..Behaviour::default() })
        .control_token(CONTROL_TOKEN);
    if env::var_os(DURABLE).is_some() {
        builder = builder.durable();
    }
    let sandbox = runtime.block_on(builder.start()).unwrap();
    let (address, _) = sandbox.base_url().trim_start_matches("http://").split_once('/').unwrap();
    println!("{READY}{address}");
    io::copy(&mut io::stdin(), &mut io::sink()).unwrap();
}

fn first_state() -> SandboxState {
    let children = json!([{ "organizationName": "Early", "count": 3, "operationsAllocated": 10_000 }]);
    let distributor = json!({
        "organizationId": 11,
        "operations": TOTAL - 30_000,
        "tokens": [{
            "token": SEED_TOKEN,
            "scopes": ["managed-organizations:read", "managed-organizations:write"],
        }],
        "children": children,
    });
    serde_json::from_value(json!({ "distributors": [distributor] })).unwrap()
}
