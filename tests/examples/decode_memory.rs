//! Measures how much memory the client takes to decode a list of 100,000 children, against the size of the body: as one
//! answer, and as the stream of children.
//!
//! Run it in a release build, on Linux: `cargo run --release -p mms-tests --example decode_memory`. Each measurement and each
//! server is a process of its own: a peak never falls again, and the server's memory does not count.
#![expect(clippy::print_stdout, reason = "an example shows what it measured")]

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::{env, fs, process};

use futures_util::TryStreamExt;
use mms_client::Client;
use mms_client::types::OrganizationId;
use mms_tests::client_at;

const CHILDREN: usize = 100_000;

const DISTRIBUTOR: OrganizationId = OrganizationId::new(11);

/// The arguments that make this program the server, or one of the measurements.
const SERVE: &str = "--serve";
const ANSWER: &str = "--answer";
const STREAM: &str = "--stream";

fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1).as_deref() {
        Some(SERVE) => serve(),
        Some(how @ (ANSWER | STREAM)) => measure(how),
        _ => [ANSWER, STREAM].into_iter().try_for_each(run),
    }
}

/// Runs one measurement.
fn run(how: &str) -> Result<(), Box<dyn Error>> {
    let status = Command::new(env::current_exe()?).arg(how).status()?;
    if status.success() { Ok(()) } else { Err(format!("{how}: {status}").into()) }
}

/// Serves the list once, and says first on which port and how large it is.
fn serve() -> Result<(), Box<dyn Error>> {
    let rows: Vec<String> = (1..=CHILDREN).map(row).collect();
    let pg =
        format!(r#"{{"last":"","showLast":true,"sortBy":"name","sortDir":"asc","limit":{},"offset":0}}"#, CHILDREN + 1);
    let body = format!(r#"{{"managedOrganizations":[{}],"pg":{pg}}}"#, rows.join(","));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{} {}", listener.local_addr()?.port(), body.len());

    let (mut stream, _) = listener.accept()?;
    read_head(&stream)?;
    let length = body.len();
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")?;
    Ok(())
}

/// Returns a child of the size that the API sends.
fn row(id: usize) -> String {
    format!(
        r#"{{"organizationId":{id},"organizationName":"Customer {id} of the agency, with a name of usual length","operationsAllocated":10000,"countryId":250,"timezoneId":42,"zoneId":1,"zoneDomain":"eu1.make.com","zoneName":"EU1"}}"#
    )
}

fn read_head(stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    Ok(())
}

/// Starts the server and ends it, whatever comes of the measurement.
fn measure(how: &str) -> Result<(), Box<dyn Error>> {
    let mut server = Command::new(env::current_exe()?).arg(SERVE).stdout(Stdio::piped()).spawn()?;
    let outcome = decode(&mut server, how);
    server.kill()?;
    server.wait()?;
    outcome
}

/// Lets the client decode the server's list, and says by how much the peak of its memory grew.
fn decode(server: &mut Child, how: &str) -> Result<(), Box<dyn Error>> {
    let mut line = String::new();
    BufReader::new(server.stdout.take().ok_or("the server has no output")?).read_line(&mut line)?;
    let (port, length) = line.trim().split_once(' ').ok_or("the server did not start")?;
    let body: f64 = length.parse()?;
    let client = client_at(&format!("http://127.0.0.1:{port}/api/v2"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;

    let before = peak()?;
    let (what, received) = if how == STREAM {
        ("stream of children", runtime.block_on(streamed(&client))?)
    } else {
        ("one answer", runtime.block_on(answered(&client))?)
    };
    let growth = peak()? - before;
    if received != CHILDREN {
        return Err(format!("{received} children arrived").into());
    }
    let ratio = growth / body;
    println!(
        "{what}: {CHILDREN} children, body {:.1} MB, memory grew by {:.1} MB: {ratio:.2} times the body",
        body / 1e6,
        growth / 1e6
    );
    Ok(())
}

/// Holds the whole list at once.
async fn answered(client: &Client) -> Result<usize, mms_client::Error> {
    let list = client.list_child_organizations().organization_id(DISTRIBUTOR).send().await?;
    Ok(list.managed_organizations.len())
}

/// Looks at each child and lets it go.
async fn streamed(client: &Client) -> Result<usize, mms_client::Error> {
    client.child_organizations(DISTRIBUTOR).try_fold(0, async |count, _| Ok(count + 1)).await
}

/// Returns the peak of this process's resident memory, in bytes.
fn peak() -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string(format!("/proc/{}/status", process::id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc")?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes * 1024.0)
}
