//! Resolution of what a person types, an id, a name or a code, to the one thing that is meant.

use mms_types::NameKey;

use super::named::{NO_NAME, Named};
use super::similarity::nearest;
use crate::invocation::Invocation;
use crate::output::failure::Failure;

/// Most candidates that an error names.
const MOST_CANDIDATES: usize = 5;

/// Finds what a text means: an id or an exact name, else a name or code that reads the same. Where it is one thing's id and
/// another's name, neither goes before the other.
///
/// With `id:` or `name:` before it, a text is only that. Neither hides a name: Make allows no colon in one.
pub(crate) fn resolve<'a, T: Named>(text: &str, all: &'a [T], invocation: &Invocation) -> Result<&'a T, Failure> {
    match matches(text, all).as_slice() {
        [one] => Ok(one),
        [] => Err(unknown(text, all, invocation)),
        several => Err(ambiguous(text, several)),
    }
}

/// Returns everything that a text may mean, by the rules of [`resolve`].
pub(super) fn matches<'a, T: Named>(text: &str, all: &'a [T]) -> Vec<&'a T> {
    let (by_id, by_name, wanted) = wanted(text);
    let is_exact = |item: &&T| (by_id && item.id().to_string() == wanted) || (by_name && item.name() == Some(wanted));
    let key = NameKey::new(wanted);
    let is_alike = |item: &&T| by_name && !key.is_empty() && spellings(*item).any(|name| NameKey::new(name) == key);
    let found: Vec<&T> = all.iter().filter(is_exact).collect();
    if found.is_empty() { all.iter().filter(is_alike).collect() } else { found }
}

/// Returns the things whose name begins with a text, or else those whose name contains it.
pub(super) fn part_of<'a, T: Named>(text: &str, all: &'a [T]) -> Vec<&'a T> {
    let (_, by_name, wanted) = wanted(text);
    let key = NameKey::new(wanted);
    if !by_name || key.is_empty() {
        return Vec::new();
    }
    let having = |fits: fn(&str, &str) -> bool| -> Vec<&'a T> {
        let is_meant = |item: &&T| item.name().is_some_and(|name| fits(NameKey::new(name).as_str(), key.as_str()));
        all.iter().filter(is_meant).collect()
    };
    let beginning = having(|name, key| name.starts_with(key));
    if beginning.is_empty() { having(|name, key| name.contains(key)) } else { beginning }
}

/// Returns whether a text may be an id, whether it may be a name, and the text without its prefix.
fn wanted(text: &str) -> (bool, bool, &str) {
    match text.split_once(':') {
        Some(("id", id)) => (true, false, id),
        Some(("name", name)) => (false, true, name),
        _ => (true, true, text),
    }
}

fn spellings<T: Named>(item: &T) -> impl Iterator<Item = &str> {
    item.name().into_iter().chain(item.codes())
}

pub(super) fn ambiguous<T: Named>(text: &str, found: &[&T]) -> Failure {
    let ids: Vec<_> = found.iter().take(MOST_CANDIDATES).map(|item| format!("id:{}", item.id())).collect();
    Failure::failed(format!("{} {text:?} is ambiguous: {}", T::NOUN, enumeration(found)))
        .hint(format!("name the one that is meant by its id: {}", ids.join(" or ")))
}

/// Refuses a part of a name where the whole one is needed. `having` are the things whose name has it.
pub(super) fn part_alone<T: Named>(text: &str, having: &[&T], invocation: &Invocation) -> Failure {
    let list = invocation.command(T::LIST);
    Failure::not_found(format!("unknown {} {text:?}", T::NOUN)).hint(format!(
        "a write takes an id or the whole name, which may be {}; {list} shows them all",
        enumeration(having)
    ))
}

fn unknown<T: Named>(text: &str, all: &[T], invocation: &Invocation) -> Failure {
    let list = invocation.command(T::LIST);
    let failure = Failure::not_found(format!("unknown {} {text:?}", T::NOUN));
    let mut nearest = nearest(&NameKey::new(wanted(text).2), all);
    nearest.truncate(MOST_CANDIDATES);
    if !nearest.is_empty() {
        let are = if nearest.len() == 1 { "is" } else { "are" };
        return failure.hint(format!("the nearest {are} {}; {list} shows them all", enumeration(&nearest)));
    }
    if (1..=MOST_CANDIDATES).contains(&all.len()) {
        let all: Vec<_> = all.iter().collect();
        return failure.hint(format!("the choice is {}; {list} shows them all", enumeration(&all)));
    }
    failure.hint(format!("{list} shows them all"))
}

