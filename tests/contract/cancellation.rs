//! Cancellation: calls dropped at random over real sockets leave nothing behind.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{Either, join_all, select};
use mms_client::{BaseUrl, Client, Random, RetryPolicy, SeededRandom};
use mms_tests::{BASE_PATH, TOKEN};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Handle};
use tokio::task::{JoinSet, yield_now};

/// How many calls are made, and how many of them at a time.
const SHORT: usize = 2_000;
const FULL: usize = 20_000;
const AT_ONCE: usize = 16;

/// After what time a connection or a task counts as left behind. Nothing takes as long where the test holds.
const DEADLINE: Duration = Duration::from_secs(30);

/// A server that answers, fails, hangs up and falls silent in turns, and knows how many connections are open.
struct Server {
    address: SocketAddr,
    counts: Arc<Counts>,
    _tasks: JoinSet<()>,
}

#[derive(Default)]
struct Counts {
    open: AtomicUsize,
    accepted: AtomicUsize,
    requests: AtomicUsize,
}

/// An open connection.
struct Open(Arc<Counts>);

impl Open {
    fn new(counts: Arc<Counts>) -> Self {
        counts.open.fetch_add(1, Ordering::SeqCst);
        counts.accepted.fetch_add(1, Ordering::SeqCst);
        Self(counts)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (address, counts) = (listener.local_addr().unwrap(), Arc::<Counts>::default());
        let mut tasks = JoinSet::new();
        let for_connections = counts.clone();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(converse(stream, Open::new(for_connections.clone())));
            }
        });
        Self { address, counts, _tasks: tasks }
    }

    fn count(&self, which: impl Fn(&Counts) -> &AtomicUsize) -> usize {
        which(&self.counts).load(Ordering::SeqCst)
    }
}

/// Serves a connection until either side ends it.
async fn converse(mut stream: TcpStream, open: Open) {
    const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{\"imtRegions\":[]}";
    let mut request = Vec::new();
    while stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        request.clear();
        let number = open.0.requests.fetch_add(1, Ordering::SeqCst);
        let answer = match number % 7 {
            0..3 => ANSWER,
            3 => "HTTP/1.1 503 \r\ncontent-length: 0\r\n\r\n",
            4 => return,
            5 => &ANSWER[..ANSWER.len() - 5],
            _ => "",
        };
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Dropped,
    Failed,
    Answered,
}

/// Makes a call and loses patience after so many turns of the runtime.
async fn call_and_drop(client: &Client, turns: u64) -> End {
    let patience = async {
        for _ in 0..turns {
            yield_now().await;
        }
    };
    let call = client.list_regions().send();
    match select(Box::pin(call), Box::pin(patience)).await {
        Either::Right(_) => End::Dropped,
        Either::Left((Ok(_), _)) => End::Answered,
        Either::Left((Err(_), _)) => End::Failed,
    }
}

/// Waits until something is so.
async fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < DEADLINE, "{what} in {DEADLINE:?}");
        yield_now().await;
    }
}

#[test]
fn calls_dropped_at_any_point_leave_no_connection_and_no_task_behind() {
    // The server has a runtime of its own, so that every task of the other one is the client's.
    let network = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = network.block_on(Server::start());
    let machine = Builder::new_current_thread().enable_all().build().unwrap();
    machine.block_on(drop_calls(&server));
}

#[expect(clippy::print_stdout, reason = "the seed is for whoever sees the test fail, the figures for the full form")]
async fn drop_calls(server: &Server) {
    let calls = if std::env::var_os("MMS_SOAK").is_some() { FULL } else { SHORT };
    let seed = std::env::var("MMS_SOAK_SEED").map_or(0, |seed| seed.parse().unwrap());
    println!("MMS_SOAK_SEED={seed} draws the same turns");
    let random = SeededRandom::new(seed);

    let tasks = || Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    let base_url: BaseUrl = format!("http://{}{BASE_PATH}", server.address).parse().unwrap();
    let retry = RetryPolicy { base: Duration::ZERO, budget: u32::MAX, ..RetryPolicy::default() };
    let client = Client::builder(base_url, TOKEN.parse().unwrap())
        .retry(retry)
        .requests_per_minute(1_000_000_000.try_into().unwrap())
        .build()
        .unwrap();
    let mut ends = Vec::new();
    for _ in 0..calls / AT_ONCE {
        // Up to a thousand turns, and few as often as many.
        let turns = (0..AT_ONCE).map(|_| random.next_u64() % (1 << (random.next_u64() % 11)));
        ends.extend(join_all(turns.map(|turns| call_and_drop(&client, turns))).await);
    }
    let number = |which: End| ends.iter().filter(|end| **end == which).count();
    let (dropped, answered) = (number(End::Dropped), number(End::Answered));
    let (accepted, requests) = (server.count(|counts| &counts.accepted), server.count(|counts| &counts.requests));
    println!(
        "{calls} calls, {dropped} dropped, {answered} answered; {accepted} connections, {requests} requests arrived"
    );
    assert!(dropped >= 1_000 && answered > 0 && requests > answered, "{dropped}, {answered}, {requests}");
    assert!(tasks() > before, "a client with connections has tasks: {}", tasks());

    drop(client);
    wait_until("every connection was closed", || server.count(|counts| &counts.open) == 0).await;
    wait_until("every task ended", || tasks() == before).await;
}
