//! From what a person types - an id, a name or a code - to the one thing that is meant.

use mms_types::{ChildOrganization, Country, Region};

use crate::failure::Failure;
use crate::invocation::Invocation;

/// How many candidates an error names.
const SHOWN: usize = 5;

/// Something that a person can name.
pub(crate) trait Named {
    /// What it is, such as `region`.
    const NOUN: &'static str;
    /// The command that lists all of them.
    const LIST: &'static str;

    /// Returns the id.
    fn id(&self) -> u64;
    /// Returns the name.
    fn name(&self) -> &str;
    /// Returns what it is called besides its name.
    fn codes(&self) -> impl Iterator<Item = &str>;
}

impl Named for ChildOrganization {
    const NOUN: &'static str = "child organization";
    const LIST: &'static str = "child list";

    fn id(&self) -> u64 {
        self.organization_id.get()
    }

    fn name(&self) -> &str {
        &self.organization_name
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

impl Named for Region {
    const NOUN: &'static str = "region";
    const LIST: &'static str = "region list";

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

impl Named for Country {
    const NOUN: &'static str = "country";
    const LIST: &'static str = "country list";

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn codes(&self) -> impl Iterator<Item = &str> {
        self.code.as_deref().into_iter().chain(self.code2.as_deref())
    }
}

/// Finds what a text means: an id, else an exact name, else a name or code in any case.
pub(crate) fn resolve<'a, T: Named>(text: &str, all: &'a [T], invocation: &Invocation) -> Result<&'a T, Failure> {
    let by_id = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    if let Some(found) = by_id.and_then(|id: u64| all.iter().find(|item| item.id() == id)) {
        return Ok(found);
    }
    let lower = text.to_lowercase();
    let exact = all.iter().filter(|item| item.name() == text).collect();
    let in_any_case = || all.iter().filter(|item| spellings(*item).any(|name| name.to_lowercase() == lower)).collect();
    let found: Vec<&T> = Some(exact).filter(|found: &Vec<_>| !found.is_empty()).unwrap_or_else(in_any_case);
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(unknown(text, &lower, all, invocation)),
        several => Err(ambiguous(text, several)),
    }
}

fn spellings<T: Named>(item: &T) -> impl Iterator<Item = &str> {
    std::iter::once(item.name()).chain(item.codes())
}

fn ambiguous<T: Named>(text: &str, found: &[&T]) -> Failure {
    Failure::failed(format!("{} {text:?} is ambiguous: {}", T::NOUN, enumeration(found)))
        .hint("name the one that is meant by its id")
}

fn unknown<T: Named>(text: &str, lower: &str, all: &[T], invocation: &Invocation) -> Failure {
    let list = invocation.command(T::LIST);
    let failure = Failure::failed(format!("unknown {} {text:?}", T::NOUN));
    let nearest = nearest(lower, all);
    if nearest.is_empty() {
        return failure.hint(format!("{list} shows them all"));
    }
    failure.hint(format!("the nearest are {}; {list} shows them all", enumeration(&nearest)))
}

/// Returns what a mistyped text may mean, at most [`SHOWN`] of it, the most similar first.
fn nearest<'a, T: Named>(lower: &str, all: &'a [T]) -> Vec<&'a T> {
    let mut scored: Vec<_> = all.iter().map(|item| (similarity(lower, item), item)).collect();
    scored.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    scored.into_iter().take(SHOWN).map(|(_, item)| item).collect()
}

/// Says how much a name has in common with a text, from 0 (nothing) to 1 (the text is part of it).
fn similarity(lower: &str, item: &impl Named) -> f64 {
    let name = item.name().to_lowercase();
    if !lower.is_empty() && name.contains(lower) { 1.0 } else { strsim::jaro_winkler(lower, &name) }
}

/// Names things with their ids, at most [`SHOWN`] of them.
fn enumeration<T: Named>(items: &[&T]) -> String {
    let names: Vec<_> = items.iter().take(SHOWN).map(|item| format!("{} {:?}", item.id(), item.name())).collect();
    let rest = items.len().saturating_sub(SHOWN);
    let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    format!("{}{more}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use mms_types::{CountryId, RegionId};

    use super::*;

    fn find<'a, T: Named>(text: &str, all: &'a [T]) -> Result<&'a T, Failure> {
        resolve(text, all, &Invocation::default())
    }

    fn country(id: u64, name: &str, code: &str, code2: &str) -> Country {
        Country {
            id: CountryId::new(id),
            name: name.to_owned(),
            code: Some(code.to_owned()),
            code2: Some(code2.to_owned()),
        }
    }

    fn countries() -> Vec<Country> {
        vec![
            country(1, "Czechia", "CZE", "cz"),
            country(2, "Germany", "DEU", "de"),
            country(3, "Georgia", "GEO", "ge"),
            country(4, "Guernsey", "GGY", "gg"),
            country(5, "Japan", "JPN", "jp"),
            country(6, "Türkiye", "TUR", "tr"),
        ]
    }

    fn region(id: u64, name: &str) -> Region {
        Region { id: RegionId::new(id), name: name.to_owned() }
    }

    #[test]
    fn a_country_is_found_by_id_name_and_both_iso_codes_in_any_case() {
        for text in ["2", "Germany", "germany", "DEU", "deu", "DE", "de"] {
            assert_eq!(find(text, &countries()).unwrap().id.get(), 2, "{text}");
        }
        assert_eq!(find("TÜRKIYE", &countries()).unwrap().id.get(), 6);
    }

    #[test]
    fn an_unknown_country_names_the_nearest_first() {
        let failure = find("Germny", &countries()).unwrap_err();

        assert_eq!(failure.message(), r#"unknown country "Germny""#);
        assert!(failure.way_out().unwrap().starts_with(r#"the nearest are 2 "Germany""#), "{failure:?}");
    }

    #[test]
    fn a_text_like_none_of_them_gets_the_nearest_all_the_same() {
        let failure = find("Utopia", &countries()).unwrap_err();

        assert_eq!(failure.way_out().unwrap().matches(", ").count() + 1, SHOWN, "{failure:?}");
    }

    #[test]
    fn an_unknown_region_names_them_all_where_they_are_few() {
        let failure = find("Mars", &[region(1, "EU"), region(2, "US")]).unwrap_err();

        assert!(failure.way_out().unwrap().contains(r#"1 "EU", 2 "US""#), "{failure:?}");
    }

    #[test]
    fn digits_are_an_id_first_and_a_name_where_no_id_fits() {
        let regions = [region(1, "2"), region(2, "US"), region(3, "2026")];

        assert_eq!(find("2", &regions).unwrap().id.get(), 2);
        assert_eq!(find("2026", &regions).unwrap().id.get(), 3);
        assert!(find("99999999999999999999999", &regions).is_err());
    }

    #[test]
    fn an_exact_name_goes_before_one_in_another_case() {
        let regions = [region(1, "eu"), region(2, "EU")];

        assert_eq!(find("EU", &regions).unwrap().id.get(), 2);
    }

    #[test]
    fn an_ambiguous_name_lists_its_candidates_with_their_ids() {
        let failure = find("Eu", &[region(1, "eu"), region(2, "EU")]).unwrap_err();

        assert_eq!(failure.message(), r#"region "Eu" is ambiguous: 1 "eu", 2 "EU""#);
        assert!(failure.way_out().unwrap().contains("id"));
    }

    #[test]
    fn many_candidates_are_counted_and_not_all_listed() {
        let regions: Vec<_> = (1..=8).map(|id| region(id, "EU")).collect();

        assert!(find("EU", &regions).unwrap_err().message().ends_with("and 3 more"));
    }
}