/// Lists names with their ids, at most [`MOST_CANDIDATES`] of them.
fn enumeration<T: Named>(items: &[&T]) -> String {
    let name = |item: &T| item.name().map_or_else(|| NO_NAME.to_owned(), |name| format!("{name:?}"));
    let names: Vec<_> =
        items.iter().take(MOST_CANDIDATES).map(|item| format!("{} {}", item.id(), name(item))).collect();
    let rest = items.len().saturating_sub(MOST_CANDIDATES);
    let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    format!("{}{more}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use mms_types::{Country, CountryId, Region, RegionId};

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
        assert!(failure.hint_line().unwrap().starts_with(r#"the nearest is 2 "Germany""#), "{failure:?}");
    }

    #[test]
    fn a_text_like_none_of_many_gets_no_candidates() {
        let failure = find("Utopia", &countries()).unwrap_err();

        assert_eq!(failure.hint_line().unwrap(), "`mms country list` shows them all");
    }

    #[test]
    fn initials_and_words_of_a_name_make_it_a_candidate() {
        let countries = [
            country(1, "Ukraine", "UKR", "ua"),
            country(2, "United Kingdom of Great Britain and Northern Ireland (the)", "GBR", "gb"),
            country(3, "United Arab Emirates (the)", "ARE", "ae"),
            country(4, "Burkina Faso", "BFA", "bf"),
            country(5, "Japan", "JPN", "jp"),
            country(6, "Kenya", "KEN", "ke"),
        ];
        for (text, nearest) in [
            ("UK", r#"are 2 "United Kingdom of Great Britain and Northern Ireland (the)", 1 "Ukraine""#),
            ("uae", r#"is 3 "United Arab Emirates (the)""#),
            ("Emirats", r#"is 3 "United Arab Emirates (the)""#),
            ("burkina", r#"is 4 "Burkina Faso""#),
        ] {
            let failure = find(text, &countries).unwrap_err();
            assert!(failure.hint_line().unwrap().starts_with(&format!("the nearest {nearest};")), "{failure:?}");
        }
    }

    #[test]
    fn an_unknown_region_names_them_all_where_they_are_few() {
        let failure = find("Mars", &[region(1, "EU"), region(2, "US")]).unwrap_err();

        assert!(failure.hint_line().unwrap().starts_with(r#"the choice is 1 "EU", 2 "US";"#), "{failure:?}");
    }

    #[test]
    fn what_is_one_things_id_and_anothers_name_is_ambiguous() {
        let regions = [region(1, "2"), region(2, "US"), region(3, "3")];

        let failure = find("2", &regions).unwrap_err();

        assert_eq!(failure.message(), r#"region "2" is ambiguous: 1 "2", 2 "US""#);
        assert_eq!(failure.hint_line(), Some("name the one that is meant by its id: id:1 or id:2"));
        assert_eq!(find("id:1", &regions).unwrap().id.get(), 1);
        assert_eq!(find("id:2", &regions).unwrap().id.get(), 2);
        assert_eq!(find("name:2", &regions).unwrap().id.get(), 1);
        assert_eq!(find("3", &regions).unwrap().id.get(), 3);
    }

    #[test]
    fn only_an_id_as_it_is_written_is_an_id() {
        let regions = [region(2, "US"), region(3, "02"), region(4, "2026")];

        assert_eq!(find("02", &regions).unwrap().id.get(), 3);
        assert_eq!(find("2026", &regions).unwrap().id.get(), 4);
        for text in ["002", "+2", "id:02", "id:US", "name:4", "99999999999999999999999"] {
            assert!(find(text, &regions).is_err(), "{text}");
        }
    }

    #[test]
    fn an_id_goes_before_a_name_that_only_looks_like_it() {
        let regions = [region(2, "US"), region(3, "２")];

        assert_eq!(find("2", &regions).unwrap().id.get(), 2);
        assert_eq!(find("name:2", &regions).unwrap().id.get(), 3);
    }

    #[test]
    fn a_prefix_leaves_an_exact_name_before_one_that_reads_the_same() {
        let regions = [region(1, "eu"), region(2, "EU")];

        assert_eq!(find("name:EU", &regions).unwrap().id.get(), 2);
        assert!(find("name:Eu", &regions).is_err());
    }

    #[test]
    fn a_name_is_found_by_what_reads_the_same() {
        let regions = [region(1, "Straße\u{200b}  Ｏｎｅ"), region(2, "\u{200b}")];

        assert_eq!(find("STRASSE one", &regions).unwrap().id.get(), 1);
        assert!(find("", &regions).is_err());
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
        assert_eq!(failure.hint_line(), Some("name the one that is meant by its id: id:1 or id:2"));
    }

    #[test]
    fn many_candidates_are_counted_and_not_all_listed() {
        let regions: Vec<_> = (1..=8).map(|id| region(id, "EU")).collect();

        let failure = find("EU", &regions).unwrap_err();
        assert!(failure.message().ends_with("and 3 more"), "{failure:?}");
        assert!(failure.hint_line().unwrap().ends_with("id:5"), "{failure:?}");
    }
}
