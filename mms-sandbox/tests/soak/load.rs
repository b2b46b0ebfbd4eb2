//! Writes over several connections at once, and the log of what was sent and what was answered.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::connection::Connection;
use crate::seeded_random::Random;
use crate::server_process::{ServerProcess, TOTAL};

const CHILDREN: &str = "/api/v2/organizations/11/managed-organizations";

/// How many connections write.
const CONNECTIONS: u64 = 8;

/// The most answers before a kill.
const ANSWERS: u64 = 500;

/// The longest from the last of these answers to the kill, in microseconds, so that it meets any part of a commit. Every other
/// kill follows at once: it finds what was answered too early.
const DELAY: u64 = 2_000;

/// A change that was asked for.
#[derive(Debug, Clone)]
pub(crate) enum Write {
    Create { name: String, operations: u64 },
    Allocate { child: u64, operations: u64 },
}

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Created { id: u64 },
    Allocated,
    Refused,
}

/// A write in the log. Times are places in one count of everything that was sent and answered in a round.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) write: Write,
    pub(crate) sent: u64,
    /// When the answer was there; nothing where none came.
    pub(crate) answered: Option<(u64, Answer)>,
}

/// What happened between a start and the kill.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) log: Vec<Entry>,
    pub(crate) took: Duration,
}

impl Round {
    /// Returns how many writes were answered with a success.
    pub(crate) fn answered(&self) -> usize {
        self.log.iter().filter(|entry| entry.answered.is_some_and(|(_, answer)| answer != Answer::Refused)).count()
    }

    pub(crate) fn unanswered(&self) -> usize {
        self.log.iter().filter(|entry| entry.answered.is_none()).count()
    }
}

/// Writes until a random number of answers came, kills the process with writes under way, and returns the log.
pub(crate) fn until_killed(served: ServerProcess, random: &mut Random, children: &[u64]) -> Round {
    let answers = usize::try_from(1 + random.below(ANSWERS)).unwrap();
    let delay = Duration::from_micros(random.below(2) * random.below(DELAY));
    let clock = AtomicU64::new(1);
    let (on_answer, answered) = channel();
    thread::scope(|scope| {
        let begin = Instant::now();
        let writers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let writer = Writer {
                    connection: served.connect(),
                    random: random.split(),
                    children: children.to_vec(),
                    clock: &clock,
                    on_answer: on_answer.clone(),
                };
                scope.spawn(|| writer.write())
            })
            .collect();
        drop(on_answer);
        assert_eq!(answered.iter().take(answers).count(), answers, "the process ended by itself");
        thread::sleep(delay);
        drop(served);
        let took = begin.elapsed();
        let log = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        Round { log, took }
    })
}

/// One connection with what it needs to write.
struct Writer<'a> {
    connection: Connection,
    random: Random,
    /// The children that it may change: those of earlier rounds, which others change too, and its own.
    children: Vec<u64>,
    clock: &'a AtomicU64,
    on_answer: Sender<()>,
}

impl Writer<'_> {
    /// Writes until an answer does not come.
    fn write(mut self) -> Vec<Entry> {
        let mut log = Vec::new();
        loop {
            let write = self.draw();
            let sent = self.tick();
            let answer = self.send(&write);
            let answered = answer.ok().map(|answer| (self.tick(), answer));
            log.push(Entry { write, sent, answered });
            match answered {
                None => return log,
                Some((_, Answer::Created { id })) => self.children.push(id),
                Some(_) => {}
            }
            // Nobody counts any more once the kill is on its way.
            let _ = self.on_answer.send(());
        }
    }

    fn draw(&mut self) -> Write {
        let operations = match self.random.below(16) {
            // More than there is: a refusal amid what succeeds.
            0 => TOTAL + 10_000,
            _ => self.random.below(20) * 10_000,
        };
        if self.random.below(4) == 0 {
            Write::Create { name: format!("Soak {:016x}", self.random.below(u64::MAX)), operations }
        } else {
            let place = self.random.below(self.children.len().try_into().unwrap());
            Write::Allocate { child: self.children[usize::try_from(place).unwrap()], operations }
        }
    }

    fn send(&mut self, write: &Write) -> io::Result<Answer> {
        let (status, body) = match write {
            Write::Create { name, operations } => {
                let body = json!({
                    "userEmail": email(name),
                    "userName": name,
                    "organizationName": name,
                    "regionId": 1,
                    "countryId": 75,
                    "operations": operations,
                });
                self.connection.exchange("POST", CHILDREN, Some(&body))?
            }
            Write::Allocate { child, operations } => {
                let body = json!({ "operations": operations });
                self.connection.exchange("PATCH", &format!("{CHILDREN}/{child}"), Some(&body))?
            }
        };
        let body: Value = serde_json::from_slice(&body).unwrap();
        Ok(match (write, status) {
            (Write::Create { operations, .. } | Write::Allocate { operations, .. }, 409) => {
                assert!(*operations > TOTAL, "{write:?}: {body}");
                Answer::Refused
            }
            (Write::Create { .. }, 200) => Answer::Created { id: body["childOrganizationId"].as_u64().unwrap() },
            (Write::Allocate { operations, .. }, 200) => {
                assert_eq!(body["newChildOperations"], *operations, "{write:?}: {body}");
                Answer::Allocated
            }
            _ => panic!("{write:?}: {status} {body}"),
        })
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::SeqCst)
    }
}

/// Returns the address of a child's owner, one for each child, so that half a create would leave an owner behind.
pub(crate) fn email(name: &str) -> String {
    format!("{}@soak.example", name.to_lowercase().replace(' ', "."))
}
