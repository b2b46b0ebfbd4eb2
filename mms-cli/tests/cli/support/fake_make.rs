//! Fake of Make for what a sandbox does not do: hanging up, refusing, answering nonsense. Where a test needs the reads to show
//! what the writes did, it has the state of a distributor.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A status line, a content type and a body; nothing means that the server hangs up without an answer.
pub(crate) type Answer = Option<(&'static str, &'static str, String)>;

/// Answers the reads like Make, and writes as the test says.
pub(crate) struct FakeMake {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl FakeMake {
    /// Starts a server that gives every POST and PATCH this answer.
    pub(crate) fn answering_writes(answer: Answer) -> Self {
        Self::start(move |request| if request.starts_with("GET ") { read_answer(request) } else { answer.clone() })
    }

    /// Starts a server whose token sees two organizations.
    pub(crate) fn agency() -> Self {
        Self::start(|request| {
            let body = match request.trim_start_matches("GET /api/v2").split('?').next().unwrap() {
                "/users/me" => r#"{"authUser":{"id":7,"name":"Grace Hopper","email":"grace@agency.example"}}"#,
                "/users/me/current-authorization" => {
                    r#"{"authorization":{"authUsed":"token","scope":["managed-organizations:read"]}}"#
                }
                "/organizations" => {
                    r#"{"organizations":[{"id":11,"name":"Agency"},{"id":12,"name":"Own Shop"}],"pg":{"limit":10000}}"#
                }
                other => panic!("nobody should ask for {other}"),
            };
            json("200 OK", body)
        })
    }

    /// Starts a server that answers "METHOD /path" with what the function returns.
    pub(crate) fn start(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self::answering(move |request, _| answer(request))
    }

    /// Starts a server whose reads show what its writes did. The function says what becomes of a write.
    pub(crate) fn with_state(
        distributor: Distributor,
        write: impl Fn(&mut Distributor, &str, &serde_json::Value) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let distributor = Mutex::new(distributor);
        Self::answering(move |request, body| {
            let mut distributor = distributor.lock().unwrap();
            if request.starts_with("GET ") {
                return distributor.read(request);
            }
            write(&mut distributor, request, &serde_json::from_str(body).unwrap())
        })
    }

    /// Starts a server that answers "METHOD /path" and a body with what the function returns.
    pub(crate) fn answering(answer: impl Fn(&str, &str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || serve(connection.unwrap(), &log, &*answer));
            }
        });
        Self { address, requests }
    }

    /// Returns the root of its API.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/api/v2", self.address)
    }

    /// Returns every request of a method, in the order of arrival.
    pub(crate) fn requests(&self, method: &str) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|request| request.starts_with(method)).cloned().collect()
    }
}

/// Reads one request to its last byte, and answers or hangs up.
fn serve(connection: TcpStream, log: &Mutex<Vec<String>>, answer: &dyn Fn(&str, &str) -> Answer) {
    let mut reader = BufReader::new(connection);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        head.push(line.trim_end().to_owned());
    }
    // A connection that was opened and never used says nothing.
    let Some(request) = head.first().map(|line| line.trim_end_matches(" HTTP/1.1")) else { return };
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    // Whoever died in the midst of a request has not made it.
    let Ok(()) = reader.read_exact(&mut body) else { return };
    log.lock().unwrap().push(request.to_owned());
    if let Some((status, content_type, body)) = answer(request, std::str::from_utf8(&body).unwrap()) {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}");
        write!(reader.get_mut(), "{head}\r\nconnection: close\r\n\r\n{body}").unwrap();
    }
}

/// A distributor's children and pool.
pub(crate) struct Distributor {
    children: Vec<(u64, String, i64)>,
    pool: i64,
    /// Whether the list shows only the child that was there at the start.
    lags_behind: Arc<AtomicBool>,
}

/// Lag of a list behind the creates.
pub(crate) struct Lag(Arc<AtomicBool>);

