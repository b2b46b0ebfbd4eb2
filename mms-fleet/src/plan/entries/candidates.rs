//! Candidates for an entry that no child has the name of: children that somebody may have renamed in Make.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use mms_types::{NameKey, OrganizationId, RegionId};

use crate::fleet::child::Child;
use crate::observed::{KnownChild, Observed, ObservedChild};
use crate::plan::stop::{Candidate, StopKind};

/// Most candidates that a stop names.
const MOST: usize = 5;

/// A word that more children have than this says nothing about any of them, such as "group".
const MOST_OF_A_WORD: usize = 32;

/// What is known of a child, or asked for by an entry; nothing is no contradiction of anything.
///
/// A country is none of it: a wrong one in a file is drift, and no proof of another child.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Facts {
    /// In lower case.
    owner: Option<String>,
    region: Option<RegionId>,
}

/// The children that no entry is, as candidates. A child that still has the name under which this machine created it was not renamed,
/// and is none.
pub(super) struct Candidates<'a> {
    children: Vec<(&'a ObservedChild, Facts)>,
    /// By facts, each list sorted by id. They are few: no list shows any.
    by_facts: HashMap<Facts, Vec<OrganizationId>>,
    by_word: HashMap<String, Vec<usize>>,
}

impl Facts {
    pub(super) fn new(owner: Option<&str>, region: Option<RegionId>) -> Self {
        Self { owner: owner.map(str::to_lowercase), region }
    }

    fn contradicts(&self, other: &Self) -> bool {
        differ(self.owner.as_ref(), other.owner.as_ref()) || differ(self.region.as_ref(), other.region.as_ref())
    }
}

fn differ<T: PartialEq>(left: Option<&T>, right: Option<&T>) -> bool {
    left.is_some() && right.is_some() && left != right
}

/// Says whether an entry may be any child that contradicts nothing of it. One that lacks what a create needs is not created, so that
/// only a child with a word of its name is worth a question; one that is given up may be any.
fn may_be_any(child: &Child) -> bool {
    child.retired || (child.owner.is_some() && child.region.is_some())
}

impl<'a> Candidates<'a> {
    pub(super) fn new(
        observed: &'a Observed,
        unclaimed: &[&'a ObservedChild],
        keys: &HashMap<OrganizationId, NameKey>,
    ) -> Self {
        let known: HashMap<OrganizationId, &KnownChild> =
            observed.known.iter().map(|known| (known.id, known)).collect();
        let mut unclaimed = unclaimed.to_vec();
        unclaimed.sort_unstable_by_key(|child| child.id);
        let (mut children, mut by_facts) = (Vec::new(), HashMap::<Facts, Vec<OrganizationId>>::new());
        let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
        for child in unclaimed {
            let known = known.get(&child.id);
            if known.is_some_and(|known| child.name.as_deref() == Some(known.name.as_str())) {
                continue;
            }
            let facts = known.map(|known| Facts::new(known.owner.as_deref(), known.region)).unwrap_or_default();
            by_facts.entry(facts.clone()).or_default().push(child.id);
            for word in keys.get(&child.id).map(words).unwrap_or_default() {
                by_word.entry(word).or_default().push(children.len());
            }
            children.push((child, facts));
        }
        Self { children, by_facts, by_word }
    }

    /// Returns why an entry may be a child that exists; nothing where nothing suggests it.
    pub(super) fn stop(&self, child: &Child, key: &NameKey, facts: &Facts) -> Option<StopKind> {
        let mut likely = self.with_a_word_of(key, facts);
        let mut total = likely.len();
        if may_be_any(child) {
            let groups: Vec<_> = self.groups(facts).map(|(_, ids)| ids).collect();
            total = groups.iter().map(|group| group.len()).sum();
            let mut rest: Vec<_> =
                groups.iter().flat_map(|group| group.iter().take(MOST + likely.len())).copied().collect();
            rest.sort_unstable();
            let missing = MOST.saturating_sub(likely.len());
            let more: Vec<_> = rest.into_iter().filter(|id| !likely.contains(id)).take(missing).collect();
            likely.extend(more);
        }
        likely.truncate(MOST);
        let others = (total - likely.len()) as u64;
        let candidates: Vec<_> = likely.into_iter().map(|id| self.candidate(id)).collect();
        match candidates.is_empty() {
            true => None,
            false if child.retired => Some(StopKind::MaybeThere { candidates, others }),
            false => Some(StopKind::MaybeRenamed { candidates, others }),
        }
    }

    /// Calls `note` with every child that an entry may be, but for those of facts that are among `noted` already.
    pub(super) fn each(
        &self,
        child: &Child,
        key: &NameKey,
        facts: &Facts,
        noted: &mut HashSet<Facts>,
        mut note: impl FnMut(OrganizationId),
    ) {
        self.with_a_word_of(key, facts).into_iter().for_each(&mut note);
        if may_be_any(child) {
            for (facts, ids) in self.groups(facts) {
                if !noted.contains(facts) {
                    noted.insert(facts.clone());
                    ids.iter().copied().for_each(&mut note);
                }
            }
        }
    }

    /// Returns the children that contradict nothing, by what is known of them.
    fn groups(&self, facts: &Facts) -> impl Iterator<Item = (&Facts, &Vec<OrganizationId>)> {
        self.by_facts.iter().filter(|(known, _)| !known.contradicts(facts))
    }

    fn candidate(&self, organization_id: OrganizationId) -> Candidate {
        // They are sorted by id.
        let found = self.children.binary_search_by_key(&organization_id, |(child, _)| child.id);
        let child = found.ok().and_then(|index| self.children.get(index));
        Candidate { organization_id, name: child.and_then(|(child, _)| child.name.clone()) }
    }

    /// Returns the children that share a word that few have and contradict nothing, those that share the most words first.
    fn with_a_word_of(&self, name: &NameKey, facts: &Facts) -> Vec<OrganizationId> {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        let lists = words(name).into_iter().filter_map(|word| self.by_word.get(&word));
        for index in lists.filter(|list| list.len() <= MOST_OF_A_WORD).flatten() {
            *shared.entry(*index).or_default() += 1;
        }
        let mut likely: Vec<_> = shared
            .into_iter()
            .filter(|(index, _)| !self.children[*index].1.contradicts(facts))
            .map(|(index, words)| (Reverse(words), self.children[index].0.id))
            .collect();
        likely.sort_unstable();
        likely.into_iter().map(|(_, id)| id).collect()
    }
}

/// Returns the words of a name, each once.
fn words(name: &NameKey) -> Vec<String> {
    let words = name.as_str().split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<_> = words.map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}
