//! The finished client against the same request by hand - on one connection of hyper's, and over hyper's client with its pool - and
//! against the same generated code without hooks: p50 of a call, and the CPU time of it, for a list of one child and of 200.
//!
//! They take turns in rounds of some 50 ms, in one process and each on one connection. What is printed is the median, over
//! the rounds, of the ratios of one round: what else the machine does then meets all of them.
#![expect(clippy::print_stdout, reason = "it shows what it measured")]

use std::env;
use std::time::{Duration, Instant};

use mms_bench::{
    ByHand, Fault, Generated, Pooled, Server, client_runtime, cpu_time, finished, median, pin, run_server_if_asked,
};
use mms_client::Client;
use mms_types::OrganizationId;

const ROUNDS: usize = 90;

/// How many children a list has, which is the distributor's id too, and how many calls make a round.
const LISTS: [(u64, usize); 2] = [(1, 600), (200, 200)];

const NAMES: [&str; 4] = ["by hand, one connection", "by hand, pooled", "generated code", "finished client"];

const FINISHED: usize = NAMES.len() - 1;

/// Lets the client have tokio's threads, as many as processors, and client and server every processor.
const THREADS: &str = "--threads";

fn main() -> Result<(), Fault> {
    run_server_if_asked()?;
    let runtime = if env::args().any(|argument| argument == THREADS) {
        println!("tokio's default runtime, not pinned");
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?
    } else {
        println!("one thread, client and server on a processor each");
        pin(0)?;
        client_runtime()?
    };
    let server = Server::start(runtime.metrics().num_workers() == 1)?;
    runtime.block_on(compare(server.base_url()))
}

async fn compare(base_url: &str) -> Result<(), Fault> {
    let mut callers = Callers {
        by_hand: ByHand::connect(base_url).await?,
        pooled: Pooled::new(base_url),
        generated: Generated::new(base_url)?,
        finished: finished(base_url)?,
    };
    for (children, calls) in LISTS {
        println!("\n{:<42} {:>10} {:>10}", format!("children: {children}"), "p50", "CPU");
        callers.round(0, children, calls).await?;
        let mut rounds = Vec::new();
        for round in 0..ROUNDS {
            rounds.push(callers.round(round, children, calls).await?);
        }
        for (which, name) in NAMES.iter().enumerate() {
            let micros = |read: fn(&Cost) -> f64| median(rounds.iter().map(|round| read(&round[which]) * 1e6));
            println!("{name:<42} {:>7.1} us {:>7.1} us", micros(|cost| cost.p50), micros(|cost| cost.cpu));
        }
        for (which, name) in NAMES.iter().enumerate().take(FINISHED) {
            let ratio = |read: fn(&Cost) -> f64| {
                median(rounds.iter().map(|round| read(&round[FINISHED]) / read(&round[which])))
            };
            let (p50, cpu) = (ratio(|cost| cost.p50), ratio(|cost| cost.cpu));
            println!("{:<42} {p50:>10.3} {cpu:>10.3}", format!("finished client / {name}"));
        }
    }
    Ok(())
}

/// Those that are compared.
struct Callers {
    by_hand: ByHand,
    pooled: Pooled,
    generated: Generated,
    finished: Client,
}

/// What a call cost in one round, in seconds.
#[derive(Clone, Copy, Default)]
struct Cost {
    p50: f64,
    cpu: f64,
}

impl Callers {
    /// Lets each of them make so many calls, another one first in each round.
    async fn round(&mut self, round: usize, children: u64, calls: usize) -> Result<[Cost; NAMES.len()], Fault> {
        let mut costs = [Cost::default(); NAMES.len()];
        for turn in 0..NAMES.len() {
            let which = (round + turn) % NAMES.len();
            costs[which] = self.calls(which, OrganizationId::new(children), calls).await?;
        }
        Ok(costs)
    }

    /// Makes calls, one after the other, and says what one of them cost.
    async fn calls(&mut self, which: usize, id: OrganizationId, calls: usize) -> Result<Cost, Fault> {
        let mut times = Vec::with_capacity(calls);
        let before = cpu_time()?;
        for _ in 0..calls {
            let start = Instant::now();
            match which {
                0 => drop(self.by_hand.children(id).await?),
                1 => drop(self.pooled.children(id).await?),
                2 => drop(self.generated.children(id).await?),
                _ => drop(self.finished.list_child_organizations().organization_id(id).send().await?),
            }
            times.push(start.elapsed());
        }
        let cpu = cpu_time()?.saturating_sub(before) / u32::try_from(calls)?;
        times.sort_unstable();
        Ok(Cost { p50: times[calls / 2].as_secs_f64(), cpu: Duration::as_secs_f64(&cpu) })
    }
}
