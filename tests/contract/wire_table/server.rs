//! Server that misbehaves in one way, on a connection that is fresh or was used before.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mms_tests::BASE_PATH;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What a server does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Closes the connection with the first bytes of the request still unread.
    CloseUnread,
    /// Reads the whole request and closes the connection.
    Close,
    /// Reads the whole request and resets the connection.
    Reset,
    /// Reads the whole request, writes these bytes, and closes the connection.
    Cut(String),
    /// Reads the whole request, writes these bytes, none perhaps, and says nothing more.
    Stall(String),
    /// Answers, and keeps the connection.
    Answer(String),
}

impl Fault {
    /// Answers with a status, header fields and a body.
    pub(crate) fn answer(status: u16, fields: &str, body: &str) -> Self {
        Self::Answer(answer(status, fields, body))
    }

    /// Says whether the server reads the request whole, and so may act on it.
    pub(crate) fn reads(&self) -> bool {
        *self != Self::CloseUnread
    }
}

/// Writes an answer after which the connection stays.
pub(crate) fn answer(status: u16, fields: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} \r\ncontent-length: {}\r\n{fields}\r\n{body}", body.len())
}

/// A server on a free port that ends when it is dropped.
#[derive(Debug)]
pub(crate) struct FaultyServer {
    address: SocketAddr,
    counts: Arc<Counts>,
    _server: JoinSet<()>,
}

#[derive(Debug, Default)]
struct Counts {
    /// Connections that were taken.
    connections: AtomicUsize,
    /// Requests that were read whole.
    requests: AtomicUsize,
}

impl FaultyServer {
    /// Starts a server that answers its first requests well, with these bodies, and meets all others with a fault.
    pub(crate) async fn start(good: Vec<String>, fault: Fault) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        let mut server = JoinSet::new();
        server.spawn(serve(listener, Arc::new(good), fault, counts.clone()));
        Self { address, counts, _server: server }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.address)
    }

    /// Returns how many connections were taken.
    pub(crate) fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// Returns how many requests were read whole.
    pub(crate) fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }
}

async fn serve(listener: TcpListener, good: Arc<Vec<String>>, fault: Fault, counts: Arc<Counts>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        counts.connections.fetch_add(1, Ordering::SeqCst);
        connections.spawn(converse(stream, good.clone(), fault.clone(), counts.clone()));
    }
}

/// Serves one connection. A client that goes away is none of the server's business.
async fn converse(mut stream: TcpStream, good: Arc<Vec<String>>, fault: Fault, counts: Arc<Counts>) {
    loop {
        let is_faulty = counts.requests.load(Ordering::SeqCst) >= good.len();
        if is_faulty && !fault.reads() {
            // The rest of what came stays unread, which makes the close a reset.
            let _ = stream.read(&mut [0; 1]).await;
            return;
        }
        if !read_request(&mut stream).await {
            return;
        }
        let number = counts.requests.fetch_add(1, Ordering::SeqCst);
        let sent = match (good.get(number), &fault) {
            (Some(body), _) => stream.write_all(answer(200, "", body).as_bytes()).await,
            (None, Fault::Answer(answer)) => stream.write_all(answer.as_bytes()).await,
            (None, Fault::Cut(bytes)) => {
                let _ = stream.write_all(bytes.as_bytes()).await;
                return;
            }
            (None, Fault::Stall(bytes)) => {
                let _ = stream.write_all(bytes.as_bytes()).await;
                std::future::pending().await
            }
            (None, Fault::Reset) => {
                stream.set_zero_linger().unwrap();
                return;
            }
            (None, Fault::Close | Fault::CloseUnread) => return,
        };
        if sent.is_err() {
            return;
        }
    }
}

/// Reads head and body of a request; false where the connection ends before.
async fn read_request(stream: &mut TcpStream) -> bool {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            // Letters beyond ASCII come whole with the rest, and are counted in bytes.
            if length.map_or(0, |length| length.parse().unwrap()) <= body.len() {
                return true;
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return false;
        }
    }
}
