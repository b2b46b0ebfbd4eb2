//! What an apply of 60 steps at 240 requests a minute takes in real time, on a sandbox that answers after 100 ms; run by
//! `bench/fleet.sh`.
#![expect(clippy::print_stdout, reason = "it shows what it measured")]

use std::error::Error;
use std::time::{Duration, Instant, SystemTime};

use mms_client::types::OrganizationId;
use mms_client::{
    BaseUrl, Client, CreateOncePolicy, FileJournal, MemoryJournal, Run, RunId, SystemRandom, WriteJournal,
};
use mms_fleet::{Action, Apply, Step, StopSignal};
use mms_sandbox::Sandbox;
use mms_sandbox::types::{FaultAction, FaultKind};
use serde_json::json;

type Fault = Box<dyn Error>;

const STEPS: u64 = 60;
const LIMIT: u32 = 240;
const DELAY: Duration = Duration::from_millis(100);
const PARALLEL: usize = 8;
const PARENT: OrganizationId = OrganizationId::new(11);
const TOKEN: &str = "00000000-0000-4000-8000-000000000011";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let file = FileJournal::open(folder.path().join("intents"))?;
    let memory = MemoryJournal::new();
    let alone = apply(&memory, 1).await?;
    let in_memory = apply(&memory, PARALLEL).await?;
    let on_disk = apply(&file, PARALLEL).await?;
    // Two looks of two requests each, and the steps eight at a time.
    let answers = 4 + STEPS.div_ceil(PARALLEL as u64);
    let least = DELAY * u32::try_from(answers)?;
    println!("{STEPS} steps at {LIMIT} a minute, answers after {DELAY:?}");
    println!("  one at a time                  {alone:.2?}");
    println!(
        "  {PARALLEL} at a time                    {in_memory:.2?}, {:.0} % of what the answers allow",
        share(least, in_memory)
    );
    println!("  the same, journal on disk      {on_disk:.2?}, {:+.1} %", share(on_disk, in_memory) - 100.0);
    Ok(())
}

fn share(part: Duration, whole: Duration) -> f64 {
    part.as_secs_f64() / whole.as_secs_f64() * 100.0
}

/// Applies the steps to a sandbox of its own, and returns how long that takes.
async fn apply(journal: &dyn WriteJournal, parallel: usize) -> Result<Duration, Fault> {
    let child = |index| json!({ "organizationId": 2_000 + index, "organizationName": format!("Client {index}") });
    let state = json!({ "distributors": [{
        "organizationId": PARENT,
        "operations": 10_000_000,
        "apiLimit": LIMIT,
        "tokens": [{
            "token": TOKEN,
            "scopes": ["managed-organizations:read", "managed-organizations:write", "organizations:read"],
        }],
        "children": (0..STEPS).map(child).collect::<Vec<_>>(),
    }]});
    let sandbox = Sandbox::builder().state(serde_json::from_value(state)?).start().await?;
    let delay = FaultAction { milliseconds: u64::try_from(DELAY.as_millis()).ok(), ..FaultKind::DelayBefore.into() };
    sandbox.control().add_fault(delay.into())?;
    let base_url: BaseUrl = sandbox.base_url().parse()?;
    let client = Client::builder(base_url, TOKEN.parse()?).requests_per_minute(LIMIT.try_into()?).build()?.batch();
    let mut steps = Vec::new();
    for index in 0..STEPS {
        let action = Action::Allocate {
            organization_id: OrganizationId::new(2_000 + index),
            before: 10_000,
            after: "20000".parse()?,
            consumed: None,
            may_pause: false,
        };
        steps.push(Step { name: format!("Client {index}"), priority: 0, action });
    }
    let run = Run {
        id: RunId::draw(&SystemRandom),
        at: SystemTime::now().into(),
        api: client.api_name(),
        parent: PARENT,
        who: "bench".to_owned(),
        command: "apply".to_owned(),
        files: Vec::new(),
        plan: None,
    };
    let policy = CreateOncePolicy::default();
    let begun = Instant::now();
    let report = Apply::new(&client, journal, &policy, run)
        .in_parallel(parallel)
        .run(&steps, &StopSignal::new(), &|_| {})
        .await?;
    let elapsed = begun.elapsed();
    if !report.is_done() {
        return Err(format!("{report:?}").into());
    }
    sandbox.stop().await?;
    Ok(elapsed)
}
