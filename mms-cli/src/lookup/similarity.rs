//! Similarity of names: the candidates for a name that is mistyped or shortened.

use mms_types::NameKey;

use super::named::Named;

/// Least similarity of a candidate: two letters mixed up or one left out, no more.
const SIMILAR: f64 = 0.88;

/// Similarity of a name that contains the text.
const CONTAINED: f64 = 0.99;

/// Returns the candidates for a name, the most similar first.
pub(super) fn nearest<'a, T: Named>(wanted: &NameKey, all: &'a [T]) -> Vec<&'a T> {
    let scored = all.iter().map(|item| (item.name().map_or(0.0, |name| similarity(wanted, name)), item));
    let mut scored: Vec<_> = scored.filter(|(similarity, _)| *similarity >= SIMILAR).collect();
    scored.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    scored.into_iter().map(|(_, item)| item).collect()
}

/// Returns the similarity of a name and the wanted one, from 0 (nothing in common) to 1 (the wanted one is its initials).
fn similarity(wanted: &NameKey, name: &str) -> f64 {
    let (wanted, initials, name) = (wanted.as_str(), initials(name), NameKey::new(name));
    if wanted.is_empty() {
        return 0.0;
    }
    if initials.as_str().starts_with(wanted) {
        return 1.0;
    }
    let name = name.as_str();
    if name.contains(wanted) {
        return CONTAINED;
    }
    std::iter::once(name).chain(words(name)).map(|part| strsim::jaro_winkler(wanted, part)).fold(0.0, f64::max)
}

/// Returns the first letters of the words that count, such as "uk" of "United Kingdom" and "uae" of "the United Arab
/// Emirates".
fn initials(name: &str) -> NameKey {
    let capitals: String =
        words(name).filter_map(|word| word.chars().next()).filter(|first| first.is_uppercase()).collect();
    NameKey::new(&capitals)
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}
