//! A raw server in Make's place, for what a sandbox does not do: hanging up, refusing, answering nonsense.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
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

    /// Starts a server that answers "METHOD /path" with what the function returns.
    pub(crate) fn start(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
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
fn serve(connection: TcpStream, log: &Mutex<Vec<String>>, answer: &dyn Fn(&str) -> Answer) {
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
    reader.read_exact(&mut vec![0; length]).unwrap();
    log.lock().unwrap().push(request.to_owned());
    if let Some((status, content_type, body)) = answer(request) {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}");
        write!(reader.get_mut(), "{head}\r\nconnection: close\r\n\r\n{body}").unwrap();
    }
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
        other => panic!("nobody should ask for {other}"),
    };
    json("200 OK", body)
}

/// Makes an answer in JSON.
#[expect(clippy::unnecessary_wraps, reason = "hanging up is an answer too")]
pub(crate) fn json(status: &'static str, body: &str) -> Answer {
    Some((status, "application/json", body.to_owned()))
}
