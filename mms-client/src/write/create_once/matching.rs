//! Matching of an intent with the children of a list. Pure.

use std::collections::BTreeSet;

use mms_types::{ChildOrganization, NameKey, OrganizationId};

use crate::write::journal::{Claim, Intent};
use crate::write::look::{Children, Look};

/// Match of an intent in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Match {
    /// Exactly one new child fits, and the list is complete.
    One(Box<ChildOrganization>),
    /// Several do.
    Several(Vec<OrganizationId>),
    /// None is proven to be the one.
    Absent(Absence),
}

/// List that a look returned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum List {
    /// No list.
    #[default]
    None,
    /// A list that may not be all.
    Cut,
    /// The whole list.
    Complete,
}

/// List without a child for an intent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Absence {
    /// The list.
    pub(super) list: List,
    /// The one child that fits in a list that is not complete, so that others may.
    pub(super) hint: Option<OrganizationId>,
    /// New children that do not fit and that no intent of ours became: another name, country or allocation.
    pub(super) strangers: Vec<OrganizationId>,
    /// By how much the pool fell, where that and the strangers would explain a child of ours that does not show.
    pub(super) missing: Option<i64>,
}

/// State of a distributor besides its list.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context<'a> {
    /// The children that intents became.
    pub(super) claims: &'a [Claim],
    /// The intents that may yet become one.
    pub(super) open: &'a [Intent],
    /// The pool, read before the list; nothing where it need not be judged, or cannot.
    pub(super) pool: Option<i64>,
}

impl Context<'_> {
    /// Returns the intents beside one.
    fn others(&self, intent: &Intent) -> impl Iterator<Item = &Intent> {
        self.open.iter().filter(|other| other.id != intent.id)
    }

    /// Says whether an intent beside one waits for a child.
    fn is_awaited(&self, intent: &Intent, child: &ChildOrganization) -> bool {
        self.others(intent).any(|other| fits(other, child))
    }

    /// Says whether another child of ours may have been made since an intent that the list does not show.
    fn hides_another(&self, intent: &Intent, children: &Children) -> bool {
        let mut made = self.claims.iter().filter(|claim| claim.at >= intent.at);
        made.any(|claim| children.find(claim.organization_id).is_none())
            || self.others(intent).any(|other| !children.rows.iter().any(|child| fits(other, child)))
    }
}

/// Finds the match of an intent.
pub(super) fn find_match(intent: &Intent, children: &Children, context: Context<'_>) -> Match {
    let claimed: BTreeSet<OrganizationId> = context.claims.iter().map(|claim| claim.organization_id).collect();
    let is_new = |child: &&ChildOrganization| {
        !intent.ids_before.contains(&child.organization_id) && !claimed.contains(&child.organization_id)
    };
    let (candidates, mut strangers): (Vec<_>, Vec<_>) =
        children.rows.iter().filter(is_new).partition(|child| fits(intent, child));
    strangers.retain(|child| !context.is_awaited(intent, child));
    match candidates[..] {
        [one] if children.is_complete => return Match::One(Box::new(one.clone())),
        [] | [_] => {}
        [..] => return Match::Several(ids(&candidates)),
    }
    let is_unexplained = children.is_complete && candidates.is_empty();
    Match::Absent(Absence {
        list: if children.is_complete { List::Complete } else { List::Cut },
        hint: candidates.first().map(|child| child.organization_id),
        strangers: ids(&strangers),
        missing: if is_unexplained { missing(intent, children, &strangers, context) } else { None },
    })
}

/// Says whether a child is what the intent asked for, as far as the list shows it: name and allocation, and the country where
/// the list has one. Region and owner it does not show.
fn fits(intent: &Intent, child: &ChildOrganization) -> bool {
    child.organization_name.as_ref() == Some(&intent.organization_name)
        && child.operations_allocated.map(i128::from) == Some(i128::from(intent.operations.get()))
        && child.country_id.is_none_or(|country| country == intent.country_id)
}

/// Returns by how much the pool fell for children that are not ours by name, if one of ours may be among them: one that no list
/// shows, or a stranger with our allocation, such as one whose name the server changed.
///
/// One that does not show proves nothing while there may be another child of ours that does not.
fn missing(
    intent: &Intent,
    children: &Children,
    strangers: &[&ChildOrganization],
    context: Context<'_>,
) -> Option<i64> {
    let ours = i128::from(intent.operations.get());
    let before = total(intent.pool_before?, intent.allocated_before);
    let unlisted = before - total(context.pool?, children.allocated()?);
    let is_hidden = unlisted == ours && !context.hides_another(intent, children);
    let may_be_ours = |child: &&ChildOrganization| child.operations_allocated.map(i128::from) == Some(ours);
    let strange: i128 = strangers.iter().filter_map(|child| child.operations_allocated).map(i128::from).sum();
    let is_contradiction = ours > 0 && (is_hidden || strangers.iter().any(may_be_ours));
    let fell = unlisted + strange;
    i64::try_from(fell).ok().filter(|_| is_contradiction && fell >= ours)
}

