//! Rehearsal: the steps on a sandbox in memory, with the children as they are and with faults.

use mms_client::{ApiToken, BaseUrl, Client, CreateOncePolicy, MemoryJournal, Run, RunId, SystemRandom};
use mms_fleet::{Action, Apply, Observed, ObservedChild, Report, Step, StopSignal};
use mms_sandbox::Sandbox;
use mms_sandbox::types::{Fault, FaultAction, FaultKind, FaultRule, SandboxState};
use mms_types::{OrganizationId, OrganizationName};
use serde_json::json;

use super::applied::AppliedStep;
use crate::output::data::grouped;
use crate::output::failure::Failure;
use crate::session::Session;

/// The token of the sandbox, which nobody else can reach.
const TOKEN: &str = "00000000-0000-4000-8000-000000000012";

/// What the token may do there.
const SCOPES: [&str; 3] = ["managed-organizations:read", "managed-organizations:write", "organizations:read"];

/// Applies steps to a sandbox in memory, and fails where they do not end as planned there.
pub(super) async fn rehearse(
    session: &Session,
    observed: &Observed,
    steps: &[Step],
    reserve: u64,
) -> Result<(), Failure> {
    let parent = session.organization_id()?;
    let sandbox = Sandbox::builder().state(state(parent, observed)?).start().await?;
    let report = on(&sandbox, parent, steps, reserve).await;
    let stopped = sandbox.stop().await;
    let (report, requests, faults) = report?;
    stopped?;
    let printer = session.printer();
    if report.is_done() {
        printer.note(&format!(
            "Rehearsed on a sandbox, {}: {} of {} steps done with {requests} requests, {} credits left in the pool.",
            in_words(&faults),
            report.steps.len(),
            report.steps.len(),
            report.read_back.pool.map_or_else(|| "unknown".to_owned(), grouped)
        ));
        return Ok(());
    }
    printer.list(&AppliedStep::all(&report))?;
    Err(Failure::failed("the rehearsal on a sandbox did not end as planned: nothing was sent")
        .hint("the rows above are those of the sandbox; plan again, or report them"))
}

/// What became of the steps, with how many requests, and the faults that they met.
type Rehearsed = (Report, u64, Vec<Fault>);

async fn on(sandbox: &Sandbox, parent: OrganizationId, steps: &[Step], reserve: u64) -> Result<Rehearsed, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::failed(format!("the rehearsal cannot begin: {error}"));
    let base_url: BaseUrl = sandbox.base_url().parse().map_err(|error: mms_client::BaseUrlError| failed(&error))?;
    let token: ApiToken = TOKEN.parse().map_err(|error: mms_client::ApiTokenError| failed(&error))?;
    let client = Client::builder(base_url, token).unpaced().build().map_err(|error| failed(&error))?.batch();
    let steps = at_home(&client, steps).await.map_err(|error| failed(&error))?;
    for rule in faults() {
        sandbox.control().add_fault(rule).map_err(|error| failed(&error))?;
    }
    let run = Run {
        id: RunId::draw(&SystemRandom),
        at: std::time::SystemTime::now().into(),
        api: client.api_name(),
        parent,
        who: String::new(),
        command: "rehearse".to_owned(),
        files: Vec::new(),
        plan: None,
    };
    let (journal, policy) = (MemoryJournal::new(), CreateOncePolicy::default());
    let apply = Apply::new(&client, &journal, &policy, run).keeping(reserve);
    let report = Box::pin(apply.run(&steps, &StopSignal::new(), &|_| {})).await.map_err(|error| failed(&error))?;
    Ok((report, client.requests_sent(), sandbox.control().faults().faults))
}

/// Returns a sandbox with what was observed.
fn state(parent: OrganizationId, observed: &Observed) -> Result<SandboxState, Failure> {
    let consumed = |child: &ObservedChild| observed.consumption.as_ref()?.get(&child.id).copied();
    let child = |child: &ObservedChild| {
        // A name that could not be created, or none, is there all the same.
        let name = child.name.as_deref().and_then(|name| name.parse::<OrganizationName>().ok());
        let name = name.map_or_else(|| format!("Child {}", child.id), |name| name.as_str().to_owned());
        json!({
            "organizationId": child.id,
            "organizationName": name,
            "operationsAllocated": child.credits.unwrap_or_default(),
            "centicreditsConsumed": consumed(child).unwrap_or_default(),
        })
    };
    let distributor = json!({
        "organizationId": parent,
        "operations": observed.pool.unwrap_or_default(),
        "apiLimit": 1_000_000,
        "tokens": [{ "token": TOKEN, "scopes": SCOPES }],
        "children": observed.children.iter().map(child).collect::<Vec<_>>(),
    });
    serde_json::from_value(json!({ "distributors": [distributor] }))
        .map_err(|error| Failure::failed(format!("the children cannot be planted in a sandbox: {error}")))
}

/// Returns the steps with a region and a country of the sandbox, whose ids are not Make's.
async fn at_home(client: &Client, steps: &[Step]) -> Result<Vec<Step>, mms_client::Error> {
    let regions = client.list_regions().send().await?.into_inner().imt_regions;
    let countries = client.list_countries().send().await?.into_inner().countries;
    let mut steps = steps.to_vec();
    if let (Some(region), Some(country)) = (regions.first(), countries.first()) {
        for step in &mut steps {
            if let Action::Create { request } = &mut step.action {
                (request.region_id, request.country_id) = (region.id, country.id);
            }
        }
    }
    Ok(steps)
}

/// Returns what goes wrong on the sandbox: what a client has to bear without a doubled write. The first writes of each kind meet some of
/// it, so that a plan of one step does, too. (Of a create on a connection that is closed before it nobody can know, so that it meets none.)
fn faults() -> Vec<FaultRule> {
    let (create, allocate) = ("create_child_organization", "update_child_organization_allocation");
    let limited = || FaultAction { retry_after_seconds: Some(1), ..FaultKind::TooManyRequests.into() };
    vec![
        FaultRule::from(limited()).on(create).nth(1),
        FaultRule::from(FaultKind::CloseAfter).on(create).nth(2),
        FaultRule::from(limited()).on(allocate).nth(1),
        FaultRule::from(FaultKind::CloseAfter).on(allocate).nth(2),
        FaultRule::from(FaultKind::CloseBefore).on(allocate).nth(3),
        FaultRule::from(FaultKind::CloseAfter).on(create).every(5),
        FaultRule::from(FaultKind::CloseAfter).on(allocate).every(7),
        FaultRule::from(FaultKind::CloseBefore).on(allocate).every(11),
        FaultRule::from(FaultKind::BadGateway).on(allocate).every(13),
    ]
}

/// Says which faults have acted, and how often.
fn in_words(faults: &[Fault]) -> String {
    let kinds = [
        (FaultKind::CloseAfter, "lost answer", "lost answers"),
        (FaultKind::CloseBefore, "closed connection", "closed connections"),
        (FaultKind::TooManyRequests, "answer 429", "answers 429"),
        (FaultKind::BadGateway, "answer 502", "answers 502"),
    ];
    let told = kinds.into_iter().filter_map(|(kind, one, many)| {
        let acted = faults.iter().filter(|fault| fault.rule.action.kind == kind).map(|fault| fault.acted).sum::<u64>();
        (acted > 0).then(|| format!("{} {}", grouped(acted), if acted == 1 { one } else { many }))
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() { "without a fault".to_owned() } else { format!("with {}", told.join(", ")) }
}
