//! How often a call allocates memory: the finished client against the same generated code without hooks.
#![expect(clippy::print_stdout, reason = "it shows what it measured")]

use allocation_counter::measure;
use mms_bench::{Fault, Generated, Server, client_runtime, finished, run_server_if_asked};
use mms_types::OrganizationId;

/// A buffer or a queue that grows now and then is shared out over so many calls.
const CALLS: u32 = 1_000;

fn main() -> Result<(), Fault> {
    run_server_if_asked()?;
    let server = Server::start(true)?;
    let runtime = client_runtime()?;
    let plain = Generated::new(server.base_url())?;
    let client = finished(server.base_url())?;

    println!("{:<10} {:>16} {:>16} {:>8}", "children", "generated code", "finished client", "ratio");
    for children in [1, 200] {
        let id = OrganizationId::new(children);
        let generated = per_call(|| runtime.block_on(plain.children(id)).map(drop))?;
        let finished = per_call(|| {
            let answer = runtime.block_on(client.list_child_organizations().organization_id(id).send());
            Ok(answer.map(drop)?)
        })?;
        println!("{children:<10} {generated:>16.1} {finished:>16.1} {:>8.3}", finished / generated);
    }
    Ok(())
}

/// Counts the allocations of a call, which has been made before: the connection is there.
fn per_call(mut call: impl FnMut() -> Result<(), Fault>) -> Result<f64, Fault> {
    call()?;
    let mut outcome = Ok(());
    let counted = measure(|| outcome = (0..CALLS).try_for_each(|_| call()));
    outcome?;
    Ok(f64::from(u32::try_from(counted.count_total)?) / f64::from(CALLS))
}
