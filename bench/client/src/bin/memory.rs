//! What 100,000 children need: memory and time to read them as a stream, page by page, and whole in one answer.
//!
//! Each is read in a process of its own, because a peak never falls again.
#![expect(clippy::print_stdout, reason = "it shows what it measured")]

use std::env;
use std::process::{Command, Stdio};
use std::time::Instant;

use futures_util::TryStreamExt;
use mms_bench::{
    ByHand, Fault, PAGED, Server, WHOLE, client_runtime, finished, median, pin, resident_peak, run_server_if_asked,
};

const CHILDREN: usize = 100_000;

const ROUNDS: usize = 9;

/// The arguments that make this program one of the readers; the second is the root of the API.
const READERS: [(&str, &str); 3] =
    [("--stream", "stream, pages of 100"), ("--whole", "one answer"), ("--by-hand", "one answer, by hand")];

fn main() -> Result<(), Fault> {
    run_server_if_asked()?;
    pin(0)?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [reader, base_url] = &arguments[..] {
        return read(reader, base_url);
    }
    let server = Server::start(true)?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let figures: Result<Vec<Figures>, Fault> =
            READERS.iter().map(|(reader, _)| run(reader, server.base_url())).collect();
        rounds.push(figures?);
    }
    println!("{:<24} {:>10} {:>18}", "100,000 children", "time", "resident, at most");
    for (which, (_, name)) in READERS.iter().enumerate() {
        let time = median(rounds.iter().map(|round| round[which].milliseconds));
        let peak = rounds.iter().map(|round| round[which].peak).fold(0.0, f64::max);
        println!("{name:<24} {time:>7.0} ms {peak:>14.1} MiB");
    }
    let ratio = median(rounds.iter().map(|round| round[1].milliseconds / round[2].milliseconds));
    println!("one answer: {ratio:.3} times the time by hand");
    Ok(())
}

/// What reading the list took.
struct Figures {
    milliseconds: f64,
    peak: f64,
}

/// Lets a reader run, and reads the figures that it prints.
fn run(reader: &str, base_url: &str) -> Result<Figures, Fault> {
    let output = Command::new(env::current_exe()?).args([reader, base_url]).stderr(Stdio::inherit()).output()?;
    let printed = String::from_utf8(output.stdout)?;
    let (milliseconds, peak) = printed.trim().split_once(' ').ok_or_else(|| format!("{reader}: {}", output.status))?;
    Ok(Figures { milliseconds: milliseconds.parse()?, peak: peak.parse()? })
}

/// Reads the list, and prints the time in milliseconds and the peak of this process's memory in MiB.
fn read(reader: &str, base_url: &str) -> Result<(), Fault> {
    let (milliseconds, children) = client_runtime()?.block_on(async {
        let start;
        let children = match reader {
            "--stream" => {
                let client = finished(base_url)?;
                start = Instant::now();
                client.child_organizations(PAGED).try_fold(0, async |count, _| Ok(count + 1)).await?
            }
            "--whole" => {
                let client = finished(base_url)?;
                start = Instant::now();
                let list = client.list_child_organizations().organization_id(WHOLE).send().await?;
                list.managed_organizations.len()
            }
            _ => {
                let mut by_hand = ByHand::connect(base_url).await?;
                start = Instant::now();
                by_hand.children(WHOLE).await?.managed_organizations.len()
            }
        };
        Ok::<_, Fault>((start.elapsed().as_secs_f64() * 1e3, children))
    })?;
    if children != CHILDREN {
        return Err(format!("{children} children arrived").into());
    }
    println!("{milliseconds} {}", resident_peak()?);
    Ok(())
}
