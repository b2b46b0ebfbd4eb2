//! `mms sandbox serve`, as another program uses it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use insta::assert_snapshot;

use crate::world::World;

/// A running `mms sandbox serve` with what it printed; killed if the test does not end it.
struct Server {
    process: Child,
    printed: serde_json::Value,
}

impl Server {
    fn start(world: &World, arguments: &[&str]) -> Self {
        Self::listening(world, "127.0.0.1:0", arguments)
    }

    fn listening(world: &World, listen: &str, arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_mms"))
            .args(["sandbox", "serve", "--output", "json", "--listen", listen])
            .args(arguments)
            .current_dir(world.path(""))
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut json = String::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines() {
            json.push_str(&line.unwrap());
            if json.ends_with('}') {
                break;
            }
        }
        Self { printed: serde_json::from_str(&json).unwrap(), process }
    }

    /// Returns a world that speaks to this server.
    fn world(&self) -> World {
        let text = |field: &str| self.printed[field].as_str().unwrap();
        World::new()
            .with("MMS_BASE_URL", text("baseUrl"))
            .with("MAKE_API_KEY", text("token"))
            .with("MMS_ORGANIZATION_ID", self.printed["organizationId"].to_string())
    }

    /// Sends a signal and returns the exit code.
    #[cfg(unix)]
    fn end(mut self, signal: &str) -> Option<i32> {
        let kill = Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap();
        assert!(kill.success());
        self.process.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails where the process has ended, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(unix)]
#[test]
fn it_prints_what_a_client_needs_and_ends_well_when_it_is_asked_to() {
    for signal in ["-INT", "-TERM"] {
        let server = Server::start(&World::new(), &[]);

        assert_eq!(server.world().run(&["child", "show", "Acme Bakery"]).code, 0);
        assert_eq!(server.end(signal), Some(0), "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn a_data_file_outlives_it() {
    let home = World::new();
    let server = Server::start(&home, &["--data", "served.db"]);
    let allocate = ["child", "allocate", "Cobalt Dental", "50000", "--yes"];
    assert_eq!(server.world().run(&allocate).code, 0);
    assert_eq!(server.end("-TERM"), Some(0));

    let child = home.run(&["--sandbox=served.db", "child", "show", "Cobalt Dental", "-o", "json"]);

    assert_eq!(child.json()["operationsAllocated"], 50_000);
}

#[test]
fn on_every_address_it_prints_one_that_a_client_can_use() {
    let server = Server::listening(&World::new(), "0.0.0.0:0", &[]);

    assert!(server.printed["baseUrl"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!(server.world().run(&["region", "list"]).code, 0);
}

#[test]
fn an_address_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    assert_snapshot!(World::new().run(&["sandbox", "serve", "--listen", &address]), @r#"
    exit: 1
    ----- stdout -----
    ----- stderr -----
    error: cannot listen on 127.0.0.1:[PORT]: Address already in use (os error 98)
    hint: choose another address with --listen; port 0 takes any free one
    "#);
}
