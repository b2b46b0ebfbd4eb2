//! A proxy between the command and a sandbox that kills the command at a chosen step of the network.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// What a test sends to hear that every connection before this one was taken.
const MARK: &str = "MARK\r\n";

/// The way to a server.
pub(crate) struct Proxy {
    address: SocketAddr,
    way: Arc<Way>,
}

struct Way {
    server: SocketAddr,
    trap: Mutex<Trap>,
    /// How many connections are open.
    open: Mutex<usize>,
    closed: Condvar,
}

#[derive(Default)]
struct Trap {
    steps: usize,
    /// The step at which the command dies, from 1.
    step: Option<usize>,
    victim: Option<Child>,
}

impl Proxy {
    /// Starts a way to the server at an address.
    pub(crate) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let way = Arc::new(Way { server, trap: Mutex::default(), open: Mutex::new(0), closed: Condvar::new() });
        let taken = Arc::clone(&way);
        thread::spawn(move || {
            for connection in listener.incoming() {
                *taken.open.lock().unwrap() += 1;
                let way = Arc::clone(&taken);
                thread::spawn(move || {
                    // A connection that breaks has ended, and that is all.
                    drop(way.carry(connection.unwrap()));
                    *way.open.lock().unwrap() -= 1;
                    way.closed.notify_all();
                });
            }
        });
        Self { address, way }
    }

    /// Returns the root of the API on this way.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/api/v2", self.address)
    }

    /// Starts a command that dies at a step of the network, from 1, and returns once it has ended: whether it died there. The
    /// steps of an exchange are: the head of the request is here, all of it is here, the answer is here, half of it is
    /// delivered, all of it is.
    pub(crate) fn kill_at(&self, step: usize, start: impl FnOnce() -> Child) -> bool {
        // Held until the victim is known, so that no step comes before that.
        let mut trap = self.way.trap.lock().unwrap();
        let mut victim = start();
        let mut end = victim.stdout.take().unwrap();
        *trap = Trap { steps: 0, step: Some(step), victim: Some(victim) };
        drop(trap);
        // The pipe closes with the process.
        io::copy(&mut end, &mut io::sink()).unwrap();
        let mut trap = self.way.trap.lock().unwrap();
        let died = trap.steps >= step;
        trap.step = None;
        trap.victim.take().unwrap().wait().unwrap();
        died
    }

    /// Waits until nothing that was sent is still on its way: what the server was to get it has answered.
    pub(crate) fn settle_down(&self) {
        let mut mark = TcpStream::connect(self.address).unwrap();
        mark.write_all(MARK.as_bytes()).unwrap();
        // It answers by closing, and connections are taken in the order in which they came.
        mark.read_to_end(&mut Vec::new()).unwrap();
        drop(mark);
        let open = self.way.open.lock().unwrap();
        drop(self.way.closed.wait_while(open, |open| *open > 0).unwrap());
    }
}

impl Way {
    fn carry(&self, client: TcpStream) -> io::Result<()> {
        let mut client = BufReader::new(client);
        let mut server: Option<BufReader<TcpStream>> = None;
        loop {
            let head = head(&mut client)?;
            if head.is_empty() || head == MARK.as_bytes() {
                return Ok(());
            }
            self.step()?;
            let request = whole(head, &mut client)?;
            self.step()?;
            let server = match &mut server {
                Some(server) => server,
                none => none.insert(BufReader::new(TcpStream::connect(self.server)?)),
            };
            server.get_mut().write_all(&request)?;
            let answer = whole(self::head(server)?, server)?;
            self.step()?;
            let (first, second) = answer.split_at(answer.len() / 2);
            client.get_mut().write_all(first)?;
            self.step()?;
            client.get_mut().write_all(second)?;
            self.step()?;
        }
    }

    /// Counts a step, and kills at the one that is meant. What comes after it is not carried on.
    fn step(&self) -> io::Result<()> {
        let mut trap = self.trap.lock().unwrap();
        trap.steps += 1;
        if trap.step == Some(trap.steps) {
            trap.victim.as_mut().unwrap().kill()?;
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(())
    }
}

/// Reads up to the empty line; less at the end of the stream, and only the mark where that comes.
fn head(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head != MARK.as_bytes() {
        if stream.read_until(b'\n', &mut head)? == 0 {
            return Ok(Vec::new());
        }
    }
    Ok(head)
}

/// Adds the body to a head.
fn whole(head: Vec<u8>, stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    assert!(!text.contains("transfer-encoding"), "{text}");
    let mut message = head;
    let start = message.len();
    message.resize(start + length, 0);
    stream.read_exact(&mut message[start..])?;
    Ok(message)
}
