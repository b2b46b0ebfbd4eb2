//! CPU time of a fleet file of 5,000 children: reading, against the same text as a bare YAML value; and an import that adds, binds and
//! marks. `cargo run --release -p mms-fleet --example fleet_file`.

#![expect(clippy::print_stdout, reason = "its purpose")]

use std::error::Error;
use std::fmt::Write;

use jiff::civil::date;
use mms_fleet::{Fleet, FleetFiles, ImportOptions, Observed, ObservedChild};
use mms_types::OrganizationId;
use rustix::time::{ClockId, clock_gettime};

/// How often each is measured; the median counts.
const ROUNDS: usize = 21;
/// How many children the file has.
const CHILDREN: u64 = 5_000;

fn main() -> Result<(), Box<dyn Error>> {
    let text = text()?;
    let read = median(|| Ok(Fleet::parse(&[("fleet.yaml", &text)])?))?;
    let bare = median(|| Ok(yaml_serde::from_str::<serde_json::Value>(&text)?))?;
    println!(
        "reading     {CHILDREN} children, {} KiB: {read:.1} ms, {:.2} of a bare YAML value",
        text.len() / 1024,
        read / bare
    );

    let observed = observed();
    let options = ImportOptions { today: date(2026, 11, 28) };
    let files = FleetFiles::parse(&[("fleet.yaml", &text)])?;
    let import = median(|| Ok(files.import(&observed, &options)?))?;
    let (edited, report) = files.import(&observed, &options)?;
    let again = median(|| Ok(edited.files().import(&observed, &options)?))?;
    let [added, bound, gone] = [report.added.len(), report.bound.len(), report.gone.len()];
    println!(
        "import      {added} added, {bound} bound, {gone} marked: {import:.1} ms; reading included {:.1} ms",
        import + read
    );
    println!("import again, nothing to do: {again:.1} ms; reading included {:.1} ms", again + read);
    Ok(())
}

/// A file as a person keeps one: comments, blocks and braces, quotes.
fn text() -> Result<String, std::fmt::Error> {
    let mut text =
        String::from("format: 1\norganization: 11\ndefaults: {region: EU, country: ES, credits: 10000}\nchildren:\n");
    for id in 1..=CHILDREN {
        let known = if id % 10 == 0 { String::new() } else { format!("id: {id}, ") };
        match id % 3 {
            0 => writeln!(
                text,
                "  Client {id}: {{{known}external_id: CRM-{id}, credits: 20000, labels: [gold, café]}} # from {id}"
            )?,
            1 => {
                writeln!(
                    text,
                    "  # client number {id}\n  \"Client {id}\":\n    credits: 30000\n    owner: {{email: o{id}@acme.example, name: Ada Owner}}"
                )?;
                if !known.is_empty() {
                    writeln!(text, "    id: {id} # bound")?;
                }
            }
            _ => writeln!(
                text,
                "  Client {id}:\n    {}minimum: 10000\n    maximum: 200000\n",
                known.replace(", ", "\n    ")
            )?,
        }
    }
    Ok(text)
}

/// What exists: every tenth child to be bound, one of a hundred gone, and 500 new ones.
fn observed() -> Observed {
    let ids = (1..=CHILDREN + 500).filter(|id| id % 100 != 1);
    let children = ids.map(|id| ObservedChild {
        id: OrganizationId::new(id),
        name: Some(format!("Client {id}")),
        credits: Some(20_000),
        country: None,
    });
    Observed { children: children.collect(), is_complete: true, ..Observed::default() }
}

/// Returns the median of the CPU time in milliseconds.
fn median<T>(mut run: impl FnMut() -> Result<T, Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let before = cpu();
        drop(run()?);
        times.push(cpu() - before);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[ROUNDS / 2])
}

/// Returns the CPU time of this thread in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "a duration of some seconds")]
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
