//! Verdict of a simulation: what callers are told, and how every name ends, is held against the distributor.

use std::collections::BTreeSet;
use std::sync::Mutex;

use mms_types::OrganizationId;

use super::report::Report;
use super::world::World;
use crate::env::clock::Clock as _;
use crate::write::create_once::{CreateOnce, CreateOnceError};
use crate::write::distributor::Distributor as _;
use crate::write::journal::simulated::{FOR_EVER, Fuse, SimulatedJournal};
use crate::write::journal::{Claim, IntentOutcome, Journal as _, OpenIntent};

impl World {
    /// Takes what a caller is told of a name, of which `made` creates had been or would be carried out before.
    pub(super) fn hear(&self, name: &str, made: usize, outcome: &Result<CreateOnce, CreateOnceError>) {
        self.report.lock().unwrap().reports += 1;
        let case = format!("seed {}, {name}: {outcome:?}", self.seed);
        match outcome {
            Ok(outcome) => self.hear_of_a_child(name, made, outcome, &case),
            Err(error) if error.maybe_created() => self.hear_that_nobody_knows(name, error, &case),
            Err(error) => {
                assert_eq!(self.model.made(name), made, "{case}");
                assert!(error.intent().is_none(), "{case}");
                // A child without its name in the list may be the one.
                let is_nameless = self.chaos.lists > 0 && error.to_string().contains("without their names");
                assert!(!error.is_ambiguous() || self.is_namesake(name) || is_nameless, "{case}");
            }
        }
    }

    /// A child is there, of ours unless somebody else made one of the name, and it is the same every time.
    fn hear_of_a_child(&self, name: &str, made: usize, outcome: &CreateOnce, case: &str) {
        let id = outcome.organization_id();
        assert!(self.model.named(name).contains(&id), "{case}");
        match outcome {
            CreateOnce::Created { .. } => assert!(made == 0 && self.ours(name) == [id], "{case}"),
            _ => assert!(self.ours(name) == [id] || self.is_namesake(name), "{case}"),
        }
        let known = *self.known.lock().unwrap().entry(name.to_owned()).or_insert(id);
        assert_eq!(known, id, "{case}");
    }

    fn hear_that_nobody_knows(&self, name: &str, error: &CreateOnceError, case: &str) {
        let (named, candidates) = (self.model.named(name), error.candidates());
        let kinds = [error.is_ambiguous(), error.is_unproven(), error.is_contradiction(), error.is_journal()];
        match kinds {
            [true, false, false, false] => {
                let are_there = candidates.len() > 1 && candidates.iter().all(|id| named.contains(id));
                assert!(are_there && self.is_namesake(name), "{case}");
            }
            [false, true, false, false] => {
                assert!(error.intent().is_some(), "{case}");
                let was_looked_at = self.chaos.lists == 0;
                assert!(!was_looked_at || !self.shows(name), "{case}: a list shows it");
            }
            // The journal has a child that no list shows, or the pool fell: for this child, or for what others did.
            [false, false, true, false] => match error.intent() {
                None => assert!(named.contains(&candidates[0]) && !self.shows(name), "{case}"),
                Some(_) => assert!(self.has_others || self.model.made(name) > 0, "{case}"),
            },
            [false, false, false, true] => assert!(named.contains(&candidates[0]), "{case}"),
            _ => panic!("{case}"),
        }
    }

    fn is_namesake(&self, name: &str) -> bool {
        self.namesakes.iter().any(|namesake| namesake == name)
    }

    /// Says whether a list shows a child of a name that a create of the client made.
    fn shows(&self, name: &str) -> bool {
        let now = self.model.clock.now();
        let state = self.model.state();
        let mut ours =
            state.children.iter().filter(|child| child.is_ours && child.row.organization_name.as_deref() == Some(name));
        ours.any(|child| child.visible_from <= now)
    }

    /// Judges how every name ends: by what the last caller is told, the journal, and what the distributor has.
    pub(super) fn judged(&self) -> Report {
        let outcomes = self.create_on_a_calm_day();
        let journal = SimulatedJournal::open(&self.disk, &Fuse::new(FOR_EVER));
        let (open, claims) = (journal.open_intents().unwrap(), journal.claims().unwrap());
        let claimed: BTreeSet<_> = claims.iter().map(|claim| claim.organization_id).collect();
        assert_eq!(claimed.len(), claims.len(), "seed {}: a child has two intents", self.seed);

        let mut report = std::mem::take(&mut *self.report.lock().unwrap());
        report.duplicates += self.duplicates();
        for (name, outcome) in outcomes {
            let claims: Vec<_> = claims.iter().filter(|claim| claim.organization_name == name).collect();
            let open: Vec<_> = open.iter().filter(|open| open.intent.organization_name == name).collect();
            self.find_match(&name, &outcome, &claims, &open, &mut report);
        }
        report
    }

    fn find_match(
        &self,
        name: &str,
        outcome: &Result<CreateOnce, CreateOnceError>,
        claims: &[&Claim],
        open: &[&OpenIntent],
        report: &mut Report,
    ) {
        let ours = self.ours(name);
        let case = format!("seed {}, {name}: {outcome:?}, {ours:?}, {claims:?}, {open:?}", self.seed);
        let told = self.known.lock().unwrap().get(name).copied();
        match (outcome, claims, open) {
            (Ok(outcome), [claim], []) => {
                let id = outcome.organization_id();
                assert!(claim.organization_id == id && told.is_none_or(|told| told == id), "{case}");
                assert!(ours == [id] || self.is_namesake(name), "{case}");
                match journal_says(&self.disk, claim) {
                    IntentOutcome::Created { .. } => report.created += 1,
                    IntentOutcome::Adopted { .. } => report.adopted += 1,
                    other => panic!("{case}: {other:?}"),
                }
            }
            (Ok(CreateOnce::Existed { .. }), [], []) => {
                assert!(ours.is_empty() && self.is_namesake(name), "{case}");
                report.existed += 1;
            }
            // Under this name of the place nobody knows which of the two that everyone sees is ours.
            (Err(error), [claim], []) if error.is_ambiguous() && claim.api != self.model.api() => {
                assert!(self.is_namesake(name) && contains_all(error.candidates(), &ours), "{case}");
                report.ambiguous += 1;
            }
            (Err(error), [], [open]) => {
                // What is open under the other name of the place is no less open.
                let is_elsewhere = error.is_elsewhere();
                match &open.stopped {
                    Some(IntentOutcome::Ambiguous { candidates }) if error.is_ambiguous() || is_elsewhere => {
                        assert!(self.is_namesake(name) && contains_all(candidates, &ours), "{case}");
                        report.ambiguous += 1;
                    }
                    Some(IntentOutcome::Unproven) if error.is_unproven() || is_elsewhere => {
                        assert!(ours.is_empty(), "{case}");
                        report.unproven += 1;
                    }
                    Some(IntentOutcome::Contradiction) if error.is_contradiction() || is_elsewhere => {
                        assert!(ours.is_empty() && self.has_others, "{case}");
                        report.contradictions += 1;
                    }
                    _ => panic!("{case}"),
                }
            }
            _ => panic!("{case}"),
        }
    }
}

fn contains_all(ids: &[OrganizationId], others: &[OrganizationId]) -> bool {
    others.iter().all(|other| ids.contains(other))
}

/// Returns the outcome of an intent that became a child.
fn journal_says(disk: &Mutex<Vec<u8>>, claim: &Claim) -> IntentOutcome {
    let outcomes = SimulatedJournal::outcomes(&disk.lock().unwrap());
    outcomes.into_iter().rfind(|(intent, _)| *intent == claim.intent).unwrap().1
}
