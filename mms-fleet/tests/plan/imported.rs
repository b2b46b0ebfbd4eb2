//! An import never answers the question that a plan asks: what it asked about before, it asks about afterwards.

use std::collections::HashSet;
use std::fmt::Write;

use mms_fleet::{Child, CreateWhen, Fleet, FleetFiles, ImportOptions, Observed, Plan};

use crate::draw::Drawn;
use crate::sample::{TODAY, catalogue};

/// Holds that what no plan creates or calls gone before an import, none does after it.
pub(crate) fn an_import_lifts_no_doubt(drawn: &Drawn) {
    let text = text(&drawn.fleet);
    let files = FleetFiles::parse(&[("fleet.yaml", &text)]).unwrap();
    let (edited, report) = files.import(&drawn.observed, &ImportOptions { today: TODAY }).unwrap();
    assert_eq!(report.by_hand, []);
    // What the import did not know may be known to the plan after it.
    let observed = Observed { catalogue: Some(catalogue()), ..drawn.observed.clone() };
    let plan = |fleet| Plan::new(fleet, &observed, &drawn.options);
    let (before, after) = (plan(files.fleet()), plan(edited.files().fleet()));
    assert!(creates(&after).is_subset(&creates(&before)), "{text}\n{:?}\n{after:?}", drawn.observed);
    assert!(after.gone.iter().all(|name| before.gone.contains(name)), "{text}\n{:?}\n{after:?}", drawn.observed);
}

fn creates(plan: &Plan) -> HashSet<&str> {
    let steps = plan.steps.iter().chain(&plan.left_out).filter(|step| step.is_create());
    steps.map(|step| step.name.as_str()).collect()
}

/// Writes a fleet as a file, as far as it says which child is which.
fn text(fleet: &Fleet) -> String {
    let mut text = "format: 1\norganization: 11\nchildren:\n".to_owned();
    for child in &fleet.children {
        let keys = [
            child.id.map(|id| format!("id: {id}")).or_else(|| is_new(child).then(|| "id: new".to_owned())),
            child.owner.as_ref().map(|owner| format!("owner: {{email: {}, name: Ada}}", owner.email)),
            child.region.as_ref().map(|region| format!("region: {}", region.text)),
            child.country.as_ref().map(|country| format!("country: {}", country.text)),
            child.credits.filter(|_| !child.retired).map(|credits| format!("credits: {credits}")),
            child.hold.then(|| "hold: true".to_owned()),
            child.retired.then(|| "retired: true".to_owned()),
        ];
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        writeln!(text, "  {:?}: {{{}}}", child.name.as_str(), keys.join(", ")).unwrap();
    }
    text
}

fn is_new(child: &Child) -> bool {
    child.create == CreateWhen::Always && !child.retired
}
