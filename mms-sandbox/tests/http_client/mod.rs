//! HTTP client of the tests: one connection a request, nothing decoded but JSON.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;

use mms_sandbox::{SEED_TOKEN, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const CHILDREN: &str = "/organizations/11/managed-organizations";
pub(crate) const CONSUMPTION: &str = "/organizations/11/managed-organizations-consumption";

/// A request that is sent as it stands.
pub(crate) struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// An answer; `body` is null where there is none.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Value,
}

impl Request {
    /// A request without a token for a path outside the API root.
    pub(crate) fn bare(method: &str, target: &str) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// A request with the seeded token for a path under the API root.
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self::bare(method, &format!("/api/v2{path}")).header("Authorization", &format!("Token {SEED_TOKEN}"))
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A request with the control token for a path of the control side.
    pub(crate) fn control(sandbox: &Sandbox, method: &str, path: &str) -> Self {
        Self::bare(method, &format!("/_sandbox{path}")).token(sandbox.control_token())
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Token {token}"))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.text(&body.to_string()).header("Content-Type", "application/json")
    }

    pub(crate) fn text(mut self, body: &str) -> Self {
        self.body = body.as_bytes().to_vec();
        self
    }

    pub(crate) async fn send(self, sandbox: &Sandbox) -> Answer {
        self.send_to(address(sandbox)).await
    }

    pub(crate) async fn send_to(self, address: SocketAddr) -> Answer {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let answer = self.send_over(&mut stream, address).await.unwrap();
        Answer::parse(&String::from_utf8(answer).unwrap())
    }

    /// Sends the request, and returns what came before the connection was closed; nothing where that is no byte.
    pub(crate) async fn exchange(self, sandbox: &Sandbox) -> io::Result<Option<Raw>> {
        let address = address(sandbox);
        let mut stream = TcpStream::connect(address).await?;
        let answer = self.send_over(&mut stream, address).await?;
        Ok((!answer.is_empty()).then(|| Raw::parse(&answer)))
    }

    /// Sends the request, and returns the status of its answer.
    pub(crate) async fn status(self, sandbox: &Sandbox) -> u16 {
        self.exchange(sandbox).await.unwrap().unwrap().status
    }

    /// Returns the request as it goes over the wire, with the other headers that it needs.
    pub(crate) fn written(&self, address: SocketAddr, connection: &str) -> Vec<u8> {
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let headers = headers.concat();
        let named = self.headers.iter().any(|(name, _)| name == "Host");
        let host = if named { String::new() } else { format!("Host: {address}\r\n") };
        let head = format!(
            "{} {} HTTP/1.1\r\n{host}Connection: {connection}\r\n{headers}Content-Length: {}\r\n\r\n",
            self.method,
            self.target,
            self.body.len()
        );
        [head.as_bytes(), &self.body].concat()
    }

    async fn send_over(&self, stream: &mut TcpStream, address: SocketAddr) -> io::Result<Vec<u8>> {
        stream.write_all(&self.written(address, "close")).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

impl Raw {
    pub(crate) fn parse(answer: &[u8]) -> Self {
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let mut lines = std::str::from_utf8(&answer[..end]).unwrap().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        Self { status, headers, body: answer[end + 4..].to_vec() }
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Returns the length of the body that the head promises.
    pub(crate) fn promised(&self) -> usize {
        self.headers["content-length"].parse().unwrap()
    }
}

impl Answer {
    pub(crate) fn parse(text: &str) -> Self {
        let Raw { status, headers, body } = Raw::parse(text.as_bytes());
        let body = if body.is_empty() {
            Value::Null
        } else {
            assert_eq!(headers["content-type"], "application/json");
            serde_json::from_slice(&body).unwrap()
        };
        Self { status, headers, body }
    }

    /// Returns the body of a success.
    #[track_caller]
    pub(crate) fn success(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// Checks that this is a refusal in Make's shape, and returns its detail.
    #[track_caller]
    pub(crate) fn refusal(&self, status: u16, message: &str, code: Option<&str>) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["message"], message);
        assert_eq!(self.body.get("code"), code.map(Value::from).as_ref());
        self.body["detail"].as_str().unwrap().to_owned()
    }

    /// Checks that this refuses the parameters of a request, and returns the sentence for each.
    #[track_caller]
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let detail = self.refusal(400, "Bad Request", Some("SC400"));
        let suberrors = self.body["suberrors"].as_array().unwrap();
        assert_eq!(detail, format!("Validation failed for {} parameter(s).", suberrors.len()));
        assert!(suberrors.iter().all(|suberror| suberror["name"] == "Error"));
        suberrors.iter().map(|suberror| suberror["message"].as_str().unwrap().to_owned()).collect()
    }
}

/// Starts a sandbox in memory.
pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::builder().start().await.unwrap()
}

/// Returns the address behind a sandbox's base URL.
pub(crate) fn address(sandbox: &Sandbox) -> SocketAddr {
    sandbox.base_url().strip_prefix("http://").unwrap().strip_suffix("/api/v2").unwrap().parse().unwrap()
}

/// Returns a create that nothing is wrong with.
pub(crate) fn a_create() -> Value {
    json!({
        "userEmail": "dora@delta.example",
        "userName": "Dora Owner",
        "organizationName": "Delta Optics",
        "regionId": 1,
        "countryId": 75,
        "operations": 20_000,
    })
}

/// Returns [`a_create`] with one field changed, or left out where the value is null.
pub(crate) fn a_create_with(field: &str, value: Value) -> Value {
    let mut create = a_create();
    if value.is_null() {
        create.as_object_mut().unwrap().remove(field);
    } else {
        create[field] = value;
    }
    create
}

pub(crate) async fn create(sandbox: &Sandbox, body: &Value) -> Answer {
    Request::new("POST", CHILDREN).json(body).send(sandbox).await
}

pub(crate) async fn allocate(sandbox: &Sandbox, child: u64, operations: u64) -> Answer {
    let path = format!("{CHILDREN}/{child}");
    Request::new("PATCH", &path).json(&json!({ "operations": operations })).send(sandbox).await
}

/// Returns the children of the seeded distributor.
pub(crate) async fn children(sandbox: &Sandbox) -> Vec<Value> {
    let list = Request::get(&format!("{CHILDREN}?pg[limit]=1000")).send(sandbox).await.success();
    list["managedOrganizations"].as_array().unwrap().clone()
}

/// Returns what is left in the pool of the seeded distributor.
pub(crate) async fn pool(sandbox: &Sandbox) -> i64 {
    let answer = Request::get("/organizations/11").send(sandbox).await.success();
    answer["organization"]["license"]["operations"].as_i64().unwrap()
}

/// Returns the pool and every allocation of the seeded distributor, added up.
pub(crate) async fn total(sandbox: &Sandbox) -> i64 {
    let allocated: i64 =
        children(sandbox).await.iter().map(|child| child["operationsAllocated"].as_i64().unwrap()).sum();
    pool(sandbox).await + allocated
}
