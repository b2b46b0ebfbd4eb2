//! `mms sandbox serve` as a process beside a test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::support::world::World;

/// A running `mms sandbox serve` with what it printed; killed if the test does not end it.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) printed: serde_json::Value,
}

impl Server {
    /// Starts one on a free port.
    pub(crate) fn start(world: &World, arguments: &[&str]) -> Self {
        Self::listening(world, "127.0.0.1:0", arguments)
    }

    /// Starts one at an address.
    pub(crate) fn listening(world: &World, listen: &str, arguments: &[&str]) -> Self {
        Self::start_with(world, listen, arguments, Stdio::null())
    }

    /// Starts one at an address, and says where its standard error goes.
    pub(crate) fn start_with(world: &World, listen: &str, arguments: &[&str], stderr: Stdio) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_mms"))
            .args(["sandbox", "serve", "--output", "json", "--listen", listen])
            .args(arguments)
            .current_dir(world.path(""))
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(stderr)
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
    pub(crate) fn world(&self) -> World {
        let text = |field: &str| self.printed[field].as_str().unwrap();
        World::new()
            .with("MMS_BASE_URL", text("baseUrl"))
            .with("MAKE_API_KEY", text("token"))
            .with("MMS_ORGANIZATION_ID", self.printed["organizationId"].to_string())
    }

    /// Returns its address.
    pub(crate) fn address(&self) -> String {
        let base_url = self.printed["baseUrl"].as_str().unwrap();
        base_url.trim_start_matches("http://").trim_end_matches("/api/v2").to_owned()
    }

    /// Sends a request to the control side, which takes it.
    pub(crate) fn control(&self, method: &str, path: &str, body: &serde_json::Value) {
        let (body, token) = (body.to_string(), self.printed["controlToken"].as_str().unwrap());
        let mut stream = TcpStream::connect(self.address()).unwrap();
        let head =
            format!("{method} /_sandbox{path} HTTP/1.1\r\nhost: {}\r\nauthorization: Token {token}", self.address());
        let length = body.len();
        write!(
            stream,
            "{head}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    }

    /// Sends a signal and returns the exit code.
    #[cfg(unix)]
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
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
