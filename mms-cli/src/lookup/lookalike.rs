//! Children whose names look alike.

use mms_fleet::Appearance;
use mms_types::{ChildOrganization, NameKey};

/// Returns the children whose name looks like this one.
pub(crate) fn lookalikes<'a>(name: &str, all: &'a [ChildOrganization]) -> Vec<&'a ChildOrganization> {
    let Some(wanted) = appearance(name) else { return Vec::new() };
    let look = |child: &ChildOrganization| child.organization_name.as_deref().and_then(appearance);
    all.iter().filter(|child| look(child).as_ref() == Some(&wanted)).collect()
}

/// Returns what a name looks like; nothing where it has no letter or digit.
pub(crate) fn appearance(name: &str) -> Option<Appearance> {
    Appearance::of(&NameKey::new(name))
}

#[cfg(test)]
mod tests {
    use mms_types::samples;

    use super::*;

    #[test]
    fn a_child_of_a_name_that_looks_alike_is_found_and_a_name_without_letters_is_like_none() {
        let children = [samples::child(101, "Acme Bakery", 0), samples::child(102, "+", 0)];
        let ids =
            |name| lookalikes(name, &children).iter().map(|child| child.organization_id.get()).collect::<Vec<_>>();
        assert_eq!(ids("Acme-Bakery"), [101]);
        assert!(ids("-").is_empty());
    }
}