/// Adds up what the pool and the children in a list have. By as much as that falls do children have that the list does not show:
/// what is moved between the pool and those that show adds up to nothing.
fn total(pool: i64, allocated: i64) -> i128 {
    i128::from(pool) + i128::from(allocated)
}

/// Returns what children have that the list does not show since an earlier look; nothing where a pool or an allocation is not known.
fn hidden(before: &Look, now: &Look) -> Option<i128> {
    let total = |look: &Look| Some(total(look.pool()?, look.children.allocated()?));
    Some(total(before)? - total(now)?)
}

/// Says whether the pool fell as if a child were there that the list does not show.
pub(super) fn pool_fell_for(intent: &Intent, before: &Look, now: &Look) -> bool {
    let ours = i128::from(intent.operations.get());
    ours > 0 && hidden(before, now).is_some_and(|hidden| hidden >= ours)
}

/// Says whether a list has a new child without a name or an allocation, which may be that of an intent.
pub(super) fn has_incomplete(intent: &Intent, children: &Children) -> bool {
    let is_new = |child: &ChildOrganization| !intent.ids_before.contains(&child.organization_id);
    children.rows.iter().any(|child| is_new(child) && child.is_incomplete())
}

/// Says whether a look proves that nothing came of an intent, although no list need show a new child at once.
///
/// The pool is the proof: it pays for a child when it is made. It proves nothing of a child without operations, where the token
/// may not read it, where somebody else has moved so much since the look before that a child of ours may be hidden in it, and
/// while a new child has the name. Blind it is to one thing: operations that are bought in between, exactly as many as ours.
pub(super) fn nothing_came(intent: &Intent, before: &Look, now: &Look) -> bool {
    let ours = i128::from(intent.operations.get());
    let key = NameKey::new(&intent.organization_name);
    let (mut moved, mut has_namesake) = (0_i128, false);
    for child in &now.children.rows {
        let had = before.children.find(child.organization_id);
        has_namesake |= had.is_none() && child.name_key().is_none_or(|name| name == key);
        let had = had.and_then(|child| child.operations_allocated).unwrap_or_default();
        // The pool may have been read before or after that. One that is not known leaves no sum below.
        moved += i128::from(child.operations_allocated.unwrap_or_default().saturating_sub(had).max(0));
    }
    now.children.is_complete && before.is_pool_after && !has_namesake && moved < ours && hidden(before, now) == Some(0)
}

/// Returns the other new children that fit, where the pool fell by another child of ours beside the one that was answered;
/// nothing where what changed otherwise explains it.
pub(super) fn doubled(
    intent: &Intent,
    id: OrganizationId,
    before: &Look,
    now: &Look,
    claims: &[Claim],
) -> Option<Vec<OrganizationId>> {
    let ours = i128::from(intent.operations.get());
    let is_listed = now.children.find(id).is_some();
    let unexplained = hidden(before, now)? - if is_listed { 0 } else { ours };
    let is_other = |child: &&ChildOrganization| {
        child.organization_id != id
            && !intent.ids_before.contains(&child.organization_id)
            && !claims.iter().any(|claim| claim.organization_id == child.organization_id)
            && fits(intent, child)
    };
    let others: Vec<_> = now.children.rows.iter().filter(is_other).map(|child| child.organization_id).collect();
    (!others.is_empty() || unexplained >= ours).then_some(others)
}

fn ids(children: &[&ChildOrganization]) -> Vec<OrganizationId> {
    children.iter().map(|child| child.organization_id).collect()
}

#[cfg(test)]
mod tests {
    use mms_types::samples::child;

    use super::*;
    use crate::write::journal::samples::intent;

    /// The two children from before, with 30,000 operations together, and others.
    fn complete(more: &[ChildOrganization]) -> Children {
        let mut rows = vec![child(101, "Sol", 20_000), child(102, "Luna", 10_000)];
        rows.extend_from_slice(more);
        Children { rows, is_complete: true, is_confirmed: true, requests: 1 }
    }

    /// The claim of an intent that became a child.
    fn claim(id: u64) -> Claim {
        let intent = intent("Mar");
        Claim::new(&intent, OrganizationId::new(id), intent.at)
    }

    fn judged(children: &Children, claimed: &[u64], pool: i64) -> Match {
        let claims: Vec<Claim> = claimed.iter().copied().map(claim).collect();
        find_match(&intent("Sol"), children, Context { claims: &claims, open: &[], pool: Some(pool) })
    }

    /// The same while an intent of another name is open.
    fn judged_beside(other: &str, children: &Children, pool: i64) -> Match {
        let open = [intent(other)];
        find_match(&intent("Sol"), children, Context { claims: &[], open: &open, pool: Some(pool) })
    }

