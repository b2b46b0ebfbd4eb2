//! Raw server below HTTP.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::client::BASE_PATH;

/// What a [`RawServer`] does with a request that it has read whole.
#[derive(Debug, Clone)]
pub enum Reaction {
    /// Writes these bytes, whatever they are, and closes the connection. [`deviation`](crate::deviation) makes some.
    Answer(Vec<u8>),
    /// Closes the connection without a word.
    HangUp,
    /// Writes these bytes, none perhaps, and keeps the connection open without another word.
    Stall(Vec<u8>),
}

/// A server on a free port of this machine that keeps the bytes of every request and reacts to each in one way.
///
/// Each connection serves one request. The server ends when it is dropped.
#[derive(Debug)]
pub struct RawServer {
    address: SocketAddr,
    requests: Requests,
    /// The one task of the server, in a set because a set ends its tasks when it is dropped.
    _server: JoinSet<()>,
}

/// The requests that were read whole, oldest first.
type Requests = Arc<Mutex<Vec<Vec<u8>>>>;

impl RawServer {
    /// Starts a server on the current tokio runtime, which needs its I/O driver.
    pub async fn start(reaction: Reaction) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let requests = Requests::default();
        let mut server = JoinSet::new();
        server.spawn(serve(listener, reaction, requests.clone()));
        Ok(Self { address, requests, _server: server })
    }

    /// Returns the URL of the server itself, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the URL of the API root, which is [`BASE_PATH`] on this server.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.origin() + BASE_PATH
    }

    /// Returns the bytes of every request so far, oldest first. A request counts when it has been read whole.
    #[must_use]
    pub fn requests(&self) -> Vec<Vec<u8>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(listener: TcpListener, reaction: Reaction, requests: Requests) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(converse(stream, reaction.clone(), requests.clone()));
    }
}

/// Serves one request. A client that goes away is none of the server's business, so errors end the conversation.
async fn converse(mut stream: TcpStream, reaction: Reaction, requests: Requests) -> io::Result<()> {
    let Some(request) = read_request(&mut stream).await? else { return Ok(()) };
    requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    match reaction {
        Reaction::Answer(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
        Reaction::HangUp => Ok(()),
        Reaction::Stall(bytes) => {
            stream.write_all(&bytes).await?;
            std::future::pending().await
        }
    }
}

/// Reads head and body of a request; nothing where the connection ends before.
async fn read_request(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while length(&bytes).is_none_or(|length| bytes.len() < length) {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// Returns how long a request is, as soon as its head has arrived. A request without `content-length` has no body.
fn length(bytes: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(bytes);
    let (head, _) = text.split_once("\r\n\r\n")?;
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let body = fields
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .find_map(|(_, value)| value.trim().parse::<usize>().ok());
    Some(head.len() + "\r\n\r\n".len() + body.unwrap_or(0))
}
