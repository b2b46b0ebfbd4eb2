//! A server of prepared bytes, in a process of its own.

use std::convert::Infallible;
use std::io::{BufRead, BufReader, Write};
use std::net::Ipv4Addr;
use std::ops::Range;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::{env, io};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use mms_types::OrganizationId;
use tokio::net::TcpListener;

use crate::{Fault, pin};

/// The children of the two large distributors.
const MANY: usize = 100_000;

/// The distributor whose list comes in pages of 100.
pub const PAGED: OrganizationId = OrganizationId::new(1_000_001);

/// The distributor whose list comes whole. Any other id is the number of its children, which come whole too.
pub const WHOLE: OrganizationId = OrganizationId::new(100_000);

const PAGE: usize = 100;

/// The argument that makes a program the server.
const SERVE: &str = "--serve";
const PINNED: &str = "--pinned";

/// A server that is running. It ends with this.
pub struct Server {
    process: Child,
    base_url: String,
}

impl Server {
    /// Starts the server, pinned to the second processor or wherever the kernel puts it.
    pub fn start(pinned: bool) -> Result<Self, Fault> {
        let mut command = Command::new(env::current_exe()?);
        command.arg(SERVE).args(pinned.then_some(PINNED)).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("the server has no output")?).read_line(&mut line)?;
        Ok(Self { process, base_url: line.trim().to_owned() })
    }

    /// Returns the root of its API.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Becomes the server if this program was started as such, and never returns then.
pub fn run_server_if_asked() -> Result<(), Fault> {
    if env::args().nth(1).as_deref() != Some(SERVE) {
        return Ok(());
    }
    if env::args().any(|argument| argument == PINNED) {
        pin(1)?;
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve())
}

async fn serve() -> Result<(), Fault> {
    let lists = Arc::new(Lists::new());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    writeln!(io::stdout(), "http://{}/api/v2", listener.local_addr()?)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let lists = lists.clone();
        let service = service_fn(move |request| {
            let answer = lists.answer(&request);
            async move { Ok::<_, Infallible>(answer) }
        });
        // A client that goes away is none of the server's business.
        tokio::spawn(async move {
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// What is prepared.
struct Lists {
    one: Bytes,
    two_hundred: Bytes,
    many: Bytes,
    pages: Vec<Bytes>,
}

impl Lists {
    fn new() -> Self {
        let pages = (0..=MANY / PAGE).map(|page| list(page * PAGE..MANY.min((page + 1) * PAGE), PAGE));
        Self {
            one: list(0..1, PAGE),
            two_hundred: list(0..200, MANY),
            many: list(0..MANY, 2 * MANY),
            pages: pages.collect(),
        }
    }

    fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path();
        let body = if path.ends_with(&format!("/organizations/{PAGED}/managed-organizations")) {
            self.pages[page(request.uri().query().unwrap_or_default())].clone()
        } else if path.ends_with("/organizations/1/managed-organizations") {
            self.one.clone()
        } else if path.ends_with("/organizations/200/managed-organizations") {
            self.two_hundred.clone()
        } else {
            self.many.clone()
        };
        let mut response = Response::new(Full::new(body));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

/// Returns which page a query asks for by its offset.
fn page(query: &str) -> usize {
    let parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
    let offset =
        parameters.filter(|(name, _)| name.contains("offset")).find_map(|(_, value)| value.parse::<usize>().ok());
    (offset.unwrap_or_default() / PAGE).min(MANY / PAGE)
}

/// Returns a list of children under a limit.
fn list(ids: Range<usize>, limit: usize) -> Bytes {
    let offset = ids.start;
    let rows: Vec<String> = ids.map(row).collect();
    let pg =
        format!(r#"{{"last":"","showLast":true,"sortBy":"name","sortDir":"asc","limit":{limit},"offset":{offset}}}"#);
    format!(r#"{{"managedOrganizations":[{}],"pg":{pg}}}"#, rows.join(",")).into()
}

/// Returns a child of the size that the API sends.
fn row(index: usize) -> String {
    let id = index + 1;
    format!(
        r#"{{"organizationId":{id},"organizationName":"Customer {id} of the agency, with a name of usual length","operationsAllocated":10000,"countryId":250,"timezoneId":42,"zoneId":1,"zoneDomain":"eu1.make.com","zoneName":"EU1"}}"#
    )
}
