//! kill -9 of the command at any moment of a create: the next command knows what became of it. No child is made twice, and none
//! is there of which the journal does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use mms_client::{FileJournal, Journal, Random, SeededRandom};

use crate::support::proxy::Proxy;
use crate::support::server::Server;
use crate::support::world::{Seen, World};

/// What a command does to its files and connections. Each call of each of them is a moment to die at.
const SYSTEM_CALLS: [&str; 20] = [
    "openat",
    "mkdir",
    "flock",
    "lseek",
    "read",
    "write",
    "ftruncate",
    "fsync",
    "fdatasync",
    "statx",
    "close",
    "socket",
    "connect",
    "writev",
    "recvfrom",
    "epoll_ctl",
    "epoll_wait",
    "pwrite64",
    "unlink",
    "rename",
];

/// How many children a world gets before another takes its place, so that their list stays on one page.
const CHILDREN: usize = 60;

/// A user with a distributor of their own.
struct Place {
    world: World,
    /// The sandbox process and the way to it; nothing where the sandbox lives and dies within the command.
    served: Option<(Proxy, Server)>,
    names: usize,
}

impl Place {
    fn served() -> Self {
        let home = World::new();
        // Limits are not what this is about, and this asks more than a person does.
        let server = Server::start(&home, &["--data", "served.db", "--set", "limiter=off"]);
        let base_url = server.printed["baseUrl"].as_str().unwrap();
        let address = base_url.trim_start_matches("http://").trim_end_matches("/api/v2").parse().unwrap();
        let proxy = Proxy::to(address);
        let world = home
            .with("MMS_BASE_URL", proxy.base_url())
            .with("MAKE_API_KEY", server.printed["token"].as_str().unwrap())
            .with("MMS_ORGANIZATION_ID", server.printed["organizationId"].to_string());
        Self { world, served: Some((proxy, server)), names: 0 }
    }

    fn embedded() -> Self {
        Self { world: World::new(), served: None, names: 0 }
    }

    fn proxy(&self) -> Option<&Proxy> {
        self.served.as_ref().map(|(proxy, _)| proxy)
    }

    fn journal(&self) -> PathBuf {
        self.world.path(if self.served.is_some() { ".local/state/mms/intents" } else { "data/mms/sandbox.db.intents" })
    }

