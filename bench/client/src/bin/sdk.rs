//! The finished client against Make's own SDK on Node, which `bench/sdk.sh` installs: p50 and CPU time of a list of 200 children.
//!
//! Each reads in a process of its own, pinned to one processor, and they take turns. What is printed is the median of the ratios.
#![expect(clippy::print_stdout, reason = "it shows what it measured")]

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use mms_bench::{Fault, Server, client_runtime, cpu_time, finished, median, pin, run_server_if_asked};
use mms_types::OrganizationId;

const CHILDREN: u64 = 200;
const WARM_UP: usize = 1_000;
const CALLS: usize = 2_000;
const ROUNDS: usize = 9;

/// The argument that makes this program a reader; the next one is the root of the API.
const READ: &str = "--read";

fn main() -> Result<(), Fault> {
    run_server_if_asked()?;
    pin(0)?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    let script = match &arguments[..] {
        [argument, base_url] if argument == READ => return read(base_url),
        [script] if Path::new(script).is_file() => script,
        _ => return Err("name the script of the SDK: run bench/sdk.sh".into()),
    };
    let server = Server::start(true)?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut node = Command::new("node");
        node.args([script, server.base_url()]).args([CHILDREN.to_string(), WARM_UP.to_string(), CALLS.to_string()]);
        let mut client = Command::new(env::current_exe()?);
        client.args([READ, server.base_url()]);
        rounds.push([figures(&mut node)?, figures(&mut client)?]);
    }
    println!("{:<18} {:>10} {:>10}", "children: 200", "p50", "CPU");
    for (which, name) in ["SDK on Node", "finished client"].iter().enumerate() {
        let [p50, cpu] = [0, 1].map(|figure| median(rounds.iter().map(|round| round[which][figure])));
        println!("{name:<18} {p50:>7.1} us {cpu:>7.1} us");
    }
    let faster = median(rounds.iter().map(|[node, client]| node[0] / client[0]));
    let cpu = median(rounds.iter().map(|[node, client]| client[1] / node[1]));
    println!("{faster:.2} times faster, with {cpu:.2} of the CPU time");
    Ok(())
}

/// Lets a reader run, and reads the two figures that it prints.
fn figures(reader: &mut Command) -> Result<[f64; 2], Fault> {
    let output = reader.stderr(Stdio::inherit()).output()?;
    let printed = String::from_utf8(output.stdout)?;
    let (p50, cpu) = printed.trim().split_once(' ').ok_or_else(|| format!("no figures: {}", output.status))?;
    Ok([p50.parse()?, cpu.parse()?])
}

/// Reads the list through the client, and prints the median time and the CPU time of a call in microseconds.
fn read(base_url: &str) -> Result<(), Fault> {
    let mut times = Vec::with_capacity(CALLS);
    let cpu = client_runtime()?.block_on(async {
        let client = finished(base_url)?;
        let call = || client.list_child_organizations().organization_id(OrganizationId::new(CHILDREN)).send();
        for _ in 0..WARM_UP {
            call().await?;
        }
        let before = cpu_time()?;
        for _ in 0..CALLS {
            let start = Instant::now();
            call().await?;
            times.push(start.elapsed());
        }
        Ok::<_, Fault>(cpu_time()?.saturating_sub(before))
    })?;
    times.sort_unstable();
    let micros = |seconds: f64| seconds * 1e6;
    println!(
        "{} {}",
        micros(times[CALLS / 2].as_secs_f64()),
        micros(cpu.as_secs_f64()) / f64::from(u32::try_from(CALLS)?)
    );
    Ok(())
}