impl Lag {
    /// Lets the list show every child.
    pub(crate) fn end(&self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Distributor {
    /// Begins with one child, 123 Acme, that has 10,000 credits, and 490,000 in the pool.
    pub(crate) fn new() -> Self {
        Self { children: vec![(123, "Acme".to_owned(), 10_000)], pool: 490_000, lags_behind: Arc::default() }
    }

    /// Begins with these children - id, and what each has - and 490,000 in the pool.
    pub(crate) fn of(children: &[(u64, i64)]) -> Self {
        let children = children.iter().map(|(id, operations)| (*id, format!("Child {id}"), *operations)).collect();
        Self { children, ..Self::new() }
    }

    /// Begins with a list that lags behind until the lag is ended.
    pub(crate) fn lagging() -> (Self, Lag) {
        let distributor = Self { lags_behind: Arc::new(AtomicBool::new(true)), ..Self::new() };
        let lag = Lag(Arc::clone(&distributor.lags_behind));
        (distributor, lag)
    }

    /// Answers a read.
    pub(crate) fn read(&self, request: &str) -> Answer {
        match request.trim_start_matches("GET /api/v2") {
            "/organizations/11/managed-organizations" => {
                let most = if self.lags_behind.load(Ordering::SeqCst) { 1 } else { usize::MAX };
                let shown =
                    self.children.iter().take(most).map(|(id, name, operations)| (*id, name.as_str(), *operations));
                list(shown, Some(100))
            }
            "/organizations/11" => {
                let license = serde_json::json!({"operations": self.pool});
                let organization = serde_json::json!({"id": 11, "name": "Distributor", "license": license});
                json("200 OK", &serde_json::json!({"organization": organization}).to_string())
            }
            _ => read_answer(request),
        }
    }

    /// Does what a write asks for, and answers as Make would.
    pub(crate) fn apply(&mut self, request: &str, body: &serde_json::Value) -> Answer {
        let operations = body["operations"].as_i64().unwrap();
        let answer = if request.starts_with("POST ") {
            let id = 124 + u64::try_from(self.children.len()).unwrap();
            self.children.push((id, body["organizationName"].as_str().unwrap().to_owned(), operations));
            self.pool -= operations;
            serde_json::json!({"childOrganizationId": id, "newParentOperations": self.pool})
        } else {
            let id: u64 = request.rsplit_once('/').unwrap().1.parse().unwrap();
            let child = self.children.iter_mut().find(|child| child.0 == id).unwrap();
            self.pool -= operations - child.2;
            child.2 = operations;
            serde_json::json!({"newParentOperations": self.pool, "newChildOperations": operations})
        };
        json("200 OK", &answer.to_string())
    }
}

/// Answers with a list of children: id, name and allocation of each, and the limit of its page, if it names one.
pub(crate) fn list<'a>(children: impl IntoIterator<Item = (u64, &'a str, i64)>, limit: Option<u64>) -> Answer {
    let row = |(id, name, operations)| serde_json::json!({"organizationId": id, "organizationName": name, "operationsAllocated": operations});
    let mut list = serde_json::json!({"managedOrganizations": children.into_iter().map(row).collect::<Vec<_>>()});
    if let Some(limit) = limit {
        list["pg"] = serde_json::json!({"limit": limit});
    }
    json("200 OK", &list.to_string())
}

/// Answers a read: two children of one distributor, one of them with a name that wants to steer a terminal.
pub(crate) fn read_answer(request: &str) -> Answer {
    let body = match request.trim_start_matches("GET /api/v2") {
        "/organizations/11/managed-organizations" => {
            r#"{"managedOrganizations":[
                {"organizationId":123,"organizationName":"Acme","operationsAllocated":10000,"zoneDomain":"eu1.make.com"},
                {"organizationId":124,"organizationName":"=\u001b[31mred\u009b","operationsAllocated":0}],
                "pg":{"limit":100}}"#
        }
        "/organizations/11/managed-organizations-consumption" => {
            r#"{"managedOrganizationsConsumption":[
                {"organizationId":123,"centicreditsConsumed":"500000"},
                {"organizationId":124,"centicreditsConsumed":7},
                {"organizationId":125,"centicreditsConsumed":"9","lastReset":"2024-01-01T00:00:00Z"}]}"#
        }
        "/organizations/11" => r#"{"organization":{"id":11,"name":"Distributor","license":{"operations":490000}}}"#,
        "/enums/imt-regions" => r#"{"imtRegions":[{"id":1,"name":"EU"}]}"#,
        "/enums/countries" => r#"{"countries":[{"id":60,"name":"Czechia","code":"CZE","code2":"cz"}]}"#,
        "/users/me/current-authorization" => {
            r#"{"authorization":{"authUsed":"token","scope":["managed-organizations:read"]}}"#
        }
        // The page after a short one, which a create asks for.
        further if further.starts_with("/organizations/11/managed-organizations?pg") => {
            r#"{"managedOrganizations":[],"pg":{"limit":100}}"#
        }
        other => panic!("nobody should ask for {other}"),
    };
    json("200 OK", body)
}

/// Makes an answer in JSON.
#[expect(clippy::unnecessary_wraps, reason = "hanging up is an answer too")]
pub(crate) fn json(status: &'static str, body: &str) -> Answer {
    Some((status, "application/json", body.to_owned()))
}