    fn absence(matched: Match) -> Absence {
        match matched {
            Match::Absent(absence) => absence,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_new_child_that_fits_is_adopted_from_a_complete_list_alone() {
        let mut children = complete(&[child(124, "Sol", 20_000)]);
        assert_eq!(judged(&children, &[], 380_000), Match::One(Box::new(child(124, "Sol", 20_000))));
        children.is_complete = false;
        let absence = absence(judged(&children, &[], 380_000));
        assert_eq!((absence.hint, absence.list), (Some(OrganizationId::new(124)), List::Cut));
    }

    #[test]
    fn two_are_ambiguous_even_in_a_list_that_may_be_cut_and_a_claimed_one_does_not_count() {
        let mut children = complete(&[child(124, "Sol", 20_000), child(125, "Sol", 20_000)]);
        assert_eq!(judged(&children, &[124], 360_000), Match::One(Box::new(child(125, "Sol", 20_000))));
        children.is_complete = false;
        assert_eq!(judged(&children, &[], 360_000), Match::Several([124, 125].map(OrganizationId::new).to_vec()));
    }

    #[test]
    fn another_name_country_or_allocation_does_not_fit() {
        let elsewhere = ChildOrganization { country_id: Some(8.try_into().unwrap()), ..child(126, "Sol", 20_000) };
        let here = ChildOrganization { country_id: Some(7.try_into().unwrap()), ..child(127, "Sol", 20_000) };
        let others = [child(124, "sol", 20_000), child(125, "Sol", 10_000), elsewhere];
        let absence = absence(judged(&complete(&others), &[], 400_000));
        assert_eq!(absence.strangers, [124, 125, 126].map(OrganizationId::new));
        assert_eq!(judged(&complete(std::slice::from_ref(&here)), &[], 400_000), Match::One(Box::new(here)));
    }

    #[test]
    fn a_pool_that_fell_by_the_allocation_contradicts_an_absence() {
        assert_eq!(absence(judged(&complete(&[]), &[], 380_000)).missing, Some(20_000));
        for pool in [400_000, 390_000, 500_000] {
            assert_eq!(absence(judged(&complete(&[]), &[], pool)).missing, None, "{pool}");
        }
        let mut cut = complete(&[]);
        cut.is_complete = false;
        assert_eq!(absence(judged(&cut, &[], 380_000)).missing, None, "what is missing may be what was cut");
    }

    #[test]
    fn a_new_child_of_another_name_and_our_allocation_contradicts_it_too() {
        assert_eq!(absence(judged(&complete(&[child(124, "SOL", 20_000)]), &[], 380_000)).missing, Some(20_000));
        assert_eq!(absence(judged(&complete(&[child(124, "Mar", 50_000)]), &[], 350_000)).missing, None);
        assert_eq!(absence(judged(&complete(&[child(124, "Mar", 20_000)]), &[124], 380_000)).missing, None, "claimed");
        let luz = complete(&[child(124, "Luz", 20_000)]);
        assert_eq!(absence(judged_beside("Luz", &luz, 380_000)).missing, None, "awaited");
        assert_eq!(absence(judged_beside("Luz", &luz, 360_000)).missing, Some(20_000), "and one more");
    }

    #[test]
    fn a_pool_that_fell_for_another_child_of_ours_that_does_not_show_contradicts_nothing() {
        assert_eq!(absence(judged_beside("Luz", &complete(&[]), 380_000)).missing, None, "its answer was lost too");
        assert_eq!(absence(judged(&complete(&[]), &[124], 380_000)).missing, None, "the list lags behind the journal");
        let mut later = intent("Sol");
        later.at = (later.at.time() + std::time::Duration::from_secs(1)).into();
        let context = Context { claims: &[claim(99)], open: &[], pool: Some(380_000) };
        let matched = find_match(&later, &complete(&[]), context);
        assert_eq!(absence(matched).missing, Some(20_000), "what was known before the intent was paid before it");
    }

    #[test]
    fn operations_that_others_moved_between_pool_and_children_contradict_nothing() {
        let mut children = complete(&[]);
        children.rows[0].operations_allocated = Some(40_000);
        assert_eq!(absence(judged(&children, &[], 380_000)).missing, None);
    }

    #[test]
    fn a_new_child_without_its_name_or_allocation_is_neither_ours_nor_a_proof() {
        let nameless = ChildOrganization { organization_name: None, ..child(124, "", 20_000) };
        let without_allocation = ChildOrganization { operations_allocated: None, ..child(124, "Sol", 0) };
        for odd in [nameless, without_allocation] {
            let children = complete(&[odd]);
            let absence = absence(judged(&children, &[], 380_000));
            assert_eq!((absence.hint, &absence.strangers[..]), (None, &[OrganizationId::new(124)][..]));
            assert!(has_incomplete(&intent("Sol"), &children));
        }
        assert!(!has_incomplete(&intent("Sol"), &complete(&[child(124, "Mar", 20_000)])));
    }

    #[test]
    fn an_allocation_of_0_leaves_no_trace_in_the_pool() {
        let mut free = intent("Sol");
        free.operations = mms_types::Operations::default();
        let matched = find_match(&free, &complete(&[]), Context { pool: Some(400_000), ..Context::default() });
        assert_eq!(absence(matched).missing, None);
    }
}