    /// Returns a command of this place. What earlier ones sent is forgotten, so that nobody waits for the next minute.
    fn command(&self, words: &[&str]) -> Command {
        drop(std::fs::remove_dir_all(self.world.path(".local/state/mms/sent")));
        let sandbox = if self.served.is_some() { None } else { Some("--sandbox") };
        let mut command = self.world.command(&words.iter().copied().chain(sandbox).collect::<Vec<_>>());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Seen {
        self.world.seen(self.command(words).stderr(Stdio::piped()))
    }

    /// Returns a create of a name that nobody had before.
    fn create(&mut self) -> (String, Command) {
        self.names += 1;
        let name = format!("Child {}", self.names);
        let command = self.command(&create(&name));
        (name, command)
    }

    fn settle_down(&self) {
        if let Some(proxy) = self.proxy() {
            proxy.settle_down();
        }
    }

    /// Finds out what became of a create whose command died, as its user would, and runs it again.
    fn find_out(&self, name: &str, tally: &mut Tally) {
        self.settle_down();
        let settled = self.run(&["child", "settle", "--settle-wait=0", "--yes", "--output=json"]);
        let row = settled.json()[0].clone();
        let ending = match (settled.code, row["outcome"].as_str()) {
            (0, None) => "known or not begun",
            (0, Some("adopted")) => "adopted",
            (5, Some("absent_unproven")) => {
                assert_eq!(self.children().into_values().filter(|child| child == name).count(), 0, "{settled}");
                let intent = row["intent"].as_str().unwrap();
                let because = "--reason=it is not there";
                let decide = ["child", "settle", "--intent", intent, "--give-up", because, "--settle-wait=0", "--yes"];
                let decided = self.run(&decide);
                assert_eq!(decided.code, 0, "{decided}");
                "absent, given up"
            }
            other => panic!("{other:?} {settled}"),
        };
        let again = self.run(&create(name));
        let is_there = again.code == 6 && again.stderr.contains(&format!("named {name:?} exists: "));
        assert!(again.code == 0 || is_there, "{again}");
        *tally.endings.entry((ending, if is_there { "was there" } else { "created again" })).or_default() += 1;
    }

    fn children(&self) -> BTreeMap<u64, String> {
        let list = self.run(&["child", "list", "--output=json"]);
        assert_eq!(list.code, 0, "{list}");
        let json = list.json();
        let child = |row: &serde_json::Value| {
            (row["organizationId"].as_u64().unwrap(), row["organizationName"].as_str().unwrap().to_owned())
        };
        json.as_array().unwrap().iter().map(child).filter(|(_, name)| name.starts_with("Child ")).collect()
    }

    /// Makes sure that every name is there once, and that the journal knows each child.
    fn check(&self) {
        let children = self.children();
        let names: BTreeSet<_> = children.values().cloned().collect();
        assert_eq!(names.len(), children.len(), "a child is there twice: {children:?}");
        assert_eq!(names.len(), self.names, "a child is missing: {children:?}");
        let journal = FileJournal::open(self.journal()).unwrap();
        assert!(journal.open_intents().unwrap().is_empty());
        let known: BTreeMap<_, _> = journal
            .claims()
            .unwrap()
            .into_iter()
            .map(|claim| (claim.organization_id.get(), claim.organization_name))
            .collect();
        assert_eq!(known, children, "what the journal knows, and what is there");
    }
}

fn create(name: &str) -> Vec<&str> {
    let owner = ["child", "create", "--name", name, "--owner-name=Ada", "--owner-email=ada@dorado.example"];
    [&owner[..], &["--region=EU", "--country=CZ", "--credits=0", "--settle-wait=0", "--yes"]].concat()
}

/// What came of the deaths.
#[derive(Default)]
struct Tally {
    deaths: usize,
    endings: BTreeMap<(&'static str, &'static str), usize>,
}

impl Tally {
    #[expect(clippy::print_stdout, reason = "the figures are what the full form is run for")]
    fn print(&self, what: &str, since: Instant) {
        let Self { deaths, endings } = self;
        println!("{what}: {deaths} deaths in {:.0?}, 0 duplicates, 0 lost; {endings:?}", since.elapsed());
    }
}

/// Kills creates at every step of the network from one on.
fn at_every_step(first: usize) -> Tally {
    let (since, mut tally, mut place) = (Instant::now(), Tally::default(), Place::served());
    for step in first.. {
        let (name, mut command) = place.create();
        let died = place.proxy().unwrap().kill_at(step, || command.spawn().unwrap());
        place.settle_down();
        if !died {
            break;
        }
        tally.deaths += 1;
        place.find_out(&name, &mut tally);
    }
    place.check();
    tally.print("at every step of the network", since);
    tally
}

/// Runs a create until a system call comes for the n-th time in one of its threads: whether it died there.
fn dies_at(create: &Command, call: &str, number: usize) -> bool {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")]);
    strace.args(["-e", &format!("inject={call}:signal=SIGKILL:when={number}")]);
    strace.arg(create.get_program()).args(create.get_args()).current_dir(create.get_current_dir().unwrap()).env_clear();
    strace.envs(create.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let status = strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    // It ends as its child did.
    let died = status.signal() == Some(9);
    assert!(died || status.success(), "{status}");
    died
}

/// Kills creates at every system call that matters.
fn at_every_call(start: fn() -> Place, what: &str) -> usize {
    let (since, mut tally, mut place) = (Instant::now(), Tally::default(), start());
    for call in SYSTEM_CALLS {
        for number in 1.. {
            if place.names >= CHILDREN {
                place.check();
                place = start();
            }
            let (name, command) = place.create();
            if !dies_at(&command, call, number) {
                break;
            }
            tally.deaths += 1;
            place.find_out(&name, &mut tally);
        }
    }
    place.check();
    tally.print(what, since);
    tally.deaths
}

/// Lets a process run for so long, and kills it.
fn kill_after(mut process: Child, time: Duration) {
    thread::sleep(time);
    process.kill().unwrap();
    process.wait().unwrap();
}

/// Kills creates, and then what settles them, at random times.
fn at_random_times(start: fn() -> Place, what: &str, random: &SeededRandom, deaths: usize) {
    let mut place = start();
    let clock = Instant::now();
    let (_, mut command) = place.create();
    assert!(command.status().unwrap().success());
    let long = clock.elapsed().mul_f64(1.2);
    let (since, mut tally) = (Instant::now(), Tally::default());
    while tally.deaths < deaths {
        if place.names >= CHILDREN {
            place.check();
            place = start();
        }
        let (name, mut command) = place.create();
        kill_after(command.stderr(Stdio::null()).spawn().unwrap(), long.mul_f64(random.fraction()));
        tally.deaths += 1;
        place.settle_down();
        if random.fraction() < 0.5 {
            let mut settle = place.command(&["child", "settle", "--settle-wait=0"]);
            kill_after(settle.spawn().unwrap(), long.mul_f64(random.fraction()));
        }
        place.find_out(&name, &mut tally);
    }
    place.check();
    tally.print(what, since);
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|text| text.parse().unwrap())
}

#[test]
fn a_create_that_dies_at_any_step_of_the_network_is_settled_by_the_next_command() {
    // What comes before that are the reads on which the plan is made, before there is an intent.
    let tally = at_every_step(11);

    for ending in ["adopted", "absent, given up", "known or not begun"] {
        assert!(tally.endings.keys().any(|(found, _)| *found == ending), "{:?}", tally.endings);
    }
}

/// At random times in the short form; at every step of the network and every system call too in the full one, which is
/// `cargo xtask soak command` and needs strace. `MMS_SOAK_SEED` repeats a run, and `MMS_SOAK_KILLS` says how often it kills at
/// random times.
#[test]
fn a_create_that_dies_at_any_call_or_time_is_settled_by_the_next_command() {
    let is_soak = env::var_os("MMS_SOAK").is_some();
    let seed = number("MMS_SOAK_SEED")
        .unwrap_or_else(|| SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos().into());
    println!("MMS_SOAK_SEED={seed} draws these times again");
    let random = SeededRandom::new(seed);
    let deaths = usize::try_from(number("MMS_SOAK_KILLS").unwrap_or(if is_soak { 500 } else { 8 })).unwrap();

    at_random_times(Place::served, "at random times, with a server", &random, deaths);
    at_random_times(Place::embedded, "at random times, with a sandbox within", &random, deaths);
    if is_soak {
        assert!(at_every_step(1).deaths >= 16);
        assert!(at_every_call(Place::served, "at every call, with a server") >= 200);
        assert!(at_every_call(Place::embedded, "at every call, with a sandbox within") >= 200);
    }
}
