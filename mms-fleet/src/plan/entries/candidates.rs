//! Candidates for an entry that no child has the name of: children that somebody may have renamed in Make.

use std::cmp::Reverse;
use std::collections::HashMap;

use mms_types::{CountryId, NameKey, OrganizationId, RegionId};

use crate::observed::{KnownChild, Observed, ObservedChild};
use crate::plan::stop::{Candidate, StopKind};

/// Most candidates that a stop names.
const MOST: usize = 5;

/// A word that more children have than this says nothing about any of them, such as "group".
const MOST_OF_A_WORD: usize = 32;

/// What is known of a child, or asked for by an entry; nothing is no contradiction of anything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Facts {
    /// In lower case.
    owner: Option<String>,
    region: Option<RegionId>,
    country: Option<CountryId>,
}

/// The children that no entry is, as candidates. A child that still has the name under which this machine created it was not renamed,
/// and is none.
pub(super) struct Candidates<'a> {
    children: Vec<(&'a ObservedChild, Facts)>,
    /// By facts, each list sorted by id. An entry finds all that do not contradict it in eight of them.
    by_facts: HashMap<Facts, Vec<OrganizationId>>,
    by_word: HashMap<String, Vec<usize>>,
    /// What this machine created, by name.
    created: HashMap<NameKey, Vec<OrganizationId>>,
    /// Every child of the list.
    listed: HashMap<OrganizationId, Listed<'a>>,
}

/// What an entry asks about a child of the list.
struct Listed<'a> {
    name: Option<&'a str>,
    is_unclaimed: bool,
}

impl Facts {
    pub(super) fn new(owner: Option<&str>, region: Option<RegionId>, country: Option<CountryId>) -> Self {
        Self { owner: owner.map(str::to_lowercase), region, country }
    }

    fn contradicts(&self, other: &Self) -> bool {
        differ(self.owner.as_ref(), other.owner.as_ref())
            || differ(self.region.as_ref(), other.region.as_ref())
            || differ(self.country.as_ref(), other.country.as_ref())
    }

    fn is_whole(&self) -> bool {
        self.owner.is_some() && self.region.is_some() && self.country.is_some()
    }

    /// Returns every choice of the facts to be known: of whole facts, each is another.
    fn choices(&self) -> impl Iterator<Item = Self> + '_ {
        (0..8_u8).map(|choice| Self {
            owner: self.owner.clone().filter(|_| choice & 1 == 0),
            region: self.region.filter(|_| choice & 2 == 0),
            country: self.country.filter(|_| choice & 4 == 0),
        })
    }
}

fn differ<T: PartialEq>(left: Option<&T>, right: Option<&T>) -> bool {
    left.is_some() && right.is_some() && left != right
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
        let mut listed: HashMap<_, _> = observed
            .children
            .iter()
            .map(|child| (child.id, Listed { name: child.name.as_deref(), is_unclaimed: false }))
            .collect();
        let mut created: HashMap<NameKey, Vec<OrganizationId>> = HashMap::new();
        for known in &observed.known {
            created.entry(NameKey::new(&known.name)).or_default().push(known.id);
        }
        let (mut children, mut by_facts) = (Vec::new(), HashMap::<Facts, Vec<OrganizationId>>::new());
        let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
        for child in unclaimed {
            listed.insert(child.id, Listed { name: child.name.as_deref(), is_unclaimed: true });
            let known = known.get(&child.id);
            if known.is_some_and(|known| child.name.as_deref() == Some(known.name.as_str())) {
                continue;
            }
            let owner = known.and_then(|known| known.owner.as_deref());
            let facts = Facts::new(owner, known.and_then(|known| known.region), child.country);
            by_facts.entry(facts.clone()).or_default().push(child.id);
            for word in keys.get(&child.id).map(words).unwrap_or_default() {
                by_word.entry(word).or_default().push(children.len());
            }
            children.push((child, facts));
        }
        Self { children, by_facts, by_word, created, listed }
    }

    /// Returns why an entry may be a child that exists; nothing where nothing suggests it.
    pub(super) fn stop(&self, name: &NameKey, facts: &Facts) -> Option<StopKind> {
        let created = self.created.get(name).map_or(&[][..], Vec::as_slice);
        let mut renamed: Vec<_> = created.iter().copied().filter(|id| self.is_unclaimed(*id)).collect();
        renamed.sort_unstable();
        renamed.dedup();
        if !renamed.is_empty() {
            return Some(self.maybe(renamed, 0));
        }
        if let Some(id) = created.iter().copied().filter(|id| !self.listed.contains_key(id)).max() {
            return Some(StopKind::CreatedBefore { id });
        }
        let mut likely = self.with_a_word_of(name, facts);
        if !facts.is_whole() {
            return (!likely.is_empty()).then(|| self.maybe(likely, 0));
        }
        let groups: Vec<_> = facts.choices().filter_map(|facts| self.by_facts.get(&facts)).collect();
        let total: usize = groups.iter().map(|group| group.len()).sum();
        let mut rest: Vec<_> =
            groups.iter().flat_map(|group| group.iter().take(MOST + likely.len())).copied().collect();
        rest.sort_unstable();
        let missing = MOST.saturating_sub(likely.len());
        let more: Vec<_> = rest.into_iter().filter(|id| !likely.contains(id)).take(missing).collect();
        likely.extend(more);
        (total > 0).then(|| self.maybe(likely, total))
    }

    fn is_unclaimed(&self, id: OrganizationId) -> bool {
        self.listed.get(&id).is_some_and(|child| child.is_unclaimed)
    }

    fn maybe(&self, mut ids: Vec<OrganizationId>, total: usize) -> StopKind {
        let total = total.max(ids.len());
        ids.truncate(MOST);
        let others = (total - ids.len()) as u64;
        let candidate = |organization_id: OrganizationId| Candidate {
            organization_id,
            name: self.listed.get(&organization_id).and_then(|child| child.name).map(str::to_owned),
        };
        StopKind::MaybeRenamed { candidates: ids.into_iter().map(candidate).collect(), others }
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
